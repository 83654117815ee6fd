"""The consent, composed from the form's own facts.

Nobody types it, so it cannot promise what the form does not do: whether names are asked, who receives the data, how long
they are kept and how long it takes are read from the form. Order and wording: `form_library/standards/consent.json`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence

from pimforms.diagnostics import Severity, rule
from pimforms.model.aid import decides_on_aid
from pimforms.model.facts import Purpose
from pimforms.model.form import ConsentPoint, Form
from pimforms.model.identity import direct_identifiers
from pimforms.model.level import Level
from pimforms.model.minutes import minutes
from pimforms.model.recorded import identifying_records
from pimforms.model.text import Text
from pimforms.model.topics import level_of_topic
from pimforms.model.walk import questions_in
from pimforms.protect.wordings import worded, wordings
from pimforms.protect.words import amount, duration, part, say, spoken, together
from pimforms.record import record
from pimforms.source import Place
from pimforms.standards.data import table

# Which sentences are read on which screen, and from which level. A LOW form has five screens; a screen has 40 words or less.
SHORT = (
    ("who", ("who", "about", "use", "takes")),
    ("voluntary", ("voluntary",)),
    ("private", ("no_effect", "private", "limits_short")),
    ("sharing", ("reuse", "sharing", "retention")),
    ("rights", ("rights",)),
)
FULL = (
    ("who", ("who", "about")),
    ("purpose", ("use", "reuse")),
    ("voluntary", ("takes", "voluntary")),
    ("no_effect", ("no_effect",)),
    ("private", ("private",)),
    ("limits", ("limits",)),
    ("sharing", ("sharing", "retention")),
    ("risk", ("risk",)),
    ("rights", ("rights",)),
    ("questions", ("any_questions",)),
)
KEY_INFORMANT = "key informant"
SOUND = "background-audio"

# What every consent says (P4-03), and the sentences that say it. Of each set of an element, one sentence at least.
ELEMENTS: Mapping[str, tuple[frozenset[str], ...]] = {
    "who asks": (frozenset({"who"}),),
    "what it is for": (frozenset({"use"}), frozenset({"reuse"})),
    "what is asked, and how long it takes": (frozenset({"about", "caregiver", "child_who"}), frozenset({"takes"})),
    "free to say no, to skip, to stop": (frozenset({"voluntary", "caregiver"}),),
    "no effect on aid": (frozenset({"no_effect"}),),
    "what stays private, and the limits": (frozenset({"private"}), frozenset({"limits", "limits_short"})),
    "who receives the answers": (frozenset({"sharing"}),),
    "how long they are kept": (frozenset({"retention"}),),
    "risks, and that there is no reward": (frozenset({"risk", "no_effect"}), frozenset({"no_effect"})),
    "rights, and where to complain": (frozenset({"rights"}),),
}


@record
class Screen:
    """One screen of the consent: its name (without prefix), its text, and the sentences in it by key."""

    name: str
    text: Text
    keys: tuple[str, ...] = ()


@rule("PIM402", "consent-composed", Severity.ADDED, standard="PIM principle 4, Informed consent and confidentiality")
def screens(form: Form) -> tuple[Screen, ...]:
    """
    The consent is composed from the facts of the form.

    ## Why
    A typed consent goes stale: a phone number is added, a recipient joins, and the text still says otherwise. So who asks,
    what for, how long it takes, whether names are written, who receives the answers, how long they are kept and where to
    complain are all read from the form. A LOW form has five short screens, others ten.

    "We will not write your name" is said only if the form asks for no name, number, picture, voice or exact position. A key
    informant is told that the questions are about the place, and asked to name nobody.
    """
    languages = form.facts.languages
    return composed(_layout(form), {language: _sentences(form, language) for language in languages}, place_of(form))


def composed(
    layout: Sequence[tuple[str, tuple[str, ...]]], sentences: Mapping[str, Mapping[str, str]], place: Place
) -> tuple[Screen, ...]:
    """The screens of a layout. `sentences`: by language and key."""

    def joined(keys: tuple[str, ...]) -> Text:
        return spoken(
            tuple(sentences), place, lambda language: " ".join(filter(None, (sentences[language][key] for key in keys)))
        )

    return tuple(Screen(name, joined(keys), keys) for name, keys in layout)


def _layout(form: Form) -> list[tuple[str, tuple[str, ...]]]:
    layout = list(SHORT if form.level is Level.LOW else FULL)
    if _says_less(form):
        layout.insert(next(n for n, (name, _) in enumerate(layout) if name == "voluntary"), ("personal", ("personal",)))
    private = next(number for number, (name, _) in enumerate(layout) if name == "private")
    if form.level is Level.LOW:
        limits = "limits" if form.facts.limits else "limits_short"
        # more than one screen can hold
        if limits == "limits" or variant_of(form) != "anonymous" or decides_on_aid(form):
            parts = [("no_effect", ("no_effect",)), ("private", ("private",)), ("limits", (limits,))]
            layout[private : private + 1] = parts
            private += 1
    if form.facts.interview_unit == KEY_INFORMANT:
        layout.insert(private, ("place", ("place",)))
    if SOUND in identifying_records(form.items):
        layout.insert(0, ("recorded", ("recorded",)))
    return layout


def place_of(form: Form) -> Place:
    """Where the consent stands."""
    point = next((item for item in form.items if isinstance(item, ConsentPoint)), None)
    return point.place if point else form.place


def _sentences(form: Form, language: str) -> Mapping[str, str]:
    """Every sentence of the consent by key, in one language."""
    variant, facts = variant_of(form), spoken_facts(form, language)
    limits = form.facts.limits.get(language) if form.facts.limits else say("limits_default", language)
    about_a_place = form.facts.interview_unit == KEY_INFORMANT and variant == "anonymous"
    private = "kept_private" if about_a_place or variant == "traced" else f"private_{variant}"
    rights = "identified" if variant == "traced" else variant
    values = {
        "private": say(private, language, **facts),
        "rights": say(f"rights_{rights}", language, **facts),
        "limits": say("limits", language, limits=limits),
        "place": say("ki_private", language),
        "reuse": reuse(form, language),
        "sharing": sharing(form, language),
        "retention": retention(form, language),
    }
    for key in ("who", "about", "use", "takes"):
        values[key] = say(key, language, **facts)
    endings = wordings(form)
    for key in ("voluntary", "no_effect", "personal", "risk", "any_questions", "limits_short", "recorded"):
        values[key] = say(worded(key, endings), language)
    return values


def variant_of(form: Form) -> str:
    """What may truly be said about who answers.

    "anonymous": nothing in the form identifies anyone. "identified": a question does. "split": names and numbers stand in
    a form of their own. "traced": no question does, but the phone records what may, like its number or a voice.
    """
    if direct_identifiers(form.items):
        return "identified"
    if form.facts.split_off:
        return "split"
    return "traced" if identifying_records(form.items) else "anonymous"


def spoken_facts(form: Form, language: str) -> dict[str, str]:
    """What goes into the sentences, in one language."""
    facts = form.facts
    purposes = used_purposes(form)
    direct = direct_identifiers(form.items) or form.facts.split_off
    return {
        "alias": say("alias", language),
        "org": part(facts.organisation, language),
        "topics": together(asked_topics(form, purposes, language), language),
        "purpose": together([part(purpose.tell, language, verb=True) for purpose in purposes], language),
        "duration": amount(minutes(form.items), "minutes", language),
        "contact": part(facts.contact, language),
        "service_card": service_card(form, language),
        "identifiers": identifiers(direct, language),
        "identifier_use": together([part(purpose.tell, language, verb=True) for purpose in purposes], language),
    }


def used_purposes(form: Form) -> tuple[Purpose, ...]:
    """The purposes that some question serves, in the order in which the form states them."""
    used = {name for item in questions_in(form.items) for name in item.tags.purposes}
    return tuple(purpose for name, purpose in form.purposes.items() if name in used)


def asked_topics(form: Form, purposes: Iterable[Purpose], language: str) -> list[str]:
    """What the form asks about: the topics of its purposes, and every sensitive topic of a question besides.

    Naming each harmless topic of each group would make the sentence too long to be heard. Nobody has looked around yet, so
    a sensitive topic has its discreet name.
    """
    words = dict.fromkeys(discreet_topics(form, purposes, language))
    for item in questions_in(form.items):
        if item.tags.topic and item.tags.level >= Level.HIGH:
            words[discreet(form, item.tags.topic, language)] = None
    return [word for word in words if word]


def discreet_topics(form: Form, purposes: Iterable[Purpose], language: str) -> list[str]:
    """The topics as they are spoken where somebody may hear; the title of a purpose that has none."""
    words = (
        discreet(form, purpose.topic, language) if purpose.topic else part(purpose.title, language)
        for purpose in purposes
    )
    return [word for word in dict.fromkeys(words) if word]


@rule("PIM217", "discreet-topic", Severity.ADDED, standard="PIM principle 2, Do no harm")
def discreet(form: Form, topic: str, language: str) -> str:
    """
    The consent does not say a sensitive topic aloud: nobody has looked around yet.

    ## Why
    The consent is read before the first privacy check, and often where others stand. "We ask people here about detention"
    can be enough to bring somebody into danger. So a topic that is HIGH or SEVERE in this form is called by a name that is
    true and says less ("life here"), and a screen of the consent says what comes: some questions are more personal, before
    them the interviewer looks around, then says what they are about, and the person may skip them. What they are about is
    said behind the privacy check, where the person agrees to go on. The names stand in `topics.toml`; a SEVERE topic
    without one is called "personal matters".
    """
    row, level = table("topics")[topic], level_of_topic(form, topic)
    plain: str = row["spoken"].get(language, "")
    if level < Level.HIGH:
        return plain
    said: str = row.get("discreet", {}).get(language, "")
    return said or (say("personal_matters", language) if level >= Level.SEVERE else plain)


def _says_less(form: Form) -> bool:
    """Whether some topic is not called by its name in this consent."""
    language, known = form.facts.languages[0], table("topics")
    asked = {item.tags.topic for item in questions_in(form.items) if item.tags.level >= Level.HIGH}
    topics = asked | {purpose.topic for purpose in used_purposes(form)}
    # In a language without a name of either kind the two are alike.
    return any(discreet(form, topic, language) != known[topic]["spoken"].get(language, "") for topic in topics if topic)


def spoken_topics(purposes: Iterable[Purpose], language: str) -> list[str]:
    """The topics as they are spoken; the title of a purpose that has none."""
    topics = table("topics")
    words: dict[str, None] = {}
    for purpose in purposes:
        if purpose.topic:
            words[topics[purpose.topic]["spoken"].get(language, "")] = None
        else:
            words[part(purpose.title, language)] = None
    return [word for word in words if word]


def reuse(form: Form, language: str) -> str:
    """What else the answers are used for. Nothing, unless the form says so (P3-09)."""
    other = part(form.facts.reuse, language)
    return say("reuse", language, reuse=other) if other else say("reuse_none", language)


def sharing(form: Form, language: str, together_key: str = "together") -> str:
    """Who receives what."""
    by_what: dict[str, list[str]] = {}
    for recipient in form.facts.recipients:
        by_what.setdefault(recipient.what, []).append(part(recipient.name, language))
    parts = [say(together_key, language)]
    for number, (what, names) in enumerate(by_what.items()):
        key = "share" if number == 0 else "sharing_more"
        parts.append(
            say(key, language, share_what=say(f"share_{what}", language), share_with=together(names, language))
        )
    if not by_what:
        parts.append(say("share_nobody", language))
    return " ".join(parts)


def retention(form: Form, language: str) -> str:
    """When the records are deleted."""
    if form.facts.keep is None:
        return ""
    return say(
        "delete", language, retention=say("after_months", language, duration=duration(form.facts.keep, language))
    )


def service_card(form: Form, language: str) -> str:
    """Where help is: the form's services, else its referrals, else its contact."""
    if form.facts.services:
        return part(form.facts.services, language)
    if form.referrals:
        return together([part(referral.text, language) for referral in form.referrals], language)
    return part(form.facts.contact, language)


def identifiers(kinds: Iterable[str], language: str, form: str = "spoken") -> str:
    """Kinds of direct identifier as they are spoken: `name and phone number`.

    `form`: "spoken", as to an adult ("votre nom"), or "plain", where a child may be meant ("le nom").
    """
    return together([_identifier(kind, language, form) for kind in kinds], language)


def _identifier(kind: str, language: str, form: str) -> str:
    row = table("concepts").get(kind) or table("types")["type"].get(kind) or {}
    spoken_as: str = row.get(form, {}).get(language) or row.get("spoken", {}).get(language, "")
    return spoken_as


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
