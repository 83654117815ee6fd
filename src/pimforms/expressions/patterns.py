"""Regular expressions that mean the same on every phone: in Java (Collect) and in JavaScript (Web Forms, Enketo)."""

from __future__ import annotations

import re
import warnings
from functools import lru_cache

# What only one of the two knows, or what old browsers lack: how it looks, what is wrong with it, what to write.
_ONE_SIDED = (
    (
        re.compile(r"\(\?(?![:=!])"),
        "A group that begins so means something else, or nothing, on some phones.",
        "write a plain group: `( … )`",
    ),
    (
        re.compile(r"\\[pPhHRXAzZGQEkuU]"),
        "Not every phone knows this letter after a backslash.",
        "write the letters out: `[A-Za-z]`",
    ),
    (re.compile(r"\[\[?:\w+:\]"), "Phones do not know such names of letters.", "write the letters out: `[A-Za-z]`"),
    (re.compile(r"[*+?}]\+"), "Some phones do not know a `+` behind another repetition.", "take one of the two out"),
    (re.compile(r"&&"), "Two `&` mean something else on some phones.", "write `&` once"),
)
_ESCAPED = re.compile(r"\\.", re.DOTALL)
_CLASS = re.compile(r"\[\^?\]?[^\]]*\]")
_BRACE = re.compile(r"\{(?!\d+(?:,\d*)?\})")
_PLAINER = {
    "unterminated character set": "a `[` is not closed",
    "missing ), unterminated subpattern": "a `(` is not closed",
    "unbalanced parenthesis": "a `)` closes nothing",
    "nothing to repeat": "there is nothing before the sign that repeats",
}


@lru_cache(maxsize=512)
def pattern_problem(pattern: str) -> tuple[str, str] | None:
    """Why a pattern does not work everywhere and what to write instead, or None if it does."""
    for one_sided, why, fix in _ONE_SIDED:
        if one_sided.search(pattern):
            return why, fix
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            re.compile(pattern)
    except re.error as error:
        at = f", at character {error.pos + 1}" if error.pos is not None else ""
        return f"In it, {_PLAINER.get(error.msg, error.msg)}{at}.", "correct it; `[0-9]{6}` for example is six digits"
    except (FutureWarning, DeprecationWarning, RecursionError, OverflowError):
        return "Phones read this pattern in different ways.", r"put `\` before each sign that stands for itself"
    if _BRACE.search(_CLASS.sub("..", _ESCAPED.sub("..", pattern))):
        return "A `{` begins a number of times, such as `{6}`.", r"write `\{` if the sign itself is meant"
    return None


def anchored(pattern: str) -> str:
    """The pattern for the whole text: Collect matches the whole text anyway, the others a part of it."""
    inner = pattern[1:] if pattern.startswith("^") else pattern
    if inner.endswith("$") and (len(inner) - len(inner[:-1].rstrip("\\"))) % 2:
        inner = inner[:-1]
    if "|" in pattern:
        return f"^(?:{pattern})$"  # the signs may belong to one side only
    return f"^{inner}$"
