"""`pimforms test`: the scenarios beside a form, run in the engine of ODK Collect and KoboCollect."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from pimforms.cli import inputs, report_scenarios, report_walks
from pimforms.cli.console import complain, has_color, write_bytes
from pimforms.cli.reports import print_report

if TYPE_CHECKING:
    from pimforms.engines.trial import Trial

ENDING = ".test.pim"
FORMATS = ("text", "json")
PASSED, FAILED, NOT_RUN = 0, 1, 2
SECONDS = 30.0
"""How long one scenario may take. One of a hundred questions takes a fiftieth of a second."""


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", metavar="FORM", help="a .pim file; its scenarios stand beside it, in NAME.test.pim")
    parser.add_argument("--scenarios", metavar="FILE", help="where the scenarios are (usual: NAME.test.pim)")
    parser.add_argument("--junit", metavar="FILE", help="also write the results as JUnit XML, for CI")
    parser.add_argument("--format", choices=FORMATS, default="text", help="how to write the results (usual: text)")
    report_walks.add_arguments(parser)
    inputs.add_today(parser)


def run(options: argparse.Namespace) -> int:
    """0 if all passed, 1 if something did not or the form has errors, 2 if it could not be run."""
    if options.walks is not None:
        return report_walks.run(options)
    path = _scenarios(options)
    if path is None:
        return NOT_RUN
    from pimforms.engines.process import Engine

    with Engine(seconds=SECONDS) as engine:  # Java starts while the form is read
        checked = inputs.check(options.file, inputs.today(options))
        if checked.form is None or checked.has_errors:
            print_report([one for one in checked.diagnostics if one.is_error], [options.file], options.format)
            return FAILED
        from pimforms.engines.trial import Trial

        return run_scenarios(options, Trial(checked, inputs.folder_of(options.file), engine), path)


def run_scenarios(options: argparse.Namespace, trial: Trial, path: str) -> int:
    """Runs the scenarios of a file, writes what came of them, and gives the number to end with."""
    source = inputs.read(path)
    scenarios, found = trial.read(source)
    if any(diagnostic.is_error for diagnostic in found):
        print_report(found, [path], options.format)
        return FAILED
    if not scenarios:
        complain(f"{path}: there is no scenario in this file", 'begin with: scenario NAME "What it shows"')
        return NOT_RUN
    results = trial.run(scenarios)
    if trial.failure is not None and not results:
        complain(trial.failure.message, trial.failure.fix)
        return NOT_RUN
    if options.format == "json":
        write_bytes(report_scenarios.as_json(results).encode("ascii"))
    else:
        if found:
            print_report(found, [])
        sys.stdout.write(report_scenarios.as_text(results, path, len(scenarios), color=has_color(sys.stdout)))
    if options.junit:
        Path(options.junit).write_bytes(report_scenarios.as_junit(results, options.file))
    if trial.failure is not None:
        complain(trial.failure.message, trial.failure.fix)
        return NOT_RUN
    return PASSED if all(result.passed for result in results) else FAILED


def _scenarios(options: argparse.Namespace) -> str | None:
    """The file of scenarios; None, having said why, if there is none."""
    if options.scenarios is not None:
        given: str = options.scenarios
        return given
    if options.file == inputs.STANDARD_INPUT:
        complain("where are the scenarios?", "add --scenarios FILE")
        return None
    form = Path(options.file)
    if form.name.endswith(ENDING):
        name = form.name.removesuffix(ENDING)
        complain(f"{form}: this file holds scenarios, not a form", f"pimforms test {form.with_name(name + '.pim')}")
        return None
    if not form.exists():
        complain(f"{form}: there is no such file", "check the name and the folder you are in")
        return None
    beside = form.with_name(form.name.removesuffix(".pim") + ENDING)
    if not beside.is_file():
        fix = f'write them in {beside}, beginning with: scenario NAME "What it shows"'
        complain(f"{form}: there are no scenarios beside this form", fix)
        return None
    return str(beside)
