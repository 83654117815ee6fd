"""What the fake ODK Central remembers: projects, forms with their versions, files, people, sessions."""

from __future__ import annotations

import hashlib
import itertools
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from typing import Any

from central_books import Read

BEGIN = datetime(2026, 11, 22, 15, 39, tzinfo=timezone.utc)

ROLES: tuple[dict[str, Any], ...] = tuple(
    {"id": number, "name": name, "system": system, "createdAt": None, "updatedAt": None, "verbs": verbs}
    for number, name, system, verbs in (
        (1, "Administrator", "admin", ["*"]),
        (2, "App User", "app-user", ["open_form.read", "submission.create"]),
        (5, "Project Manager", "manager", [
            "project.read", "project.update", "form.create", "form.delete", "form.list", "form.read", "form.update",
            "submission.create", "submission.read", "submission.list", "submission.update", "field_key.create",
            "field_key.list", "assignment.list", "assignment.create", "assignment.delete", "public_link.create",
            "public_link.list", "session.end", "dataset.list", "entity.list",
        ]),
        (6, "Project Viewer", "viewer", [
            "project.read", "form.list", "form.read", "submission.read", "submission.list", "dataset.list", "entity.list",
        ]),
        (7, "Form Viewer (system internal)", "formview", ["open_form.read"]),
        (8, "Data Collector", "formfill", ["project.read", "open_form.list", "open_form.read", "submission.create"]),
        (9, "Public Link", "pub-link", ["open_form.read", "submission.create"]),
    )
)  # fmt: skip


@dataclass
class File:
    """A file that a version reads. `content` None: not there, or linked to an entity list."""

    kind: str
    content: bytes | None = None
    linked: bool = False
    updated: str | None = None


@dataclass
class Def:
    """One version of a form."""

    read: Read
    workbook: bytes | None
    key: int | None
    files: dict[str, File] = field(default_factory=dict)
    published: str | None = None
    note: str | None = None
    by: Actor | None = None


@dataclass
class Actor:
    """Somebody: a web user, an app user, a public link."""

    number: int
    kind: str
    name: str
    created: str
    email: str = ""
    password: str = ""
    token: str | None = None
    once: bool = False

    @property
    def json(self) -> dict[str, Any]:
        return {
            "id": self.number, "type": self.kind, "displayName": self.name, "createdAt": self.created,
            "updatedAt": None, "deletedAt": None,
        }  # fmt: skip


@dataclass
class Form:
    """A form: what is live, its draft, every version that was published, and who may do what."""

    number: int
    form_id: str
    created: str
    by: Actor
    updated: str | None = None
    state: str = "open"
    web: bool = True
    current: Def | None = None
    draft: Def | None = None
    token: str | None = None
    history: list[Def] = field(default_factory=list)
    assigned: list[tuple[int, int]] = field(default_factory=list)
    links: list[Actor] = field(default_factory=list)
    records: int = 0
    test_records: int = 0
    deleted: str | None = None


@dataclass
class Project:
    number: int
    name: str
    created: str
    key: int | None = None
    forms: list[Form] = field(default_factory=list)
    app_users: list[Actor] = field(default_factory=list)
    assigned: list[tuple[int, int]] = field(default_factory=list)
    datasets: dict[str, list[str]] = field(default_factory=dict)

    def form(self, form_id: str) -> Form | None:
        return next((form for form in self.forms if form.form_id == form_id and form.deleted is None), None)


class State:
    """Everything, with a clock that goes on a second with each look, and numbers that count up."""

    def __init__(self) -> None:
        self._ticks = itertools.count()
        self._numbers = itertools.count(1)
        self.projects: dict[int, Project] = {}
        self.actors: dict[int, Actor] = {}
        self.administrators: set[int] = set()
        self.sessions: dict[str, int] = {}
        self.lives = timedelta(days=1)

    def now(self, later: timedelta = timedelta(0)) -> str:
        moment = BEGIN + timedelta(seconds=next(self._ticks)) + later
        return moment.strftime("%Y-%m-%dT%H:%M:%S.000Z")

    def number(self) -> int:
        return next(self._numbers)

    def secret(self, word: str) -> str:
        """A token as long as the real ones, each another."""
        return (hashlib.sha256(f"{word}{self.number()}".encode()).hexdigest())[:64]

    def project(self, name: str) -> Project:
        number = len(self.projects) + 1
        made = self.projects[number] = Project(number, name, self.now())
        return made

    def actor(self, kind: str, name: str, **more: Any) -> Actor:
        made = Actor(self.number(), kind, name, self.now(), **more)
        self.actors[made.number] = made
        return made

    def user(self, email: str, password: str, *, administrator: bool = False) -> Actor:
        made = self.actor("user", email, email=email, password=password)
        if administrator:
            self.administrators.add(made.number)
        return made

    def verbs(self, actor: Actor, project: Project | None) -> list[str]:
        """What somebody may do in a project, or on the whole server."""
        if actor.number in self.administrators:
            return sorted({verb for role in ROLES for verb in role["verbs"]} | {"project.create", "user.create"})
        if project is None:
            return []
        held = {role for number, role in project.assigned if number == actor.number}
        return sorted({verb for role in ROLES if role["id"] in held for verb in role["verbs"]})
