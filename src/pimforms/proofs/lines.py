"""The rows of a workbook as a proof reads them: what stands around each, and what each cell reads."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Protocol

from pimforms.proofs.xpath import Book, Node
from pimforms.record import record
from pimforms.source import Place
from pimforms.standards.data import table

_REFERENCE = re.compile(r"\$\{([^{}]*)\}")
_LOGIC = ("relevant", "calculation", "constraint", "choice_filter", "required", "readonly", "repeat_count", "trigger")
_PLAIN = frozenset({"yes", "no", "true", "false"})
_NOT_ASKED = frozenset({"note", "calculate", "hidden"})


class Row(Protocol):
    """A row of a compiled workbook."""

    @property
    def cells(self) -> Mapping[str, str]: ...
    @property
    def place(self) -> Place: ...
    @property
    def rule(self) -> str | None: ...


class Workbook(Protocol):
    """The rows of a compiled form, as `xlsform.emit` makes them."""

    @property
    def survey(self) -> Sequence[Row]: ...
    @property
    def choices(self) -> Sequence[Row]: ...
    @property
    def settings(self) -> Mapping[str, str]: ...


@record
class Line:
    """One row. `around` is the name of the group or repeat that holds it, "" at the top.

    `when` is its own condition; `chain` are the texts of all conditions around it, its own last. `nodes` are the cells with
    logic (None: not understood), `spoken` the answers that its texts speak of. `codes` are those of its list.
    """

    number: int
    name: str
    kind: str
    list_name: str
    rule: str | None
    place: Place
    around: str
    chain: tuple[str, ...]
    when: Node | None
    nodes: tuple[tuple[str, Node | None], ...]
    spoken: frozenset[str]
    codes: frozenset[str]

    @property
    def is_repeat(self) -> bool:
        return self.kind == "begin_repeat"

    @property
    def is_metadata(self) -> bool:
        return self.kind in table("types")["metadata"]

    @property
    def asks(self) -> bool:
        """Whether somebody answers it."""
        return self.kind not in _NOT_ASKED and not self.kind.startswith("begin_") and not self.is_metadata


def lines_of(workbook: Workbook, book: Book) -> tuple[Line, ...]:
    """The rows of the survey sheet that hold something, in order."""
    codes: dict[str, set[str]] = {}
    texts: dict[str, set[str]] = {}
    for row in workbook.choices:
        listed = row.cells.get("list_name", "")
        codes.setdefault(listed, set()).add(row.cells.get("name", ""))
        texts.setdefault(listed, set()).update(_references(row.cells))
    found: list[Line] = []
    around: list[Line] = []
    for number, row in enumerate(workbook.survey):
        cells = row.cells
        kind, _, rest = cells.get("type", "").partition(" ")
        if kind.startswith("end_"):
            around.pop()
            continue
        listed = rest.split(" ")[0] if rest else ""
        own = cells.get("relevant", "")
        chain = around[-1].chain if around else ()
        line = Line(
            number,
            cells.get("name", ""),
            kind,
            listed,
            row.rule,
            row.place,
            around[-1].name if around else "",
            (*chain, own) if own else chain,
            book.read(own) if own else None,
            _nodes(cells, book),
            frozenset(_references(_texts(cells)) | texts.get(listed, set())),
            frozenset(codes.get(listed, ())),
        )
        found.append(line)
        if kind.startswith("begin_"):
            around.append(line)
    return tuple(found)


def _nodes(cells: Mapping[str, str], book: Book) -> tuple[tuple[str, Node | None], ...]:
    logic = [(column, cells[column]) for column in _LOGIC if cells.get(column, "").lower() not in ("", *_PLAIN)]
    default = cells.get("default", "")
    if any(sign in default for sign in "$(/["):  # anything else is the answer itself
        logic.append(("default", default))
    return tuple((column, book.read(text)) for column, text in logic)


def _texts(cells: Mapping[str, str]) -> Mapping[str, str]:
    return {column: text for column, text in cells.items() if column not in _LOGIC and column != "default"}


def _references(cells: Mapping[str, str]) -> set[str]:
    return {name.strip() for text in cells.values() if "${" in text for name in _REFERENCE.findall(text)}
