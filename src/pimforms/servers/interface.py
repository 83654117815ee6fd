"""The one interface behind which KoboToolbox and ODK Central stand.

`push` may be repeated after anything: a cut, a timeout, an error. It looks at the server first and does only what is
still missing, so nothing is published twice and nothing is lost.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from pimforms.model.server import Found, Holder, Login
from pimforms.servers.package import Package

__all__ = ["Found", "Holder", "Live", "Login", "Outcome", "Say", "Server"]

Say = Callable[[str], None]
"""Progress: one short sentence a step, as it begins."""


@dataclass(frozen=True, slots=True)
class Live:
    """A form as a server has it.

    `handle` is the server's own name for it: the uid of a KoboToolbox project, the form id on ODK Central. `version` is
    the live version as the server calls it, None if none is live. `sha256` is that of the package that was pushed last
    and is live, if pimforms pushed it and nobody changed it since; `draft_sha256` that of a draft that is not live.
    `touched` says in a sentence what somebody changed outside pimforms since then, if that can be told. `records` counts
    the submissions. `url` is where a person looks at it.
    """

    handle: str
    form_id: str
    title: str
    version: str | None
    records: int = 0
    sha256: str | None = None
    draft_sha256: str | None = None
    touched: str | None = None
    media: Mapping[str, str] = field(default_factory=dict)
    url: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a push ended. `did` are the steps that changed something, in order; none: there was nothing to do.

    `live` is what is there afterwards. `warnings` are the server's own, in our words.
    """

    live: Live
    did: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()


class Server(Protocol):
    """A server for one login. Every method raises ServerTrouble, and nothing else, when something is wrong."""

    kind: str

    def login(self) -> Login:
        """Checks the secret, and that this is the kind of server it is taken for."""
        ...

    def find(self, form_id: str) -> Live | None:
        """The form with this id, None if it is not there. More than one is trouble, said with all of them."""
        ...

    def workbook(self, live: Live) -> bytes:
        """The .xlsx of what is live (of the draft if nothing is), without what the server adds."""
        ...

    def found(self, live: Live | None) -> Found:
        """What the server has for this form; for None what a new form would get."""
        ...

    def push(self, package: Package, live: Live | None, say: Say) -> Outcome:
        """Brings the server to what `package` is, and checks that it got there."""
        ...

    def would(self, package: Package, live: Live | None) -> tuple[str, ...]:
        """What `push` would do now, each step in words that follow "would"; none if there is nothing to do.

        Changes nothing. Raises ServerTrouble where `push` would refuse before it sends anything.
        """
        ...

    def differences(self, package: Package, live: Live) -> tuple[str, ...]:
        """Where what is live is not `package`, each in a sentence; none if it is the same."""
        ...

    def close(self) -> None:
        """Ends what was begun, such as a session. Never raises."""
        ...
