"""A file, sealed in chunks as it arrives (FORMAT 14).

Security: STREAM (Hoang, Reyhanitabar, Rogaway, Vizár, 2015), as age uses it: every chunk
is sealed with AES-256-GCM under a nonce that holds its number and whether it is the last.
A chunk that is changed, dropped, repeated, swapped, cut or added is broken. The
file key is drawn for one file and seals nothing else, so that a file moved elsewhere
does not open: its key stands where the file belongs, under a lock, which commits to it
as AES-GCM does not.
"""

import secrets
from collections.abc import Iterable, Iterator

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from crypto.errors import BrokenError
from crypto.padding import TooLongError, padded_file_size

FILE_KEY_SIZE = 32
CHUNK_SIZE = 64 * 1024
SEALED_CHUNK_SIZE = CHUNK_SIZE + 16
PREFIX_SIZE = 7
STREAM_HEADER_SIZE = 1 + PREFIX_SIZE  # 8
FIRST_SEALED_SIZE = STREAM_HEADER_SIZE + SEALED_CHUNK_SIZE
COUNTER_SIZE = 4
MOST_CHUNKS = 256**COUNTER_SIZE
LONGEST_FILE = MOST_CHUNKS * CHUNK_SIZE  # a bucket itself: filling adds no chunk

_VERSION = b"\x01"
_ZEROS = bytes(CHUNK_SIZE)


class FileKey:
    """A secret for one file; it has no representation: reading it out is `reveal`."""

    __slots__ = ("_secret",)

    def __init__(self, secret: bytes) -> None:
        if len(secret) != FILE_KEY_SIZE:
            raise ValueError("a file key has 32 bytes")
        self._secret = secret

    @classmethod
    def generate(cls) -> "FileKey":
        """Draw a key from the operating system."""
        return cls(secrets.token_bytes(FILE_KEY_SIZE))

    def reveal(self) -> bytes:
        """Read the secret out."""
        return self._secret


class FileSealer:
    """Seals one file while it arrives; holds a chunk at most.

    What `update` and `finish` return, one behind the other, is the sealed file.
    Neither may be called behind `finish`.
    """

    __slots__ = ("_begun", "_chunks", "_is_closed", "_waiting", "length")

    def __init__(self, key: FileKey) -> None:
        prefix = secrets.token_bytes(PREFIX_SIZE)
        self._chunks = _Chunks(key, _VERSION + prefix)
        self._waiting = bytearray()
        self._begun = _VERSION + prefix
        self._is_closed = False
        self.length = 0
        """Bytes that came in so far."""

    def update(self, piece: bytes | memoryview) -> bytes:
        """Take the next bytes; return what is sealed of them and of those before.

        Raises:
            TooLongError: more than 2^48 bytes, for which the counter has no numbers.
        """
        self._refuse_if_closed()
        length = self.length + memoryview(piece).nbytes
        if length > LONGEST_FILE:
            raise TooLongError(length - LONGEST_FILE)
        self.length = length
        self._waiting += piece
        return self._take_begun() + b"".join(self._full_chunks())

    def finish(self) -> bytes:
        """Fill up with zeros to a bucket of sizes, a 32nd part at most, and close."""
        self._refuse_if_closed()
        self._is_closed = True
        missing = padded_file_size(self.length) - self.length
        sealed = [self._take_begun()]
        while missing:
            zeros = _ZEROS[:missing]
            self._waiting += zeros
            missing -= len(zeros)
            sealed += self._full_chunks()
        sealed.append(self._chunks.seal(bytes(self._waiting), is_last=True))
        return b"".join(sealed)

    def _refuse_if_closed(self) -> None:
        if self._is_closed:
            raise ValueError("the file is closed")

    def _take_begun(self) -> bytes:
        begun, self._begun = self._begun, b""
        return begun

    def _full_chunks(self) -> list[bytes]:
        """Seal whole chunks; one stays, for it may be the last."""
        sealed = []
        at = 0
        with memoryview(self._waiting) as waiting:
            while len(waiting) - at > CHUNK_SIZE:
                with waiting[at : at + CHUNK_SIZE] as chunk:
                    sealed.append(self._chunks.seal(chunk, is_last=False))
                at += CHUNK_SIZE
        del self._waiting[:at]
        return sealed


def unseal_file(
    pieces: Iterable[bytes], key: FileKey, length: int, *, skip: int = 0
) -> Iterator[bytes]:
    """Yield a file's *length* bytes from sealed *pieces* of any size, behind *skip*.

    Nothing is yielded of a chunk that is not as it was sealed; what came before it has
    been. Who needs the whole or nothing reads to the end first.

    Raises:
        BrokenError: changed, cut, swapped, repeated, or of another length.
    """
    if skip < 0 or length < 0:
        raise ValueError("bytes are counted from the beginning on")
    left = skip + length
    filled = padded_file_size(left)
    for chunk in _opened(pieces, key):
        filled -= len(chunk)
        wanted = chunk[:left]
        if chunk[len(wanted) :].strip(b"\x00"):
            raise BrokenError
        left -= len(wanted)
        dropped = min(skip, len(wanted))
        skip -= dropped
        if dropped < len(wanted):
            yield wanted[dropped:]
    if filled:  # one filling per length; fewer bytes than *length* are none, either
        raise BrokenError


def unseal_first_chunk(sealed: bytes, key: FileKey) -> bytes:
    """Return a file's first 64 KiB, from its first `FIRST_SEALED_SIZE` bytes.

    Every file is longer, if by zeros.

    Raises:
        BrokenError: it is not the beginning of a file of this key.
    """
    if len(sealed) != FIRST_SEALED_SIZE:
        raise BrokenError
    chunks = _Chunks(key, sealed[:STREAM_HEADER_SIZE])
    return chunks.open(sealed[STREAM_HEADER_SIZE:], is_last=False)


def _opened(pieces: Iterable[bytes], key: FileKey) -> Iterator[bytes]:
    waiting = bytearray()
    chunks: _Chunks | None = None
    for piece in pieces:
        waiting += piece
        if chunks is None:
            if len(waiting) < STREAM_HEADER_SIZE:
                continue
            chunks = _Chunks(key, bytes(waiting[:STREAM_HEADER_SIZE]))
            del waiting[:STREAM_HEADER_SIZE]
        at = 0
        while len(waiting) - at > SEALED_CHUNK_SIZE:
            sealed = bytes(waiting[at : at + SEALED_CHUNK_SIZE])
            yield chunks.open(sealed, is_last=False)
            at += SEALED_CHUNK_SIZE
        del waiting[:at]
    if chunks is None:
        raise BrokenError
    yield chunks.open(bytes(waiting), is_last=True)


class _Chunks:
    """The cipher of one file: each chunk once, in order."""

    __slots__ = ("_cipher", "_header", "_number")

    def __init__(self, key: FileKey, header: bytes) -> None:
        if header[:1] != _VERSION:
            raise BrokenError
        self._cipher = AESGCM(key.reveal())
        self._header = header
        self._number = 0

    def seal(self, chunk: bytes | memoryview, *, is_last: bool) -> bytes:
        """Seal the next chunk; none is empty, for sizes begin at two chunks."""
        return self._cipher.encrypt(self._nonce(is_last), chunk, self._header)

    def open(self, sealed: bytes, *, is_last: bool) -> bytes:
        """Open the next chunk.

        Raises:
            BrokenError: it is not the next one.
        """
        try:
            chunk = self._cipher.decrypt(self._nonce(is_last), sealed, self._header)
        except InvalidTag:
            raise BrokenError from None
        if not chunk:
            raise BrokenError  # a last chunk of nothing: another writing of one file
        return chunk

    def _nonce(self, is_last: bool) -> bytes:
        if self._number >= MOST_CHUNKS:
            raise BrokenError
        number = self._number.to_bytes(COUNTER_SIZE, "big")
        self._number += 1
        return self._header[1:] + number + bytes([is_last])
