"""The recorded exchanges with a real KoboToolbox, where they are at hand: they lie beside a checkout and are never copied."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

import pytest

from conftest import ROOT

KOBO = ROOT.parent / "shared" / "reference" / "transcripts" / "kobo.jsonl"

needs_kobo = pytest.mark.skipif(not KOBO.is_file(), reason=f"the recorded exchanges are not at {KOBO}")


@cache
def kobo() -> dict[str, dict[str, Any]]:
    """Every exchange by the number that its id begins with, in order."""
    lines = KOBO.read_text(encoding="utf-8").splitlines()
    found = [json.loads(line) for line in lines]
    return {each["id"].partition("_")[0]: each for each in found}


def body(number: str) -> Any:
    return kobo()[number]["response"]["body"]
