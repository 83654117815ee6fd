"""What a phone records by itself: the `record` lines of a form, and what their parameters add."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from pimforms.model.form import Item, Metadata
from pimforms.model.walk import walk
from pimforms.standards.data import table


def is_identifying(record: Metadata) -> bool:
    """Whether it identifies the phone or a person directly, like a phone number or a voice."""
    return bool(table("types")["metadata"].get(record.kind, {}).get("identifies") == "direct")


def identifying_records(items: Iterable[Item]) -> frozenset[str]:
    """The kinds of what is recorded that identify the phone or a person."""
    return frozenset(item.kind for item in walk(items) if isinstance(item, Metadata) and is_identifying(item))


def keeps_answers(item: Item) -> bool:
    """Whether this is an audit log that keeps every answer, also one that is taken back."""
    return _audit(item).get("track-changes") == "true"


def keeps_positions(item: Item) -> bool:
    """Whether this is an audit log that notes where the phone is."""
    return any(key.startswith("location") for key in _audit(item))


def asks_for_user(item: Item) -> bool:
    """Whether this is an audit log that asks the interviewer for a name."""
    return _audit(item).get("identify-user") == "true"


def _audit(item: Item) -> Mapping[str, str]:
    return dict(item.parameters) if isinstance(item, Metadata) and item.kind == "audit" else {}
