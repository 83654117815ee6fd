"""Principle 2, do no harm: what happened to people of gender-based violence is not asked in a survey."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pimforms.diagnostics import Diagnostic, Severity, rule, rule_of
from pimforms.model.children import SPECIALISTS, topics_of
from pimforms.model.form import Form, Question
from pimforms.model.walk import own_questions
from pimforms.rules import words

PRINCIPLE = "PIM principle 2, Do no harm"
TOPIC = "gbv_incident"
CODE = "PIM205"
"""A `waive` of this code is a signature. It silences nothing: the rule asks for it, beside the rest."""
_TABLE = "gbv_words"
_SAFE = (
    "take the question out; ask about the place: `use gbv_services_env` (services for women and girls, light, locks, who "
    "knows where to go)"
)


@rule(CODE, "gbv-experience-asked", Severity.ERROR, standard=PRINCIPLE)
def gbv_experience_asked(form: Form) -> Iterator[Diagnostic]:
    """
    A survey asks people what they, or somebody they know, went through of gender-based violence.

    ## Why
    Such a question can cost a life, and its answer cannot be used: assessments look at services, safety and access, never
    at incidents or how many there were (IASC guidelines on gender-based violence; WHO recommendations on sexual violence in
    emergencies). It belongs to case management only, with a specialist (`staff gbv_specialist`), a `referral` for
    `gbv_incident`, encrypted records (`public key`) and the signature of the GBV coordinator: `waive PIM205 because "…" by
    "GBV coordinator" until …`. That line alone opens nothing. The rule
    finds what has the topic `gbv_incident`, and what says it in words; "violence in this area" and "where can a woman go"
    are not such words.

    ## Bad
    ```pim
    ask hurt yes_no "Has anyone in your household been sexually abused?"
    ```

    ## Good
    ```pim
    ask open_late yes_no "Is the women's centre open in the evening?"
    ```
    """
    missing: list[tuple[str, str]] | None = None
    questions = list(own_questions(form))
    experience = _Experience(form, questions)
    for item in questions:
        found = f"its topic is `{TOPIC}`" if TOPIC in topics_of(form, item) else experience.quoted(item)
        if found is None:
            continue
        missing = _missing(form) if missing is None else missing
        if not missing:
            return
        case = form.facts.category == SPECIALISTS
        yield Diagnostic(
            rule_of(gbv_experience_asked),
            f"`{item.name}` asks what people went through of gender-based violence: {found}",
            item.via or item.place,
            f"Only specialists ask it, in case management; this form has no {', no '.join(what for what, _ in missing)} "
            f"({PRINCIPLE}).",
            "add: " + "; ".join(line for _, line in missing) if case else _SAFE,
            related=(("the question in the library", item.place),) if item.via is not None else (),
        )


class _Experience:
    """The words of these questions, and of the choices in their lists, that ask for somebody's own experience."""

    def __init__(self, form: Form, questions: Sequence[Question]) -> None:
        self._lists = form.lists
        texts = [text for item in questions for text in (item.label, item.hint)]
        self._direct = words.possible(texts, _TABLE, "direct")
        self._happened = words.possible(texts, _TABLE, "happened")

    def quoted(self, item: Question) -> str | None:
        said = self.words(item)
        return f"“{said}”" if said else None

    def words(self, item: Question) -> str | None:
        hit = words.find((item.label, item.hint), self._direct)
        if hit is not None:
            return hit.words
        listed = self._lists.get(item.choices or "")
        if listed is None or words.find((item.label, item.hint), self._happened) is None:
            return None
        labels = [choice.label for choice in listed.choices]
        chosen = words.find(labels, words.possible(labels, _TABLE, "acts"))
        return chosen.words if chosen is not None else None


def _missing(form: Form) -> list[tuple[str, str]]:
    """What a form that may ask it must have, each with the line to add."""
    facts = form.facts
    served = any(TOPIC in referral.topics or not referral.topics for referral in form.referrals)
    conditions = (
        (facts.category == SPECIALISTS, "case management", f"category {SPECIALISTS}"),
        ("gbv_specialist" in dict(facts.staff), "specialist", 'staff gbv_specialist "the role of that person"'),
        (served, f"referral for `{TOPIC}`", f'referral NAME "…" with topics {TOPIC}'),
        (facts.public_key is not None, "encryption", 'public key "office.pem"'),
        (
            any(waiver.code == CODE for waiver in form.waivers),
            "signature of the GBV coordinator",
            f'waive {CODE} because "…" (ten words or more) by "GBV coordinator" until DATE',
        ),
    )
    return [(what, line) for holds, what, line in conditions if not holds]
