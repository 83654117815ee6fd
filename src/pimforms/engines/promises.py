"""What every protected form promises, whatever happens in an interview.

A promise is a function that looks at one walk and tells what breaks it. Its first sentence is what people are shown.
`PROMISES` is the list; a protection that is added to the compiler adds its promise here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from pimforms.engines import events as ev
from pimforms.engines.events import Event, Walked
from pimforms.engines.facts import NO_GRANT, OUTCOME, VERSION, Facts, QuestionFacts
from pimforms.engines.interview import OK, REFUSED
from pimforms.engines.standing import Standing, goes_on, is_private, standing
from pimforms.engines.surplus import member_lines, surplus_of
from pimforms.model.level import Level


@dataclass(frozen=True, slots=True)
class Broken:
    """`subject` is the name that it is about; `says` one sentence; `expect` the lines of a scenario that would have said so."""

    subject: str
    says: str
    expect: str = ""


Promise = Callable[[Walked, Facts], Iterator[Broken]]


def promise_names() -> tuple[str, ...]:
    """The names of the promises, in order."""
    return tuple(promise.__name__ for promise in PROMISES)


# ---- consent


def nothing_recorded_without_consent(walked: Walked, facts: Facts) -> Iterator[Broken]:
    """Without consent nothing is sent but what is declared.

    Not given, refused, taken back, stopped because it was not safe, or to be deleted: what then remains is the table before
    the consent, the answers of the gate itself, the outcome and the version of the consent (docs/protection.md).
    """
    for event, _, stands in _followed(walked, facts):
        if event.leaves and event.kind in (ev.CLOSED, ev.SENT) and not stands.open:
            for name, path, value in _named(event):
                if name not in facts.remainder:
                    what = f"holds `{_short(value)}`" if value else f"is there, as a member ({path})"
                    yield Broken(name, f"`{name}` {what} in what is sent, though {_why_closed(stands)}", _NOTHING)


def nothing_asked_without_consent(walked: Walked, facts: Facts) -> Iterator[Broken]:
    """Nothing is asked before the person agreed, nor after it ended.

    That is: no question of the author's behind the consent, unless the person is asked with every part of the gate open,
    and none that stands behind a stop at which the interview ended.
    """
    for event, _, stands in _followed(walked, facts):
        question = _asked(event, facts)
        if question is None or not question.gated:
            continue
        if not stands.open:
            yield Broken(
                question.name, f"`{question.name}` is asked, though {_why_closed(stands)}", _not_asked(question)
            )
        elif stands.stopped and question.name in facts.after[stands.stopped]:
            yield Broken(
                question.name,
                f"`{question.name}` is asked, though the interview ended at `{stands.stopped}`",
                _not_asked(question),
            )


def nothing_outside_holds_an_answer(walked: Walked, facts: Facts) -> Iterator[Broken]:
    """Nothing that remains without consent holds what a person said.

    An answer that remains is the one that was entered there, and what the form computes there is at the end what it was
    before the consent. This holds in interviews that were agreed to as well: what reads an answer there keeps it on a phone
    that does not blank hidden answers.
    """
    before: dict[str, str] = {}
    for event, given, _ in _followed(walked, facts):
        if event.kind == ev.AGREED:
            before = dict(event.leaves)
        elif event.kind == ev.GIVEN and event.status == OK and _in_table(event, facts):
            before = {name: value for name, value in before.items() if name == VERSION}
        if event.kind not in (ev.CLOSED, ev.SENT):
            continue
        for name, path, value in _named(event):
            if name not in facts.remainder or name in facts.timed:
                continue
            entered = given.get(path) if name in facts.questions else before.get(name)
            if entered is not None and entered != value:
                was = f"`{_short(entered)}`" if entered else "nothing"
                yield Broken(
                    name,
                    f"`{name}` holds `{_short(value)}` in what is sent, and before the consent it held {was}",
                    _NOTHING,
                )


# ---- harm


def nothing_sensitive_is_overheard(walked: Walked, facts: Facts) -> Iterator[Broken]:
    """No HIGH or SEVERE question is asked when someone can hear, or without a look around before it.

    Nobody, or only a small child, can hear; and the person said to go on. What was answered before someone came is not
    sent either.
    """
    for event, given, _ in _followed(walked, facts):
        question = _asked(event, facts)
        if question is not None and question.gated and question.level >= Level.HIGH:
            problem = _unsafe(given, question)
            if problem:
                yield Broken(
                    question.name,
                    f"`{question.name}` is {_level(question)} and is asked, though {problem}",
                    _not_asked(question),
                )
        elif event.kind == ev.SENT:
            for name, _, value in _named(event):
                held = facts.questions.get(name)
                problem = _unsafe(given, held) if held and value and held.gated and held.level >= Level.HIGH else ""
                if problem:
                    yield Broken(
                        name,
                        f"`{name}` holds `{_short(value)}` in what is sent, though {problem}",
                        f"expect not recorded {name}",
                    )


def every_sensitive_question_can_be_left(walked: Walked, facts: Facts) -> Iterator[Broken]:
    """Every question of MODERATE and above can be left.

    It may be left blank, or "prefer not to say" is among its choices; and the form takes it.
    """
    for event, _, _ in _followed(walked, facts):
        question = facts.questions.get(event.name)
        if question is None or question.level < Level.MODERATE or question.role:
            continue
        if event.kind == ev.ASKED and event.status == ev.REQUIRED_ONLY:
            yield Broken(
                question.name,
                f"`{question.name}` is {_level(question)} and must be answered: no choice declines, and it may not be blank",
                f"skip {question.name}",
            )
        elif event.kind == ev.GIVEN and event.status == REFUSED and event.value in question.refusals:
            says = f"`{question.name}` is {_level(question)}, and the form refuses `{event.value}`{_said(event)}"
            yield Broken(question.name, says, f"answer {question.name} {event.value}")


def a_child_is_asked_only_what_is_fit(walked: Walked, facts: Facts) -> Iterator[Broken]:
    """A child is asked nothing but what is fit for children.

    Where the interviewer said that the person is a child, nothing sensitive is asked, nothing that identifies, and nothing
    about a topic that is not for children; and nothing of it is sent. Specialists in case management decide themselves.
    """
    for event, given, _ in _followed(walked, facts):
        if not facts.children or given.get(facts.adult) != "no":
            continue
        for question, value in _met(event, facts):
            if not question.fit:
                what = f"holds `{_short(value)}` in what is sent" if value else "is asked"
                yield Broken(
                    question.name, f"`{question.name}` {what}, and it is not fit for a child", _not_asked(question)
                )


def what_needs_its_own_consent_has_it(walked: Walked, facts: Facts) -> Iterator[Broken]:
    """Nothing that identifies, shows or refers a person is asked without the consent that stands right before it.

    What was given before that consent was taken back is not sent either.
    """
    for event, given, _ in _followed(walked, facts):
        for question, value in _met(event, facts):
            missing = next((grant for grant in question.grants if given.get(grant) != "yes"), None)
            if missing is not None:
                what = f"holds `{_short(value)}` in what is sent" if value else "is asked"
                why = "it has no consent of its own" if missing == NO_GRANT else f"`{missing}` is not yes"
                yield Broken(question.name, f"`{question.name}` {what}, though {why}", _not_asked(question))


def only_trained_interviewers_ask(walked: Walked, facts: Facts) -> Iterator[Broken]:
    """Nothing that needs a training is asked by an interviewer whose code does not hold it.

    That is: every SEVERE question, those whose topic names a training, and those under which the author named one.
    """
    for event, given, _ in _followed(walked, facts):
        code = given.get(facts.interviewer, "")
        for question, value in _met(event, facts):
            if question.trained is not None and code not in question.trained:
                what = f"holds `{_short(value)}` in what is sent" if value else "is asked"
                why = f"`{code}` was not trained for it" if code else "nobody said who interviews"
                yield Broken(question.name, f"`{question.name}` {what}, though {why}", _not_asked(question))


def nothing_of_the_contact_form_is_here(walked: Walked, facts: Facts) -> Iterator[Broken]:
    """Where names and numbers have a form of their own, this one asks for none and holds none."""
    for event, _, _ in _followed(walked, facts):
        for question, value in _met(event, facts):
            if facts.split and question.apart:
                what = f"holds `{_short(value)}` in what is sent" if value else "is asked"
                yield Broken(
                    question.name, f"`{question.name}` {what}, and belongs into the contact form", _not_asked(question)
                )


# ---- the way to the end


def no_question_blocks_the_end(walked: Walked, facts: Facts) -> Iterator[Broken]:
    """Every question that must be answered has an answer that passes, and every record can be sent."""
    for event in walked.events:
        if event.kind == ev.STUCK:
            yield Broken(
                event.name,
                f"`{event.name}` must be answered, and no answer was found that passes{_last_refusal(walked, event.path)}",
            )
        elif event.kind == ev.BLOCKED:
            yield Broken(event.name, f"the record cannot be sent: `{event.name}` is {event.status}{_said(event)}")


def the_engine_goes_on(walked: Walked, facts: Facts) -> Iterator[Broken]:
    """No answer stops the phone."""
    for event in walked.events:
        if event.kind == ev.DIED:
            yield Broken(event.name, f"after an answer to `{event.name}` {event.message}")
        elif event.kind == ev.ENDLESS:
            yield Broken(
                event.name,
                f"the interview comes to no end: it is still at `{event.path}`",
                f"expect asked {event.name}",
            )


def the_outcome_fits(walked: Walked, facts: Facts) -> Iterator[Broken]:
    """The outcome says what happened."""
    for event, _, stands in _followed(walked, facts):
        if event.kind in (ev.CLOSED, ev.SENT):
            said = dict(event.leaves).get(OUTCOME, "")
            if said != stands.outcome:
                says = f"`{OUTCOME}` is `{said}`, and what happened is `{stands.outcome}`"
                yield Broken(OUTCOME, says, f"expect outcome {stands.outcome}" if stands.outcome else "")


def no_surplus_member_is_sent(walked: Walked, facts: Facts) -> Iterator[Broken]:
    """No answer is sent of a member that a repeat has no more.

    Where the form counts the members, and the number goes down, the phone keeps those that are too many. Somebody said
    that these people or things are not there: what was answered about them is not sent.
    """
    if not facts.counted:
        return
    for event in walked.events:
        if event.kind not in (ev.CLOSED, ev.SENT):
            continue
        values = dict(event.leaves)
        for name, path, value in _named(event):
            surplus = surplus_of(path, values, facts) if value else None
            if surplus is not None:
                repeat, number, most = surplus
                yield Broken(
                    name,
                    f"`{name}` of member {number} of `{repeat}` is sent, and there are {most}",
                    f"{member_lines(path)}expect not recorded {name}",
                )


PROMISES: tuple[Promise, ...] = (
    nothing_recorded_without_consent,
    nothing_asked_without_consent,
    nothing_outside_holds_an_answer,
    nothing_sensitive_is_overheard,
    every_sensitive_question_can_be_left,
    a_child_is_asked_only_what_is_fit,
    what_needs_its_own_consent_has_it,
    only_trained_interviewers_ask,
    nothing_of_the_contact_form_is_here,
    no_question_blocks_the_end,
    the_engine_goes_on,
    the_outcome_fits,
    no_surplus_member_is_sent,
)


# ---- reading a walk

_NOTHING = "expect nothing recorded but remainder"
_CLOSED = {
    "": "nobody agreed yet",
    "refused": "the person refused",
    "postponed": "the person said: not now",
    "not_understood": "the consent was not understood",
    "not_eligible": "the interview may not be held",
    "withdrawn": "the person took the answers back",
    "stopped_distress": "the person wants the answers deleted",
    "stopped_unsafe": "it is not safe",
}


def _followed(walked: Walked, facts: Facts) -> Iterator[tuple[Event, dict[str, str], Standing]]:
    """Each event with the answers given so far and what they mean. An answer counts from its own event on."""
    given: dict[str, str] = {}
    stands = standing(given, facts)
    for event in walked.events:
        if event.kind == ev.GIVEN and event.status == OK:
            if given.get(event.path, event.value) != event.value:
                for name in facts.forgets.get(event.name, ()):
                    given.pop(name, None)
            given[event.path] = event.value
            question = facts.questions.get(event.name)
            if question is not None and question.role:
                stands = standing(given, facts)
        elif event.kind == ev.REMOVED:
            for path in [path for path in given if path.startswith(f"{event.path}[")]:
                del given[path]
        yield event, given, stands


def _asked(event: Event, facts: Facts) -> QuestionFacts | None:
    return facts.questions.get(event.name) if event.kind == ev.ASKED else None


def _met(event: Event, facts: Facts) -> Iterator[tuple[QuestionFacts, str]]:
    """The author's questions that are asked here, or whose answers are sent, with those answers."""
    asked = _asked(event, facts)
    if asked is not None and asked.gated:
        yield asked, ""
    elif event.kind == ev.SENT:
        for name, _, value in _named(event):
            held = facts.questions.get(name)
            if held is not None and held.gated and value:
                yield held, value


def _named(event: Event) -> Iterator[tuple[str, str, str]]:
    for path, value in event.leaves:
        yield path.rpartition("/")[2].partition("[")[0], path, value


def _in_table(event: Event, facts: Facts) -> bool:
    question = facts.questions.get(event.name)
    return (
        question is not None
        and not question.gated
        and question.name in facts.remainder
        and not question.name.startswith("pim_")
    )


def _unsafe(given: dict[str, str], question: QuestionFacts) -> str:
    if not question.check:
        return "no privacy check stands before it"
    if not is_private(given, question):
        return f"`{question.check[0]}` does not say that nobody can hear"
    return "" if goes_on(given, question) else "the person did not say to go on"


def _why_closed(stands: Standing) -> str:
    return _CLOSED.get(stands.outcome, "the gate is closed")


def _not_asked(question: QuestionFacts) -> str:
    return f"expect not asked {question.name}"


def _level(question: QuestionFacts) -> str:
    return Level(question.level).name


def _short(value: str) -> str:
    return value if len(value) <= 40 else f"{value[:39]}…"


def _said(event: Event) -> str:
    return f" ({event.message})" if event.message else ""


def _last_refusal(walked: Walked, path: str) -> str:
    refused = [event for event in walked.events if event.kind == ev.GIVEN and event.path == path and event.message]
    return _said(refused[-1]) if refused else ""
