"""docs/scenarios.md: its example is understood, and it names every beginning and every kind of expectation."""

from __future__ import annotations

import re

from conftest import ROOT
from pimforms.model.scenario import KINDS
from pimforms.source import Source
from pimforms.standards.data import table
from pimforms.syntax.parse import parse

PAGE = (ROOT / "docs" / "scenarios.md").read_text(encoding="utf-8")


def test_its_lines_are_understood() -> None:
    snippets = re.findall(r"```pim\n(.*?)```", PAGE, re.S)
    lines = [
        line
        for line in re.findall(r"`([^`\n]+)`", PAGE)
        if re.match(r"(given|answer|skip|member|remove member|speak|expect|go back)\b ?", line)
    ]
    whole = 'scenario all "All lines"\n' + "".join(
        f"  {line}\n" for line in lines if len(line.split()) > 1 or line == "go back"
    )
    for text in (*snippets, re.sub(r"  given .*\n", "", whole) + "end scenario\n"):
        assert [one.message for one in parse(Source("page.test.pim", text))[1]] == []


def test_it_names_everything() -> None:
    known = table("scenarios")
    for word in known["given"]:
        assert f"`given {word}`" in PAGE
    for word in known["setting"]:
        assert f"`in {word}`" in PAGE
    for kind in KINDS:
        first, *rest = kind.split()
        assert re.search(rf"`expect (not )?(nothing )?{first}\b.*{' '.join(rest)}", PAGE), kind
