"""What protects people stands in the form, where it must, whatever the author wrote."""

from __future__ import annotations

import pytest

from forms import check, form_of, protected
from pimforms.expressions.parts import names as names_in
from pimforms.model.expression import Code, Expression, Is, Logic, Ref
from pimforms.model.form import Calculation, Form, Group, Lookup, Metadata, Question, Repeat
from pimforms.model.walk import index, stops, walk
from pimforms.protect.consent import fingerprint, screens

LOW = 'ask open yes_no "Is the desk open?"\n'
MODERATE = 'ask safe yes_no "Do you feel safe here?"\n  sensitivity moderate\n'
HIGH = """\
ask open yes_no "Is the desk open?"
group papers "Papers"
  topic civil_documents
  ask lack yes_no "Do you lack papers?"
  ask lost yes_no "Did you lose them?"
end group
ask shade yes_no "Is there shade?"
"""


def names(form: Form) -> list[str]:
    return [item.name for item in form.items]


def reads(expression: Expression | None) -> set[str]:
    return names_in(expression) if expression is not None else set()


def conjuncts(expression: Expression | None) -> list[Expression]:
    if isinstance(expression, Logic) and expression.operator == "and":
        return list(expression.operands)
    return [expression] if expression is not None else []


def agreed(expression: Expression) -> bool:
    """`pim_agree is yes`, said positively."""
    return (
        isinstance(expression, Is)
        and isinstance(expression.left, Ref)
        and expression.left.name == "pim_agree"
        and [value.value for value in expression.values if isinstance(value, Code)] == ["yes"]
        and not expression.negated
    )


@pytest.mark.parametrize("body", [LOW, MODERATE, HIGH])
def test_everything_asked_stands_under_the_consent(body: str) -> None:
    form = form_of(body)
    own = {item.name for item in form.items if not isinstance(item, Metadata)}
    for item in protected(body).items:
        if item.name in own and not isinstance(item, Lookup):
            assert any(agreed(condition) for condition in conjuncts(item.when)), item.name


@pytest.mark.parametrize("body", [LOW, MODERATE, HIGH])
def test_the_paths_of_answers_do_not_change_when_protections_are_added(body: str) -> None:
    form, safe = form_of(body), protected(body)
    before = {stop.item.name: [g.name for g in stop.around] for stop in stops(form.items)}
    after = {stop.item.name: [g.name for g in stop.around] for stop in stops(safe.items)}
    assert {name: after[name] for name in before if name != "consent"} == {
        name: path for name, path in before.items() if name != "consent"
    }


def test_a_low_form_has_five_screens_and_no_check() -> None:
    safe = protected(LOW)
    assert len(screens(form_of(LOW))) == 5
    assert "pim_check" not in index(safe.items)
    assert "pim_withdraw" not in names(safe)


def test_from_moderate_on_understanding_is_checked_once_and_once_again() -> None:
    items = index(protected(MODERATE).items)
    assert {"pim_check", "pim_reread", "pim_check_again", "pim_not_understood", "pim_withdraw"} <= items.keys()


def test_before_a_sensitive_block_somebody_looks_whether_anyone_can_hear() -> None:
    order = names(protected(HIGH))
    assert order.index("pim_priv_papers") < order.index("pim_go_papers") < order.index("papers")
    block = index(protected(HIGH).items)["papers"].item
    assert isinstance(block, Group)
    assert {"pim_priv_papers", "pim_go_papers"} <= reads(block.when)


def test_after_a_sensitive_block_the_interview_can_stop() -> None:
    order = names(protected(HIGH))
    assert order[order.index("papers") + 1 :][:2] == ["pim_card_papers", "pim_stop_papers"]


def test_unsafe_blanks_what_was_asked_before_as_well() -> None:
    first = index(protected(HIGH).items)["open"].item
    assert isinstance(first, Question)
    assert "pim_stop_papers" in reads(first.when)


def test_distress_ends_what_follows_and_leaves_what_was_said() -> None:
    items = index(protected(HIGH).items)
    first, last = items["open"].item, items["shade"].item
    assert isinstance(first, Question) and isinstance(last, Question)
    distress = [c for c in conjuncts(last.when) if c not in conjuncts(first.when)]
    assert len(distress) == 1 and reads(distress[0]) == {"pim_stop_papers"}


def test_no_generated_question_stands_inside_a_group_that_it_closes_or_in_a_repeat() -> None:
    body = """\
repeat members "Members"
  ask work yes_no "Does this person work?"
  ask held yes_no "Was this person ever held?"
    topic incidents
end repeat
screen both "Both"
  ask tent yes_no "Is the tent dry?"
  ask hit yes_no "Did anything dangerous happen?"
    topic incidents
end screen
"""
    for stop in stops(protected(body).items):
        item = stop.item
        if not getattr(item, "origin", None):
            continue
        assert not any(isinstance(around, Repeat) or around.name == "both" for around in stop.around), item.name
        assert all(item.name not in reads(around.when) for around in stop.around), item.name


def test_in_a_repeat_only_the_sensitive_questions_are_skipped_when_someone_hears() -> None:
    body = """\
repeat members "Members"
  ask work yes_no "Does this person work?"
  ask held yes_no "Was this person ever held?"
    topic incidents
end repeat
"""
    items = index(protected(body).items)
    work, held = items["work"].item, items["held"].item
    assert isinstance(work, Question) and isinstance(held, Question)
    assert "pim_priv_members" in reads(held.when)
    assert "pim_priv_members" not in reads(work.when)


def test_the_outcome_reads_the_gate_and_nothing_behind_it() -> None:
    outcome = index(protected(HIGH).items)["pim_outcome"].item
    assert isinstance(outcome, Calculation)
    assert all(name.startswith("pim_") for name in reads(outcome.value))


def test_the_gate_reads_nothing_behind_it() -> None:
    """No circle: what the gate stands on does not stand behind it."""
    form, safe = form_of(HIGH), protected(HIGH)
    own = {item.name for item in walk(form.items)}
    inside = {"pim_priv", "pim_move", "pim_go", "pim_skip", "pim_att_read"}
    for item in walk(safe.items):
        if item.name.startswith("pim_") and not any(item.name.startswith(part) for part in inside):
            assert not reads(getattr(item, "when", None)) & own, item.name


def test_what_may_stand_before_the_consent_stays_there() -> None:
    safe = protected("use header\nconsent\n" + LOW)
    order = names(safe)
    assert order.index("enum_code") < order.index("pim_consent") < order.index("open")


def test_without_a_consent_line_it_stands_behind_what_may_come_first() -> None:
    order = names(protected("use header\n" + LOW))
    assert order.index("enum_code") < order.index("pim_consent") < order.index("open")


# ---- the consent as it is spoken
def spoken(form: Form) -> str:
    return " ".join(screen.text.get("en") for screen in screens(form))


def test_the_consent_says_that_no_name_is_written_only_if_none_is_asked() -> None:
    assert "We will not write your name" in spoken(form_of(MODERATE))
    named = check(MODERATE + 'ask name text "What is your name?"\n  gives person_name\n').form
    assert named is not None
    assert "We will not write your name" not in spoken(named)
    assert "We will ask for your name" in spoken(named)


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("", "We do not share them with anyone."),
        ('  share with "the legal aid group" totals only\n', "the legal aid group"),
        ("  keep 3 months\n", "after 3 months"),
        ("  keep 1 month\n", "after 1 month."),
    ],
)
def test_the_consent_says_what_the_form_states(line: str, sentence: str) -> None:
    from forms import HEAD

    head = HEAD.replace("purpose safety", line + "purpose safety", 1)
    assert sentence in spoken(form_of(LOW, head=head))


def test_the_fingerprint_changes_with_the_text_and_with_nothing_else() -> None:
    def of(form: Form) -> str:
        return fingerprint(screens(form), form.facts.languages)

    one = of(form_of(LOW))
    assert of(form_of(LOW.replace("Is the desk open?", "Is the desk open today?"))) == one
    from forms import HEAD

    other = HEAD.replace("Desk, block C", "Desk, block D")
    assert of(form_of(LOW, head=other)) != one


def test_each_consent_screen_is_short_enough_to_be_read_aloud() -> None:
    from conftest import ROOT, TODAY
    from pimforms.compiler import check_file

    form = check_file(ROOT / "examples" / "f1_core" / "f1_core.pim", today=TODAY).form
    assert form is not None
    long = {(s.name, len(s.text.get("en").split())) for s in screens(form) if len(s.text.get("en").split()) > 40}
    assert long == set()


def test_the_consent_names_every_sensitive_topic() -> None:
    assert "identity papers" in spoken(form_of(HIGH))


def test_conditions_grow_with_the_number_of_sensitive_parts_and_not_faster() -> None:
    from pimforms.xlsform.emit import emit

    def longest(parts: int) -> int:
        part = 'group g{n} "G"\n topic incidents\n ask h{n} yes_no "H?"\nend group\nask l{n} yes_no "L?"\n'
        rows = emit(protected("".join(part.replace("{n}", str(n)) for n in range(parts)))).survey
        return max(len(row.cells.get("relevant", "")) for row in rows)

    assert longest(16) < 3 * longest(8)


def test_an_unsafe_stop_cannot_be_undone_by_an_earlier_one() -> None:
    parts = "".join(
        f'group g{n} "G"\n topic incidents\n ask h{n} yes_no "H?"\nend group\nask l{n} yes_no "L?"\n' for n in (1, 2)
    )
    later = index(protected(parts).items)["pim_stop_g2"].item
    assert isinstance(later, Question) and reads(later.when) == {"pim_agree"}


def test_a_withdrawal_cannot_be_undone_by_a_stop() -> None:
    withdraw = index(protected(HIGH).items)["pim_withdraw"].item
    assert isinstance(withdraw, Question) and withdraw.required and withdraw.required_when is not None
    stops_read = [c for c in conjuncts(withdraw.when) if "pim_stop_papers" in reads(c)]
    assert len(stops_read) == 1 and "unsafe" in repr(stops_read[0]) and "distress" not in repr(stops_read[0])
