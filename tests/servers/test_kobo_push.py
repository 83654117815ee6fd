"""A push to KoboToolbox: new, again, changed, refused, touched by others, without the rights it needs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from fake_kobo import FakeKobo
from fake_kobo_state import Permission
from kobo_packages import AGE, BROKEN, FULL, LOGO, OTHER_LABEL, SITES, Bench, bench, changed, package

from pimforms.servers.package import Media, Stage
from pimforms.servers.secret import Secret
from pimforms.servers.trouble import ServerTrouble


@pytest.fixture
def kobo() -> Iterator[Bench]:
    with bench() as made:
        yield made


def test_a_new_form_is_made_marked_filled_and_published(kobo: Bench) -> None:
    outcome = kobo.push(FULL)
    kobo.is_whole(FULL)
    assert outcome.live.version == kobo.fake.only.deployed.uid
    assert outcome.did[0] == "made a new project"
    assert f"published version {outcome.live.version}" in outcome.did
    assert outcome.warnings == ()


def test_pushed_again_nothing_is_asked_that_could_change_anything(kobo: Bench) -> None:
    first = kobo.push(FULL)
    kobo.changes()
    second = kobo.push(FULL)
    assert kobo.changes() == []
    assert second.did == ()
    assert second.live.version == first.live.version
    assert len(kobo.fake.only.published) == 1


def test_a_changed_label_is_a_new_version_that_is_live(kobo: Bench) -> None:
    first = kobo.push(FULL)
    wanted = replace(FULL, workbook=package(OTHER_LABEL).workbook)
    second = kobo.push(wanted)
    kobo.is_whole(wanted)
    assert second.live.version != first.live.version
    assert [each.number for each in kobo.fake.only.published] == [2, 1]


def test_a_refused_form_leaves_the_old_version_live_and_puts_back_draft_and_files(kobo: Bench) -> None:
    first = kobo.push(FULL)
    other = Media(SITES.name, b"name,label\ny,Site Y\n")
    broken = replace(
        FULL, workbook=package(BROKEN, title="Another name").workbook, media=(other,), title="Another name"
    )
    with pytest.raises(
        ServerTrouble, match=r"refused to publish.*old version is still live, and the draft was put back"
    ) as no:
        kobo.push(broken)
    assert "${nope}" in no.value.message
    kobo.is_whole(FULL)
    assert kobo.fake.only.deployed.uid == first.live.version
    again = kobo.push(FULL)
    assert again.did == ()


def test_a_first_version_that_is_refused_is_said_to_be_on_no_phone(kobo: Bench) -> None:
    with pytest.raises(ServerTrouble, match="phones have nothing of it"):
        kobo.push(package(BROKEN))
    assert kobo.fake.only.deployed is None
    kobo.push(package())
    kobo.is_whole(package())


def test_what_the_validator_says_is_shown_without_the_names_of_its_own_files(kobo: Bench) -> None:
    with pytest.raises(ServerTrouble, match="cannot handle function 'foobar'") as no:
        kobo.push(package(changed(AGE, calculation="foobar()")))
    assert "following files" not in no.value.message


def test_a_form_with_entities_is_refused_with_a_page_that_nobody_sees(kobo: Bench) -> None:
    first = kobo.push(package())
    with pytest.raises(ServerTrouble, match=r"failed \(500\) and gives no reason") as no:
        kobo.push(package(changed(AGE, save_to="age")))
    assert "<" not in no.value.message
    assert kobo.fake.only.deployed.uid == first.live.version
    kobo.is_whole(package())


def test_changed_files_alone_reach_phones_without_a_new_version(kobo: Bench) -> None:
    first = kobo.push(FULL)
    other = replace(FULL, media=(Media(SITES.name, b"name,label\ny,Site Y\n"), Media("more.csv", b"a\n1\n")))
    kobo.changes()
    second = kobo.push(other)
    kobo.is_whole(other)
    assert not [each for each in kobo.changes() if "imports" in each]
    assert second.live.version == first.live.version
    assert {"replaced the file sites.csv", "added the file more.csv", "removed the file logo.png"} <= set(second.did)


def test_a_draft_is_sent_and_phones_keep_what_they_have(kobo: Bench) -> None:
    first = kobo.push(FULL)
    draft = replace(FULL, workbook=package(OTHER_LABEL).workbook, stage=Stage.DRAFT)
    outcome = kobo.push(draft)
    assert any(f"phones have version {first.live.version}" in each for each in outcome.warnings)
    asset = kobo.fake.only
    assert asset.deployed.uid == first.live.version != asset.draft.uid
    assert (outcome.live.sha256, outcome.live.draft_sha256) == (FULL.sha256, draft.sha256)
    kobo.changes()
    assert kobo.push(draft).did == ()
    assert kobo.changes() == []
    published = kobo.push(replace(draft, stage=Stage.PRODUCTION))
    assert published.live.version == asset.draft.uid
    kobo.is_whole(replace(draft, stage=Stage.PRODUCTION))


def test_files_of_a_draft_are_sent_once_though_the_project_lists_the_removed_ones_until_it_is_published(
    kobo: Bench,
) -> None:
    kobo.push(FULL)
    draft = replace(FULL, media=(Media(SITES.name, b"name,label\ny,Site Y\n"),), stage=Stage.DRAFT)
    kobo.push(draft)
    asset = kobo.fake.only
    assert len(asset.files) == 3
    assert asset.phones == {media.name: f"md5:{media.md5}" for media in FULL.media}
    kobo.changes()
    outcome = kobo.push(draft)
    assert (outcome.did, kobo.changes()) == ((), [])
    assert outcome.live.media == {SITES.name: draft.media[0].md5}


def test_a_draft_of_a_new_form_is_on_no_phone(kobo: Bench) -> None:
    outcome = kobo.push(package(stage=Stage.DRAFT))
    assert kobo.fake.only.deployed is None
    assert outcome.live.version is None
    assert any("phones have nothing of it yet" in each for each in outcome.warnings)


def test_a_change_in_the_formbuilder_is_told_and_pushed_over_if_the_caller_wants(kobo: Bench) -> None:
    kobo.push(FULL)
    kobo.fake.edit(kobo.fake.only)
    server = kobo.server()
    live = server.find("monitoring")
    assert live is not None
    assert live.touched is not None
    assert "rows were changed on the server" in live.touched
    assert "enum" in live.touched
    assert live.sha256 is None  # "and nobody changed it since"
    server.push(FULL, live, print)
    kobo.is_whole(FULL)


def test_a_change_that_was_published_by_hand_is_told_and_is_a_difference(kobo: Bench) -> None:
    kobo.push(FULL)
    asset = kobo.fake.only
    kobo.fake.edit(asset, label="How old are you?")
    kobo.fake._publish(asset, "enum", {"active": True}, "a036")
    server = kobo.server()
    live = server.find("monitoring")
    assert live is not None
    assert live.sha256 is None
    assert "another version was published" in (live.touched or "")
    said = server.differences(FULL, live)
    assert any("label in English (en)" in each and "editor" in each for each in said)
    kobo.push(FULL)
    kobo.is_whole(FULL)


def test_files_that_were_changed_by_hand_are_told_and_put_right(kobo: Bench) -> None:
    kobo.push(FULL)
    kobo.fake.only.kept[0].content = b"other"
    live = kobo.server().find("monitoring")
    assert live is not None
    assert "logo.png" in (live.touched or "")
    kobo.push(FULL)
    kobo.is_whole(FULL)


def test_two_projects_with_our_mark_are_named_and_nothing_is_done(kobo: Bench) -> None:
    kobo.push(FULL)
    asset = kobo.fake.only
    copy = kobo.fake.make("pim", "A copy", "survey", {"pimforms": asset.settings["pimforms"]})
    kobo.changes()
    with pytest.raises(ServerTrouble, match="2 projects") as no:
        kobo.push(FULL)
    assert asset.uid in no.value.message
    assert copy.uid in no.value.message
    assert kobo.changes() == []
    with pytest.raises(ServerTrouble, match=r"another project holds the form `monitoring`.*A copy"):
        kobo.push(FULL, kobo.server(project=asset.uid))


def test_a_project_without_a_mark_is_taken_over_if_it_is_named(kobo: Bench) -> None:
    theirs = kobo.fake.make("pim", "Made by hand")
    outcome = kobo.push(FULL, kobo.server(project=theirs.uid))
    assert outcome.live.handle == theirs.uid
    kobo.is_whole(FULL)


def test_a_project_that_was_to_be_taken_over_is_given_back_when_the_form_is_refused(kobo: Bench) -> None:
    theirs = kobo.fake.make("pim", "Made by hand")
    theirs.save(
        kobo.fake.uid("v"),
        1,
        content={"schema": "1", "survey": [{"name": "q", "type": "text", "label": ["Q"]}], "settings": {}},
        always=True,
    )
    kobo.fake._publish(theirs, "pim", {"active": True}, "a015")
    server = kobo.server(project=f"{kobo.loopback.address}/#/forms/{theirs.uid}/summary")
    live = server.find("monitoring")
    assert live is not None
    assert live.touched == "this project was not made by pimforms"
    with pytest.raises(ServerTrouble, match="the draft was put back"):
        server.push(package(BROKEN), live, print)
    assert (theirs.name, theirs.draft.content["survey"][0]["name"]) == ("Made by hand", "q")
    assert kobo.server().find("monitoring") is None
    assert server.find("monitoring").touched == "this project was not made by pimforms"


def test_an_older_server_does_not_say_which_version_an_import_made(kobo: Bench) -> None:
    kobo.fake.tells_version = False
    kobo.push(FULL)
    wanted = replace(FULL, workbook=package(OTHER_LABEL).workbook)
    kobo.push(wanted)
    kobo.is_whole(wanted)


def test_a_project_of_another_form_is_not_taken_over(kobo: Bench) -> None:
    kobo.push(FULL)
    with pytest.raises(ServerTrouble, match="holds the form `monitoring`, not `other`"):
        kobo.push(package(form_id="other"), kobo.server(project=kobo.fake.only.uid))


def test_who_may_only_look_changes_nothing(kobo: Bench) -> None:
    kobo.push(FULL)
    kobo.changes()
    with pytest.raises(ServerTrouble, match="may not change"):
        kobo.push(replace(FULL, workbook=package(OTHER_LABEL).workbook), kobo.server(Secret("token-of-enum")))
    assert kobo.changes() == []


def test_an_editor_publishes_and_is_told_what_they_cannot_give(kobo: Bench) -> None:
    kobo.push(package())
    kobo.fake.only.permissions += [Permission("p1", "enum", each) for each in ("view_asset", "change_asset")]
    wanted = replace(FULL, media=(), workbook=package(OTHER_LABEL).workbook)
    outcome = kobo.push(wanted, kobo.server(Secret("token-of-enum")))
    assert any("does not manage the project" in each for each in outcome.warnings)
    assert not [each for each in outcome.did if each.startswith("gave")]
    assert kobo.fake.only.deployed.content["survey"][3]["label"][0] == "How old?"


def test_the_name_of_the_project_is_the_title_even_if_the_workbook_has_none(kobo: Bench) -> None:
    wanted = package(workbook=package(title="Protection monitoring").workbook, title="Somali region: monitoring")
    kobo.push(wanted)
    kobo.is_whole(wanted)
    kobo.changes()
    assert kobo.push(wanted).did == ()
    assert kobo.changes() == []


def test_a_project_that_was_renamed_gets_its_name_back_and_phones_too(kobo: Bench) -> None:
    kobo.push(FULL)
    asset = kobo.fake.only
    asset.save(kobo.fake.uid("v"), 1, name="Something else", always=False)
    outcome = kobo.push(FULL)
    kobo.is_whole(FULL)
    assert asset.deployed.name == FULL.title
    assert "called the project Protection monitoring" in outcome.did


@pytest.mark.parametrize("lines", [OTHER_LABEL, None])
def test_a_project_that_somebody_closed_is_not_opened_by_a_push(kobo: Bench, lines) -> None:
    kobo.push(FULL)
    kobo.fake.only.active = False
    kobo.changes()
    with pytest.raises(ServerTrouble, match="is archived"):
        kobo.push(FULL if lines is None else replace(FULL, workbook=package(lines).workbook))
    assert kobo.changes() == []
    kobo.fake.only.active = True
    assert kobo.push(FULL).did == ()


def test_a_pilot_that_becomes_production_is_noted_and_its_records_are_told(kobo: Bench) -> None:
    first = kobo.push(replace(FULL, stage=Stage.PILOT))
    kobo.fake.only.records = 7
    outcome = kobo.push(FULL)
    assert outcome.did == ("noted that it is production",)
    assert outcome.live.version == first.live.version
    assert any("used as pilot: its 7 records" in each for each in outcome.warnings)
    assert kobo.push(FULL).did == ()


def test_a_server_that_counts_every_save_as_a_version_is_left_alone_the_second_time() -> None:
    fake = FakeKobo()
    fake.every_save = True
    with bench(fake) as kobo:
        kobo.push(FULL)
        kobo.is_whole(FULL)
        kobo.changes()
        assert kobo.push(FULL).did == ()
        assert kobo.changes() == []
        wanted = replace(FULL, workbook=package(OTHER_LABEL).workbook)
        kobo.push(wanted)
        kobo.is_whole(wanted)


def test_a_server_whose_form_links_are_missing_is_no_trouble() -> None:
    fake = FakeKobo()
    fake.links = False
    with bench(fake) as kobo:
        kobo.push(FULL)
        kobo.is_whole(FULL)


def test_the_mark_tells_what_changed_and_keeps_the_renames_of_all_pushes(kobo: Bench) -> None:
    kobo.push(replace(FULL, renames=(("a", "b"),), note="first"))
    kobo.push(replace(FULL, workbook=package(OTHER_LABEL).workbook, renames=(("b", "c"),), note="second"))
    mark = kobo.fake.only.settings["pimforms"]
    assert mark["renames"] == [["a", "b"], ["b", "c"]]
    assert (mark["form_id"], mark["stage"], mark["version"], mark["note"]) == (
        "monitoring",
        "production",
        "1-abc",
        "second",
    )
    assert mark["media"] == {LOGO.name: LOGO.md5, SITES.name: SITES.md5}
