"""Principle 3, defined purpose: what a category of work (PIM Matrix) allows in a form."""

from __future__ import annotations

from collections.abc import Iterator

from pimforms.diagnostics import Diagnostic, Severity, rule, rule_of
from pimforms.model.form import Form
from pimforms.model.text import Text
from pimforms.model.walk import questions_in
from pimforms.rules.placeholders import estimates_population
from pimforms.standards.data import table


@rule("PIM307", "category-missing", Severity.ERROR, standard="PIM Matrix, 2018")
def category_missing(form: Form) -> Iterator[Diagnostic]:
    """
    A form says which column of the PIM Matrix it belongs to.

    ## Why
    What is normal differs: names belong in case management, not in protection monitoring. The category also supplies what
    the form does not say, like how long records are kept.

    ## Bad
    ```pim
    form check "Check"
      organisation "Relief"
      population   "People in block C"
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
    if form.facts.category is None and form.facts.category_place is None:
        known = ", ".join(table("categories"))
        yield Diagnostic(
            rule_of(category_missing),
            "this form has no category",
            form.place,
            "The category says what is usual for this kind of work (PIM Matrix).",
            f"add `category …` under `form`, one of: {known}",
        )


@rule("PIM317", "outside-its-category", Severity.ERROR, standard="PIM Matrix, 2018")
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
    for item in questions_in(form.items):
        if item.tags.gives is None:
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
