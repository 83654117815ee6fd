"""Lists of choices: shared ones, bullets under a question, and those of the library."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from pimforms.diagnostics import Diagnostic
from pimforms.model.form import Choice, ChoiceList
from pimforms.model.text import Text
from pimforms.resolve import messages
from pimforms.resolve.names import code_problem
from pimforms.resolve.texts import TextReader
from pimforms.source import Place, Source, read_source
from pimforms.standards.data import data_path, table
from pimforms.syntax.nodes import Flag, Line, Spoken, Statement, Word
from pimforms.syntax.parse import parse

BUILT_IN = Source("built in", "")


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
        "yes_no", tuple(Choice(code, standard_text(code, languages), place) for code in ("yes", "no")), place
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
    """`specify: "…"` or a column for filters under the choice above it."""
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
    text = value.text if isinstance(value, Word) else value.value if isinstance(value, Spoken) else ""
    choices[-1] = Choice(last.code, last.label, last.place, last.alone, (*last.columns, (word.text, text)))


def _check_labels(choices: list[Choice], diagnostics: list[Diagnostic]) -> None:
    seen: dict[tuple[str, str], Place] = {}
    for choice in choices:
        if choice.label is None:
            continue
        for language, value in choice.label.values.items():
            key = (language, value)
            if key in seen:
                diagnostics.append(messages.label_twice(choice.place, value, language, seen[key]))
            seen[key] = choice.place
