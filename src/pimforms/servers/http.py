"""Requests to one server: https only, no redirects, one secret, time limits; what is not an answer becomes ServerTrouble.

Only what changes nothing (GET) is ever repeated here. A POST that got no answer is `unsure`: who sent it looks at the
server again before sending anything twice.
"""

from __future__ import annotations

import ipaddress
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter
from urllib3.util.retry import Retry

from pimforms import __version__
from pimforms.servers.secret import Secret
from pimforms.servers.trouble import REFUSED, UNREACHABLE, ServerTrouble

CONNECT_SECONDS = 10.0
ANSWER_SECONDS = 60.0
"""How long a usual answer may take. Deploying a large form takes longer: its caller says how long."""

TRIES = 4
"""How often something is asked that changes nothing."""

LONGEST_WAIT = 120
"""Seconds: a server that asks for more patience than this (Retry-After) is told off to the user instead."""

BUSY = (429, 502, 503, 504)
_HOST = re.compile(r"(?:[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?|\[[0-9a-f:.]+\])(?::[0-9]{1,5})?", re.IGNORECASE | re.ASCII)
"""What a host may look like. Letters that only look alike, and signs that two readers of an address take differently, would
send a login to another host than the one it is kept for."""

_MOVED = (301, 302, 303, 307, 308)
_SHOWN = 300


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back. `words` is what the server says in its own message, if it has one; never a page of HTML."""

    status: int
    headers: Mapping[str, str]
    content: bytes
    words: str = ""

    @property
    def ok(self) -> bool:
        return 200 <= self.status < 300

    @property
    def json(self) -> Any:
        """The parsed body, None if it is not JSON."""
        try:
            return json.loads(self.content)
        except ValueError:
            return None


def checked_address(address: str) -> str:
    """The address without a slash at its end. Raises ServerTrouble unless it is https, or http on this computer."""
    if "@" in address.partition("?")[0]:  # looked for first, so that a login in it is never shown
        raise ServerTrouble("the address of the server holds a login", "take it out: pimforms servers add asks for it")
    try:
        parts = urlsplit(address.strip())
        readable = parts.scheme in ("http", "https") and bool(parts.hostname) and bool(_HOST.fullmatch(parts.netloc))
    except ValueError:
        readable = False
    if not readable or parts.hostname is None:
        raise ServerTrouble(
            f"`{address}` is not the address of a server",
            "write it like https://eu.kobotoolbox.org, with plain letters a to z only",
        )
    if parts.scheme == "http" and not is_loopback(parts.hostname):
        raise ServerTrouble(
            f"{parts.hostname} would be reached without encryption", f"write https://{parts.netloc}{parts.path}"
        )
    return f"{parts.scheme}://{parts.netloc}{parts.path.rstrip('/')}"


def is_loopback(host: str) -> bool:
    """Whether a host is this computer."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


class Http:
    """Requests to `address` with one secret in one header.

    `authorization` is the value of the Authorization header, made from a secret that appears nowhere else.
    """

    def __init__(
        self, address: str, secret: Secret, authorization: Callable[[Secret], str] | None, *, backoff: float = 1.0
    ) -> None:
        self.address = checked_address(address)
        self.host = urlsplit(self.address).netloc
        self._secret = secret
        self._authorization = authorization
        self._session = requests.Session()
        if is_loopback(urlsplit(self.address).hostname or ""):
            self._session.trust_env = False  # a proxy would carry the login away from this computer, without encryption
        self._session.headers["User-Agent"] = f"pimforms/{__version__}"
        self._session.headers["Accept"] = "application/json"
        patient = _Patient(
            total=TRIES - 1,
            read=1,
            allowed_methods=("GET", "HEAD"),
            status_forcelist=BUSY,
            backoff_factor=backoff,
            backoff_jitter=backoff / 4,
            raise_on_status=False,
            redirect=False,
        )
        self._session.mount("https://", HTTPAdapter(max_retries=patient))
        self._session.mount("http://", HTTPAdapter(max_retries=patient))

    def close(self) -> None:
        self._session.close()

    def authorize(self, secret: Secret, authorization: Callable[[Secret], str]) -> None:
        """From now on with another secret: a session token in place of a password."""
        self._secret, self._authorization = secret, authorization

    def shown(self, text: str) -> str:
        """What a server says in the body of a good answer, as it may be shown: in one line, and without the secret."""
        return self._secret.taken_out(" ".join(text.split()))[:_SHOWN]

    def get(
        self, path: str, *, params: Mapping[str, str] | None = None, headers: Mapping[str, str] | None = None
    ) -> Answer:
        """Asks, and asks again if the answer broke off. JSON that broke off counts as that, too."""
        try:
            answer = self._once("GET", path, ANSWER_SECONDS, params=params, headers=headers)
            if not (answer.ok and _is_json(answer) and answer.json is None):
                return answer
        except ServerTrouble as trouble:
            if not trouble.unsure:
                raise
        try:
            return self._once("GET", path, ANSWER_SECONDS, params=params, headers=headers)
        except ServerTrouble as trouble:  # asking changes nothing, so nothing is unsure
            raise ServerTrouble(trouble.message, trouble.fix, code=trouble.code, status=trouble.status) from None

    def file(self, path: str) -> Answer:
        """A file that the server may keep with another provider: then from there, without the login, which stays here.

        Raises ServerTrouble with the status of the redirect if the other provider does not give it.
        """
        try:
            return self.get(path)
        except ServerTrouble as trouble:
            if trouble.status not in _MOVED:
                raise
            moved = trouble
        where = self._once("GET", path, ANSWER_SECONDS, moved=True).headers.get("Location", "")
        try:
            safe = urlsplit(where).scheme == "https" or all(
                is_loopback(urlsplit(each).hostname or "") for each in (where, self.address)
            )
            if not safe:
                raise moved
            with requests.Session() as stranger:  # the address holds a key of its own: it is not shown either
                response = stranger.get(
                    where,
                    timeout=(CONNECT_SECONDS, ANSWER_SECONDS),
                    allow_redirects=False,
                    auth=lambda request: request,
                )
        except (requests.RequestException, ValueError):
            raise moved from None
        if response.status_code != 200:
            raise moved
        return Answer(200, response.headers, response.content)

    def send(
        self,
        method: str,
        path: str,
        *,
        seconds: float = ANSWER_SECONDS,
        params: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
        json: Any = None,
        data: Mapping[str, str] | bytes | None = None,
        files: Mapping[str, tuple[str, bytes, str]] | None = None,
    ) -> Answer:
        """Sends something that changes the server, once. Raises ServerTrouble with `unsure` if no answer came."""
        return self._once(method, path, seconds, params=params, headers=headers, json=json, data=data, files=files)

    def _once(self, method: str, path: str, seconds: float, *, moved: bool = False, **more: Any) -> Answer:
        if not path.startswith("/") or path.startswith("//"):
            raise ValueError("a path of the server begins with one slash")
        try:
            response = self._session.request(
                method,
                self.address + path,
                timeout=(CONNECT_SECONDS, seconds),
                allow_redirects=False,
                auth=self._sign,
                **more,
            )
        except requests.RequestException as error:
            raise self._not_reached(error) from None
        answer = Answer(response.status_code, response.headers, response.content, _words(response, self._secret))
        if answer.status in _MOVED and not moved:
            raise self._moved(answer)
        return answer

    def _sign(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        # Given as `auth`, so that no ~/.netrc puts another login in its place.
        if self._authorization is not None:
            if not (self._secret.value.isascii() and self._secret.value.isprintable()):
                raise ServerTrouble(
                    f"the login for {self.host} holds a sign that no login has",
                    "copy it once more, without signs before or behind it: pimforms servers add",
                )
            request.headers["Authorization"] = self._authorization(self._secret)
        return request

    def _moved(self, answer: Answer) -> ServerTrouble:
        where = urlsplit(answer.headers.get("Location", ""))
        if where.netloc and where.netloc != self.host:
            return ServerTrouble(
                f"{self.host} sends us on to {where.netloc}; your login was not sent there",
                f"if you know that server, write its address: pimforms servers add NAME --url https://{where.netloc}",
                status=answer.status,
            )
        return ServerTrouble(
            f"{self.host} sends us on to another page in place of an answer",
            "check the address of the server: it is the one before the first single slash in your browser",
            status=answer.status,
        )

    def _not_reached(self, error: requests.RequestException) -> ServerTrouble:
        host, again = self.host, "check your connection, then run the same command again: nothing is sent twice"
        unsure = True
        if isinstance(error, requests.exceptions.SSLError):
            unsure = False
            said = f"the certificate of {host} is not accepted"
            again = "check the address and the date of this computer; ask your IT about a proxy. It is never switched off here"
        elif isinstance(error, (requests.exceptions.ConnectTimeout, requests.exceptions.ProxyError)):
            unsure = False
            said = f"{host} was not reached"
        elif isinstance(error, requests.exceptions.RetryError):
            unsure = False
            said = f"{host} is too busy"
        elif isinstance(error, requests.exceptions.Timeout):
            said = f"{host} took too long to answer"
        elif isinstance(error, requests.exceptions.ConnectionError) and _never_connected(error):
            unsure = False
            said = f"{host} was not reached"
        elif isinstance(error, (requests.exceptions.InvalidURL, requests.exceptions.InvalidSchema)):
            unsure = False
            said = f"`{self.address}` is not the address of a server"
            again = "correct it: pimforms servers list"
        else:
            said = f"the connection to {host} broke off"
        return ServerTrouble(said, again, code=UNREACHABLE, unsure=unsure)


class _Patient(Retry):
    """A Retry that does not wait for hours because a server says so."""

    def get_retry_after(self, response: Any) -> float | None:
        wait = super().get_retry_after(response)
        return None if wait is None else min(wait, LONGEST_WAIT)


def busy(answer: Answer, host: str) -> ServerTrouble | None:
    """The trouble of a server that is busy or behind a broken gateway; None for any other answer."""
    if answer.status not in BUSY:
        return None
    wait = answer.headers.get("Retry-After", "")
    when = f" in {wait} seconds" if wait.isdigit() else " in some minutes"
    return ServerTrouble(
        f"{host} is busy or being repaired (answer {answer.status})",
        f"run the same command again{when}: nothing is sent twice",
        code=UNREACHABLE,
        status=answer.status,
        unsure=answer.status != 429,
    )


def refused(answer: Answer, host: str, doing: str, fix: str = "") -> ServerTrouble:
    """The trouble of an answer that is a no: what we were doing, what the server says, and what to do."""
    trouble = busy(answer, host)
    if trouble is not None:
        return trouble
    if answer.status == 401:
        return ServerTrouble(
            f"{host} does not accept the login", "give it anew: pimforms servers add", code=REFUSED, status=401
        )
    if answer.status == 403:
        return ServerTrouble(
            f"{host} does not allow this login to do that: {doing}",
            fix or "ask who manages the project to give you the right to manage it",
            status=403,
        )
    says = f": {answer.words}" if answer.words else ""
    if answer.status >= 500:
        return ServerTrouble(
            f"{host} failed ({answer.status}) while {doing}{says}",
            fix or "run the same command again; if it fails again, tell who runs the server",
            status=answer.status,
            unsure=True,
        )
    return ServerTrouble(
        f"{host} said no ({answer.status}) while {doing}{says}",
        fix or "read what the server says, then run the same command again",
        status=answer.status,
    )


def _never_connected(error: requests.exceptions.ConnectionError) -> bool:
    """Whether the connection was never made, so that nothing can have been sent."""
    from urllib3.exceptions import MaxRetryError, NameResolutionError, NewConnectionError

    cause = error.args[0] if error.args else None
    reason = cause.reason if isinstance(cause, MaxRetryError) else cause
    return isinstance(reason, (NewConnectionError, NameResolutionError))


def _is_json(answer: Answer) -> bool:
    return "json" in answer.headers.get("Content-Type", "")


def _words(response: requests.Response, secret: Secret) -> str:
    """The message in an error body: `detail` or `error` of KoboToolbox, `message` of ODK Central; nothing for HTML."""
    if response.ok or "json" not in response.headers.get("Content-Type", ""):
        return ""
    try:
        body = response.json()
    except ValueError:
        return ""
    return secret.taken_out(" ".join(_said(body).split()))[:_SHOWN]


def _said(body: Any) -> str:
    if isinstance(body, str):
        return body
    if isinstance(body, list):
        return "; ".join(filter(None, (_said(part) for part in body)))
    if isinstance(body, dict):
        for key in ("message", "detail", "error"):
            if isinstance(body.get(key), str):
                return str(body[key])
        return "; ".join(f"{key}: {_said(value)}" for key, value in body.items() if _said(value))
    return ""
