"""A tree to a form: the whole of `resolve`, in the order in which things must be known."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from pimforms.diagnostics import Diagnostic
from pimforms.expressions.resolve import resolve_form
from pimforms.model.alike import singles_out
from pimforms.model.facts import Duration, Explanation, Facts, Purpose
from pimforms.model.form import Form
from pimforms.model.identity import direct_identifiers, is_split_off
from pimforms.model.level import Level
from pimforms.model.limits import longest_keep, months_in
from pimforms.model.text import Text, is_blank
from pimforms.model.walk import questions_in
from pimforms.resolve import messages
from pimforms.resolve.days import with_real_days
from pimforms.resolve.facts import FactReader, declared_languages, languages_twice
from pimforms.resolve.flow import with_flow
from pimforms.resolve.items import ItemReader
from pimforms.resolve.keys import with_key
from pimforms.resolve.lasting import check_lasting
from pimforms.resolve.library import Node, expand
from pimforms.resolve.lists import BUILT_IN, ListReader
from pimforms.resolve.names import check_names, form_id_problem
from pimforms.resolve.offers import check_offers
from pimforms.resolve.packs import read_packs, with_packs
from pimforms.resolve.purposes import read_explanation, read_purpose, read_referral, read_risk, read_waiver
from pimforms.resolve.registry import with_registry
from pimforms.resolve.rosters import with_roster
from pimforms.resolve.tags import Around, TagReader
from pimforms.resolve.texts import TextReader
from pimforms.resolve.translations import read_catalogs
from pimforms.source import Place
from pimforms.syntax.nodes import Spoken, Statement, Tree


def resolve(tree: Tree, folder: Path) -> tuple[Form | None, list[Diagnostic]]:
    """The form of a tree and what is wrong with it; None if there is no `form` to speak of.

    Raises UnreadableSource for a library module that is missing, broken, or uses itself.
    """
    tree, diagnostics = with_real_days(tree)
    head = _head(tree, diagnostics)
    if head is None:
        return None, diagnostics
    languages = declared_languages(head)
    diagnostics.extend(languages_twice(head))
    scenarios = [statement for statement in tree.statements if statement.word == "scenario"]
    if scenarios:
        from pimforms.resolve.scenarios import scenario_in_form

        diagnostics.extend(map(scenario_in_form, scenarios))
    catalogs, found = read_catalogs(folder, languages, head.place)
    diagnostics.extend(found)
    texts = TextReader(languages, diagnostics, catalogs)
    reader = FactReader(texts)
    packs = read_packs(reader, head, folder)
    facts = with_packs(reader.facts(head, draft=any(s.word == "draft" for s in tree.statements)), packs)
    facts, found = with_roster(facts, folder)
    diagnostics.extend(found)
    facts, found = with_key(facts, folder)
    diagnostics.extend(found)
    facts, found = with_registry(facts, folder)
    diagnostics.extend(found)
    purposes = _purposes(tree.statements, reader, diagnostics)
    expansion = expand(tree, languages[0], folder)
    diagnostics.extend(expansion.diagnostics)
    damaged = frozenset(junk.name for junk in tree.junk if junk.name)
    tags = TagReader(purposes, diagnostics, facts.context, packs)
    lists = ListReader(texts, folder, damaged)
    items = ItemReader(texts, folder, tags, lists)
    _read_lists(expansion.nodes, lists)
    read = items.read(expansion.nodes, Around())
    read = tags.finish(read)
    diagnostics.extend(check_names(read))
    _check_unused(lists, diagnostics)
    name = head.name
    title = head.line.first(Spoken)
    assert name is not None
    problem = form_id_problem(name.text)
    if problem is not None:
        diagnostics.append(messages.bad_name(name.place, name.text, *problem))
    spoken = reader.text(head.line)
    if title is not None and is_blank(spoken):
        diagnostics.append(messages.text_missing(title.place, f"the form `{name.text}`"))
    form = Form(
        name.text,
        spoken or Text({}, name.place),
        name.place,
        facts,
        purposes,
        tuple(read_risk(reader, s) for s in tree.statements if s.word == "risk" and _whole(s)),
        tuple(read_referral(reader, s) for s in tree.statements if s.word == "referral" and _whole(s)),
        lists.lists,
        items.conditions,
        tuple(read_waiver(s) for s in tree.statements if s.word == "waive"),
        read,
        names_of_damaged=damaged | items.doubtful | expansion.lost,
        folder=str(folder),
        modules=expansion.modules,
        explanations=_explanations(tree.statements, reader),
        packs=packs,
        unread=_unread(tree),
    )
    form, found = resolve_form(form)
    diagnostics.extend(found)
    diagnostics.extend(check_offers(form))
    diagnostics.extend(check_lasting(form))
    form = with_flow(form)
    level = _level(form)
    return replace(form, level=level, facts=_with_usual_keep(form.facts, level)), diagnostics


def _level(form: Form) -> Level:
    """The level of a record: that of its most sensitive question, and SEVERE if a HIGH answer stands beside a name.

    Sensitivity 2.1, combination rule (a). The questions keep their own levels. What is split off is not in the record.
    One level more if too few records look alike in what is shared, rule (b): that is an error of its own (PIM504), so the
    level, and all that it asks for, only rises once somebody waived it.
    """
    asked = list(questions_in(form.items))
    if form.facts.split is not None:
        asked = [question for question in asked if not is_split_off(question)]
    level = max((question.tags.level for question in asked), default=Level.LOW)
    if level >= Level.HIGH and direct_identifiers(asked):
        return Level.SEVERE
    waived = any(waiver.code == "PIM504" for waiver in form.waivers)
    return Level(min(level + 1, Level.SEVERE)) if waived and singles_out(form) else level


def _with_usual_keep(facts: Facts, level: Level) -> Facts:
    """How long records are kept, where the form does not say: as in its category, and no longer than its level allows."""
    limit = longest_keep(level)
    if facts.keep is None or facts.keep_place is not None or months_in(facts.keep) <= limit:
        return facts
    defaults = tuple((name, f"{limit} months" if name == "keep" else value) for name, value in facts.defaults)
    return replace(facts, keep=Duration(limit, "months"), defaults=defaults)


def _unread(tree: Tree) -> dict[Place, tuple[str, ...]]:
    """The lines that did not parse, by the statement that lacks them; under `form`, also whole statements of facts."""
    lost = tuple(junk.word for junk in tree.junk if junk.word in ("purpose", "risk", "referral"))
    found = {}
    for statement in tree.statements:
        words = statement.unread + (lost if statement.word == "form" else ())
        if words and statement.name is not None:
            found[statement.name.place] = words
    return found


def _whole(statement: Statement) -> bool:
    return statement.name is not None and statement.line.first(Spoken) is not None


def _head(tree: Tree, diagnostics: list[Diagnostic]) -> Statement | None:
    forms = [s for s in tree.statements if s.word == "form"]
    if not forms:
        if any(junk.word == "form" for junk in tree.junk):
            return None  # it is there, and its line was reported
        place = Place(tree.source, 0, min(len(tree.source.text), 1))
        module = next((s for s in tree.statements if s.word == "module"), None)
        message = "this is a module of the library, not a form" if module else "this file has no `form`"
        if any(statement.word == "scenario" for statement in tree.statements):
            message = "this file holds scenarios, not a form"
        fix = (
            f"use it in a form: `use {module.name.text}`" if module and module.name else 'begin with: form NAME "Title"'
        )
        if "scenarios" in message:
            fix = f"run them with: pimforms test {tree.source.path.replace('.test.pim', '.pim')}"
        diagnostics.append(messages.form_missing(place, message, fix))
        return None
    for extra in forms[1:]:
        diagnostics.append(
            messages.form_missing(extra.place, "this file has a second `form`", "put it into a file of its own")
        )
    return forms[0]


def _purposes(statements: Iterable[Statement], reader: FactReader, diagnostics: list[Diagnostic]) -> dict[str, Purpose]:
    purposes: dict[str, Purpose] = {}
    for statement in statements:
        if statement.word != "purpose" or statement.name is None:
            continue
        purpose = read_purpose(reader, statement)
        if purpose.name in purposes:
            diagnostics.append(messages.name_taken(purpose.place, purpose.name, purposes[purpose.name].place))
        purposes.setdefault(purpose.name, purpose)
    return purposes


def _explanations(statements: Iterable[Statement], reader: FactReader) -> tuple[Explanation, ...]:
    found = (read_explanation(reader, statement) for statement in statements if statement.word == "explain")
    return tuple(each for each in found if each is not None)


def _read_lists(nodes: Iterable[Node], lists: ListReader) -> None:
    """Lists first: a question may use one that stands below it."""
    found = list(_with_modules_inside(nodes))
    for node in found:
        if node.statement.word == "choices":
            lists.shared(node)
    placed = [node for node in found if node.files and node.statement.word == "ask"]
    if placed:
        lists.places(placed[0], [node.statement.name.text for node in placed if node.statement.name])


def _with_modules_inside(nodes: Iterable[Node]) -> Iterable[Node]:
    """The nodes, and those that a `use` in a group or repeat brings: lists of a module belong to the whole form."""
    for node in nodes:
        yield node
        for inner in _with_modules_inside(node.body):
            if inner.via is not None:
                yield inner


def _check_unused(lists: ListReader, diagnostics: list[Diagnostic]) -> None:
    for name, listed in lists.lists.items():
        own = listed.shared and listed.via is None and listed.place.source is not BUILT_IN
        if own and name not in lists.used:
            diagnostics.append(messages.list_not_used(listed.place, name))
