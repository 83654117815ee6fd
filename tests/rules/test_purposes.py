"""A question tied to no purpose does not compile, and the message stands on the right line."""

from __future__ import annotations

import re

import pytest

from conftest import ROOT, TODAY
from pimforms.compiler import check_source
from pimforms.model.form import Question
from pimforms.model.walk import walk
from pimforms.source import Source, read_source

FORM = ROOT / "examples" / "f1_core" / "f1_core.pim"
SOURCE = read_source(FORM)
LINES = SOURCE.text.split("\n")
# The clause behind a statement; `already known … for` and texts never match, because they are inside quotation marks.
CLAUSE = re.compile(
    r'^(\s*(?:use|group|screen|repeat|table|score|ask)\b(?:[^"#]|"[^"]*")*?)\s+for\s+\w+(?:\s*,\s*\w+)*'
)


def with_clause() -> list[int]:
    return [number for number, line in enumerate(LINES) if CLAUSE.match(line)]


def without(number: int) -> str:
    changed = list(LINES)
    found = CLAUSE.match(LINES[number])
    assert found is not None
    changed[number] = found[1] + LINES[number][found.end() :]
    return "\n".join(changed)


def check(text: str):
    return check_source(Source(str(FORM), text), FORM.parent, today=TODAY)


def orphans(number: int) -> set[int]:
    """The lines on which PIM301 must stand when the `for` on a line goes, found without the compiler's tags.

    For a `use`, that is its own line. For a group, the lines of its questions that give no concept and have no `for`.
    """
    if LINES[number].lstrip().startswith("use "):
        return {number + 1}
    if LINES[number].lstrip().startswith(("ask ", "score ")):
        return {number + 1}
    found: set[int] = set()
    depth, at = 1, number + 1
    while depth:
        words = LINES[at].split()
        first = words[0] if words else ""
        if first in ("group", "screen", "repeat", "table", "choices"):
            depth += 1
        elif first == "end":
            depth -= 1
        elif first == "ask" and not CLAUSE.match(LINES[at]):
            properties = []
            below = at + 1
            while LINES[below].split()[:1] not in (["ask"], ["end"], ["group"], ["note"], ["calculate"]):
                properties.append(LINES[below])
                below += 1
            if not any(line.split()[:1] == ["gives"] for line in properties):
                found.add(at + 1)
        elif (first == "use" and not CLAUSE.match(LINES[at])) or (first == "score" and not CLAUSE.match(LINES[at])):
            found.add(at + 1)
        at += 1
    return found


def test_the_example_has_many_purposes_to_take_away() -> None:
    assert len(with_clause()) >= 8


@pytest.mark.parametrize("number", with_clause(), ids=lambda number: f"line {number + 1}")
def test_each_for_that_is_taken_away_leaves_its_questions_without_purpose(number: int) -> None:
    before = {d for d in check(SOURCE.text).diagnostics if d.code == "PIM301"}
    assert before == set()
    after = [d.place.line for d in check(without(number)).diagnostics if d.code == "PIM301"]
    # One message, on the line that lost its `for`; on the questions only where some of the group keep one.
    assert after == [number + 1] or set(after) == orphans(number)


def test_the_monitoring_form_is_of_practitioner_size() -> None:
    form = check(SOURCE.text).form
    assert form is not None
    asked = [item for item in walk(form.items) if isinstance(item, Question) and item.appearance != "label"]
    assert len(asked) >= 90
    assert form.facts.languages == ("en", "fr", "ar")
