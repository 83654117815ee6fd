"""One mistake, one message: what would follow from an item that should not be there is said once that is settled."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from pimforms.diagnostics import Diagnostic
from pimforms.model.form import Form
from pimforms.source import Place

# Errors that say: this should not stand here. While one is open, what its item brings with it is not said: a name without
# a reason makes a record SEVERE, which asks for a key and a shorter time of keeping.
FOLLOWS = {
    "PIM306": ("PIM202", "PIM317", "PIM502", "PIM506"),
    "PIM203": ("PIM202",),
    "PIM204": ("PIM202",),
    "PIM213": ("PIM202",),
    "PIM510": ("PIM202",),
}
# What may not be asked here at all, unless this is waived, needs no reason first: the reason would be written for nothing.
INSTEAD = {"PIM513": "PIM306"}


def without_consequences(form: Form, found: Sequence[Diagnostic]) -> list[Diagnostic]:
    """The diagnostics without those that only follow from another error among them, or from a line that did not parse."""
    open_errors = {diagnostic.code for diagnostic in found if diagnostic.is_error}
    silent = {code for cause in FOLLOWS.keys() & open_errors for code in FOLLOWS[cause]}
    waived = INSTEAD.keys() if form.facts.draft else {waiver.code for waiver in form.waivers}
    said = {(INSTEAD[each.code], each.place) for each in found if each.code in INSTEAD.keys() - waived}
    return [
        diagnostic
        for diagnostic in found
        if diagnostic.code not in silent
        and (diagnostic.code, diagnostic.place) not in said
        and not _stands_there(diagnostic, form.unread)
    ]


def _stands_there(diagnostic: Diagnostic, unread: Mapping[Place, tuple[str, ...]]) -> bool:
    """Whether the line that the fix adds stands there already, and did not parse."""
    words = unread.get(diagnostic.place, ())
    return any(re.search(rf"(?:^|[ `\n]){re.escape(word)} ", diagnostic.fix) for word in words)
