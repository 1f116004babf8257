"""A restore says so in the trail: what came after the backup is lost, and a new key signs.

A trail that was put back goes on in another way than it did before, which everybody who
kept a later checkpoint sees. That it was no forgery but a restore can only be said.
"""

import datetime as dt
import re
from collections.abc import Iterable

from sqlalchemy.orm import Session

from crypto.public_leaf import PublicKind
from portal.ledger_papers import Paper, publish

_OPEN_DAYS = 1
_TEXT = re.compile(
    r"restored (\d{4}-\d\d-\d\d)\nfrom the backup of (\d{4}-\d\d-\d\d)\n"
)


def publish_restore(session: Session, backup: dt.date, today: dt.date) -> None:
    """Say that the portal was put back from the backup of that day; in a transaction."""
    text = f"restored {today.isoformat()}\nfrom the backup of {backup.isoformat()}\n"
    publish(session, PublicKind.RESTORED, text.encode(), today)


def explains(papers: Iterable[Paper], since: dt.date) -> bool:
    """Tell whether a restore explains why a key that begins then follows none."""
    return any(_covers(paper, since) for paper in papers)


def _covers(paper: Paper, since: dt.date) -> bool:
    if paper.kind is not PublicKind.RESTORED:
        return False
    found = _TEXT.fullmatch(paper.text.decode(errors="replace"))
    if found is None:
        return False
    restored, backup = map(dt.date.fromisoformat, found.groups())
    # Days that were open at the time of the backup are closed with the new key.
    return backup - dt.timedelta(days=_OPEN_DAYS) <= since <= restored
