"""The gate, proved: nothing but the closed table can be reached unless the person agreed, and it still holds.

The proof is made on the compiled rows, cell by cell, and not on where the author put things. For each way in which the
gate is closed (not agreed, not safe, taken back, to be deleted, somebody can hear …) the answers of the gate are set so,
all other answers are left open, and every row must then be closed by its conditions or those around it. What stays open
may only be what remains anyway, and may depend on nothing that does not remain. What is not understood counts as open.

A read that is blank only because its question is hidden does not count as closed: Enketo still sees such an answer. So
each condition must be written out where the answer is read, which is what the compiler does.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pimforms.model.children import may_ask_child
from pimforms.model.form import Calculation, Form, Metadata, Question
from pimforms.model.identity import own_consents
from pimforms.model.level import Level
from pimforms.model.training import (
    holders,
    interviewer_question,
    may_interview_children,
    needed_training,
)
from pimforms.model.walk import index
from pimforms.proofs.closed import BLANK, Known, State, all_reads, assumed, is_unclear
from pimforms.proofs.lines import Line, Workbook, lines_of
from pimforms.proofs.xpath import Book, Node
from pimforms.record import record
from pimforms.source import Place
from pimforms.standards.data import table

PRIVATE = frozenset({"alone", "child"})
HARMLESS = frozenset({"start", "end", "today", "audit"})
"""What the phone may record by itself: times, and nothing about anyone. What else an audit keeps is judged elsewhere."""
# By the rule that asked for them: what stands before the agreement or says how it ended, and what stays after it.
_BEFORE = frozenset(
    {"PIM401", "PIM402", "PIM404", "PIM405", "PIM408", "PIM411", "PIM412", "PIM414", "PIM415", "PIM602"}
)
_AFTER = _BEFORE | {"PIM212", "PIM407"}


@record
class Opened:
    """Something that can be reached although the gate is closed.

    `closing` says how it is closed ("the person did not agree"). `chain` are the conditions around it, outermost first,
    and its own last. `column` is the cell that is open, `reads` the answers it depends on, () if it is asked or recorded.
    `understood` is false if a condition of it could not be read.
    """

    name: str
    place: Place
    closing: str
    column: str
    chain: tuple[str, ...]
    reads: tuple[str, ...] = ()
    understood: bool = True

    @property
    def open_part(self) -> str:
        """The condition that lets it through, "" if there is none at all."""
        return self.chain[-1] if self.chain else ""


@record
class _Closing:
    """One way in which the gate is closed. `stays` are the rules whose rows may still be there.

    `only` names what must be closed (a sensitive question), None for everything; `after` is the row behind which it holds.
    """

    says: str
    state: State
    stays: frozenset[str]
    only: str | None = None
    after: int = -1


def open_without_consent(protected: Form, workbook: Workbook) -> tuple[Opened, ...]:
    """Everything that can be reached while the gate is closed, in the order of the rows; () is the proof that nothing is.

    `workbook` holds the rows that were made of `protected`. What the proof does not cover: what the phone records by
    itself besides answers (an audit), and what stays on it until the form is sent (docs/protection.md).
    """
    proof = _Proof(protected, workbook)
    found: dict[tuple[str, str, str], Opened] = {}
    for opened in proof.run():
        found.setdefault((opened.name, opened.column, opened.closing), opened)
    return tuple(found.values())


class _Proof:
    def __init__(self, form: Form, workbook: Workbook) -> None:
        self.form = form
        self.items = index(form.items)
        self.book = Book()
        self.lines = lines_of(workbook, self.book)
        self.by_name = {line.name: line for line in self.lines if line.name}
        self.codes = {line.name: line.codes | {BLANK} for line in self.lines if line.codes}
        self.settings = {key: text for key, text in workbook.settings.items() if "${" in text}
        self.table = frozenset(line.name for line in self.lines if self._in_table(line))
        self.readers: dict[str, list[tuple[Line, str, Node]]] = {}
        for line in self.lines:
            for column, node in line.nodes:
                for name in all_reads(node) if node is not None else ():
                    self.readers.setdefault(name, []).append((line, column, node))  # type: ignore[arg-type]
        self.gate = frozenset(line.name for line in self.lines if line.asks and line.rule in _AFTER)

    def run(self) -> Iterator[Opened]:
        for line in self.lines:
            if line.is_metadata and line.kind not in HARMLESS and not self._judged_elsewhere(line):
                says = "nobody can agree before the phone records it"
                yield Opened(line.name, line.place, says, "type", ())
        for closing in self._closings():
            yield from self._under(closing)

    def _judged_elsewhere(self, line: Line) -> bool:
        """What may be waived: what is about the phone (PIM510), and sound in a form without HIGH answers (PIM213)."""
        about_phone = table("types")["metadata"][line.kind].get("about") == "phone"
        return about_phone or (line.kind == "background-audio" and self.form.level < Level.HIGH)

    # ---- what may be there anyway
    def _in_table(self, line: Line) -> bool:
        """The closed table that the interviewer enters before the consent: known by what it is, not by where it stands."""
        stop = self.items.get(line.name)
        item = stop.item if stop is not None else None
        if line.rule is not None or item is None:
            return False
        if isinstance(item, Metadata):
            return item.kind in HARMLESS
        if not isinstance(item, (Question, Calculation)) or item.tags.level > Level.LOW:
            return False
        concept = table("concepts").get(item.tags.gives or "")
        return bool(concept and concept.get("before"))

    # ---- the ways in which it is closed
    def _closings(self) -> Iterator[_Closing]:
        asked = [line for line in self.lines if line.asks]
        yield from self._nobody_agreed()
        for line in asked:
            if line.rule == "PIM602" and line.name not in _names(self._of_list("pim_read_answers")):
                yield _Closing(f"`{line.name}` is not yes", self._but(line, "yes"), _BEFORE)
            elif line.rule == "PIM414" and line.list_name != "pim_backs":
                yield _Closing(f"`{line.name}` does not say that it is safe", self._but(line, "yes", "off"), _BEFORE)
        for listed, code, says in (
            ("pim_stops", "unsafe", "`{}` says that it is not safe"),
            ("pim_keeps", "delete", "`{}` says that the answers are to be deleted"),
            ("pim_withdraw_answers", "no", "`{}` takes the answers back"),
        ):
            for line in self._of_list(listed):
                yield _Closing(says.format(line.name), self._said(line, code), _AFTER)
        for line in self._of_list("pim_stops"):
            says = f"`{line.name}` says that the interview ends there"
            yield _Closing(says, self._said(line, "distress"), _AFTER, after=line.number)
        yield from self._overheard()
        yield from self._not_granted()
        yield from self._not_trained()

    def _nobody_agreed(self) -> Iterator[_Closing]:
        """An adult agrees; or, where children are asked, a caregiver and then the child."""
        agree, checks = self._of_list("pim_agree_answers"), self._of_list("pim_check_answers")
        adults = [line for line in self.lines if line.asks and self._is_adult(line)]
        children = [line for line in self.lines if line.asks and line.rule == "PIM415"]
        if not agree:
            yield _Closing("nobody is asked to agree", {}, _BEFORE)
        # Where children are asked, what an adult said counts only if nobody said that it is a child.
        grown = {line.name: frozenset(("yes", BLANK)) for line in adults} if children else {}
        young = {name: left for line in adults for name, left in self._but(line, "yes").items()}
        for line in agree:
            yield _Closing("the person did not agree", {**grown, **self._but(line, "yes")}, _BEFORE)
        if checks:
            state = {name: left for line in checks for name, left in self._but(line, "nothing").items()}
            yield _Closing("the consent was not understood", {**grown, **state}, _BEFORE)
        for line in adults:
            state = {line.name: frozenset((BLANK,))} if children else self._but(line, "yes")
            yield _Closing("nobody said that the person is an adult", state, _BEFORE)
        instead = {
            name: left
            for line in children
            if line.name not in _names(self._both(children))
            for name, left in self._but(line, "yes", "here").items()
            if line.list_name == "pim_caregivers" or line.name.endswith("independent_adult")
        }
        if instead:
            yield _Closing("no caregiver can be asked", {**young, **instead}, _BEFORE)
        trained, asks = may_interview_children(self.form), interviewer_question(self.form.items)
        if children and trained is not None and asks is not None:
            state = {**young, **self._but(self.by_name[asks.name], *trained)}
            yield _Closing(f"it is a child, and `{asks.name}` is of nobody who was trained for that", state, _BEFORE)
        for line in self._both(children):
            yield _Closing(f"`{line.name}` is not yes", {**young, **self._but(line, "yes")}, _BEFORE)
        for line in self.lines if children else ():
            stop = self.items.get(line.name)
            own = line.asks and line.rule is None and line.name not in self.table
            if own and stop is not None and not may_ask_child(self.form, stop.item):
                yield _Closing("it is a child, and this is not fit for children", young, _AFTER, only=line.name)

    def _both(self, children: Sequence[Line]) -> list[Line]:
        """The questions of the child's way in that must all be answered with yes."""
        return [line for line in children if line.list_name in ("pim_caregiver_answers", "pim_child_answers", "yes_no")
                and not line.name.endswith("independent_adult")]  # fmt: skip

    def _not_granted(self) -> Iterator[_Closing]:
        """Before each question that needs a consent of its own: the last that asks for it."""
        last: dict[str, Line] = {}
        for line in self.lines:
            if line.rule == "PIM406" and line.asks:
                last[line.list_name] = line
            if line.rule == "PIM503" and line.asks:  # a contact form: who agrees to it agrees to give contact
                last["pim_contact_answers"] = (*self._of_list("pim_agree_answers"), line)[0]
            stop = self.items.get(line.name)
            if line.rule is not None or stop is None or not isinstance(stop.item, Question):
                continue
            for need in own_consents(stop.item):
                granted = last.get(f"pim_{need}_answers")
                if granted is None:
                    yield _Closing("it has no consent of its own", {}, _AFTER, only=line.name)
                else:
                    yield _Closing(f"`{granted.name}` is not yes", self._but(granted, "yes"), _AFTER, only=line.name)

    def _not_trained(self) -> Iterator[_Closing]:
        """Before each question that needs a training: the interviewers who hold it not."""
        asks = interviewer_question(self.form.items)
        for line in self.lines if asks is not None and self.form.facts.roster else ():
            stop = self.items.get(line.name)
            needs: tuple[str, ...] = ()
            if line.rule is None and stop is not None and isinstance(stop.item, Question):
                needs = needed_training(self.form, stop.item)
            if needs and asks is not None:
                codes = holders(self.form, needs)
                yield _Closing(
                    f"`{asks.name}` is of nobody who was trained for it",
                    self._but(self.by_name[asks.name], *codes),
                    _AFTER,
                    only=line.name,
                )

    def _overheard(self) -> Iterator[_Closing]:
        """Before each sensitive question: the last check of who can hear, and the last question to go on."""
        check: list[Line] = []
        for line in self.lines:
            if line.rule == "PIM207" and line.asks:
                check = [*check, line] if check and check[-1].list_name != "pim_goes" else [line]
            if not self._is_sensitive(line) and not self._tells_sensitive(line):
                continue
            hears = [each for each in check if each.list_name == "pim_hears"]
            goes = [each for each in check if each.list_name == "pim_goes"]
            if not hears or not goes:
                yield _Closing("no privacy check stands before it", {}, _AFTER, only=line.name)
                continue
            heard = {name: left for each in hears for name, left in self._but(each, *PRIVATE).items()}
            yield _Closing(f"`{hears[0].name}` says that somebody can hear", heard, _AFTER, only=line.name)
            yield _Closing(f"`{goes[0].name}` does not say to go on", self._but(goes[0], "go"), _AFTER, only=line.name)

    def _is_sensitive(self, line: Line) -> bool:
        stop = self.items.get(line.name)
        return line.asks and line.rule is None and stop is not None and stop.item.tags.level >= Level.HIGH

    def _tells_sensitive(self, line: Line) -> bool:
        """Whether a text on the screen speaks of a sensitive answer, itself or through a value worked out for it."""
        stop = self.items.get(line.name)
        tags = stop.item.tags if stop is not None else None
        if not line.spoken or line.rule is not None or (tags is not None and tags.because and tags.said):
            return False  # nothing is said, or the author said why it may be
        seen: set[str] = set()
        waiting = set(line.spoken)
        while waiting:
            name = waiting.pop()
            seen.add(name)
            read = self.by_name.get(name)
            if read is None:
                continue
            if self._is_sensitive(read):
                return True
            values = [node for column, node in read.nodes if column == "calculation" and node is not None]
            waiting.update(each for node in values for each in all_reads(node) if each not in seen)
        return False

    def _is_adult(self, line: Line) -> bool:
        stop = self.items.get(line.name)
        if line.rule == "PIM405":
            return True
        return line.name in self.table and stop is not None and stop.item.tags.gives == "adult"

    def _of_list(self, name: str) -> list[Line]:
        return [line for line in self.lines if line.asks and line.list_name == name and line.rule in _AFTER]

    def _but(self, line: Line, *codes: str) -> dict[str, frozenset[str]]:
        """The question says anything else than these, or nothing."""
        return {line.name: self.codes.get(line.name, frozenset((BLANK,))) - set(codes)}

    def _said(self, line: Line, code: str) -> dict[str, frozenset[str]]:
        """The question was asked and says this; what stood around it when it was asked holds as well."""
        state: dict[str, frozenset[str]] = {}
        for text in line.chain:
            assumed(self.book.read(text), state, self.codes)
        state[line.name] = frozenset((code,))
        return state

    # ---- row by row
    def _under(self, closing: _Closing) -> Iterator[Opened]:
        known = Known(closing.state)
        if closing.only is not None:
            line = self.by_name[closing.only]
            if not self._is_shut(line, known):
                yield self._opened(line, closing, "relevant")
            yield from self._kept_elsewhere(line, closing, known)
            return
        shut = self._shut(known)
        for line in self.lines:
            if line.name in shut or line.number <= closing.after:
                continue
            if (line.asks or line.is_repeat) and not self._stays(line, closing):
                yield self._opened(line, closing, "relevant")
                continue
            if closing.after >= 0:  # the interview ends there, and what was said before is kept
                continue
            for column, node in line.nodes:
                found = self._leaks(node, known, shut)
                if found:
                    yield self._opened(line, closing, column, found)
            spoken = tuple(sorted(name for name in line.spoken if not self._may_be_read(name, shut)))
            if spoken:
                yield self._opened(line, closing, "label", spoken)
        if closing.after < 0:
            for column, text in self.settings.items():
                found = self._leaks(self.book.read(text), known, shut)
                if found:
                    yield Opened(column, self.form.place, closing.says, column, (text,), found)

    def _kept_elsewhere(self, line: Line, closing: _Closing, known: Known) -> Iterator[Opened]:
        """What still holds or shows the answer to a question that is closed by itself: a copy, a value made of it."""
        for reader, column, node in self.readers.get(line.name, ()):
            if reader is line or self._is_shut(reader, known):
                continue
            # A default is taken once, and stays whatever its condition says later.
            if column == "default" or line.name in known.reads(node):
                yield self._opened(reader, closing, column, (line.name,))

    def _shut(self, known: Known) -> frozenset[str]:
        """The rows that their own conditions, or those around them, close."""
        shut: set[str] = set()
        for line in self.lines:
            if line.around in shut or (line.when is not None and known.truth(line.when) is False):
                shut.add(line.name)
        return frozenset(shut)

    def _is_shut(self, line: Line, known: Known) -> bool:
        nodes = [self.book.read(text) for text in line.chain]
        return any(node is not None and known.truth(node) is False for node in nodes)

    def _stays(self, line: Line, closing: _Closing) -> bool:
        return line.name in self.table or line.rule in closing.stays

    def _leaks(self, node: Node | None, known: Known, shut: frozenset[str]) -> tuple[str, ...]:
        if node is None:
            return ("?",)
        return tuple(sorted(name for name in known.reads(node) if not self._may_be_read(name, shut)))

    def _may_be_read(self, name: str, shut: frozenset[str]) -> bool:
        """What remains anyway, and what the phone works out from it: such a row is judged by itself."""
        if is_unclear(name):
            return False
        line = self.by_name.get(name)
        if line is None or name in self.table or name in self.gate:
            return True
        return (
            name not in shut
            and not line.asks
            and not line.is_repeat
            and (not line.is_metadata or line.kind in HARMLESS)
        )

    def _opened(self, line: Line, closing: _Closing, column: str, found: tuple[str, ...] = ()) -> Opened:
        understood = "?" not in found and all(self.book.read(text) is not None for text in line.chain)
        names = tuple(name for name in found if name != "?")
        return Opened(line.name, line.place, closing.says, column, line.chain, names, understood)


def _names(lines: Sequence[Line]) -> frozenset[str]:
    return frozenset(line.name for line in lines)
