"""Texts of the model as cells: every language filled, `{name}` as XLSForm writes it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import field
from typing import Protocol

from pimforms.model.form import Group, Item, Note, Question, Repeat
from pimforms.model.names import made_name
from pimforms.model.text import Text, TextReference
from pimforms.model.walk import walk
from pimforms.record import record
from pimforms.xlsform.columns import Cells, legal, translated
from pimforms.xlsform.languages import language_name

LABEL = "pim_label"
"""Begins the name of the calculation that holds the label of a choice answer."""
SAID = "pim_said"
"""Begins the name of a calculation that holds an answer for one text: blank where it may not be read."""

_BRACES = re.compile(r"\{\{|\{([^\W\d][\w.-]*)(?: +(code))?\}")
Spoken = tuple[str, str, bool]
"""A text's item (or "" for choices), the answer it speaks of, and whether by its code."""


class SpeaksXPath(Protocol):
    """The part of `expressions.xpath.Writer` that says how an answer is spoken in a text."""

    def text_value(self, reference: TextReference, item: Item) -> str | None: ...


@record
class Helpers:
    """The calculations that texts need.

    `nodes` says which node a text reads, if not the answer's own. `after` is the label that stands behind a question,
    `before` what stands in front of the item with the text.
    """

    nodes: Mapping[Spoken, str] = field(default_factory=dict)
    after: Mapping[str, str] = field(default_factory=dict)
    before: Mapping[str, tuple[tuple[str, str], ...]] = field(default_factory=dict)


@record
class Speaker:
    """Writes the texts of one form. `items` are its items by name; `codes` its languages, the first one leading.

    `languages` are the same languages as XLSForm names them.
    """

    items: Mapping[str, Item]
    codes: tuple[str, ...]
    languages: tuple[str, ...]
    helpers: Helpers

    def cells(self, column: str, text: Text | None, instead: str = "", *, of: str = "") -> Cells:
        """The text of the item `of` in every language of the form; `instead` stands in where there is no text at all."""
        return translated(column, zip(self.languages, self.all(text, instead, of=of), strict=True))

    def all(self, text: Text | None, instead: str = "", *, of: str = "") -> tuple[str, ...]:
        """The text in each language, in order. A missing one is the first there is (a rule reports it)."""
        if text is None:
            return (instead,) * len(self.codes)
        values = text.values
        spare = next((values[code] for code in (*self.codes, *values) if values.get(code, "").strip()), instead)
        return tuple(self.write(own if (own := values.get(code, "")).strip() else spare, of=of) for code in self.codes)

    def write(self, text: str, *, of: str = "") -> str:
        """One text with its references as `${name}`; `{{` is a plain brace."""
        if "{" not in text:
            return legal(text)
        out: list[str] = []
        plain = ""
        at = 0
        for match in _BRACES.finditer(text):
            plain += text[at : match.start()]
            at = match.end()
            name = match[1]
            if name is None:
                plain += "{"
            elif name not in self.items:
                plain += match[0]
            else:
                node = self.helpers.nodes.get((of, name, bool(match[2])), name)
                out += (_guarded(plain), f"${{{node}}}")
                plain = ""
        out.append(_guarded(plain + text[at:]))
        return legal("".join(out))


def speaker(items: Mapping[str, Item], codes: tuple[str, ...], helpers: Helpers) -> Speaker:
    """The writer of texts for a form with these items and languages."""
    return Speaker(items, codes, tuple(language_name(code) for code in codes), helpers)


def helpers_for(
    items: Iterable[Item], choice_texts: Iterable[Text | None], by_name: Mapping[str, Item], writer: SpeaksXPath
) -> Helpers:
    """The calculations that the texts of a form need.

    A label stands once, behind its question. Where a text may be read although the question is hidden (outside its
    group, or without its condition), it reads a calculation of its own that is blank then: Enketo still sees the answer.
    """
    nodes: dict[Spoken, str] = {}
    after: dict[str, str] = {}
    before: dict[str, list[tuple[str, str]]] = {}
    taken: set[str] = set()
    for item in walk(items):
        for reference in _references(_texts(item), by_name):
            spoken = (item.name, reference.name, reference.code)
            value = writer.text_value(reference, item)
            if value is None or spoken in nodes:
                continue
            if value == writer.text_value(reference, by_name[reference.name]):
                nodes[spoken] = made_name(LABEL, reference.name)
                after[reference.name] = value
            else:
                node = _free(made_name(SAID, item.name, reference.name, *(["code"] if reference.code else [])), taken)
                nodes[spoken] = node
                before.setdefault(item.name, []).append((node, value))
    for reference in _references(choice_texts, by_name):
        value = writer.text_value(reference, by_name[reference.name])
        if value is not None:
            nodes["", reference.name, reference.code] = made_name(LABEL, reference.name)
            after[reference.name] = value
    return Helpers(nodes, after, {name: tuple(found) for name, found in before.items()})


def _references(texts: Iterable[Text | None], by_name: Mapping[str, Item]) -> Iterator[TextReference]:
    for text in texts:
        if text is None:
            continue
        for value in text.values.values():
            if "{" in value:
                for match in _BRACES.finditer(value):
                    if match[1] in by_name:
                        yield TextReference(match[1], bool(match[2]), text.place)


def _texts(item: Item) -> Iterator[Text | None]:
    if isinstance(item, Question):
        yield from (item.label, item.hint, item.guidance)
        for must in item.musts:
            yield must.message
    elif isinstance(item, (Note, Group, Repeat)):
        yield item.label


def _free(wanted: str, taken: set[str]) -> str:
    name, number = wanted, 2
    while name.lower() in taken:
        name, number = f"{wanted}_{number}", number + 1
    taken.add(name.lower())
    return name


def _guarded(plain: str) -> str:
    # A price in braces would otherwise be read as a reference: XLSForm has no way to write `${` itself.
    return plain.replace("${", "$ {")
