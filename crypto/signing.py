"""What a custodian signs: a round's line, an answer from elsewhere, figures (FORMAT 16).

Security: HPKE in base mode authenticates nobody, so a custodian's seed also yields an
Ed25519 key (RFC 8032). Its public half is registered beside the recipient: whoever can
write rows can register another, so a signature shows who signed only as long as the
registered half is the custodian's. A signature under one label is none under another,
and no cosignature of the public trail: that begins with a line of its own (FORMAT 21.5).
"""

from enum import Enum

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import (
    Ed25519PrivateKey,
    Ed25519PublicKey,
)

from crypto.errors import BrokenError
from crypto.keys import Identity
from crypto.lock import InstanceId

LABEL_CUSTODIAN_SIGNING = b"lurus/v1/custodian-signing"
LABEL_ROUND_LINE = b"lurus/v1/round-line"
LABEL_ROUND_ANSWER = b"lurus/v1/round-answer"
LABEL_FIGURES = b"lurus/v1/figures"

SIGNING_KEY_SIZE = 32
SIGNATURE_SIZE = 64

_PRIME = 2**255 - 19
_WITHOUT_SIGN = 2**255 - 1


class Signed(Enum):
    """What is signed, by its label."""

    LINE = LABEL_ROUND_LINE
    """The one line that a round leaves in the record."""
    ANSWER = LABEL_ROUND_ANSWER
    """What a custodian found away from the portal."""
    FIGURES = LABEL_FIGURES
    """The figures of a half-year or a year, as they were made public."""


def signing_key(identity: Identity, instance: InstanceId) -> bytes:
    """Return the public half, to be registered: `SIGNING_KEY_SIZE` bytes."""
    return _private(identity, instance).public_key().public_bytes_raw()


def sign(
    identity: Identity, message: bytes, what: Signed, *, instance: InstanceId
) -> bytes:
    """Sign *message*; the same bytes each time, `SIGNATURE_SIZE` of them."""
    return _private(identity, instance).sign(_signed(message, what))


def verify(public: bytes, message: bytes, signature: bytes, what: Signed) -> None:
    """Check that who registered *public* signed exactly this.

    Raises:
        BrokenError: another key, message or label, damaged, or no signature at all.
    """
    _check(public, _signed(message, what), signature)


def sign_cosignature(
    identity: Identity, text: bytes, second: int, *, instance: InstanceId
) -> bytes:
    """Cosign the text of a checkpoint; *second*: Unix time that it states."""
    return _private(identity, instance).sign(_cosigned(text, second))


def verify_cosignature(
    public: bytes, text: bytes, second: int, signature: bytes
) -> None:
    """Check that who registered *public* cosigned exactly this.

    Raises:
        BrokenError: another key, text or time, damaged, or no signature at all.
    """
    _check(public, _cosigned(text, second), signature)


def read_public(public: bytes) -> Ed25519PublicKey:
    """Return the key with this public half, which has one encoding.

    RFC 8032, section 5.1.3; OpenSSL takes others of the same point, too.

    Raises:
        BrokenError: it is none.
    """
    y = int.from_bytes(public, "little") & _WITHOUT_SIGN
    has_sign = public[-1:] > b"\x7f"
    if len(public) != SIGNING_KEY_SIZE or y >= _PRIME:
        raise BrokenError
    if has_sign and y in {1, _PRIME - 1}:
        raise BrokenError  # of x = 0 there is no odd one
    try:
        return Ed25519PublicKey.from_public_bytes(public)
    except ValueError:
        raise BrokenError from None


def _private(identity: Identity, instance: InstanceId) -> Ed25519PrivateKey:
    key = identity.key(instance).derive(LABEL_CUSTODIAN_SIGNING)
    return Ed25519PrivateKey.from_private_bytes(key.reveal())


def _signed(message: bytes, what: Signed) -> bytes:
    return what.value + b"\x00" + message


def _cosigned(text: bytes, second: int) -> bytes:
    return b"cosignature/v1\ntime %d\n" % second + text


def _check(public: bytes, signed: bytes, signature: bytes) -> None:
    if len(signature) != SIGNATURE_SIZE:
        raise BrokenError
    try:
        read_public(public).verify(signature, signed)
    except InvalidSignature:
        raise BrokenError from None
