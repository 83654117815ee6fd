"""Principle 2, do no harm: in which order things are asked, what is not asked here, and who is not named."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from pimforms.diagnostics import Diagnostic, Severity, rule, rule_of
from pimforms.model.children import SPECIALISTS, topics_of
from pimforms.model.facts import Forbidden
from pimforms.model.form import INTERVIEW, Form, Question
from pimforms.model.level import Level
from pimforms.model.reach import broader
from pimforms.model.walk import own_questions
from pimforms.rules import words
from pimforms.standards.data import table

PRINCIPLE = "PIM principle 2, Do no harm"


@rule("PIM209", "sensitive-first-or-last", Severity.WARNING, standard=PRINCIPLE)
def sensitive_first_or_last(form: Form) -> Iterator[Diagnostic]:
    """
    A HIGH question stands in the first third of the form, or at its end.

    ## Why
    People speak of hard things when they know who asks, and they should not be left alone with them. So HIGH and SEVERE
    questions stand neither in the first third nor at the end: something lighter follows, like what would help, or the
    module `closing`. Forms with fewer than nine questions are not looked at (limits.toml).

    ## Bad
    ```pim
    purpose going "Getting to the office"
      need        "Who cannot get to the office"
      tell people "make the way to the office shorter"
      decide      "Where a second desk opens" by "Service group" before 2027-01-31
    ask papers yes_no "Do you lack papers?" for going
      topic civil_documents
    ask water yes_no "Is there water here?" for services
    ask light yes_no "Is there light here?" for services
    ask school yes_no "Is there a school here?" for services
    ask market yes_no "Is there a market here?" for services
    ask clinic yes_no "Is there a clinic here?" for services
    ask road yes_no "Is the road open?" for going
    ask bus yes_no "Is there a bus?" for going
    ask desk yes_no "Is the desk open?" for going
    ```

    ## Good
    ```pim
    purpose going "Getting to the office"
      need        "Who cannot get to the office"
      tell people "make the way to the office shorter"
      decide      "Where a second desk opens" by "Service group" before 2027-01-31
    ask water yes_no "Is there water here?" for services
    ask light yes_no "Is there light here?" for services
    ask school yes_no "Is there a school here?" for services
    ask market yes_no "Is there a market here?" for services
    ask clinic yes_no "Is there a clinic here?" for services
    ask papers yes_no "Do you lack papers?" for going
      topic civil_documents
    ask road yes_no "Is the road open?" for going
    ask bus yes_no "Is there a bus?" for going
    ask desk yes_no "Is the desk open?" for going
    ```
    """
    if form.level < Level.HIGH:
        return
    everything = [item for item in own_questions(form) if item.of is None]
    asked = [item for item in everything if item.tags.purposes != (INTERVIEW,)]
    if len(asked) < table("limits")["order"]["least"]:
        return
    early = [(turn, item) for turn, item in enumerate(asked[: len(asked) // 3], 1) if item.tags.level >= Level.HIGH]
    if early:
        turn, first = early[0]
        more = f", and {len(early) - 1} more in the first third" if len(early) > 1 else ""
        yield Diagnostic(
            rule_of(sensitive_first_or_last),
            f"`{first.name}` is {first.tags.level.name} and comes early: question {turn} of {len(asked)}{more}",
            first.via or first.place,
            f"People speak of hard things when they know who asks ({PRINCIPLE}).",
            "move it behind the lighter questions",
        )
    last = everything[-1]
    if last.tags.level >= Level.HIGH:
        yield Diagnostic(
            rule_of(sensitive_first_or_last),
            f"the form ends on `{last.name}`, which is {last.tags.level.name}",
            last.via or last.place,
            f"Nobody should be left alone with it ({PRINCIPLE}).",
            "put a lighter part behind it, for example: use closing",
        )


@rule("PIM210", "forbidden-here", Severity.ERROR, standard=PRINCIPLE)
def forbidden_here(form: Form) -> Iterator[Diagnostic]:
    """
    A question asks what the form or its country pack says must not be asked.

    ## Why
    What is harmless in one country kills in another. A country office decides it once for every partner, in its pack
    (`do not ask`). What has that topic, or gives that concept, is an error, and so is a list in which religions can be
    ticked. Words alone, in a question or in a choice, are a warning: look whether they ask for it.

    ## Bad
    ```pim
    form desk "Desk"
      organisation "Relief"
      category     sectoral
      population   "People in block C"
      contact      "Desk, block C"
      do not ask   religion
    purpose better "Better services"
      tell people "make services better"
    ask faith text "What is your religion?"
      sensitivity low because "The desk serves one community only"
    ask group one "To which of these do you belong?"
      - a "Muslim"
      - b "Christian"
      - c "Other"
    ```

    ## Good
    ```pim
    form desk "Desk"
      organisation "Relief"
      category     sectoral
      population   "People in block C"
      contact      "Desk, block C"
      do not ask   religion
    purpose better "Better services"
      tell people "make services better"
    ask served yes_no "Did the desk serve you today?"
    ```
    """
    forbidden = {each.term: each for each in reversed(form.facts.forbidden)}
    if not forbidden:
        return
    for item in own_questions(form):
        gives = item.tags.gives
        said = dict.fromkeys((*topics_of(form, item), *((gives, broader(gives)) if gives else ())))
        term = next((each for each in said if each in forbidden), None)
        if term is not None:
            yield _refused(item, forbidden[term], f"`{item.name}` is about `{term}`, which is not asked here")
        else:
            yield from _by_words(form, item, forbidden)


def _by_words(form: Form, item: Question, forbidden: Mapping[str, Forbidden]) -> Iterator[Diagnostic]:
    """What the words of a question, its hint and its choices say: one finding a term."""
    listed = form.lists.get(item.choices or "")
    labels = [choice.label for choice in listed.choices] if listed is not None else []
    for term, each in forbidden.items():
        said = words.possible(labels, "topic_words", "named", term)
        named = [hit.words for label in labels if (hit := words.find((label,), said)) is not None]
        if len(set(named)) > 1:
            message = (
                f"`{item.name}` offers “{named[0]}” and “{named[1]}”: that asks for `{term}`, which is not asked here"
            )
            yield _refused(item, each, message)
            continue
        looked = words.possible((item.label, item.hint, *labels), "topic_words", term)
        asked = words.find((item.label, item.hint), looked)
        hit = asked or words.find(labels, looked)
        if hit is not None:
            where = "" if asked else "a choice of "
            message = f"“{hit.words}” in {where}`{item.name}` sounds like `{term}`, which is not asked here"
            yield _refused(item, each, message, Severity.WARNING)


def _refused(item: Question, forbidden: Forbidden, message: str, severity: Severity | None = None) -> Diagnostic:
    who = f"the country pack `{forbidden.pack}`" if forbidden.pack else "`do not ask`"
    return Diagnostic(
        rule_of(forbidden_here),
        message,
        item.via or item.place,
        f"{who[0].upper()}{who[1:]} says so for everyone who is asked ({PRINCIPLE}).",
        "take the question out" if severity is None else "say it otherwise, or take it out if it asks for that",
        severity=severity,
        related=((f"{who} says so", forbidden.place),),
    )


@rule("PIM211", "third-person-named", Severity.ERROR, standard=PRINCIPLE, waivable=True)
def third_person_named(form: Form) -> Iterator[Diagnostic]:
    """
    A question asks to name or describe one other person: who did it, who commands, what the neighbour is called.

    ## Why
    That person did not agree. A wrong name can get somebody killed, and a right one the person who said it. Only case
    management, where a specialist must know, asks for it. The words stand in the table of words of the form library; who
    helps, who decides in the household, or which kind of group it was is no such question.

    ## Bad
    ```pim
    ask who_commands text "Who commands the checkpoint?"
    ```

    ## Good
    ```pim
    ask checkpoint_open yes_no "Can you pass the checkpoint by day?"
    ```
    """
    if form.facts.category == SPECIALISTS:
        return
    questions = list(own_questions(form))
    texts = [text for item in questions for text in (item.label, item.hint)]
    looked = words.possible(texts, "third_party_words", "words")
    for item in questions if looked else ():
        hit = words.find((item.label, item.hint), looked, item.kind)
        if hit is not None:
            yield Diagnostic(
                rule_of(third_person_named),
                f"`{item.name}` asks for one other person: “{hit.words}”",
                item.via or item.place,
                f"That person did not agree, and naming them can kill ({PRINCIPLE}; ICRC Professional Standards).",
                "ask what happens at the place, or for a kind of actor in a list, never for one person",
            )
