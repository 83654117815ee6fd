"""Where help is, said right after what may have made somebody need it."""

from __future__ import annotations

from collections.abc import Sequence

from pimforms.diagnostics import Severity, rule
from pimforms.model.children import topics_of
from pimforms.model.expression import Expression
from pimforms.model.facts import Referral
from pimforms.model.form import Form, Item, Note
from pimforms.model.level import Level
from pimforms.model.names import made_name
from pimforms.model.walk import questions_in
from pimforms.protect.build import Maker
from pimforms.protect.words import part, say, spoken, together
from pimforms.source import Place

CARD = "PIM216"


@rule(CARD, "referral-card", Severity.ADDED, standard="PIM principle 2, Do no harm")
def card_rows(form: Form, block: Sequence[Item], maker: Maker, name: str, place: Place, when: Expression) -> list[Note]:
    """
    After HIGH and SEVERE questions the person hears where help is, if a `referral` names their topic.

    ## Why
    A question can make somebody need help. Then the service must be named at once, and not only at the end. It is named
    where nobody can hear, also to those who wished to skip the questions. A referral without `topics` is for every topic.
    """
    topics = {topic for item in questions_in(block) if item.tags.level >= Level.HIGH for topic in topics_of(form, item)}
    helping = [referral for referral in form.referrals if _helps(referral, topics)]
    if not helping:
        return []
    card = spoken(
        maker.languages,
        place,
        lambda lang: say(
            maker.key("referral_card"), lang, card=together([part(referral.text, lang) for referral in helping], lang)
        ),
    )
    return [maker.note(made_name("pim_card", name), card, place, CARD, when)]


def _helps(referral: Referral, topics: set[str]) -> bool:
    return not referral.topics or bool(topics.intersection(referral.topics))
