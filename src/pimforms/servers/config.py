"""Which servers there are: `servers.toml` of the user, and `pimforms.toml` beside the forms of a project.

    [servers.office]                         # in either file; the project's lines win
    kind = "kobo"                            # or "central"
    url = "https://eu.kobotoolbox.org"
    project = "7"                            # Central: number or name. KoboToolbox: uid of a project to take over
    username = "robot@example.org"           # Central, with a password; without it the secret is a token
    account = "organisation"                 # or "personal"

    [servers.office.roles]                   # the roles of `access` in the forms
    interviewer = ["team_1", "team_2"]

    [project]                                # in pimforms.toml alone
    allowed = ["eu.kobotoolbox.org"]
    sector = "Humanitarian - Protection"
    country = ["SOM"]
    pilot_records = 30

No file holds a secret: see `safe.py`.
"""

from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from pimforms.servers.http import checked_address
from pimforms.servers.trouble import ServerTrouble

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

WRONG_USE = 2
"""The number that a command ends with when a file of settings, or the command itself, is wrong."""

KINDS = {"kobo": "KoboToolbox", "central": "ODK Central"}
PYODK = "pyodk"
PROJECT_FILE = "pimforms.toml"
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_-]*")
_FOLDER = "PIMFORMS_CONFIG"
_TEXTS = {"kind", "url", "project", "username", "account"}


@dataclass(frozen=True, slots=True)
class ServerEntry:
    """One server by the name that a team calls it. `file` is where it is written down, for messages."""

    name: str
    kind: str
    url: str
    file: Path
    project: str | None = None
    username: str | None = None
    account: str | None = None
    roles: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def host(self) -> str:
        return urlsplit(self.url).netloc.lower()


@dataclass(frozen=True, slots=True)
class ProjectSettings:
    """What the forms of one folder have in common. `country` are ISO 3166-1 alpha-3 codes."""

    allowed: tuple[str, ...] = ()
    sector: str = ""
    country: tuple[str, ...] = ()
    organisation: str = ""
    pilot_records: int = 0


@dataclass(frozen=True, slots=True)
class Settings:
    servers: Mapping[str, ServerEntry]
    project: ProjectSettings = ProjectSettings()

    def server(self, name: str) -> ServerEntry:
        """The server of this name. Raises ServerTrouble that names those there are."""
        found = self.servers.get(name)
        if found is None and name == PYODK and pyodk_file().is_file():
            found = _of_pyodk(pyodk_file())
        if found is not None:
            return found
        known = ", ".join(sorted(self.servers))
        raise wrong(
            f"there is no server `{name}`",
            f"write one of these: {known}" if known else f"describe it first: pimforms servers add {name}",
        )


def pyodk_file() -> Path:
    """Where pyodk keeps its settings, so that who has them need not write them twice."""
    return Path(os.environ.get("PYODK_CONFIG_FILE") or Path.home() / ".pyodk_config.toml")


def _of_pyodk(path: Path) -> ServerEntry:
    from pimforms.servers.central.config import pyodk_config

    read = pyodk_config(path)
    return ServerEntry(PYODK, "central", read.address, path, read.project, read.username)


def wrong(message: str, fix: str) -> ServerTrouble:
    """Trouble that lies in a file of settings or in the command, not in a server."""
    return ServerTrouble(message, fix, code=WRONG_USE)


def user_folder() -> Path:
    """Where this system keeps a user's settings, or $PIMFORMS_CONFIG."""
    chosen = os.environ.get(_FOLDER)
    if chosen:
        return Path(chosen)
    import platformdirs

    return Path(platformdirs.user_config_dir("pimforms", appauthor=False, roaming=True))


def user_file() -> Path:
    return user_folder() / "servers.toml"


def project_file(folder: Path) -> Path | None:
    """The nearest `pimforms.toml`, in this folder or one around it."""
    around = (folder.resolve(), *folder.resolve().parents)
    return next((each / PROJECT_FILE for each in around if (each / PROJECT_FILE).is_file()), None)


def read_settings(folder: Path) -> Settings:
    """The servers of the user and of the project that `folder` belongs to. Raises ServerTrouble."""
    own, project = user_file(), project_file(folder)
    tables: dict[str, dict[str, Any]] = {}
    where: dict[str, Path] = {}
    common: Mapping[str, Any] = {}
    for path in (own, project):
        if path is None or not path.is_file():
            continue
        read = _read(path)
        for name, lines in _section(read, "servers", path).items():
            if not isinstance(lines, dict) or not _NAME.fullmatch(name):
                raise wrong(f"{path}: `{name}` is not a server", "write [servers.NAME] and its lines under it")
            tables.setdefault(name, {}).update(lines)
            where[name] = path
        if path == project:
            common = _section(read, "project", path)
    servers = {name: _entry(name, lines, where[name]) for name, lines in tables.items()}
    return Settings(servers, _project(common, project or own))


def _read(path: Path) -> Mapping[str, Any]:
    try:
        read: Mapping[str, Any] = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except tomllib.TOMLDecodeError as error:
        raise wrong(f"{path}: {error}", 'a line is written like: url = "https://eu.kobotoolbox.org"') from None
    except (OSError, UnicodeDecodeError) as error:
        raise wrong(
            f"{path} cannot be read ({getattr(error, 'strerror', None) or error})", "save it as UTF-8 text"
        ) from None
    return read


def _section(read: Mapping[str, Any], name: str, path: Path) -> Mapping[str, Any]:
    section = read.get(name, {})
    if not isinstance(section, dict):
        raise wrong(f"{path}: `{name}` is not a section", f"write [{name}] on a line of its own")
    return section


def _entry(name: str, lines: Mapping[str, Any], path: Path) -> ServerEntry:
    unknown = sorted(set(lines) - _TEXTS - {"roles"})
    if unknown:
        if {"password", "token", "secret"} & set(unknown):
            raise wrong(
                f"{path}: `{name}` holds a secret",
                f"take the line `{unknown[0]}` out, change the secret on the server, then: pimforms servers add {name}",
            )
        raise wrong(
            f"{path}: nobody knows `{unknown[0]}` under [servers.{name}]",
            f"write one of: {', '.join(sorted(_TEXTS))}, roles",
        )
    texts = {}
    for key in _TEXTS & set(lines):
        value = lines[key]
        if isinstance(value, int) and key == "project":
            value = str(value)
        if not isinstance(value, str) or not value.strip():
            raise wrong(f"{path}: `{key}` of [servers.{name}] is not a text", f'write: {key} = "…"')
        texts[key] = value.strip()
    for key in ("kind", "url"):
        if key not in texts:
            raise wrong(f"{path}: [servers.{name}] has no `{key}`", f'add: {key} = "…"')
    if texts["kind"] not in KINDS:
        raise wrong(f"{path}: `{texts['kind']}` is no kind of server", 'write: kind = "kobo", or kind = "central"')
    if texts.get("account", "personal") not in ("organisation", "personal"):
        raise wrong(
            f"{path}: `{texts['account']}` is no kind of account", 'write: account = "organisation", or "personal"'
        )
    try:
        texts["url"] = checked_address(texts["url"])
    except ServerTrouble as trouble:
        raise wrong(f"{path}: {trouble.message}", trouble.fix) from None
    return ServerEntry(
        name, texts["kind"], texts["url"], path, texts.get("project"), texts.get("username"), texts.get("account"),
        dict(_roles(name, lines.get("roles", {}), path)),
    )  # fmt: skip


def _roles(name: str, roles: Any, path: Path) -> Iterator[tuple[str, tuple[str, ...]]]:
    if not isinstance(roles, dict):
        raise wrong(
            f"{path}: `roles` of `{name}` is not a section", f"write [servers.{name}.roles] on a line of its own"
        )
    for role, users in roles.items():
        yield role, _texts(users, f"{path}: the role `{role}` of `{name}`", f'{role} = ["team_1", "team_2"]')


def _project(lines: Mapping[str, Any], path: Path) -> ProjectSettings:
    shapes = {"allowed": list, "sector": str, "country": list, "organisation": str, "pilot_records": int}
    for key, value in lines.items():
        if key not in shapes:
            raise wrong(f"{path}: nobody knows `{key}` under [project]", f"write one of: {', '.join(shapes)}")
        if shapes[key] is not list and (not isinstance(value, shapes[key]) or isinstance(value, bool)):
            raise wrong(f"{path}: `{key}` is not written as it should be", "a text stands in quotes, a number without")
    return ProjectSettings(
        tuple(
            each.lower()
            for each in _texts(lines.get("allowed", []), f"{path}: `allowed`", 'allowed = ["eu.kobotoolbox.org"]')
        ),
        lines.get("sector", ""),
        tuple(each.upper() for each in _texts(lines.get("country", []), f"{path}: `country`", 'country = ["SOM"]')),
        lines.get("organisation", ""),
        lines.get("pilot_records", 0),
    )


def _texts(value: Any, what: str, fix: str) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(each, str) and each.strip() for each in value):
        raise wrong(f"{what} is not a list of texts", f"write: {fix}")
    return tuple(each.strip() for each in value)


def add_server(name: str, lines: Mapping[str, str]) -> Path:
    """Writes a server into the user's own file, behind what stands there. Raises ServerTrouble; a name stands once."""
    path = user_file()
    if not _NAME.fullmatch(name):
        raise wrong(f"`{name}` is no name for a server", "use letters, digits, - and _; begin with a letter")
    _entry(name, lines, path)
    if path.is_file() and name in _section(_read(path), "servers", path):
        raise wrong(f"there is a server `{name}` already", f"change its lines in {path}")
    # A TOML basic string is written like a JSON one.
    text = "".join(f"{key} = {json.dumps(value, ensure_ascii=False)}\n" for key, value in lines.items())
    before = path.read_text(encoding="utf-8-sig") if path.is_file() else ""
    gap = "\n" if before and not before.endswith("\n\n") else ""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"{before}{gap}[servers.{name}]\n{text}", encoding="utf-8", newline="\n")
    return path
