"""Principle 7, impartiality: what is taken for granted, and who is asked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from pimforms.diagnostics import Diagnostic, Severity, rule, rule_of
from pimforms.expressions.parts import names, parts
from pimforms.model import expression as e
from pimforms.model.expression import Expression
from pimforms.model.form import Calculation, Form, Group, Question, Repeat
from pimforms.model.reach import broader
from pimforms.model.walk import Stop, index, stops
from pimforms.standards.data import table

PRINCIPLE = "PIM principle 7, Impartiality"


@rule("PIM704", "taken-for-granted", Severity.WARNING, standard=PRINCIPLE)
def taken_for_granted(form: Form) -> Iterator[Diagnostic]:
    """
    A question takes an answer for granted, and is asked whatever that answer was.

    ## Why
    “Why did you leave?” asked of somebody who never left gets an invented answer, or hurts. `presupposes` names the
    question whose answer must be known; a condition on the question, or around it, must read that answer.

    ## Bad
    ```pim
    ask left yes_no "Did you have to leave your home?"
    ask why text "Why did you leave?"
      presupposes left
    ```

    ## Good
    ```pim
    ask left yes_no "Did you have to leave your home?"
    ask why text "Why did you leave?"
      presupposes left
      when left is yes
    ```
    """
    items: dict[str, Stop] | None = None
    for stop in stops(form.items):
        item = stop.item
        if not isinstance(item, Question) or item.presupposes is None or item.damaged:
            continue
        items = index(form.items) if items is None else items
        if item.presupposes in items and item.presupposes not in _read_before(form, stop, items):
            yield Diagnostic(
                rule_of(taken_for_granted),
                f"`{item.name}` is asked whatever the answer to `{item.presupposes}` was",
                item.via or item.presupposes_place or item.place,
                f"It takes that answer for granted ({PRINCIPLE}).",
                f"add under it: when {item.presupposes} is …",
            )


def _read_before(form: Form, stop: Stop, items: Mapping[str, Stop]) -> set[str]:
    """Every answer that decides whether this is asked, through conditions of conditions and through calculations."""
    read: set[str] = set()
    waiting = list(_conditions(stop))
    while waiting:
        for name in names(waiting.pop()) - read:
            read.add(name)
            if name in form.conditions:
                waiting.append(form.conditions[name])
            if name in items:
                behind = items[name]
                waiting.extend(_conditions(behind))
                if isinstance(behind.item, Calculation):
                    waiting.append(behind.item.value)
    return read


def _conditions(stop: Stop) -> Iterator[Expression]:
    yield from stop.conditions
    counts = (item.count for item in (*stop.around, stop.item) if isinstance(item, Repeat))
    yield from (count for count in counts if count is not None)


@rule("PIM707", "asked-by-who-somebody-is", Severity.WARNING, standard=PRINCIPLE)
def asked_by_who_somebody_is(form: Form) -> Iterator[Diagnostic]:
    """
    Whether something is asked depends on ethnicity, religion, nationality, political opinion, sex or gender.

    ## Why
    Everyone is asked the same. A question for one group alone singles that group out, and the others are not counted.
    Sex may decide where the question is about health or pregnancy. Other good reasons are written on the question or the
    group, in `sensitivity … because "…"`; a reviewer reads them.

    ## Bad
    ```pim
    ask r_sex one of library sex "Sex"
      gives sex
    ask water yes_no "Do you fetch water?"
      when r_sex is female
    ```

    ## Good
    ```pim
    ask r_sex one of library sex "Sex"
      gives sex
    ask water yes_no "Do you fetch water?"
    ask pregnant yes_no "Are you pregnant or breastfeeding?"
      when r_sex is female
    ```
    """
    identity = table("scales")["identity"]
    who: dict[str, str] = {}
    for stop in stops(form.items):
        gives = stop.item.tags.gives or ""
        concept = gives if gives in identity else broader(gives)
        if concept in identity:
            who[stop.item.name] = concept
    for stop in stops(form.items) if who else ():
        item = stop.item
        if not isinstance(item, (Question, Group, Repeat)) or item.when is None or item.origin is not None:
            continue
        if item.tags.because or (isinstance(item, Question) and item.of is not None):
            continue
        for name in sorted(_directly(item.when) & who.keys()):
            if not _tied(item, identity[who[name]]):
                yield Diagnostic(
                    rule_of(asked_by_who_somebody_is),
                    f"whether `{item.name}` is asked depends on `{name}` ({who[name].replace('_', ' ')})",
                    item.via or item.place,
                    f"Everyone is asked the same ({PRINCIPLE}).",
                    f'take the condition out, or add `sensitivity {item.tags.level.word} because "…"`',
                )
                break


def _directly(expression: Expression) -> set[str]:
    """Answers a condition reads about one person; what is counted over a roster says nothing of who is asked."""
    found: set[str] = set()
    waiting = [expression]
    while waiting:
        part = waiting.pop()
        if isinstance(part, e.Ref):
            found.add(part.name)
        if not isinstance(part, e.Aggregate):
            waiting.extend(parts(part))
    return found


def _tied(item: Question | Group | Repeat, allowed: Mapping[str, Any]) -> bool:
    """Whether the question belongs to a topic for which this may decide, or speaks of it."""
    if item.tags.topic in allowed.get("topics", ()):
        return True
    said = " ".join(item.label.values.values()).lower() if item.label is not None else ""
    return any(word in said for word in allowed.get("words", ()))
