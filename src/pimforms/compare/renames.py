"""The rename map: a CSV beside a form that says which old name is which new one. PF601 to PF603.

`old,new`; a question by its name, a choice as `question/code`. The name of a list is not in the data and two questions may
part ways later, so a choice is named by a question that offers it; one line holds for every question with the same list.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pimforms.compare.rename_messages import already_there, not_a_rename, not_there
from pimforms.compare.snapshot import Snapshot
from pimforms.diagnostics import Diagnostic
from pimforms.source import Place, Source, UnreadableSource, read_source

COLUMNS = ("old", "new")


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the map, and where it stands."""

    old: str
    new: str
    place: Place


@dataclass(frozen=True, slots=True)
class Renames:
    """The lines of a rename map, in order. `gone` are those with nothing behind the comma: removed for good."""

    lines: tuple[Line, ...] = ()
    gone: tuple[Line, ...] = ()

    @property
    def named(self) -> frozenset[str]:
        """Every old name that somebody has decided on."""
        return frozenset(line.old for line in (*self.lines, *self.gone))

    @property
    def questions(self) -> tuple[tuple[str, str], ...]:
        """Old and new names of questions, groups and repeats."""
        return tuple((line.old, line.new) for line in self.lines if "/" not in line.old)

    @property
    def choices(self) -> tuple[tuple[str, str, str], ...]:
        """The question in the old form, the old code and the new code."""
        return tuple((*_parts(line.old), _parts(line.new)[1]) for line in self.lines if "/" in line.old)


NO_RENAMES = Renames()


def beside(form: str | Path) -> Path:
    """Where the rename map of a form is looked for: `FORM.renames.csv`."""
    path = Path(form)
    return path.with_name(f"{path.stem}.renames.csv")


def read_renames(path: str | Path) -> tuple[Renames, list[Diagnostic]]:
    """The map of a file, and the lines of it that are none. Raises UnreadableSource."""
    try:
        source = read_source(path)
    except UnreadableSource as error:
        if error.message.startswith("this is a workbook"):
            fix = "save it in Excel as CSV UTF-8"
            raise UnreadableSource(error.path, "this is a workbook, not a CSV file", fix) from None
        raise
    return renames_in(source)


def renames_in(source: Source) -> tuple[Renames, list[Diagnostic]]:
    """The map of a text, and the lines of it that are none. Commas, or semicolons as some spreadsheets write them."""
    header = source.text.split("\n", 1)[0]
    reader = csv.reader(io.StringIO(source.text), delimiter=";" if header.count(";") > header.count(",") else ",")
    lines: list[Line] = []
    gone: list[Line] = []
    problems: list[Diagnostic] = []
    columns: dict[str, int] | None = None
    try:
        for cells in reader:
            values = [cell.strip() for cell in cells]
            if not any(values):
                continue
            place = place_of_line(source, reader.line_num)
            if columns is None:
                columns = {value.lower(): at for at, value in enumerate(values)}
                if not set(COLUMNS) <= columns.keys():
                    return NO_RENAMES, [
                        not_a_rename(place, "the first line does not name the columns", "write the first line: old,new")
                    ]
                continue
            old, new = (values[columns[name]] if columns[name] < len(values) else None for name in COLUMNS)
            problem = _problem(old or "", new)
            if problem is not None:
                problems.append(not_a_rename(place, *problem))
            else:
                (lines if new else gone).append(Line(old or "", new or "", place))
    except csv.Error as error:
        place = place_of_line(source, reader.line_num)
        problems.append(not_a_rename(place, f"this is not a line of a CSV file ({error})", "write: old_name,new_name"))
    return Renames(tuple(lines), tuple(gone)), problems


def problems(renames: Renames, old: Snapshot, new: Snapshot) -> list[Diagnostic]:
    """The lines that do not hold between these two forms.

    A line that was carried out in an earlier version holds: its old name is in neither form, its new one in both.
    """
    found: list[Diagnostic] = []
    seen: dict[str, Line] = {}
    targets: dict[str, Line] = {}
    for line in renames.lines:
        if line.old in seen:
            found.append(already_there(line.place, f"`{line.old}` has a second new name", "keep one of the two lines"))
            continue
        seen[line.old] = line
        if "/" in line.old:
            found.extend(_choice(line, renames, old, new))
        else:
            found.extend(_question(line, old, new, targets))
    for line in renames.gone:
        question, code = _parts(line.old) if "/" in line.old else (line.old, "")
        stays = code in _codes(new, question) if code else question in new.entries
        if line.old in seen:
            found.append(already_there(line.place, f"`{line.old}` has a second line", "keep one of the two lines"))
        elif stays:
            fix = f"take this line out, or `{line.old}` out of the new form"
            found.append(already_there(line.place, f"`{line.old}` is still in the new form", fix))
        seen[line.old] = line
    return found


def _question(line: Line, old: Snapshot, new: Snapshot, targets: dict[str, Line]) -> Iterator[Diagnostic]:
    before, after = line.old in old.entries, line.new in new.entries
    if not before and line.new in old.entries and after:
        return
    if not before:
        yield not_there(line.place, f"`{line.old}` is not in the old form", "old", line.old, list(old.entries))
    elif not after:
        yield not_there(line.place, f"`{line.new}` is not in the new form", "new", line.new, list(new.entries))
    elif line.old in new.entries:
        yield already_there(
            line.place,
            f"`{line.old}` is still in the new form",
            f"take this line out, or `{line.old}` out of the new form",
        )
    elif line.new in old.entries:
        yield already_there(
            line.place,
            f"`{line.new}` was in the old form already: two questions cannot become one",
            "take this line out",
        )
    elif line.new in targets:
        yield already_there(line.place, f"two questions cannot both become `{line.new}`", "keep one of the two lines")
    else:
        targets[line.new] = line


def _choice(line: Line, renames: Renames, old: Snapshot, new: Snapshot) -> Iterator[Diagnostic]:
    (question, code), (now_question, now_code) = _parts(line.old), _parts(line.new)
    names = dict(renames.questions)
    before = _codes(old, question)
    now = _codes(new, now_question)
    if question not in old.entries and now_code in now and now_code in _codes(old, now_question):
        return
    if question not in old.entries:
        yield not_there(
            line.place, f"the question `{question}` is not in the old form", "old", question, list(old.entries)
        )
    elif now_question not in new.entries:
        yield not_there(
            line.place, f"the question `{now_question}` is not in the new form", "new", now_question, list(new.entries)
        )
    elif now_question != names.get(question, question) and question not in new.entries:
        yield already_there(
            line.place,
            f"`{question}` is not renamed to `{now_question}`",
            f"add a line before: {question},{now_question}",
        )
    elif now_question != names.get(question, question):
        yield already_there(
            line.place,
            f"`{question}` and `{now_question}` are two questions",
            f"write: {question}/{code},{question}/{now_code}",
        )
    elif code not in before and now_code in before and now_code in now:
        return
    elif code not in before:
        yield not_there(line.place, f"`{question}` has no choice `{code}` in the old form", "old", code, before)
    elif now_code not in now:
        yield not_there(
            line.place, f"`{now_question}` has no choice `{now_code}` in the new form", "new", now_code, now
        )
    elif code in now:
        yield already_there(
            line.place,
            f"`{now_question}` still has the choice `{code}` in the new form",
            "take this line out, or the choice out of the new form",
        )


def _problem(old: str, new: str | None) -> tuple[str, str] | None:
    """`new` is None where the line has no comma: then nothing was decided. With nothing behind the comma it is gone."""
    if not old or new is None:
        return "one of the two names is missing", "write both: old_name,new_name; or old_name, if it is gone for good"
    if not new:
        return None
    if ("/" in old) != ("/" in new):
        return "a question cannot become a choice", "write both as names, or both as question/code"
    if old == new:
        return f"`{old}` stays what it is", "take this line out"
    if any(not part for name in (old, new) for part in _parts(name)):
        return "a choice is written as question/code", "write for example: feels_safe/very_safe,feels_safe/safe"
    return None


def _parts(name: str) -> tuple[str, str]:
    question, _, code = name.partition("/")
    return question.strip(), code.strip() if "/" in name else "-"


def _codes(side: Snapshot, question: str) -> list[str]:
    entry = side.entries.get(question)
    return [option.code for option in side.lists.get(entry.choices, ())] if entry is not None else []


def place_of_line(source: Source, line: int) -> Place:
    """The whole of a 1-based line."""
    start = 0
    for _ in range(line - 1):
        start = source.text.find("\n", start) + 1
    return Place(source, start, start + len(source.line_text(line)))
