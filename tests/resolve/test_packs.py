"""Country packs and the list of interviewers: what they add to a form, and what is said of a broken one."""

from __future__ import annotations

from pathlib import Path

from conftest import TODAY
from pimforms.compiler import Checked, check_source
from pimforms.model.level import Level
from pimforms.source import Source

FORM = """\
form visit "Visit"
  organisation "Relief"
  category     sectoral
  population   "People in block C"
  contact      "Desk, block C, free line 555"
{facts}
purpose services "Better services"
  tell people "make services better"
ask shop yes_no "Is the shop open?"
  topic markets
"""


def check(folder: Path, *facts: str) -> Checked:
    text = FORM.format(facts="\n".join(f"  {fact}" for fact in facts))
    return check_source(Source("visit.pim", text), folder, today=TODAY)


def said(checked: Checked) -> list[str]:
    return [f"{d.place.path}: {d.code} {d.message}" for d in checked.diagnostics if d.code.startswith("PF")]


def test_a_pack_forbids_raises_levels_and_shortens(tmp_path: Path) -> None:
    (tmp_path / "nadim.pack.pim").write_text(
        'pack nadim "Nadim" version 3\n  do not ask ethnicity\n  context conflict\n'
        '  level markets high because "markets were attacked"\n  recipient "Donors" at most low\n  minutes at most 40\n',
        encoding="utf-8",
    )
    form = check(tmp_path, "do not ask religion", 'follows "nadim.pack.pim"').form
    assert form is not None
    assert [(each.term, each.pack) for each in form.facts.forbidden] == [("religion", None), ("ethnicity", "nadim")]
    assert form.facts.context == ("conflict",)
    assert form.facts.minutes == 40
    assert form.level is Level.HIGH
    assert form.packs[0].recipients == (("Donors", Level.LOW),)


def test_the_forms_own_minutes_stand(tmp_path: Path) -> None:
    (tmp_path / "a.pack.pim").write_text('pack a "A" version 1\n  minutes at most 40\n', encoding="utf-8")
    form = check(tmp_path, "minutes at most 20", 'follows "a.pack.pim"').form
    assert form is not None and form.facts.minutes == 20


def test_a_pack_that_is_not_there_is_said_at_its_line(tmp_path: Path) -> None:
    assert said(check(tmp_path, 'follows "nadim.pack.pim"')) == [
        "visit.pim: PF113 the country pack `nadim.pack.pim` cannot be read: there is no such file"
    ]


def test_a_file_without_pack_is_no_pack(tmp_path: Path) -> None:
    (tmp_path / "a.pim").write_text('module a "A" version 1\n', encoding="utf-8")
    assert said(check(tmp_path, 'follows "a.pim"')) == ["visit.pim: PF113 `a.pim` is no country pack"]


def test_a_broken_line_of_a_pack_is_said_in_the_pack(tmp_path: Path) -> None:
    (tmp_path / "a.pack.pim").write_text('pack a "A" version 1\n  do not ask ethnicty\n', encoding="utf-8")
    (found,) = said(check(tmp_path, 'follows "a.pack.pim"'))
    assert found.startswith("a.pack.pim: PF106") and "`ethnicty`" in found


def test_a_level_is_lowered_only_with_a_reason(tmp_path: Path) -> None:
    (tmp_path / "a.pack.pim").write_text('pack a "A" version 1\n  level movement low\n', encoding="utf-8")
    assert said(check(tmp_path, 'follows "a.pack.pim"')) == [
        "a.pack.pim: PF113 the country pack makes `movement` LOW and does not say why"
    ]


def test_interviewers_are_read_from_their_list(tmp_path: Path) -> None:
    (tmp_path / "team.csv").write_text(
        "code,training,valid_to,sex,languages\nE01,pim_basics gbv,2027-01-31,female,ar en\nE02,pim_basics,,male,ar\n",
        encoding="utf-8",
    )
    form = check(tmp_path, 'interviewers "team.csv"').form
    assert form is not None
    assert [(one.code, one.training, one.valid_to, one.sex) for one in form.facts.roster] == [
        ("E01", ("pim_basics", "gbv"), "2027-01-31", "female"),
        ("E02", ("pim_basics",), None, "male"),
    ]


def test_a_list_of_interviewers_says_what_is_wrong(tmp_path: Path) -> None:
    cases = {
        "code,skills\nE01,gbv\n": "has no column `training`",
        "code,training,name\nE01,gbv,Amal\n": "holds names or numbers",
        "code,training\nE01,gbv\nE01,cp\n": "line 3: `E01` stands twice",
        "code,training\nE01,driving\n": "line 2: `driving` is no training",
        "code,training,sex\nE01,gbv,f\n": "line 2: `f` is no sex",
        "code,training,valid_to\nE01,gbv,31.3.2027\n": "line 2: `31.3.2027` is no date",
        "code,training,valid_to\nE01,gbv,2027-02-30\n": "line 2: `2027-02-30` is no date",
        "code,training\nAmal B.,gbv\n": "line 2: `Amal B.` is no code",
    }
    for number, (text, expected) in enumerate(cases.items()):
        (tmp_path / f"{number}.csv").write_text(text, encoding="utf-8")
        found = said(check(tmp_path, f'interviewers "{number}.csv"'))
        assert len(found) == 1 and expected in found[0], (text, found)


def level_of(folder: Path, *packs: str) -> Level:
    """The level of the form under these packs: of movement, which is SEVERE in a conflict."""
    names = []
    for number, text in enumerate(packs):
        names.append(f'follows "p{number}.pack.pim"')
        (folder / f"p{number}.pack.pim").write_text(f'pack p{number} "P" version 1\n{text}\n', encoding="utf-8")
    text = FORM.format(facts="\n".join(f"  {name}" for name in names)).replace("topic markets", "topic movement")
    form = check_source(Source("visit.pim", text), folder, today=TODAY).form
    assert form is not None
    return form.level


def test_below_what_is_usual_in_a_conflict_a_pack_needs_its_reason(tmp_path: Path) -> None:
    assert level_of(tmp_path, "  context conflict") is Level.SEVERE
    assert level_of(tmp_path, "  context conflict\n  level movement high") is Level.SEVERE
    assert level_of(tmp_path, '  context conflict\n  level movement high because "it is known"') is Level.HIGH


def test_of_two_packs_the_one_that_protects_more_holds(tmp_path: Path) -> None:
    low = '  level movement low because "it is known"'
    assert level_of(tmp_path, low, "  level movement severe") is Level.SEVERE
    assert level_of(tmp_path, "  level movement severe", low) is Level.SEVERE
