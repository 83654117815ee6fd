"""Principle 5, data protection and security: whom the shared records would single out, predicted before anyone is asked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from pimforms.diagnostics import Diagnostic, Severity, rule, rule_of
from pimforms.model.alike import Alike, Change, cheapest_changes, expected_after, least_alike, singles_out
from pimforms.model.form import Form
from pimforms.model.level import Level
from pimforms.standards.data import table

_PLACE = "place"


@rule(
    "PIM504",
    "people-could-be-told-apart",
    Severity.ERROR,
    standard="PIM principle 5, Data protection and security",
    waivable=True,
)
def people_could_be_told_apart(form: Form) -> Iterator[Diagnostic]:
    """
    In what is shared, too few records look alike, so that people could be recognised without any name.

    ## Why
    A village, an age, a marital status and an origin are each harmless; together they often fit one person. The number of
    records that look alike is predicted before anyone is asked: `k = 1 + (n - 1) x m1 x m2 x …`, where `n` is the sample
    (or the population, if no sample is stated) and each `m` is the chance that two people give the same answer, the sum of
    the squared shares of its answers. Shares are rough defaults, or the length of the list for places; of answers that say
    the same thing more or less exactly, such as a district and a village, the most exact counts. Rosters are left out.
    Below 5 it is a warning, below 3 an error; in a LOW form it is only said below 3 and from four such answers on. It is a
    rough bound, to be measured again on the real records.

    Only what is shared as records counts: `totals only` is not, and `shared as band`, `generalise`, `drop`, `suppress` or
    `reference` on a question is taken into account. If it is waived where four or more such answers leave fewer than 3
    alike, the record is one level more sensitive.

    ## Bad
    ```pim
    form cash "Cash for work"
      organisation "Relief"
      category     sectoral
      interview    household, face to face
      respondent   any_adult
      population   "People in block C" size 20000
      sample       400 households, random, "every fifth shelter"
      contact      "Desk, block C, free line 555"
      staff        protection_lead "Head of protection", im_lead "Head of information"
      feedback     "a community meeting in each block" within 30 days
      searched     2026-10-20 "HDX"
      share with   "the cash group" without identities
    purpose cash "Cash for those who can work"
      topic         livelihoods
      need          "Who finds no work here"
      tell people   "plan cash for work"
      decide        "Which blocks get cash for work" by "Cash group" before 2027-01-31
      already known "Market survey, October 2026" but "does not speak of people"
    risk envy "Somebody is blamed for what was said"
      harms      respondent
      likelihood low
      impact     moderate
      protect by no_names, no_gps
      owner      "Head of protection"
      review     2027-01-31
    use header
    consent
    use interview_record
    ask sex one of library sex "What is your sex?"
      gives sex
    ask age integer "How old are you?"
      gives age
      must be at least 18 and at most 120
    ask married one "Are you married?"
      - yes     "Yes"
      - before  "I was"
      - never   "No"
      gives marital_status
    ask work yes_no "Did you find work in the last 7 days?"
      by sex, age
    use observation
    ```

    ## Good
    ```pim
    form cash "Cash for work"
      organisation "Relief"
      category     sectoral
      interview    household, face to face
      respondent   any_adult
      population   "People in block C" size 20000
      sample       400 households, random, "every fifth shelter"
      contact      "Desk, block C, free line 555"
      staff        protection_lead "Head of protection", im_lead "Head of information"
      feedback     "a community meeting in each block" within 30 days
      searched     2026-10-20 "HDX"
      share with   "the cash group" without identities
    purpose cash "Cash for those who can work"
      topic         livelihoods
      need          "Who finds no work here"
      tell people   "plan cash for work"
      decide        "Which blocks get cash for work" by "Cash group" before 2027-01-31
      already known "Market survey, October 2026" but "does not speak of people"
    risk envy "Somebody is blamed for what was said"
      harms      respondent
      likelihood low
      impact     moderate
      protect by no_names, no_gps
      owner      "Head of protection"
      review     2027-01-31
    use header
    consent
    use interview_record
    ask sex one of library sex "What is your sex?"
      gives sex
    ask age integer "How old are you?"
      gives age
      must be at least 18 and at most 120
      shared as band
    ask married one "Are you married?"
      - yes     "Yes"
      - before  "I was"
      - never   "No"
      gives marital_status
    ask work yes_no "Did you find work in the last 7 days?"
      by sex, age
    use observation
    ```
    """
    if form.level is Level.LOW and not singles_out(form):
        return
    alike, limits = least_alike(form), table("limits")["alike"]
    if alike is None or alike.expected >= limits["warning"]:
        return
    changes = cheapest_changes(form, alike, limits["warning"])
    items = [trait.item for change in changes for trait in change.traits]
    places = [item.via or item.place for item in items]
    recipient = f"the records for {alike.recipient.name.get(form.facts.languages[0])}"
    yield Diagnostic(
        rule_of(people_could_be_told_apart),
        f"of {alike.records} shared records only about {alike.expected:.1f} look alike, so people could be recognised",
        places[0] if places else alike.recipient.place,
        f"k = 1 + ({alike.records} - 1) × {_factors(alike)}; {limits['warning']} or more should look alike. A rough bound "
        "from default shares (PIM principle 5).",
        _fix(alike, changes),
        severity=Severity.WARNING if alike.expected >= limits["error"] else None,
        related=((recipient, alike.recipient.place),) if places else (),
    )


def _factors(alike: Alike) -> str:
    """`1/80 (age) × 1/2 (sex)`: the chance of the same answer, as one in how many."""
    return " × ".join(f"1/{1 / trait.same:.3g} ({trait.item.name})" for trait in alike.traits)


def _fix(alike: Alike, changes: Iterable[Change]) -> str:
    said = [_change(change) for change in changes]
    if not said:
        return "share totals only with them, or take out answers that tell people apart"
    return f"{'; '.join(said)}: then about {expected_after(alike, changes):.0f} look alike"


def _change(change: Change) -> str:
    names = [f"`{trait.item.name}`" for trait in change.traits]
    listed = ", ".join(names)
    if all(trait.item.via is not None for trait in change.traits):
        if change.group == _PLACE:
            return f"leave {listed} out of its `levels`"
        return f"put the `use` that brings {listed} into a group with `shared as {change.how}`"
    return f"write `shared as {change.how}` under {' and '.join(names)}"
