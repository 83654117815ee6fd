"""The terminal: what it can show, and writing to it whatever its encoding is."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from typing import TextIO

_CODES = {"red": "31;1", "yellow": "33;1", "blue": "34;1", "bold": "1", "green": "32"}


def survive_encodings() -> None:
    """Texts in Arabic must not stop a command in a console that cannot show them: they are written as `\\u0627`."""
    for stream in (sys.stdout, sys.stderr):
        with suppress(AttributeError, ValueError, OSError):  # a stream that a test or another program put there
            stream.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]


def has_color(stream: TextIO) -> bool:
    """Whether a stream is a terminal that shows colour and whose user has not asked for none (https://no-color.org)."""
    if os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb":
        return False
    try:
        return stream.isatty() and _terminal_mode(stream)
    except (AttributeError, ValueError, OSError):
        return False


def _terminal_mode(stream: TextIO) -> bool:
    """Windows shows colour only in a mode that a program must switch on; elsewhere it is always on."""
    if sys.platform != "win32":
        return True
    import ctypes
    import msvcrt

    kernel = ctypes.windll.kernel32
    handle = msvcrt.get_osfhandle(stream.fileno())
    mode = ctypes.c_uint32()
    if not kernel.GetConsoleMode(handle, ctypes.byref(mode)):
        return False
    virtual_terminal = 0x0004  # ENABLE_VIRTUAL_TERMINAL_PROCESSING
    return bool(kernel.SetConsoleMode(handle, mode.value | virtual_terminal))


def paint(text: str, color: str, on: bool) -> str:
    """The text in a colour, or as it is."""
    return f"\033[{_CODES[color]}m{text}\033[0m" if on and text else text


def complain(message: str, fix: str = "") -> None:
    """One message about the command itself, on standard error."""
    on = has_color(sys.stderr)
    said = f"{paint('error', 'red', on)}: {message}\n"
    if fix:
        said += f"  = {paint('fix', 'bold', on)}: {fix}\n"
    with suppress(OSError):  # nobody hears; the number that the command ends with still tells
        print(said, end="", file=sys.stderr)


def write_bytes(data: bytes) -> None:
    """Bytes to standard output as they are: a text for another program is UTF-8 on every computer."""
    buffer = getattr(sys.stdout, "buffer", None)
    if buffer is None:
        sys.stdout.write(data.decode("utf-8"))
    else:
        sys.stdout.flush()
        buffer.write(data)
        buffer.flush()


def settle_output() -> None:
    """Writes out what is left. If standard output is broken it goes nowhere, so that Python is silent when it ends."""
    try:
        sys.stdout.flush()
    except (OSError, ValueError):
        with suppress(Exception):
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
