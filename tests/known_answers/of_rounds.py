"""Vectors of FORMAT 12.10 and 12.11: what a round found, and how it ended."""

import hashlib
from collections.abc import Iterator

from known_answers import reference
from known_answers.files import Vector
from known_answers.making import (
    BROKEN,
    CASE_ID,
    INSTANCE,
    JOKO,
    NOT_YOURS,
    RINA,
    fault,
    flipped,
    good,
    some_bytes,
)

_NUMBER = (7).to_bytes(8, "big")
_SEED, _GATE = some_bytes("sri"), some_bytes("gate secret")
_SALT = some_bytes("salt of counts")
_COUNTS = b"".join(count.to_bytes(4, "big") for count in (31, 2, 3, 1, 4, 0))


def found() -> Iterator[Vector]:
    """FORMAT 12.10."""
    own = reference.derive(_SEED, INSTANCE, b"lurus/v1/round-key", _NUMBER)
    tag = reference.derive(
        own, INSTANCE, b"lurus/v1/round-subject", RINA, b"198003152005011002"
    )[:16]
    match = CASE_ID + some_bytes("outer", 16) + tag + b"\x02\x00"
    dated = b"a later case id." + some_bytes("another", 16) + bytes(16) + b"\x00\x01"
    vector = _locked("round_found", "12.10 round-found", b"found", match + dated)
    yield vector
    yield from _foreign(vector)
    cut = _lock(b"found", match[:-1])
    comment = "An entry lacks a byte."
    yield fault(vector, "round_found_cut", BROKEN, comment, cut)


def counts() -> Iterator[Vector]:
    """FORMAT 12.11."""
    vector = _locked("round_counts", "12.11 round-counts", b"ended", _SALT + _COUNTS)
    yield vector
    longer = _lock(b"ended", _SALT + _COUNTS + bytes(4))
    yield fault(vector, "round_counts_longer", BROKEN, "A count too many.", longer)
    label = b"lurus/v1/round-counts\x00"
    yield good(
        "round_commitment",
        "12.11 round-commitment",
        _SALT + _COUNTS,
        hashlib.sha256(label + _SALT + _COUNTS).digest(),
        "Salt and counts; what is signed of them comes of it.",
    )


def _foreign(vector: Vector) -> Iterator[Vector]:
    for name, inputs, comment in (
        ("other_seed", {"seed": some_bytes("budi")}, "Another custodian's."),
        ("other_gate", {"gate": some_bytes("another gate")}, "Another gate's."),
        ("other_round", {"number": 8}, "Another round's."),
        ("other_holder", {"holder": JOKO}, "Another's row."),
        ("other_stage", {"stage": "decided"}, "Another stage."),
    ):
        yield fault(vector, f"round_found_{name}", NOT_YOURS, comment, **inputs)
    damaged = flipped(vector.body, 170)
    comment = "One bit within."
    yield fault(vector, "round_found_damaged", NOT_YOURS, comment, damaged)


def _locked(name: str, place: str, stage: bytes, plain: bytes) -> Vector:
    return good(
        name,
        place,
        _lock(stage, plain),
        plain,
        "Under a custodian's seed, then under the gate secret.",
        instance=INSTANCE,
        seed=_SEED,
        gate=_GATE,
        number=7,
        holder=RINA,
        stage=stage.decode(),
    )


def _lock(stage: bytes, plain: bytes) -> bytes:
    own = reference.derive(_SEED, INSTANCE, b"lurus/v1/round-key", _NUMBER)
    gate = reference.derive(_GATE, INSTANCE, b"lurus/v1/round-gate", _NUMBER)
    where, salts = (RINA, stage), (some_bytes("inner salt"), some_bytes("outer salt"))
    inner = reference.lock(
        plain, own, INSTANCE, b"lurus/v1/round-inner", where, salts[0]
    )
    return reference.lock(inner, gate, INSTANCE, b"lurus/v1/round", where, salts[1])
