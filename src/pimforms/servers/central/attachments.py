"""The files that a form reads on the phone: which to send, which are missing, which nobody reads.

Central makes the list from the form, publishes without a word where one is missing, and a file that is sent over an
entity list cuts the form off from that list.
"""

from __future__ import annotations

from dataclasses import dataclass

from pimforms.servers.central.forms import Attachment
from pimforms.servers.package import Media
from pimforms.servers.trouble import ServerTrouble


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be done: `send` differ or are not there yet, `missing` are read and nowhere, `unread` are read by nobody.

    `kept` are on the server from before and not among our files; `lists` come from an entity list though we have a file.
    """

    send: tuple[Media, ...] = ()
    missing: tuple[str, ...] = ()
    unread: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()
    lists: tuple[str, ...] = ()

    @property
    def done(self) -> bool:
        """Whether the server has every file that the form reads, as we have it."""
        return not (self.send or self.missing or self.unread)


def plan(wanted: tuple[Attachment, ...], media: tuple[Media, ...]) -> Plan:
    """Compares by name and md5 what the server wants and has with what we have."""
    ours = {each.name: each for each in media}
    read = {each.name: each for each in wanted}
    files = [each for each in wanted if not each.entity_list]
    return Plan(
        send=tuple(ours[each.name] for each in files if each.name in ours and each.md5 != ours[each.name].md5),
        missing=tuple(each.name for each in files if each.name not in ours and not each.exists),
        unread=tuple(each.name for each in media if each.name not in read),
        kept=tuple(each.name for each in files if each.name not in ours and each.exists),
        lists=tuple(each.name for each in wanted if each.entity_list and each.name in ours),
    )


def refuse_gaps(plan: Plan, form_id: str) -> None:
    """Raises ServerTrouble for a file that is missing, or one that the form does not read."""
    if plan.missing:
        raise ServerTrouble(
            f"`{form_id}` reads {_listed(plan.missing)}, which you did not send; "
            "ODK Central would publish it without, and it would fail on the phone",
            "put the file beside the form, then run the same command again",
        )
    if plan.unread:
        raise ServerTrouble(
            f"`{form_id}` does not read {_listed(plan.unread)}",
            "take the file out, or use it in the form; the name must be the same, large and small letters too",
        )


def remarks(plan: Plan) -> tuple[str, ...]:
    """What people should know of files that were left alone."""
    return (
        *(f"{name} is not among your files; the server keeps the one it has" for name in plan.kept),
        *(
            f"{name} comes from an entity list on the server; your file of that name was not sent"
            for name in plan.lists
        ),
    )


def _listed(names: tuple[str, ...]) -> str:
    return ", ".join(f"`{name}`" for name in names)
