"""The staff list: whom a reporter can mean, by name and unit, and never by number.

A search looks into the list and nowhere else: it is the same whoever was named, and
whoever was not. Numbers, which hold a birth date, never leave with what is found.
"""

import datetime as dt
import re
import secrets
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from sqlalchemy import (
    Column,
    ColumnElement,
    LargeBinary,
    and_,
    bindparam,
    cast,
    delete,
    func,
    insert,
    or_,
    select,
    update,
)
from sqlalchemy.orm import Session

from crypto import base32
from portal import audit
from portal.audit import OPERATOR, AuditAction
from portal.database import reading, transaction
from portal.errors import NoSuchMemberError, StaffListError, StaffNumberError
from portal.models import Base, StaffMember

MOST_FOUND = 10
LEAST_LETTERS = 3
"""Fewer letters, spaces aside, find nobody."""

_ID_SIZE = 16
_ROWS = Base.metadata.tables[StaffMember.__tablename__].c
_SHOWN = (_ROWS.name, _ROWS.position, _ROWS.unit)
_TABLE = Base.metadata.tables[StaffMember.__tablename__]
_BETWEEN_NUMBERS = re.compile(base32.SEPARATOR)
_NO_LETTER = re.compile(r"[\W_]+")
_APOSTROPHE = re.compile("['`\u2018\u2019\u02bb\u02bc]")
# As people write them before and behind a name, without dots; whole words alone.
_TITLES = frozenset(
    [
        "dr",
        "drs",
        "dra",
        "ir",
        "prof",
        "h",
        "hj",
        "hjh",
        "kh",
        "rr",
        "rm",
        "se",
        "sh",
        "sip",
        "sos",
        "ssos",
        "spd",
        "spdi",
        "st",
        "skom",
        "sag",
        "skm",
        "si",
        "ssi",
        "sp",
        "spt",
        "sptp",
        "sst",
        "stp",
        "sked",
        "skep",
        "skp",
        "sstp",
        "mh",
        "msi",
        "mm",
        "mt",
        "mpd",
        "mkom",
        "mkn",
        "map",
        "mkes",
        "mse",
        "msc",
        "ma",
        "mp",
        "mag",
        "med",
        "mba",
        "phd",
        "llm",
        "amd",
        "amdkep",
        "ners",
        "ns",
        "apt",
        "akt",
        "ak",
        "ca",
        "cpa",
        "cpns",
        "pns",
        "bapak",
        "bpk",
        "pak",
        "ibu",
        "bu",
        "sdr",
        "sdri",
    ]
)


@dataclass(frozen=True)
class Member:
    """Somebody as the agency's own list has them."""

    number: str
    """Canonical."""
    name: str
    position: str
    unit: str


class Found(NamedTuple):
    """Somebody as reporters see them: without the number."""

    id: bytes
    name: str
    position: str
    unit: str


@dataclass(frozen=True)
class Search:
    """What a search came to."""

    found: tuple[Found, ...] = ()
    has_more: bool = False
    """More than are shown fit: another word finds fewer."""
    is_too_short: bool = False
    """Fewer letters than are searched for."""


@dataclass(frozen=True)
class Change:
    """Somebody whose line reads otherwise than before."""

    before: Member
    after: Member


@dataclass(frozen=True)
class Differences:
    """What a new list changes, each in the order of numbers."""

    added: tuple[Member, ...]
    changed: tuple[Change, ...]
    removed: tuple[Member, ...]

    @property
    def are_none(self) -> bool:
        """The new list says what the one before says."""
        return not (self.added or self.changed or self.removed)

    def __str__(self) -> str:
        """Write how many, in signs of every language."""
        return f"+{len(self.added)} ~{len(self.changed)} -{len(self.removed)}"


def canonical_number(text: str, digits: int) -> str:
    """Return a staff number in the one form in which numbers are compared.

    Spaces, dots and dashes go, and full-width digits are folded.

    Raises:
        StaffNumberError: what is left is not *digits* plain digits.
    """
    plain = _BETWEEN_NUMBERS.sub("", base32.fold_width(text))
    if len(plain) != digits or not (plain.isascii() and plain.isdigit()):
        raise StaffNumberError
    return plain


def find_staff(session: Session, words: str) -> Search:
    """Return who is meant by *words*: each occurs in name, position or unit.

    One of them at least occurs in the name. Case, accents and titles count for nothing.
    At most ten, by name.

    Raises:
        StoreUnavailableError: the list cannot be read.
    """
    wanted = _words(words)
    if sum(map(len, wanted)) < LEAST_LETTERS:
        return Search(is_too_short=True)
    candidates = (
        select(_ROWS.id, *_SHOWN)
        .where(_may_be_meant(wanted))
        .order_by(func.lower(_ROWS.name), _ROWS.id)
    )
    with reading(session):
        rows = map(Found._make, session.connection().execute(candidates))
        fitting = (found for found in rows if _is_meant(found, wanted))
        found = tuple(
            one for one, _ in zip(fitting, range(MOST_FOUND + 1), strict=False)
        )
    return Search(found[:MOST_FOUND], has_more=len(found) > MOST_FOUND)


def find_member(session: Session, member_id: bytes) -> StaffMember:
    """Return somebody by the random id that pages hold.

    Raises:
        NoSuchMemberError: nobody, or nobody any more.
    """
    with reading(session):
        member = session.get(StaffMember, member_id)
    if member is None:
        raise NoSuchMemberError
    return member


def find_by_number(session: Session, number: str) -> StaffMember:
    """Return somebody by a canonical number.

    Raises:
        NoSuchMemberError: nobody on the list has it.
    """
    with reading(session):
        of_it = select(StaffMember).where(StaffMember.number == number)
        member = session.scalar(of_it)
    if member is None:
        raise NoSuchMemberError
    return member


def count_staff(session: Session) -> int:
    """Return how many people are on the list."""
    with reading(session):
        return session.scalar(select(func.count()).select_from(_TABLE)) or 0


def compare(session: Session, listed: Iterable[Member]) -> Differences:
    """Return what *listed* would change, and change nothing."""
    with reading(session):
        before = _read(session)
    return _compare(before, listed)


def import_list(
    session: Session, listed: Sequence[Member], shown: Differences, today: dt.date
) -> None:
    """Take *listed* for the staff list; ids stay for a number.

    *shown*: the differences that somebody looked at.

    Raises:
        StaffListError: the list is another one by now, and so are the differences.
    """
    with transaction(session):
        if _compare(_read(session), listed) != shown:
            raise StaffListError(_CHANGED_MEANWHILE)
        _apply(session, shown)
        act = AuditAction.STAFF_IMPORTED
        audit.record(session, OPERATOR, act, today, concerns=str(shown))


_CHANGED_MEANWHILE = """\
The staff list was changed while the differences were looked at; nothing was imported. \
Run the command again."""


def _read(session: Session) -> dict[str, Member]:
    rows = session.connection().execute(select(_ROWS.number, *_SHOWN))
    return {row.number: Member(*row) for row in rows}


def _compare(before: dict[str, Member], listed: Iterable[Member]) -> Differences:
    after = {member.number: member for member in listed}
    both = sorted(before.keys() & after.keys())
    return Differences(
        added=tuple(after[number] for number in sorted(after.keys() - before)),
        changed=tuple(
            Change(before[number], after[number])
            for number in both
            if before[number] != after[number]
        ),
        removed=tuple(before[number] for number in sorted(before.keys() - after)),
    )


def _apply(session: Session, changes: Differences) -> None:
    gone = [{"of": member.number} for member in changes.removed]
    changed = [
        _values(change.after) | {"of": change.after.number}
        for change in changes.changed
    ]
    new = [_values(one) | _identity(one) for one in changes.added]
    of_one = _ROWS.number == bindparam("of")
    for statement, rows in (
        (delete(_TABLE).where(of_one), gone),
        (update(_TABLE).where(of_one), changed),
        (insert(_TABLE), new),
    ):
        if rows:
            session.connection().execute(statement, rows)


def _values(member: Member) -> dict[str, object]:
    return {"name": member.name, "position": member.position, "unit": member.unit}


def _identity(member: Member) -> dict[str, object]:
    return {"id": secrets.token_bytes(_ID_SIZE), "number": member.number}


def _words(typed: str) -> tuple[str, ...]:
    """Return what is searched for: folded, without titles, each once."""
    parts = [part for part in re.split(r"[\s,;]+", base32.fold_width(typed)) if part]
    folded = (word for part in parts for word in _without_title(part))
    return tuple(dict.fromkeys(folded))


def _without_title(part: str) -> Iterator[str]:
    if _fold(part).replace(" ", "") in _TITLES:
        return
    yield from (word for word in _fold(part).split() if word not in _TITLES)


def _may_be_meant(words: Sequence[str]) -> ColumnElement[bool]:
    """Tell in SQL whether a row can be meant; `_is_meant` tells whether it is."""
    in_name = (_ROWS.name.contains(word, autoescape=True) for word in words)
    occur = (or_(*(_may_hold(column, word) for column in _SHOWN)) for word in words)
    return or_(_is_folded_here(_ROWS.name), and_(or_(*in_name), *occur))


def _may_hold(column: Column[str], word: str) -> ColumnElement[bool]:
    return or_(column.contains(word, autoescape=True), _is_folded_here(column))


def _is_folded_here(column: Column[str]) -> ColumnElement[bool]:
    """Tell whether SQL cannot fold a text: accents, an apostrophe within a name."""
    has_others = func.length(column) != func.length(cast(column, LargeBinary))
    return or_(has_others, column.contains("'"), column.contains("`"))


def _is_meant(found: Found, words: Sequence[str]) -> bool:
    name, rest = _fold(found.name), _fold(f"{found.position} {found.unit}")
    occur = all(word in name or word in rest for word in words)
    return occur and any(word in name for word in words)


def _fold(text: str) -> str:
    """Return letters and digits in one case, without accents, single-spaced."""
    decomposed = unicodedata.normalize("NFKD", _APOSTROPHE.sub("", text))
    bare = "".join(sign for sign in decomposed if not unicodedata.combining(sign))
    return _NO_LETTER.sub(" ", bare.casefold()).strip()
