"""Lists of choices: shared ones, bullets under a question, and those of the library."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

from pimforms.diagnostics import Diagnostic
from pimforms.model.form import Choice, ChoiceList
from pimforms.model.text import Text, is_blank
from pimforms.resolve import messages, messages_quiet
from pimforms.resolve.csvfiles import CsvProblem, place_lists
from pimforms.resolve.library import MODULE_LANGUAGE, Node
from pimforms.resolve.media import MEDIA, check_media
from pimforms.resolve.names import code_problem
from pimforms.resolve.rawcolumns import squeezed
from pimforms.resolve.texts import TextReader
from pimforms.source import Place, Source, read_source
from pimforms.standards.data import data_path, table
from pimforms.syntax.nodes import Flag, Line, ListName, Spoken, Statement, Type, Word
from pimforms.syntax.parse import parse

_CHOICE_COLUMNS = ("listname", "name", "value", "label", "caption")
"""Columns of the choices sheet that the compiler fills itself."""
CHOICE_KINDS = ("one", "many", "rank")
BUILT_IN = Source("built in", "")

YES_NO = "yes_no"
"""The name of the list that every yes-or-no question has."""


@lru_cache(maxsize=1)
def library_lists() -> dict[str, Statement]:
    """The shared lists of the library, by name: `one of library places`."""
    path = data_path("form_library", "lists.pim")
    tree, _ = parse(read_source(path, shown_as="form_library/lists.pim"))
    return {s.name.text: s for s in tree.statements if s.word == "choices" and s.name}


def standard_text(key: str, languages: tuple[str, ...], book: str = "consent") -> Text:
    """A text of the standards in the languages of the form, those that it has."""
    values = table(book)["strings"].get(key, {})
    return Text({language: values[language] for language in languages if language in values}, Place(BUILT_IN, 0, 0))


def yes_no(languages: tuple[str, ...]) -> ChoiceList:
    place = Place(BUILT_IN, 0, 0)
    return ChoiceList(
        YES_NO, tuple(Choice(code, standard_text(code, languages), place) for code in ("yes", "no")), place
    )


class Specify:
    """`specify` behind a choice: its text, and where it stands."""

    __slots__ = ("code", "place", "text")

    def __init__(self, code: str, text: Text | None, place: Place) -> None:
        self.code, self.text, self.place = code, text, place


def read_choices(
    lines: Iterable[Line], base: str, texts: TextReader, *, own: bool
) -> tuple[tuple[Choice, ...], list[Specify]]:
    """The choices of a list and those of them that ask for a few words."""
    diagnostics = texts.diagnostics
    choices: list[Choice] = []
    specify: list[Specify] = []
    seen: dict[str, Place] = {}
    for line in lines:
        if line.word == "colon":
            _add_property(line, choices, specify, base, texts, own=own)
            continue
        if line.word != "choice":
            continue
        word = line.first(Word)
        assert word is not None
        code = word.text
        better = code_problem(code)
        if better is not None:
            diagnostics.append(messages.bad_code(word.place, code, better))
        if code in seen:
            diagnostics.append(messages.code_twice(word.place, code, seen[code]))
            continue
        seen[code] = word.place
        spoken = line.all(Spoken)
        label = texts.read(spoken[0], base, own=own) if spoken else None
        flags = {flag.word: flag.place for flag in line.all(Flag)}
        choices.append(Choice(code, label, word.place, alone="alone" in flags))
        if "specify" in flags:
            text = texts.read(spoken[1], base, own=own) if len(spoken) > 1 else None
            specify.append(Specify(code, text, flags["specify"]))
    _check_labels(choices, diagnostics)
    return tuple(choices), specify


def _add_property(
    line: Line, choices: list[Choice], specify: list[Specify], base: str, texts: TextReader, *, own: bool
) -> None:
    """`specify: "…"`, `refusal: yes` or a column for filters under the choice above it."""
    word, value = line.parts[0], line.parts[1]
    assert isinstance(word, Word)
    if not choices:
        message = f"`{word.text}:` stands under no choice"
        texts.diagnostics.append(messages.choices_do_not_fit(line.place, message, "put it under a choice"))
        return
    last = choices[-1]
    if word.text == "specify" and isinstance(value, Spoken):
        specify.append(Specify(last.code, texts.read(value, base, own=own), line.place))
        return
    if word.text == "refusal":
        choices[-1] = replace(last, refuses=True)
        return
    if squeezed(word.text) in _CHOICE_COLUMNS:
        texts.diagnostics.append(messages_quiet.raw_column_refused(line.place, word.text, "choose another word"))
        return
    if word.text in dict(last.columns):
        message = f"`{word.text}:` stands twice under the choice `{last.code}`"
        texts.diagnostics.append(messages.choices_do_not_fit(line.place, message, "keep one of the two"))
    text = value.text if isinstance(value, Word) else value.value if isinstance(value, Spoken) else ""
    choices[-1] = replace(last, columns=(*last.columns, (word.text, text)))


def _check_labels(choices: list[Choice], diagnostics: list[Diagnostic]) -> None:
    seen: dict[tuple[str, str], Place] = {}
    for choice in choices:
        if choice.label is None or is_blank(choice.label):
            continue
        for language, value in choice.label.values.items():
            key = (language, " ".join(value.split()).casefold())
            if key in seen:
                diagnostics.append(messages.label_twice(choice.place, value, language, seen[key]))
            seen[key] = choice.place


class ListReader:
    """The lists of one form. `lists` grows while items are read; `used` are the shared ones that some question uses."""

    def __init__(self, texts: TextReader, folder: Path, damaged_names: frozenset[str]) -> None:
        self.texts = texts
        self.languages = texts.languages
        self.diagnostics = texts.diagnostics
        self.folder = folder
        self.damaged_names = damaged_names
        self.lists: dict[str, ChoiceList] = {}
        self.specify: dict[str, list[Specify]] = {}
        self.used: set[str] = set()

    def shared(self, node: Node) -> None:
        """`choices NAME … end choices`."""
        name = node.statement.name
        assert name is not None
        if name.text in self.lists:
            self.diagnostics.append(messages.name_taken(name.place, name.text, self.lists[name.text].place))
            return
        if name.text == YES_NO or name.text.lower().startswith("pim_"):
            # What the compiler asks has these lists: with other words or codes, a "no" could be a yes.
            why = "What the compiler adds asks with lists of this name."
            self.diagnostics.append(messages.bad_name(name.place, name.text, why, f"own_{name.text.lower()}"))
            return
        own = node.via is None
        choices, specify = read_choices(node.statement.properties, node.language, self.texts, own=own)
        if not choices and not node.statement.damaged:
            self.diagnostics.append(messages.holds_nothing(name.place, "choices", name.text))
        self._check_choice_texts(choices)
        self.lists[name.text] = ChoiceList(name.text, choices, name.place, via=node.via)
        self.specify[name.text] = specify

    def places(self, node: Node, names: Iterable[str]) -> None:
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
            for column, value in choice.columns:
                if column in MEDIA:
                    self.diagnostics.extend(check_media(value, self.folder, choice.place))
            if is_blank(choice.label):
                self.diagnostics.append(messages.text_missing(choice.place, f"the choice `{choice.code}`"))

    def of_question(self, kind: str, type_: Type, question: str, node: Node) -> str | None:
        """The name of the list a choice question uses, after making it if it stands under the question."""
        statement = node.statement
        bullets = [line for line in statement.properties if line.word in ("choice", "colon")]
        if kind == "yes_no":
            self.lists.setdefault(YES_NO, yes_no(self.languages))
            return YES_NO
        if kind not in CHOICE_KINDS:
            if bullets or type_.choices:
                place = bullets[0].place if bullets else type_.choices.name.place  # type: ignore[union-attr]
                message = f"a question of type `{kind}` has no choices"
                fix = "write `one` or `many` as the type, or take the choices out"
                if bullets and bullets[0].word == "colon":
                    word = bullets[0].first(Word)
                    message = f"`{word.text if word else ''}:` is not a language of the form"
                    why, fix = "Only choices have lines of other words.", "write the code of the language, like `fr:`"
                    self.diagnostics.append(messages.choices_do_not_fit(place, message, fix, why))
                else:
                    self.diagnostics.append(messages.choices_do_not_fit(place, message, fix))
            return None
        if type_.choices is not None:
            if bullets:
                message, fix = f"`{question}` has a list and own choices", "keep one of the two"
                self.diagnostics.append(messages.choices_do_not_fit(bullets[0].place, message, fix))
            return self.named(type_.choices)
        if not bullets:
            if not statement.damaged:
                fix = 'add lines like `- yes "Yes"`, or name a list: `one of LIST`'
                self.diagnostics.append(
                    messages.choices_do_not_fit(type_.word.place, f"`{question}` has no choices", fix)
                )
            return None
        name = question if question not in (*self.lists, YES_NO) else f"{question}_choices"
        own = node.via is None
        choices, specify = read_choices(bullets, node.language, self.texts, own=own)
        self._check_choice_texts(choices)
        self.lists[name] = ChoiceList(name, choices, statement.place, shared=False, via=node.via)
        self.specify[name] = specify
        return name

    def named(self, named: ListName) -> str | None:
        name = named.name.text
        if not named.library and name in self.lists:
            self.used.add(name)
            return name
        library = library_lists()
        if named.library and name in library:
            if name not in self.lists:
                self.shared(Node(library[name], MODULE_LANGUAGE, via=named.name.place))
            self.used.add(name)
            return name
        if name not in self.damaged_names:
            near = messages.nearest(name, library if named.library else self.lists)
            if not named.library and name in library:
                near = f"library {name}"
            self.diagnostics.append(messages.unknown_list(named.name.place, name, near, named.library))
        return None
