"""Vectors of FORMAT 1 to 5: derivation, locks, codes, wraps, case keys."""

from collections.abc import Iterator

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from known_answers import reference
from known_answers.files import Vector, read
from known_answers.making import (
    BROKEN,
    CASE_ID,
    INSTANCE,
    JOKO,
    MISTYPED,
    NOT_YOURS,
    OTHER_INSTANCE,
    PUBLISHED,
    RINA,
    TEXT,
    fault,
    fixed_randomness,
    flipped,
    good,
    last_flipped,
    some_bytes,
    wrap,
)

from crypto import (
    CaseCode,
    CaseKey,
    Identity,
    Key,
    OpenedKeys,
    Recipient,
    ReplyCode,
    SeenCounts,
    Slip,
    lock_conflicts,
    lock_for_reporter,
)

_REPLY = bytes(range(32, 48))


def conventions() -> Iterator[Vector]:
    """FORMAT 1: derivation."""
    secret, label = some_bytes("secret"), b"lurus/v1/example"
    for name, context, comment in (
        ("derive", (), "A derivation without fields: info is label and 00."),
        ("derive_fields", (b"a", b"bc"), "Two fields, each led by its length."),
        ("derive_fields_shifted", (b"ab", b"c"), "The same bytes, cut elsewhere."),
        ("derive_empty_field", (b"",), "One empty field is not no field."),
    ):
        output = Key(secret, INSTANCE).derive(label, *context).reveal()
        about = {"instance": INSTANCE, "label": label.decode(), "context": context}
        yield good(name, "1.1 derive", secret, output, comment, **about)


def locks() -> Iterator[Vector]:
    """FORMAT 2."""
    secret, label, context = some_bytes("key"), b"lurus/v1/example", (CASE_ID, b"one")
    about = {"instance": INSTANCE, "key": secret, "label": label.decode()}
    with fixed_randomness("lock"):
        locked = Key(secret, INSTANCE).lock(TEXT, label=label, context=context)
        empty = Key(secret, INSTANCE).lock(b"", label=label, context=context)
    lock = good(
        "lock", "2.3 lock", locked, TEXT, "A locked text.", **about, context=context
    )
    yield lock
    yield good(
        "lock_empty",
        "2.3 lock",
        empty,
        b"",
        "Nothing, locked.",
        **about,
        context=context,
    )
    for name, inputs, comment in (
        ("wrong_key", {"key": some_bytes("other key")}, "Another key."),
        ("wrong_label", {"label": "lurus/v1/another"}, "Another label."),
        ("wrong_context", {"context": (CASE_ID, b"two")}, "Another last field."),
        ("shifted_context", {"context": (CASE_ID + b"o", b"ne")}, "Cut elsewhere."),
        ("less_context", {"context": (CASE_ID,)}, "A field is missing."),
        ("other_instance", {"instance": OTHER_INSTANCE}, "Another installation."),
    ):
        yield fault(lock, f"lock_{name}", NOT_YOURS, comment, **inputs)
    for name, body, comment in (
        ("damaged_salt", flipped(locked, 1), "One bit of the salt."),
        ("damaged_commitment_bit", flipped(locked, 33), "One bit of the commitment."),
        ("damaged_body", flipped(locked, 65), "One bit of the ciphertext."),
        ("damaged_tag", last_flipped(locked), "One bit of the tag."),
        ("short", locked[:80], "A byte shorter than an empty text."),
        ("cut", locked[:-1], "The last byte is missing."),
        ("longer", locked + b"\x00", "A byte too many."),
    ):
        yield fault(lock, f"lock_{name}", NOT_YOURS, comment, body)
    unknown = b"\x02" + locked[1:]
    comment = "The first byte is not 01."
    yield fault(lock, "lock_unknown_version", BROKEN, comment, unknown)
    yield from _forged_locks(lock, locked[1:33])


def _forged_locks(lock: Vector, salt: bytes) -> Iterator[Vector]:
    key, commitment = reference.lock_parts(
        lock.raw("key"), INSTANCE, lock.label(), lock.fields("context"), salt
    )
    other = bytes([commitment[0] ^ 1]) + commitment[1:]
    forged, right = b"\x01" + salt + other, b"\x01" + salt + commitment
    yield fault(
        lock,
        "lock_damaged_commitment",
        NOT_YOURS,
        "Ciphertext and tag are right for this header; the commitment alone is not.",
        forged + AESGCM(key).encrypt(bytes(12), TEXT, forged),
    )
    yield fault(
        lock,
        "lock_header_not_bound",
        NOT_YOURS,
        "Right in all but that the header was not authenticated.",
        right + AESGCM(key).encrypt(bytes(12), TEXT, None),
    )
    yield fault(
        lock,
        "lock_other_nonce",
        NOT_YOURS,
        "Right in all but the nonce, which is 1 and not 0.",
        right + AESGCM(key).encrypt(bytes(11) + b"\x01", TEXT, right),
    )
    forged = b"\x02" + salt + commitment
    yield fault(
        lock,
        "unknown_version",
        BROKEN,
        "A lock made in every way for a first byte of 02.",
        forged + AESGCM(key).encrypt(bytes(12), TEXT, forged),
    )


def case_codes() -> Iterator[Vector]:
    """FORMAT 3."""
    with fixed_randomness("case code"):
        code = CaseCode.generate()
    shown = code.reveal()
    typed = shown.encode()
    about = {"instance": INSTANCE}
    whole = good("code", "3.1 case-code", typed, typed, f"As shown: {shown}")
    yield whole
    loose = shown.replace("-", " ").lower().replace("1", "l").replace("0", "o")
    wide = "".join(chr(ord(s) + 0xFEE0) if s.isalnum() else s for s in shown)
    for name, text in (("code_loose", loose), ("code_full_width", wide)):
        comment = f"As people type it: {text}"
        yield good(name, "3.2 case-code", text.encode(), typed, comment)
    locator, key = code.locator(INSTANCE), code.key(INSTANCE).reveal()
    windows = b"".join(sorted(code.windows()))
    yield good("locator", "3.3 locator", typed, locator, "Of the code.", **about)
    yield good("code_key", "3.4 code-key", typed, key, "Of the code.", **about)
    yield good("code_windows", "3.5 code-windows", typed, windows, "Five tags, sorted.")
    slip = shown[:6] + ("A" if shown[6] != "A" else "B") + shown[7:]
    for name, text, comment in (
        ("slip", slip, "One symbol is wrong."),
        ("swap", shown[1] + shown[0] + shown[2:], "The first two symbols are swapped."),
        ("short", shown[:-1], "A symbol is missing."),
        ("long", shown + "0", "A symbol too many."),
        ("no_symbol", "U" + shown[1:], "U is no symbol."),
        ("check_1021", "0" * 26 + "ZX", "Zero with check value 1021."),
        ("check_1022", "0" * 25 + "1" + "ZY", "One with check value 1022."),
        ("check_1023", "0" * 25 + "2" + "ZZ", "Two with check value 1023."),
    ):
        said = f"{comment} {text}"
        yield fault(whole, f"code_{name}", MISTYPED, said, text.encode())


def slips() -> Iterator[Vector]:
    """FORMAT 3.6."""
    with fixed_randomness("slip"):
        slip = Slip.generate()
    shown, kept = slip.reveal(), slip.id(INSTANCE)
    whole = good(
        *("paper_slip", "3.6 slip", shown.encode(), kept),
        f"The id of {shown}.",
        instance=INSTANCE,
    )
    yield whole
    loose = shown.replace("-", " ").lower().replace("1", "l").replace("0", "o")
    yield good(
        *("paper_slip_loose", "3.6 slip", loose.encode(), kept),
        f"As people type it: {loose}",
        instance=INSTANCE,
    )
    wrong = shown[:6] + ("A" if shown[6] != "A" else "B") + shown[7:]
    for name, text, comment in (
        ("wrong", wrong, "One symbol is wrong."),
        ("swap", shown[1] + shown[0] + shown[2:], "The first two symbols are swapped."),
        ("short", shown[:-1], "A symbol is missing."),
        ("check_1021", "0" * 18 + "ZX", "Zero with check value 1021."),
    ):
        yield fault(
            whole, f"paper_slip_{name}", MISTYPED, f"{comment} {text}", text.encode()
        )


def reply_codes() -> Iterator[Vector]:
    """FORMAT 3.7."""
    with fixed_randomness("reply code"):
        code = ReplyCode.generate()
        answer = code.lock(TEXT, INSTANCE, reply_id=_REPLY)
    shown, kept = code.reveal(), code.locator(INSTANCE)
    whole = good(
        *("reply_code", "3.7 reply-locator", shown.encode(), kept),
        f"The locator of {shown}.",
        instance=INSTANCE,
    )
    yield whole
    swapped = shown[1] + shown[0] + shown[2:]
    said = f"The first two symbols are swapped. {swapped}"
    yield fault(whole, "reply_code_swap", MISTYPED, said, swapped.encode())
    about = {"instance": INSTANCE, "code": shown.encode(), "reply": _REPLY}
    locked = good(
        *("reply", "3.7 reply", answer, TEXT),
        f"An answer, locked under {shown}.",
        **about,
    )
    yield locked
    yield fault(
        *(locked, "reply_elsewhere", NOT_YOURS, "Put in another answer's place."),
        reply=bytes(16),
    )


def wraps() -> Iterator[Vector]:
    """FORMAT 4."""
    published = read(PUBLISHED)
    seed, public = published.body, published.raw("output")
    fingerprint = Recipient(public).fingerprint()
    yield good(
        "fingerprint", "4.2 fingerprint", public, fingerprint.encode(), fingerprint
    )
    label, context = b"lurus/v1/example", (CASE_ID, RINA)
    wrapped = wrap(TEXT, label, *context)
    vector = good(
        "wrap",
        "4.3 wrap",
        wrapped,
        TEXT,
        "A wrap, made over the published X-Wing ciphertext.",
        seed=seed,
        label=label.decode(),
        context=context,
    )
    yield vector
    for name, inputs, comment in (
        ("foreign", {"seed": some_bytes("joko")}, "Another's seed."),
        ("wrong_label", {"label": "lurus/v1/another"}, "Another label."),
        ("wrong_context", {"context": (CASE_ID, JOKO)}, "Another holder."),
    ):
        yield fault(vector, f"wrap_{name}", NOT_YOURS, comment, **inputs)
    for name, body, comment in (
        ("damaged_mlkem", flipped(wrapped, 1), "One bit of the ML-KEM ciphertext."),
        ("damaged_x25519", flipped(wrapped, 1089), "One bit of the X25519 share."),
        ("damaged_body", flipped(wrapped, 1121), "One bit of the sealed text."),
        ("short", wrapped[:1136], "A byte shorter than an empty text."),
        ("longer", wrapped + b"\x00", "A byte too many."),
    ):
        yield fault(vector, f"wrap_{name}", NOT_YOURS, comment, body)
    unknown = b"\x02" + wrapped[1:]
    comment = "The first byte is not 01."
    yield fault(vector, "wrap_unknown_version", BROKEN, comment, unknown)


def case_keys() -> Iterator[Vector]:
    """FORMAT 5."""
    pair, hidden, noise = (some_bytes(n, 64) for n in ("pair", "hidden", "dummy"))
    mask = bytes(a ^ b for a, b in zip(pair, hidden, strict=True))
    about = {
        "instance": INSTANCE,
        "seed": read(PUBLISHED).body,
        "case_id": CASE_ID,
        "holder": RINA,
        "mask": mask,
    }
    wrapped = wrap(hidden, b"lurus/v1/case-wrap", CASE_ID, RINA)
    dummy = wrap(noise, b"lurus/v1/case-wrap", CASE_ID, RINA)
    nothing = bytes(a ^ b for a, b in zip(mask, noise, strict=True))
    reader = good(
        "case_key", "5.2 case-key", wrapped, pair, "A reader's wrap.", **about
    )
    yield reader
    yield good(
        "case_key_dummy",
        "5.3 case-key",
        dummy,
        nothing,
        "A dummy opens, and yields keys that open nothing.",
        **about,
    )
    for name, expect, inputs, comment in (
        ("other_holder", NOT_YOURS, {"holder": JOKO}, "A wrap from another's row."),
        ("other_case", NOT_YOURS, {"case_id": bytes(16)}, "A wrap of another case."),
        ("short_mask", BROKEN, {"mask": mask[:-1]}, "The mask lacks a byte."),
    ):
        yield fault(reader, f"case_key_{name}", expect, comment, **inputs)
    yield from _rewraps(reader, about)
    yield from _reporter_locks(pair)
    yield from _opened_keys(pair)
    yield from _seen_counts()
    yield from _conflicts()


def _rewraps(reader: Vector, about: dict[str, object]) -> Iterator[Vector]:
    # A new wrap has random bytes of its own: what it opens to is compared, K.
    comment = "A reader's wrap, handed to a colleague whose seed and id stand here."
    to = {"to_seed": some_bytes("joko"), "to_holder": JOKO}
    output = bytes.fromhex(reader.inputs["output"])
    again = good("rewrap", "5.7 rewrap", reader.body, output, comment, **about, **to)
    yield again
    for name, expect, body, inputs, text in (
        ("other_holder", NOT_YOURS, None, {"holder": JOKO}, "Another's wrap."),
        ("other_case", NOT_YOURS, None, {"case_id": bytes(16)}, "Of another case."),
        (
            "short",
            BROKEN,
            wrap(bytes(63), b"lurus/v1/case-wrap", CASE_ID, RINA),
            {},
            "63 bytes are wrapped.",
        ),
    ):
        yield fault(again, f"rewrap_{name}", expect, text, body, **inputs)


def _reporter_locks(pair: bytes) -> Iterator[Vector]:
    code_key = some_bytes("code key")
    with fixed_randomness("reporter's lock"):
        locked = lock_for_reporter(
            CaseKey.parse(pair, INSTANCE), Key(code_key, INSTANCE), case_id=CASE_ID
        )
    lock = good(
        "reporter_lock",
        "5.4 reporter-lock",
        locked,
        pair[:32],
        "The case key, without the office key, under the code key.",
        instance=INSTANCE,
        key=code_key,
        case_id=CASE_ID,
    )
    yield lock
    comment = "The lock of another case."
    yield fault(lock, "reporter_lock_other_case", NOT_YOURS, comment, case_id=bytes(16))


def _opened_keys(pair: bytes) -> Iterator[Vector]:
    seed, entries = some_bytes("rina"), {CASE_ID: pair, b"a case that none": bytes(64)}
    with fixed_randomness("opened keys"):
        keys = OpenedKeys().adding(entries)
        locked = keys.lock(Identity(seed), holder=RINA, instance=INSTANCE)
    cache = good(
        "opened_keys",
        "5.5 opened-keys",
        reference.digest(locked),
        pair,
        "The bytes below are the SHA-256 of the lock; its parts stand above.",
        instance=INSTANCE,
        seed=seed,
        holder=RINA,
        locked_for=RINA,
        key_label="lurus/v1/cache-key",
        label="lurus/v1/cache",
        salt=locked[1:33],
        entries=b"".join(name + entries[name] for name in sorted(entries)),
        size=64 * 1024,
        case_id=CASE_ID,
    )
    yield cache
    comment = "Another officer's cache."
    yield fault(cache, "opened_keys_other_holder", NOT_YOURS, comment, holder=JOKO)


def _seen_counts() -> Iterator[Vector]:
    seed, counts = some_bytes("rina"), {CASE_ID: 7, b"a case of before": 1}
    with fixed_randomness("seen counts"):
        locked = (
            SeenCounts()
            .adding(counts)
            .lock(Identity(seed), holder=RINA, instance=INSTANCE)
        )
    seen = good(
        "seen_counts",
        "5.6 seen-counts",
        reference.digest(locked),
        bytes((0, 0, 0, 7)),
        "The bytes below are the SHA-256 of the lock; its parts stand above.",
        instance=INSTANCE,
        seed=seed,
        holder=RINA,
        locked_for=RINA,
        key_label="lurus/v1/seen-key",
        label="lurus/v1/seen",
        salt=locked[1:33],
        entries=b"".join(
            case_id + bytes((0, 0, 0, counts[case_id])) for case_id in sorted(counts)
        ),
        size=16 * 1024,
        case_id=CASE_ID,
    )
    yield seen
    comment = "Another officer's."
    yield fault(seen, "seen_counts_other_holder", NOT_YOURS, comment, holder=JOKO)


def _conflicts() -> Iterator[Vector]:
    secret, text = some_bytes("instance secret"), b"Dinas Pasar"
    with fixed_randomness("conflicts"):
        locked = lock_conflicts(text, Key(secret, INSTANCE), holder=RINA)
    declared = good(
        "conflicts",
        "5.8 conflicts",
        reference.digest(locked),
        text,
        "The bytes below are the SHA-256 of the lock; its parts stand above.",
        instance=INSTANCE,
        # What the key follows from: the instance's secret.
        seed=secret,
        holder=RINA,
        locked_for=RINA,
        key_label="lurus/v1/conflicts-key",
        label="lurus/v1/conflicts",
        salt=locked[1:33],
        entries=text,
        size=4096,
    )
    yield declared
    comment = "Another officer's."
    yield fault(declared, "conflicts_other_holder", NOT_YOURS, comment, holder=JOKO)
