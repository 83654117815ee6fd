"""The tables of the standards are kept as JSON, and an edited one counts at once."""

from __future__ import annotations

from pimforms.standards import data


def test_the_kept_tables_are_not_stale() -> None:
    assert data.STORED.read_text(encoding="utf-8") == data.built(), "run: python -m pimforms.standards.data"


def test_a_stale_table_is_read_from_its_source(monkeypatch) -> None:
    monkeypatch.setattr(data, "_stored", lambda: {"age_bands": (1, '{"wrong": true}')})
    assert "unhcr" in data.table.__wrapped__("age_bands")
