"""Vectors of FORMAT 16: a custodian's signing key, and what is signed with it.

Ed25519 stands here a second time, after the listing of RFC 8032 section 6: the
signatures are not made by the library that checks them.
"""

import hashlib
from collections.abc import Iterator

from known_answers import reference
from known_answers.files import Vector
from known_answers.making import (
    BROKEN,
    INSTANCE,
    OTHER_INSTANCE,
    fault,
    flipped,
    good,
    last_flipped,
    some_bytes,
)

_P = 2**255 - 19
_ORDER = 2**252 + 27742317777372353535851937790883648493
_D = -121665 * pow(121666, -1, _P) % _P
_LABEL = "lurus/v1/round-line"
_LINE = "round 7, 2026-12-07, 3 waiting"

_Point = tuple[int, int]


def keys() -> Iterator[Vector]:
    """FORMAT 16.1."""
    seed = some_bytes("sari")
    yield good(
        "signing_key",
        "16.1 signing-key",
        seed,
        _public(_private(seed, INSTANCE)),
        "The seed below; the public half comes of it.",
        instance=INSTANCE,
    )
    yield good(
        "signing_key_other_instance",
        "16.1 signing-key",
        seed,
        _public(_private(seed, OTHER_INSTANCE)),
        "The same seed at another installation.",
        instance=OTHER_INSTANCE,
    )


def signatures() -> Iterator[Vector]:
    """FORMAT 16.2."""
    private = _private(some_bytes("sari"), INSTANCE)
    signature = _sign(private, _LABEL.encode() + b"\x00" + _LINE.encode())
    vector = good(
        "signature",
        "16.2 signature",
        signature,
        _LINE.encode(),
        "A round's line, signed.",
        public=_public(private),
        label=_LABEL,
        message=_LINE,
    )
    yield vector
    for name, inputs, comment in (
        ("other_line", {"message": _LINE.replace("3", "4")}, "Another line."),
        ("other_label", {"label": "lurus/v1/round-answer"}, "Another label."),
        ("other_key", {"public": _public(some_bytes("joko"))}, "Another's key."),
        ("short_key", {"public": _public(private)[:-1]}, "The key lacks a byte."),
    ):
        yield fault(vector, f"signature_{name}", BROKEN, comment, **inputs)
    bare = _sign(private, _LABEL.encode() + _LINE.encode())
    large = int.from_bytes(signature[32:], "little") + _ORDER
    twin = signature[:32] + large.to_bytes(32, "little")
    for name, body, comment in (
        ("damaged_point", flipped(signature, 0), "One bit of the point."),
        ("damaged_scalar", last_flipped(signature), "One bit of the scalar."),
        ("short", signature[:-1], "The last byte is missing."),
        ("longer", signature + b"\x00", "A byte too many."),
        ("no_separator", bare, "Signed without the 00 between label and message."),
        ("not_reduced", twin, "The scalar plus the order of the group."),
    ):
        yield fault(vector, f"signature_{name}", BROKEN, comment, body)


def _private(seed: bytes, instance: bytes) -> bytes:
    return reference.derive(seed, instance, b"lurus/v1/custodian-signing")


def _public(private: bytes) -> bytes:
    return _written(_times(_halves(private)[0], _base()))


def _sign(private: bytes, message: bytes) -> bytes:
    scalar, prefix = _halves(private)
    nonce = _number(prefix + message) % _ORDER
    point = _written(_times(nonce, _base()))
    challenge = _number(point + _public(private) + message) % _ORDER
    answer = (nonce + challenge * scalar) % _ORDER
    return point + answer.to_bytes(32, "little")


def _halves(private: bytes) -> tuple[int, bytes]:
    drawn = hashlib.sha512(private).digest()
    scalar = int.from_bytes(drawn[:32], "little")
    scalar &= (1 << 254) - 8
    return scalar | 1 << 254, drawn[32:]


def _number(text: bytes) -> int:
    return int.from_bytes(hashlib.sha512(text).digest(), "little")


def _base() -> _Point:
    y = 4 * pow(5, -1, _P) % _P
    square = (y * y - 1) * pow(_D * y * y + 1, -1, _P) % _P
    x = pow(square, (_P + 3) // 8, _P)
    if (x * x - square) % _P:
        x = x * pow(2, (_P - 1) // 4, _P) % _P
    return (x if x % 2 == 0 else _P - x), y


def _add(one: _Point, other: _Point) -> _Point:
    (a, b), (c, d) = one, other
    both = _D * a * b * c * d % _P
    x = (a * d + b * c) * pow(1 + both, -1, _P) % _P
    return x, (b * d + a * c) * pow(1 - both, -1, _P) % _P


def _times(count: int, point: _Point) -> _Point:
    total = (0, 1)
    while count:
        if count & 1:
            total = _add(total, point)
        point, count = _add(point, point), count >> 1
    return total


def _written(point: _Point) -> bytes:
    x, y = point
    return (y | (x & 1) << 255).to_bytes(32, "little")
