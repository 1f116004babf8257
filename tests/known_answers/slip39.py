"""SLIP-39 written a second time, from its page, to hold the library against.

Source: SLIP-0039 (github.com/satoshilabs/slips). One group, whole or in members;
slow on purpose: a field is multiplied bit by bit, words are digits of one number.
"""

import hashlib
import hmac

from shamir_mnemonic.wordlist import WORDLIST

_GENERATOR = (
    *(0xE0E040, 0x1C1C080, 0x3838100, 0x7070200, 0xE0E0009),
    *(0x1C0C2412, 0x38086C24, 0x3090FC48, 0x21B1F890, 0x3F3F120),
)
_DIGEST_AT, _SECRET_AT = 254, 255


def written(words: list[int]) -> str:
    """Write the numbers of a share as words: all that is the library's here."""
    return " ".join(WORDLIST[number] for number in words)


def numbers(
    value: bytes,
    *,
    identifier: int,
    index: int,
    need: int,
    extendable: int = 1,
    exponent: int = 0,
    group: int = 0x000,
) -> list[int]:
    """Return the numbers of a share's words; *group*: index, threshold - 1, count - 1."""
    head = identifier << 5 | extendable << 4 | exponent
    head = head << 20 | group << 8 | index << 4 | need - 1
    bits = -(-len(value) * 8 // 10) * 10
    whole = head << bits | int.from_bytes(value, "big")
    digits = [whole >> at & 1023 for at in range(bits + 30, -10, -10)]
    sum_of = _checksum([*_custom(extendable), *digits, 0, 0, 0]) ^ 1
    return digits + [sum_of >> at & 1023 for at in (20, 10, 0)]


def split(seed: bytes, noise: bytes, *, identifier: int, need: int, of: int) -> list:
    """Return the numbers of every share of *seed*; *noise* is what would be drawn."""
    secret, size = encrypt(seed, b""), len(seed)
    if need == 1:
        return [numbers(secret, identifier=identifier, index=0, need=1)]
    points = {x: noise[x * size : (x + 1) * size] for x in range(need - 2)}
    tail = noise[(need - 2) * size :][: size - 4]
    points[_DIGEST_AT] = hmac.digest(tail, secret, "sha256")[:4] + tail
    points[_SECRET_AT] = secret
    values = [points.get(x) or at(points, x) for x in range(of)]
    return [
        numbers(value, identifier=identifier, index=index, need=need)
        for index, value in enumerate(values)
    ]


def combine(values: dict[int, bytes]) -> bytes:
    """Return the encrypted secret of shares by index; two or more."""
    secret, mixed = at(values, _SECRET_AT), at(values, _DIGEST_AT)
    assert hmac.digest(mixed[4:], secret, "sha256")[:4] == mixed[:4]
    return secret


def value_of(words: list[int]) -> bytes:
    """Return the value of a share of 256 bits."""
    whole = 0
    for number in words[4:-3]:
        whole = whole << 10 | number
    return whole.to_bytes(32, "big")


def encrypt(seed: bytes, passphrase: bytes, salt: bytes = b"", exponent: int = 0):
    return _rounds(seed, passphrase, salt, exponent, (0, 1, 2, 3))


def decrypt(secret: bytes, passphrase: bytes, salt: bytes = b"", exponent: int = 0):
    return _rounds(secret, passphrase, salt, exponent, (3, 2, 1, 0))


def _rounds(
    text: bytes, passphrase: bytes, salt: bytes, exponent: int, order: tuple[int, ...]
) -> bytes:
    half = len(text) // 2
    left, right = text[:half], text[half:]
    for number in order:
        password, count = bytes([number]) + passphrase, 2500 << exponent
        mixed = hashlib.pbkdf2_hmac("sha256", password, salt + right, count, half)
        left, right = right, bytes(a ^ b for a, b in zip(left, mixed, strict=True))
    return right + left


def at(points: dict[int, bytes], x: int) -> bytes:
    """Return the polynomial through *points* at *x*, byte by byte."""
    made = bytes(len(next(iter(points.values()))))
    for xi, value in points.items():
        factor = 1
        for xj in points.keys() - {xi}:
            factor = _times(factor, _times(x ^ xj, _inverse(xi ^ xj)))
        made = bytes(a ^ _times(b, factor) for a, b in zip(made, value, strict=True))
    return made


def _times(a: int, b: int) -> int:
    product = 0
    for bit in range(8):
        product ^= a << bit if b >> bit & 1 else 0
    for bit in range(14, 7, -1):
        product ^= 0x11B << bit - 8 if product >> bit & 1 else 0
    return product


def _inverse(a: int) -> int:
    return next(b for b in range(1, 256) if _times(a, b) == 1)


def _custom(extendable: int) -> bytes:
    return b"shamir_extendable" if extendable else b"shamir"


def _checksum(digits: list[int]) -> int:
    rest = 1
    for digit in digits:
        high = rest >> 20
        rest = (rest & 0xFFFFF) << 10 ^ digit
        for bit, factor in enumerate(_GENERATOR):
            rest ^= factor if high >> bit & 1 else 0
    return rest
