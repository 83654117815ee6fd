"""Forms of each kind, and the consents that people hear in them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, replace

from forms import check
from pimforms.model.form import Form
from pimforms.model.level import Level
from pimforms.model.text import Text
from pimforms.protect.child import assent_screens, caregiver_screens
from pimforms.protect.consent import Screen, screens

LANGUAGES = ("en", "fr", "es", "ar")
BODY = 'ask open yes_no "Is the desk open?"\n'
SENSITIVE = BODY + 'ask held yes_no "Were you held?"\n  topic detention\n'
NAMED = 'ask nm text "What is your name?"\n  gives person_name\n'


def form(body: str = BODY, level: Level = Level.LOW, **facts: object) -> Form:
    """A form of this level with these facts, in every language; what the rules say of it does not matter here."""
    made = check(body).form
    assert made is not None
    stated = {each.name: getattr(made.facts, each.name) for each in fields(made.facts)}
    texts = {name: everywhere(fact) for name, fact in stated.items() if isinstance(fact, Text)}
    purposes = {name: replace(each, tell=everywhere(each.tell)) for name, each in made.purposes.items() if each.tell}
    told = replace(made.facts, **{"languages": LANGUAGES, **texts, **facts})  # type: ignore[arg-type]
    return replace(made, level=level, facts=told, purposes=purposes)


def everywhere(text: Text) -> Text:
    """The text in every language: in a test, the English words will do for the others."""
    return replace(text, values={language: text.get(language) or text.get("en") for language in LANGUAGES})


VARIANTS: Mapping[str, Form] = {
    f"{name}, {level.word}": form(body, level, **facts)  # type: ignore[arg-type]
    for level in (Level.LOW, Level.MODERATE, Level.SEVERE)
    for name, body, facts in (
        ("anonymous", BODY, {}),
        ("identified", NAMED, {}),
        ("split", BODY, {"split_off": ("person_name",)}),
        ("key informant", BODY, {"interview_unit": "key informant"}),
        ("named key informant", NAMED, {"interview_unit": "key informant"}),
        ("phone", BODY, {"mode": "phone"}),
        ("children", BODY, {"children": (10, 17)}),
        ("deciding", BODY, {"category": "population_data"}),
        ("deciding, identified", NAMED, {"category": "population_data", "children": (10, 17)}),
        ("discreet", SENSITIVE, {}),
        ("specialists with children", SENSITIVE, {"category": "case_management", "children": (10, 17)}),
    )
}


def consents(made: Form) -> dict[str, tuple[Screen, ...]]:
    """What an adult hears, and what a caregiver and a child hear."""
    heard = {"adult": screens(made)}
    if made.facts.children is not None:
        heard["caregiver"], heard["child"] = caregiver_screens(made), assent_screens(made)
    return heard
