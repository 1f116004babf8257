"""Vectors of FORMAT 17: what the steps of a case leave in the public ledger."""

import hashlib
from collections.abc import Iterator

from known_answers import reference
from known_answers.files import Vector
from known_answers.making import (
    CASE_ID,
    INSTANCE,
    NOT_YOURS,
    fault,
    good,
    last_flipped,
    some_bytes,
)

_KEY = some_bytes("a case key")
_PADDED = (len(b"hello").to_bytes(4, "big") + b"hello").ljust(4096, b"\x00")
_WRITTEN, _NOTHING = (hashlib.sha256(text).digest() for text in (_PADDED, b""))


def leaves() -> Iterator[Vector]:
    """FORMAT 17.2."""
    for name, number, kind, digest, comment in (
        ("ledger_leaf", 0, 1, _WRITTEN, "The step received, of a report."),
        ("ledger_leaf_of_the_clock", 3, 15, _NOTHING, "A day was missed."),
    ):
        yield good(
            name,
            "17.2 ledger-leaf",
            _KEY,
            _leaf(number, kind, digest),
            comment,
            instance=INSTANCE,
            case_id=CASE_ID,
            number=str(number),
            kind=str(kind),
            digest=digest,
        )


def digests() -> Iterator[Vector]:
    """FORMAT 17.3."""
    ledger = reference.derive(_KEY, INSTANCE, b"lurus/v1/ledger", CASE_ID)
    locked = reference.lock(
        _WRITTEN,
        ledger,
        INSTANCE,
        b"lurus/v1/ledger-digest",
        (bytes(4),),
        some_bytes("a digest's salt"),
    )
    vector = good(
        "ledger_digest",
        "17.3 ledger-digest",
        locked,
        _WRITTEN,
        "Of what was written at the first step.",
        instance=INSTANCE,
        key=ledger,
        number="0",
    )
    yield vector
    yield fault(vector, "ledger_digest_other_step", NOT_YOURS, "Step 1.", number="1")
    damaged = last_flipped(locked)
    yield fault(vector, "ledger_digest_damaged", NOT_YOURS, "Its last bit.", damaged)


def _leaf(number: int, kind: int, digest: bytes) -> bytes:
    ledger = reference.derive(_KEY, INSTANCE, b"lurus/v1/ledger", CASE_ID)
    place = number.to_bytes(4, "big")

    def drawn(label: bytes, *fields: bytes) -> bytes:
        return reference.derive(ledger, INSTANCE, label, *fields)

    written = drawn(b"lurus/v1/ledger-written", place)
    body = hashlib.sha256(b"lurus/v1/ledger-body\x00" + written + digest).digest()
    return hashlib.sha256(
        b"lurus/v1/ledger-leaf\x00"
        + drawn(b"lurus/v1/ledger-opening", place)
        + drawn(b"lurus/v1/ledger-thread")
        + place
        + bytes([kind])
        + body
    ).digest()
