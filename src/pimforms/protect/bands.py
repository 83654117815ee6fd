"""The bands that ages are put into, where the form names a set of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from itertools import pairwise

from pimforms.diagnostics import Severity, rule
from pimforms.model.ages import bands, unbanded
from pimforms.model.expression import Answered, Compare, Conditional, Expression, Number, Ref, String
from pimforms.model.form import Calculation, Form, Group, Item, Question, Repeat, Tags
from pimforms.model.level import Level
from pimforms.standards.data import table


@rule("PIM116", "age-bands-added", Severity.ADDED, standard="UNHCR population statistics")
def with_age_bands(form: Form) -> Form:
    """
    Where the form says `age bands NAME`, each age in years gets its band beside it: `pim_age_band`.

    ## Why
    Figures are compared and shared by band; the exact age is needed for nothing else and makes a person easier to find. The
    band is LOW. It is added where nothing else gives a band for the same person, or where a calculation gives the bands of
    another set. The sets stand in `age_bands.toml`: `unhcr` is 0-4, 5-11, 12-17, 18-59, 60+. In no set do a child of 17 and
    an adult of 18 share a band.

    Without `age bands` nothing is added: a new column in the data is the author's decision.
    """
    ages = {question.name for question in unbanded(form)}
    return replace(form, items=_with_bands(form.items, ages, form.facts.age_bands)) if ages else form


def _with_bands(items: Iterable[Item], ages: set[str], name: str | None) -> tuple[Item, ...]:
    found: list[Item] = []
    for item in items:
        if isinstance(item, (Group, Repeat)):
            found.append(replace(item, items=_with_bands(item.items, ages, name)))
            continue
        found.append(item)
        if isinstance(item, Question) and item.name in ages:
            found.append(_band(item, name))
    return tuple(found)


def _band(age: Question, name: str | None) -> Calculation:
    """A calculation shows nothing, so that it may stand on the author's own screens, too."""
    place, known = age.place, bands(name)
    value: Expression = String(known[-1][0], place)
    for (code, _), (_, next_start) in reversed(list(pairwise(known))):
        below = Compare("<", Ref(age.name, place), Number(str(next_start), place), place)
        value = Conditional(String(code, place), below, value, place)
    tags = Tags(
        age.tags.purposes,
        Level.LOW,
        Level.LOW,
        why="an age band is LOW",
        topic=age.tags.topic,
        gives="age_band",
        hxl=table("concepts")["age_band"].get("hxl"),
    )
    answered = Answered(Ref(age.name, place), False, place)
    return Calculation(f"pim_{age.name}_band", value, place, tags, "text", answered, origin="PIM116", via=age.via)
