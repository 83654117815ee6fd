"""The four levels of sensitivity (IASC and OCHA classifications) and the axes beside them."""

from __future__ import annotations

from enum import IntEnum


class Level(IntEnum):
    """How much harm a leak can do. Comparable: `level >= Level.MODERATE`."""

    LOW = 0
    MODERATE = 1
    HIGH = 2
    SEVERE = 3

    @property
    def word(self) -> str:
        return self.name.lower()


LEVELS = {level.word: level for level in Level}
