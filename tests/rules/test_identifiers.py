"""Answers that wander: to the next person, into another question, out of a file; and points that are homes."""

from __future__ import annotations

from pathlib import Path

import pytest

from forms import HEAD, check
from pimforms.compiler import check_source
from pimforms.source import Source, normalise

PHONE = """ask ph text "What is your phone number?"
  gives phone_number
  needed because "the desk calls back" until 2027-03-31
"""
HURT = 'ask hurt yes_no "Did it happen?"\n  sensitivity high\n'
AGE = 'ask age integer "How old are you?"\n  gives age\n'
PLAIN = 'ask area text "Which block is this?"\n'


def codes(body: str, *wanted: str, head: str = HEAD) -> list[str]:
    return [f"{d.code} {d.message}" for d in check(body, head=head).diagnostics if d.code in wanted]


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (HURT + "calculate before = last_saved(hurt)\n", "`hurt` is HIGH"),
        (HURT + 'ask n integer "N?"\n  when last_saved(hurt) is yes\n', "`hurt` is HIGH"),
        (PHONE + "calculate before = last_saved(ph)\n", "`ph` identifies a person"),
        (PHONE + "calculate c = ph\ncalculate before = last_saved(c)\n", "`c` identifies a person"),
        (PHONE + 'ask n integer "N?"\n  must be at most length(last_saved(ph))\n', "`ph` identifies a person"),
        (PHONE.replace("\n", "\n  default last saved ph\n", 1), "`ph` identifies a person"),
        (AGE + "calculate before = last_saved(age)\n", ""),
        (PLAIN.replace("\n", "\n  default last saved area\n"), ""),
    ],
)
def test_no_name_and_no_high_answer_stands_in_the_form_of_the_next_person(body: str, said: str) -> None:
    found = codes(body, "PIM511")
    assert [text.startswith(f"PIM511 {said}") for text in found] == ([True] if said else [])


COPY = 'repeat visits "Visit"\n  ask again text "Again?"\n    default {}\nend repeat\n'
TEAM = HEAD.replace("  contact ", '  interviewers "examples/tour/interviewers.csv"\n  contact ', 1)
CHILDREN = HEAD.replace("  contact ", "  children 12 to 17\n  contact ", 1)


@pytest.mark.parametrize(
    ("body", "head", "copied"),
    [
        (PHONE + COPY.format("ph"), HEAD, True),
        (PHONE + "calculate c = ph\n" + COPY.format("c"), HEAD, True),
        (HURT + COPY.format("hurt"), HEAD, True),
        (PLAIN + COPY.format("area"), HEAD, False),
        (PLAIN + "  training interview\n" + COPY.format("area"), TEAM, True),
        (PLAIN + "  topic livelihoods\n" + COPY.format("area"), CHILDREN, True),
        (PLAIN + "  topic livelihoods\n" + COPY.format("area"), HEAD, False),
    ],
)
def test_what_may_have_to_go_is_not_copied(body: str, head: str, copied: bool) -> None:
    name = body.rpartition("default ")[2].split()[0]
    said = [f"PIM518 `again` is filled with `{name}`, and would keep it when `{name}` has to go"]
    assert codes(body, "PIM518", head=head) == (said if copied else [])


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("gives full_name text from name", True),
        ("gives reached text from phone", True),
        ("gives people integer from size", False),
        ("gives site text from site_name", False),
    ],
)
def test_a_name_out_of_a_file_is_a_name(tmp_path: Path, line: str, said: bool) -> None:
    (tmp_path / "people.csv").write_text("card,name,phone,size,site_name\nA1,Amina,555,4,North\n", encoding="utf-8")
    body = f'ask code text "The code?"\nfind person in "people.csv" by code as card\n  {line}\n'
    head = HEAD.replace("{topic}", "services")
    checked = check_source(Source("short.pim", normalise(head + body)), tmp_path)
    assert [d.code for d in checked.diagnostics if d.code == "PIM410"] == (["PIM410"] if said else [])


@pytest.mark.parametrize(
    ("label", "said"),
    [
        ("Where is your home?", True),
        ("Where is the shelter of the committee?", False),
        ("Where is the health post?", False),
        ("Stand where they sleep and take the point.", True),
    ],
)
def test_a_home_is_no_service(label: str, said: bool) -> None:
    found = codes(f'ask spot geopoint "{label}"\n  topic services\n', "PIM410")
    assert len(found) == said


@pytest.mark.parametrize(
    ("kind", "text", "asks"),
    [
        ("text", "What is your mother's name?", True),
        ("text", "Name of the father", True),
        ("text", "Surname", True),
        ("text", "Comment vous appelez-vous ?", False),  # it stands in the column of English
        ("barcode", "Scan the registration card", True),
        ("barcode", "Scan the code of the box", False),
        ("file", "A copy of the identity card", True),
        ("file", "A copy of the list of prices", False),
        ("text", "What is the name of the market?", False),
    ],
)
def test_a_name_or_a_card_by_another_way_is_seen(kind: str, text: str, asks: bool) -> None:
    assert ("PIM410" in [d.code for d in check(f'ask it {kind} "{text}"\n').diagnostics]) is asks
