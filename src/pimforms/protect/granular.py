"""A consent of its own for what people may give or keep: what identifies them, a picture or a recording, a referral."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from pimforms.diagnostics import Severity, rule
from pimforms.expressions.parts import every, names
from pimforms.model.expression import Call, Expression, Logic
from pimforms.model.form import Group, Item, Question, Repeat
from pimforms.model.identity import CONTACT, MEDIA, REFERRAL, identifies, own_consents
from pimforms.model.names import made_name
from pimforms.model.text import Text
from pimforms.model.walk import Stop, stops
from pimforms.protect.build import Maker, all_of, any_of, both, is_, is_plain, with_condition
from pimforms.protect.consent import Screen, identifiers
from pimforms.protect.wordings import ALL
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
            needs = own_consents(item) if isinstance(item, Question) else ()
            if run and needs != own_consents(run[0]):
                woven.extend(self._run(run, nested=nested))
                run = []
            if needs and isinstance(item, Question):
                run.append(item)
            elif is_plain(item):
                woven.append(replace(item, items=self.weave(item.items, nested=True)))
            elif isinstance(item, (Group, Repeat)):
                woven.extend(self._container(item))
            else:
                woven.append(item)
        return (*woven, *self._run(run, nested=nested))

    def _run(self, run: Sequence[Question], *, nested: bool) -> list[Item]:
        """One consent of a kind for questions that follow each other and need the same."""
        if not run:
            return []
        first = run[0]
        mine = {question.name for question in run}
        whens = [question.when for question in run if question.when is None or not names(question.when) & mine]
        when = None if None in whens else any_of(tuple(dict.fromkeys(w for w in whens if w)), first.place)
        asked: list[Item] = []
        given: list[Expression] = []
        for need in own_consents(first):
            before = all_of([*([when] if when is not None else []), *given], first.place)
            question, yes = self._ask(need, first.name, run, before, first.place)
            asked.append(question)
            given.append(yes)
        condition = both(first.place, *([self.agreed] if nested else []), *given)
        return [*asked, *(with_condition(question, condition, question.place) for question in run)]

    def _container(self, item: Group | Repeat) -> list[Item]:
        """Nothing is woven into a screen, a table or a repeat: it stands before, once for all in it."""
        inside = list(stops(item.items))
        own = {stop.item.name for stop in inside}
        before: list[Item] = []
        given: dict[str, Expression] = {}
        for need in (CONTACT, MEDIA, REFERRAL):
            concerned = [stop for stop in inside if isinstance(stop.item, Question) and need in own_consents(stop.item)]
            if concerned:
                when = all_of([*([item.when] if item.when is not None else []), *_shared(concerned, own)], item.place)
                questions = [stop.item for stop in concerned if isinstance(stop.item, Question)]
                asked, given[need] = self._ask(need, item.name, questions, when, item.place)
                before.append(asked)
        return [*before, self._under(item, given) if given else item]

    def _under(self, item: Item, given: Mapping[str, Expression]) -> Item:
        if isinstance(item, (Group, Repeat)):
            return replace(item, items=tuple(self._under(inner, given) for inner in item.items))
        needs = own_consents(item) if isinstance(item, Question) else ()
        if not needs:
            return item
        return with_condition(item, both(item.place, self.agreed, *(given[need] for need in needs)), item.place)

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

        key = self.maker.key(f"{need}_consent")
        form = "plain" if key.endswith(f"_{ALL}") else "spoken"

        def facts(language: str) -> dict[str, str]:
            if need == CONTACT:
                return {"identifiers": identifiers(kinds, language, form)}
            if need == REFERRAL:
                what = say(self.maker.key("referral_what"), language)
                return {"share_what": what, "share_with": say("referral_who", language)}
            return {}

        return spoken(self.maker.languages, place, lambda lang: say(key, lang, **facts(lang)))


def _shared(concerned: Sequence[Stop], inside: Collection[str]) -> list[Expression]:
    """What must hold for every one of these questions and is known before what holds them: that an adult agreed, for example."""
    chains = []
    for stop in concerned:
        whens = [getattr(each, "when", None) for each in (*stop.around, stop.item)]
        whole = all_of([when for when in whens if when is not None], stop.item.place)
        chains.append(whole.operands if isinstance(whole, Logic) and whole.operator == "and" else (whole,))
    return [
        part
        for part in chains[0]
        if part is not None and all(part in chain for chain in chains) and _is_known(part, inside)
    ]


def _is_known(part: Expression, inside: Collection[str]) -> bool:
    """Whether an expression reads nothing of this container, and not which member of it is asked."""
    here = any(isinstance(each, Call) and each.function == "position" for each in every(part))
    return not here and not names(part) & set(inside)
