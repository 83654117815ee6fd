"""Forms beside the XPath that is written for them, and what all of it keeps to."""

from __future__ import annotations

from pathlib import Path

import pytest
from expression_help import HERE, as_text, cells, form_of

from pimforms.expressions.patterns import anchored, pattern_problem
from pimforms.expressions.terms import ALWAYS, atom, both, either, negated, quoted, text_of
from pimforms.expressions.xpath import Writer
from pimforms.model.walk import walk

FORMS = sorted(HERE.glob("xpath/*.pim"))


@pytest.mark.parametrize("path", FORMS, ids=lambda path: path.stem)
def test_this_xpath_is_written(path: Path, golden) -> None:
    golden(path.with_suffix(".txt"), as_text(cells(form_of(path.read_text(encoding="utf-8")))))


def test_a_dissolved_group_is_in_no_path_and_its_condition_is_on_its_rows(golden) -> None:
    form = form_of((HERE / "xpath" / "repeats.pim").read_text(encoding="utf-8"))
    writer = Writer(form, lambda group: group.name in ("more", "work"))
    golden(HERE / "xpath" / "repeats_dissolved.txt", as_text(cells(form, writer)))


def test_the_same_is_written_in_any_order() -> None:
    form = form_of((HERE / "xpath" / "gate.pim").read_text(encoding="utf-8"))
    items = list(walk(form.items))
    writer = Writer(form)
    backwards = {item.name: writer.relevant(item) for item in reversed(items)}
    assert backwards == {item.name: Writer(form).relevant(item) for item in items}


def test_a_value_outside_the_form_is_guarded_by_the_whole_gate() -> None:
    form = form_of((HERE / "xpath" / "gate.pim").read_text(encoding="utf-8"))
    total = next(item for item in form.items if item.name == "sum_of_both")
    written = Writer(form).value(total.value)  # type: ignore[union-attr]
    assert written.startswith("if(${agree} = 'yes' and not(${withdraw} = 'no') and ")


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("plain", "'plain'"),
        ("it's", '"it\'s"'),
        ('say "no"', "'say \"no\"'"),
        ('it\'s "no"', 'concat("it\'s ", \'"no"\')'),
        ("l’eau", '"l’eau"'),
        ("“x” l’eau", "concat('“x” l', \"’eau\")"),
        ("${x}", "concat('$', '{x}')"),
        ("", "''"),
    ],
)
def test_texts_are_quoted(text: str, written: str) -> None:
    assert quoted(text) == written


@pytest.mark.parametrize(
    ("pattern", "whole"),
    [
        ("a", "^a$"), ("^a$", "^a$"), ("a|b", "^(?:a|b)$"), ("^a|b$", "^(?:^a|b$)$"), (r"a\$", r"^a\$$"),
        (r"a\\$", r"^a\\$"), ("", "^$"), ("a$", "^a$"),
    ],
)  # fmt: skip
def test_patterns_are_anchored(pattern: str, whole: str) -> None:
    assert anchored(pattern) == whole


@pytest.mark.parametrize(
    "pattern", ["[A-Z]{2}", r"\d+(\.\d+)?", "(?:ab)+", "(?!0)[0-9]+", r"[\[\]{}]", r"a{2,}", r"\{x\}"]
)
def test_patterns_that_every_phone_knows(pattern: str) -> None:
    assert pattern_problem(pattern) is None


def test_conditions_are_flat_and_say_nothing_twice() -> None:
    a, b, c = atom("a"), atom("b"), atom("c")
    assert text_of(both([a, both([b, a]), c])) == "a and b and c"
    assert text_of(both([a, either([b, c])])) == "a and (b or c)"
    assert text_of(either([a, both([b, c])])) == "a or b and c"
    assert text_of(either([a, either([b, a])])) == "a or b"
    assert text_of(both([a, negated(both([a, b]))], frozenset([a]))) == "not(a and b)"
    assert both([]) == ALWAYS == either([a, ALWAYS])
    assert text_of(ALWAYS) == "true()"


def test_a_long_chain_of_conditions_stays_short() -> None:
    text = 'ask q0 yes_no "Q"\nask q1 yes_no "Q"\n' + "".join(
        f'ask q{i} yes_no "Q"\n  when q{i - 1} is yes or q{i - 2} is no\n' for i in range(2, 300)
    )
    form = form_of(text)
    assert max(len(Writer(form).relevant(item)) for item in form.items[-5:]) < 5000
