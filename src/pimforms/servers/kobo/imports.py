"""Sending a workbook into a project, and waiting until the server has read it.

That an import is complete says only that the rows could be read: whether it is a form, the server looks at when it publishes.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any

from pimforms.servers.interface import Say
from pimforms.servers.kobo.api import Api
from pimforms.servers.trouble import UNREACHABLE, ServerTrouble

_MEANS = {
    "XlsFormatException": "it cannot open the workbook",
    "DuplicateNameException": "two rows have one name",
    "DoesNotExist": "the project is gone",
    "PermissionDenied": "this account may not change the project",
    "FormPackLibraryLockingError": "it does not know a lock of the consent",
    "IndexError": "a group is closed that was never opened",
}
"""What an `error_type` of KoboToolbox (the name of a Python class) means."""

_FIXES = {
    "DoesNotExist": "look for the project on the server; without one a new one is made",
    "PermissionDenied": "ask the owner of the project to let this account change it",
    "FormPackLibraryLockingError": "the server may be older than the locks: ask who runs it for its version",
}


LONGEST_SECONDS = 15.0
"""Between two questions: a server that is slow is asked less and less often."""


@dataclass(frozen=True, slots=True)
class Patience:
    """Seconds between the first two questions, and in all."""

    poll_seconds: float = 2.0
    limit_seconds: float = 300.0


def replace_rows(api: Api, uid: str, name: str, workbook: bytes, say: Say, patience: Patience) -> str | None:
    """Replaces the draft. Returns the version that came of it, None if the server does not tell.

    Raises ServerTrouble if the server cannot read the workbook, or is not done in time.
    """
    task = api.start_import(uid, name, workbook)
    begun = time.monotonic()  # not the clock of either side: both may be wrong
    told, wait = False, patience.poll_seconds
    while True:
        answer = api.import_task(task)
        status = answer.get("status")
        if status == "complete":
            return _version(answer)
        if status == "error":
            raise _refused(api, answer)
        if time.monotonic() - begun > patience.limit_seconds:
            raise ServerTrouble(
                f"{api.host} has been reading the form for {patience.limit_seconds:.0f} seconds and is not done; nothing was published",
                "run the same command again in some minutes: nothing is sent twice",
                code=UNREACHABLE,
                unsure=True,
            )
        if not told:
            say("the server reads the form")
            told = True
        time.sleep(wait)
        wait = min(wait * 1.5, LONGEST_SECONDS)


def _version(answer: dict[str, Any]) -> str | None:
    logs = (answer.get("messages") or {}).get("audit_logs") or []
    return next((str(each["latest_version_uid"]) for each in logs if each.get("latest_version_uid")), None)


def _refused(api: Api, answer: dict[str, Any]) -> ServerTrouble:
    messages = answer.get("messages") or {}
    kind, said = str(messages.get("error_type", "")), api.http.shown(str(messages.get("error", "")))
    meaning = _MEANS.get(kind)
    says = f' It says: "{said}"' if said and kind != "IndexError" else ""
    return ServerTrouble(
        f"{api.host} cannot read the form{f': {meaning}' if meaning else ''}. Nothing was changed there.{says}",
        _FIXES.get(kind, "run pimforms check; if it finds nothing, report this with the form that caused it"),
    )
