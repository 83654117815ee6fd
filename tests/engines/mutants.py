"""Forms whose protection is broken in one place, each for the promise that must notice."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from conftest import ROOT
from pimforms.model import expression as e
from pimforms.model.form import Form, Group, Item, Question, Repeat, Tags
from pimforms.xlsform.emit import emit
from pimforms.xlsform.rows import Row, Sheets

ROOMS = """
ask how_many integer "How many rooms are there?"
  must be at least 0 and at most 9
repeat rooms "Rooms"
  times how_many
  ask dry yes_no "Is this room dry?"
  ask beds_here integer "How many beds are in it?"
    must be at least 0 and at most 4
  repeat beds "Beds"
    times beds_here
    ask slept yes_no "Did somebody sleep in it?"
  end repeat
end repeat
calculate dry_rooms = count of rooms where dry is yes
"""
STOPS = """
ask water yes_no "Is there water?"
group first "First"
  ask hurt yes_no "Were you hurt?"
    sensitivity high because "asked only in private"
end group
ask school yes_no "Is there a school?"
group second "Second"
  ask away text "Who is away?"
    sensitivity high because "asked only in private"
end group
ask market yes_no "Is there a market?"
group third "Third"
  ask afraid yes_no "Are you afraid?"
    sensitivity high because "asked only in private"
end group
ask all_said yes_no "Is that all?"
"""
FORMS: dict[str, Path | str] = {
    "tour": ROOT / "examples" / "tour" / "tour.pim",
    "children": ROOT / "tests" / "protect" / "forms" / "children.pim",
    "contact": ROOT / "tests" / "protect" / "forms" / "contact.pim",
    "split": ROOT / "tests" / "protect" / "forms" / "split.pim",
    "trained": ROOT / "tests" / "protect" / "forms" / "trained.pim",
    "rooms": ROOMS,
    "stops": STOPS,
}


@dataclass(frozen=True)
class Mutant:
    """`promise` is the name of the one that is broken, about `subject` (or anything, if that is "").

    `of` is the form, a key of FORMS (a file, or what is asked in it); it is found with each of so many `seeds`.
    `in_time` if only answers changed one after the other show it, so that no single moment does.
    """

    name: str
    promise: str
    subject: str
    change: Callable[[Form], tuple[Form, Sheets]]
    of: str = "tour"
    seeds: int = 1
    in_time: bool = False


# ---- in the form


def in_form(name: str, change: Callable[[Item], Item]) -> Callable[[Form], tuple[Form, Sheets]]:
    """One item of the form changed."""

    def changed(items: tuple[Item, ...]) -> tuple[Item, ...]:
        found: list[Item] = []
        for item in items:
            if isinstance(item, (Group, Repeat)):
                item = replace(item, items=changed(item.items))  # noqa: PLW2901
            found.append(change(item) if item.name == name else item)
        return tuple(found)

    def mutate(form: Form) -> tuple[Form, Sheets]:
        mutated = replace(form, items=changed(form.items))
        assert mutated != form
        return mutated, emit(mutated)

    return mutate


def ungated(item: Item) -> Item:
    return replace(item, when=None)  # type: ignore[call-arg]


def without(*words: str) -> Callable[[Item], Item]:
    """The condition of an item without those of its parts that speak of these names."""

    def change(item: Item) -> Item:
        when = item.when  # type: ignore[union-attr]
        assert isinstance(when, e.Logic) and when.operator == "and"
        left = tuple(part for part in when.operands if not any(f"'{word}'" in repr(part) for word in words))
        assert len(left) < len(when.operands), item.name
        return replace(item, when=replace(when, operands=left))  # type: ignore[call-arg]

    return change


def about(topic: str) -> Callable[[Item], Item]:
    def change(item: Item) -> Item:
        return replace(item, tags=replace(item.tags, topic=topic))  # type: ignore[call-arg, union-attr]

    return change


def giving(concept: str) -> Callable[[Item], Item]:
    def change(item: Item) -> Item:
        return replace(item, tags=replace(item.tags, gives=concept))  # type: ignore[call-arg, union-attr]

    return change


def holding(name: str, concept: str) -> Callable[[Item], Item]:
    """A group with one question more."""

    def change(item: Item) -> Item:
        assert isinstance(item, Group)
        asked = Question(name, "text", None, item.place, Tags(gives=concept))
        return replace(item, items=(*item.items, asked))

    return change


def unless(name: str, code: str) -> Callable[[Item], Item]:
    """An item that is asked only as long as an earlier question has not this answer."""

    def change(item: Item) -> Item:
        place = item.place
        earlier = e.Not(e.Is(e.Ref(name, place), (e.Code(code, place),), False, place), place)
        return replace(item, when=e.Logic("and", (item.when, earlier), place))  # type: ignore[union-attr,arg-type,call-arg]

    return change


# ---- in the rows


def shown_as(name: str, other: str) -> Callable[[Form], tuple[Form, Sheets]]:
    """A row under the condition of another one."""

    def mutate(form: Form) -> tuple[Form, Sheets]:
        relevant = next(row.cells["relevant"] for row in emit(form).survey if row.cells.get("name") == other)
        return in_rows(name, "relevant", set_to(relevant))(form)

    return mutate


def in_rows(name: str, column: str, change: Callable[[str], str]) -> Callable[[Form], tuple[Form, Sheets]]:
    """One cell of the survey sheet changed."""

    def mutate(form: Form) -> tuple[Form, Sheets]:
        sheets = emit(form)
        rows = []
        for row in sheets.survey:
            if row.cells.get("name") == name:
                changed = change(row.cells.get(column, ""))
                assert changed != row.cells.get(column, "")
                row = replace(row, cells={**row.cells, column: changed})  # noqa: PLW2901
            rows.append(row)
        columns = sheets.survey_columns if column in sheets.survey_columns else (*sheets.survey_columns, column)
        return form, replace(sheets, survey=tuple(rows), survey_columns=columns)

    return mutate


def everywhere(column: str, change: Callable[[str], str]) -> Callable[[Form], tuple[Form, Sheets]]:
    """A cell changed in every row in which it can be: a condition is written out wherever it counts."""

    def mutate(form: Form) -> tuple[Form, Sheets]:
        sheets = emit(form)
        rows = []
        for row in sheets.survey:
            with suppress(AssertionError):
                row = replace(row, cells={**row.cells, column: change(row.cells.get(column, ""))})  # noqa: PLW2901
            rows.append(row)
        assert rows != list(sheets.survey)
        return form, replace(sheets, survey=tuple(rows))

    return mutate


def turned(old: str, new: str) -> Callable[[str], str]:
    def change(text: str) -> str:
        assert old in text, text
        return text.replace(old, new)

    return change


def set_to(text: str) -> Callable[[str], str]:
    return lambda _: text


def with_calculation(name: str, xpath: str, *, first: bool = False) -> Callable[[Form], tuple[Form, Sheets]]:
    """One calculation more, outside everything."""

    def mutate(form: Form) -> tuple[Form, Sheets]:
        sheets = emit(form)
        row = Row({"type": "calculate", "name": name, "calculation": xpath}, form.place)
        rows = (row, *sheets.survey) if first else (*sheets.survey, row)
        return form, replace(sheets, survey=rows)

    return mutate


def without_refusal(question: str) -> Callable[[Form], tuple[Form, Sheets]]:
    """The choice "prefer not to say" is not in the list of a question."""

    def mutate(form: Form) -> tuple[Form, Sheets]:
        sheets = emit(form)
        kinds = {row.cells.get("name"): row.cells.get("type", "") for row in sheets.survey}
        listed = kinds[question].split()[1]
        choices = tuple(
            row for row in sheets.choices if not (row.cells["list_name"] == listed and row.cells["name"] == "pnta")
        )
        assert len(choices) < len(sheets.choices)
        return form, replace(sheets, choices=choices)

    return mutate


RECORDED, ASKED = "nothing_recorded_without_consent", "nothing_asked_without_consent"
OUTSIDE, OVERHEARD = "nothing_outside_holds_an_answer", "nothing_sensitive_is_overheard"
FIT, GRANT = "a_child_is_asked_only_what_is_fit", "what_needs_its_own_consent_has_it"
LEFT, BLOCKED = "every_sensitive_question_can_be_left", "no_question_blocks_the_end"
TRAINED, APART = "only_trained_interviewers_ask", "nothing_of_the_contact_form_is_here"
STOPPED, OUTCOME = "the_engine_goes_on", "the_outcome_fits"
SURPLUS = "no_surplus_member_is_sent"

# Of examples/tour: `documents` is HIGH, a stop stands after it, `safe_places` follows.
MUTANTS = (
    Mutant("the gate removed from a group", RECORDED, "feels_safe", in_form("safe_places", ungated)),
    Mutant("the withdrawal dropped", RECORDED, "feels_safe", in_form("safe_places", without("pim_withdraw"))),
    Mutant("not safe dropped", RECORDED, "household_code", in_form("arrival", without("unsafe"))),
    Mutant("the wish to delete dropped", RECORDED, "household_code", in_form("arrival", without("pim_keep_documents"))),
    Mutant("a copy outside", RECORDED, "copied", with_calculation("copied", "once(${arrived})")),
    Mutant("a plain copy outside", RECORDED, "copied", with_calculation("copied", "concat('x', ${feels_safe})")),
    Mutant("a count outside", RECORDED, "counted", with_calculation("counted", "count(${members})")),
    Mutant("equal turned in a gate", ASKED, "feels_safe",
           in_rows("safe_places", "relevant", turned("${pim_agree} = 'yes'", "${pim_agree} != 'yes'"))),
    Mutant("the gate removed from one question", ASKED, "block", in_form("block", ungated), "contact"),
    Mutant("the gate removed from a repeat", ASKED, "sex", in_form("members", ungated)),
    Mutant("the interview goes on after distress", ASKED, "feels_safe", in_form("safe_places", without("distress"))),
    Mutant("the version reads an answer", OUTSIDE, "pim_consent_version",
           in_rows("pim_consent_version", "calculation", set_to("concat('v', ${feels_safe}, ${arrived})"))),
    Mutant("a calculation in the table copies an answer", OUTSIDE, "early",
           with_calculation("early", "once(${arrived})", first=True)),
    Mutant("the privacy check dropped", OVERHEARD, "missing_docs",
           in_form("documents", without("pim_priv_documents", "pim_go_documents"))),
    Mutant("an adult counts as nobody", OVERHEARD, "missing_docs",
           everywhere("relevant", turned("${pim_priv_documents} = 'child'", "${pim_priv_documents} = 'adult'"))),
    Mutant("go on or skip dropped", OVERHEARD, "missing_docs", in_form("documents", without("pim_go_documents"))),
    Mutant("moved, of another moment", OVERHEARD, "missing_docs", in_rows("pim_move_documents", "trigger", set_to("")),
           in_time=True),
    Mutant("a look of another moment", OVERHEARD, "missing_docs",
           in_rows("pim_priv_again_documents", "trigger", set_to("")), in_time=True),
    Mutant("a number must be answered", LEFT, "how_many", in_rows("how_many", "required", set_to("yes"))),
    Mutant("no choice declines", LEFT, "missing_docs", without_refusal("missing_docs")),
    Mutant("declining is refused", LEFT, "wants_help", in_rows("wants_help", "constraint", set_to(". != 'pnta'"))),
    Mutant("no answer passes", BLOCKED, "feels_safe", in_rows("feels_safe", "constraint", set_to(". = 'nowhere'"))),
    Mutant("no choice is offered", BLOCKED, "adm2", in_rows("adm2", "choice_filter", set_to("adm1 = 'nowhere'"))),
    Mutant("an unknown function", STOPPED, "feels_safe", in_rows("feels_safe", "constraint", set_to("shout(.) = 1"))),
    Mutant("an endless repeat", STOPPED, "sex", in_rows("members", "repeat_count", set_to("1000000"))),
    Mutant("a withdrawal counts as complete", OUTCOME, "pim_outcome",
           in_rows("pim_outcome", "calculation", turned("'withdrawn'", "'complete'"))),
    Mutant("not safe counts as partial", OUTCOME, "pim_outcome",
           in_rows("pim_outcome", "calculation", turned("'stopped_unsafe'", "'partial'"))),
    Mutant("the child is not asked to agree", ASKED, "own_age",
           everywhere("relevant", turned(" and ${pim_child_agree} = 'yes'", "")), "children"),
    Mutant("a no of the caregiver does not count", ASKED, "own_age",
           everywhere("relevant", turned("${pim_caregiver_agree} = 'yes'", "true()")), "children"),
    Mutant("who was not trained asks a child", ASKED, "open",
           everywhere("relevant", turned("${enum_code} = 'A01'", "${enum_code} != ''")), "trained"),
    Mutant("what is for adults is shown to all", FIT, "lack", shown_as("papers_part", "school"), "children"),
    Mutant("a topic that is not for children", FIT, "shop", in_form("shop", about("movement")), "children"),
    Mutant("the consent to keep a name dropped", GRANT, "full_name",
           in_form("full_name", without("pim_contact_full_name")), "contact"),
    Mutant("a no to a recording counts as yes", GRANT, "voice",
           everywhere("relevant", turned("${pim_media_voice} = 'yes'", "${pim_media_voice} = 'no'")), "contact"),
    Mutant("everybody counts as trained", TRAINED, "hurt",
           everywhere("relevant", turned("${enum_code} = 'A01'", "${enum_code} != ''")), "split"),
    Mutant("another code counts as trained", TRAINED, "hurt",
           everywhere("relevant", turned("${enum_code} = 'A01'", "${enum_code} = 'B02'")), "split"),
    Mutant("a name stays in the anonymous form", APART, "wants", in_form("wants", giving("person_name")), "split"),
    Mutant("a number comes back", APART, "phone", in_form("reach", holding("phone", "phone_number")), "split"),
    Mutant("a no of the child counts as complete", OUTCOME, "pim_outcome",
           in_rows("pim_outcome", "calculation", turned("'refused'", "'complete'")), "children"),
    Mutant("a question of a member too many stays", SURPLUS, "dry",
           in_rows("dry", "relevant", turned("position(..) <= ${how_many}", "true()")), "rooms"),
    Mutant("members inside one too many stay", SURPLUS, "slept",
           in_rows("slept", "relevant", turned("position(..) <= ${beds_here}", "true()")), "rooms"),
    Mutant("one member too many stays", SURPLUS, "dry",
           in_rows("dry", "relevant", turned("position(..) <=", "position(..) - 1 <=")), "rooms"),
    # Somebody says that it is not safe; then an earlier stop is changed, which hides that answer and opens everything.
    Mutant("an earlier stop undoes unsafe", RECORDED, "", in_form("pim_stop_second", unless("pim_stop_first", "distress")),
           "stops", seeds=6, in_time=True),
    Mutant("an earlier stop undoes the last unsafe", RECORDED, "",
           in_form("pim_stop_third", unless("pim_stop_second", "distress")), "stops", seeds=6, in_time=True),
)  # fmt: skip
