"""The key of a case: a pair, wrapped to every officer, genuine or not (FORMAT 5).

Security: who may read holds a wrap of M; the row holds ``mask = K xor M``.
Who may not read holds a *dummy*: a genuine wrap, to that officer's own
recipient, of fresh random bytes. It opens, and yields keys that open nothing.
Random bytes in place of a wrap would be told apart (an ML-KEM ciphertext is
not uniform), so the table cannot say who may read.
"""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Self

from crypto.errors import BrokenError
from crypto.keys import WRAP_OVERHEAD, Identity, Recipient
from crypto.lock import KEY_SIZE, LOCK_OVERHEAD, InstanceId, Key

LABEL_CASE_WRAP = b"lurus/v1/case-wrap"
LABEL_REPORTER_LOCK = b"lurus/v1/reporter-lock"

PAIR_SIZE = 2 * KEY_SIZE  # K, M and mask: 64
CASE_WRAP_SIZE = PAIR_SIZE + WRAP_OVERHEAD  # 1201
REPORTER_LOCK_SIZE = KEY_SIZE + LOCK_OVERHEAD  # 113


@dataclass(frozen=True, eq=False, slots=True)
class CaseKey:
    """K: the case key, shared with the reporter, and the office key."""

    thread: Key = field(repr=False)
    office: Key = field(repr=False)

    @classmethod
    def generate(cls, instance: InstanceId) -> Self:
        """Draw both keys from the operating system."""
        return cls(Key.generate(instance), Key.generate(instance))

    @classmethod
    def parse(cls, pair: bytes, instance: InstanceId) -> Self:
        """Read what `reveal` wrote: 64 bytes."""
        if len(pair) != PAIR_SIZE:
            raise BrokenError
        return cls(Key(pair[:KEY_SIZE], instance), Key(pair[KEY_SIZE:], instance))

    def reveal(self) -> bytes:
        """Read both keys out: case key, then office key."""
        return self.thread.reveal() + self.office.reveal()

    def with_new_office(self) -> "CaseKey":
        """Return the same case key beside a fresh office key: after a recusal.

        The case key stays, since the reporter is away (FORMAT 5.7).
        """
        return CaseKey(self.thread, self.office.fresh())


@dataclass(frozen=True)
class WrappedCaseKey:
    """What the database holds of a case's key: the mask and a wrap for each holder."""

    mask: bytes
    wraps: Mapping[bytes, bytes]


def wrap_case_key(
    key: CaseKey,
    *,
    case_id: bytes,
    readers: Mapping[bytes, Recipient],
    others: Mapping[bytes, Recipient],
) -> WrappedCaseKey:
    """Wrap *key* to *readers*, and dummies to *others*, both by holder id."""
    hidden = secrets.token_bytes(PAIR_SIZE)
    wraps = {
        holder: recipient.wrap(hidden, label=LABEL_CASE_WRAP, context=(case_id, holder))
        for holder, recipient in readers.items()
    }
    wraps |= {
        holder: wrap_dummy(recipient, case_id=case_id, holder=holder)
        for holder, recipient in others.items()
    }
    return WrappedCaseKey(_xor(key.reveal(), hidden), wraps)


def random_mask() -> bytes:
    """Draw what stands in place of a mask while an entry is held (FORMAT 12.9).

    It is also the share of an entry that nobody but its writer shall ever open.
    """
    return secrets.token_bytes(PAIR_SIZE)


def wrap_dummy(recipient: Recipient, *, case_id: bytes, holder: bytes) -> bytes:
    """Wrap random bytes to who may not read."""
    return recipient.wrap(
        secrets.token_bytes(PAIR_SIZE),
        label=LABEL_CASE_WRAP,
        context=(case_id, holder),
    )


def unwrap_case_key(
    wrapped: bytes,
    mask: bytes,
    identity: Identity,
    *,
    case_id: bytes,
    holder: bytes,
    instance: InstanceId,
) -> CaseKey:
    """Return the keys that a wrap yields; from a dummy, keys that open nothing.

    Raises:
        NotYoursError: the wrap is another holder's or another case's, or damaged.
        BrokenError: the mask has another size.
    """
    hidden = identity.unwrap(wrapped, label=LABEL_CASE_WRAP, context=(case_id, holder))
    return CaseKey.parse(_xor(mask, hidden), instance)


def rewrap(
    wrapped: bytes,
    identity: Identity,
    recipient: Recipient,
    *,
    case_id: bytes,
    holder: bytes,
    to_holder: bytes | None = None,
) -> bytes:
    """Wrap the same M anew: to *holder*'s next identity, or to *to_holder*.

    The mask stays. A dummy becomes a dummy again; nothing here tells which it was.

    Raises:
        NotYoursError: the wrap is another holder's or another case's, or damaged.
        BrokenError: what is wrapped has another size.
    """
    hidden = identity.unwrap(wrapped, label=LABEL_CASE_WRAP, context=(case_id, holder))
    if len(hidden) != PAIR_SIZE:
        raise BrokenError
    new_holder = holder if to_holder is None else to_holder
    return recipient.wrap(hidden, label=LABEL_CASE_WRAP, context=(case_id, new_holder))


def lock_for_reporter(key: CaseKey, code_key: Key, *, case_id: bytes) -> bytes:
    """Lock the case key, and it alone, under the code key."""
    return code_key.lock(
        key.thread.reveal(), label=LABEL_REPORTER_LOCK, context=(case_id,)
    )


def unlock_for_reporter(
    locked: bytes, code_key: Key, *, case_id: bytes, instance: InstanceId
) -> Key:
    """Return the case key to who has the code.

    Raises:
        NotYoursError: the lock is another case's or damaged.
    """
    secret = code_key.unlock(locked, label=LABEL_REPORTER_LOCK, context=(case_id,))
    return Key(secret, instance)


def _xor(left: bytes, right: bytes) -> bytes:
    if len(left) != PAIR_SIZE or len(right) != PAIR_SIZE:
        raise BrokenError
    return bytes(a ^ b for a, b in zip(left, right, strict=True))
