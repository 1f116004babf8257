"""A text with signatures below it: a signed note of C2SP (FORMAT 21.3).

Security: a line below the text counts only for who knows its key beforehand; a key is
known by a name and four bytes of a hash, which find it and prove nothing. A text cannot
hold a byte 00, so none of them is anything that stands behind a label.
"""

import base64
import binascii
import hashlib
from dataclasses import dataclass
from typing import Self

from crypto.errors import BrokenError

NOTE_KEY_ID_SIZE = 4
MOST_NOTE_SIGNATURES = 64
LONGEST_NOTE = 65_536

_DASH = "\N{EM DASH} "
_END_OF_TEXT = "\n\n"


@dataclass(frozen=True)
class NoteSignature:
    """One line below the text."""

    name: str
    key_id: bytes
    signature: bytes

    def __str__(self) -> str:
        kept = base64.b64encode(self.key_id + self.signature).decode("ascii")
        return f"{_DASH}{self.name} {kept}"

    @classmethod
    def parse(cls, line: str) -> Self:
        """Read what `str` wrote; one encoding per signature.

        Raises:
            BrokenError: it is no such line.
        """
        name, _, kept = line.removeprefix(_DASH).partition(" ")
        try:
            decoded = base64.b64decode(kept, validate=True)
        except (binascii.Error, ValueError):
            raise BrokenError from None
        found = cls(name, decoded[:NOTE_KEY_ID_SIZE], decoded[NOTE_KEY_ID_SIZE:])
        if not is_key_name(name) or str(found) != line or not found.signature:
            raise BrokenError
        return found


@dataclass(frozen=True)
class Note:
    """A text that ends with a newline, and at least one signature."""

    text: str
    signatures: tuple[NoteSignature, ...]

    def __str__(self) -> str:
        return "\n".join((self.text, *map(str, self.signatures), ""))

    @classmethod
    def parse(cls, written: bytes) -> Self:
        """Read what `str` wrote, as UTF-8.

        Raises:
            BrokenError: it is no signed note, or too long for one.
        """
        if len(written) > LONGEST_NOTE:
            raise BrokenError
        try:
            note = written.decode("utf-8")
        except UnicodeDecodeError:
            raise BrokenError from None
        text, between, below = note.rpartition(_END_OF_TEXT)
        lines = below.removesuffix("\n").split("\n")
        if not between or len(lines) > MOST_NOTE_SIGNATURES or not _is_plain(note):
            raise BrokenError
        found = cls(f"{text}\n", tuple(map(NoteSignature.parse, lines)))
        if str(found) != note:
            raise BrokenError
        return found

    def find(self, name: str, key_id: bytes) -> tuple[NoteSignature, ...]:
        """Return the lines by the key with that name and id."""
        wanted = name, key_id
        return tuple(one for one in self.signatures if (one.name, one.key_id) == wanted)

    def with_line(self, line: NoteSignature) -> Self:
        """Return the note with one line more; one that is there stays once."""
        if line in self.signatures:
            return self
        return type(self)(self.text, (*self.signatures, line))


def note_key_id(name: str, kind: bytes, public: bytes) -> bytes:
    """Return what a line names its key by; *kind*: the byte of the signature's type."""
    return hashlib.sha256(name.encode() + b"\n" + kind + public).digest()[
        :NOTE_KEY_ID_SIZE
    ]


def is_key_name(name: str) -> bool:
    """Tell whether a key may be called so: no spaces, no plus, no control character."""
    return (
        bool(name)
        and "+" not in name
        and _is_plain(name)
        and not any(letter.isspace() for letter in name)
    )


def _is_plain(text: str) -> bool:
    return all(letter >= " " or letter == "\n" for letter in text)
