"""The protected form: the author's questions with everything around them that protects the people asked.

    before consent    the closed table the interviewer enters, attestation, adult, consent
    the questions     each under the whole gate condition; sensitive blocks behind a privacy check, with a stop after them
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
from pimforms.protect.build import Maker, all_of, any_of, choose, is_, is_not
from pimforms.protect.consent import fingerprint, service_card
from pimforms.protect.gate import AGREE, CHECK_AGAIN, SAFE, Gate, build_gate
from pimforms.protect.privacy import PrivacyWeaver, asks_sensitive, with_condition
from pimforms.protect.stop import Stop, not_blanked, stop_rows
from pimforms.protect.words import say, spoken
from pimforms.source import Place
from pimforms.standards.data import table

WITHDRAW = "pim_withdraw"


def protect(form: Form) -> Form:
    """The form with its protections. Pure: the form given stays as it is."""
    before, point, after = split(form)
    place = point.place
    maker = Maker(form.facts.languages)
    gate = build_gate(form, before, maker, place)
    woven = PrivacyWeaver(form, maker).weave(after)
    body, stops = _gated(woven, form.level, maker, place)
    items = (
        *before,
        *gate.items,
        *_read_as_written(form, maker, place, stops),
        *body,
        *_reconfirm(form, stops, maker, place),
        *_ending(form, stops, maker, place),
        *_outcome(form, gate, stops, maker, place),
    )
    lists = {**form.lists, "yes_no": _yes_no(form, maker, place), **maker.lists}
    return replace(form, items=items, lists=lists)


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
    tags = getattr(item, "tags", None)
    concept = tags.gives if tags else None
    return isinstance(item, Metadata) or bool(concept and table("concepts")[concept].get("before"))


def _yes_no(form: Form, maker: Maker, place: Place) -> ChoiceList:
    if "yes_no" in form.lists:
        return form.lists["yes_no"]
    choices = tuple(Choice(code, maker.say(code, place), place, origin="list") for code in ("yes", "no"))
    return ChoiceList("yes_no", choices, place, origin="list")


def _gated(items: Sequence[Item], level: Level, maker: Maker, place: Place) -> tuple[list[Item], tuple[Stop, ...]]:
    """Everything after the consent under the whole gate condition (PIM401), with the stops between the parts."""
    stops = tuple(
        Stop(item.name, item.place) for item in items if asks_sensitive(item) and not getattr(item, "origin", None)
    )
    stops = _one_a_block(items, stops)
    by_block = {stop.block: stop for stop in stops}
    passed: list[Stop] = []
    body: list[Item] = []
    for item in items:
        body.append(with_condition(item, gate_condition(level, stops, passed, place), place))
        stop = by_block.get(item.name)
        if stop is not None:
            body.extend(stop_rows(stop, maker))
            passed.append(stop)
    return body, stops


def _one_a_block(items: Sequence[Item], stops: tuple[Stop, ...]) -> tuple[Stop, ...]:
    """Of sensitive items that follow each other, the last one has the stop: one question a block, not one an item."""
    names = {stop.block for stop in stops}
    kept: list[Stop] = []
    for number, item in enumerate(items):
        following = items[number + 1].name if number + 1 < len(items) else ""
        if item.name in names and following not in names:
            kept.append(Stop(item.name, item.place))
    return tuple(kept)


def gate_condition(level: Level, stops: Sequence[Stop], passed: Sequence[Stop], place: Place) -> Expression:
    """The whole chain for what follows the stops in `passed`, of all `stops` of the form."""
    conditions: list[Expression] = [is_(AGREE, "yes", place=place)]
    if level > Level.LOW:
        conditions.append(is_not(WITHDRAW, "no", place))
    conditions.extend(not_blanked(stops, place))
    conditions.extend(is_not(stop.stop, "distress", place) for stop in passed)
    whole = all_of(conditions, place)
    assert whole is not None
    return whole


def _read_as_written(form: Form, maker: Maker, place: Place, stops: Sequence[Stop]) -> list[Item]:
    """What the interviewer really said. Kept as data, never punished."""
    if form.level is Level.LOW:
        return []
    answers = maker.list_of(
        "pim_read_answers", place, yes="att_read_yes", short="att_read_short", changed="att_read_changed"
    )
    when = gate_condition(form.level, stops, (), place)
    return [maker.question("pim_att_read", answers, maker.say("att_read", place), place, "PIM602", when)]


@rule("PIM407", "reconfirmation", Severity.ADDED, standard="PIM principle 4, Informed consent and confidentiality")
def _reconfirm(form: Form, stops: Sequence[Stop], maker: Maker, place: Place) -> list[Item]:
    """
    From MODERATE on, the person is asked at the end whether the answers may be kept. A no blanks them all.

    ## Why
    Only at the end does a person know what they were asked. The answers leave the form before it is sent; what remains is
    the table before the consent, the answers of the gate itself, the outcome and the version of the consent.
    """
    if form.level is Level.LOW:
        return []
    answers = maker.list_of("pim_withdraw_answers", place, yes="withdraw_keep", no="withdraw_delete")
    # It stands on the agreement, and no stop but "unsafe" hides it, which blanks by itself: a "no" once said holds,
    # whatever is changed before it. Where somebody was upset, keeping was asked there, and this may be left blank.
    unsafe = [is_not(stop.stop, "unsafe", place) for stop in stops]
    when = all_of([is_(AGREE, "yes", place=place), *unsafe], place)
    calm = all_of([is_not(stop.stop, "distress", place) for stop in stops], place)
    gone = any_of([is_(WITHDRAW, "no", place=place), *(is_(stop.keep, "delete", place=place) for stop in stops)], place)
    return [
        maker.question(
            WITHDRAW, answers, maker.say("withdraw_check", place), place, "PIM407", when, required_when=calm
        ),
        maker.note("pim_withdrawn", maker.say("withdrawn", place), place, "PIM407", gone),
    ]


def _ending(form: Form, stops: Sequence[Stop], maker: Maker, place: Place) -> list[Item]:
    """Thanks, and where help is, for everyone whose answers are kept."""
    when = gate_condition(form.level, stops, (), place)
    card = spoken(
        maker.languages,
        place,
        lambda lang: "\n".join((say("thanks", lang), say("service_card", lang, service_card=service_card(form, lang)))),
    )
    return [maker.note("pim_thanks", card, place, "PIM408", when)]


@rule("PIM412", "outcome", Severity.ADDED, standard="PIM principle 4, Informed consent and confidentiality")
def _outcome(form: Form, gate: Gate, stops: Sequence[Stop], maker: Maker, place: Place) -> list[Item]:
    """
    Every record says how the interview ended, and which consent was read.

    ## Why
    Refusals and stopped interviews are part of the picture, and they can be counted without keeping anything about the
    person. The outcome reads the answers of the gate only, never an answer behind it.
    """
    cases: list[tuple[Expression, str]] = [(is_(SAFE, "no", place=place), "stopped_unsafe")]
    cases.extend((is_(name, "no", place=place), "not_eligible") for name in gate.attested if name != SAFE)
    cases.append((is_(gate.adult, "no", place=place), "not_eligible"))
    if gate.checked:
        cases.append((is_(CHECK_AGAIN, "lose", "gain", "unsure", place=place), "not_understood"))
    cases.append((is_(AGREE, "no", place=place), "refused"))
    cases.append((is_(AGREE, "not_now", place=place), "postponed"))
    cases.extend((is_(stop.stop, "unsafe", place=place), "stopped_unsafe") for stop in stops)
    cases.extend((is_(stop.keep, "delete", place=place), "stopped_distress") for stop in stops)
    if form.level > Level.LOW:
        cases.append((is_(WITHDRAW, "no", place=place), "withdrawn"))
    cases.extend((is_(stop.stop, "distress", place=place), "partial") for stop in stops)
    # An interview that was not asked at its end whether the answers may be kept is not complete.
    ended = is_(WITHDRAW, "yes", place=place) if form.level > Level.LOW else is_(AGREE, "yes", place=place)
    cases.append((ended, "complete"))
    version = String(fingerprint(gate.consent, form.facts.languages), place)
    return [
        maker.calculation("pim_outcome", choose(cases, "", place), place, "PIM412"),
        maker.calculation("pim_consent_version", version, place, "PIM411"),
    ]
