"""From the tree of a file of scenarios to scenarios: every name and every answer is checked against the form."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace

from pimforms.diagnostics import Diagnostic
from pimforms.expressions.kinds import CHOICES, refusals, value_of
from pimforms.model.form import Calculation, Form, Item, Lookup, Metadata, Note, Question, Repeat
from pimforms.model.scenario import (
    REMAINDER,
    Answer,
    Expectation,
    Given,
    GoBack,
    Members,
    Scenario,
    Step,
    goes_through,
)
from pimforms.model.walk import Stop, index, walk
from pimforms.resolve import messages_scenarios as say
from pimforms.resolve.messages import name_taken, nearest
from pimforms.resolve.scenario_members import MemberLines, what_is
from pimforms.resolve.values import misfit
from pimforms.source import Place
from pimforms.standards.data import table
from pimforms.syntax.nodes import Day, Flag, Line, Quoted, Statement, Tree, Word

_ANSWERS = (Question, Calculation, Lookup, Metadata)
_AT_THE_END = ("asked", "asked after", "value", "recorded")
"""Kinds of expectations that are looked at when the run has ended, not while the question is on the screen."""


def read_scenarios(tree: Tree, form: Form) -> tuple[tuple[Scenario, ...], list[Diagnostic]]:
    """The scenarios of a file and what is wrong in them. `form` is the protected form, so that its gate can be named."""
    diagnostics: list[Diagnostic] = []
    scenarios: dict[str, Scenario] = {}
    stops = index(form.items)
    for statement in tree.statements:
        if statement.word == "pimforms":
            continue
        if statement.word != "scenario":
            message = f"`{statement.word}` does not stand among scenarios"
            fix = "put it into the form itself; a file of scenarios holds `scenario … end scenario`"
            diagnostics.append(say.wrong_file(statement.place, message, fix))
            continue
        if statement.name is None:
            continue
        scenario = _Reader(form, stops, statement, diagnostics).read()
        if scenario.name in scenarios:
            diagnostics.append(name_taken(scenario.place, scenario.name, scenarios[scenario.name].place))
        scenarios.setdefault(scenario.name, scenario)
    return tuple(scenarios.values()), diagnostics


def scenario_in_form(statement: Statement) -> Diagnostic:
    """What is said where a scenario stands in a form."""
    name = statement.name.text if statement.name else ""
    form = statement.place.path.removesuffix(".pim")
    fix = f"move it, down to `end scenario`, into {form}.test.pim"
    return say.wrong_file(statement.place, f"the scenario `{name}` stands in the form", fix)


@dataclass
class _Reader:
    """Reads one scenario, line by line. `who` knows what the last `member` line said, `language` is that of the last `speak`."""

    form: Form
    stops: dict[str, Stop]
    statement: Statement
    diagnostics: list[Diagnostic]
    steps: list[Step] = field(default_factory=list)
    language: str = ""
    answered: dict[tuple[str, Members], Place] = field(default_factory=dict)

    def read(self) -> Scenario:
        self.who = MemberLines(self.form, self.steps, self.diagnostics, self._find)
        self.language = self.form.facts.languages[0]
        for line in self.statement.properties:
            reader = _LINES.get(line.word)
            if reader is not None:
                reader(self, line)
        name, title = self.statement.name, self.statement.line.first(Quoted)
        assert name is not None
        if not self.statement.damaged and not any(line.word == "expect" for line in self.statement.properties):
            self.diagnostics.append(say.expects_nothing(name.place, name.text))
        return Scenario(
            name.text, title.value if title else "", self.who.counted_steps(), name.place, self.who.counts()
        )

    # ---- lines that are not `expect`
    def given(self, line: Line) -> None:
        what, *setting = line.all(Word)
        known = table("scenarios")
        for word, words in ((what, known["given"]), *((one, known["setting"]) for one in setting)):
            if word.text not in words:
                self._say_unknown(word, "one of the beginnings of an interview", words)
                return
        self.steps.append(Given(what.text, setting[0].text if setting else "", line.place))

    def speak(self, line: Line) -> None:
        word = line.all(Word)[0]
        if word.text not in self.form.facts.languages:
            self._say_unknown(word, "a language of the form", self.form.facts.languages)
            return
        self.language = word.text

    def removal(self, line: Line) -> None:
        removed = self.who.removal(line)
        if removed is not None:
            self.answered = {key: place for key, place in self.answered.items() if not goes_through(key[1], removed)}

    def back(self, line: Line) -> None:
        self.steps.append(GoBack(line.place))
        self.answered.clear()
        self.who.new_run()

    def answer(self, line: Line) -> None:
        name = line.all(Word)[0]
        stop = self._find(name)
        if stop is None:
            return
        if isinstance(stop.item, Repeat) and line.word == "skip":
            self.who.skip(line, stop.item, self._members(stop))
            return
        if not isinstance(stop.item, Question):
            message = f"`{name.text}` is {what_is(stop.item)}, and nobody answers it"
            why, fix = "Only a question takes an answer.", "name a question, or take this line out"
            self.diagnostics.append(say.does_not_fit(name.place, message, why, fix, (name.text, stop.item.place)))
            return
        value = "" if line.word == "skip" else self._value(stop.item, _values(line)[1:])
        if value is None:
            return
        members = self._members(stop)
        first = self.answered.setdefault((name.text, members), line.place)
        if first is not line.place:
            self.diagnostics.append(say.answered_twice(line.place, name.text, first))
            return
        self.steps.append(Answer(name.text, value, members, line.place))

    # ---- expect
    def expect(self, line: Line) -> None:
        flags = {flag.word for flag in line.all(Flag)}
        kind = next(word for word in ("nothing", *_EXPECT) if word in flags)
        if kind == "nothing":
            (self._nothing_asked if "asked" in flags else self._nothing_recorded)(line)
        else:
            _EXPECT[kind](self, line, kind, "not" not in flags)

    def _names(self, line: Line, kind: str, wanted: bool) -> None:
        """`expect asked a, b`, `expect not recorded a, b`: one expectation a name; a group stands for what is in it."""
        for word in line.all(Word):
            stop = self._find(word)
            if stop is None:
                continue
            inside = [item for item in walk((stop.item,)) if _fits(item, kind)]
            if not inside:
                message = f"`{word.text}` is {what_is(stop.item)}"
                why = "Only questions and notes are asked." if kind == "asked" else "It holds no answer."
                fix = "name a question, or use `expect value` for a calculation"
                self.diagnostics.append(say.does_not_fit(word.place, message, why, fix, (word.text, stop.item.place)))
                continue
            names = tuple(item.name for item in inside)
            self._add(Expectation(kind, names, self._place(line, word), self._members(stop), wanted=wanted))

    def _nothing_asked(self, line: Line) -> None:
        word = line.all(Word)[0]
        stop = self._find(word)
        if stop is not None:
            self._add(Expectation("asked after", (word.text,), line.place, self._members(stop), wanted=False))

    def _nothing_recorded(self, line: Line) -> None:
        words = line.all(Word)
        known = [word for word in words if word.text == REMAINDER or self._find(word, REMAINDER) is not None]
        names: list[str] = []
        for word in known:
            stop = self.stops.get(word.text)
            names.extend([REMAINDER] if stop is None else (item.name for item in walk((stop.item,))))
        if len(known) == len(words):
            self._add(Expectation("nothing recorded", tuple(names), line.place))

    def _recorded(self, line: Line, kind: str, wanted: bool) -> None:
        each = any(flag.word == "each" for flag in line.all(Flag))
        if wanted and not each and len(_values(line)) > 1:
            self._valued(line, kind, wanted)
        else:
            self._names(line, kind, wanted)

    def _valued(self, line: Line, kind: str, wanted: bool) -> None:
        """`expect value NAME …`, `recorded`, `refused` and `offered`: a name and a value."""
        word, *values = _values(line)
        assert isinstance(word, Word)
        stop = self._find(word)
        if stop is None:
            return
        allowed = _ANSWERS if kind in ("value", "recorded") else (Question,)
        item = stop.item
        chooses = isinstance(item, Question) and (found := value_of(item)) is not None and found.kind in CHOICES
        if not isinstance(item, allowed) or (kind == "offered" and not chooses):
            message = f"`{word.text}` is {what_is(item)}"
            why = "Only a question with choices offers any." if kind == "offered" else "It holds no answer."
            fix = "name a question that does, or take this line out"
            self.diagnostics.append(say.does_not_fit(word.place, message, why, fix, (word.text, item.place)))
            return
        blank = len(values) == 1 and _text(values[0]) == "" and kind == "value"
        value: str | None = "" if blank else self._value(item, values, several=kind == "offered")
        if value is None:
            return
        quoted = line.first(Quoted)
        says = quoted.value if quoted else None
        self._add(Expectation(kind, (word.text,), line.place, self._members(stop), value, says, wanted))

    def _label(self, line: Line, kind: str, wanted: bool) -> None:
        word, quoted = line.all(Word)[0], line.first(Quoted)
        stop = self._find(word)
        if stop is None or quoted is None:
            return
        if not isinstance(stop.item, (Question, Note) if kind == "label" else Question):
            message, why = f"`{word.text}` is {what_is(stop.item)}", "Only questions and notes are read out."
            if kind == "hint":
                why = "Only questions have a hint."
            self.diagnostics.append(
                say.does_not_fit(
                    word.place, message, why, "name a question or a note" if kind == "label" else "name a question"
                )
            )
            return
        self._add(Expectation(kind, (word.text,), line.place, self._members(stop), quoted.value, None, wanted))

    def _choice(self, line: Line, kind: str, wanted: bool) -> None:
        word, code = line.all(Word)
        stop, quoted = self._find(word), line.first(Quoted)
        if stop is None or quoted is None:
            return
        found = value_of(stop.item)
        if not isinstance(stop.item, Question) or found is None or found.kind not in CHOICES:
            message = f"`{word.text}` is {what_is(stop.item)}"
            why, fix = "Only a question with choices has any.", "name a question with choices"
            self.diagnostics.append(say.does_not_fit(word.place, message, why, fix, (word.text, stop.item.place)))
            return
        value = self._codes(stop.item, [code])
        if value is not None:
            self._add(Expectation(kind, (word.text,), line.place, self._members(stop), value, quoted.value, wanted))

    def _outcome(self, line: Line, kind: str, wanted: bool) -> None:
        word, outcomes = line.all(Word)[0], table("scenarios")["outcomes"]
        if word.text not in outcomes:
            self._say_unknown(word, "a way in which an interview ends", outcomes)
            return
        self._add(Expectation(kind, ("pim_outcome",), line.place, (), word.text))

    # ---- parts
    def _add(self, expectation: Expectation) -> None:
        if expectation.members and expectation.kind in _AT_THE_END:
            self.who.spoken.append((expectation.members, expectation.place))
        self.steps.append(replace(expectation, language=self.language))

    def _find(self, word: Word, *others: str) -> Stop | None:
        """The item of this name; None, having said so, if there is none. `others` are words that may stand here, too."""
        stop = self.stops.get(word.text)
        if stop is None and word.text not in self.form.names_of_damaged:
            near = nearest(word.text, (*self.stops, *others))
            self.diagnostics.append(say.unknown_question(word.place, word.text, near))
        return stop

    def _members(self, stop: Stop) -> Members:
        """As much of the last `member` line as belongs to this item."""
        repeats = [repeat.name for repeat in stop.repeats]
        return tuple(pair for pair in self.who.members if pair[0] in repeats)

    def _value(self, item: Item, values: Iterable[Word | Day], *, several: bool = False) -> str | None:
        """The values as a record holds them; None if they do not fit, which is said."""
        found = value_of(item)
        kind = found.kind if found else ""
        written = list(values)
        if len(written) > 1 and kind != "codes" and not several:
            message = f"`{item.name}` takes one answer, not {len(written)}"
            self.diagnostics.append(say.value_does_not_fit(written[1].place, message, "keep one of them"))
            return None
        if kind in CHOICES and isinstance(item, Question):
            return self._codes(item, written)
        for value in written:
            problem = misfit(_text(value), kind)
            if problem is not None:
                message = f"`{item.name}` takes {problem[0]}, and this is not one"
                self.diagnostics.append(say.value_does_not_fit(value.place, message, f"write it like {problem[1]}"))
                return None
        return " ".join(map(_text, written))

    def _codes(self, question: Question, values: Iterable[Word | Day]) -> str | None:
        listed = self.form.lists.get(question.choices or "")
        known = {choice.code: None for choice in listed.choices} if listed else {}
        known.update(dict.fromkeys(refusals(question, listed)))
        codes: list[str] = []
        for value in values:
            code = _text(value)
            if code not in known and listed is not None:
                near = _labelled(code, question, self.form) or nearest(code, known)
                self.diagnostics.append(say.unknown_choice(value.place, code, question.name, known, near))
                return None
            codes.append(code)
        return " ".join(codes)

    def _say_unknown(self, word: Word, what: str, known: Iterable[str]) -> None:
        known = list(known)
        self.diagnostics.append(say.unknown_word(word.place, word.text, what, known, nearest(word.text, known)))

    @staticmethod
    def _place(line: Line, word: Word) -> Place:
        """The whole line if it names one question, else the one name."""
        return line.place if len(line.all(Word)) == 1 else word.place


_LINES: dict[str, Callable[[_Reader, Line], None]] = {
    "given": _Reader.given,
    "speak": _Reader.speak,
    "member": lambda reader, line: reader.who.member(line),
    "remove member": _Reader.removal,
    "go back": _Reader.back,
    "answer": _Reader.answer,
    "skip": _Reader.answer,
    "expect": _Reader.expect,
}
_EXPECT: dict[str, Callable[[_Reader, Line, str, bool], None]] = {
    "recorded": _Reader._recorded,
    "asked": _Reader._names,
    "offered": _Reader._valued,
    "refused": _Reader._valued,
    "value": _Reader._valued,
    "label": _Reader._label,
    "hint": _Reader._label,
    "choice": _Reader._choice,
    "outcome": _Reader._outcome,
}


def _values(line: Line) -> list[Word | Day]:
    return [part for part in line.parts if isinstance(part, (Word, Day))]


def _text(value: Word | Day) -> str:
    return value.text if isinstance(value, Word) else value.iso


def _fits(item: Item, kind: str) -> bool:
    return isinstance(item, (Question, Note) if kind == "asked" else _ANSWERS)


def _labelled(written: str, question: Question, form: Form) -> str | None:
    """The code of the choice that reads so."""
    listed = form.lists.get(question.choices or "")
    choices = listed.choices if listed is not None else ()
    return next((c.code for c in choices if c.label is not None and written in c.label.values.values()), None)
