"""What an answer must meet, as one XPath and one message a language: the author's, and what its choices imply."""

from __future__ import annotations

from collections.abc import Sequence

from pimforms.model.expression import (
    Call,
    Compare,
    Date,
    Expression,
    Logic,
    Match,
    Negate,
    Number,
    Own,
    Ref,
)
from pimforms.model.form import ChoiceList, Must, Question
from pimforms.standards.data import table
from pimforms.xlsform.choices import refuses
from pimforms.xlsform.columns import Cells, translated
from pimforms.xlsform.texts import Speaker

_DATES = frozenset({"date", "datetime", "time"})
_NUMBER_BOUNDS = {">=": "at_least", "<=": "at_most", ">": "more_than", "<": "less_than"}
_DATE_BOUNDS = {">=": "not_before", "<=": "not_after", ">": "after", "<": "before"}
_TURNED = {">=": "<=", "<=": ">=", ">": "<", "<": ">"}

Spoken = tuple[str, ...]
"""One sentence in each language of the form, in order."""


def constraint_cells(question: Question, written: str, choices: ChoiceList | None, speaker: Speaker) -> Cells:
    """The cells `constraint` and `constraint_message` of a question; `written` is the XPath of its own conditions."""
    parts: list[str] = []
    messages: list[Spoken] = []
    if written:
        parts.append(written)
        messages += [_message(must, question, speaker) for must in question.musts]
    if question.kind == "many" and question.most is not None:
        parts.append(f"count-selected(.) <= {question.most}")
        messages.append(_standard("at_most_chosen", speaker, (str(question.most),) * len(speaker.codes)))
    if question.kind == "many" and choices is not None:
        lonely = [choice for choice in choices.choices if choice.alone or refuses(choice)]
        if lonely and len(choices.choices) > 1:
            chosen = [f"selected(., '{choice.code}')" for choice in lonely]
            one_of = " or ".join(chosen)
            parts.append(f"count-selected(.) <= 1 or not({one_of})")
            labels = [speaker.all(choice.label, choice.code) for choice in lonely]
            messages.append(_standard("alone", speaker, tuple(" / ".join(each) for each in zip(*labels, strict=True))))
    if not parts:
        return {}
    xpath = parts[0] if len(parts) == 1 else " and ".join(f"({part})" for part in parts)
    return {
        "constraint": xpath,
        **translated("constraint_message", zip(speaker.languages, _joined(messages), strict=True)),
    }


def _joined(messages: Sequence[Spoken]) -> Spoken:
    """The sentences of each language one after the other, each once."""
    return tuple(" ".join(dict.fromkeys(filter(None, each))) for each in zip(*messages, strict=True))


def _message(must: Must, question: Question, speaker: Speaker) -> Spoken:
    if must.message is not None:
        return speaker.all(must.message, of=question.name)
    return tuple(
        speaker.write(_plain_message(must.condition, question, _words(code, speaker.codes)), of=question.name)
        for code in speaker.codes
    )


def _standard(key: str, speaker: Speaker, values: Spoken) -> Spoken:
    return tuple(
        _words(code, speaker.codes)[key].format(value) for code, value in zip(speaker.codes, values, strict=True)
    )


def _words(code: str, codes: tuple[str, ...]) -> dict[str, str]:
    """The sentences of a language; of the form's first language, or of English, where they are not written yet."""
    tables: dict[str, dict[str, str]] = table("constraint_messages")
    for wanted in (code, code.partition("-")[0], codes[0]):
        if wanted in tables:
            return tables[wanted]
    return tables["en"]


def _plain_message(condition: Expression, question: Question, words: dict[str, str]) -> str:
    if isinstance(condition, Match):
        return words["form"]
    terms = condition.operands if isinstance(condition, Logic) and condition.operator == "and" else (condition,)
    bounds = [_bound(term, question, words) for term in terms]
    known = [bound for bound in bounds if bound]
    if len(known) < len(bounds):
        return words["other"]
    said = words["and"].join(known)
    return f"{said[0].upper()}{said[1:]}."


def _bound(term: Expression, question: Question, words: dict[str, str]) -> str | None:
    if not isinstance(term, Compare):
        return None
    left, right, operator = term.left, term.right, term.operator
    if isinstance(right, Own):
        left, right, operator = right, left, _TURNED[operator]
    value = _said(right, words)
    if not isinstance(left, Own) or value is None:
        return None
    return words[(_DATE_BOUNDS if question.kind in _DATES else _NUMBER_BOUNDS)[operator]].format(value)


def _said(value: Expression, words: dict[str, str]) -> str | None:
    """A bound as it is spoken, None if it is worked out in a way that nobody could follow."""
    if isinstance(value, Number):
        return value.text
    if isinstance(value, Negate) and isinstance(value.operand, Number):
        return f"-{value.operand.text}"
    if isinstance(value, Date):
        return value.iso
    if isinstance(value, Ref):
        return f"{{{value.name}}}"
    if isinstance(value, Call) and value.function == "today":
        return words["today"]
    return None
