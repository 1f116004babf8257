"""What stands beside the tree: custodians' lines, public texts, keys, what is committed to."""

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from itertools import pairwise

from sqlalchemy import select
from sqlalchemy.orm import Session

from crypto import ORIGIN, BrokenError
from crypto.checkpoint import (
    Checkpoint,
    audit_commitment,
    check_cosigned,
    recipients_digest,
)
from crypto.public_leaf import PublicKind, public_leaf
from crypto.signed_note import NoteSignature
from portal.audit import AuditAction
from portal.cosigning import mark_of_tree
from portal.ledger import find_leaves
from portal.ledger_damage import Damage, Harm
from portal.ledger_papers import Paper, list_papers, read_recipients
from portal.ledger_rows import read_note
from portal.ledger_signers import Signer
from portal.models import AuditEntry, Cosignature, LedgerDay, WaitingLeaf
from portal.restored_papers import explains

_NIGHT = dt.timedelta(days=1)
"""What is published while its day is being closed enters the next."""

_Days = Mapping[dt.date, LedgerDay]


def find_bad_lines(
    session: Session,
    days: Sequence[LedgerDay],
    origin: str,
    signers: Sequence[Signer],
) -> Iterator[Damage]:
    """Return what does not hold beside the tree."""
    by_day = {day.day: day for day in days}
    papers = list_papers(session, *PublicKind)
    yield from _find_bad_cosignatures(session, by_day, origin)
    yield from _find_bad_papers(session, papers, by_day)
    yield from _find_missing_papers(papers, by_day)
    yield from _find_bad_keys(papers, by_day)
    yield from _find_bad_followers(papers, signers)
    yield from _find_bad_records(session, by_day)
    # What was begun on a day and written when that was closed enters the next.
    late = select(WaitingLeaf.day).where(
        WaitingLeaf.day < max(by_day, default=dt.date.min)
    )
    yield from (Damage(Harm.LATE, day) for day in set(session.scalars(late)) if day)


def _find_bad_cosignatures(
    session: Session, days: _Days, origin: str
) -> Iterator[Damage]:
    for row in session.scalars(select(Cosignature)):
        day = days.get(row.day)
        note = read_note(day.note) if day else None
        is_held = False
        with suppress(BrokenError):
            line = NoteSignature.parse(row.line)
            if note is not None:
                check_cosigned(note.with_line(line), origin, row.public)
                is_held = True
        if not is_held:
            yield Damage(Harm.COSIGNATURE, row.day)
    # What the audit record knows to be cosigned, and no day is, or none any more.
    trees = {mark_of_tree(day.size, day.root): day.day for day in days.values()}
    lines = Counter(session.scalars(select(Cosignature.day)))
    known = select(AuditEntry.day, AuditEntry.concerns).where(
        AuditEntry.act == AuditAction.COSIGNED
    )
    for on, mark in session.execute(known):
        cosigned = trees.get(mark or "")
        if cosigned is None:
            yield Damage(Harm.RESIGNED, on)
        elif lines[cosigned] == 0:
            yield Damage(Harm.UNCOSIGNED, cosigned)
        else:
            lines[cosigned] -= 1


def _find_bad_papers(
    session: Session, papers: Sequence[Paper], days: _Days
) -> Iterator[Damage]:
    places = find_leaves(session, [paper.leaf for paper in papers])
    for paper in papers:
        place = places.get(paper.leaf)
        is_in = place is not None and paper.day <= place.day <= paper.day + _NIGHT
        is_due = paper.day in days
        if public_leaf(paper.kind, paper.text) != paper.leaf or is_in != is_due:
            yield Damage(Harm.PAPER, paper.day)


def _find_missing_papers(papers: Sequence[Paper], days: _Days) -> Iterator[Damage]:
    """Look for the texts that every trail begins with."""
    first = min(days, default=None)
    begun = {paper.kind for paper in papers if first and paper.day <= first}
    if first and not begun >= {PublicKind.POLICIES, PublicKind.SIGNING_KEY}:
        yield Damage(Harm.PAPER, first)


def _find_bad_keys(papers: Sequence[Paper], days: _Days) -> Iterator[Damage]:
    """Compare the keys that were published with the digest in each checkpoint."""
    published = [paper for paper in papers if paper.kind is PublicKind.KEYS]
    digest, follows = b"", iter(published)
    following = next(follows, None)
    for day in days.values():
        while following is not None and following.day <= day.day:
            digest = _digest_of(following)
            following = next(follows, None)
        note = read_note(day.note)
        with suppress(BrokenError):
            if note is not None and Checkpoint.parse(note.text).keys != digest:
                yield Damage(Harm.KEYS, day.day)


def _digest_of(paper: Paper) -> bytes:
    try:
        return recipients_digest(read_recipients(paper.text))
    except ValueError:
        return b""


def _find_bad_followers(
    papers: Sequence[Paper], signers: Sequence[Signer]
) -> Iterator[Damage]:
    known = [paper for paper in papers if paper.kind is PublicKind.SIGNING_KEY]
    if len(known) != len(signers):
        # One that cannot be read, or that a key did not sign.
        yield Damage(Harm.KEY, known[-1].day)
    for before, one in pairwise(signers):
        if one.after != before.public and not explains(papers, one.since):
            yield Damage(Harm.KEY, one.since)


def _find_bad_records(session: Session, days: _Days) -> Iterator[Damage]:
    for day in days.values():
        note = read_note(day.note)
        if note is None:
            continue
        entry = session.get(AuditEntry, day.audit_number)
        link = entry.link if entry else (b"" if day.audit_number else ORIGIN)
        with suppress(BrokenError):
            signed = Checkpoint.parse(note.text).audit
            if not _is_committed(day.audit_salt, link, signed):
                yield Damage(Harm.RECORD, day.day)


def _is_committed(salt: bytes, link: bytes, signed: bytes) -> bool:
    try:
        return audit_commitment(salt, link) == signed
    except ValueError:
        return False
