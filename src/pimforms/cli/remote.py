"""What the commands about servers share: their options, settings, progress, and how trouble ends."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pimforms.cli import inputs
from pimforms.cli.console import complain, write_bytes
from pimforms.model.server import Stage

if TYPE_CHECKING:
    from pimforms.servers.config import ProjectSettings, ServerEntry
    from pimforms.servers.trouble import ServerTrouble

DONE, REFUSED_HERE, WRONG_USE, REFUSED_THERE, UNREACHABLE = range(5)
"""Exit codes: done or nothing to do; refused by the form's own rules; wrong use; the server refused or failed; not reached."""


def add_server_arguments(parser: argparse.ArgumentParser, *, word: str) -> None:
    parser.add_argument(
        word, dest="server", metavar="SERVER", required=True, help="a name from `pimforms servers list`"
    )
    parser.add_argument(
        "--project", metavar="PROJECT",
        help="ODK Central: number or name of the project. KoboToolbox: uid of a project to take over",
    )  # fmt: skip
    parser.add_argument("--json", action="store_true", help="write one JSON object to standard output, for CI")


def add_stage_arguments(parser: argparse.ArgumentParser, *, publishes: bool) -> None:
    stages = parser.add_mutually_exclusive_group()
    for stage, how in (
        (Stage.DRAFT, "put it there and do not publish it"),
        (Stage.PILOT, "publish it as a project of its own, to try it with few people"),
        (Stage.PRODUCTION, "publish it, to collect data"),
    ):
        stages.add_argument(
            f"--{stage.value}", dest="stage", action="store_const", const=stage, help=how if publishes else None
        )


@dataclass(frozen=True, slots=True)
class Remote:
    """Where a command goes: the server's entry, and what the forms of the folder have in common."""

    entry: ServerEntry
    project: ProjectSettings
    folder: Path


def remote(options: argparse.Namespace, folder: Path) -> Remote:
    """The settings for the server that was named. Raises ServerTrouble."""
    from pimforms.servers.config import read_settings

    settings = read_settings(folder)
    return Remote(settings.server(options.server), settings.project, folder)


def live_workbook(name: str) -> bytes:
    """The workbook behind `SERVER:FORM_ID`. Raises ServerTrouble."""
    from pimforms.servers.config import read_settings
    from pimforms.servers.open import open_server
    from pimforms.servers.trouble import ServerTrouble

    server_name, _, form_id = name.partition(":")
    server = open_server(read_settings(Path.cwd()).server(server_name))
    try:
        live = server.find(form_id)
        if live is None:
            raise ServerTrouble(f"there is no form `{form_id}` on {server_name}", "check its name on the server")
        return server.workbook(live)
    finally:
        server.close()


def folder_of(options: argparse.Namespace) -> Path:
    return inputs.folder_of(options.file)


@contextmanager
def trouble_said(options: argparse.Namespace) -> Iterator[list[int]]:
    """Turns ServerTrouble into a message and the number to end with, which is put into the list."""
    from pimforms.servers.trouble import ServerTrouble

    ends: list[int] = []
    try:
        yield ends
    except ServerTrouble as trouble:
        say_trouble(trouble, as_json=options.json)
        ends.append(trouble.code)
    except BrokenPipeError:
        raise
    except BaseException as error:  # `main` says it to a person; a program still gets its object
        if options.json:
            print_json({"exit": WRONG_USE, **_in_words(error), "status": None})
        raise


def _in_words(error: BaseException) -> dict[str, str]:
    from pimforms.source import UnreadableSource

    if isinstance(error, UnreadableSource):
        return {"error": f"{error.path}: {error.message}", "fix": error.fix}
    if isinstance(error, KeyboardInterrupt):
        return {"error": "stopped", "fix": "run the same command again: it looks first at what is there"}
    return {"error": f"pimforms failed ({type(error).__name__})", "fix": "read what stands on standard error"}


def say_trouble(trouble: ServerTrouble, *, as_json: bool) -> None:
    if as_json:
        print_json({"exit": trouble.code, "error": trouble.message, "fix": trouble.fix, "status": trouble.status})
    complain(trouble.message, trouble.fix)


def print_json(value: Any) -> None:
    """ASCII, so that no console can damage it."""
    write_bytes((json.dumps(value, indent=2) + "\n").encode("ascii"))


def progress() -> Callable[[str], None]:
    """Says each step as it begins, on standard error, so that nobody thinks that nothing happens."""

    def say(step: str) -> None:
        with suppress(OSError):
            print(f"  {step} …", file=sys.stderr, flush=True)

    return say
