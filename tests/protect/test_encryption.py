"""Encrypted forms: which need it, what is written, and what is said of a key that is none."""

from __future__ import annotations

import base64
from pathlib import Path

import pytest

from conftest import ROOT, TODAY
from forms import HEAD
from pimforms.compiler import check_source, compile_checked
from pimforms.model.publickey import BadKey, key_for_tests, read_public_key
from pimforms.source import Source, normalise

OFFICE = (ROOT / "examples" / "tour" / "office.pem").read_text(encoding="utf-8")
INLINE = read_public_key(OFFICE)
LACK = 'ask lack yes_no "Do you lack papers?"\n  topic civil_documents\n'
PHONE = 'ask phone text "Your number?"\n  gives phone_number\n  needed because "the desk calls back" until 2027-03-31\n'
# `openssl genrsa 1024`, `openssl ecparam -name prime256v1`: their public halves.
SHORT = (
    "MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQC3ksCu1T3u+YBZ88MKCEu3J0Pj"
    "uytUPklmvnWftzzfQGWMTOz6ij00fNnDWVM2FGjdjtnrPc5alnRNdOQ8jO2JPwjf"
    "kw4X7mAdOns2KUUBemF5dRybkilH6rEifFGL0hdpub6+aXII0j/FhfqysQw02AjG"
    "G+FEeX1AMXwpvRt/uwIDAQAB"
)
CURVE = (
    "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEklR0tp2yWPjK99JWAIVmj0SNT3UA"
    "PM2DQa+6mvsnmZknIlJ2LRtaQJoVqUckDxUl5llReO3TnzcOgK5Fwxfcyg=="
)


def with_facts(*lines: str) -> str:
    return HEAD.replace("{topic}", "services").replace(
        "  contact ", "".join(f"  {x}\n" for x in lines) + "  contact ", 1
    )


def made(head: str, body: str, folder: Path = ROOT):
    return compile_checked(check_source(Source("short.pim", normalise(head + body)), folder, today=TODAY))


def said(head: str, body: str, folder: Path = ROOT) -> list[str]:
    return [
        f"{d.code} {d.message}" for d in made(head, body, folder).diagnostics if d.code in ("PIM502", "PIM514", "PF113")
    ]


@pytest.mark.parametrize(
    ("body", "needed"),
    [
        (LACK, False),
        (PHONE, False),
        (PHONE + 'ask safe yes_no "Is it safe?"\n  sensitivity moderate\n', False),
        (LACK + PHONE, True),
        ('ask hurt yes_no "Did somebody shout?"\n  sensitivity severe\n', True),
    ],
)
def test_who_needs_a_key(body: str, needed: bool) -> None:
    assert [text[:6] for text in said(with_facts(), body)] == (["PIM502"] if needed else [])


def test_beside_a_name_the_two_ways_out_are_named() -> None:
    (found,) = [d for d in made(with_facts(), LACK + PHONE).diagnostics if d.code == "PIM502"]
    assert "split contact" in found.fix and "public key" in found.fix
    assert not found.rule.waivable


@pytest.mark.parametrize("written", [INLINE, "office.pem"])
def test_a_key_is_written_as_one_line(written: str) -> None:
    sheets = made(with_facts(f'public key "{written}"'), LACK, ROOT / "examples" / "tour").sheets
    assert sheets is not None
    assert sheets.settings["public_key"] == INLINE
    assert "submission_url" not in sheets.settings


def test_the_address_is_written_where_it_is_given() -> None:
    head = with_facts(f'public key "{INLINE}"', 'submit to "https://kc.kobotoolbox.org/submission"')
    sheets = made(head, LACK).sheets
    assert sheets is not None and sheets.settings["submission_url"] == "https://kc.kobotoolbox.org/submission"


def test_without_a_key_nothing_is_written() -> None:
    sheets = made(with_facts('submit to "https://kc.kobotoolbox.org/submission"'), LACK).sheets
    assert sheets is not None
    assert not {"public_key", "submission_url", "instance_name"} & sheets.settings.keys()


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("nonsense!", "is no key"),
        (OFFICE.replace("PUBLIC", "PRIVATE"), "is a private key"),
        (OFFICE.replace("PUBLIC KEY", "RSA PUBLIC KEY"), "is a public key in an older wrapping"),
        (OFFICE.replace("PUBLIC KEY", "CERTIFICATE"), "is a certificate"),
        (OFFICE[:200], "is a key that was cut off"),
        (INLINE[:-8], "is a key that was cut off"),
        (INLINE + "AAAA", "is no RSA public key"),
        (CURVE, "is a key of another kind; ODK encrypts with RSA"),
        (SHORT, "is too short: 1024 bits, and 2048 are needed"),
        ("QUJD" * 40, "is no RSA public key"),
        ("", "is no RSA public key"),
    ],
)
def test_what_is_no_key_is_said(text: str, problem: str) -> None:
    with pytest.raises(BadKey) as caught:
        read_public_key(text)
    assert caught.value.message == problem
    assert caught.value.fix


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (None, "`k.pem` is not there or not a text"),
        (b"\x30\x82\x01\x22\x00\xff\xfe", "`k.pem` is not there or not a text"),
        (OFFICE.replace("PUBLIC", "PRIVATE").encode(), "`k.pem` is a private key"),
    ],
)
def test_a_bad_file_is_said_at_its_line(tmp_path: Path, content: bytes | None, message: str) -> None:
    if content is not None:
        (tmp_path / "k.pem").write_bytes(content)
    head = with_facts('public key "k.pem"')
    (found,) = [d for d in made(head, LACK, tmp_path).diagnostics if d.is_error]
    assert (found.code, found.message) == ("PF113", message)
    assert found.place.text == '"k.pem"'


def test_a_key_with_notes_and_windows_lines_is_read() -> None:
    assert read_public_key("Our key, 2026\r\n" + OFFICE.replace("\n", "\r\n")) == INLINE


def test_the_test_key_is_there_for_any_form_and_is_known(tmp_path: Path) -> None:
    head = with_facts('public key "test_key.pem"')
    found = made(head, LACK, tmp_path)
    assert found.sheets is not None and found.sheets.settings["public_key"] == key_for_tests()
    assert [text[:6] for text in said(head, LACK, tmp_path)] == ["PIM514"]
    assert [text[:6] for text in said(with_facts(f'public key "{key_for_tests()}"'), LACK)] == ["PIM514"]


def der(tag: int, *parts: bytes) -> bytes:
    body = b"".join(parts)
    size = len(body)
    length = bytes([size]) if size < 128 else bytes([0x82, *size.to_bytes(2, "big")])
    return bytes([tag]) + length + body


def key(modulus: int, exponent: int) -> str:
    numbers = der(0x30, der(2, b"\0" + modulus.to_bytes(256, "big")), der(2, exponent.to_bytes(3, "big")))
    whole = der(0x30, bytes.fromhex("300d06092a864886f70d0101010500"), der(3, b"\0", numbers))
    return base64.b64encode(whole).decode()


@pytest.mark.parametrize(("modulus", "exponent", "fit"), [
    (2**2047 + 1, 65537, True), (2**2047 + 1, 3, True),
    (2**2047 + 1, 1, False), (2**2047 + 1, 0, False), (2**2047 + 1, 4, False), (2**2047, 65537, False),
])  # fmt: skip
def test_a_key_that_hides_nothing_is_no_key(modulus: int, exponent: int, fit: bool) -> None:
    """With an exponent of 1 everybody reads what was encrypted."""
    written = key(modulus, exponent)
    if fit:
        assert read_public_key(written) == written
        return
    with pytest.raises(BadKey):
        read_public_key(written)
