"""The warnings that ODK Central gives before it takes a form (400.16): by kind, in our words, accepted or not.

What is accepted is written as a kind ("structure"), or for questions that go as a kind with their names
("structure=notes,age"), so that a later change that drops another question is not accepted by accident.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from pimforms.servers.central.errors import shortened
from pimforms.servers.trouble import ServerTrouble
from pimforms.standards.data import table

STRUCTURE = "structure"
DELETED = "deleted-form"
XLSFORM = "xlsform"
OTHER = "other"
"""A kind that Central may have one day and pimforms does not know."""


@dataclass(frozen=True, slots=True)
class Warned:
    """One warning: its kind as `accept` takes it, what it says, and the questions it is about."""

    kind: str
    says: str
    fields: tuple[str, ...] = ()

    def accepted(self, accept: Iterable[str]) -> bool:
        """Whether the user took this kind, and for questions that go, each of them or all."""
        for word in accept:
            kind, named, names = word.partition("=")
            if kind.strip() == self.kind and (not named or set(self.fields) <= set(_names(names))):
                return True
        return False

    @property
    def to_accept(self) -> str:
        """What to write to accept exactly this."""
        return f"{self.kind}={','.join(self.fields)}" if self.fields else self.kind


def warnings_in(body: Any, form_id: str) -> tuple[Warned, ...]:
    """The warnings in the JSON of a 400.16, in the order of the server."""
    details = body.get("details") if isinstance(body, Mapping) else None
    found = details.get("warnings") if isinstance(details, Mapping) else None
    if not isinstance(found, Mapping):
        return ()
    converter = [_warned(XLSFORM, words=shortened(str(words))) for words in found.get("xlsFormWarnings") or ()]
    return (*converter, *(_workflow(each, form_id) for each in found.get("workflowWarnings") or ()))


def structure(gone: tuple[str, ...]) -> Warned:
    """The warning of questions that go, by their names."""
    return _warned(STRUCTURE, gone, fields=", ".join(gone))


def refuse_unless_accepted(warned: tuple[Warned, ...], accept: Iterable[str], host: str) -> None:
    """Raises ServerTrouble with every warning that was not accepted, and what to write to accept them."""
    open_ = [each for each in warned if not each.accepted(accept)]
    if open_:
        wanted = " ".join(f"--accept {each}" for each in dict.fromkeys(warning.to_accept for warning in open_))
        raise ServerTrouble(
            f"nothing was published, because {host} warns: " + "; ".join(each.says for each in open_),
            f"correct the form, or if this is what you want, push again with {wanted}",
            status=400,
        )


def _workflow(warning: Any, form_id: str) -> Warned:
    kinds = {words["type"]: kind for kind, words in table("central")["warnings"].items()}
    kind = kinds.get(str(warning.get("type"))) if isinstance(warning, Mapping) else None
    if kind == STRUCTURE:
        return structure(tuple(str(name) for name in warning.get("details") or ()))
    if kind is not None:
        return _warned(kind, form=form_id, fields="", words="")
    return Warned(OTHER, f"the server says: {shortened(str(warning))}")


def _warned(kind: str, names: tuple[str, ...] = (), **facts: str) -> Warned:
    return Warned(kind, table("central")["warnings"][kind]["says"].format(**facts), names)


def _names(text: str) -> list[str]:
    return [name.strip() for name in text.split(",")]
