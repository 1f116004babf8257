"""What makes vectors: bytes anyone can make again, good vectors and faults.

Good vectors are made by `crypto` itself with its randomness fixed. Faults and
wraps are made by `reference`: a fault is often something `crypto` refuses to
make, and the randomness of an HPKE encapsulation cannot be fixed, so every wrap
here uses the published X-Wing ciphertext, whose shared secret is known.
"""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from hashlib import shake_256

from known_answers import reference
from known_answers.files import OPENS, Vector, read

from crypto import InstanceId

PUBLISHED = "xwing_published"
INSTANCE = InstanceId(bytes(range(16)))
OTHER_INSTANCE = InstanceId(bytes(range(1, 17)))
CASE_ID = b"case 16 bytes id"
RINA, JOKO = b"rina", b"joko"
TEXT = b"Mereka membuang limbah malam hari."
NOT_YOURS, BROKEN, MISTYPED = "not yours", "broken", "mistyped"


def some_bytes(name: str, size: int = 32) -> bytes:
    """Return bytes that anyone can make again: SHAKE256 of *name*."""
    return shake_256(b"lurus vectors " + name.encode()).digest(size)


@contextmanager
def fixed_randomness(name: str) -> Iterator[None]:
    """Let `secrets` draw from `some_bytes` for a while."""
    drawn, kept = iter(some_bytes(name, 4096)), (secrets.token_bytes, secrets.randbits)
    secrets.token_bytes = lambda size=32: bytes(next(drawn) for _ in range(size))
    secrets.randbits = lambda bits: (
        int.from_bytes(secrets.token_bytes(32), "big") >> (256 - bits)
    )
    try:
        yield
    finally:
        secrets.token_bytes, secrets.randbits = kept


def good(
    name: str, place: str, body: bytes, output: bytes, comment: str, **inputs: object
) -> Vector:
    """Return a vector that opens; *place* is ``section construction``."""
    section, construction = place.split()
    written = {key.replace("_", "-"): _write(value) for key, value in inputs.items()}
    written["output"] = output.hex()
    return Vector(name, OPENS, section, construction, comment, written, body)


def fault(
    vector: Vector,
    name: str,
    expect: str,
    comment: str,
    body: bytes | None = None,
    **inputs: object,
) -> Vector:
    """Return *vector* with one thing wrong."""
    changed = {key.replace("_", "-"): _write(value) for key, value in inputs.items()}
    left = {key: value for key, value in vector.inputs.items() if key != "output"}
    return replace(
        vector,
        name=name,
        expect=expect,
        comment=comment,
        inputs=left | changed,
        body=vector.body if body is None else body,
    )


def _write(value: object) -> str:
    match value:
        case bytes():
            return value.hex()
        case tuple():
            return " ".join(field.hex() or "-" for field in value)
    return str(value)


def flipped(content: bytes, at: int) -> bytes:
    """Return *content* with the lowest bit of one byte turned."""
    return content[:at] + bytes([content[at] ^ 1]) + content[at + 1 :]


def last_flipped(content: bytes) -> bytes:
    return content[:-1] + bytes([content[-1] ^ 1])


def wrap(plaintext: bytes, label: bytes, *context: bytes) -> bytes:
    """Wrap to the identity of the published vector."""
    given = read(PUBLISHED)
    return reference.wrap(
        plaintext,
        given.raw("encapsulation"),
        given.raw("shared-secret"),
        label,
        *context,
    )
