"""Principle 1, people-centred and inclusive: who takes part, before the form is made and after the answers are in."""

from __future__ import annotations

from collections.abc import Iterator

from pimforms.diagnostics import Diagnostic, Severity, rule, rule_of
from pimforms.model.children import topics_of
from pimforms.model.form import Form
from pimforms.model.level import Level
from pimforms.model.walk import questions_in
from pimforms.standards.data import table

PRINCIPLE = "PIM principle 1, People-centred and inclusive"
HEAD = "head_of_household"
# Units of which each member has views of their own.
_SHARED_BY_PEOPLE = ("household", "person", None)


@rule("PIM106", "nobody-consulted", Severity.WARNING, standard=PRINCIPLE)
def nobody_consulted(form: Form) -> Iterator[Diagnostic]:
    """
    From HIGH on, nobody who will be asked was asked about the questions before.

    ## Why
    Women, young people and organisations of persons with disabilities know which question is dangerous, shaming or
    misunderstood here. `consulted` says whom you asked and when; it is printed for reviewers. It is never an error.

    ## Bad
    ```pim
    form check "Check"
      organisation "Relief"
      category     sectoral
      interview    service, face to face
      population   "People in block C"
      contact      "Desk"
      staff        protection_lead "Head of protection", im_lead "Head of information"
      feedback     "a community meeting" within 30 days
      searched     2026-10-20 "HDX"
    purpose papers "Papers"
      need        "Who has no papers"
      tell people "find out where papers are missing"
      decide      "Where registry visits go" by "Legal aid group" before 2027-01-31
      already known "Camp census" but "no question on papers"
      indicator   "Blocks with people without papers" from papers
      indicator   "Blocks without light, water or shade" from light, water, shade
    risk list "Somebody learns who has no papers"
      harms      respondent
      topics     civil_documents
      likelihood low
      impact     severe
      protect by no_gps
      owner      "Head of protection"
      review     2027-01-31
    referral desk "the legal aid desk in block C"
      topics  civil_documents
      checked 2026-11-01
      ages    0 to 120
    ask light yes_no "Is there light here?"
    ask water yes_no "Is there water here?"
    ask papers yes_no "Do people here have their papers?"
      topic civil_documents
    ask shade yes_no "Is there shade here?"
    ```

    ## Good
    ```pim
    ask light yes_no "Is there light here?"
    ```
    """
    if form.level >= Level.HIGH and not form.facts.consulted:
        yield Diagnostic(
            rule_of(nobody_consulted),
            "nobody was asked about these questions before",
            form.place,
            f"People who live with a risk see it first ({PRINCIPLE}).",
            'ask them, then add under `form` the day and whom you asked: consulted 2026-10-02 "women of block C", "organisation of persons with disabilities"',
        )


@rule(
    "PIM109",
    "results-do-not-come-back",
    Severity.ERROR,
    standard=f"{PRINCIPLE}; Core Humanitarian Standard 4",
    waivable=True,
)
def results_do_not_come_back(form: Form) -> Iterator[Diagnostic]:
    """
    From MODERATE on, nothing says how and when the results come back to people.

    ## Why
    Who answers for half an hour may know what came of it. The closing note says it in each language. A time is part of the
    promise: within 30 days, or within a year where it takes a year.

    Nobody has to come in person. Where the team cannot come back, write what is true, such as "a notice at the registry
    office". Where nothing at all will come back, waive this rule, so that a reviewer sees it, and tell people in `limits`.

    ## Bad
    ```pim
    form check "Check"
      organisation "Relief"
      category     sectoral
      interview    service, face to face
      population   "People in block C"
      contact      "Desk"
      staff        protection_lead "Head of protection", im_lead "Head of information"
      searched     2026-10-20 "HDX"
    purpose safety "Safer sites"
      need        "Where people do not feel safe"
      tell people "make places safer"
      decide      "Where lights go" by "Site planning group" before 2027-01-31
      already known "Site map" but "shows no lights"
    risk talk "Somebody hears what was said"
      harms      respondent
      likelihood low
      impact     moderate
      protect by no_gps
      owner      "Head of protection"
      review     2027-01-31
    ask safe yes_no "Do you feel safe here?"
      sensitivity moderate
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
    purpose safety "Safer sites"
      need        "Where people do not feel safe"
      tell people "make places safer"
      decide      "Where lights go" by "Site planning group" before 2027-01-31
      already known "Site map" but "shows no lights"
    risk talk "Somebody hears what was said"
      harms      respondent
      likelihood low
      impact     moderate
      protect by no_gps
      owner      "Head of protection"
      review     2027-01-31
    ask safe yes_no "Do you feel safe here?"
      sensitivity moderate
    ```
    """
    if form.level >= Level.MODERATE and form.facts.feedback is None:
        yield Diagnostic(
            rule_of(results_do_not_come_back),
            "nothing says how and when the results come back to people",
            form.place,
            "Who gives answers may know what came of them (Core Humanitarian Standard, commitment 4).",
            'add under `form`: feedback "…" within 30 days  # how, such as: a community meeting in each block',
        )


@rule("PIM110", "views-of-heads-only", Severity.WARNING, standard=PRINCIPLE)
def views_of_heads_only(form: Form) -> Iterator[Diagnostic]:
    """
    What people feel, think or plan is asked of heads of household alone.

    ## Why
    Heads of household are often men, and often older. What they say of safety, aid or plans is not what women and young
    people of the same household would say. Facts about the household can be asked of its head; views are asked of one adult who is
    chosen by chance, as many women as men.

    ## Bad
    ```pim
    form check "Check"
      organisation "Relief"
      category     sectoral
      interview    household, face to face
      respondent   head_of_household
      population   "People in block C"
      contact      "Desk"
    purpose aid "Better aid"
      topic aap
      tell people "make aid better"
    ask polite yes_no "Did the staff listen to you?"
    ```

    ## Good
    ```pim
    form check "Check"
      organisation "Relief"
      category     sectoral
      interview    household, face to face
      respondent   chosen_adult
      population   "People in block C"
      contact      "Desk"
    purpose aid "Better aid"
      topic aap
      tell people "make aid better"
    ask polite yes_no "Did the staff listen to you?"
    ```
    """
    facts = form.facts
    if facts.respondent != HEAD or facts.interview_unit not in _SHARED_BY_PEOPLE:
        return
    known = table("topics")
    asked: dict[str, str] = {}
    for item in questions_in(form.items):
        if item.tags.gives is None:
            for topic in topics_of(form, item):
                if known.get(topic, {}).get("views", False):
                    asked.setdefault(topic, item.name)
    if asked:
        listed = ", ".join(f"{topic.replace('_', ' ')} (`{name}`)" for topic, name in asked.items())
        yield Diagnostic(
            rule_of(views_of_heads_only),
            f"views are asked of heads of household only: {listed}",
            facts.respondent_place or form.place,
            f"Women and young people of the same household see these otherwise ({PRINCIPLE}).",
            "write `respondent chosen_adult`, and plan as many interviews with women as with men",
        )
