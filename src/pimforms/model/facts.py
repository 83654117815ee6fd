"""What the head of a form says: its facts, purposes, risks, referrals, and what a country pack adds."""

from __future__ import annotations

from pimforms.model.level import Level
from pimforms.model.text import Text
from pimforms.record import record
from pimforms.source import Place


@record
class Decision:
    """What will be done differently, who decides it, and by when (ISO date)."""

    text: Text
    by: str | None
    before: str | None
    place: Place


@record
class Indicator:
    """`code` is how a shared framework calls it (an MSNA or JIAF code), if it has one."""

    text: Text
    sources: tuple[tuple[str, Place], ...]
    place: Place
    code: str | None = None


@record
class Purpose:
    """A need, a decision and who decides (PIM principle 3). `known` is what exists already and the gap in it."""

    name: str
    title: Text | None
    place: Place
    topic: str | None = None
    need: Text | None = None
    tell: Text | None = None
    decision: Decision | None = None
    known: tuple[tuple[str, str], ...] = ()
    indicators: tuple[Indicator, ...] = ()


@record
class Risk:
    """A harm that could come of the form (PIM principle 2). `happens` is "at_collection", "later" or None for both."""

    name: str
    text: Text
    place: Place
    harms: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    happens: str | None = None
    likelihood: str | None = None
    impact: str | None = None
    protections: tuple[tuple[str, Place], ...] = ()
    owner: str | None = None
    review: str | None = None


@record
class Referral:
    """A service people can be told of.

    `checked` is the ISO date it was last confirmed; ages are in years; `places` are P-codes, none for everywhere.
    """

    name: str
    text: Text
    place: Place
    topics: tuple[str, ...] = ()
    checked: str | None = None
    ages: tuple[int, int] | None = None
    places: tuple[str, ...] = ()


@record
class Waiver:
    code: str
    because: str
    by: str
    until: str
    place: Place


@record
class Duration:
    """`unit` is "days", "weeks", "months" or "years"."""

    count: int
    unit: str


@record
class Recipient:
    """Who receives data. `what`: "answers", "without_identities" or "totals".

    `most` is the highest level they receive, None for what the level of each answer allows; `under` is the agreement.
    """

    name: Text
    what: str
    place: Place
    most: Level | None = None
    under: str | None = None


@record
class Forbidden:
    """A topic or concept that must not be asked about. `pack` is the country pack that says so."""

    term: str
    place: Place
    pack: str | None = None


@record
class Dated:
    """Something done on a day (ISO date): a consultation, a search."""

    day: str
    texts: tuple[str, ...]
    place: Place


@record
class Pilot:
    """When the form was tried (ISO date), in how many interviews, and what was changed."""

    day: str
    interviews: int
    changes: str
    place: Place


@record
class File:
    """A file that the form names, or an address; `name` as written."""

    name: str
    place: Place


@record
class Interviewer:
    """One line of the list of interviewers. `valid_to` is an ISO date; no names, only codes."""

    code: str
    training: tuple[str, ...]
    valid_to: str | None = None
    sex: str | None = None
    languages: tuple[str, ...] = ()


@record
class Planned:
    """An assessment that others plan or made: P-codes, whom they ask, and ISO dates."""

    title: str
    places: tuple[str, ...]
    population: str
    start: str
    end: str


@record
class Pack:
    """A country pack: what holds for every form in a country. `levels` is topic to level and reason."""

    name: str
    title: str
    version: str
    place: Place
    context: tuple[str, ...] = ()
    forbidden: tuple[Forbidden, ...] = ()
    levels: tuple[tuple[str, Level, str | None], ...] = ()
    recipients: tuple[tuple[str, Level], ...] = ()
    minutes: int | None = None


@record
class Explanation:
    """A hard word and what it means in plain words."""

    word: str
    meaning: Text
    place: Place


@record
class Facts:
    """What the head of the form says. Only five are needed at LOW; the category's profile supplies the rest.

    `context`, `forbidden` and `minutes` hold what the form and its country packs say together. `minutes` is the longest
    interview. `working_hours` is how long an interviewer can interview on one day. `key` is the public key as one line of
    base64. `planned` is what the registry holds. `split_off` are the kinds of direct identifier that stand in the contact
    form of this one.
    """

    organisation: Text | None = None
    category: str | None = None
    category_place: Place | None = None
    interview_unit: str | None = None
    mode: str = "face_to_face"
    respondent: str | None = None
    respondent_place: Place | None = None
    children: tuple[int, int] | None = None
    children_place: Place | None = None
    context: tuple[str, ...] = ()
    population: Text | None = None
    population_size: int | None = None
    sample_size: int | None = None
    sample_method: str | None = None
    sample_text: Text | None = None
    sample_place: Place | None = None
    left_out: Text | None = None
    replacement: Text | None = None
    contact: Text | None = None
    limits: Text | None = None
    services: Text | None = None
    version: str | None = None
    languages: tuple[str, ...] = ("en",)
    people_speak: tuple[tuple[str, float], ...] = ()
    people_speak_place: Place | None = None
    age_bands: str | None = None
    keep: Duration | None = None
    keep_place: Place | None = None
    recipients: tuple[Recipient, ...] = ()
    reuse: Text | None = None
    legal_basis: str | None = None
    legal_basis_place: Place | None = None
    staff: tuple[tuple[str, str], ...] = ()
    staff_place: Place | None = None
    access: tuple[tuple[str, str], ...] = ()
    servers: tuple[File, ...] = ()
    public_key: File | None = None
    key: str | None = None
    submit_to: File | None = None
    split: Place | None = None
    split_off: tuple[str, ...] = ()
    interviewers: File | None = None
    roster: tuple[Interviewer, ...] = ()
    working_hours: float | None = None
    feedback: Text | None = None
    feedback_days: int | None = None
    consulted: tuple[Dated, ...] = ()
    searched: Dated | None = None
    pilot: Pilot | None = None
    registry: File | None = None
    planned: tuple[Planned, ...] = ()
    place_list: File | None = None
    forbidden: tuple[Forbidden, ...] = ()
    minutes: int | None = None
    draft: bool = False
    defaults: tuple[tuple[str, str], ...] = ()
