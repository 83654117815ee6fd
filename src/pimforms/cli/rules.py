"""`pimforms rules`: the page of a rule, or a line for each."""

from __future__ import annotations

import argparse

from pimforms.cli.console import complain
from pimforms.diagnostics import Rule


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("code", nargs="?", metavar="CODE", help="a code like PIM301; without it, all rules")


def run(options: argparse.Namespace) -> int:
    from pimforms.catalogue import catalogue

    rules = catalogue()
    if options.code is None:
        for rule in rules:
            print(f"{rule.code}  {_kind(rule):<18}  {rule.name}")
        return 0
    code = options.code.strip("[]").upper()
    found = next((rule for rule in rules if code in (rule.code, rule.name.upper())), None)
    if found is None:
        complain(f"there is no rule `{options.code}`", "see them all with: pimforms rules")
        return 2
    print(page(found))
    return 0


def page(rule: Rule) -> str:
    """A rule's page, with its code, its kind and what it rests on."""
    rests = f"\nRests on: {rule.standard}." if rule.standard else ""
    return f"# {rule.code} {rule.name}\n\n{_kind(rule)}{rests}\n\n{rule.page}"


def _kind(rule: Rule) -> str:
    return rule.severity.value + (", waivable" if rule.waivable else "")
