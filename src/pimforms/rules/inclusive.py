"""Principle 1, people-centred and inclusive: the languages in which people are asked."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pimforms.diagnostics import Diagnostic, Severity, rule, rule_of
from pimforms.model.form import Form, Group, Note, Question, Repeat
from pimforms.model.level import Level
from pimforms.model.text import Text, is_blank, is_official, module_of
from pimforms.model.walk import questions_in, walk
from pimforms.source import Place
from pimforms.standards.data import table

PRINCIPLE = "PIM principle 1, People-centred and inclusive"
# What says in which language it was asked, and whether somebody interpreted.
_LANGUAGE_RECORDED = ("interview_language", "interpreter")
_SPECIFY_ON_THE_LINE = re.compile(r"\bspecify\s+[\"“”«]")


@rule("PIM103", "official-wording-missing", Severity.WARNING, standard="Washington Group on Disability Statistics")
def official_wording_missing(form: Form) -> Iterator[Diagnostic]:
    """
    The official translation of a standard set of questions is not loaded.

    ## Why
    The Washington Group questions are used word for word, also in translation; a free translation has reversed answers
    before. Until the official text is loaded, the English text stands in that language's column.

    ## Bad
    ```pim
    form check "Check"
      organisation "Relief"
        fr: "Secours"
      category     sectoral
      interview    service, face to face
      population   "People in block C"
      contact      "Desk"
        fr: "Bureau"
      languages    en, fr
      staff        protection_lead "Head of protection", im_lead "Head of information"
      searched     2026-10-20 "HDX"
      feedback     "a notice at the desk" within 60 days
        fr: "une affiche au bureau"
    purpose services "Better services"
      topic services
      need "Who has difficulties"
      already known "Camp census" but "no question on difficulties"
      tell people "make services better"
        fr: "améliorer les services"
      decide "Where ramps are built" by "Site planning group" before 2027-01-31
    risk shame "Somebody is laughed at for what was said"
      harms      respondent
      likelihood low
      impact     moderate
      protect by no_gps
      owner      "Head of protection"
      review     2027-01-31
    use wg_ss
    ```

    ## Good
    ```pim
    form check "Check"
      organisation "Relief"
      category     sectoral
      interview    service, face to face
      population   "People in block C"
      contact      "Desk"
      staff        protection_lead "Head of protection", im_lead "Head of information"
      searched     2026-10-20 "HDX"
      feedback     "a notice at the desk" within 60 days
    purpose services "Better services"
      need "Who has difficulties"
      already known "Camp census" but "no question on difficulties"
      tell people "make services better"
      decide "Where ramps are built" by "Site planning group" before 2027-01-31
    risk shame "Somebody is laughed at for what was said"
      harms      respondent
      likelihood low
      impact     moderate
      protect by no_gps
      owner      "Head of protection"
      review     2027-01-31
    use wg_ss
    ```
    """
    missing: dict[tuple[str, str], Place] = {}
    for text, place, via in _texts(form):
        for language in form.facts.languages if is_official(text) else ():
            if language not in text.values:
                missing.setdefault((module_of(text), language), via or place)
    for (module, language), place in missing.items():
        yield Diagnostic(
            rule_of(official_wording_missing),
            f"`{module}` has no official wording in `{language}`; English stands in its place",
            place,
            "These questions are used word for word, also in translation (Washington Group).",
            "load the official translation, or interview in English with an interpreter who has it",
        )


@rule("PIM104", "translation-missing", Severity.ERROR, standard=PRINCIPLE, waivable=True)
def translation_missing(form: Form) -> Iterator[Diagnostic]:
    """
    A text is not there in one of the languages of the form.

    ## Why
    On the phone a `-` would stand in its place, or `…`, or a language that the person does not read. What is asked must be asked
    of everyone.

    ## Bad
    ```pim
    form check "Check"
      organisation "Relief"
        fr: "Secours"
      category     sectoral
      population   "People in block C"
      contact      "Desk"
        fr: "Bureau"
      languages    en, fr
    purpose services "Better services"
      topic services
      tell people "make services better"
        fr: "améliorer les services"
    ask open yes_no "Is the desk open?"
    ```

    ## Good
    ```pim
    form check "Check"
      organisation "Relief"
        fr: "Secours"
      category     sectoral
      population   "People in block C"
      contact      "Desk"
        fr: "Bureau"
      languages    en, fr
    purpose services "Better services"
      topic services
      tell people "make services better"
        fr: "améliorer les services"
    ask open yes_no "Is the desk open?"
      fr: "Le bureau est-il ouvert ?"
    ```
    """
    said: set[tuple[str, str]] = set()
    for text, place, via in _texts(form):
        if is_official(text):
            continue
        module = module_of(text)
        for language in form.facts.languages:
            if not _is_gap(text.values.get(language, ""), text):
                continue
            if via is not None:
                if (module, language) in said:
                    continue
                said.add((module, language))
                message, fix = (
                    f"`{module}` is not translated into `{language}`",
                    "choose another module, or ask its authors",
                )
            else:
                shown = next(iter(text.values.values()), "")
                message = f"“{_short(shown)}” is missing in `{language}`"
                # A name is often the same in every language.
                usual = shown if text is form.facts.organisation else "…"
                fix = _translated(text, language, usual)
            yield Diagnostic(
                rule_of(translation_missing),
                message,
                via or place,
                "On the phone a gap would stand in its place (PIM principle 1, People-centred and inclusive).",
                fix,
            )


@rule("PIM105", "language-without-consent", Severity.ERROR, standard=PRINCIPLE)
def language_without_consent(form: Form) -> Iterator[Diagnostic]:
    """
    A language of the form has no consent wording yet.

    ## Why
    The consent would be silent in that language. Nobody can agree to what they do not understand.

    ## Bad
    ```pim
    form check "Check"
      organisation "Relief"
      category     sectoral
      population   "People in block C"
      contact      "Desk"
      languages    zz
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
      contact      "Desk"
      languages    en
    purpose services "Better services"
      tell people "make services better"
    ask open yes_no "Is the desk open?"
    ```
    """
    strings = table("consent")["strings"]
    known = sorted(strings["agree"])
    for language in form.facts.languages:
        if language not in known:
            yield Diagnostic(
                rule_of(language_without_consent),
                f"the consent cannot be spoken in `{language}`",
                form.place,
                f"Its wording exists in: {', '.join(known)}. Nobody can agree to what they do not understand.",
                "take the language out, or add its wording to the form library",
            )


@rule("PIM115", "language-not-spoken", Severity.WARNING, standard=PRINCIPLE)
def language_not_spoken(form: Form) -> Iterator[Diagnostic]:
    """
    Many people here speak none of the languages of the form, or nothing records in which language they were asked.

    ## Why
    People agree to what they understand. Where `people speak` says which languages people have, those of the form should
    reach four of five people, and each interview records its language and whether somebody interpreted. Then the results
    can say who was reached only through an interpreter.

    ## Bad
    ```pim
    form check "Check"
      organisation "Relief"
      category     sectoral
      population   "People in block C"
      contact      "Desk"
      languages    en
      people speak ha 62, en 38 from "Camp census, August 2026"
    purpose services "Better services"
      tell people "make services better"
    use header
    ask open yes_no "Is the desk open?"
    ```

    ## Good
    ```pim
    form check "Check"
      organisation "Relief"
      category     sectoral
      population   "People in block C"
      contact      "Desk"
      languages    en
      people speak ha 12, en 88 from "Camp census, August 2026"
    purpose services "Better services"
      tell people "make services better"
    use header
    ask open yes_no "Is the desk open?"
    ```
    """
    facts = form.facts
    if not facts.people_speak:
        return
    place = facts.people_speak_place or form.place
    spoken = table("consent")["strings"]["agree"]
    understood = sum(
        share for language, share in facts.people_speak if language in facts.languages and language in spoken
    )
    if understood < table("inclusion")["spoken"]["covered"]:
        missing = [(share, language) for language, share in facts.people_speak if language not in facts.languages]
        largest = max(missing)[1] if missing else ""
        yield Diagnostic(
            rule_of(language_not_spoken),
            f"the consent reaches {understood:g}% of the people in a language that they speak",
            place,
            f"Nobody can agree to what they do not understand ({PRINCIPLE}).",
            f"add `{largest}` to `languages`, or plan interpreters and record them with `use header`",
        )
    recorded = {item.tags.gives for item in questions_in(form.items)}
    if form.level >= Level.MODERATE and not recorded.intersection(_LANGUAGE_RECORDED):
        yield Diagnostic(
            rule_of(language_not_spoken),
            "nothing records in which language people were asked",
            place,
            f"People here speak several, and who interprets changes what is said ({PRINCIPLE}).",
            "add above `consent`: use header",
        )


def _is_gap(translation: str, text: Text) -> bool:
    """Whether nothing stands there: not a letter, though the text has some. `fr: "…"` is how a fix leaves a gap."""
    if any(map(str.isalnum, translation)):
        return False
    return not translation.strip() or any(map(str.isalnum, next(iter(text.values.values()), "")))


def _translated(text: Text, language: str, usual: str) -> str:
    """How to add a translation. Of the two texts on the line of a choice, a line below belongs to the first."""
    line = text.place.source.line_text(text.place.line)
    found = _SPECIFY_ON_THE_LINE.search(line)
    at = text.place.source.line_column(text.place.start)[1] - 1
    if found is None or found.start() > at:
        return f'add under it: {language}: "{usual}"'
    asked = next(iter(text.values.values()), "…").replace('"', '""')
    return (
        "end this line before `specify`, and write under the choice and its translations:\n"
        f'specify: "{asked}"\n  {language}: "…"'
    )


def _texts(form: Form) -> Iterator[tuple[Text, Place, Place | None]]:
    """Every text that people read or hear, with its place and the `use` line it came through."""
    facts = form.facts
    for text in (facts.organisation, facts.contact, facts.limits, facts.services):
        if text is not None:
            yield text, text.place, None
    for recipient in facts.recipients:
        yield recipient.name, recipient.place, None
    for purpose in form.purposes.values():
        if purpose.tell is not None:
            yield purpose.tell, purpose.tell.place, None
        if purpose.topic is None and purpose.title is not None:
            yield purpose.title, purpose.title.place, None
    if facts.services is None:
        for referral in form.referrals:
            yield referral.text, referral.text.place, None
    used: dict[str, None] = {}
    for item in walk(form.items):
        if isinstance(item, (Question, Note, Group, Repeat)):
            for text in (item.label, getattr(item, "hint", None), getattr(item, "guidance", None)):
                if text is not None and not is_blank(text):
                    yield text, text.place, item.via
        if isinstance(item, Question):
            for must in item.musts:
                if must.message is not None:
                    yield must.message, must.message.place, item.via
            if item.choices is not None:
                used[item.choices] = None
    for name in used:
        listed = form.lists.get(name)
        for choice in listed.choices if listed else ():
            if listed is None or choice.label is None or choice.label.place.path == "built in":
                continue
            if not is_blank(choice.label):
                yield choice.label, choice.label.place, listed.via


def _short(text: str) -> str:
    first = text.split("\n", 1)[0]
    return first if len(first) <= 50 else f"{first[:47]}…"
