"""What has been agreed so far, judged by the answers alone: the second opinion to the conditions in the form."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from pimforms.engines.facts import (
    ADULT,
    AGREE,
    CALL_BACK,
    CAREGIVER,
    CAREGIVER_AGREE,
    CHECK,
    CHECK_AGAIN,
    CHILD_AGE,
    CHILD_AGREE,
    INDEPENDENT,
    PRIVATE,
    SAFE,
    SPEAKER,
    TALKS,
    WITHDRAW,
    Facts,
    QuestionFacts,
)
from pimforms.model.level import Level

_WRONG = ("lose", "gain", "unsure")
_RIGHT = "nothing"


@dataclass(frozen=True, slots=True)
class Standing:
    """`open`: the person agreed, and it holds. `outcome` is how the interview would end now.

    `stopped` names the stop at which the interview ended though the answers are kept, else "".
    """

    open: bool
    outcome: str
    stopped: str = ""


def standing(given: Mapping[str, str], facts: Facts) -> Standing:
    """`given` maps the questions of the gate to their last accepted answers, hidden ones, too.

    The gate is gone through in the order in which it is asked, so that an answer behind a closed door counts for nothing.
    """
    for name in facts.attested:
        if given.get(name) == "no":
            return Standing(False, "stopped_unsafe" if _unsafe(given) else "not_eligible")
    if any(given.get(name) != "yes" for name in facts.attested):
        return Standing(False, _adult_said(given, facts))
    if facts.phone and not _can_talk(given):
        return Standing(False, _call_ended(given) or ("" if facts.adult == ADULT else _adult_said(given, facts)))
    if facts.children and given.get(facts.adult) == "no":
        return _child(given, facts)
    if given.get(facts.adult) != "yes":
        return Standing(False, _adult_said(given, facts))
    if facts.checked:
        first, second = given.get(CHECK, ""), given.get(CHECK_AGAIN, "")
        if first in _WRONG and second in _WRONG:
            return Standing(False, "not_understood")
        if first != _RIGHT and not (first in _WRONG and second == _RIGHT):
            return Standing(False, "")
    agreed = given.get(AGREE, "")
    if agreed != "yes":
        return Standing(False, {"no": "refused", "not_now": "postponed"}.get(agreed, ""))
    return _after_agreement(given, facts)


def _child(given: Mapping[str, str], facts: Facts) -> Standing:
    """The child's way: an interviewer trained for it, the ages, somebody who may agree, that person's yes, the child's yes."""
    if facts.child_codes is not None and given.get(facts.interviewer) not in facts.child_codes:
        return Standing(False, "not_eligible" if given.get(facts.interviewer) else "")
    if given.get(CHILD_AGE) != "yes":
        return Standing(False, "not_eligible" if given.get(CHILD_AGE) == "no" else "")
    there = given.get(CAREGIVER, "")
    if there != "here":
        if INDEPENDENT not in facts.questions or given.get(INDEPENDENT) == "no":
            return Standing(False, "not_eligible" if there else "")
        if not there or given.get(INDEPENDENT) != "yes":
            return Standing(False, "")
    for name in (CAREGIVER_AGREE, CHILD_AGREE):
        if given.get(name) != "yes":
            return Standing(False, "refused" if given.get(name) == "no" else "")
    return _after_agreement(given, facts)


def _can_talk(given: Mapping[str, str]) -> bool:
    return given.get(TALKS) == "yes" and given.get(SPEAKER) == "off"


def _call_ended(given: Mapping[str, str]) -> str:
    if given.get(TALKS) == "no" or (given.get(TALKS) == "yes" and given.get(SPEAKER) == "on"):
        return {"later": "postponed", "no": "refused"}.get(given.get(CALL_BACK, ""), "")
    return ""


def _after_agreement(given: Mapping[str, str], facts: Facts) -> Standing:
    """What was said at a stop counts wherever the stop stands, and a "no" at the end whatever is changed before it."""
    said = {stop: given.get(stop, "") for stop, _ in facts.stops}
    if "unsafe" in said.values():
        return Standing(False, "stopped_unsafe")
    upset = [(stop, keep) for stop, keep in facts.stops if said[stop] == "distress"]
    if any(given.get(keep) == "delete" for _, keep in upset):
        return Standing(False, "stopped_distress")
    kept = given.get(WITHDRAW, "")
    if kept == "no":
        return Standing(False, "withdrawn")
    if upset:
        return Standing(True, "partial", upset[0][0])
    return Standing(True, "complete" if kept == "yes" or facts.level == Level.LOW else "")


def _unsafe(given: Mapping[str, str]) -> bool:
    return given.get(SAFE) == "no"


def _adult_said(given: Mapping[str, str], facts: Facts) -> str:
    """An own question that says whether the person is an adult stands before everything, so it counts at once."""
    if facts.children:
        return ""
    return "not_eligible" if given.get(facts.adult) == "no" else ""


def is_private(given: Mapping[str, str], question: QuestionFacts) -> bool:
    """Nobody can hear, or only a small child, at the check before this question; or it was so after moving or waiting."""
    said = [given.get(name, "") for name in question.check]
    if said and said[0] in PRIVATE:
        return True
    return len(said) > 2 and bool(said[0]) and said[1] in ("moved", "waited") and said[2] in PRIVATE


def goes_on(given: Mapping[str, str], question: QuestionFacts) -> bool:
    """The person said to go on, at the check before this question."""
    return len(question.check) > 3 and given.get(question.check[3]) == "go"
