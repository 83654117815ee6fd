"""One virtual environment for each pyxform that servers use. They pin different openpyxl, so they cannot share one.

    python tests/converters/environments.py      # makes the missing ones and says where they are

They lie in `.envs/` of the checkout, or where the environment variable PIMFORMS_ENVS says. Delete one to renew it.
"""

from __future__ import annotations

import os
import secrets
import shutil
import subprocess
import sys
import venv
from contextlib import suppress
from pathlib import Path

VERSIONS = {
    "3.0.0": "pyxform==3.0.0",  # KoboToolbox
    "4.4.1": "pyxform==4.4.1",  # ODK Central
    "newest": "pyxform",
}
ROOT = Path(__file__).resolve().parents[2]
SECONDS = 600


class NoEnvironment(Exception):
    """An environment could not be made; the text says why and what to do."""


def folder() -> Path:
    """Where the environments lie."""
    return Path(os.environ.get("PIMFORMS_ENVS") or ROOT / ".envs")


def python_of(version: str) -> Path:
    """The Python of an environment, made if it is not there yet. Raises NoEnvironment."""
    home = folder() / f"pyxform-{version}"
    python = home / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    if python.exists():
        return python
    # Made under another name and then renamed, so that a half-made one is never used and two runs do not meet.
    making = home.with_name(f".{home.name}-{secrets.token_hex(4)}")
    try:
        folder().mkdir(parents=True, exist_ok=True)
        venv.create(making, with_pip=True)
        _install(making / python.relative_to(home), VERSIONS[version])
        with suppress(OSError):  # another run was faster
            making.rename(home)
    except OSError as error:
        raise NoEnvironment(f"the environment {home} could not be made: {error}") from error
    finally:
        shutil.rmtree(making, ignore_errors=True)
    if not python.exists():
        raise NoEnvironment(f"the environment {home} could not be made: {python} is missing")
    return python


def _install(python: Path, requirement: str) -> None:
    command = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", requirement]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=SECONDS, check=False)
    except subprocess.TimeoutExpired:
        raise NoEnvironment(f"pip did not finish installing {requirement} in {SECONDS} seconds") from None
    if done.returncode:
        raise NoEnvironment(
            f"pip could not install {requirement}, so nobody knows whether that converter accepts the forms.\n"
            f"Check the network, or point PIMFORMS_ENVS at environments made elsewhere.\n{done.stderr.strip()[-2000:]}"
        )


def main() -> int:
    for version in VERSIONS:
        try:
            print(f"{version:8} {python_of(version)}")
        except NoEnvironment as error:
            print(f"{version:8} {error}", file=sys.stderr)
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
