"""Every example of the pages in docs/ compiles, and every word of the language has one."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from conftest import ROOT, TODAY
from heads import HEAD
from pimforms.compiler import check_source
from pimforms.docs import Example, examples, line_with
from pimforms.protect.weave import protect
from pimforms.resolve.scenarios import read_scenarios
from pimforms.source import Source, normalise
from pimforms.syntax.parse import parse
from pimforms.syntax.words import Keyword, read_keywords


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the files that the examples name."""
    folder = tmp_path_factory.mktemp("example")
    for name in ("cards.csv", "nadim_pcodes.csv", "interviewers.csv", "registry.csv", "nadim.pack.pim", "office.pem"):
        shutil.copy(ROOT / "examples" / "tour" / name, folder)
    (folder / "tap.png").write_bytes(b"")
    (folder / "modules").mkdir()
    (folder / "i18n").mkdir()
    page = (ROOT / "docs" / "files.md").read_text(encoding="utf-8")
    catalogs = re.findall(r"```po\n(.*?)```", page, re.S)
    (folder / "i18n" / "fr.po").write_text(catalogs[0], encoding="utf-8")
    return folder


def errors(text: str, folder: Path) -> list[str]:
    whole = text if re.search(r"^form\b", text, re.M) else HEAD + text
    checked = check_source(Source("example.pim", normalise(whole)), folder, today=TODAY)
    found = [d for d in checked.diagnostics if d.is_error]
    return [f"{d.code} {d.message} ({d.fix})" for d in found]


@pytest.mark.parametrize("example", examples(), ids=lambda example: f"{example.under}-{example.number}")
def test_the_example_compiles(example: Example, folder: Path) -> None:
    if example.form:
        checked = check_source(Source("example.pim", normalise(example.form)), folder, today=TODAY)
        assert checked.form is not None and not checked.has_errors
        tree, found = parse(Source("example.test.pim", normalise(example.text)))
        _, said = read_scenarios(tree, protect(checked.form))
        assert [f"{d.code} {d.message} ({d.fix})" for d in (*found, *said)] == []
    elif example.under == "pack":
        (folder / "own.pack.pim").write_text(example.text, encoding="utf-8")
        assert (
            errors(HEAD.replace("  contact ", '  follows "own.pack.pim"\n  contact ', 1) + 'ask a yes_no "A"', folder)
            == []
        )
    elif example.module:
        name = example.text.split()[1]
        (folder / "modules" / f"{name}.pim").write_text(example.text, encoding="utf-8")
        assert errors(f"use {name}\n", folder) == []
    else:
        assert errors(example.text, folder) == []


@pytest.mark.parametrize("keyword", read_keywords(), ids=lambda keyword: f"{keyword.role}-{keyword.word}")
def test_every_word_has_an_example(keyword: Keyword) -> None:
    assert line_with(keyword) is not None


def test_an_example_stands_under_a_statement() -> None:
    statements = {keyword.word for keyword in read_keywords() if keyword.role == "statement"}
    assert {e.under for e in examples() if not e.under.endswith(".md")} <= statements


@pytest.mark.parametrize("page", sorted(path.name for path in (ROOT / "docs").glob("*.md")))
def test_a_page_links_to_what_is_there(page: str) -> None:
    text = (ROOT / "docs" / page).read_text(encoding="utf-8")
    links = re.findall(r"\]\((?!https?:|#)([^)#]+)", text)
    assert [link for link in links if not (ROOT / "docs" / link).exists()] == []


def test_every_page_is_linked_from_the_readme() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    pages = [path.name for path in (ROOT / "docs").glob("*.md") if not path.name.startswith("language_")]
    assert [page for page in pages if f"(docs/{page})" not in readme] == []
