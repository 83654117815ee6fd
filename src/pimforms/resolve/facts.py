"""The head of a form: its facts, purposes, risks, referrals and waivers."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from pimforms.diagnostics import Diagnostic
from pimforms.model.form import (
    Decision,
    Duration,
    Facts,
    Indicator,
    Purpose,
    Recipient,
    Referral,
    Risk,
    Waiver,
)
from pimforms.model.text import Text
from pimforms.resolve import messages
from pimforms.resolve.texts import TextReader
from pimforms.source import Place
from pimforms.standards.data import table
from pimforms.syntax.messages import property_twice
from pimforms.syntax.nodes import (
    Amount,
    Before,
    Day,
    Decider,
    Flag,
    Line,
    Quoted,
    Role,
    Spoken,
    Statement,
    Word,
    Words,
)

UNITS = {"day": "days", "week": "weeks", "month": "months", "year": "years"}
DAYS = {"days": 1, "weeks": 7, "months": 30, "years": 365}
LEVEL_WORDS = ("low", "moderate", "high", "severe")
HARMED = ("respondent", "household", "community", "interviewer", "organisation", "child", "third_party")
PROTECTIONS = ("private_setting", "no_gps", "no_photo", "no_audio", "no_names", "no_answers_in_audit", "female_interviewer",
               "split_contact", "encryption", "trained_interviewer", "totals_only", "referral_ready")  # fmt: skip
_RECIPIENT = {"without identities": "without_identities", "totals only": "totals"}
MODES = {
    "face to face": "face_to_face",
    "phone": "phone",
    "group": "group",
    "observation": "observation",
    "self": "self",
}


class FactReader:
    """Reads the head. `languages` is known before anything else is read, because texts depend on it."""

    def __init__(self, texts: TextReader) -> None:
        self.texts = texts
        self.languages = texts.languages
        self.diagnostics = texts.diagnostics

    def text(self, line: Line) -> Text | None:
        spoken = line.first(Spoken)
        return None if spoken is None else self.texts.read(spoken, self.languages[0], own=True)

    def term(self, word: Word | None, what: str, known: Iterable[str]) -> str | None:
        """A word of a closed table, or None with a message."""
        if word is None:
            return None
        known = tuple(known)
        if word.text in known:
            return word.text
        near = messages.nearest(word.text, known)
        self.diagnostics.append(messages.unknown_term(word.place, word.text, what, near, known))
        return None

    # ---- form
    def facts(self, form: Statement, *, draft: bool) -> Facts:
        facts = Facts(languages=self.languages, draft=draft)
        changes: dict[str, Any] = {}
        recipients: list[Recipient] = []
        for line in form.properties:
            reader = _FACTS.get(line.word)
            if line.word == "share with":
                name = self.text(line)
                flag = line.first(Flag)
                if name is not None:
                    what = _RECIPIENT.get(flag.word, "answers") if flag else "answers"
                    recipients.append(Recipient(name, what, line.place))
            elif reader is not None:
                changes.update(reader(self, line))
        return self._with_profile(replace(facts, recipients=tuple(recipients), **changes))

    def _with_profile(self, facts: Facts) -> Facts:
        """What the category supplies. `check` lists it, and the consent speaks it."""
        profile = table("categories").get(facts.category or "", {})
        if facts.keep is None and "keep" in profile:
            count, unit = profile["keep"]
            taken = (("keep", f"{count} {unit}"),)
            facts = replace(facts, keep=Duration(count, unit), defaults=(*facts.defaults, *taken))
        if not facts.recipients:
            facts = replace(facts, defaults=(*facts.defaults, ("share with", "nobody")))
        return facts

    def category(self, line: Line) -> dict[str, Any]:
        word = line.first(Word)
        return {
            "category": self.term(word, "category of the PIM Matrix", table("categories")),
            "category_place": line.place,
        }

    def interview(self, line: Line) -> dict[str, Any]:
        changes: dict[str, Any] = {}
        for words in line.all(Words):
            if words.text in MODES:
                changes["mode"] = MODES[words.text]
            else:
                changes["interview_unit"] = words.text
        return changes

    def population(self, line: Line) -> dict[str, Any]:
        amount = line.first(Amount)
        return {"population": self.text(line), "population_size": int(float(amount.text)) if amount else None}

    def sample(self, line: Line) -> dict[str, Any]:
        amount = line.first(Amount)
        words = [words.text for words in line.all(Words)]
        return {
            "sample_size": int(float(amount.text)) if amount else None,
            "sample_method": words[1] if len(words) > 1 else None,
            "sample_text": self.text(line),
        }

    def keep(self, line: Line) -> dict[str, Any]:
        amount, unit = line.first(Amount), line.first(Word)
        if amount is None or unit is None:
            return {}
        spelled = UNITS.get(unit.text, unit.text)
        if self.term(replace(unit, text=spelled), "unit of time", UNITS.values()) is None:
            return {}
        return {"keep": Duration(int(float(amount.text)), spelled)}

    def staff(self, line: Line) -> dict[str, Any]:
        return {"staff": tuple((role.name.text, role.title.value) for role in line.all(Role))}

    def feedback(self, line: Line) -> dict[str, Any]:
        amount, unit = line.first(Amount), line.first(Word)
        days = None
        if amount is not None and unit is not None:
            days = int(float(amount.text)) * DAYS.get(UNITS.get(unit.text, unit.text), 1)
        return {"feedback": self.text(line), "feedback_days": days}

    # ---- purposes, risks, referrals
    def purpose(self, statement: Statement) -> Purpose:
        name = statement.name
        assert name is not None
        changes: dict[str, Any] = {}
        known: list[tuple[str, str]] = []
        indicators: list[Indicator] = []
        for line in statement.properties:
            if line.word == "topic":
                word = line.first(Word)
                changes["topic"] = self.term(word, "topic", table("topics"))
                changes["topic_place"] = word.place if word else None
            elif line.word == "need":
                changes["need"] = self.text(line)
            elif line.word == "tell people":
                changes["tell"] = self.text(line)
            elif line.word == "decide":
                changes["decision"] = self._decision(line)
            elif line.word == "already known":
                texts = line.all(Quoted)
                known.append((texts[0].value, texts[1].value if len(texts) > 1 else ""))
            elif line.word == "indicator":
                text = self.text(line)
                if text is not None:
                    sources = tuple((word.text, word.place) for word in line.all(Word))
                    indicators.append(Indicator(text, sources, line.place))
        return Purpose(
            name.text,
            self.text(statement.line),
            name.place,
            known=tuple(known),
            indicators=tuple(indicators),
            **changes,
        )

    def _decision(self, line: Line) -> Decision | None:
        text = self.text(line)
        by, before = line.first(Decider), line.first(Before)
        if text is None:
            return None
        return Decision(text, by.name.value if by else None, before.day.iso if before else None, line.place)

    def risk(self, statement: Statement) -> Risk:
        changes: dict[str, Any] = {}
        for line in statement.properties:
            words = line.all(Word)
            if line.word == "harms":
                changes["harms"] = tuple(
                    w.text for w in words if self.term(w, "person or body who can be harmed", HARMED)
                )
            elif line.word in ("likelihood", "impact"):
                changes[line.word] = self.term(words[0], "level", LEVEL_WORDS)
            elif line.word == "protect by":
                good = [w for w in words if self.term(w, "protection", PROTECTIONS)]
                changes["protections"] = tuple((w.text, w.place) for w in good)
            elif line.word == "owner":
                spoken = line.first(Spoken)
                changes["owner"] = spoken.value if spoken else None
            elif line.word == "review":
                changes["review"] = _day(line)
        name, text = statement.name, self.text(statement.line)
        assert name is not None and text is not None
        return Risk(name.text, text, name.place, **changes)

    def referral(self, statement: Statement) -> Referral:
        changes: dict[str, Any] = {}
        for line in statement.properties:
            if line.word == "topics":
                changes["topics"] = tuple(w.text for w in line.all(Word) if self.term(w, "topic", table("topics")))
            elif line.word == "checked":
                changes["checked"] = _day(line)
            elif line.word == "ages":
                low, high = (int(float(amount.text)) for amount in line.all(Amount))
                changes["ages"] = (low, high)
        name, text = statement.name, self.text(statement.line)
        assert name is not None and text is not None
        return Referral(name.text, text, name.place, **changes)

    def waiver(self, statement: Statement) -> Waiver:
        name = statement.name
        reason, by = statement.line.all(Quoted)
        assert name is not None
        return Waiver(name.text, reason.value, by.value, _day(statement.line) or "", statement.place)


def _day(line: Line) -> str | None:
    day = line.first(Day)
    return day.iso if day else None


def _spoken(key: str) -> Any:
    return lambda reader, line: {key: reader.text(line)}


def _version(reader: FactReader, line: Line) -> dict[str, Any]:
    text = line.first(Quoted)
    return {"version": text.value if text else None}


_FACTS: dict[str, Any] = {
    "organisation": _spoken("organisation"),
    "contact": _spoken("contact"),
    "limits": _spoken("limits"),
    "services": _spoken("services"),
    "version": _version,
    "category": FactReader.category,
    "interview": FactReader.interview,
    "population": FactReader.population,
    "sample": FactReader.sample,
    "keep": FactReader.keep,
    "staff": FactReader.staff,
    "feedback": FactReader.feedback,
}


def declared_languages(form: Statement | None) -> tuple[str, ...]:
    """The languages of a form, in order; English if it says nothing."""
    line = next((line for line in form.properties if line.word == "languages"), None) if form else None
    words = tuple(dict.fromkeys(word.text.replace("_", "-") for word in line.all(Word))) if line else ()
    return words or ("en",)


def languages_twice(form: Statement) -> list[Diagnostic]:
    """A language that the form names twice, under any of its spellings."""
    line = next((line for line in form.properties if line.word == "languages"), None)
    found: list[Diagnostic] = []
    first: dict[str, Place] = {}
    for word in line.all(Word) if line else ():
        language = word.text.replace("_", "-")
        if language in first:
            found.append(property_twice(word.place, language, first[language]))
        first.setdefault(language, word.place)
    return found
