"""What the last gate says: PF9xx. Each function is a code; its docstring is the code's page."""

from __future__ import annotations

from pimforms.diagnostics import Diagnostic, Severity, rule, rule_of
from pimforms.source import Place

_FIX = "look at `raw` words here and take them out; if there are none, report this with the form"


@rule("PF901", "pyxform-refuses", Severity.ERROR, standard="XLSForm, as pyxform reads it")
def pyxform_refuses(place: Place, message: str) -> Diagnostic:
    """
    pyxform, which KoboToolbox and ODK Central use, does not convert the workbook.

    ## Why
    A form that pyxform refuses cannot be uploaded. What is written `raw` is not checked before this point.

    ## Bad
    ```pim
    calculate greeting = raw xpath "${nobody}"
    ```

    ## Good
    ```pim
    calculate greeting = "hello"
    ```
    """
    return Diagnostic(
        rule_of(pyxform_refuses),
        f"pyxform refuses this form: {message}",
        place,
        "KoboToolbox and ODK Central convert every form with pyxform, so the upload would fail.",
        _FIX,
    )


@rule("PF902", "odk-validate-refuses", Severity.ERROR, standard="ODK XForms, as JavaRosa reads it")
def validate_refuses(
    place: Place, name: str | None, message: str, related: tuple[tuple[str, Place], ...] = ()
) -> Diagnostic:
    """
    ODK Validate, the engine of ODK Collect and KoboCollect, cannot run the form.

    ## Why
    The form would upload and then fail on the phone. What is written `raw` is not checked before this point.

    ## Bad
    ```pim
    calculate day = raw xpath "Today()"
    ```

    ## Good
    ```pim
    calculate day = today()
    ```
    """
    what = f"`{name}`" if name else "this form"
    return Diagnostic(
        rule_of(validate_refuses),
        f"ODK Validate refuses {what}: {message}",
        place,
        "ODK Collect and KoboCollect use the same engine, so the form would fail on the phone.",
        _FIX,
        related=related,
    )


@rule("PF903", "pyxform-warns", Severity.WARNING, standard="XLSForm, as pyxform reads it")
def pyxform_warns(place: Place, message: str) -> Diagnostic:
    """
    pyxform converts the workbook and warns of something in it.

    ## Why
    KoboToolbox and ODK Central show the same warning at every upload, and people learn to overlook warnings.

    ## Bad
    ```pim
    ask age integer "How old are you?"
      raw disabled "no"
    ```

    ## Good
    ```pim
    ask age integer "How old are you?"
    ```
    """
    return Diagnostic(
        rule_of(pyxform_warns),
        f"pyxform warns: {message}",
        place,
        "KoboToolbox and ODK Central show this at every upload.",
        _FIX,
    )


@rule("PF904", "gate-did-not-run", Severity.ERROR)
def gate_did_not_run(place: Place, reason: str, fix: str) -> Diagnostic:
    """
    The last gate could not run, so nobody knows whether servers and phones accept the form.

    ## Why
    The workbook is written, but it was not tried. `--no-gate` leaves the gate out on purpose.
    """
    return Diagnostic(
        rule_of(gate_did_not_run),
        f"the last gate could not run: {reason}",
        place,
        "The workbook is written, but pyxform and ODK Validate have not both tried it.",
        f"{fix}; `--no-gate` leaves the last gate out",
    )


MESSAGES = (pyxform_refuses, validate_refuses, pyxform_warns, gate_did_not_run)
