"""The note sheet: what the writer of an entry chose, as the writer's page shows it.

Sealed under the case key, one size. Whom the entry is about stands in it once more
locked, under the code key: officers who read an entry do not learn it from here.
"""

import datetime as dt
import json
from base64 import b64decode, b64encode
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from crypto import (
    Key,
    Kind,
    Place,
    ReleaseRule,
    lock_subject,
    seal,
    unlock_subject,
    unseal,
)
from portal.entries import Entry, EntryKind

_PREFIX = 8
"""Hex digits of an id: enough to know one of forty officers again."""


@dataclass(frozen=True)
class NoteSheet:
    """What an entry is, when it opens or ends, and whom its writer chose."""

    kind: EntryKind
    rule: ReleaseRule
    day: dt.date
    wanted: ReleaseRule | None
    readers: tuple[str, ...]
    """The first eight hex digits of the ids of officers who may read it, once anybody."""
    locked_subject: bytes
    """145 bytes that the code key alone opens."""
    is_short: bool = False
    """Whether answers, which are kept nowhere else, let it be held for a short time."""

    @classmethod
    def of(
        cls, entry: Entry, readers: Iterable[str], code_key: Key, case_id: bytes
    ) -> "NoteSheet":
        """Make the sheet of an entry; *readers*: ids in hex."""
        return cls(
            entry.kind,
            entry.rule,
            entry.day,
            entry.wanted,
            tuple(one[:_PREFIX] for one in readers),
            lock_subject(entry.subject, code_key, case_id=case_id),
            entry.is_short,
        )

    @property
    def opens_on_day(self) -> bool:
        """Tell whether the entry opens on its day; if not, it is destroyed."""
        return self.kind is EntryKind.HOLD and self.rule.opens_on_date

    def chose(self, officer: str) -> bool:
        """Tell whether the writer chose *officer* (id in hex)."""
        return officer[:_PREFIX] in self.readers

    def entry(self, code_key: Key, case_id: bytes) -> Entry:
        """Return how the entry is kept, with its subject, to who has the code.

        Raises:
            NotYoursError: another code.
        """
        subject = unlock_subject(self.locked_subject, code_key, case_id=case_id)
        own = (self.kind, self.rule, self.day, self.wanted)
        return Entry(*own, subject, self.is_short)

    def seal(self, key: Key, case_id: bytes) -> bytes:
        """Seal the sheet under the case key."""
        values: dict[str, Any] = {
            "v": 1,
            "kind": self.kind,
            "rule": self.rule,
            "day": self.day.isoformat(),
            "wanted": self.wanted or "",
            "readers": "".join(self.readers),
            "subject": b64encode(self.locked_subject).decode(),
            "short": self.is_short,
        }
        return seal(json.dumps(values).encode(), key, _place(case_id))

    @classmethod
    def unseal(cls, envelope: bytes, key: Key, case_id: bytes) -> "NoteSheet":
        """Open a sheet.

        Raises:
            BrokenError: not under this key, or damaged.
        """
        values = json.loads(unseal(envelope, key, _place(case_id)))
        readers, wanted = values["readers"], values["wanted"]
        return cls(
            EntryKind(values["kind"]),
            ReleaseRule(values["rule"]),
            dt.date.fromisoformat(values["day"]),
            ReleaseRule(wanted) if wanted else None,
            tuple(readers[at : at + _PREFIX] for at in range(0, len(readers), _PREFIX)),
            b64decode(values["subject"]),
            values.get("short", False),
        )


def _place(case_id: bytes) -> Place:
    return Place(case_id, "note-sheet", 0, "reporter", Kind.SHEET)
