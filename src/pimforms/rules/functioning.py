"""Principle 1, people-centred and inclusive: the Washington Group Short Set, word for word."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise

from pimforms.diagnostics import Diagnostic, Severity, rule, rule_of
from pimforms.expressions.parts import names
from pimforms.model import expression as e
from pimforms.model.expression import Expression
from pimforms.model.form import Form, Group, Item, Note, Question, Repeat
from pimforms.model.reach import Reach
from pimforms.model.text import Text
from pimforms.model.walk import Stop, condition_of, stops
from pimforms.model.wordlike import normalised
from pimforms.rules.short_set import Asked, accepted, asked, items, plain
from pimforms.source import Place
from pimforms.standards.data import table

STANDARD = "Washington Group on Disability Statistics"
YOUNGEST = 5
FIRST_FOUR = 4
_WHY = "The set is asked word for word, in its order, with its answers, or it cannot be compared (Washington Group)."


@rule("PIM113", "functioning-set-changed", Severity.ERROR, standard=STANDARD)
def functioning_set_changed(form: Form) -> Iterator[Diagnostic]:
    """
    The Washington Group Short Set is asked in other words, in another order, with other answers, or where it does not work.

    ## Why
    Six questions, tried in many countries, find people with disabilities that no other way finds. They work only as they
    are: the same words, the same order, the same four answers, before anyone says “disability”, asked of people of five years
    or older, with a note on who answered, and not as the last thing of a long interview. The texts that are accepted stand
    in `wg_ss.json`, by language; `use wg_ss` has them.

    “Do you have a disability?” is not a short form of it. Most people with a difficulty say no: the word means something
    worse to them, or brings shame. So the figure comes out far too low, and nobody plans for those people.

    ## Bad
    ```pim
    ask vis one "Does he/she has difficulty seeing, even with glasses?"
      gives disability
      - no   "No difficulty"
      - some "Some difficulty"
      - lot  "A lot of difficulty"
      - all  "Cannot do at all"
    ask shade yes_no "Is there shade here?"
    ```

    ## Good
    ```pim
    use wg_ss
    use closing
    ```
    """
    found, direct = asked(form)
    for item in direct:
        yield _said(
            item.via or item.place,
            f"`{item.name}` asks for a disability by that word",
            "replace it by: use wg_ss",
            "Most people with a difficulty say no to that word, so the figure comes out far too low (Washington Group).",
        )
    if not found:
        return
    own = [each for each in found if not each.library]
    for each in own:
        yield from _words(form, each)
    yield from _set(form, own)
    for list_name, each in {each.item.choices: each for each in reversed(own)}.items():
        yield from _answers(form, each, list_name)
    yield from _surroundings(form, found)


def _said(place: Place, message: str, fix: str, why: str = _WHY, severity: Severity | None = None) -> Diagnostic:
    return Diagnostic(rule_of(functioning_set_changed), message, place, why, fix, severity=severity)


@rule("PIM114", "functioning-set-shortened", Severity.ERROR, standard=STANDARD, waivable=True)
def functioning_set_shortened(form: Form) -> Iterator[Diagnostic]:
    """
    Only the first four questions of the Washington Group Short Set are asked.

    ## Why
    Seeing, hearing, walking and remembering were once recommended alone where there is no time. People who cannot wash or
    dress themselves, or who cannot make themselves understood, are then not found. A waiver says why there is no time.

    ## Bad
    ```pim
    choices degrees
      1 "No difficulty"
      2 "Some difficulty"
      3 "A lot of difficulty"
      4 "Cannot do at all"
    end choices
    ask w_mode one "Who answers the next questions?"
      gives answer_mode
      - self     "The person alone"
      - assisted "The person, with help"
      - proxy    "Somebody else"
    ask w_see one of degrees "Do you have difficulty seeing, even if wearing glasses?"
    ask w_hear one of degrees "Do you have difficulty hearing, even if using a hearing aid?"
    ask w_walk one of degrees "Do you have difficulty walking or climbing steps?"
    ask w_think one of degrees "Do you have difficulty remembering or concentrating?"
    ask shade yes_no "Is there shade here?"
    ```

    ## Good
    ```pim
    use wg_ss
    use closing
    ```
    """
    found, _ = asked(form)
    own = [each for each in found if not each.library]
    if {each.number for each in own} == set(range(FIRST_FOUR)):
        yield Diagnostic(
            rule_of(functioning_set_shortened),
            "only the first four of the six questions are asked",
            own[0].item.via or own[0].item.place,
            _WHY,
            "replace them by: use wg_ss",
        )


def _words(form: Form, each: Asked) -> Iterator[Diagnostic]:
    """The words of one question, in every language."""
    label, place = each.item.label, each.item.via or each.item.place
    assert label is not None
    if not each.verbatim:
        wanted = items()[each.number]["accept"][0]
        yield _said(
            place, f"`{each.item.name}` is nearly a question of the Washington Group", f"use wg_ss, or: “{wanted}”"
        )
        return
    for language in form.facts.languages:
        text = label.get(language)
        if text and plain(text) not in accepted(each.number, language):
            if accepted(each.number, language):
                message = f"`{each.item.name}` is in other words in `{language}`"
                yield _said(place, message, "use wg_ss, which has the official text")
            else:
                message = f"the text of `{each.item.name}` in `{language}` cannot be compared with the official one"
                yield _said(place, message, "use wg_ss, or load the official wording", severity=Severity.WARNING)
        elif not text:
            continue


def _set(form: Form, own: Sequence[Asked]) -> Iterator[Diagnostic]:
    """Whether an own set is whole and in order."""
    if not own:
        return
    numbers = [each.number for each in own]
    place = own[0].item.via or own[0].item.place
    missing = [row["name"] for number, row in enumerate(items()) if number not in numbers]
    if missing and set(numbers) != set(range(FIRST_FOUR)):
        message = f"of the six questions, these are not asked: {', '.join(missing)}"
        yield _said(place, message, "replace what is there by: use wg_ss")
    late = next((each for before, each in pairwise(own) if each.number < before.number), None)
    if late is not None:
        message = f"`{late.item.name}` stands out of the order of the set"
        yield _said(late.item.via or late.item.place, message, "put the six in their order, or: use wg_ss")
    turns = (own[0].stop.turn, own[-1].stop.turn)
    names_of_set = {each.item.name for each in own}
    for stop in stops(form.items):
        item = stop.item
        between = turns[0] < stop.turn < turns[1] and isinstance(item, Question)
        if between and item.name not in names_of_set and item.name not in {f"{name}_specify" for name in names_of_set}:
            message = f"`{item.name}` stands inside the set"
            yield _said(item.via or item.place, message, "put it after the six")
            break


def _answers(form: Form, each: Asked, list_name: str | None) -> Iterator[Diagnostic]:
    """Whether a list is one of the published ones."""
    listed = form.lists.get(list_name or "")
    if listed is None:
        return
    words = table("inclusion")["functioning"]
    place = each.item.via or listed.place
    known_bad = {(row["lang"], row["label"].casefold()): row["why"] for row in table("wg_ss")["known_bad"]}
    for choice in listed.choices:
        for language, value in (choice.label.values if choice.label is not None else {}).items():
            if (language, value.casefold()) in known_bad:
                message = f"“{value}” turns the answer round in `{language}`"
                yield _said(
                    choice.place,
                    message,
                    "use wg_ss",
                    "After this question it is heard as “no difficulty” (Washington Group).",
                )
    labels = [
        normalised(choice.label.get("en"))
        for choice in listed.choices
        if choice.label is not None
        and not choice.refuses
        and choice.code not in words["ways_out"]
        and not choice.label.get("en").casefold().startswith(tuple(words["ways_out_words"]))
    ]
    if any(labels) and labels not in [
        [normalised(label) for label in published] for published in table("wg_ss")["choices_accept"]
    ]:
        wanted = ", ".join(f"“{label}”" for label in table("wg_ss")["choices_accept"][0])
        yield _said(place, f"`{each.item.name}` has other answers than the set", f"offer, in this order: {wanted}")


def _surroundings(form: Form, found: Sequence[Asked]) -> Iterator[Diagnostic]:
    """Where the set stands: what is said before it, who is asked, who answers, and that it is not the end."""
    first, last = found[0], found[-1]
    place = first.item.via or first.item.place
    every_stop = stops(form.items)
    alone = tuple(table("inclusion")["functioning"]["alone"])
    for text in _said_before(every_stop, first):
        word = next((value for value in text.values.values() if any(each in value.casefold() for each in alone)), None)
        if word is not None:
            message = "the word “disability” stands just before the set"
            yield _said(text.place, message, "say: “difficulties you may have doing certain activities”, or nothing")
            break
    if not Reach(form.items).has(first.item, "answer_mode"):
        message = "nothing records who answers the set: the person, the person with help, or somebody else"
        yield _said(place, message, "use wg_ss, or add a question that `gives answer_mode`")
    if _asks_the_youngest(form, first.stop, every_stop):
        message = "the set is asked of children under five, too"
        yield _said(place, message, f"add to it, or to the group around it: when … >= {YOUNGEST} (the age)")
    questions = [stop for stop in every_stop if isinstance(stop.item, Question) and stop.item.of is None]
    before = any(stop.turn < first.stop.turn and _is_asked(stop.item) for stop in questions)
    if before and not any(stop.turn > last.stop.turn for stop in questions):
        yield _said(place, "the set stands last in the form", "put something after it, such as: use closing")


def _is_asked(item: Item) -> bool:
    """Something that people answer, other than what the interviewer enters and who answers the set."""
    concept = table("concepts").get(item.tags.gives or "", {})
    return not concept.get("before", False) and item.tags.gives != "answer_mode"


def _said_before(every_stop: Sequence[Stop], first: Asked) -> Iterator[Text]:
    """The labels of the groups around the set, and the notes and the question just before it."""
    for container in first.stop.around:
        if isinstance(container, (Group, Repeat)) and container.label is not None:
            yield container.label
    for stop in reversed(every_stop[: first.stop.turn]):
        item = stop.item
        if isinstance(item, Note):
            yield item.label
        elif isinstance(item, Question):
            if item.label is not None:
                yield item.label
            if item.tags.gives != "answer_mode":
                return


def _asks_the_youngest(form: Form, stop: Stop, every_stop: Sequence[Stop]) -> bool:
    """Whether the set is asked of the members of a repeat, and no condition leaves out those under five."""
    if not stop.repeats:
        return False
    repeat = stop.repeats[-1].name
    given = [
        each.item
        for each in every_stop
        if each.item.tags.gives in ("age", "age_band") and any(around.name == repeat for around in each.repeats)
    ]
    musts = [must.condition for item in given if isinstance(item, Question) for must in item.musts]
    if not given or any(_holds(condition, {"": YOUNGEST - 1}) is False for condition in musts):
        return False  # of people without an age nothing is known, and some are asked of adults only
    ages = {item.name for item in given}
    inside = stop.around[[around.name for around in stop.around].index(repeat) + 1 :]
    read = [condition for condition in map(condition_of, (*inside, stop.item)) if condition is not None]
    reads_age = any(_with_named(form, names(condition)) & ages for condition in read)
    return not reads_age or all(_holds(condition, dict.fromkeys(ages, YOUNGEST - 1)) is True for condition in read)


def _with_named(form: Form, found: set[str]) -> set[str]:
    """With the answers that named conditions read."""
    return found.union(*(names(form.conditions[name]) for name in found if name in form.conditions))


_COMPARED = {
    "<": lambda one, other: one < other,
    "<=": lambda one, other: one <= other,
    ">": lambda one, other: one > other,
    ">=": lambda one, other: one >= other,
}


def _holds(condition: Expression, ages: Mapping[str, int]) -> bool | None:
    """Whether a condition on an age holds at this age; None for what speaks of anything else."""
    if isinstance(condition, e.Compare):
        left, right = (_number(side, ages) for side in (condition.left, condition.right))
        return None if left is None or right is None else _COMPARED[condition.operator](left, right)
    if isinstance(condition, e.Logic):
        found = [_holds(operand, ages) for operand in condition.operands]
        if condition.operator == "and":
            return False if False in found else None if None in found else True
        return True if True in found else None if None in found else False
    if isinstance(condition, e.Answered) and isinstance(condition.operand, e.Ref) and condition.operand.name in ages:
        return not condition.negated
    return None


def _number(side: Expression, ages: Mapping[str, int]) -> float | None:
    if isinstance(side, e.Number):
        return float(side.text)
    if isinstance(side, e.Own):
        return ages.get("")
    return ages.get(side.name) if isinstance(side, e.Ref) else None
