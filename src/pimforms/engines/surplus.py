"""Members that a repeat has no more, because the number that the form counts has gone down."""

from __future__ import annotations

from collections.abc import Mapping

from pimforms.engines.events import NUMBERED
from pimforms.engines.facts import Facts


def surplus_of(path: str, values: Mapping[str, str], facts: Facts) -> tuple[str, int, int] | None:
    """The counted repeat, the member of it that this path stands in, and how many there are, if that is fewer."""
    for found in NUMBERED.finditer(path):
        node = facts.counted.get(found[1])
        if node is not None:
            around = path[: found.start()].split("/")[:-1]
            outer = ("/".join((*around[:depth], node)) for depth in range(len(around), -1, -1))
            most = next((values[place] for place in outer if values.get(place)), "0")
            if int(found[2]) > float(most):
                return found[1], int(found[2]), int(float(most))
    return None


def member_lines(path: str) -> str:
    """The lines of a scenario that say in which members a path stands."""
    return "".join(f"member {number} of {repeat}\n" for repeat, number in NUMBERED.findall(path))
