"""What happens to people's files: one line broken is one message, and never a traceback."""

from __future__ import annotations

import pytest

from conftest import ROOT
from pimforms.diagnostics import Diagnostic
from pimforms.source import Source, normalise, read_source
from pimforms.syntax.parse import parse

TOUR = read_source(ROOT / "examples" / "tour" / "tour.pim").text
LINES = TOUR.split("\n")[:-1]


def said(text: str) -> list[Diagnostic]:
    """What is said about a text. Every message can be placed."""
    _, diagnostics = parse(Source("tour.pim", normalise(text)))
    for diagnostic in diagnostics:
        assert diagnostic.place.line >= 1 and diagnostic.message and diagnostic.why and diagnostic.fix
    return diagnostics


def without(number: int) -> str:
    return "\n".join(LINES[:number] + LINES[number + 1 :])


def replaced(old: str, new: str) -> str:
    assert TOUR.count(old) >= 1, old
    return TOUR.replace(old, new, 1)


def test_the_tour_is_whole() -> None:
    assert said(TOUR) == []


def test_any_line_may_be_gone() -> None:
    for number in range(len(LINES)):
        assert len(said(without(number))) <= 2, LINES[number]


def test_any_line_may_be_cut() -> None:
    for number, line in enumerate(LINES):
        for at in range(1 + number % 13, len(line), 13):
            damaged = "\n".join((*LINES[:number], line[:at], *LINES[number + 1 :]))
            assert len(said(damaged)) <= 2, line[:at]


def test_any_letter_may_be_gone() -> None:
    for number, line in enumerate(LINES):
        for at in range(number % 17, len(line), 17):
            damaged = "\n".join((*LINES[:number], line[:at] + line[at + 1 :], *LINES[number + 1 :]))
            assert len(said(damaged)) <= 2, line


def test_the_file_may_end_anywhere() -> None:
    """What is open at the end is said, and the broken line: a group, a list in it, a line."""
    for at in range(0, len(TOUR), 53):
        assert len(said(TOUR[:at])) <= 3, TOUR[:at][-60:]


def test_two_lines_may_have_changed_places() -> None:
    for number in range(1, len(LINES)):
        swapped = [*LINES[: number - 1], LINES[number], LINES[number - 1], *LINES[number + 1 :]]
        assert len(said("\n".join(swapped))) <= 2, LINES[number]


# Each is one damage and must give one message, on the line where it is.
ONE = {
    "misspelt statement": ("ask missing_docs", "aks missing_docs", "PF003"),
    "misspelt property": ('hint "Birth', 'hnit "Birth', "PF003"),
    "misspelt holder": ("group documents", "gruop documents", "PF003"),
    "misspelt list": ("choices safety_scale", "chioces safety_scale", "PF003"),
    "misspelt end": ("end group documents", "edn group documents", "PF003"),
    "missing closing quote": ('identity document?"', "identity document?", "PF002"),
    "missing opening quote": ('yes_no "Does anyone', "yes_no Does anyone", "PF001"),
    "missing quote of a choice": ('- lost       "Lost', "- lost       Lost", "PF001"),
    "missing end": ("end group documents\n", "\n", "PF006"),
    "missing end choices": ("end choices", "", "PF006"),
    "stray word": ('"How many people lack one?"', '"How many people lack one?" please', "PF001"),
    "stray word in a condition": ("when missing_docs is yes", "when missing_docs is yes yes", "PF001"),
    "missing name": ("ask how_many integer", "ask integer", "PF001"),
    "missing type": ("ask how_many integer", "ask how_many", "PF001"),
    "wrong order": ('group documents "Documents" for papers', 'group documents for papers "Documents"', "PF001"),
    "half a condition": ("must be at least 1", "must be at least", "PF001"),
    "property of another": ("note thanks", 'note more "More."\n  optional\nnote thanks', "PF004"),
    "property twice": ("sensitivity high", "sensitivity high\n    sensitivity high", "PF005"),
    "end too much": ("use closing", "end group\nuse closing", "PF007"),
    "end of another name": ("end group documents", "end group papers", "PF007"),
}


@pytest.mark.parametrize("name", ONE)
def test_one_damage_is_one_message(name: str) -> None:
    old, new, code = ONE[name]
    assert [diagnostic.code for diagnostic in said(replaced(old, new))] == [code]


def test_all_lines_broken_is_one_message_a_line_and_ends() -> None:
    assert len(said("ask x integer How?\n" * 200)) == 200


@pytest.mark.parametrize("piece", ["(", "not ", "- ", "a + (", '"', "choices x\n", "group x\n", "and ", "fr: "])
def test_a_long_file_of_nonsense_ends(piece: str) -> None:
    said("when " + piece * 3000)
    said(piece * 3000)
