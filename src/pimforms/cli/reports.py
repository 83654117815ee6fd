"""The formats of diagnostics, by the name that `--format` takes."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib import import_module

from pimforms.cli.console import has_color, write_bytes
from pimforms.diagnostics import Diagnostic

FORMATS = ("text", "json", "github", "sarif")


def print_report(diagnostics: Sequence[Diagnostic], files: Sequence[str], form: str = "text") -> None:
    """Writes diagnostics to standard output; for people also how many there are."""
    if form == "text":
        from pimforms.cli import report_text

        sys.stdout.write(report_text.render(diagnostics, color=has_color(sys.stdout)))
        if files:
            print(report_text.summary(diagnostics, files))
    else:
        text: str = import_module(f"pimforms.cli.report_{form}").render(diagnostics)
        write_bytes(text.encode("utf-8"))
