"""Principle 2, do no harm: what could go wrong, and whether what is promised against it is there."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from pimforms.diagnostics import Diagnostic, Severity, rule, rule_of
from pimforms.model.facts import Risk
from pimforms.model.form import Form
from pimforms.model.identity import identifies
from pimforms.model.level import Level
from pimforms.model.topics import UNNAMED, sensitive_topics
from pimforms.model.walk import questions_in, walk
from pimforms.rules.mitigations import broken
from pimforms.standards.data import table

PRINCIPLE = "PIM principle 2, Do no harm"
_ENOUGH = 3
"""Protections in a risk that is offered for pasting."""
_NEXT = timedelta(days=90)
"""After how long a risk that is offered for pasting is looked at again."""


@rule("PIM201", "risk-not-assessed", Severity.ERROR, standard=PRINCIPLE, waivable=True)
def risk_not_assessed(form: Form, today: date) -> Iterator[Diagnostic]:
    """
    From MODERATE on, no risk says what could go wrong; from HIGH on, one of the sensitive topics has no risk.

    ## Why
    Whoever asks must know beforehand who could be harmed, and what is done against it. A `risk` says what could happen, who
    would be harmed, how likely and how bad that is, what protects against it, who answers for it, and on which day it is
    looked at again. A risk without `topics` is about everything that is asked. Once the day of review is past, a warning
    says so. Risks to begin with stand in the form library; the message offers the one that fits.

    ## Bad
    ```pim
    form safety_check "Safety"
      organisation "Relief"
      category     protection_monitoring
      interview    site, observation
      population   "People in block C"
      contact      "Desk, block C"
      staff        protection_lead "Head of protection", im_lead "Head of information"
      feedback     "a community meeting" within 30 days
      searched     2026-10-20 "HDX", "registry of assessments"
    purpose places "Safer sites"
      topic       safety_perception
      need        "Where people feel safe"
      tell people "make places safer"
      decide      "Where lights go" by "Site planning group" before 2027-01-31
    ask safe yes_no "Do you feel safe here?"
    ```

    ## Good
    ```pim
    form safety_check "Safety"
      organisation "Relief"
      category     protection_monitoring
      interview    site, observation
      population   "People in block C"
      contact      "Desk, block C"
      staff        protection_lead "Head of protection", im_lead "Head of information"
      feedback     "a community meeting" within 30 days
      searched     2026-10-20 "HDX", "registry of assessments"
    purpose places "Safer sites"
      topic       safety_perception
      need        "Where people feel safe"
      tell people "make places safer"
      decide      "Where lights go" by "Site planning group" before 2027-01-31
    risk blame "People who call a place unsafe are blamed for it"
      harms      respondent, community
      likelihood moderate
      impact     moderate
      protect by no_names, no_gps
      owner      "Head of protection"
      review     2027-01-31
    ask safe yes_no "Do you feel safe here?"
    ```
    """
    if form.level is Level.LOW:
        return
    if not form.risks:
        topics = [topic for topic in _topics_asked(form) if topic in table("stock_risks")]
        yield Diagnostic(
            rule_of(risk_not_assessed),
            f"this form is {form.level.name} and has no risk assessment",
            form.place,
            f"{_because(form)}Whoever asks must know beforehand who could be harmed ({PRINCIPLE}).",
            f"begin with this one, and make it yours:\n{stock_risk(form, next(iter(topics), 'any'), today)}",
        )
        return
    for risk in form.risks:
        missing = _missing(form, risk, today)
        if missing:
            words = ", ".join(f"no {word}" for word, _ in missing)
            yield Diagnostic(
                rule_of(risk_not_assessed),
                f"the risk `{risk.name}` has {words}",
                risk.place,
                f"A risk that nobody weighs, owns and looks at again protects nobody ({PRINCIPLE}).",
                "add under it:\n" + "\n".join(line for _, line in missing),
            )
        elif risk.review is not None and risk.review < today.isoformat():
            yield Diagnostic(
                rule_of(risk_not_assessed),
                f"the risk `{risk.name}` was to be looked at again on {risk.review}",
                risk.place,
                f"What was true then may no longer be true ({PRINCIPLE}).",
                "look at it with its owner, then write the day of the next review",
                severity=Severity.WARNING,
            )
    for topic, questions in sensitive_topics(form).items():
        if topic == UNNAMED or any(not risk.topics or topic in risk.topics for risk in form.risks):
            continue
        first = questions[0]
        yield Diagnostic(
            rule_of(risk_not_assessed),
            f"no risk speaks of `{topic}`, which is {first.tags.level.name} here",
            first.via or first.place,
            f"Each sensitive topic brings a danger of its own ({PRINCIPLE}).",
            f"begin with this one, and make it yours:\n{stock_risk(form, topic, today)}",
            related=(("the question in the library", first.place),) if first.via is not None else (),
        )


def _because(form: Form) -> str:
    """Which question gives the form its level, where one alone does."""
    highest = max(questions_in(form.items), key=lambda question: question.tags.level, default=None)
    if highest is None or highest.tags.level < form.level:
        named = next((question for question in questions_in(form.items) if identifies(question)), None)
        return f"A HIGH answer stands beside `{named.name}`, which identifies a person. " if named else ""
    return f"`{highest.name}` makes it so: {highest.tags.why}. " if highest.tags.why else ""


def _topics_asked(form: Form) -> list[str]:
    """The topics of what is asked, the most sensitive questions first."""
    levels: dict[str, Level] = {}
    for item in walk(form.items):
        tags = item.tags
        purposes = (form.purposes[name].topic for name in tags.purposes if name in form.purposes)
        for topic in (tags.topic,) if tags.topic else purposes:
            if topic is not None:
                levels[topic] = max(levels.get(topic, Level.LOW), tags.level)
    return sorted(levels, key=lambda topic: -levels[topic])


def _missing(form: Form, risk: Risk, today: date) -> list[tuple[str, str]]:
    """What a risk does not say, each with a line to paste."""
    if risk.harms and risk.likelihood and risk.impact and risk.protections and risk.owner and risk.review:
        return []
    stock = table("stock_risks").get(risk.topics[0] if risk.topics else "any", table("stock_risks")["any"])
    protect = ", ".join(_protections(form, risk, tuple(stock["protect"])))
    lines = (
        (not risk.harms, "word on who is harmed", f"harms      {', '.join(stock['harms'])}"),
        (risk.likelihood is None, "likelihood", f"likelihood {stock['likelihood']}"),
        (risk.impact is None, "impact", f"impact     {stock['impact']}"),
        (not risk.protections, "protection", f"protect by {protect}"),
        (risk.owner is None, "owner", f'owner      "{_owner(form)}"'),
        (risk.review is None, "day of review", f"review     {today + _NEXT}"),
    )
    return [(word, line) for missing, word, line in lines if missing]


def stock_risk(form: Form, topic: str, today: date) -> str:
    """A risk of the library as a block to paste, with the protections that hold in this form."""
    stock = table("stock_risks").get(topic, table("stock_risks")["any"])
    taken = {risk.name for risk in form.risks}
    name = stock["name"] if stock["name"] not in taken else f"{stock['name']}_2"
    risk = Risk(name, form.title, form.place, topics=(topic,))
    lines = [
        f'risk {name} "{stock["text"]}"',
        f"  harms      {', '.join(stock['harms'])}",
        *([f"  topics     {topic}"] if topic in table("topics") else []),
        *([f"  happens    {stock['happens']}"] if "happens" in stock else []),
        f"  likelihood {stock['likelihood']}",
        f"  impact     {stock['impact']}",
        f"  protect by {', '.join(_protections(form, risk, tuple(stock['protect'])))}",
        f'  owner      "{_owner(form)}"',
        f"  review     {today + _NEXT}",
    ]
    return "\n".join(lines)


def _protections(form: Form, risk: Risk, offered: tuple[str, ...]) -> list[str]:
    """Of what is offered, what holds in this form; else whatever does."""
    everything = dict.fromkeys((*offered, *table("mitigations")))
    holding = [word for word in everything if broken(form, risk, word) is None]
    usual = [word for word in holding if word in offered]
    return (usual or holding)[:_ENOUGH] or [offered[0]]


def _owner(form: Form) -> str:
    """Who answers for a risk: the head of protection, by the title the form gives."""
    return dict(form.facts.staff).get("protection_lead", "Head of protection")


@rule("PIM202", "protection-not-there", Severity.ERROR, standard=PRINCIPLE, waivable=True)
def protection_not_there(form: Form) -> Iterator[Diagnostic]:
    """
    What a risk names as its protection is not in the form.

    ## Why
    A list of risks can promise anything. Here each word of `protect by` stands for a feature that is looked for in the form:
    `no_gps` means that nothing asks for coordinates, `private_setting` that a privacy check stands before a HIGH question,
    `totals_only` that nobody receives single records of what the risk is about. A list that says otherwise than the form
    makes people careless.

    ## Bad
    ```pim
    risk found "Somebody finds a shelter with the help of the data"
      harms      household
      likelihood low
      impact     high
      protect by no_answers_in_audit, split_contact
      owner      "Head of protection"
      review     2027-01-31
    ask light yes_no "Is there light on the way to the water point?"
    ```

    ## Good
    ```pim
    risk found "Somebody finds a shelter with the help of the data"
      harms      household
      likelihood low
      impact     high
      protect by no_answers_in_audit, no_gps
      owner      "Head of protection"
      review     2027-01-31
    ask light yes_no "Is there light on the way to the water point?"
    ```
    """
    for risk in form.risks:
        for protection, place in risk.protections:
            found = broken(form, risk, protection)
            if found is not None:
                yield Diagnostic(
                    rule_of(protection_not_there),
                    f"the risk `{risk.name}` counts on `{protection}`, but {found.why}",
                    place,
                    f"It promises this: {table('mitigations')[protection]['says']}. The form says otherwise ({PRINCIPLE}).",
                    found.fix,
                    related=((found.what, found.place),) if found.place is not None else (),
                )
