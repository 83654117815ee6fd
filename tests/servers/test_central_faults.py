"""Whatever goes wrong on the way to ODK Central: the same command again ends in the right state.

Nothing is published twice, nothing is lost: neither records, nor an earlier version, nor what somebody else published.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from copy import deepcopy

import pytest
from central_kit import FORM, Kit, central_running, package
from central_samples import CSV, book, by_hand
from loopback import HTML_502, Fault, Given

from pimforms.servers.http import Http
from pimforms.servers.package import Media, Package
from pimforms.servers.trouble import REFUSED, UNREACHABLE, ServerTrouble

V1, V2 = "1-0a1b2c3d", "2-0a1b2c3d"
WIDER = CSV + b"s3,East\n"
MINUTE = Given(429, {"message": "slow down"}, {"Retry-After": "60"})

NEW = package(V1, roles={"enumerator": ("phone-1",)}, access={"enumerator": "submit_own"})
NEXT = package(V2, media=(Media("sites.csv", WIDER),))
SENT = {"new": NEW, "next": NEXT}

# Every request of the sequence that changes something, in order.
CHANGES = {
    "new": (
        ("POST", "/v1/sessions$"),
        ("POST", "/forms$"),
        ("POST", "/draft/attachments/sites.csv$"),
        ("POST", "/draft/publish$"),
        ("POST", "/app-users$"),
        ("POST", "/assignments/app-user/"),
        ("DELETE", "/v1/sessions/current$"),
    ),
    "next": (
        ("POST", "/v1/sessions$"),
        ("POST", "/draft$"),
        ("POST", "/draft/attachments/sites.csv$"),
        ("POST", "/draft/publish$"),
        ("DELETE", "/v1/sessions/current$"),
    ),
}
FAULTS = ("cut before", "cut after", "silence", "429", "502 HTML", "broken JSON", "session ended", "published by hand")
CASES = [
    (case, method, path, fault) for case, changes in CHANGES.items() for method, path in changes for fault in FAULTS
]


@pytest.fixture
def kit(monkeypatch: pytest.MonkeyPatch) -> Iterator[Kit]:
    with central_running() as kit:
        once = Http._once

        def impatient(
            self: Http, method: str, path: str, seconds: float, **more
        ):  # where silence waits, and only there
            waits = any(
                fault.kind == "silence" and fault.times and fault.method == method and re.search(fault.path, path)
                for fault in kit.server.faults
            )
            return once(self, method, path, 0.15 if waits else seconds, **more)

        monkeypatch.setattr(Http, "_once", impatient)
        yield kit


def begin(kit: Kit, case: str) -> Package:
    """The server as it is before the push of `case`."""
    if case == "next":
        kit.push(package(V1))
        kit.form.records = 5
    return SENT[case]


def play(kit: Kit, method: str, path: str, fault: str) -> None:
    kinds = {"cut before": "cut_before", "cut after": "cut_after", "silence": "silence", "broken JSON": "truncated"}
    if fault == "session ended":
        kit.before = (method, path, kit.fake.end_sessions)
    elif fault == "published by hand":
        kit.before = (method, path, lambda: kit.by_hand(by_hand(version="by-hand"), publish=True))
    elif fault in ("429", "502 HTML"):
        kit.server.faults.append(Fault("instead", method, path, answer=MINUTE if fault == "429" else HTML_502))
    else:
        kit.server.faults.append(Fault(kinds[fault], method, path, seconds=0.3))


def right(kit: Kit, sent: Package, *, others: bool) -> None:
    """What is sent is live, once, with its file; whatever was there before is still there."""
    form = kit.form
    assert form.current.workbook == sent.workbook
    assert form.current.files["sites.csv"].content == sent.media[0].content
    assert form.draft is None
    published = [each.read.version for each in form.history]
    assert published.count(sent.version) == 1
    assert len(published) == len(set(published))
    assert set(published) <= {V1, sent.version} | ({"by-hand"} if others else set())
    if sent.version == V2:
        assert published[0] == V1
        assert form.history[0].files["sites.csv"].content == CSV
        assert form.records == 5
    assert [each.form_id for each in kit.fake.project.forms] == [FORM]
    phones = [user.name for user in kit.fake.project.app_users]
    assert phones == (["phone-1"] if sent is NEW else [])
    assert len(form.assigned) == len(phones)


@pytest.mark.parametrize(("case", "method", "path", "fault"), CASES, ids=lambda each: str(each).strip("$"))
def test_the_same_command_again_ends_in_the_right_state(
    kit: Kit, case: str, method: str, path: str, fault: str
) -> None:
    sent = begin(kit, case)
    play(kit, method, path, fault)
    try:
        kit.push(sent)
    except ServerTrouble as trouble:
        assert trouble.code in (REFUSED, UNREACHABLE)
        assert trouble.fix
        assert "<" not in trouble.message + trouble.fix
        if fault in ("cut before", "cut after", "silence", "429", "502 HTML"):
            assert trouble.code == UNREACHABLE
    assert kit.before is None and all(played.times == 0 for played in kit.server.faults)  # it did go wrong
    kit.server.faults.clear()
    live_before = kit.form.current.read.version if kit.form and kit.form.current else None
    assert live_before in ({None, V1} if case == "next" else {None}) | {sent.version, "by-hand"}
    if live_before == "by-hand" and sent.version in [each.read.version for each in kit.form.history]:
        # Ours was live, then theirs: Central publishes no version twice, so ours needs a new one. Nothing is lost.
        with pytest.raises(ServerTrouble, match=r"was published before .* and is not live now"):
            kit.push(sent)
        assert [each.read.version for each in kit.form.history][-2:] == [sent.version, "by-hand"]
        return
    outcome = kit.push(sent)
    assert outcome.live.version == sent.version
    right(kit, sent, others=fault == "published by hand")
    kit.forget()
    assert kit.push(sent).did == ()
    assert kit.changes() == []


@pytest.mark.parametrize("case", CHANGES)
def test_these_are_all_requests_that_change_something(kit: Kit, case: str) -> None:
    sent = begin(kit, case)
    kit.forget()
    kit.push(sent)
    changes = [(each.method, each.path) for each in kit.server.changes]
    assert len(changes) == len(CHANGES[case])
    for (method, path), (asked, pattern) in zip(changes, CHANGES[case], strict=True):
        assert method == asked
        assert re.search(pattern, path)


@pytest.mark.parametrize("kind", ["cut_before", "cut_after"])
@pytest.mark.parametrize("case", CHANGES)
def test_the_network_may_go_away_for_good_at_any_request(kit: Kit, case: str, kind: str) -> None:
    sent = begin(kit, case)
    before = kit.fake.state
    for number in itertools.count():
        kit.fake.state = deepcopy(before)
        kit.server.faults.append(Fault(kind, skip=number, times=999))
        try:
            kit.push(sent)
        except ServerTrouble as trouble:
            assert trouble.code == UNREACHABLE
            ended = False
        else:
            ended = True  # nothing, or the end of the session alone, was cut
        kit.server.faults.clear()
        assert kit.push(sent).live.version == sent.version
        right(kit, sent, others=False)
        if ended:
            break
    assert number > 15  # it went through the whole sequence


@pytest.mark.parametrize("fault", ["cut before", "cut after", "502 HTML", "session ended"])
@pytest.mark.parametrize(
    ("method", "path"), [("DELETE", "/draft$"), ("DELETE", "/forms/household$"), ("POST", "/draft$")]
)
def test_a_draft_that_could_not_be_taken_away_is_in_nobodys_way(kit: Kit, method: str, path: str, fault: str) -> None:
    """The form is refused for a file too many; then taking the draft away fails, too."""
    if path != "/forms/household$":
        kit.push(package(V1))
    if method == "POST":
        kit.by_hand(by_hand(), publish=False)
        kit.server.faults.append(Fault("none", "POST", path))  # the upload of ours goes well
    many = package(V2, media=(Media("sites.csv", CSV), Media("more.csv", CSV)))
    play(kit, method, path, fault)
    if method == "POST" and kit.before is not None:
        later = kit.before
        kit.before = (method, path, lambda: setattr(kit, "before", later))
    with pytest.raises(ServerTrouble, match=r"does not read `more\.csv`") as caught:
        kit.push(many, accept=frozenset({"draft"}))
    assert "the same command takes it up" in caught.value.fix
    kit.server.faults.clear()
    assert kit.form is None or kit.form.current is None or kit.form.current.read.version == V1
    right_one = package("3-0a1b2c3d", book(FORM, "3-0a1b2c3d"))
    accept = frozenset({"draft"}) if method == "POST" else frozenset()
    assert kit.push(right_one, accept=accept).live.version == "3-0a1b2c3d"


def test_a_clock_that_is_wrong_does_not_matter(kit: Kit) -> None:
    from datetime import timedelta

    for days in (-4000, 4000):
        kit.fake.state.lives = timedelta(days=days)
        assert kit.push(package()).live.version == V1
    assert len(kit.form.history) == 1


def test_a_question_that_stays_broken_is_no_answer(kit: Kit) -> None:
    kit.server.faults.append(Fault("truncated", "GET", "/forms/household$", times=99))
    with pytest.raises(ServerTrouble, match="broke off") as caught:
        kit.push(package())
    assert caught.value.code == UNREACHABLE
