"""When a form asks children: first the caregiver agrees, then the child, and only then is anything asked.

    is the child within the ages → is there a caregiver whom it is safe to ask
    → the consent as the caregiver hears it → the caregiver agrees
    → the assent, short and simple → the child agrees → what is fit for children

Either "no" ends the interview. Without such a caregiver it ends, too, unless the form names a specialist in child
protection and that specialist named an independent adult for this child.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from pimforms.diagnostics import Severity, rule
from pimforms.model.children import asked_of_children, by_specialists, may_ask_child, topics_of
from pimforms.model.expression import Code, Expression, Is, Ref
from pimforms.model.form import INTERVIEW, Form, Group, Item, Note, Repeat
from pimforms.model.identity import direct_identifiers
from pimforms.model.level import Level
from pimforms.model.text import Text
from pimforms.model.training import interviewer_question, may_interview_children
from pimforms.model.walk import questions_in
from pimforms.protect.build import Ends, Maker, Part, any_of, both, is_, with_condition
from pimforms.protect.consent import (
    Screen,
    composed,
    discreet,
    discreet_topics,
    place_of,
    retention,
    reuse,
    service_card,
    sharing,
    spoken_facts,
    used_purposes,
)
from pimforms.protect.training import NOBODY
from pimforms.protect.wordings import worded, wordings
from pimforms.protect.words import filled, say, sentence, spoken, text, together
from pimforms.record import record
from pimforms.source import Place

AGE, CAREGIVER, INDEPENDENT = "pim_child_age", "pim_caregiver", "pim_independent_adult"
CAREGIVER_AGREE, CHILD_AGREE = "pim_caregiver_agree", "pim_child_agree"
SPECIALIST = "cp_specialist"

CAREGIVER_SCREENS = (
    ("who", ("who", "use", "reuse")),
    ("child", ("caregiver",)),
    ("personal", ("personal",)),
    ("no_effect", ("takes", "no_effect")),
    ("private", ("private",)),
    ("limits", ("limits",)),
    ("sharing", ("sharing", "retention")),
    ("risk", ("risk",)),
    ("rights", ("rights",)),
    ("questions", ("any_questions",)),
)
ONLY_ABOVE_LOW = ("risk", "questions")
# The assent has nine sentences in each language: who I am, what you may do, what I tell others.
ASSENT = (("who", 0, 3), ("choice", 3, 7), ("help", 7, 9))
_SENTENCE = re.compile(r"(?<=[.!])\s+")


@record
class ChildPath:
    """The way by which a child comes to the questions. `agreed`: a caregiver and the child did."""

    items: tuple[Item, ...]
    agreed: Expression
    ends: Ends
    consent: tuple[Screen, ...]


@rule(
    "PIM415",
    "children-after-both-agreed",
    Severity.ADDED,
    standard="PIM principle 4, Informed consent and confidentiality",
)
def child_path(form: Form, maker: Maker, place: Place, adult: str, ready: Sequence[Expression]) -> ChildPath | None:
    """
    A child is asked only when a caregiver agreed, and then the child did. What is not fit for children is not asked of them.

    ## Why
    A form with `children 10 to 17` may be answered by children of these ages. The caregiver hears the whole consent and may
    say no. Then the child hears three short screens, and may say no. Either "no" ends it. Where no caregiver is there, or
    asking one could harm the child, the interview ends with the referral card. If the form names `staff cp_specialist`, an
    independent adult whom that specialist named for this child may take the caregiver's place.

    A child is asked nothing HIGH or SEVERE, no name, number, picture or position, and nothing about a topic that is not fit
    for children. Only a form of the category `case_management`, where specialists work, leaves that to them.
    """
    ages = form.facts.children
    if ages is None:
        return None
    minor = both(place, *ready, is_(adult, "no", place=place))
    untrained, may_ask = _training(form, maker, place, minor)
    minor = both(place, minor, *may_ask)
    fits, too = is_(AGE, "yes", place=place), is_(AGE, "no", place=place)
    here = is_(CAREGIVER, "here", place=place)
    missing = is_(CAREGIVER, "none", "unsafe", place=place)
    someone, nobody = here, missing
    rows: list[Item] = [
        *untrained.items,
        maker.question(AGE, "yes_no", text("child_age", maker.languages, place, youngest=ages[0], oldest=ages[1]),
                       place, "PIM415", minor),
        maker.note("pim_child_age_no", _with_card(form, maker, place, "child_age_no"), place, "PIM415", too),
        maker.question(CAREGIVER, maker.list_of("pim_caregivers", place, here="caregiver_here", none="caregiver_none",
                                                unsafe="caregiver_unsafe"),
                       maker.say("caregiver_there", place), place, "PIM415", both(place, minor, fits),
                       hint=maker.say("caregiver_look", place)),
    ]  # fmt: skip
    if any(role == SPECIALIST for role, _ in form.facts.staff):
        named = is_(INDEPENDENT, "yes", place=place)
        someone = any_of((here, both(place, missing, named)), place)
        nobody = is_(INDEPENDENT, "no", place=place)
        label = maker.say("independent_adult", place)
        rows.append(maker.question(INDEPENDENT, "yes_no", label, place, "PIM415", missing))
    rows.append(maker.note("pim_no_caregiver", _with_card(form, maker, place, "no_caregiver"), place, "PIM415", nobody))
    caregiver = caregiver_screens(form)
    assent = assent_screens(form)
    begin = both(place, minor, fits, someone)
    yes, no = is_(CAREGIVER_AGREE, "yes", place=place), is_(CAREGIVER_AGREE, "no", place=place)
    wants, declines = is_(CHILD_AGREE, "yes", place=place), is_(CHILD_AGREE, "no", place=place)
    rows += [
        _asks(maker, place, "caregiver", caregiver, CAREGIVER_AGREE, begin,
              maker.note("pim_caregiver_no", _ends_kindly(form, maker, place, "refused"), place, "PIM408", no)),
        _asks(maker, place, "child", assent, CHILD_AGREE, both(place, begin, yes),
              maker.note("pim_child_no", _ends_kindly(form, maker, place, "child_refused"), place, "PIM408", declines)),
    ]  # fmt: skip
    ends = (*untrained.ends, (too, "not_eligible"), (nobody, "not_eligible"), (no, "refused"), (declines, "refused"))
    agreed = both(place, is_(adult, "no", place=place), *may_ask, yes, wants)
    return ChildPath(tuple(rows), agreed, ends, (*caregiver, *assent))


def _training(form: Form, maker: Maker, place: Place, minor: Expression) -> tuple[Part, tuple[Expression, ...]]:
    """Where there is a list of interviewers, a child is asked only by one who was trained for that (PIM611)."""
    question, trained = interviewer_question(form.items), may_interview_children(form)
    if question is None or trained is None:
        return Part((), ()), ()
    may = is_(question.name, *(trained or (NOBODY,)), place=place)
    codes = tuple(Code(code, place) for code in trained or (NOBODY,))
    not_allowed = both(place, minor, Is(Ref(question.name, place), codes, True, place))
    note = maker.note("pim_child_untrained", maker.say("untrained_for_children", place), place, "PIM611", not_allowed)
    return Part((note,), (may,), ((not_allowed, "not_eligible"),)), (may,)


def _asks(
    maker: Maker, place: Place, who: str, screens: Sequence[Screen], question: str, when: Expression, no: Note
) -> Group:
    """The screens that somebody hears, whether they agree, and the kind end if not."""
    answers = maker.list_of(f"pim_{who}_answers", place, yes="yes", no="no")
    inside: list[Item] = [
        *(maker.note(f"pim_{who}_say_{screen.name}", screen.text, place, "PIM415") for screen in screens),
        maker.question(question, answers, maker.say(f"{who}_agree", place), place, "PIM415"),
        no,
    ]
    return maker.group(f"pim_{who}_consent", maker.say(f"{who}_title", place), inside, place, "PIM415", when)


def _ends_kindly(form: Form, maker: Maker, place: Place, key: str) -> Text:
    return spoken(maker.languages, place, lambda lang: say(maker.key(key), lang, service_card=service_card(form, lang)))


def _with_card(form: Form, maker: Maker, place: Place, key: str) -> Text:
    return spoken(
        maker.languages,
        place,
        lambda lang: "\n".join(
            (say(key, lang), say("service_card_child", lang, service_card=service_card(form, lang)))
        ),
    )


# ---- what is said


def caregiver_screens(form: Form) -> tuple[Screen, ...]:
    """The consent as the caregiver hears it: the same facts, said of the child."""
    left_out = (*(() if form.level > Level.LOW else ONLY_ABOVE_LOW), *(() if _asks_sensitive(form) else ("personal",)))
    layout = [(name, keys) for name, keys in CAREGIVER_SCREENS if name not in left_out]
    sentences = {language: _caregiver_sentences(form, language) for language in form.facts.languages}
    return composed(layout, sentences, place_of(form))


def assent_screens(form: Form) -> tuple[Screen, ...]:
    """The assent of the child, in three short screens."""

    def sentences(language: str) -> Mapping[str, str]:
        parts = _SENTENCE.split(sentence("child_assent").get(language, ""))
        values = {"alias": say("alias", language), "topics_child": child_topics(form, language)}
        return {f"child_{name}": filled(" ".join(parts[first:last]), **values) for name, first, last in ASSENT}

    layout = [(name, (f"child_{name}",)) for name, _, _ in ASSENT]
    return composed(layout, {language: sentences(language) for language in form.facts.languages}, place_of(form))


def _caregiver_sentences(form: Form, language: str) -> Mapping[str, str]:
    facts = spoken_facts(form, language)
    # A child is asked for what identifies only by specialists; then it is said.
    variant = "identified" if by_specialists(form) and direct_identifiers(form.items) else "anonymous"
    own = form.facts.limits.get(language) if form.facts.limits else say("care_limits_default", language)
    values = {
        "caregiver": say("caregiver", language, topics_child=child_topics(form, language)),
        "private": say(f"care_private_{variant}", language, **facts),
        "limits": say("care_limits", language, limits=own),
        "sharing": sharing(form, language, "care_together"),
        "retention": retention(form, language),
        "reuse": reuse(form, language),
        "risk": say("care_risk", language),
        "personal": say("care_personal", language),
        "rights": say(f"care_rights_{variant}", language, **facts),
    }
    values.update({key: say(key, language, **facts) for key in ("who", "use", "takes")})
    values.update({key: say(worded(key, wordings(form)), language) for key in ("no_effect", "any_questions")})
    return values


def _asks_sensitive(form: Form) -> bool:
    """Whether a child is asked anything that needs a look around: only by specialists."""
    return any(question.tags.level >= Level.HIGH for question in asked_of_children(form, form.items))


def child_topics(form: Form, language: str) -> str:
    """What a child is asked about, as it is spoken; the topics of the purposes where its questions have none."""
    topics = dict.fromkeys(
        topic
        for question in asked_of_children(form, form.items)
        for topic in topics_of(form, question)
        if topic != INTERVIEW  # "questions about this interview" would tell nobody anything
    )
    words = [discreet(form, topic, language) for topic in topics] or discreet_topics(
        form, used_purposes(form), language
    )
    return together(list(dict.fromkeys(word for word in words if word)), language)


# ---- what is hidden


def for_adults(form: Form, items: Sequence[Item], adults: Expression, place: Place) -> tuple[Item, ...]:
    """The items, with what is not fit for a child under the condition that an adult agreed."""
    if form.facts.children is None:
        return tuple(items)
    return tuple(_for_adults(form, item, adults, place) for item in items)


def _for_adults(form: Form, item: Item, adults: Expression, place: Place) -> Item:
    if not isinstance(item, (Group, Repeat)):
        return item if may_ask_child(form, item) else with_condition(item, adults, place)
    if only_for_adults(form, (item,)):
        return with_condition(item, adults, place)
    return replace(item, items=tuple(_for_adults(form, inner, adults, place) for inner in item.items))


def only_for_adults(form: Form, items: Sequence[Item]) -> bool:
    """Whether there are questions in these items, and none is fit for a child, in a form that asks children."""
    questions = list(questions_in(items))
    return (
        form.facts.children is not None
        and bool(questions)
        and not any(may_ask_child(form, question) for question in questions)
    )
