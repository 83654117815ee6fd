"""What one statement makes many rows of: `table … each of LIST` and `score`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from pimforms.model.form import Choice, Group, Item, Question, Repeat
from pimforms.model.text import Text
from pimforms.resolve import messages
from pimforms.resolve.library import Node
from pimforms.resolve.lists import read_choices
from pimforms.resolve.rename import renamed, renamed_text
from pimforms.resolve.tags import Around
from pimforms.source import Place
from pimforms.syntax.nodes import ListName, Spoken, Type

if TYPE_CHECKING:
    from pimforms.resolve.items import ItemReader


def table_rows(reader: ItemReader, node: Node, around: Around) -> list[Item]:
    """One row a choice of the list; `q` of row `r` of table `t` is named `t_r_q` (stable output names)."""
    statement = node.statement
    name, named = statement.name, statement.line.first(ListName)
    assert name is not None and named is not None
    listed = reader.lists.named(named)
    rows = reader.lists.lists[listed].choices if listed else ()
    named_inside = next(_uses_with_conditions(node.body), None)
    if named_inside is not None:
        reader.diagnostics.append(messages.statement_in_wrong_place(named_inside, "use", "table"))
        return []
    template = reader.inside(node, around)
    inner = [item.name for item in all_items(template)]
    groups: list[Item] = []
    for row in rows:
        names = {old: f"{name.text}_{row.code}_{old}" for old in inner}
        items = tuple(_row_item(item, names, row) for item in template)
        groups.append(Group(f"{name.text}_{row.code}", row.label, items, name.place, "row", via=node.via))
    label = reader.text(statement.line.first(Spoken), node)
    if not groups:
        return []
    return [
        Group(name.text, label, tuple(groups), name.place, "group", reader.tags.tags(statement, around), reader.when(node),
              via=node.via, damaged=statement.damaged or around.damaged)
    ]  # fmt: skip


def _uses_with_conditions(nodes: Iterable[Node]) -> Iterator[Place]:
    """Modules that name conditions: a name stands for one condition, and each row would need its own."""
    for node in nodes:
        if node.via is not None and node.statement.word == "condition":
            yield node.via
        yield from _uses_with_conditions(node.body)


def score(reader: ItemReader, node: Node, around: Around) -> list[Item]:
    """Items on one scale, on one screen: a header row that shows the scale, then a row an item (kpi's expansion)."""
    statement = node.statement
    name, type_ = statement.name, statement.line.first(Type)
    assert name is not None and type_ is not None
    listed = reader.lists.named(type_.choices) if type_.choices else None
    if type_.word.text != "one" or type_.choices is None:
        message, fix = "a score is rated on one list", f'write `score {name.text} one of LIST "…"`'
        reader.diagnostics.append(messages.choices_do_not_fit(type_.word.place, message, fix))
    bullets = [line for line in statement.properties if line.word in ("choice", "colon")]
    own = node.via is None
    rows, _ = read_choices(bullets, node.language, reader.texts, own=own)
    label = reader.text(statement.line.first(Spoken), node)
    if not rows:
        reader.diagnostics.append(messages.holds_nothing(name.place, "score", name.text))
        return []
    tags = reader.tags.tags(statement, around)
    required = not any(line.word == "optional" for line in statement.properties)
    header = Question(
        f"{name.text}_header",
        "one",
        label,
        name.place,
        tags,
        listed,
        required=False,
        appearance="label",
        via=node.via,
    )
    items: list[Item] = [header]
    for row in rows:
        items.append(
            Question(f"{name.text}_{row.code}", "one", row.label, row.place, tags, listed, required=required,
                     appearance="list-nolabel", via=node.via, damaged=around.damaged)
        )  # fmt: skip
    return [Group(name.text, None, tuple(items), name.place, "screen", tags, reader.when(node), via=node.via)]


def all_items(items: Iterable[Item]) -> Iterable[Item]:
    for item in items:
        yield item
        if isinstance(item, (Group, Repeat)):
            yield from all_items(item.items)


def _row_item(item: Item, names: Mapping[str, str], row: Choice) -> Item:
    """The item of one row: its name, the names it speaks of, and `{row}` in its texts."""
    changes: dict[str, Any] = {"name": names.get(item.name, item.name)}
    for key in ("label", "hint", "guidance"):
        text = getattr(item, key, None)
        if text is not None:
            changes[key] = renamed_text(_with_row(text, row), names)
    for key in ("when", "default", "value", "count", "key"):
        expression = getattr(item, key, None)
        if expression is not None:
            changes[key] = renamed(expression, names)
    if isinstance(item, Question):
        changes["musts"] = tuple(replace(must, condition=renamed(must.condition, names)) for must in item.musts)
        for key in ("within", "offer", "of"):
            changes[key] = names.get(getattr(item, key), getattr(item, key))
    if isinstance(item, (Group, Repeat)):
        changes["items"] = tuple(_row_item(inner, names, row) for inner in item.items)
    return replace(item, **changes)


def _with_row(text: Text, row: Choice) -> Text:
    if not any(reference.name == "row" for reference in text.references):
        return text
    label = row.label.values if row.label else {}
    values = {lang: value.replace("{row}", label.get(lang, row.code)) for lang, value in text.values.items()}
    return Text(values, text.place, tuple(r for r in text.references if r.name != "row"))
