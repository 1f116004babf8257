"""The officers whom a reporter ticks, as they stand in a form."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from wtforms import Field

from portal.reports import Report
from portal.roster import ListedOfficer


@dataclass(frozen=True)
class ReaderOnPage:
    """An officer who may be ticked."""

    id: str
    name: str
    facts: str
    """Position and unit, where they are known."""
    is_outside: bool
    is_checked: bool
    is_named: bool


class TicksReaders(Protocol):
    """A form in which officers are ticked."""

    readers: Field


def readers_on_page(
    form: TicksReaders,
    officers: Sequence[ListedOfficer],
    report: Report | None,
    *,
    all_ticked: bool,
) -> list[ReaderOnPage]:
    """Return the officers to tick; who is named in *report* is never ticked."""
    ticked = frozenset(form.readers.data or ())
    named = {
        officer.id for officer in officers if report and report.names(officer.name)
    }
    return [
        ReaderOnPage(
            id=officer.id.hex(),
            name=officer.name,
            facts=" · ".join(filter(None, (officer.position, officer.unit))),
            is_outside=officer.is_outside,
            is_checked=officer.id not in named
            and (all_ticked or officer.id.hex() in ticked),
            is_named=officer.id in named,
        )
        for officer in officers
    ]
