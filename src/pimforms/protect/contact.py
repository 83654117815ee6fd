"""The small form for names and numbers, with what protects it: its own short consent, the code, a way back at the end."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from pimforms.diagnostics import Severity, rule
from pimforms.model.expression import Expression, Match, Own, String
from pimforms.model.form import Form, Item, Must, Question
from pimforms.model.identity import CONTACT, direct_identifiers, own_consents
from pimforms.model.walk import questions_in
from pimforms.protect.build import TAGS, Maker, both, choose, is_, is_not, with_condition
from pimforms.protect.consent import Screen, composed, fingerprint, identifiers, retention, spoken_facts
from pimforms.protect.gate import ADULT, AGREE, SAFE
from pimforms.protect.granular import GrantWeaver
from pimforms.protect.privacy import PrivacyWeaver
from pimforms.protect.training import TrainingGate, with_roster
from pimforms.protect.weave import WITHDRAW
from pimforms.protect.weave import split as around_consent
from pimforms.protect.wordings import DECIDES, wordings
from pimforms.protect.words import part, say, together
from pimforms.source import Place

CODE = "pim_record"
PATTERN = "P[0-9a-f]{8}"
_LAYOUT = (("who", ("who",)), ("why", ("why",)), ("sharing", ("sharing", "retention")), ("rights", ("rights",)))


@rule("PIM517", "contact-consent", Severity.ADDED, standard="PIM principle 4, Informed consent and confidentiality")
def protect_contact(form: Form) -> Form:
    """
    The contact form has a consent of its own, asked when contact is asked for.

    ## Why
    Who answers questions has not agreed to be found. Here people hear what their name and number are for, who sees them and
    how long they are kept, and may say no and lose nothing. The code from the interview is typed in after they agreed, and
    at the end they may still take it all back.

    Where nothing but names and numbers is asked, to agree is to agree to that. Where there is a picture, a position or a
    referral as well, people agree to the form, and then to each by itself (PIM406): a no to one is no to that one only.
    """
    form = with_roster(form)
    before, point, after = around_consent(form)
    place = point.place
    # Only adults are asked here.
    maker = Maker(form.facts.languages, tuple(ending for ending in wordings(form) if ending == DECIDES))
    maker.list_of("yes_no", place, yes="yes", no="no")
    consent = _screens(form, maker, place)
    own = next((i.name for i in questions_in(before) if i.tags.gives == "adult"), None)
    adult = own or ADULT
    open_ = both(place, is_(AGREE, "yes", place=place), is_not(WITHDRAW, "no", place))
    agreed = is_(AGREE, "yes", place=place)
    grants = GrantWeaver(maker, agreed)
    woven = PrivacyWeaver(form, maker, agreed).weave(TrainingGate(form).weave(after))
    asked = (_code(maker, place), *(woven if _is_about_contact_alone(form) else grants.weave(woven)))
    items = (
        *before,
        *_begin(maker, place, own),
        *_ask(form, consent, maker, place, adult),
        *(with_condition(item, open_, place) for item in asked),
        *_end(maker, place),
        *_outcome(form, (*consent, *grants.heard), maker, place, adult),
    )
    return replace(form, items=items, lists={**form.lists, **maker.lists})


def _is_about_contact_alone(form: Form) -> bool:
    """Whether all that is asked behind the consent is how to reach a person: then the agreement says it all."""
    _, _, after = around_consent(form)
    return all(own_consents(question) == (CONTACT,) for question in questions_in(after))


def _screens(form: Form, maker: Maker, place: Place) -> tuple[Screen, ...]:
    """What is read: who, what for, who sees it and for how long, rights; and the question itself, so that it is known."""
    kinds, alone = direct_identifiers(form.items), _is_about_contact_alone(form)

    def sentences(language: str) -> dict[str, str]:
        facts = spoken_facts(form, language)
        return {
            "who": say("who", language, **facts),
            "why": say(maker.key("contact_why"), language, **facts),
            "sharing": _sharing(form, kinds, language),
            "retention": retention(form, language),
            "rights": say("rights_identified", language, **facts),
            "agree": say("contact_consent" if alone else "agree", language, **facts),
        }

    return composed((*_LAYOUT, ("agree", ("agree",))), {lang: sentences(lang) for lang in form.facts.languages}, place)


def _sharing(form: Form, kinds: Sequence[str], language: str) -> str:
    """Only who receives whole answers may receive names."""
    names = [part(each.name, language) for each in form.facts.recipients if each.what == "answers"]
    if not names:
        return say("share_nobody", language)
    return say("share", language, share_what=identifiers(kinds, language), share_with=together(names, language))


def _begin(maker: Maker, place: Place, own_adult: str | None) -> list[Item]:
    """Nobody writes a name where it is not safe, and no child's."""
    rows: list[Item] = [
        maker.question(SAFE, "yes_no", maker.say("att_safe", place), place, "PIM602"),
        maker.note("pim_att_stop", maker.say("att_stop", place), place, "PIM602", is_(SAFE, "no", place=place)),
    ]
    if own_adult is None:
        safe = is_(SAFE, "yes", place=place)
        rows.append(maker.question(ADULT, "yes_no", maker.say("adult", place), place, "PIM405", safe))
    ended = is_(own_adult or ADULT, "no", place=place)
    rows.append(maker.note("pim_adult_no", maker.say("adult_no", place), place, "PIM405", ended))
    return rows


def _ask(form: Form, consent: Sequence[Screen], maker: Maker, place: Place, adult: str) -> list[Item]:
    *read, asked = consent
    begin = both(place, is_(SAFE, "yes", place=place), is_(adult, "yes", place=place))
    answers = maker.list_of("pim_agree_answers", place, yes="yes", not_now="not_now", no="no")
    inside: list[Item] = [
        *(maker.note(f"pim_say_{screen.name}", screen.text, place, "PIM402") for screen in read),
        maker.question(AGREE, answers, asked.text, place, "PIM401"),
        maker.note(
            "pim_refused",
            maker.say("contact_refused", place),
            place,
            "PIM408",
            is_(AGREE, "no", "not_now", place=place),
        ),
    ]
    return [maker.group("pim_consent", maker.say("consent_title", place), inside, place, "PIM401", begin)]


def _code(maker: Maker, place: Place) -> Question:
    must = Must(Match(Own(place), PATTERN, place), maker.say("link_message", place), place)
    return Question(
        CODE, "text", maker.say("link_enter", place), place, replace(TAGS, gives="record_code", hxl="#meta+id"),
        hint=maker.say("link_hint", place), musts=(must,), origin="PIM503",
    )  # fmt: skip


def _end(maker: Maker, place: Place) -> list[Item]:
    answers = maker.list_of("pim_withdraw_answers", place, yes="withdraw_keep", no="withdraw_delete")
    agreed = is_(AGREE, "yes", place=place)
    return [
        maker.question(WITHDRAW, answers, maker.say("withdraw_check", place), place, "PIM407", agreed),
        maker.note("pim_withdrawn", maker.say("withdrawn", place), place, "PIM407", is_(WITHDRAW, "no", place=place)),
    ]


def _outcome(form: Form, consent: Sequence[Screen], maker: Maker, place: Place, adult: str) -> list[Item]:
    cases: list[tuple[Expression, str]] = [
        (is_(SAFE, "no", place=place), "stopped_unsafe"),
        (is_(adult, "no", place=place), "not_eligible"),
        (is_(AGREE, "no", place=place), "refused"),
        (is_(AGREE, "not_now", place=place), "postponed"),
        (is_(WITHDRAW, "no", place=place), "withdrawn"),
        (is_(WITHDRAW, "yes", place=place), "complete"),
    ]
    version = String(fingerprint(consent, form.facts.languages), place)
    return [
        maker.calculation("pim_outcome", choose(cases, "", place), place, "PIM412"),
        maker.calculation("pim_consent_version", version, place, "PIM411"),
    ]
