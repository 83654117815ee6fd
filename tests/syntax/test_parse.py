"""Good and bad texts side by side with what is said about them. `pytest --rewrite` writes the expectations anew."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from pimforms.cli.report_text import render
from pimforms.source import Source, read_source
from pimforms.syntax import messages
from pimforms.syntax.nodes import Line, Spoken, Statement, Tree
from pimforms.syntax.parse import parse

HERE = Path(__file__).parent
BAD = sorted(HERE.glob("bad/*.pim"))
GOOD = sorted(HERE.glob("good/*.pim"))


def outline(tree: Tree) -> str:
    """The tree as an indented list: words, names, texts with their languages."""
    return "".join(_statement(statement, 0) for statement in tree.statements)


def _statement(statement: Statement, depth: int) -> str:
    inner = "".join(_line(line, depth + 1, "- ") for line in statement.properties)
    return _line(statement.line, depth) + inner + "".join(_statement(one, depth + 1) for one in statement.body)


def _line(line: Line, depth: int, bullet: str = "") -> str:
    parts = [_part(part) for part in line.parts]
    return f"{'  ' * depth}{bullet}{' | '.join([line.word, *parts])}\n"


def _part(part: object) -> str:
    """A part without its places."""
    if isinstance(part, Spoken):
        translations = "".join(f" {one.language}={one.value!r}" for one in part.translations)
        return f"Spoken({part.value!r}{translations})"
    return re.sub(r",? ?\w*place=Place\(source=Source\(path='[^']*'\), start=\d+, end=\d+\)", "", repr(part))


@pytest.mark.parametrize("path", BAD, ids=lambda path: path.stem)
def test_a_bad_text_gets_these_messages(path: Path, golden) -> None:
    _, diagnostics = parse(read_source(path, shown_as=path.name))
    assert diagnostics
    diagnostics.sort(key=lambda diagnostic: diagnostic.order)
    golden(path.with_suffix(".txt"), render(diagnostics))


@pytest.mark.parametrize("path", GOOD, ids=lambda path: path.stem)
def test_a_good_text_gives_this_tree(path: Path, golden) -> None:
    tree, diagnostics = parse(read_source(path, shown_as=path.name))
    assert diagnostics == []
    golden(path.with_suffix(".txt"), outline(tree))


def test_every_message_of_the_syntax_fires_in_some_bad_text() -> None:
    fired = {diagnostic.code for path in BAD for diagnostic in parse(read_source(path))[1]}
    assert fired == {message.rule.code for message in messages.MESSAGES}


def test_six_damages_give_six_messages() -> None:
    _, diagnostics = parse(read_source(HERE / "bad" / "six_damages.pim"))
    assert len(diagnostics) == 6


def test_an_empty_text_is_an_empty_tree() -> None:
    for text in ("", "\n", "  \n\n", "# nothing\n"):
        tree, diagnostics = parse(Source("empty.pim", text))
        assert (tree.statements, tree.junk, diagnostics) == ((), (), [])


def test_a_broken_line_is_kept_with_its_word_and_name() -> None:
    tree, _ = parse(Source("x.pim", 'ask age "How old?"\n  hint "In years"\n'))
    assert [(junk.word, junk.name) for junk in tree.junk] == [("ask", "age")]
    assert tree.statements == ()


def test_a_broken_part_of_a_statement_marks_it_damaged() -> None:
    for broken in ("hnit x", "must be at", "when a is yes or", "optional please"):
        tree, diagnostics = parse(Source("x.pim", f'ask age integer "How old?"\n  {broken}\n'))
        assert len(diagnostics) == 1
        assert [statement.damaged for statement in tree.statements] == [True]
