"""The pages of PF5xx are true: the form and the scenario of the bad example fire the rule, those of the good one nothing."""

from __future__ import annotations

import re

import pytest
from scenario_help import HERE, read, run

from conftest import TODAY
from pimforms.catalogue import catalogue
from pimforms.compiler import check_source
from pimforms.diagnostics import Rule
from pimforms.source import Source, normalise

HEAD = """\
form snippet "Snippet"
  organisation "Relief"
  category     sectoral
  population   "People in block C"
  contact      "Desk, block C, free line 555"
purpose services "Better services"
  tell people "make services better"
"""
PAGES = [rule for rule in catalogue() if rule.code.startswith("PF5")]
NEED_AN_ENGINE = ("PF511", "PF512", "PF513")


def codes(rule: Rule, heading: str) -> set[str]:
    found = re.search(rf"## {heading}\n```pim\n(.*?)```", rule.page, re.S)
    assert found is not None, f"{rule.code} has no {heading}"
    form_text, begin, rest = found[1].partition("scenario ")
    if rule.code == "PF501":  # what is wrong is that a form holds a scenario
        form_text, begin, rest = found[1], "", ""
    form = check_source(Source("snippet.pim", normalise(HEAD + form_text)), HERE, today=TODAY)
    said = {diagnostic.code for diagnostic in form.diagnostics}
    if not begin:
        return said
    source = Source("snippet.test.pim", normalise(begin + rest))
    said |= {diagnostic.code for diagnostic in read(form, source)[1]}
    if rule.code in NEED_AN_ENGINE and not said:
        said |= {diagnostic.code for result in run(form, source) for diagnostic in result.diagnostics}
    return said


@pytest.mark.parametrize("rule", PAGES, ids=lambda rule: rule.code)
def test_the_bad_example_fires_its_rule_and_no_other(rule: Rule) -> None:
    assert codes(rule, "Bad") == {rule.code}


@pytest.mark.parametrize("rule", PAGES, ids=lambda rule: rule.code)
def test_the_good_example_fires_nothing(rule: Rule) -> None:
    assert codes(rule, "Good") == set()
