"""What is said about a rename map: PF601 to PF603. Each function is a code; its docstring is the code's page."""

from __future__ import annotations

from collections.abc import Sequence

from pimforms.diagnostics import Diagnostic, Severity, rule, rule_of
from pimforms.source import Place


@rule("PF601", "not-a-rename", Severity.ERROR)
def not_a_rename(place: Place, message: str, fix: str) -> Diagnostic:
    """
    A line of the rename map does not say which old name is which new one, or that it is gone.

    ## Why
    The map is a CSV file with the columns `old` and `new`. A line names a question, or a choice as `question/code`, on both
    sides. With nothing behind the comma it is gone for good. What is not understood would be taken for a removed and a new
    question.

    ## In a map
    ```csv
    old,new
    missing_docs,lacks_docs
    feels_safe/very_safe,feels_safe/safe
    how_many,
    ```
    """
    return Diagnostic(rule_of(not_a_rename), message, place, "A line that is not understood renames nothing.", fix)


@rule("PF602", "rename-of-nothing", Severity.ERROR)
def not_there(place: Place, message: str, side: str, name: str, known: Sequence[str]) -> Diagnostic:
    """
    A name in the rename map is not in the form it should be in.

    ## Why
    The old name must be in the old form, and the new name in the new one. Otherwise the answers of a question would be led
    to a place where nothing is. A line from an earlier version may stay: its old name is in neither form, and its new name
    in both.
    """
    import difflib

    near = difflib.get_close_matches(name, known, 1)
    fix = f"did you mean `{near[0]}`? Write the {side} name as in the {side} form" if near else "take this line out"
    return Diagnostic(
        rule_of(not_there), message, place, "A rename holds only between a name that was and one that is.", fix
    )


@rule("PF603", "rename-not-so", Severity.ERROR)
def already_there(place: Place, message: str, fix: str) -> Diagnostic:
    """
    The rename map says that one thing became another, but both are still there, or two became one.

    ## Why
    If the old question is still asked, it was not renamed. Two questions cannot become one: their answers would stand in
    one column, and nobody could tell them apart. Several choices may become one; that is reported, since information is
    lost.
    """
    return Diagnostic(rule_of(already_there), message, place, "Renaming leads the old answers to the new name.", fix)


MESSAGES = (not_a_rename, not_there, already_there)
