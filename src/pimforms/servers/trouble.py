"""What can go wrong between here and a server, in words for people and with the number that the command ends with."""

from __future__ import annotations

REFUSED = 3
"""The server refused, or failed at what it was asked."""

UNREACHABLE = 4
"""The server was not reached, or stopped answering."""


class ServerTrouble(Exception):
    """A server said no, or nothing. Never holds a secret, and never a whole page of HTML.

    `message` says what happened, `fix` what to do, `code` is the number to end with. `status` is the HTTP status, if
    there was an answer. `unsure` is true if a request that changes something may or may not have been carried out.
    """

    def __init__(
        self, message: str, fix: str, *, code: int = REFUSED, status: int | None = None, unsure: bool = False
    ) -> None:
        super().__init__(message)
        self.message = message
        self.fix = fix
        self.code = code
        self.status = status
        self.unsure = unsure
