"""One row of what a form demands of a server: demanded, found, and whether that fits."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from pimforms.diagnostics import Diagnostic, Severity, rule_of
from pimforms.record import record
from pimforms.source import Place

SECURITY = "PIM principle 5, Data protection and security"


@record
class Verdict:
    """One row of the table. `fits` is None where the server does not tell. `said` is what is wrong, if something is."""

    what: str
    demanded: str
    found: str
    fits: bool | None = True
    said: Diagnostic | None = None
    waived: bool = False

    @property
    def word(self) -> str:
        """The verdict in one word."""
        if self.waived:
            return "waived"
        if self.fits is False and self.said is not None and not self.said.is_error:
            return "warning"
        return {True: "ok", False: "refused", None: "not known"}[self.fits]


def allows(demanded: bool) -> str:
    return "allowed" if demanded else "no"


def yes(found: bool | None) -> str:
    return {True: "yes", False: "no", None: "the server does not tell"}[found]


def about(
    home: Callable[..., Iterator[Verdict]],
    message: str,
    place: Place,
    why: str,
    fix: str,
    *,
    severity: Severity | None = None,
) -> Diagnostic:
    return Diagnostic(rule_of(home), message, place, why, fix, severity=severity)
