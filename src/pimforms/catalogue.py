"""Every code there is, with its page: what `pimforms rules` prints and docs/rules.md is made from."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from pimforms.diagnostics import Rule, rule_of


def catalogue() -> tuple[Rule, ...]:
    """All codes, in order. Imports the rooms that hold them, so it is not for the way of `check`."""
    from pimforms import publish, rules
    from pimforms.compare import rename_messages
    from pimforms.engines import scenario_messages as run
    from pimforms.expressions import messages as expressions
    from pimforms.protect import (
        bands,
        cards,
        child,
        consent,
        contact,
        diversity,
        gate,
        granular,
        interviewer,
        notes,
        phone,
        privacy,
        split,
        stop,
        training,
        truth,
        weave,
    )
    from pimforms.resolve import messages as names
    from pimforms.resolve import messages_quiet as quiet
    from pimforms.resolve import messages_scenarios as scenarios
    from pimforms.rules import left_out, modes, proved, sending
    from pimforms.syntax import messages as syntax
    from pimforms.xlsform import choices, targets
    from pimforms.xlsform import gate_messages as last_gate

    woven = (
        bands.with_age_bands,
        diversity.without_marking_answers,
        consent.screens,
        consent.fingerprint,
        consent.discreet,
        gate._attestation,
        gate._adult,
        gate._check,
        gate._not_now,
        phone.by_phone,
        child.child_path,
        granular.GrantWeaver.weave,
        cards.card_rows,
        truth.withdrawal_words,
        privacy.PrivacyWeaver._block,
        stop.stop_rows,
        choices.offers_refusal,
        notes.without_names,
        weave._reconfirm,
        weave._outcome,
        split.split_contact,
        contact.protect_contact,
        interviewer.care_note,
        training.TrainingGate.weave,
    )
    functions: tuple[Callable[..., Any], ...] = (
        *syntax.MESSAGES,
        *names.MESSAGES,
        *quiet.MESSAGES,
        *expressions.MESSAGES,
        *scenarios.MESSAGES,
        *run.MESSAGES,
        *rename_messages.MESSAGES,
        *last_gate.MESSAGES,
        *targets.MESSAGES,
        *sending.MESSAGES,
        *publish.MESSAGES,
        *rules.ALL,
        *rules.SERVED,
        modes.waiver_not_valid,
        proved.reachable_without_consent,
        left_out.way_out_closed_to_some,
        *woven,
    )
    return tuple(sorted((rule_of(function) for function in functions), key=lambda rule: (_kind(rule.code), rule.code)))


def _kind(code: str) -> int:
    """Syntax and the like first, then the principles."""
    return 0 if code.startswith("PF") else 1
