"""Principle 7, impartiality: whom figures speak of, and what may have changed an answer."""

from __future__ import annotations

from collections.abc import Iterator

from pimforms.diagnostics import Diagnostic, Severity, rule, rule_of
from pimforms.model.facts import Indicator
from pimforms.model.form import Form
from pimforms.model.level import Level
from pimforms.model.walk import questions_in
from pimforms.rules.placeholders import estimates_population, names_informants
from pimforms.standards.data import table

PRINCIPLE = "PIM principle 7, Impartiality"
KEY_INFORMANT = "key informant"
# Where nobody is interviewed, nobody is changed by who asks.
_NOBODY_ASKED = ("site", "event", "service")
_SELF = "self"
# What is recorded about an interview, and how it is called in a message.
_EFFECTS = {
    "interviewer": "the code of the interviewer",
    "interviewer_sex": "the sex of the interviewer",
    "interpreter": "whether somebody interpreted",
    "others_near": "who else was near",
}


@rule("PIM706", "claims-more-than-its-sample", Severity.ERROR, standard=PRINCIPLE, waivable=True)
def claims_more_than_its_sample(form: Form) -> Iterator[Diagnostic]:
    """
    An indicator speaks of a share of people, and the sample cannot show it.

    ## Why
    “40% of households” is true of households only if each of them had a known chance to be asked. Key informants, and
    people chosen by purpose, by convenience or by others who were asked, speak for themselves: “18 of 60 key informants
    say”. Who is not counted in such a figure is not helped. The ways to choose stand in `facts.toml`.

    The rule reads indicators that speak of a share of people or households, in English, French, Spanish and Arabic. Without
    one, no `sample` is asked for.

    ## Bad
    ```pim
    form check "Check"
      organisation "Relief"
      category     sectoral
      interview    key informant, face to face
      population   "People in block C"
      sample       60 key informants, purposive, "Three people in each site with different roles"
      contact      "Desk"
    purpose services "Better services"
      tell people "make services better"
      indicator   "% of households with enough water" from water
    ask water yes_no "Is there enough water here?"
    ```

    ## Good
    ```pim
    form check "Check"
      organisation "Relief"
      category     sectoral
      interview    key informant, face to face
      population   "People in block C"
      sample       60 key informants, purposive, "Three people in each site with different roles"
      contact      "Desk"
    purpose services "Better services"
      tell people "make services better"
      indicator   "% of key informants who say that there is enough water" from water
    ask water yes_no "Is there enough water here?"
    ```
    """
    facts, known = form.facts, table("facts")["sampling"]
    method = facts.sample_method
    if method is not None and method not in known:
        yield Diagnostic(
            rule_of(claims_more_than_its_sample),
            f"“{method}” is no known way to choose who is asked",
            facts.sample_place or form.place,
            f"Whether figures speak of everyone depends on it ({PRINCIPLE}).",
            f"write one of: {', '.join(known)}; the details stand in the text behind it",
            severity=Severity.WARNING,
        )
    informants = facts.interview_unit == KEY_INFORMANT
    chosen = known.get(method or "", {}).get("probability", True)
    if not informants and chosen and facts.sample_place is not None:
        return
    if not table("categories").get(facts.category or "", {}).get("estimates", True):
        return  # in such a category nothing can be said of a population at all, which is another rule's matter
    for indicator in _estimates(form):
        if informants or not chosen:
            who = "key informants" if informants else f"a {method} sample"
            yield Diagnostic(
                rule_of(claims_more_than_its_sample),
                f"this indicator speaks of a share of people, and is made from {who}",
                indicator.place,
                f"Those who are asked speak for themselves: nobody knows how many others are like them ({PRINCIPLE}).",
                'say whom it counts: "% of key informants who say …"'
                if informants
                else 'say whom it counts: "… of the people who were asked"',
            )
        else:
            yield Diagnostic(
                rule_of(claims_more_than_its_sample),
                "this indicator speaks of a share of people, and nothing says how those who are asked are chosen",
                indicator.place,
                f"A share of everyone needs a sample in which everyone had a chance ({PRINCIPLE}).",
                'add under `form`: sample 600 households, two stage, "Blocks by size, then every fifth shelter"',
                severity=Severity.WARNING,
            )
            return


def _estimates(form: Form) -> Iterator[Indicator]:
    """The indicators that speak of a share of people, and not of a share of those who were asked."""
    for purpose in form.purposes.values():
        for indicator in purpose.indicators:
            texts = [text for text in indicator.text.values.values() if text]
            if any(map(estimates_population, texts)) and not any(map(names_informants, texts)):
                yield indicator


# Said behind `#`, so that the lines can be pasted as they are.
_STANDS = {
    "header": "  # before the consent",
    "interview_record": "  # after the consent",
    "observation": "  # at the end",
}


@rule("PIM710", "interview-not-described", Severity.WARNING, standard=PRINCIPLE)
def interview_not_described(form: Form) -> Iterator[Diagnostic]:
    """
    From MODERATE on, the form does not record what may have changed the answers, such as who listened.

    ## Why
    People answer a woman otherwise than a man, an interpreter otherwise than a stranger, and less when a husband or a
    leader listens. Code and sex of the interviewer, whether somebody interpreted and who was near stand in items of the
    interviewer's own, so that a reader can see it. From HIGH on the privacy check says who could hear.

    ## Bad
    ```pim
    form check "Check"
      organisation "Relief"
      category     sectoral
      interview    group, face to face
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

    ## Good
    ```pim
    form check "Check"
      organisation "Relief"
      category     sectoral
      interview    group, face to face
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
    use header
    consent
    use interview_record
    ask safe yes_no "Do you feel safe here?"
      sensitivity moderate
    use observation
    ```
    """
    facts = form.facts
    if form.level < Level.MODERATE or facts.mode == _SELF or facts.interview_unit in _NOBODY_ASKED:
        return
    if form.names_of_damaged:
        return
    recorded = {item.tags.gives for item in questions_in(form.items)}
    if any(interviewer.sex for interviewer in facts.roster):
        recorded.add("interviewer_sex")  # it follows from the code
    if form.level >= Level.HIGH:
        recorded.add("others_near")  # the privacy check
    missing = [concept for concept in _EFFECTS if concept not in recorded]
    if missing:
        modules = dict.fromkeys(module for name in missing for module in table("concepts")[name].get("modules", ()))
        uses = "".join(f"\nuse {module}{_STANDS.get(module, '')}" for module in modules)
        yield Diagnostic(
            rule_of(interview_not_described),
            f"nothing records {_listed([_EFFECTS[name] for name in missing])}",
            form.place,
            f"Answers change with who asks and who listens ({PRINCIPLE}).",
            f"add:{uses}",
        )


def _listed(words: list[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"
