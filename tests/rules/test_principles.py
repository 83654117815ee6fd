"""The table of the 83 checks: complete, and every code that it names exists."""

from __future__ import annotations

import re

from pimforms.catalogue import catalogue
from pimforms.standards.data import data_path, read_toml

CHECKS = read_toml(data_path("docs", "principles.toml"))["check"]
IN_EACH_PRINCIPLE = (10, 12, 9, 11, 12, 9, 10, 10)


def test_all_83_are_there_in_order() -> None:
    expected = [f"P{p}-{n:02}" for p, most in enumerate(IN_EACH_PRINCIPLE, 1) for n in range(1, most + 1)]
    assert [check["id"] for check in CHECKS] == expected
    assert len(expected) == 83


def test_every_code_exists() -> None:
    known = {rule.code for rule in catalogue()}
    assert [(check["id"], code) for check in CHECKS for code in check["codes"] if code not in known] == []


def test_what_a_compiler_can_do_is_done_or_says_why_it_waits() -> None:
    assert [check["id"] for check in CHECKS if not check["codes"] and "waits" not in check] == []


def test_every_rule_of_a_principle_is_in_the_table() -> None:
    named = {code for check in CHECKS for code in check["codes"]}
    assert [rule.code for rule in catalogue() if re.match("PIM", rule.code) and rule.code not in named] == []
