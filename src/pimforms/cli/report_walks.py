"""`pimforms test --walks`: many interviews, and whether the form kept its promises; for people, as JSON, as JUnit XML."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING
from xml.etree import ElementTree

from pimforms.cli import inputs
from pimforms.cli.console import complain, has_color, paint, write_bytes
from pimforms.cli.reports import print_report
from pimforms.proofs.solver import INSTALL

if TYPE_CHECKING:
    from pimforms.engines.directed import Unreachable
    from pimforms.engines.walks import Finding, Report

PASSED, FAILED, NOT_RUN = 0, 1, 2
MOST = 1_000_000
SEED = "1"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--walks",
        metavar="N",
        type=_count,
        help="instead of the scenarios: N interviews, drawn, that the form must survive",
    )
    parser.add_argument(
        "--seed",
        metavar="S",
        default=SEED,
        help=f"what the walks are drawn from: the same S, the same walks (usual: {SEED})",
    )


def _count(written: str) -> int:
    if not written.isdigit() or not 1 <= int(written) <= MOST:
        raise argparse.ArgumentTypeError(f"`{written}` is not a number of walks; write one from 1 to {MOST}")
    return int(written)


def run(options: argparse.Namespace) -> int:
    """0 if every promise was kept, 1 if one was not or the form has errors, 2 if the walks could not be made."""
    from pimforms.compiler import compile_checked
    from pimforms.engines.interview import EngineError
    from pimforms.engines.process import Engine
    from pimforms.engines.walks import LONG, run_walks

    with Engine(long=options.walks >= LONG) as engine:  # Java starts while the form is read
        compiled = compile_checked(inputs.check(options.file, inputs.today(options)))
        if compiled.protected is None or compiled.sheets is None:
            errors = [diagnostic for diagnostic in compiled.diagnostics if diagnostic.is_error]
            print_report(errors, [options.file], options.format)
            return FAILED
        try:
            report = run_walks(compiled.protected, compiled.sheets, options.walks, options.seed, engine=engine)
            contact = None
            if compiled.contact_form is not None and compiled.contact is not None:
                contact = run_walks(compiled.contact_form, compiled.contact, options.walks, options.seed, engine=engine)
        except EngineError as error:
            complain(error.message, error.fix)
            return NOT_RUN
    if options.format == "json":
        write_bytes(as_json(report, contact).encode("ascii"))
    else:
        sys.stdout.write(as_text(report, options.file, color=has_color(sys.stdout)))
        if contact is not None:
            sys.stdout.write(as_text(contact, _contact_form(options.file), color=has_color(sys.stdout)))
    if options.junit:
        Path(options.junit).write_bytes(as_junit(report, options.file, contact))
    return PASSED if report.kept and (contact is None or contact.kept) else FAILED


def _contact_form(form: str) -> str:
    return f"the contact form of {form}"


def as_text(report: Report, form: str, *, color: bool = False) -> str:
    """What was broken, each with the shortest scenario that shows it, and what no walk reached."""
    parts = [_finding(finding, color) for finding in report.findings]
    if report.unreachable:
        parts.append("".join(_out_of_reach(each, color) for each in report.unreachable))
    if report.not_reached and not report.kept:
        parts.append(f"{len(report.not_reached)} questions were asked in no walk; mend what is broken first\n")
    elif report.not_reached:
        names = "".join(f"  {place}: {name}\n" for name, place in report.not_reached)
        fix = "take more walks" if report.solver else f"take more walks, or let it be proved: {INSTALL}"
        parts.append(f"asked in no walk; look whether its condition can hold, {fix}\n{names}")
    kept = "every promise was kept" if report.kept else f"broken: {len(report.findings)} of the promises"
    parts.append(
        f"{report.walks} walks through {form} with seed {report.seed}, {report.asked} questions asked: {kept}\n"
    )
    return "\n".join(parts)


def _out_of_reach(each: Unreachable, color: bool) -> str:
    """A question that can never be asked, and the conditions that exclude each other."""
    lines = [
        f"{paint('never asked', 'yellow', color)}: `{each.name}` is proved to be out of reach",
        f"  --> {each.place}",
    ]
    if each.because:
        lines.append("   = these cannot hold together:")
    lines.extend(f"       {place}: `{name}`: {' '.join(place.text.split())}" for name, place in each.because)
    return "\n".join(lines) + "\n"


def _finding(finding: Finding, color: bool) -> str:
    lines = [f"{paint('broken', 'red', color)}: {paint(finding.sentence, 'bold', color)}"]
    if finding.place is not None:
        lines.append(f"  --> {finding.place}")
    times = {0: "", 1: " (in one walk)"}.get(finding.walks, f" (in {finding.walks} walks)")
    says = finding.broken.says
    lines.append(f"   = {says[0].upper()}{says[1:]}{times}")
    if finding.others:
        lines.append(f"   = also about {', '.join(finding.others)}")
    if finding.scenario:
        lines.append("   = to see it, as a scenario:")
        lines.extend(f"       {line}" for line in finding.scenario.splitlines())
    return "\n".join(lines) + "\n"


def as_json(report: Report, contact: Report | None = None) -> str:
    """One object, in ASCII, so that no console can damage it. What is split off stands in it under `contact`."""
    aside = {"contact": _object(contact)} if contact is not None else {}
    return json.dumps({**_object(report), **aside}, indent=2) + "\n"


def _object(report: Report) -> dict[str, object]:
    return {
        "walks": report.walks,
        "seed": report.seed,
        "asked": report.asked,
        "kept": report.kept,
        "broken": [
            {
                "promise": finding.promise,
                "sentence": finding.sentence,
                "name": finding.broken.subject,
                "says": finding.broken.says,
                "walks": finding.walks,
                "also": list(finding.others),
                "file": finding.place.path if finding.place else None,
                "line": finding.place.line if finding.place else None,
                "scenario": finding.scenario,
            }
            for finding in report.findings
        ],
        "not_reached": [{"name": name, "file": place.path, "line": place.line} for name, place in report.not_reached],
        "unreachable": [
            {
                "name": each.name,
                "file": each.place.path,
                "line": each.place.line,
                "because": [
                    {"name": name, "file": place.path, "line": place.line, "text": place.text}
                    for name, place in each.because
                ],
            }
            for each in report.unreachable
        ],
        "directed": report.directed,
    }


def as_junit(report: Report, form: str, contact: Report | None = None) -> bytes:
    """JUnit XML: one suite a form, one case a promise."""
    suites = [_suite(report, form)]
    if contact is not None:
        suites.append(_suite(contact, _contact_form(form)))
    counts = {key: str(sum(int(suite.get(key, "0")) for suite in suites)) for key in ("tests", "failures", "errors")}
    root = ElementTree.Element("testsuites", counts)
    root.extend(suites)
    ElementTree.indent(root)
    written: bytes = ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)
    return written + b"\n"


def _suite(report: Report, form: str) -> ElementTree.Element:
    from pimforms.engines.directed import REACHED
    from pimforms.engines.promises import promise_names

    broken = {finding.promise: finding for finding in report.findings}
    names = (*promise_names(), REACHED)
    counts = {"tests": str(len(names)), "failures": str(len(broken)), "errors": "0"}
    suite = ElementTree.Element("testsuite", {"name": f"{form}: {report.walks} walks, seed {report.seed}", **counts})
    for name in names:
        case = ElementTree.SubElement(suite, "testcase", {"name": name, "classname": form})
        if name in broken:
            failure = ElementTree.SubElement(case, "failure", {"message": broken[name].broken.says, "type": name})
            failure.text = _finding(broken[name], color=False)
    return suite
