"""What a form is: its facts, its purposes, its lists and its items, in the order in which they are asked.

Names of items are unique in a form, whatever group or repeat they stand in. An item that the compiler added has an
`origin`: the code of the rule that asked for it. An item from a library module has `via`, the `use` line.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field

from pimforms.model.expression import Expression
from pimforms.model.facts import Explanation, Facts, Pack, Purpose, Referral, Risk, Waiver
from pimforms.model.level import Level
from pimforms.model.text import Text
from pimforms.record import record
from pimforms.source import Place

INTERVIEW = "interview"
"""The built-in purpose of what the interviewer enters about the interview itself."""


@record
class Tags:
    """What stands beside a question. `why` says where the level came from, for `show` and for messages.

    `usual` is the level by type, topic, concept and subject; `said` is where the author set another one. `training` is what an
    interviewer needs beyond what the topic asks for; `subject` whom the answer is about, None where nothing says so; `shared_as` what happens to the answer before it is shared.
    """

    purposes: tuple[str, ...] = ()
    level: Level = Level.LOW
    usual: Level = Level.LOW
    said: Place | None = None
    why: str = ""
    topic: str | None = None
    by: tuple[str, ...] = ()
    gives: str | None = None
    hxl: str | None = None
    because: str | None = None
    training: tuple[str, ...] = ()
    shared_as: str | None = None
    subject: str | None = None


@record
class Must:
    """One condition an answer must meet, and what the phone says if it does not."""

    condition: Expression
    message: Text | None
    place: Place


@record
class Needed:
    """Why a name or a number must be asked, and the ISO date until which it is needed."""

    because: str
    until: str | None
    place: Place


@record
class Question:
    """One question. `kind` is a key of `standards/types.toml`: "one", "many", "integer", "text" …

    `choices` names a list of `Form.lists`. `within` names the question whose answer narrows the list (a cascade);
    `offer` names a many-choice question asked before, whose chosen items alone are offered.
    `most` is the largest number of choices that may be ticked. `of` names the question whose `specify` this one is.
    `required_when` narrows `required`: it may be left blank while this does not hold.
    `parameters` are XLSForm parameters, in order. `needed` justifies an identifier; `presupposes` names the question whose
    answer this one takes for granted.
    """

    name: str
    kind: str
    label: Text | None
    place: Place
    tags: Tags = Tags()
    choices: str | None = None
    hint: Text | None = None
    guidance: Text | None = None
    when: Expression | None = None
    musts: tuple[Must, ...] = ()
    required: bool = True
    required_when: Expression | None = None
    default: Expression | None = None
    within: str | None = None
    offer: str | None = None
    most: int | None = None
    appearance: str | None = None
    parameters: tuple[tuple[str, str], ...] = ()
    raw: tuple[tuple[str, str], ...] = ()
    of: str | None = None
    needed: Needed | None = None
    presupposes: str | None = None
    presupposes_place: Place | None = None
    origin: str | None = None
    via: Place | None = None
    damaged: bool = False


@record
class Note:
    """A screen that is read and not answered."""

    name: str
    label: Text
    place: Place
    tags: Tags = Tags()
    when: Expression | None = None
    origin: str | None = None
    via: Place | None = None
    raw: tuple[tuple[str, str], ...] = ()


@record
class Calculation:
    """A value the phone computes. `kind` is its type: "integer", "decimal", "text", "date", "yes_no" or "" (inferred)."""

    name: str
    value: Expression
    place: Place
    tags: Tags = Tags()
    kind: str = ""
    when: Expression | None = None
    origin: str | None = None
    via: Place | None = None


@record
class Lookup:
    """`find CARD in "cards.csv" by KEY`, one column of it: pulldata with a type."""

    name: str
    file: str
    column: str
    key_column: str
    key: Expression
    kind: str
    place: Place
    tags: Tags = Tags()
    origin: str | None = None
    via: Place | None = None


@record
class Metadata:
    """What the phone knows by itself: start, end, today, deviceid … `kind` is the XLSForm type."""

    name: str
    kind: str
    place: Place
    tags: Tags = Tags()
    parameters: tuple[tuple[str, str], ...] = ()
    origin: str | None = None
    via: Place | None = None


@record
class Group:
    """`kind`: "group", or "screen" for a field-list (everything on one screen), or "row" for a row of a table."""

    name: str
    label: Text | None
    items: tuple[Item, ...]
    place: Place
    kind: str = "group"
    tags: Tags = Tags()
    when: Expression | None = None
    appearance: str | None = None
    origin: str | None = None
    via: Place | None = None
    damaged: bool = False


@record
class Repeat:
    """Asked once for each member. `count` is an expression asked before it, or None: the interviewer adds members."""

    name: str
    label: Text | None
    items: tuple[Item, ...]
    place: Place
    tags: Tags = Tags()
    when: Expression | None = None
    count: Expression | None = None
    appearance: str | None = None
    origin: str | None = None
    via: Place | None = None
    damaged: bool = False


@record
class ConsentPoint:
    """Where the consent stands. `origin` is set when the author left it out and the compiler placed it."""

    place: Place
    name: str = "consent"
    tags: Tags = Tags()
    origin: str | None = None
    via: Place | None = None


Item = Question | Note | Calculation | Lookup | Metadata | Group | Repeat | ConsentPoint


@record
class Choice:
    """`alone` unticks the rest; `refuses` if it is the list's own way to say nothing, in place of `pnta`.

    `columns` are extra columns of the choices sheet, for filters.
    """

    code: str
    label: Text | None
    place: Place
    alone: bool = False
    refuses: bool = False
    columns: tuple[tuple[str, str], ...] = ()
    origin: str | None = None


@record
class ChoiceList:
    """`shared` is false for a list that stands as bullets under its question."""

    name: str
    choices: tuple[Choice, ...]
    place: Place
    shared: bool = True
    origin: str | None = None
    via: Place | None = None


@record
class Form:
    """A whole form, resolved: names unique, modules expanded, tags inherited.

    `names_of_damaged` are the names of statements that did not parse; nothing is said about their use.
    """

    name: str
    title: Text
    place: Place
    facts: Facts
    purposes: Mapping[str, Purpose]
    risks: tuple[Risk, ...]
    referrals: tuple[Referral, ...]
    lists: Mapping[str, ChoiceList]
    conditions: Mapping[str, Expression]
    waivers: tuple[Waiver, ...]
    items: tuple[Item, ...]
    level: Level = Level.LOW
    names_of_damaged: frozenset[str] = frozenset()
    folder: str = "."
    modules: Mapping[str, str] = field(default_factory=dict)
    """Library modules in use: name to version."""
    explanations: tuple[Explanation, ...] = ()
    """Hard words and what they mean."""
    packs: tuple[Pack, ...] = ()
    """The country packs that the form follows."""
    unread: Mapping[Place, tuple[str, ...]] = field(default_factory=dict)
    """Where a statement of facts stands, and the words of the lines under it that did not parse."""
