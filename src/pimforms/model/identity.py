"""What identifies a person directly: concepts like a name, types like a picture of a face."""

from __future__ import annotations

from collections.abc import Iterable

from pimforms.model.form import Item, Question
from pimforms.model.walk import walk
from pimforms.standards.data import table


def identifies(question: Question) -> str | None:
    """The kind of direct identifier that a question asks for: a concept, or a type such as `image`; None for no such.

    The position of a service is not that of a person: a point under such a topic identifies nobody.
    """
    given = question.tags.gives
    if given and table("concepts")[given]["identifies"] == "direct":
        return given
    kind = table("types")["type"].get(question.kind, {})
    known_place = question.tags.topic in kind.get("public", ())
    return question.kind if kind.get("identifies") == "direct" and not known_place else None


def direct_identifiers(items: Iterable[Item]) -> tuple[str, ...]:
    """The kinds of direct identifier that are asked for, in order, each once."""
    kinds = (identifies(item) for item in walk(items) if isinstance(item, Question))
    return tuple(dict.fromkeys(kind for kind in kinds if kind is not None))


CONTACT, MEDIA, REFERRAL = "contact", "media", "referral"


def own_consent(question: Question) -> str | None:
    """Which consent of its own a question needs: contact, media, referral; None for none.

    A position needs none: the consent to the interview names it, and it may be left blank.
    """
    if question.tags.gives == REFERRAL:
        return REFERRAL
    kind = identifies(question)
    if kind is None:
        return None
    if kind in table("concepts"):
        return CONTACT
    return MEDIA if table("types")["type"][kind]["value"] == "media" else None


def is_split_off(question: Question) -> bool:
    """Whether `split contact` puts a question into the contact form: what identifies a person, and what refers them."""
    return identifies(question) is not None or question.tags.gives == REFERRAL
