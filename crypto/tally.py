"""What is counted of a case, until the counts are made public (FORMAT 12.12).

Security: a tally is wrapped to a custodian, and the wrap is locked under the gate
secret, as an outer is: the database with a custodian's identity opens none, nor does
the database with the gate secret. It names no case. Its id follows from the case's
thread key, so that whoever holds that key finds it again, and nobody else can tell of
which case it is. One size; HPKE authenticates nobody, the gate's lock does: who can
write rows, and lacks the gate secret, can drop a tally and make none.
"""

from crypto.errors import BrokenError, NotYoursError
from crypto.keys import WRAP_OVERHEAD, Identity, Recipient
from crypto.lock import LOCK_OVERHEAD, Key
from crypto.padding import pad, unpad

LABEL_TALLY_ID = b"lurus/v1/tally-id"
LABEL_TALLY_GATE = b"lurus/v1/tally-gate"
LABEL_TALLY_WRAP = b"lurus/v1/tally-wrap"
LABEL_TALLY = b"lurus/v1/tally"

TALLY_ID_SIZE = 16
TALLY_SIZE = 64  # padded
TALLY_WRAP_SIZE = TALLY_SIZE + WRAP_OVERHEAD  # 1201
SEALED_TALLY_SIZE = TALLY_WRAP_SIZE + LOCK_OVERHEAD  # 1282

Place = tuple[bytes, ...]


def tally_id(thread: Key, case_id: bytes, kind: str) -> bytes:
    """Return where the tally of *kind* of a case stands: one id for each of both."""
    key = thread.derive(LABEL_TALLY_ID, case_id, kind.encode())
    return key.reveal()[:TALLY_ID_SIZE]


def seal_tally(
    words: str,
    recipient: Recipient,
    gate: Key,
    *,
    tally_id: bytes,
    period: str,
    holder: bytes,
) -> bytes:
    """Wrap what is counted to a custodian, behind the gate: `SEALED_TALLY_SIZE` bytes.

    Raises:
        TooLongError: *words* has more than 60 bytes.
    """
    place = (tally_id, period.encode(), holder)
    return _seal(pad(words.encode("ascii"), TALLY_SIZE), recipient, gate, place)


def open_tally(
    sealed: bytes,
    identity: Identity,
    gate: Key,
    *,
    tally_id: bytes,
    period: str,
    holder: bytes,
) -> str:
    """Return what was counted.

    Raises:
        NotYoursError: another gate's, custodian's, period's or id's, or damaged.
        BrokenError: it opens and is none.
    """
    plain = _open(sealed, identity, gate, (tally_id, period.encode(), holder))
    try:
        return unpad(plain, TALLY_SIZE).decode("ascii")
    except UnicodeDecodeError:
        raise BrokenError from None


def rewrap_tally(
    sealed: bytes,
    identity: Identity,
    recipient: Recipient,
    gate: Key,
    *,
    tally_id: bytes,
    period: str,
    holder: bytes,
) -> bytes:
    """Wrap what *sealed* holds to the same custodian's next identity.

    Raises:
        NotYoursError: as `open_tally`.
        BrokenError: what is wrapped has another size.
    """
    place = (tally_id, period.encode(), holder)
    plain = _open(sealed, identity, gate, place)
    if len(plain) != TALLY_SIZE:
        raise BrokenError
    return _seal(plain, recipient, gate, place)


def is_tally_behind(
    sealed: bytes, gate: Key, *, tally_id: bytes, period: str, holder: bytes
) -> bool:
    """Tell whether *sealed* is a tally of this place behind this gate; to whom, it hides.

    What is not holds nothing for its holder: another one passes it on.
    """
    key, place = gate.derive(LABEL_TALLY_GATE), (tally_id, period.encode(), holder)
    try:
        key.unlock(sealed, label=LABEL_TALLY, context=place)
    except (NotYoursError, BrokenError):
        return False
    return True


def _seal(plain: bytes, recipient: Recipient, gate: Key, place: Place) -> bytes:
    wrapped = recipient.wrap(plain, label=LABEL_TALLY_WRAP, context=place)
    return gate.derive(LABEL_TALLY_GATE).lock(wrapped, label=LABEL_TALLY, context=place)


def _open(sealed: bytes, identity: Identity, gate: Key, place: Place) -> bytes:
    key = gate.derive(LABEL_TALLY_GATE)
    wrapped = key.unlock(sealed, label=LABEL_TALLY, context=place)
    return identity.unwrap(wrapped, label=LABEL_TALLY_WRAP, context=place)
