"""Making a walk short, and writing it as a scenario."""

from __future__ import annotations

from forms import protected
from pimforms.engines import events as ev
from pimforms.engines.events import Event, Walked
from pimforms.engines.facts import facts_of
from pimforms.engines.interview import OK
from pimforms.engines.promises import Broken
from pimforms.engines.shrink import AGAIN, Plan, _tidy, as_scenario, plan_of, shortest
from pimforms.xlsform.emit import emit

STEPS = tuple((f"q{number}", "yes") for number in range(40))


def test_only_what_is_needed_is_left() -> None:
    needed = {STEPS[3], STEPS[31]}
    tried = []

    def breaks(plan: Plan) -> bool:
        tried.append(plan)
        return needed <= set(plan.steps)

    assert shortest(Plan(STEPS), breaks) == Plan((STEPS[3], STEPS[31]))
    assert len(tried) < 60


def test_the_order_and_going_back_are_kept() -> None:
    steps = (("a", "1"), AGAIN, ("b", "2"), ("a", "3"), AGAIN, ("c", "4"))

    def breaks(plan: Plan) -> bool:
        runs = [dict(run) for run in plan.runs]
        return len(runs) > 1 and runs[0].get("a") == "1" and runs[1].get("a") == "3"

    assert shortest(Plan(steps), breaks) == Plan((("a", "1"), AGAIN, ("a", "3")))


def test_a_plan_that_does_not_break_anything() -> None:
    assert shortest(Plan(STEPS), lambda plan: False) is None


def test_nothing_may_be_needed() -> None:
    assert shortest(Plan(STEPS), lambda plan: True) == Plan(())


def test_going_back_stands_between_answers() -> None:
    assert _tidy([AGAIN, ("a", "1"), AGAIN, AGAIN, ("b", "1"), AGAIN]) == (("a", "1"), AGAIN, ("b", "1"))


def test_members_are_counted() -> None:
    plan = Plan((("them[2]/years", "3"), ("them[1]/visits[4]/cost", "1"), ("a", "1")))
    assert plan.to_json()["members"] == {"them": 2, "them[1]/visits": 4}


def given(path: str, value: str) -> Event:
    return Event(ev.GIVEN, path, value, OK)


def test_a_member_that_is_taken_out_is_a_step() -> None:
    events = (
        given("them[1]/years", "3"),
        given("them[2]/years", "4"),
        Event(ev.REMOVED, "them", "1"),
        given("them[1]/years", "5"),
        given("them[2]/years", "6"),
    )
    plan = plan_of(Walked(0, events))
    assert plan.steps == (
        ("them[1]/years", "3"), ("them[2]/years", "4"), ("them[1]", ""), ("them[1]/years", "5"), ("them[2]/years", "6"),
    )  # fmt: skip
    assert plan.to_json() == {
        "runs": [
            [
                ["them[1]/years", "3"],
                ["them[2]/years", "4"],
                ["them[1]", "", {"them": 2}],
                ["them[1]/years", "5"],
                ["them[2]/years", "6"],
            ]
        ],
        "members": {"them": 2},
    }


def test_members_of_members_that_are_taken_out_are_counted() -> None:
    plan = Plan((("them[2]/visits[3]/cost", "1"), ("them[1]", ""), ("them[1]/visits[3]", ""), ("a", "1")))
    assert plan.to_json()["members"] == {"them": 2, "them[2]/visits": 3}
    assert [step[2] for step in plan.to_json()["runs"][0] if len(step) > 2] == [
        {"them[1]/visits": 3, "them": 1},
        {"them[1]/visits": 2, "them": 1},
    ]


def test_taking_out_is_a_line_of_the_scenario() -> None:
    form = protected('repeat them "Them"\n  ask years integer "Years"\nend repeat\n')
    plan = Plan((("them[3]", ""), ("them[2]/years", "5"), AGAIN, ("them[1]", "")))
    written = as_scenario(plan, Broken("years", "so it is", "expect asked years"), facts_of(form, emit(form)), "walk_1")
    assert written.splitlines() == [
        'scenario walk_1 "so it is"',
        "  given consent",
        "  member 3 of them",
        "  remove member 3 of them",
        "  member 2 of them",
        "  answer years 5",
        "  go back",
        "  remove member 1 of them",
        "  expect asked years",
        "end scenario",
    ]
