"""The part of a case's page that says who can read it, with its two forms."""

from collections.abc import Mapping
from dataclasses import dataclass

from portal import outers
from portal.cases import OfficerCase
from portal.forms import ReaderForm
from portal.reader_sheets import ReaderSheet
from portal.reports import Report
from portal.roster import ListedOfficer, Staff
from portal.threads import ReaderAct, Text
from portal.views.languages import gettext as _
from portal.views.officer.desk import Selectable
from portal.views.request import db, duty


@dataclass(frozen=True)
class ReaderOnPage:
    """Who can open the case."""

    name: str
    is_outside: bool
    has_it_in_hand: bool


@dataclass(frozen=True)
class ReadersOnPage:
    """Who reads, and whom the two forms offer: everybody, whoever may not get it."""

    readers: list[ReaderOnPage]
    assignable: list[Selectable]
    recusable: list[Selectable]


def readers_part(
    opened: OfficerCase,
    report: Report,
    officers: Mapping[str, ListedOfficer],
    assign: ReaderForm | None,
    recuse: ReaderForm | None,
) -> ReadersOnPage:
    """Return the part; *officers* at work by id in hex."""
    sheet = ReaderSheet.unseal(opened.case.reader_sheet, opened.key, opened.case.id)
    oneself = duty().person.id.hex()
    return ReadersOnPage(
        [
            ReaderOnPage(
                officers[one].name, officers[one].is_outside, one == sheet.assigned
            )
            for one in sheet.readers
            if one in officers
        ]
        + [
            ReaderOnPage(_("%(name)s, keeper", name=one.name), True, False)
            for one in outers.find_called(db(), opened.case.id, report)
        ],
        _menu(officers, assign.officer.data if assign else ""),
        _menu(officers, recuse.officer.data if recuse else oneself),
    )


def said_of_readers(text: Text, officers: Staff) -> str:
    """Return what a note says of a change of readers; empty: it goes with none."""
    name = officers[text.officer].name if text.officer in officers else _("Officer")
    if text.reader_act is ReaderAct.ASSIGNED:
        return _("given to %(name)s", name=name)
    if text.reader_act is ReaderAct.RECUSED:
        return _("recused: %(name)s", name=name)
    return ""


def _menu(
    officers: Mapping[str, ListedOfficer], chosen: str | None
) -> list[Selectable]:
    return [
        Selectable(one, officer.name, one == chosen)
        for one, officer in officers.items()
    ]
