"""PIM504: how many records look alike in what is shared. Every number here is worked by hand beside it."""

from __future__ import annotations

from pathlib import Path
from timeit import timeit

import pytest

from conftest import ROOT, TODAY
from heads import HOUSEHOLD as HEAD
from pimforms.compiler import Checked, check_file, check_source
from pimforms.diagnostics import Diagnostic
from pimforms.model.alike import cheapest_changes, expected_after, least_alike, singles_out
from pimforms.model.form import Form
from pimforms.model.level import Level
from pimforms.source import Source, normalise, read_source
from pimforms.standards.data import table

F1 = ROOT / "examples" / "f1_core" / "f1_core.pim"
SHARED = '  share with   "the group" without identities\n'


def checked(body: str, share: str = SHARED, records: int = 400, head: str = HEAD, folder: Path = ROOT) -> Checked:
    head = head.replace("600 households", f"{records} households").replace("  contact ", f"{share}  contact ", 1)
    return check_source(Source("x.pim", normalise(head + body)), folder, today=TODAY)


def form_of(body: str, **changes: object) -> Form:
    form = checked(body, **changes).form  # type: ignore[arg-type]
    assert form is not None
    return form


def said(body: str, **changes: object) -> list[Diagnostic]:
    return [d for d in checked(body, **changes).diagnostics if d.code == "PIM504"]  # type: ignore[arg-type]


def k(body: str, **changes: object) -> float | None:
    alike = least_alike(form_of(body, **changes))
    return None if alike is None else alike.expected


def places(count: int) -> str:
    return "choices places\n" + "".join(f' p{n} "Place {n}"\n' for n in range(count)) + "end choices\n"


SEX = 'ask sex one of library sex "Your sex?"\n gives sex\n'
AGE = 'ask age integer "Your age?"\n gives age\n'
BAND = 'ask band one of library adult_age_bands "Your age?"\n gives age_band\n'
VILLAGE = places(20) + 'ask village one of places "Which village?"\n gives adm4\n'
MARRIED = 'ask married one "Are you married?"\n - yes "Yes"\n - was "I was"\n - no "No"\n gives marital_status\n'


# ---- the number
@pytest.mark.parametrize(
    ("body", "records", "expected"),
    [
        ("", 400, 400),
        (SEX, 401, 1 + 400 * 0.5),  # two answers, each for one half: 0.5² + 0.5²
        (AGE, 401, 1 + 400 / 80),  # 80 years, all as likely
        (SEX + AGE, 401, 1 + 400 * 0.5 / 80),
        (VILLAGE, 401, 1 + 400 / 20),  # as many as the list has
        ('ask village text "Which village?"\n gives adm4\n', 1201, 1 + 1200 / 600),
        (MARRIED, 101, 1 + 100 * (0.55**2 + 0.25**2 + 0.20**2)),  # three choices: the last two of four shares together
        (BAND, 101, 1 + 100 * (0.44**2 + 0.20**2 + 0.36**2)),
        (AGE.replace("integer", "date"), 29201, 1 + 29200 / 29200),
    ],
    ids=[
        "nothing tells people apart", "sex", "age in years", "sex and age", "village of 20", "village as text",
        "a shorter list", "bands", "a date of birth",
    ],
)  # fmt: skip
def test_the_number_is_worked_by_hand(body: str, records: int, expected: float) -> None:
    assert k(body + 'ask a yes_no "A?"\n', records=records) == pytest.approx(expected)


def test_of_answers_that_say_the_same_the_most_exact_counts() -> None:
    assert k(AGE + BAND, records=401) == pytest.approx(1 + 400 / 80)
    both = VILLAGE + 'ask district one of library sex "D?"\n gives adm2\n'
    assert k(both, records=401) == pytest.approx(1 + 400 / 20)


def test_rosters_are_left_out() -> None:
    assert k("use sadd_roster as members\n", records=400) == 400


@pytest.mark.parametrize(
    ("how", "expected"),
    [
        ("keep", 1 + 400 / 80),
        ("band", 1 + 400 * 0.282),  # 0.44² + 0.20² + 0.15² + 0.15² + 0.06²
        ("drop", 401),
        ("suppress", 401),
        ("reference", 401),
    ],
)
def test_what_is_shared_less_exactly_counts_so(how: str, expected: float) -> None:
    assert k(f"{AGE} shared as {how}\n", records=401) == pytest.approx(expected, rel=1e-3)


def test_a_village_shared_as_its_district_counts_as_the_district() -> None:
    asked = (
        'choices districts\n d1 "D1"\n d2 "D2"\n d3 "D3"\n d4 "D4"\nend choices\n' + VILLAGE + " shared as generalise\n"
    )
    assert k(asked + 'ask d one of districts "D?"\n gives adm2\n', records=401) == pytest.approx(1 + 400 / 4)


# ---- who receives
@pytest.mark.parametrize(
    ("share", "verdict"),
    [
        ("", False),
        ('  share with "donors" totals only\n', False),
        ('  share with "the group" without identities\n', True),
        ('  share with "the group"\n', True),
    ],
    ids=["nobody", "totals", "records", "everything"],
)
def test_only_shared_records_can_tell_people_apart(share: str, verdict: bool) -> None:
    assert (k(AGE, share=share) is not None) is verdict


def test_what_a_recipient_does_not_receive_does_not_count() -> None:
    low = '  share with "donors" without identities at most low\n'
    assert k(SEX + AGE, share=low, records=401) == pytest.approx(1 + 400 * 0.5)  # an age in years is MODERATE
    assert k(SEX + AGE, share=low + SHARED, records=401) == pytest.approx(1 + 400 * 0.5 / 80)


def test_without_a_sample_the_population_counts_and_without_both_nothing() -> None:
    unsampled = "".join(line + "\n" for line in HEAD.splitlines() if not line.startswith("  sample"))
    assert k(AGE, head=unsampled) == pytest.approx(1 + 19999 / 80)
    assert k(AGE, head=unsampled.replace(" size 20000", "")) is None


def test_answers_about_a_place_are_not_about_people() -> None:
    assert k(AGE, head=HEAD.replace("household,", "site,")) is None


# ---- the verdict
@pytest.mark.parametrize(
    ("records", "level"),
    [(321, None), (320, "warning"), (161, "warning"), (160, "error")],
    ids=["k 5", "k below 5", "k 3", "k below 3"],
)
def test_below_five_is_a_warning_and_below_three_an_error(records: int, level: str | None) -> None:
    # age in years: k = 1 + (n - 1) / 80, which is 5 at 321 and 3 at 161
    assert [d.level.value for d in said(AGE + 'ask a yes_no "A?"\n', records=records)] == ([level] if level else [])


def test_it_is_waivable_and_shows_its_formula() -> None:
    (found,) = said(SEX + AGE, records=161)
    assert found.rule.waivable
    assert found.message == "of 161 shared records only about 2.0 look alike, so people could be recognised"
    assert found.why.startswith(
        "k = 1 + (161 - 1) × 1/2 (sex) × 1/80 (age); 5 or more should look alike. A rough bound"
    )
    assert found.fix == "write `shared as band` under `age`: then about 24 look alike"  # 1 + 160 × 0.5 × 0.282 = 23.6


def test_the_cheapest_coarsening_that_is_enough_is_offered() -> None:
    # Together k = 1 + 1200 × 0.5 × 1/80 × 1/20 × 0.405 = 1.15. The age in bands (cost 1) gives 1 + 1200 × 0.5 × 0.282 ×
    # 1/20 × 0.405 = 4.4, and the village as a district of 4 (cost 1) gives 1.76; only both reach 5: 1 + 17.1 = 18.1.
    districts = 'choices ds\n d1 "D"\n d2 "E"\n d3 "F"\n d4 "G"\nend choices\nask d one of ds "D?"\n gives adm2\n'
    form = form_of(SEX + AGE + MARRIED + VILLAGE + districts, records=1201)
    alike = least_alike(form)
    assert alike is not None and alike.expected == pytest.approx(1.152, abs=1e-3)
    changes = cheapest_changes(form, alike, 5)
    assert [(c.traits[0].item.name, c.how, c.to) for c in changes] == [
        ("age", "band", "age_band"),
        ("village", "generalise", "adm2"),
    ]
    assert expected_after(alike, changes) == pytest.approx(1 + 1200 * 0.5 * 0.2822 * 0.405 / 4, rel=1e-3)


def test_a_village_of_the_library_is_left_out_of_its_levels(tmp_path: Path) -> None:
    rows = [(f"d{n // 10}", f"s{n // 5}", f"v{n}") for n in range(60)]  # 6 districts, 12 sub-districts, 60 villages
    columns = ",".join(f"adm{level}_pcode,adm{level}_name_en" for level in (2, 3, 4))
    lines = [",".join(f"{code},{code}" for code in row) for row in rows]
    (tmp_path / "places.csv").write_text("\n".join([columns, *lines]) + "\n", encoding="utf-8")
    body = SEX + BAND + 'use location_cascade from "places.csv" levels adm2, adm3, adm4\n'
    (found,) = [d for d in checked(body, records=241, folder=tmp_path).diagnostics if d.code == "PIM504"]
    # k = 1 + 240 × 0.5 × 0.363 × 1/60 = 1.7; by district 1 + 240 × 0.5 × 0.363 × 1/6 = 8.3
    assert found.fix == "leave `adm3`, `adm4` out of its `levels`: then about 8 look alike"


def test_nobody_is_told_to_change_what_cannot_help() -> None:
    (found,) = said(AGE + VILLAGE, records=4)
    assert found.fix.startswith("share totals only")


# ---- levels
FOUR = SEX + AGE + MARRIED + VILLAGE
WAIVER = (
    'waive PIM504 because "the group signed that it keeps these records in one room and shows them to nobody" '
    'by "Data protection officer" until 2026-12-31\n'
)


def test_a_waived_record_of_four_such_answers_is_one_level_more_sensitive() -> None:
    assert form_of(FOUR).level is Level.MODERATE
    assert form_of(WAIVER + FOUR).level is Level.HIGH
    assert form_of(WAIVER + SEX + AGE + VILLAGE).level is Level.MODERATE


def test_a_low_form_is_spoken_of_only_where_four_answers_leave_fewer_than_three() -> None:
    low = SEX + BAND + 'ask n integer "How many live here?"\n gives household_size\n' + MARRIED
    # k = 1 + 40 × 0.5 × 0.363 × 0.122 × 0.405 = 1.36, and without the marriage 1 + 40 × 0.5 × 0.363 × 0.122 = 1.88
    assert form_of(low, records=41).level is Level.LOW
    assert singles_out(form_of(low, records=41)) and len(said(low, records=41)) == 1
    assert said(low.replace(MARRIED, ""), records=41) == []


# ---- the monitoring form
def test_the_clean_monitoring_form_keeps_people_alike() -> None:
    form = check_file(F1, today=TODAY).form
    assert form is not None
    alike = least_alike(form)
    assert alike is not None
    # 3 districts, 2 sexes, 3 bands of age, 5 kinds of displacement, disability or not:
    # 1 + 1199 × 1/3 × 0.5 × 0.3632 × 0.3402 × 0.745 = 19.4
    assert alike.expected == pytest.approx(19.4, abs=0.05)


def with_fault() -> str:
    """The form with an exact age, a village, a marital status and an origin."""
    languages = ("fr", "ar")

    def ask(line: str) -> str:
        return line + "\n" + "".join(f'    {language}: "(text)"\n' for language in languages)

    choices = "".join(ask(f'    v{n} "Village {n}"') for n in range(30))
    origins = "".join(ask(f'    - o{n} "Origin {n}"') for n in range(4))
    states = "".join(ask(f'    - m{n} "State {n}"') for n in range(4))
    fault = (
        f"choices villages\n{choices}end choices\n"
        + ask('ask village one of villages "Village" for services') + "  gives adm4\n"
        + ask('ask own_age integer "Your age in years" for services') + "  gives age\n"
        + ask('ask married one "Are you married?" for services') + "  gives marital_status\n" + states
        + ask('ask origin one "Which community are you from?" for services') + "  gives ethnicity\n" + origins
    )  # fmt: skip
    return read_source(F1).text.replace("use respondent_profile\n", f"use respondent_profile\n{fault}", 1)


def test_age_village_marriage_and_origin_single_people_out() -> None:
    source = Source("f1_core.pim", normalise(with_fault()))
    result = check_source(source, F1.parent, today=TODAY)
    assert {d.code for d in result.diagnostics if d.is_error} == {"PIM504"}
    (found,) = [d for d in result.diagnostics if d.code == "PIM504"]
    assert found.message == "of 1200 shared records only about 1.0 look alike, so people could be recognised"
    # district, band and no origin: 1 + 1199 × 1/3 × 0.5 × 0.3632 × 0.3402 × 0.745 × 0.385 = 8.1
    assert found.fix == (
        "write `shared as generalise` under `village`; write `shared as band` under `own_age`; "
        "write `shared as drop` under `origin`: then about 8 look alike"
    )


# ---- the table
def test_every_answer_that_tells_people_apart_has_a_share() -> None:
    """But for a code that only the office knows, and the role of somebody who speaks of a place."""
    quasi = {name for name, row in table("concepts").items() if row["identifies"] == "quasi"}
    assert quasi - set(table("marginals")) == {"informant_code", "informant_role"}


@pytest.mark.parametrize("concept", sorted(table("marginals")))
def test_shares_make_a_whole_and_steps_lead_somewhere(concept: str) -> None:
    row = table("marginals")[concept]
    assert ("shares" in row) != ("values" in row)
    assert sum(row.get("shares", [1])) == pytest.approx(1)
    assert row["steps"][-1]["how"] == "drop"
    assert all(step.get("to", "sex") in table("marginals") for step in row["steps"])
    assert all(step["how"] in table("facts")["shared_as"] for step in row["steps"])


def test_it_takes_no_time() -> None:
    form = check_file(F1, today=TODAY).form
    assert form is not None
    assert timeit(lambda: least_alike(form), number=10) < 0.2
