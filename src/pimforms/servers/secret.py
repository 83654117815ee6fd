"""A secret that cannot be shown by mistake."""

from __future__ import annotations

from dataclasses import dataclass, field

HIDDEN = "•••"


@dataclass(frozen=True, slots=True)
class Secret:
    """A token or a password. Printing it, in a message or in a traceback, prints dots."""

    value: str = field(repr=False)

    def __str__(self) -> str:
        return HIDDEN

    def taken_out(self, text: str) -> str:
        """The text without the secret, should a server have sent it back."""
        return text.replace(self.value, HIDDEN) if self.value else text
