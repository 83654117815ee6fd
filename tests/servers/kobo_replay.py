"""Sends recorded requests to a fake KoboToolbox and puts each answer beside the recorded one.

Names (uids) differ: they are learned from each pair of answers, and put in place of the recorded ones in what is sent later.
Workbooks were not recorded: they are made from the rows that the real server showed afterwards, or written by hand.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

import recorded
import requests
from kobo_packages import Line
from loopback import Loopback

from pimforms.servers.kobo import book, content
from pimforms.source import Place, Source
from pimforms.xlsform.rows import Extra, Row, Sheets
from pimforms.xlsform.workbook import to_bytes

_UID = re.compile(r"\b(?:a|i|v|p|af)[A-Za-z0-9]{20,22}\b")
_HOST = re.compile(r"http://(?:127\.0\.0\.1|localhost):58000")
_HERE = Place(Source("recorded", ""), 0, 0)

A: Line = {"type": "text", "name": "a", "label": "A"}

BY_HAND: dict[str, tuple[Line, ...]] = {
    "b015": ({**A, "name": "bad name"},),
    "b018": (A, A),
    "b021": ({"type": "begin_group", "name": "g", "label": "G"}, A, {"type": "end_group"}, A),
    "b024": ({**A, "type": "texxt"},),
    "b027": ({"type": "begin_group", "name": "g1", "label": "G"}, {**A, "label": "X"}),
    "b031": ({**A, "label": "X"}, {"type": "end_group"}),
    "b034": ({**A, "relevant": "${nope} = 1"},),
    "b042": ({"type": "calculate", "name": "a", "calculation": "foobar()"},),
    "b046": ({**A, "type": "select_one nolist"},),
    "b097": ({**A, "name": "__version__"},),
    "b038": ({**A, "relevant": "(1 ="},),
    "c001": ({**A, "bind::entities:saveto": "name"},),
    "g055": ({**A, "relevant": "(1 ="},),
    "g001": (A,),
    "g004": ({"type": "text", "name": "a", "label::English (en)": "A", "label::French (fr)": "A"},),
    "g007": ({"type": "text", "name": "a", "label::English (en)": "A"},),
    "g010": (A,),
    **dict.fromkeys(("b111", "b114", "b117", "b123", "b126", "b129", "e041", "e068", "g025", "g028"), (A,)),
    "g050": ({**A, "relevant": "${nope} = 1"},),
    "h004": ({**A, "relevant": "${nope} = 1"},),
}
"""Rows of the workbooks that came to nothing, so that no answer shows them."""


@dataclass
class Pair:
    """One request as it was recorded, with the recorded answer and the fake's."""

    number: str
    request: dict[str, Any]
    real: dict[str, Any]
    status: int
    kind: str
    body: Any


@dataclass
class Replay:
    """`names` maps recorded uids to those of the fake."""

    loopback: Loopback
    names: dict[str, str] = field(default_factory=dict)

    def send(self, number: str) -> Pair:
        exchange = recorded.kobo()[number]
        request, real = exchange["request"], exchange["response"]
        pair = self._once(number, request, real)
        waiting = ("created", "processing")
        while "_status" in exchange["id"] and isinstance(pair.body, dict) and pair.body.get("status") in waiting:
            if real["body"]["status"] in waiting:
                break
            pair = self._once(number, request, real)
        self.learn(real["body"], pair.body)
        return pair

    def _once(self, number: str, request: dict[str, Any], real: dict[str, Any]) -> Pair:
        headers = {"Accept": "application/json", **request.get("headers", {})}
        # Who had a password is given a token here; who sent a wrong token sends a wrong one.
        headers["Authorization"] = f"Token token-of-{request['user']}" if request.get("auth") else "Token wrong"
        files = {
            key: (name, self._workbook(number) if key == "file" else f"{number},{name}\n".encode())
            for key, name in request.get("files", {}).items()
        }
        answer = requests.request(
            request["method"],
            self.put(request["url"]).replace("?format=json", ""),
            headers=headers,
            params=request.get("params"),
            json=self._deep(request["json"]) if "json" in request else None,
            data=self._deep(request.get("data")),
            files=files or None,
            allow_redirects=False,
            timeout=10,
        )
        kind = answer.headers.get("Content-Type", "")
        told = answer.json() if "json" in kind else answer.text
        return Pair(number, request, real, answer.status_code, kind, told)

    def put(self, text: str) -> str:
        named = _UID.sub(lambda match: self.names.get(match[0], match[0]), text)
        return _HOST.sub(self.loopback.address, named)

    def _deep(self, said: Any) -> Any:
        if isinstance(said, str):
            return self.put(said)
        if isinstance(said, dict):
            return {key: self._deep(value) for key, value in said.items()}
        return [self._deep(each) for each in said] if isinstance(said, list) else said

    def learn(self, real: Any, fake: Any) -> None:
        if isinstance(real, dict) and isinstance(fake, dict):
            for key in real.keys() & fake.keys():
                self.learn(real[key], fake[key])
        elif isinstance(real, list) and isinstance(fake, list):
            for one, other in zip(real, fake, strict=False):
                self.learn(one, other)
        elif isinstance(real, str) and isinstance(fake, str):
            theirs, ours = _UID.findall(real), _UID.findall(fake)
            if len(theirs) == len(ours):
                self.names.update(zip(theirs, ours, strict=True))

    def _workbook(self, number: str) -> bytes:
        if number in ("b001", "b004"):
            return b"no workbook at all"
        if number == "b062":
            line = {"type": "text", "name": "a", "label::English (en)": "A"}
            return _book((line,), {"form_title": "T", "form_id": "t", "default_language": "French (fr)"})
        if number in ("g013", "g018", "g022"):
            return _locked(number)
        if number in BY_HAND:
            return _book(BY_HAND[number], {"form_title": "T", "form_id": "t"})
        shown = shown_after(number)
        if shown is None:
            raise AssertionError(f"{number}: no answer shows what was in the workbook")
        rows = content.from_server(shown["content"])
        made = book.workbook(rows, shown["name"])
        return with_kuids(made, shown["content"]) if number.startswith("d") else made


def shown_after(number: str) -> dict[str, Any] | None:
    """The project as an answer shows it after an import, before it is replaced again."""
    numbers = list(recorded.kobo())
    uid = None
    for later in numbers[numbers.index(number) + 1 :]:
        exchange = recorded.kobo()[later]
        body = exchange["response"]["body"]
        if (
            exchange["request"]["url"].endswith("/imports/")
            and exchange["request"]["method"] == "POST"
            and uid is not None
        ):
            return None
        if not isinstance(body, dict):
            continue
        done = body.get("messages")
        if done and uid is None:
            uid = next((each["uid"] for each in [*done.get("created", []), *done.get("updated", [])]), "none")
        asset = body.get("asset", body)
        if isinstance(asset, dict) and asset.get("uid") == uid and "content" in asset:
            return asset
    return None


def with_kuids(made: bytes, shown: dict[str, Any]) -> bytes:
    """The same workbook with the recorded `$kuid`."""
    sheets = content.read_sheets(made)
    for name in ("survey", "choices"):
        for line, row in zip(sheets[name], shown[name], strict=True):
            line["$kuid"] = row["$kuid"]
    return _book(sheets["survey"], sheets["settings"][0], sheets["choices"])


def _book(survey: Any, settings: dict[str, str], choices: Any = ()) -> bytes:
    tables = [tuple(Row(line, _HERE) for line in lines) for lines in (survey, choices)]
    heads = [tuple(dict.fromkeys(column for line in lines for column in line)) for lines in (survey, choices)]
    return to_bytes(Sheets(heads[0], tables[0], heads[1], tables[1], settings))


def _locked(number: str) -> bytes:
    lines = tuple({"restriction": each, "core": "locked"} for each in ("question_delete", "question_label_edit"))
    if number == "g022":
        lines = ({"restriction": "bogus", "core": "locked"},)
    extra = () if number == "g018" else (Extra("kobo--locking-profiles", ("restriction", "core"), lines),)
    row = Row({**A, "kobo--locking-profile": "core"}, _HERE)
    return to_bytes(Sheets(tuple(row.cells), (row,), (), (), {"form_title": "T", "form_id": "t"}, extra=extra))
