"""The choices sheet: the lists that questions use, and a copy with a refusal where an answer is sensitive."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from pimforms.diagnostics import Severity, rule
from pimforms.model.form import Choice, ChoiceList, Form, Question
from pimforms.model.level import Level
from pimforms.model.text import Text
from pimforms.record import record
from pimforms.source import Place
from pimforms.standards.data import table
from pimforms.xlsform.columns import CHOICES, Cells, in_order, legal, raw_cells
from pimforms.xlsform.rows import EMISSION, Row
from pimforms.xlsform.texts import Speaker

PNTA = "pnta"
"""The code of "Prefer not to say". A list that has it already keeps its own words."""

YES_NO = "yes_no"


@rule("PIM208", "way-out", Severity.ADDED, standard="PIM principle 2, Do no harm")
def offers_refusal(question: Question) -> bool:
    """
    From MODERATE on, every question can be left: choices gain "prefer not to say", and all other answers may stay blank.

    ## Why
    An answer that is forced is not given freely, and often not true. A choice question gets `pnta` in its own copy of the
    list, which unticks the rest; a list that has a way of its own to say nothing keeps it (`refuses`). A free text, a
    number or a date from MODERATE on is never required, and no raw column can make it so: `raw required` is refused (PF136).
    Below MODERATE an answer is required unless it says `optional`.
    """
    return question.tags.level >= Level.MODERATE and question.kind in ("one", "many", "yes_no")


def refuses(choice: Choice) -> bool:
    """True for a choice that declines to answer."""
    return choice.refuses or choice.code == PNTA


@record
class Lists:
    """The lists of a form under the names they have in the workbook; `of_question` says which one a question uses."""

    lists: Mapping[str, ChoiceList]
    of_question: Mapping[str, str]

    def of(self, question: Question) -> ChoiceList | None:
        name = self.of_question.get(question.name)
        return None if name is None else self.lists[name]


def used_lists(form: Form, questions: tuple[Question, ...]) -> Lists:
    """The lists that `questions` use, in the order of first use; unused ones are left out."""
    lists: dict[str, ChoiceList] = {}
    of_question: dict[str, str] = {}
    with_refusal: dict[str, str] = {}
    for question in questions:
        base = _base_list(form, question)
        if base is None:
            continue
        name = base.name
        if offers_refusal(question) and not any(map(refuses, base.choices)):
            name = with_refusal.get(base.name) or _free_name(f"{base.name}_{PNTA}", {*form.lists, *lists})
            with_refusal[base.name] = name
            if name not in lists:
                base = replace(base, name=name, choices=(*base.choices, _refusal(base.place)))
        lists.setdefault(name, base)
        of_question[question.name] = name
    return Lists(lists, of_question)


def choice_sheet(lists: Lists, speaker: Speaker) -> tuple[tuple[str, ...], tuple[Row, ...]]:
    """Columns and rows of the choices sheet."""
    rows = tuple(_row(each, choice, speaker) for each in lists.lists.values() for choice in each.choices)
    return in_order((row.cells for row in rows), CHOICES, speaker.languages), rows


def has_duplicates(lists: Lists) -> bool:
    """True if a code stands twice in one list (a cascade may repeat a code under two parents)."""
    return any(len({choice.code for choice in each.choices}) < len(each.choices) for each in lists.lists.values())


def _base_list(form: Form, question: Question) -> ChoiceList | None:
    if question.choices is not None and question.choices in form.lists:
        return form.lists[question.choices]
    if question.kind == YES_NO:
        place = question.place
        choices = tuple(Choice(code, _standard(code, place), place) for code in ("yes", "no"))
        return ChoiceList(YES_NO, choices, place)
    return None


def _refusal(place: Place) -> Choice:
    return Choice(PNTA, _standard(PNTA, place), place, alone=True, refuses=True, origin=EMISSION)


def _standard(key: str, place: Place) -> Text:
    return Text(table("consent")["strings"][key], place)


def _free_name(wanted: str, taken: set[str]) -> str:
    name, number = wanted, 2
    while name in taken:
        name, number = f"{wanted}_{number}", number + 1
    return name


def _row(each: ChoiceList, choice: Choice, speaker: Speaker) -> Row:
    cells: Cells = {
        "list_name": each.name,
        "name": legal(choice.code),
        **speaker.cells("label", choice.label, choice.code),
        **raw_cells(choice.columns, speaker.languages),
    }
    return Row(cells, choice.place, choice.origin or each.origin)
