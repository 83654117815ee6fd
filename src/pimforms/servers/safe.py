"""Where a secret is kept, and where it is looked for: the environment, the system's safe, a file that only you can read.

A secret belongs to a host and a username, never to the name of a server: a `pimforms.toml` that gives a known name to
another address gets nothing. It is never taken from the command line, where other users of the computer can see it.
"""

from __future__ import annotations

import json
import os
import stat
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

from pimforms.servers.config import PYODK, ServerEntry, pyodk_file, user_folder, wrong
from pimforms.servers.secret import Secret

SERVICE = "pimforms"
_NO_KEYRING = "PIMFORMS_NO_KEYRING"


def variable_for(entry: ServerEntry) -> str:
    """The environment variable of a host: `PIMFORMS_SECRET_EU_KOBOTOOLBOX_ORG`; `-` becomes two underscores."""
    host = entry.host.replace("-", "__")
    return "PIMFORMS_SECRET_" + "".join(letter.upper() if letter.isalnum() or letter == "_" else "_" for letter in host)


def account_of(entry: ServerEntry) -> str:
    """Under which name the safe and the file keep the secret: who, and at which host."""
    return f"{entry.username or 'token'}@{entry.host}"


def find_secret(entry: ServerEntry) -> Secret | None:
    """The secret for this host and user, None if there is none. Raises ServerTrouble if the file is open to others."""
    given = os.environ.get(variable_for(entry))
    if given and given.strip():
        return Secret(given.strip())
    safe = _keyring()
    if safe is not None:
        with suppress(Exception):  # a safe that is locked or broken: the file may have it
            kept = safe.get_password(SERVICE, account_of(entry))
            if kept:
                return Secret(kept)
    kept = _read_file().get(account_of(entry))
    if kept:
        return Secret(kept)
    if entry.name == PYODK and entry.file == pyodk_file():
        from pimforms.servers.central.config import pyodk_config

        return pyodk_config(entry.file).password
    return None


def keep_secret(entry: ServerEntry, secret: Secret) -> str:
    """Keeps a secret in the system's safe, else in the file. Returns where, in words."""
    safe = _keyring()
    if safe is not None:
        with suppress(Exception):
            safe.set_password(SERVICE, account_of(entry), secret.value)
            return "the safe of this system (keyring)"
    path = secrets_file()
    _write_file({**_read_file(), account_of(entry): secret.value})
    return f"{path}, which only you can read"


def secrets_file() -> Path:
    return user_folder() / "secrets.json"


def _keyring() -> Any:
    """The library of the system's safe, None if there is none that is worth the name."""
    if os.environ.get(_NO_KEYRING):
        return None
    try:
        import keyring  # type: ignore[import-not-found,unused-ignore]

        return keyring if keyring.get_keyring().priority > 0 else None
    except Exception:  # not installed, or no safe behind it
        return None


def _read_file() -> dict[str, str]:
    path = secrets_file()
    try:
        if os.name == "posix" and stat.S_IMODE(path.stat().st_mode) & 0o077:
            raise wrong(f"others can read {path}", f"chmod 600 {path}; then change these secrets on their servers")
        read = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError):
        raise wrong(f"{path} cannot be read", "delete it, then give the secrets anew: pimforms servers add") from None
    return {key: value for key, value in read.items() if isinstance(value, str)} if isinstance(read, dict) else {}


def _write_file(kept: dict[str, str]) -> None:
    """Whole or not at all, and never for a moment open to others."""
    path = secrets_file()
    path.parent.mkdir(parents=True, exist_ok=True)
    new = path.with_name(f".{path.name}.{os.getpid()}")
    with suppress(FileNotFoundError):
        new.unlink()
    with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        json.dump(kept, file, indent=1)
    new.replace(path)


def ask_secret(prompt: str) -> Secret:
    """From the keyboard, unseen; from standard input where that is a pipe."""
    if sys.stdin is None or not sys.stdin.isatty():
        # Some terminals of Windows are pipes, too: who sits there must know what is waited for.
        print(prompt, end="", file=sys.stderr, flush=True)
        typed = sys.stdin.readline() if sys.stdin is not None else ""
    else:
        import getpass

        typed = getpass.getpass(prompt)
    # A file that an editor of Windows saved begins with a mark, read as one sign or as three.
    typed = typed.strip().removeprefix("\ufeff").removeprefix("\u00ef\u00bb\u00bf").strip()
    if not typed:
        raise wrong("no secret was given", "type it, or send it: pimforms servers add NAME … < FILE")
    return Secret(typed)
