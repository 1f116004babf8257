"""What opens a case with two keys alone: the gate's and a custodian's (FORMAT 12).

Security: a share is wrapped to the custodian and the wrap is locked under the gate
key of its case. Who has the database and the custodian's identity lacks the gate
secret, which is in no database; who has the database and the gate secret lacks the
custodian's identity. Where a custodian may not open, random bytes are wrapped and
locked the same way: nobody but that custodian, behind the gate, can tell.
"""

import datetime as dt
import secrets
from dataclasses import dataclass
from enum import StrEnum
from typing import Self

from crypto import fields
from crypto.case_key import PAIR_SIZE
from crypto.errors import BrokenError
from crypto.keys import WRAP_OVERHEAD, Identity, Recipient
from crypto.lock import LOCK_OVERHEAD, Key
from crypto.padding import pad, unpad

LABEL_GATE = b"lurus/v1/gate"
LABEL_OUTER = b"lurus/v1/outer"
LABEL_OUTER_WRAP = b"lurus/v1/outer-wrap"

SHARE_SIZE = 256  # padded: rule, date and subject show in no length
FIRST_DIGEST_SIZE = 32
OPENED_OUTER_SIZE = SHARE_SIZE + WRAP_OVERHEAD  # 1393
OUTER_SIZE = OPENED_OUTER_SIZE + LOCK_OVERHEAD  # 1474

_FIELDS = 5


class ReleaseRule(StrEnum):
    """When a share may be used; its word is what the share holds.

    A date beside `MATCH_2` or `MATCH_3` means: or on that day, whichever is first.
    Beside the others but for `DATE` it is the day on which the entry is destroyed.
    """

    NEVER = "never"
    DATE = "date"
    MATCH_2 = "match-2"
    MATCH_3 = "match-3"
    MATCH_2_ONLY = "match-2-only"
    MATCH_3_ONLY = "match-3-only"
    DEADLINE = "deadline"

    @property
    def wanted(self) -> int:
        """Return how many must name the same subject; 0: no match releases it."""
        return _WANTED.get(self, 0)

    @property
    def is_match(self) -> bool:
        """Tell whether others who name the same subject release it."""
        return self.wanted > 0

    @property
    def may_have_date(self) -> bool:
        """Tell whether a day can stand beside it."""
        return self is not ReleaseRule.DEADLINE

    @property
    def opens_on_date(self) -> bool:
        """Tell whether its day releases it; if not, its day destroys it."""
        return self in _OPENING_ON_DATE


_OPENING_ON_DATE = {ReleaseRule.DATE, ReleaseRule.MATCH_2, ReleaseRule.MATCH_3}
_WANTED = {
    ReleaseRule.MATCH_2: 2,
    ReleaseRule.MATCH_2_ONLY: 2,
    ReleaseRule.MATCH_3: 3,
    ReleaseRule.MATCH_3_ONLY: 3,
}


@dataclass(frozen=True, eq=False, repr=False, slots=True)
class Share:
    """What an outer holds: K xor M, or K itself, and when it may be used.

    *date* is ISO 8601 or empty; *subject* is a canonical staff number or empty;
    *share* has 64 bytes; *first* is the SHA-256 of the case's first envelope.
    What contradicts itself cannot be made: ValueError.
    """

    rule: str
    date: str
    subject: str
    share: bytes
    first: bytes

    def __post_init__(self) -> None:
        rule = ReleaseRule(self.rule)
        if self.date and dt.date.fromisoformat(self.date).isoformat() != self.date:
            raise ValueError("a day is written YYYY-MM-DD")
        if self.date and not rule.may_have_date:
            raise ValueError("this rule has no day")
        if rule is ReleaseRule.DATE and not self.date:
            raise ValueError("this rule needs a day")
        if rule.is_match and not self.subject:
            raise ValueError("a match needs a subject")
        if len(self.share) != PAIR_SIZE or len(self.first) != FIRST_DIGEST_SIZE:
            raise ValueError("a share has 64 bytes, a digest 32")

    def encode(self) -> bytes:
        """Write five fields, each led by its length, padded to 256 bytes.

        Raises:
            TooLongError: the subject does not fit.
        """
        words = (part.encode() for part in (self.rule, self.date, self.subject))
        return pad(fields.join((*words, self.share, self.first)), SHARE_SIZE)

    @classmethod
    def decode(cls, padded: bytes) -> Self:
        """Read what `encode` wrote; one encoding per share.

        Raises:
            BrokenError: it is none; so is what a dummy holds.
        """
        # A last field that is cut short shows: it has one size.
        plain = unpad(padded, SHARE_SIZE)
        rule, date, subject, share, first = fields.split(plain, _FIELDS)
        try:
            word = ReleaseRule(rule.decode())
            return cls(word, date.decode(), subject.decode(), share, first)
        except ValueError:
            raise BrokenError from None


def gate_key(gate: Key, case_id: bytes) -> Key:
    """Return the key of one case's gate; *gate* holds the gate secret."""
    return gate.derive(LABEL_GATE, case_id)


def seal_outer(
    share: Share, recipient: Recipient, gate: Key, *, case_id: bytes, holder: bytes
) -> bytes:
    """Wrap *share* to a custodian and lock the wrap: `OUTER_SIZE` bytes.

    Raises:
        TooLongError: the subject does not fit.
    """
    inner = seal_without_gate(share, recipient, case_id=case_id, holder=holder)
    return put_gate_on(inner, gate, case_id=case_id, holder=holder)


def dummy_outer(
    recipient: Recipient, gate: Key, *, case_id: bytes, holder: bytes
) -> bytes:
    """Wrap random bytes and lock the wrap: for who may never open this case."""
    inner = dummy_without_gate(recipient, case_id=case_id, holder=holder)
    return put_gate_on(inner, gate, case_id=case_id, holder=holder)


def put_gate_on(inner: bytes, gate: Key, *, case_id: bytes, holder: bytes) -> bytes:
    """Lock a custodian's wrap, of a share or a dummy: `OUTER_SIZE` bytes."""
    return gate_key(gate, case_id).lock(
        inner, label=LABEL_OUTER, context=(case_id, holder)
    )


def take_gate_off(outer: bytes, gate: Key, *, case_id: bytes, holder: bytes) -> bytes:
    """Return the custodian's wrap, `OPENED_OUTER_SIZE` bytes, still closed.

    Raises:
        NotYoursError: another gate, case or holder, or damaged.
        BrokenError: not an outer of a version or size that is known.
    """
    inner = gate_key(gate, case_id).unlock(
        outer, label=LABEL_OUTER, context=(case_id, holder)
    )
    if len(inner) != OPENED_OUTER_SIZE:
        raise BrokenError
    return inner


def seal_without_gate(
    share: Share, recipient: Recipient, *, case_id: bytes, holder: bytes
) -> bytes:
    """Wrap *share* to a custodian where the gate is already off."""
    return _wrap(share.encode(), recipient, case_id, holder)


def dummy_without_gate(recipient: Recipient, *, case_id: bytes, holder: bytes) -> bytes:
    """Wrap random bytes where the gate is off, for who may never open this case."""
    noise = secrets.token_bytes(SHARE_SIZE)
    return _wrap(noise, recipient, case_id, holder)


def open_outer(
    inner: bytes, identity: Identity, *, case_id: bytes, holder: bytes
) -> Share:
    """Return the share that `take_gate_off` left closed.

    Raises:
        NotYoursError: another custodian's, another case's, damaged, or the gate is on.
        BrokenError: it opens and holds no share: a dummy.
    """
    padded = identity.unwrap(inner, label=LABEL_OUTER_WRAP, context=(case_id, holder))
    return Share.decode(padded)


def rewrap_inner(
    inner: bytes,
    identity: Identity,
    recipient: Recipient,
    *,
    case_id: bytes,
    holder: bytes,
) -> bytes:
    """Wrap what *inner* holds to the same custodian's next identity, share or dummy.

    Raises:
        NotYoursError: as `open_outer`.
        BrokenError: what is wrapped has another size.
    """
    padded = identity.unwrap(inner, label=LABEL_OUTER_WRAP, context=(case_id, holder))
    if len(padded) != SHARE_SIZE:
        raise BrokenError
    return _wrap(padded, recipient, case_id, holder)


def _wrap(padded: bytes, recipient: Recipient, case_id: bytes, holder: bytes) -> bytes:
    return recipient.wrap(padded, label=LABEL_OUTER_WRAP, context=(case_id, holder))
