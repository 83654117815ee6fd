"""What editors and mail do to a text does not change what it says."""

from __future__ import annotations

import codecs
from pathlib import Path

import pytest

from pimforms.source import Source, UnreadableSource, read_source
from pimforms.syntax.format import format_text, same_meaning
from pimforms.syntax.parse import parse

TEXT = """\
form desk "Service desk"  # a comment
  organisation "Secours d'été"
    ar: "الإغاثة"
group people "People" for services
  ask age integer "How old are you?"
    when adult is yes
      and here is yes
    must be at least 1
  ask more many "What more?"
    - a "Á"
    - b "ب"
end group
"""
SMART = TEXT.replace(' "', " “").replace('"', "”")
SAME = {
    "utf-8 with a mark": codecs.BOM_UTF8 + TEXT.encode(),
    "utf-16 little endian": TEXT.encode("utf-16-le"),
    "utf-16 big endian": TEXT.encode("utf-16-be"),
    "utf-16 little endian with a mark": codecs.BOM_UTF16_LE + TEXT.encode("utf-16-le"),
    "utf-16 big endian with a mark": codecs.BOM_UTF16_BE + TEXT.encode("utf-16-be"),
    "CRLF": TEXT.replace("\n", "\r\n").encode(),
    "CR": TEXT.replace("\n", "\r").encode(),
    "no last line end": TEXT.rstrip("\n").encode(),
    "tabs": TEXT.replace("  ", "\t").encode(),
    "no indentation": "\n".join(line.strip() for line in TEXT.split("\n")).encode(),
    "smart quotes": SMART.encode(),
    "non-breaking spaces": "\n".join(
        line.partition('"')[0].replace(" ", "\u00a0") + '"' * ('"' in line) + line.partition('"')[2]
        for line in TEXT.split("\n")
    ).encode(),
    "marks of direction": TEXT.replace("\n", "\u200f\n").replace("  ask", "\u200e  ask").encode(),
    "bullets of a word processor": TEXT.replace("- a", "• a").replace("- b", "– b").encode(),
    "blank lines": TEXT.replace("\n", "\n \n").replace("yes\n \n      and", "yes\n      and").encode(),
}


def tree(data: bytes, tmp_path: Path):
    path = tmp_path / "form.pim"
    path.write_bytes(data)
    source = read_source(path)
    read, diagnostics = parse(source)
    assert diagnostics == []
    return source, read


@pytest.mark.parametrize("name", SAME)
def test_the_tree_is_the_same(name: str, tmp_path: Path) -> None:
    _, expected = tree(TEXT.encode(), tmp_path)
    _, read = tree(SAME[name], tmp_path)
    assert same_meaning(read, expected)


@pytest.mark.parametrize("name", sorted(set(SAME) - {"blank lines"}))
def test_formatting_takes_every_trace_away(name: str, tmp_path: Path) -> None:
    source, _ = tree(SAME[name], tmp_path)
    assert format_text(source)[0] == format_text(Source("x.pim", TEXT))[0]


@pytest.mark.parametrize(
    ("text", "encoding", "named"),
    [
        ('note a "Été à la clinique"\n', "cp1252", "Windows-1252"),
        ('note a "مرحبا بكم في العيادة"\n', "cp1256", "Windows-1256"),
    ],
)
def test_another_encoding_is_named(text: str, encoding: str, named: str, tmp_path: Path) -> None:
    path = tmp_path / "form.pim"
    path.write_bytes(text.encode(encoding))
    with pytest.raises(UnreadableSource) as error:
        read_source(path)
    assert named in error.value.message
    assert "line 1" in error.value.message
