"""Crockford's base32, as people read it from paper (FORMAT 1.3).

Source: Douglas Crockford, Base 32 (crockford.com/base32).
"""

import re
import unicodedata

from crypto.errors import MistypedError

SYMBOLS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
BITS = 5
GROUP_SIZE = 4
SEPARATOR = r"[\s\u200b\u2060\ufeff\u00ad\u2010-\u2015\u2212_.\-]"
"""What people, phones and word processors set between groups (a regular expression)."""

_VALUES = {symbol: value for value, symbol in enumerate(SYMBOLS)}
_SEPARATORS = re.compile(SEPARATOR)


def encode(number: int, length: int) -> str:
    """Write *number* as *length* symbols, the highest first."""
    return "".join(
        SYMBOLS[(number >> (BITS * place)) & 31] for place in reversed(range(length))
    )


def decode(symbols: str) -> int:
    """Read symbols that `normalise` has made plain.

    Raises:
        MistypedError: a character that is no symbol.
    """
    number = 0
    for symbol in symbols:
        if symbol not in _VALUES:
            raise MistypedError
        number = number << BITS | _VALUES[symbol]
    return number


def normalise(typed: str) -> str:
    """Return *typed* in one spelling: upper case, no separators, O I L as digits.

    Full-width forms count as what they look like (NFKC).
    """
    plain = _SEPARATORS.sub("", fold_width(typed)).upper()
    return plain.replace("O", "0").replace("I", "1").replace("L", "1")


def fold_width(typed: str) -> str:
    """Return *typed* with full-width and other look-alike forms made plain (NFKC)."""
    return unicodedata.normalize("NFKC", typed)


def group(symbols: str, separator: str = "-") -> str:
    """Set *symbols* in groups of four."""
    return separator.join(
        symbols[start : start + GROUP_SIZE]
        for start in range(0, len(symbols), GROUP_SIZE)
    )
