"""The consent, composed from the form's own facts.

Nobody types it, so it cannot promise what the form does not do: whether names are asked, who receives the data, how long
they are kept and how long it takes are read from the form. Order and wording: `form_library/standards/consent.json`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from pimforms.diagnostics import Severity, rule
from pimforms.model.facts import Purpose
from pimforms.model.form import ConsentPoint, Form, Question
from pimforms.model.identity import direct_identifiers
from pimforms.model.level import Level
from pimforms.model.minutes import minutes
from pimforms.model.text import Text
from pimforms.model.walk import walk
from pimforms.protect.words import amount, duration, say, spoken, together
from pimforms.source import Place
from pimforms.standards.data import table

# Which sentences are read on which screen, and from which level. A LOW form has five screens.
SHORT = (
    ("who", ("who", "about", "use", "takes")),
    ("voluntary", ("voluntary",)),
    ("private", ("no_effect", "private")),
    ("sharing", ("sharing",)),
    ("rights", ("rights",)),
)
FULL = (
    ("who", ("who", "about")),
    ("purpose", ("use", "takes")),
    ("voluntary", ("voluntary",)),
    ("no_effect", ("no_effect",)),
    ("private", ("private",)),
    ("limits", ("limits",)),
    ("sharing", ("sharing",)),
    ("risk", ("risk",)),
    ("rights", ("rights",)),
    ("questions", ("any_questions",)),
)


@dataclass(frozen=True, slots=True)
class Screen:
    """One screen of the consent: its name (without prefix) and its text."""

    name: str
    text: Text


@rule("PIM402", "consent-composed", Severity.ADDED, standard="PIM principle 4, Informed consent and confidentiality")
def screens(form: Form) -> tuple[Screen, ...]:
    """
    The consent is composed from the facts of the form.

    ## Why
    A typed consent goes stale: a phone number is added, a recipient joins, and the text still says otherwise. So who asks,
    what for, how long it takes, whether names are written, who receives the answers, how long they are kept and where to
    complain are all read from the form. A LOW form has five short screens, others ten.
    """
    languages = form.facts.languages
    sentences = _sentences(form)
    layout = SHORT if form.level is Level.LOW else FULL
    place = _place(form)

    def joined(keys: tuple[str, ...]) -> Text:
        return spoken(
            languages, place, lambda language: " ".join(filter(None, (sentences[key][language] for key in keys)))
        )

    return tuple(Screen(name, joined(keys)) for name, keys in layout)


def _place(form: Form) -> Place:
    point = next((item for item in form.items if isinstance(item, ConsentPoint)), None)
    return point.place if point else form.place


def _sentences(form: Form) -> Mapping[str, Mapping[str, str]]:
    """Every sentence of the consent by key and language."""
    identified = bool(direct_identifiers(form.items))
    variant = "identified" if identified else "anonymous"
    found: dict[str, dict[str, str]] = {}
    for language in form.facts.languages:
        facts = spoken_facts(form, language)
        limits = form.facts.limits.get(language) if form.facts.limits else say("limits_default", language)
        values = {
            "private": say(f"private_{variant}", language, **facts),
            "rights": say(f"rights_{variant}", language, **facts),
            "limits": say("limits", language, limits=limits),
            "sharing": sharing(form, language),
        }
        for key in ("who", "about", "use", "takes"):
            values[key] = say(key, language, **facts)
        for key in ("voluntary", "no_effect", "risk", "any_questions"):
            values[key] = say(key, language)
        for key, value in values.items():
            found.setdefault(key, {})[language] = value
    return found


def spoken_facts(form: Form, language: str) -> dict[str, str]:
    """What goes into the sentences, in one language."""
    facts = form.facts
    purposes = used_purposes(form)
    direct = direct_identifiers(form.items)
    return {
        "alias": say("alias", language),
        "org": _in(facts.organisation, language),
        "topics": together(asked_topics(form, purposes, language), language),
        "purpose": together([_in(purpose.tell, language) for purpose in purposes], language),
        "duration": amount(minutes(form.items), "minutes", language),
        "contact": _in(facts.contact, language),
        "service_card": service_card(form, language),
        "identifiers": together([_identifier(kind, language) for kind in direct], language),
        "identifier_use": together([_in(purpose.tell, language) for purpose in purposes], language),
    }


def used_purposes(form: Form) -> tuple[Purpose, ...]:
    """The purposes that some question serves, in the order in which the form states them."""
    used = {name for item in walk(form.items) if isinstance(item, Question) for name in item.tags.purposes}
    return tuple(purpose for name, purpose in form.purposes.items() if name in used)


def asked_topics(form: Form, purposes: Iterable[Purpose], language: str) -> list[str]:
    """What the form asks about: the topics of its purposes, and every sensitive topic of a question besides.

    Naming each harmless topic of each group would make the sentence too long to be heard.
    """
    topics = table("topics")
    words = dict.fromkeys(spoken_topics(purposes, language))
    for item in walk(form.items):
        if isinstance(item, Question) and item.tags.topic and item.tags.level >= Level.HIGH:
            words[topics[item.tags.topic]["spoken"].get(language, "")] = None
    return [word for word in words if word]


def spoken_topics(purposes: Iterable[Purpose], language: str) -> list[str]:
    """The topics as they are spoken; the title of a purpose that has none."""
    topics = table("topics")
    words: dict[str, None] = {}
    for purpose in purposes:
        if purpose.topic:
            words[topics[purpose.topic]["spoken"].get(language, "")] = None
        else:
            words[_in(purpose.title, language)] = None
    return [word for word in words if word]


def sharing(form: Form, language: str) -> str:
    """Who receives what, and when the records are deleted."""
    by_what: dict[str, list[str]] = {}
    for recipient in form.facts.recipients:
        by_what.setdefault(recipient.what, []).append(recipient.name.get(language))
    parts = [say("together", language)]
    for number, (what, names) in enumerate(by_what.items()):
        key = "share" if number == 0 else "sharing_more"
        parts.append(
            say(key, language, share_what=say(f"share_{what}", language), share_with=together(names, language))
        )
    if not by_what:
        parts.append(say("share_nobody", language))
    if form.facts.keep is not None:
        retention = say("after_months", language, duration=duration(form.facts.keep, language))
        parts.append(say("delete", language, retention=retention))
    return " ".join(parts)


def service_card(form: Form, language: str) -> str:
    """Where help is: the form's services, else its referrals, else its contact."""
    if form.facts.services:
        return form.facts.services.get(language)
    if form.referrals:
        return together([referral.text.get(language) for referral in form.referrals], language)
    return _in(form.facts.contact, language)


def _identifier(kind: str, language: str) -> str:
    row = table("concepts").get(kind) or table("types")["type"].get(kind) or {}
    spoken_as: str = row.get("spoken", {}).get(language, "")
    return spoken_as


def _in(text: Text | None, language: str) -> str:
    return text.get(language) if text else ""


@rule("PIM411", "consent-fingerprint", Severity.ADDED, standard="PIM principle 4, Informed consent and confidentiality")
def fingerprint(consent: Sequence[Screen], languages: Sequence[str]) -> str:
    """
    Every record carries the fingerprint of the consent that was read.

    ## Why
    When a wording changes, old records were given under the old one. The fingerprint is made from the consent text alone,
    for each language, so that years later anyone can tell which text a person heard.
    """
    parts = []
    for language in languages:
        whole = "\n".join(screen.text.get(language) for screen in consent)
        whole += "\n" + say("agree", language)
        parts.append(f"{language}:{hashlib.sha256(whole.encode()).hexdigest()[:8]}")
    return " ".join(parts)
