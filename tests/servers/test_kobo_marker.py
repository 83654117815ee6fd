"""The mark in the settings of a project: it reads back as it was written, and survives whoever edits it by hand."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pimforms.servers.kobo.marker import KEY, Marker, Point, Pushing, read

_WORD = st.text(min_size=1, max_size=8)
_POINTS = st.none() | st.builds(Point, _WORD, _WORD, _WORD, _WORD)
_MARKS = st.builds(
    Marker, st.text(max_size=8), st.text(max_size=8), st.text(max_size=8), st.text(max_size=8), _POINTS, _POINTS,
    st.none() | st.builds(Pushing, _WORD, st.text(max_size=8), _WORD, st.booleans()),
    st.dictionaries(_WORD, _WORD, max_size=3), st.lists(st.tuples(_WORD, _WORD), max_size=3).map(tuple),
)  # fmt: skip


@given(_MARKS)
def test_what_is_written_is_read(mark: Marker) -> None:
    assert read({KEY: json.loads(json.dumps(mark.json))}) == mark


@pytest.mark.parametrize("said", [None, "x", [], {}, {"form_id": 5}, {"sha256": "a"}])
def test_what_names_no_form_is_no_mark(said: Any) -> None:
    assert read({KEY: said}) is None
    assert read({}) is None


def test_parts_that_were_edited_away_are_left_out() -> None:
    mark = read(
        {
            KEY: {
                "form_id": "f",
                "sha256": "a",
                "draft": "x",
                "pushing": [],
                "media": 3,
                "renames": [["a"], "b", ["c", "d"]],
            }
        }
    )
    assert mark == Marker("f", renames=(("c", "d"),))
