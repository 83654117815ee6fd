"""One mistake gives one message; what follows from it is said when it is settled."""

from __future__ import annotations

from forms import HEAD, check

OPEN = 'ask open yes_no "Is the desk open?"\n  sensitivity moderate\n'
NAME = 'ask who text "What is your full name?"\n  gives person_name\n'
REASON = '  needed because "the legal aid team writes the request with it" until 2027-03-31\n'


def codes(body: str) -> set[str]:
    return {d.code for d in check(body, "civil_documents").diagnostics if d.is_error}


def test_a_name_without_a_reason_is_one_error() -> None:
    assert codes(NAME) == {"PIM306"}


def test_once_it_has_one_what_follows_is_said() -> None:
    assert codes(NAME + REASON + 'ask papers yes_no "Do you lack papers?"\n') == {"PIM317", "PIM502"}


def messages(body: str) -> list[str]:
    return [d.message for d in check(body).diagnostics if d.is_error]


TWO = 'purpose papers "Papers"\n  tell people "get people their papers"\n'
GROUP = 'group part "Part"{}\n  ask one yes_no "Is it one?"\n  ask two yes_no "Is it two?"\nend group\nask w yes_no "Is it?" for papers\n'


def test_a_group_without_a_purpose_is_one_error_at_the_group() -> None:
    found = [d for d in check(TWO + GROUP.format("")).diagnostics if d.code == "PIM301"]
    assert [d.message for d in found] == ["`one` and 1 more are tied to no purpose"]
    assert found[0].place.text == "part"


def test_a_module_without_a_purpose_is_one_error() -> None:
    body = TWO + 'use aap_feedback\nask w yes_no "Is it?" for papers, safety\n'
    assert [d.code for d in check(body).diagnostics if d.is_error] == ["PIM301"]


def test_what_answers_are_compared_by_gets_a_fix_that_says_so_and_it_works() -> None:
    body = TWO + 'use respondent_profile\n{}ask w yes_no "Is it?" for papers, safety\n'
    found = [d for d in check(body.format("")).diagnostics if d.code == "PIM301"]
    added = "by sex, age, displacement"
    assert [added in d.fix for d in found] == [True]
    mended = body.format(f'group part "Part" for safety\n  {added}\n  ask one yes_no "Is it one?"\nend group\n')
    assert "PIM301" not in {d.code for d in check(mended).diagnostics}


def test_a_misspelt_purpose_is_one_error() -> None:
    found = check(TWO + GROUP.format(" for safetty")).diagnostics
    assert [d.code for d in found if d.is_error] == ["PF104"]
    assert "PIM311" not in {d.code for d in found}


def test_a_line_that_does_not_parse_is_not_missed_as_well() -> None:
    found = codes(
        'purpose papers "Papers"\n  tell people get people their papers\nask w yes_no "W?" for papers, safety\n'
    )
    assert "PF001" in found and "PIM305" not in found


def test_another_line_that_is_missing_is_still_said() -> None:
    body = 'purpose papers "Papers"\n  topic my papers\nask w yes_no "W?" for papers, safety\n'
    assert codes(body) >= {"PF001", "PIM305"}


def test_a_position_makes_no_text_beside_it_sensitive() -> None:
    body = 'group homes "Homes"\n  ask home text "What kind of home is it?"\n  ask at geopoint "The home"\nend group\n'
    form = check(body).form
    assert form is not None
    home = form.items[-1].items[0]  # type: ignore[union-attr]
    assert (home.name, home.tags.level.word) == ("home", "low")  # type: ignore[union-attr]


def test_figures_alone_need_no_translation() -> None:
    body = 'ask age one "Age"\n    fr: "Âge"\n  - a "12-14"\n  - b "15-17"\n'
    head = HEAD.replace("  contact ", "  languages en, fr\n  contact ", 1)
    assert not [d for d in check(body, head=head).diagnostics if d.code == "PIM104" and "1" in d.message]


def test_a_name_is_offered_as_its_own_translation() -> None:
    head = HEAD.replace("  contact ", "  languages en, fr\n  contact ", 1)
    found = next(d for d in check('ask q yes_no "Q?"\n', head=head).diagnostics if d.code == "PIM104")
    assert found.fix == 'add under it: fr: "Relief"'


def test_a_phone_number_is_offered_a_reason_only_where_the_category_has_names() -> None:
    phone = 'ask ph text "What is your phone number?"\n'
    needs = HEAD.replace("protection_monitoring", "needs_assessment")
    fixes = {
        head: next(d.fix for d in check(phone, head=head).diagnostics if d.code == "PIM410") for head in (HEAD, needs)
    }
    assert "split contact" in fixes[HEAD]
    assert fixes[needs].startswith("take it out: ")


def test_a_reason_and_a_promise_are_never_those_of_an_example() -> None:
    (said,) = [d for d in check(NAME, "civil_documents").diagnostics if d.code == "PIM306"]
    pasted = NAME + "  " + said.fix.partition("under it: ")[2] + "\n"
    assert [d.message for d in check(pasted, "civil_documents").diagnostics if d.code == "PIM306"] == [
        'this is no reason to identify a person: "…"'
    ]
    head = "".join(line for line in HEAD.splitlines(keepends=True) if "feedback" not in line)
    (missing,) = [d for d in check(OPEN, head=head).diagnostics if d.code == "PIM109"]
    line = "  " + missing.fix.removeprefix("add under `form`: ") + "\n  contact "
    found = check(OPEN, head=head.replace("  contact ", line, 1)).diagnostics
    assert [d.code for d in found if "feedback" in d.message] == ["PIM420"]
