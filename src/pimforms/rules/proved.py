"""What is proved of the compiled rows, and said of the form if the proof fails."""

from __future__ import annotations

from collections.abc import Iterator

from pimforms.diagnostics import Diagnostic, Severity, rule, rule_of
from pimforms.model.form import Form
from pimforms.proofs.gate import Opened, open_without_consent
from pimforms.proofs.lines import Workbook

PRINCIPLE = "PIM principle 4, Informed consent and confidentiality"
_WHY = "Without agreement, only the few questions before the consent may be asked (PIM principle 4)."


@rule("PIM413", "reachable-without-consent", Severity.ERROR, standard=PRINCIPLE)
def reachable_without_consent(protected: Form, workbook: Workbook) -> Iterator[Diagnostic]:
    """
    Something can be reached although the person did not agree, or although it must not be asked any more.

    ## Why
    `compile` does not trust where things stand. It looks at every condition that it has written and asks what can still be
    asked, computed, counted or shown when nobody agreed, when it is not safe, when the answers are taken back, and when
    somebody can hear. Nothing may be left but the closed table before the consent and the answers of the gate. Where one
    answer goes by itself (a number when the consent to contact is taken back), nothing may keep a copy of it. What it cannot
    understand counts as reachable.

    What an author writes in the language stands behind these conditions by itself. XPath that is passed on as it is does
    not have to: a bracket that it closes may be the one that the gate needs. An answer of the last saved form, read in the
    table before the consent, is the answer of another person.
    """
    said: set[str] = set()
    for opened in open_without_consent(protected, workbook):
        if opened.name in said:
            continue
        said.add(opened.name)
        yield Diagnostic(
            rule_of(reachable_without_consent),
            f"`{opened.name}` {_can(opened)}, although {opened.closing}",
            opened.place,
            _WHY,
            _fix(opened),
            _underline(opened),
        )


def _can(opened: Opened) -> str:
    if opened.column == "type":
        return "is recorded by the phone"
    if not opened.reads and opened.understood:
        return "can be reached"
    names = " and ".join(f"`{name}`" for name in opened.reads) or "what cannot be understood"
    verb = {"label": "shows", "calculation": "keeps", "default": "begins with"}.get(opened.column, "depends on")
    return f"{verb} {names}"


def _fix(opened: Opened) -> str:
    if opened.column == "type":
        return "take this line out; for a position, ask a `geopoint` after the consent"
    if any(name.startswith("last-saved#") for name in opened.reads):
        return "take `last_saved` out; what is asked before the consent may not come from another interview"
    if not opened.reads:
        return "write the condition without `raw xpath`, or close each bracket in it where it is opened"
    out = f"take {' and '.join(opened.reads)} out of it"
    behind = any("pim_agree" in condition for condition in opened.chain)
    return (
        f"{out}; written without `raw xpath` it goes when the answer goes"
        if behind
        else f"{out}, or move `{opened.name}` below `consent`"
    )


def _underline(opened: Opened) -> str:
    if opened.reads or not opened.open_part:
        return ""
    return "its condition does not need the consent" if opened.understood else "its condition cannot be read"
