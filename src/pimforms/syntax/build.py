"""From what the parser recognised to nodes: one method a rule of the grammar, called while parsing."""

from __future__ import annotations

from typing import Any

from pimforms.model import expression as e
from pimforms.source import Place
from pimforms.syntax import nodes as n
from pimforms.syntax.build_expressions import SIGNS, ExpressionBuilder, bound_value, dashed, unquote
from pimforms.syntax.machine import Token

_BOUNDS = {"at least": ">=", "at most": "<=", "more than": ">", "less than": "<", "before": "<", "after": ">"}


class Builder(ExpressionBuilder):
    """Builds nodes of `syntax.nodes`. `source` is the text being read."""

    # ---- small helpers
    def _word(self, token: Token) -> n.Word:
        if token.kind == "STRING":
            return n.Word(unquote(token.text), self._at(token), True)
        if token.kind == "DASHED":  # as if in quotes, which is how `fmt` writes it
            return n.Word(dashed(token.text), self._at(token), True)
        return n.Word(token.text, self._at(token))

    def _plain_line(self, children: list[Any], word: str | None = None) -> n.Line:
        """A line whose first child is its keyword."""
        head: Token = children[0]
        parts = tuple([child for child in children[1:] if not isinstance(child, Token)])
        return n.Line(word or head.text, parts, self._span(head, parts))

    # ---- start
    def start(self, children: list[Any]) -> list[n.Line]:
        return [child for child in children if isinstance(child, n.Line)]

    # ---- lines that are their keyword and their parts
    form = purpose = risk = referral = use = consent = extend = group = repeat = table = score = ask = note = (
        _plain_line
    )
    find = record = waive = draft = end = decide = indicator = offer = interview = staff = known = _plain_line
    text_property = word_property = words_property = date_property = flag_property = parameter = raw_property = (
        _plain_line
    )
    explain = spoken_here = dated = file_property = access = recipient = needed = _plain_line

    def calculate(self, children: list[Any]) -> n.Line:
        return self._plain_line([children[0], children[1], n.Condition(children[-1])])

    condition = calculate

    def when(self, children: list[Any]) -> n.Line:
        return self._plain_line([children[0], n.Condition(children[1])])

    default = times = when

    def language(self, children: list[Any]) -> n.Line:
        return self._plain_line([children[0], self.number([children[1]])])

    def module(self, children: list[Any]) -> n.Line:
        return self._plain_line([*children[:3], n.Pinned(children[-1].text, self._at(children[-1]))])

    pack = module

    def unknown(self, children: list[Any]) -> n.Line:
        return n.Line("unknown", (self._word(children[0]),), self._at(children[0]))

    def choices(self, children: list[Any]) -> n.Line:
        """The list with its choices; its last child is the `end` line, which the next step checks."""
        head: Token = children[0]
        parts = tuple(child for child in children[1:] if not isinstance(child, Token))
        return n.Line("choices", parts, Place(self.source, head.start, parts[0].place.end))

    def choice(self, children: list[Any]) -> n.Line:
        parts = tuple([self._flag(child) if isinstance(child, Token) else child for child in children])
        return n.Line("choice", parts, self._span(parts[0].place, parts))

    def bullet(self, children: list[Any]) -> n.Line:
        parts = tuple([self._flag(child) if isinstance(child, Token) else child for child in children])
        return n.Line("choice", parts, self._span(parts[0].place, parts))

    def choice_property(self, children: list[Any]) -> n.Line:
        return self.translation(children)

    def translation(self, children: list[Any]) -> n.Line:
        head, value = children
        word = head.text[:-1].strip()
        return n.Line("colon", (n.Word(word, self._at(head)), value), self._span(head, (value,)))

    def paragraph(self, children: list[Any]) -> n.Line:
        return n.Line("paragraph", (children[0],), children[0].place)

    def _flag(self, token: Token) -> n.Flag:
        return n.Flag(token.text, self._at(token))

    # ---- parts
    def name(self, children: list[Token]) -> n.Word:
        return self._word(children[0])

    code = name

    def text(self, children: list[Token]) -> n.Spoken:
        return n.Spoken(unquote(children[0].text), self._at(children[0]))

    def string(self, children: list[Token]) -> n.Quoted:
        return n.Quoted(unquote(children[0].text), self._at(children[0]))

    def number(self, children: list[Token]) -> n.Amount:
        return n.Amount(children[0].text, self._at(children[0]))

    def negative(self, children: list[Token]) -> n.Amount:
        return n.Amount(f"-{children[-1].text}", self._at(children[-1]))

    def date(self, children: list[Token]) -> n.Day:
        return n.Day(children[0].text, self._at(children[0]))

    def words(self, children: list[Token]) -> n.Words:
        first, last = self._at(children[0]), self._at(children[-1])
        return n.Words(" ".join(child.text for child in children), Place(self.source, first.start, last.end))

    def as_name(self, children: list[Any]) -> n.As:
        return n.As(children[0])

    def from_file(self, children: list[Any]) -> n.FromFile:
        return n.FromFile(children[0])

    def levels(self, children: list[Any]) -> n.Levels:
        return n.Levels(tuple(child for child in children if isinstance(child, n.Word)))

    def for_purposes(self, children: list[Any]) -> n.For:
        return n.For(tuple(child for child in children if isinstance(child, n.Word)))

    def pinned(self, children: list[Token]) -> n.Pinned:
        return n.Pinned(children[-1].text, self._at(children[-1]))

    def list_name(self, children: list[Any]) -> n.ListName:
        return n.ListName(children[-1], len(children) == 2)

    def type(self, children: list[Any]) -> n.Type:
        return n.Type(self._word(children[0]), children[1] if len(children) > 1 else None)

    def range_type(self, children: list[Any]) -> n.Type:
        return n.Type(self._word(children[0]), None, tuple(child.text for child in children[1:]))

    def staff_role(self, children: list[Any]) -> n.Role:
        return n.Role(children[0], children[1])

    def access_role(self, children: list[Any]) -> n.Access:
        return n.Access(children[0], children[1])

    def spoken_share(self, children: list[Any]) -> n.Percent:
        language, share = children
        return n.Percent(language, self.number([share]))

    def at_most_level(self, children: list[Any]) -> n.AtMost:
        return n.AtMost(children[-1])

    def under(self, children: list[Any]) -> n.Under:
        return n.Under(children[-1])

    def as_code(self, children: list[Any]) -> n.Quoted:
        quoted: n.Quoted = children[-1]
        return quoted

    def decided_by(self, children: list[Any]) -> n.Decider:
        return n.Decider(children[-1])

    def before(self, children: list[Any]) -> n.Before:
        return n.Before(children[-1])

    # ---- properties with a shape of their own
    def version(self, children: list[Any]) -> n.Line:
        return n.Line("version", (children[-1],), children[-1].place)

    def by(self, children: list[Any]) -> n.Line:
        words = tuple(child for child in children if isinstance(child, n.Word))
        return n.Line("by", words, Place(self.source, words[0].place.start, words[-1].place.end))

    def within(self, children: list[Any]) -> n.Line:
        return n.Line("within", (children[-1],), children[-1].place)

    def _with_amounts(self, children: list[Any]) -> n.Line:
        """A line in which numbers and bare names matter, too."""
        head: Token = children[0]
        parts: list[Any] = []
        for child in children[1:]:
            if not isinstance(child, Token):
                parts.append(child)
            elif child.kind == "NUMBER":
                parts.append(n.Amount(child.text, self._at(child)))
            elif child.kind == "NAME":
                parts.append(self._word(child))
            elif child.kind in ("WITHOUT_IDENTITIES", "TOTALS_ONLY"):
                parts.append(self._flag(child))
        return n.Line(head.text, tuple(parts), self._span(head, tuple(parts)))

    population = sample = keep = share = feedback = most = ages = media = gives = sensitivity = pilot = minutes = (
        level_of
    ) = _with_amounts

    def must(self, children: list[Any]) -> n.Line:
        head: Token = children[0]
        bounds = tuple(children[1:])
        last = bounds[-1].place
        whole = (
            bounds[0]
            if len(bounds) == 1
            else e.Logic("and", bounds, Place(self.source, bounds[0].place.start, last.end))
        )
        return n.Line("must", (n.Condition(whole),), Place(self.source, head.start, last.end))

    must_hold = must

    def must_match(self, children: list[Any]) -> n.Line:
        pattern: n.Quoted = children[1]
        condition = e.Match(e.Own(pattern.place), pattern.value, pattern.place)
        return n.Line("must", (n.Condition(condition),), self._span(children[0], (pattern,)))

    def bound(self, children: list[Any]) -> e.Expression:
        word, value = children
        sign = _BOUNDS.get(word.text) or SIGNS.get(word.text, word.text)
        place = Place(self.source, word.start, value.place.end)
        return e.Compare(sign, e.Own(self._at(word)), bound_value(value), place)

    # ---- scenarios
    scenario = given = speak = back = answer = _plain_line

    def member(self, children: list[Any]) -> n.Line:
        head, number, repeat = children
        return n.Line(head.text, (number, repeat), self._span(head, (repeat,)))

    removal = member

    def expect(self, children: list[Any]) -> n.Line:
        """An `expect` line: its words (`asked`, `nothing` …) as flags, in their order among its parts."""
        parts = tuple([self._flag(child) if isinstance(child, Token) else child for child in children[1:]])
        return n.Line("expect", parts, self._span(children[0], parts))

    def expect_not(self, children: list[Any]) -> n.Line:
        return self._flagged("not", self.expect(children))

    def expect_each(self, children: list[Any]) -> n.Line:
        """`expect recorded a, b`: names without values."""
        return self._flagged("each", self.expect(children))

    def _flagged(self, word: str, line: n.Line) -> n.Line:
        return n.Line(line.word, (n.Flag(word, line.place), *line.parts), line.place)
