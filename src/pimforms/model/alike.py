"""How many records look alike in what is shared, predicted before anyone is asked (PIM principle 5, P5-04).

    k = 1 + (n - 1) x m1 x m2 x ...

`n` records; `m` of an answer is the chance that two people give the same one, the sum of the squared shares of its
answers. So k is the expected number of records that look like one drawn by chance, itself included. It is a rough bound:
answers count as independent of each other, and shares come from `standards/marginals.toml` or, where a question has a
list of places, from its length. What stands in a repeat is left out: members are not shared one by one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations

from pimforms.model.facts import Recipient
from pimforms.model.form import Calculation, Form, Lookup, Question
from pimforms.model.walk import stops
from pimforms.record import record
from pimforms.standards.data import table

_UNSHARED = ("drop", "suppress", "reference")
_EXITS = ("pnta", "dnk")
_MOST_CHANGES = 3


@record
class Trait:
    """An answer that can tell a person apart together with others. `same` is the chance that two people give the same."""

    item: Question | Calculation | Lookup
    concept: str
    group: str
    same: float


@record
class Change:
    """A way to share less: `how` is a word of `shared as`; `cost` is what the analysis loses, 1 little, 5 much."""

    traits: tuple[Trait, ...]
    how: str
    to: str | None
    cost: int
    same: float

    @property
    def group(self) -> str:
        return self.traits[0].group


@record
class Alike:
    """The prediction for one recipient. `expected` is k; `traits` are the most exact of each group."""

    recipient: Recipient
    records: int
    expected: float
    traits: tuple[Trait, ...]
    all_traits: tuple[Trait, ...]


def least_alike(form: Form) -> Alike | None:
    """The prediction for the recipient who could tell most people apart; None where it cannot be made.

    It needs a number of records (the sample, else the population), answers about people, and a recipient of records.
    """
    facts = form.facts
    records = facts.sample_size or facts.population_size
    about_people = table("facts")["units"].get(facts.interview_unit or "person", {}).get("person", True)
    receiving = [recipient for recipient in facts.recipients if recipient.what != "totals"]
    if not records or not about_people or not receiving:
        return None
    traits = _traits(form)
    found = [_prediction(recipient, records, traits) for recipient in receiving]
    return min(found, key=lambda alike: alike.expected)


def singles_out(form: Form) -> bool:
    """True if four or more answers together leave too few records alike (sensitivity 2.1, combination rule b)."""
    limits, alike = table("limits")["alike"], least_alike(form)
    return alike is not None and len(alike.traits) >= limits["traits"] and alike.expected < limits["error"]


def cheapest_changes(form: Form, alike: Alike, enough: float) -> tuple[Change, ...]:
    """The changes that cost least and make `enough` records look alike; none if up to three changes cannot do it.

    Of two that cost the same, the one that leaves more records alike.
    """
    options = list(_changes(form, alike))
    factors = {trait.group: trait.same for trait in alike.traits}
    reaching: list[tuple[int, int, float, tuple[Change, ...]]] = []
    for size in range(1, _MOST_CHANGES + 1):
        for chosen in combinations(options, size):
            groups = {change.group: change.same for change in chosen}
            left = _expected(alike.records, {**factors, **groups}.values())
            if len(groups) == size and left >= enough:
                reaching.append((sum(change.cost for change in chosen), size, -left, chosen))
    return min(reaching, key=lambda found: found[:3])[3] if reaching else ()


def expected_after(alike: Alike, changes: Iterable[Change]) -> float:
    """k once the changes are made."""
    factors = {trait.group: trait.same for trait in alike.traits}
    factors.update((change.group, change.same) for change in changes)
    return _expected(alike.records, factors.values())


def _expected(records: int, factors: Iterable[float]) -> float:
    product = 1.0
    for factor in factors:
        product *= factor
    return 1 + (records - 1) * product


def _prediction(recipient: Recipient, records: int, traits: Sequence[Trait]) -> Alike:
    shared = tuple(trait for trait in traits if recipient.most is None or trait.item.tags.level <= recipient.most)
    exact: dict[str, Trait] = {}
    for trait in shared:
        if trait.group not in exact or trait.same < exact[trait.group].same:
            exact[trait.group] = trait
    return Alike(
        recipient, records, _expected(records, (t.same for t in exact.values())), tuple(exact.values()), shared
    )


def _traits(form: Form) -> list[Trait]:
    """What is shared of each record and could tell a person apart, as exactly as it is shared."""
    rows = table("marginals")
    recorded = list(_recorded(form))
    by_concept = {concept: item for item, concept in recorded}
    found: list[Trait] = []
    for item, concept in recorded:
        if item.tags.shared_as in _UNSHARED:
            continue
        same = _same(form, concept, item)
        if item.tags.shared_as in ("band", "generalise"):
            to = next((step.get("to") for step in rows[concept]["steps"] if step["how"] != "drop"), None)
            same = max(same, _same(form, to, by_concept.get(to))) if to else _halved(same)
        found.append(Trait(item, concept, rows[concept].get("group", concept), same))
    return found


def _recorded(form: Form) -> Iterator[tuple[Question | Calculation | Lookup, str]]:
    """Every answer outside repeats that the table knows, with its concept."""
    rows = table("marginals")
    by_topic = {topic: concept for concept, row in rows.items() for topic in row.get("topics", ())}
    for stop in stops(form.items):
        item = stop.item
        if not stop.repeats and isinstance(item, (Question, Calculation, Lookup)):
            concept = item.tags.gives or (by_topic.get(item.tags.topic or "") if isinstance(item, Question) else None)
            if concept in rows:
                yield item, concept


def _same(form: Form, concept: str, item: Question | Calculation | Lookup | None = None) -> float:
    """The chance that two people give the same answer: by the question's list, else by the table's shares."""
    row = table("marginals")[concept]
    choices = item.choices if isinstance(item, Question) else None
    offered = _offered(form, choices) if choices is not None else None
    if "shares" in row:
        shares = _folded(row["shares"], offered) if offered else row["shares"]
        return float(sum(share * share for share in shares))
    if offered:
        return 1 / offered
    dated = isinstance(item, Question) and item.kind in ("date", "datetime")
    return 1 / float(row["values"] * (row.get("dates", 1) if dated else 1))


def _offered(form: Form, choices: str) -> int:
    listed = form.lists.get(choices)
    return sum(not (c.refuses or c.code in _EXITS) for c in listed.choices) if listed else 0


def _folded(shares: Sequence[float], offered: int) -> Sequence[float]:
    """The shares of a shorter list: the last ones together."""
    return [*shares[: offered - 1], sum(shares[offered - 1 :])] if offered < len(shares) else shares


def _halved(same: float) -> float:
    """Bands that nobody described: as if every two answers became one."""
    return min(1.0, same * 2)


def _changes(form: Form, alike: Alike) -> Iterable[Change]:
    rows = table("marginals")
    items = {concept: item for item, concept in _recorded(form)}
    for exact in alike.traits:
        for step in rows[exact.concept]["steps"]:
            to = step.get("to")
            same = 1.0 if to is None else _same(form, to, items.get(to))
            if same > exact.same:
                finer = tuple(t for t in alike.all_traits if t.group == exact.group and t.same < same)
                yield Change(finer, step["how"], to, step["cost"], same)
