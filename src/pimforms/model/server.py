"""What a server is and has, as far as a form may demand it: where, who we are there, who sees what."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from enum import Enum

from pimforms.record import record


class Stage(Enum):
    """How far a form is sent: to look at it, to pilot it in a project of its own, or to collect data."""

    DRAFT = "draft"
    PILOT = "pilot"
    PRODUCTION = "production"


@record
class Login:
    """Who we are on a server, and where: for people to read. `account` is "organisation", "personal" or None (not told)."""

    username: str
    address: str
    account: str | None = None


@record
class Holder:
    """Somebody who may do something with the form or its records on the server.

    `name` is a username, an app user's name, or "everybody" for people without a login. `may` are words of one table for
    both servers: "submit", "view_own", "view_without_identities", "view", "change_records", "change_form", "manage".
    `owner` is true for who cannot be taken out: the owner of a KoboToolbox project, an administrator of ODK Central.
    """

    name: str
    may: frozenset[str]
    owner: bool = False


@record
class Found:
    """What a server has that a form may demand otherwise. None: the server does not tell.

    `web_form` is true if the form can be filled in a browser; `public_link` if by people without a login; `public_data`
    if records or exports are open to everybody; `encrypted` if records leave the phone encrypted; `locked` if the rows of
    the consent are locked against changes in the server's own editor; `sends_on` if the server passes each record on to
    another place by itself; `state` is "open", "closing", "closed" or None.
    """

    holders: tuple[Holder, ...] = ()
    web_form: bool | None = None
    public_link: bool | None = None
    public_data: bool | None = None
    encrypted: bool | None = None
    locked: bool | None = None
    sends_on: bool | None = None
    state: str | None = None


@record
class Target:
    """Where a form is to go, and what is there: everything that the rules about servers look at.

    `name` is what the user calls the server, `kind` is "kobo" or "central", `host` as in its address. `allowed` are the
    hosts that the organisation allows, beside those of the form. `roles` maps a role of the form's `access` to usernames;
    "manager" are those who may manage the project. `records` counts what was sent so far. `sent` is true once the form
    is there as it should be: then what it carries itself, such as encryption, is judged by what the server has. `encrypts` is
    true if the workbook carries a public key: of a form that is split, only that of the contact form does.
    """

    name: str
    kind: str
    host: str
    login: Login
    found: Found
    stage: Stage = Stage.DRAFT
    allowed: tuple[str, ...] = ()
    roles: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    records: int = 0
    pilot_records: int = 0
    sent: bool = False
    encrypts: bool = False
