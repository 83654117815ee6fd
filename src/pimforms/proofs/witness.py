"""The smallest interview: from some answers that lead to a question to the fewest, and the first of each list."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from pimforms.expressions.properties import filter_column
from pimforms.model.form import Form, Question
from pimforms.proofs.encode import MAIN, Encoder, Key, Where
from pimforms.proofs.reach import Answer, Witness
from pimforms.proofs.solver import Solver
from pimforms.proofs.values import Formula, Val, codes_of, day

_USUAL_DAY = date(2000, 1, 1).toordinal()
_MOST_STEPS = 40


def smallest(
    encoder: Encoder,
    solver: Solver,
    name: str,
    keys: list[Key],
    assumed: list[Formula],
    today: date | None,
    certain: bool,
) -> Witness:
    """Goes through the answers in the order of the form. Each is left blank if it can be, else it is the first that will do.

    The solver has just found a way to the item `name`; `keys` are all that has to do with it.
    """
    search = _Search(encoder, solver, list(assumed))
    if today is not None:
        for key in sorted(key for key in keys if key.kind == "day"):
            search.take(encoder.today(key.name) == today.toordinal())
    stops = encoder.layout.stops
    order = sorted((key for key in keys if key.name in stops), key=lambda key: (stops[key.name].turn, key.copy))
    inside = stops[name].repeats[0].name if stops[name].repeats else ""
    members, numbers = _members(search, order, inside)
    answers: list[Answer] = []
    chosen: dict[tuple[str, int], str] = {}
    for key in order:
        stop = stops[key.name]
        if key.kind != "answer" or not isinstance(stop.item, Question):
            continue
        outermost = stop.repeats[0].name if stop.repeats else ""
        if (outermost, key.copy) not in numbers:
            continue
        answer = encoder.answer(key.name, Where(key.copy, outermost if key.copy else ""))
        if search.take(encoder.z3.Not(answer.present)):
            if stop.item.default is not None:
                answers.extend(Answer(key.name, "", number) for number in numbers[outermost, key.copy])
            continue
        for number in numbers[outermost, key.copy][:1]:
            before = {each: value for (each, at), value in chosen.items() if at in (0, number)}
            value = search.choose(encoder.form, stop.item, answer, before)
            chosen[key.name, number] = value or ""
            answers.extend(Answer(key.name, value, each) for each in numbers[outermost, key.copy])
    return Witness(tuple(answers), tuple(members.items()), certain)


Numbers = dict[tuple[str, str], tuple[int, ...]]
"""By the outermost repeat and the kind of member: which members of it are of this kind. Outside repeats it is 0."""


def _members(search: _Search, order: list[Key], inside: str) -> tuple[dict[str, int], Numbers]:
    """How many members each repeat has, and which of them are those that are counted."""
    encoder = search.encoder
    members: dict[str, int] = {}
    numbers: Numbers = {("", MAIN): (0,)}
    stops = encoder.layout.stops
    counted = dict.fromkeys(key.copy for key in order if key.copy)
    for key in order:
        if key.kind == "members" and key.copy == MAIN:
            number = encoder.members(key.name)
            few = next((each for each in (0, 1) if search.take(number == each)), None)
            kinds = [copy for copy in counted if few is None and encoder.copies[copy][0] == key.name]
            used = 1 if few is not None or not kinds or key.name == inside else 0
            for copy in kinds:  # of a lone member all is said already
                wanted = search.least(encoder.copies[copy][1], 0)
                numbers[key.name, copy] = tuple(range(used + 1, used + 1 + wanted))
                used += wanted
            members[key.name] = few if few is not None else search.least(number, max(2, used))
            if not kinds or key.name == inside:
                numbers[key.name, MAIN] = (1,)
    for repeat in {stops[key.name].repeats[0].name for key in order if stops[key.name].repeats} - members.keys():
        numbers[repeat, MAIN] = (1,)
    return members, numbers


class _Search:
    """What has been settled so far, and a model in which it holds."""

    def __init__(self, encoder: Encoder, solver: Solver, settled: list[Formula]) -> None:
        self.encoder = encoder
        self.z3 = encoder.z3
        self.solver = solver
        self.settled = settled
        self.model = solver.model()

    def holds(self, formula: Formula) -> bool:
        """Whether it holds in the model at hand."""
        return bool(self.z3.is_true(self.model.eval(formula, model_completion=True)))

    def take(self, formula: Formula) -> bool:
        """Settles it if it can hold with all that is settled."""
        if not self.holds(formula):
            if not self.solver.can_hold(*self.settled, formula):
                return False
            self.model = self.solver.model()
        self.settled.append(formula)
        return True

    def least(self, number: Formula, lowest: int) -> int:
        """The smallest whole number from `lowest` on that it can be, and settles it. Else the one at hand."""
        if self.take(number == lowest):
            return lowest
        low, high = lowest, self._whole(number)
        if high < lowest:
            self.settled.append(number == high)
            return high
        for _ in range(_MOST_STEPS):
            if high - low <= 1:
                break
            middle = (low + high) // 2
            if self.solver.can_hold(*self.settled, number > low, number <= middle):
                self.model = self.solver.model()
                high = self._whole(number)
            else:
                low = middle
        self.take(number == high)
        return high

    def _whole(self, number: Formula) -> int:
        found = self.model.eval(number, model_completion=True)
        if self.z3.is_int_value(found):
            return int(found.as_long())
        return int(found.numerator_as_long() // found.denominator_as_long())

    def choose(self, form: Form, question: Question, answer: Val, before: Mapping[str, str]) -> str | None:
        """The first answer that will do, and settles it."""
        self.settled.append(answer.present)
        if answer.how_many is not None:
            return self._ticks(form, question, answer)
        if answer.texts is not None and question.kind in ("one", "yes_no"):
            return self._code(form, question, answer, before)
        if answer.number is not None:
            return self._number(answer.number, question)
        for text in answer.texts or ():
            if self.holds(answer.same(text)):
                self.take(answer.same(text))
                return text
        return None

    def _code(self, form: Form, question: Question, answer: Val, before: Mapping[str, str]) -> str:
        known = set(answer.texts or ())
        other_tried = False
        for code in codes_of(form, question):
            if code not in known:
                if other_tried or not _offered(form, question, code, before):
                    continue
                other_tried = not self._fits(answer.same(code))
                if other_tried:
                    continue
            if self.take(answer.same(code)):
                return code
        return ""

    def _fits(self, formula: Formula) -> bool:
        return self.holds(formula) or bool(self.solver.can_hold(*self.settled, formula))

    def _ticks(self, form: Form, question: Question, answer: Val) -> str:
        """As few as will do, the last of the list left out first; those that nobody speaks of stand for one another."""
        known = set(answer.texts or ())
        codes = codes_of(form, question)
        rest = [code for code in codes if code not in known]
        for code in reversed([each for each in codes if each in known]):
            self.take(self.z3.Not(answer.ticked(code)))
        if rest:
            self.take(self.z3.Not(answer.ticked(rest[0])))
        ticked = [code for code in codes if code in known and self.holds(answer.ticked(code))]
        if answer.how_many is not None and rest and self.holds(answer.ticked(rest[0])):
            count = self.least(answer.how_many, len(ticked) + 1)
            ticked.extend(rest[: count - len(ticked)])
        return " ".join(code for code in codes if code in ticked)

    def _number(self, number: Formula, question: Question) -> str:
        if question.kind == "date":
            if self.take(number == _USUAL_DAY):
                return day(_USUAL_DAY)
            return day(self.least(number, _USUAL_DAY))
        if self.encoder.z3.is_int(number):
            return str(self.least(number, 0))
        for whole in range(4):
            if self.take(number == whole):
                return str(whole)
        found = self.model.eval(number, model_completion=True)
        self.take(number == found)
        return _decimal(found.numerator_as_long(), found.denominator_as_long())


def _decimal(above: int, below: int) -> str:
    text = f"{above / below:.9f}".rstrip("0")
    return f"{text}0" if text.endswith(".") else text


def _offered(form: Form, question: Question, code: str, before: Mapping[str, str]) -> bool:
    """Whether a choice that no condition speaks of belongs to what was chosen before."""
    listed = form.lists.get(question.choices or "")
    if listed is None or question.within is None:
        return True
    outer = next((each for each in _questions(form) if each.name == question.within), None)
    column = filter_column(question, outer, form.lists) if outer is not None else None
    chosen = before.get(question.within)
    return (
        not column
        or not chosen
        or any((column, chosen) in choice.columns for choice in listed.choices if choice.code == code)
    )


def _questions(form: Form) -> list[Question]:
    from pimforms.model.walk import questions_in

    return list(questions_in(form.items))
