"""Who can never be asked what: groups of people that the conditions of a form leave out of a question.

A group is what `gives` says of a question or calculation: sex, age, disability, displacement, language. For each question
the smallest sets of such values are found under which it can never be asked. That is often right (nobody asks a man whether
he is pregnant); a rule decides what to say about it, and a condition that speaks of the group itself is marked as `open`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import combinations

from pimforms.expressions.kinds import refusals
from pimforms.expressions.parts import names
from pimforms.expressions.reads import expressions_of
from pimforms.model.form import Calculation, Form, Question
from pimforms.model.walk import Stop, index
from pimforms.proofs.reach import Never, Reach
from pimforms.proofs.solver import has_solver
from pimforms.proofs.values import codes_of
from pimforms.record import record
from pimforms.source import Place
from pimforms.standards.data import table

MOST_TOGETHER = 2
"""How many values a group has at most: a woman with a disability is one of two."""
EXITS = {"PIM207": "privacy check", "PIM212": "stop", "PIM407": "taking back"}
"""Ways out that the compiler adds, by the rule that asked for them."""


@record
class LeftOut:
    """A question that a group is never asked.

    `group` maps questions to the values of the group. `because` are the conditions that exclude each other then: whose they
    are, and where. `open` is true if a condition of the question, or one around it, speaks of each of them directly. `exit` says
    which way out it is ("stop"), "" for a question.
    """

    name: str
    place: Place
    group: Mapping[str, str]
    concepts: tuple[str, ...]
    because: tuple[tuple[str, Place], ...]
    open: bool
    exit: str = ""


def left_out(form: Form) -> tuple[LeftOut, ...]:
    """For each question of a form, protected or not, the smallest groups that are never asked it, in the order of the form.

    A question that nobody can be asked is not among them. () without the solver (see `solver.has_solver`).
    """
    if not has_solver():
        return ()
    stops = index(form.items)
    groups = _groups(form, stops)
    if not groups:
        return ()
    reach = Reach(form)
    return tuple(
        found
        for name, stop in stops.items()
        if isinstance(stop.item, Question)
        for found in _of_question(reach, stops, stop, groups)
    )


def _groups(form: Form, stops: Mapping[str, Stop]) -> dict[str, tuple[str, tuple[str, ...]]]:
    """The answers that say which group somebody belongs to: what they give, and the codes."""
    concepts = table("inclusion")["left_out"]["concepts"]
    found: dict[str, tuple[str, tuple[str, ...]]] = {}
    for name, stop in stops.items():
        item = stop.item
        concept: str = item.tags.gives or ""
        if concept not in concepts:
            continue
        if isinstance(item, Question) and item.kind in ("one", "yes_no"):
            # Who does not say is in no group.
            refused = refusals(item, form.lists.get(item.choices or ""))
            found[name] = concept, tuple(code for code in codes_of(form, item) if code not in refused)
        elif isinstance(item, Calculation) and (codes := _results(item)):
            found[name] = concept, codes
    return found


def _results(item: Calculation) -> tuple[str, ...]:
    """The codes that a calculation can have: the texts that stand in it as values."""
    from pimforms.model import expression as e

    if item.kind == "yes_no":
        return ("yes", "no")
    found: list[str] = []
    waiting = [item.value]
    while waiting:
        part = waiting.pop()
        if isinstance(part, e.Conditional):
            waiting.extend((part.otherwise, part.value))
        elif isinstance(part, (e.String, e.Code)):
            found.append(part.value)
        else:
            return ()
    return tuple(dict.fromkeys(code for code in found if code))


def _of_question(
    reach: Reach, stops: Mapping[str, Stop], stop: Stop, groups: Mapping[str, tuple[str, tuple[str, ...]]]
) -> Iterator[LeftOut]:
    name = stop.item.name
    if not stop.conditions:
        return
    # An age band is worked out from an age: a condition on the age is one on the band.
    read = {each for each in reach.reads(name) if each in stops and not stops[each].item.origin}
    near = [each for each in groups if each != name and read & {each, *reach.rests_on(each)}]
    if not near or reach.possible(name) is False:
        return
    smaller: list[frozenset[tuple[str, str]]] = []
    for size in range(1, MOST_TOGETHER + 1):
        for together in combinations(near, size):
            for group in _assignments(together, groups):
                wanted = frozenset(group.items())
                if any(each <= wanted for each in smaller) or not _exists(reach, group):
                    continue
                if reach.possible(name, group) is False:
                    smaller.append(wanted)
                    yield _found(reach, stops, stop, group, groups)


def _assignments(
    together: tuple[str, ...], groups: Mapping[str, tuple[str, tuple[str, ...]]]
) -> Iterator[dict[str, str]]:
    found: list[dict[str, str]] = [{}]
    for name in together:
        found = [{**before, name: code} for before in found for code in groups[name][1]]
    yield from found


def _exists(reach: Reach, group: Mapping[str, str]) -> bool:
    """Whether anybody can be in this group: two questions may exclude each other."""
    return (
        len(group) < 2
        or reach.possible(max(group, key=lambda n: reach.encoder.layout.stops[n].turn), group) is not False
    )


def _found(
    reach: Reach,
    stops: Mapping[str, Stop],
    stop: Stop,
    group: dict[str, str],
    groups: Mapping[str, tuple[str, tuple[str, ...]]],
) -> LeftOut:
    item = stop.item
    why = reach.can_be_asked(item.name, group)
    said = _said(stop, stops)
    return LeftOut(
        item.name,
        item.place,
        group,
        tuple(groups[name][0] for name in group),
        why.because if isinstance(why, Never) else (),
        all(said & {name, *_worked_out(name, stops)} for name in group),
        EXITS.get(item.origin or "", ""),
    )


def _said(stop: Stop, stops: Mapping[str, Stop]) -> set[str]:
    """The names that the conditions of an item, and those around it, speak of, through calculations as well."""
    found = set().union(*map(names, stop.conditions))
    return found.union(*(_worked_out(name, stops) for name in found))


def _worked_out(name: str, stops: Mapping[str, Stop]) -> set[str]:
    """What a calculation is worked out from."""
    item = stops[name].item if name in stops else None
    if not isinstance(item, Calculation):
        return set()
    return {read for expression in expressions_of(item) for read in names(expression)}
