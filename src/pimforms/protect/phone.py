"""By phone: can the person talk, does anyone listen, and may we call back. Asked before anything else is said."""

from __future__ import annotations

from pimforms.diagnostics import Severity, rule
from pimforms.model.expression import Expression
from pimforms.model.form import Form
from pimforms.protect.build import Maker, Part, any_of, is_
from pimforms.source import Place

TALKS, SPEAKER, BACK = "pim_phone_safe", "pim_phone_speaker", "pim_phone_back"
PHONE = "phone"


@rule(
    "PIM414", "safe-to-talk-by-phone", Severity.ADDED, standard="PIM principle 4, Informed consent and confidentiality"
)
def by_phone(form: Form, maker: Maker, place: Place, ready: Expression | None) -> Part:
    """
    By phone, the interviewer first finds out whether the person can talk, and whether anyone else can listen.

    ## Why
    Nobody sees who stands beside a phone. So before the consent the interviewer asks whether the person can talk safely,
    whether the loudspeaker is off, and otherwise whether to call back. A message that says why somebody called can be heard
    by the one it should be kept from: none is left.
    """
    if form.facts.mode != PHONE:
        return Part((), ())
    speakers = maker.list_of("pim_speakers", place, off="phone_off", on="phone_on")
    backs = maker.list_of("pim_backs", place, later="phone_later", no="no")
    talks, off = is_(TALKS, "yes", place=place), is_(SPEAKER, "off", place=place)
    cannot = any_of((is_(TALKS, "no", place=place), is_(SPEAKER, "on", place=place)), place)
    later, never = is_(BACK, "later", place=place), is_(BACK, "no", place=place)
    rows = (
        maker.note("pim_phone_message", maker.say("phone_no_message", place), place, "PIM414", ready),
        maker.question(TALKS, "yes_no", maker.say("phone_safe", place), place, "PIM414", ready),
        maker.question(SPEAKER, speakers, maker.say("phone_speaker", place), place, "PIM414", talks,
                       hint=maker.say("phone_speaker_look", place)),
        maker.question(BACK, backs, maker.say("phone_callback", place), place, "PIM414", cannot),
        maker.note("pim_phone_later", maker.say("postponed", place), place, "PIM414", later),
        maker.note("pim_phone_end", maker.say("phone_end", place), place, "PIM414", never),
    )  # fmt: skip
    return Part(rows, (talks, off), ((later, "postponed"), (never, "refused")))
