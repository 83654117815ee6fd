"""What people read when ODK Central says no, and what is stored in its notes."""

from __future__ import annotations

import json
from dataclasses import replace
from urllib.parse import quote, unquote

import pytest
from central_contract import TRANSCRIPT, exchanges
from central_kit import Kit, central_running, package
from central_samples import NOTES, QUESTIONS, book, by_hand
from fake_central import ADMIN, PASSWORD, PYXFORM_DOWN
from loopback import HTML_502, Fault, Given

from pimforms.servers.central import errors, notes, warnings
from pimforms.servers.central.forms import own_version
from pimforms.servers.central.workbooks import made_by_pimforms, makes_entities, sheets
from pimforms.servers.http import Answer
from pimforms.servers.trouble import REFUSED, UNREACHABLE, ServerTrouble
from pimforms.standards.data import table

JSON = {"Content-Type": "application/json; charset=utf-8"}


@pytest.fixture
def kit():
    with central_running() as kit:
        yield kit


def answer(status: int, body: object, headers: dict[str, str] | None = None) -> Answer:
    content = body.encode() if isinstance(body, str) else json.dumps(body).encode()
    words = str(body.get("message", "")) if isinstance(body, dict) else ""
    return Answer(status, JSON if headers is None else headers, content, words)


def recorded_refusals() -> list[str]:
    if not TRANSCRIPT.is_file():
        return []
    return [name for name, each in exchanges().items() if "response" in each and each["response"]["status"] >= 400]


@pytest.mark.parametrize("name", recorded_refusals())
def test_every_recorded_refusal_has_words_of_its_own(name: str) -> None:
    recorded = exchanges()[name]["response"]
    body = recorded["body"]
    given = Answer(
        recorded["status"],
        {"Content-Type": recorded["content-type"]},
        (body if isinstance(body, str) else json.dumps(body)).encode(),
        body.get("message", "") if isinstance(body, dict) else "",
    )
    trouble = errors.trouble(given, "central.example", "publishing the form", form="household", version="1")
    assert len(trouble.message) > 20
    assert trouble.fix
    assert "<" not in trouble.message + trouble.fix
    assert "${tmp" not in trouble.message
    if errors.code_of(given) in table("central")["errors"]:
        assert "?" not in trouble.message + trouble.fix


def test_codes_are_names_and_not_numbers() -> None:
    assert errors.code_of(answer(400, {"code": 400.11})) == "400.11"
    assert errors.code_of(answer(400, {"code": 400.1})) == "400.1"
    assert errors.code_of(answer(409, {"code": 409.16})) == "409.16"
    assert errors.code_of(answer(502, "<html>", {"Content-Type": "text/html"})) == "502"
    assert errors.code_of(answer(400, [])) == "400"


def test_every_row_of_the_table_says_what_happened_and_what_to_do() -> None:
    for code, words in table("central")["errors"].items():
        assert set(words) == {"happened", "do"}, code
        assert words["happened"][0].islower() or words["happened"][0] == "`", code


def test_a_converter_that_is_down_is_said_as_that(kit: Kit) -> None:
    kit.fake.pyxform_down = True
    with pytest.raises(ServerTrouble, match="converts workbooks") as caught:
        kit.push(package())
    assert caught.value.code == REFUSED
    assert not caught.value.unsure
    kit.fake.pyxform_down = False
    assert kit.push(package()).live.version == package().version
    assert PYXFORM_DOWN.status == 502


def test_a_page_of_a_proxy_is_never_shown() -> None:
    html = {"Content-Type": "text/html"}
    for status, code in ((413, REFUSED), (502, UNREACHABLE), (504, UNREACHABLE), (403, REFUSED), (500, REFUSED)):
        trouble = errors.trouble(answer(status, "<html>Secret page</html>", html), "central.example", "sending x.csv")
        assert "Secret" not in trouble.message + trouble.fix
        assert trouble.code == code, status
    assert "larger than the server takes" in errors.trouble(answer(413, "<html>", html), "h", "sending").message


def test_what_openrosa_says_is_read_out_of_its_xml() -> None:
    xml = '<OpenRosaResponse><message nature="error">This form is not currently accepting submissions.</message></OpenRosaResponse>'
    assert (
        errors.said(answer(409, xml, {"Content-Type": "text/xml"}))
        == "This form is not currently accepting submissions."
    )


def test_what_odk_validate_says_is_left_without_its_noise() -> None:
    said = (
        "ODK Validate Errors:\n>> XForm is invalid.\n: bind for ${a} contains invalid constraint expression [. >> 5] "
        "Bad node: org.javarosa.Abstract@7085bdee\n\nThe following files failed validation:\n${tmpbdex921a}\n\n"
        "Result: Invalid"
    )
    assert errors.shortened(said) == "bind for ${a} contains invalid constraint expression [. >> 5]"
    loop = "Cycle detected in the form's logic!\nThe nodes are:\n${b}\n${a}\n"
    assert errors.shortened(loop) == "Cycle detected in the form's logic! The nodes are: ${b}; ${a}"


def test_a_long_text_of_the_converter_is_cut() -> None:
    text = "\n".join(f"[row : {number}] something is wrong with ${{name_{number}}}" for number in range(100))
    short = errors.shortened(text)
    assert len(short) <= errors.LONGEST
    assert short.startswith("[row : 0] something is wrong with ${name_0}; [row : 1]")
    assert short.endswith("…")


def test_a_network_that_asks_to_sign_in_first_is_not_odk_central(kit: Kit) -> None:
    page = Given(200, "<html>Welcome to the hotel</html>", content_type="text/html")
    kit.server.faults.append(Fault("instead", "GET", times=9, answer=page))
    with pytest.raises(ServerTrouble, match="does not answer like ODK Central") as caught:
        kit.find()
    assert "hotel" not in caught.value.message + caught.value.fix


# Signing in, and the project


def test_a_wrong_password_is_said_without_showing_it(kit: Kit) -> None:
    with pytest.raises(ServerTrouble, match="does not know this email address with this password") as caught:
        kit.central(password="wrong-secret").login()
    assert "wrong-secret" not in caught.value.message + caught.value.fix


def test_a_server_with_single_sign_on_asks_for_a_token(kit: Kit) -> None:
    kit.fake.single_sign_on = True
    with pytest.raises(ServerTrouble, match="single sign-on") as caught:
        kit.central().login()
    assert "session token" in caught.value.fix


def test_a_token_that_has_ended_is_said(kit: Kit) -> None:
    with pytest.raises(ServerTrouble, match="does not accept the login, or the session has ended"):
        kit.central("", "old-token").login()


def test_another_kind_of_server_is_told_apart(kit: Kit) -> None:
    page = Given(404, "<html>Not found</html>", content_type="text/html")
    kit.server.faults.append(Fault("instead", "POST", "/v1/sessions", answer=page))
    with pytest.raises(ServerTrouble, match="does not answer like ODK Central"):
        kit.central().login()


@pytest.mark.parametrize("project", ["1", "pimforms-test", "PIMforms-Test", " 1 "])
def test_a_project_is_found_by_number_or_name(kit: Kit, project: str) -> None:
    with kit.central(project=project) as central:
        assert central.login().username == ADMIN
        assert central.find("household") is None


def test_a_name_that_stands_for_two_projects_is_trouble_with_both(kit: Kit) -> None:
    kit.fake.state.project("pimforms-test")
    with pytest.raises(ServerTrouble, match=r"2 projects on .* are called `pimforms-test`: 1 and 2"):
        kit.central(project="pimforms-test").login()


@pytest.mark.parametrize(
    ("project", "says"), [("7", "no project 7"), ("other", r"no project `other`.*pimforms-test \(1\)")]
)
def test_a_project_that_is_not_there_is_said(kit: Kit, project: str, says: str) -> None:
    with pytest.raises(ServerTrouble, match=says):
        kit.central(project=project).login()


# Warnings


def test_warnings_are_told_by_kind() -> None:
    body = {"details": {"warnings": {
        "xlsFormWarnings": ["one", "two"],
        "workflowWarnings": [
            {"type": "structureChanged", "details": ["a", "b"]},
            {"type": "deletedFormExists", "details": {"xmlFormId": "household"}},
            {"type": "somethingNew", "details": 1},
        ],
    }}}  # fmt: skip
    found = warnings.warnings_in(body, "household")
    assert [each.kind for each in found] == ["xlsform", "xlsform", "structure", "deleted-form", "other"]
    assert found[2].to_accept == "structure=a,b"
    assert found[2].accepted({"structure=b, a"})
    assert not found[2].accepted({"structure=a"})
    assert not found[4].accepted({"xlsform", "structure", "deleted-form"})
    assert warnings.warnings_in({"details": None}, "household") == ()


# Notes


def test_a_note_is_read_back_as_it_was_written() -> None:
    sent = replace(package(), note="100% | done\nyesterday", renames=(("a", "b"), ("c", "d")))
    note = notes.note_for(sent, "0" * 32)
    assert note.startswith("100% / done yesterday | pimforms sha256:")
    assert unquote(notes.encoded(note)) == note
    assert notes.encoded(note).isascii()
    assert notes.digest_in(note) == sent.sha256
    assert notes.digest_in(note, "0" * 32) == sent.sha256
    assert notes.digest_in(note, "1" * 32) is None
    assert notes.renames_in(note) == sent.renames
    assert notes.digest_in("published by hand") is None


def test_a_note_stays_short_enough_for_a_header_and_keeps_its_marker() -> None:
    sent = replace(package(), note="نص طويل " * 500, renames=tuple((f"old_{n}", f"new_{n}") for n in range(100)))
    note = notes.note_for(sent)
    assert len(quote(note, safe="")) <= notes.HEADER_BYTES
    assert notes.digest_in(note) == sent.sha256
    assert notes.renames_in(note) == sent.renames
    many = replace(sent, renames=tuple((f"old_{n}", f"new_{n}") for n in range(1000)))
    assert notes.renames_in(notes.note_for(many)) == ()
    assert not notes.renames_fit(many)
    assert len(quote(notes.note_for(many), safe="")) <= notes.HEADER_BYTES


# Workbooks


def test_a_workbook_of_pimforms_is_known_until_somebody_saves_it() -> None:
    from io import BytesIO

    from openpyxl import load_workbook

    ours = book()
    assert made_by_pimforms(ours)
    saved = BytesIO()
    load_workbook(BytesIO(ours)).save(saved)
    assert not made_by_pimforms(saved.getvalue())
    assert not made_by_pimforms(by_hand())
    assert not made_by_pimforms(b"no workbook")


def test_an_entity_list_is_seen_from_outside() -> None:
    assert makes_entities(by_hand(questions=(*QUESTIONS, {**NOTES, "save_to": "n"}), entities="persons"))
    assert not makes_entities(book())
    assert sheets(book()) == ("survey", "choices", "settings")
    assert sheets(b"no workbook") == ()


def test_the_suffix_of_encryption_is_no_part_of_a_version() -> None:
    assert own_version("1-0a1b2c3d[encrypted:AaID6d7J]") == "1-0a1b2c3d"
    assert own_version("1-0a1b2c3d") == "1-0a1b2c3d"


def test_secrets_do_not_come_back_in_words(kit: Kit) -> None:
    kit.server.faults.append(
        Fault("instead", "POST", "/v1/sessions", answer=Given(400, {"code": 400.3, "message": f"got ({PASSWORD})"}))
    )
    with pytest.raises(ServerTrouble) as caught:
        kit.central().login()
    assert PASSWORD not in caught.value.message + caught.value.fix
    assert HTML_502.status == 502
