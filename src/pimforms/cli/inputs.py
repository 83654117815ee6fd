"""What several commands take: files or standard input, and the day."""

from __future__ import annotations

import argparse
import os
import sys
from datetime import date, datetime, timezone
from pathlib import Path
from typing import TYPE_CHECKING

from pimforms.source import MAX_BYTES, Source, UnreadableSource, decode, normalise, read_source

if TYPE_CHECKING:
    from pimforms.compiler import Checked

STANDARD_INPUT = "-"


def read(path: str) -> Source:
    """A file, or standard input for `-`. Raises UnreadableSource."""
    if path != STANDARD_INPUT:
        return read_source(path)
    return Source("<stdin>", normalise(decode(read_bytes(path), "<stdin>")))


def read_bytes(path: str) -> bytes:
    """The bytes of a file or of standard input, as they are."""
    if path != STANDARD_INPUT:
        return Path(path).read_bytes()
    stream = getattr(sys.stdin, "buffer", None)
    data: bytes = sys.stdin.read().encode() if stream is None else stream.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        limit = MAX_BYTES // 1_000_000
        raise UnreadableSource("<stdin>", f"this text has more than {limit} MB", "check that this is the .pim text")
    return data


def folder_of(path: str) -> Path:
    """Where the CSV files and modules beside a form are."""
    return Path.cwd() if path == STANDARD_INPUT else Path(path).resolve().parent


def check(path: str, today: date) -> Checked:
    """Everything that can be said about a form. Raises UnreadableSource."""
    from pimforms.compiler import check_source

    source = read(path)
    if not source.text.strip():
        raise UnreadableSource(
            source.path, "this file is empty", "write a form in it; for one to begin with: pimforms new NAME"
        )
    return check_source(source, folder_of(path), today=today)


def add_today(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--today",
        metavar="DATE",
        type=_day,
        help="the day to judge dates by, like 2026-12-31 (usual: SOURCE_DATE_EPOCH, else this day)",
    )


def today(options: argparse.Namespace) -> date:
    """The day of `--today`, of SOURCE_DATE_EPOCH (https://reproducible-builds.org), or this day."""
    if options.today is not None:
        chosen: date = options.today
        return chosen
    epoch = os.environ.get("SOURCE_DATE_EPOCH")
    if not epoch:
        return date.today()  # noqa: DTZ011  the user's own day
    try:
        return datetime.fromtimestamp(int(epoch), timezone.utc).date()
    except (ValueError, OverflowError, OSError):
        raise UnreadableSource(
            "SOURCE_DATE_EPOCH", f"`{epoch}` is not a number of seconds", "unset it, or use --today"
        ) from None


def _day(written: str) -> date:
    try:
        return datetime.strptime(written, "%Y-%m-%d").date()  # noqa: DTZ007  a day has no time zone
    except ValueError:
        raise argparse.ArgumentTypeError(f"`{written}` is not a day; write it like 2026-12-31") from None
