"""Small forms built by hand, a writer of expressions that knows only raw XPath, and rows as text."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from pimforms.expressions.xpath import Writer
from pimforms.model.expression import Code, Compare, Expression, Number, Own, Raw
from pimforms.model.form import (
    Calculation,
    Choice,
    ChoiceList,
    Facts,
    Form,
    Group,
    Item,
    Lookup,
    Must,
    Note,
    Question,
    Repeat,
    Tags,
)
from pimforms.model.level import Level
from pimforms.model.text import Text, TextReference
from pimforms.model.walk import index
from pimforms.source import Place, Source
from pimforms.xlsform.emit import emit
from pimforms.xlsform.repeats import taken_apart
from pimforms.xlsform.rows import Row, Sheets

SOURCE = Source("form.pim", "\n" * 200)


def place(line: int = 1) -> Place:
    return Place(SOURCE, line - 1, line - 1)


HERE = place()


def text(en: str, **others: str) -> Text:
    return Text({"en": en, **others}, HERE)


def raw(xpath: str) -> Expression:
    return Raw(xpath, HERE)


def ask(
    name: str, kind: str = "text", label: str | Text | None = "?", level: Level = Level.LOW, **more: Any
) -> Question:
    said = text(label) if isinstance(label, str) else label
    tags = more.pop("tags", Tags(("papers",), level))
    return Question(name, kind, said, more.pop("at", HERE), tags, **more)


def note(name: str, label: str, **more: Any) -> Note:
    return Note(name, text(label), HERE, **more)


def calculate(name: str, xpath: str, **more: Any) -> Calculation:
    return Calculation(name, raw(xpath), HERE, **more)


def group(name: str, *items: Item, label: str | None = None, **more: Any) -> Group:
    return Group(name, text(label) if label else None, items, HERE, **more)


def repeat(name: str, *items: Item, label: str | None = "Members", **more: Any) -> Repeat:
    return Repeat(name, text(label) if label else None, items, HERE, **more)


def choices(name: str, *listed: Choice | str) -> ChoiceList:
    made = tuple(each if isinstance(each, Choice) else Choice(each, text(each.capitalize()), HERE) for each in listed)
    return ChoiceList(name, made, HERE)


def at_least(number: str) -> Must:
    return Must(Compare(">=", Own(HERE), Number(number, HERE), HERE), None, HERE)


def form(*items: Item, lists: tuple[ChoiceList, ...] = (), languages: tuple[str, ...] = ("en",), **more: Any) -> Form:
    facts = replace(Facts(languages=languages), **{key: more.pop(key) for key in ("version",) if key in more})
    return Form(
        more.pop("name", "a_form"),
        more.pop("title", text("A form")),
        HERE,
        facts,
        {},
        (),
        (),
        {each.name: each for each in lists},
        {},
        (),
        items,
        **more,
    )


class RawWriter:
    """Writes raw XPath as it is, and bounds by their sign: enough to see where an expression lands."""

    def __init__(self, form: Form) -> None:
        self._apart = taken_apart(form.items)
        self._stops = index(form.items)
        self._real = Writer(form, lambda group: group.name in self._apart)

    def relevant(self, item: Item) -> str:
        around = list(self._stops[item.name].around)
        lost: list[Item] = []
        while around and around[-1].name in self._apart:
            lost.insert(0, around.pop())
        found = [self._xpath(each.when) for each in (*lost, item) if getattr(each, "when", None)]  # type: ignore[union-attr]
        return found[0] if len(found) == 1 else " and ".join(f"({xpath})" for xpath in found)

    def choice_filter(self, question: Question) -> str:
        return self._real.choice_filter(question)

    def text_value(self, reference: TextReference, item: Item) -> str | None:
        return self._real.text_value(reference, item)

    def constraint(self, question: Question) -> str:
        return " and ".join(self._xpath(must.condition) for must in question.musts)

    def calculation(self, item: Calculation | Lookup) -> str:
        return self._xpath(item.value if isinstance(item, Calculation) else item.key)

    def count(self, repeat: Repeat) -> str:
        return "" if repeat.count is None else self._xpath(repeat.count)

    def default(self, question: Question) -> str:
        return "" if question.default is None else self._xpath(question.default)

    def _xpath(self, expression: Expression) -> str:
        if isinstance(expression, Raw):
            return expression.xpath
        if isinstance(expression, Compare):
            return f"{self._xpath(expression.left)} {expression.operator} {self._xpath(expression.right)}"
        if isinstance(expression, Own):
            return "."
        if isinstance(expression, Number):
            return expression.text
        if isinstance(expression, Code):
            return expression.value
        return f"<{type(expression).__name__}>"


def sheets(*items: Item, **more: Any) -> Sheets:
    suffix, settings = more.pop("title_suffix", ""), more.pop("settings", None)
    made = form(*items, **more)
    return emit(made, title_suffix=suffix, settings=settings, writer=RawWriter(made))


PLAIN = ("type", "name", "list_name")


def table(columns: tuple[str, ...], rows: tuple[Row, ...], *only: str) -> str:
    """Rows as text, a line each, indented by depth: `column=text` for the columns asked for, or for all."""
    lines = []
    for row in rows:
        wanted = [column for column in columns if column in row.cells and (not only or column in only)]
        cells = [row.cells[column] if column in PLAIN else f"{column}={row.cells[column]!r}" for column in wanted]
        mark = "+ " if row.rule else ""
        lines.append("  " * row.depth + mark + " ".join(cells))
    return "\n".join(lines)


def survey(made: Sheets, *only: str) -> str:
    return table(made.survey_columns, made.survey, *only)


def cells(made: Sheets, name: str) -> dict[str, str]:
    """The cells of the row with this name."""
    return dict(next(row.cells for row in made.survey if row.cells.get("name") == name))
