"""Principle 8: what exists, what others plan, P-codes, HXL, the library's questions, who receives what."""

from __future__ import annotations

from pathlib import Path

import pytest

from conftest import ROOT, TODAY, forms_in
from heads import FACTS, PURPOSE
from pimforms.cli.show import sharing
from pimforms.compiler import Checked, check_file, check_source, compile_checked
from pimforms.diagnostics import Diagnostic, Severity
from pimforms.model.sharing import sharing_matrix
from pimforms.resolve import labels
from pimforms.source import Source, normalise
from pimforms.standards.data import data_path, table

TOUR = ROOT / "examples" / "tour"
LOW = 'ask open yes_no "Is the desk open?"\n'
MODERATE = 'ask safe yes_no "Do you feel safe here?"\n  sensitivity moderate\n'
CARE = """\
risk leak "Somebody who means harm learns it"
  harms      respondent
  likelihood low
  impact     high
  protect by no_answers_in_audit
  owner      "Head"
  review     2027-01-31
referral desk "the desk in block C"
  checked    2026-11-01
"""
UNKNOWN = PURPOSE.replace('  already known "Service map, September 2026" but "does not say who is left out"\n', "")
SEARCHED = '  searched     2026-10-20 "HDX", "registry of assessments"\n'


def check(body: str, facts: str = FACTS, purpose: str = PURPOSE, folder: Path = TOUR) -> Checked:
    head = f'form x "X"\n{facts}purpose services "Better services"\n{purpose}{CARE}'
    return check_source(Source("x.pim", normalise(head + body)), folder, today=TODAY)


def said(code: str, body: str, facts: str = FACTS, purpose: str = PURPOSE) -> list[Diagnostic]:
    return [d for d in check(body, facts, purpose).diagnostics if d.code == code]


def messages(code: str, body: str, facts: str = FACTS) -> list[str]:
    return [d.message for d in said(code, body, facts)]


# ---- PIM801
@pytest.mark.parametrize(
    ("body", "searched", "purpose", "expected"),
    [
        (LOW, "", UNKNOWN, []),
        (MODERATE, "", UNKNOWN, ["nobody says whether this is known already"]),
        (MODERATE, "", PURPOSE, []),
        (MODERATE, SEARCHED, UNKNOWN, []),
        (MODERATE, SEARCHED.replace("2026-10-20", "2026-05-24"), UNKNOWN, []),
        (MODERATE, SEARCHED.replace("2026-10-20", "2026-05-20"), UNKNOWN, ["the search for existing data is more than 6 months old"]),
    ],
    ids=["low", "nothing", "known", "searched", "six months ago", "older"],
)  # fmt: skip
def test_somebody_looked_for_what_exists(body: str, searched: str, purpose: str, expected: list[str]) -> None:
    found = said("PIM801", body, FACTS.replace(SEARCHED, searched), purpose)
    assert [d.message for d in found] == expected
    assert all(d.level is Severity.WARNING for d in found)


# ---- PIM803
@pytest.mark.parametrize(
    ("tag", "message"),
    [
        ("#affected +f +children", None),
        ("#affected+f", None),
        ("#AFFECTED", None),
        ("#x_own+attr", None),
        ("#water", "`#water` is not a hashtag of HXL 1.1"),
        ("affected", "`affected` is not an HXL tag"),
        ("#affected f", "`#affected f` is not an HXL tag"),
        ("#affected+", "`#affected+` is not an HXL tag"),
    ],
)
def test_tags_are_those_of_the_standard(tag: str, message: str | None) -> None:
    assert messages("PIM803", f'ask water integer "Litres?"\n  hxl "{tag}"\n') == ([message] if message else [])


def test_our_own_tables_hold_tags_of_the_standard() -> None:
    tags = [row["hxl"] for row in table("concepts").values() if "hxl" in row] + list(table("hxl")["types"].values())
    assert [tag for tag in tags if tag.split("+")[0].lstrip("#") not in table("hxl")["hashtags"]] == []


def test_types_have_tags_by_themselves_and_concepts_before_them() -> None:
    compiled = compile_checked(
        check('consent\nask day date "When?"\nask born date "Born when?"\n  gives age\nask n integer "How many?"\n')
    )
    assert compiled.sheets is not None
    tags = {row.cells["name"]: row.cells.get("hxl", "") for row in compiled.sheets.survey if "name" in row.cells}
    assert (tags["day"], tags["born"], tags["n"]) == ("#date", "#indicator+age", "")


# ---- PIM804
@pytest.mark.parametrize(
    ("question", "level"),
    [
        ('text "In which village do you live?"', Severity.ERROR),
        ('text "Which village did you come from?"', Severity.WARNING),
        ('one "In which village do you live?"\n - a "A"\n - b "B"', None),
        ('text "What should change in this village?"', None),
    ],
)
def test_places_are_chosen_from_a_list(question: str, level: Severity | None) -> None:
    assert [d.level for d in said("PIM804", f"ask q {question}\n")] == ([level] if level else [])


CASCADE = 'use location_cascade from "nadim_pcodes.csv" levels adm1, adm2\nconsent\n'


@pytest.mark.parametrize(
    ("body", "facts", "expected"),
    [
        (CASCADE + LOW, "", 0),
        (CASCADE + MODERATE, "", 1),
        (CASCADE + MODERATE, '  place list "COD-AB Nadim, version 2"\n', 0),
        (MODERATE, "", 0),
    ],
    ids=["low", "no list", "list", "no places"],
)
def test_codes_have_a_version(body: str, facts: str, expected: int) -> None:
    found = said("PIM804", body, facts + FACTS)
    assert [d.level for d in found] == [Severity.WARNING] * expected


# ---- PIM805
def test_the_table_of_labels_is_what_the_library_says() -> None:
    written = data_path(*labels.PATH).read_text(encoding="utf-8")
    assert written == labels.as_text(), "run: python -m pimforms.resolve.labels"


SAFE = "How safe do you feel when you walk here during the day?"


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        (f'one of library how_safe "{SAFE}"', "`q` is worded as `safety_perception.saf_day` of the library"),
        (f'one of library how_safe "{SAFE.upper().rstrip("?")} "', "`q` is worded as `safety_perception.saf_day` of the library"),
        (f'one "{SAFE}"\n - very_safe "A"\n - rather_safe "B"\n - bad "C"', "`q` is worded as `safety_perception.saf_day` of the library (adds `bad` and lacks `rather_unsafe`, `very_unsafe`)"),
        ('one of library how_safe "How safe do you feel now when you walk here during the day?"', "`q` is worded as `safety_perception.saf_day` of the library"),
        ('one of library how_safe "How safe do you feel when you drive here during the day?"', None),
        (f'text "{SAFE}"', None),
        ('yes_no "Is the desk open?"', None),
    ],
    ids=["the same", "other signs", "other codes", "one word more", "another word", "not from a list", "its own"],
)  # fmt: skip
def test_a_question_of_the_library_is_known_again(question: str, expected: str | None) -> None:
    assert messages("PIM805", f"ask q {question}\n") == ([expected] if expected else [])


def test_a_module_in_use_is_not_offered() -> None:
    own = f'ask q one of library how_safe "{SAFE}"\n'
    assert messages("PIM805", own + "use safety_perception\n") == []


def test_a_translation_is_known_again_and_a_module_named_once() -> None:
    body = f'ask q one of library how_safe "{SAFE}"\n' + (
        'ask r one of library how_safe "How safe do you feel when you walk here at night?"\n'
    )
    (found,) = said("PIM805", body)
    assert found.message.endswith(", and `r` as another of that module") and len(found.related) == 1
    french = 'ask q one of library how_safe "Le jour, comment vous sentez-vous quand vous marchez ici ?"\n'
    assert len(said("PIM805", french, "  languages fr\n" + FACTS)) == 1


# ---- PIM806 and the matrix
HIGH = 'ask papers yes_no "Do you lack papers?"\n  topic civil_documents\n'
SEVERE = 'ask lost yes_no "Did you lose somebody?"\n  topic disappearance\n'
NAME = 'ask nm text "Your name?"\n  gives person_name\n  needed because "the office calls back" until 2027-01-31\n'


@pytest.mark.parametrize(
    ("share", "body", "expected"),
    [
        ("", LOW + MODERATE, None),
        ("", HIGH, "would receive HIGH: `papers`"),
        ("at most moderate", HIGH, None),
        ("without identities", HIGH, None),
        ("totals only", HIGH + SEVERE + NAME, None),
        ("", HIGH + "  shared as band\n", None),
        ("", HIGH + "  shared as keep\n", "would receive HIGH: `papers`"),
        ("", HIGH + "  shared as drop\n", None),
        ("", NAME, "would receive what identifies people: `nm`"),
        ("", NAME + "  shared as reference\n", None),
        ("without identities", NAME, None),
        ("", SEVERE + HIGH, "would receive SEVERE: `lost`; HIGH: `papers`"),
        ("", SEVERE + "  shared as band\n", "would receive SEVERE: `lost`"),
        ("without identities", SEVERE, None),  # it stays out by itself
        ("without identities at most severe", SEVERE, "would receive SEVERE: `lost`"),
    ],
)
def test_nobody_receives_more_than_their_level(share: str, body: str, expected: str | None) -> None:
    found = messages("PIM806", body, f'  share with "the group" {share}\n' + FACTS)
    assert found == ([f"“the group” {expected}"] if expected else [])


@pytest.mark.parametrize(
    ("share", "expected"),
    [
        ("without identities", "may receive LOW at most, and would receive MODERATE: `safe`"),
        ("totals only", "may receive LOW at most, and would receive MODERATE: `safe`"),
        ("totals only at most low", None),
    ],
)
def test_a_country_pack_limits_a_recipient(share: str, expected: str | None) -> None:
    facts = f'  follows "nadim.pack.pim"\n  share with "The local authorities" {share}\n' + FACTS
    found = said("PIM806", LOW + MODERATE, facts)
    assert [d.message for d in found] == ([f"“The local authorities” {expected}"] if expected else [])
    assert [what for d in found for what, _ in d.related] == ["the pack `nadim`"] * len(found)


def test_the_matrix_says_how_or_why_not() -> None:
    facts = '  share with "A" without identities\n  share with "B" totals only\n  share with "C" at most low\n' + FACTS
    body = LOW + MODERATE + HIGH + SEVERE + NAME + 'ask say text "What else?"\n  topic civil_documents\n'
    form = check(body, facts).form
    assert form is not None
    rows: dict[str, list[str]] = {}
    for share in sharing_matrix(form):
        rows.setdefault(share.field.name, []).append(share.how or f"no: {share.why}")
    most = "they receive LOW at most"
    assert rows == {
        "open": ["as it is", "in totals", "as it is"],
        "safe": ["as it is", "in totals", f"no: MODERATE: {most}"],
        "papers": ["as it is", "in totals", f"no: HIGH: {most}"],
        "lost": ["no: SEVERE: leaves in a referral only"] * 3,
        "nm": ["no: identifies a person", "no: identifies a person", f"no: MODERATE: {most}"],
        "say": ["no: HIGH: must be read first", "no: cannot be counted", f"no: HIGH: {most}"],
    }


def test_what_is_split_off_is_shared_with_nobody() -> None:
    facts = '  split contact\n  public key "office.pem"\n  share with "A" without identities\n' + FACTS
    refer = 'ask help yes_no "May we give your name to the legal desk?"\n  gives referral\n'
    form = check(NAME + refer + LOW, facts).form
    assert form is not None
    why = {share.field.name: share.why for share in sharing_matrix(form)}
    assert (why["nm"], why["help"]) == ("stands in the contact form",) * 2


@pytest.mark.parametrize(("split", "expected"), [(True, "joins to the contact form"), (False, "LOW")])
def test_the_code_that_leads_to_the_names_is_shared_with_nobody(split: bool, expected: str) -> None:
    facts = (
        ('  split contact\n  public key "office.pem"\n' if split else "")
        + '  share with "A" without identities\n'
        + FACTS
    )
    form = check("calculate code = random_code()\n  gives record_code\n" + NAME + LOW, facts).form
    assert form is not None
    assert {share.field.name: share.why for share in sharing_matrix(form)}["code"] == expected


# ---- PIM809
def test_a_code_of_a_framework_is_used_once() -> None:
    purpose = (
        PURPOSE + '  indicator "A" from open as "X-1"\n  indicator "B" from open as "X-1"\n  indicator "C" from open\n'
    )
    (found,) = said("PIM809", LOW, purpose=purpose)
    assert found.message == "the code `X-1` stands at two indicators"


# ---- PIM810 and the registry
HEADER = "title,places,population,start,end\n"


def overlap(tmp_path: Path, row: str, population: str = "Displaced households in Sarwan") -> list[Diagnostic]:
    (tmp_path / "registry.csv").write_text(HEADER + row + "\n", encoding="utf-8")
    (tmp_path / "nadim_pcodes.csv").write_bytes((TOUR / "nadim_pcodes.csv").read_bytes())
    facts = '  registry "registry.csv"\n' + FACTS.replace("People in block C", population)
    return [d for d in check(CASCADE + LOW, facts, folder=tmp_path).diagnostics if d.code in ("PIM810", "PF113")]


@pytest.mark.parametrize(
    ("row", "fires"),
    [
        ("Census,ND0101 ND0102,displaced families,2026-11-01,2026-11-20", True),
        ("Census,ND01,displaced families,2026-11-01,2026-11-20", True),  # the region that holds it
        ("Census,XX0101,displaced families,2026-11-01,2026-11-20", False),
        ("Census,ND0101,traders,2026-11-01,2026-11-20", False),
        ("Census,ND0101,households,2026-11-01,2026-11-20", False),  # says nothing about who
        ("Census,ND0101,displaced,2026-08-01,2026-08-24", True),  # ended not quite three months ago
        ("Census,ND0101,displaced,2026-08-01,2026-08-20", False),
        ("Census,ND0101,displaced,2027-02-20,2027-03-31", True),
        ("Census,ND0101,displaced,2027-02-26,2027-03-31", False),
    ],
)
def test_others_who_ask_the_same_people_are_named(tmp_path: Path, row: str, fires: bool) -> None:
    assert [d.code for d in overlap(tmp_path, row)] == (["PIM810"] if fires else [])


def test_the_message_says_who_where_and_when(tmp_path: Path) -> None:
    (found,) = overlap(tmp_path, "Census,ND0101,displaced,2026-11-01,2026-11-20")
    assert found.message == "“Census” asks the same people (displaced) in Sarwan, 2026-11-01 to 2026-11-20"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("title,places\nA,ND01\n", "`registry.csv` has no column `population`"),
        (HEADER, "`registry.csv` has no rows"),
        (HEADER + "A,ND01,x,soon,2026-12-01\n", "`registry.csv` line 2: `soon` is no date"),
        (HEADER + "A,ND01,x,2026-W46-1,2026-12-01\n", "`registry.csv` line 2: `2026-W46-1` is no date"),
        (HEADER + "A,ND01,x,2026-12-01,2026-11-01\n", "`registry.csv` line 2: it ends before it starts"),
        (HEADER + "A,ND01,x,2026-02-30,2026-11-01\n", "`registry.csv` line 2: `2026-02-30` is no date"),
    ],
)
def test_a_registry_that_does_not_fit_says_so(tmp_path: Path, text: str, message: str) -> None:
    (tmp_path / "registry.csv").write_text(text, encoding="utf-8")
    found = check(LOW, '  registry "registry.csv"\n' + FACTS, folder=tmp_path).diagnostics
    assert [d.message for d in found if d.code == "PF113"] == [message]


def test_a_registry_that_is_not_there_says_so(tmp_path: Path) -> None:
    found = check(LOW, '  registry "registry.csv"\n' + FACTS, folder=tmp_path).diagnostics
    assert [d.code for d in found if d.is_error] == ["PF113"]


# ---- all of it
@pytest.mark.parametrize("path", forms_in(ROOT / "examples" / "controls"), ids=lambda path: path.stem)
def test_a_low_form_is_left_alone(path: Path) -> None:
    assert [d.code for d in check_file(path, today=TODAY).diagnostics if d.code.startswith("PIM8")] == []


def test_only_what_is_worth_a_look_is_said_of_the_tour() -> None:
    found = check_file(TOUR / "tour.pim", today=TODAY).diagnostics
    assert [d.code for d in found if d.code.startswith("PIM8")] == ["PIM804", "PIM805", "PIM805", "PIM805"]


def test_show_prints_who_receives_what() -> None:
    form = check(LOW + SEVERE, '  share with "A" without identities\n' + FACTS).form
    assert form is not None
    assert sharing(form).split("\n") == [
        "answer  level   A",
        "open    LOW     as it is",
        "lost    SEVERE  no (SEVERE: leaves in a referral only)",
    ]


def test_an_impossible_day_in_the_head_is_said_and_breaks_nothing() -> None:
    facts = FACTS.replace("2026-10-20", "2026-13-40")
    purpose = PURPOSE.replace("2027-01-31", "2027-02-30")
    found = check(
        MODERATE
        + 'waive PIM801 because "nobody could look because the roads were closed all of this month" by "Head" until 2026-12-32\n',
        facts,
        purpose,
    )
    days = [d.message for d in found.diagnostics if d.code == "PF221"]
    assert days == ["there is no day 2026-13-40", "there is no day 2027-02-30", "there is no day 2026-12-32"]
