"""The tasks of the process of the engine for scenarios. It imports little: what a form is, and how a scenario is run."""

from __future__ import annotations

import base64
import pickle
from typing import Any

from pimforms.engines.interview import Interview
from pimforms.engines.scenarios import run_all


def open_book(interview: Interview, memory: dict[str, Any], given: str) -> None:
    """Keeps the book of the form and its scenarios for `run_one`."""
    memory["book"], memory["scenarios"] = unpacked(given)


def run_one(interview: Interview, memory: dict[str, Any], number: int) -> str:
    """Runs one scenario by its number. Raises EngineError."""
    return packed(next(run_all([memory["scenarios"][number]], interview, memory["book"])))


def packed(value: object) -> str:
    """A value as text for the pipe between our two processes; nobody else writes to it."""
    return base64.b64encode(pickle.dumps(value, pickle.HIGHEST_PROTOCOL)).decode("ascii")


def unpacked(text: str) -> Any:
    return pickle.loads(base64.b64decode(text))
