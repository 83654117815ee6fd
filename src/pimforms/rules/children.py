"""Principle 4: when a child is asked."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from pimforms.diagnostics import Diagnostic, Severity, rule, rule_of
from pimforms.model.children import asked_of_children, by_specialists, may_ask_child, topics_of
from pimforms.model.form import Form
from pimforms.model.level import Level
from pimforms.model.walk import questions_in
from pimforms.rules.own_age import codes_of_children, meant_for_children, of_the_person

PRINCIPLE = "PIM principle 4, Informed consent and confidentiality"
CHILD = "child"
OLDEST = 17


@rule("PIM416", "child-asked-severe", Severity.ERROR, standard=PRINCIPLE)
def child_asked_severe(form: Form) -> Iterator[Diagnostic]:
    """
    A form that children answer asks about something SEVERE.

    ## Why
    Violence, detention or recruitment are not asked of a child in a survey: it can harm the child, and who asks is not
    trained to help. Only specialists in case management speak about it. Where adults answer as well, the compiler hides
    such questions from children (PIM415); here nobody else answers. The same holds for a question that only children would be
    asked, by its own `when`, if its topic is not fit for children.

    ## Bad
    ```pim
    form school "At school"
      organisation "Relief"
      category     protection_monitoring
      interview    service, face to face
      respondent   child
      children     12 to 17
      population   "Children in block C" size 5000
      sample       300 people, two stage, "Schools by size, then every fifth child"
      contact      "Desk, block C"
      public key   "office.pem"
      submit to    "https://kc-eu.kobotoolbox.org/submission"
      interviewers "interviewers.csv"
      staff        protection_lead "Head of protection", im_lead "Head of information", dpo "Data protection officer", cp_specialist "Child protection officer"
      feedback     "a meeting in each school" within 30 days
      searched     2026-10-20 "HDX", "registry of assessments"
      consulted    2026-10-02 "a youth group of block C"
    purpose services "Better schools"
      topic         education
      need          "Which schools are open"
      tell people   "make schools better"
      decide        "Which schools are opened" by "Service group" before 2027-01-31
      already known "School map, September 2026" but "does not say who is left out"
    risk leak "Somebody who means harm learns what was said"
      harms      respondent, household
      likelihood low
      impact     severe
      protect by no_gps
      owner      "Head of protection"
      review     2027-01-31
    referral post "the health post in block A, every day"
      checked  2026-11-01
    use header
    ask open yes_no "Is the school open?"
    ask held yes_no "Were you ever held?"
      sensitivity severe
    ask shade yes_no "Is there shade at school?"
    ```

    ## Good
    ```pim
    form school "At school"
      organisation "Relief"
      category     protection_monitoring
      interview    service, face to face
      respondent   child
      children     12 to 17
      population   "Children in block C" size 5000
      sample       300 people, two stage, "Schools by size, then every fifth child"
      contact      "Desk, block C"
      public key   "office.pem"
      submit to    "https://kc-eu.kobotoolbox.org/submission"
      interviewers "interviewers.csv"
      staff        protection_lead "Head of protection", im_lead "Head of information", dpo "Data protection officer", cp_specialist "Child protection officer"
      feedback     "a meeting in each school" within 30 days
      searched     2026-10-20 "HDX", "registry of assessments"
      consulted    2026-10-02 "a youth group of block C"
    purpose services "Better schools"
      topic         education
      need          "Which schools are open"
      tell people   "make schools better"
      decide        "Which schools are opened" by "Service group" before 2027-01-31
      already known "School map, September 2026" but "does not say who is left out"
    risk leak "Somebody who means harm learns what was said"
      harms      respondent, household
      likelihood low
      impact     severe
      protect by no_gps
      owner      "Head of protection"
      review     2027-01-31
    referral post "the health post in block A, every day"
      checked  2026-11-01
    use header
    ask open yes_no "Is the school open?"
    ask shade yes_no "Is there shade at school?"
    ```
    """
    if by_specialists(form):
        return
    if form.facts.children is not None:
        yield from _hidden_from_all(form)
    if form.facts.respondent != CHILD:
        return
    for item in questions_in(form.items):
        if item.tags.level is Level.SEVERE:
            yield Diagnostic(
                rule_of(child_asked_severe),
                f"`{item.name}` is SEVERE, and children answer this form",
                item.via or item.place,
                "Only specialists in case management speak about it with a child (PIM principle 4).",
                "take the question out, and name the service that can help in a `referral`",
            )


def _hidden_from_all(form: Form) -> Iterator[Diagnostic]:
    """What only children would be asked, and no child is."""
    for item in meant_for_children(form):
        if not may_ask_child(form, item):
            topics = ", ".join(f"`{topic}`" for topic in topics_of(form, item))
            about = f" ({topics}, {item.tags.level.name})" if topics else f" ({item.tags.level.name})"
            yield Diagnostic(
                rule_of(child_asked_severe),
                f"only children would be asked `{item.name}`, and it is not fit for a child{about}",
                item.via or item.place,
                "Only specialists in case management speak about it with a child; the form hides it (PIM principle 4).",
                "take the question out; or, if its topic is another one, say so: topic education",
            )


@rule("PIM417", "children-cannot-be-asked", Severity.ERROR, standard=PRINCIPLE)
def children_cannot_be_asked(form: Form) -> Iterator[Diagnostic]:
    """
    `children` does not fit: ages that cannot be, no ages where children answer, or no question that is fit for a child.

    ## Why
    `children 10 to 17` opens the form to children of these ages, after a caregiver agreed and then the child did (PIM415).
    The ages end at 17: who is 18 is an adult. A form that `respondent child` answers needs the ages. And if nothing in the
    form is fit for children, a caregiver and a child would be asked for their consent to nothing. A warning says so where a
    question is for children only and the form has no `children`, or where children are asked their age and no answer fits.

    ## Bad
    ```pim
    form school "At school"
      organisation "Relief"
      category     sectoral
      interview    person, face to face
      children     12 to 20
      population   "People in block C"
      contact      "Desk, block C"
    purpose services "Better schools"
      topic       education
      tell people "make schools better"
    ask open yes_no "Is the school open?"
    ```

    ## Good
    ```pim
    form school "At school"
      organisation "Relief"
      category     sectoral
      interview    person, face to face
      children     12 to 17
      population   "People in block C"
      contact      "Desk, block C"
    purpose services "Better schools"
      topic       education
      tell people "make schools better"
    ask open yes_no "Is the school open?"
    ```
    """
    ages, facts = form.facts.children, form.facts
    if ages is None:
        meant = next(meant_for_children(form), None) if facts.respondent != CHILD and not by_specialists(form) else None
        if meant is not None:
            yield replace(
                _cannot(
                    form,
                    f"`{meant.name}` is for children, and this form ends when a child answers",
                    "add under `form`: children 12 to 17 (then a caregiver agrees first, and then the child), "
                    "or take the question out",
                ),
                place=meant.via or meant.place,
                severity=Severity.WARNING,
            )
        if facts.respondent == CHILD:
            yield _cannot(
                form, "children answer this form, and it does not say of which ages", "add: children 12 to 17"
            )
        return
    for question in of_the_person(form).values():
        if question.choices is not None and may_ask_child(form, question) and not codes_of_children(form, question):
            yield replace(
                _cannot(
                    form,
                    f"children are asked `{question.name}`, and none of its answers is for a child",
                    "ask for the age in bands of your own, with some below 18:\n"
                    'ask age_band one "How old are you?"\n  gives age_band\n  - age_12_17 "12 to 17 years"\n'
                    '  - age_18_59 "18 to 59 years"\n  - age_60 "60 years or older"',
                ),
                place=question.via or question.place,
                severity=Severity.WARNING,
            )
    youngest, oldest = ages
    if youngest > oldest:
        yield _cannot(
            form,
            f"these ages are the wrong way round: {youngest} to {oldest}",
            f"write: children {oldest} to {youngest}",
        )
    elif oldest > OLDEST:
        fix = f"write: children {min(youngest, OLDEST)} to {OLDEST}"
        yield _cannot(form, f"{oldest} is not the age of a child", fix)
    elif not form.names_of_damaged and not asked_of_children(form, form.items):
        fix = "take `children` out, or ask something with a topic that is fit for children, like services or education"
        yield _cannot(form, "no question of this form is fit for a child", fix)


def _cannot(form: Form, message: str, fix: str) -> Diagnostic:
    place = form.facts.children_place or form.facts.respondent_place or form.place
    return Diagnostic(
        rule_of(children_cannot_be_asked),
        message,
        place,
        "A child is asked only what is fit for children, after both agreed (PIM principle 4).",
        fix,
    )
