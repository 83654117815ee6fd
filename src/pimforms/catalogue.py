"""Every code there is, with its page: what `pimforms rules` prints and docs/rules.md is made from."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from pimforms.diagnostics import Rule, rule_of


def catalogue() -> tuple[Rule, ...]:
    """All codes, in order. Imports the rooms that hold them, so it is not for the way of `check`."""
    from pimforms import rules
    from pimforms.engines import scenario_messages as run
    from pimforms.expressions import messages as expressions
    from pimforms.protect import consent, gate, privacy, stop, weave
    from pimforms.resolve import messages as names
    from pimforms.resolve import messages_quiet as quiet
    from pimforms.resolve import messages_scenarios as scenarios
    from pimforms.rules import modes
    from pimforms.syntax import messages as syntax
    from pimforms.xlsform import gate_messages as last_gate

    woven = (
        consent.screens,
        consent.fingerprint,
        gate._attestation,
        gate._adult,
        gate._check,
        gate._not_now,
        privacy.PrivacyWeaver._block,
        stop.stop_rows,
        weave._reconfirm,
        weave._outcome,
    )
    functions: tuple[Callable[..., Any], ...] = (
        *syntax.MESSAGES,
        *names.MESSAGES,
        *quiet.MESSAGES,
        *expressions.MESSAGES,
        *scenarios.MESSAGES,
        *run.MESSAGES,
        *last_gate.MESSAGES,
        *rules.ALL,
        modes.waiver_not_valid,
        *woven,
    )
    return tuple(sorted((rule_of(function) for function in functions), key=lambda rule: (_kind(rule.code), rule.code)))


def _kind(code: str) -> int:
    """Syntax and the like first, then the principles."""
    return 0 if code.startswith("PF") else 1
