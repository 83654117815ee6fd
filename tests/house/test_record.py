"""A record is a frozen dataclass: the same behaviour, defined and made faster."""

from __future__ import annotations

import copy
import pickle
from collections.abc import Mapping
from dataclasses import FrozenInstanceError, field, fields, is_dataclass, replace

import pytest

from pimforms.record import record


@record
class Point:
    x: int
    y: int = 0
    marks: Mapping[str, int] = field(default_factory=dict)


@record
class Other:
    x: int
    y: int = 0
    marks: Mapping[str, int] = field(default_factory=dict)


@record
class Name:
    """Says who."""

    text: str

    @property
    def upper(self) -> str:
        return self.text.upper()


def test_values_come_in_order_or_by_name_and_have_defaults() -> None:
    assert (Point(1).x, Point(1).y, Point(1).marks) == (1, 0, {})
    assert (Point(1, 2).y, Point(y=3, x=1).y) == (2, 3)
    with pytest.raises(TypeError, match="x"):
        Point()  # type: ignore[call-arg]
    with pytest.raises(TypeError, match="z"):
        Point(1, z=2)  # type: ignore[call-arg]


def test_a_default_that_is_made_is_made_for_each() -> None:
    assert Point(1).marks is not Point(1).marks


def test_nothing_can_be_changed_added_or_taken_away() -> None:
    point = Point(1)
    with pytest.raises(FrozenInstanceError):
        point.x = 2  # type: ignore[misc]
    with pytest.raises(FrozenInstanceError):
        point.z = 2  # type: ignore[attr-defined]
    with pytest.raises(FrozenInstanceError):
        del point.x
    assert point.x == 1 and not hasattr(point, "__dict__")


def test_records_of_one_class_with_the_same_values_are_equal() -> None:
    assert Point(1, 2) == Point(1, 2) != Point(2, 1)
    assert Point(1) != Other(1)
    assert Name("a") != "a"
    assert {Name("a"): 1}[Name("a")] == 1
    with pytest.raises(TypeError, match="unhashable"):
        hash(Point(1))  # it holds a dict


def test_it_reads_as_it_is_written() -> None:
    assert repr(Point(1, marks={"a": 2})) == "Point(x=1, y=0, marks={'a': 2})"


def test_the_tools_of_dataclasses_know_it() -> None:
    assert is_dataclass(Point) and [each.name for each in fields(Point)] == ["x", "y", "marks"]
    assert replace(Point(1, 2), x=5) == Point(5, 2)
    match Point(1, 2):
        case Point(x, y):
            assert (x, y) == (1, 2)


def test_it_can_be_copied_and_sent_to_another_process() -> None:
    point = Point(1, 2, {"a": 3})
    assert pickle.loads(pickle.dumps(point)) == copy.copy(point) == copy.deepcopy(point) == point


def test_the_rest_of_a_class_stays() -> None:
    assert Name("a").upper == "A"
    assert Name.__doc__ == "Says who."
