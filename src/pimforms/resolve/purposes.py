"""What stands beside the form's facts: purposes, risks, referrals, waivers, and hard words."""

from __future__ import annotations

from typing import Any

from pimforms.model.facts import Decision, Explanation, Indicator, Purpose, Referral, Risk, Waiver
from pimforms.model.level import LEVELS
from pimforms.resolve.facts import FactReader, day_of
from pimforms.standards.data import table
from pimforms.syntax.nodes import Amount, Before, Decider, Line, Quoted, Spoken, Statement, Word


def read_purpose(reader: FactReader, statement: Statement) -> Purpose:
    name = statement.name
    assert name is not None
    changes: dict[str, Any] = {}
    known: list[tuple[str, str]] = []
    indicators: list[Indicator] = []
    for line in statement.properties:
        if line.word == "topic":
            changes["topic"] = reader.term(line.first(Word), "topic", table("topics"))
        elif line.word == "need":
            changes["need"] = reader.text(line)
        elif line.word == "tell people":
            changes["tell"] = reader.text(line)
        elif line.word == "decide":
            changes["decision"] = _decision(reader, line)
        elif line.word == "already known":
            texts = line.all(Quoted)
            known.append((texts[0].value, texts[1].value if len(texts) > 1 else ""))
        elif line.word == "indicator":
            text, code = reader.text(line), line.first(Quoted)
            if text is not None:
                sources = tuple((word.text, word.place) for word in line.all(Word))
                indicators.append(Indicator(text, sources, line.place, code.value if code else None))
    return Purpose(
        name.text, reader.text(statement.line), name.place, known=tuple(known), indicators=tuple(indicators), **changes
    )


def _decision(reader: FactReader, line: Line) -> Decision | None:
    text = reader.text(line)
    by, before = line.first(Decider), line.first(Before)
    if text is None:
        return None
    return Decision(text, by.name.value if by else None, before.day.iso if before else None, line.place)


def read_risk(reader: FactReader, statement: Statement) -> Risk:
    tables = table("facts")
    changes: dict[str, Any] = {}
    for line in statement.properties:
        if line.word == "harms":
            changes["harms"] = reader.terms(line, "person or body who can be harmed", tables["harmed"])
        elif line.word == "topics":
            changes["topics"] = reader.terms(line, "topic", table("topics"))
        elif line.word == "happens":
            changes["happens"] = reader.term(line.first(Word), "time of a harm", tables["happens"])
        elif line.word in ("likelihood", "impact"):
            changes[line.word] = reader.term(line.first(Word), "level", LEVELS)
        elif line.word == "protect by":
            good = [w for w in line.all(Word) if reader.term(w, "protection", table("mitigations"))]
            changes["protections"] = tuple((w.text, w.place) for w in good)
        elif line.word == "owner":
            spoken = line.first(Spoken)
            changes["owner"] = spoken.value if spoken else None
        elif line.word == "review":
            changes["review"] = day_of(line)
    name, text = statement.name, reader.text(statement.line)
    assert name is not None and text is not None
    return Risk(name.text, text, name.place, **changes)


def read_referral(reader: FactReader, statement: Statement) -> Referral:
    changes: dict[str, Any] = {}
    for line in statement.properties:
        if line.word == "topics":
            changes["topics"] = reader.terms(line, "topic", table("topics"))
        elif line.word == "checked":
            changes["checked"] = day_of(line)
        elif line.word == "ages":
            low, high = (int(float(amount.text)) for amount in line.all(Amount))
            changes["ages"] = (low, high)
        elif line.word == "places":
            changes["places"] = tuple(word.text for word in line.all(Word))
    name, text = statement.name, reader.text(statement.line)
    assert name is not None and text is not None
    return Referral(name.text, text, name.place, **changes)


def read_waiver(statement: Statement) -> Waiver:
    name = statement.name
    reason, by = statement.line.all(Quoted)
    assert name is not None
    return Waiver(name.text, reason.value, by.value, day_of(statement.line) or "", statement.place)


def read_explanation(reader: FactReader, statement: Statement) -> Explanation | None:
    word, meaning = statement.line.first(Quoted), reader.text(statement.line)
    return Explanation(word.value, meaning, statement.place) if word is not None and meaning is not None else None
