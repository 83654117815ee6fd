"""The facts of a form: what stands under its `form` line."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

from pimforms.diagnostics import Diagnostic
from pimforms.model.facts import Dated, Duration, Facts, File, Forbidden, Pilot, Recipient
from pimforms.model.level import LEVELS, Level
from pimforms.model.text import Text
from pimforms.resolve import messages
from pimforms.resolve.texts import TextReader
from pimforms.source import Place
from pimforms.standards.data import table
from pimforms.syntax.messages import property_twice
from pimforms.syntax.nodes import (
    Access,
    Amount,
    AtMost,
    Day,
    Flag,
    Line,
    Percent,
    Quoted,
    Role,
    Spoken,
    Statement,
    Under,
    Word,
    Words,
)

UNITS = {"day": "days", "week": "weeks", "month": "months", "year": "years"}
_RECIPIENT = {"without identities": "without_identities", "totals only": "totals"}


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
        near = messages.nearest_term(word.text, what, known)
        self.diagnostics.append(messages.unknown_term(word.place, word.text, what, near, known))
        return None

    def terms(self, line: Line, what: str, known: Iterable[str]) -> tuple[str, ...]:
        """The words of a line that a closed table has; the others get a message."""
        known = tuple(known)
        found = (self.term(word, what, known) for word in line.all(Word))
        return tuple(dict.fromkeys(term for term in found if term is not None))

    def level(self, word: Word | None) -> Level | None:
        found = self.term(word, "level", LEVELS)
        return LEVELS[found] if found else None

    # ---- form
    def facts(self, form: Statement, *, draft: bool) -> Facts:
        facts = Facts(languages=self.languages, draft=draft)
        changes: dict[str, Any] = {}
        for line in form.properties:
            reader = _FACTS.get(line.word)
            if reader is None:
                continue
            for key, value in reader(self, line).items():
                # What may stand more than once is collected.
                changes[key] = (*changes.get(key, ()), *value) if key in _COLLECTED else value
        return self._with_profile(replace(facts, **changes))

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
        modes, units = table("facts")["modes"], table("facts")["units"]
        for words in line.all(Words):
            if words.text in units:
                changes.setdefault("interview_unit", words.text)
            if words.text in modes:  # a group is what an interview is about, and how it is held
                changes["mode"] = modes[words.text]
            if words.text not in units and words.text not in modes:
                known = (*units, *modes)
                near = messages.nearest(words.text, known)
                self.diagnostics.append(
                    messages.unknown_term(words.place, words.text, "unit or mode of an interview", near, known)
                )
        return changes

    def population(self, line: Line) -> dict[str, Any]:
        amount = line.first(Amount)
        return {"population": self.text(line), "population_size": int(float(amount.text)) if amount else None}

    def sample(self, line: Line) -> dict[str, Any]:
        amount = line.first(Amount)
        words = [words.text for words in line.all(Words)]
        known = (word for word in words if word in table("facts")["sampling"])
        return {
            "sample_size": int(float(amount.text)) if amount else None,
            # Of whom stands first and how comes second; a known way of choosing counts wherever it stands.
            "sample_method": next(known, words[1] if len(words) > 1 else None),
            "sample_text": self.text(line),
            "sample_place": line.place,
        }

    def keep(self, line: Line) -> dict[str, Any]:
        amount, unit = line.first(Amount), line.first(Word)
        if amount is None or unit is None:
            return {}
        spelled = UNITS.get(unit.text, unit.text)
        if self.term(replace(unit, text=spelled), "unit of time", UNITS.values()) is None:
            return {}
        return {"keep": Duration(int(float(amount.text)), spelled), "keep_place": line.place}

    def working_day(self, line: Line) -> dict[str, Any]:
        amount, unit = line.first(Amount), line.first(Word)
        if amount is None or self.term(unit, "unit of a working day", ("hours", "hour")) is None:
            return {}
        return {"working_hours": float(amount.text)}

    def share(self, line: Line) -> dict[str, Any]:
        name, flag = self.text(line), line.first(Flag)
        most, under = line.first(AtMost), line.first(Under)
        if name is None:
            return {}
        recipient = Recipient(
            name,
            _RECIPIENT.get(flag.word, "answers") if flag else "answers",
            line.place,
            self.level(most.level) if most else None,
            under.agreement.value if under else None,
        )
        return {"recipients": (recipient,)}

    def staff(self, line: Line) -> dict[str, Any]:
        known = table("facts")["staff"]
        roles = [role for role in line.all(Role) if self.term(role.name, "role", known)]
        return {"staff": tuple((role.name.text, role.title.value) for role in roles), "staff_place": line.place}

    def access(self, line: Line) -> dict[str, Any]:
        known = table("facts")["access"]
        allowed = [each for each in line.all(Access) if self.term(each.may, "kind of access", known)]
        return {"access": tuple((each.who.text, each.may.text) for each in allowed)}

    def feedback(self, line: Line) -> dict[str, Any]:
        amount, unit = line.first(Amount), line.first(Word)
        days = None
        if amount is not None and unit is not None:
            lengths = table("facts")["units_of_time"]
            days = int(float(amount.text)) * lengths.get(unit.text.removesuffix("s"), 1)
        return {"feedback": self.text(line), "feedback_days": days}

    def children(self, line: Line) -> dict[str, Any]:
        low, high = (int(float(amount.text)) for amount in line.all(Amount))
        return {"children": (low, high), "children_place": line.place}

    def people_speak(self, line: Line) -> dict[str, Any]:
        shares = tuple((each.language.text, float(each.share.text)) for each in line.all(Percent))
        return {"people_speak": shares, "people_speak_place": line.place}

    def pilot(self, line: Line) -> dict[str, Any]:
        day, interviews, changes = line.first(Day), line.first(Amount), line.first(Quoted)
        if day is None or interviews is None or changes is None:
            return {}
        return {"pilot": Pilot(day.iso, int(float(interviews.text)), changes.value, line.place)}

    def split(self, line: Line) -> dict[str, Any]:
        return {"split": line.place} if self.term(line.first(Word), "part to split off", ("contact",)) else {}

    def forbidden(self, line: Line, pack: str | None = None) -> tuple[Forbidden, ...]:
        """The topics and concepts of a `do not ask` line."""
        known = (*table("topics"), *table("concepts"))
        good = [word for word in line.all(Word) if self.term(word, "topic or concept", known)]
        return tuple(Forbidden(word.text, word.place, pack) for word in good)

    def age_bands(self, line: Line) -> dict[str, Any]:
        return {"age_bands": self.term(line.first(Word), "set of age bands", table("age_bands"))}

    def respondent(self, line: Line) -> dict[str, Any]:
        known = table("facts")["respondents"]
        return {"respondent": self.term(line.first(Word), "respondent", known), "respondent_place": line.place}

    def legal_basis(self, line: Line) -> dict[str, Any]:
        known = table("facts")["legal_bases"]
        return {"legal_basis": self.term(line.first(Word), "legal basis", known), "legal_basis_place": line.place}


def day_of(line: Line) -> str | None:
    """The ISO date on a line."""
    day = line.first(Day)
    return day.iso if day else None


def dated(line: Line) -> Dated:
    return Dated(day_of(line) or "", tuple(text.value for text in line.all(Quoted)), line.place)


def _spoken(key: str) -> Callable[[FactReader, Line], dict[str, Any]]:
    return lambda reader, line: {key: reader.text(line)}


def _file(key: str, *, collected: bool = False) -> Callable[[FactReader, Line], dict[str, Any]]:
    def read(_: FactReader, line: Line) -> dict[str, Any]:
        quoted = line.first(Quoted)
        if quoted is None:
            return {}
        file = File(quoted.value, quoted.place)
        return {key: (file,) if collected else file}

    return read


def _version(reader: FactReader, line: Line) -> dict[str, Any]:
    text = line.first(Quoted)
    return {"version": text.value if text else None}


def _minutes(reader: FactReader, line: Line) -> dict[str, Any]:
    amount = line.first(Amount)
    return {"minutes": int(float(amount.text)) if amount else None}


_COLLECTED = ("recipients", "consulted", "servers", "forbidden")
_FACTS: dict[str, Callable[[FactReader, Line], dict[str, Any]]] = {
    "organisation": _spoken("organisation"),
    "contact": _spoken("contact"),
    "limits": _spoken("limits"),
    "services": _spoken("services"),
    "reuse": _spoken("reuse"),
    "left out": _spoken("left_out"),
    "replacement": _spoken("replacement"),
    "version": _version,
    "category": FactReader.category,
    "interview": FactReader.interview,
    "respondent": FactReader.respondent,
    "context": lambda reader, line: {"context": reader.terms(line, "context", table("facts")["contexts"])},
    "children": FactReader.children,
    "population": FactReader.population,
    "sample": FactReader.sample,
    "people speak": FactReader.people_speak,
    "age bands": FactReader.age_bands,
    "keep": FactReader.keep,
    "share with": FactReader.share,
    "legal basis": FactReader.legal_basis,
    "staff": FactReader.staff,
    "access": FactReader.access,
    "server": _file("servers", collected=True),
    "public key": _file("public_key"),
    "submit to": _file("submit_to"),
    "split": FactReader.split,
    "interviewers": _file("interviewers"),
    "working day": FactReader.working_day,
    "feedback": FactReader.feedback,
    "consulted": lambda reader, line: {"consulted": (dated(line),)},
    "searched": lambda reader, line: {"searched": dated(line)},
    "pilot": FactReader.pilot,
    "registry": _file("registry"),
    "place list": _file("place_list"),
    "do not ask": lambda reader, line: {"forbidden": reader.forbidden(line)},
    "minutes": _minutes,
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
