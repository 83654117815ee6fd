"""Principle 3, proportionality: what a form costs the people asked, what a category of work allows, what a name is for."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from pimforms.diagnostics import Diagnostic, Severity, rule, rule_of
from pimforms.model.form import Form, Question
from pimforms.model.identity import identifies
from pimforms.model.level import Level
from pimforms.model.minutes import by_purpose, estimate
from pimforms.model.text import Text
from pimforms.model.walk import walk
from pimforms.rules.placeholders import estimates_population, promises_return, says_nothing
from pimforms.standards.data import table

PRINCIPLE = "PIM principle 3, Defined purpose and proportionality"
WORDS_OF_A_REASON = 4


@rule("PIM304", "heavy-without-a-day", Severity.WARNING, standard=PRINCIPLE)
def heavy_without_a_day(form: Form) -> Iterator[Diagnostic]:
    """
    From MODERATE on, a purpose that takes much of the interview, or of its HIGH questions, has a day of decision.

    ## Why
    What is asked must be in proportion to its use. A purpose with more than 40 % of the time or more than 30 % of the HIGH
    and SEVERE questions is what the form is mostly about; if nobody says by when it is decided, it may never be. Minutes
    are estimated: 15 seconds a closed question or a number, 30 where several answers may be ticked, 60 where something is
    written, five members a repeat, half of what is conditional. A question for two purposes counts half for each. A point of
    sensitivity is a step above LOW: 1 for MODERATE, 2 for HIGH, 3 for SEVERE.

    ## Bad
    ```pim
    purpose lights "Lights"
      need "Where it is dark"
      tell people "put lights where people need them"
      decide "Where lights go" by "Site planning group"
      already known "Site map" but "shows no lights"
    ask lit yes_no "Are there lights here?" for lights
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
    ask lit yes_no "Are there lights here?" for lights
      sensitivity moderate
    ask open yes_no "Is the desk open?" for services
    ```
    """
    undated = [p for p in form.purposes.values() if p.decision is not None and p.decision.before is None]
    if form.level is Level.LOW or not undated:
        return
    limits, spent = table("limits")["proportion"], by_purpose(form.items)
    total = sum(spent.values())
    questions = [item for item in walk(form.items) if isinstance(item, Question)]
    high = [question for question in questions if question.tags.level >= Level.HIGH]
    points = sum(question.tags.level for question in questions)
    for purpose in undated:
        own = sum(purpose.name in question.tags.purposes for question in high)
        time = spent.get(purpose.name, 0.0) / total if total else 0.0
        share = own / len(high) if high else 0.0
        if purpose.decision is None or (time <= limits["time"] and share <= limits["high"]):
            continue
        parts = [f"{spent.get(purpose.name, 0.0):.1f} of {total:.1f} minutes ({time:.0%})"]
        if high:
            parts.append(f"{own} of {len(high)} HIGH questions ({share:.0%})")
        carried = sum(question.tags.level for question in questions if purpose.name in question.tags.purposes)
        parts.append(f"{carried} of {points} points of sensitivity")
        if form.facts.sample_size:
            hours = spent.get(purpose.name, 0.0) * form.facts.sample_size / 60
            parts.append(f"× {form.facts.sample_size} interviews = {hours:.0f} hours of people's time")
        yield Diagnostic(
            rule_of(heavy_without_a_day),
            f"`{purpose.name}` takes much of this form, and nobody says by when it is decided",
            purpose.decision.place,
            f"{', '.join(parts)}; over {limits['time']:.0%} of the time or {limits['high']:.0%} of the HIGH questions "
            "needs a day (PIM principle 3, proportional).",
            "add at its end: before 2027-01-31 (the day of the decision), or ask less for this purpose",
        )


@rule("PIM308", "interview-too-long", Severity.ERROR, standard=PRINCIPLE, waivable=True)
def interview_too_long(form: Form) -> Iterator[Diagnostic]:
    """
    An interview takes longer than people can give.

    ## Why
    Above 45 minutes (by phone, 25) it is a warning, above 60 an error; `minutes at most 30` in the form or in its country
    pack is a limit of its own, and above it is an error. Minutes are estimated: 15 seconds a closed question or a number,
    30 where several answers may be ticked, 60 where something is written, five members a repeat unless it says how many,
    half of what is conditional, two minutes for the consent. All these are defaults in `limits.toml`, to be replaced by
    what interviews really take.

    ## Bad
    ```pim
    form visit "Visit"
      organisation "Relief"
      category     sectoral
      population   "People in block C"
      contact      "Desk, block C"
      minutes      at most 3
    purpose services "Better services"
      tell people "make services better"
    ask helps text "What helps you here?"
    ask lacks text "What do you miss here?"
    ```

    ## Good
    ```pim
    form visit "Visit"
      organisation "Relief"
      category     sectoral
      population   "People in block C"
      contact      "Desk, block C"
      minutes      at most 3
    purpose services "Better services"
      tell people "make services better"
    ask helps text "What helps you here?"
    ```
    """
    limits, taken, own = table("limits")["minutes"], estimate(form.items), form.facts.minutes
    phone = form.facts.mode == "phone"
    wished = limits["phone"] if phone else limits["long"]
    if own is not None:
        most, severity = own, None
    elif taken > limits["too_long"]:
        most, severity = limits["too_long"], None
    else:
        most, severity = wished, Severity.WARNING
    if taken <= most:
        return
    consent = table("limits")["interview"]["consent"]
    spent = sorted(by_purpose(form.items).items(), key=lambda each: (-each[1], each[0]))
    parts = [f"{name} {length:.1f}" for name, length in spent if length >= 0.05]
    by_phone = " by phone" if phone else ""
    yield Diagnostic(
        rule_of(interview_too_long),
        f"this interview takes about {taken:.0f} minutes{by_phone}; {most} are the most",
        form.place,
        f"Estimate in minutes: {' + '.join([f'consent {consent}', *parts])} = {taken:.1f} (PIM principle 3, proportional).",
        "take out what no decision needs, ask some of it of fewer people, or split the form",
        severity=severity,
    )


@rule("PIM306", "identifier-without-reason", Severity.ERROR, standard=PRINCIPLE)
def identifier_without_reason(form: Form) -> Iterator[Diagnostic]:
    """
    Each name, number, address, picture, voice or position has a reason of its own, and a day until which it is needed.

    ## Why
    What identifies a person turns every answer beside it into an answer of that person. Most such questions stand in a form
    because they stood in the one before. The reason has four words or more and names a use. A reason that speaks of coming
    back needs a way to do so: `split contact`, or a `referral` that people are told of.

    ## Bad
    ```pim
    ask number text "On which number may we call you?"
      gives phone_number
    ```

    ## Good
    ```pim
    ask number text "On which number may we call you?"
      gives phone_number
      needed because "the desk calls when the card is ready" until 2027-03-31
    ```
    """
    for item in walk(form.items):
        if not isinstance(item, Question) or item.damaged or identifies(item) is None:
            continue
        problem = _problem_of_reason(form, item)
        if problem is not None:
            message, fix = problem
            yield Diagnostic(
                rule_of(identifier_without_reason),
                message,
                item.needed.place if item.needed and item.via is None else item.via or item.place,
                "What identifies people is asked only for a stated use and time (PIM principle 3, proportional).",
                fix,
            )


def _problem_of_reason(form: Form, item: Question) -> tuple[str, str] | None:
    """What is wrong with the reason for an identifier, and how to mend it; None if it holds."""
    example = 'needed because "the legal aid team calls when the papers are ready" until 2027-03-31'
    needed = item.needed
    if needed is None:
        return (
            f"`{item.name}` identifies a person, and nothing says why it is needed",
            f"take it out, or add: {example}",
        )
    if len(needed.because.split()) < WORDS_OF_A_REASON or says_nothing(needed.because):
        return f'this is no reason to identify a person: "{needed.because}"', f"say who uses it, for what: {example}"
    if needed.until is None:
        return f"nothing says until when `{item.name}` is needed", "add at the end of the line: until 2027-03-31"
    if promises_return(needed.because) and form.facts.split is None and not form.referrals:
        return (
            f"`{item.name}` is asked to come back to people, and the form has no way for that",
            "add `split contact` under `form`, so that the contact stands in a form and a consent of its own, "
            "or a `referral` that people are told of",
        )
    return None


@rule("PIM316", "identifier-needed-no-longer", Severity.WARNING, standard=PRINCIPLE)
def identifier_needed_no_longer(form: Form, today: date) -> Iterator[Diagnostic]:
    """
    The day until which an identifier was needed is past.

    ## Why
    Then it is asked out of habit.

    ## Bad
    ```pim
    ask number text "On which number may we call you?"
      gives phone_number
      needed because "the desk calls when the card is ready" until 2026-03-31
    ```

    ## Good
    ```pim
    ask number text "On which number may we call you?"
      gives phone_number
      needed because "the desk calls when the card is ready" until 2027-03-31
    ```
    """
    for item in walk(form.items):
        if isinstance(item, Question) and item.needed and item.needed.until and item.needed.until < today.isoformat():
            yield Diagnostic(
                rule_of(identifier_needed_no_longer),
                f"`{item.name}` was needed until {item.needed.until}",
                item.via or item.needed.place,
                "What identifies people is asked only as long as it is used (PIM principle 3, proportional).",
                "take the question out and delete what was collected, or decide anew and write a later day",
            )


@rule("PIM317", "outside-its-category", Severity.ERROR, standard="PIM Matrix, 2018", waivable=True)
def outside_its_category(form: Form) -> Iterator[Diagnostic]:
    """
    A form does what its category of the PIM Matrix is not for.

    ## Why
    One form cannot do four jobs. Names belong in case management, not in population data, an assessment of needs or
    situational awareness; in protection monitoring only in a contact form of their own (`split contact`). An assessment
    is made once, so nobody is found again by it. Security forms describe events and places, not persons. Records of cases
    are of those who came, so no share of a population can be made from them.

    ## Bad
    ```pim
    form needs "What people need"
      organisation "Relief"
      category     security_awareness
      interview    household, face to face
      population   "People in block C"
      contact      "Desk, block C"
    purpose services "Better services"
      tell people "make services better"
    ask open yes_no "Is the desk open?"
    ```

    ## Good
    ```pim
    form needs "What people need"
      organisation "Relief"
      category     security_awareness
      interview    site, face to face
      population   "People in block C"
      contact      "Desk, block C"
    purpose services "Better services"
      tell people "make services better"
    ask open yes_no "Is the desk open?"
    ```
    """
    facts = form.facts
    profile = table("categories").get(facts.category or "")
    if profile is None:
        return
    kind, place = f"`{facts.category}`", facts.category_place or form.place
    units = profile.get("units", ())
    if facts.interview_unit is not None and units and facts.interview_unit not in units:
        yield Diagnostic(
            rule_of(outside_its_category),
            f"{kind} is not about one {facts.interview_unit}",
            place,
            f"Such forms are about: {', '.join(units)} (PIM Matrix).",
            "write another `category`, or under `interview` what a record is really about",
        )
    yield from _names_outside(form, profile["names"], kind)
    if profile.get("estimates", True):
        return
    for purpose in form.purposes.values():
        for indicator in purpose.indicators:
            if _estimates(indicator.text):
                yield Diagnostic(
                    rule_of(outside_its_category),
                    f"this indicator speaks of a population, and {kind} holds only those who came",
                    indicator.place,
                    "A share of cases is no share of people (PIM Matrix).",
                    'count cases: "Cases closed within 30 days", or ask it in a form with a sample',
                )


def _names_outside(form: Form, names: str, kind: str) -> Iterator[Diagnostic]:
    """Names, numbers and addresses in a category that has none, or has them only in a form of their own."""
    if names == "justified" or (names == "split" and form.facts.split is not None):
        return
    concepts = table("concepts")
    for item in walk(form.items):
        if not isinstance(item, Question) or item.tags.gives is None:
            continue
        row = concepts[item.tags.gives]
        if row["identifies"] == "direct":
            yield Diagnostic(
                rule_of(outside_its_category),
                f"`{item.name}` asks for a person's {row['spoken']['en']}, which {kind} does without",
                item.via or item.place,
                "Names and numbers belong where a person is helped, not where a situation is described (PIM Matrix).",
                "take the question out (to find a record again, use a random code)"
                + (", or add `split contact` under `form`" if names == "split" else ""),
            )


def _estimates(text: Text) -> bool:
    return any(estimates_population(value) for value in text.values.values())


@rule("PIM309", "reuse-without-legal-basis", Severity.WARNING, standard=PRINCIPLE)
def reuse_without_legal_basis(form: Form) -> Iterator[Diagnostic]:
    """
    From HIGH on, using the answers again for something else has a legal basis.

    ## Why
    Without `reuse` there is no second use, and the consent says so by speaking of one use only. A second use of sensitive
    answers is a decision that somebody must be able to defend, and that needs a basis besides the consent to an interview.

    ## Bad
    ```pim
    form desk "Legal aid desk"
      organisation "Relief"
      category     response_monitoring
      interview    service, face to face
      respondent   any_adult
      population   "People who came to the desk in block C" size 20000
      sample       600 persons, two stage, "Days by number, then every fifth person"
      contact      "Desk, block C, free line 555"
      staff        protection_lead "Head of protection", im_lead "Head of information", dpo "Data protection officer"
      feedback     "a community meeting in each block" within 30 days
      searched     2026-10-20 "HDX", "registry of assessments"
      consulted    2026-10-02 "people at the desk"
      reuse        "a study of the university on papers, without names"
    purpose papers "Getting people their papers"
      need          "Which papers people lack"
      tell people   "help people get their papers"
      decide        "Which papers the desk helps with" by "Legal aid group" before 2027-01-31
      already known "Service map, September 2026" but "does not say who is left out"
    risk leak "Somebody who means harm learns what was said"
      harms      respondent
      topics     civil_documents
      likelihood low
      impact     severe
      protect by no_gps
      owner      "Head of protection"
      review     2027-01-31
    referral post "the legal aid desk in block A, every day"
      topics   civil_documents
      checked  2026-11-01
    ask open yes_no "Is the desk open when you need it?"
    ask papers yes_no "Do you have identity papers?"
      topic civil_documents
    ```

    ## Good
    ```pim
    form desk "Legal aid desk"
      organisation "Relief"
      category     response_monitoring
      interview    service, face to face
      respondent   any_adult
      population   "People who came to the desk in block C" size 20000
      sample       600 persons, two stage, "Days by number, then every fifth person"
      contact      "Desk, block C, free line 555"
      staff        protection_lead "Head of protection", im_lead "Head of information", dpo "Data protection officer"
      feedback     "a community meeting in each block" within 30 days
      searched     2026-10-20 "HDX", "registry of assessments"
      consulted    2026-10-02 "people at the desk"
      reuse        "a study of the university on papers, without names"
      legal basis  legitimate_interest
    purpose papers "Getting people their papers"
      need          "Which papers people lack"
      tell people   "help people get their papers"
      decide        "Which papers the desk helps with" by "Legal aid group" before 2027-01-31
      already known "Service map, September 2026" but "does not say who is left out"
    risk leak "Somebody who means harm learns what was said"
      harms      respondent
      topics     civil_documents
      likelihood low
      impact     severe
      protect by no_gps
      owner      "Head of protection"
      review     2027-01-31
    referral post "the legal aid desk in block A, every day"
      topics   civil_documents
      checked  2026-11-01
    ask open yes_no "Is the desk open when you need it?"
    ask papers yes_no "Do you have identity papers?"
      topic civil_documents
    ```
    """
    facts = form.facts
    if form.level >= Level.HIGH and facts.reuse is not None and facts.legal_basis is None:
        yield Diagnostic(
            rule_of(reuse_without_legal_basis),
            "the answers are used again, and nothing says why the law allows it",
            facts.reuse.place,
            f"This form is {form.level.word} (PIM principle 3, purpose limitation).",
            "add under `form`: legal basis public_interest (or the basis that your data protection officer names)",
        )
