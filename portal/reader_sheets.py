"""The reader sheet: who reads a case, who is shut out and why, and who has it in hand.

Sealed under the office key: the portal and the administrator never know it.
"""

import json
from base64 import b64decode, b64encode
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from crypto import CaseKey, Kind, Place, seal, unseal

MOST_OFFICERS = 40
"""More do not fit the sheet, whose one size says nothing of how many there are."""

_ID_SIZE = 16
_READS = "r"


class ShutOut(StrEnum):
    """Why an officer may not read; one letter each, as the sheet keeps it."""

    UNTICKED = "u"
    """By the reporter, for good."""
    NAMED = "n"
    """As a person reported, for good."""
    CONFLICTED = "c"
    """By the officer's own declaration."""
    RECUSED = "x"
    """By an officer who could read; it can be given again."""
    LATER = "l"
    """Was no officer yet."""


# What else keeps somebody out for good stands in the report itself.
_REMEMBERED = {ShutOut.CONFLICTED, ShutOut.RECUSED}


@dataclass(frozen=True)
class Excluded:
    """An officer (id in hex) who may not read, and why."""

    officer: str
    why: ShutOut


@dataclass(frozen=True)
class ReaderSheet:
    """Officers by their ids in hex."""

    readers: tuple[str, ...]
    shut_out: tuple[Excluded, ...]
    assigned: str = ""
    """Who has it in hand, one of the readers; empty: nobody yet."""

    def why_not(self, officer: str) -> ShutOut | None:
        """Return why *officer* may not read; None: may, or was no officer yet."""
        found = (one.why for one in self.shut_out if one.officer == officer)
        return next(found, None)

    def shut_out_by(self, *reasons: ShutOut) -> tuple[str, ...]:
        """Return who may not read for one of *reasons*, also who has left."""
        return tuple(one.officer for one in self.shut_out if one.why in reasons)

    def giving(self, officer: str) -> "ReaderSheet":
        """Return the sheet with *officer* among the readers, who has it in hand."""
        others = tuple(one for one in self.readers if one != officer)
        return ReaderSheet((*others, officer), self._without(officer), officer)

    def recusing(self, officer: str) -> "ReaderSheet":
        """Return the sheet without *officer*; who was shut out before stays so."""
        why = self.why_not(officer)
        if why is None or why is ShutOut.LATER:
            why = ShutOut.RECUSED
        return ReaderSheet(
            tuple(one for one in self.readers if one != officer),
            (*self._without(officer), Excluded(officer, why)),
            "" if self.assigned == officer else self.assigned,
        )

    def of(self, officers: Iterable[str]) -> "ReaderSheet":
        """Return the sheet of today's *officers*: who left is no reader any more."""
        today = tuple(officers)
        readers = tuple(one for one in self.readers if one in today)
        shut_out = tuple(
            Excluded(one, self.why_not(one) or ShutOut.LATER)
            for one in today
            if one not in readers
        )
        # Who is away may come back with a new key, and is not given it by that.
        away = tuple(
            one
            for one in self.shut_out
            if one.officer not in today and one.why in _REMEMBERED
        )
        assigned = self.assigned if self.assigned in readers else ""
        kept = away[: MOST_OFFICERS - len(today)]
        return ReaderSheet(readers, (*shut_out, *kept), assigned)

    def seal(self, key: CaseKey, case_id: bytes) -> bytes:
        """Seal the sheet under the office key."""
        officers = (*self.readers, *(one.officer for one in self.shut_out))
        letters = _READS * len(self.readers) + "".join(one.why for one in self.shut_out)
        values: dict[str, Any] = {"v": 2, "officers": _join(officers), "why": letters}
        if self.assigned:
            values["assigned"] = self.readers.index(self.assigned)
        return seal(json.dumps(values).encode(), key.office, _place(case_id))

    @classmethod
    def unseal(cls, envelope: bytes, key: CaseKey, case_id: bytes) -> "ReaderSheet":
        """Open a sheet; one of before names no reasons.

        Raises:
            BrokenError: not under this key, or damaged.
        """
        values = json.loads(unseal(envelope, key.office, _place(case_id)))
        if values["v"] == 1:
            return cls._of_before(values)
        pairs = list(zip(_split(values["officers"]), values["why"], strict=True))
        readers = tuple(officer for officer, letter in pairs if letter == _READS)
        return cls(
            readers,
            tuple(
                Excluded(officer, ShutOut(letter))
                for officer, letter in pairs
                if letter != _READS
            ),
            readers[values["assigned"]] if "assigned" in values else "",
        )

    @classmethod
    def _of_before(cls, values: dict[str, Any]) -> "ReaderSheet":
        # Nobody was recused then; the report itself says whom it is kept from for good.
        shut_out = _split(values["shut_out"])
        return cls(
            _split(values["readers"]),
            tuple(Excluded(officer, ShutOut.UNTICKED) for officer in shut_out),
        )

    def _without(self, officer: str) -> tuple[Excluded, ...]:
        return tuple(one for one in self.shut_out if one.officer != officer)


def _join(ids: tuple[str, ...]) -> str:
    # 16 bytes each, in one base64: forty officers fit the sheet's one size.
    return b64encode(b"".join(map(bytes.fromhex, ids))).decode()


def _split(joined: str) -> tuple[str, ...]:
    plain = b64decode(joined)
    return tuple(
        plain[at : at + _ID_SIZE].hex() for at in range(0, len(plain), _ID_SIZE)
    )


def _place(case_id: bytes) -> Place:
    return Place(case_id, "sheet", 0, "officer", Kind.SHEET)
