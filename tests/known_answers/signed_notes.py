"""A reader of signed checkpoints of its own, from the pages of C2SP alone.

https://c2sp.org/signed-note, /tlog-checkpoint and /tlog-cosignature. The standard library
and Ed25519 of `cryptography`; nothing of `crypto` is used.
"""

import base64
import hashlib
import struct

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey


def split(note: bytes) -> tuple[bytes, list[tuple[str, int, bytes]]]:
    """Return the text and (name, key id, signature) of every line below it."""
    at = note.rindex(b"\n\n")
    text, below = note[: at + 1], note[at + 2 :].decode()
    lines = []
    for line in below.splitlines():
        dash, name, kept = line.split(" ")
        if dash != "\u2014":
            raise ValueError("no signature line")
        decoded = base64.b64decode(kept)
        lines.append((name, struct.unpack(">I", decoded[:4])[0], decoded[4:]))
    return text, lines


def key_id(name: str, kind: int, public: bytes) -> int:
    """Return the key ID as the page of signed notes recommends it."""
    digest = hashlib.sha256(name.encode() + b"\n" + bytes([kind]) + public).digest()
    return int.from_bytes(digest[:4], "big")


def is_signed(note: bytes, name: str, public: bytes) -> bool:
    """Tell whether a plain Ed25519 line (type 0x01) of that key holds."""
    text, lines = split(note)
    wanted = name, key_id(name, 1, public)
    return any(
        _holds(public, signature, text)
        for by, its_id, signature in lines
        if (by, its_id) == wanted
    )


def cosigned_at(note: bytes, name: str, public: bytes) -> int | None:
    """Return the time that a cosignature/v1 line (type 0x04) states, if it holds."""
    text, lines = split(note)
    wanted = name, key_id(name, 4, public)
    for by, its_id, stamped in lines:
        if (by, its_id) == wanted:
            (second,) = struct.unpack(">Q", stamped[:8])
            signed = b"cosignature/v1\n" + f"time {second}\n".encode() + text
            if _holds(public, stamped[8:], signed):
                return int(second)
    return None


def head(note: bytes) -> tuple[str, int, bytes]:
    """Return origin, size and root of a checkpoint."""
    text, _ = split(note)
    origin, size, root, *_more = text.decode().split("\n")
    return origin, int(size), base64.b64decode(root)


def _holds(public: bytes, signature: bytes, signed: bytes) -> bool:
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, signed)
    except InvalidSignature:
        return False
    return True
