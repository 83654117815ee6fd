"""The formatter: cases with input and output in one file, and what holds for every text."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conftest import ROOT
from pimforms.source import Source, normalise, read_source
from pimforms.syntax.format import format_text, same_meaning
from pimforms.syntax.parse import parse
from pimforms.syntax.words import BLANK

HERE = Path(__file__).parent
MARK = "# ---- formatted ----\n"
FORMS = sorted(
    path
    for folder in ("examples", "form_library", "tests", "docs", "benchmarks")
    for path in (ROOT / folder).rglob("*.pim")
)


def check_all_that_always_holds(text: str) -> str:
    """Formats a text; whatever the text is, all of this is true."""
    source = Source("x.pim", normalise(text))
    written, _ = format_text(source)
    again = Source("x.pim", written)
    assert format_text(again) == (written, []), "formatting twice changes nothing more"
    tree, diagnostics = parse(source)
    tree_again, diagnostics_again = parse(again)
    assert same_meaning(tree, tree_again)
    assert [one.code for one in diagnostics] == [one.code for one in diagnostics_again]
    assert _comments(source.text) == _comments(written)
    assert _count(source.text) == _count(written), "no line is lost and none is added"
    return written


def _said(line: str) -> str:
    """A line without blanks and unseen marks around it."""
    return re.sub(f"^{BLANK}+|{BLANK}+$", "", line)


def _count(text: str) -> int:
    return sum(1 for line in text.split("\n") if _said(line))


def _comments(text: str) -> list[str]:
    """Lines that are comments, and what stands behind the last `#` of the others, which may be in a text."""
    said = [_said(line.rpartition("#")[2]) for line in text.split("\n") if "#" in line]
    return [re.sub('["“”„]', "", comment) for comment in said]


@pytest.mark.parametrize("path", sorted(HERE.glob("format/*.txt")), ids=lambda path: path.stem)
def test_case(path: Path, golden) -> None:
    given_text, _, _ = path.read_text(encoding="utf-8").partition(MARK)
    written = check_all_that_always_holds(given_text)
    _, rewrites = format_text(Source("x.pim", normalise(given_text)))
    said = "".join(f"# line {one.place.line}: {one.written} -> {one.now}\n" for one in rewrites)
    golden(path, given_text + MARK + written + said)


@pytest.mark.parametrize("path", FORMS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_form_of_the_project(path: Path) -> None:
    check_all_that_always_holds(read_source(path).text)


@pytest.mark.parametrize(
    "path", [path for path in FORMS if path.is_relative_to(ROOT / "form_library")], ids=lambda path: path.stem
)
def test_the_library_is_formatted(path: Path) -> None:
    source = read_source(path)
    assert format_text(source)[0] == source.text, f"run: pimforms fmt {path.relative_to(ROOT)}"


def test_a_line_with_unseen_marks_alone_is_a_blank_line() -> None:
    check_all_that_always_holds('"\n\u200f\nwhen “a”\n')


LINES = sorted({line for path in FORMS for line in read_source(path).text.split("\n") if line.strip()})
PIECES = st.sampled_from(
    ['"', "“", "”", "“a”", '"b ""c"""', "ask", "end group", "group g", "choices l", "end choices", "and", "or", "must",
     "when", "is", "=", "!=", ">=", "≥", "-", "• x", "(", ")", ",", "fr:", "# c", "a", "7", "2026-01-01", "one of", "not",
     "message", "\t", "\u200f", "\u00a0", "x", "answered", "calculate k =", "default", "sum of a in b", "{", "$", "é", "ع"]
)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(st.lists(st.sampled_from(LINES), max_size=25), st.randoms(use_true_random=False))
def test_any_lines_in_any_order(lines: list[str], random) -> None:
    indented = [" " * random.randrange(6) + line.strip() + " " * random.randrange(3) for line in lines]
    check_all_that_always_holds("\n".join(indented))


@settings(max_examples=150, deadline=None)
@given(st.lists(st.lists(PIECES, max_size=8).map(" ".join), max_size=8))
def test_any_words_in_any_order(lines: list[str]) -> None:
    check_all_that_always_holds("\n".join(lines))


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=200))
def test_any_text_at_all(text: str) -> None:
    check_all_that_always_holds(text)
