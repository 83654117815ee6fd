"""Reading questions as those of the Washington Group Short Set: which of the six, and whether word for word."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from pimforms.model.form import Form, Question
from pimforms.model.text import module_of
from pimforms.model.walk import Stop, stops
from pimforms.record import record
from pimforms.standards.data import table

MODULE = "wg_ss"
_TOKEN = re.compile(r"[^\W\d_]+|\{\}")
_REFERENCE = re.compile(r"\{[^{}]*\}")
_NUMBERED = re.compile(r"^\s*(?:\d+\s*[.):-]|\{\}\s*[.):-])\s*")


@record
class Asked:
    """A question of the set as it stands in a form: which of the six (0-based), whether in the words of the set."""

    stop: Stop
    item: Question
    number: int
    verbatim: bool
    library: bool


def asked(form: Form) -> tuple[list[Asked], list[Question]]:
    """The questions of the set in the order of the form, and those that ask for a disability by that word."""
    found: list[Asked] = []
    direct: list[Question] = []
    for stop in stops(form.items):
        item = stop.item
        if not isinstance(item, Question) or item.label is None or item.origin is not None or item.damaged:
            continue
        if module_of(item.label) == MODULE:
            number = next((n for n, row in enumerate(items()) if row["name"] == item.name), None)
            if number is not None:
                found.append(Asked(stop, item, number, True, True))
            continue
        read = _read(item)
        if read is not None:
            found.append(Asked(stop, item, read[0], read[1], False))
        elif _is_direct(item):
            direct.append(item)
    return found, direct


def _read(item: Question) -> tuple[int, bool] | None:
    """Which question of the set this is, and whether word for word; None for any other question."""
    assert item.label is not None
    for language, value in item.label.values.items():
        known = _all_accepted(language)
        if known and plain(value) in known:
            return known[plain(value)], True
    words = table("inclusion")["functioning"]
    if item.choices is None or not any(hard in item.label.get("en").casefold() for hard in words["hard"]):
        return None
    text = plain(item.label.get("en"))
    speaks_of_it = item.tags.gives == "disability" or item.tags.topic == "disability"
    tokens = _tokens(text)
    for number, marks in enumerate(words["marks"]):
        if not any(token.startswith(tuple(marks)) for token in (*tokens, *text.split())):
            continue
        if speaks_of_it or max(_share(tokens, _tokens(each)) for each in accepted(number, "en")) >= words["near"]:
            return number, False
    return None


def _is_direct(item: Question) -> bool:
    if item.kind not in ("one", "many", "yes_no") or item.label is None:
        return False  # how many there are in a place is another question
    alone = table("inclusion")["functioning"]["alone"]
    said = [value.casefold() for value in item.label.values.values()]
    return any(any(word in text for word in alone) and any(p.search(text) for p in _direct()) for text in said)


@cache
def _direct() -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(pattern) for pattern in table("inclusion")["functioning"]["direct"])


def items() -> Sequence[dict[str, Any]]:
    """The six, in order: their names and the texts that are accepted."""
    rows: list[dict[str, Any]] = table("wg_ss")["items"]
    return rows


@cache
def accepted(number: int, language: str) -> frozenset[str]:
    """The texts of one question that are accepted in a language, also for somebody who is spoken of."""
    row = items()[number]
    texts = row["accept"] if language == "en" else row.get("accept_in", {}).get(language, ())
    found = {plain(text) for text in texts}
    if language == "en":
        for does, who, whose in table("inclusion")["functioning"]["persons"]:
            found |= {_spoken_of(text, does, who, whose) for text in tuple(found) if " you " in f" {text} "}
    return frozenset(found)


@cache
def _all_accepted(language: str) -> Mapping[str, int]:
    """Every text that is accepted in a language, and which of the six it is."""
    return {text: number for number in range(len(items())) for text in accepted(number, language)}


def _spoken_of(text: str, does: str, who: str, whose: str) -> str:
    return re.sub(r"\byour\b", whose, re.sub(r"\bdo you\b", f"{does} {who}", text))


@cache
def plain(text: str) -> str:
    """Small letters, plain signs, without a number before it and without the words that introduce the answers."""
    text = _REFERENCE.sub("{}", text.split("\n", 1)[0]).casefold().replace("’", "'").replace("…", "...")
    text = _NUMBERED.sub("", " ".join(text.split()))
    after = table("wg_ss")["stem_after"].casefold().replace("…", "").strip()
    return text.removesuffix("...").strip().removesuffix(after).strip(" ?.")


def _tokens(text: str) -> frozenset[str]:
    """The words, with one word for every kind of difficulty."""
    hard = tuple(table("inclusion")["functioning"]["hard"])
    return frozenset("difficulty" if word.startswith(hard) else word for word in _TOKEN.findall(text))


def _share(one: frozenset[str], other: frozenset[str]) -> float:
    return len(one & other) / max(1, min(len(one), len(other)))
