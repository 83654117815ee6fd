"""Making a walk short, and writing it as a scenario."""

from __future__ import annotations

from pimforms.engines.shrink import AGAIN, Plan, _tidy, shortest

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
