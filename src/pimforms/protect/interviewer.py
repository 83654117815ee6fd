"""Notes for the interviewer: that the phone listens, and to take care of oneself."""

from __future__ import annotations

from collections.abc import Sequence

from pimforms.diagnostics import Severity, rule
from pimforms.model.expression import Expression
from pimforms.model.form import Form, Item, Metadata, Note
from pimforms.model.walk import questions_in, walk
from pimforms.protect.build import Maker
from pimforms.source import Place
from pimforms.standards.data import table


def recording_note(form: Form, maker: Maker, place: Place) -> list[Note]:
    """Where a waiver allows background sound (PIM213): it is said before anything else."""
    if not any(isinstance(item, Metadata) and item.kind == "background-audio" for item in walk(form.items)):
        return []
    return [maker.note("pim_recording", maker.say("recording_now", place), place, "PIM213")]


@rule("PIM609", "care-for-the-interviewer", Severity.ADDED, standard="PIM principle 6, Competency and capacity")
def care_note(items: Sequence[Item], maker: Maker, place: Place, when: Expression) -> list[Note]:
    """
    After an interview with three or more sensitive parts the interviewer is told to rest and to talk to somebody.

    ## Why
    What people tell stays with those who listen. A team that is not cared for asks badly, and leaves. The note names nothing
    and nobody.
    """
    checks = [item for item in questions_in(items) if item.choices == "pim_goes"]
    if len(checks) < table("limits")["care"]["blocks"]:
        return []
    return [maker.note("pim_care", maker.say("staff_care", place), place, "PIM609", when)]
