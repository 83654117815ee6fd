"""The lines under a question: one small function a word, found in a table."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from pimforms.diagnostics import Diagnostic
from pimforms.expressions import messages as logic
from pimforms.model.expression import Expression
from pimforms.model.form import Must, Needed
from pimforms.model.text import Text
from pimforms.resolve import messages
from pimforms.resolve.media import MEDIA, check_media
from pimforms.resolve.rawcolumns import check_raw
from pimforms.standards.data import table
from pimforms.syntax.messages import property_twice
from pimforms.syntax.nodes import Amount, Condition, Day, Line, Quoted, Spoken, Word


@dataclass
class QuestionLines:
    """What the lines under one question say. `kind` is its type; `changes` are fields of `Question`."""

    name: str
    kind: str
    folder: Path
    diagnostics: list[Diagnostic]
    text: Callable[[Spoken | None], Text | None]
    changes: dict[str, Any] = field(default_factory=dict)
    musts: list[Must] = field(default_factory=list)
    parameters: list[tuple[str, Line]] = field(default_factory=list)
    raw: list[tuple[str, str]] = field(default_factory=list)

    def read(self, lines: tuple[Line, ...]) -> dict[str, Any]:
        """The fields of `Question` that these lines set."""
        for line in lines:
            reader = _READERS.get(line.word)
            if reader is not None:
                reader(self, line)
        parameters = tuple((key, line.all(Word)[1].text) for key, line in self.parameters)
        return {**self.changes, "musts": tuple(self.musts), "parameters": parameters, "raw": tuple(self.raw)}

    def must(self, line: Line) -> None:
        self.musts.append(Must(condition_in(line), None, line.place))

    def message(self, line: Line) -> None:
        text = self.text(line.first(Spoken))
        if not self.musts:
            message, why = "this `message` stands under no `must`", "It would never be shown."
            fix = "put it under its `must`"
            self.diagnostics.append(messages.choices_do_not_fit(line.place, message, fix, why))
            return
        first = self.musts[-1].message
        if first is not None:
            self.diagnostics.append(property_twice(line.place, line.word, first.place))
        self.musts[-1] = replace(self.musts[-1], message=text)

    def read_only(self, line: Line) -> None:
        self.raw.append(("read_only", "yes"))
        self.changes["required"] = False

    def choose_at_most(self, line: Line) -> None:
        amount = line.first(Amount)
        most = int(float(amount.text)) if amount else None
        self.changes["most"] = most
        if most == 0:
            self.diagnostics.append(logic.must_cannot_be_met(line.place, self.name, "No choice may be ticked."))

    def appearance(self, line: Line) -> None:
        self.changes["appearance"] = fitting(line, self.kind, "appearance", self.diagnostics)

    def parameter(self, line: Line) -> None:
        key = fitting(line, self.kind, "parameter", self.diagnostics)
        if key is None:
            return
        first = next((other for known, other in self.parameters if known == key), None)
        if first is not None:
            self.diagnostics.append(property_twice(line.place, f"{line.word} {key}", first.place))
        self.parameters.append((key, line))

    def columns(self, line: Line) -> None:
        self.raw.extend(columns(line, self.folder, self.diagnostics))

    def needed(self, line: Line) -> None:
        reason, day = line.first(Quoted), line.first(Day)
        self.changes["needed"] = Needed(reason.value, day.iso if day else None, line.place) if reason else None

    def presupposes(self, line: Line) -> None:
        other = line.first(Word)
        if other is not None:
            self.changes.update(presupposes=other.text, presupposes_place=other.place)


def _sets(key: str, value: Callable[[QuestionLines, Line], Any]) -> Callable[[QuestionLines, Line], None]:
    def reader(lines: QuestionLines, line: Line) -> None:
        lines.changes[key] = value(lines, line)

    return reader


_READERS: Mapping[str, Callable[[QuestionLines, Line], None]] = {
    "when": _sets("when", lambda lines, line: condition_in(line)),
    "must": QuestionLines.must,
    "message": QuestionLines.message,
    "hint": _sets("hint", lambda lines, line: lines.text(line.first(Spoken))),
    "interviewer": _sets("guidance", lambda lines, line: lines.text(line.first(Spoken))),
    "optional": _sets("required", lambda lines, line: False),
    "read only": QuestionLines.read_only,
    "default": _sets("default", lambda lines, line: condition_in(line)),
    "within": _sets("within", lambda lines, line: _name_in(line)),
    "offer only": _sets("offer", lambda lines, line: _name_in(line)),
    "choose at most": QuestionLines.choose_at_most,
    "appearance": QuestionLines.appearance,
    "parameter": QuestionLines.parameter,
    "media": QuestionLines.columns,
    "raw": QuestionLines.columns,
    "needed": QuestionLines.needed,
    "presupposes": QuestionLines.presupposes,
}


def _name_in(line: Line) -> str | None:
    word = line.first(Word)
    return word.text if word is not None else None


def condition_in(line: Line) -> Expression:
    """The condition or value that a line ends on."""
    found = line.first(Condition)
    assert found is not None
    return found.expression


def fitting(line: Line, kind: str, what: str, diagnostics: list[Diagnostic]) -> str | None:
    """The word of an `appearance` or `parameter` line if the type's row in types.toml allows it; else says so."""
    types = table("types")
    row = types["type"].get(kind) or types["metadata"].get(kind) or {}
    word, allowed = line.first(Word), row.get(f"{what}s", ())
    if word is None or word.text in allowed:
        return word.text if word else None
    diagnostics.append(messages.does_not_fit_type(word.place, word.text, kind, what, allowed))
    return None


def columns(line: Line, folder: Path, diagnostics: list[Diagnostic]) -> list[tuple[str, str]]:
    """The column of a `media` or `raw` line, with its value. `folder` is where the files of the form are."""
    word, value = line.first(Word), line.first(Quoted)
    if word is None or value is None:
        return []
    if line.word == "raw":
        diagnostics.append(check_raw(word.text, word.place))
    elif word.text not in MEDIA:
        diagnostics.append(messages.unknown_term(word.place, word.text, "kind of media", None, MEDIA))
    else:
        diagnostics.extend(check_media(value.value, folder, value.place))
    return [(word.text, value.value)]
