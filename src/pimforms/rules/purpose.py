"""Principle 3, defined purpose and proportionality."""

from __future__ import annotations

from collections.abc import Iterator

from pimforms.diagnostics import Diagnostic, Severity, rule, rule_of
from pimforms.model.form import INTERVIEW, ConsentPoint, Form, Group, Question, Repeat
from pimforms.model.level import Level
from pimforms.model.walk import walk
from pimforms.standards.data import table

PRINCIPLE = "PIM principle 3, Defined purpose"


@rule("PIM301", "question-without-purpose", Severity.ERROR, standard=PRINCIPLE)
def question_without_purpose(form: Form) -> Iterator[Diagnostic]:
    """
    Every question serves a purpose, by its own `for`, or by one on a group around it.

    ## Why
    A question nobody will use is a risk taken for nothing. Notes, calculations and what the phone records need none; what
    gives a concept, like sex or age, has the purposes of what is broken down by it. In a form with one purpose, `for` may
    be left out.

    ## Bad
    ```pim
    purpose safety "Safer sites"
      need "Where people feel safe"
      tell people "make places safer"
      decide "Where lights go" by "Site planning group"
    ask lights yes_no "Are there lights here?" for safety
    ask water yes_no "Is there water here?" for services
    ask sold yes_no "Did you sell something to buy food?"
    ```

    ## Good
    ```pim
    purpose safety "Safer sites"
      need "Where people feel safe"
      tell people "make places safer"
      decide "Where lights go" by "Site planning group"
    ask lights yes_no "Are there lights here?" for safety
    ask water yes_no "Is there water here?" for services
    ask sold yes_no "Did you sell something to buy food?" for services
    ```
    """
    near = next(iter(form.purposes), "NAME")
    for item in walk(form.items):
        if not isinstance(item, Question) or item.damaged or item.of is not None:
            continue
        if item.tags.purposes:
            near = item.tags.purposes[0] if item.tags.purposes[0] in form.purposes else near
            continue
        others = ", ".join(name for name in form.purposes if name != near)
        instead = f" (or {others})" if others else ""
        via = item.via is not None
        where = "at the `use` line that brings it in" if via else "here or on a group around it"
        fix = f"add `for {near}` behind this line{instead}, or state what it is for in a new `purpose`"
        yield Diagnostic(
            rule_of(question_without_purpose),
            f"`{item.name}` is tied to no purpose",
            item.via or item.place,
            "A question nobody will use is a risk taken for nothing (PIM principle 3, Defined purpose).",
            fix,
            f"no `for`, {where}",
            related=(("the question in the library", item.place),) if via else (),
        )


@rule("PIM302", "purpose-incomplete", Severity.ERROR, standard=PRINCIPLE, waivable=True)
def purpose_incomplete(form: Form) -> Iterator[Diagnostic]:
    """
    From MODERATE on, a purpose says what must be known, what will be decided, and who decides.

    ## Why
    Protection information is aimed at action. If nobody decides anything differently, the answers are not needed, and the
    people asked carry a risk for nothing.

    ## Bad
    ```pim
    form safety_check "Safety"
      organisation "Relief"
      category     protection_monitoring
      population   "People in block C"
      contact      "Desk, block C"
    purpose services "Safer sites"
      tell people "make places safer"
    ask safe yes_no "Do you feel safe here?"
      sensitivity moderate
    ```

    ## Good
    ```pim
    form safety_check "Safety"
      organisation "Relief"
      category     protection_monitoring
      population   "People in block C"
      contact      "Desk, block C"
    purpose services "Safer sites"
      need "Where people feel safe"
      tell people "make places safer"
      decide "Where lights go" by "Site planning group"
    ask safe yes_no "Do you feel safe here?"
      sensitivity moderate
    ```
    """
    if form.level is Level.LOW:
        return
    for purpose in form.purposes.values():
        missing = []
        if purpose.need is None:
            missing.append(("need", 'need "What must be known"'))
        if purpose.decision is None:
            missing.append(("decision", 'decide "What will be done differently" by "Who decides"'))
        elif purpose.decision.by is None:
            missing.append(("decider", 'add: by "Who decides"'))
        if missing:
            words = " and ".join(f"no {word}" for word, _ in missing)
            yield Diagnostic(
                rule_of(purpose_incomplete),
                f"the purpose `{purpose.name}` has {words}",
                purpose.place,
                f"This form is {form.level.word}. Information must be aimed at action (PIM principle 3).",
                "; ".join(fix for _, fix in missing),
            )


@rule("PIM305", "purpose-not-told", Severity.ERROR, standard=PRINCIPLE)
def purpose_not_told(form: Form) -> Iterator[Diagnostic]:
    """
    Every purpose says in plain words what people are told about it.

    ## Why
    The consent speaks it: "We will use the answers to …". A purpose that cannot be said to the people asked is not one.

    ## Bad
    ```pim
    purpose lights "Lights"
    ask lit yes_no "Are there lights here?" for lights
    ask open yes_no "Is the desk open?" for services
    ```

    ## Good
    ```pim
    purpose lights "Lights"
      tell people "put lights where people need them"
    ask lit yes_no "Are there lights here?" for lights
    ask open yes_no "Is the desk open?" for services
    ```
    """
    for purpose in form.purposes.values():
        if purpose.tell is None:
            yield Diagnostic(
                rule_of(purpose_not_told),
                f"people are not told what `{purpose.name}` is for",
                purpose.place,
                "The consent says: We will use the answers to … (PIM principle 3, defined and communicated).",
                'add: tell people "find out …"',
            )


@rule("PIM307", "category-missing", Severity.ERROR, standard="PIM Matrix, 2018")
def category_missing(form: Form) -> Iterator[Diagnostic]:
    """
    A form says which column of the PIM Matrix it belongs to.

    ## Why
    What is normal differs: names belong in case management, not in protection monitoring. The category also supplies what
    the form does not say, like how long records are kept.

    ## Bad
    ```pim
    form check "Check"
      organisation "Relief"
      population   "People in block C"
      contact      "Desk, block C"
    purpose services "Better services"
      tell people "make services better"
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
    ask open yes_no "Is the desk open?"
    ```
    """
    if form.facts.category is None and form.facts.category_place is None:
        known = ", ".join(table("categories"))
        yield Diagnostic(
            rule_of(category_missing),
            "this form has no category",
            form.place,
            "The category says what is usual for this kind of work (PIM Matrix).",
            f"add `category …` under `form`, one of: {known}",
        )


@rule("PIM313", "nothing-asked", Severity.ERROR, standard=PRINCIPLE)
def nothing_asked(form: Form) -> Iterator[Diagnostic]:
    """
    A form asks nothing.

    ## Why
    People would be asked for their consent to nothing.

    ## Bad
    ```pim
    note welcome "Welcome."
    ```

    ## Good
    ```pim
    note welcome "Welcome."
    ask open yes_no "Is the desk open?"
    ```
    """
    if form.names_of_damaged or any(isinstance(item, (Question, Group, Repeat)) for item in walk(form.items)):
        return
    yield Diagnostic(
        rule_of(nothing_asked),
        "this form asks nothing",
        form.place,
        "People would be asked for their consent to nothing.",
        'add a question: ask NAME yes_no "…?"',
    )


@rule("PIM311", "purpose-unused", Severity.WARNING, standard=PRINCIPLE)
def purpose_unused(form: Form) -> Iterator[Diagnostic]:
    """
    A purpose that no question serves.

    ## Why
    Either a question is missing, or people would be told of something the form does not do.

    ## Bad
    ```pim
    purpose lights "Lights"
      tell people "put lights where people need them"
    ask open yes_no "Is the desk open?" for services
    ```

    ## Good
    ```pim
    purpose lights "Lights"
      tell people "put lights where people need them"
    ask open yes_no "Is the desk open?" for services
    ask lit yes_no "Are there lights here?" for lights
    ```
    """
    questions = [item for item in walk(form.items) if isinstance(item, Question)]
    used = {name for question in questions for name in question.tags.purposes}
    for purpose in form.purposes.values() if questions else ():
        if purpose.name not in used and purpose.name != INTERVIEW:
            yield Diagnostic(
                rule_of(purpose_unused),
                f"no question serves the purpose `{purpose.name}`",
                purpose.place,
                "People would be told of something that the form does not do.",
                f"add `for {purpose.name}` to a group or a question, or take the purpose out",
            )


@rule("PIM312", "population-missing", Severity.ERROR, standard=PRINCIPLE)
def population_missing(form: Form) -> Iterator[Diagnostic]:
    """
    A form says which people it is about.

    ## Why
    Without it nobody can say later whom the figures speak of.

    ## Bad
    ```pim
    form check "Check"
      organisation "Relief"
      category     sectoral
      contact      "Desk, block C"
    purpose services "Better services"
      tell people "make services better"
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
    ask open yes_no "Is the desk open?"
    ```
    """
    if form.facts.population is None:
        yield Diagnostic(
            rule_of(population_missing),
            "this form does not say which people it is about",
            form.place,
            "Without it nobody can say whom the figures speak of (PIM principle 3, specific).",
            'add `population "…"` under `form`',
        )


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
