"""Texts of the model as cells: every language filled, `{name}` as XLSForm writes it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from pimforms.model.form import Group, Item, Note, Question, Repeat
from pimforms.model.text import Text
from pimforms.xlsform.columns import Cells, legal, translated
from pimforms.xlsform.languages import language_name

_BRACES = re.compile(r"\{\{|\{([^\W\d][\w.-]*)(?: +(code))?\}")
_ONE_CHOICE = frozenset({"one", "yes_no"})

LABEL = "pim_label_"
"""Begins the name of the calculation that holds the label of a choice answer."""


@dataclass(frozen=True, slots=True)
class Speaker:
    """Writes the texts of one form. `items` are its items by name; `codes` its languages, the first one leading.

    `languages` are the same languages as XLSForm names them.
    """

    items: Mapping[str, Item]
    codes: tuple[str, ...]
    languages: tuple[str, ...]

    def cells(self, column: str, text: Text | None, instead: str = "") -> Cells:
        """The text in every language of the form; `instead` stands in where there is no text at all."""
        return translated(column, zip(self.languages, self.all(text, instead), strict=True))

    def all(self, text: Text | None, instead: str = "") -> tuple[str, ...]:
        """The text in each language, in order. A missing one is the first there is (a rule reports it)."""
        if text is None:
            return (instead,) * len(self.codes)
        values = text.values
        spare = next((values[code] for code in (*self.codes, *values) if values.get(code, "").strip()), instead)
        return tuple(self.write(own if (own := values.get(code, "")).strip() else spare) for code in self.codes)

    def write(self, text: str) -> str:
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
                out += (_guarded(plain), f"${{{self._node(name, code=bool(match[2]))}}}")
                plain = ""
        out.append(_guarded(plain + text[at:]))
        return legal("".join(out))

    def _node(self, name: str, *, code: bool) -> str:
        return name if code or not has_label(self.items[name]) else LABEL + name


def speaker(items: Mapping[str, Item], codes: tuple[str, ...]) -> Speaker:
    """The writer of texts for a form with these items and languages."""
    return Speaker(items, codes, tuple(language_name(code) for code in codes))


def _guarded(plain: str) -> str:
    # A price in braces would otherwise be read as a reference: XLSForm has no way to write `${` itself.
    return plain.replace("${", "$ {")


def has_label(item: Item) -> bool:
    """True for an answer that is one choice, and so is shown by its label."""
    return isinstance(item, Question) and item.kind in _ONE_CHOICE


def spoken_labels(items: Iterable[Item], texts: Iterable[Text | None], by_name: Mapping[str, Item]) -> frozenset[str]:
    """The one-choice questions whose label a text of the form speaks (`{name}`, not `{name code}`)."""
    found: set[str] = set()
    for text in (*_texts(items), *texts):
        if text is None:
            continue
        for value in text.values.values():
            if "{" in value:
                for match in _BRACES.finditer(value):
                    name = match[1]
                    if name and not match[2] and name in by_name and has_label(by_name[name]):
                        found.add(name)
    return frozenset(found)


def _texts(items: Iterable[Item]) -> Iterable[Text | None]:
    for item in items:
        if isinstance(item, Question):
            yield item.label
            yield item.hint
            yield item.guidance
            for must in item.musts:
                yield must.message
        elif isinstance(item, Note):
            yield item.label
        elif isinstance(item, (Group, Repeat)):
            yield item.label
            yield from _texts(item.items)
