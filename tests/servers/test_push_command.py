"""The commands as people run them: push, push again, change, break, verify, pull, diff; on both kinds of server."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from central_kit import PASSWORD, central_running
from fake_central import ADMIN
from fake_kobo_state import Permission
from kobo_packages import TOKEN, bench
from loopback import Fault, Given, Loopback

from conftest import ROOT
from pimforms.cli.main import main
from pimforms.cli.report_push import once
from pimforms.diagnostics import Diagnostic, rule_of
from pimforms.rules.server_place import server_not_allowed
from pimforms.servers import safe
from pimforms.servers.config import add_server, read_settings
from pimforms.servers.secret import Secret
from pimforms.source import Place, Source

FORM = """form desk "Service desk"
  organisation "Relief"
  category     sectoral
  population   "People in block C"
  contact      "the desk in block C"
  version      "2026.11"
purpose better "Better services"
  tell people "make services better"
ask used yes_no "Did you come to this desk in the last 30 days?"
ask why one "Why did you come?"
  - paper "To get a paper"
  - food  "To get food"
"""
RELABELLED = FORM.replace("Did you come", "Have you come")
BROKEN = FORM + 'calculate greeting = raw xpath "${nobody}"\n'
RENAMED = FORM.replace("ask used", "ask came")


@dataclass
class Desk:
    """A form in a folder, and a server that a team calls `office`."""

    folder: Path
    server: Loopback
    kind: str
    capsys: pytest.CaptureFixture[str]
    fake: object
    out: str = ""
    err: str = ""

    @property
    def form(self) -> Path:
        return self.folder / "desk.pim"

    def write(self, text: str) -> None:
        self.form.write_text(text, encoding="utf-8")

    def run(self, *words: str) -> int:
        code = main([*words, "--today", "2026-11-22"] if words[0] in ("push", "verify") else list(words))
        self.out, self.err = self.capsys.readouterr()
        assert PASSWORD not in self.out + self.err
        assert TOKEN.value not in self.out + self.err
        return code

    def push(self, *more: str, stage: str = "--production") -> int:
        return self.run("push", str(self.form), "--to", "office", stage, "--yes", "--no-gate", *more)

    def sends(self) -> list[str]:
        """What was sent since the last time that could change a form."""
        sent = [f"{asked.method} {asked.path}" for asked in self.server.changes if "/sessions" not in asked.path]
        self.server.log.clear()
        return sent


@contextmanager
def central(folder: Path, capsys: pytest.CaptureFixture[str]) -> Iterator[Desk]:
    with central_running() as kit:
        add_server("office", {"kind": "central", "url": kit.server.address, "username": ADMIN, "project": "1"})
        safe.keep_secret(read_settings(folder).server("office"), Secret(PASSWORD))
        yield Desk(folder, kit.server, "central", capsys, kit.fake)


@contextmanager
def kobo(folder: Path, capsys: pytest.CaptureFixture[str]) -> Iterator[Desk]:
    with bench() as made:
        add_server("office", {"kind": "kobo", "url": made.loopback.address})
        safe.keep_secret(read_settings(folder).server("office"), TOKEN)
        yield Desk(folder, made.loopback, "kobo", capsys, made.fake)


SERVERS = {"central": central, "kobo": kobo}


@pytest.fixture(params=SERVERS)
def desk(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Iterator[Desk]:
    monkeypatch.setenv("PIMFORMS_CONFIG", str(tmp_path / "config"))
    monkeypatch.setenv("PIMFORMS_NO_KEYRING", "1")
    monkeypatch.setattr("time.sleep", lambda seconds: None)  # nobody waits for a fake
    monkeypatch.chdir(tmp_path)
    with SERVERS[request.param](tmp_path, capsys) as made:
        made.write(FORM)
        yield made


def test_push_push_again_change_and_break(desk: Desk) -> None:
    assert desk.push() == 0, desk.err
    assert "live: version" in desk.out
    assert desk.sends()

    assert desk.push() == 0
    assert "nothing to do" in desk.out
    assert desk.sends() == []

    desk.write(RELABELLED)
    assert desk.push() == 0, desk.err
    assert "1 change the meaning" in desk.out
    assert desk.sends()
    assert desk.run("verify", str(desk.form), "--on", "office") == 0, desk.out

    desk.write(BROKEN)
    assert desk.push() == 3
    assert "desk.pim:13" in desk.err
    desk.write(RELABELLED)
    assert desk.run("verify", str(desk.form), "--on", "office") == 0, desk.out
    desk.sends()
    assert desk.push() == 0
    assert "nothing to do" in desk.out
    assert desk.sends() == []


def test_what_is_live_comes_back_as_a_workbook_and_is_the_same(desk: Desk) -> None:
    assert desk.push() == 0, desk.err
    assert desk.run("pull", "desk", "--from", "office", "-o", "live.xlsx") == 0, desk.err
    assert desk.run("diff", "live.xlsx", "desk.pim") == 0, desk.err
    assert "no difference" in desk.out
    assert desk.run("diff", "office:desk", "desk.pim", "--breaking") == 0, desk.err
    desk.write(RENAMED)
    assert desk.run("diff", "office:desk", "desk.pim", "--breaking") == 1


def test_a_dry_run_changes_nothing(desk: Desk) -> None:
    assert desk.push("--dry-run") == 0, desk.err
    assert desk.sends() == []
    assert desk.push() == 0


def test_a_draft_is_not_published(desk: Desk) -> None:
    assert desk.push(stage="--draft") == 0, desk.err
    assert "not published" in desk.out
    assert desk.run("verify", str(desk.form), "--on", "office") == 3
    assert "not live" in desk.err
    assert desk.push() == 0


def test_a_pilot_is_a_project_of_its_own(desk: Desk) -> None:
    assert desk.push(stage="--pilot") == 0, desk.err
    assert desk.run("pull", "desk_pilot", "--from", "office") == 0
    assert desk.run("pull", "desk", "--from", "office") == 3
    assert desk.run("verify", str(desk.form), "--on", "office", "--pilot") == 0, desk.out


def test_a_form_with_errors_goes_nowhere(desk: Desk) -> None:
    desk.write(FORM.replace("ask why one", "ask why eins"))
    assert desk.push() == 1
    assert "nothing was sent" in desk.out
    assert desk.server.log == []


def test_a_draft_form_goes_nowhere(desk: Desk) -> None:
    desk.write(FORM + "draft\n")
    assert desk.push() == 1
    assert "PF407" in desk.out
    assert desk.server.log == []


def test_publishing_is_asked_about(desk: Desk) -> None:
    words = ["push", str(desk.form), "--to", "office", "--production", "--no-gate"]
    assert desk.run(*words) == 2
    assert "--yes" in desk.err
    assert desk.sends() == []


def test_a_program_reads_one_object(desk: Desk) -> None:
    assert desk.push("--json") == 0
    told = json.loads(desk.out)
    assert told["exit"] == 0
    assert told["forms"][0]["form_id"] == "desk"
    assert told["forms"][0]["live_version"]
    assert {row["verdict"] for row in told["forms"][0]["demands"]} <= {"ok", "not known"}
    assert desk.push("--json") == 0
    assert json.loads(desk.out)["forms"][0]["did"] == []


def test_a_server_that_is_not_there(desk: Desk) -> None:
    desk.server.faults.append(
        Fault("instead", times=99, answer=Given(503, "<html>", {"Retry-After": "0"}, "text/html"))
    )
    assert desk.push("--json") == 4
    assert json.loads(desk.out)["exit"] == 4
    assert "<html>" not in desk.err


def test_a_login_that_is_not_accepted(desk: Desk) -> None:
    safe.keep_secret(read_settings(desk.folder).server("office"), Secret("wrong"))
    assert desk.push() == 3
    assert "pimforms servers add" in desk.err


def test_no_login_at_all(desk: Desk) -> None:
    safe.secrets_file().unlink()
    assert desk.push() == 2
    assert "PIMFORMS_SECRET_127_0_0_1" in desk.err


def test_a_server_that_nobody_described(desk: Desk) -> None:
    assert desk.run("push", str(desk.form), "--to", "camp", "--no-gate") == 2
    assert "write one of these: office" in desk.err


def test_servers_are_listed_and_tried(desk: Desk) -> None:
    assert desk.run("servers", "list") == 0
    assert "office" in desk.out
    assert "login kept" in desk.out
    assert desk.run("servers", "test", "office") == 0
    assert "knows you as" in desk.out


def one_object(desk: Desk) -> dict:
    """What a program reads: one object, and nothing else on standard output."""
    told = json.loads(desk.out)
    assert isinstance(told, dict)
    return told


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["push", "nowhere.pim", "--to", "office"], 2),
        (["push", "-", "--to", "office"], 2),
        (["push", "desk.pim", "--to", "camp"], 2),
        (["push", "desk.pim", "--to", "office", "--production", "--no-gate"], 2),  # nobody said --yes
        (["push", "desk.pim", "--to", "office", "--sideways"], 2),
        (["push", "desk.pim", "--to", "office", "--production", "--no-gate", "--dry-run"], 0),
        (["push", "wrong.pim", "--to", "office"], 1),
        (["verify", "wrong.pim", "--on", "office"], 1),
        (["verify", "desk.pim", "--on", "office"], 3),
        (["verify", "nowhere.pim", "--on", "office"], 2),
        (["pull", "desk", "--from", "office"], 3),
        (["pull", "desk", "--from", "office", "-o", "desk.txt"], 2),
        (["pull", "wrong.pim", "--from", "office"], 2),
        (["servers", "list"], 0),
        (["servers", "test", "office"], 0),
        (["servers", "test", "camp"], 2),
    ],
)
def test_a_program_always_reads_one_object_with_the_number(desk: Desk, words: list[str], code: int) -> None:
    (desk.folder / "wrong.pim").write_text("form\n", encoding="utf-8")
    assert desk.run(*words, "--json") == code
    assert one_object(desk)["exit"] == code


def test_a_program_reads_one_object_also_when_a_person_stops_it(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def stopped(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("pimforms.cli.push._Push._deliver", stopped)
    assert desk.push("--json") == 2
    assert one_object(desk)["error"] == "stopped"


def test_a_dry_run_says_what_a_push_would_do_and_nothing_less(desk: Desk) -> None:
    assert desk.push("--dry-run", "--json") == 0
    assert one_object(desk)["forms"][0]["would"]
    assert desk.push("--json") == 0
    assert desk.push("--dry-run", "--json") == 0
    assert one_object(desk)["forms"][0]["would"] == []
    desk.sends()
    project = desk.folder / "pimforms.toml"
    project.write_text('[servers.office.roles]\ninterviewer = ["ana"]\n', encoding="utf-8")
    desk.write(FORM.replace("  version ", "  access       interviewer submit_own\n  version "))
    assert desk.push() == 0, desk.out + desk.err
    who = desk.fake.only.permissions if desk.kind == "kobo" else desk.fake.project.form("desk").assigned
    who[:] = who[:1] if desk.kind == "kobo" else []  # somebody takes the right away again; the rows are the same
    desk.sends()
    assert desk.push("--dry-run") == 0
    assert "ana" in desk.out
    assert "nothing to do" not in desk.out
    assert desk.sends() == []


@pytest.mark.parametrize("what", ["submit_own", "view_own", "totals_only", "without_identities", "all"])
def test_what_a_push_gives_a_role_is_never_refused_afterwards(desk: Desk, what: str) -> None:
    (desk.folder / "pimforms.toml").write_text('[servers.office.roles]\nworker = ["ana"]\n', encoding="utf-8")
    desk.write(FORM.replace("  version ", f"  access       worker {what}\n  version "))
    assert desk.push() == 0, desk.out
    assert desk.push() == 0, desk.out


@pytest.mark.parametrize("desk", ["kobo"], indirect=True)  # on ODK Central the name is part of the workbook
def test_a_push_without_yes_asks_also_if_only_the_name_on_the_server_differs(desk: Desk) -> None:
    assert desk.push() == 0
    desk.fake.only.name = "Another name"
    desk.sends()
    assert desk.run("push", str(desk.form), "--to", "office", "--production", "--no-gate") == 2
    assert desk.sends() == []


def test_a_second_push_of_a_draft_does_not_say_that_what_is_live_is_this_form(desk: Desk) -> None:
    assert desk.push() == 0
    desk.write(RELABELLED)
    assert desk.push(stage="--draft") == 0
    assert desk.push(stage="--draft") == 0
    assert "nothing to do, the draft on the server is what this form says" in desk.out


def collect(desk: Desk, records: int) -> None:
    """Records arrive at the form that is live."""
    form = desk.fake.only if desk.kind == "kobo" else desk.fake.project.form("desk")
    form.records = records


def test_records_that_would_break_stop_a_push_until_the_map_says_where_they_go(desk: Desk) -> None:
    assert desk.push() == 0, desk.err
    desk.write(RENAMED)
    assert desk.push("--dry-run") == 0, desk.out  # nothing was collected yet, so nothing breaks
    collect(desk, 7)
    desk.sends()
    assert desk.push() == 1
    assert "PF411" in desk.out
    assert "7 records are there" in desk.out
    assert "used,came" in desk.out
    assert desk.push("--migrate") == 1
    assert desk.sends() == []

    (desk.folder / "desk.renames.csv").write_text("old,new\nused,came\n", encoding="utf-8")
    assert desk.push() == 1
    migrate = ["--migrate", *(["--accept", "structure"] if desk.kind == "central" else [])]
    assert desk.push(*migrate) == 0, desk.out + desk.err
    assert desk.push(*migrate) == 0, desk.out + desk.err
    assert "nothing to do" in desk.out


def test_a_question_that_goes_for_good_stands_in_the_map_with_nothing_behind_it(desk: Desk) -> None:
    assert desk.push() == 0, desk.err
    collect(desk, 7)
    desk.write(FORM.replace('ask used yes_no "Did you come to this desk in the last 30 days?"\n', ""))
    assert desk.push("--migrate") == 1
    assert "used," in desk.out
    (desk.folder / "desk.renames.csv").write_text("old,new\nused,\n", encoding="utf-8")
    migrate = ["--migrate", *(["--accept", "structure"] if desk.kind == "central" else [])]
    assert desk.push(*migrate) == 0, desk.out + desk.err


def test_a_map_that_does_not_hold_is_said_with_its_line(desk: Desk) -> None:
    assert desk.push() == 0, desk.err
    desk.write(RENAMED)
    (desk.folder / "desk.renames.csv").write_text("old,new\nusd,came\n", encoding="utf-8")
    assert desk.push() == 1
    assert "desk.renames.csv:2" in desk.out


def test_what_somebody_changed_on_the_server_is_not_undone_in_silence(desk: Desk) -> None:
    assert desk.push() == 0, desk.err
    if desk.kind == "kobo":
        desk.fake.edit(desk.fake.only)
    else:
        form = desk.fake.project.form("desk")
        form.current.note = "by hand"
    desk.write(RELABELLED)
    desk.sends()
    assert desk.push() == 1
    assert "PF412" in desk.out
    assert desk.sends() == []
    assert desk.push("--overwrite") == 0, desk.out + desk.err


def test_the_consent_is_locked_on_kobotoolbox(desk: Desk) -> None:
    assert desk.push("--json") == 0
    rows = {row["what"]: row for row in json.loads(desk.out)["forms"][0]["demands"]}
    assert ("consent locked" in rows) is (desk.kind == "kobo")
    if desk.kind == "kobo":
        assert rows["consent locked"]["verdict"] == "ok"


SPLIT = """form visits "Visits"
  organisation "Relief"
  category     response_monitoring
  population   "People in block C"
  contact      "the desk in block C"
  public key   "office.pem"
  split contact
{submit}
  staff        protection_lead "Head of protection", im_lead "Head of information"
  feedback     "a community meeting" within 30 days
  version      "1"
  searched     2026-10-20 "HDX"
purpose papers "Getting people their papers"
  need        "Who lacks papers"
  tell people "get people their papers"
  decide      "Whom the legal team calls" by "Legal aid team" before 2027-01-31
risk exposure "Names reach others"
  harms      respondent
  likelihood low
  impact     moderate
  protect by no_gps
  owner      "Head of protection"
  review     2027-01-31
use respondent_profile
ask used yes_no "Did you come to this desk in the last 30 days?"
ask phone text "On which number may we call you?"
  gives phone_number
  needed because "the legal aid team calls to say when the registry comes" until 2027-03-31
"""


def write_split(desk: Desk) -> None:
    submit = '  submit to    "https://kc.example/submission"' if desk.kind == "kobo" else ""
    desk.write(SPLIT.format(submit=submit))
    allowed = '[project]\nallowed = ["127.0.0.1", "kc.example"]\n'  # kc.example takes the records of this server
    (desk.folder / "pimforms.toml").write_text(allowed, encoding="utf-8")
    (desk.folder / "office.pem").write_bytes((ROOT / "examples" / "tour" / "office.pem").read_bytes())


def test_a_split_form_is_two_projects_and_the_second_run_does_nothing(desk: Desk) -> None:
    write_split(desk)
    if desk.kind == "central":  # its web form must be switched off first, on the page of the draft
        assert desk.push() == 1
        assert "PIM521" in desk.out
        assert desk.push(stage="--draft") == 0, desk.out + desk.err
        for form in desk.fake.project.forms:
            form.web = False
    assert desk.push() == 0, desk.out + desk.err
    assert desk.run("pull", "visits_contact", "--from", "office") == 0, desk.err
    assert desk.run("pull", "visits", "--from", "office") == 0, desk.err
    assert desk.run("verify", str(desk.form), "--on", "office") == 0, desk.out
    desk.sends()
    assert desk.push() == 0
    assert desk.sends() == []


def test_who_sees_more_than_the_form_allows_stops_a_push(desk: Desk) -> None:
    desk.write(FORM.replace("  version ", "  access       interviewer submit_own\n  version "))
    assert desk.push() == 0, desk.out + desk.err
    if desk.kind == "kobo":
        desk.fake.only.permissions.append(Permission(desk.fake.uid("p"), "enum", "view_submissions"))
    else:
        viewer = 6  # Project Viewer
        desk.fake.project.assigned.append((desk.fake.state.user("stranger@example.org", "x").number, viewer))
    desk.write(RELABELLED.replace("  version ", "  access       interviewer submit_own\n  version "))
    desk.sends()
    assert desk.push() == 1
    assert "PIM520" in desk.out
    assert "see all records" in desk.out
    assert desk.sends() == []


def test_a_pull_leaves_another_workbook_as_it_is(desk: Desk) -> None:
    assert desk.push() == 0
    mine = desk.folder / "desk.xlsx"
    mine.write_bytes(b"the work of a week")
    assert desk.run("pull", "desk", "--from", "office") == 2
    assert mine.read_bytes() == b"the work of a week"
    assert "-o live_desk.xlsx" in desk.err
    assert desk.run("pull", "desk", "--from", "office", "-o", "live_desk.xlsx") == 0


def test_what_was_done_with_the_first_form_is_told_when_the_second_one_fails(desk: Desk) -> None:
    write_split(desk)
    assert desk.push(stage="--draft") == 0, desk.out + desk.err
    desk.write(
        desk.form.read_text(encoding="utf-8").replace("Did you come", "Have you come").replace("On which", "At which")
    )
    where = r"/imports/$" if desk.kind == "kobo" else r"/forms/visits/draft$"
    answer = Given(403, {"detail": "no", "message": "no", "code": 403.1})
    before = 1 if desk.kind == "kobo" else 0  # the contact form goes to the same address there
    desk.server.faults.append(Fault("instead", "POST", where, times=9, skip=before, answer=answer))
    assert desk.push("--json", stage="--draft") == 3
    contact, main_form = one_object(desk)["forms"]
    assert contact["did"]
    assert "did" not in main_form


def test_what_both_forms_of_a_split_form_have_is_said_once() -> None:
    place = Place(Source("visits.pim", "form visits"), 0, 4)
    said = Diagnostic(rule_of(server_not_allowed), "nobody has said where it may go", place, "A HIGH form …", "add it")
    other = replace(said, why="A MODERATE form …")
    assert once([said, other, replace(said, message="another thing")]) == [
        other,
        replace(said, message="another thing"),
    ]


def test_a_split_form_has_one_rename_map_for_both_forms(desk: Desk) -> None:
    write_split(desk)
    assert desk.push(stage="--draft") == 0, desk.out + desk.err
    for form in desk.fake.project.forms if desk.kind == "central" else ():
        form.web = False
    assert desk.push() == 0, desk.out + desk.err
    text = desk.form.read_text(encoding="utf-8")
    desk.write(text.replace("ask used", "ask came").replace("On which number may we", "On which number can we"))
    (desk.folder / "desk.renames.csv").write_text("old,new\nused,came\n", encoding="utf-8")
    accept = ["--accept", "structure"] if desk.kind == "central" else []
    assert desk.push("--migrate", *accept) == 0, desk.out + desk.err
    desk.sends()
    assert desk.push("--migrate", *accept) == 0, desk.out + desk.err
    assert desk.sends() == []
