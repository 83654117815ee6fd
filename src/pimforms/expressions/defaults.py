"""Defaults of the right kind that are still no answer: beyond the ends of a range, no time of day, no place."""

from __future__ import annotations

import re
from decimal import Decimal

from pimforms.expressions.domains import constant
from pimforms.model import expression as e
from pimforms.model.expression import Expression
from pimforms.model.form import Question

_TIME = re.compile(r"([01]?\d|2[0-3]):[0-5]\d(:[0-5]\d(\.\d{1,3})?)?(Z|[+-]\d\d:\d\d)?")
_POINT = re.compile(r"(-?\d+(?:\.\d+)?) +(-?\d+(?:\.\d+)?)(?: +-?\d+(?:\.\d+)?){0,2}")
_LEAST_POINTS = {"geopoint": 1, "geotrace": 2, "geoshape": 4}
_MAPS = {
    "geopoint": ("a point on the map", "latitude and longitude in degrees", "33.51 36.29"),
    "geotrace": ("a line on the map", "two points or more", "33.51 36.29; 33.52 36.30"),
    "geoshape": (
        "an area on the map",
        "three points or more, and the first again",
        "33.51 36.29; 33.52 36.30; 33.50 36.31; 33.51 36.29",
    ),
}
_WHY = "A default is what stands there before anybody answers."
Problem = tuple[str, str, str]


def default_problem(question: Question, default: Expression) -> Problem | None:
    """Title, why and fix, or None if the default is an answer that the question can have."""
    if question.kind == "range":
        return _range_problem(question, default)
    if not isinstance(default, e.String):
        return None
    if question.kind == "time" and not _TIME.fullmatch(default.value):
        title = f"the default of `{question.name}` is not a time of day"
        return title, _WHY, 'write hours and minutes, such as `"14:30"`, or take the default out'
    if question.kind in _MAPS and not _on_the_map(default.value, _LEAST_POINTS[question.kind]):
        what, parts, example = _MAPS[question.kind]
        title = f"the default of `{question.name}` is not {what}"
        return title, _WHY, f'write {parts}, such as `"{example}"`, or take the default out'
    return None


def _range_problem(question: Question, default: Expression) -> Problem | None:
    """Beyond the ends of the range, or between its steps."""
    number, given = constant(default), dict(question.parameters)
    if number is None or "start" not in given or "end" not in given:
        return None
    start, end, step = (Decimal(given.get(key, "1")) for key in ("start", "end", "step"))
    value = Decimal(str(number))
    if start > end:
        return None  # said where the range stands
    title = f"the default of `{question.name}` is not in its range"
    if not start <= value <= end:
        return title, f"The range goes from {start} to {end}.", f"write a number from {start} to {end}"
    if step > 0 and (value - start) % step:
        lower = start + (value - start) // step * step
        nearest = f"`{lower}` or `{lower + step}`" if lower + step <= end else f"`{lower}`"
        return title, f"The range goes from {start} to {end} in steps of {step}.", f"write {nearest}"
    return None


def _on_the_map(written: str, least: int) -> bool:
    points = [_POINT.fullmatch(point.strip()) for point in written.strip().rstrip(";").split(";")]
    return len(points) >= least and all(
        point is not None and abs(float(point[1])) <= 90 and abs(float(point[2])) <= 180 for point in points
    )
