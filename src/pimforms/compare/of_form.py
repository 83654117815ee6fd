"""A resolved form to a snapshot: conditions as the author wrote them, nothing woven in and no rows made.

Groups that are not emitted are in nobody's path, exactly as in the workbook.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import replace

from pimforms.compare.keys import key_of, shown
from pimforms.compare.of_facts import facts_of
from pimforms.compare.snapshot import Added, Entry, Option, Snapshot, Words, Woven
from pimforms.model.diversity import is_hostile
from pimforms.model.expression import Expression, String
from pimforms.model.form import (
    Calculation,
    Choice,
    ConsentPoint,
    Form,
    Group,
    Item,
    Lookup,
    Metadata,
    Note,
    Question,
    Repeat,
    Tags,
)
from pimforms.model.identity import identifies, is_split_off
from pimforms.model.level import Level
from pimforms.model.minutes import minutes
from pimforms.model.names import made_name
from pimforms.model.text import Text
from pimforms.model.walk import Stop, condition_of, questions_in, stops, walk
from pimforms.resolve.lists import BUILT_IN
from pimforms.source import Place
from pimforms.standards.data import table
from pimforms.xlsform.choices import Lists, used_lists
from pimforms.xlsform.repeats import appearance, taken_apart

_SELECT_ONE = ("one", "yes_no")
AGREED = ("${pim_agree} = 'yes'",)
"""Stands for the whole gate of a question behind the consent: in a form text only the side of the consent can change."""
_RAW = {f"media::{kind}": kind for kind in ("image", "big-image", "audio", "video")}


def snapshot_of_form(form: Form, name: str = "") -> Snapshot:
    """The snapshot of a form that resolved without an error. What the compiler adds is left out: see `woven`."""
    form = _as_asked(form)
    apart = taken_apart(form.items)
    split_off = f"{made_name(form.name, 'contact')}" if form.facts.split is not None else ""
    used = used_lists(form, tuple(questions_in(form.items)))
    entries: dict[str, Entry] = {}
    first = _before_consent(form)
    for stop in stops(form.items):
        if not isinstance(stop.item, ConsentPoint):
            entry = _entry(stop, apart, used, form.facts.languages, split_off)
            top = stop.around[0] if stop.around else stop.item
            entries.setdefault(entry.name, entry if top.name in first else replace(entry, gates=AGREED))
    lists = {listed.name: tuple(map(_option, listed.choices)) for listed in used.lists.values()}
    settings = {"form_id": form.name, "form_title": form.title.get(form.facts.languages[0]).strip()}
    if form.facts.version:
        settings["version"] = form.facts.version
    return Snapshot(
        name,
        entries,
        lists,
        settings,
        form.facts.languages,
        form.level.word,
        facts=facts_of(form),
        basis=_basis(form),
        place=where(form.place),
        is_rows=False,
    )


def woven(form: Form) -> Woven:
    """What the compiler adds to the form, and to its contact form if it is split."""
    from pimforms.protect.contact import protect_contact
    from pimforms.protect.split import split_contact
    from pimforms.protect.weave import protect

    main, aside = split_contact(form)
    items = [*walk(protect(main).items)]
    lists = protect(main).lists
    if aside is not None:
        contact = protect_contact(aside)
        items += [item for item in walk(contact.items) if item.name not in {each.name for each in items}]
        lists = {**lists, **contact.lists}
    rules = table("changes")["consent"]
    consent: dict[str, Added] = {}
    protections: dict[str, Added] = {}
    fingerprint = ""
    for item in items:
        if item.origin is None or not item.name.startswith("pim_"):
            continue
        if item.name == rules["fingerprint"]:
            value = item.value if isinstance(item, Calculation) else None
            fingerprint = value.value if isinstance(value, String) else ""
            continue
        kept = consent if item.name.startswith(tuple(rules["screens"])) else protections
        choices = item.choices if isinstance(item, Question) else None
        options = lists[choices].choices if choices is not None and choices in lists else ()
        kept.setdefault(item.name, Added(_words(item, options), place=where(item.place)))
    return Woven(consent, fingerprint, protections)


def _before_consent(form: Form) -> frozenset[str]:
    """The names of the outermost items that stand before the consent, as `protect.weave.split` places it."""
    found: list[str] = []
    said = any(isinstance(item, ConsentPoint) for item in form.items)
    for item in form.items:
        concept = item.tags.gives
        may_come_first = isinstance(item, Metadata) or bool(concept and table("concepts")[concept].get("before"))
        if isinstance(item, ConsentPoint) or not (said or may_come_first):
            break
        found.append(item.name)
    return frozenset(found)


def _as_asked(form: Form) -> Form:
    """The form without the questions and choices that a protection takes out of it."""
    if not is_hostile(form):
        return form
    from pimforms.protect.diversity import without_marking_answers

    return without_marking_answers(form)


def where(place: Place) -> str:
    """`form.pim:41`; "" for what stands in no file of the author or the library."""
    return "" if place.source is BUILT_IN else f"{place.path}:{place.line}"


def _entry(stop: Stop, apart: frozenset[str], used: Lists, languages: Sequence[str], split_off: str) -> Entry:
    item = stop.item
    path = tuple(around.name for around in stop.around if around.name not in apart)
    repeats = tuple(repeat.name for repeat in stop.repeats)
    if split_off and isinstance(item, Question) and is_split_off(item):
        path, repeats = (split_off,), ()  # it stands in the contact form
    cells: dict[str, str] = {}
    keys: dict[str, Hashable] = {}
    for cell, expression in _conditions(item):
        cells[cell] = shown(expression)
        keys[cell] = key_of(expression)
    cells.update((cell, value) for cell, value in _cells(item) if value)
    if isinstance(item, Question) and item.musts:
        keys["constraint"] = (key_of(tuple(must.condition for must in item.musts)), item.most)
    texts = _texts(item)
    for column, value in item.raw if isinstance(item, (Question, Note)) else ():
        written = _RAW.get(column, column)
        if written in table("changes")["text"]:
            texts[written] = dict.fromkeys(languages, value)
        else:
            cells[table("changes")["columns"].get(written, written)] = value
    role, kind = _role(item)
    choices = used.of_question.get(item.name, "") if isinstance(item, Question) else ""
    return Entry(item.name, role, kind, path, repeats, choices, cells, keys, texts, (), where(item.place))


def _role(item: Item) -> tuple[str, str]:
    if isinstance(item, Question):
        if item.kind in _SELECT_ONE:
            return "question", "select_one"
        kinds = table("types")["type"]
        written = kinds[item.kind]["xlsform"] if item.kind in kinds else item.kind
        return "question", written.split(" ")[0]
    if isinstance(item, Note):
        return "note", "note"
    if isinstance(item, (Calculation, Lookup)):
        return "calculation", "calculate"
    if isinstance(item, Metadata):
        return "metadata", item.kind
    return ("repeat", "begin_repeat") if isinstance(item, Repeat) else ("group", "begin_group")


def _conditions(item: Item) -> Iterator[tuple[str, Expression]]:
    """The cells that are expressions."""
    condition = condition_of(item)
    if condition is not None:
        yield "relevant", condition
    if isinstance(item, Question):
        if item.default is not None:
            yield "default", item.default
        if item.required and item.required_when is not None:
            yield "required", item.required_when
    elif isinstance(item, Calculation):
        yield "calculation", item.value
    elif isinstance(item, Lookup):
        yield "calculation", item.key
    elif isinstance(item, Repeat) and item.count is not None:
        yield "repeat_count", item.count


def _cells(item: Item) -> Iterator[tuple[str, str]]:
    if not isinstance(item, (ConsentPoint, Group, Repeat)):  # those of a group stand at what is in it
        yield from _tags(item.tags, answered=isinstance(item, (Question, Calculation, Lookup, Metadata)))
    if isinstance(item, Question):
        if item.required_when is None:
            yield "required", "yes" if item.required else ""
        musts = [" ".join(must.place.text.split()).removeprefix("must ") for must in item.musts]
        yield "constraint", " and ".join([*musts, *([f"choose at most {item.most}"] if item.most else [])])
        yield (
            "choice_filter",
            " ".join(filter(None, (item.within and f"within {item.within}", item.offer and f"only {item.offer}"))),
        )
        yield "appearance", item.appearance or ""
        yield "parameters", " ".join(f"{name}={value}" for name, value in item.parameters)
        yield "presupposes", item.presupposes or ""
        if item.needed is not None:
            yield (
                "needed",
                " ".join(filter(None, (item.needed.because, item.needed.until and f"until {item.needed.until}"))),
            )
    elif isinstance(item, Lookup):
        yield "file", item.file
        yield "column", f"{item.column} by {item.key_column}"
    elif isinstance(item, Metadata):
        yield "parameters", " ".join(f"{name}={value}" for name, value in item.parameters)
    elif isinstance(item, Group):
        yield "appearance", appearance(item)
    elif isinstance(item, Repeat):
        yield "appearance", item.appearance or ""


def _tags(tags: Tags, *, answered: bool) -> Iterator[tuple[str, str]]:
    yield "purpose", " ".join(tags.purposes)
    if answered:
        yield "sensitivity", tags.level.word
        yield "disaggregation", " ".join(tags.by)
        yield "topic", tags.topic or ""
        yield "gives", tags.gives or ""
        yield "shared_as", tags.shared_as or ""
        yield "training", " ".join(tags.training)
        yield "hxl", " ".join((tags.hxl or "").split())


def _texts(item: Item) -> dict[str, Words]:
    found: dict[str, Words] = {}
    named: Iterable[tuple[str, Text | None]] = ()
    if isinstance(item, Question):
        named = (("label", item.label), ("hint", item.hint), ("guidance_hint", item.guidance))
        for number, must in enumerate(item.musts):
            if must.message is not None:
                found["constraint_message" if number == 0 else f"constraint_message {number + 1}"] = must.message.values
    elif isinstance(item, (Note, Group, Repeat)):
        named = (("label", item.label),)
    found.update((column, text.values) for column, text in named if text is not None)
    return found


def _option(choice: Choice) -> Option:
    cells = dict(choice.columns)
    cells.update((name, "yes") for name, on in (("alone", choice.alone), ("refuses", choice.refuses)) if on)
    return Option(choice.code, {"label": choice.label.values} if choice.label else {}, cells, where(choice.place))


def _words(item: Item, options: Iterable[Choice]) -> Words:
    words: dict[str, list[str]] = {}
    labels = [option.label.values for option in options if option.label is not None]
    texts = _texts(item)
    for text in (*(texts[column] for column in sorted(texts, reverse=True)), *labels):
        for language, value in text.items():
            words.setdefault(language, []).append(value)
    return {language: " / ".join(values) for language, values in words.items()}


def _basis(form: Form) -> Hashable:
    """All that the protections and the consent are made from, so that two forms with the same need not be woven.

    An ordinary LOW question only counts for the minutes and by its topic and purposes, unless the form has sensitive
    parts (then what stands between them counts), children, a contact form or explained words.
    """
    facts = form.facts
    all_count = form.level >= Level.HIGH or bool(facts.children or facts.split or form.explanations)
    items = [item for item in walk(form.items) if all_count or _counts(item)]
    spoken = {(item.tags.topic, item.tags.purposes) for item in walk(form.items)}
    return (
        key_of(facts),
        key_of(tuple(form.purposes.values())),
        key_of(form.referrals),
        key_of(form.risks),
        key_of(form.explanations),
        form.level,
        minutes(form.items),
        tuple(sorted(spoken, key=str)),
        tuple(_basis_of(item, form) for item in items),
    )


def _counts(item: Item) -> bool:
    if isinstance(item, (Metadata, ConsentPoint)):
        return True
    return (
        item.tags.level > Level.LOW or bool(item.tags.gives) or (isinstance(item, Question) and bool(identifies(item)))
    )


def _basis_of(item: Item, form: Form) -> Hashable:
    tags = tuple(_tags(item.tags, answered=True))
    has_condition = condition_of(item) is not None
    inside = len(item.items) if isinstance(item, (Group, Repeat)) else 0
    needed = key_of(item.needed) if isinstance(item, Question) else None
    choices = form.lists.get(item.choices or "") if isinstance(item, Question) else None
    codes = tuple((choice.code, choice.alone, choice.refuses) for choice in choices.choices) if choices else ()
    return type(item).__name__, item.name, getattr(item, "kind", ""), tags, has_condition, inside, needed, codes
