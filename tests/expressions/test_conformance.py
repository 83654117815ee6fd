"""Every operator and function on blank, normal and extreme values: one result, the same in every engine that joins."""

from __future__ import annotations

import importlib
import re
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest
from conformance import engines
from conformance.cases import CLASSES, Story, Table, expected, other, outcome, play, tables
from conformance.phrases import phrases, used
from conformance.sitting import Sitting
from expression_help import as_text, cells, form_of, read, survey

from pimforms.syntax.words import read_keywords

ENGINES = sorted(path.stem for path in Path(engines.__path__[0]).glob("[!_]*.py"))
TABLES = {table.name: table for table in tables()}
SAME = [tuple(pair) for pair in other("same")["same"]]
EXCEPTIONS = {(of, kind): reason for of, kind, reason in other("exceptions")["exceptions"]}


@cache
def xform_of(table: str) -> str:
    from pyxform.xls2xform import convert

    form, found = read(TABLES[table].text())
    assert {diagnostic.code for diagnostic in found} <= {"PF229"}, [(d.place.text, d.message) for d in found]
    return convert(survey(form), validate=False).xform


@pytest.fixture(scope="module")
def sitting(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Sitting]:
    """A form in an engine, read once."""
    load = {name: importlib.import_module(f"conformance.engines.{name}").load for name in ENGINES}
    opened: dict[tuple[str, str], Sitting] = {}

    def open_(engine: str, table: str, saved: str = "") -> Sitting:
        if saved or (engine, table) not in opened:
            made = load[engine](xform_of(table), tmp_path_factory.mktemp(table), saved)
            if saved:
                return made
            opened[engine, table] = made
        return opened[engine, table]

    return open_


STORIES = [
    pytest.param(table, story, id=f"{table.name}: {story.name}") for table in TABLES.values() for story in table.stories
]


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(("table", "story"), STORIES)
def test_every_engine_gives_this_result(
    table: Table, story: Story, engine: str, sitting: Callable[..., Sitting]
) -> None:
    talk = sitting(engine, table.name)
    talk.start()
    if story.saved:
        play(story.saved, talk)
        talk = sitting(engine, table.name, talk.submission())
        talk.start()
    play(story.steps, talk)
    assert outcome(story, table.names(), talk) == expected(story)


# Half hours, clocks that change, clocks that changed long ago, odd seconds before clocks were set by zones.
ZONES = [
    "Asia/Amman",
    "Asia/Kabul",
    "Africa/Juba",
    "Africa/Monrovia",
    "America/Bogota",
    "America/Caracas",
    "Asia/Kathmandu",
]


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("zone", ZONES)
def test_spans_between_days_are_the_same_everywhere(zone: str, engine: str, sitting: Callable[..., Sitting]) -> None:
    table = TABLES["spans"]
    talk = sitting(engine, table.name)
    in_zone = getattr(importlib.import_module(f"conformance.engines.{engine}"), "in_zone", None)
    if in_zone is None:
        pytest.skip(f"{engine} cannot be moved to another time zone")
    with in_zone(zone):
        for story in table.stories:
            if all(step.path != "moment" for step in story.steps):
                talk.start()
                play(story.steps, talk)
                assert outcome(story, table.names(), talk) == expected(story), story.name


# ---- the tables are whole


def covered() -> set[tuple[str, str]]:
    stories = [story for table in TABLES.values() for story in table.stories]
    return {(of, case.kind) for story in stories for case in (*story.cases, *story.musts) for of in case.of}


def respelled() -> set[str]:
    """The phrases that only spell another one differently."""
    lines = [f"calculate x = {one}" if not one.startswith("must") else one for one, _ in SAME]
    others = [f"calculate x = {two}" if not two.startswith("must") else two for _, two in SAME]
    return {phrase for one, two in zip(used(lines), used(others), strict=True) for phrase in one - two}


def test_each_operator_and_function_has_a_case_of_each_class() -> None:
    needed = {(phrase, kind) for phrase in phrases() for kind in CLASSES if phrase not in respelled()}
    missing = sorted(needed - covered() - EXCEPTIONS.keys())
    assert not missing, "these have no case in conformance/tables, and no reason in exceptions.toml"


def test_cases_are_about_what_the_language_has() -> None:
    assert {of for of, _ in covered()} <= phrases().keys()
    assert {kind for _, kind in covered()} <= set(CLASSES)


def test_each_case_holds_what_it_is_about() -> None:
    written = [
        (case.of, f"calculate x = {case.expression}")
        for table in TABLES.values() for story in table.stories for case in story.cases
    ] + [
        (must.of, f"must {must.must}")
        for table in TABLES.values() for story in table.stories for must in story.musts
    ]  # fmt: skip
    found = used([line for _, line in written])
    wrong = [(line, set(of) - has) for (of, line), has in zip(written, found, strict=True) if not set(of) <= has]
    assert not wrong


def test_each_exception_is_still_needed() -> None:
    assert all(reason for reason in EXCEPTIONS.values())
    assert not EXCEPTIONS.keys() & covered(), "there is a case now; take the exception out"
    assert {of for of, _ in EXCEPTIONS} <= phrases().keys()


def test_each_word_of_conditions_is_in_a_phrase() -> None:
    """A word that is in none is one that may be left out: `be`."""
    words = [word.word for word in read_keywords() if word.role == "operator"]
    spelled = " / ".join(phrases())
    silent = {word for word in words if not re.search(rf"\b{word}\b", spelled)}
    assert silent == {"be"}
    assert any(one.startswith("must be ") for one, _ in SAME)


def test_another_spelling_means_the_same() -> None:
    def xpath(written: str) -> str:
        line = f'ask q integer "Q"\n  {written}' if written.startswith("must") else f"calculate q = {written}"
        return as_text(cells(form_of(f"{other('same')['form']}\n{line}\n")))

    for one, two in SAME:
        assert xpath(one) == xpath(two), (one, two)
