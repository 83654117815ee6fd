"""The head of a form as facts that can be compared and shown."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import fields
from typing import Any

from pimforms.compare.snapshot import Facts, Member, Words
from pimforms.model.facts import Duration, File, Indicator
from pimforms.model.form import Form
from pimforms.model.level import Level
from pimforms.model.text import Text
from pimforms.source import Place
from pimforms.standards.data import table


def facts_of(form: Form) -> Facts:
    """What the head of `form` says, without what is compared elsewhere (its languages and version)."""
    known = table("changes")["facts"]
    single = {name: words for name in known if (words := _words(getattr(form.facts, name))) and any(words.values())}
    return Facts(single, dict(_several(form)), _places(form), f"{form.place.path}:{form.place.line}")


def _places(form: Form) -> Mapping[str, str]:
    """Where each recipient, purpose … stands."""
    leading = form.facts.languages[0]
    found = {f"recipient {each.name.get(leading) or '?'}": each.place for each in form.facts.recipients}
    found.update((f"purpose {name}", purpose.place) for name, purpose in form.purposes.items())
    found.update((f"risk {risk.name}", risk.place) for risk in form.risks)
    found.update((f"referral {referral.name}", referral.place) for referral in form.referrals)
    found.update((f"waiver {waiver.code}", waiver.place) for waiver in form.waivers)
    return {name: f"{place.path}:{place.line}" for name, place in found.items()}


def _several(form: Form) -> Iterable[tuple[str, Mapping[str, Member]]]:
    leading = form.facts.languages[0]
    yield "recipient", {recipient.name.get(leading) or "?": _member(recipient) for recipient in form.facts.recipients}
    yield "purpose", {name: _member(purpose) for name, purpose in form.purposes.items()}
    yield "risk", {risk.name: _member(risk) for risk in form.risks}
    yield "referral", {referral.name: _member(referral) for referral in form.referrals}
    yield "waiver", {waiver.code: _member(waiver) for waiver in form.waivers}
    yield "module", {name: {"version": {"": version}} for name, version in form.modules.items()}


def _member(value: Any) -> Member:
    """The fields of a record that say something; the name is what it is found by."""
    found: dict[str, Words] = {}
    for field in fields(value):
        if field.name == "name" and isinstance(value.name, str):  # what it is found by
            continue
        if field.name in ("code", "place") or field.name.endswith("_place"):
            continue
        words = _words(getattr(value, field.name))
        if field.name == "what":  # a word of the language: `without_identities`
            words = {language: text.replace("_", " ") for language, text in words.items()}
        if any(words.values()):
            found[field.name] = words
    return found


def _words(value: Any) -> Words:
    """A value by language: a text in all of them, anything else under ""."""
    if isinstance(value, Text):
        return value.values
    if isinstance(value, Indicator):
        return value.text.values
    if hasattr(value, "text") and isinstance(value.text, Text):  # a decision: its text, and who decides by when
        more = " ".join(_flat(getattr(value, name)) for name in ("by", "before") if getattr(value, name, None))
        return {language: f"{text} ({more})" if more else text for language, text in value.text.values.items()}
    return {"": _flat(value)}


def _flat(value: Any) -> str:
    """A value that is no text, in a few words."""
    if value is None or value is False:
        return ""
    if value is True or isinstance(value, Place):
        return "yes"
    if isinstance(value, Duration):
        return f"{value.count} {value.unit}"
    if isinstance(value, Level):
        return value.word
    if isinstance(value, File):
        return value.name
    if isinstance(value, (Text, Indicator)):
        return next(iter(_words(value).values()), "")
    if isinstance(value, tuple):
        return ", ".join(filter(None, (_flat(part) for part in value if not isinstance(part, Place))))
    if isinstance(value, (str, int, float)):
        return str(value)
    return ", ".join(
        filter(
            None,
            (_flat(getattr(value, f.name)) for f in fields(value) if not f.name.endswith("place") and f.name != "pack"),
        )
    )
