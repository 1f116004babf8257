"""Who may read what is kept and is no report: all officers, or those that are ticked."""

from collections.abc import Sequence
from dataclasses import replace

from flask import request

from portal.conflicts import find_conflicted
from portal.forms import EntryForm, ReadForm
from portal.reports import Readers, choose_readers
from portal.roster import ListedOfficer, list_custodians, list_officers
from portal.runtime import runtime
from portal.views.languages import gettext as _
from portal.views.public import bodies_on_page
from portal.views.reporter.ticks import ReaderOnPage
from portal.views.request import db


def readers_of(form: EntryForm) -> Readers:
    """Return who may read it, or once may; refuses a choice that leaves nobody."""
    officers, custodians = list_officers(db()), list_custodians(db())
    if not isinstance(form, ReadForm):
        return Readers(officers, (), custodians)
    if frozenset(form.readers.data or ()) - {one.id.hex() for one in officers}:
        sentence = _("The list of officers has changed. Please look at it again.")
        form.refuse("readers", sentence)
    report = form.report()
    readers = choose_readers(
        officers,
        report,
        ticked=frozenset(form.readers.data or ()),
        only_outside=False,
        conflicted=find_conflicted(db(), report, runtime().secret),
    )
    if not readers.readers and not form.has_errors:
        # One page for every cause: it shall not tell who declared a conflict.
        form.leaves_nobody = True
        form.refuse("readers", _("At least one officer must be able to read it."))
    return replace(readers, custodians=custodians)


def ticks(form: EntryForm) -> dict[str, object]:
    """Return what a page shows of the officers who may be ticked."""
    if not isinstance(form, ReadForm):
        return {}
    officers = list_officers(db())
    shown = _readers(form, officers)
    is_readable = bool(shown) and not form.leaves_nobody
    return {
        "readers": shown,
        "no_reader": not is_readable,
        "bodies": [] if is_readable else bodies_on_page(),
    }


def _readers(form: ReadForm, officers: Sequence[ListedOfficer]) -> list[ReaderOnPage]:
    is_typed, report = request.method == "POST", form.report()
    ticked = frozenset(form.readers.data or ())
    named = {one.id for one in officers if is_typed and report.names(one.name)}
    return [
        ReaderOnPage(
            id=one.id.hex(),
            name=one.name,
            facts=" · ".join(filter(None, (one.position, one.unit))),
            is_outside=one.is_outside,
            is_checked=one.id not in named and (not is_typed or one.id.hex() in ticked),
            is_named=one.id in named,
        )
        for one in officers
    ]
