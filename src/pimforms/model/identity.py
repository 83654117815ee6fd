"""What identifies a person directly: concepts like a name, types like a picture of a face."""

from __future__ import annotations

from collections.abc import Iterable

from pimforms.model.form import Item, Question
from pimforms.model.walk import questions_in
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
    kinds = (identifies(item) for item in questions_in(items))
    return tuple(dict.fromkeys(kind for kind in kinds if kind is not None))


CONTACT, MEDIA, REFERRAL = "contact", "media", "referral"


def own_consents(question: Question) -> tuple[str, ...]:
    """Which consents of their own a question needs, of contact, media, referral; () for none. Each is asked by itself.

    A picture of a card is a picture, and it names the person. A file can hold a picture. A position needs none: the consent
    to the interview names it, and it may be left blank.
    """
    given = question.tags.gives
    needs = [REFERRAL] if given == REFERRAL else []
    if given and table("concepts")[given]["identifies"] == "direct":
        needs.append(CONTACT)
    if table("types")["type"].get(question.kind, {}).get("value") == "media":
        needs.append(MEDIA)
    return tuple(needs)


def is_split_off(question: Question) -> bool:
    """Whether `split contact` puts a question into the contact form: what identifies a person, and what refers them."""
    return identifies(question) is not None or question.tags.gives == REFERRAL
