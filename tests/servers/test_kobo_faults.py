"""Whatever breaks off a push to KoboToolbox, and wherever: pushing again ends in the right state, with nothing twice or lost."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from typing import Any

import pytest
from fake_kobo import FakeKobo
from kobo_packages import FULL, OTHER_LABEL, SITES, Bench, bench, package
from loopback import HTML_502, Fault, Given

from pimforms.servers.http import Http
from pimforms.servers.package import Media, Package
from pimforms.servers.trouble import ServerTrouble

CHANGED = replace(
    FULL,
    workbook=package(OTHER_LABEL).workbook,
    title="Monitoring, second round",
    description="Papers and documents",
    media=(Media(SITES.name, b"name,label\ny,Site Y\n"), Media("more.csv", b"a\n1\n")),
    roles={**FULL.roles, "dpo": ("dpo", "enum")},
)
"""Everything changes: rows, name, settings, a file replaced, one added, one removed, somebody more who may see."""

NEW_STEPS = (
    "POST assets/", "POST imports/", "POST files/", "POST files/", "POST deployment/", "PATCH assets/ID/",
    "POST permission-assignments/", "POST permission-assignments/", "POST permission-assignments/",
    "POST permission-assignments/",
)  # fmt: skip
"""What a push of a new form asks, in order, that changes something."""

CHANGE_STEPS = (
    "PATCH assets/ID/", "POST imports/", "PATCH assets/ID/", "DELETE files/ID/", "DELETE files/ID/", "POST files/",
    "POST files/", "PATCH deployment/", "PATCH assets/ID/", "POST permission-assignments/",
)  # fmt: skip
"""The same for CHANGED over FULL."""

FILES = replace(FULL, media=CHANGED.media)
"""Files alone change: the version stays, and phones need to be told all the same."""

FILES_STEPS = (
    "PATCH assets/ID/", "DELETE files/ID/", "DELETE files/ID/", "POST files/", "POST files/", "PATCH deployment/", "PATCH assets/ID/",
)  # fmt: skip

STEPS = {"new": NEW_STEPS, "change": CHANGE_STEPS, "files": FILES_STEPS}
PUSHED = {"new": FULL, "change": CHANGED, "files": FILES}
QUESTIONS = 16
"""How many questions a push of CHANGED asks at least."""

CASES = [(which, number) for which, names in STEPS.items() for number in range(len(names))]
BUSY = Given(429, {"detail": "Request was throttled."}, {"Retry-After": "0"})


@contextmanager
def begun(which: str) -> Iterator[tuple[Bench, Package]]:
    """A fake as it is before the push that will be disturbed, and what is pushed."""
    fake = FakeKobo()
    with bench(fake) as kobo:
        if which != "new":
            kobo.push(FULL)
            kobo.changes()
        yield kobo, PUSHED[which]


def steps(kobo: Bench) -> list[str]:
    short = [re.sub(r"/api/v2/(?:assets/\w+/(?=\w))?", "", each) for each in kobo.changes()]
    return [re.sub(r"(?<=/)\w{15,}(?=/)", "ID", each) for each in short]


def is_right(kobo: Bench, wanted: Package, which: str) -> None:
    kobo.is_whole(wanted)
    asset = kobo.fake.only
    assert len(asset.published) == (2 if which == "change" else 1)
    held = {user: asset.held(user) for user in ("ana", "enum", "dpo")}
    assert held["ana"] == {"add_submissions"}
    whole = {"add_submissions", "view_asset", "view_submissions"}
    assert held["enum"] == (
        {"add_submissions", "view_asset", "partial_submissions"} if wanted is not CHANGED else whole
    )
    assert held["dpo"] == {"view_asset", "view_submissions"}
    kobo.changes()
    assert kobo.push(wanted).did == ()
    assert kobo.changes() == []


@pytest.mark.parametrize(("which", "names"), STEPS.items())
def test_these_are_the_steps_of_a_push(which: str, names: tuple[str, ...]) -> None:
    with begun(which) as (kobo, wanted):
        kobo.push(wanted)
        assert tuple(steps(kobo)) == names
        is_right(kobo, wanted, which)


@pytest.mark.parametrize("kind", ["cut_before", "cut_after", "truncated", "busy", "bad gateway", "forbidden gateway"])
@pytest.mark.parametrize(("which", "number"), CASES)
def test_a_push_that_broke_off_is_finished_by_the_next(kind: str, which: str, number: int) -> None:
    answers = {
        "busy": BUSY,
        "bad gateway": HTML_502,
        "forbidden gateway": Given(403, "<html>WAF</html>", content_type="text/html"),
    }
    with begun(which) as (kobo, wanted):
        fault = Fault("instead" if kind in answers else kind, answer=answers.get(kind, HTML_502))
        fault.takes = nth_change(number, fault)  # type: ignore[method-assign]
        kobo.loopback.faults.append(fault)
        trouble: ServerTrouble | None = None
        try:
            kobo.push(wanted)
        except ServerTrouble as no:
            trouble = no
        done = STEPS[which][number].startswith("DELETE") and kind == "truncated"
        assert (trouble is None) == done, "a lost answer is never taken for a good one"
        if trouble is not None:
            assert trouble.fix
            assert "<html>" not in trouble.message
            assert "token-of-pim" not in trouble.message + trouble.fix
        kobo.push(wanted)
        is_right(kobo, wanted, which)


def nth_change(number: int, fault: Fault) -> Callable[[Any], bool]:
    """Takes the request number `number` of those that change something."""
    left = [number]

    def takes(asked: Any) -> bool:
        if asked.method in ("GET", "HEAD") or fault.times <= 0:
            return False
        left[0] -= 1
        if left[0] >= 0:
            return False
        fault.times -= 1
        return True

    return takes


@pytest.mark.parametrize(("which", "number"), CASES)
def test_an_answer_that_comes_too_late_is_looked_for_by_the_next_push(
    which: str, number: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    usual = Http._once
    with begun(which) as (kobo, wanted):
        fault = Fault("silence", seconds=0.5)
        fault.takes = nth_change(number, fault)  # type: ignore[method-assign]
        kobo.loopback.faults.append(fault)
        with monkeypatch.context() as patch:
            patch.setattr(Http, "_once", lambda self, method, path, _, **more: usual(self, method, path, 0.25, **more))
            with pytest.raises(ServerTrouble, match="took too long") as no:
                kobo.push(wanted)
        assert no.value.unsure
        kobo.push(wanted)
        is_right(kobo, wanted, which)


@pytest.mark.parametrize(("which", "number"), CASES)
def test_a_token_that_is_taken_back_half_way_is_named_and_a_new_one_finishes(which: str, number: int) -> None:
    with begun(which) as (kobo, wanted):
        revoked = at_change(kobo, number, kobo.fake.tokens.clear)
        with pytest.raises(ServerTrouble, match="does not accept the token") as no:
            kobo.push(wanted)
        assert revoked
        assert "API key" in no.value.fix
        kobo.fake.tokens["token-of-pim"] = "pim"
        kobo.push(wanted)
        is_right(kobo, wanted, which)


@pytest.mark.parametrize(("which", "number"), CASES)
def test_what_somebody_else_saves_in_between_is_never_published_as_ours(which: str, number: int) -> None:
    """They save just before the request is carried out. We stop, or we were done already; their work is told, and kept."""
    with begun(which) as (kobo, wanted):
        edited: list[str] = []

        def edit() -> None:
            if kobo.fake.assets and kobo.fake.only.draft.content["survey"]:
                kobo.fake.edit(kobo.fake.only)
                edited.append(kobo.fake.only.draft.uid)

        at_change(kobo, number, edit)
        with suppress(ServerTrouble):
            kobo.push(wanted)
        asset = kobo.fake.only
        assert not any("Changed by hand" in str(each.content) for each in asset.published)
        assert all(any(each.uid == uid for each in asset.versions) for uid in edited)
        if edited and asset.draft.uid == edited[0]:
            live = kobo.server().find(wanted.form_id)
            assert live is not None
            assert live.touched, "who pushes again is told first"
        kobo.push(wanted)
        kobo.is_whole(wanted)
        assert not any("Changed by hand" in str(each.content) for each in asset.published)


@pytest.mark.parametrize("number", range(QUESTIONS))
def test_what_somebody_else_saves_between_two_questions_is_never_published_as_ours(number: int) -> None:
    with begun("change") as (kobo, wanted):
        edited = at_change(kobo, number, lambda: kobo.fake.edit(kobo.fake.only), questions=True)
        with suppress(ServerTrouble):
            kobo.push(wanted)
        assert edited
        asset = kobo.fake.only
        assert not any("Changed by hand" in str(each.content) for each in asset.published)
        assert any("Changed by hand" in str(each.content) for each in asset.versions), "it stays in the history"
        kobo.push(wanted)
        kobo.is_whole(wanted)


def at_change(kobo: Bench, number: int, then: Callable[[], None], *, questions: bool = False) -> list[bool]:
    """Lets something happen just before a request that changes something, or a question, is carried out."""
    happened: list[bool] = []
    left = [number]

    def matches(method: str) -> None:
        if (method in ("GET", "HEAD")) is questions and not happened:
            left[0] -= 1
            if left[0] < 0:
                happened.append(True)
                then()

    kobo.fake.on_request = matches
    return happened


@pytest.mark.parametrize("skew", [-40 * 365 * 86400.0, 40 * 365 * 86400.0])
def test_a_clock_that_is_wrong_changes_nothing(skew: float) -> None:
    for which in ("new", "change"):
        with begun(which) as (kobo, wanted):
            kobo.fake.skew = skew
            kobo.push(wanted)
            is_right(kobo, wanted, which)


@pytest.mark.parametrize("kind", ["cut_before", "cut_after", "truncated"])
def test_questions_that_break_off_are_asked_again_and_nothing_is_noticed(kind: str) -> None:
    with begun("change") as (kobo, wanted):
        kobo.loopback.faults.extend(Fault(kind, "GET", skip=2 * number) for number in range(3))
        kobo.push(wanted)
        is_right(kobo, wanted, "change")


def test_every_push_may_break_off_once_more_and_the_last_one_still_finishes() -> None:
    """A connection that is cut at each step, one push after the other."""
    with begun("change") as (kobo, wanted):
        for number in range(len(CHANGE_STEPS)):
            fault = Fault("cut_after")
            fault.takes = nth_change(number, fault)  # type: ignore[method-assign]
            kobo.loopback.faults[:] = [fault]
            with suppress(ServerTrouble):
                kobo.push(wanted)
        kobo.loopback.faults.clear()
        kobo.push(wanted)
        is_right(kobo, wanted, "change")
