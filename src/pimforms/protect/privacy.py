"""Before each sensitive block: can anyone hear, and does the person want to go on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from pimforms.diagnostics import Severity, rule
from pimforms.model.children import may_ask_child
from pimforms.model.expression import Expression, Logic
from pimforms.model.form import Form, Group, Item, Note, Question, Repeat
from pimforms.model.level import Level
from pimforms.model.names import made_name
from pimforms.model.walk import questions_in, walk
from pimforms.protect.build import Maker, is_, is_plain, with_condition
from pimforms.protect.cards import card_rows
from pimforms.protect.consent import spoken_topics
from pimforms.protect.training import TrainingGate
from pimforms.protect.words import say, spoken, together
from pimforms.source import Place
from pimforms.standards.data import table

_PRIVATE = ("alone", "child")
_HEARD = ("adult", "authority", "unsure")
SENSITIVE = Level.HIGH


def asks_sensitive(item: Item) -> bool:
    """Whether an item, or anything in it, is HIGH or SEVERE."""
    return any(_is_sensitive(inner) for inner in walk((item,)))


def _is_sensitive(item: Item) -> bool:
    return item.tags.level >= SENSITIVE and not isinstance(item, (Group, Repeat))


def _wholly(item: Item) -> bool:
    """A container in which every question is sensitive: its own condition is enough. Without questions the notes count."""
    asked: list[Item] = list(questions_in((item,)))
    asked = asked or [inner for inner in walk((item,)) if isinstance(inner, Note)]
    return bool(asked) and all(_is_sensitive(each) for each in asked)


@dataclass
class PrivacyWeaver:
    """Puts a privacy check and a question to go on before each block of sensitive items."""

    form: Form
    maker: Maker
    adults: Expression
    """That an adult agreed: where a block is not fit for children, nobody looks around before it with a child."""

    def weave(self, items: Sequence[Item]) -> tuple[Item, ...]:
        woven: list[Item] = []
        block: list[Item] = []
        for item in items:
            if self._goes_inside(item):
                woven.extend(self._block(block))
                block = []
                assert isinstance(item, Group)
                woven.append(replace(item, items=self.weave(item.items)))
            elif asks_sensitive(item):
                block.append(item)
            else:
                woven.extend(self._block(block))
                block = []
                woven.append(item)
        woven.extend(self._block(block))
        return tuple(woven)

    def _goes_inside(self, item: Item) -> bool:
        """A plain group with only some sensitive questions. Nothing is woven into a screen, a table or a repeat."""
        return is_plain(item) and asks_sensitive(item) and not _wholly(item)

    @rule("PIM207", "privacy-check", Severity.ADDED, standard="PIM principle 2, Do no harm")
    def _block(self, block: Sequence[Item]) -> list[Item]:
        """
        HIGH and SEVERE questions are asked only where nobody can hear.

        ## Why
        What a neighbour or a guard overhears cannot be taken back. Before each sensitive block the interviewer looks
        around. If somebody can hear, the interviewer may move or wait and look again; otherwise the block is skipped.
        Then the person says whether to go on. Both are asked anew before each block. When the first answer changes, what was
        answered about moving and looking again is taken away: it was about another moment.
        """
        if not block:
            return []
        name, place = block[0].name, block[0].place
        before, private, condition = self._questions(name, place, block)
        cards = card_rows(self.form, block, self.maker, name, place, private)
        if self._only_for_adults(block):
            before = [with_condition(row, self.adults, place) for row in before]
        trained = TrainingGate(self.form).condition(block, place)
        if trained is not None:
            before = [with_condition(row, trained, place) for row in before]
        return [*before, *(self._conditioned(item, condition, place) for item in block), *cards]

    def _only_for_adults(self, block: Sequence[Item]) -> bool:
        """In a form that asks children: whether nothing sensitive in a block is said to a child. Calculations are not said."""
        said = [item for item in walk(block) if _is_sensitive(item) and isinstance(item, (Question, Note))]
        return self.form.facts.children is not None and not any(may_ask_child(self.form, item) for item in said)

    def _questions(self, name: str, place: Place, block: Sequence[Item]) -> tuple[list[Item], Expression, Expression]:
        maker = self.maker
        hears = maker.list_of(
            "pim_hears", place,
            alone="priv_alone", child="priv_child", adult="priv_adult", authority="priv_authority", unsure="priv_unsure",
        )  # fmt: skip
        moves = maker.list_of("pim_moves", place, moved="priv_moved", waited="priv_waited", no="priv_not_possible")
        goes = maker.list_of("pim_goes", place, go="go_yes", skip="go_skip")
        now, move, again, go = (made_name("pim", part, name) for part in ("priv", "move", "priv_again", "go"))
        look = maker.say("priv_look", place)
        heard = is_(now, *_HEARD, place=place)
        changed = is_(move, "moved", "waited", place=place)
        still = is_(again, *_HEARD, place=place)
        moved_well = Logic("and", (changed, is_(again, *_PRIVATE, place=place)), place)
        private = Logic("or", (is_(now, *_PRIVATE, place=place), moved_well), place)
        not_private = Logic("or", (is_(move, "no", place=place), still), place)
        topics = spoken(
            maker.languages,
            place,
            lambda lang: say(maker.key("sensitive_gate"), lang, topics=self._topics(block, lang)),
        )
        rows: list[Item] = [
            maker.question(now, hears, maker.say("priv_now", place), place, "PIM207", hint=look),
            _forgotten(maker.question(move, moves, maker.say("priv_move", place), place, "PIM207", heard), now),
            _forgotten(
                maker.question(again, hears, maker.say("priv_now", place), place, "PIM207", changed, hint=look), move
            ),
            maker.note(made_name("pim_skip", name), maker.say("priv_skip", place), place, "PIM207", not_private),
            maker.question(go, goes, topics, place, "PIM207", private),
        ]
        return rows, private, Logic("and", (private, is_(go, "go", place=place)), place)

    def _topics(self, block: Sequence[Item], language: str) -> str:
        """What the next questions are about, from their own topics or those of their purposes."""
        known = table("topics")
        words: dict[str, None] = {}
        for item in walk(block):
            tags = item.tags
            if not _is_sensitive(item):
                continue
            if tags.topic:
                words[known[tags.topic]["spoken"].get(language, "")] = None
            else:
                purposes = [self.form.purposes[name] for name in tags.purposes if name in self.form.purposes]
                words.update(dict.fromkeys(spoken_topics(purposes, language)))
        return together([word for word in words if word], language)

    def _conditioned(self, item: Item, condition: Expression, place: Place) -> Item:
        """The condition on a whole item, or on the sensitive questions in it if it holds others as well."""
        if isinstance(item, (Group, Repeat)) and not _wholly(item):
            inner = tuple(self._conditioned(i, condition, place) if asks_sensitive(i) else i for i in item.items)
            return replace(item, items=inner)
        return with_condition(item, condition, place)


def _forgotten(question: Question, before: str) -> Question:
    """The answer goes when the one before it changes. A condition cannot do that: a hidden answer comes back as it was.

    XLSForm's `trigger` without a calculation; pyxform 3 knows only one, so each of a chain stands on the one before it.
    """
    return replace(question, raw=(("trigger", f"${{{before}}}"),))
