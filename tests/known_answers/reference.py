"""FORMAT.md written a second time, with other means, to hold the first against.

The key schedules stand here on HMAC alone (RFC 5869, RFC 9180), so that a
vector made here and opened by `crypto` shows that both say the same.
"""

import base64
import hashlib
import hmac
import math

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

_SUITE = b"HPKE" + bytes.fromhex("647a00010002")


def info(label: bytes, *fields: bytes) -> bytes:
    """FORMAT 1.2."""
    return label + b"\x00" + b"".join(bytes(divmod(len(f), 256)) + f for f in fields)


def extract(salt: bytes, secret: bytes) -> bytes:
    """HKDF-Extract of RFC 5869."""
    return hmac.digest(salt or bytes(32), secret, "sha256")


def expand(key: bytes, text: bytes, length: int) -> bytes:
    """HKDF-Expand of RFC 5869."""
    made = block = b""
    for number in range(1, 1 + -(-length // 32)):
        block = hmac.digest(key, block + text + bytes([number]), "sha256")
        made += block
    return made[:length]


def derive(
    secret: bytes, instance: bytes, label: bytes, *fields: bytes, length: int = 32
) -> bytes:
    """FORMAT 1.1."""
    return expand(extract(instance, secret), info(label, *fields), length)


def lock_parts(
    secret: bytes,
    instance: bytes,
    label: bytes,
    context: tuple[bytes, ...],
    salt: bytes,
) -> tuple[bytes, bytes]:
    """Return AES key and commitment (FORMAT 2.2)."""
    both = derive(secret, instance, label, *context, salt, length=64)
    return both[:32], both[32:]


def lock(
    plaintext: bytes,
    secret: bytes,
    instance: bytes,
    label: bytes,
    context: tuple[bytes, ...],
    salt: bytes,
) -> bytes:
    """FORMAT 2.3."""
    key, commitment = lock_parts(secret, instance, label, context, salt)
    header = b"\x01" + salt + commitment
    return header + AESGCM(key).encrypt(bytes(12), plaintext, header)


def wrap(
    plaintext: bytes,
    encapsulation: bytes,
    shared: bytes,
    label: bytes,
    *context: bytes,
) -> bytes:
    """FORMAT 4.3, with an encapsulation and its shared secret given."""
    where = b"\x00" + _extract(b"", b"psk_id_hash", b"")
    where += _extract(b"", b"info_hash", info(label, *context))
    secret = _extract(shared, b"secret", b"")
    key = _expand(secret, b"key", where, 32)
    nonce = _expand(secret, b"base_nonce", where, 12)
    return b"\x01" + encapsulation + AESGCM(key).encrypt(nonce, plaintext, b"")


def pad(text: bytes, size: int) -> bytes:
    """FORMAT 6.1."""
    return len(text).to_bytes(4, "big") + text + bytes(size - 4 - len(text))


def stream(content: bytes, key: bytes, header: bytes) -> list[bytes]:
    """Return the sealed chunks behind *header* (FORMAT 14.2)."""
    chunks = [content[at : at + 65_536] for at in range(0, len(content), 65_536)]
    return [
        stream_chunk(chunk, key, header, number=n, is_last=n == len(chunks) - 1)
        for n, chunk in enumerate(chunks)
    ]


def stream_chunk(
    chunk: bytes, key: bytes, header: bytes, *, number: int, is_last: bool
) -> bytes:
    """Seal one chunk of a file (FORMAT 14.2)."""
    nonce = header[1:] + number.to_bytes(4, "big") + bytes([is_last])
    return AESGCM(key).encrypt(nonce, chunk, header)


def bucket(length: int) -> int:
    """FORMAT 14.4, as the paper on Padmé writes it."""
    if length <= 131_072:
        return 131_072
    exponent = math.floor(math.log2(length))
    kept = math.floor(math.log2(exponent)) + 1
    rest = (1 << (exponent - kept)) - 1
    return (length + rest) & ~rest


def digest(content: bytes) -> bytes:
    return hashlib.sha256(content).digest()


def from_base64url(text: str) -> bytes:
    return base64.urlsafe_b64decode(text)


def _extract(salt: bytes, label: bytes, secret: bytes) -> bytes:
    return extract(salt, b"HPKE-v1" + _SUITE + label + secret)


def _expand(key: bytes, label: bytes, text: bytes, length: int) -> bytes:
    size = length.to_bytes(2, "big")
    return expand(key, size + b"HPKE-v1" + _SUITE + label + text, length)
