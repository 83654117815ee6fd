"""The eight principles as rules: one file a principle, one function a rule, in one explicit order."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

from pimforms.diagnostics import Diagnostic, rule_of
from pimforms.model.form import Form
from pimforms.rules import (
    analysis,
    asking,
    category,
    children,
    competency,
    consent,
    consent_truth,
    coordination,
    disaggregation,
    functioning,
    gbv,
    hard_words,
    harm,
    identifiers,
    impartial,
    inclusive,
    left_out,
    participation,
    places,
    platform,
    proportion,
    protection,
    purpose,
    readable,
    reasons,
    recipients,
    recorded,
    referrals,
    reidentification,
    reuse,
    safety,
    sampling,
    scales,
    server,
    spoken,
    wording,
)
from pimforms.rules.consequences import without_consequences

RULES: tuple[Callable[[Form], Iterator[Diagnostic]], ...] = (
    disaggregation.sex_and_age_not_recorded,
    disaggregation.age_band_across_eighteen,
    inclusive.official_wording_missing,
    inclusive.translation_missing,
    inclusive.language_without_consent,
    participation.nobody_consulted,
    disaggregation.sex_question_corners,
    readable.hard_to_read,
    participation.results_do_not_come_back,
    participation.views_of_heads_only,
    functioning.functioning_set_changed,
    functioning.functioning_set_shortened,
    inclusive.language_not_spoken,
    left_out.group_never_asked,
    consent.asked_before_consent,
    consent.consent_fact_missing,
    spoken.fact_not_filled_in,
    spoken.said_aloud_too_early,
    consent_truth.consent_not_free,
    consent_truth.promise_not_kept,
    children.child_asked_severe,
    children.children_cannot_be_asked,
    harm.protection_not_there,
    consent.captured_before_consent,
    gbv.gbv_experience_asked,
    asking.sensitive_first_or_last,
    asking.forbidden_here,
    asking.third_person_named,
    identifiers.identifier_not_declared,
    identifiers.sensitive_answer_carried_over,
    identifiers.answer_copied,
    purpose.question_without_purpose,
    purpose.purpose_incomplete,
    purpose.purpose_not_told,
    hard_words.purpose_hard_to_understand,
    category.category_missing,
    purpose.nothing_asked,
    purpose.purpose_unused,
    purpose.population_missing,
    analysis.indicator_source_unknown,
    analysis.breakdown_not_recorded,
    analysis.questions_without_indicator,
    proportion.heavy_without_a_day,
    reasons.identifier_without_reason,
    category.outside_its_category,
    proportion.interview_too_long,
    proportion.reuse_without_legal_basis,
    protection.lowered_without_reason,
    protection.whom_it_is_about,
    protection.asked_because_of_a_sensitive_answer,
    reidentification.people_could_be_told_apart,
    wording.question_wording,
    scales.scale_out_of_balance,
    scales.bands_overlap,
    impartial.taken_for_granted,
    sampling.claims_more_than_its_sample,
    impartial.asked_by_who_somebody_is,
    wording.word_takes_a_side,
    sampling.interview_not_described,
    scales.none_beside_others,
    scales.no_answer_fits,
    scales.bands_leave_a_gap,
    recorded.sound_recorded,
    recorded.answers_in_the_audit,
    safety.not_encrypted,
    safety.encrypted_for_nobody,
    safety.reads_the_contact_form,
    safety.kept_too_long,
    recorded.identifies_the_phone,
    recorded.exact_place,
    competency.nobody_is_trained,
    competency.no_trained_codes,
    hard_words.hard_word,
    competency.two_owners,
    coordination.hashtag_unknown,
    places.place_as_free_text,
    reuse.asked_in_the_library,
    recipients.shared_too_widely,
    coordination.indicator_code_twice,
    platform.slow_to_convert,
)

# Rules about days: what was checked too long ago, what ends before it begins.
DATED: tuple[Callable[[Form, date], Iterator[Diagnostic]], ...] = (
    harm.risk_not_assessed,
    referrals.no_service_to_refer_to,
    reasons.identifier_needed_no_longer,
    competency.training_has_run_out,
    competency.too_few_interviewers,
    coordination.nothing_searched,
    coordination.others_ask_too,
)

ALL: tuple[Callable[..., Iterator[Diagnostic]], ...] = (*RULES, *DATED)
# What is asked of a server, when a form is sent: a form may waive some of it beforehand.
SERVED: tuple[Callable[..., Iterator[server.Verdict]], ...] = server.CHECKS
_HOMES: tuple[Callable[..., Any], ...] = (*ALL, *SERVED)
WAIVABLE = frozenset(rule_of(home).code for home in _HOMES if rule_of(home).waivable)
SIGNED = frozenset({gbv.CODE})
"""What no waiver silences, and where `waive` is one of the things that the rule itself asks for."""


def check(form: Form, today: date) -> list[Diagnostic]:
    """What the rules say about a form, in the order of the rules. `today` decides what is too old."""
    found = [diagnostic for rule in RULES for diagnostic in rule(form)]
    found.extend(diagnostic for dated in DATED for diagnostic in dated(form, today))
    return without_consequences(form, found)
