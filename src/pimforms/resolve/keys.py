"""The public key of a form: a PEM file beside it, or the key itself as one text."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

from pimforms.diagnostics import Diagnostic
from pimforms.model.facts import Facts
from pimforms.model.publickey import TEST_KEY, BadKey, read_public_key
from pimforms.resolve import messages
from pimforms.source import UnreadableSource, read_source
from pimforms.standards.data import data_path

_WRITTEN_OUT = re.compile(r"[A-Za-z0-9+/=\s]{100,}")
_WHY = "Records are encrypted with this key on the phone. Only the private key that belongs to it opens them."


def with_key(facts: Facts, folder: Path) -> tuple[Facts, list[Diagnostic]]:
    """The facts with their public key as one line of base64, and what is wrong with it."""
    file = facts.public_key
    if file is None:
        return facts, []
    inline = _WRITTEN_OUT.fullmatch(file.name) is not None
    named = "this key" if inline else f"`{file.name}`"
    try:
        return replace(facts, key=read_public_key(file.name if inline else _text(folder, file.name))), []
    except BadKey as problem:
        return facts, [messages.file_does_not_fit(file.place, f"{named} {problem.message}", _WHY, problem.fix)]
    except UnreadableSource:
        fix = f'put the file beside the form; to try the form, write: public key "{TEST_KEY}"'
        return facts, [messages.file_does_not_fit(file.place, f"`{file.name}` is not there or not a text", _WHY, fix)]


def _text(folder: Path, name: str) -> str:
    beside = folder / name
    if name == TEST_KEY and not beside.is_file():
        beside = data_path("form_library", "standards", TEST_KEY)
    return read_source(str(beside)).text
