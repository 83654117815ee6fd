"""What walks and promises know of a protected form: its questions, its gate, and which answers open what.

The gate is known by the names that docs/protection.md gives it, and not by the conditions that the form has on it: what
judges a form must not read its own verdict from it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from pimforms.engines.edges import edges
from pimforms.expressions.kinds import refusals
from pimforms.expressions.layout import COUNT, may_go_down
from pimforms.expressions.parts import every
from pimforms.model import expression as e
from pimforms.model.children import may_ask_child
from pimforms.model.form import Calculation, ConsentPoint, Form, Group, Item, Metadata, Question, Repeat
from pimforms.model.identity import is_split_off, own_consents
from pimforms.model.level import Level
from pimforms.model.names import made_name
from pimforms.model.training import holders, interviewer_question, may_interview_children, needed_training
from pimforms.model.walk import condition_of, index, questions_in, walk
from pimforms.xlsform.rows import EMISSION, Sheets

AGREE, WITHDRAW, ADULT, SAFE = "pim_agree", "pim_withdraw", "pim_adult", "pim_att_safe"
CHECK, CHECK_AGAIN = "pim_check", "pim_check_again"
OUTCOME, VERSION = "pim_outcome", "pim_consent_version"
CHILD_AGE, CAREGIVER, INDEPENDENT = "pim_child_age", "pim_caregiver", "pim_independent_adult"
CAREGIVER_AGREE, CHILD_AGREE = "pim_caregiver_agree", "pim_child_agree"
TALKS, SPEAKER, CALL_BACK = "pim_phone_safe", "pim_phone_speaker", "pim_phone_back"
GRANTS = ("pim_contact_answers", "pim_media_answers", "pim_referral_answers")
NO_GRANT = "-"
TIMES = ("start", "end", "today")
META = ("instanceID", "instanceName", "audit")
PRIVATE = ("alone", "child")

# By the list that a question of the gate has: what it does there. The first and the second question with `pim_hears` differ.
_ROLES = {
    "pim_agree_answers": "agree", "pim_check_answers": "check", "pim_hears": "hears", "pim_moves": "moves",
    "pim_goes": "goes", "pim_stops": "stops", "pim_keeps": "keeps", "pim_withdraw_answers": "withdraw",
    "pim_read_answers": "read", "pim_caregivers": "caregiver", "pim_caregiver_answers": "agree",
    "pim_child_answers": "agree", "pim_speakers": "speaker", "pim_backs": "back", **dict.fromkeys(GRANTS, "grants"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class QuestionFacts:
    """`role` is what a question does in the gate, "" for an author's own. `gated`: it may be asked only after consent.

    `edges` are answers to try where there are no choices. `opens` maps an answer to what it may open: names of items.
    `check` names the privacy check before it (now, moved, again, go on), () if none stands there.
    `grants` names the consents of their own that it needs (NO_GRANT where none is asked); `fit`: for children.
    `trained` are the codes of the interviewers who may ask it, None for all; `apart`: it belongs into a contact form.
    """

    name: str
    kind: str
    level: int
    role: str
    gated: bool
    edges: tuple[str, ...]
    refusals: tuple[str, ...]
    check: tuple[str, ...]
    opens: Mapping[str, tuple[str, ...]]
    grants: tuple[str, ...] = ()
    fit: bool = True
    trained: tuple[str, ...] | None = None
    apart: bool = False


@dataclass(frozen=True, slots=True)
class Facts:
    """`remainder` is all that may be sent without consent; `calculated` are those of it that the form computes.

    `attested`: what the interviewer states before anything is asked. `stops`: each stop with its keep or delete.
    `after` maps a stop to the author's questions after it. `children`: a child may be asked; `phone`: it is a call.
    `child_codes`: the interviewers who may ask a child, None for all.
    `interviewer` names the question for the interviewer's code, "" if there is no list of them; `split`: names and numbers
    stand in a form of their own. `counted` maps a repeat whose number can go down to the answer or calculation that says
    how many members it has. `forgets` maps a question of a privacy check to those that are about the same moment, whose
    answers count no more when it changes.
    """

    questions: Mapping[str, QuestionFacts]
    attested: tuple[str, ...]
    adult: str
    checked: bool
    stops: tuple[tuple[str, str], ...]
    after: Mapping[str, tuple[str, ...]]
    remainder: frozenset[str]
    calculated: frozenset[str]
    timed: frozenset[str]
    level: int
    counted: Mapping[str, str]
    forgets: Mapping[str, tuple[str, ...]]
    children: bool = False
    phone: bool = False
    interviewer: str = ""
    split: bool = False
    child_codes: tuple[str, ...] | None = None

    def to_json(self) -> dict[str, Any]:
        plain = asdict(self)
        return {**plain, **{key: sorted(plain[key]) for key in ("remainder", "calculated", "timed")}}


def from_json(plain: Mapping[str, Any]) -> Facts:
    questions = {name: QuestionFacts(**each) for name, each in plain["questions"].items()}
    sets = {key: frozenset(plain[key]) for key in ("remainder", "calculated", "timed")}
    return Facts(**{**plain, "questions": questions, **sets})


def facts_of(form: Form, sheets: Sheets) -> Facts:
    """The facts of a protected form and the rows that were made of it."""
    gate = [item for item in questions_in(form.items) if _generated(item)]
    named = {item.name for item in gate}
    before = _before(sheets)
    own_adult = [i.name for i in questions_in(form.items) if i.name in before and i.tags.gives == "adult"]
    stops = [item.name for item in gate if item.choices == "pim_stops"]
    keeps = [item.name for item in gate if item.choices == "pim_keeps"]
    timed = {item.name for item in walk(form.items) if isinstance(item, Metadata) and item.kind in TIMES}
    calculated = {row.cells["name"] for row in sheets.survey if row.cells.get("type") == "calculate"} & before
    inside = ("pim_hears", "pim_moves", "pim_goes", *GRANTS)
    answers = {item.name for item in gate if item.choices not in inside and item.origin != "PIM503"}
    asked_by = interviewer_question(form.items)
    questions = _questions(form, before)
    return Facts(
        questions,
        tuple(item.name for item in gate if item.name.startswith("pim_att_") and item.name != "pim_att_read"),
        own_adult[0] if own_adult else ADULT,
        CHECK in named,
        tuple(zip(stops, keeps, strict=False)),
        _after(form, stops),
        frozenset((*before, *answers, *timed, OUTCOME, VERSION, *META)),
        frozenset((*calculated, VERSION)),
        frozenset((*timed, *META)),
        int(form.level),
        dict(_counted(form)),
        _forgets(questions),
        form.facts.children is not None,
        TALKS in named,
        asked_by.name if asked_by is not None and form.facts.roster else "",
        bool(form.facts.split_off),
        may_interview_children(form),
    )


def _generated(item: Item) -> bool:
    origin = item.origin
    return origin is not None and origin != EMISSION and origin.startswith("PIM")


def _before(sheets: Sheets) -> frozenset[str]:
    """The names of the rows before the first that a protection added: the closed table that the interviewer enters."""
    names = []
    for row in sheets.survey:
        if row.rule is not None and row.rule.startswith("PIM"):
            break
        names.append(row.cells.get("name", ""))
    return frozenset(filter(None, names))


def _forgets(questions: Mapping[str, QuestionFacts]) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for question in questions.values():
        if question.check:
            now, moved, again, *_ = question.check
            found |= {now: (moved, again), moved: (again,)}
    return found


def _counted(form: Form) -> Iterator[tuple[str, str]]:
    for item in walk(form.items):
        if isinstance(item, Repeat) and item.count is not None and may_go_down(item):
            yield item.name, item.count.name if isinstance(item.count, e.Ref) else made_name(COUNT, item.name)


def _questions(form: Form, before: frozenset[str]) -> dict[str, QuestionFacts]:
    opens = _opens(form)
    checks = dict(_checks(form.items, ()))
    grants: dict[str, str] = {}
    found: dict[str, QuestionFacts] = {}
    for item in walk(form.items):
        if not isinstance(item, Question):
            continue
        made = _generated(item)
        role = ""
        if made:
            role = _ROLES.get(item.choices or "", "attest")
            if item.origin == "PIM503":  # the code in a contact form: who agrees to it agrees to give contact
                role, grants["pim_contact_answers"] = "", AGREE
            if role == "grants":
                grants[item.choices or ""] = item.name
            if item.name == ADULT and form.facts.children is not None:
                role = "adult"
            if role == "hears" and any(item.name == check[2] for check in checks.values() if check):
                role = "again"
        elif item.name in before and item.tags.gives == "adult":
            role = "attest" if form.facts.children is None else "adult"
        needs = () if made else own_consents(item)
        choices = item.choices is not None or item.kind == "yes_no"
        mine = {answer: names for (name, answer), names in opens.items() if name == item.name}
        tried = () if choices else tuple(dict.fromkeys((*edges(item), *_fitting(item, mine))))
        listed = form.lists.get(item.choices or "")
        says_no = tuple(sorted({*refusals(item, listed), "pnta"})) if choices else ()
        found[item.name] = QuestionFacts(
            item.name, item.kind, int(item.tags.level), role, not made and item.name not in before, tried, says_no,
            checks.get(item.name, ()), mine, tuple(grants.get(f"pim_{need}_answers", NO_GRANT) for need in needs),
            made or item.name in before or may_ask_child(form, item), _trained(form, item), is_split_off(item),
        )  # fmt: skip
    return found


def _trained(form: Form, question: Question) -> tuple[str, ...] | None:
    needs = needed_training(form, question) if form.facts.roster and not _generated(question) else ()
    return holders(form, needs) if needs else None


def _fitting(question: Question, answers: Mapping[str, Any]) -> list[str]:
    """The answers that conditions elsewhere speak of, written as this type has them."""
    if question.kind in ("integer", "range"):
        return [answer for answer in answers if answer.lstrip("-").isdigit()]
    return list(answers)


# ---- which answers open what


def _opens(form: Form) -> dict[tuple[str, str], tuple[str, ...]]:
    """For each answer that some condition speaks of: the items whose conditions do, through calculations as well."""
    items = index(form.items)
    found: dict[tuple[str, str], dict[str, None]] = {}

    def note(condition: e.Expression, name: str, seen: frozenset[str]) -> None:
        for part in every(condition):
            for answer in _answers(part):
                found.setdefault(answer, {})[name] = None
            if isinstance(part, e.Ref) and part.name in items and part.name not in seen:
                read = items[part.name].item
                if isinstance(read, Calculation):
                    note(read.value, name, seen | {part.name})

    for name, stop in items.items():
        when = condition_of(stop.item)
        if when is not None:
            inside = [inner.name for inner in questions_in((stop.item,))] or [name]
            for each in inside:
                note(when, each, frozenset())
    return {answer: tuple(names) for answer, names in found.items()}


def _answers(part: e.Expression) -> Iterator[tuple[str, str]]:
    """The answers that a condition compares with."""
    if isinstance(part, (e.Is, e.Includes)) and isinstance(part.left, e.Ref):
        for value in part.values:
            if isinstance(value, e.Code):
                yield part.left.name, value.value
            elif isinstance(value, (e.Number, e.String, e.Date)):
                yield (
                    part.left.name,
                    value.text if isinstance(value, e.Number) else getattr(value, "value", getattr(value, "iso", "")),
                )
    elif isinstance(part, e.Compare):
        for one, other in ((part.left, part.right), (part.right, part.left)):
            if isinstance(one, e.Ref) and isinstance(other, e.Number):
                near = float(other.text)
                for step in (0, 1, -1):
                    yield one.name, f"{near + step:g}"
            elif isinstance(one, e.Ref) and isinstance(other, e.Date):
                yield one.name, other.iso


# ---- where the privacy checks and the stops stand


def _checks(items: tuple[Item, ...], outer: tuple[str, ...]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """For each sensitive question, the privacy check of its block: the one before the sensitive items that it stands among."""
    check: tuple[str, ...] = ()
    made: list[str] = []
    for item in items:
        if _generated(item) and item.origin == "PIM207":
            if isinstance(item, Question):
                made.append(item.name)
            continue
        if _generated(item) and item.origin == "PIM406":
            continue  # a consent of its own stands inside the block
        if made:
            check, made = tuple(made), []
        if not _sensitive(item):
            check = ()
        around = check or outer
        if isinstance(item, (Group, Repeat)):
            yield from _checks(item.items, around)
        elif isinstance(item, Question) and item.tags.level >= Level.HIGH:
            yield item.name, around


def _sensitive(item: Item) -> bool:
    """Whether something in it is HIGH: a text that tells an answer and a value made of one belong to the block as well."""
    return any(
        each.tags.level >= Level.HIGH for each in walk((item,)) if not isinstance(each, (Group, Repeat, ConsentPoint))
    )


def _after(form: Form, stops: list[str]) -> dict[str, tuple[str, ...]]:
    names = [item.name for item in questions_in(form.items)]
    own = {item.name for item in questions_in(form.items) if not _generated(item)}
    return {stop: tuple(name for name in names[names.index(stop) :] if name in own) for stop in stops}
