"""What ODK Central says when it says no, in our words.

Its body is `{"message", "code", "details"?}`; the code has a whole and a fraction that are two names, not a number:
400.11 is not 400.1. OpenRosa answers are XML, those of a proxy in front of it are HTML. The words are in `central.toml`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from pimforms.servers.http import Answer, busy, refused
from pimforms.servers.trouble import UNREACHABLE, ServerTrouble
from pimforms.standards.data import table

LONGEST = 600
"""Characters of a server's own text that are shown."""

_NOISE = re.compile(
    r"^(ODK Validate Errors:|>> .*|Result: .*|The following files failed validation:|\$\{tmp\w*\}|Caused by:.*"
    r"|\.\.\. \d+ more|The XML is invalid\.)$"
)
_TAIL = re.compile(r"\s*(The XML is invalid\.|Bad node: \S+)$")
_OPENROSA = re.compile(r'<message nature="error">(.*?)</message>', re.DOTALL)


def code_of(answer: Answer) -> str:
    """The code in the answer, "400.16", or the HTTP status where there is none ("413")."""
    body = answer.json
    code = body.get("code") if isinstance(body, dict) else None
    return repr(code) if isinstance(code, (int, float)) and not isinstance(code, bool) else str(answer.status)


def trouble(answer: Answer, host: str, doing: str, **facts: str) -> ServerTrouble:
    """The trouble of an answer that is a no. `doing` is what we were doing ("publishing the form"); `facts` fill the words."""
    code = code_of(answer)
    words = table("central")["errors"].get(code)
    if words is None:
        return _unknown(answer, host, doing)
    filled = _Facts(_details(answer)) | {"doing": doing, "words": said(answer)} | facts
    return ServerTrouble(
        f"{host}: {words['happened'].format_map(_Facts(filled))}",
        words["do"].format_map(_Facts(filled)),
        status=answer.status,
        unsure=answer.status == 500,
    )


def said(answer: Answer) -> str:
    """What the server says about the form itself, shortened: `[row : 3] …` and `${name}` stay as they are."""
    body = answer.json
    if not isinstance(body, dict):
        found = _OPENROSA.search(answer.content.decode("utf-8", "replace"))
        return shortened(found.group(1)) if found else ""
    details = body.get("details")
    if isinstance(details, dict):
        if isinstance(details.get("error"), str):
            return shortened(details["error"])
        if isinstance(details.get("duplicateProperties"), list):
            pairs = [each for each in details["duplicateProperties"] if isinstance(each, dict)]
            return shortened(", ".join(f"{each.get('provided')} is {each.get('current')}" for each in pairs))
    return answer.words


def shortened(text: str) -> str:
    """The lines of pyxform or ODK Validate that say something, each once, on one line of at most LONGEST characters."""
    lines: list[str] = []
    for line in text.splitlines():
        kept = _TAIL.sub("", " ".join(line.split()).removeprefix(": "))
        if kept and not _NOISE.match(kept) and kept not in lines:
            lines.append(kept)
    whole = "".join(line + (" " if line[-1] in ".:!" else "; ") for line in lines).rstrip("; ")
    return whole if len(whole) <= LONGEST else whole[: LONGEST - 1] + "…"


def odd(answer: Answer, host: str) -> ServerTrouble:
    """The trouble of an answer that is not one: JSON that broke off, or a page where data should be."""
    if "json" in answer.headers.get("Content-Type", ""):
        return ServerTrouble(
            f"the answer of {host} broke off",
            "run the same command again: nothing is sent twice",
            code=UNREACHABLE,
            status=answer.status,
        )
    return not_central(host, answer.status)


def not_central(host: str, status: int) -> ServerTrouble:
    """The trouble of a server of another kind, or of a page that a network puts in front of every server."""
    return ServerTrouble(
        f"{host} does not answer like ODK Central",
        "check the address of the server, and whether your network asks you to sign in first",
        status=status,
    )


def _unknown(answer: Answer, host: str, doing: str) -> ServerTrouble:
    waiting = busy(answer, host)
    if waiting is not None:
        return waiting
    if answer.json is None and "json" in answer.headers.get("Content-Type", ""):
        return odd(answer, host)
    if answer.json is None and not said(answer) and answer.status != 401:
        return ServerTrouble(
            f"something in front of {host} said no ({answer.status}) while {doing}",
            "run the same command again; if it says so again, tell who runs the server",
            status=answer.status,
            unsure=answer.status >= 500,
        )
    return refused(replace(answer, words=said(answer)), host, doing)


def _details(answer: Answer) -> dict[str, Any]:
    body = answer.json
    details = body.get("details") if isinstance(body, dict) else None
    return dict(details) if isinstance(details, Mapping) else {}


class _Facts(dict[str, Any]):
    """What fills the words; what the server did not tell is left open."""

    def __missing__(self, name: str) -> str:
        return "?"
