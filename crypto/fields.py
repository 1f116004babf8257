"""Fields of bytes, each led by its length: one encoding for each list (FORMAT 12.1)."""

from collections.abc import Iterable

from crypto.errors import BrokenError

FIELD_LENGTH_SIZE = 2


def join(fields: Iterable[bytes]) -> bytes:
    """Write *fields* one behind the other, each led by its length."""
    return b"".join(
        len(part).to_bytes(FIELD_LENGTH_SIZE, "big") + part for part in fields
    )


def split(joined: bytes, count: int) -> list[bytes]:
    """Read what `join` wrote; *count* says how many fields there are.

    Raises:
        BrokenError: another number of fields.
    """
    parts = split_all(joined)
    if len(parts) != count:
        raise BrokenError
    return parts


def split_all(joined: bytes) -> list[bytes]:
    """Read what `join` wrote, however many fields there are.

    A last field that is cut short comes back short: whoever asks knows its size.
    """
    parts, at = [], 0
    while at < len(joined):
        start = at + FIELD_LENGTH_SIZE
        at = start + int.from_bytes(joined[at:start], "big")
        parts.append(joined[start:at])
    return parts
