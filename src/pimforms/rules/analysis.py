"""Principle 3, defined purpose: what the answers are made into, and what they are broken down by."""

from __future__ import annotations

from collections.abc import Iterator

from pimforms.diagnostics import Diagnostic, Severity, rule, rule_of, some_of
from pimforms.expressions.parts import names
from pimforms.model.form import INTERVIEW, Calculation, ConsentPoint, Form, Group, Item, Lookup, Question, Repeat
from pimforms.model.level import Level
from pimforms.model.reach import Reach
from pimforms.model.walk import Stop, index, questions_in, stops, walk
from pimforms.source import Place
from pimforms.standards.data import table

PRINCIPLE = "PIM principle 3, Defined purpose"


@rule("PIM314", "breakdown-not-recorded", Severity.ERROR, standard=PRINCIPLE)
def breakdown_not_recorded(form: Form) -> Iterator[Diagnostic]:
    """
    Answers are broken down by something that the form does not record for the same person or household.

    ## Why
    `by sex` promises a table of the answers of women and of men. It can be made if the sex is asked in the same repeat, of
    the household or the one who answers, or of the members of the household. A question gives a concept by `gives sex`;
    library modules say so themselves. An age band serves for age, and every place for `place`.

    ## Bad
    ```pim
    ask lit yes_no "Are there lights here?"
      by sex
    ```

    ## Good
    ```pim
    use respondent_profile
    ask lit yes_no "Are there lights here?"
      by sex
    ```
    """
    if form.names_of_damaged:
        return  # what gives the concept may stand on a line that could not be read
    missing: dict[tuple[tuple[str, ...], str], list[tuple[Item, Place]]] = {}
    reach: Reach | None = None
    said: set[tuple[str, str]] = set()
    for stop in stops(form.items):
        item = stop.item
        if not isinstance(item, (Question, Group, Repeat)):
            continue
        for concept in item.tags.by:
            if any((container.name, concept) in said for container in stop.around):
                said.add((item.name, concept))
                continue
            reach = reach or Reach(form.items)
            if not reach.has(item, concept):
                said.add((item.name, concept))
                key = (tuple(repeat.name for repeat in stop.repeats), concept)
                missing.setdefault(key, []).append((item, item.via or item.place))
    for (_, concept), found in missing.items():
        (first, place), others = found[0], found[1:]
        more = f" and {len(others)} more" if others else ""
        yield Diagnostic(
            rule_of(breakdown_not_recorded),
            f"`{first.name}`{more} {'are' if others else 'is'} broken down `by {concept}`, and nothing in reach records it",
            place,
            "The table could not be made (PIM principle 3, Defined purpose).",
            _recorded_with(concept, first.tags.purposes if len(form.purposes) > 1 else ()),
            related=tuple((f"`{item.name}` too", at) for item, at in others[:3]),
        )


def _recorded_with(concept: str, purposes: tuple[str, ...]) -> str:
    """What to add. With several purposes the questions of the module need one, too."""
    modules = table("concepts")[concept].get("modules", ())
    own = f"add `gives {concept}` under the question that asks it"
    if not modules:
        return f"{own}, or take `{concept}` out of `by`"
    served = f" for {purposes[0]}" if purposes else ""
    uses = " or ".join(f"`use {module}{served}`" for module in modules)
    return f"add {uses}, or {own}"


@rule("PIM318", "questions-without-indicator", Severity.WARNING, standard=PRINCIPLE)
def questions_without_indicator(form: Form) -> Iterator[Diagnostic]:
    """
    From MODERATE on, some questions of a purpose serve none of its indicators.

    ## Why
    The most common mistake of a questionnaire is to ask more than anybody analyses. A question counts as used if an
    indicator names it or a group around it, if a used calculation or a check on a used answer reads it, or if it decides
    whether a used question is asked. What gives a concept, such as sex, is used by `by`. Of a purpose without any
    indicator this is said only when more than five questions serve it.

    ## Bad
    ```pim
    purpose lights "Lights"
      need "Where it is dark"
      tell people "put lights where people need them"
      decide "Where lights go" by "Site planning group" before 2027-01-31
      already known "Site map" but "shows no lights"
      indicator "Places without light" from lit
    ask lit yes_no "Are there lights here?" for lights
    ask colour yes_no "Is the light white?" for lights
      sensitivity moderate
    ask open yes_no "Is the desk open?" for services
    ```

    ## Good
    ```pim
    purpose lights "Lights"
      need "Where it is dark"
      tell people "put lights where people need them"
      decide "Where lights go" by "Site planning group" before 2027-01-31
      already known "Site map" but "shows no lights"
      indicator "Places without light" from lit
      indicator "Places where the light does not help to see faces" from colour
    ask lit yes_no "Are there lights here?" for lights
    ask colour yes_no "Is the light white?" for lights
      sensitivity moderate
    ask open yes_no "Is the desk open?" for services
    ```
    """
    if form.level is Level.LOW:
        return
    limits = table("limits")["orphans"]
    asked: dict[str, list[Question]] = {}
    for item in questions_in(form.items):
        if not item.tags.gives and item.of is None and not item.damaged:
            for served in item.tags.purposes:
                asked.setdefault(served, []).append(item)
    used = _used(form)
    for name, purpose in form.purposes.items():
        serving = asked.get(name, [])
        orphans = [question.name for question in serving if question.name not in used]
        if name == INTERVIEW or not orphans or (not purpose.indicators and len(serving) <= limits["without_plan"]):
            continue
        yield Diagnostic(
            rule_of(questions_without_indicator),
            f"no indicator is made from {len(orphans)} of the {len(serving)} questions for `{name}`: "
            + some_of([f"`{orphan}`" for orphan in orphans], limits["named"]),
            purpose.place,
            "What nobody analyses need not be asked (PIM principle 3, Defined purpose).",
            f"take out what nobody will read. For the others add under `purpose {name}` what is made from them; one line may "
            f'name several: indicator "…" from {", ".join(orphans[: limits["named"]])}',
        )


def _used(form: Form) -> set[str]:
    """Every item that an indicator or a breakdown needs: named, read by a calculation, or read to know whether to ask."""
    items = index(form.items)
    indicators = [indicator for purpose in form.purposes.values() for indicator in purpose.indicators]
    waiting = [source for indicator in indicators for source, _ in indicator.sources]
    waiting.extend(name for name, stop in items.items() if stop.item.tags.gives)
    used: set[str] = set()
    while waiting:
        name = waiting.pop()
        if name in used:
            continue
        used.add(name)
        if name in form.conditions:
            waiting.extend(names(form.conditions[name]))
        if name not in items:
            continue
        waiting.extend(_needed_by(items[name]))
    return used


def _needed_by(stop: Stop) -> Iterator[str]:
    item = stop.item
    if isinstance(item, (Group, Repeat)):
        yield from (inner.name for inner in item.items)
    for condition in stop.conditions:
        yield from names(condition)
    if isinstance(item, Calculation):
        yield from names(item.value)
    elif isinstance(item, Lookup):
        yield from names(item.key)
    elif isinstance(item, Question):
        yield from (name for name in (item.of, item.offer, item.within) if name is not None)
        for must in item.musts:
            yield from names(must.condition)


@rule("PIM303", "indicator-source-unknown", Severity.ERROR, standard=PRINCIPLE)
def indicator_source_unknown(form: Form) -> Iterator[Diagnostic]:
    """
    An indicator names answers that the form does not have.

    ## Why
    The figure could not be made.

    ## Bad
    ```pim
    form check "Check"
      organisation "Relief"
      category     sectoral
      population   "People in block C"
      contact      "Desk, block C"
    purpose services "Better services"
      tell people "make services better"
      indicator "Desks that are open" from opne
    ask open yes_no "Is the desk open?"
    ```

    ## Good
    ```pim
    form check "Check"
      organisation "Relief"
      category     sectoral
      population   "People in block C"
      contact      "Desk, block C"
    purpose services "Better services"
      tell people "make services better"
      indicator "Desks that are open" from open
    ask open yes_no "Is the desk open?"
    ```
    """
    known = {item.name for item in walk(form.items) if not isinstance(item, ConsentPoint)}
    containers = {item.name for item in walk(form.items) if isinstance(item, (Group, Repeat))}
    for purpose in form.purposes.values():
        for indicator in purpose.indicators:
            for name, place in indicator.sources:
                if name not in known | containers and name not in form.names_of_damaged:
                    yield Diagnostic(
                        rule_of(indicator_source_unknown),
                        f"this indicator is made from `{name}`, which is not asked",
                        place,
                        "The figure could not be made.",
                        "name a question of this form",
                    )
