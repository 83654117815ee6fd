"""The labelled questions, and what the rules find in them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from pimforms.rules.wording import wordings

FILE = Path(__file__).with_name("labelled.tsv")


@dataclass(frozen=True)
class Labelled:
    language: str
    answers: str
    text: str
    labels: frozenset[str]
    half: str


def labelled(half: str | None = None) -> list[Labelled]:
    lines = [line for line in FILE.read_text(encoding="utf-8").splitlines() if line and not line.startswith("#")]
    rows = [line.split("\t") for line in lines[1:]]
    read = [Labelled(row[0], row[1], row[2], frozenset(row[3].split(",")) - {"-"}, row[4]) for row in rows]
    return [row for row in read if half in (None, row.half)]


@dataclass
class Score:
    """Findings that are right, findings that are wrong, and faults that were not found."""

    right: int = 0
    wrong: int = 0
    missed: int = 0

    @property
    def precision(self) -> float:
        return self.right / (self.right + self.wrong) if self.right + self.wrong else 1.0

    @property
    def recall(self) -> float:
        return self.right / (self.right + self.missed) if self.right + self.missed else 1.0


def scores(rows: list[Labelled]) -> dict[str, Score]:
    """By kind, by language (`en`), and `all`. A kind that a stronger one stands for (`beats`) is not counted as missed."""
    counted: dict[str, Score] = {}
    for row in rows:
        found = {one.entry.kind for one in wordings(row.text, row.language, row.answers)}
        for kind in found | row.labels:
            field = "right" if kind in found & row.labels else "wrong" if kind in found else "missed"
            for key in (kind, row.language, "all"):
                score = counted.setdefault(key, Score())
                setattr(score, field, getattr(score, field) + 1)
    return counted


def report(rows: list[Labelled]) -> str:
    lines = [f"{'':22} precision  recall  found"]
    for key, score in sorted(scores(rows).items()):
        lines.append(f"{key:22} {score.precision:9.2f} {score.recall:7.2f} {score.right + score.wrong:6}")
    return "\n".join(lines)
