"""`find … in FILE by KEY`: one look-up a column, and a note when the file does not hold the code."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pimforms.model.expression import Answered, Logic, Name
from pimforms.model.form import Item, Lookup, Note
from pimforms.resolve import messages, messages_quiet
from pimforms.resolve.csvfiles import CsvProblem, Table, read_csv
from pimforms.resolve.library import Node
from pimforms.resolve.tags import Around
from pimforms.syntax.nodes import Quoted, Word

if TYPE_CHECKING:
    from pimforms.resolve.items import ItemReader

_DAY = r"\d{4}-\d{2}-\d{2}"
_CLOCK = r"\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})?"
# How a phone wants the values of a type to be written (XForms: xsd:integer, decimal, date, time, dateTime).
_WRITTEN = {
    "integer": (re.compile(r"[+-]?\d+"), "a whole number"),
    "decimal": (re.compile(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)"), "a number"),
    "date": (re.compile(_DAY), "a date like 2026-12-31"),
    "time": (re.compile(_CLOCK), "a time like 14:30"),
    "datetime": (re.compile(f"{_DAY}T{_CLOCK}"), "a date and time like 2026-12-31T14:30"),
}


def find(reader: ItemReader, node: Node, around: Around) -> list[Item]:
    """A pulldata for each column, and a note when the file does not hold the code."""
    statement = node.statement
    words = statement.line.all(Word)
    file = statement.line.first(Quoted)
    assert file is not None
    card, key = words[0], words[1]
    column = words[2].text if len(words) > 2 else key.text
    table = _csv_table(reader, file, (column,))
    columns = table.columns if table else ()
    if table is not None:
        _check_keys(reader, file, table, column)
    items: list[Item] = []
    for line in statement.properties:
        if line.word != "gives":
            continue
        given = line.all(Word)
        if len(given) != 3:
            fix = f"write `gives {given[0].text} text from COLUMN`"
            reader.diagnostics.append(messages.choices_do_not_fit(line.place, "this `gives` names no column", fix))
            continue
        name, kind, source = given
        _check_column(reader, source, columns, file)
        found_kind = reader.kind(kind)
        if table is not None:
            _check_values(reader, kind, found_kind, file, table, source.text)
        tags = reader.tags.tags(statement, around)
        items.append(
            Lookup(
                name.text,
                file.value,
                source.text,
                column,
                Name(key.text, key.place),
                found_kind,
                name.place,
                tags,
                via=node.via,
            )
        )
    if not any(line.word == "gives" for line in statement.properties):
        why, fix = "So nothing is looked up.", "add under it: gives NAME text from COLUMN"
        reader.diagnostics.append(messages.holds_nothing(card.place, "find", card.text, why, fix))
    text = reader.property_text(node, "missing")
    if text is not None and items:
        answered = Answered(Name(key.text, key.place), False, key.place)
        blank = Answered(Name(items[0].name, key.place), True, key.place)
        when = Logic("and", (answered, blank), key.place)
        tags = reader.tags.tags(statement, around)
        items.append(Note(f"{card.text}_missing", text, card.place, tags, when, via=node.via))
    return items


def _csv_table(reader: ItemReader, file: Quoted, wanted: tuple[str, ...]) -> Table | None:
    try:
        table = read_csv(str(reader.folder / file.value))
    except CsvProblem as problem:
        reader.diagnostics.append(messages.file_does_not_fit(file.place, problem.message, problem.why, problem.fix))
        return None
    for column in wanted:
        if column not in table.columns:
            message = f"`{file.value}` has no column `{column}`"
            why = f"Its columns are: {', '.join(table.columns)}."
            fix = "write `as COLUMN` behind the name, with the column that holds the code"
            reader.diagnostics.append(messages.file_does_not_fit(file.place, message, why, fix))
    return table


def _check_keys(reader: ItemReader, file: Quoted, table: Table, key: str) -> None:
    """A code that stands twice: the phone takes the first row of them."""
    first: dict[str, int] = {}
    again: list[tuple[str, int]] = []
    for row, line in zip(table.rows, table.lines, strict=True):
        code = row.get(key, "")
        if code and first.setdefault(code, line) != line:
            again.append((code, line))
    if again:
        code, line = again[0]
        message = f"`{file.value}` has `{_cut(code)}` twice in `{key}`: on lines {first[code]} and {line}"
        why = f"The phone takes the first row and never reads the others.{_more(len(again) - 1, 'code')}"
        fix = "leave one row for each code"
        reader.diagnostics.append(messages_quiet.look_up_values(file.place, message, why, fix))


def _check_values(reader: ItemReader, word: Word, kind: str, file: Quoted, table: Table, column: str) -> None:
    """Values of a column that are not of the type that `gives` says."""
    if kind not in _WRITTEN:
        return
    pattern, wanted = _WRITTEN[kind]
    wrong = [
        (row[column], line)
        for row, line in zip(table.rows, table.lines, strict=True)
        if row.get(column) and not pattern.fullmatch(row[column])
    ]
    if wrong:
        value, line = wrong[0]
        message = f"`{_cut(value)}` on line {line} of `{file.value}` is not {wanted}"
        why = f"`{column}` is read as `{kind}` here.{_more(len(wrong) - 1, 'value')}"
        fix = f"mend the column `{column}`, or write `text` as the type"
        reader.diagnostics.append(messages_quiet.look_up_values(word.place, message, why, fix))


def _more(number: int, what: str) -> str:
    if not number:
        return ""
    return f" There is 1 more such {what}." if number == 1 else f" There are {number} more such {what}s."


def _cut(value: str) -> str:
    return value if len(value) <= 40 else f"{value[:40]}…"


def _check_column(reader: ItemReader, source: Word, columns: tuple[str, ...], file: Quoted) -> None:
    if columns and source.text not in columns:
        near = messages.nearest(source.text, columns)
        why = f"Its columns are: {', '.join(columns)}."
        fix = f"write `{near}`" if near else "use one of these columns"
        message = f"`{file.value}` has no column `{source.text}`"
        reader.diagnostics.append(messages.file_does_not_fit(source.place, message, why, fix))
