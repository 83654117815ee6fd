"""Forms for tests of expressions: from text to a resolved form, to its cells, and to a survey for pyxform."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pimforms.diagnostics import Diagnostic, rule_of
from pimforms.expressions.layout import count_node
from pimforms.expressions.messages import MESSAGES
from pimforms.expressions.xpath import Writer
from pimforms.model.form import Calculation, Form, Group, Item, Lookup, Metadata, Note, Question, Repeat
from pimforms.model.walk import walk
from pimforms.resolve.form import resolve
from pimforms.source import Source, normalise
from pimforms.standards.data import table
from pimforms.syntax.parse import parse

HERE = Path(__file__).parent
CODES = {rule_of(message).code for message in MESSAGES}
HEAD = """\
form test "Test"
  organisation "Relief"
  category     sectoral
  population   "People in block C"
  contact      "Desk, block C, free line 555"
purpose services "Better services"
"""


def read(text: str, *, head: str = HEAD) -> tuple[Form, list[Diagnostic]]:
    """A form from its items alone, and what is said about its expressions."""
    tree, diagnostics = parse(Source("test.pim", normalise(head + text)))
    assert not diagnostics, [(str(d.place), d.message) for d in diagnostics]
    form, found = resolve(tree, HERE)
    assert form is not None
    return form, [diagnostic for diagnostic in found if diagnostic.code in CODES]


def form_of(text: str) -> Form:
    form, found = read(text)
    assert not found, [(d.code, d.message) for d in found]
    return form


def said(text: str) -> str:
    """What is said, a paragraph a message: line, code, the words underlined, title, why, fix."""
    lines = HEAD.count("\n")
    paragraphs = []
    for diagnostic in sorted(read(text)[1], key=lambda diagnostic: diagnostic.order):
        place = diagnostic.place
        related = "".join(f"  see: {words}, line {other.line - lines}\n" for words, other in diagnostic.related)
        paragraphs.append(
            f"line {place.line - lines}, {diagnostic.code} at `{place.text}`\n  {diagnostic.message}\n"
            f"  why: {diagnostic.why.replace('test.pim:', '').strip()}\n  fix: {diagnostic.fix}\n{related}"
        )
    return "\n".join(paragraphs)


def cells(form: Form, writer: Writer | None = None) -> dict[str, dict[str, str]]:
    """The XPath of every item, by name and column."""
    pen = writer or Writer(form)
    found: dict[str, dict[str, str]] = {}
    for item in walk(form.items):
        row = {"relevant": pen.relevant(item)}
        if isinstance(item, Question):
            row["constraint"] = pen.constraint(item)
            row["default"] = pen.default(item)
            row["choice_filter"] = pen.choice_filter(item)
        elif isinstance(item, (Calculation, Lookup)):
            row["calculation"] = pen.calculation(item)
        elif isinstance(item, Repeat):
            row["repeat_count"] = pen.count(item)
        for key in ("label", "hint"):
            text = getattr(item, key, None)
            for reference in text.references if text is not None else ():
                row[f"{{{reference.name}}} in {key}"] = pen.text_value(reference, item) or ""
        found[item.name] = {column: text for column, text in row.items() if text}
    return found


def as_text(found: dict[str, dict[str, str]]) -> str:
    return "".join(f"{name} {column}:\n  {text}\n" for name, row in found.items() for column, text in row.items())


def survey(form: Form, writer: Writer | None = None) -> dict[str, Any]:
    """The form as pyxform takes it, with nothing but what expressions need."""
    xpath = cells(form, writer)
    rows: list[dict[str, Any]] = []
    kinds = table("types")["type"]

    def add(items: tuple[Item, ...]) -> None:
        for item in items:
            row: dict[str, Any] = {"name": item.name, "label": item.name}
            row |= {column: text for column, text in xpath[item.name].items() if " " not in column}
            if isinstance(item, Question):
                listed = item.choices or "yes_no"
                rows.append({"type": kinds[item.kind]["xlsform"].replace("{list}", listed), **row})
            elif isinstance(item, Note):
                rows.append({"type": "note", **row})
            elif isinstance(item, (Calculation, Lookup)):
                rows.append({"type": "calculate", **row})
            elif isinstance(item, Metadata):
                rows.append({"type": item.kind, "name": item.name})
            elif isinstance(item, (Group, Repeat)):
                word = "group" if isinstance(item, Group) else "repeat"
                if isinstance(item, Repeat) and (count := row.get("repeat_count")):
                    node = count_node(item, count)
                    if count != f"${{{node}}}":
                        shown = {"relevant": row["relevant"]} if "relevant" in row else {}
                        rows.append({"type": "calculate", "name": node, "calculation": count, **shown})
                    row["repeat_count"] = f"${{{node}}}"
                rows.append({"type": f"begin_{word}", **row})
                add(item.items)
                rows.append({"type": f"end_{word}"})

    add(form.items)
    choices = [
        {"list_name": listed.name, "name": choice.code, "label": choice.code, **dict(choice.columns)}
        for listed in form.lists.values()
        for choice in listed.choices
    ]
    return {"survey": rows, "choices": choices, "settings": [{"form_id": "test", "form_title": "test"}]}
