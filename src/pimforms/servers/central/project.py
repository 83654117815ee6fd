"""Signing in, and finding the project by its number or its name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pimforms.servers.central import errors
from pimforms.servers.central.api import Api
from pimforms.servers.secret import Secret
from pimforms.servers.trouble import ServerTrouble
from pimforms.standards.data import table

_SHOWN = 10


def bearer(secret: Secret) -> str:
    """The Authorization header of a session. A bearer token needs no CSRF token."""
    return f"Bearer {secret.value}"


def sign_in(api: Api, username: str, password: Secret) -> None:
    """A session of our own, by email and password. Raises ServerTrouble, also if the server has single sign-on only."""
    host = api.http.host
    answer = api.open_session(username, password.value)
    code = errors.code_of(answer)
    if code == "401.2":
        raise ServerTrouble(
            f"{host} does not know this email address with this password",
            "give them anew: pimforms servers add",
            status=401,
        )
    if code == "404.1":
        words = table("central")["errors"]["401.5"]
        raise ServerTrouble(f"{host}: {words['happened']}", words["do"], status=404)
    if not answer.ok:
        if answer.status in (404, 405):
            raise errors.not_central(host, answer.status)
        raise errors.trouble(answer, host, "signing in")
    body = answer.json
    if not isinstance(body, dict) or not isinstance(body.get("token"), str):
        raise errors.odd(answer, host)
    api.http.authorize(Secret(body["token"]), bearer)


def find_project(api: Api, project: str) -> Mapping[str, Any]:
    """The project by number or name, and sets it in `api`. A name that stands for two is trouble with both."""
    name = project.strip()
    if name.isascii() and name.isdigit():
        return _settled(api, int(name))
    listed = api.projects()
    named = [each for each in listed if each.get("name") == name]
    if not named:
        named = [each for each in listed if str(each.get("name")).casefold() == name.casefold()]
    if len(named) == 1:
        return _settled(api, int(named[0]["id"]))
    if named:
        both = " and ".join(str(each["id"]) for each in named)
        raise ServerTrouble(
            f"{len(named)} projects on {api.http.host} are called `{name}`: {both}",
            "give the number of the one you mean",
        )
    there = ", ".join(f"{each.get('name')} ({each['id']})" for each in listed[:_SHOWN]) or "none"
    raise ServerTrouble(
        f"this login sees no project `{name}` on {api.http.host}; it sees: {there}",
        "correct the name or give its number, or ask for the role Project Manager in it",
    )


def _settled(api: Api, number: int) -> Mapping[str, Any]:
    try:
        found = api.the_project(number)
    except ServerTrouble as trouble:
        if trouble.status not in (403, 404):
            raise
        raise ServerTrouble(
            f"this login sees no project {number} on {api.http.host}",
            "correct the number, or ask for the role Project Manager in it",
            status=trouble.status,
        ) from None
    api.project = number
    return found
