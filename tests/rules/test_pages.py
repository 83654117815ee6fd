"""Every page of a rule is true: its bad example fires it and nothing else, its good example fires nothing."""

from __future__ import annotations

import re

import pytest

from conftest import ROOT, TODAY
from heads import HEAD
from pimforms.catalogue import catalogue
from pimforms.compiler import check_source
from pimforms.diagnostics import Rule
from pimforms.docs import PAGES
from pimforms.source import Source, normalise

RULES = catalogue()


def snippet(rule: Rule, heading: str) -> str | None:
    found = re.search(rf"## {heading}\n```pim\n(.*?)```", rule.page, re.S)
    return found[1] if found else None


def codes(text: str) -> list[str]:
    whole = text if re.search(r"^\s*form\b", text, re.M) else HEAD + text
    checked = check_source(Source("snippet.pim", normalise(whole)), ROOT / "examples" / "tour", today=TODAY)
    return [diagnostic.code for diagnostic in checked.diagnostics]


# What pyxform and ODK Validate say is shown in tests of the last gate, what is said of scenarios in tests of those.
ELSEWHERE = ("PF9", "PF5")
WITH_SNIPPETS = [rule for rule in RULES if snippet(rule, "Bad") and not rule.code.startswith(ELSEWHERE)]


@pytest.mark.parametrize("rule", WITH_SNIPPETS, ids=lambda rule: rule.code)
def test_the_bad_example_fires_its_rule_and_no_other(rule: Rule) -> None:
    text = snippet(rule, "Bad")
    assert text is not None
    if rule.code == "PIM120":
        pytest.importorskip("z3")  # without the solver nothing is proved
    assert set(codes(text)) == {rule.code}


@pytest.mark.parametrize("rule", WITH_SNIPPETS, ids=lambda rule: rule.code)
def test_the_good_example_fires_nothing(rule: Rule) -> None:
    text = snippet(rule, "Good")
    assert text is not None
    assert codes(text) == []


# Pages without an example: what the compiler adds by itself, what other programs say, and what needs a broken file.
WITHOUT_SNIPPETS = {
    "PF138", "PF230", "PF303", "PF401", "PF601", "PF602", "PF603", "PF901", "PF902", "PF903", "PF904",
    "PIM116", "PIM117", "PIM121", "PIM207", "PIM208", "PIM212", "PIM215", "PIM216",
    "PIM217", "PIM402", "PIM404", "PIM405", "PIM406", "PIM407", "PIM408", "PIM411", "PIM412", "PIM413", "PIM414", "PIM415", "PIM419", "PIM503",
    "PIM517", "PIM602", "PIM609", "PIM611",
    # What is asked before a form is sent: tests/servers/test_before_sending.py.
    "PF402", "PF403", "PF404", "PF406", "PF407", "PF408", "PF409", "PF410",
    # What a push would do to what is there: tests/servers/test_push_command.py.
    "PF411", "PF412",
    # What a server has is no text of a form: tests/servers/test_demands.py shows each of these firing.
    "PIM422", "PIM507", "PIM509", "PIM523", "PIM520", "PIM521", "PIM522", "PIM524", "PIM607", "PIM613", "PIM811",
}  # fmt: skip


def test_every_page_that_can_have_an_example_has_one() -> None:
    without = {rule.code for rule in RULES if not rule.code.startswith("PF5")} - {rule.code for rule in WITH_SNIPPETS}
    assert without <= WITHOUT_SNIPPETS


def test_every_page_says_why() -> None:
    assert [rule.code for rule in RULES if "## Why" not in rule.page] == []


def test_a_code_is_used_once() -> None:
    all_codes = [rule.code for rule in RULES]
    assert sorted(set(all_codes)) == sorted(all_codes)


@pytest.mark.parametrize("name", PAGES)
def test_the_reference_is_not_stale(name: str) -> None:
    written = (ROOT / "docs" / name).read_text(encoding="utf-8")
    assert written == PAGES[name](), "run: python -m pimforms.docs"
