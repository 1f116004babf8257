"""What a backup is sealed to, and what shows who made it (FORMAT 15).

Security: the file key of a backup is wrapped to an identity whose seed stands on one
paper and nowhere else: the server makes backups and opens none. A wrap says nothing of
who made it, so a proof stands at the end of what is sealed, under the secret of the gate:
a backup that somebody else put in place is told from the portal's own.
"""

from crypto import paper
from crypto.errors import BrokenError
from crypto.gate_secret import GateSecret
from crypto.keys import WRAP_OVERHEAD, Identity, Recipient
from crypto.lock import InstanceId
from crypto.stream import (
    CHUNK_SIZE,
    FILE_KEY_SIZE,
    SEALED_CHUNK_SIZE,
    STREAM_HEADER_SIZE,
    FileKey,
)

LABEL_BACKUP_WRAP = b"lurus/v1/backup-wrap"
LABEL_BACKUP_PROOF = b"lurus/v1/backup-proof"

BACKUP_PAPER = 1
BACKUP_WRAP_SIZE = FILE_KEY_SIZE + WRAP_OVERHEAD  # 1169
BACKUP_PROOF_SIZE = 32


def write_backup_key(identity: Identity) -> str:
    """Write the identity that backups are sealed to for paper: fourteen groups."""
    return paper.write(identity.reveal(), BACKUP_PAPER)


def parse_backup_key(typed: str) -> Identity:
    """Return the identity as people type it from paper.

    Raises:
        MistypedError: no such paper can exist, or it is the gate's.
    """
    return Identity(paper.read(typed, BACKUP_PAPER))


def wrap_backup(
    key: FileKey, recipient: Recipient, instance: InstanceId, header: bytes
) -> bytes:
    """Wrap the file key of a backup that begins with *header*."""
    context = (bytes(instance), header)
    return recipient.wrap(key.reveal(), label=LABEL_BACKUP_WRAP, context=context)


def unwrap_backup(
    wrapped: bytes, identity: Identity, instance: InstanceId, header: bytes
) -> FileKey:
    """Return the file key of the backup that begins with *header*.

    Raises:
        NotYoursError: sealed to another key, or the beginning is not as it was made.
        BrokenError: what is wrapped is no file key.
    """
    context = (bytes(instance), header)
    secret = identity.unwrap(wrapped, label=LABEL_BACKUP_WRAP, context=context)
    if len(secret) != FILE_KEY_SIZE:
        raise BrokenError
    return FileKey(secret)


def backup_proof(gate: GateSecret, instance: InstanceId, digest: bytes) -> bytes:
    """Return what only who has the gate's secret can write under *digest*."""
    return gate.key(instance).derive(LABEL_BACKUP_PROOF, digest).reveal()


def unsealed_size(sealed_size: int) -> int:
    """Return how many bytes, filling included, are sealed in so many bytes.

    Raises:
        BrokenError: nothing that was sealed in chunks has that size.
    """
    chunks = -(-(sealed_size - STREAM_HEADER_SIZE) // SEALED_CHUNK_SIZE)
    size = sealed_size - STREAM_HEADER_SIZE - chunks * (SEALED_CHUNK_SIZE - CHUNK_SIZE)
    if size < 1 or -(-size // CHUNK_SIZE) != chunks:
        raise BrokenError
    return size
