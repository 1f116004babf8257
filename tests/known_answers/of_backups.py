"""Vectors of FORMAT 15: a backup key on paper, a wrapped file key, a proof."""

from collections.abc import Iterator

from known_answers import reference
from known_answers.files import Vector, read
from known_answers.making import (
    BROKEN,
    INSTANCE,
    MISTYPED,
    NOT_YOURS,
    OTHER_INSTANCE,
    PUBLISHED,
    fault,
    good,
    last_flipped,
    some_bytes,
    wrap,
)

_LABEL = b"lurus/v1/backup-wrap"
_SYMBOLS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_MODULUS = 1_048_573
_HEADER = (
    b"lurus-backup\x01" + b"2026-12-07" + INSTANCE + b"-".join([b"0000"] * 8)
)  # 78 bytes


def keys() -> Iterator[Vector]:
    """FORMAT 15.1."""
    seed = some_bytes("backup")
    paper = _written(seed, 1)
    about = "15.1 backup-key"
    vector = good("backup_key", about, paper.encode(), seed, "As it is printed.")
    yield vector
    loose = paper.lower().replace("-", " ").replace("0", "o").encode()
    yield good("backup_key_loose", about, loose, seed, "As people type it.")
    other = "1" if paper[3] != "1" else "2"
    for name, typed, comment in (
        ("slip", paper[:3] + other + paper[4:], "One symbol is another."),
        (
            "swap",
            paper[:5] + paper[6] + paper[5] + paper[7:],
            "Two symbols are swapped.",
        ),
        ("short", paper[:-1], "The last symbol is missing."),
        ("of_the_gate", _written(seed, 0), "The paper of a gate's secret."),
        ("too_large", _written(b"\x01" + seed, 1), "More than 256 bits."),
    ):
        title = f"backup_key_{name}"
        yield fault(vector, title, MISTYPED, comment, typed.encode())


def wraps() -> Iterator[Vector]:
    """FORMAT 15.3."""
    file_key = some_bytes("backup file key")
    vector = good(
        "backup_wrap",
        "15.3 backup-wrap",
        wrap(file_key, _LABEL, INSTANCE, _HEADER),
        file_key,
        "The file key of a backup, to the backup key.",
        seed=read(PUBLISHED).body,
        instance=INSTANCE,
        header=_HEADER,
    )
    yield vector
    later = _HEADER.replace(b"2026-12-07", b"2027-01-01")
    for name, inputs, comment in (
        ("other_day", {"header": later}, "Another day in the header."),
        ("other_instance", {"instance": OTHER_INSTANCE}, "Another installation."),
        ("foreign", {"seed": some_bytes("joko")}, "Another backup key."),
    ):
        yield fault(vector, f"backup_wrap_{name}", NOT_YOURS, comment, **inputs)
    short = wrap(file_key[:-1], _LABEL, INSTANCE, _HEADER)
    for name, expect, body, comment in (
        ("damaged", NOT_YOURS, last_flipped(vector.body), "One bit of the tag."),
        ("short", BROKEN, short, "31 bytes are wrapped."),
    ):
        yield fault(vector, f"backup_wrap_{name}", expect, comment, body)


def proofs() -> Iterator[Vector]:
    """FORMAT 15.5."""
    gate, digest = some_bytes("gate"), some_bytes("entries")
    yield good(
        "backup_proof",
        "15.5 backup-proof",
        gate,
        reference.derive(gate, INSTANCE, b"lurus/v1/backup-proof", digest),
        "Under the secret of the gate.",
        instance=INSTANCE,
        digest=digest,
    )


def _written(secret: bytes, mark: int) -> str:
    number = int.from_bytes(secret, "big")
    symbols = _base32(number, 52) + _base32((number + mark) % _MODULUS, 4)
    return "-".join(symbols[at : at + 4] for at in range(0, 56, 4))


def _base32(number: int, length: int) -> str:
    return "".join(_SYMBOLS[number >> 5 * at & 31] for at in reversed(range(length)))
