"""`pimforms fmt`: the text of a form, laid out in the usual way."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

from pimforms.cli import inputs
from pimforms.cli.console import complain, write_bytes
from pimforms.source import Source, UnreadableSource
from pimforms.syntax.format import Rewrite, format_text, same_meaning
from pimforms.syntax.parse import parse


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("files", nargs="+", metavar="FILE", help="a .pim file, or `-` for standard input to output")
    parser.add_argument("--check", action="store_true", help="change nothing; end with 1 if something would change")
    parser.add_argument("--diff", action="store_true", help="change nothing; show what would change")


def run(options: argparse.Namespace) -> int:
    """0, or 1 with --check if a file would change, 2 if a file cannot be read or written."""
    code = 0
    for path in options.files:
        try:
            changed = _one(path, options)
        except UnreadableSource as error:
            complain(f"{error.path}: {error.message}", error.fix)
            code = 2
        else:
            code = max(code, int(changed and options.check))
    return code


def _one(path: str, options: argparse.Namespace) -> bool:
    """Lays one file out. Whether it was, or would be, changed."""
    source = inputs.read(path)
    text, rewrites = format_text(source)
    broken = _guard(source, text)
    only_look = options.check or options.diff
    if path == inputs.STANDARD_INPUT:
        changed = text != source.text
        if not only_look:
            write_bytes(text.encode("utf-8"))
    else:
        changed = inputs.read_bytes(path) != text.encode("utf-8")
        if changed and not only_look:
            _replace(Path(path), text.encode("utf-8"))
    if options.diff and changed:
        _print_diff(source, text)
    _say(source.path, changed, only_look, rewrites, broken)
    return changed


def _guard(source: Source, text: str) -> int:
    """How many lines were not understood. A text that says anything else after formatting is not written, ever."""
    before, _ = parse(source)
    after, _ = parse(Source(source.path, text))
    if not same_meaning(before, after):
        raise UnreadableSource(
            source.path,
            "laying this text out would change what it says, so it was left as it is; this is a fault of pimforms",
            "please report it, with the form if you may share it, to whoever maintains pimforms",
        )
    return len(before.junk)


def _replace(path: Path, data: bytes) -> None:
    """The file as a whole or not at all: a full disk must not cost a form. A link stays a link."""
    path = path.resolve()
    if not path.stat().st_mode & 0o222:
        raise UnreadableSource(str(path), "this file is read-only, so it was left as it is", "allow writing to it")
    beside = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        beside.write_bytes(data)
        beside.chmod(path.stat().st_mode & 0o777)
        beside.replace(path)
    except OSError as error:
        reason = error.strerror or str(error)
        fix = "free some space, or check that you may write there; the file is as it was"
        raise UnreadableSource(str(path), f"cannot write the file ({reason})", fix) from None
    finally:
        beside.unlink(missing_ok=True)


def _print_diff(source: Source, text: str) -> None:
    import difflib

    before, after = source.text.splitlines(keepends=True), text.splitlines(keepends=True)
    lines = difflib.unified_diff(before, after, source.path, f"{source.path} (formatted)")
    write_bytes("".join(lines).encode("utf-8"))


def _say(path: str, changed: bool, only_look: bool, rewrites: list[Rewrite], broken: int) -> None:
    """What was done, on standard error, so that standard output stays free for the text."""
    for rewrite in rewrites:
        print(f"{rewrite.place}: `{rewrite.written}` is now `{rewrite.now}`", file=sys.stderr)
    if changed and path != "<stdin>":
        print(f"{'would change' if only_look else 'changed'} {path}", file=sys.stderr)
    if broken:
        lines = "1 line was" if broken == 1 else f"{broken} lines were"
        print(f"{path}: {lines} not understood and left as written; see pimforms check", file=sys.stderr)
