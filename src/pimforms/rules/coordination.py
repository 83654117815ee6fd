"""Principle 8, coordination: what exists already, what others plan, and how data can be put together."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from pimforms.diagnostics import Diagnostic, Severity, rule, rule_of, some_of
from pimforms.model.facts import Duration, Planned
from pimforms.model.form import Form
from pimforms.model.level import Level
from pimforms.model.limits import months_in
from pimforms.model.places import PCode, places_of
from pimforms.model.walk import walk
from pimforms.source import Place
from pimforms.standards.data import table

PRINCIPLE = "PIM principle 8, Coordination and collaboration"
_HASHTAG = re.compile(r"#([A-Za-z][A-Za-z0-9_]*)((?:\s*\+[A-Za-z][A-Za-z0-9_]*)*)\s*")


@rule("PIM801", "nothing-searched", Severity.WARNING, standard=PRINCIPLE)
def nothing_searched(form: Form, today: date) -> Iterator[Diagnostic]:
    """
    From MODERATE on, nobody looked for what is known already, or it was long ago.

    ## Why
    Each question that somebody else has asked already tires people and puts them at risk once more. `searched` says when
    and where one looked, `already known … but` what was found and what is missing in it. After six months one looks again.

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
    searched, months = form.facts.searched, table("limits")["search"]["months"]
    if searched is None:
        if not any(purpose.known for purpose in form.purposes.values()):
            yield Diagnostic(
                rule_of(nothing_searched),
                "nobody says whether this is known already",
                form.place,
                f"What others asked already need not be asked again ({PRINCIPLE}).",
                f'look first, then add under `form`: searched {today} "HDX", "UNHCR microdata library", "registry of '
                'assessments"; and under the purpose: already known "…" but "what it does not say"',
            )
    elif searched.day and _months_between(searched.day, today) > months:
        yield Diagnostic(
            rule_of(nothing_searched),
            f"the search for existing data is more than {months} months old",
            searched.place,
            f"Others have asked since {searched.day} ({PRINCIPLE}).",
            f"look again, then write: searched {today}",
        )


def _months_between(day: str, today: date) -> float:
    """How many months a day lies back; negative for one to come."""
    return months_in(Duration((today - date.fromisoformat(day)).days, "days"))


@rule("PIM803", "hashtag-unknown", Severity.WARNING, standard="HXL 1.1")
def hashtag_unknown(form: Form) -> Iterator[Diagnostic]:
    """
    An HXL tag is not written as one, or its hashtag is not in the standard.

    ## Why
    With HXL tags, tables of different organisations can be put together by programs. The compiler writes them by itself for
    what gives a concept (`gives sex`), for dates and for positions; `hxl "#…"` sets another one. A hashtag of your own begins
    with `#x_`, so that nobody takes it for one of the standard.

    ## Bad
    ```pim
    ask water integer "How many litres of water did you get today?"
      hxl "#litres +water"
    ```

    ## Good
    ```pim
    ask water integer "How many litres of water did you get today?"
      hxl "#x_litres +water"
    ```
    """
    known = table("hxl")["hashtags"]
    for item in walk(form.items):
        hxl = item.tags.hxl
        if not hxl or item.origin is not None:
            continue
        found = _HASHTAG.fullmatch(hxl.strip())
        name = found[1].lower() if found else ""
        if found is None:
            message = f"`{hxl}` is not an HXL tag"
            fix = "write a hashtag and its attributes, like: #affected +f +children"
        elif name not in known and not name.startswith("x_"):
            message = f"`#{name}` is not a hashtag of HXL 1.1"
            fix = f"choose one of the standard, or write: #x_{name}"
        else:
            continue
        yield Diagnostic(
            rule_of(hashtag_unknown),
            message,
            item.via or item.place,
            f"Programs that put tables together do not know it ({PRINCIPLE}).",
            fix,
        )


@rule("PIM809", "indicator-code-twice", Severity.WARNING, standard=PRINCIPLE)
def indicator_code_twice(form: Form) -> Iterator[Diagnostic]:
    """
    Two indicators have the same code of a shared framework.

    ## Why
    The code behind `as` says which indicator of a shared framework (an MSNA, a JIAF) this is. Whoever puts the data of
    several forms together finds it by this code, and would add up two different things.

    ## Bad
    ```pim
    purpose safety "Safer sites"
      need        "Where people feel safe"
      tell people "make places safer"
      decide      "Where lights go" by "Site planning group" before 2027-01-31
      indicator   "People who feel safe by day" from by_day as "SAF-3"
      indicator   "People who feel safe at night" from at_night as "SAF-3"
    ask by_day yes_no "Do you feel safe here by day?" for safety
    ask at_night yes_no "Do you feel safe here at night?" for safety
    ask open yes_no "Is the desk open?" for services
    ```

    ## Good
    ```pim
    purpose safety "Safer sites"
      need        "Where people feel safe"
      tell people "make places safer"
      decide      "Where lights go" by "Site planning group" before 2027-01-31
      indicator   "People who feel safe by day" from by_day as "SAF-3"
      indicator   "People who feel safe at night" from at_night as "SAF-4"
    ask by_day yes_no "Do you feel safe here by day?" for safety
    ask at_night yes_no "Do you feel safe here at night?" for safety
    ask open yes_no "Is the desk open?" for services
    ```
    """
    first: dict[str, Place] = {}
    for purpose in form.purposes.values():
        for indicator in purpose.indicators:
            code = (indicator.code or "").strip()
            if code and code in first:
                yield Diagnostic(
                    rule_of(indicator_code_twice),
                    f"the code `{code}` stands at two indicators",
                    indicator.place,
                    f"Data of several forms are put together by it ({PRINCIPLE}).",
                    "give each indicator its own code, or take the second one out",
                    related=(("the first one", first[code]),),
                )
            first.setdefault(code, indicator.place)


@rule("PIM810", "others-ask-too", Severity.WARNING, standard=PRINCIPLE)
def others_ask_too(form: Form, today: date) -> Iterator[Diagnostic]:
    """
    Somebody else asks the same people in the same place within three months.

    ## Why
    People who are asked the same by one organisation after the other stop answering. `registry` names a CSV file of what is
    planned here (title, places, population, start, end), kept by those who coordinate. The rule compares the P-codes
    of the form's places, words of the population, and the days.

    ## Bad
    ```pim
    form market "Market survey"
      organisation "Relief"
      category     sectoral
      population   "Traders in the north"
      contact      "Desk, block C"
      registry     "registry.csv"
    purpose better "Better services"
      tell people "make services better"
    use location_cascade from "nadim_pcodes.csv" levels adm1, adm2
    consent
    ask served yes_no "Did the desk serve you today?"
    ```

    ## Good
    ```pim
    form census "Census of fishers"
      organisation "Relief"
      category     sectoral
      population   "Fishers at the lake"
      contact      "Desk, block C"
      registry     "registry.csv"
    purpose better "Better services"
      tell people "make services better"
    use location_cascade from "nadim_pcodes.csv" levels adm1, adm2
    consent
    ask served yes_no "Did the desk serve you today?"
    ```
    """
    if not form.facts.planned or form.facts.registry is None:
        return
    here = {place.code: place for place in places_of(form)}
    population = _telling(" ".join(form.facts.population.values.values()) if form.facts.population else "")
    months: int = table("limits")["overlap"]["months"]
    for planned in form.facts.planned:
        shared = [here[code] for code in planned.places if code in here]
        same = population & _telling(planned.population)
        if shared and same and _near(planned, today, months):
            yield Diagnostic(
                rule_of(others_ask_too),
                f"“{planned.title}” asks the same people ({', '.join(sorted(same))}) in {_named(shared)}, {planned.start} to "
                f"{planned.end}",
                form.facts.registry.place,
                f"People are asked by one organisation after the other ({PRINCIPLE}).",
                "talk to them: share the data or take turns; otherwise say why both are needed: "
                'waiting is one way, and `already known "' + planned.title + '" but "…"` says what it lacks',
            )


def _near(planned: Planned, today: date, months: int) -> bool:
    """Whether today lies between some months before its start and as many after its end."""
    return _months_between(planned.start, today) >= -months and _months_between(planned.end, today) <= months


def _telling(text: str) -> set[str]:
    """The words of a population that say who it is: "displaced", not "people" or "in"."""
    common = set(table("limits")["overlap"]["common"])
    found = re.findall(r"\w{3,}", text.lower())
    return {word for word in found if word not in common}


def _named(places: list[PCode]) -> str:
    names = [next(iter(place.name.values.values()), place.code) if place.name else place.code for place in places]
    return some_of(names, 3)
