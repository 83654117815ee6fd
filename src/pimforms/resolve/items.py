"""From statements to items: one function a statement, found in a table at the end."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path

from pimforms.diagnostics import Diagnostic
from pimforms.expressions import messages as logic
from pimforms.model.expression import Expression, Includes, Is, Name, String
from pimforms.model.form import (
    Calculation,
    ConsentPoint,
    Group,
    Item,
    Lookup,
    Metadata,
    Note,
    Question,
    Repeat,
)
from pimforms.model.text import Text, is_blank
from pimforms.resolve import messages
from pimforms.resolve.library import Node
from pimforms.resolve.lists import ListReader, standard_text
from pimforms.resolve.lookups import find
from pimforms.resolve.questions import QuestionLines, columns, condition_in, fitting
from pimforms.resolve.tables import score, table_rows
from pimforms.resolve.tags import Around, TagReader
from pimforms.resolve.texts import TextReader
from pimforms.standards.data import table
from pimforms.syntax.nodes import (
    As,
    Condition,
    Spoken,
    Type,
    Word,
)

_UNSEEN = (Calculation, Lookup, Metadata)
# Statements that belong to the whole form and so stand in no group.
_TOP_ONLY = (
    "form", "module", "pack", "explain", "purpose", "risk", "referral", "waive", "draft", "consent", "pimforms", "choices", "scenario",
)  # fmt: skip


@dataclass
class ItemReader:
    """Reads the items of one form; `conditions` are those that the form gives a name.

    `doubtful` are questions of an unknown type: nothing more is said about their use.
    """

    texts: TextReader
    folder: Path
    tags: TagReader
    lists: ListReader
    conditions: dict[str, Expression] = field(default_factory=dict)
    doubtful: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.languages = self.texts.languages
        self.diagnostics: list[Diagnostic] = self.texts.diagnostics
        self._types = table("types")["type"]
        self._metadata = table("types")["metadata"]
        self._near = {near: kind for kind, row in self._types.items() for near in row.get("near", ())}

    # ---- texts
    def text(self, spoken: Spoken | None, node: Node) -> Text | None:
        if spoken is None:
            return None
        return self.texts.read(spoken, node.language, own=node.via is None)

    def property_text(self, node: Node, word: str) -> Text | None:
        line = next((line for line in node.statement.properties if line.word == word), None)
        return self.text(line.first(Spoken), node) if line else None

    # ---- questions
    def ask(self, node: Node, around: Around) -> list[Item]:
        statement = node.statement
        name, type_ = statement.name, statement.line.first(Type)
        assert name is not None and type_ is not None
        kind = self.kind(type_.word)
        if type_.word.text not in self._types:
            self.doubtful.add(name.text)
        label = self.text(statement.line.first(Spoken), node)
        if is_blank(label) and not statement.damaged:
            self.diagnostics.append(messages.text_missing(name.place, f"`{name.text}`"))
        if kind == "range" and not type_.span and not statement.damaged:
            self.diagnostics.append(messages.range_without_ends(type_.word.place, name.text))
        span = [float(end) for end in type_.span[:2]]
        if len(span) == 2 and span[0] >= span[1]:
            why = f"The range ends at {type_.span[1]}, and that is not above {type_.span[0]}."
            self.diagnostics.append(logic.must_cannot_be_met(type_.word.place, name.text, why))
        question = self._question(node, around, name, kind, label)
        listed = self.lists.of_question(kind, type_, name.text, node)
        question = replace(question, choices=listed, parameters=(*_span(type_), *question.parameters))
        return [question, *self._specified(question, listed)]

    def kind(self, word: Word) -> str:
        if word.text in self._types:
            return word.text
        near = self._near.get(word.text) or messages.nearest(word.text, self._types)
        self.diagnostics.append(messages.unknown_type(word.place, word.text, near, self._types))
        return near or "text"

    def _question(self, node: Node, around: Around, name: Word, kind: str, label: Text | None) -> Question:
        lines = QuestionLines(name.text, kind, self.folder, self.diagnostics, lambda spoken: self.text(spoken, node))
        return Question(
            name.text,
            kind,
            label,
            name.place,
            self.tags.tags(node.statement, around, kind),
            via=node.via,
            damaged=node.statement.damaged or around.damaged,
            **lines.read(node.statement.properties),
        )

    def _specified(self, question: Question, listed: str | None) -> list[Item]:
        """The questions that `specify` asks for: as sensitive as the question, and optional like it."""
        items: list[Item] = []
        for entry in self.lists.specify.get(listed or "", ()):
            of = Name(question.name, entry.place)
            code = String(entry.code, entry.place)
            when: Expression
            if question.kind in ("many", "rank"):
                when = Includes(of, (code,), "any", False, entry.place)
            else:
                when = Is(of, (code,), False, entry.place)
            label = entry.text or standard_text("specify", self.languages, "protection")
            items.append(
                Question(
                    f"{question.name}_{entry.code}",
                    "text",
                    label,
                    entry.place,
                    question.tags if question.tags.gives is None else replace(question.tags, gives=None, hxl=None),
                    when=when,
                    required=question.required,
                    of=question.name,
                    via=question.via,
                    damaged=question.damaged,
                )
            )
        return items

    # ---- what is read and computed
    def note(self, node: Node, around: Around) -> list[Item]:
        name, text = node.statement.name, self.text(node.statement.line.first(Spoken), node)
        assert name is not None and text is not None
        if is_blank(text):
            self.diagnostics.append(messages.text_missing(name.place, f"`{name.text}`"))
        told = [line for line in node.statement.properties if line.word in ("media", "raw")]
        raw = [pair for line in told for pair in columns(line, self.folder, self.diagnostics)]
        tags = self.tags.tags(node.statement, around)
        return [Note(name.text, text, name.place, tags, self.when(node), via=node.via, raw=tuple(raw))]

    def calculate(self, node: Node, around: Around) -> list[Item]:
        name, value = node.statement.name, node.statement.line.first(Condition)
        assert name is not None and value is not None
        tags = self.tags.tags(node.statement, around)
        return [Calculation(name.text, value.expression, name.place, tags, when=self.when(node), via=node.via)]

    def condition(self, node: Node, around: Around) -> list[Item]:
        name, value = node.statement.name, node.statement.line.first(Condition)
        assert name is not None and value is not None
        self.conditions[name.text] = value.expression
        return []

    def record(self, node: Node, around: Around) -> list[Item]:
        word, alias = node.statement.name, node.statement.line.first(As)
        assert word is not None
        if word.text not in self._metadata:
            near = messages.nearest(word.text, self._metadata)
            self.diagnostics.append(
                messages.unknown_term(word.place, word.text, "thing a phone records", near, self._metadata)
            )
            return []
        name = alias.name if alias else word
        parameters = []
        for line in node.statement.properties:
            key = fitting(line, word.text, "parameter", self.diagnostics) if line.word == "parameter" else None
            if key is not None:
                parameters.append((key, line.all(Word)[1].text))
        tags = self.tags.tags(node.statement, around, word.text)
        return [Metadata(name.text, word.text, name.place, tags, tuple(parameters), via=node.via)]

    def consent(self, node: Node, around: Around) -> list[Item]:
        return [ConsentPoint(node.statement.place, via=node.via)]

    # ---- containers
    def group(self, node: Node, around: Around) -> list[Item]:
        statement = node.statement
        name = statement.name or Word("group", statement.place)
        inner = self.inside(node, around)
        kind = "screen" if statement.word == "screen" else "group"
        return [
            Group(
                name.text,
                self.text(statement.line.first(Spoken), node),
                inner,
                name.place,
                kind,
                self.tags.tags(statement, around),
                self.when(node),
                self._container_appearance(node, "group"),
                via=node.via,
                damaged=statement.damaged or around.damaged,
            )
        ]

    def repeat(self, node: Node, around: Around) -> list[Item]:
        statement = node.statement
        name = statement.name
        assert name is not None
        times = next((line for line in statement.properties if line.word == "times"), None)
        return [
            Repeat(
                name.text,
                self.text(statement.line.first(Spoken), node),
                self.inside(node, around),
                name.place,
                self.tags.tags(statement, around),
                self.when(node),
                condition_in(times) if times else None,
                self._container_appearance(node, "repeat"),
                via=node.via,
                damaged=statement.damaged or around.damaged,
            )
        ]

    def inside(self, node: Node, around: Around) -> tuple[Item, ...]:
        items = self.read(node.body, self.tags.within(node.statement, around), inside=node.statement.word)
        if not items and not node.statement.damaged and not around.damaged:
            name = node.statement.name
            self.diagnostics.append(
                messages.holds_nothing(node.statement.place, node.statement.word, name.text if name else "")
            )
        elif node.statement.word in ("group", "screen") and items and all(isinstance(item, _UNSEEN) for item in items):
            name = node.statement.name
            why = "It holds calculations only. The servers reject a group with nothing to see."
            fix = "put a question or a note into it, or take the calculations out of it"
            word = node.statement.word
            self.diagnostics.append(
                messages.holds_nothing(node.statement.place, word, name.text if name else "", why, fix)
            )
        return items

    def _container_appearance(self, node: Node, kind: str) -> str | None:
        line = next((line for line in node.statement.properties if line.word == "appearance"), None)
        word = line.first(Word) if line else None
        if word is None:
            return None
        allowed = table("types")["container"][kind]
        if word.text not in allowed:
            self.diagnostics.append(messages.does_not_fit_type(word.place, word.text, kind, "appearance", allowed))
            return None
        return word.text

    def when(self, node: Node) -> Expression | None:
        line = next((line for line in node.statement.properties if line.word == "when"), None)
        return condition_in(line) if line else None

    # ---- all of them
    def read(self, nodes: Iterable[Node], around: Around, inside: str = "") -> tuple[Item, ...]:
        items: list[Item] = []
        for node in nodes:
            word = node.statement.word
            if inside and word in _TOP_ONLY and not (word == "choices" and node.via is not None):
                self.diagnostics.append(messages.statement_in_wrong_place(node.statement.place, word, inside))
                continue
            reader = READERS.get(word)
            if reader is None:
                continue
            inherited = around
            if node.enters and node.purposes:
                inherited = replace(around, purposes=self.tags.purposes_of(node.purposes))
            items.extend(reader(self, node, inherited))
        return tuple(items)


READERS: dict[str, Callable[[ItemReader, Node, Around], list[Item]]] = {
    "ask": ItemReader.ask,
    "note": ItemReader.note,
    "calculate": ItemReader.calculate,
    "condition": ItemReader.condition,
    "record": ItemReader.record,
    "find": find,
    "consent": ItemReader.consent,
    "group": ItemReader.group,
    "screen": ItemReader.group,
    "repeat": ItemReader.repeat,
    "table": table_rows,
    "score": score,
}


def _span(type_: Type) -> tuple[tuple[str, str], ...]:
    return tuple(zip(("start", "end", "step"), type_.span, strict=False))
