"""Which keys sign the public trail, and since when: the trail says so itself.

Each key enters as a public text, a signed note: by the key itself, and by the one before,
which hands over to it and signs beside it for a time.
"""

import datetime as dt
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self

from sqlalchemy.orm import Session

from crypto import BrokenError
from crypto.checkpoint import check_signed
from crypto.public_leaf import PublicKind
from crypto.signed_note import Note
from portal.ledger_keys import OVERLAP_DAYS, LedgerKeys
from portal.ledger_papers import list_papers, publish

_TEXT = re.compile(
    r"(\S+)\nsigning key ([0-9a-f]{64})\nsince (\d{4}-\d\d-\d\d)\n"
    r"(?:after ([0-9a-f]{64})\nuntil (\d{4}-\d\d-\d\d)\n)?"
)


@dataclass(frozen=True)
class Signer:
    """A key, and from when it signs."""

    origin: str
    public: bytes
    since: dt.date
    after: bytes | None
    """The key before it, where that one handed over."""
    until: dt.date | None
    """The last day on which that one signs."""

    def __str__(self) -> str:
        begin = f"{self.origin}\nsigning key {self.public.hex()}\nsince {self.since}\n"
        if self.after is None:
            return begin
        return f"{begin}after {self.after.hex()}\nuntil {self.until}\n"

    @classmethod
    def read(cls, paper: bytes) -> Self:
        """Read a public text of this kind, and check who signed it.

        Raises:
            BrokenError: it is none, or a signature does not hold.
        """
        note = Note.parse(paper)
        found = _TEXT.fullmatch(note.text)
        if found is None:
            raise BrokenError
        origin, public, since, after, until = found.groups()
        try:
            days = [
                dt.date.fromisoformat(day) if day else None for day in (since, until)
            ]
        except ValueError:
            raise BrokenError from None
        before = bytes.fromhex(after) if after else None
        signer = cls(
            origin, bytes.fromhex(public), days[0] or dt.date.max, before, days[1]
        )
        if str(signer) != note.text:
            raise BrokenError
        for key in filter(None, (signer.public, before)):
            check_signed(note, origin, key)
        return signer


@dataclass(frozen=True)
class InForce:
    """Who is to sign on a day."""

    newest: bytes
    before: bytes | None
    """Signs beside it: the overlap has not ended."""


def announce(session: Session, origin: str, keys: LedgerKeys, day: dt.date) -> None:
    """Publish the key of now where the trail does not know it; in a transaction."""
    known = list_signers(session)
    last = known[-1].public if known else None
    if keys.newest.public == last:
        return
    before = keys.before if keys.before and keys.before.public == last else None
    signer = Signer(
        origin,
        keys.newest.public,
        day,
        before.public if before else None,
        day + dt.timedelta(days=OVERLAP_DAYS) if before else None,
    )
    text = str(signer)
    lines = [key.sign(text, origin) for key in (keys.newest, before) if key]
    note = str(Note(text, tuple(lines)))
    publish(session, PublicKind.SIGNING_KEY, note.encode(), day)


def list_signers(session: Session) -> list[Signer]:
    """Return every key that the trail names, the first one first; broken ones are left out."""
    return list(
        read_signers(p.text for p in list_papers(session, PublicKind.SIGNING_KEY))
    )


def read_signers(papers: Iterable[bytes]) -> Iterable[Signer]:
    """Read public texts of this kind, in their order; broken ones are left out."""
    for paper in papers:
        try:
            yield Signer.read(paper)
        except BrokenError:
            continue


def in_force(signers: Iterable[Signer], day: dt.date) -> InForce | None:
    """Return who is to sign on *day*; None: nobody was announced by then."""
    begun = [one for one in signers if one.since <= day]
    if not begun:
        return None
    last = begun[-1]
    has_ended = last.until is None or day > last.until
    return InForce(last.public, None if has_ended else last.after)
