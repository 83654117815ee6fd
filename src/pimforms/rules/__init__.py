"""The eight principles as rules: one file a principle, one function a rule, in one explicit order."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date

from pimforms.diagnostics import Diagnostic, rule_of
from pimforms.model.form import Form
from pimforms.rules import consent, identifiers, inclusive, platform, protection, purpose

RULES: tuple[Callable[[Form], Iterator[Diagnostic]], ...] = (
    inclusive.official_wording_missing,
    inclusive.translation_missing,
    inclusive.language_without_consent,
    consent.asked_before_consent,
    consent.consent_fact_missing,
    consent.captured_before_consent,
    identifiers.identifier_not_declared,
    identifiers.sensitive_answer_carried_over,
    purpose.question_without_purpose,
    purpose.purpose_incomplete,
    purpose.purpose_not_told,
    purpose.category_missing,
    purpose.nothing_asked,
    purpose.purpose_unused,
    purpose.population_missing,
    purpose.indicator_source_unknown,
    protection.lowered_without_reason,
    protection.asked_because_of_a_sensitive_answer,
    platform.slow_to_convert,
)

# Rules about days: what was checked too long ago, what ends before it begins.
DATED: tuple[Callable[[Form, date], Iterator[Diagnostic]], ...] = ()

ALL: tuple[Callable[..., Iterator[Diagnostic]], ...] = (*RULES, *DATED)
WAIVABLE = frozenset(rule_of(rule).code for rule in ALL if rule_of(rule).waivable)


def check(form: Form, today: date) -> list[Diagnostic]:
    """What the rules say about a form, in the order of the rules. `today` decides what is too old."""
    found = [diagnostic for rule in RULES for diagnostic in rule(form)]
    return [*found, *(diagnostic for dated in DATED for diagnostic in dated(form, today))]
