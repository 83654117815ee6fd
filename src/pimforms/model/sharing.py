"""Who receives what: each answer of a form, and each recipient (PIM principle 8; sensitivity 2.1, what is shared by level).

SEVERE answers leave in a referral and in no other way. HIGH ones go to named partners without what identifies anybody, and
never as free text or media, which somebody must read first. `shared as`, `at most` and a country pack take away more.
"""

from __future__ import annotations

from collections.abc import Iterable

from pimforms.model.facts import Pack, Recipient
from pimforms.model.form import Calculation, Form, Lookup, Metadata, Question
from pimforms.model.identity import identifies, is_split_off
from pimforms.model.level import Level
from pimforms.model.recorded import is_identifying
from pimforms.model.walk import walk
from pimforms.record import record
from pimforms.standards.data import table

Field = Question | Calculation | Lookup | Metadata
"""What stands in a record."""

_CODED = ("reference", "drop")
"""Ways to share after which an answer identifies nobody any more."""
_ALIKE = ("band", "generalise", "suppress")
"""Ways to share after which an answer says less than it did."""
_NOT_COUNTED = (
    "text",
    "barcode",
    "date",
    "datetime",
    "time",
    "geopoint",
    "geotrace",
    "geoshape",
    "image",
    "audio",
    "video",
    "file",
)
_READ_FIRST = ("text", "barcode", "image", "audio", "video", "file")


@record
class Share:
    """One answer and one recipient. `how` is how it is shared, "" if it is not; `why` says why, or why not."""

    field: Field
    recipient: Recipient
    how: str
    why: str

    @property
    def shared(self) -> bool:
        return bool(self.how)


@record
class Limit:
    """The highest level a recipient may have because a country pack says so."""

    level: Level
    pack: Pack


def fields(form: Form) -> tuple[Field, ...]:
    """Everything that stands in a record, in the order of the form, without the log of the phone."""
    kept = (item for item in walk(form.items) if isinstance(item, (Question, Calculation, Lookup, Metadata)))
    return tuple(item for item in kept if not (isinstance(item, Metadata) and item.kind == "audit"))


def sharing_matrix(form: Form) -> tuple[Share, ...]:
    """Each answer with each recipient: how it is shared, or why it is not. Answers first, then recipients, as written."""
    everything = fields(form)
    return tuple(_share(form, field, recipient) for field in everything for recipient in form.facts.recipients)


def names_somebody(field: Field) -> bool:
    """Whether an answer, or what the phone records, identifies a person directly."""
    if isinstance(field, Question):
        return identifies(field) is not None
    return isinstance(field, Metadata) and is_identifying(field)


def limit_by_pack(form: Form, recipient: Recipient) -> Limit | None:
    """What the country packs let this recipient have at most; the lowest of several."""
    called = {text.casefold().strip() for text in recipient.name.values.values()}
    limits = [
        Limit(level, pack)
        for pack in form.packs
        for name, level in pack.recipients
        if name.casefold().strip() in called
    ]
    return min(limits, key=lambda limit: limit.level, default=None)


def received(form: Form, recipient: Recipient) -> tuple[Field, ...]:
    """The answers that would reach a recipient by what the form says alone, before any level holds them back."""
    most = recipient.most
    kept = (field for field in fields(form) if _is_in_the_record(form, field))
    return tuple(
        field
        for field in kept
        if field.tags.shared_as != "drop"
        and not _joins(form, field)
        and (most is None or field.tags.level <= most)
        and (recipient.what == "answers" or not names_somebody(field))
        and (recipient.what != "totals" or _can_be_counted(field))
    )


def too_much(form: Form, recipient: Recipient) -> tuple[tuple[Field, ...], tuple[Field, ...]]:
    """What the form says a recipient receives and must not: what identifies people, and answers above the level.

    Whole answers stop below HIGH, unless an answer is shared in bands and the like; SEVERE ones are never shared.
    """
    reach = received(form, recipient)
    if recipient.what == "totals":
        return (), ()
    named = tuple(field for field in reach if names_somebody(field) and field.tags.shared_as not in _CODED)
    above = tuple(field for field in reach if field not in named and _is_above(field, recipient))
    return named, above


def _is_above(field: Field, recipient: Recipient) -> bool:
    level, how = field.tags.level, field.tags.shared_as
    if recipient.what == "answers":
        return level >= Level.SEVERE or (level >= Level.HIGH and how not in (*_ALIKE, *_CODED))
    return level >= Level.SEVERE and recipient.most is not None


def _share(form: Form, field: Field, recipient: Recipient) -> Share:
    stopped = _stopped(form, field, recipient)
    if stopped:
        return Share(field, recipient, "", stopped)
    if recipient.what == "totals":
        return Share(field, recipient, "in totals", "totals only")
    said = field.tags.shared_as
    if said is None or said == "keep":
        return Share(field, recipient, "as it is", f"{field.tags.level.name}")
    return Share(field, recipient, str(table("facts")["shared_as"][said]), f"shared as {said}")


def _stopped(form: Form, field: Field, recipient: Recipient) -> str:
    """Why an answer does not reach a recipient; "" if it does."""
    level = field.tags.level
    limit = limit_by_pack(form, recipient)
    if not _is_in_the_record(form, field):
        return "stands in the contact form"
    if field.tags.shared_as == "drop":
        return "shared with nobody"
    if _joins(form, field):
        return "joins to the contact form"
    if level >= Level.SEVERE:
        return "SEVERE: leaves in a referral only"
    if recipient.most is not None and level > recipient.most:
        return f"{level.name}: they receive {recipient.most.name} at most"
    if limit is not None and level > limit.level:
        return f"{level.name}: `{limit.pack.name}` allows {limit.level.name} at most"
    if names_somebody(field) and field.tags.shared_as != "reference":
        return "identifies a person"
    if recipient.what == "totals":
        return "" if _can_be_counted(field) else "cannot be counted"
    if level >= Level.HIGH and isinstance(field, Question) and field.kind in _READ_FIRST:
        return f"{level.name}: must be read first"
    if level >= Level.HIGH and recipient.what == "answers" and field.tags.shared_as not in (*_ALIKE, *_CODED):
        return f"{level.name}: without identities only"
    return ""


def _joins(form: Form, field: Field) -> bool:
    """Whether an answer is the code that leads from a record to its names, in a form that keeps them apart."""
    return form.facts.split is not None and field.tags.gives == "record_code" and field.tags.shared_as not in _CODED


def _is_in_the_record(form: Form, field: Field) -> bool:
    """False for what `split contact` puts into a form of its own."""
    return form.facts.split is None or not isinstance(field, Question) or not is_split_off(field)


def _can_be_counted(field: Field) -> bool:
    return not (isinstance(field, Question) and field.kind in _NOT_COUNTED) and not isinstance(field, Metadata)


def by_level(found: Iterable[Field]) -> dict[Level, list[str]]:
    """Names by level, the highest first."""
    names: dict[Level, list[str]] = {}
    for field in sorted(found, key=lambda field: -field.tags.level):
        names.setdefault(field.tags.level, []).append(field.name)
    return names
