"""Vectors of FORMAT 12.12: what is counted of a case, under two keys."""

from collections.abc import Iterator

from known_answers import reference
from known_answers.files import Vector, read
from known_answers.making import (
    BROKEN,
    CASE_ID,
    INSTANCE,
    JOKO,
    NOT_YOURS,
    OTHER_INSTANCE,
    PUBLISHED,
    RINA,
    fault,
    flipped,
    good,
    some_bytes,
    wrap,
)

_GATE, _SALT = some_bytes("gate secret"), some_bytes("salt of a tally")
_ID, _PERIOD = some_bytes("tally id", 16), b"2026-H2"
_WORDS = b"case 2026-H1 money proven yyn 0 2 nnn"
_WRAP = b"lurus/v1/tally-wrap"


def ids() -> Iterator[Vector]:
    """FORMAT 12.12: where a tally stands."""
    thread = some_bytes("case key")
    for name, kind in (("tally_id", "case"), ("tally_id_reminder", "reminder")):
        label, fields = b"lurus/v1/tally-id", (CASE_ID, kind.encode())
        output = reference.derive(thread, INSTANCE, label, *fields)[:16]
        about = {"instance": INSTANCE, "case_id": CASE_ID, "kind": kind}
        comment = "The case key, and where its tally stands."
        yield good(name, "12.12 tally-id", thread, output, comment, **about)


def tallies() -> Iterator[Vector]:
    """FORMAT 12.12: what two keys open together."""
    padded = reference.pad(_WORDS, 64)
    tally = good(
        "tally",
        "12.12 tally",
        _sealed(padded),
        _WORDS,
        "What is counted of a case, behind the gate.",
        instance=INSTANCE,
        key=_GATE,
        seed=read(PUBLISHED).body,
        tally_id=_ID,
        period=_PERIOD.decode(),
        holder=RINA,
    )
    yield tally
    for name, inputs, comment in (
        ("other_gate", {"key": some_bytes("x")}, "Another gate secret."),
        ("foreign", {"seed": some_bytes("joko")}, "Another custodian's identity."),
        ("other_id", {"tally_id": bytes(16)}, "Moved to another place."),
        ("other_period", {"period": "2027-H1"}, "Moved to another half-year."),
        ("other_holder", {"holder": JOKO}, "Moved to another custodian."),
        ("other_instance", {"instance": OTHER_INSTANCE}, "Another installation."),
    ):
        yield fault(tally, f"tally_{name}", NOT_YOURS, comment, **inputs)
    wrapped = wrap(padded, _WRAP, _ID, _PERIOD, RINA)
    outer = wrap(padded, b"lurus/v1/outer-wrap", _ID, _PERIOD, RINA)
    for name, expect, body, comment in (
        ("damaged", NOT_YOURS, flipped(tally.body, 500), "One bit of the ciphertext."),
        ("without_gate", NOT_YOURS, wrapped, "The gate is off."),
        ("outer", NOT_YOURS, _locked(outer), "Wrapped for another purpose."),
        ("short", BROKEN, _sealed(padded[:-1]), "63 bytes are wrapped."),
        ("not_ascii", BROKEN, _sealed(reference.pad(b"\xff", 64)), "No words."),
        ("unknown_version", BROKEN, b"\x02" + tally.body[1:], "Not 01."),
    ):
        yield fault(tally, f"tally_{name}", expect, comment, body)


def _sealed(padded: bytes) -> bytes:
    return _locked(wrap(padded, _WRAP, _ID, _PERIOD, RINA))


def _locked(wrapped: bytes) -> bytes:
    gate = reference.derive(_GATE, INSTANCE, b"lurus/v1/tally-gate")
    context = (_ID, _PERIOD, RINA)
    return reference.lock(wrapped, gate, INSTANCE, b"lurus/v1/tally", context, _SALT)
