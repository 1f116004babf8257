"""The Integrity Zone of a demo: declared, signed in part, counted, reported."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from portal import pact, zone
from portal.models import Person
from portal.pact import UnitCount
from portal.runtime import Runtime
from portal.zone import Declaration, OwnText, Statement
from portal.zone_texts import Area, Promise


@dataclass(frozen=True)
class ZoneWords:
    """What the made-up agency says, as the play has it."""

    place: str
    text: Mapping[str, str]
    unsigned: Sequence[str]
    """Promises that the head did not sign."""
    reports: Mapping[str, Mapping[str, str]]
    """By area."""
    pact: Sequence[Sequence[str | int]]
    """Unit, staff, signed."""


class DemoZone:
    """What an administrator keeps, first and last."""

    def __init__(
        self, runtime: Runtime, session: Session, words: ZoneWords, by: Person
    ) -> None:
        self._runtime = runtime
        self._session = session
        self._words = words
        self._by = by

    def declare(self, today: dt.date) -> None:
        """Keep what was declared and signed *today*; nobody signs without a name."""
        words, settings = self._words, self._runtime.settings
        declared = Declaration(OwnText(**words.text), words.place, today)
        zone.keep_declaration(self._session, declared, today, by=self._by)
        if settings.head_name:
            signed = Statement(
                settings.head_name, settings.head_position, today, self._signed()
            )
            zone.keep_statement(self._session, signed, today, by=self._by)

    def report(self, today: dt.date) -> None:
        """Keep how far it has come by *today*."""
        for area, text in self._words.reports.items():
            own = OwnText(**text)
            zone.keep_report(self._session, Area(area), own, today, by=self._by)
        units = [
            UnitCount(str(unit), int(staff), int(signed))
            for unit, staff, signed in self._words.pact
        ]
        pact.keep_counts(self._session, units, today, by=self._by.name)

    def _signed(self) -> dict[Promise, OwnText]:
        unsigned = {Promise(word) for word in self._words.unsigned}
        texts = self._runtime.zone.promises.items()
        return {one: OwnText(**text) for one, text in texts if one not in unsigned}
