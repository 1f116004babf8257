"""Public texts: each enters the trail with a leaf of its own and can be read for good.

What is published can never be taken back: no names of people, nothing of a case. Of who
works here it holds keys alone.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import LargeBinary, cast, select
from sqlalchemy.orm import Session

from crypto.public_leaf import PublicKind, public_leaf
from portal.errors import NoSuchLeafError
from portal.models import Person, PublicPaper, WaitingLeaf

_DAY_LINE = "day "


@dataclass(frozen=True)
class Paper:
    """A public text, as it was published."""

    leaf: bytes
    kind: PublicKind
    day: dt.date
    text: bytes


def publish(session: Session, kind: PublicKind, text: bytes, today: dt.date) -> bytes:
    """Publish a text: it is kept, and its leaf waits for the day's batch.

    Call it inside the transaction of what it is about; *text* is UTF-8. The same text
    again changes nothing. Returns its leaf.
    """
    leaf = public_leaf(kind, text)
    if session.get(PublicPaper, leaf) is None:
        paper = PublicPaper(leaf=leaf, kind=kind.value, day=today, text=text.decode())
        session.add_all((paper, WaitingLeaf(leaf=leaf, day=today)))
        session.flush()
    return leaf


def publish_if_changed(
    session: Session, kind: PublicKind, body: str, today: dt.date
) -> None:
    """Publish *body* below a line with the day, where the last one said something else."""
    last = list_papers(session, kind)[-1:]
    said = last[0].text.decode().partition("\n")[2] if last else None
    if said != body:
        text = f"{_DAY_LINE}{today.isoformat()}\n{body}"
        publish(session, kind, text.encode(), today)


def find_paper(session: Session, leaf: bytes) -> Paper:
    """Return the public text with that leaf.

    Raises:
        NoSuchLeafError: there is none.
    """
    row = session.get(PublicPaper, leaf)
    if row is None:
        raise NoSuchLeafError
    return Paper(row.leaf, PublicKind(row.kind), row.day, row.text.encode())


def list_papers(session: Session, *kinds: PublicKind) -> list[Paper]:
    """Return the public texts of some kinds, the first day first."""
    columns = PublicPaper.leaf, PublicPaper.kind, PublicPaper.day
    # As bytes, whatever is stored: somebody may have put another text there.
    text = cast(PublicPaper.text, LargeBinary)
    query = select(*columns, text).where(PublicPaper.kind.in_(map(int, kinds)))
    rows = session.execute(query.order_by(PublicPaper.day, PublicPaper.leaf))
    return [Paper(leaf, PublicKind(kind), day, kept) for leaf, kind, day, kept in rows]


def list_recipients(session: Session) -> list[bytes]:
    """Return to whom the portal seals: everybody at work, sorted, and no name."""
    query = select(Person.recipient).where(
        Person.recipient.is_not(None), Person.retired_on.is_(None)
    )
    return sorted(one for one in session.scalars(query) if one is not None)


def recipients_text(recipients: Iterable[bytes]) -> str:
    """Write recipients as a public text has them: a line of hex digits each."""
    return "".join(f"{one.hex()}\n" for one in recipients)


def read_recipients(text: bytes) -> list[bytes]:
    """Read the recipients of such a text.

    ValueError: it is none.
    """
    return [bytes.fromhex(line) for line in text.decode("ascii").splitlines()[1:]]
