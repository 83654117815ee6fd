"""From statements to items: one function a statement, found in a table at the end."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from pimforms.diagnostics import Diagnostic
from pimforms.model.expression import Answered, Expression, Includes, Is, Logic, Name, String
from pimforms.model.form import (
    Calculation,
    Choice,
    ChoiceList,
    ConsentPoint,
    Group,
    Item,
    Lookup,
    Metadata,
    Must,
    Note,
    Question,
    Repeat,
)
from pimforms.model.text import Text
from pimforms.resolve import messages
from pimforms.resolve.csvfiles import CsvProblem, place_lists, read_csv
from pimforms.resolve.library import MODULE_LANGUAGE, Node
from pimforms.resolve.lists import Specify, library_lists, read_choices, standard_text, yes_no
from pimforms.resolve.rename import renamed, renamed_text
from pimforms.resolve.tags import Around, TagReader
from pimforms.resolve.texts import TextReader
from pimforms.standards.data import table
from pimforms.syntax.nodes import (
    Amount,
    As,
    Condition,
    Line,
    ListName,
    Quoted,
    Spoken,
    Type,
    Word,
)

CHOICE_KINDS = ("one", "many", "rank")
_MEDIA = ("image", "big-image", "audio", "video")
# Statements that belong to the whole form and so stand in no group.
_TOP_ONLY = ("form", "module", "purpose", "risk", "referral", "waive", "draft", "consent", "pimforms", "choices")


@dataclass
class ItemReader:
    """Reads items. `lists` grows while it reads; `used` are the shared lists that some question uses."""

    texts: TextReader
    folder: Path
    tags: TagReader
    lists: dict[str, ChoiceList] = field(default_factory=dict)
    specify: dict[str, list[Specify]] = field(default_factory=dict)
    used: set[str] = field(default_factory=set)
    conditions: dict[str, Expression] = field(default_factory=dict)
    damaged_names: frozenset[str] = frozenset()

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

    def _property_text(self, node: Node, word: str) -> Text | None:
        line = next((line for line in node.statement.properties if line.word == word), None)
        return self.text(line.first(Spoken), node) if line else None

    # ---- lists
    def shared_list(self, node: Node) -> None:
        """`choices NAME … end choices`."""
        name = node.statement.name
        assert name is not None
        if name.text in self.lists:
            self.diagnostics.append(messages.name_taken(name.place, name.text, self.lists[name.text].place))
            return
        own = node.via is None
        choices, specify = read_choices(node.statement.properties, node.language, self.texts, own=own)
        if not choices and not node.statement.damaged:
            self.diagnostics.append(messages.holds_nothing(name.place, "choices", name.text))
        self._check_choice_texts(choices)
        self.lists[name.text] = ChoiceList(name.text, choices, name.place, via=node.via)
        self.specify[name.text] = specify

    def place_lists(self, node: Node, names: Iterable[str]) -> None:
        """The lists of `use … from FILE`, one for each place question of the module."""
        file = node.files.get("*")
        if file is None:
            return
        levels = tuple(name for name in names if name not in self.lists)
        if not levels:
            return
        try:
            self.lists.update(place_lists(str(self.folder / file.file.value), levels, self.languages, file.file.place))
        except CsvProblem as problem:
            self.diagnostics.append(
                messages.file_does_not_fit(file.file.place, problem.message, problem.why, problem.fix)
            )
            for level in levels:
                self.lists[level] = ChoiceList(level, (), file.file.place)

    def _check_choice_texts(self, choices: Iterable[Choice]) -> None:
        for choice in choices:
            if choice.label is None:
                self.diagnostics.append(messages.text_missing(choice.place, f"the choice `{choice.code}`"))

    def _list_of(self, kind: str, type_: Type, question: str, node: Node) -> str | None:
        """The name of the list a choice question uses, after making it if it stands under the question."""
        statement = node.statement
        bullets = [line for line in statement.properties if line.word in ("choice", "colon")]
        if kind == "yes_no":
            self.lists.setdefault("yes_no", yes_no(self.languages))
            return "yes_no"
        if kind not in CHOICE_KINDS:
            if bullets or type_.choices:
                place = bullets[0].place if bullets else type_.choices.name.place  # type: ignore[union-attr]
                fix = "write `one` or `many` as the type, or take the choices out"
                self.diagnostics.append(
                    messages.choices_do_not_fit(place, f"a question of type `{kind}` has no choices", fix)
                )
            return None
        if type_.choices is not None:
            if bullets:
                message, fix = f"`{question}` has a list and own choices", "keep one of the two"
                self.diagnostics.append(messages.choices_do_not_fit(bullets[0].place, message, fix))
            return self._named_list(type_.choices)
        if not bullets:
            if not statement.damaged:
                fix = 'add lines like `- yes "Yes"`, or name a list: `one of LIST`'
                self.diagnostics.append(
                    messages.choices_do_not_fit(type_.word.place, f"`{question}` has no choices", fix)
                )
            return None
        name = question if question not in self.lists else f"{question}_choices"
        own = node.via is None
        choices, specify = read_choices(bullets, node.language, self.texts, own=own)
        self._check_choice_texts(choices)
        self.lists[name] = ChoiceList(name, choices, statement.place, shared=False, via=node.via)
        self.specify[name] = specify
        return name

    def _named_list(self, named: ListName) -> str | None:
        name = named.name.text
        if not named.library and name in self.lists:
            self.used.add(name)
            return name
        library = library_lists()
        if named.library and name in library:
            if name not in self.lists:
                self.shared_list(Node(library[name], MODULE_LANGUAGE, via=named.name.place))
            self.used.add(name)
            return name
        if name not in self.damaged_names:
            near = messages.nearest(name, library if named.library else self.lists)
            if not named.library and name in library:
                near = f"library {name}"
            self.diagnostics.append(messages.unknown_list(named.name.place, name, near, named.library))
        return None

    # ---- questions
    def ask(self, node: Node, around: Around) -> list[Item]:
        statement = node.statement
        name, type_ = statement.name, statement.line.first(Type)
        assert name is not None and type_ is not None
        kind = self._kind(type_.word)
        label = self.text(statement.line.first(Spoken), node)
        if label is None and not statement.damaged:
            self.diagnostics.append(messages.text_missing(name.place, f"`{name.text}`"))
        question = self._question(node, around, name, kind, label)
        listed = self._list_of(kind, type_, name.text, node)
        question = replace(question, choices=listed, parameters=(*_span(type_), *question.parameters))
        return [question, *self._specified(question, listed)]

    def _kind(self, word: Word) -> str:
        if word.text in self._types:
            return word.text
        near = self._near.get(word.text) or messages.nearest(word.text, self._types)
        self.diagnostics.append(messages.unknown_type(word.place, word.text, near, self._types))
        return "text"

    def _question(self, node: Node, around: Around, name: Word, kind: str, label: Text | None) -> Question:
        changes: dict[str, Any] = {}
        musts: list[Must] = []
        parameters: list[tuple[str, str]] = []
        raw: list[tuple[str, str]] = []
        for line in node.statement.properties:
            word = line.word
            if word == "when":
                changes["when"] = _condition(line)
            elif word == "must":
                musts.append(Must(_condition(line), None, line.place))
            elif word == "message":
                text = self.text(line.first(Spoken), node)
                if musts:
                    musts[-1] = replace(musts[-1], message=text)
                else:
                    self.diagnostics.append(
                        messages.choices_do_not_fit(
                            line.place, "this `message` stands under no `must`", "put it under its `must`"
                        )
                    )
            elif word == "hint":
                changes["hint"] = self.text(line.first(Spoken), node)
            elif word == "interviewer":
                changes["guidance"] = self.text(line.first(Spoken), node)
            elif word == "optional":
                changes["required"] = False
            elif word == "read only":
                raw.append(("read_only", "yes"))
                changes["required"] = False
            elif word == "default":
                changes["default"] = _condition(line)
            elif word == "within":
                changes["within"] = line.parts[0].text  # type: ignore[union-attr]
            elif word == "offer only":
                changes["offer"] = line.parts[0].text  # type: ignore[union-attr]
            elif word == "choose at most":
                amount = line.first(Amount)
                changes["most"] = int(float(amount.text)) if amount else None
            elif word == "appearance":
                changes["appearance"] = self._fitting(line, kind, "appearance", "appearances")
            elif word == "parameter":
                key = self._fitting(line, kind, "parameter", "parameters")
                if key is not None:
                    parameters.append((key, line.all(Word)[1].text))
            elif word in ("media", "raw"):
                raw.extend(self._columns(line))
        return Question(
            name.text,
            kind,
            label,
            name.place,
            self.tags.tags(node.statement, around, kind),
            musts=tuple(musts),
            parameters=tuple(parameters),
            raw=tuple(raw),
            via=node.via,
            damaged=node.statement.damaged or around.damaged,
            **changes,
        )

    def _fitting(self, line: Line, kind: str, what: str, column: str) -> str | None:
        """A word that the type's row in the table allows."""
        word = line.first(Word)
        row = self._types.get(kind) or self._metadata.get(kind) or {}
        allowed = row.get(column, ())
        if word is None or word.text in allowed:
            return word.text if word else None
        self.diagnostics.append(messages.does_not_fit_type(word.place, word.text, kind, what, allowed))
        return None

    def _columns(self, line: Line) -> list[tuple[str, str]]:
        word, value = line.first(Word), line.first(Quoted)
        if word is None or value is None:
            return []
        if line.word == "raw":
            self.diagnostics.append(messages.raw_column(word.place, word.text))
        elif word.text not in _MEDIA:
            self.diagnostics.append(messages.unknown_term(word.place, word.text, "kind of media", None, _MEDIA))
        return [(word.text, value.value)]

    def _specified(self, question: Question, listed: str | None) -> list[Item]:
        """The questions that `specify` asks for: as sensitive as the question, and optional like it."""
        items: list[Item] = []
        for entry in self.specify.get(listed or "", ()):
            of = Name(question.name, entry.place)
            code = String(entry.code, entry.place)
            when: Expression
            if question.kind == "many":
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
        raw = [
            pair for line in node.statement.properties if line.word in ("media", "raw") for pair in self._columns(line)
        ]
        tags = self.tags.tags(node.statement, around)
        return [Note(name.text, text, name.place, tags, self._when(node), via=node.via, raw=tuple(raw))]

    def calculate(self, node: Node, around: Around) -> list[Item]:
        name, value = node.statement.name, node.statement.line.first(Condition)
        assert name is not None and value is not None
        tags = self.tags.tags(node.statement, around)
        return [Calculation(name.text, value.expression, name.place, tags, when=self._when(node), via=node.via)]

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
            key = self._fitting(line, word.text, "parameter", "parameters") if line.word == "parameter" else None
            if key is not None:
                parameters.append((key, line.all(Word)[1].text))
        tags = self.tags.tags(node.statement, around, word.text)
        return [Metadata(name.text, word.text, name.place, tags, tuple(parameters), via=node.via)]

    def find(self, node: Node, around: Around) -> list[Item]:
        """A pulldata for each column, and a note when the file does not hold the code."""
        statement = node.statement
        words = statement.line.all(Word)
        file = statement.line.first(Quoted)
        assert file is not None
        card, key = words[0], words[1]
        column = words[2].text if len(words) > 2 else key.text
        columns = self._csv_columns(file, (column,))
        items: list[Item] = []
        for line in statement.properties:
            if line.word != "gives":
                continue
            given = line.all(Word)
            if len(given) != 3:
                fix = f"write `gives {given[0].text} text from COLUMN`"
                self.diagnostics.append(messages.choices_do_not_fit(line.place, "this `gives` names no column", fix))
                continue
            name, kind, source = given
            self._check_column(source, columns, file)
            tags = self.tags.tags(statement, around)
            items.append(
                Lookup(
                    name.text,
                    file.value,
                    source.text,
                    column,
                    Name(key.text, key.place),
                    self._kind(kind),
                    name.place,
                    tags,
                    via=node.via,
                )
            )
        text = self._property_text(node, "missing")
        if text is not None and items:
            answered = Answered(Name(key.text, key.place), False, key.place)
            blank = Answered(Name(items[0].name, key.place), True, key.place)
            when = Logic("and", (answered, blank), key.place)
            tags = self.tags.tags(statement, around)
            items.append(Note(f"{card.text}_missing", text, card.place, tags, when, via=node.via))
        return items

    def _csv_columns(self, file: Quoted, wanted: tuple[str, ...]) -> tuple[str, ...]:
        try:
            columns, _ = read_csv(str(self.folder / file.value))
        except CsvProblem as problem:
            self.diagnostics.append(messages.file_does_not_fit(file.place, problem.message, problem.why, problem.fix))
            return ()
        for column in wanted:
            if column not in columns:
                message = f"`{file.value}` has no column `{column}`"
                why = f"Its columns are: {', '.join(columns)}."
                fix = "write `as COLUMN` behind the name, with the column that holds the code"
                self.diagnostics.append(messages.file_does_not_fit(file.place, message, why, fix))
        return columns

    def _check_column(self, source: Word, columns: tuple[str, ...], file: Quoted) -> None:
        if columns and source.text not in columns:
            near = messages.nearest(source.text, columns)
            why = f"Its columns are: {', '.join(columns)}."
            fix = f"write `{near}`" if near else "use one of these columns"
            message = f"`{file.value}` has no column `{source.text}`"
            self.diagnostics.append(messages.file_does_not_fit(source.place, message, why, fix))

    def consent(self, node: Node, around: Around) -> list[Item]:
        return [ConsentPoint(node.statement.place, via=node.via)]

    # ---- containers
    def group(self, node: Node, around: Around) -> list[Item]:
        statement = node.statement
        name = statement.name or Word("group", statement.place)
        inner = self._inside(node, around)
        kind = "screen" if statement.word == "screen" else "group"
        return [
            Group(
                name.text,
                self.text(statement.line.first(Spoken), node),
                inner,
                name.place,
                kind,
                self.tags.tags(statement, around),
                self._when(node),
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
                self._inside(node, around),
                name.place,
                self.tags.tags(statement, around),
                self._when(node),
                _condition(times) if times else None,
                self._container_appearance(node, "repeat"),
                via=node.via,
                damaged=statement.damaged or around.damaged,
            )
        ]

    def _inside(self, node: Node, around: Around) -> tuple[Item, ...]:
        items = self.read(node.body, self.tags.within(node.statement, around), inside=node.statement.word)
        if not items and not node.statement.damaged and not around.damaged:
            name = node.statement.name
            self.diagnostics.append(
                messages.holds_nothing(node.statement.place, node.statement.word, name.text if name else "")
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

    def table(self, node: Node, around: Around) -> list[Item]:
        """One row a choice of the list; `q` of row `r` of table `t` is named `t_r_q` (stable output names)."""
        statement = node.statement
        name, named = statement.name, statement.line.first(ListName)
        assert name is not None and named is not None
        listed = self._named_list(named)
        rows = self.lists[listed].choices if listed else ()
        template = self._inside(node, around)
        inner = [item.name for item in _all(template)]
        groups: list[Item] = []
        for row in rows:
            names = {old: f"{name.text}_{row.code}_{old}" for old in inner}
            items = tuple(_row_item(item, names, row) for item in template)
            groups.append(Group(f"{name.text}_{row.code}", row.label, items, name.place, "row", via=node.via))
        label = self.text(statement.line.first(Spoken), node)
        if not groups:
            return []
        return [
            Group(name.text, label, tuple(groups), name.place, "group", self.tags.tags(statement, around), self._when(node),
                  via=node.via, damaged=statement.damaged or around.damaged)
        ]  # fmt: skip

    def score(self, node: Node, around: Around) -> list[Item]:
        """Items on one scale, on one screen: a header row that shows the scale, then a row an item (kpi's expansion)."""
        statement = node.statement
        name, type_ = statement.name, statement.line.first(Type)
        assert name is not None and type_ is not None
        listed = self._named_list(type_.choices) if type_.choices else None
        if type_.word.text != "one" or type_.choices is None:
            message, fix = "a score is rated on one list", f'write `score {name.text} one of LIST "…"`'
            self.diagnostics.append(messages.choices_do_not_fit(type_.word.place, message, fix))
        bullets = [line for line in statement.properties if line.word in ("choice", "colon")]
        own = node.via is None
        rows, _ = read_choices(bullets, node.language, self.texts, own=own)
        label = self.text(statement.line.first(Spoken), node)
        if not rows:
            self.diagnostics.append(messages.holds_nothing(name.place, "score", name.text))
            return []
        tags = self.tags.tags(statement, around)
        required = not any(line.word == "optional" for line in statement.properties)
        header = Question(
            f"{name.text}_header",
            "one",
            label,
            name.place,
            tags,
            listed,
            required=False,
            appearance="label",
            via=node.via,
        )
        items: list[Item] = [header]
        for row in rows:
            items.append(
                Question(f"{name.text}_{row.code}", "one", row.label, row.place, tags, listed, required=required,
                         appearance="list-nolabel", via=node.via, damaged=around.damaged)
            )  # fmt: skip
        return [Group(name.text, None, tuple(items), name.place, "screen", tags, self._when(node), via=node.via)]

    def _when(self, node: Node) -> Expression | None:
        line = next((line for line in node.statement.properties if line.word == "when"), None)
        return _condition(line) if line else None

    # ---- all of them
    def read(self, nodes: Iterable[Node], around: Around, inside: str = "") -> tuple[Item, ...]:
        items: list[Item] = []
        for node in nodes:
            word = node.statement.word
            if inside and word in _TOP_ONLY:
                self.diagnostics.append(messages.statement_in_wrong_place(node.statement.place, word, inside))
                continue
            reader = READERS.get(word)
            if reader is None:
                continue
            inherited = around
            if node.purposes and not around.purposes:
                inherited = replace(around, purposes=self.tags.purposes_of(node.purposes) if not inside else ())
            items.extend(reader(self, node, inherited))
        return tuple(items)


READERS: dict[str, Callable[[ItemReader, Node, Around], list[Item]]] = {
    "ask": ItemReader.ask,
    "note": ItemReader.note,
    "calculate": ItemReader.calculate,
    "condition": ItemReader.condition,
    "record": ItemReader.record,
    "find": ItemReader.find,
    "consent": ItemReader.consent,
    "group": ItemReader.group,
    "screen": ItemReader.group,
    "repeat": ItemReader.repeat,
    "table": ItemReader.table,
    "score": ItemReader.score,
}


def _condition(line: Line) -> Any:
    found = line.first(Condition)
    assert found is not None
    return found.expression


def _span(type_: Type) -> tuple[tuple[str, str], ...]:
    return tuple(zip(("start", "end", "step"), type_.span, strict=False))


def _all(items: Iterable[Item]) -> Iterable[Item]:
    for item in items:
        yield item
        if isinstance(item, (Group, Repeat)):
            yield from _all(item.items)


def _row_item(item: Item, names: Mapping[str, str], row: Choice) -> Item:
    """The item of one row: its name, the names it speaks of, and `{row}` in its texts."""
    changes: dict[str, Any] = {"name": names.get(item.name, item.name)}
    for key in ("label", "hint", "guidance"):
        text = getattr(item, key, None)
        if text is not None:
            changes[key] = renamed_text(_with_row(text, row), names)
    for key in ("when", "default", "value", "count", "key"):
        expression = getattr(item, key, None)
        if expression is not None:
            changes[key] = renamed(expression, names)
    if isinstance(item, Question):
        changes["musts"] = tuple(replace(must, condition=renamed(must.condition, names)) for must in item.musts)
        for key in ("within", "offer", "of"):
            changes[key] = names.get(getattr(item, key), getattr(item, key))
    if isinstance(item, (Group, Repeat)):
        changes["items"] = tuple(_row_item(inner, names, row) for inner in item.items)
    return replace(item, **changes)


def _with_row(text: Text, row: Choice) -> Text:
    if not any(reference.name == "row" for reference in text.references):
        return text
    label = row.label.values if row.label else {}
    values = {lang: value.replace("{row}", label.get(lang, row.code)) for lang, value in text.values.items()}
    return Text(values, text.place, tuple(r for r in text.references if r.name != "row"))
