"""A secret of 32 bytes on paper, with check symbols (FORMAT 12.6 and 15.1).

Security: nothing is added and nothing hidden; who holds the paper holds the secret.
"""

from crypto import base32
from crypto.errors import MistypedError

PAPER_SECRET_SIZE = 32
PAPER_SYMBOLS = 52  # 260 bits for 256
PAPER_CHECK_SYMBOLS = 4  # in all 56 symbols, fourteen groups of four
PAPER_MODULUS = 1_048_573  # the largest prime below 2^20: every slip and swap shows


def write(secret: bytes, mark: int) -> str:
    """Write *secret* in fourteen groups of four symbols, the last of which checks.

    *mark*: a number for each kind of paper; one kind is *mistyped* where another is
    asked for.
    """
    number = int.from_bytes(secret, "big")
    symbols, check = base32.encode(number, PAPER_SYMBOLS), _check(number, mark)
    return base32.group(symbols + base32.encode(check, PAPER_CHECK_SYMBOLS))


def read(typed: str, mark: int) -> bytes:
    """Return the secret as people type it from paper.

    Raises:
        MistypedError: no such paper can exist; found from the text alone.
    """
    symbols = base32.normalise(typed)
    if len(symbols) != PAPER_SYMBOLS + PAPER_CHECK_SYMBOLS:
        raise MistypedError
    number = base32.decode(symbols[:PAPER_SYMBOLS])
    check = base32.decode(symbols[PAPER_SYMBOLS:])
    if number.bit_length() > 8 * PAPER_SECRET_SIZE or check != _check(number, mark):
        raise MistypedError
    return number.to_bytes(PAPER_SECRET_SIZE, "big")


def _check(number: int, mark: int) -> int:
    return (number + mark) % PAPER_MODULUS
