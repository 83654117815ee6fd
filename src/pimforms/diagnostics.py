"""What is said about a place: a code, a title that is a sentence, why it matters, and a fix to paste.

A `Rule` is the page behind a code. Its text is the docstring of the function that makes the diagnostic, so that the
reference in docs/, `pimforms rules CODE` and the message come from one place.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Sequence
from enum import Enum
from typing import Any, TypeVar

from pimforms.record import record
from pimforms.source import Place


class Severity(Enum):
    """`error` stops a compile; `warning` does not. An error that may be waived says so in its rule.

    `added` is not said of anything: it marks the page of what the compiler puts into a form.
    """

    ERROR = "error"
    WARNING = "warning"
    ADDED = "added"


@record
class Rule:
    """One code and its page.

    `waivable`: `draft` turns this error into a warning, and `waive` can silence it.
    `standard`: what the rule rests on, named as the field names it.
    """

    code: str
    name: str
    severity: Severity
    docstring: str
    standard: str = ""
    waivable: bool = False

    @property
    def page(self) -> str:
        """The text of the page, in Markdown."""
        return inspect.cleandoc(self.docstring)


@record
class Diagnostic:
    """One thing said about one place. All texts are plain English in short sentences."""

    rule: Rule
    message: str
    place: Place
    why: str
    fix: str
    underline: str = ""
    severity: Severity | None = None
    related: tuple[tuple[str, Place], ...] = ()

    @property
    def code(self) -> str:
        return self.rule.code

    @property
    def level(self) -> Severity:
        """How serious it is here: the rule's severity unless a draft or a waiver changed it."""
        return self.severity or self.rule.severity

    @property
    def is_error(self) -> bool:
        return self.level is Severity.ERROR

    @property
    def order(self) -> tuple[str, int, int, str, str]:
        """Sort key: by file and place, then by code and message, so that output never depends on the order of rules."""
        return self.place.path, self.place.start, self.place.end, self.code, self.message


F = TypeVar("F", bound=Callable[..., Any])


def rule(code: str, name: str, severity: Severity, *, standard: str = "", waivable: bool = False) -> Callable[[F], F]:
    """Marks a function as the home of a code; its docstring is the page. `rule_of` gives the Rule back."""

    def mark(function: F) -> F:
        function.rule = Rule(  # type: ignore[attr-defined]
            code, name, severity, function.__doc__ or "", standard, waivable
        )
        return function

    return mark


def rule_of(function: Callable[..., Any]) -> Rule:
    """The Rule a function was marked with."""
    found: Rule = function.rule  # type: ignore[attr-defined]
    return found


def some_of(words: Sequence[str], most: int) -> str:
    """The first ones by name and the others by number: "a, b and 3 more"."""
    more = f" and {len(words) - most} more" if len(words) > most else ""
    return ", ".join(words[:most]) + more
