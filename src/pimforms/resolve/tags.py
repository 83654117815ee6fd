"""Tags: what an item inherits, which level it has by default, and which purposes its concept serves."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from pimforms.diagnostics import Diagnostic
from pimforms.model.facts import Pack, Purpose
from pimforms.model.form import INTERVIEW, Calculation, Group, Item, Lookup, Metadata, Question, Repeat, Tags
from pimforms.model.level import LEVELS, Level
from pimforms.model.topics import decided_level
from pimforms.model.walk import walk
from pimforms.record import record
from pimforms.resolve import messages
from pimforms.source import Place
from pimforms.standards.data import table
from pimforms.syntax.nodes import For, Line, Quoted, Statement, Word


@record
class Around:
    """What the groups around an item say. `level` is one that a group states; None if none does."""

    purposes: tuple[str, ...] = ()
    topic: str | None = None
    by: tuple[str, ...] = ()
    level: Level | None = None
    level_why: str = ""
    because: str | None = None
    training: tuple[str, ...] = ()
    shared_as: str | None = None
    subject: str | None = None
    damaged: bool = False


class TagReader:
    """Reads tags of statements, given the purposes of the form."""

    def __init__(
        self,
        purposes: dict[str, Purpose],
        diagnostics: list[Diagnostic],
        context: tuple[str, ...] = (),
        packs: tuple[Pack, ...] = (),
    ) -> None:
        self.purposes = purposes
        self._context = context
        self._packs = packs
        self.diagnostics = diagnostics
        self._topics = table("topics")
        self._concepts = table("concepts")
        self._types = table("types")
        self._broader = {name: row["serves"] for name, row in self._concepts.items() if "serves" in row}
        # The one purpose of a form need not be said again at every question (settled: LOW forms in five facts).
        self.only = tuple(purposes) if len(purposes) == 1 else ()

    def purposes_of(self, words: Iterable[Word]) -> tuple[str, ...]:
        known: list[str] = []
        for word in words:
            if word.text in self.purposes:
                known.append(word.text)
            elif word.text == INTERVIEW:
                known.append(INTERVIEW)
            else:
                near = messages.nearest(word.text, self.purposes)
                self.diagnostics.append(messages.unknown_purpose(word.place, word.text, near, self.purposes))
                # Read as it will be once that is mended, so that not every question under it is reported as well.
                known.append(near or INTERVIEW)
        return tuple(dict.fromkeys(known))

    def within(self, statement: Statement, around: Around) -> Around:
        """What the items inside a container inherit."""
        purposes, topic, by, level, because, _ = self._own(statement)
        training, shared_as = self._handling(statement)
        subject = self._subject(statement)
        changed = replace(
            around,
            training=training or around.training,
            shared_as=shared_as or around.shared_as,
            subject=subject or around.subject,
            purposes=purposes or around.purposes,
            topic=topic or around.topic,
            by=by or around.by,
            damaged=around.damaged or statement.damaged,
        )
        if level is not None:
            name = statement.name.text if statement.name else ""
            changed = replace(changed, level=level, level_why=f"`{statement.word} {name}` says so", because=because)
        elif around.level is not None:
            # What a group around says was said of something else: a topic or purpose of its own may be worse.
            floor, why = self._of_subject(*self._usual("", None, topic, purposes), subject)
            if floor > around.level:
                changed = replace(changed, level=floor, level_why=why, because=None)
        return changed

    def tags(self, statement: Statement, around: Around, kind: str = "", gives: str | None = None) -> Tags:
        own_purposes, topic, by, level, because, said = self._own(statement)
        purposes = own_purposes or around.purposes or self.only
        gives = gives or self._gives(statement)
        own_subject = self._subject(statement)
        subject = own_subject or around.subject
        usual, why = self._of_subject(*self._usual(kind, gives, topic or around.topic, purposes), subject, gives)
        if around.level is not None:
            # What the group states, it states of its subject, too.
            floor, floor_why = self._of_subject(*self._usual(kind, gives, topic, own_purposes), own_subject, gives)
            inherited = max(around.level, floor)
            why = around.level_why if around.level >= floor else floor_why
            usual = inherited
            because = because or (around.because if around.level >= floor else None)
        if level is not None:
            why = "it says so"
        hxl = next((line.parts[0].value for line in statement.properties if line.word == "hxl"), None)  # type: ignore[union-attr]
        training, shared_as = self._handling(statement)
        if hxl is None and gives is not None:
            hxl = self._concepts[gives].get("hxl")
        elif hxl is None:
            hxl = table("hxl")["types"].get(kind)
        return Tags(
            purposes,
            usual if level is None else level,
            usual,
            said,
            why,
            topic or around.topic,
            by or around.by,
            gives,
            hxl,
            because,
            training or around.training,
            shared_as or around.shared_as,
            subject,
        )

    def _subject(self, statement: Statement) -> str | None:
        """Whom an answer is about, where the statement says so."""
        known = table("facts")["subjects"]
        said = (self._term(line, "subject", known) for line in statement.properties if line.word == "about")
        return next(said, None)

    def _of_subject(self, level: Level, why: str, subject: str | None, gives: str | None = None) -> tuple[Level, str]:
        """One level more for what is about a child or a third party: sensitivity 2.1, combination rule (c).

        What only describes the interview, such as its date, is about nobody.
        """
        raises = subject is not None and table("facts")["subjects"][subject].get("raises", False)
        about_nobody = gives is not None and self._concepts[gives]["identifies"] == "none"
        if not raises or about_nobody or level is Level.SEVERE:
            return level, why
        who = {"child": "a child", "third_party": "somebody who did not agree"}.get(subject or "", subject)
        return Level(level + 1), f"{why}, and it is about {who}" if level > Level.LOW else f"it is about {who}"

    def _handling(self, statement: Statement) -> tuple[tuple[str, ...], str | None]:
        """The training that asking this needs, and how the answer is shared."""
        training: tuple[str, ...] = ()
        shared_as: str | None = None
        for line in statement.properties:
            if line.word == "training":
                known = table("facts")["training"]
                training = tuple(word.text for word in line.all(Word) if self._known(word, "training", known))
            elif line.word == "shared as":
                shared_as = self._term(line, "way to share", table("facts")["shared_as"])
        return training, shared_as

    def _own(
        self, statement: Statement
    ) -> tuple[tuple[str, ...], str | None, tuple[str, ...], Level | None, str | None, Place | None]:
        stated = statement.line.first(For)
        purposes = self.purposes_of(stated.purposes) if stated else ()
        topic: str | None = None
        by: tuple[str, ...] = ()
        level: Level | None = None
        because: str | None = None
        said: Place | None = None
        for line in statement.properties:
            if line.word == "topic":
                topic = self._term(line, "topic", self._topics)
            elif line.word == "by":
                by = tuple(word.text for word in line.all(Word) if self._concept(word))
            elif line.word == "sensitivity":
                found = self._term(line, "level", LEVELS)
                level = LEVELS[found] if found else None
                reason = line.first(Quoted)
                because = reason.value if reason else None
                said = line.place
        return purposes, topic, by, level, because, said

    def _term(self, line: Line, what: str, known: Iterable[str]) -> str | None:
        word = line.first(Word)
        return word.text if word is not None and self._known(word, what, known) else None

    def _known(self, word: Word, what: str, known: Iterable[str]) -> bool:
        if word.text in known:
            return True
        near = messages.nearest_term(word.text, what, known)
        self.diagnostics.append(messages.unknown_term(word.place, word.text, what, near, known))
        return False

    def _concept(self, word: Word) -> str | None:
        if word.text in self._concepts:
            return word.text
        near = next((name for name, row in self._concepts.items() if word.text in row.get("near", ())), None)
        near = near or messages.nearest(word.text, self._concepts)
        self.diagnostics.append(messages.unknown_term(word.place, word.text, "concept", near, self._concepts))
        return None

    def _gives(self, statement: Statement) -> str | None:
        if statement.word == "find":
            return None
        for line in statement.properties:
            word = line.first(Word) if line.word == "gives" else None
            if word is not None:
                return self._concept(word)
        return None

    def _usual(self, kind: str, gives: str | None, topic: str | None, purposes: tuple[str, ...]) -> tuple[Level, str]:
        """The level by type, topic and concept, and which of them it came from.

        An item that gives a concept has the level of the concept: the sex of a member is not as sensitive as the
        purpose it is broken down for.
        """
        level, why = Level.LOW, "nothing makes it sensitive"
        row = self._types["type"].get(kind) or self._types["metadata"].get(kind) or {}
        known_place = topic in row.get("public", ()) and "conflict" not in self._context
        candidates = [self._level_of(row, f"a `{kind}` usually is")] if "level" in row and not known_place else []
        if gives is not None:
            candidates.append(self._level_of(self._concepts[gives], f"it gives `{gives}`"))
        if topic is not None:
            candidates.append(self._level_of_topic(topic, f"its topic is `{topic}`"))
        elif gives is None:
            for purpose in purposes:
                stated = self.purposes[purpose].topic if purpose in self.purposes else None
                if stated is not None:
                    candidates.append(self._level_of_topic(stated, f"the topic of `{purpose}` is `{stated}`"))
        for found, reason in candidates:
            if found > level:
                level, why = found, reason
        return level, why

    def _level_of(self, row: dict[str, Any], why: str) -> tuple[Level, str]:
        """The level in a table's row; where the place is dangerous, the row may have another one."""
        raised = [(LEVELS[row[context]], context) for context in self._context if context in row]
        if not raised:
            return LEVELS[row["level"]], why
        level, context = max(raised, key=lambda each: each[0])
        return level, f"{why}, and the context is `{context}`"

    def _level_of_topic(self, topic: str, why: str) -> tuple[Level, str]:
        level, pack = decided_level(topic, self._packs, self._context)
        return (
            (level, f"the country pack `{pack.name}` says so for `{topic}`")
            if pack
            else self._level_of(self._topics[topic], why)
        )

    # ---- once all items are known
    def finish(self, items: tuple[Item, ...]) -> tuple[Item, ...]:
        """Gives items that provide a concept the purposes of what is broken down by it, and free text its group's level."""
        serves: dict[str, dict[str, None]] = {}
        for item in walk(items):
            if not isinstance(item, (Question, Group, Repeat, Calculation)):
                continue
            for concept in item.tags.by:
                serves.setdefault(concept, {}).update(dict.fromkeys(item.tags.purposes))
        return self._finished(items, serves, top=True)

    def _finished(
        self, items: tuple[Item, ...], serves: dict[str, dict[str, None]], *, top: bool = False
    ) -> tuple[Item, ...]:
        # The top of a form is not a group: what stands beside each other there need not belong together.
        highest = (
            Level.LOW
            if top
            else max((i.tags.level for i in items if self._says_what_it_is_about(i)), default=Level.LOW)
        )
        done: list[Item] = []
        for item in items:
            if isinstance(item, (Group, Repeat)):
                inner = self._finished(item.items, serves)
                done.append(item if inner is item.items else replace(item, items=inner))
            elif isinstance(item, (Question, Calculation, Lookup, Metadata)):
                tags = self._with_concept(item.tags, serves)
                if isinstance(item, Metadata) and not tags.purposes:
                    tags = replace(tags, purposes=(INTERVIEW,))
                in_group = (
                    isinstance(item, Question)
                    and item.kind == "text"
                    and item.tags.said is None
                    and not item.tags.gives
                )
                if in_group and highest > tags.level:
                    tags = replace(tags, level=highest, usual=highest, why="free text is as sensitive as its group")
                done.append(item if tags is item.tags else replace(item, tags=tags))
            else:
                done.append(item)
        return items if all(a is b for a, b in zip(done, items, strict=True)) else tuple(done)

    def _says_what_it_is_about(self, item: Item) -> bool:
        """Whether the level of an item says something about its group: not if its type alone, like a photo, makes it."""
        return (
            isinstance(item, Question) and item.kind != "text" and "level" not in self._types["type"].get(item.kind, {})
        )

    def _with_concept(self, tags: Tags, serves: dict[str, dict[str, None]]) -> Tags:
        if tags.gives is None:
            return tags
        concepts = (tags.gives, self._broader.get(tags.gives, ""))
        wanted = [purpose for concept in concepts for purpose in serves.get(concept, ())]
        if self._concepts[tags.gives].get("before"):
            wanted.append(INTERVIEW)
        if all(purpose in tags.purposes for purpose in wanted):
            return tags
        return replace(tags, purposes=tuple(dict.fromkeys((*tags.purposes, *wanted))))
