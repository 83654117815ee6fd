"""Principle 2, do no harm: nobody is asked about what no service here can help with."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date

from pimforms.diagnostics import Diagnostic, Severity, rule, rule_of, some_of
from pimforms.model.children import may_ask_child
from pimforms.model.facts import Referral
from pimforms.model.form import Form, Question
from pimforms.model.level import Level
from pimforms.model.places import PCode, finest, places_of
from pimforms.model.topics import UNNAMED, sensitive_topics
from pimforms.standards.data import table

PRINCIPLE = "PIM principle 2, Do no harm"
_NAMED = 4
"""Places that a message names; the others are counted."""


@rule("PIM206", "no-service-to-refer-to", Severity.ERROR, standard=PRINCIPLE, waivable=True)
def no_service_to_refer_to(form: Form, today: date) -> Iterator[Diagnostic]:
    """
    A HIGH or SEVERE topic is asked about, and no service for it was checked in the last 90 days.

    ## Why
    A question can open a wound or bring a need to light. Then somebody must be able to help: here, now, a person of that
    age. So each HIGH and SEVERE topic has a `referral`, which somebody called or visited in the last 90 days (`checked`; the
    number stands in limits.toml), for the ages that are interviewed, and in every place of the form. A referral without
    `topics` is for every topic; without `ages` for everybody; without `places` for everywhere. Where there is no service
    the topic is left out.

    ## Bad
    ```pim
    form desk "Desk"
      organisation "Relief"
      category     protection_monitoring
      interview    service, observation
      population   "People in block C"
      contact      "Desk, block C"
      staff        protection_lead "Head of protection", im_lead "Head of information"
      feedback     "a community meeting" within 30 days
      consulted    2026-10-02 "women of block C"
      searched     2026-10-20 "HDX", "registry of assessments"
    purpose papers "Getting people their papers"
      topic       civil_documents
      need        "Where people lack papers"
      tell people "help people get their papers"
      decide      "Where the mobile registry goes" by "Legal aid group" before 2027-01-31
    risk list_found "A list of people without papers is found"
      harms      respondent
      likelihood low
      impact     high
      protect by no_gps, no_names
      owner      "Head of protection"
      review     2027-01-31
    referral legal_aid "the legal aid desk in block C"
      topics  civil_documents
      checked 2026-06-01
    ask papers yes_no "Do you lack identity papers?"
    ```

    ## Good
    ```pim
    ask papers yes_no "Do you lack papers?"
      topic civil_documents
    ```
    """
    days: int = table("limits")["referral"]["days"]
    topics = sensitive_topics(form)
    said: set[str] = set()
    for topic, questions in topics.items():
        serving = _serving(form, topic)
        if not serving:
            yield _nobody(form, topic, questions, today)
            continue
        for referral in serving:
            if referral.name not in said:
                said.add(referral.name)
                yield from _old(referral, questions[0], today, days)
        yield from _ages_left_out(form, topic, questions, serving)
    yield from _places_left_out(form, {topic: _serving(form, topic) for topic in topics})


def _serving(form: Form, topic: str) -> tuple[Referral, ...]:
    """The referrals that name a topic, or none; for what has no topic of its own, any."""
    anyone = topic == UNNAMED or table("topics")[topic].get("any_service", False)
    return tuple(each for each in form.referrals if anyone or not each.topics or topic in each.topics)


def _nobody(form: Form, topic: str, questions: Sequence[Question], today: date) -> Diagnostic:
    question = questions[0]
    level = question.tags.level.name
    about = f"`{topic}`, which is {level} here" if topic else f"`{question.name}`, which is {level}"
    return Diagnostic(
        rule_of(no_service_to_refer_to),
        f"no service is named for {about}",
        question.via or question.place,
        f"Who is asked about it may need help at once ({PRINCIPLE}).",
        f"call a service, then add it with the day of the call (`checked {today}`); if there is none, leave the topic out:\n"
        + _block(form, topic, _respondents(form, topic, questions)),
        related=(("the question in the library", question.place),) if question.via is not None else (),
    )


def _old(referral: Referral, question: Question, today: date, days: int) -> Iterator[Diagnostic]:
    """A service that nobody called, or not for long, or on a day that has not come."""
    fix = f"call the service; when it works, write: checked {today}"
    if question.tags.level >= Level.SEVERE:
        fix = f"go through it once as a person would who needs it; when it works, write: checked {today}"
    if referral.checked is None:
        message = f"the referral `{referral.name}` does not say when it was checked"
    else:
        age = (today - date.fromisoformat(referral.checked)).days
        if 0 <= age <= days:
            return
        message = (
            f"the referral `{referral.name}` was checked {age} days ago"
            if age > 0
            else f"the referral `{referral.name}` was checked on {referral.checked}, a day that has not come"
        )
    why = f"Services move and close; after {days} days one must call again ({PRINCIPLE})."
    yield Diagnostic(rule_of(no_service_to_refer_to), message, referral.place, why, fix)


def _respondents(form: Form, topic: str, questions: Iterable[Question]) -> tuple[tuple[int, int], ...]:
    """Whom a service must be there for: the ages that the topic is about, else those that are asked about it."""
    about = table("topics").get(topic, {}).get("ages")
    if about:
        return ((about[0], about[1]),)
    adults = (18, int(table("limits")["referral"]["oldest"]))
    children = form.facts.children
    return (children, adults) if children and any(may_ask_child(form, each) for each in questions) else (adults,)


def _ages_left_out(
    form: Form, topic: str, questions: Sequence[Question], serving: Sequence[Referral]
) -> Iterator[Diagnostic]:
    if any(referral.ages is None for referral in serving):
        return
    open_to = [referral.ages for referral in serving if referral.ages is not None]
    gaps = [gap for low, high in _respondents(form, topic, questions) for gap in _uncovered(low, high, open_to)]
    if gaps:
        oldest = table("limits")["referral"]["oldest"]
        said = " and ".join(
            f"{low} years or older" if high >= oldest else f"{low} to {high} years" for low, high in gaps
        )
        yield Diagnostic(
            rule_of(no_service_to_refer_to),
            f"no service for `{topic or 'what is HIGH here'}` takes people of {said}",
            serving[0].place,
            f"They are asked about it, too ({PRINCIPLE}).",
            "widen `ages` if the service takes them, or add another `referral` for them",
            related=tuple((f"`{each.name}`", each.place) for each in serving[1:]),
        )


def _uncovered(low: int, high: int, spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """The years between `low` and `high` that no span holds."""
    gaps: list[tuple[int, int]] = []
    at = low
    for start, end in sorted(spans):
        if start > high:
            break
        if start > at:
            gaps.append((at, start - 1))
        at = max(at, end + 1)
    return [*gaps, (at, high)] if at <= high else gaps


def _places_left_out(form: Form, serving: Mapping[str, Sequence[Referral]]) -> Iterator[Diagnostic]:
    """Places of the form where no referral for a topic is. A code covers what lies in it. One gap is said once."""
    gaps: dict[tuple[str, ...], list[str]] = {}
    for topic, referrals in serving.items():
        if not referrals or any(not referral.places for referral in referrals):
            continue
        covered = {code for referral in referrals for code in referral.places}
        left = [place for place in finest(form) if not covered.intersection((place.code, *place.above))]
        if left:
            gaps.setdefault(tuple(place.code for place in _gathered(form, left)), []).append(topic)
    known = {place.code: place for place in (*finest(form), *places_of(form, "adm2"))}
    for codes, topics in gaps.items():
        names = some_of([_named(known[code], form.facts.languages) for code in codes], _NAMED)
        about = " and ".join(f"`{topic}`" if topic else "what is HIGH here" for topic in topics)
        first, *others = serving[topics[0]]
        asked = [question for topic in topics for question in sensitive_topics(form)[topic]]
        ages = tuple(span for topic in topics for span in _respondents(form, topic, asked))
        yield Diagnostic(
            rule_of(no_service_to_refer_to),
            f"no service for {about} is in {names}",
            first.place,
            f"People are asked about it there, too ({PRINCIPLE}).",
            "add the codes to `places` if the service goes there, or call one that does and add it, with `checked`:\n"
            + _block(form, ", ".join(filter(None, topics)), ages, codes),
            related=tuple((f"`{each.name}`", each.place) for each in others),
        )


def _gathered(form: Form, left: Sequence[PCode]) -> list[PCode]:
    """The places, with an adm2 in place of all that lies in it where nothing in it is covered."""
    without = {place.code for place in left}
    inside: dict[str, list[PCode]] = {}
    for place in finest(form):
        for code in place.above:
            inside.setdefault(code, []).append(place)
    wider = {place.code: place for place in places_of(form, "adm2")}
    found: dict[str, PCode] = {}
    for place in left:
        above = next((code for code in place.above if code in wider), None)
        whole = above is not None and all(inner.code in without for inner in inside[above])
        kept = wider[above] if whole and above is not None else place
        found.setdefault(kept.code, kept)
    return list(found.values())


def _named(place: PCode, languages: Sequence[str]) -> str:
    name = next((place.name.get(language) for language in languages if place.name and place.name.get(language)), "")
    return f"{name} ({place.code})" if name and name != place.code else place.code


def _block(form: Form, topic: str, ages: tuple[tuple[int, int], ...], places: tuple[str, ...] = ()) -> str:
    """A referral to paste, for a topic or several with commas, without `checked`: that day writes whoever called."""
    taken = {referral.name for referral in form.referrals}
    first = topic.partition(",")[0] or "help"
    name = next(n for n in (f"{first}_{end}" for end in ("service", *range(2, 99))) if n not in taken)
    low, high = min(low for low, _ in ages), max(high for _, high in ages)
    lines = [
        f'referral {name} "The service, the place, the days and hours"',
        *([f"  topics   {topic}"] if topic else []),
        f"  ages     {low} to {120 if high >= table('limits')['referral']['oldest'] else high}",
        *([f"  places   {', '.join(places)}"] if places else []),
    ]
    return "\n".join(lines)
