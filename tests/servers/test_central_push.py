"""Pushing to ODK Central: what is sent, what is live afterwards, and what is refused without losing anything."""

from __future__ import annotations

from dataclasses import replace

import pytest
from central_kit import FORM, Kit, central_running, package
from central_samples import CSV, NOTES, QUESTIONS, book, by_hand
from fake_central import ADMIN, PASSWORD
from loopback import Asked, Fault, Given

from pimforms.servers.central import notes
from pimforms.servers.central.workbooks import md5_of
from pimforms.servers.package import Media, Stage
from pimforms.servers.secret import Secret
from pimforms.servers.trouble import REFUSED, ServerTrouble

V2 = "2-0a1b2c3d"
OTHER_WORDS = ({**QUESTIONS[0], "label": "Do you agree to talk with me?"}, *QUESTIONS[1:])


@pytest.fixture
def kit():
    with central_running() as kit:
        yield kit


def refused(kit: Kit, sent, match: str, **more) -> ServerTrouble:
    with pytest.raises(ServerTrouble, match=match) as caught:
        kit.push(sent, **more)
    assert caught.value.code == REFUSED
    assert "<html" not in caught.value.message + caught.value.fix
    return caught.value


def test_a_new_form_goes_live_with_its_files_and_its_note(kit: Kit) -> None:
    sent = package(note="100% ready: اختبار", renames=(("age", "age_years"), ("sx", "sex")))
    outcome = kit.push(sent)
    assert outcome.did == ("sent version 1-0a1b2c3d as a draft", "sent sites.csv", "published version 1-0a1b2c3d")
    assert outcome.live.version == "1-0a1b2c3d"
    assert outcome.live.sha256 == sent.sha256
    assert outcome.live.touched is None
    assert kit.form.current.workbook == sent.workbook
    assert kit.form.current.files["sites.csv"].content == CSV
    assert kit.form.draft is None
    note = kit.form.current.note
    assert note.startswith("100% ready: اختبار | pimforms sha256:")
    assert notes.renames_in(note) == (("age", "age_years"), ("sx", "sex"))


def test_a_second_push_changes_nothing(kit: Kit) -> None:
    first = kit.push(package())
    kit.forget()
    again = kit.push(package())
    assert kit.changes() == []
    assert [(each.method, each.path) for each in kit.server.changes] == [
        ("POST", "/v1/sessions"),
        ("DELETE", "/v1/sessions/current"),
    ]
    assert again.did == ()
    assert again.live == first.live
    assert len(kit.form.history) == 1


def test_a_changed_label_with_a_new_version_goes_live(kit: Kit) -> None:
    kit.push(package())
    kit.form.records = 5
    sent = package(V2, book(FORM, V2, OTHER_WORDS))
    outcome = kit.push(sent)
    assert outcome.live.version == V2
    assert outcome.live.records == 5
    assert outcome.did == (f"sent version {V2} as a draft", f"published version {V2}")  # the file is there already
    assert [each.read.version for each in kit.form.history] == ["1-0a1b2c3d", V2]


def test_a_broken_form_is_refused_and_the_old_version_stays_live(kit: Kit) -> None:
    kit.push(package())
    broken = ({"type": "select_one nolist", "name": "consent", "label": "?"}, *QUESTIONS)
    trouble = refused(kit, package(V2, book(FORM, V2, broken)), r"\[row : 2\] List name not in choices sheet: nolist")
    assert trouble.status == 400
    assert kit.form.current.read.version == "1-0a1b2c3d"
    assert kit.form.draft is None


def test_what_odk_validate_says_is_kept_short_with_its_names(kit: Kit) -> None:
    empty = (*QUESTIONS, {"type": "begin_group", "name": "hh", "label": "Home"}, {"type": "end_group", "name": "hh"})
    trouble = refused(kit, package(workbook=book(questions=empty)), r"Group has no children! Group: \$\{hh\}\.")
    assert trouble.message.count("Group has no children") == 1
    assert "${tmp" not in trouble.message
    assert kit.form is None


def test_only_a_changed_file_needs_a_new_version_and_says_so(kit: Kit) -> None:
    kit.push(package())
    kit.forget()
    changed = package(media=(Media("sites.csv", CSV + b"s3,East\n"),))
    trouble = refused(kit, changed, "only files of `household` changed, and ODK Central ties its files to a version")
    assert "new version" in trouble.fix
    assert kit.changes() == []
    assert kit.form.current.files["sites.csv"].content == CSV


def test_the_same_version_with_another_content_is_refused_before_anything_is_sent(kit: Kit) -> None:
    kit.push(package())
    kit.forget()
    refused(kit, package(workbook=book(questions=OTHER_WORDS)), "is live already, with another content")
    assert kit.changes() == []


def test_a_version_from_before_is_refused_before_anything_is_sent(kit: Kit) -> None:
    kit.push(package())
    kit.push(package(V2))
    kit.forget()
    refused(kit, package(), r"was published before \(on 2026-11-22\) and is not live now")
    assert kit.changes() == []


def test_a_version_of_a_deleted_form_is_refused_and_nothing_is_left_behind(kit: Kit) -> None:
    kit.push(package())
    kit.form.deleted = kit.fake.state.now()
    trouble = refused(kit, package(), "a form `household` was deleted in this project")
    assert "--accept deleted-form" in trouble.fix
    refused(kit, package(), "was published before in this project", accept=frozenset({"deleted-form"}))
    assert kit.form is None
    assert kit.push(package(V2), accept=frozenset({"deleted-form"})).live.version == V2


# Files


def test_a_missing_file_is_found_before_the_publication(kit: Kit) -> None:
    trouble = refused(kit, package(media=()), "reads `sites.csv`, which you did not send")
    assert "beside the form" in trouble.fix
    assert kit.form is None  # it was made by this push, and never published
    assert kit.push(package()).live.version == "1-0a1b2c3d"  # nobody is asked about the form that we took away


def test_a_file_that_the_form_does_not_read_is_refused(kit: Kit) -> None:
    kit.push(package())
    sent = package(V2, media=(Media("sites.csv", CSV), Media("Other.csv", CSV)))
    refused(kit, sent, r"does not read `Other\.csv`")
    assert kit.form.draft is None
    assert kit.form.current.read.version == "1-0a1b2c3d"


def test_a_file_from_an_entity_list_is_left_alone(kit: Kit) -> None:
    kit.fake.project.datasets["sites"] = ["name"]
    outcome = kit.push(package())
    assert outcome.warnings == (
        "sites.csv comes from an entity list on the server; your file of that name was not sent",
    )
    assert kit.form.current.files["sites.csv"].linked
    assert kit.push(package()).did == ()


def test_changes_of_entity_lists_are_told(kit: Kit) -> None:
    questions = (*QUESTIONS, {**NOTES, "save_to": "full_name"})
    outcome = kit.push(package("v1", by_hand(FORM, "v1", questions, entities="persons")))
    assert outcome.warnings == ("the entity list `persons` is new, with full_name",)
    questions = (*QUESTIONS, {**NOTES, "save_to": "nickname"})
    outcome = kit.push(package("v2", by_hand(FORM, "v2", questions, entities="persons")))
    assert outcome.warnings == (
        "the entity list `persons` gets new properties: nickname",
        "the entity list `persons` has properties this form leaves empty: full_name",
    )


@pytest.mark.parametrize("form_id", ["حماية v2", "a/b", "100%", "has space"])
def test_ids_and_file_names_in_any_script_go_there_and_back(kit: Kit, form_id: str) -> None:
    questions = (*QUESTIONS[:2], {"type": "select_one_from_file مواقع 1.csv", "name": "site", "label": "Site"})
    sent = package(
        workbook=book(form_id, questions=questions),
        form_id=form_id,
        media=(Media("مواقع 1.csv", CSV),),
        note="ملاحظة 100%",
    )
    assert kit.push(sent).live.form_id == form_id
    assert kit.push(sent).did == ()
    live = kit.find(form_id)
    assert live is not None
    assert live.sha256 == sent.sha256
    with kit.central() as central:
        assert central.differences(sent, live) == ()
        assert central.workbook(live) == sent.workbook


# Warnings


def test_a_warning_is_refused_and_then_accepted_by_its_kind(kit: Kit) -> None:
    languages = tuple({**row, "label::Kurmanji": row["label"]} for row in QUESTIONS)
    sent = package(workbook=book(questions=languages))
    trouble = refused(kit, sent, "the converter says: The following language declarations")
    assert "--accept xlsform" in trouble.fix
    assert kit.form is None
    refused(kit, sent, "the converter says", accept=frozenset({"structure"}))
    outcome = kit.push(sent, accept=frozenset({"xlsform"}))
    assert outcome.live.version == sent.version
    assert "Kurmanji" in outcome.warnings[0]


def test_a_question_that_goes_is_accepted_by_its_name(kit: Kit) -> None:
    kit.push(package(workbook=book(questions=(*QUESTIONS, NOTES))))
    sent = package(V2, book(FORM, V2, QUESTIONS[:1]), media=())
    trouble = refused(kit, sent, "these questions are gone or have moved to another group: size, site, notes")
    assert "--accept structure=size,site,notes" in trouble.fix
    refused(kit, sent, "gone or have moved", accept=frozenset({"structure=notes"}))
    assert kit.form.draft is None
    assert kit.push(sent, accept=frozenset({"structure=notes,site,size"})).live.version == V2


def test_a_draft_that_is_there_already_is_asked_about_again_before_it_goes_live(kit: Kit) -> None:
    kit.push(package(workbook=book(questions=(*QUESTIONS, NOTES))))
    sent = package(V2, stage=Stage.DRAFT)
    kit.push(sent, accept=frozenset({"structure=notes"}))
    trouble = refused(kit, replace(sent, stage=Stage.PRODUCTION), "gone or have moved to another group: notes")
    assert "--accept structure=notes" in trouble.fix
    assert kit.form.draft is not None
    outcome = kit.push(replace(sent, stage=Stage.PRODUCTION), accept=frozenset({"structure=notes"}))
    assert outcome.did == (f"published version {V2}",)
    assert "notes" in outcome.warnings[0]


def test_each_kind_has_to_be_accepted(kit: Kit) -> None:
    kit.push(package(workbook=book(questions=(*QUESTIONS, NOTES))))
    languages = tuple({**row, "label::Kurmanji": row["label"]} for row in QUESTIONS)
    sent = package(V2, book(FORM, V2, languages))
    trouble = refused(kit, sent, "gone or have moved", accept=frozenset({"xlsform"}))
    assert "Kurmanji" not in trouble.message
    assert kit.push(sent, accept=frozenset({"xlsform", "structure"})).live.version == V2


def test_the_server_is_never_told_to_ignore_warnings_that_nobody_accepted(kit: Kit) -> None:
    kit.push(package())
    kit.push(package(V2))
    assert all("ignoreWarnings" not in asked.params for asked, _ in kit.server.log)
    assert all("publish" not in asked.params and "version" not in asked.params for asked, _ in kit.server.log)


def test_a_type_that_changes_is_no_warning_that_could_be_accepted(kit: Kit) -> None:
    kit.push(package())
    changed = ({"type": "date", "name": "consent", "label": "When?"}, *QUESTIONS[1:])
    sent = package(V2, book(FORM, V2, changed))
    refused(kit, sent, "the question at /consent had the type string before", accept=frozenset({"structure"}))


def test_a_form_that_is_closed_is_told_although_there_is_nothing_to_send(kit: Kit) -> None:
    kit.push(package())
    kit.form.state = "closed"
    outcome = kit.push(package())
    assert outcome.did == ()
    assert outcome.warnings == ("the form is closed: it takes no new records until somebody opens it",)


# Drafts


def test_a_draft_is_not_published_and_can_be_tried(kit: Kit) -> None:
    said: list[str] = []
    outcome = kit.push(package(stage=Stage.DRAFT), said=said)
    assert outcome.live.version is None
    assert kit.form.current is None
    assert kit.form.draft.files["sites.csv"].content == CSV
    assert said[-1] == f"to try it on a phone, scan the code that stands on {outcome.live.url}/draft"
    assert kit.form.token not in "".join(said)  # it opens the form and its files, and progress ends in logs
    assert kit.form.token not in repr(outcome)
    kit.forget()
    assert kit.push(package(stage=Stage.DRAFT)).did == ()
    assert kit.changes() == []
    assert kit.push(package()).did == ("published version 1-0a1b2c3d",)


def test_our_own_draft_is_replaced_and_its_test_records_are_told(kit: Kit) -> None:
    kit.push(package(stage=Stage.DRAFT))
    kit.form.test_records = 3
    outcome = kit.push(package(V2, stage=Stage.DRAFT))
    assert outcome.warnings == ("a draft of version 1-0a1b2c3d and its 3 test records was replaced",)
    assert kit.form.draft.read.version == V2


def test_somebody_elses_draft_is_not_replaced_unless_one_says_so(kit: Kit) -> None:
    kit.push(package())
    theirs = by_hand()
    kit.by_hand(theirs, publish=False)
    kit.form.test_records = 2
    kit.forget()
    trouble = refused(kit, package(V2), r"works on a draft of `household` .*version draft-of-hawa, with 2 test records")
    assert "--accept draft" in trouble.fix
    assert kit.changes() == []
    assert kit.form.draft.workbook == theirs
    live = kit.find()
    assert live is not None
    assert live.touched == "a draft of version draft-of-hawa made outside pimforms waits there"
    outcome = kit.push(package(V2), accept=frozenset({"draft"}))
    assert outcome.live.version == V2
    assert outcome.warnings == ("a draft of version draft-of-hawa and its 2 test records was replaced",)


@pytest.mark.parametrize("stage", [Stage.PRODUCTION, Stage.DRAFT])
def test_a_draft_that_was_replaced_is_put_back_when_ours_is_refused(kit: Kit, stage: Stage) -> None:
    kit.push(package())
    theirs = by_hand(questions=(*QUESTIONS, {"type": "select_one_from_file old.csv", "name": "old", "label": "Old"}))
    kit.by_hand(theirs, publish=False)
    kit.form.draft.files["old.csv"].content = b"their,file\n"
    kit.form.draft.files["sites.csv"].content = b"name,label\ntheirs,Theirs\n"
    sent = package(V2, media=(Media("sites.csv", CSV), Media("nobody.csv", CSV)), stage=stage)
    refused(kit, sent, "does not read", accept=frozenset({"draft"}))
    assert kit.form.draft.workbook == theirs
    assert kit.form.draft.files["old.csv"].content == b"their,file\n"
    assert kit.form.draft.files["sites.csv"].content == b"name,label\ntheirs,Theirs\n"


def test_a_draft_that_came_as_xml_is_put_back_as_xml(kit: Kit) -> None:
    kit.push(package())
    xml = '<h:html><model><instance><data id="household" version="x1"/></instance></model></h:html>'
    token = kit.fake.state.secret("hand")
    kit.fake.state.sessions[token] = kit.fake.admin.number
    path, headers = "/v1/projects/1/forms/household/draft", {"Authorization": f"Bearer {token}"}
    kit.fake(Asked("POST", path, {"ignoreWarnings": "true"}, headers, xml.encode(), ""))
    assert kit.form.draft.workbook is None
    refused(kit, package(V2, media=()), "works on a draft")
    sent = package(V2, media=(Media("nobody.csv", CSV), Media("sites.csv", CSV)))
    refused(kit, sent, "does not read", accept=frozenset({"draft"}))
    assert kit.form.draft.workbook is None
    assert kit.form.draft.read.xml == xml


# Others at work


def test_what_was_published_by_hand_is_told(kit: Kit) -> None:
    kit.push(package())
    kit.by_hand(by_hand(version="by-hand"), publish=True)
    live = kit.find()
    assert live is not None
    assert live.sha256 is None
    assert live.touched == "version by-hand was published outside pimforms by admin@example.org on 2026-11-22"


def test_what_is_published_between_the_look_and_the_push_stops_it(kit: Kit) -> None:
    kit.push(package())
    with kit.central() as central:
        live = central.find(FORM)
        kit.by_hand(by_hand(version="by-hand"), publish=True)
        kit.forget()
        with pytest.raises(ServerTrouble, match="version by-hand is live, and version 1-0a1b2c3d was when we looked"):
            central.push(package(V2), live, print)
        assert kit.changes() == []


def test_what_is_published_while_we_send_files_stops_us_and_takes_our_draft_away(kit: Kit) -> None:
    kit.push(package())
    sent = package(V2, media=(Media("sites.csv", CSV + b"s3,East\n"),))

    def somebody() -> None:  # publishes without touching our draft: the API lets them, since drafts are not locked
        ours, token = kit.form.draft, kit.form.token
        kit.form.draft = None
        kit.by_hand(by_hand(version="by-hand"), publish=True)
        kit.form.draft, kit.form.token = ours, token

    kit.before = ("GET", "dataset-diff", somebody)
    refused(kit, sent, "somebody published `household` while it was being sent: version by-hand is live")
    assert kit.form.current.read.version == "by-hand"
    assert kit.form.draft is None
    assert kit.push(sent).live.version == V2
    assert [each.read.version for each in kit.form.history] == ["1-0a1b2c3d", "by-hand", V2]


def test_a_draft_that_somebody_changes_meanwhile_is_neither_published_nor_taken_away(kit: Kit) -> None:
    kit.push(package())
    theirs = by_hand()
    kit.before = ("GET", "dataset-diff", lambda: kit.by_hand(theirs, publish=False))
    refused(kit, package(V2), "somebody else changed the draft of `household`")
    assert kit.form.draft.workbook == theirs
    assert kit.form.current.read.version == "1-0a1b2c3d"


def test_a_draft_that_somebody_changes_meanwhile_stays_when_ours_is_refused(kit: Kit) -> None:
    kit.push(package())
    theirs = by_hand()
    sent = package(V2, media=(Media("sites.csv", CSV), Media("nobody.csv", CSV)))
    kit.before = ("GET", "/draft/attachments$", lambda: kit.by_hand(theirs, publish=False))
    refused(kit, sent, r"does not read `nobody\.csv`")
    assert kit.form.draft.workbook == theirs


def test_a_draft_that_is_changed_at_the_last_moment_is_noticed(kit: Kit) -> None:
    kit.push(package())
    kit.before = ("POST", "publish", lambda: kit.by_hand(by_hand(), publish=False))
    refused(kit, package(V2), "what is live is not what was sent")
    live = kit.find()
    assert live is not None
    assert live.sha256 is None  # its note is ours, but speaks of another XML
    assert "published outside pimforms" in str(live.touched)
    assert kit.push(package(V2)).live.version == V2


def test_a_draft_that_somebody_publishes_for_us_is_published(kit: Kit) -> None:
    def somebody() -> None:
        token = kit.fake.state.secret("hand")
        kit.fake.state.sessions[token] = kit.fake.admin.number
        path = "/v1/projects/1/forms/household/draft/publish"
        kit.fake(Asked("POST", path, {}, {"Authorization": f"Bearer {token}"}, b"", ""))

    kit.before = ("POST", "publish", somebody)
    assert kit.push(package()).live.version == "1-0a1b2c3d"
    assert len(kit.form.history) == 1


def test_a_form_that_somebody_makes_meanwhile_is_left_to_them(kit: Kit) -> None:
    theirs = by_hand()
    kit.before = ("POST", "/forms$", lambda: kit.by_hand(theirs, publish=False))
    trouble = refused(kit, package(), "somebody has made the same thing on the server")
    assert "looks at the server anew" in trouble.fix
    assert kit.form.draft.workbook == theirs


# Rights and sessions


def test_without_the_role_nothing_is_sent(kit: Kit) -> None:
    viewer = kit.fake.state.user("viewer@example.org", PASSWORD)
    kit.fake.project.assigned.append((viewer.number, 6))
    trouble = refused(kit, package(), r"may not change forms in the project `pimforms-test`", username=viewer.email)
    assert "Project Manager" in trouble.fix
    assert kit.changes() == []


def test_project_manager_is_enough(kit: Kit) -> None:
    manager = kit.fake.manager()
    assert kit.push(package(), username=manager.email).live.version == "1-0a1b2c3d"


def test_a_session_that_ends_half_way_leaves_a_draft_that_the_next_push_takes_up(kit: Kit) -> None:
    kit.before = ("POST", "attachments", kit.fake.end_sessions)
    trouble = refused(kit, package(), "does not accept the login, or the session has ended")
    assert "the same command takes it up" in trouble.fix
    assert kit.form.current is None
    assert kit.push(package()).did == ("sent sites.csv", "published version 1-0a1b2c3d")


def test_an_answer_without_its_keys_is_no_traceback(kit: Kit) -> None:
    kit.server.faults.append(Fault("instead", "GET", "/projects/1$", answer=Given(200, {"id": 1})))
    kit.server.faults.append(Fault("instead", "GET", "/attachments$", answer=Given(200, [{"no": "name"}]), times=9))
    with pytest.raises(ServerTrouble, match=r"is not as pimforms knows it \(KeyError 'name'\)"):
        kit.push(package())


def test_a_form_that_is_closed_is_told(kit: Kit) -> None:
    kit.push(package())
    kit.form.state = "closed"
    outcome = kit.push(package(V2))
    assert outcome.warnings == ("the form is closed: it takes no new records until somebody opens it",)
    assert outcome.live.version == V2


def test_the_session_is_ended_and_the_password_goes_out_once(kit: Kit) -> None:
    kit.push(package())
    assert kit.fake.state.sessions == {}
    with_password = [asked.path for asked, _ in kit.server.log if PASSWORD.encode() in asked.body]
    assert with_password == ["/v1/sessions"]
    assert all(PASSWORD not in str(asked.headers) + asked.path for asked, _ in kit.server.log)


def test_a_session_token_is_used_and_left_as_it_is(kit: Kit) -> None:
    kit.fake.state.sessions["my-token"] = kit.fake.admin.number
    with kit.central("", "my-token") as central:
        assert central.login().username == ADMIN
        assert central.push(package(), central.find(FORM), print).live.version == "1-0a1b2c3d"
    assert kit.fake.state.sessions == {"my-token": kit.fake.admin.number}
    assert not kit.server.asked("POST", "/v1/sessions$")


# Encryption


def test_a_project_with_encryption_is_compared_without_its_suffix(kit: Kit) -> None:
    kit.fake.project.key = 1
    kit.push(package())
    assert kit.form.current.read.version.startswith("1-0a1b2c3d[encrypted:")
    kit.forget()
    again = kit.push(package())  # Central itself would publish the same version again here
    assert again.did == ()
    assert kit.changes() == []
    refused(kit, package(workbook=book(questions=OTHER_WORDS)), "is live already, with another content")
    assert len(kit.form.history) == 1
    with kit.central() as central:
        assert central.differences(package(), again.live) == ()
        found = central.found(again.live)
    assert found.encrypted
    assert found.web_form  # and what is filled in a browser arrives in plain text


def test_encryption_that_is_switched_on_later_changes_nothing_for_us(kit: Kit) -> None:
    kit.push(package())
    token = kit.fake.state.secret("hand")
    kit.fake.state.sessions[token] = kit.fake.admin.number
    headers = {"Authorization": f"Bearer {token}"}
    kit.fake(Asked("POST", "/v1/projects/1/key", {}, headers, b"{}", ""))
    kit.forget()
    assert kit.push(package()).did == ()
    assert kit.changes() == []


def test_an_entity_list_with_encryption_is_refused_since_it_would_stay_empty(kit: Kit) -> None:
    kit.fake.project.key = 1
    sent = package("v1", by_hand(FORM, "v1", (*QUESTIONS, {**NOTES, "save_to": "full_name"}), entities="persons"))
    refused(kit, sent, "fills an entity list, and its records are encrypted")
    assert kit.changes() == []


def test_a_form_with_its_own_key_is_encrypted(kit: Kit) -> None:
    sent = package(workbook=book(settings={"public_key": "MIIBIjANBg"}), encrypted=True)
    live = kit.push(sent).live
    with kit.central() as central:
        assert central.found(live).encrypted
        assert central.differences(sent, live) == ()


# Comparing and fetching


def test_the_workbook_comes_back_byte_for_byte(kit: Kit) -> None:
    draft = kit.push(package(stage=Stage.DRAFT)).live
    live = kit.push(package()).live
    kit.push(package(V2, stage=Stage.DRAFT))
    with kit.central() as central:
        assert central.workbook(live) == package().workbook
        kit.form.current = None
        assert central.workbook(draft) == package(V2).workbook


def test_a_form_that_came_as_xml_has_no_workbook(kit: Kit) -> None:
    live = kit.push(package()).live
    kit.form.current.workbook = None
    with kit.central() as central:
        with pytest.raises(ServerTrouble, match="was sent to the server as XML"):
            central.workbook(live)
        assert central.differences(package(), live) == (
            "the form on the server was sent as XML, so it has no workbook that could be compared",
        )


def test_each_difference_is_a_sentence(kit: Kit) -> None:
    live = kit.push(package()).live
    kit.form.state = "closed"
    kit.form.current.files["sites.csv"].content = b"other"
    with kit.central() as central:
        assert central.differences(package(), live) == (
            "sites.csv on the server is another file than yours",
            "the form is closed: it takes no new records",
        )
        other = replace(package(V2), media=(Media("x.csv", CSV),), encrypted=True)
        assert central.differences(other, live) == (
            "version 1-0a1b2c3d is live, the compiled form has version 2-0a1b2c3d",
            "the workbook on the server is not the compiled one",
            "x.csv is not read by the live form",
            "the form is closed: it takes no new records",
            "records should be encrypted, and the live form has no key",
        )
        kit.form.current = None
        kit.form.draft = kit.form.history[0]
        kit.form.draft.published = None
        assert central.differences(package(), live) == (
            "nothing of `household` is live: version 1-0a1b2c3d is a draft",
        )


def test_ids_that_differ_in_large_letters_alone_are_trouble(kit: Kit) -> None:
    kit.push(package())
    with pytest.raises(ServerTrouble, match="no form `Household`, but `household`"):
        kit.find("Household")


def test_the_md5_is_asked_for_and_the_workbook_is_not_sent_over_the_line(kit: Kit) -> None:
    kit.push(package())
    kit.forget()
    kit.push(package())
    asked = kit.server.asked("GET", r"household\.xlsx$")
    assert [each.headers["If-None-Match"] for each in asked] == [f'"{md5_of(package().workbook)}"']
    assert [given.status for each, given in kit.server.log if each in asked and given] == [304]


def test_a_server_that_keeps_its_files_elsewhere_is_known_by_its_note(kit: Kit) -> None:
    live = kit.push(package()).live
    moved = Given(307, b"", {"Location": "https://files.example/abc"})
    kit.server.faults.append(Fault("instead", "GET", r"\.xlsx$", times=99, answer=moved))
    kit.forget()
    assert kit.push(package()).did == ()
    assert kit.changes() == []
    with kit.central() as central:
        assert central.differences(package(), live) == ()
        with pytest.raises(ServerTrouble, match="keeps its files with another provider"):
            central.workbook(live)


def test_a_draft_that_cannot_be_read_is_not_replaced_unless_one_says_so(kit: Kit) -> None:
    kit.push(package())
    kit.push(package(V2, stage=Stage.DRAFT))
    moved = Given(307, b"", {"Location": "https://files.example/abc"})
    kit.server.faults.append(Fault("instead", "GET", r"/draft\.xlsx$", times=99, answer=moved))
    refused(kit, package("3-0a1b2c3d"), "works on a draft")
    sent = package("3-0a1b2c3d", media=(Media("sites.csv", CSV), Media("more.csv", CSV)))
    refused(kit, sent, "does not read", accept=frozenset({"draft"}))
    assert kit.form.draft is None
    assert kit.push(package("3-0a1b2c3d")).live.version == "3-0a1b2c3d"


def test_secrets_are_in_no_text(kit: Kit) -> None:
    central = kit.central()
    assert PASSWORD not in repr(vars(central)) + repr(Secret(PASSWORD))
    central.close()
