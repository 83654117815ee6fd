"""Trained interviewers only: who interviews is chosen from the list, and sensitive parts open for codes that hold the training."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from pimforms.diagnostics import Severity, rule
from pimforms.model.expression import Expression
from pimforms.model.form import Choice, ChoiceList, Form, Group, Item, Question, Repeat
from pimforms.model.level import Level
from pimforms.model.text import Text
from pimforms.model.training import holders, interviewer_question, needed_training
from pimforms.model.walk import questions_in
from pimforms.protect.build import any_of, is_, with_condition
from pimforms.record import record
from pimforms.source import Place

LIST = "pim_interviewers"
NOBODY = "nobody"
"""A code that no list has: where nobody holds a training, nobody asks."""
_MANY = 12
"""From how many codes on they are shown as a list to scroll through, and not all on the screen."""


def with_roster(form: Form) -> Form:
    """The form with the question for the interviewer's code made a choice from the list of interviewers."""
    question = interviewer_question(form.items)
    if not form.facts.roster or question is None:
        return form
    choices = tuple(
        Choice(each.code, Text(dict.fromkeys(form.facts.languages, each.code), question.place), question.place, origin="list")
        for each in form.facts.roster
    )  # fmt: skip
    listed = ChoiceList(LIST, choices, question.place, origin="list")
    appearance = "minimal" if len(choices) >= _MANY else None
    chosen = replace(question, kind="one", choices=LIST, musts=(), default=None, parameters=(), appearance=appearance)
    return replace(form, items=_with(form.items, chosen), lists={**form.lists, LIST: listed})


def _with(items: Sequence[Item], changed: Question) -> tuple[Item, ...]:
    done: list[Item] = []
    for item in items:
        if isinstance(item, (Group, Repeat)):
            done.append(replace(item, items=_with(item.items, changed)))
        else:
            done.append(changed if item.name == changed.name else item)
    return tuple(done)


@record
class TrainingGate:
    """Says for which interviewers something opens. Without a list of interviewers everything is open to all."""

    form: Form

    @rule("PIM611", "trained-interviewers-only", Severity.ADDED, standard="PIM principle 6, Competency and capacity")
    def weave(self, items: Sequence[Item]) -> tuple[Item, ...]:
        """
        SEVERE questions, and those about children, are asked only by an interviewer who was trained for them.

        ## Why
        Everybody says yes to "I was trained". With `interviewers "team.csv"` the interviewer chooses a code from the list,
        and the part opens only for codes that hold what its topic needs, or what `training` says. The codes are written
        into the condition itself, so that it works on every phone. A training that has run out does not close the part: a
        warning says so.
        """
        if not self._opens():
            return tuple(items)
        return tuple(self._conditioned(item) for item in items)

    def condition(self, items: Sequence[Item], place: Place) -> Expression | None:
        """What must hold for any sensitive question in these items to be asked; None if some open for everybody."""
        if not self._opens():
            return None
        sensitive = [item for item in questions_in(items) if item.tags.level >= Level.HIGH]
        wanted = dict.fromkeys(self._needs(sensitive))
        if not wanted or () in wanted:
            return None
        return any_of([self._held(needs, place) for needs in wanted], place)

    def _opens(self) -> bool:
        return bool(self.form.facts.roster) and interviewer_question(self.form.items) is not None

    def _needs(self, items: Sequence[Item]) -> list[tuple[str, ...]]:
        questions = list(questions_in(items))
        return [needed_training(self.form, question) for question in questions]

    def _conditioned(self, item: Item) -> Item:
        """The condition on a whole item if all its questions need the same, otherwise on what is in it."""
        wanted = dict.fromkeys(self._needs((item,)))
        if not any(wanted):
            return item
        if len(wanted) == 1:
            return with_condition(item, self._held(next(iter(wanted)), item.place), item.place)
        assert isinstance(item, (Group, Repeat))
        return replace(item, items=tuple(self._conditioned(inner) for inner in item.items))

    def _held(self, needs: Sequence[str], place: Place) -> Expression:
        question = interviewer_question(self.form.items)
        assert question is not None
        return is_(question.name, *(holders(self.form, needs) or (NOBODY,)), place=place)
