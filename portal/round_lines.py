"""The one line that a round leaves: who held it, when, over how many entries.

It is signed by its custodian, and the audit record holds its hash. What was found
stands in it only as a commitment, which tells nothing to who has no salt.
"""

import datetime as dt
import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Self

from sqlalchemy import select
from sqlalchemy.orm import Session

from crypto import BrokenError, Signed, verify
from portal.audit import AuditAction
from portal.database import reading
from portal.models import AuditEntry, Person, Round

_LINE = re.compile(
    r"round (\d+), (\d{4}-\d\d-\d\d), (\d+) entries, "
    r"counts ([0-9a-f]{64}), key ([0-9a-f]{64}), by (.+)",
    re.DOTALL,
)
_HASH_DIGITS = 32


@dataclass(frozen=True)
class RoundLine:
    """What a custodian signs of a round."""

    number: int
    day: dt.date
    entries: int
    """Rows that were sealed: what anybody with the database can count."""
    commitment: bytes
    public: bytes
    """The public half of the key it is signed with: another one may follow."""
    custodian: str

    def __str__(self) -> str:
        return (
            f"round {self.number}, {self.day.isoformat()}, {self.entries} entries, "
            f"counts {self.commitment.hex()}, key {self.public.hex()}, "
            f"by {self.custodian}"
        )

    @classmethod
    def parse(cls, line: str) -> Self:
        """Read what `str` wrote.

        Raises:
            BrokenError: it is no such line.
        """
        found = _LINE.fullmatch(line)
        if found is None:
            raise BrokenError
        number, day, entries, counts, key, name = found.groups()
        try:
            held = dt.date.fromisoformat(day)
        except ValueError:
            raise BrokenError from None
        halves = bytes.fromhex(counts), bytes.fromhex(key)
        return cls(int(number), held, int(entries), *halves, name)


def mark_of(line: str, number: int) -> str:
    """Return what the audit record holds of a line: number, and half of its SHA-256."""
    digest = hashlib.sha256(line.encode()).hexdigest()
    return f"{number} {digest[:_HASH_DIGITS]}"


def find_broken(session: Session) -> tuple[int, ...]:
    """Return the numbers of rounds whose line does not hold.

    Its signature fails, row and line differ, or the audit record knows of another line
    or of none; or the record knows of a round and there is no row.

    Raises:
        StoreUnavailableError: they cannot be read.
    """
    with reading(session):
        return tuple(sorted(set(_find_broken(session))))


def _find_broken(session: Session) -> Iterator[int]:
    held = AuditEntry.act == AuditAction.ROUND_HELD
    marks = {
        # Not its day: a round that was carried away is recorded when it comes back.
        (concerns or "", actor)
        for concerns, actor in session.execute(
            select(AuditEntry.concerns, AuditEntry.actor).where(held)
        )
    }
    for row in session.scalars(select(Round).where(Round.is_done)):
        line = row.line or ""
        person = session.get(Person, row.custodian_id)
        try:
            parsed = _check(row, line, person)
        except BrokenError:
            yield row.number
            continue
        mark = (mark_of(line, row.number), parsed.custodian)
        if mark not in marks:
            yield row.number
        marks.discard(mark)
    # A round that the record knows and no row holds: its row was taken away.
    for concerns, _actor in marks:
        number = concerns.partition(" ")[0]
        yield int(number) if number.isdecimal() else 0


def _check(row: Round, line: str, person: Person | None) -> RoundLine:
    parsed = RoundLine.parse(line)
    verify(parsed.public, line.encode(), row.signature or b"", Signed.LINE)
    if person is None or (parsed.number, parsed.day) != (row.number, row.day):
        raise BrokenError
    # A key of before may follow from none that is known; today's is registered.
    is_of_today = person.key_since is None or row.day > person.key_since
    if is_of_today and person.signing_key and parsed.public != person.signing_key:
        raise BrokenError
    return parsed
