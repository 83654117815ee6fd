"""Principle 1 and its neighbours: who is reached, told apart, heard, and never asked."""

from __future__ import annotations

from dataclasses import replace

import pytest

from conftest import ROOT, TODAY
from forms import check
from heads import HEAD, HOUSEHOLD, SMALL
from pimforms.compiler import check_file
from pimforms.model.form import Group, Item, Question, Repeat
from pimforms.model.walk import walk
from pimforms.proofs.inclusion import left_out
from pimforms.protect.weave import protect
from pimforms.rules.left_out import way_out_closed_to_some

HIGH = 'ask light yes_no "Is there light?"\nask safe yes_no "Safe?"\n sensitivity high\nask shade yes_no "Is there shade?"\n'
MODERATE = 'ask safe yes_no "Do you feel safe here?"\n sensitivity moderate\n'
SEX = 'ask r_sex one of library sex "What is your sex?"\n gives sex\n'
BAND = 'ask r_band one of library adult_age_bands "How old are you?"\n gives age_band\n'
SETS = "  age bands    six_to_seventeen\n"


def found(code: str, body: str, head: str = HEAD) -> list[str]:
    """The messages of one rule."""
    return [d.message for d in check(body, head=head).diagnostics if d.code == code]


def fixes(code: str, body: str, head: str = HEAD) -> list[str]:
    return [d.fix for d in check(body, head=head).diagnostics if d.code == code]


def without(word: str, head: str = HEAD) -> str:
    return "".join(line + "\n" for line in head.splitlines() if not line.startswith(f"  {word} "))


def with_fact(line: str, head: str = HEAD) -> str:
    return head.replace("  contact ", f"{line}  contact ", 1)


# ---- PIM101, sex and age
def test_from_moderate_on_a_form_about_people_knows_their_sex_and_age() -> None:
    (said,) = found("PIM101", MODERATE, HOUSEHOLD)
    assert said == "nothing records the sex or age of the people whose answers serve `services`"
    assert found("PIM101", SEX + MODERATE, HOUSEHOLD) == [said.replace("sex or age", "age")]
    assert found("PIM101", SEX + BAND + MODERATE, HOUSEHOLD) == []
    assert found("PIM101", MODERATE + "use sadd_roster\n", HOUSEHOLD) == []


@pytest.mark.parametrize("unit", ["site", "key informant", "event", "service", "group"])
def test_what_is_not_about_people_needs_neither_sex_nor_age(unit: str) -> None:
    assert found("PIM101", MODERATE, HOUSEHOLD.replace("household,", f"{unit},")) == []


def test_a_low_form_needs_neither_sex_nor_age() -> None:
    assert found("PIM101", 'ask open yes_no "Open?"\n', HOUSEHOLD) == []
    assert found("PIM101", 'ask open yes_no "Open?"\n', SMALL) == []


def test_a_form_that_does_not_say_what_it_is_about_is_judged_by_its_category() -> None:
    unsaid = without("interview")
    assert len(found("PIM101", MODERATE, unsaid)) == 1
    assert found("PIM101", MODERATE, unsaid.replace("sectoral", "security_awareness")) == []
    assert found("PIM101", MODERATE, unsaid.replace("any_adult", "key_informant")) == []


def test_the_members_of_one_roster_say_nothing_of_those_of_another() -> None:
    own = 'repeat others "Others"\n ask ill yes_no "Is this person ill?"\n  sensitivity moderate\nend repeat\n'
    assert len(found("PIM101", own + "use sadd_roster\n", HOUSEHOLD)) == 1
    # With a question for the whole household, the repeat may be of things.
    assert found("PIM101", own + MODERATE + "use sadd_roster\n", HOUSEHOLD) == []


# ---- PIM102, age bands
@pytest.mark.parametrize(
    ("label", "crosses"),
    [
        ("15 to 24 years", True), ("12 to 17 years", False), ("18 to 24", False), ("Under 18", False), ("16+", True),
        ("18 years or older", False), ("10-19", True), ("17", False), ("Old enough", False),
    ],
)  # fmt: skip
def test_no_band_holds_a_child_and_an_adult(label: str, crosses: bool) -> None:
    body = f'ask band one "How old are you?"\n - one "{label}"\n - two "90 years or older"\n gives age_band\n'
    assert bool(found("PIM102", body)) is crosses


def test_only_ages_are_judged() -> None:
    years = '\n - a "Less than 10 years"\n - b "10 to 20 years"\n - c "More than 20 years"\n'
    assert found("PIM102", f'ask lived one "How long have you lived here?"{years}') == []
    assert len(found("PIM102", f'ask band one "How old are you?"{years}')) == 1


def test_an_exact_age_beside_its_band_is_shared_as_the_band() -> None:
    age = 'ask r_age integer "How old are you?"\n gives age\n'
    assert found("PIM102", age) == []
    assert found("PIM102", age + BAND) == ["the exact age `r_age` is shared although there is a band"]
    assert found("PIM102", age + " shared as band\n" + BAND) == []
    assert len(found("PIM102", age, with_fact(SETS))) == 1


# ---- PIM104, where a translation goes
def test_a_translation_without_a_letter_is_a_gap() -> None:
    head = HEAD.replace("  contact ", "  languages    en, fr\n  contact ", 1)

    def gaps(label: str, french: str) -> int:
        return sum(label in said for said in found("PIM104", f'ask q yes_no "{label}"\n  fr: "{french}"\n', head))

    assert [gaps("Is the desk open?", french) for french in ("…", "-", " ", "Oui ?", "؟")] == [1, 1, 1, 0, 1]
    assert gaps("🙂", "🙂") == 0


def test_the_second_text_of_a_line_is_translated_on_a_line_of_its_own() -> None:
    head = HEAD.replace("  contact ", "  languages    en, fr\n  contact ", 1)
    body = (
        'ask q one "Which?"\n  fr: "Lequel ?"\n  - a "A"\n    fr: "A"\n  - b "B" specify "What is it?"\n    fr: "B"\n'
    )
    (fix,) = [f for f in fixes("PIM104", body, head) if "specify" in f]
    says, pasted = fix.split("\n", 1)
    assert says == "end this line before `specify`, and write under the choice and its translations:"
    mended = body.replace(' specify "What is it?"', "") + pasted.replace("…", "Quoi ?") + "\n"
    assert [m for m in found("PIM104", mended, head) if "What is it" in m] == []


# ---- PIM106, 109, 110
def test_somebody_is_asked_before_sensitive_questions_are_written() -> None:
    assert found("PIM106", HIGH) == []
    assert found("PIM106", HIGH, without("consulted")) == ["nobody was asked about these questions before"]
    assert found("PIM106", MODERATE, without("consulted")) == []


def test_results_come_back_within_a_time() -> None:
    never = without("feedback")
    assert found("PIM109", MODERATE, never) == ["nothing says how and when the results come back to people"]
    assert found("PIM109", 'ask open yes_no "Open?"\n', never) == []
    assert found("PIM109", MODERATE, with_fact('  feedback "a notice at the desk" within 1 year\n', never)) == []


def test_heads_of_household_do_not_speak_for_the_others() -> None:
    heads = HOUSEHOLD.replace("any_adult", "head_of_household")
    assert len(found("PIM110", 'ask safe yes_no "Safe?"\n topic safety_perception\n', heads)) == 1
    assert found("PIM110", 'ask rooms integer "How many rooms?"\n topic housing\n', heads) == []
    assert found("PIM110", 'ask safe yes_no "Safe?"\n topic safety_perception\n', HOUSEHOLD) == []


# ---- PIM107, sex and gender
TWO = 'ask r_sex one "Sex?"\n gives sex\n - female "Female"\n - male "Male"\n'


def test_nobody_is_made_to_choose_between_two() -> None:
    assert found("PIM107", TWO) == ["`r_sex` has no way out"]
    assert found("PIM107", TWO + " optional\n") == []
    assert found("PIM107", TWO + " sensitivity moderate\n") == []  # the compiler adds one
    assert found("PIM107", SEX) == []


def test_where_people_are_persecuted_the_answers_that_go_are_named() -> None:
    hostile = with_fact("  context      hostile_to_sogi\n")
    (said,) = found("PIM107", SEX, hostile)
    assert said == "`other` will not be in the form: `r_sex` keeps only answers that are safe here"
    assert found("PIM107", TWO, hostile) == []
    gender = 'ask r_gender one "Gender?"\n gives gender_identity\n - w "Woman"\n - m "Man"\n - t "Another"\n'
    assert "gender identity" in found("PIM107", gender, hostile)[0]


# ---- PIM108, reading
def test_what_is_too_long_too_loud_or_too_wide_is_said() -> None:
    words = "word " * 30
    assert found("PIM108", f'ask q yes_no "{words}?"\n'.replace(" ?", "?")) == []
    assert found("PIM108", f'ask q yes_no "{words} more?"\n') == [
        "this question has 31 words (`en`); 30 can be followed"
    ]
    hint = 'ask q yes_no "Q?"\n hint "' + "x" * 161 + '"\n'
    assert found("PIM108", hint) == ["this hint has 161 characters (`en`); 160 fit on a phone"]
    assert found("PIM108", 'ask q yes_no "Do you have a WFP CARD?"\n') == []
    assert found("PIM108", 'ask q yes_no "Ask ONLY THE WOMEN here?"\n') == ["“ONLY THE WOMEN” is in capitals"]
    wide = 'ask q one "Q?"\n appearance columns\n' + "".join(f' - c{n} "C{n}"\n' for n in range(7))
    assert found("PIM108", wide) == ["7 answers stand beside each other at `q`"]


def test_a_language_has_its_own_limit() -> None:
    head = with_fact("  languages    en, fr\n")
    french = "mot " * 32
    assert found("PIM108", f'ask q yes_no "Q?"\n fr: "{french}?"\n', head) == []


def test_who_fills_in_alone_can_listen() -> None:
    alone = HEAD.replace("service, face to face", "service, self")
    assert len(found("PIM108", 'ask q yes_no "Q?"\n', alone)) == 1


# ---- PIM115, languages that people speak
def test_the_consent_reaches_four_of_five() -> None:
    assert found("PIM115", "use header\n" + MODERATE, with_fact('  people speak en 80, ha 20 from "Census"\n')) == []
    (said,) = found("PIM115", "use header\n" + MODERATE, with_fact('  people speak en 79, ha 21 from "Census"\n'))
    assert said == "the consent reaches 79% of the people in a language that they speak"


def test_where_several_languages_are_spoken_the_one_of_the_interview_is_recorded() -> None:
    spoken = with_fact('  people speak en 90, ha 10 from "Census"\n')
    assert found("PIM115", MODERATE, spoken) == ["nothing records in which language people were asked"]
    assert found("PIM115", 'ask open yes_no "Open?"\n', spoken) == []


# ---- PIM706, samples
def sampled(sample: str, indicator: str, unit: str = "household") -> list[str]:
    head = without("sample", HOUSEHOLD).replace("household,", f"{unit},")
    head = head.replace("  contact ", f"{sample}  contact ", 1).replace(
        "  need ", f'  indicator "{indicator}" from water\n  need ', 1
    )
    return found("PIM706", 'ask water yes_no "Is there water?"\n', head)


RANDOM = '  sample 600 households, two stage, "Every fifth shelter"\n'
PURPOSIVE = '  sample 60 households, purposive, "Those the committee named"\n'


@pytest.mark.parametrize(
    ("sample", "indicator", "unit", "fires"),
    [
        (RANDOM, "% of households with water", "household", False),
        (PURPOSIVE, "% of households with water", "household", True),
        (PURPOSIVE, "Households with water, of those who were asked", "household", False),
        (PURPOSIVE, "Places with water", "household", False),
        ("", "% of households with water", "household", True),
        ("", "Places with water", "household", False),
        (RANDOM, "Percentage of the population with water", "key informant", True),
        (RANDOM, "% of key informants who say that households have water", "key informant", False),
        (PURPOSIVE, "Pourcentage de ménages avec de l'eau", "household", True),
    ],
)
def test_a_share_of_people_needs_a_sample_that_can_show_it(sample: str, indicator: str, unit: str, fires: bool) -> None:
    assert bool(sampled(sample, indicator, unit)) is fires


def test_a_way_to_choose_that_nobody_knows_is_said_with_the_known_ones() -> None:
    head = HEAD.replace("two stage", "by feeling")
    assert found("PIM706", 'ask water yes_no "Water?"\n', head) == [
        "“by feeling” is no known way to choose who is asked"
    ]
    assert "snowball" in fixes("PIM706", 'ask water yes_no "Water?"\n', head)[0]
    unitless = HEAD.replace("600 households, two stage", "600, purposive")
    assert found("PIM706", 'ask water yes_no "Water?"\n', unitless) == []


# ---- PIM710, the interview itself
def test_what_changes_answers_is_recorded_apart_from_them() -> None:
    people = "use respondent_profile\n"
    (said,) = found("PIM710", people + MODERATE, HOUSEHOLD)
    assert said == (
        "nothing records the code of the interviewer, the sex of the interviewer, whether somebody interpreted and "
        "who else was near"
    )
    assert fixes("PIM710", people + MODERATE, HOUSEHOLD) == [
        "add:\nuse header  # before the consent\nuse interview_record  # after the consent\nuse observation  # at the end"
    ]
    whole = "use header\nconsent\nuse interview_record\n" + people + MODERATE + "use observation\n"
    assert found("PIM710", whole, HOUSEHOLD) == []
    # From HIGH on the privacy check sees who is near.
    assert found("PIM710", whole.replace("moderate", "high").replace("use observation\n", ""), HOUSEHOLD) == []
    assert found("PIM710", 'ask open yes_no "Open?"\n', HOUSEHOLD) == []
    assert found("PIM710", MODERATE, HEAD.replace("service, face to face", "person, self")) == []


# ---- PIM120, who is never asked
def test_who_is_left_out_through_another_question_is_named() -> None:
    pytest.importorskip("z3")
    body = """
ask walks one "How far can you walk?"
  - far   "Far"
  - short "Not far"
calculate hardly = walks is short
  gives disability
ask market yes_no "Did you go to the market?"
  when walks is far
ask dear yes_no "Are prices high?"
  when market is answered
"""
    assert found("PIM120", body) == ["`market` and 1 more are never asked where `hardly` is `yes`"]


def test_an_open_condition_is_let_be_where_it_is_natural_or_has_a_reason() -> None:
    pytest.importorskip("z3")
    status = 'ask status one of library displacement_groups "Status?"\n gives displacement\n'
    asked = "ask {} {}\n when status is idp\n"
    assert found("PIM120", status + asked.format("home", 'yes_no "Do you want to return?"')) == []
    tap = asked.format("tap", 'yes_no "Is there a tap near you?"')
    assert len(found("PIM120", status + tap)) == 1
    assert (
        found(
            "PIM120", status + tap + ' sensitivity moderate because "taps are planned in the camps for the displaced"\n'
        )
        == []
    )
    age = 'ask r_age integer "Age?"\n gives age\ncalculate band = "child" if r_age < 18 otherwise "adult"\n gives age_band\n'
    assert found("PIM120", age + 'ask school yes_no "School?"\n when r_age < 18\n') == []


@pytest.mark.parametrize("example", ["tour", "f1_core"])
def test_no_way_out_is_closed_to_anyone(example: str) -> None:
    pytest.importorskip("z3")
    form = check_file(ROOT / "examples" / example / f"{example}.pim", today=TODAY).form
    assert form is not None
    assert [each.name for each in left_out(protect(form)) if each.exit] == []


def test_a_way_out_that_only_some_reach_is_found() -> None:
    pytest.importorskip("z3")
    spoken = (
        'ask lang one "Language of the interview"\n - en "English"\n - ha "Hausa"\n gives interview_language\nconsent\n'
    )
    in_english = 'ask read yes_no "Can you read this sign?"\n when lang is en\n'
    form = check(spoken + in_english + HIGH, head=HEAD).form
    assert form is not None
    protected = protect(form)
    assert list(way_out_closed_to_some(protected)) == []
    condition = next(item.when for item in walk(form.items) if isinstance(item, Question) and item.name == "read")

    def narrowed(items: tuple[Item, ...]) -> tuple[Item, ...]:
        """The same items, the stop for those alone who are asked in English."""
        return tuple(
            replace(item, items=narrowed(item.items)) if isinstance(item, (Group, Repeat))
            else replace(item, when=condition) if item.origin == "PIM212" and isinstance(item, Question)
            else item
            for item in items
        )  # fmt: skip

    said = list(way_out_closed_to_some(replace(protected, items=narrowed(protected.items))))
    assert {each.code for each in said} == {"PIM121"}
    assert said[0].message.startswith("where `lang` is `ha`, nobody reaches `pim_stop")


def test_without_the_solver_one_line_says_so(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from pimforms.cli.main import main
    from pimforms.rules import left_out as rule

    monkeypatch.setattr(rule, "has_solver", lambda: False)
    form = str(ROOT / "examples" / "f1_core" / "f1_core.pim")
    main(["check", "--today", "2026-11-22", form, form])
    lines = [line for line in capsys.readouterr().out.splitlines() if "not proved" in line]
    assert lines == [
        'Who can never be asked what was not proved: the solver is not installed (pip install "pimforms[proofs]").'
    ]
    main(["check", "--today", "2026-11-22", "--format", "json", form])
    assert "not proved" not in capsys.readouterr().out
