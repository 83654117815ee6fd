"""Every consent has its ten elements, is short, is true, and is spoken in each language."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest
from consents import BODY, LANGUAGES, NAMED, VARIANTS, consents, form

from conftest import ROOT, TODAY, forms_in
from forms import check
from pimforms.compiler import check_file
from pimforms.model.form import Form, Metadata
from pimforms.model.level import Level
from pimforms.model.text import Text
from pimforms.model.walk import index
from pimforms.protect.child import ASSENT, assent_screens, caregiver_screens
from pimforms.protect.consent import ELEMENTS, Screen, screens
from pimforms.protect.weave import protect
from pimforms.protect.words import say
from pimforms.standards.data import table

LONGEST = 40
"""Words of a screen, in each language."""
HEARD = [(variant, who) for variant, made in VARIANTS.items() for who in consents(made) if who != "child"]


def spoken(heard: tuple[Screen, ...], language: str = "en") -> str:
    return " ".join(screen.text.get(language) for screen in heard)


@pytest.mark.parametrize(("variant", "who"), HEARD)
def test_every_consent_has_its_ten_elements(variant: str, who: str) -> None:
    said = {key for screen in consents(VARIANTS[variant])[who] for key in screen.keys if screen.text.get("en")}
    wanted = dict(ELEMENTS)
    missing = [element for element, sets in wanted.items() if not all(keys & said for keys in sets)]
    assert len(wanted) == 10 and missing == []
    if VARIANTS[variant].level > Level.LOW:
        assert {"risk", "limits"} <= said


def test_the_assent_says_who_what_and_that_a_no_is_fine() -> None:
    said = spoken(assent_screens(VARIANTS["children, moderate"]))
    for words in ("My name is", "ask you about services", "yes or no", "No one will be angry", "skip a question or stop",
                  "I will not tell other people", "someone may get badly hurt"):  # fmt: skip
        assert words in said


@pytest.mark.parametrize("variant", VARIANTS)
def test_every_screen_is_short_and_in_every_language(variant: str) -> None:
    for heard in consents(VARIANTS[variant]).values():
        for screen in heard:
            assert all(screen.text.get(language) for language in LANGUAGES), screen.name
            assert {language: count for language in LANGUAGES if (count := words(screen, language)) > LONGEST} == {}


@pytest.mark.parametrize(
    "path", [*forms_in(ROOT / "examples"), *forms_in(Path(__file__).parent)], ids=lambda path: path.stem
)
def test_what_is_heard_in_a_whole_form_is_short(path: Path) -> None:
    """With the facts of the form in it, in each of its languages."""
    made = check_file(path, today=TODAY).form
    assert made is not None
    long = {
        (who, screen.name, language): count
        for who, heard in consents(made).items()
        for screen in heard
        for language in made.facts.languages
        if (count := words(screen, language)) > LONGEST
    }
    assert long == {}


def words(screen: Screen, language: str) -> int:
    """Words as they are heard: a sign that French sets apart is none."""
    return sum(any(sign.isalnum() for sign in part) for part in screen.text.get(language).split())


def test_a_child_is_spoken_to_as_a_child() -> None:
    """`tu` and not `vous` or `usted`, also in the topics that are filled in."""
    topics = tuple(name for name, row in table("topics").items() if row.get("child_safe"))
    for name in topics:
        assert not re.search(r"\bvotre|\bvos\b|\bpour vous\b", table("topics")[name]["spoken"]["fr"]), name
        assert not re.search(r"\bsu\b|\bsus\b|\busted\b", table("topics")[name]["spoken"]["es"]), name
    heard = assent_screens(VARIANTS["children, moderate"])
    said = spoken(heard, "fr").replace(say("alias", "fr"), "")
    assert " te " in said and not re.search(r"\bvous\b|\bvotre\b", said)
    assert not re.search(r"\busted\b|\bsu\b", spoken(heard, "es").replace(say("alias", "es"), ""))


def test_the_assent_is_split_alike_in_every_language() -> None:
    made = VARIANTS["children, moderate"]
    for language in LANGUAGES:
        sentences = [len(re.findall(r"[.!](?:\s|$)", screen.text.get(language))) for screen in assent_screens(made)]
        assert sentences == [last - first for _, first, last in ASSENT], language


def test_no_screen_has_a_gap() -> None:
    for made in VARIANTS.values():
        for heard in consents(made).values():
            for screen in heard:
                assert not re.search(r"\s{2}|\s[.,]", screen.text.get("en")), screen
                assert not any(sign in screen.text.get(language) for language in LANGUAGES for sign in "{}"), screen


def test_the_page_of_the_consent_is_true() -> None:
    """docs/consent.md says which screen carries which element."""
    page = (ROOT / "docs" / "consent.md").read_text(encoding="utf-8")
    found = dict(re.findall(r"^\| ([^|`]+?) \| (`pim_[^|]+ \| `pim_[^|]+ \| `pim_[^|]+?) \|$", page, re.M))
    made = VARIANTS["children, moderate"]
    low, full = screens(VARIANTS["anonymous, low"]), screens(made)
    caregiver = caregiver_screens(made)
    rows = {
        element: " | ".join(
            _screens(heard, frozenset().union(*sets), prefix)
            for heard, prefix in ((low, "pim_say"), (full, "pim_say"), (caregiver, "pim_caregiver_say"))
        )
        for element, sets in ELEMENTS.items()
    }
    assert found == rows


def _screens(heard: tuple[Screen, ...], keys: frozenset[str], prefix: str) -> str:
    return ", ".join(f"`{prefix}_{screen.name}`" for screen in heard if keys.intersection(screen.keys))


# ---- true


@pytest.mark.parametrize(
    ("body", "words", "promised"),
    [
        (BODY, "We will not write your name", True),
        (NAMED, "We will not write your name", False),
        ('ask pic image "A photo"\n', "We will not write your name", False),
        ('ask voice audio "Your voice"\n', "We will not write your name", False),
        ('ask spot geopoint "Where is it?"\n', "We will not write your name", False),
        (BODY + "record phonenumber\n", "We will not write your name", False),
        (BODY + 'record "background-audio"\n', "We will not write your name", False),
        (BODY + 'record "background-audio"\n', "This phone is recording our voices now.", True),
        (BODY, "we cannot find your answers later", True),
        (BODY + "record deviceid\n", "we cannot find your answers later", False),
    ],
)
def test_anonymous_is_said_only_where_nothing_identifies(body: str, words: str, promised: bool) -> None:
    made = check(body).form
    assert made is not None
    assert (words in spoken(screens(made))) is promised


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("", "we delete them now."),
        ('ask pic image "A photo"\n', "we delete them now, and the photo or recording"),
        ("record audit track changes\n", "we will not use them"),
        ('record audit track changes\nask pic image "A photo"\n', "we will not use them"),
    ],
)
def test_the_words_of_a_withdrawal_are_true(body: str, words: str) -> None:
    made = form(BODY + body.replace("record audit track changes\n", ""), Level.MODERATE)
    if "audit" in body:
        made = _tracked(made)
    items = index(protect(made).items)
    label = items["pim_withdraw"].item.label  # type: ignore[union-attr]
    assert isinstance(label, Text) and words in label.get("en")
    after = items["pim_withdrawn"].item.label  # type: ignore[union-attr]
    assert ("Now delete the photo" in after.get("en")) is ("image" in body)
    assert ("Your answers are deleted" in after.get("en")) is ("audit" not in body)


def _tracked(made: Form) -> Form:
    audit = Metadata("audit", "audit", made.place, parameters=(("track-changes", "true"),))
    return replace(made, items=(*made.items, audit))


def test_a_key_informant_is_promised_nothing_about_names_and_asked_for_none() -> None:
    said = spoken(screens(VARIANTS["key informant, moderate"]))
    assert (
        "about the situation in this place, not about you" in said and "We will keep what you tell us private" in said
    )
    assert "We will not write your name" not in said


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({}, "We use the answers for nothing else."),
        ({"reuse": "a study of the university"}, "We also use the answers for a study of the university."),
        ({"limits": "If a child is in danger, we must tell."}, "If a child is in danger, we must tell."),
    ],
)
@pytest.mark.parametrize("level", [Level.LOW, Level.MODERATE])
def test_reuse_and_limits_are_spoken_at_every_level(facts: dict[str, str], words: str, level: Level) -> None:
    place = form().place
    texts = {key: Text(dict.fromkeys(LANGUAGES, value), place) for key, value in facts.items()}
    assert words in spoken(screens(form(BODY, level, **texts)))


def test_the_way_back_of_the_results_is_said_at_the_end() -> None:
    made = form(BODY)
    note = index(protect(made).items)["pim_feedback"].item
    says = note.label.get("en")  # type: ignore[union-attr]
    assert says == "We will come back with the results: a community meeting in each block, within 30 days."
    assert "pim_feedback" not in index(protect(form(BODY, feedback=None)).items)
