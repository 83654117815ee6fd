"""What `protect by` promises, each looked for in the form: a table of small functions, one for each word of mitigations.toml.

Each says why a promise does not hold, or nothing where it holds.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from pimforms.expressions.parts import names
from pimforms.model.children import topics_of
from pimforms.model.facts import Risk
from pimforms.model.form import Form, Group, Item, Metadata, Question, Repeat
from pimforms.model.identity import identifies
from pimforms.model.level import Level
from pimforms.model.recorded import keeps_answers, keeps_positions
from pimforms.model.sharing import sharing_matrix
from pimforms.model.topics import sensitive_topics
from pimforms.model.training import interviewer_question
from pimforms.model.walk import walk
from pimforms.record import record
from pimforms.source import Place

_POSITIONS = ("geopoint", "geotrace", "geoshape")
_DRAWN = ("draw", "signature")


@record
class Broken:
    """Why a promise does not hold, the line that says otherwise if there is one, and what to do."""

    why: str
    fix: str
    place: Place | None = None
    what: str = ""


Check = Callable[[Form, Risk], "Broken | None"]


def _items(form: Form) -> Iterator[Item]:
    return (item for item in walk(form.items) if not getattr(item, "damaged", False))


def _at(item: Item) -> Place:
    return item.via or item.place


def _asked(form: Form, kinds: tuple[str, ...], recorded: tuple[str, ...], what: str) -> Broken | None:
    """The first question or record of these kinds."""
    for item in _items(form):
        if isinstance(item, Question) and item.kind in kinds and item.appearance not in _DRAWN:
            return Broken(f"`{item.name}` asks for {what}", "take that question out", _at(item), "this question")
        if isinstance(item, Metadata) and item.kind in recorded:
            return Broken(f"`record {item.kind}` takes {what}", "take that line out", _at(item), "this line")
    return None


def _private_setting(form: Form, risk: Risk) -> Broken | None:
    if any(isinstance(item, Question) and item.tags.level >= Level.HIGH for item in _items(form)):
        return None
    why = "no question is HIGH, so no privacy check is put before one"
    return Broken(why, "take this word out, or raise what must not be heard: `sensitivity high`")


def _no_gps(form: Form, risk: Risk) -> Broken | None:
    for item in _items(form):
        if keeps_positions(item):
            return Broken("the audit log keeps positions", "take its `location-…` out", _at(item), "this line")
    return _asked(form, _POSITIONS, ("start-geopoint",), "coordinates")


def _no_photo(form: Form, risk: Risk) -> Broken | None:
    return _asked(form, ("image", "video"), (), "a picture")


def _no_audio(form: Form, risk: Risk) -> Broken | None:
    return _asked(form, ("audio", "video"), ("background-audio",), "a sound recording")


def _no_names(form: Form, risk: Risk) -> Broken | None:
    if form.facts.split is not None:
        return None
    for item in _items(form):
        kind = identifies(item) if isinstance(item, Question) else None
        if kind is not None and kind not in _POSITIONS:
            fix = "take that question out, or put names and numbers into a form of their own: `split contact`"
            return Broken(f"`{item.name}` asks for what identifies a person", fix, _at(item), "this question")
    return None


def _no_answers_in_audit(form: Form, risk: Risk) -> Broken | None:
    for item in _items(form):
        if keeps_answers(item):
            why = "the audit log keeps every answer, also those that were taken back"
            return Broken(why, "take `track-changes` out", _at(item), "this line")
    return None


def _female_interviewer(form: Form, risk: Risk) -> Broken | None:
    """A list with the sex of each interviewer, or a question for it that a condition reads."""
    roster = form.facts.roster
    if roster and all(each.sex for each in roster) and interviewer_question(form.items) is not None:
        return None
    asked = {item.name for item in _items(form) if isinstance(item, Question) and item.tags.gives == "interviewer_sex"}
    for item in _items(form) if asked else ():
        if isinstance(item, (Question, Group, Repeat)) and item.when is not None and names(item.when) & asked:
            return None
    fix = 'add the list of interviewers with the sex of each: `interviewers "interviewers.csv"`, and `use header`'
    return Broken("nothing in the form knows whether a woman interviews", fix)


def _split_contact(form: Form, risk: Risk) -> Broken | None:
    return None if form.facts.split else Broken("the form has no contact form of its own", "add: split contact")


def _encryption(form: Form, risk: Risk) -> Broken | None:
    return None if form.facts.public_key else Broken("the form has no public key", 'add: public key "office.pem"')


def _trained_interviewer(form: Form, risk: Risk) -> Broken | None:
    """SEVERE questions open only for codes that hold the training; below that, the attestation asks for it."""
    if form.level is Level.LOW:
        return Broken("a LOW form asks no interviewer about training", "take this word out")
    if all(not isinstance(item, Question) or item.tags.level < Level.SEVERE for item in _items(form)):
        return None
    if form.facts.roster and interviewer_question(form.items) is not None:
        return None
    if form.facts.interviewers is not None and not form.facts.roster:
        return None  # the list is there and could not be read; that is said where it stands
    why = "SEVERE questions open for everybody: the form has no list of interviewers with their training"
    return Broken(why, 'add: interviewers "interviewers.csv", and `use header`')


def _totals_only(form: Form, risk: Risk) -> Broken | None:
    """Of what the risk is about, nobody receives more than totals."""
    about = set(risk.topics)
    for share in sharing_matrix(form):
        item = share.field
        if not share.shared or share.recipient.what == "totals":
            continue
        if not isinstance(item, Question) or item.tags.gives is not None:
            continue  # what somebody is broken down by is not what the risk is about
        if about and not about.intersection(topics_of(form, item)):
            continue
        name = next(iter(share.recipient.name.values.values()), "a recipient")
        fix = "write `totals only` for them, or take this word out"
        return Broken(f"“{name}” receives `{item.name}` of each record", fix, share.recipient.place, "this recipient")
    return None


def _referral_ready(form: Form, risk: Risk) -> Broken | None:
    """Sensitive topics are looked at by a rule of their own (PIM206); here stand the others that the risk names."""
    named = [topic for topic in risk.topics if topic not in sensitive_topics(form)]
    for topic in named:
        if not any(
            referral.checked and (not referral.topics or topic in referral.topics) for referral in form.referrals
        ):
            fix = f"add a `referral` with `topics {topic}` and `checked`, the day somebody called there"
            return Broken(f"no referral for `{topic}` was checked", fix)
    if not form.referrals:
        return Broken("the form names no service", 'add: referral NAME "the service, the place, the hours"')
    return None


CHECKS: Mapping[str, Check] = {
    "private_setting": _private_setting,
    "no_gps": _no_gps,
    "no_photo": _no_photo,
    "no_audio": _no_audio,
    "no_names": _no_names,
    "no_answers_in_audit": _no_answers_in_audit,
    "female_interviewer": _female_interviewer,
    "split_contact": _split_contact,
    "encryption": _encryption,
    "trained_interviewer": _trained_interviewer,
    "totals_only": _totals_only,
    "referral_ready": _referral_ready,
}
"""Each word of mitigations.toml, and what must be true of the form."""


def broken(form: Form, risk: Risk, protection: str) -> Broken | None:
    """Why a promise of `protect by` does not hold in this form; None if it does."""
    return CHECKS[protection](form, risk)
