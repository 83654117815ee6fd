"""The form library: finding a module, reading it once, and putting its statements where `use` stands."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path

from pimforms.diagnostics import Diagnostic
from pimforms.resolve import messages
from pimforms.resolve.rename import renamed_statement
from pimforms.source import Place, UnreadableSource, read_source
from pimforms.standards.data import data_path
from pimforms.syntax.nodes import As, For, FromFile, Levels, Pinned, Statement, Tree, Word
from pimforms.syntax.parse import parse

MODULE_LANGUAGE = "en"
"""The language of a module's texts that have no language before them."""
CONTAINERS = ("group", "screen", "repeat", "table")


@dataclass
class Node:
    """A statement ready to be resolved: what `use` stood for is expanded, what `extend` added is inside.

    `via` is the `use` line in the form, `purposes` its `for`; `enters` is true for the statements that stand in its place.
    `language` is that of texts without a language.
    """

    statement: Statement
    language: str
    via: Place | None = None
    purposes: tuple[Word, ...] = ()
    body: list[Node] = field(default_factory=list)
    enters: bool = False
    files: dict[str, FromFile] = field(default_factory=dict)


@dataclass
class Expansion:
    """The nodes of a form, the modules in it (name to version) and what was said on the way."""

    nodes: list[Node] = field(default_factory=list)
    modules: dict[str, str] = field(default_factory=dict)
    diagnostics: list[Diagnostic] = field(default_factory=list)
    uses: dict[str, list[tuple[frozenset[str], Place]]] = field(default_factory=dict)
    """The levels (none: all of it) that each module was used with, and where."""
    lost: set[str] = field(default_factory=set)
    """Names that an unused second `use` would have brought: nothing more is said about them."""


def expand(tree: Tree, language: str, folder: Path) -> Expansion:
    """Puts the modules in. Raises UnreadableSource for a module that is missing or uses itself."""
    expansion = Expansion()
    expansion.nodes = _expand(tree.statements, Node(_NOTHING, language), folder, expansion, ())
    return expansion


_NOTHING = Statement.__new__(Statement)


def _expand(
    statements: Iterable[Statement], outer: Node, folder: Path, expansion: Expansion, chain: tuple[str, ...]
) -> list[Node]:
    nodes: list[Node] = []
    for statement in statements:
        if statement.word == "use":
            nodes.extend(_use(statement, outer, folder, expansion, chain))
        elif statement.word == "extend":
            _extend(statement, nodes, outer, folder, expansion, chain)
        else:
            node = Node(statement, outer.language, outer.via, outer.purposes)
            node.body = _expand(statement.body, outer, folder, expansion, chain)
            if statement.body and not node.body:  # what it holds was refused; that it now holds nothing is not said too
                node.statement = replace(statement, damaged=True)
            nodes.append(node)
    return nodes


def _use(statement: Statement, outer: Node, folder: Path, expansion: Expansion, chain: tuple[str, ...]) -> list[Node]:
    word = statement.name
    assert word is not None
    name = word.text
    if name in chain:
        raise UnreadableSource(
            str(word.place),
            f"the module `{name}` uses itself ({' > '.join((*chain, name))})",
            f"take `use {name}` out of it",
        )
    tree = _module(name, word.place, folder)
    if tree is None:
        return []
    alias = statement.line.first(As)
    place = outer.via or word.place
    first = _first_use(statement, name, place, expansion)
    if first is not None:
        expansion.diagnostics.append(messages.module_used_twice(place, name, first))
        expansion.lost.update(() if alias is None else (alias.name.text,))
        return []
    version = next((s.line.first(Pinned) for s in tree.statements if s.word == "module"), None)
    expansion.modules[name] = version.version if version else "1"
    pinned = statement.line.first(Pinned)
    if pinned is not None and pinned.version != expansion.modules[name]:
        expansion.diagnostics.append(messages.newer_module(pinned.place, name, pinned.version, expansion.modules[name]))
    own = statement.line.first(For)
    inner = Node(_NOTHING, MODULE_LANGUAGE, outer.via or statement.place, own.purposes if own else outer.purposes)
    body = [s for s in tree.statements if s.word not in ("module", "pimforms")]
    body = _only_levels(body, statement, expansion)
    if alias is not None:
        body = _renamed(body, alias.name, expansion)
    nodes = _expand(body, inner, folder, expansion, (*chain, name))
    file = statement.line.first(FromFile)
    for node in nodes:
        node.enters = True
        if file is not None:
            node.files["*"] = file
    return nodes


def _first_use(use: Statement, name: str, place: Place, expansion: Expansion) -> Place | None:
    """Where the module was used before, if this use would bring something again. Levels may come in parts."""
    named = use.line.first(Levels)
    levels = frozenset(word.text for word in named.names) if named else frozenset()
    before = expansion.uses.setdefault(name, [])
    first = next((at for others, at in before if not others or not levels or others & levels), None)
    before.append((levels, place))
    return first


def _module(name: str, place: Place, folder: Path) -> Tree | None:
    beside = folder / "modules" / f"{name}.pim"
    path = beside if beside.is_file() else data_path("form_library", "modules", f"{name}.pim")
    if not path.is_file():
        known = [file.stem for file in data_path("form_library", "modules").glob("*.pim")]
        near = messages.nearest(name, known)
        fix = f"write `use {near}`" if near else f"use one of: {messages.some(known, 30)}"
        raise UnreadableSource(str(place), f"the library has no module `{name}`", fix)
    shown = f"form_library/modules/{name}.pim" if path != beside else str(path)
    tree, diagnostics = _parsed(str(path), shown)
    if diagnostics:
        first = diagnostics[0]
        raise UnreadableSource(str(first.place), f"the module `{name}` is broken: {first.message}", first.fix)
    if not any(statement.word == "module" for statement in tree.statements):
        is_form = any(statement.word == "form" for statement in tree.statements)
        holds = "holds a form and no `module`" if is_form else "holds no `module`"
        raise UnreadableSource(shown, f"this file {holds}", f'begin it with: module {name} "Title" version 1')
    return tree


@cache
def _parsed(path: str, shown: str) -> tuple[Tree, tuple[Diagnostic, ...]]:
    tree, diagnostics = parse(read_source(path, shown_as=shown))
    return tree, tuple(diagnostics)


def _only_levels(body: list[Statement], use: Statement, expansion: Expansion) -> list[Statement]:
    levels = use.line.first(Levels)
    if levels is None:
        return body
    wanted = {word.text for word in levels.names}
    offered = {s.name.text for s in body if s.word == "ask" and s.name}
    for word in levels.names:
        if word.text not in offered:
            near = messages.nearest(word.text, offered)
            expansion.diagnostics.append(
                messages.unknown_term(word.place, word.text, "level of this module", near, offered)
            )
    return [s for s in body if s.word != "ask" or (s.name is not None and s.name.text in wanted)]


def _renamed(body: list[Statement], alias: Word, expansion: Expansion) -> list[Statement]:
    """The module's one container under another name, also where the module speaks of it."""
    containers = [s for s in body if s.word in CONTAINERS and s.name]
    if len(containers) != 1 or containers[0].name is None:
        expansion.diagnostics.append(messages.nothing_to_extend(alias.place, alias.text, None))
        return body
    names = {containers[0].name.text: alias.text}
    return [renamed_statement(statement, names) for statement in body]


def _extend(
    statement: Statement, nodes: list[Node], outer: Node, folder: Path, expansion: Expansion, chain: tuple[str, ...]
) -> None:
    word = statement.name
    known = {
        node.statement.name.text: node for node in nodes if node.statement.word in CONTAINERS and node.statement.name
    }
    if word is None or word.text not in known:
        if word is not None and not statement.damaged and word.text not in expansion.lost:
            near = messages.nearest(word.text, known)
            expansion.diagnostics.append(messages.nothing_to_extend(word.place, word.text, near))
        return
    known[word.text].body.extend(_expand(statement.body, outer, folder, expansion, chain))
