"""Going on after a line that was not understood: one broken line, one message, and the rest is still read.

At an error the broken part of the line is skipped. If what stood before it is a whole line already, that is kept;
otherwise the line becomes Junk. Then the parser's stack is cut back to where a new line may begin.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from pimforms.diagnostics import Diagnostic
from pimforms.source import Place, Source
from pimforms.syntax import messages
from pimforms.syntax.machine import END, Machine, Token
from pimforms.syntax.nodes import Damage, Junk
from pimforms.syntax.spreadsheet import meant
from pimforms.syntax.words import BLANK, Vocabulary

_FIRST_WORD = re.compile(rf"{BLANK}*([^\W\d][\w-]*[ \t]*:|[^\W\d]\w*|\S)?")
_SECOND_WORD = re.compile(rf"{BLANK}*\w+{BLANK}+([^\W\d]\w*)")
_LIKE_A_STATEMENT = re.compile(rf'{BLANK}*\w+{BLANK}+\w+{BLANK}+[^\n]*[\w"“”„‟«]')
_WORD_AND_TEXT = re.compile(rf'{BLANK}*\w+[ \t]*(?:["“”„‟«])')
_CONTINUATION = re.compile(rf'(?:{BLANK}*(?:#[^\n]*)?\n)*{BLANK}*(?:and|or)\b(?![ \t]*["“«:])[^\n]*\n')
_END_OF_LIST = re.compile(rf"^{BLANK}*(?:(end[ \t]+choices\b)[^\n]*|choices[ \t]+\w[^\n]*)\n?", re.MULTILINE)
_CODE_OF_WORDS = re.compile(rf'{BLANK}*[-–−*•]{BLANK}+(\w+(?:{BLANK}+\w+)+){BLANK}*["“”„«]')
_SINGLE_QUOTES = "'‘’‚‹›`"
_IN_SINGLE_QUOTES = re.compile(r"['‘’‚‹›`](.*?)['‘’‹›`](?=\s*(?:#|for\b|$))")
_QUOTES = '"“”„‟«'
_DASHES = "-−–"
# The first part of a name with a dash: the second word of a line, or one behind a word that a name follows.
_ENDS_A_NAME = re.compile(rf"(?:^{BLANK}*\w+|\b(?:for|of|library|as|within|only|from|in|by)|,)[ \t]*\b(\w+)$")
_ENDS_A_TYPE = re.compile(rf"^{BLANK}*ask[ \t]+\w+[ \t]+\w+$")
_ENDS_OF_RANGE = re.compile(r"from[ \t]+-?[\d.]+[ \t]+to[ \t]+-?[\d.]+(?:[ \t]+step[ \t]+[\d.]+)?")
_TWO_COLONS = {
    "media": 'write `media` and the file: `media image "tap.png"`',
    "bind": 'write `raw`, the column in quotes and its value: `raw "bind::odk:length" "20"`',
    "body": 'write `raw`, the column in quotes and its value: `raw "body::accept" "image/*"`',
    "instance": 'write `raw`, the column in quotes and its value: `raw "instance::odk:tag" "x"`',
}
# What a terminal is called in a message, the likeliest first. Keywords speak for themselves.
_SPOKEN = {
    "NAME": "a name",
    "NUMBER": "a number",
    "STRING": 'a text in quotes, like "…"',
    "DATE": "a date, like 2026-12-31",
    "_NL": "the end of the line",
    END: "the end of the file",
    "COMMA": "a comma",
    "RPAR": "a closing bracket",
    "WORD_COLON": "a translation",
    "COMPARISON": "`<` or `>`",
    "EQUAL": "`=`",
    "UNEQUAL": "`!=`",
    "PLUS": "`+`",
    "MINUS": "`-`",
    "TIMES_SIGN": "`*`",
    "DIVIDE": "`/`",
}
_RANK = {spoken: rank for rank, spoken in enumerate(_SPOKEN.values())}
# How a line of each kind looks: the fix for one whose words are in another order.
_SHAPES = {
    "form": 'form visit "Household visit"',
    "purpose": 'purpose papers "Getting people their papers"',
    "risk": 'risk exposure "A list of names reaches an armed actor"',
    "referral": 'referral legal_aid "Legal aid desk, block C"',
    "choices": "choices safety_scale",
    "use": "use sadd_roster as members",
    "extend": "extend members",
    "group": 'group documents "Documents" for papers',
    "screen": 'screen documents "Documents" for papers',
    "repeat": 'repeat members "Household members" for papers',
    "table": 'table svc "Services" for safety each of library services',
    "score": 'score mood one of how_often "In the last week, how often …" for safety',
    "ask": 'ask age integer "How old are you?" for papers',
    "note": 'note thanks "Thank you."',
    "calculate": "calculate children = count of members where age < 18",
    "condition": "condition is_adult = age >= 18",
    "find": 'find card in "cards.csv" by household_code',
    "record": "record start",
    "waive": 'waive PIM204 because "A reason of ten words or more" by "Head of protection" until 2026-12-31',
    "module": 'module header "What it is" version 1',
    "keep": "keep 12 months",
    "sample": "sample 1200 households, two stage",
    "feedback": 'feedback "Community meeting in each block" within 30 days',
    "decide": 'decide "Where desks open" by "Legal aid group" before 2027-01-15',
    "indicator": 'indicator "People without papers" from missing_docs',
    "end": "end group",
    "when": "when missing_docs is yes",
    "must": "must be at least 1",
    "scenario": 'scenario refusal "Who says no is asked nothing more"',
    "given": "given consent",
    "member": "member 2 of members",
    "remove member": "remove member 2 of members",
    "answer": "answer missing_docs yes",
    "expect": "expect asked missing_docs, or: expect recorded missing_docs yes",
}
_BETWEEN = re.compile(r"between[ \t]+(-?[\d.]+)[ \t]+and[ \t]+(-?[\d.]+)")
_DAY_WITH_SLASHES = re.compile(r"(\d{1,2})[/.](\d{1,2})[/.](\d{4})\b")
_ARITHMETIC = {"PLUS", "MINUS", "TIMES_SIGN", "DIVIDE", "EQUAL", "UNEQUAL", "COMPARISON", "_MATCHES"}


@dataclass
class Recovery:
    """Goes on after each error of one text, and collects in `damage` what is said and what is dropped. The machine calls it."""

    source: Source
    vocabulary: Vocabulary
    damage: Damage
    _following: tuple[int | None, re.Match[str] | None] = (None, None)

    def __call__(self, machine: Machine, kind: str, at: int, end: int) -> bool:
        text = self.source.text
        line = text.rfind("\n", 0, at) + 1
        opened = _open_list(machine, line)
        if opened is not None and (kind == END or self._leaves_list(self._first_word(line), line)):
            self._say_list_not_closed(machine, opened)
            self._close_list(machine, line)
            machine.at = line
            return True
        if kind == END:  # only an open list can be surprised by the end; anything else would never end
            return False
        start, stop = self._logical_start(line), _line_end(text, at)
        word = self._first_word(start)
        understood = opened is not None or self._begins_well(word, start)
        place = Place(self.source, at, end)
        self.damage.diagnostics.append(self._message(machine, kind, place, word, understood, line, stop))
        machine.forget(line)
        if opened is not None:  # the list is not whole: nothing should be said about codes that it seems to lack
            head = machine.values[opened].start
            self.damage.lines.add(text.rfind("\n", 0, head) + 1)
        if understood and machine.accepts("_NL") and not machine.accepts("END"):
            self.damage.broken[line] = self._first_word(line)
            self.damage.lines.add(start)
            machine.at = self._past_continuations(stop + 1) - 1
            return True
        machine.at = self._drop(machine, word, start, line, stop, opened is not None)
        return True

    def _drop(self, machine: Machine, word: str, start: int, last: int, stop: int, in_list: bool) -> int:
        """Makes a line Junk, with all its continuations. Where to read on."""
        lost_list = not in_list and not self._begins_well(word, start) and self._begins_lost_list(start)
        meant, _, named = ("choices" if lost_list else self._meant(word, start)).partition(" ")
        if in_list and meant != "end":
            meant = "choice"
        at = start
        while at <= last:
            self.damage.broken[at] = self._first_word(at) if at > start else meant
            at = _line_end(self.source.text, at) + 1
        second = _SECOND_WORD.match(self.source.text, start)
        name = named if meant == "end" and named else second[1] if second and not lost_list else None
        self.damage.junk.append(Junk(meant, name, Place(self.source, start, stop)))
        machine.forget(start)
        if in_list and meant == "end":
            self._close_list(machine, start)
        else:
            _cut(machine)
        after = self._past_continuations(stop + 1)
        return self._past_blank(self._past_list(after) if meant == "choices" and not in_list else after)

    # ---- where to go on
    def _first_word(self, start: int) -> str:
        found = _FIRST_WORD.match(self.source.text, start)
        return (found[1] or "").rstrip() if found else ""

    def _logical_start(self, start: int) -> int:
        """Where the line begins that this one continues with `and` or `or`; its own start if it does not."""
        text = self.source.text
        while _CONTINUATION.match(text, start):
            above = start
            while above and self._first_word(above := text.rfind("\n", 0, above - 1) + 1)[:1] in ("", "#"):
                pass
            if above == start or self._first_word(above)[:1] in ("", "#"):
                break
            start = above
        return start

    def _begins_well(self, word: str, start: int) -> bool:
        """Whether a line begins with a word of the language, a sign, a text or a translation."""
        if not word[:1].isalpha() or word.endswith(":") or word in self.vocabulary.single:
            return True
        return self.vocabulary.begins(self.source.text, start) is not None

    def _meant(self, word: str, start: int) -> str:
        """The keyword that a broken line most likely begins with; "ask" for what is shaped like a statement."""
        known = self.vocabulary.begins(self.source.text, start) or self.vocabulary.canonical(word)
        if known is not None or not word[:1].isalpha() or word.endswith(":") or word in ("and", "or"):
            return known or word
        if _ENDS_OF_RANGE.match(self.source.text, self.source.text.index(word, start)):
            return word  # part of the line above, not a misspelt `form`
        near = meant(word, self.vocabulary)
        if near is not None:
            return near.word or word
        return "ask" if _LIKE_A_STATEMENT.match(self.source.text, start) else word

    def _past_continuations(self, at: int) -> int:
        """Past the lines that begin with `and` or `or`: they belonged to what is skipped."""
        text = self.source.text
        while found := _CONTINUATION.match(text, at):
            last = text.rfind("\n", 0, found.end() - 1) + 1
            self.damage.broken[max(last, at)] = "and"
            at = found.end()
        return at

    def _past_blank(self, at: int) -> int:
        """To the beginning of the next line that says something: only there may a new line begin."""
        text = self.source.text
        while at < len(text) and self._first_word(at)[:1] in ("", "#"):
            at = _line_end(text, at) + 1
        return min(at, len(text))

    def _past_list(self, at: int) -> int:
        """Past the choices of a list whose first line was dropped."""
        text = self.source.text
        while at < len(text):
            word = self._first_word(at)
            if word == "end" or (word in self.vocabulary.statements and not _WORD_AND_TEXT.match(text, at)):
                closed = re.compile(rf"{BLANK}*end[ \t]+choices\b[^\n]*\n").match(text, at)
                if closed:
                    self.damage.broken[at] = "end"
                return closed.end() if closed else at
            if word[:1] not in ("", "#"):
                self.damage.broken[at] = ""
            at = _line_end(text, at) + 1
        return at

    # ---- a list without its beginning, or without its end
    def _begins_lost_list(self, start: int) -> bool:
        """Whether `code "Label"` lines begin here that lead to an `end choices`: the line that opened them is gone."""
        text = self.source.text
        following = self._end_of_list(start) if _WORD_AND_TEXT.match(text, start) else None
        if following is None or following[1] is None:
            return False
        while start < following.start():
            if self._first_word(start) in self.vocabulary.statements and not _WORD_AND_TEXT.match(text, start):
                return False
            start = _line_end(text, start) + 1
        return True

    def _leaves_list(self, word: str, start: int) -> bool:
        """Whether a line in an open list begins a statement, and the list is not closed further down."""
        text = self.source.text
        if word not in self.vocabulary.statements or word == "end" or _WORD_AND_TEXT.match(text, start):
            return False
        following = self._end_of_list(start)
        return following is None or following[1] is None

    def _end_of_list(self, start: int) -> re.Match[str] | None:
        """The next line that closes or opens a list. Kept, since many broken lines may ask for the same one."""
        since, found = self._following
        if since is None or start < since or (found is not None and found.start() < start):
            found = _END_OF_LIST.search(self.source.text, start)
            self._following = (start, found)
        return found

    def _say_list_not_closed(self, machine: Machine, opened: int) -> None:
        head, name = machine.values[opened : opened + 2]
        place = Place(self.source, head.start, head.end)
        self.damage.diagnostics.append(messages.not_closed(place, "choices", getattr(name, "text", "")))

    def _close_list(self, machine: Machine, start: int) -> None:
        """Reads an `end choices` that is not there, so that the choices so far are kept."""
        _cut(machine)
        for kind, written in (("END", "end"), ("NAME", "choices"), ("_NL", "\n")):
            machine.feed(Token(kind, written, start, start))
        machine.forget(start)

    # ---- what to say
    def _message(
        self, machine: Machine, kind: str, at: Place, word: str, understood: bool, start: int, stop: int
    ) -> Diagnostic:
        text = self.source.text
        if kind == "" and text[at.start] in _QUOTES:
            return messages.text_not_closed(Place(self.source, at.start, stop))
        if not understood:
            begin = text.index(word, self._logical_start(start))
            place = Place(self.source, begin, begin + len(word))
            if self._begins_lost_list(start):
                return messages.unknown_word(place, word, "add `choices` and a name above this line")
            ends = _ENDS_OF_RANGE.match(text, begin)
            if ends:
                fix = f"write `range {' '.join(ends[0].split())}` on the line of the `ask`, before its text"
                return messages.unknown_word(place, word, fix)
            near = meant(word, self.vocabulary)
            better = near.fix if near else None
            if near is None and _WORD_AND_TEXT.match(text, start):
                better = _without_its_sign(word, text[begin:stop].strip())
            return messages.unknown_word(place, word, better)
        accepted = self._accepted(machine)
        at_end = kind in ("_NL", END)
        if at_end:
            said = len(text[start : at.start].rstrip())
            place = Place(self.source, start + max(said - 1, 0), start + said)
        else:
            place = _whole_word(at)
        found = "its end" if at_end else f"`{place.text}`"
        before = text[start : at.start]
        fix = self._fix(accepted, at_end, text[start:stop], before, place.text, word)
        bullet = place.text in _DASHES and not before.strip()
        expected = f"a blank behind `{place.text}`" if bullet else _one_of(accepted)
        return messages.line_not_understood(place, found, expected, fix)

    def _dashed(self, before: str, rest: str) -> str | None:
        """What to write for a name with a dash in it, or for a bullet that could be the sign of a number."""
        number = re.match(r".(\d+)", rest)
        if number and not before.strip():
            return f'write `- "-{number[1]}"` if the code is -{number[1]}, `- {number[1]}` if it is {number[1]}'
        head, tail = _ENDS_A_NAME.search(before), re.match(r"(?:-\w+)+", rest)
        if tail is not None and _ENDS_A_TYPE.search(before):
            return f"write it like this: {_SHAPES['ask']}"
        if head is None or tail is None:
            return None
        name = head[1] + tail[0]
        return f'write `"{name}"` in quotes, or `{name.replace("-", "_")}`'

    def _accepted(self, machine: Machine) -> list[str]:
        """What could stand here, as a reader would call it; signs of arithmetic only if nothing else could."""
        row = machine.rows[machine.states[-1]]
        accepted = {symbol for symbol in row if (symbol in _SPOKEN or symbol.isupper()) and machine.accepts(symbol)}
        if accepted - _ARITHMETIC:
            accepted -= _ARITHMETIC
        words = [f"`{word}`" for terminal in accepted for word in self.vocabulary.spellings.get(terminal, ())]
        words += [_SPOKEN[terminal] for terminal in accepted if terminal in _SPOKEN]
        return sorted(words, key=lambda spoken: (_RANK.get(spoken, len(_RANK)), spoken))

    def _fix(self, accepted: list[str], at_end: bool, line: str, before: str, found: str, word: str) -> str:
        if line.count('"') % 2 and before.count('"') % 2 == 0 and not before.rstrip().endswith('"'):
            return f'put `"` before `{found}`, where the text begins'
        if line.count('"') % 2:
            return "look at the quotation marks of this line: one of them is missing"
        if found[:1] in _SINGLE_QUOTES and 'a text in quotes, like "…"' in accepted:
            text = _IN_SINGLE_QUOTES.match(line[len(before) :])
            return f'write texts between double quotation marks: "{text[1] if text else "…"}"'
        several = _CODE_OF_WORDS.match(line)
        if several and not before.strip(" \t").endswith(found):
            code = "_".join(several[1].split()).lower()
            return f"write the code of the choice as one word: - {code} {line[several.end() - 1 :].strip()}"
        if found[:1] == "$":
            return "write the name alone, without `${` and `}`"
        limits = _BETWEEN.match(line[len(before) :])
        if limits and before.endswith("be "):
            return f"write: must be at least {limits[1]} and at most {limits[2]}"
        day = _DAY_WITH_SLASHES.match(line[len(before) :])
        if day and _SPOKEN["DATE"] in accepted:
            shown = f"{day[3]}-{day[2]:0>2}-{day[1]:0>2}" if int(day[2]) <= 12 else f"{day[3]}-12-31"
            return f"write year, month, day: {shown}"
        if found == ".":
            return "write `answer` for the answer itself"
        if found == ":" and before.endswith(":"):
            return _TWO_COLONS.get(before.strip(" \t:"), 'write the text of another language under its text: `fr: "…"`')
        if found[:1] in _DASHES:
            dashed = self._dashed(before, line[len(before) :])
            if dashed is not None:
                return dashed
        complete = _SPOKEN["_NL"] in accepted
        shape = _SHAPES.get(self.vocabulary.canonical(word) or "")
        if shape is not None and (not complete or found[:1] in _QUOTES):
            return f"write it like this: {shape}"
        wanted, comma, example = (accepted[0] if accepted else "what is missing").partition(",")
        if at_end:
            return f"add {wanted} at the end of this line{comma}{example}"
        if len(accepted) == 1 and not complete:
            return f"write {wanted} here{comma}{example}"
        return "take this out, or move it to its own line"


def _without_its_sign(word: str, line: str) -> str:
    """The fix for a line of a word and a text: a translation without its colon, or a choice without its dash."""
    if re.fullmatch("[a-z]{2}", word):
        return f"if this is a translation, write a colon: {word}: {line[len(word) :].strip()}"
    return f"if this is a choice, begin the line with a dash: - {line}"


def _line_end(text: str, at: int) -> int:
    stop = text.find("\n", at)
    return len(text) if stop == -1 else stop


def _open_list(machine: Machine, before: int) -> int | None:
    """Where in the stack the `choices` stands that is being read, if it began on an earlier line."""
    for index in range(len(machine.values) - 1, -1, -1):
        value = machine.values[index]
        if isinstance(value, Token) and value.kind == "CHOICES":
            return index if value.start < before else None
    return None


def _cut(machine: Machine) -> None:
    """Cuts the stack back to where a line may begin: where `end` would be understood."""
    while len(machine.states) > 1 and "END" not in machine.rows[machine.states[-1]]:
        machine.states.pop()
        machine.values.pop()


def _whole_word(place: Place) -> Place:
    """A place grown to the end of its word, so that `2nd` is not quoted as `2`."""
    found = re.compile(r"\w+").match(place.source.text, place.start)
    return Place(place.source, place.start, max(place.end, found.end())) if found else place


def _one_of(words: list[str]) -> str:
    if not words:
        return "something else"
    shown = words[:6]
    if len(shown) == 1:
        return shown[0]
    return f"{', '.join(shown[:-1])} or {shown[-1]}"
