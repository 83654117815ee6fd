"""Principle 1, people-centred and inclusive: who can never be asked what. Proved, where the solver is installed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from pimforms.diagnostics import Diagnostic, Severity, rule, rule_of
from pimforms.expressions.parts import names
from pimforms.model.form import Calculation, Form, Group, Question, Repeat
from pimforms.model.walk import condition_of, index, walk
from pimforms.proofs.solver import INSTALL, has_solver
from pimforms.source import Place
from pimforms.standards.data import table

if TYPE_CHECKING:
    from pimforms.proofs.inclusion import LeftOut

PRINCIPLE = "PIM principle 1, People-centred and inclusive"


@rule("PIM120", "group-never-asked", Severity.WARNING, standard=PRINCIPLE)
def group_never_asked(form: Form) -> Iterator[Diagnostic]:
    """
    Some people can never be asked a question: women, a band of ages, persons with disabilities, the displaced, who speaks a language.

    ## Why
    A condition leaves out more people than its author thinks of, often through another question: if only those who walk to
    the market are asked about prices, nobody who cannot walk is. All conditions of the form are looked at together, and for
    each question the smallest groups are named that no answers bring there. It is a proof, made by the solver z3
    (`pip install "pimforms[proofs]"`); without it nothing is said.

    Nothing is said of conditions that name the group openly where that is natural (an age, pregnancy, the topic of the
    group), or where the question or the group around it says why, in `sensitivity … because "…"`. Conditions on sex itself belong to
    PIM707.

    ## Bad
    ```pim
    ask walks one "How far can you walk?"
      - far   "To the market and back"
      - short "Around the shelter"
    calculate hardly = walks is short
      gives disability
    ask market yes_no "Did you go to the market in the last 7 days?"
      when walks is far
    ask prices yes_no "Are the prices there higher than last month?"
      when market is answered
    ```

    ## Good
    ```pim
    ask walks one "How far can you walk?"
      - far   "To the market and back"
      - short "Around the shelter"
    calculate hardly = walks is short
      gives disability
    ask market yes_no "Did anyone of your household go to the market in the last 7 days?"
    ask prices yes_no "Are the prices there higher than last month?"
      when market is yes
    ```
    """
    if not _is_worth_it(form) or not has_solver():
        return
    stops = index(form.items)
    by_group: dict[tuple[object, ...], list[tuple[Question, list[LeftOut]]]] = {}
    for name, found in _by_question(form).items():
        stop = stops[name]
        question = stop.item
        if not isinstance(question, Question) or question.origin is not None or question.of is not None:
            continue
        left = [each for each in found if not _is_meant(question, stop.around, each)]
        if left:
            groups = tuple(tuple(each.group.items()) for each in left)
            by_group.setdefault(groups, []).append((question, left))
    for alike in by_group.values():
        yield _said(alike)


@rule("PIM121", "way-out-closed-to-some", Severity.ERROR, standard=PRINCIPLE)
def way_out_closed_to_some(protected: Form) -> Iterator[Diagnostic]:
    """
    Some people can never reach a way out that the form has: a stop, the privacy check, taking the answers back.

    ## Why
    A way out that only some can take protects only some. `compile` puts each of them where everybody comes who is asked
    something sensitive, and proves it of what it has written: for each group of people the solver z3
    (`pip install "pimforms[proofs]"`) looks for an interview that leads there. Without it nothing is said.
    """
    if not _is_worth_it(protected) or not has_solver():
        return
    from pimforms.proofs.inclusion import left_out

    for each in left_out(protected):
        if each.exit:
            yield Diagnostic(
                rule_of(way_out_closed_to_some),
                f"where {_group(each)}, nobody reaches `{each.name}` ({each.exit})",
                each.place,
                f"A way out that only some can take protects only some ({PRINCIPLE}).",
                "look at the conditions of the part around it; if there is no `raw` in them, report this with the form",
                related=tuple((f"the condition of `{name}`", place) for name, place in each.because[:2]),
            )


def not_proved(form: Form) -> str | None:
    """Why nothing was proved about a form for which it would say something; None if it was, or if there is nothing to say."""
    if has_solver():
        return None
    if not _is_worth_it(form):
        return None
    return f"Who can never be asked what was not proved: the solver is not installed ({INSTALL})."


def _is_worth_it(form: Form) -> bool:
    """Whether any condition can depend on who somebody is. Cheap, so that most forms never wait for the solver."""
    items = {item.name: item for item in walk(form.items)}
    limits = table("inclusion")["left_out"]
    concepts = limits["concepts"]
    groups = {name for name, item in items.items() if item.tags.gives in concepts}
    if not groups or len(items) > limits["questions"]:
        return False
    waiting = list(groups)
    who: set[str] = set()
    while waiting:  # what a group is worked out from
        name = waiting.pop()
        if name in who or name not in items:
            continue
        who.add(name)
        item = items[name]
        if isinstance(item, Calculation):
            read = names(item.value)
            waiting.extend(read.union(*(names(form.conditions[each]) for each in read & form.conditions.keys())))
    conditions = map(condition_of, items.values())
    read_at_all = set[str]().union(*(names(condition) for condition in conditions if condition is not None))
    # A calculation between the two may hide it: then the solver looks.
    between = any(isinstance(items.get(name), Calculation) for name in read_at_all)
    return between or bool(read_at_all & (who | form.conditions.keys()))


def _by_question(form: Form) -> dict[str, list[LeftOut]]:
    from pimforms.proofs.inclusion import left_out  # it costs as much as ten other rules to import

    found: dict[str, list[LeftOut]] = {}
    for each in left_out(form):
        if not each.exit:
            found.setdefault(each.name, []).append(each)
    return found


def _is_meant(question: Question, around: tuple[Group | Repeat, ...], found: LeftOut) -> bool:
    """Whether the condition speaks of the group openly, and this is natural or has a reason."""
    if not found.open:
        return False
    if question.tags.because or any(container.tags.because for container in around):
        return True
    words = table("inclusion")["left_out"]
    said = " ".join(question.label.values.values()).casefold() if question.label is not None else ""
    for concept in found.concepts:
        natural = words[concept]
        fits = question.tags.topic in natural["topics"] or any(word in said for word in natural["words"])
        # Openly by sex is the matter of another rule, which says it by itself.
        if not (fits or natural.get("always", False) or found.concepts == ("sex",)):
            return False
    return True


def _said(alike: list[tuple[Question, list[LeftOut]]]) -> Diagnostic:
    (first, groups), more = alike[0], len(alike) - 1
    named = [_group(each) for each in groups[: table("inclusion")["left_out"]["groups"]]]
    rest = len(groups) - len(named)
    who = "; or ".join(named) + (f"; and {rest} more group{'s' if rest > 1 else ''}" if rest > 0 else "")
    also = f" and {more} more {'are' if more else 'is'}" if more else " is"
    because: dict[Place, str] = {}
    for name, place in groups[0].because:
        because.setdefault(place, f"the condition of `{name}`")
    return Diagnostic(
        rule_of(group_never_asked),
        f"`{first.name}`{also} never asked where {who}",
        first.via or first.place,
        f"Whoever is never asked is not in the result, and nobody sees it ({PRINCIPLE}).",
        'widen the condition, or say why in: sensitivity … because "…"',
        related=tuple((said, place) for place, said in because.items()),
    )


def _group(found: LeftOut) -> str:
    return " and ".join(f"`{name}` is `{code}`" for name, code in found.group.items())
