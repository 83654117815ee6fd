"""Principle 3, defined purpose and proportionality."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from pimforms.diagnostics import Diagnostic, Severity, rule, rule_of
from pimforms.model.facts import Purpose
from pimforms.model.form import INTERVIEW, Form, Group, Item, Question, Repeat
from pimforms.model.level import Level
from pimforms.model.text import Text
from pimforms.model.walk import questions_in, walk
from pimforms.model.wordlike import normalised
from pimforms.rules.placeholders import says_nothing
from pimforms.source import Place
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
    for place, together in _by_the_line_that_lacks_it(form):
        near = next((name for each in together for name in each.tags.purposes if name in form.purposes), near)
        questions = [question for question in together if not question.tags.purposes]
        if not questions:
            continue
        first, more = questions[0], len(questions) - 1
        others = ", ".join(name for name in form.purposes if name != near)
        instead = f" (or {others})" if others else ""
        via = place == first.via
        where = "at the `use` line that brings it in" if via else "here or on a group around it"
        if more:
            where = "at the `use` line that brings them in" if via else "on this group"
        ties = f"and {more} more are tied" if more else "is tied"
        it = "they are" if more else "it is"
        yield Diagnostic(
            rule_of(question_without_purpose),
            f"`{first.name}` {ties} to no purpose",
            place,
            "A question nobody will use is a risk taken for nothing (PIM principle 3, Defined purpose).",
            _breakdown(questions)
            + f"add `for {near}` behind this line{instead}, or state what {it} for in a new `purpose`",
            f"no `for`, {where}",
            related=(("the question in the library", first.place),) if via else (),
        )


def _breakdown(questions: Sequence[Question]) -> str:
    """Sex, age and their like have the purposes of what is broken down by them: that is what their author means first."""
    concepts = table("concepts")
    given = [concepts.get(question.tags.gives or "", {}) for question in questions]
    if not all(each.get("identifies") == "quasi" for each in given):
        return ""
    names = dict.fromkeys(each.get("serves", q.tags.gives) for each, q in zip(given, questions, strict=True))
    return f"add to the group whose answers are compared: by {', '.join(map(str, names))}; or "


def _by_the_line_that_lacks_it(form: Form) -> Iterator[tuple[Place, list[Question]]]:
    """The questions, put together where one `for` would do for all: at the line of a module, or at a group without any."""
    waiting: dict[Place, list[Question]] = {}

    def visit(items: Iterable[Item], group: Place | None) -> None:
        for item in items:
            if isinstance(item, (Group, Repeat)):
                own = [question for question in questions_in(item.items) if question.tags.gives is None]
                untied = len(own) > 1 and not any(question.tags.purposes for question in own)
                visit(item.items, group or (item.place if untied and item.via is None else None))
            elif isinstance(item, Question) and not item.damaged and item.of is None:
                waiting.setdefault(group or item.via or item.place, []).append(item)

    visit(form.items, None)
    yield from waiting.items()


@rule("PIM302", "purpose-incomplete", Severity.ERROR, standard=PRINCIPLE, waivable=True)
def purpose_incomplete(form: Form) -> Iterator[Diagnostic]:
    """
    From MODERATE on, a purpose says what must be known, what will be decided, and who decides.

    ## Why
    Protection information is aimed at action. If nobody decides anything differently, the answers are not needed, and the
    people asked carry a risk for nothing. "For analysis", "to know the situation", "various" or "TBD" name no action. The
    same need or decision in two purposes is only a warning: often one of them was copied and never written.

    ## Bad
    ```pim
    form safety_check "Safety"
      organisation "Relief"
      category     protection_monitoring
      interview    site, face to face
      population   "People in block C"
      contact      "Desk, block C"
      staff        protection_lead "Head of protection", im_lead "Head of information"
      feedback     "a community meeting in each block" within 30 days
      searched     2026-10-20 "HDX"
    purpose services "Safer sites"
      tell people "make places safer"
      need "Where people feel safe"
      decide "To be decided, for analysis" by "TBD" before 2027-01-31
      already known "Census" but "no question on safety"
    risk blame "Who calls a place unsafe is blamed for it"
      harms      respondent
      likelihood low
      impact     moderate
      protect by no_names
      owner      "Head of protection"
      review     2027-01-31
    ask safe yes_no "Do you feel safe here?"
      sensitivity moderate
    ```

    ## Good
    ```pim
    form safety_check "Safety"
      organisation "Relief"
      category     protection_monitoring
      interview    site, face to face
      population   "People in block C"
      contact      "Desk, block C"
      staff        protection_lead "Head of protection", im_lead "Head of information"
      feedback     "a community meeting in each block" within 30 days
      searched     2026-10-20 "HDX"
    purpose services "Safer sites"
      tell people "make places safer"
      need "Where people feel safe"
      decide "Where lights go" by "Site planning group" before 2027-01-31
      already known "Census" but "no question on safety"
    risk blame "Who calls a place unsafe is blamed for it"
      harms      respondent
      likelihood low
      impact     moderate
      protect by no_names
      owner      "Head of protection"
      review     2027-01-31
    ask safe yes_no "Do you feel safe here?"
      sensitivity moderate
    ```
    """
    if form.level is Level.LOW:
        return
    for purpose in form.purposes.values():
        missing = _missing(purpose)
        if missing:
            words = " and ".join(f"no {word}" for word, _ in missing)
            yield Diagnostic(
                rule_of(purpose_incomplete),
                f"the purpose `{purpose.name}` has {words}",
                purpose.place,
                f"This form is {form.level.name}. Information must be aimed at action (PIM principle 3).",
                "add under it:\n" + "\n".join(fix for _, fix in missing),
            )
        yield from _placeholders(purpose)
    yield from _said_twice(form)


def _missing(purpose: Purpose) -> list[tuple[str, str]]:
    """What a purpose does not say, and how it would be written. A gap left in it is said again, as a text that says nothing."""
    missing = []
    if purpose.need is None:
        missing.append(("need", '  need "…"  # what must be known'))
    if purpose.decision is None:
        missing.append(("decision", '  decide "…" by "…"  # what will be done differently, and who decides'))
    elif purpose.decision.by is None:
        missing.append(("decider", '  (at the end of `decide`) by "…"  # who decides'))
    return missing


def _placeholders(purpose: Purpose) -> Iterator[Diagnostic]:
    need, decision = purpose.need, purpose.decision
    said: list[tuple[str, Text | str | None, Place, str]] = []
    if need is not None:
        said.append(("need", need, need.place, 'need "Where, and why, people lack birth documents"'))
    if decision is not None:
        example = 'decide "Which districts get mobile registry visits"'
        said.append(("decision", decision.text, decision.place, example))
        said.append(("decider", decision.by, decision.place, 'by "Legal aid working group"'))
    said.extend(
        ("indicator", each.text, each.place, 'indicator "Households with someone without papers" from …')
        for each in purpose.indicators
    )
    for word, text, place, example in said:
        if says_nothing(text):
            shown = next(iter(text.values.values())) if isinstance(text, Text) else text
            yield Diagnostic(
                rule_of(purpose_incomplete),
                f'the {word} of `{purpose.name}` says nothing yet: "{shown}"',
                place,
                "Information must be aimed at action (PIM principle 3).",
                f"write what is meant, for example: {example}",
            )


def _said_twice(form: Form) -> Iterator[Diagnostic]:
    """The same need or decision in two purposes. Two purposes may well be decided by one group."""
    language = form.facts.languages[0]
    for word in ("need", "decision"):
        seen: dict[str, Purpose] = {}
        for purpose in form.purposes.values():
            text = _text(purpose, word)
            plain = normalised(text.get(language)) if text else ""
            if text is None or not plain or says_nothing(text):
                continue
            first = seen.setdefault(plain, purpose)
            if first is not purpose:
                earlier = _text(first, word)
                yield Diagnostic(
                    rule_of(purpose_incomplete),
                    f"`{purpose.name}` has the same {word} as `{first.name}`",
                    text.place,
                    "Two purposes with one text are one purpose, or one was never written (PIM principle 3).",
                    f"say what is different for `{purpose.name}`, or make one purpose of the two",
                    severity=Severity.WARNING,
                    related=((f"the same text in `{first.name}`", earlier.place),) if earlier else (),
                )


def _text(purpose: Purpose, word: str) -> Text | None:
    if word == "need":
        return purpose.need
    return purpose.decision.text if purpose.decision else None


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
    questions = list(questions_in(form.items))
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
