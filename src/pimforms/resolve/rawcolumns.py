"""Columns that an author writes as they are: what may not be written so, and the warning about the rest."""

from __future__ import annotations

import re

from pimforms.diagnostics import Diagnostic
from pimforms.resolve import messages, messages_quiet
from pimforms.source import Place

_WITH_THE_QUESTION = "write it behind `ask`"
_OUT = "take it out"
# All that the converter reads as logic or as data, under each of its spellings, and what is written in place of it.
# Squeezed: without capitals, blanks and `_`, which the converter does not tell apart either.
_REFUSED = {
    **dict.fromkeys(("relevant", "relevance"), "write `when …`"),
    **dict.fromkeys(("calculation", "calculate"), "write `calculate NAME = …`"),
    "required": "write `optional`, or nothing: from MODERATE on nobody is made to answer (PIM208)",
    "constraint": "write `must …`",
    "default": "write `default …`",
    "readonly": "write `read only`",
    "choicefilter": "write `within QUESTION` or `offer only QUESTION`",
    **dict.fromkeys(("repeatcount", "count"), "write `times …` under the `repeat`"),
    "noaddremove": "write `times …` under the `repeat`",
    "parameters": "write `parameter NAME VALUE`",
    **dict.fromkeys(("type", "command", "name", "value", "tag"), _WITH_THE_QUESTION),
    **dict.fromkeys(("label", "caption"), 'write the text behind the type: `ask NAME TYPE "…"`'),
    **dict.fromkeys(("trigger", "disabled", "saveto", "entities", "dataset", "instance", "compacttag"), _OUT),
    **dict.fromkeys(("preload", "preloadparams", "preloader", "nodeset", "ref", "event", "model", "query"), _OUT),
    **dict.fromkeys(("itemset", "choices", "children", "flat", "listname", "setvalue", "fieldlist"), _OUT),
    **dict.fromkeys(("smsfield", "smsoption", "smsseparator", "smsresponse"), _OUT),
    "purpose": "write `for PURPOSE`",
    "sensitivity": "write `sensitivity LEVEL`",
    "disaggregation": "write `by CONCEPT`",
    "hxl": 'write `hxl "#…"`',
}
# Prefixes that every XForm declares by itself.
_PREFIXES = ("jr", "odk", "orx", "ev", "xsd", "h")


def check_raw(column: str, place: Place) -> Diagnostic:
    """What is said about a raw column: refused, not well-formed, or not checked."""
    parts = [squeezed(part) for part in column.split(":") if part.strip()]
    instead = next((_REFUSED[part] for part in parts if part in _REFUSED), None)
    if instead is None and (not parts or (parts[0] == "bind" and len(parts) < 3)):
        # The attributes of `bind` without a prefix are the logic of a form; any that is not known here may be new.
        instead = _OUT
    if instead is not None:
        return messages_quiet.raw_column_refused(place, column, instead)
    attribute = column.rsplit("::", 1)[-1]
    prefix = attribute.split(":", 1)[0].strip()
    if "::" in column and ":" in attribute and prefix not in _PREFIXES:
        return messages_quiet.undeclared_prefix(place, column, prefix, _PREFIXES)
    return messages.raw_column(place, column)


def squeezed(column: str) -> str:
    """A name of a column as the converter compares it: without capitals, blanks and `_`."""
    return re.sub(r"[\s_]+", "", column.lower())
