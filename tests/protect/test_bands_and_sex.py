"""Age bands are added where the form names them; answers that mark a person go where that is dangerous."""

from __future__ import annotations

from pathlib import Path

from conftest import TODAY
from forms import form_of
from heads import HEAD
from pimforms.compiler import check_file
from pimforms.model.form import Calculation, Form, Question
from pimforms.model.level import Level
from pimforms.model.walk import index
from pimforms.protect.weave import protect

FORM = Path(__file__).parent / "forms" / "bands_and_sex.pim"
AGE = 'ask r_age integer "How old are you?"\n gives age\n'
SET = HEAD.replace("  contact ", "  age bands    unhcr\n  contact ", 1)


def whole() -> Form:
    form = check_file(FORM, today=TODAY).form
    assert form is not None
    return form


def bands(form: Form) -> list[str]:
    return [name for name, stop in index(protect(form).items).items() if stop.item.origin == "PIM116"]  # type: ignore[union-attr]


def test_nothing_is_added_unless_the_form_names_a_set() -> None:
    assert bands(form_of(AGE)) == []
    assert bands(form_of(AGE, head=SET)) == ["pim_r_age_band"]


def test_a_band_that_is_there_is_enough() -> None:
    asked = 'ask r_band one of library adult_age_bands "Age?"\n gives age_band\n'
    assert bands(form_of(AGE + " shared as band\n" + asked, head=SET)) == []
    assert bands(form_of("use sadd_roster\n", head=SET)) == []
    assert bands(whole()) == ["pim_r_age_band", "pim_age_band"]  # the library has another set


def test_a_band_is_low_and_serves_what_the_age_serves() -> None:
    band = index(protect(form_of(AGE, head=SET)).items)["pim_r_age_band"].item
    assert isinstance(band, Calculation)
    assert (band.tags.level, band.tags.gives, band.tags.purposes) == (Level.LOW, "age_band", ("services",))


def test_what_would_mark_a_person_does_not_reach_the_phone() -> None:
    form = whole()
    safe = protect(form)
    assert [choice.code for choice in form.lists["r_sex"].choices] == ["female", "male", "third", "pnta"]
    assert [choice.code for choice in safe.lists["r_sex"].choices] == ["female", "male", "pnta"]
    assert [choice.code for choice in safe.lists["sex"].choices] == ["female", "male", "pnta"]
    details = [stop.item for stop in index(form.items).values() if getattr(stop.item, "of", None) == "r_sex"]
    assert len(details) == 1 and isinstance(details[0], Question)
    assert details[0].name not in index(safe.items)


def test_elsewhere_nothing_is_taken_away() -> None:
    body = 'ask r_sex one of library sex "Sex?"\n gives sex\n'
    assert "other" in [choice.code for choice in protect(form_of(body)).lists["sex"].choices]
