"""Principle 3, proportionality: what a form costs the people asked, and on what basis their answers are used again."""

from __future__ import annotations

from collections.abc import Iterator

from pimforms.diagnostics import Diagnostic, Severity, rule, rule_of
from pimforms.model.form import Form
from pimforms.model.level import Level
from pimforms.model.minutes import by_purpose, estimate
from pimforms.model.walk import questions_in
from pimforms.standards.data import table

PRINCIPLE = "PIM principle 3, Defined purpose and proportionality"


@rule("PIM304", "heavy-without-a-day", Severity.WARNING, standard=PRINCIPLE)
def heavy_without_a_day(form: Form) -> Iterator[Diagnostic]:
    """
    From MODERATE on, a purpose takes much of the interview, or of its HIGH questions, and has no day of decision.

    ## Why
    What is asked must be in proportion to its use. A purpose with more than 40% of the time or more than 30% of the HIGH
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
    questions = list(questions_in(form.items))
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
        f"this interview takes about {taken:.0f} minutes{by_phone}; the limit is {most}",
        form.place,
        f"Estimate in minutes: {' + '.join([f'consent {consent}', *parts])} = {taken:.1f} (PIM principle 3, proportional).",
        "take out what no decision needs, ask some of it of fewer people, or split the form",
        severity=severity,
    )


@rule("PIM309", "reuse-without-legal-basis", Severity.WARNING, standard=PRINCIPLE)
def reuse_without_legal_basis(form: Form) -> Iterator[Diagnostic]:
    """
    From HIGH on, the answers are used again for something else, and the form states no legal basis.

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
            f"This form is {form.level.name} (PIM principle 3, purpose limitation).",
            "add under `form`: legal basis public_interest (or the basis that your data protection officer names)",
        )
