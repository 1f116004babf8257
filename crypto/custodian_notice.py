"""What a custodian is told of a case without being given its key (FORMAT 12.7).

Security: wrapped to the custodian alone; it holds a word, a case id and a day, and no
key. Every case that gets a notice of one kind has a wrap of the same length where
there is nothing to tell: a genuine wrap of random bytes. Nobody but that custodian
can tell the two apart, neither who took the database nor who keeps the portal.
"""

import datetime as dt
import secrets
from dataclasses import dataclass
from enum import StrEnum
from typing import Self

from crypto import fields
from crypto.case_entries import CASE_ID_SIZE
from crypto.errors import BrokenError
from crypto.keys import WRAP_OVERHEAD, Identity, Recipient
from crypto.padding import pad, unpad

LABEL_NOTICE = b"lurus/v1/notice"

NOTICE_SIZE = 256  # padded: the kind shows in no length
NOTICE_WRAP_SIZE = NOTICE_SIZE + WRAP_OVERHEAD  # 1393

_FIELDS = 3


class NoticeKind(StrEnum):
    """What a custodian is told; its word is what the notice holds."""

    FORCED_WITHDRAWAL = "forced-withdrawal"
    """Somebody demanded of the reporter to withdraw the report."""


@dataclass(frozen=True)
class CustodianNotice:
    """What a custodian is told: of which case, and since which day."""

    kind: NoticeKind
    case_id: bytes
    day: dt.date

    def encode(self) -> bytes:
        """Write three fields, each led by its length, padded to 256 bytes."""
        words = (self.kind.encode(), self.case_id, self.day.isoformat().encode())
        return pad(fields.join(words), NOTICE_SIZE)

    @classmethod
    def decode(cls, padded: bytes) -> Self:
        """Read what `encode` wrote; one encoding per notice.

        Raises:
            BrokenError: it is none; so is what a dummy holds.
        """
        kind, case_id, day = fields.split(unpad(padded, NOTICE_SIZE), _FIELDS)
        try:
            word = day.decode("ascii")
            notice = cls(
                NoticeKind(kind.decode("ascii")), case_id, dt.date.fromisoformat(word)
            )
        except ValueError:
            raise BrokenError from None
        if len(case_id) != CASE_ID_SIZE or notice.day.isoformat() != word:
            raise BrokenError
        return notice


def seal_notice(
    notice: CustodianNotice, recipient: Recipient, *, holder: bytes
) -> bytes:
    """Wrap *notice* to a custodian: `NOTICE_WRAP_SIZE` bytes."""
    return _wrap(notice.encode(), recipient, notice.case_id, holder)


def dummy_notice(recipient: Recipient, *, case_id: bytes, holder: bytes) -> bytes:
    """Wrap random bytes where there is nothing to tell, or nobody who may be told."""
    return _wrap(secrets.token_bytes(NOTICE_SIZE), recipient, case_id, holder)


def open_notice(
    wrapped: bytes, identity: Identity, *, case_id: bytes, holder: bytes
) -> CustodianNotice:
    """Return what a custodian is told.

    Raises:
        NotYoursError: another custodian's, another case's, an earlier key's, or damaged.
        BrokenError: it opens and tells nothing: a dummy.
    """
    padded = identity.unwrap(wrapped, label=LABEL_NOTICE, context=(case_id, holder))
    notice = CustodianNotice.decode(padded)
    if notice.case_id != case_id:
        raise BrokenError
    return notice


def rewrap_notice(
    wrapped: bytes,
    identity: Identity,
    recipient: Recipient,
    *,
    case_id: bytes,
    holder: bytes,
) -> bytes:
    """Wrap what *wrapped* holds to the same custodian's next identity, notice or dummy.

    Raises:
        NotYoursError: as `open_notice`.
        BrokenError: what is wrapped has another size.
    """
    padded = identity.unwrap(wrapped, label=LABEL_NOTICE, context=(case_id, holder))
    if len(padded) != NOTICE_SIZE:
        raise BrokenError
    return _wrap(padded, recipient, case_id, holder)


def _wrap(padded: bytes, recipient: Recipient, case_id: bytes, holder: bytes) -> bytes:
    return recipient.wrap(padded, label=LABEL_NOTICE, context=(case_id, holder))
