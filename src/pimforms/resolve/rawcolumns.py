"""Columns that an author writes as they are: what may not be written so, and the warning about the rest."""

from __future__ import annotations

import re

from pimforms.diagnostics import Diagnostic
from pimforms.resolve import messages, messages_quiet
from pimforms.source import Place

# Columns that carry consent, checks and tags, without blanks and capitals, and what is written in place of them.
_OWN_COLUMNS = {
    **dict.fromkeys(("relevant", "relevance", "bind::relevant"), "write `when …`"),
    **dict.fromkeys(("calculation", "calculate", "bind::calculate"), "write `calculate NAME = …`"),
    **dict.fromkeys(("required", "bind::required"), "write `optional`, or nothing"),
    **dict.fromkeys(("type", "bind::type", "name", "value", "tag", "command"), "write it behind `ask`"),
    "trigger": "take it out",
    "purpose": "write `for PURPOSE`",
    "sensitivity": "write `sensitivity LEVEL`",
    "disaggregation": "write `by CONCEPT`",
    "hxl": 'write `hxl "#…"`',
}
# Prefixes that every XForm declares by itself.
_PREFIXES = ("jr", "odk", "orx", "ev", "xsd", "h")


def check_raw(column: str, place: Place) -> Diagnostic:
    """What is said about a raw column: refused, not well-formed, or not checked."""
    # pyxform reads columns without regard to capitals and blanks, and one colon as two.
    instead = _OWN_COLUMNS.get(re.sub(":+", "::", "".join(column.lower().split())))
    if instead is not None:
        return messages_quiet.raw_column_refused(place, column, instead)
    attribute = column.rsplit("::", 1)[-1]
    prefix = attribute.split(":", 1)[0]
    if "::" in column and ":" in attribute and prefix not in _PREFIXES:
        return messages_quiet.undeclared_prefix(place, column, prefix, _PREFIXES)
    return messages.raw_column(place, column)
