"""The file of a backup: a header that is bound, a wrapped key, and sealed entries.

Written and read in one go with flat memory; FORMAT 15 has every byte. The header tells
its day, which installation it is of and which key it is sealed to; all else is sealed.
"""

import datetime as dt
import hashlib
import hmac
import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import BinaryIO

from crypto import (
    BACKUP_PROOF_SIZE,
    BACKUP_WRAP_SIZE,
    BrokenError,
    FileKey,
    FileSealer,
    GateSecret,
    Identity,
    InstanceId,
    NotYoursError,
    Recipient,
    backup_proof,
    padded_file_size,
    unseal_file,
    unsealed_size,
    unwrap_backup,
    wrap_backup,
)
from portal.errors import (
    BackupError,
    BrokenBackupError,
    NotABackupError,
    OtherBackupKeyError,
    OtherGateError,
    OtherVersionError,
)

MAGIC = b"lurus-backup"
VERSION = b"\x01"
FINGERPRINT_LENGTH = 39  # 32 symbols in eight groups, with hyphens

_DAY_LENGTH = 10
_INSTANCE_SIZE = 16
_HEADER_SIZE = 12 + 1 + _DAY_LENGTH + _INSTANCE_SIZE + FINGERPRINT_LENGTH  # 78
_BEGIN_SIZE = _HEADER_SIZE + BACKUP_WRAP_SIZE
_NAME_LENGTH = 2
_NUMBER_SIZE = 8
_LONGEST_NAME = 100
_PIECE_SIZE = 1024 * 1024
_END = bytes(_NAME_LENGTH)

Progress = Callable[[int], None]
"""Is told how many further bytes are done."""


def silent(_done: int) -> None:
    """Show no progress."""


@dataclass(frozen=True)
class Header:
    """What anybody can read of a backup."""

    day: dt.date
    instance: InstanceId
    fingerprint: str
    """Of the key that it is sealed to."""

    def encode(self) -> bytes:
        """Write it as the file begins."""
        day, key = self.day.isoformat().encode(), self.fingerprint.encode()
        return MAGIC + VERSION + day + bytes(self.instance) + key

    @classmethod
    def read(cls, file: BinaryIO) -> "Header":
        """Read the beginning of *file*.

        Raises:
            NotABackupError: it begins otherwise.
            OtherVersionError: a version that this program does not know.
            BrokenBackupError: it ends too early, or holds no day.
        """
        begin = file.read(_HEADER_SIZE)
        if not begin.startswith(MAGIC):
            raise NotABackupError
        rest = io.BytesIO(begin[len(MAGIC) :])
        if rest.read(1) not in {VERSION, b""}:
            raise OtherVersionError
        if len(begin) < _HEADER_SIZE:
            raise BrokenBackupError
        try:
            day = dt.date.fromisoformat(rest.read(_DAY_LENGTH).decode("ascii"))
            instance = InstanceId(rest.read(_INSTANCE_SIZE))
            return cls(day, instance, rest.read().decode("ascii"))
        except ValueError:
            raise BrokenBackupError from None


@dataclass(frozen=True)
class Entry:
    """One file inside a backup, while it is read."""

    name: str
    size: int
    written: int
    """Unix time in seconds."""
    pieces: Iterator[bytes]
    """Its bytes; what is not taken is passed over."""


class BackupWriter:
    """Seals entries into a file, one behind the other."""

    def __init__(
        self,
        file: BinaryIO,
        recipient: Recipient,
        gate: GateSecret,
        instance: InstanceId,
        day: dt.date,
    ) -> None:
        header = Header(day, instance, recipient.fingerprint()).encode()
        key = FileKey.generate()
        file.write(header + wrap_backup(key, recipient, instance, header))
        self._file, self._gate, self._instance = file, gate, instance
        self._sealer, self._digest = FileSealer(key), hashlib.sha256()

    def add(
        self,
        name: str,
        source: BinaryIO,
        size: int,
        written: int = 0,
        progress: Progress = silent,
    ) -> None:
        """Add an entry of *size* bytes from *source*.

        Raises:
            BackupError: *source* ends before.
        """
        encoded = name.encode()
        self._put(len(encoded).to_bytes(_NAME_LENGTH, "big") + encoded)
        self._put(size.to_bytes(_NUMBER_SIZE, "big"))
        self._put(written.to_bytes(_NUMBER_SIZE, "big"))
        while size:
            piece = source.read(min(size, _PIECE_SIZE))
            if not piece:
                raise BackupError(f"{name} became shorter while it was read.")
            self._put(piece)
            size -= len(piece)
            progress(len(piece))

    def finish(self) -> None:
        """Write the end and the proof, and fill up to a bucket of sizes."""
        self._put(_END)
        digest = self._digest.digest()
        self._put(backup_proof(self._gate, self._instance, digest))
        # Here, piece by piece: the sealer would hold all of the filling at once.
        missing = padded_file_size(self._sealer.length) - self._sealer.length
        while missing:
            filling = bytes(min(missing, _PIECE_SIZE))
            self._put(filling)
            missing -= len(filling)
        self._file.write(self._sealer.finish())

    def _put(self, piece: bytes) -> None:
        self._digest.update(piece)
        self._file.write(self._sealer.update(piece))


def read_entries(
    file: BinaryIO,
    identity: Identity,
    gate: GateSecret | None,
    progress: Progress = silent,
) -> Iterator[Entry]:
    """Yield every entry of *file*, which stands at its beginning.

    What was yielded is right once the last was: who needs all or nothing reads to the
    end first. *gate* None: the proof is passed over.

    Raises:
        NotABackupError, OtherVersionError: see `Header.read`.
        OtherBackupKeyError: sealed to another key.
        BrokenBackupError: changed, cut short, or added to.
        OtherGateError: the proof is another's.
    """
    size = file.seek(0, io.SEEK_END)
    file.seek(0)
    header = Header.read(file)
    if bytes(header.fingerprint, "ascii") != _fingerprint(identity):
        raise OtherBackupKeyError
    try:
        key = unwrap_backup(
            file.read(BACKUP_WRAP_SIZE), identity, header.instance, header.encode()
        )
        length = unsealed_size(size - _BEGIN_SIZE)
    except (NotYoursError, BrokenError):
        raise BrokenBackupError from None
    tape = _Tape(_unsealed(_pieces(file, progress), key, length), length)
    yield from _entries(tape)
    digest = tape.digest.digest()
    proof = tape.take(BACKUP_PROOF_SIZE)
    tape.expect_zeros()
    if gate and not hmac.compare_digest(
        proof, backup_proof(gate, header.instance, digest)
    ):
        raise OtherGateError


def read_header(path: Path) -> Header:
    """Return what anybody can read of the backup *path*; raises as `Header.read`."""
    with path.open("rb") as file:
        return Header.read(file)


def begins_as_backup(path: Path) -> bool:
    """Tell whether *path* begins as a backup does, whole or not."""
    with path.open("rb") as file:
        return file.read(len(MAGIC)) == MAGIC


def find_older(folder: Path, today: dt.date, days: int) -> tuple[Path, ...]:
    """Return the backups in *folder* that are older than so many days, by name."""
    oldest = today - dt.timedelta(days=days)
    files = sorted(path for path in folder.iterdir() if path.is_file())
    return tuple(path for path in files if _is_before(path, oldest))


def _is_before(path: Path, oldest: dt.date) -> bool:
    try:
        return read_header(path).day < oldest
    except (OSError, NotABackupError, OtherVersionError, BrokenBackupError):
        return False


def _fingerprint(identity: Identity) -> bytes:
    return identity.recipient.fingerprint().encode()


def _pieces(file: BinaryIO, progress: Progress) -> Iterator[bytes]:
    while piece := file.read(_PIECE_SIZE):
        yield piece
        progress(len(piece))


def _unsealed(pieces: Iterator[bytes], key: FileKey, length: int) -> Iterator[bytes]:
    # Here, not where entries are yielded: who reads an entry meets the fault itself.
    try:
        yield from unseal_file(pieces, key, length)
    except BrokenError:
        raise BrokenBackupError from None


def _entries(tape: "_Tape") -> Iterator[Entry]:
    while length := int.from_bytes(tape.take(_NAME_LENGTH), "big"):
        if length > _LONGEST_NAME:
            raise BrokenBackupError
        # What is no UTF-8 was not written here, and is no name that is known.
        name = tape.take(length).decode(errors="replace")
        size = int.from_bytes(tape.take(_NUMBER_SIZE), "big")
        written = int.from_bytes(tape.take(_NUMBER_SIZE), "big")
        pieces = tape.stream(size)
        yield Entry(name, size, written, pieces)
        for _ in pieces:
            pass


class _Tape:
    """Unsealed bytes, taken from the front."""

    def __init__(self, pieces: Iterator[bytes], length: int) -> None:
        self._pieces, self._waiting, self._left = pieces, memoryview(b""), length
        self.digest = hashlib.sha256()

    def take(self, size: int) -> bytes:
        """Take *size* bytes; few."""
        return b"".join(self.stream(size))

    def stream(self, size: int) -> Iterator[bytes]:
        """Take *size* bytes, piece by piece.

        Raises:
            BrokenBackupError: so many are not left.
        """
        if size > self._left:
            raise BrokenBackupError
        self._left -= size
        while size:
            if not self._waiting:
                self._waiting = memoryview(next(self._pieces))
            piece = bytes(self._waiting[:size])
            self._waiting = self._waiting[len(piece) :]
            size -= len(piece)
            self.digest.update(piece)
            yield piece

    def expect_zeros(self) -> None:
        """Read to the end, where nothing but filling may stand.

        Raises:
            BrokenBackupError: something does.
        """
        for piece in chain([bytes(self._waiting)], self._pieces):
            if piece.strip(b"\x00"):
                raise BrokenBackupError
