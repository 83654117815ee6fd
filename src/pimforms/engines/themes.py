"""What walks are after: each theme is a kind of interview that goes wrong, or right, in its own way."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

# The answer with which each question of the gate lets the interview go on.
GOOD = {
    "attest": "yes", "check": "nothing", "agree": "yes", "hears": "alone", "moves": "moved", "again": "alone",
    "goes": "go", "stops": "go", "keeps": "keep", "withdraw": "yes", "read": "yes",
    "adult": "yes", "caregiver": "here", "speaker": "off", "back": "later", "grants": "yes",
}  # fmt: skip

# The answers with which a question of the gate ends an interview that goes on, so that nothing of it may be kept.
CLOSES = {"stops": ("unsafe",), "keeps": ("delete",), "withdraw": ("no",), "agree": ("no", "not_now")}


@dataclass(frozen=True, slots=True)
class Theme:
    """Chances from 0 to 1. `other` is the chance, by role in the gate, of another answer than the good one.

    `blank`: a question that may be left is left. `backs`: how often somebody goes back to change an answer. `regret`: an
    answer of the gate is changed in the middle of the interview; `late`: when all is done; `focus`: most likely in one of
    these roles; `undoes`: an answer closes the gate at the end, and each one before it is changed, none of which may open
    it again; `comes`: somebody comes after it was private; `fewer`: the number of members that the form counts goes down.
    `members`: at most so many; `removes`: one is taken out again.
    """

    name: str
    other: Mapping[str, float] = field(default_factory=dict)
    blank: float = 0.08
    backs: int = 0
    regret: float = 0.0
    late: float = 0.1
    members: int = 2
    removes: float = 0.0
    focus: tuple[str, ...] = ()
    undoes: float = 0.0
    comes: float = 0.0
    fewer: float = 0.0


_START = {"attest": 0.01, "check": 0.05, "agree": 0.02}
_ALWAYS = {
    "hears": 0.15,
    "moves": 0.3,
    "again": 0.3,
    "goes": 0.08,
    "stops": 0.05,
    "keeps": 0.5,
    "withdraw": 0.1,
    "read": 0.3,
    "adult": 0.4,
    "caregiver": 0.15,
    "speaker": 0.08,
    "back": 0.4,
    "grants": 0.25,
}

THEMES = (
    Theme("through", {**_ALWAYS}, blank=0.02, comes=0.3, fewer=0.5),
    Theme("edges", {**_ALWAYS, **_START}, blank=0.3, members=3, removes=0.2),
    Theme(
        "company",
        {**_ALWAYS, "hears": 0.8, "moves": 0.3, "again": 0.4, "goes": 0.15},
        regret=0.2,
        late=0.3,
        focus=("hears", "goes"),
        comes=0.8,
    ),
    Theme("refusal", {**_ALWAYS, "attest": 0.12, "check": 0.5, "agree": 0.5}, late=0.3),
    Theme("stopped", {**_ALWAYS, "stops": 0.5}, late=0.7, focus=("stops", "keeps")),
    Theme("withdrawn", {**_ALWAYS, **_START, "withdraw": 0.9}, late=0.5, focus=("withdraw", "stops")),
    Theme("regret", {**_ALWAYS}, regret=1.0, late=0.5, comes=0.5),
    Theme("back", {**_ALWAYS, **_START}, backs=4, regret=0.3),
    Theme("members", {**_ALWAYS}, members=5, removes=0.4, backs=1, fewer=1.0),
    Theme("late", {**_ALWAYS}, blank=0.02, late=1.0, comes=0.5, fewer=0.5),
    Theme("undone", {"stops": 0.05, "hears": 0.05}, blank=0.3, late=0.0, members=1, undoes=1.0),
)
