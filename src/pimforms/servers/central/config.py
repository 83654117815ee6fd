"""The configuration file of pyodk, so that people keep one: `[central] base_url, username, password, default_project_id`.

Its token cache (`~/.pyodk_cache.toml`) is never read: it is kept neither by server nor by user, so that a token of one
server would be sent to another.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pimforms.servers.http import checked_address
from pimforms.servers.secret import Secret
from pimforms.servers.trouble import ServerTrouble

WRONG_USE = 2


@dataclass(frozen=True, slots=True)
class PyodkConfig:
    """A login as pyodk stores it. `project` is a number as text, None if the file names none."""

    address: str
    username: str
    password: Secret
    project: str | None = None


def pyodk_config(path: Path) -> PyodkConfig:
    """Reads the file. Raises ServerTrouble if it is not there, is not TOML, lacks something, or names an http address."""
    central = _read(path).get("central")
    if not isinstance(central, dict):
        raise _trouble(f"{path} has no part [central]", "add it: [central], then base_url, username and password")
    values = {}
    for key in ("base_url", "username", "password"):
        value = central.get(key)
        if not isinstance(value, str) or not value.strip():
            raise _trouble(f"{path} names no {key}", f'add a line to [central]: {key} = "…"')
        values[key] = value
    project = central.get("default_project_id")
    if project is not None and (isinstance(project, bool) or not isinstance(project, (int, str))):
        raise _trouble(f"default_project_id in {path} is not a number", "write it like default_project_id = 7")
    return PyodkConfig(
        address=checked_address(values["base_url"].removesuffix("/").removesuffix("/v1")),
        username=values["username"],
        password=Secret(values["password"]),
        project=None if project is None else str(project),
    )


def _read(path: Path) -> dict[str, Any]:
    if sys.version_info >= (3, 11):
        import tomllib
    else:
        import tomli as tomllib
    try:
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))  # editors of Windows write a mark at its beginning
    except OSError as error:
        raise _trouble(
            f"{path} cannot be read ({error.strerror or 'no reason given'})", "check the name of the file"
        ) from None
    except UnicodeDecodeError:
        raise _trouble(f"{path} is not UTF-8 text", "save it as UTF-8") from None
    except tomllib.TOMLDecodeError:
        # What stands on the line may be the password, so it is not shown.
        raise _trouble(
            f"{path} is not TOML", 'every line is a name, =, and a text in quotes: username = "me@example.org"'
        ) from None


def _trouble(message: str, fix: str) -> ServerTrouble:
    return ServerTrouble(message, fix, code=WRONG_USE)
