"""The case code: a secret shown once and never stored (FORMAT 3).

Security: 130 bits from the operating system. The database knows a code by its
locator alone; the key that opens the case follows from the code and nothing
else. There is no password hash here, on purpose: at 130 bits stretching adds
nothing, and 64 MiB for every anonymous request is a lever for whoever wants
the portal down.
"""

import hashlib
import re
import secrets
from dataclasses import dataclass, field
from itertools import chain
from typing import NewType, Self

from crypto import base32
from crypto.errors import MistypedError
from crypto.lock import InstanceId, Key

LABEL_LOCATOR = b"lurus/v1/locator"
LABEL_CODE_KEY = b"lurus/v1/code-key"
LABEL_CODE_WINDOW = b"lurus/v1/code-window"

SECRET_BITS = 130
SECRET_SYMBOLS = 26
CHECK_SYMBOLS = 2
CODE_SYMBOLS = SECRET_SYMBOLS + CHECK_SYMBOLS  # 28, seven groups of four
GROUPS = CODE_SYMBOLS // base32.GROUP_SIZE
SECRET_SIZE = 17  # bytes of the big-endian integer that enters HKDF
MODULUS = 1021  # the largest prime below 2^10: every slip and swap shows
WINDOW_SYMBOLS = 3 * base32.GROUP_SIZE
WINDOW_TAG_SIZE = 16

Locator = NewType("Locator", bytes)
"""32 bytes: all that the database knows of a code."""

_CODE_SHAPE = re.compile(
    # A look-ahead, so that a word of four letters in front does not hide a code.
    rf"(?<![0-9A-Za-z])(?=((?:[0-9A-Za-z]{{4}}{base32.SEPARATOR}{{0,6}}){{6}}"
    r"[0-9A-Za-z]{4})(?![0-9A-Za-z]))"
)
_SPELT_SHAPE = re.compile(
    rf"(?<![0-9A-Za-z])(?=((?:[0-9A-Za-z]{base32.SEPARATOR}{{1,3}}){{27}}[0-9A-Za-z])"
    r"(?![0-9A-Za-z]))"
)
_DIGIT = re.compile("[0-9]")
_PLAIN_DIGIT = re.compile("[2-9]")
_NO_SYMBOL = re.compile(r"[^0-9A-Z]+")


@dataclass(frozen=True, eq=False, slots=True)
class CaseCode:
    """The one secret of a reporter; everything else follows from it."""

    _secret: int = field(repr=False)

    @classmethod
    def generate(cls) -> Self:
        """Draw a new code; again where no digit from 2 to 9 stands in it.

        `holds_code` knows codes by their digits; one in 3,000 has none but 0 and 1,
        which may be typed as letters.
        """
        while True:
            code = cls(secrets.randbits(SECRET_BITS))
            if _PLAIN_DIGIT.search(code.reveal()):
                return code

    @classmethod
    def parse(cls, typed: str) -> Self:
        """Read a code as people type it.

        Raises:
            MistypedError: no such code can exist; found from the text alone.
        """
        symbols = base32.normalise(typed)
        if len(symbols) != CODE_SYMBOLS:
            raise MistypedError
        secret = base32.decode(symbols[:SECRET_SYMBOLS])
        if base32.decode(symbols[SECRET_SYMBOLS:]) != secret % MODULUS:
            raise MistypedError
        return cls(secret)

    def reveal(self) -> str:
        """Write the code as it is shown: seven groups of four symbols."""
        symbols = base32.encode(self._secret, SECRET_SYMBOLS)
        check = base32.encode(self._secret % MODULUS, CHECK_SYMBOLS)
        return base32.group(symbols + check)

    def locator(self, instance: InstanceId) -> Locator:
        """Return what the case is found by."""
        return Locator(self._key(instance).derive(LABEL_LOCATOR).reveal())

    def key(self, instance: InstanceId) -> Key:
        """Return the key that opens the reporter's lock."""
        return self._key(instance).derive(LABEL_CODE_KEY)

    def windows(self) -> frozenset[bytes]:
        """Return a tag for each three groups in a row, to find them in a text."""
        symbols = base32.normalise(self.reveal())
        return frozenset(
            _window_tag(symbols[start : start + WINDOW_SYMBOLS])
            for start in range(0, CODE_SYMBOLS - WINDOW_SYMBOLS + 1, base32.GROUP_SIZE)
        )

    def _key(self, instance: InstanceId) -> Key:
        return Key(self._secret.to_bytes(SECRET_SIZE, "big"), instance)


def holds_window(text: str, windows: frozenset[bytes]) -> bool:
    """Tell whether *text* holds three groups in a row of the code of *windows*."""
    symbols = _NO_SYMBOL.sub("", base32.normalise(text))
    return any(
        _window_tag(symbols[start : start + WINDOW_SYMBOLS]) in windows
        for start in range(len(symbols) - WINDOW_SYMBOLS + 1)
    )


def holds_code(text: str) -> bool:
    """Tell whether *text* holds a whole valid code of any case.

    Only what is written like a code, in groups or spelt out, counts, and has a
    digit: seven plain words of four letters are no code.
    """
    folded = base32.fold_width(text)
    if not _DIGIT.search(folded):
        return False  # most fields: spared the two searches
    written = chain(_CODE_SHAPE.finditer(folded), _SPELT_SHAPE.finditer(folded))
    return any(
        any(symbol.isdigit() for symbol in match[1]) and _parses(match[1])
        for match in written
    )


def _parses(typed: str) -> bool:
    try:
        CaseCode.parse(typed)
    except MistypedError:
        return False
    return True


def _window_tag(symbols: str) -> bytes:
    tag = hashlib.sha256(LABEL_CODE_WINDOW + b"\x00" + symbols.encode())
    return tag.digest()[:WINDOW_TAG_SIZE]
