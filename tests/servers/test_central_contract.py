"""The fake answers as the real server did; the same questions are asked of a real one if there is one.

Compared: the status, whether the body is JSON, XML or something else, and of JSON every key with the type of its value,
recursively; of lists the first element; the values of `code`, `success`, `exists` and the like. Not compared: other values
(times, numbers, tokens, hashes), sentences for people (they change with the version and the workbook), headers (they were
not recorded), and the content of XML. A real server may tell more than the recorded one did.

    PIMFORMS_TEST_CENTRAL_URL, PIMFORMS_TEST_CENTRAL_USER, PIMFORMS_TEST_CENTRAL_PASSWORD

name a real server and an administrator there. The test makes two projects of its own and deletes them in the end.
"""

from __future__ import annotations

import ast
import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests
from central_books import read_workbook
from central_contract import STEPS, TRANSCRIPT, World, differences, exchanges
from central_kit import central_running
from central_samples import CSV, NOTES, QUESTIONS, book
from fake_central import ADMIN, PASSWORD
from fake_central_forms import XLSX
from loopback import Given

pytestmark = pytest.mark.skipif(not TRANSCRIPT.is_file(), reason="the recorded exchanges are not at hand")

HERE = Path(__file__).parent
FAKES = (*sorted(HERE.glob("fake_central*.py")), HERE / "central_books.py")


def prepare(world: World) -> None:
    """What the recorded server had before: an app user, and a form that was published as version 2."""
    headers = {"Authorization": f"Bearer {world.tokens['admin']}"}
    base = f"{world.address}/v1/projects/{world.project}"
    user = requests.post(f"{base}/app-users", json={"displayName": "phone-1"}, headers=headers, timeout=60)
    world.app_user = user.json()["id"]
    sent = book("curl_form", "2", (*QUESTIONS, NOTES))
    upload = headers | {"Content-Type": XLSX}
    assert requests.post(f"{base}/forms", data=sent, headers=upload, timeout=60).ok
    for step, body in (("attachments/sites.csv", CSV), ("publish", b"")):
        path = f"{base}/forms/curl_form/draft/{step}"
        assert requests.post(path, data=body, headers=headers | {"Content-Type": "text/csv"}, timeout=60).ok


@pytest.fixture
def fake() -> Iterator[tuple[World, object]]:
    with central_running() as kit:
        tokens = {"nobody": "a" * 64}
        for name, number in (("admin", kit.fake.admin.number), ("ci", 0)):
            tokens[name] = kit.fake.state.secret(name)
            kit.fake.state.sessions[tokens[name]] = number
        world = World(kit.server.address, tokens, 1)
        prepare(world)
        yield world, kit


def replay(world: World, *, real: bool, kit=None) -> list[str]:
    recorded = exchanges()
    found: list[str] = []
    for step in STEPS:
        if real and step.fake_only:
            continue
        expected = recorded[step.source]["response"]
        if kit is not None:
            kit.fake.pyxform_down = step.source.startswith("G11")
        answer = world.ask(step, recorded[step.source])
        if kit is not None and step.source == "C28-user-create":
            kit.fake.state.sessions[world.tokens["ci"]] = world.user
        kind = answer.headers.get("Content-Type", "")
        if answer.status_code != expected["status"]:
            found.append(f"{step.source}: {expected['status']} or {answer.status_code} {answer.text[:200]}")
        elif kind.partition(";")[0] != expected["content-type"].partition(";")[0]:
            found.append(f"{step.source}: {expected['content-type']} or {kind}")
        elif "json" in kind:
            found += [f"{step.source}: {each}" for each in differences(expected["body"], answer.json(), extra=real)]
    return found


def test_the_fake_answers_as_recorded(fake) -> None:
    world, kit = fake
    assert replay(world, real=False, kit=kit) == []


@pytest.mark.skipif(
    not all(os.environ.get(f"PIMFORMS_TEST_CENTRAL_{name}") for name in ("URL", "USER", "PASSWORD")),
    reason="no real ODK Central is named in PIMFORMS_TEST_CENTRAL_URL, _USER and _PASSWORD",
)
def test_a_real_server_answers_as_recorded() -> None:
    address, user, password = (os.environ[f"PIMFORMS_TEST_CENTRAL_{name}"] for name in ("URL", "USER", "PASSWORD"))
    assert against(address, user, password) == []


def test_what_is_asked_of_a_real_server_can_be_asked_of_the_fake() -> None:
    with central_running() as kit:
        assert against(kit.server.address, ADMIN, PASSWORD) == []
        assert kit.fake.state.sessions == {}


def against(address: str, user: str, password: str) -> list[str]:
    """Signs in, makes a project, asks everything, deletes both projects; gives the differences."""
    login = requests.post(f"{address}/v1/sessions", json={"email": user, "password": password}, timeout=60)
    token = login.json()["token"]
    headers = {"Authorization": f"Bearer {token}"}
    made = requests.post(f"{address}/v1/projects", json={"name": "pimforms contract"}, headers=headers, timeout=60)
    world = World(address, {"admin": token, "nobody": "a" * 64}, made.json()["id"])
    try:
        prepare(world)
        return replay(world, real=True)
    finally:
        for number in filter(None, (world.project, world.second)):
            requests.delete(f"{address}/v1/projects/{number}", headers=headers, timeout=60)
        requests.delete(f"{address}/v1/sessions/current", headers=headers, timeout=60)


def test_the_comparison_finds_what_differs() -> None:
    recorded = {"code": 400.11, "a": {"b": 1}, "list": [{"x": "y"}], "updatedAt": None}
    other = {"code": 400.1, "a": {}, "list": [{"x": 1}], "updatedAt": "now"}
    assert sorted(differences(recorded, other, extra=False)) == [
        ".a.b is missing",
        ".code: 400.11 or 400.1",
        ".list[].x: str or int",
    ]
    assert differences(recorded, recorded | {"more": 1}, extra=True) == []
    assert differences(recorded, recorded | {"more": 1}, extra=False) == [".more is more"]
    assert differences(recorded, recorded | {"list": []}, extra=True) == [".list is empty in one of them"]


def sources() -> dict[str, str]:
    """The transcript ids that the fake names, each with the file that names it."""
    found: dict[str, str] = {}
    for path in FAKES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                word = node.value
                if word[:1].isupper() and (word == "F-loop" or (word[1:3].isdigit() and word[3:4] == "-")):
                    found[word] = path.name
    return found


def test_every_answer_of_the_fake_names_an_exchange_that_was_recorded(fake) -> None:
    world, kit = fake
    recorded = exchanges()
    named = sources()
    assert len(named) > 40
    assert {word: file for word, file in named.items() if word not in recorded} == {}
    replay(world, real=False, kit=kit)
    assert [asked.path for asked, given in kit.server.log if given is not None and not given.source] == []
    assert PASSWORD not in str(named)


@pytest.mark.parametrize("step", [each for each in STEPS if callable(each.body)], ids=lambda step: step.source)
def test_pyxform_reads_the_workbooks_as_the_fake_does(step) -> None:
    """So that a real server would answer them as it answered those that were recorded."""
    from io import BytesIO

    from pyxform.errors import PyXFormError
    from pyxform.xls2xform import convert

    content = step.body()
    ours = read_workbook(content, "data")
    try:
        theirs = convert(BytesIO(content), file_type=".xlsx", form_name="data", pretty_print=False)
    except PyXFormError:
        assert isinstance(ours, Given)
        return
    if isinstance(ours, Given):  # ODK Validate says no, after pyxform
        assert ours.source == "A22-draft-empty-group"
        return
    assert bool(theirs.warnings) == bool(ours.warnings)
    root = re.search(r"<instance>\s*<[^>]*>", theirs.xform)
    assert root is not None
    said = dict(re.findall(r' (id|version)="([^"]*)"', root.group(0)))
    assert (said["id"], said.get("version", "")) == (ours.form_id, ours.version)
    files = set(re.findall(r'src="jr://file-csv/([^"]*)"', theirs.xform))
    assert files == set(ours.files)
    saved = set(re.findall(r'entities:saveto="([^"]*)"', theirs.xform))
    assert saved == {name for names in ours.datasets.values() for name in names}
