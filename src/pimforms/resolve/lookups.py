"""`find … in FILE by KEY`: one look-up a column, and a note when the file does not hold the code."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pimforms.model.expression import Answered, Logic, Name
from pimforms.model.form import Item, Lookup, Note
from pimforms.resolve import messages
from pimforms.resolve.csvfiles import CsvProblem, read_csv
from pimforms.resolve.library import Node
from pimforms.resolve.tags import Around
from pimforms.syntax.nodes import Quoted, Word

if TYPE_CHECKING:
    from pimforms.resolve.items import ItemReader


def find(reader: ItemReader, node: Node, around: Around) -> list[Item]:
    """A pulldata for each column, and a note when the file does not hold the code."""
    statement = node.statement
    words = statement.line.all(Word)
    file = statement.line.first(Quoted)
    assert file is not None
    card, key = words[0], words[1]
    column = words[2].text if len(words) > 2 else key.text
    columns = _csv_columns(reader, file, (column,))
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
        tags = reader.tags.tags(statement, around)
        items.append(
            Lookup(
                name.text,
                file.value,
                source.text,
                column,
                Name(key.text, key.place),
                reader.kind(kind),
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


def _csv_columns(reader: ItemReader, file: Quoted, wanted: tuple[str, ...]) -> tuple[str, ...]:
    try:
        columns, _ = read_csv(str(reader.folder / file.value))
    except CsvProblem as problem:
        reader.diagnostics.append(messages.file_does_not_fit(file.place, problem.message, problem.why, problem.fix))
        return ()
    for column in wanted:
        if column not in columns:
            message = f"`{file.value}` has no column `{column}`"
            why = f"Its columns are: {', '.join(columns)}."
            fix = "write `as COLUMN` behind the name, with the column that holds the code"
            reader.diagnostics.append(messages.file_does_not_fit(file.place, message, why, fix))
    return columns


def _check_column(reader: ItemReader, source: Word, columns: tuple[str, ...], file: Quoted) -> None:
    if columns and source.text not in columns:
        near = messages.nearest(source.text, columns)
        why = f"Its columns are: {', '.join(columns)}."
        fix = f"write `{near}`" if near else "use one of these columns"
        message = f"`{file.value}` has no column `{source.text}`"
        reader.diagnostics.append(messages.file_does_not_fit(source.place, message, why, fix))
