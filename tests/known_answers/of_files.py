"""Vectors of FORMAT 6.4, 10.4, 10.5 and 14: manifests, upload tokens, sealed files."""

from collections.abc import Iterator

from known_answers import of_texts, reference
from known_answers.files import Vector, file_content, sealed_again
from known_answers.making import (
    BROKEN,
    CASE_ID,
    INSTANCE,
    MISTYPED,
    NOT_YOURS,
    OTHER_INSTANCE,
    TEXT,
    fault,
    fixed_randomness,
    flipped,
    good,
    some_bytes,
)

from crypto import FileKey, FileSealer, Key, Kind, Place, UploadToken, seal

_PREVIEW = b"a small picture"
_LENGTH = 75_000


def manifests() -> Iterator[Vector]:
    """FORMAT 6.4."""
    key = some_bytes("case key")
    text = next(of_texts.texts())
    place = Place(CASE_ID, "notes", 0, "officer", Kind.SUMMARY)
    with fixed_randomness("manifest"):
        sealed = seal(TEXT, Key(key, INSTANCE), place.manifest(text.body))
    manifest = good(
        "manifest",
        "6.4 manifest",
        sealed,
        TEXT,
        "Beside the text of the vector that is named.",
        instance=INSTANCE,
        key=key,
        case_id=CASE_ID,
        chain=place.chain,
        number=place.number,
        author=place.author,
        beside=text.name,
    )
    yield manifest
    for name, inputs, comment in (
        ("other_text", {"beside": "text_second"}, "Put beside another text."),
        ("other_case", {"case_id": bytes(16)}, "Moved to another case."),
    ):
        yield fault(manifest, f"manifest_{name}", BROKEN, comment, **inputs)


def upload_tokens() -> Iterator[Vector]:
    """FORMAT 10.4 and 10.5."""
    with fixed_randomness("upload token"):
        token = UploadToken.generate()
        locked = token.lock(TEXT, INSTANCE)
    shown, row = token.reveal(), token.upload_id()
    comment = f"As a form carries it: {shown}"
    plain = good("upload_token", "10.4 upload-token", shown.encode(), row, comment)
    yield plain
    for name, text, said in (
        ("short", shown[:-4], "Three bytes are missing."),
        ("longer", shown + "AAAA", "Three bytes too many."),
        ("filled", shown[:42] + "A=", "One byte less, and a sign of filling."),
        ("no_symbol", "!" + shown[1:], "An exclamation mark is no symbol."),
        ("other_alphabet", "+" + shown[1:], "A plus is a symbol of base64 alone."),
    ):
        yield fault(plain, f"upload_token_{name}", MISTYPED, said, text.encode())
    raw = reference.from_base64url(shown)
    entry = good(
        "upload_entry",
        "10.5 upload-entry",
        locked,
        TEXT,
        "What is known of a received file, in 1 KiB.",
        instance=INSTANCE,
        token=raw,
    )
    yield entry
    other = flipped(raw, 0)
    for name, inputs, comment in (
        ("other_token", {"token": other}, "Another file's token."),
        ("other_instance", {"instance": OTHER_INSTANCE}, "Another installation."),
    ):
        yield fault(entry, f"upload_entry_{name}", NOT_YOURS, comment, **inputs)
    key = reference.derive(raw, INSTANCE, b"lurus/v1/upload-key")
    padded, label = reference.pad(TEXT, 512), b"lurus/v1/upload"
    short = reference.lock(padded, key, INSTANCE, label, (row,), some_bytes("salt"))
    yield fault(entry, "upload_entry_short", BROKEN, "512 bytes are locked.", short)


def streams() -> Iterator[Vector]:
    """FORMAT 14."""
    key = some_bytes("file key")
    about = {"preview": _PREVIEW, "content": "file", "sealed_length": _LENGTH}
    asked = {"key": key, "length": _LENGTH}
    with fixed_randomness("stream"):
        sealer = FileSealer(FileKey(key))
        whole = sealer.update(file_content("file", _PREVIEW, _LENGTH))
        whole += sealer.finish()
    stream = good(
        "stream",
        "14.2 stream",
        reference.digest(whole),
        reference.digest(some_bytes("file", _LENGTH)),
        "The bytes below are the SHA-256 of the sealed file; its parts stand above."
        " Output: the SHA-256 of the file.",
        **about,
        sealed_key=key,
        header=whole[:8],
        filled=143_360,
        filling="00",
        chunks="0 1 2",
        size=len(whole),
        flip=-1,
        **asked,
    )
    yield stream
    for name, inputs, comment in (
        ("cut", {"chunks": "0 1"}, "Cut at the border before the last chunk."),
        ("cut_to_one", {"chunks": "0"}, "Cut behind the first chunk."),
        ("cut_to_nothing", {"chunks": ""}, "Cut behind the header."),
        ("cut_inside", {"size": len(whole) - 1}, "The last byte is missing."),
        ("cut_in_header", {"size": 7}, "The header lacks a byte."),
        ("swapped", {"chunks": "1 0 2"}, "The first two chunks are swapped."),
        ("dropped", {"chunks": "0 2"}, "The chunk in the middle is gone."),
        ("first_dropped", {"chunks": "1 2"}, "The first chunk is gone."),
        ("appended", {"chunks": "0 1 2 2"}, "The last chunk stands there twice."),
        ("appended_byte", {"size": len(whole) + 1}, "A zero too many."),
        ("duplicated", {"chunks": "0 1 1 2"}, "The second chunk stands there twice."),
        ("damaged", {"flip": 100_000}, "One bit of the second chunk."),
        ("damaged_tag", {"flip": len(whole) - 1}, "One bit of the last tag."),
        ("damaged_header", {"flip": 7}, "One bit of the random bytes."),
        ("other_version", {"flip": 0}, "The first byte is not 01."),
    ):
        yield _changed(stream, name, comment, **inputs)
    yield from _forged(stream)
    yield from _asked_for(stream)


def _forged(stream: Vector) -> Iterator[Vector]:
    """What only who has the key can make."""
    version_2 = b"\x02" + stream.raw("header")[1:]
    for name, inputs, comment in (
        ("unknown_version", {"header": version_2}, "Made in every way for 02."),
        ("not_zero", {"filling": "01"}, "Filled with ones."),
        ("not_filled", {"filled": 140_536}, "Not filled up to a bucket."),
        ("other_bucket", {"filled": 147_456}, "Filled up to the next bucket."),
    ):
        changed = {n: v.hex() if isinstance(v, bytes) else v for n, v in inputs.items()}
        size = 8 + int(changed.get("filled", stream.inputs["filled"])) + 3 * 16
        yield _changed(stream, name, comment, **changed, size=size)


def _asked_for(stream: Vector) -> Iterator[Vector]:
    """Sealed rightly, opened as something else."""
    other = some_bytes("other file key").hex()
    for name, inputs, comment in (
        ("other_key", {"key": other}, "Another file's key."),
        ("longer", {"length": 78_000}, "So long a file has the next bucket."),
        ("shorter", {"length": _LENGTH - 1}, "A byte of the file is in the filling."),
    ):
        yield _changed(stream, name, comment, **inputs)


def _changed(stream: Vector, name: str, comment: str, **inputs: object) -> Vector:
    if "chunks" in inputs:
        numbers = str(inputs["chunks"]).split()
        last = int(stream.inputs["size"]) - 8 - 2 * 65_552
        inputs["size"] = 8 + sum(last if n == "2" else 65_552 for n in numbers)
    made = fault(stream, f"stream_{name}", BROKEN, comment, b"", **inputs)
    return fault(made, made.name, BROKEN, comment, reference.digest(sealed_again(made)))
