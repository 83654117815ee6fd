"""Principle 6, competency and capacity: who may ask what, who answers for the form, whether there are enough hands."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from math import ceil

from pimforms.diagnostics import Diagnostic, Severity, rule, rule_of
from pimforms.model.facts import Interviewer
from pimforms.model.form import Form, Question
from pimforms.model.level import Level
from pimforms.model.minutes import minutes
from pimforms.model.training import holders, interviewer_question, may_interview_children, needed_training
from pimforms.model.walk import questions_in
from pimforms.source import Place
from pimforms.standards.data import table

PRINCIPLE = "PIM principle 6, Competency and capacity"
_WHY = "Who asks about this without training can do harm (PIM principle 6, Competency and capacity)."


def _wanted(form: Form) -> dict[tuple[str, ...], Question]:
    """Each set of trainings that some question needs, with the first question that does."""
    wanted: dict[tuple[str, ...], Question] = {}
    for item in questions_in(form.items):
        if needs := needed_training(form, item):
            wanted.setdefault(needs, item)
    return wanted


@rule("PIM601", "nobody-is-trained", Severity.ERROR, standard=PRINCIPLE, waivable=True)
def nobody_is_trained(form: Form) -> Iterator[Diagnostic]:
    """
    A question needs a training that nobody on the list of interviewers holds.

    ## Why
    SEVERE topics, and those about children, need a training of their own; `training` under a question asks for more. The
    question opens only for codes that hold it. If nobody holds it, nobody is asked.

    ## Bad
    ```pim
    form desk "Service desk"
      organisation "Relief"
      category     sectoral
      population   "People in block C"
      contact      "the desk in block C"
      interviewers "interviewers.csv"
    purpose better "Better services"
      tell people "make services better"
    use header
    ask heard yes_no "Did the helpers listen to you?"
      training mhpss
    ```

    ## Good
    ```pim
    form desk "Service desk"
      organisation "Relief"
      category     sectoral
      population   "People in block C"
      contact      "the desk in block C"
      interviewers "interviewers.csv"
    purpose better "Better services"
      tell people "make services better"
    use header
    ask heard yes_no "Did the helpers listen to you?"
      training referral
    ```
    """
    facts = form.facts
    if not facts.roster or facts.interviewers is None:
        return
    held = {training for each in facts.roster for training in each.training}
    for needs, question in _wanted(form).items():
        if holders(form, needs):
            continue
        lacking = [training for training in needs if training not in held]
        what = f"`{lacking[0]}`" if lacking else " and ".join(f"`{training}`" for training in needs)
        yield Diagnostic(
            rule_of(nobody_is_trained),
            f"nobody on the list of interviewers holds {what}, which `{question.name}` needs",
            question.via or question.place,
            _WHY,
            f"train somebody and write it into `{facts.interviewers.name}`, or take the question out",
        )
    child = tuple(table("limits")["training"]["child"])
    if facts.children is not None and not holders(form, child):
        yield Diagnostic(
            rule_of(nobody_is_trained),
            f"children are interviewed, and nobody on the list of interviewers holds `{child[0]}`",
            facts.children_place or form.place,
            _WHY,
            f"train somebody and write it into `{facts.interviewers.name}`, or take `children` out",
        )


@rule("PIM610", "no-trained-codes", Severity.ERROR, standard=PRINCIPLE, waivable=True)
def no_trained_codes(form: Form) -> Iterator[Diagnostic]:
    """
    A form asks what only trained interviewers may ask, and does not know who was trained for it.

    ## Why
    A SEVERE part, and what says `training`, opens only for the codes of interviewers who were trained. So the form needs their
    list (codes and trainings, never names) and a question for the code, such as the one of `use header`. Where children are
    interviewed that question stands before the consent, because it decides whether they may be.

    ## Bad
    ```pim
    form visits "Visits"
      organisation "Relief"
      category     sectoral
      interview    service, face to face
      respondent   any_adult
      population   "People in block C" size 20000
      sample       600 households, two stage, "Blocks by size, then every fifth shelter"
      contact      "Desk, block C, free line 555"
      staff        protection_lead "Head of protection", im_lead "Head of information", dpo "Data protection officer"
      feedback     "a community meeting in each block" within 30 days
      searched     2026-10-20 "HDX", "registry of assessments"
      consulted    2026-10-02 "women of block C"
      public key   "office.pem"
    purpose services "Better services"
      need          "Which services people miss"
      tell people   "make services better"
      decide        "Which services are opened" by "Service group" before 2027-01-31
      already known "Service map, September 2026" but "does not say who is left out"
    risk leak "Somebody who means harm learns what was said"
      harms      respondent, household
      likelihood low
      impact     severe
      protect by no_gps
      owner      "Head of protection"
      review     2027-01-31
    referral desk "the protection desk in block C, every day"
      checked  2026-11-01
    ask held yes_no "Was anyone of your household locked up?"
      topic detention
    ```

    ## Good
    ```pim
    ask posters yes_no "Have you seen the posters about visits to prisons?"
      topic services
    ```
    """
    facts = form.facts
    if facts.interviewers is not None and not facts.roster:
        return  # the list cannot be read, and that was said
    if facts.children is not None and facts.roster and may_interview_children(form) is None:
        yield Diagnostic(
            rule_of(no_trained_codes),
            "children are interviewed, and the form does not ask who interviews before the consent",
            facts.children_place or form.place,
            _WHY,
            "put `use header` above `consent`: the code decides whether the way of a child opens",
        )
    # Without a list of interviewers a HIGH topic rests on what they attest; what is SEVERE, or says `training`, does not.
    every = questions_in(form.items)
    needing = (q for q in every if facts.roster or q.tags.level >= Level.SEVERE or q.tags.training)
    wanted = next((question for question in needing if needed_training(form, question)), None)
    if wanted is None:
        return
    if facts.roster and interviewer_question(form.items) is None:
        message = f"`{wanted.name}` is for trained interviewers, and the form does not ask who interviews"
        fix = "add `use header` above `consent`"
    elif not facts.roster:
        what = "is SEVERE" if wanted.tags.level >= Level.SEVERE else "is for trained interviewers"
        message = f"`{wanted.name}` {what}, and the form does not say who was trained for it"
        fix = 'add under `form`: interviewers "team.csv" (columns: code, training, valid_to), and `use header` above `consent`'
    else:
        return
    yield Diagnostic(rule_of(no_trained_codes), message, wanted.via or wanted.place, _WHY, fix)


@rule("PIM612", "training-has-run-out", Severity.WARNING, standard=PRINCIPLE)
def training_has_run_out(form: Form, today: date) -> Iterator[Diagnostic]:
    """
    The training of an interviewer who may ask sensitive questions has run out.

    ## Why
    The questions stay open for that code: a team in the field must not be locked out by a date. But somebody should know.

    ## Bad
    ```pim
    form desk "Service desk"
      organisation "Relief"
      category     sectoral
      population   "People in block C"
      contact      "the desk in block C"
      interviewers "trained_long_ago.csv"
    purpose better "Better services"
      tell people "make services better"
    use header
    ask heard yes_no "Did the helpers listen to you?"
      training referral
    ```

    ## Good
    ```pim
    form desk "Service desk"
      organisation "Relief"
      category     sectoral
      population   "People in block C"
      contact      "the desk in block C"
      interviewers "interviewers.csv"
    purpose better "Better services"
      tell people "make services better"
    use header
    ask heard yes_no "Did the helpers listen to you?"
      training referral
    ```
    """
    facts = form.facts
    if facts.interviewers is None:
        return
    allowed = {code for needs in _wanted(form) for code in holders(form, needs)}
    old = [each for each in facts.roster if each.code in allowed and _is_over(each, today)]
    if old:
        codes = ", ".join(f"`{each.code}` ({each.valid_to})" for each in old[:5]) + (" …" if len(old) > 5 else "")
        yield Diagnostic(
            rule_of(training_has_run_out),
            f"the training has run out of {codes}",
            facts.interviewers.place,
            "They can still open the sensitive parts of this form (PIM principle 6, Competency and capacity).",
            f"train them again and write the new day into `{facts.interviewers.name}`, or take the code out",
        )


def _is_over(each: Interviewer, today: date) -> bool:
    return each.valid_to is not None and each.valid_to < today.isoformat()


@rule("PIM606", "two-owners", Severity.ERROR, standard=PRINCIPLE, waivable=True)
def two_owners(form: Form) -> Iterator[Diagnostic]:
    """
    From MODERATE on, nobody from protection, or nobody from information management, answers for the form.

    ## Why
    One knows what the answers mean and what they can do to people, the other how they are kept and read. A form of one side
    alone asks what cannot be used, or what should not be asked.

    ## Bad
    ```pim
    form safety_check "Safety"
      organisation "Relief"
      category     protection_monitoring
      interview    site, face to face
      population   "People in block C"
      contact      "Desk, block C"
      feedback     "a meeting in block C" within 30 days
      searched     2026-10-20 "HDX", "registry of assessments"
      staff        protection_lead "Head of protection"
    purpose safety "Safer sites"
      need        "Where people feel safe"
      tell people "make places safer"
      decide      "Where lights go" by "Site planning group" before 2027-01-31
    risk leak "Somebody who means harm learns what was said"
      harms      respondent
      likelihood low
      impact     high
      protect by no_gps
      owner      "Head of protection"
      review     2027-01-31
    ask safe yes_no "Do you feel safe here?"
      sensitivity moderate
    ```

    ## Good
    ```pim
    ask safe yes_no "Do you feel safe here?"
      sensitivity moderate
    ```
    """
    if form.level < Level.MODERATE:
        return
    named = {role for role, _ in form.facts.staff}
    titles = {"protection_lead": "Head of protection", "im_lead": "Head of information"}
    missing = [role for role in titles if role not in named]
    if missing:
        roles = " and ".join(f"`{role}`" for role in missing)
        written = ", ".join(f'{role} "{titles[role]}"' for role in missing)
        yield Diagnostic(
            rule_of(two_owners),
            f"the form names no {roles}",
            form.facts.staff_place or form.place,
            "Protection and information management answer for a form together (PIM principle 6, Competency and capacity).",
            f"add to `staff`: {written}" if form.facts.staff else f"add: staff {written}",
        )


@rule("PIM608", "too-few-interviewers", Severity.WARNING, standard=PRINCIPLE)
def too_few_interviewers(form: Form, today: date) -> Iterator[Diagnostic]:
    """
    The interviewers on the list cannot finish the sample before the day of the decision.

    ## Why
    The sample times the minutes of an interview, divided by the interviewers and the hours they can interview on a day, is
    a number of days. If that is more than are left, interviews become short, or the decision is taken without them. Where only
    women may interview women, the same is worked out for them. It is a rough count; travel comes on top.

    ## Bad
    ```pim
    form desk "Service desk"
      organisation "Relief"
      category     sectoral
      population   "People in Nadim district" size 90000
      sample       40000 households, two stage, "Every second shelter"
      contact      "the desk in block C"
      interviewers "interviewers.csv"
    purpose better "Better services"
      tell people "make services better"
      decide      "Which desks are opened" by "Service group" before 2027-01-31
    ask open yes_no "Is the desk open when you need it?"
    ```

    ## Good
    ```pim
    form desk "Service desk"
      organisation "Relief"
      category     sectoral
      population   "People in Nadim district" size 90000
      sample       400 households, two stage, "Every second shelter"
      contact      "the desk in block C"
      interviewers "interviewers.csv"
    purpose better "Better services"
      tell people "make services better"
      decide      "Which desks are opened" by "Service group" before 2027-01-31
    ask open yes_no "Is the desk open when you need it?"
    ```
    """
    facts = form.facts
    if not facts.roster or facts.interviewers is None or not facts.sample_size:
        return
    before = min((p.decision.before for p in form.purposes.values() if p.decision and p.decision.before), default=None)
    if before is None or before <= today.isoformat():
        return
    left = (date.fromisoformat(before) - today).days
    able = [each for each in facts.roster if not _is_over(each, today)]
    each_takes = minutes(form.items)
    place = facts.sample_place or facts.interviewers.place
    days = _days(form, facts.sample_size, each_takes, len(able))
    if days is None or days > left:
        interviews = f"{facts.sample_size} interviews of {each_takes} minutes"
        yield _too_few(interviews, days, len(able), "interviewer", left, before, place)
        return
    if any(name == "female_interviewer" for risk in form.risks for name, _ in risk.protections) and any(
        each.sex for each in able
    ):
        share = {"woman": 1.0, "man": 0.0}.get(facts.respondent or "", table("limits")["capacity"]["women"])
        women = ceil(facts.sample_size * share)
        female = sum(each.sex == "female" for each in able)
        days = _days(form, women, each_takes, female)
        if women and (days is None or days > left):
            interviews = f"about {women} interviews with women, {each_takes} minutes each,"
            yield _too_few(interviews, days, female, "female interviewer", left, before, place)


def _days(form: Form, interviews: int, each_takes: int, people: int) -> int | None:
    """Whole days that these interviews take; None if nobody holds them."""
    hours = form.facts.working_hours or table("limits")["capacity"]["hours"]
    return ceil(interviews * each_takes / (people * hours * 60)) if people else None


def _too_few(
    interviews: str, days: int | None, people: int, who: str, left: int, before: str, place: Place
) -> Diagnostic:
    hands = f"{people} {who}{'' if people == 1 else 's'}"
    takes = f"{interviews} take {hands} {days} days" if days is not None else f"{interviews} have no {who}"
    return Diagnostic(
        rule_of(too_few_interviewers),
        f"{takes}; {left} days are left until the decision on {before}",
        place,
        "Then interviews become short, or the decision is taken without them (PIM principle 6, Competency and capacity).",
        "name more interviewers, ask fewer questions or fewer people, or state a later day",
    )
