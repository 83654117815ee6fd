"""Short forms for tests: the five facts, and then what the test is about."""

from __future__ import annotations

from conftest import ROOT, TODAY
from heads import CARE, FACTS, PURPOSE
from pimforms.compiler import Checked, check_source
from pimforms.model.form import Form
from pimforms.protect.weave import protect
from pimforms.source import Source, normalise

HEAD = f"""\
form short "Short form"
{FACTS.replace("sectoral", "protection_monitoring")}purpose safety "Safer sites"
  topic         {{topic}}
{PURPOSE}{CARE}"""


def check(body: str, topic: str = "services", head: str = HEAD) -> Checked:
    return check_source(Source("short.pim", normalise(head.replace("{topic}", topic) + body)), ROOT, today=TODAY)


def form_of(body: str, topic: str = "services", head: str = HEAD) -> Form:
    """The form, which must have no error."""
    checked = check(body, topic, head)
    assert [f"{d.place}: {d.code} {d.message}" for d in checked.diagnostics if d.is_error] == []
    assert checked.form is not None
    return checked.form


def protected(body: str, topic: str = "services", head: str = HEAD) -> Form:
    return protect(form_of(body, topic, head))


def said(body: str, topic: str = "services", head: str = HEAD) -> list[str]:
    """Codes and lines below the head: `PIM301 line 2`."""
    above = head.count("\n")
    return [f"{d.code} line {d.place.line - above}" for d in check(body, topic, head).diagnostics]
