"""Vectors of FORMAT 12: shares, gates, what a gate and a custodian open together."""

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
    last_flipped,
    some_bytes,
    wrap,
)

_SUBJECT = b"198003152005011002"
_SHARE, _FIRST = some_bytes("share", 64), some_bytes("first envelope")
_GATE, _SALT = some_bytes("gate secret"), some_bytes("salt of an outer")


def _fields(*fields: bytes) -> bytes:
    return b"".join(len(part).to_bytes(2, "big") + part for part in fields)


def _encoded(rule: bytes, date: bytes = b"", subject: bytes = b"") -> bytes:
    return reference.pad(_fields(rule, date, subject, _SHARE, _FIRST), 256)


def shares() -> Iterator[Vector]:
    """FORMAT 12.1."""
    for name, words, comment in (
        ("share", (b"deadline", b"", b""), "What a report's outer holds."),
        ("share_never", (b"never", b"", _SUBJECT), "Kept for good."),
        ("share_date", (b"date", b"2027-01-31", b""), "Released on a day."),
        ("share_match", (b"match-2", b"", _SUBJECT), "Released by a second one."),
        (
            "share_match_or_date",
            (b"match-3", b"2027-01-31", _SUBJECT),
            "Released by two more, or on a day.",
        ),
    ):
        output = b"\n".join((*words, _SHARE + _FIRST))
        yield good(name, "12.1 share", _encoded(*words), output, comment)
    yield from _broken_shares()


def _broken_shares() -> Iterator[Vector]:
    whole = good("share", "12.1 share", _encoded(b"deadline"), b"", "")
    right = (b"deadline", b"", b"", _SHARE, _FIRST)
    for name, fields, comment in (
        ("no_rule", (b"", *right[1:]), "No rule."),
        ("unknown_rule", (b"match-4", b"", _SUBJECT, *right[3:]), "Not a rule."),
        ("loud_rule", (b"Deadline", *right[1:]), "Another spelling of a rule."),
        ("deadline_with_date", (right[0], b"2027-01-31", *right[2:]), "Has a day."),
        ("date_without_date", (b"date", *right[1:]), "Has no day."),
        (
            "date_other_spelling",
            (b"date", b"20270131", *right[2:]),
            "Not the spelling.",
        ),
        ("no_such_day", (b"date", b"2027-02-30", *right[2:]), "No such day."),
        ("match_without_subject", (b"match-2", *right[1:]), "Has no subject."),
        ("not_utf8", (right[0], b"", b"\xff", *right[3:]), "The subject is no text."),
        ("short_share", (*right[:3], _SHARE[:-1], _FIRST), "A byte is missing."),
        ("short_first", (*right[:4], _FIRST[:-1]), "A byte is missing."),
        ("four_fields", right[:4], "A field is missing."),
        ("six_fields", (*right, b""), "A field too many."),
    ):
        body = reference.pad(_fields(*fields), 256)
        yield fault(whole, f"share_{name}", BROKEN, comment, body)
    cut = reference.pad(_fields(*right)[:-1], 256)
    yield fault(whole, "share_cut", BROKEN, "The last field is cut.", cut)
    comment = "A 1 after the fields."
    yield fault(whole, "share_not_zero", BROKEN, comment, last_flipped(whole.body))
    yield fault(whole, "share_longer", BROKEN, "A zero too many.", whole.body + b"\x00")


def gates() -> Iterator[Vector]:
    """FORMAT 12.2."""
    output = reference.derive(_GATE, INSTANCE, b"lurus/v1/gate", CASE_ID)
    comment = "The gate secret, and the key of one case's gate."
    about = {"instance": INSTANCE, "case_id": CASE_ID}
    yield good("gate_key", "12.2 gate-key", _GATE, output, comment, **about)


def outers() -> Iterator[Vector]:
    """FORMAT 12.3 and 12.4."""
    encoded = _encoded(b"deadline")
    inner = wrap(encoded, b"lurus/v1/outer-wrap", CASE_ID, RINA)
    where = {"case_id": CASE_ID, "holder": RINA}
    locked = good(
        "outer",
        "12.3 outer",
        _locked(inner),
        inner,
        "What the table holds; without its lock it is still a wrap.",
        instance=INSTANCE,
        key=_GATE,
        **where,
    )
    yield locked
    yield from _faulty_outers(locked, inner)
    opened = good(
        "inner",
        "12.3 inner",
        inner,
        encoded,
        "What is left when the gate is off.",
        seed=read(PUBLISHED).body,
        **where,
    )
    yield opened
    yield from _faulty_inners(opened, locked.body)
    yield from _rewraps(inner, encoded, where)


def _locked(inner: bytes) -> bytes:
    gate = reference.derive(_GATE, INSTANCE, b"lurus/v1/gate", CASE_ID)
    context = (CASE_ID, RINA)
    return reference.lock(inner, gate, INSTANCE, b"lurus/v1/outer", context, _SALT)


def _faulty_outers(outer: Vector, inner: bytes) -> Iterator[Vector]:
    for name, inputs, comment in (
        ("other_gate", {"key": some_bytes("x")}, "Another gate secret."),
        ("other_case", {"case_id": bytes(16)}, "Moved to another case."),
        ("other_holder", {"holder": JOKO}, "Moved to another custodian."),
        ("other_instance", {"instance": OTHER_INSTANCE}, "Another installation."),
    ):
        yield fault(outer, f"outer_{name}", NOT_YOURS, comment, **inputs)
    for name, expect, body, comment in (
        ("cut", NOT_YOURS, outer.body[:-1], "The last byte is missing."),
        ("damaged", NOT_YOURS, flipped(outer.body, 500), "One bit of the ciphertext."),
        ("without_gate", NOT_YOURS, inner, "The gate is off already."),
        ("short_inner", BROKEN, _locked(inner[:-1]), "What is locked lacks a byte."),
        ("unknown_version", BROKEN, b"\x02" + outer.body[1:], "Not 01."),
    ):
        yield fault(outer, f"outer_{name}", expect, comment, body)


def _faulty_inners(inner: Vector, outer: bytes) -> Iterator[Vector]:
    dummy = wrap(some_bytes("noise", 256), b"lurus/v1/outer-wrap", CASE_ID, RINA)
    for name, inputs, comment in (
        ("foreign", {"seed": some_bytes("joko")}, "Another custodian's identity."),
        ("other_case", {"case_id": bytes(16)}, "Moved to another case."),
        ("other_holder", {"holder": JOKO}, "Moved to another custodian."),
    ):
        yield fault(inner, f"inner_{name}", NOT_YOURS, comment, **inputs)
    case_wrap = wrap(some_bytes("noise", 256), b"lurus/v1/case-wrap", CASE_ID, RINA)
    for name, expect, body, comment in (
        ("gate_on", NOT_YOURS, outer, "The gate was left on."),
        ("cut", NOT_YOURS, inner.body[:-1], "The last byte is missing."),
        ("officers_wrap", NOT_YOURS, case_wrap, "Wrapped for another purpose."),
        ("dummy", BROKEN, dummy, "Random bytes: it opens to nothing."),
    ):
        yield fault(inner, f"inner_{name}", expect, comment, body)


def _rewraps(inner: bytes, encoded: bytes, where: dict[str, bytes]) -> Iterator[Vector]:
    about = {"seed": read(PUBLISHED).body, "to_seed": some_bytes("rina, later")} | where
    noise, place = some_bytes("noise", 256), "12.5 rewrap-inner"
    comment = "A share, wrapped to the custodian's next identity."
    again = good("rewrap_inner", place, inner, encoded, comment, **about)
    yield again
    dummy = wrap(noise, b"lurus/v1/outer-wrap", CASE_ID, RINA)
    comment = "A dummy, which stays one."
    yield good("rewrap_inner_dummy", place, dummy, noise, comment, **about)
    short = wrap(noise[:-1], b"lurus/v1/outer-wrap", CASE_ID, RINA)
    yield fault(again, "rewrap_inner_short", BROKEN, "255 bytes are wrapped.", short)
    comment = "Another custodian's wrap."
    yield fault(again, "rewrap_inner_other_holder", NOT_YOURS, comment, holder=JOKO)


def notices() -> Iterator[Vector]:
    """FORMAT 12.7."""
    words = (b"forced-withdrawal", CASE_ID, b"2027-01-31")
    told = good(
        "notice",
        "12.7 notice",
        _noticed(_fields(*words)),
        reference.pad(_fields(*words), 256),
        "A custodian is told that a withdrawal was demanded.",
        seed=read(PUBLISHED).body,
        case_id=CASE_ID,
        holder=RINA,
    )
    yield told
    kinds = (b"hunt", b"pressure", b"retaliation")
    three = b"".join(_fields(kind, *words[1:]) for kind in kinds)
    yield good(
        "notice_three",
        "12.7 notice",
        _noticed(three),
        reference.pad(three, 256),
        "Somebody is after a reporter: all that was told, in one wrap.",
        seed=read(PUBLISHED).body,
        case_id=CASE_ID,
        holder=RINA,
    )
    for name, inputs, comment in (
        ("foreign", {"seed": some_bytes("joko")}, "Another custodian's identity."),
        ("other_case", {"case_id": bytes(16)}, "Moved to another case."),
        ("other_holder", {"holder": JOKO}, "Moved to another custodian."),
    ):
        yield fault(told, f"notice_{name}", NOT_YOURS, comment, **inputs)
    outer = wrap(some_bytes("noise", 256), b"lurus/v1/outer-wrap", CASE_ID, RINA)
    yield fault(told, "notice_outer", NOT_YOURS, "Wrapped for another purpose.", outer)
    for name, fields, comment in (
        ("unknown_kind", (b"forced", *words[1:]), "Not a kind."),
        ("wrong_case", (words[0], bytes(16), words[2]), "Speaks of another case."),
        ("short_case", (words[0], CASE_ID[:-1], words[2]), "A byte is missing."),
        ("no_such_day", (*words[:2], b"2027-02-30"), "No such day."),
        ("other_spelling", (*words[:2], b"20270131"), "Not the spelling of a day."),
        ("two_fields", words[:2], "A field is missing."),
    ):
        body = _noticed(_fields(*fields))
        yield fault(told, f"notice_{name}", BROKEN, comment, body)
    four = three + _fields(*words)
    yield fault(told, "notice_four", BROKEN, "One too many.", _noticed(four))
    yield fault(told, "notice_none", BROKEN, "It tells nothing.", _noticed(b""))
    dummy = wrap(some_bytes("noise", 256), b"lurus/v1/notice", CASE_ID, RINA)
    comment = "Random bytes: it tells nothing."
    yield fault(told, "notice_dummy", BROKEN, comment, dummy)


def _noticed(fields: bytes) -> bytes:
    return wrap(reference.pad(fields, 256), b"lurus/v1/notice", CASE_ID, RINA)
