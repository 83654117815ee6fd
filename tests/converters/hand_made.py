"""Forms that show every kind of row, beside those that somebody wrote."""

from __future__ import annotations

from xlsform_forms import (
    HERE,
    ask,
    at_least,
    calculate,
    choices,
    group,
    note,
    raw,
    repeat,
    sheets,
    text,
)

from pimforms.model.form import Choice, Metadata
from pimforms.model.level import Level
from pimforms.standards.data import table

_PLACES = tuple(Choice(code, text(code.title()), HERE, columns=(("adm1", code[0]),)) for code in ("a1", "a2", "b1"))
_WHY = choices("why", "lost", "taken", Choice("nobody", text("Nobody", fr="Personne"), HERE, alone=True))
_LISTS = (choices("adm1", "a", "b"), choices("adm2", *(_PLACES)), _WHY, choices("scale", "low", "high"))
_MEMBERS = repeat(
    "members",
    ask("m_age", "integer", "Age?", musts=(at_least("0"),)),
    group("m_more", ask("m_sex", "one", "Sex?", choices="scale"), label="More", when=raw("${m_age} > 4")),
    group("m_screen", ask("m_a", "text"), ask("m_b", "text"), kind="screen"),
    note("m_said", "{m_sex}, {m_age} years"),
    count=raw("${people} + 0"),
)

EVERY_KIND = sheets(
    *(
        ask(f"q_{kind}", kind, f"A {kind}?", choices="scale" if kind in ("one", "many", "rank") else None, **more)
        for kind, more in (
            (kind, {"parameters": (("start", "0"), ("end", "10"), ("step", "1"))} if kind == "range" else {})
            for kind in table("types")["type"]
        )
    ),
    lists=_LISTS,
    languages=("en", "fr", "es", "ar"),
    name="every_kind",
)

EVERY_SHAPE = sheets(
    Metadata("start", "start", HERE),
    Metadata("watch", "audit", HERE, parameters=(("track-changes", "true"),)),
    ask("consent", "yes_no", text("Yes?", fr="Oui ?"), hint=text("Hint")),
    group(
        "body",
        ask("region", "one", "Region?", choices="adm1"),
        ask("place", "one", "Place?", Level.MODERATE, choices="adm2", within="region"),
        ask("why", "many", "Why? {region} {{x} ${{y}", Level.HIGH, choices="why", most=2),
        ask("main", "one", "Main?", Level.HIGH, choices="why", offer="why", guidance=text("Read aloud")),
        ask("people", "integer", "How many?", musts=(at_least("1"),), default=raw("1"), raw=(("read_only", "no"),)),
        _MEMBERS,
        repeat("lone", group("lone_screen", ask("l_a"), ask("l_b"), kind="screen", when=raw("${people} > 1"))),
        repeat("outer", repeat("inner", group("deep", ask("d_a", "yes_no"), label="Deep")), calculate("c", "1 + 1")),
        calculate("total", "sum(${m_age})"),
        note("thanks", "First line\nsecond line, {people} people in {region}", when=raw("${people} > 0")),
        label="Body",
        when=raw("${consent} = 'yes'"),
    ),
    lists=_LISTS,
    languages=("en", "fr", "ar"),
    name="every_shape",
    version="2026.10",
    title_suffix="DRAFT – NOT FOR FIELD USE",
    settings={"instance_name": "concat('record ', ${people})"},
)

HAND_MADE = {"every_kind": EVERY_KIND, "every_shape": EVERY_SHAPE}
