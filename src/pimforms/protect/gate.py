"""Before the questions: is it safe, who is asked, what the consent says, was it understood, do they agree."""

from __future__ import annotations

from collections.abc import Sequence

from pimforms.diagnostics import Severity, rule
from pimforms.model.expression import Expression, Logic
from pimforms.model.form import Form, Item
from pimforms.model.level import Level
from pimforms.model.walk import questions_in
from pimforms.protect.build import Ends, Maker, Part, all_of, any_of, both, is_
from pimforms.protect.child import child_path
from pimforms.protect.consent import Screen, screens, service_card
from pimforms.protect.phone import by_phone
from pimforms.protect.words import say, spoken
from pimforms.record import record
from pimforms.source import Place

AGREE, ADULT, SAFE = "pim_agree", "pim_adult", "pim_att_safe"
CHECK, CHECK_AGAIN = "pim_check", "pim_check_again"
_RIGHT = "nothing"


@record
class Gate:
    """What stands before the questions.

    `agreed`: somebody who may agree did, for whatever is asked. `adults`: an adult did, for what is not fit for children.
    `ends` says how an interview ends that does not get through, `consent` all that is read.
    """

    items: tuple[Item, ...]
    agreed: Expression
    adults: Expression
    ends: Ends
    consent: tuple[Screen, ...]
    adult: str
    """The name of the question whether it is an adult."""
    child: Expression | None = None
    """That it is a child, and both agreed; None where children are not asked."""


def build_gate(form: Form, before: Sequence[Item], maker: Maker, place: Place) -> Gate:
    full = form.level > Level.LOW
    attested = _attestation(form, maker, place, full=full)
    phone = by_phone(form, maker, place, all_of(attested.opens, place))
    ready = (*attested.opens, *phone.opens)
    adult, asked = _adult(form, before, maker, place, ready)
    is_adult = is_(adult, "yes", place=place)
    child = child_path(form, maker, place, adult, ready)
    consent = screens(form)
    inside = [
        *_screens(consent, maker, place),
        *(_check(maker, place) if full else ()),
        _agree(maker, place, checked=full),
        *_not_now(form, maker, place, checked=full),
    ]
    group = maker.group(
        "pim_consent", maker.say("consent_title", place), inside, place, "PIM401", both(place, *ready, is_adult)
    )
    agrees = is_(AGREE, "yes", place=place)
    ends = [*attested.ends, *phone.ends, *(child.ends if child else asked.ends), *_ends(place, checked=full)]
    items = (*attested.items, *phone.items, *asked.items, *(child.items if child else ()), group)
    if child is None:
        return Gate(items, agrees, agrees, tuple(ends), consent, adult)
    adults = both(place, is_adult, agrees)
    heard = (*consent, *child.consent)
    return Gate(items, any_of((adults, child.agreed), place), adults, tuple(ends), heard, adult, child.agreed)


@rule("PIM602", "attestation", Severity.ADDED, standard="PIM principle 6, Competency and capacity")
def _attestation(form: Form, maker: Maker, place: Place, *, full: bool) -> Part:
    """
    Before anything is asked, the interviewer says that it is safe to begin.

    ## Why
    An interview that begins in the wrong place cannot be made safe later. From MODERATE on the interviewer also confirms
    the training on this form and the code of conduct; from HIGH on, the training to ask personal questions. A "no" ends
    the interview before the person is asked anything.
    """
    wanted = ["att_trained", "att_code"] if full else []
    if form.level >= Level.HIGH:
        wanted.append("att_sensitive")
    wanted.append("att_safe")
    names = tuple(f"pim_{key}" for key in wanted)
    items: list[Item] = [
        maker.question(name, "yes_no", maker.say(key, place), place, "PIM602")
        for name, key in zip(names, wanted, strict=True)
    ]
    refused = any_of([is_(name, "no", place=place) for name in names], place)
    items.append(maker.note("pim_att_stop", maker.say("att_stop", place), place, "PIM602", refused))
    ends = [(is_(SAFE, "no", place=place), "stopped_unsafe")]
    ends.extend((is_(name, "no", place=place), "not_eligible") for name in names if name != SAFE)
    return Part(tuple(items), tuple(is_(name, "yes", place=place) for name in names), tuple(ends))


@rule("PIM405", "adults-only", Severity.ADDED, standard="PIM principle 4, Informed consent and confidentiality")
def _adult(
    form: Form, before: Sequence[Item], maker: Maker, place: Place, ready: Sequence[Expression]
) -> tuple[str, Part]:
    """
    A child is not interviewed with a form for adults.

    ## Why
    A child cannot give this consent, and a caregiver was not asked. The interviewer says whether the person is 18 or
    older; if not, the interview ends there, unless the form has `children` (PIM415). An own question that `gives adult`
    takes the place of this one.
    """
    own = next((i.name for i in questions_in(before) if i.tags.gives == "adult"), None)
    adult = own or ADULT
    items: list[Item] = []
    if own is None:
        items.append(maker.question(ADULT, "yes_no", maker.say("adult", place), place, "PIM405", all_of(ready, place)))
    ended = is_(adult, "no", place=place)
    if form.facts.children is None:
        items.append(maker.note("pim_adult_no", maker.say("adult_no", place), place, "PIM405", ended))
    return adult, Part(tuple(items), (), ((ended, "not_eligible"),))


def _screens(consent: Sequence[Screen], maker: Maker, place: Place) -> list[Item]:
    return [maker.note(f"pim_say_{screen.name}", screen.text, place, "PIM402") for screen in consent]


@rule("PIM404", "comprehension-check", Severity.ADDED, standard="PIM principle 4, Informed consent and confidentiality")
def _check(maker: Maker, place: Place) -> list[Item]:
    """
    From MODERATE on, one question checks that the consent was understood.

    ## Why
    People often say yes without having understood that they may say no. The person is asked what happens to their aid if
    they refuse. If the answer is not right, two sentences are read again; if it is still not right, the interview ends
    kindly. Where the answers decide who is helped, the question is what happens if they refuse, and nothing is promised.
    """
    answers = maker.list_of(
        "pim_check_answers", place, nothing="check_nothing", lose="check_lose", gain="check_gain", unsure="check_unsure"
    )
    wrong = is_(CHECK, "lose", "gain", "unsure", place=place)
    still_wrong = is_(CHECK_AGAIN, "lose", "gain", "unsure", place=place)
    again = spoken(
        maker.languages,
        place,
        lambda lang: "\n".join(say(maker.key(key), lang) for key in ("reread", "voluntary", "no_effect")),
    )
    return [
        maker.question(CHECK, answers, maker.say("check", place), place, "PIM404"),
        maker.note("pim_reread", again, place, "PIM404", wrong),
        maker.question(CHECK_AGAIN, answers, maker.say("check", place), place, "PIM404", wrong),
        maker.note("pim_not_understood", maker.say("not_understood", place), place, "PIM404", still_wrong),
    ]


def understood(place: Place) -> Expression:
    return Logic("or", (is_(CHECK, _RIGHT, place=place), is_(CHECK_AGAIN, _RIGHT, place=place)), place)


def _agree(maker: Maker, place: Place, *, checked: bool) -> Item:
    answers = maker.list_of("pim_agree_answers", place, yes="yes", not_now="not_now", no="no")
    when = understood(place) if checked else None
    return maker.question(AGREE, answers, maker.say("agree", place), place, "PIM401", when)


@rule("PIM408", "refusal-path", Severity.ADDED, standard="PIM principle 4, Informed consent and confidentiality")
def _not_now(form: Form, maker: Maker, place: Place, *, checked: bool) -> list[Item]:
    """
    Who says no is thanked, told where help is, and asked nothing more.

    ## Why
    Refusing must cost nothing. Where the answers decide who is helped it may cost something, and nothing else is said. No reason is asked, and nothing about the person is kept but the outcome.
    """
    refused = spoken(
        maker.languages, place, lambda lang: say(maker.key("refused"), lang, service_card=service_card(form, lang))
    )
    return [
        maker.note("pim_refused", refused, place, "PIM408", is_(AGREE, "no", place=place)),
        maker.note("pim_postponed", maker.say("postponed", place), place, "PIM408", is_(AGREE, "not_now", place=place)),
    ]


def _ends(place: Place, *, checked: bool) -> Ends:
    """How the interview ends at the consent of an adult."""
    misunderstood = [(is_(CHECK_AGAIN, "lose", "gain", "unsure", place=place), "not_understood")] if checked else []
    return (
        *misunderstood,
        (is_(AGREE, "no", place=place), "refused"),
        (is_(AGREE, "not_now", place=place), "postponed"),
    )
