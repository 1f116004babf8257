"""Vectors of FORMAT 6 to 11: texts, identities, factors, sessions, forms, audit."""

from collections.abc import Iterator
from dataclasses import replace

from known_answers import reference
from known_answers.files import Vector
from known_answers.making import (
    BROKEN,
    CASE_ID,
    INSTANCE,
    JOKO,
    MISTYPED,
    NOT_YOURS,
    OTHER_INSTANCE,
    RINA,
    TEXT,
    fault,
    fixed_randomness,
    flipped,
    good,
    last_flipped,
    some_bytes,
)
from strategies import CHEAPEST

from crypto import (
    ORIGIN,
    RFC_9106_LOW_MEMORY,
    Cookie,
    Cost,
    FormToken,
    Identity,
    Key,
    Kind,
    LockedIdentity,
    OneTimeSecret,
    Place,
    RecoveryCodes,
    link,
    lock_next,
    seal,
)

_PASSPHRASE = "kuda laut makan bulan"


def padding() -> Iterator[Vector]:
    """FORMAT 6.1."""
    padded = reference.pad(TEXT, 64)
    vector = good(
        "padding", "6.1 padding", padded, TEXT, "A text in 64 bytes.", size=64
    )
    yield vector
    full = reference.pad(TEXT, 4 + len(TEXT))
    comment = "A text that leaves no room for zeros."
    yield good("padding_full", "6.1 padding", full, TEXT, comment, size=len(full))
    for name, body, comment in (
        ("not_zero", last_flipped(padded), "The last byte is 01."),
        ("too_long", b"\x00\x00\x00\x3d" + padded[4:], "61 bytes do not fit."),
        ("wrong_size", padded + b"\x00", "A zero too many."),
        ("no_length", b"\x00\x00\x00", "Shorter than a length."),
    ):
        yield fault(vector, f"padding_{name}", BROKEN, comment, body)


def texts() -> Iterator[Vector]:
    """FORMAT 6.2 and 6.3."""
    key = some_bytes("case key")
    first = Place(CASE_ID, "notes", 0, "officer", Kind.SUMMARY)
    with fixed_randomness("texts"):
        envelope = seal(TEXT, Key(key, INSTANCE), first)
        second = first.after(envelope, "reporter", Kind.SHEET)
        answer = seal(b"", Key(key, INSTANCE), second)
    vector = _text("text", envelope, TEXT, "The first text of a chain.", key, first)
    yield vector
    comment = "The second, empty; its context names the SHA-256 of the first."
    yield _text("text_second", answer, b"", comment, key, second)
    for name, inputs, comment in (
        ("other_case", {"case_id": bytes(16)}, "Moved to another case."),
        ("other_chain", {"chain": "thread"}, "Moved to another chain."),
        ("swapped_number", {"number": 1}, "Moved by one place."),
        ("other_author", {"author": "reporter"}, "Ascribed to somebody else."),
        ("other_kind", {"kind": "sheet"}, "Taken for a kind of the same size."),
        ("other_previous", {"previous": some_bytes("x")}, "Behind another text."),
        ("other_key", {"key": some_bytes("office key")}, "Under another key."),
    ):
        yield fault(vector, f"text_{name}", BROKEN, comment, **inputs)
    for name, body, comment in (
        ("damaged", flipped(envelope, 500), "One bit of the ciphertext."),
        ("cut", envelope[:-1], "The last byte is missing."),
        ("unknown_version", b"\x02" + envelope[1:], "The first byte is not 01."),
        ("padding_not_zero", _badly_padded(key, first), "A 1 after the text."),
    ):
        yield fault(vector, f"text_{name}", BROKEN, comment, body)


def _text(
    name: str, envelope: bytes, output: bytes, comment: str, key: bytes, place: Place
) -> Vector:
    return good(
        name,
        "6.3 text",
        envelope,
        output,
        comment,
        instance=INSTANCE,
        key=key,
        case_id=place.case_id,
        chain=place.chain,
        number=place.number,
        author=place.author,
        kind=place.kind.value,
        previous=place.previous,
    )


def _badly_padded(key: bytes, place: Place) -> bytes:
    padded = last_flipped(reference.pad(TEXT, place.kind.size))
    label, salt = b"lurus/v1/text", some_bytes("salt")
    return reference.lock(padded, key, INSTANCE, label, place.context(), salt)


def locked_identities() -> Iterator[Vector]:
    """FORMAT 7."""
    vector = _locked_identity("locked_identity", CHEAPEST, "At the least cost.")
    yield vector
    comment = "At the cost of production."
    yield _locked_identity("locked_identity_full_cost", RFC_9106_LOW_MEMORY, comment)
    for name, inputs, comment in (
        ("wrong_passphrase", {"passphrase": "kuda laut"}, "Another passphrase."),
        ("other_holder", {"holder": JOKO}, "A record from another's row."),
        ("other_instance", {"instance": OTHER_INSTANCE}, "Another installation."),
    ):
        yield fault(vector, f"locked_identity_{name}", NOT_YOURS, comment, **inputs)
    record = vector.body
    for name, expect, body, comment in (
        ("damaged_salt", NOT_YOURS, flipped(record, 1), "One bit of the salt."),
        (
            "damaged_verifier",
            NOT_YOURS,
            flipped(record, 17),
            "One bit of the verifier.",
        ),
        ("damaged_seed", NOT_YOURS, flipped(record, 120), "One bit of the lock."),
        ("unknown_version", BROKEN, b"\x02" + record[1:], "The first byte is not 01."),
        ("short", BROKEN, record[:-1], "The last byte is missing."),
    ):
        yield fault(vector, f"locked_identity_{name}", expect, comment, body)


def _locked_identity(name: str, cost: Cost, comment: str) -> Vector:
    seed = some_bytes("rina")
    with fixed_randomness(name):
        record = LockedIdentity.lock(
            Identity(seed), _PASSPHRASE, holder=RINA, instance=INSTANCE, cost=cost
        )
    return good(
        name,
        "7 locked-identity",
        bytes(record),
        seed,
        comment,
        instance=INSTANCE,
        holder=RINA,
        passphrase=_PASSPHRASE,
        memory=cost.memory,
        passes=cost.passes,
        lanes=cost.lanes,
    )


def one_time_codes() -> Iterator[Vector]:
    """FORMAT 8."""
    seed, raw = some_bytes("rina"), some_bytes("one-time secret", 20)
    with fixed_randomness("one-time secret"):
        secret = OneTimeSecret(raw)
        locked = secret.lock(Identity(seed), holder=RINA, instance=INSTANCE)
    vector = good(
        "one_time_secret",
        "8.2 one-time-secret",
        locked,
        secret.reveal().encode(),
        f"What the app shows: {secret.reveal()}",
        instance=INSTANCE,
        seed=seed,
        holder=RINA,
    )
    yield vector
    comment = "A secret from another's row."
    yield fault(vector, "one_time_secret_other_holder", NOT_YOURS, comment, holder=JOKO)
    step = 1_764_000_000 // 30
    code = secret.code(step)
    yield good(
        "one_time_code", "8.1 one-time-code", raw, code.encode(), code, step=step
    )


def next_seeds() -> Iterator[Vector]:
    """FORMAT 7.1."""
    seed, following = some_bytes("rina"), some_bytes("rina, later")
    with fixed_randomness("next seed"):
        locked = lock_next(
            Identity(seed), Identity(following), holder=RINA, instance=INSTANCE
        )
    vector = good(
        "next_seed",
        "7.1 next-seed",
        locked,
        following,
        "The seed that follows.",
        instance=INSTANCE,
        seed=seed,
        holder=RINA,
    )
    yield vector
    for name, inputs, comment in (
        ("other_holder", {"holder": JOKO}, "A seed from another's row."),
        ("itself", {"seed": following}, "The seed that follows opens nothing."),
    ):
        yield fault(vector, f"next_seed_{name}", NOT_YOURS, comment, **inputs)


def recovery_codes() -> Iterator[Vector]:
    """FORMAT 8.3."""
    seed = some_bytes("rina")
    with fixed_randomness("recovery codes"):
        codes, shown = RecoveryCodes.generate()
        locked = codes.lock(Identity(seed), holder=RINA, instance=INSTANCE)
    vector = good(
        "recovery_codes",
        "8.3 recovery-codes",
        locked,
        bytes([9]),
        f"Ten codes, the third typed. The first: {shown[0]}",
        instance=INSTANCE,
        seed=seed,
        holder=RINA,
        typed=shown[2],
    )
    yield vector
    slip = shown[2][:-1] + ("A" if shown[2][-1] != "A" else "B")
    for name, inputs, comment in (
        ("other_holder", {"holder": JOKO}, "Codes from another's row."),
        ("slip", {"typed": slip}, "The last symbol is wrong."),
        ("none", {"typed": ""}, "Nothing is typed."),
    ):
        yield fault(vector, f"recovery_codes_{name}", NOT_YOURS, comment, **inputs)
    tags = b"".join(_code_tag(code) for code in shown)
    spent = tags[:32] + bytes(16) + tags[48:]
    again = _locked_codes(seed, spent)
    comment = "The third is spent already."
    yield fault(vector, "recovery_codes_spent", NOT_YOURS, comment, again)
    comment = "Nine tags."
    nine = _locked_codes(seed, tags[:144])
    yield fault(vector, "recovery_codes_short", BROKEN, comment, nine)
    left = {key: vector.inputs[key] for key in ("seed", "instance", "holder")}
    spent_one = replace(
        vector,
        name="recovery_codes_after_one",
        comment="The third is spent, the fourth typed. Made by other means.",
        inputs=left | {"typed": shown[3], "output": bytes([8]).hex()},
        body=again,
    )
    yield spent_one


def _code_tag(shown: str) -> bytes:
    symbols = shown.replace("-", "").encode()
    return reference.digest(b"lurus/v1/recovery-code\x00" + symbols)[:16]


def _locked_codes(seed: bytes, tags: bytes) -> bytes:
    key = reference.derive(seed, INSTANCE, b"lurus/v1/recovery-codes-key")
    label, salt = b"lurus/v1/recovery-codes", some_bytes("salt of codes")
    return reference.lock(tags, key, INSTANCE, label, (RINA,), salt)


def cookies() -> Iterator[Vector]:
    """FORMAT 9."""
    with fixed_randomness("cookie"):
        cookie = Cookie.generate()
        secret = some_bytes("cookie", 32)
        locked = cookie.lock_session(TEXT, INSTANCE)
    shown, row = cookie.reveal(), cookie.session_id()
    plain = good("cookie", "9.1 cookie", shown.encode(), row, f"As sent: {shown}")
    yield plain
    spelled = shown[:-1] + chr(ord(shown[-1]) + 1)
    for name, text, comment in (
        ("two_spellings", spelled, "Its last bits are not zero."),
        ("short", shown[:-1], "A symbol is missing."),
        ("no_symbol", "!" + shown[1:], "An exclamation mark is no symbol."),
    ):
        yield fault(plain, f"cookie_{name}", MISTYPED, comment, text.encode())
    session = good(
        "session",
        "9.2 session",
        locked,
        TEXT,
        "What a session holds, in 2 KiB.",
        instance=INSTANCE,
        cookie=secret,
    )
    yield session
    comment = "Another browser's cookie."
    other = some_bytes("other cookie")
    yield fault(session, "session_other_cookie", NOT_YOURS, comment, cookie=other)
    token = cookie.form_key("/report", INSTANCE).encode()
    comment = f"For /report: {token.decode()}"
    about = {"instance": INSTANCE, "path": "/report"}
    yield good("form_key", "9.3 form-key", secret, token, comment, **about)


def form_tokens() -> Iterator[Vector]:
    """FORMAT 10."""
    secret, made, now = some_bytes("instance secret"), 1_764_000_000, 1_764_000_007
    with fixed_randomness("form token"):
        token = FormToken.issue(Key(secret, INSTANCE), made)
        locked = token.lock(TEXT, INSTANCE)
    shown = token.reveal().encode()
    output = token.burn_id() + (now - made).to_bytes(4, "big")
    vector = good(
        "form_token",
        "10.1 form-token",
        shown,
        output,
        "A token seven seconds old: its SHA-256, then its age.",
        instance=INSTANCE,
        key=secret,
        now=now,
    )
    yield vector
    later = shown[:50] + (b"A" if shown[50:51] != b"A" else b"B") + shown[51:]
    for name, body, inputs, comment in (
        ("forged", later, {}, "One symbol of its time is another."),
        ("short", shown[:-4], {}, "Three bytes are missing."),
        ("no_symbol", b"!" + shown[1:], {}, "An exclamation mark is no symbol."),
        ("other_secret", shown, {"key": bytes(32)}, "Another secret."),
        ("other_instance", shown, {"instance": OTHER_INSTANCE}, "Elsewhere made."),
    ):
        title = f"form_token_{name}"
        yield fault(vector, title, MISTYPED, comment, body, **inputs)
    raw = reference.from_base64url(shown.decode())
    comment = "What the same form gets again."
    about = {"instance": INSTANCE, "token": raw}
    answer = good("form_answer", "10.3 form-answer", locked, TEXT, comment, **about)
    yield answer
    comment = "Another form's token."
    other = flipped(raw, 0)
    yield fault(answer, "form_answer_other_form", NOT_YOURS, comment, token=other)


def chains() -> Iterator[Vector]:
    """FORMAT 11."""
    fields = (b"2025-11-24", b"rina", b"case opened", CASE_ID)
    made = link(ORIGIN, fields)
    comment = "The first entry of a record."
    yield good("link", "11.1 link", ORIGIN, made, comment, context=fields)
    entries = (b"one", b"two", b"three")
    links = [link(ORIGIN, entries[:1])]
    links.append(link(links[0], entries[1:2]))
    links.append(link(links[1], entries[2:]))
    kept = b"".join(links)
    comment = "Three entries and their links."
    chain = good("chain", "11.2 chain", kept, links[2], comment, entries=entries)
    yield chain
    for name, body, changed, comment in (
        ("edited", kept, (b"one", b"Two", b"three"), "The second entry is edited."),
        ("swapped", kept, (b"two", b"one", b"three"), "Two entries are swapped."),
        ("dropped", kept[:32] + kept[64:], (b"one", b"three"), "The second is gone."),
    ):
        yield fault(chain, f"chain_{name}", BROKEN, comment, body, entries=changed)
