"""One mistake, one message: what would follow from an item that should not be there is said once that is settled."""

from __future__ import annotations

from collections.abc import Sequence

from pimforms.diagnostics import Diagnostic

# Errors that say: this should not stand here. While one is open, what its item brings with it is not said: a name without
# a reason makes a record SEVERE, which asks for a key and a shorter time of keeping.
FOLLOWS = {
    "PIM306": ("PIM202", "PIM317", "PIM502", "PIM506"),
    "PIM203": ("PIM202",),
    "PIM204": ("PIM202",),
    "PIM213": ("PIM202",),
    "PIM510": ("PIM202",),
}


def without_consequences(found: Sequence[Diagnostic]) -> list[Diagnostic]:
    """The diagnostics without those that only follow from another error among them."""
    open_errors = {diagnostic.code for diagnostic in found if diagnostic.is_error}
    silent = {code for cause in FOLLOWS.keys() & open_errors for code in FOLLOWS[cause]}
    return [diagnostic for diagnostic in found if diagnostic.code not in silent]
