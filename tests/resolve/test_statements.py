"""What one statement becomes: tables, scores, look-ups, modules, translations in files, drafts and waivers."""

from __future__ import annotations

from pathlib import Path

import pytest

from conftest import TODAY
from forms import HEAD, check, form_of
from heads import SMALL
from pimforms.compiler import check_source
from pimforms.model.form import Form, Group, Lookup, Note, Question, Repeat
from pimforms.model.walk import index, walk
from pimforms.source import Source, UnreadableSource

SERVICES = 'choices svc_list\n water "the water point"\n school "the school"\nend choices\n'


def names(form: Form) -> list[str]:
    return [item.name for item in walk(form.items)]


def test_a_table_asks_its_questions_for_each_choice_under_stable_names() -> None:
    body = SERVICES + (
        'table svc "Services" each of svc_list\n ask open yes_no "Is {row} open?"\n ask reach yes_no "Can you reach {row}?"\n'
        "  when open is yes\nend table"
    )
    form = form_of(body)
    assert {"svc_water_open", "svc_water_reach", "svc_school_open", "svc_school_reach"} <= set(names(form))
    open_ = index(form.items)["svc_water_open"].item
    assert isinstance(open_, Question) and open_.label and open_.label.get("en") == "Is the water point open?"


def test_a_row_of_a_table_speaks_of_its_own_answers() -> None:
    from pimforms.expressions.parts import names as read_names

    body = SERVICES + (
        'table svc each of svc_list\n ask open yes_no "Is {row} open?"\n ask reach yes_no "Reach?"\n  when open is yes\nend table'
    )
    reach = index(form_of(body).items)["svc_school_reach"].item
    assert isinstance(reach, Question) and reach.when and read_names(reach.when) == {"svc_school_open"}


def test_a_score_is_one_screen_with_a_header_and_a_row_an_item() -> None:
    body = (
        'choices quality\n good "Good"\n bad "Bad"\nend choices\nscore rate one of quality "How good are they?"\n'
        ' - water "Water"\n - school "School"'
    )
    group = index(form_of(body).items)["rate"].item
    assert isinstance(group, Group) and group.kind == "screen"
    assert [i.name for i in group.items] == ["rate_header", "rate_water", "rate_school"]
    assert [getattr(i, "appearance", None) for i in group.items] == ["label", "list-nolabel", "list-nolabel"]


def test_find_makes_a_look_up_and_a_note_when_the_code_is_not_there(tmp_path: Path) -> None:
    (tmp_path / "cards.csv").write_text("code,size\nA1,4\n", encoding="utf-8")
    body = 'ask c text "Code"\nfind card in "cards.csv" by c as code\n gives card_size integer from size\n missing "No such card."'
    checked = check_source(Source("x.pim", HEAD.replace("{topic}", "services") + body + "\n"), tmp_path, today=TODAY)
    assert checked.form is not None and not checked.has_errors
    items = index(checked.form.items)
    assert isinstance(items["card_size"].item, Lookup)
    assert isinstance(items["card_missing"].item, Note)


def test_a_module_is_renamed_where_it_is_used_and_extended() -> None:
    body = 'use sadd_roster as people\nextend people\n ask tall yes_no "Is this person tall?"\nend extend\ncalculate n = count of people'
    people = index(form_of(body).items)["people"].item
    assert isinstance(people, Repeat)
    assert "tall" in [item.name for item in people.items]


@pytest.mark.parametrize(
    ("text", "words"),
    [("use nothing_like_it", "has no module `nothing_like_it`"), ("use loop", "uses itself")],
)
def test_a_module_that_is_missing_or_uses_itself_is_one_clear_message(tmp_path: Path, text: str, words: str) -> None:
    (tmp_path / "modules").mkdir()
    (tmp_path / "modules" / "loop.pim").write_text('module loop "Loop" version 1\nuse loop\n', encoding="utf-8")
    with pytest.raises(UnreadableSource, match=words):
        check_source(Source("x.pim", HEAD.replace("{topic}", "services") + text + "\n"), tmp_path, today=TODAY)


FRENCH = SMALL.replace("purpose safety", "  languages en, fr\npurpose safety")


def test_translations_may_stand_in_a_file_beside_the_form(tmp_path: Path) -> None:
    texts = {
        "Relief": "Secours",
        "the desk in block C": "le bureau, bloc C",
        "make places here safer": "rendre les lieux plus sûrs",
        "Is there water?": "Y a-t-il de l'eau ?",
    }
    source = Source("x.pim", FRENCH + 'ask water yes_no "Is there water?"\n')
    assert {d.code for d in check_source(source, tmp_path, today=TODAY).diagnostics} == {"PIM104"}
    (tmp_path / "i18n").mkdir()
    entries = "\n".join(f'msgid "{one}"\nmsgstr "{other}"\n' for one, other in texts.items())
    head = 'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=UTF-8\\n"\n\n'
    (tmp_path / "i18n" / "fr.po").write_text(head + entries, encoding="utf-8")
    checked = check_source(source, tmp_path, today=TODAY)
    assert checked.diagnostics == () and checked.form is not None
    water = index(checked.form.items)["water"].item
    assert isinstance(water, Question) and water.label and water.label.get("fr") == "Y a-t-il de l'eau ?"


def test_a_broken_file_of_translations_is_said(tmp_path: Path) -> None:
    (tmp_path / "i18n").mkdir()
    (tmp_path / "i18n" / "fr.po").write_bytes(b"Relief = Secours\n")
    codes = {d.code for d in check_source(Source("x.pim", FRENCH), tmp_path, today=TODAY).diagnostics}
    assert "PF303" in codes


LACKING = (
    'purpose more "More"\n tell people "do more"\nask q yes_no "Is it so?" for more, safety\n sensitivity moderate\n'
)


def test_a_draft_turns_waivable_errors_into_warnings() -> None:
    assert [(d.code, d.level.value) for d in check(LACKING).diagnostics] == [("PIM302", "error")]
    assert [(d.code, d.level.value) for d in check("draft\n" + LACKING).diagnostics] == [("PIM302", "warning")]


REASON = 'because "the decision is taken next week and this form is only tried by our own staff" by "Head"'


@pytest.mark.parametrize(
    ("waiver", "codes"),
    [
        (f"waive PIM302 {REASON} until 2026-12-31\n", []),
        (f"waive PIM302 {REASON} until 2026-01-31\n", ["PF121", "PIM302"]),
        ('waive PIM302 because "soon" by "Head" until 2026-12-31\n', ["PF121", "PIM302"]),
        (f"waive PIM301 {REASON} until 2026-12-31\n", ["PF121", "PIM302"]),
    ],
    ids=["valid", "past its day", "without a real reason", "not waivable"],
)
def test_a_waiver_silences_its_rule_for_a_time_and_with_a_reason(waiver: str, codes: list[str]) -> None:
    assert sorted(d.code for d in check(waiver + LACKING).diagnostics) == codes
