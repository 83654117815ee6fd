"""Text with places in it: reading a file into normalised text, and pointing at a part of it.

Everything later in the compiler speaks of a `Place`, never of a bare line number, so that a message,
a row of the workbook or an answer of a server can be led back to what the author wrote.
"""

from __future__ import annotations

import codecs
from bisect import bisect_right
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from pimforms.record import record

MAX_BYTES = 20_000_000
"""Largest source in bytes. A form of 10 000 questions in three languages has about 2 000 000."""

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_BINARY = ("this is a binary file, not text", "a form is plain text and its name ends in .pim")
# Spaces that word processors put in and nobody sees. Each becomes one plain space, so places do not move.
_SPACES = "\u00a0\u2007\u202f\u2009\u2002\u2003\u3000"


class UnreadableSource(Exception):
    """A file that cannot be read as text. `message` says what is wrong, `fix` what to do about it."""

    def __init__(self, path: str, message: str, fix: str) -> None:
        super().__init__(message)
        self.path = path
        self.message = message
        self.fix = fix


@dataclass(frozen=True, eq=False)
class Source:
    """One text: `path` is how the user named it, `text` has `\\n` line ends and plain spaces.

    Two sources are the same only if they are the same object: places point into one reading of a file.
    """

    path: str
    text: str = field(repr=False)

    @cached_property
    def _line_starts(self) -> list[int]:
        starts = [0]
        find = self.text.find
        at = find("\n")
        while at != -1:
            starts.append(at + 1)
            at = find("\n", at + 1)
        return starts

    def line_column(self, offset: int) -> tuple[int, int]:
        """The 1-based line and column (in characters) of an offset into `text`."""
        line = bisect_right(self._line_starts, offset)
        return line, offset - self._line_starts[line - 1] + 1

    def line_text(self, line: int) -> str:
        """The text of a 1-based line, without its line end."""
        starts = self._line_starts
        if not 1 <= line <= len(starts):
            return ""
        start = starts[line - 1]
        end = self.text.find("\n", start)
        return self.text[start:] if end == -1 else self.text[start:end]


@record
class Place:
    """A part of a source: offsets of its first character and of the one after its last."""

    source: Source
    start: int
    end: int

    @property
    def path(self) -> str:
        return self.source.path

    @property
    def line(self) -> int:
        return self.source.line_column(self.start)[0]

    @property
    def column(self) -> int:
        return self.source.line_column(self.start)[1]

    @property
    def end_line_column(self) -> tuple[int, int]:
        return self.source.line_column(max(self.start, self.end))

    @property
    def text(self) -> str:
        return self.source.text[self.start : self.end]

    def __str__(self) -> str:
        line, column = self.source.line_column(self.start)
        return f"{self.path}:{line}:{column}"


def read_source(path: str | Path, *, shown_as: str | None = None) -> Source:
    """Reads a file as text, whatever editor it went through: BOM, UTF-16, CRLF, non-breaking spaces.

    Raises UnreadableSource for a directory, a missing, binary or over-large file, or another encoding.
    """
    name = shown_as or str(path)
    file = Path(path)
    try:
        if file.is_dir():
            raise UnreadableSource(
                name, "this is a folder, not a form", f"name a file in it: pimforms check {name}/NAME.pim"
            )
        with file.open("rb") as opened:
            data = opened.read(MAX_BYTES + 1)  # not by its size: a pipe has none, and a device has no end
        if len(data) > MAX_BYTES:
            raise UnreadableSource(
                name,
                f"this file has more than {MAX_BYTES // 1_000_000} MB; no form has",
                "check that this is the .pim text and not an export or a picture",
            )
    except FileNotFoundError:
        raise UnreadableSource(name, "there is no such file", "check the name and the folder you are in") from None
    except PermissionError:
        raise UnreadableSource(
            name, "you may not read this file", "ask its owner, or close the program that holds it"
        ) from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise UnreadableSource(name, f"this file cannot be read ({reason})", "check the name and the disk") from None
    return Source(name, normalise(decode(data, name)))


def decode(data: bytes, name: str) -> str:
    """The text of some bytes: UTF-8, or UTF-16 and UTF-32 with (UTF-16 also without) a byte-order mark.

    Raises UnreadableSource for anything else, with the encoding that it seems to be.
    """
    for bom, marked in _BOMS:
        if data.startswith(bom):
            return _strict(data[len(bom) :], marked, name)
    if data[:4].startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        raise UnreadableSource(
            name,
            "this is a workbook or another Office file, not a form text",
            "a form is plain text and its name ends in .pim",
        )
    encoding = _utf16_without_bom(data)
    if encoding is None and b"\x00" in data:
        raise UnreadableSource(name, *_BINARY)
    return _strict(data, encoding or "utf-8", name)


def _utf16_without_bom(data: bytes) -> str | None:
    """UTF-16 shows as a zero in every second byte of plain Latin text, which form words are."""
    head = data[:400]
    if len(head) < 4:
        return None
    even, odd = head[0::2].count(0), head[1::2].count(0)
    if odd > len(head) // 4 and even == 0:
        return "utf-16-le"
    if even > len(head) // 4 and odd == 0:
        return "utf-16-be"
    return None


def _strict(data: bytes, encoding: str, name: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        if error.reason in ("unexpected end of data", "truncated data"):
            raise UnreadableSource(
                name, "this file was cut off: it ends in the middle of a letter", "copy or download it again, whole"
            ) from None
        if sum(byte < 0x20 and byte not in b"\t\n\r" for byte in data[:4000]) > len(data[:4000]) // 50:
            raise UnreadableSource(name, *_BINARY) from None
        line = data.count(b"\n", 0, error.start) + 1
        guess = _guess_encoding(data)
        seems = f"it looks like {guess}" if guess else "it is in another encoding"
        raise UnreadableSource(
            name,
            f"this file is not UTF-8: {seems} (first seen on line {line})",
            "open it in your editor, choose Save As, and pick the encoding UTF-8",
        ) from None


def _guess_encoding(data: bytes) -> str | None:
    """A likely name for one-byte text. Only for the message: nothing is ever decoded by a guess."""
    high = [byte for byte in data if byte >= 0x80]
    letters_1256 = sum(1 for byte in high if 0xC1 <= byte <= 0xED)
    if high and letters_1256 / len(high) > 0.8 and len(high) > len(data) / 5:
        return "Windows-1256 (Arabic)"
    if high:
        return "Windows-1252 (Western European)"
    return None


def normalise(text: str) -> str:
    """Line ends become `\\n`, unusual spaces plain ones, and the last line is ended. Nothing else changes."""
    if text.startswith("\ufeff"):
        text = text[1:]
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    for separator in ("\u2028", "\u2029", "\x0b", "\x0c", "\x85"):
        if separator in text:
            text = text.replace(separator, "\n")
    for space in () if text.isascii() else _SPACES:
        text = text.replace(space, " ")
    return text if text.endswith("\n") or not text else text + "\n"
