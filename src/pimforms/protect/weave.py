"""The protected form: the author's questions with everything around them that protects the people asked.

    before consent    the closed table the interviewer enters, attestation, phone, adult or child, consent
    the questions     each under the whole gate condition; sensitive blocks behind a privacy check, with a referral card and
                      a stop after them; what identifies, shows or refers a person behind a consent of its own
    after them        reconfirmation, thanks, outcome, fingerprint

Conditions stand on the author's own top items and not on new groups around them, so that the path of an answer (its
column on a server) stays the same when a protection is added in a later version.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from pimforms.diagnostics import Severity, rule
from pimforms.model.expression import Expression, String
from pimforms.model.form import Choice, ChoiceList, ConsentPoint, Form, Item, Metadata
from pimforms.model.level import Level
from pimforms.model.text import Text
from pimforms.protect.bands import with_age_bands
from pimforms.protect.build import Maker, all_of, any_of, both, choose, is_, is_not, with_condition
from pimforms.protect.cards import CARD
from pimforms.protect.child import for_adults
from pimforms.protect.consent import Screen, fingerprint, service_card
from pimforms.protect.diversity import without_marking_answers
from pimforms.protect.gate import Gate, build_gate
from pimforms.protect.glossary import with_glossary
from pimforms.protect.granular import OWN_CONSENT, GrantWeaver
from pimforms.protect.interviewer import care_note, recording_note
from pimforms.protect.notes import without_names
from pimforms.protect.privacy import PrivacyWeaver, asks_sensitive
from pimforms.protect.stop import Stop, not_blanked, stop_rows
from pimforms.protect.training import TrainingGate, with_roster
from pimforms.protect.truth import withdrawal_words
from pimforms.protect.wordings import wordings
from pimforms.protect.words import amount, say, spoken
from pimforms.record import record
from pimforms.source import Place
from pimforms.standards.data import table

WITHDRAW = "pim_withdraw"


def protect(form: Form) -> Form:
    """The form with its protections. Pure: the form given stays as it is."""
    form = without_names(with_glossary(with_roster(form)))
    form = without_marking_answers(with_age_bands(form))
    before, point, after = split(form)
    place = point.place
    maker = Maker(form.facts.languages, wordings(form))
    gate = build_gate(form, before, maker, place)
    grants = GrantWeaver(maker, gate.agreed)
    asked = for_adults(form, TrainingGate(form).weave(after), gate.adults, place)
    woven = PrivacyWeaver(form, maker, gate.adults).weave(asked)
    granted = grants.weave(woven)
    body, stops = _gated(granted, form.level, maker, gate, place)
    whole = _Whole(form, gate, stops, maker, place)
    items = (
        *before,
        *recording_note(form, maker, place),
        *gate.items,
        *_read_as_written(whole),
        *body,
        *_reconfirm(whole),
        *_ending(whole),
        *care_note(body, maker, place, gate.agreed),
        *_outcome(whole, (*gate.consent, *grants.heard)),
    )
    lists = {**form.lists, "yes_no": _yes_no(form, maker, place), **maker.lists}
    return replace(form, items=items, lists=lists)


@record
class _Whole:
    """What the rows around the questions need to know."""

    form: Form
    gate: Gate
    stops: tuple[Stop, ...]
    maker: Maker
    place: Place

    @property
    def open(self) -> Expression:
        """The whole condition, wherever the interview stopped."""
        return gate_condition(self.gate, self.form.level, self.stops, (), self.place)

    def to_each(self, name: str, to_adult: Text, to_child: Text, rule: str, when: Expression) -> list[Item]:
        """A note as an adult hears it and, where children answer, one as a child does."""
        maker, place, child = self.maker, self.place, self.gate.child
        if child is None:
            return [maker.note(name, to_adult, place, rule, when)]
        return [
            maker.note(name, to_adult, place, rule, both(place, when, is_(self.gate.adult, "yes", place=place))),
            maker.note(f"{name}_child", to_child, place, rule, both(place, when, child)),
        ]


def split(form: Form) -> tuple[tuple[Item, ...], ConsentPoint, tuple[Item, ...]]:
    """What stands before the consent, where it stands, and what follows.

    Without a `consent` line it stands after what may come before it.
    """
    for number, item in enumerate(form.items):
        if isinstance(item, ConsentPoint):
            return form.items[:number], item, form.items[number + 1 :]
    number = 0
    while number < len(form.items) and _may_come_first(form.items[number]):
        number += 1
    place = form.items[number].place if number < len(form.items) else form.place
    return form.items[:number], ConsentPoint(place, origin="PIM401"), form.items[number:]


def _may_come_first(item: Item) -> bool:
    concept = item.tags.gives
    return isinstance(item, Metadata) or bool(concept and table("concepts")[concept].get("before"))


def _yes_no(form: Form, maker: Maker, place: Place) -> ChoiceList:
    if "yes_no" in form.lists:
        return form.lists["yes_no"]
    choices = tuple(Choice(code, maker.say(code, place), place, origin="list") for code in ("yes", "no"))
    return ChoiceList("yes_no", choices, place, origin="list")


def _gated(
    items: Sequence[Item], level: Level, maker: Maker, gate: Gate, place: Place
) -> tuple[list[Item], tuple[Stop, ...]]:
    """Everything after the consent under the whole gate condition (PIM401), with the stops between the parts."""
    stops = tuple(Stop(item.name, item.place) for item in items if asks_sensitive(item) and not item.origin)
    stops = _one_a_block(items, stops)
    by_block = {stop.block: stop for stop in stops}
    passed: list[Stop] = []
    body: list[Item] = []
    waiting: Stop | None = None
    for item in items:
        if waiting is not None and item.origin != CARD:
            body.extend(stop_rows(waiting, maker, gate.agreed))
            passed.append(waiting)
            waiting = None
        body.append(with_condition(item, gate_condition(gate, level, stops, passed, place), place))
        waiting = by_block.get(item.name, waiting)
    if waiting is not None:
        body.extend(stop_rows(waiting, maker, gate.agreed))
    return body, stops


def _one_a_block(items: Sequence[Item], stops: tuple[Stop, ...]) -> tuple[Stop, ...]:
    """Of sensitive items that follow each other, the last one has the stop: one question a block, not one an item."""
    names = {stop.block for stop in stops}
    kept: list[Stop] = []
    # A consent of its own stands inside a block, and does not end it.
    blocks = [item for item in items if item.origin != OWN_CONSENT]
    for number, item in enumerate(blocks):
        following = blocks[number + 1].name if number + 1 < len(blocks) else ""
        if item.name in names and following not in names:
            kept.append(Stop(item.name, item.place))
    return tuple(kept)


def gate_condition(gate: Gate, level: Level, stops: Sequence[Stop], passed: Sequence[Stop], place: Place) -> Expression:
    """The whole chain for what follows the stops in `passed`, of all `stops` of the form."""
    conditions: list[Expression] = [gate.agreed]
    if level > Level.LOW:
        conditions.append(is_not(WITHDRAW, "no", place))
    conditions.extend(not_blanked(stops, place))
    conditions.extend(is_not(stop.stop, "distress", place) for stop in passed)
    return both(place, *conditions)


def _read_as_written(whole: _Whole) -> list[Item]:
    """What the interviewer really said. Kept as data, never punished."""
    maker, place = whole.maker, whole.place
    if whole.form.level is Level.LOW:
        return []
    answers = maker.list_of(
        "pim_read_answers", place, yes="att_read_yes", short="att_read_short", changed="att_read_changed"
    )
    return [maker.question("pim_att_read", answers, maker.say("att_read", place), place, "PIM602", whole.open)]


@rule("PIM407", "reconfirmation", Severity.ADDED, standard="PIM principle 4, Informed consent and confidentiality")
def _reconfirm(whole: _Whole) -> list[Item]:
    """
    From MODERATE on, the person is asked at the end whether the answers may be kept. A no blanks them all.

    ## Why
    Only at the end does a person know what they were asked. The answers leave the form before it is sent; what remains is
    the table before the consent, the answers of the gate itself, the outcome and the version of the consent.
    """
    maker, place, stops = whole.maker, whole.place, whole.stops
    if whole.form.level is Level.LOW:
        return []
    answers = maker.list_of("pim_withdraw_answers", place, yes="withdraw_keep", no="withdraw_delete")
    # It stands on the agreement, and no stop but "unsafe" hides it, which blanks by itself: a "no" once said holds,
    # whatever is changed before it. Where somebody was upset, keeping was asked there, and this may be left blank.
    unsafe = [is_not(stop.stop, "unsafe", place) for stop in stops]
    when = both(place, whole.gate.agreed, *unsafe)
    calm = all_of([is_not(stop.stop, "distress", place) for stop in stops], place)
    gone = any_of([is_(WITHDRAW, "no", place=place), *(is_(stop.keep, "delete", place=place) for stop in stops)], place)
    asks, then, to_child = withdrawal_words(whole.form, maker, place)
    return [
        maker.question(WITHDRAW, answers, asks, place, "PIM407", when, required_when=calm),
        *whole.to_each("pim_withdrawn", then, to_child, "PIM407", gone),
    ]


def _ending(whole: _Whole) -> list[Item]:
    """Thanks, how the results come back, and where help is, for everyone whose answers are kept."""
    maker, place, form = whole.maker, whole.place, whole.form

    def thanks(ending: str) -> Text:
        def says(lang: str) -> str:
            return "\n".join(
                (
                    say(f"thanks{ending}", lang),
                    say(f"service_card{ending}", lang, service_card=service_card(form, lang)),
                )
            )

        return spoken(maker.languages, place, says)

    back = [maker.note("pim_feedback", _feedback(form, place), place, "PIM408", whole.open)]
    ending = whole.to_each("pim_thanks", thanks(""), thanks("_child"), "PIM408", whole.open)
    return [*(back if form.facts.feedback else []), *ending]


def _feedback(form: Form, place: Place) -> Text:
    facts = form.facts

    def says(language: str) -> str:
        how = facts.feedback.get(language) if facts.feedback else ""
        if facts.feedback_days is None:
            return say("feedback_plain", language, feedback=how)
        return say("feedback", language, feedback=how, duration=amount(facts.feedback_days, "days", language))

    return spoken(facts.languages, place, says)


@rule("PIM412", "outcome", Severity.ADDED, standard="PIM principle 4, Informed consent and confidentiality")
def _outcome(whole: _Whole, heard: Sequence[Screen]) -> list[Item]:
    """
    Every record says how the interview ended, and which consent was read.

    ## Why
    Refusals and stopped interviews are part of the picture, and they can be counted without keeping anything about the
    person. The outcome reads the answers of the gate only, never an answer behind it.
    """
    maker, place, stops, form = whole.maker, whole.place, whole.stops, whole.form
    cases: list[tuple[Expression, str]] = list(whole.gate.ends)
    cases.extend((is_(stop.stop, "unsafe", place=place), "stopped_unsafe") for stop in stops)
    cases.extend((is_(stop.keep, "delete", place=place), "stopped_distress") for stop in stops)
    if form.level > Level.LOW:
        cases.append((is_(WITHDRAW, "no", place=place), "withdrawn"))
    cases.extend((is_(stop.stop, "distress", place=place), "partial") for stop in stops)
    # An interview that was not asked at its end whether the answers may be kept is not complete.
    ended = is_(WITHDRAW, "yes", place=place) if form.level > Level.LOW else whole.gate.agreed
    cases.append((ended, "complete"))
    version = String(fingerprint(heard, form.facts.languages), place)
    return [
        maker.calculation("pim_outcome", choose(cases, "", place), place, "PIM412"),
        maker.calculation("pim_consent_version", version, place, "PIM411"),
    ]
