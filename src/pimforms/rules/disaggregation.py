"""Principle 1, people-centred and inclusive: by sex and by age, so that nobody disappears in an average."""

from __future__ import annotations

from collections.abc import Iterator

from pimforms.diagnostics import Diagnostic, Severity, rule, rule_of
from pimforms.expressions.kinds import refusals
from pimforms.model.ages import banded
from pimforms.model.diversity import asked_about_sex, dangerous, is_hostile, is_way_out, known_sex
from pimforms.model.form import INTERVIEW, Choice, ChoiceList, Form, Question
from pimforms.model.level import Level
from pimforms.model.reach import Reach
from pimforms.model.walk import Stop, questions_in, stops
from pimforms.model.wordlike import normalised
from pimforms.rules.bands import MINUTES, Band, read_band
from pimforms.standards.data import table

PRINCIPLE = "PIM principle 1, People-centred and inclusive"
ADULT = 18
_NOT_SHARED_EXACTLY = ("band", "generalise", "suppress", "drop")
# Who is asked about a place or about others, and not about themselves.
_NOT_ABOUT_THEMSELVES = ("key_informant", "staff")
_NOT_INTERVIEWED = ("observation", "group")


def about_people(form: Form) -> bool:
    """Whether answers are about the one who answers, or that household: by the unit, else by the category and the mode."""
    facts, units = form.facts, table("facts")["units"]
    if facts.interview_unit is not None:
        return bool(units[facts.interview_unit]["person"])
    if facts.respondent in _NOT_ABOUT_THEMSELVES or facts.mode in _NOT_INTERVIEWED:
        return False
    allowed = table("categories").get(facts.category or "", {}).get("units", units)
    return any(units[unit]["person"] for unit in allowed)


@rule("PIM101", "sex-and-age-not-recorded", Severity.ERROR, standard=PRINCIPLE, waivable=True)
def sex_and_age_not_recorded(form: Form) -> Iterator[Diagnostic]:
    """
    From MODERATE on, nothing records the sex or the age of the people whose answers serve a purpose.

    ## Why
    In an average, the girl who stopped school and the old man who cannot walk to the water point are not there. For each
    purpose of a form about persons or households, the sex and the age, or the age band, stand where its questions can be
    broken down by them: asked of the one who answers, or of the members of the household.

    Nothing is asked of forms about a place, a service, an event or a group, of interviews with key informants, and of LOW
    forms. What only a repeat of things asks, such as plots of land, is left alone if the purpose has questions elsewhere.

    ## Bad
    ```pim
    form check "Check"
      organisation "Relief"
      category     sectoral
      interview    household, face to face
      population   "People in block C"
      contact      "Desk"
      sample       600 households, two stage, "Every fifth shelter"
      staff        protection_lead "Head of protection", im_lead "Head of information"
      searched     2026-10-20 "HDX"
      feedback     "a notice at the desk" within 60 days
    purpose safety "Safer sites"
      need        "Where people do not feel safe"
      tell people "make places safer"
      decide      "Where lights go" by "Site planning group" before 2027-01-31
      already known "Site map" but "shows no lights"
      indicator   "People who feel safe" from safe
    risk talk "Somebody hears what was said"
      harms      respondent
      likelihood low
      impact     moderate
      protect by no_gps
      owner      "Head of protection"
      review     2027-01-31
    use header
    consent
    use interview_record
    ask safe yes_no "Do you feel safe here?"
      sensitivity moderate
    use observation
    ```

    ## Good
    ```pim
    form check "Check"
      organisation "Relief"
      category     sectoral
      interview    household, face to face
      population   "People in block C"
      contact      "Desk"
      sample       600 households, two stage, "Every fifth shelter"
      staff        protection_lead "Head of protection", im_lead "Head of information"
      searched     2026-10-20 "HDX"
      feedback     "a notice at the desk" within 60 days
    purpose safety "Safer sites"
      need        "Where people do not feel safe"
      tell people "make places safer"
      decide      "Where lights go" by "Site planning group" before 2027-01-31
      already known "Site map" but "shows no lights"
      indicator   "People who feel safe" from safe
    risk talk "Somebody hears what was said"
      harms      respondent
      likelihood low
      impact     moderate
      protect by no_gps
      owner      "Head of protection"
      review     2027-01-31
    use header
    consent
    use interview_record
    use respondent_profile
    ask safe yes_no "Do you feel safe here?"
      sensitivity moderate
    use observation
    ```
    """
    if form.level < Level.MODERATE or form.names_of_damaged or not about_people(form):
        return
    reach = Reach(form.items)
    lacking: dict[tuple[str, ...], list[tuple[str, Question]]] = {}
    for purpose, asked in _by_purpose(form).items():
        # A repeat may be of things; a purpose is judged by what it asks of the household, where it asks anything there.
        judged = [stop for stop in asked if not stop.repeats] or asked
        missing = tuple(
            concept for concept in ("sex", "age") if not all(reach.has(stop.item, concept) for stop in judged)
        )
        if missing:
            first = next(stop.item for stop in judged if not all(reach.has(stop.item, concept) for concept in missing))
            assert isinstance(first, Question)
            lacking.setdefault(missing, []).append((purpose, first))
    for missing, found in lacking.items():
        names = " or ".join(missing)
        purposes = ", ".join(f"`{purpose}`" for purpose, _ in found)
        first = found[0][1]
        yield Diagnostic(
            rule_of(sex_and_age_not_recorded),
            f"nothing records the {names} of the people whose answers serve {purposes}",
            first.via or first.place,
            f"Women, men, children and older people have different needs ({PRINCIPLE}).",
            "add below `consent`: use sadd_roster (the household), or use respondent_profile (the one who answers); "
            "if answers are about a place, say so under `form`: interview site",
            related=tuple((f"the first question for `{name}`", at.via or at.place) for name, at in found[1:3]),
        )


def _by_purpose(form: Form) -> dict[str, list[Stop]]:
    """What is asked for each purpose, without what tells people apart and what is about the interview."""
    found: dict[str, list[Stop]] = {}
    for stop in stops(form.items):
        item = stop.item
        if isinstance(item, Question) and item.tags.gives is None and item.origin is None and item.of is None:
            for purpose in item.tags.purposes:
                if purpose != INTERVIEW:
                    found.setdefault(purpose, []).append(stop)
    return found


@rule("PIM102", "age-band-across-eighteen", Severity.ERROR, standard="UNHCR population statistics", waivable=True)
def age_band_across_eighteen(form: Form) -> Iterator[Diagnostic]:
    """
    A band of ages holds children and adults, or the exact age is kept although there is a band.

    ## Why
    A child is anyone below 18. Of “15 to 24” nobody can say how many are children, and the figures cannot be put beside
    those of others. Bands of UNHCR are 0-4, 5-11, 12-17, 18-59, 60+; `age bands` names this or another set of the table,
    and the band is worked out from the age.

    Where a band is kept, the exact age is needed only on the phone. `shared as band` says that it goes no further; without
    it, that is a warning.

    ## Bad
    ```pim
    ask a_band one "How old are you?"
      gives age_band
      - young "15 to 24 years"
      - adult "25 to 59 years"
      - older "60 years or older"
    ```

    ## Good
    ```pim
    ask a_band one "How old are you?"
      gives age_band
      - child "12 to 17 years"
      - young "18 to 24 years"
      - adult "25 to 59 years"
      - older "60 years or older"
    ```
    """
    said: set[str] = set()
    for listed in _ages(form):
        if listed.name in said:
            continue
        for choice in listed.choices:
            if _crosses(choice, form.facts.languages):
                said.add(listed.name)
                label = next(iter(choice.label.values.values())) if choice.label is not None else choice.code
                yield Diagnostic(
                    rule_of(age_band_across_eighteen),
                    f"“{label}” holds children and adults",
                    listed.via or choice.place,
                    "A child is anyone below 18 (Convention on the Rights of the Child); "
                    "UNHCR publishes 0-4, 5-11, 12-17, 18-59, 60+.",
                    "end one band at 17 and begin the next at 18, or ask for the age in years and add under `form`: "
                    "age bands unhcr",
                )
    for question in banded(form):
        if question.tags.shared_as not in _NOT_SHARED_EXACTLY:
            yield Diagnostic(
                rule_of(age_band_across_eighteen),
                f"the exact age `{question.name}` is shared although there is a band",
                question.via or question.place,
                "An exact age makes a person easier to find (data minimisation).",
                "add under it: shared as band",
                severity=Severity.WARNING,
            )


def _ages(form: Form) -> Iterator[ChoiceList]:
    """The lists of choice questions for an age."""
    words = tuple(table("inclusion")["age"]["words"])
    for item in questions_in(form.items):
        if item.choices is None or item.damaged or item.kind != "one":
            continue
        listed = form.lists.get(item.choices)
        asks = item.tags.gives in ("age", "age_band") or (
            item.label is not None and any(_has(text.casefold(), words) for text in item.label.values.values())
        )
        if listed is not None and asks:
            yield listed


def _has(text: str, words: tuple[str, ...]) -> bool:
    """Whole words: "your age" is not in "your agenda"."""
    # Most texts hold none: they are not taken apart.
    if not any(word.split(" ", 1)[0] in text for word in words):
        return False
    said = f" {normalised(text)} "
    return any(f" {word} " in said for word in words)


def _crosses(choice: Choice, languages: tuple[str, ...]) -> bool:
    if choice.label is None:
        return False
    bands = (read_band(choice.label.get(language), language) for language in languages)
    return any(_holds(band, ADULT - 1) and _holds(band, ADULT) for band in bands if band is not None)


def _holds(band: Band, years: int) -> bool:
    """Whether a whole number of years belongs to a band. Bands without a unit are in years: the question is for an age."""
    age = years * (MINUTES["year"] if band.unit else 1)
    above = age > band.low if band.low_open else age >= band.low
    return above and (age < band.high if band.high_open else age <= band.high)


@rule("PIM107", "sex-question-corners", Severity.WARNING, standard=PRINCIPLE)
def sex_question_corners(form: Form) -> Iterator[Diagnostic]:
    """
    A question on sex or gender has no way out, or offers answers that are dangerous here.

    ## Why
    Nobody is made to choose between two answers: the list has "prefer not to say", or the question is optional. Where the
    form says `context hostile_to_sogi`, an answer beside female and male can mark a person. There the compiler takes such
    answers out of the form, and this warning names them.

    ## Bad
    ```pim
    ask r_sex one "What is your sex?"
      gives sex
      - female "Female"
      - male   "Male"
    ```

    ## Good
    ```pim
    ask r_sex one "What is your sex?"
      gives sex
      - female "Female"
      - male   "Male"
      - other  "Other"
      - pnta   "Prefer not to say"
    ```
    """
    said: set[str] = set()
    for question in asked_about_sex(form):
        listed = form.lists.get(question.choices or "")
        if listed is None or question.damaged or question.origin is not None:
            continue
        if is_hostile(form):
            if listed.name not in said:
                said.add(listed.name)
                yield from _in_danger(question, listed)
        elif question.required and not (refusals(question, listed) or any(map(is_way_out, listed.choices))):
            if question.tags.gives == "interviewer_sex":
                continue
            yield Diagnostic(
                rule_of(sex_question_corners),
                f"`{question.name}` has no way out",
                question.via or question.place,
                f"Nobody is made to choose between two answers ({PRINCIPLE}).",
                'add: - pnta "Prefer not to say", or write: one of library sex',
            )


def _in_danger(question: Question, listed: ChoiceList) -> Iterator[Diagnostic]:
    gone = dangerous(listed)
    place = question.via or question.place
    why = "The form says `context hostile_to_sogi`: such an answer can mark a person (PIM principle 2, Do no harm)."
    if question.tags.gives == "gender_identity":
        yield Diagnostic(
            rule_of(sex_question_corners),
            f"`{question.name}` asks for gender identity where people are persecuted for it",
            place,
            why,
            f"take `{question.name}` out",
        )
    elif gone:
        labels = ", ".join(f"`{choice.code}`" for choice in gone)
        yield Diagnostic(
            rule_of(sex_question_corners),
            f"{labels} will not be in the form: `{question.name}` keeps only answers that are safe here",
            place,
            why,
            "nothing has to be done: the list of the library loses it by itself"
            if listed.via is not None or question.via is not None
            else f"take {labels} out of the list, so that the source says what the phone shows",
        )
    elif not any(known_sex(choice) for choice in listed.choices):
        yield Diagnostic(
            rule_of(sex_question_corners),
            f"the answers of `{question.name}` are not understood; look whether one of them can mark a person",
            place,
            why,
            "use the codes female, male and pnta",
        )
