"""Names and codes that every server, phone and export can keep."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from itertools import count

from pimforms.diagnostics import Diagnostic
from pimforms.model.form import ConsentPoint, Item
from pimforms.model.names import LONGEST
from pimforms.model.walk import walk
from pimforms.resolve import messages
from pimforms.source import Place
from pimforms.standards.data import table

_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_.-]*")
_CODE = re.compile(r"[A-Za-z0-9_.-]+")
# Words that mean something in a condition, and nodes that ODK adds by itself.
_RESERVED = {"and", "or", "not", "is", "if", "otherwise", "where", "answer", "today", "now", "div", "mod"}
_ODK = {"meta", "instanceid", "instancename", "__version__", "data"}
# What a name is made of that has no Latin letter at all; a number is put behind it.
_WORDS = {"Question": "question", "Group": "group", "Repeat": "repeat", "Note": "note"}


def plain_name(text: str, fallback: str = "item") -> str:
    """The nearest name that is allowed: Latin letters without accents, digits and `_`."""
    latin = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    cleaned = re.sub(r"[^A-Za-z0-9_]+", "_", latin).strip("_")
    if not cleaned:
        return fallback
    return cleaned[:LONGEST] if cleaned[0].isalpha() else f"{fallback}_{cleaned}"[:LONGEST]


def name_problem(name: str) -> tuple[str, str] | None:
    """Why a name will not do, and a better one; None if it will."""
    if not _NAME.fullmatch(name):
        return "A name has Latin letters without accents, digits and `_`, and begins with a letter.", plain_name(name)
    if len(name) > LONGEST:
        return f"It has {len(name)} characters; exports keep {LONGEST}.", name[:LONGEST]
    if name.lower().startswith("pim_"):
        return "Names beginning with `pim_` are for what the compiler adds.", name[4:] or "item"
    if name.lower() in _RESERVED:
        return "This word means something in conditions.", f"{name}_answer"
    if name.lower() in _ODK:
        return "ODK keeps this name for itself.", f"{name}_answer"
    return None


def form_id_problem(name: str) -> tuple[str, str] | None:
    """Why the name of a form will not do, and a better one. It is part of addresses, and never of a condition."""
    if not _NAME.fullmatch(name):
        why = "It is part of web addresses: Latin letters without accents, digits and `_`, and a letter first."
        return why, plain_name(name, "form")
    if len(name) > LONGEST:
        return f"It has {len(name)} characters; servers keep {LONGEST}.", name[:LONGEST]
    return None


def code_problem(code: str) -> str | None:
    """A better code if this one breaks somewhere, else None."""
    if _CODE.fullmatch(code):
        return None
    return (
        re.sub(r"[^A-Za-z0-9_.-]+", "_", unicodedata.normalize("NFKD", code).encode("ascii", "ignore").decode()).strip(
            "_"
        )
        or "code"
    )


def check_names(items: Iterable[Item]) -> list[Diagnostic]:
    """Every name once in the whole form, whatever its case, and none that is reserved."""
    found: list[Diagnostic] = []
    first: dict[str, Place] = {}
    items = tuple(items)
    offered = {item.name.lower() for item in walk(items) if not isinstance(item, ConsentPoint)}
    metadata = table("types")["metadata"]
    for item in walk(items):
        if isinstance(item, ConsentPoint):
            continue
        place = item.via or item.place
        problem = name_problem(item.name)
        if problem is None and item.name in metadata and not _is_metadata(item):
            problem = ("This is the name of something that the phone records by itself.", f"{item.name}_answer")
        if problem is not None:
            why, better = problem
            better = _free(_WORDS.get(type(item).__name__, "item") if better == "item" else better, offered)
            found.append(messages.bad_name(place, item.name, why, better))
        lowered = item.name.lower()
        if lowered in first:
            found.append(messages.name_taken(place, item.name, first[lowered]))
        else:
            first[lowered] = item.place
    return found


def _free(name: str, taken: set[str]) -> str:
    """The name, or one with a number behind it, that no item has and that was offered for none before."""
    plain = name if name not in _WORDS.values() and name != "item" else None
    numbered = (f"{name[: LONGEST - 4]}_{number}" for number in count(1 if plain is None else 2))
    free = (
        plain
        if plain is not None and plain.lower() not in taken
        else next(n for n in numbered if n.lower() not in taken)
    )
    taken.add(free.lower())
    return free


def _is_metadata(item: Item) -> bool:
    return type(item).__name__ == "Metadata"
