"""Public keys for encrypted records: RSA, as PEM or as the base64 text that ODK wants (ODK XForms, `base64RsaPublicKey`)."""

from __future__ import annotations

import base64
import binascii
import re
from functools import cache

from pimforms.standards.data import data_path, table

TEST_KEY = "test_key.pem"
"""The file name of the key that travels with pimforms."""

_BLOCK = re.compile(r"-----BEGIN ([A-Z ]+)-----(.*?)-----END \1-----", re.DOTALL)
MAKE_A_PAIR = "\nopenssl genrsa -out private.pem 2048\nopenssl rsa -in private.pem -pubout -out office.pem\n"
"""Lines of their own: not every shell takes two commands in one line with `;`. They end with a line end, too."""
"""The commands that make a pair of keys."""
# SEQUENCE { OBJECT IDENTIFIER rsaEncryption (1.2.840.113549.1.1.1), NULL }, of RFC 8017 and RFC 5280.
_RSA = bytes.fromhex("300d06092a864886f70d0101010500")
_SEQUENCE, _BITS, _INTEGER = 0x30, 0x03, 0x02


class BadKey(Exception):
    """What is wrong with a key: a message without its subject ("is a private key"), and a fix."""

    def __init__(
        self, message: str, fix: str = f"make a pair, and keep private.pem in the office:{MAKE_A_PAIR}".rstrip()
    ) -> None:
        super().__init__(message)
        self.message, self.fix = message, fix


def read_public_key(text: str) -> str:
    """The key as one line of base64 (DER, SubjectPublicKeyInfo), from a PEM text or from base64. Raises BadKey."""
    blocks = _BLOCK.findall(text)
    kinds = [kind for kind, _ in blocks]
    if any("PRIVATE" in kind for kind in kinds):
        raise BadKey(
            "is a private key",
            "take that file away from the form at once, and name the public one: "
            "openssl rsa -in private.pem -pubout -out office.pem",
        )
    if "RSA PUBLIC KEY" in kinds:
        raise BadKey(
            "is a public key in an older wrapping",
            "turn it into the other one: openssl rsa -RSAPublicKey_in -in FILE -pubout -out office.pem",
        )
    if "CERTIFICATE" in kinds:
        raise BadKey("is a certificate", "take the key out of it: openssl x509 -in FILE -pubkey -noout > office.pem")
    found = next((body for kind, body in blocks if kind == "PUBLIC KEY"), text)
    if not blocks and "-----" in text:
        raise BadKey("is a key that was cut off", "copy the whole file, with its first and last line")
    key = "".join(found.split())
    try:
        der = base64.b64decode(key, validate=True)
    except (binascii.Error, ValueError):
        raise BadKey("is no key") from None
    bits = _modulus(der)
    least: int = table("limits")["key"]["bits"]
    if bits < least:
        raise BadKey(f"is too short: {bits} bits, and {least} are needed")
    return key


def _modulus(der: bytes) -> int:
    """The length of the modulus in bits. Raises BadKey if these bytes are not an RSA public key."""
    whole, rest = _part(der, _SEQUENCE)
    if rest:
        raise BadKey("is no RSA public key")
    if not whole.startswith(_RSA):
        raise BadKey("is a key of another kind; ODK encrypts with RSA")
    bits, rest = _part(whole[len(_RSA) :], _BITS)
    numbers, more = _part(bits[1:], _SEQUENCE)
    modulus, exponent = _part(numbers, _INTEGER)
    power, last = _part(exponent, _INTEGER)
    number, least = int.from_bytes(modulus, "big"), table("limits")["key"]["exponent"]
    if rest or more or last or bits[:1] != b"\0" or not power:
        raise BadKey("is no RSA public key")
    if int.from_bytes(power, "big") < least or not number % 2 or not power[-1] % 2:
        raise BadKey("is no RSA public key that encrypts anything")  # an exponent of 1 leaves the text as it is
    return number.bit_length()


def _part(der: bytes, tag: int) -> tuple[bytes, bytes]:
    """What the first value of DER holds, and what follows it. Raises BadKey if it is not of this kind, or cut off."""
    if len(der) < 2 or der[0] != tag:
        raise BadKey("is no RSA public key")
    length, start = der[1], 2
    if length & 0x80:
        start += length & 0x7F
        length = int.from_bytes(der[2:start], "big")
    if len(der) < start + length:
        raise BadKey("is a key that was cut off", "copy the whole key")
    return der[start : start + length], der[start + length :]


@cache
def key_for_tests() -> str:
    """The key that travels with pimforms, for tests and drafts."""
    return read_public_key(data_path("form_library", "standards", TEST_KEY).read_text(encoding="utf-8"))
