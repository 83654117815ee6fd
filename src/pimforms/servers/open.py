"""From a server's entry and its secret to the client that speaks with it."""

from __future__ import annotations

from collections.abc import Iterable

from pimforms.servers.config import ServerEntry, wrong
from pimforms.servers.interface import Server
from pimforms.servers.safe import find_secret, variable_for
from pimforms.servers.secret import Secret


def open_server(
    entry: ServerEntry, *, project: str | None = None, accept: Iterable[str] = (), secret: Secret | None = None
) -> Server:
    """The client for a server. `accept` are the kinds of warning of ODK Central that its user has read and accepts.

    Raises ServerTrouble if there is no secret.
    """
    secret = secret or find_secret(entry)
    if secret is None:
        raise wrong(
            f"there is no login for {entry.host}",
            f"pimforms servers add {entry.name}; in CI, set the variable {variable_for(entry)}",
        )
    where = project or entry.project
    if entry.kind == "kobo":
        from pimforms.servers.kobo.server import KoboServer

        return KoboServer(entry.url, secret, project=where)
    from pimforms.servers.central.server import CentralServer

    return CentralServer(entry.url, secret, username=entry.username, project=where, accept=frozenset(accept))
