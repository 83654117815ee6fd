"""Which training a question asks of the interviewer, and which interviewers hold it."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from itertools import takewhile

from pimforms.model.children import topics_of
from pimforms.model.form import ConsentPoint, Form, Group, Item, Metadata, Question
from pimforms.model.level import Level
from pimforms.standards.data import table


def needed_training(form: Form, question: Question) -> tuple[str, ...]:
    """What the author says, what its topics ask for from HIGH on, and what every SEVERE question asks for.

    A specialist's training that the author names, such as `gbv`, stands for the usual one of a SEVERE question. Another,
    such as `pim_basics`, comes besides: it opens no SEVERE question to whoever holds that alone.
    """
    tags = question.tags
    needed: dict[str, None] = {}
    if tags.level >= Level.HIGH:
        for topic in topics_of(form, question):
            needed.update(dict.fromkeys(table("topics")[topic].get("training", ())))
    if tags.level >= Level.SEVERE and not needed and not _specialists().intersection(tags.training):
        needed.update(dict.fromkeys(table("limits")["training"]["severe"]))
    return tuple(dict.fromkeys((*tags.training, *needed)))


@cache
def _specialists() -> frozenset[str]:
    """The trainings that some topic asks for."""
    return frozenset(training for row in table("topics").values() for training in row.get("training", ()))


def holders(form: Form, wanted: Iterable[str]) -> tuple[str, ...]:
    """The codes of the interviewers who hold all of these trainings, whether or not they have run out since."""
    needed = set(wanted)
    return tuple(each.code for each in form.facts.roster if needed <= set(each.training))


def may_interview_children(form: Form) -> tuple[str, ...] | None:
    """The codes of the interviewers who were trained to interview children; None where the form does not know.

    It knows where it has a list of interviewers and the code is entered before the consent: the way of a child stands there.
    """
    if form.facts.children is None or not form.facts.roster or interviewer_question(_before(form)) is None:
        return None
    return holders(form, table("limits")["training"]["child"])


def _before(form: Form) -> tuple[Item, ...]:
    """What stands before the consent, or before the first row that was added, or may stand there."""
    concepts = table("concepts")
    return tuple(
        takewhile(
            lambda item: (
                item.origin is None
                and not isinstance(item, ConsentPoint)
                and (
                    isinstance(item, Metadata)
                    or bool(concepts.get(item.tags.gives or "", {}).get("before"))
                    or isinstance(item, Group)
                )
            ),
            form.items,
        )
    )


def interviewer_question(items: Iterable[Item]) -> Question | None:
    """The question that says who interviews. One that is asked again and again, in a repeat, says nothing for the whole."""
    for item in items:
        if isinstance(item, Question) and item.tags.gives == "interviewer":
            return item
        found = interviewer_question(item.items) if isinstance(item, Group) else None
        if found is not None:
            return found
    return None
