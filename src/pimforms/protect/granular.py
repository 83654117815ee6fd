"""A consent of its own for what people may give or keep: what identifies them, a picture or a recording, a referral."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from pimforms.diagnostics import Severity, rule
from pimforms.expressions.parts import names
from pimforms.model.expression import Expression
from pimforms.model.form import Group, Item, Question, Repeat
from pimforms.model.identity import CONTACT, REFERRAL, identifies, own_consent
from pimforms.model.names import made_name
from pimforms.model.text import Text
from pimforms.model.walk import walk
from pimforms.protect.build import Maker, any_of, both, is_, is_plain, with_condition
from pimforms.protect.consent import Screen, identifiers
from pimforms.protect.words import say, spoken
from pimforms.source import Place

OWN_CONSENT = "PIM406"


@dataclass
class GrantWeaver:
    """Puts such a consent before each run of questions that need it, and the questions under it.

    `agreed` is the consent to the interview. `heard` collects what was put in, for the fingerprint.
    """

    maker: Maker
    agreed: Expression
    heard: list[Screen] = field(default_factory=list)

    @rule(OWN_CONSENT, "own-consent", Severity.ADDED, standard="PIM principle 4, Informed consent and confidentiality")
    def weave(self, items: Sequence[Item], *, nested: bool = False) -> tuple[Item, ...]:
        """
        A name, a number, a picture, a recording and a referral each have a consent of their own, right before them.

        ## Why
        Who agrees to answer questions has not agreed to be found again, to be seen, or to be passed on to somebody. So each
        is asked for where it is needed, with no answer chosen beforehand, and never together with another. A no skips it,
        and the interview goes on. A form that asks for none of it has none of these questions.

        Questions for names and numbers that follow each other share one consent. In a screen, a table or a repeat the
        consent stands before it.
        """
        woven: list[Item] = []
        run: list[Question] = []
        for item in items:
            need = own_consent(item) if isinstance(item, Question) else None
            if run and need != own_consent(run[0]):
                woven.extend(self._run(run, nested=nested))
                run = []
            if need is not None and isinstance(item, Question):
                run.append(item)
            elif is_plain(item):
                woven.append(replace(item, items=self.weave(item.items, nested=True)))
            elif isinstance(item, (Group, Repeat)):
                woven.extend(self._container(item))
            else:
                woven.append(item)
        return (*woven, *self._run(run, nested=nested))

    def _run(self, run: Sequence[Question], *, nested: bool) -> list[Item]:
        """One consent for questions that follow each other and need the same."""
        if not run:
            return []
        need, first = own_consent(run[0]) or "", run[0]
        mine = {question.name for question in run}
        whens = [question.when for question in run if question.when is None or not names(question.when) & mine]
        when = None if None in whens else any_of(tuple(dict.fromkeys(w for w in whens if w)), first.place)
        asked, given = self._ask(need, first.name, run, when, first.place)
        condition = both(first.place, self.agreed, given) if nested else given
        return [asked, *(with_condition(question, condition, question.place) for question in run)]

    def _container(self, item: Group | Repeat) -> list[Item]:
        """Nothing is woven into a screen, a table or a repeat: it stands before, once for all in it."""
        inside = [inner for inner in walk(item.items) if isinstance(inner, Question)]
        before: list[Item] = []
        given: dict[str, Expression] = {}
        for need in dict.fromkeys(filter(None, map(own_consent, inside))):
            concerned = [question for question in inside if own_consent(question) == need]
            asked, given[need] = self._ask(need, item.name, concerned, item.when, item.place)
            before.append(asked)
        return [*before, self._under(item, given) if given else item]

    def _under(self, item: Item, given: Mapping[str, Expression]) -> Item:
        if isinstance(item, (Group, Repeat)):
            return replace(item, items=tuple(self._under(inner, given) for inner in item.items))
        need = own_consent(item) if isinstance(item, Question) else None
        return item if need is None else with_condition(item, both(item.place, self.agreed, given[need]), item.place)

    def _ask(
        self, need: str, about: str, questions: Iterable[Question], when: Expression | None, place: Place
    ) -> tuple[Question, Expression]:
        """The question for a consent, and that it was given."""
        label = self._says(need, questions, place)
        name = made_name("pim", need, about)
        answers = self.maker.list_of(f"pim_{need}_answers", place, yes="yes", no="no")
        self.heard.append(Screen(name, label, (f"{need}_consent",)))
        return self.maker.question(name, answers, label, place, OWN_CONSENT, when), is_(name, "yes", place=place)

    def _says(self, need: str, questions: Iterable[Question], place: Place) -> Text:
        kinds = tuple(dict.fromkeys(filter(None, map(identifies, questions))))

        def facts(language: str) -> dict[str, str]:
            if need == CONTACT:
                return {"identifiers": identifiers(kinds, language)}
            if need == REFERRAL:
                return {"share_what": say("referral_what", language), "share_with": say("referral_who", language)}
            return {}

        return spoken(self.maker.languages, place, lambda lang: say(f"{need}_consent", lang, **facts(lang)))
