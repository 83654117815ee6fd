"""Ways out while the interview runs: the person is upset, or it is not safe any more."""

from __future__ import annotations

from collections.abc import Sequence

from pimforms.diagnostics import Severity, rule
from pimforms.model.expression import Expression
from pimforms.model.form import Item
from pimforms.model.names import made_name
from pimforms.protect.build import Maker, is_, is_not
from pimforms.protect.words import say, spoken
from pimforms.record import record
from pimforms.source import Place


@record
class Stop:
    """A stop question, by the name of the block it follows."""

    block: str
    place: Place

    @property
    def stop(self) -> str:
        return made_name("pim_stop", self.block)

    @property
    def keep(self) -> str:
        return made_name("pim_keep", self.block)


@rule("PIM212", "ways-to-stop", Severity.ADDED, standard="PIM principle 2, Do no harm")
def stop_rows(stop: Stop, maker: Maker, agreed: Expression) -> list[Item]:
    """
    After each sensitive part the interviewer can stop: the person is upset, or it is not safe.

    ## Why
    "Not safe" blanks all answers at once, so that nobody who takes the phone can read them. When the person is upset, they
    decide whether what they said is kept or deleted. The question stands between the parts, not inside one that it closes.
    """
    place = stop.place
    answers = maker.list_of("pim_stops", place, go="stop_go", distress="stop_distress", unsafe="stop_unsafe")
    keeps = maker.list_of("pim_keeps", place, keep="distress_keep", delete="distress_delete")
    label = spoken(maker.languages, place, lambda lang: "\n".join((say(maker.key("checkin"), lang), say("stop", lang))))
    # It stands on the agreement alone. If an earlier stop could hide it, changing that one would undo an "unsafe" here.
    distress = is_(stop.stop, "distress", place=place)
    return [
        maker.question(stop.stop, answers, label, place, "PIM212", agreed, required=False, hint=maker.say("stop_look", place)),
        maker.note(made_name("pim_unsafe", stop.block), maker.say("stop_unsafe_note", place), place, "PIM212",
                   is_(stop.stop, "unsafe", place=place)),
        maker.question(stop.keep, keeps, maker.say("distress", place), place, "PIM212", distress),
        maker.note(made_name("pim_calm", stop.block), maker.say("distress_note", place), place, "PIM212", distress),
    ]  # fmt: skip


def not_blanked(stops: Sequence[Stop], place: Place) -> list[Expression]:
    """Nothing that was said has to be blanked: not unsafe anywhere, and no wish to delete."""
    conditions: list[Expression] = []
    for stop in stops:
        conditions.append(is_not(stop.stop, "unsafe", place))
        conditions.append(is_not(stop.keep, "delete", place))
    return conditions
