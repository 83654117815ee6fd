"""The survey sheet: items to rows, each with its place, its rule and its depth."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import field
from typing import Protocol

from pimforms.expressions.layout import count_node
from pimforms.model.expression import Expression
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
from pimforms.model.level import Level
from pimforms.model.names import made_name
from pimforms.model.text import TextReference
from pimforms.record import record
from pimforms.source import Place
from pimforms.standards.data import table
from pimforms.xlsform.choices import Lists, offers_refusal
from pimforms.xlsform.columns import Cells, raw_cells, tag_cells
from pimforms.xlsform.constraints import constraint_cells
from pimforms.xlsform.repeats import Entry, appearance, entries, makes_a_row, members
from pimforms.xlsform.rows import EMISSION, Row
from pimforms.xlsform.texts import LABEL, Speaker

TITLE = "pim_title"
"""Begins the name of the note that says the label of a group which is not emitted."""

_USUAL_PARAMETERS = {"image": (("max-pixels", "1024"),)}
"""A full-size photo of 5 MB does not leave the field; the author can ask for more with `parameter max-pixels`."""

_SELECTS = frozenset({"one", "many", "yes_no", "rank"})


class ExpressionWriter(Protocol):
    """Writes the expressions of one form as XPath; "" where there is none. See `expressions.xpath.Writer`.

    `relevant` holds the conditions of the groups that are taken apart, too.
    """

    def relevant(self, item: Item) -> str: ...
    def constraint(self, question: Question) -> str: ...
    def choice_filter(self, question: Question) -> str: ...
    def calculation(self, item: Calculation | Lookup) -> str: ...
    def count(self, repeat: Repeat) -> str: ...
    def default(self, question: Question) -> str: ...
    def condition(self, expression: Expression, item: Item | None = None) -> str: ...
    def text_value(self, reference: TextReference, item: Item) -> str | None: ...


@record
class Pen:
    """All that rows are written with, and the rows written so far."""

    speaker: Speaker
    writer: ExpressionWriter
    lists: Lists
    rows: list[Row] = field(default_factory=list)

    def put(self, cells: Cells, place: Place, rule: str | None, depth: int) -> None:
        self.rows.append(Row({column: text for column, text in cells.items() if text}, place, rule, depth))


def survey_rows(items: Iterable[Item], pen: Pen) -> tuple[Row, ...]:
    """The rows of the survey sheet, in the order in which things are asked."""
    for entry in entries(items):
        _write(entry, pen, 0, in_repeat=False)
    return tuple(pen.rows)


def _write(entry: Entry, pen: Pen, depth: int, *, in_repeat: bool) -> None:
    item = entry.item
    for node, xpath in pen.speaker.helpers.before.get(item.name, ()):
        helper = {"type": "calculate", "name": node, "calculation": xpath, "relevant": pen.writer.relevant(item)}
        pen.put(helper, item.place, item.origin or EMISSION, depth)
    if isinstance(item, Question):
        _question(item, pen, depth)
    elif isinstance(item, Note):
        _note(item, pen, depth)
    elif isinstance(item, (Calculation, Lookup)):
        _calculation(item, pen, depth)
    elif isinstance(item, Metadata):
        _metadata(item, pen, depth)
    elif isinstance(item, Group):
        if entry.is_title:
            _title(item, pen, depth)
        else:
            _group(item, pen, depth, in_repeat=in_repeat)
    elif isinstance(item, Repeat):
        _repeat(item, pen, depth)
    else:
        # The consent point has been replaced by what stands there; without protection nothing stands there.
        assert isinstance(item, ConsentPoint)


def _question(question: Question, pen: Pen, depth: int) -> None:
    speaker = pen.speaker
    relevant = pen.writer.relevant(question)
    parameters = question.parameters or _USUAL_PARAMETERS.get(question.kind, ())
    must = pen.writer.constraint(question) if question.musts else ""
    cells: Cells = {
        "type": _xlsform_type(question, pen.lists),
        "name": question.name,
        **speaker.cells("label", question.label, question.name, of=question.name),
        **speaker.cells("hint", question.hint, of=question.name),
        **speaker.cells("guidance_hint", question.guidance, of=question.name),
        "required": _required(question, pen),
        "relevant": relevant,
        **constraint_cells(question, must, pen.lists.of(question), speaker),
        "default": pen.writer.default(question) if question.default is not None else "",
        "choice_filter": pen.writer.choice_filter(question),
        "appearance": question.appearance or "",
        "parameters": _parameters(parameters),
        **tag_cells(question.tags, level=True),
        **raw_cells(question.raw, speaker.languages),
    }
    pen.put(cells, question.place, question.origin, depth)
    label = pen.speaker.helpers.after.get(question.name)
    if label is not None:
        # Closed like its question: a hidden answer must not be read out through its label.
        cells = {
            "type": "calculate",
            "name": made_name(LABEL, question.name),
            "calculation": label,
            "relevant": relevant,
        }
        cells["sensitivity"] = question.tags.level.word
        pen.put(cells, question.place, question.origin or EMISSION, depth)


def _required(question: Question, pen: Pen) -> str:
    if not is_required(question):
        return ""
    return "yes" if question.required_when is None else pen.writer.condition(question.required_when, question)


def is_required(question: Question) -> bool:
    """Required unless optional; from MODERATE on only where "prefer not to say" is among the choices."""
    return question.required and (question.tags.level < Level.MODERATE or offers_refusal(question))


def _xlsform_type(question: Question, lists: Lists) -> str:
    kinds = table("types")["type"]
    written: str = kinds[question.kind]["xlsform"] if question.kind in kinds else question.kind
    return written.replace("{list}", lists.of_question.get(question.name, "")) if question.kind in _SELECTS else written


def _parameters(parameters: Iterable[tuple[str, str]]) -> str:
    return " ".join(f"{name}={value}" for name, value in parameters)


def _calculation(item: Calculation | Lookup, pen: Pen, depth: int) -> None:
    cells: Cells = {
        "type": "calculate",
        "name": item.name,
        "relevant": pen.writer.relevant(item),
        "calculation": pen.writer.calculation(item),
        **tag_cells(item.tags, level=True),
    }
    pen.put(cells, item.place, item.origin, depth)


def _note(note: Note, pen: Pen, depth: int) -> None:
    cells: Cells = {
        "type": "note",
        "name": note.name,
        **pen.speaker.cells("label", note.label, note.name, of=note.name),
        "relevant": pen.writer.relevant(note),
        **tag_cells(note.tags, level=False),
        **raw_cells(note.raw, pen.speaker.languages),
    }
    pen.put(cells, note.place, note.origin, depth)


def _metadata(item: Metadata, pen: Pen, depth: int) -> None:
    name = "audit" if item.kind == "audit" else item.name  # pyxform allows no other name
    cells: Cells = {
        "type": item.kind,
        "name": name,
        "parameters": _parameters(item.parameters),
        **tag_cells(item.tags, level=True),
    }
    pen.put(cells, item.place, item.origin, depth)


def _group(group: Group, pen: Pen, depth: int, *, in_repeat: bool) -> None:
    cells: Cells = {
        "type": "begin_group",
        "name": group.name,
        **pen.speaker.cells("label", group.label, of=group.name),
        "relevant": pen.writer.relevant(group),
        "appearance": appearance(group),
    }
    _container(group, cells, "end_group", pen, depth, in_repeat=in_repeat)


def _repeat(repeat: Repeat, pen: Pen, depth: int) -> None:
    relevant = pen.writer.relevant(repeat)
    count = pen.writer.count(repeat) if repeat.count is not None else ""
    rule = repeat.origin
    if count and count != (node := f"${{{count_node(repeat, count)}}}"):
        counter = {"type": "calculate", "name": node[2:-1], "calculation": count, "relevant": relevant}
        pen.put(counter, repeat.place, rule or EMISSION, depth)
        count = node
    cells: Cells = {
        "type": "begin_repeat",
        "name": repeat.name,
        **pen.speaker.cells("label", repeat.label, repeat.name, of=repeat.name),
        "relevant": relevant,
        "appearance": " ".join(filter(None, (members(repeat).appearance, repeat.appearance))),
        "repeat_count": count,
    }
    _container(repeat, cells, "end_repeat", pen, depth, in_repeat=True)


def _container(container: Group | Repeat, cells: Cells, end: str, pen: Pen, depth: int, *, in_repeat: bool) -> None:
    if not makes_a_row(container):
        return
    pen.put(cells, container.place, container.origin, depth)
    for inner in members(container).entries if in_repeat else entries(container.items):
        _write(inner, pen, depth + 1, in_repeat=in_repeat)
    pen.put({"type": end}, container.place, container.origin, depth)


def _title(group: Group, pen: Pen, depth: int) -> None:
    cells: Cells = {
        "type": "note",
        "name": made_name(TITLE, group.name),
        **pen.speaker.cells("label", group.label, group.name, of=group.name),
        "relevant": pen.writer.relevant(group),
    }
    pen.put(cells, group.place, group.origin or EMISSION, depth)
