"""What came of scenarios: a line for people, JSON for programs, JUnit XML for CI."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING
from xml.etree import ElementTree

from pimforms.cli import report_text
from pimforms.cli.report_json import as_object

if TYPE_CHECKING:
    from pimforms.engines.scenarios import Result


def as_text(results: Sequence[Result], path: str, wanted: int, *, color: bool = False) -> str:
    """What was not as expected, with its lines underlined, and then how many of the `wanted` scenarios passed."""
    said = [diagnostic for result in results for diagnostic in result.diagnostics]
    passed = sum(result.passed for result in results)
    failed = [result.scenario.name for result in results if not result.passed]
    count = (
        f"{passed} of {wanted} scenarios passed in {path}"
        if wanted != 1
        else f"{passed} of 1 scenario passed in {path}"
    )
    more = f"; failed: {', '.join(failed)}" if failed else ""
    return f"{report_text.render(said, color=color)}{count}{more}\n"


def as_json(results: Sequence[Result]) -> str:
    """A list with an object a scenario, in ASCII, so that no console can damage it."""
    return json.dumps([_object(result) for result in results], indent=2) + "\n"


def _object(result: Result) -> dict[str, object]:
    place = result.scenario.place
    return {
        "scenario": result.scenario.name,
        "title": result.scenario.title,
        "file": place.path,
        "line": place.line,
        "passed": result.passed,
        "seconds": round(result.seconds, 3),
        "diagnostics": [as_object(diagnostic) for diagnostic in result.diagnostics],
    }


def as_junit(results: Sequence[Result], form: str) -> bytes:
    """JUnit XML as Jenkins, GitLab and GitHub actions read it: one suite, one case a scenario."""
    failed = sum(not result.passed for result in results)
    seconds = f"{sum(result.seconds for result in results):.3f}"
    counts = {"tests": str(len(results)), "failures": str(failed), "errors": "0", "time": seconds}
    root = ElementTree.Element("testsuites", counts)
    suite = ElementTree.SubElement(root, "testsuite", {"name": form, **counts})
    for result in results:
        _case(suite, result, form)
    ElementTree.indent(root)
    written: bytes = ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)
    return written + b"\n"


def _case(suite: ElementTree.Element, result: Result, form: str) -> None:
    place = result.scenario.place
    case = ElementTree.SubElement(
        suite,
        "testcase",
        {
            "name": _legal(f"{result.scenario.name}: {result.scenario.title}"),
            "classname": form,
            "file": place.path,
            "line": str(place.line),
            "time": f"{result.seconds:.3f}",
        },
    )
    for diagnostic in result.diagnostics:
        failure = ElementTree.SubElement(
            case, "failure", {"message": _legal(diagnostic.message), "type": diagnostic.code}
        )
        failure.text = _legal(report_text.one(diagnostic))


def _legal(text: str) -> str:
    """Without the characters that XML does not allow."""
    return "".join(
        character if character in "\t\n" or character >= " " else "\N{REPLACEMENT CHARACTER}" for character in text
    )
