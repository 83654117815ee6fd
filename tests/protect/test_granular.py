"""What identifies, shows or refers a person has a consent of its own, right before it, and never in something closed."""

from __future__ import annotations

import pytest

from forms import HEAD, check
from pimforms.expressions.parts import names as names_in
from pimforms.expressions.parts import parts
from pimforms.model.form import Form, Group, Question, Repeat
from pimforms.model.walk import index, stops
from pimforms.proofs.gate import open_without_consent
from pimforms.protect.weave import protect
from pimforms.xlsform.emit import emit

NAME = 'ask nm text "What is your name?"\n  gives person_name\n'
PHONE = 'ask ph text "What is your phone number?"\n  gives phone_number\n'
PHOTO = 'ask pic image "A photo of the roof"\n'
CARD = 'ask card image "A photo of your card"\n  gives identity_number\n'
REFER = 'ask pass many "What may we pass on?"\n  gives referral\n  - need "Need"\n  - place "Place"\n'
PLAIN = 'ask open yes_no "Is the desk open?"\n'


def woven(body: str) -> Form:
    made = check(body).form
    assert made is not None
    return protect(made)


def order(made: Form) -> list[str]:
    return [name for name in index(made.items) if not name.startswith("pim_") or name.startswith(CONSENTS)]


CONSENTS = ("pim_contact_", "pim_media_", "pim_referral_")


@pytest.mark.parametrize(
    ("body", "wanted"),
    [
        (PLAIN, ["open"]),
        (PLAIN + NAME, ["open", "pim_contact_nm", "nm"]),
        (NAME + PHONE + PLAIN, ["pim_contact_nm", "nm", "ph", "open"]),
        (NAME + PLAIN + PHONE, ["pim_contact_nm", "nm", "open", "pim_contact_ph", "ph"]),
        (NAME + PHOTO, ["pim_contact_nm", "nm", "pim_media_pic", "pic"]),
        (REFER + PHONE, ["pim_referral_pass", "pass", "pim_contact_ph", "ph"]),
        (CARD, ["pim_contact_card", "pim_media_card", "card"]),
        (CARD + PHOTO, ["pim_contact_card", "pim_media_card", "card", "pim_media_pic", "pic"]),
        ('ask scan file "A scan?"\n', ["pim_media_scan", "scan"]),
        ('ask spot geopoint "Where?"\n', ["spot"]),
        (f'group g "G"\n{PLAIN}{NAME}end group\n', ["g", "open", "pim_contact_nm", "nm"]),
        (f'screen s "S"\n{PLAIN}{NAME}end screen\n', ["pim_contact_s", "s", "open", "nm"]),
        (f'repeat r "R"\n{PLAIN}{NAME}{PHOTO}end repeat\n', ["pim_contact_r", "pim_media_r", "r", "open", "nm", "pic"]),
        (f'group o "O"\nscreen s "S"\n{NAME}end screen\nend group\n', ["o", "pim_contact_s", "s", "nm"]),
    ],
)
def test_where_it_stands(body: str, wanted: list[str]) -> None:
    made = woven(body)
    assert order(made) == wanted
    assert open_without_consent(made, emit(made)) == ()


def test_nothing_is_woven_into_a_screen_a_table_or_a_repeat() -> None:
    for kind in ("screen", "repeat"):
        for stop in stops(woven(f'{kind} s "S"\n{PLAIN}{NAME}{PHOTO}end {kind}\n').items):
            closed = [c for c in stop.around if isinstance(c, Repeat) or (isinstance(c, Group) and c.kind != "group")]
            assert not (stop.item.name.startswith(CONSENTS) and closed), stop.item.name


def test_it_has_no_default_and_must_be_answered() -> None:
    made = index(woven(NAME + PHOTO + REFER).items)
    for name in ("pim_contact_nm", "pim_media_pic", "pim_referral_pass"):
        asked = made[name].item
        assert isinstance(asked, Question) and asked.default is None and asked.required
        assert [choice.code for choice in woven(NAME + PHOTO + REFER).lists[asked.choices or ""].choices] == [
            "yes",
            "no",
        ]


def test_it_names_just_what_follows() -> None:
    says = index(woven(NAME + PHONE + PLAIN).items)["pim_contact_nm"].item
    assert isinstance(says, Question) and says.label is not None
    assert "your name and phone number" in says.label.get("en")


def test_the_question_in_a_group_repeats_the_gate_and_its_consent() -> None:
    asked = index(woven(f'group g "G"\n{PLAIN}{NAME}end group\n').items)["nm"].item
    assert isinstance(asked, Question) and asked.when is not None
    assert {"pim_agree", "pim_contact_nm"} <= names_in(asked.when)


def test_a_second_number_that_reads_the_first_makes_no_circle() -> None:
    second = 'ask other text "Another number?"\n  gives phone_number\n  when ph is answered\n'
    made = woven(PHONE + second)
    consent = index(made.items)["pim_contact_ph"].item
    assert isinstance(consent, Question) and consent.when is not None and "ph" not in names_in(consent.when)
    emit(made)


def test_the_fingerprint_knows_them() -> None:
    def version(body: str) -> str:
        return repr(index(woven(body).items)["pim_consent_version"].item.value)  # type: ignore[union-attr]

    assert version(NAME + PLAIN + PHONE) != version(NAME + PHONE + PLAIN)


def test_a_sensitive_one_is_asked_for_after_the_look_around() -> None:
    names = list(index(woven(PHOTO).items))
    assert names.index("pim_go_pic") < names.index("pim_media_pic") < names.index("pic") < names.index("pim_stop_pic")
    consent = index(woven(PHOTO).items)["pim_media_pic"].item
    assert isinstance(consent, Question) and consent.when is not None and "pim_go_pic" in names_in(consent.when)


def test_it_does_not_cut_a_sensitive_block_in_two() -> None:
    """Or else what stands behind the cut would be asked without looking around again."""
    high = "".join(f'ask h{n} yes_no "Did it happen?"\n  sensitivity high\n' for n in (1, 2))
    named = high.replace("ask h2", PHOTO + "ask h2")
    names = list(index(woven(named).items))
    assert [name for name in names if name.startswith(("pim_go_", "pim_stop_"))] == ["pim_go_h1", "pim_stop_h2"]


def test_a_picture_of_a_card_needs_both_and_either_no_closes_it() -> None:
    made = woven(CARD)
    asked = index(made.items)
    card, media = asked["card"].item, asked["pim_media_card"].item
    assert isinstance(card, Question) and card.when is not None
    assert {"pim_contact_card", "pim_media_card"} <= names_in(card.when)
    assert isinstance(media, Question) and media.when is not None and "pim_contact_card" in names_in(media.when)
    assert open_without_consent(made, emit(made)) == ()


@pytest.mark.parametrize("kind", ["screen", "repeat"])
def test_before_something_closed_it_is_asked_only_where_something_behind_it_is(kind: str) -> None:
    """A child is not asked to give a number that only adults are asked for; who skips a part is not asked for a picture in it."""
    children = HEAD.replace("{topic}", "services").replace("  contact ", "  children 12 to 17\n  contact ", 1)
    form = check(f'{kind} s "S"\n{PLAIN}{PHONE}{PHOTO}end {kind}\n', head=children).form
    assert form is not None
    asked = index(protect(form).items)
    for name, needs in (("pim_contact_s", "pim_adult"), ("pim_media_s", "pim_go_s")):
        consent = asked[name].item
        assert isinstance(consent, Question) and consent.when is not None
        adults = [part for part in parts(consent.when) if "pim_child_agree" not in names_in(part)]
        assert needs in {each for part in adults for each in names_in(part)}


def test_what_only_a_member_knows_is_not_asked_for_before_the_members() -> None:
    body = f'repeat r "R"\n{PLAIN}{PHONE}  when open is yes\nend repeat\n'
    consent = index(woven(body).items)["pim_contact_r"].item
    assert isinstance(consent, Question) and consent.when is not None and "open" not in names_in(consent.when)
