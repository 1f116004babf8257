"""What a custodian is told of a case without being given its key (FORMAT 12.7).

Security: wrapped to the custodian alone; it holds a word, a case id and a day, and no
key. Every case that gets a notice of one kind has a wrap of the same length where
there is nothing to tell: a genuine wrap of random bytes. Nobody but that custodian
can tell the two apart, neither who took the database nor who keeps the portal.
"""

import datetime as dt
import secrets
from collections.abc import Sequence
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

MOST_NOTICES = 3
"""In one wrap: of each kind that a reporter can tell, the newest."""

_FIELDS = 3


class NoticeKind(StrEnum):
    """What a custodian is told; its word is what the notice holds."""

    FORCED_WITHDRAWAL = "forced-withdrawal"
    """Somebody demanded of the reporter to withdraw the report."""
    HUNT = "hunt"
    """Somebody is looking for the reporter."""
    PRESSURE = "pressure"
    """There is pressure or a threat, on the reporter or on a group."""
    RETALIATION = "retaliation"
    """Somebody is treated worse because of the report."""


@dataclass(frozen=True)
class CustodianNotice:
    """What a custodian is told: of which case, and since which day."""

    kind: NoticeKind
    case_id: bytes
    day: dt.date

    def encode(self) -> bytes:
        """Write three fields, each led by its length."""
        words = (self.kind.encode(), self.case_id, self.day.isoformat().encode())
        return fields.join(words)

    @classmethod
    def of(cls, kind: bytes, case_id: bytes, day: bytes) -> Self:
        """Make a notice of its three fields.

        Raises:
            BrokenError: they are none.
        """
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


def encode_notices(notices: Sequence[CustodianNotice]) -> bytes:
    """Write one to `MOST_NOTICES` behind each other, padded to 256 bytes."""
    return pad(b"".join(notice.encode() for notice in notices), NOTICE_SIZE)


def decode_notices(padded: bytes) -> tuple[CustodianNotice, ...]:
    """Read what `encode_notices` wrote; one encoding for each list.

    Raises:
        BrokenError: it is none; so is what a dummy holds.
    """
    parts = fields.split_all(unpad(padded, NOTICE_SIZE))
    if not parts or len(parts) % _FIELDS or len(parts) > MOST_NOTICES * _FIELDS:
        raise BrokenError
    starts = range(0, len(parts), _FIELDS)
    return tuple(CustodianNotice.of(*parts[at : at + _FIELDS]) for at in starts)


def seal_notices(
    notices: Sequence[CustodianNotice], recipient: Recipient, *, holder: bytes
) -> bytes:
    """Wrap *notices* of one case to a custodian: `NOTICE_WRAP_SIZE` bytes.

    What is told anew holds what was told before as well: there is one wrap.
    """
    return _wrap(encode_notices(notices), recipient, notices[0].case_id, holder)


def dummy_notice(recipient: Recipient, *, case_id: bytes, holder: bytes) -> bytes:
    """Wrap random bytes where there is nothing to tell, or nobody who may be told."""
    return _wrap(secrets.token_bytes(NOTICE_SIZE), recipient, case_id, holder)


def open_notices(
    wrapped: bytes, identity: Identity, *, case_id: bytes, holder: bytes
) -> tuple[CustodianNotice, ...]:
    """Return what a custodian is told.

    Raises:
        NotYoursError: another custodian's, another case's, an earlier key's, or damaged.
        BrokenError: it opens and tells nothing: a dummy.
    """
    padded = identity.unwrap(wrapped, label=LABEL_NOTICE, context=(case_id, holder))
    notices = decode_notices(padded)
    if any(notice.case_id != case_id for notice in notices):
        raise BrokenError
    return notices


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
        NotYoursError: as `open_notices`.
        BrokenError: what is wrapped has another size.
    """
    padded = identity.unwrap(wrapped, label=LABEL_NOTICE, context=(case_id, holder))
    if len(padded) != NOTICE_SIZE:
        raise BrokenError
    return _wrap(padded, recipient, case_id, holder)


def _wrap(padded: bytes, recipient: Recipient, case_id: bytes, holder: bytes) -> bytes:
    return recipient.wrap(padded, label=LABEL_NOTICE, context=(case_id, holder))
