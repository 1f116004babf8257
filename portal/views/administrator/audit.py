"""The audit record: narrowed down, a page at a time, and taken out as a table."""

import csv
import datetime as dt
import io
from dataclasses import dataclass

from flask import redirect, request, url_for
from werkzeug.wrappers import Response

from portal import trail
from portal.audit import CLOCK, OPERATOR, AuditAction, Entry
from portal.forms import COMMAND_LINE, ExportForm, TrailFields
from portal.roles import OFFICERS
from portal.runtime import runtime
from portal.views.administrator.blueprint import bp
from portal.views.confirmation import is_confirmed
from portal.views.languages import gettext as _
from portal.views.request import db, duty
from portal.views.response import private_page
from portal.views.words import act_word

_MOST_DIGITS = 9


@dataclass(frozen=True)
class EntryOnPage:
    """One act in words."""

    number: str
    """Empty for who may not learn how many entries stand between two."""
    day: dt.date | None
    day_text: str
    """As it is stored, where it is no day any more."""
    who: str
    act: str
    concerns: str
    case_id: str


@dataclass(frozen=True)
class Selectable:
    """One entry of a menu."""

    value: str
    label: str
    is_selected: bool


@bp.route("/audit", methods=["GET", "POST"])
def audit() -> Response:
    """Show a page of the record; a form that asks for another leads to its address."""
    if request.method == "GET":
        return _trail_page(TrailFields(request.args), ExportForm(request.args))
    form = TrailFields()
    if not form.validate():
        return _trail_page(form, ExportForm(), http=422)
    return redirect(_address(form), 303)


@bp.post("/audit/export")
def export() -> Response:
    """Give the record as a table, once more confirmed."""
    form, me = ExportForm(), duty().person
    if not (form.validate() and is_confirmed(form)):
        return _trail_page(form, form, http=422)
    entries = trail.export_trail(
        db(), form.filters(), me, runtime().today(), sees_cases=_sees_cases()
    )
    table = _as_table(entries)
    return Response(
        table.encode("utf-8-sig"),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": "attachment; filename=export.csv"},
    )


def _sees_cases() -> bool:
    """Tell whether entries with a case may be seen: never by an officer."""
    return not duty().person.roles & OFFICERS


def _trail_page(form: TrailFields, export: ExportForm, *, http: int = 200) -> Response:
    filters, sees_cases = form.filters(), _sees_cases()
    rank = _rank(request.args.get("after", ""))
    found = trail.list_trail(db(), filters, sees_cases=sees_cases, rank=rank)
    return private_page(
        "administrator/audit.html",
        http=http,
        form=form,
        export=export,
        carried=[form.person, form.act, form.since, form.until],
        persons=_persons(form.person.data or "", sees_cases=sees_cases),
        acts=_acts(form.act.data or ""),
        entries=[_entry(entry, sees_cases=sees_cases) for entry in found.entries],
        sees_cases=sees_cases,
        is_narrowed=filters != trail.TrailFilters(),
        next_page=_address(form, found.next) if found.next else None,
        first_page=_address(form) if rank else None,
    )


def _rank(text: str) -> int | None:
    """Return the rank an address names; None, the newest entry, for anything else."""
    is_rank = text.isascii() and text.isdecimal() and len(text) <= _MOST_DIGITS
    return int(text) if is_rank else None


def _address(form: TrailFields, rank: int | None = None) -> str:
    fields = (form.person, form.act, form.since, form.until)
    asked = {field.name: field.data for field in fields if field.data}
    return url_for("administrator.audit", **asked, after=rank)


def _persons(chosen: str, *, sees_cases: bool) -> list[Selectable]:
    names = trail.names_on_record(db(), sees_cases=sees_cases)
    return [
        Selectable("", _("Everybody"), not chosen),
        Selectable(COMMAND_LINE, _("the command line"), chosen == COMMAND_LINE),
        *(Selectable(name, _who(name), chosen == name) for name in names),
    ]


def _acts(chosen: str) -> list[Selectable]:
    return [
        Selectable("", _("Every act"), not chosen),
        *(Selectable(act, act_word(act), chosen == act) for act in AuditAction),
    ]


def _entry(entry: Entry, *, sees_cases: bool) -> EntryOnPage:
    try:
        day: dt.date | None = dt.date.fromisoformat(entry.day)
    except ValueError:
        day = None
    return EntryOnPage(
        number=str(entry.number) if sees_cases else "",
        day=day,
        day_text=_readable(entry.day),
        who=_who(_readable(entry.actor)),
        act=act_word(_readable(entry.act)),
        concerns=_readable(entry.concerns or ""),
        case_id=entry.case_id.hex() if entry.case_id else "",
    )


def _who(name: str) -> str:
    nobody = {OPERATOR: _("the command line"), CLOCK: _("the portal itself")}
    return nobody.get(name, name)


def _readable(text: str) -> str:
    """Return a damaged text too as one that can be sent."""
    return text.encode(errors="replace").decode()


def _as_table(entries: tuple[Entry, ...]) -> str:
    """Write entries as CSV, in the words of the record, so that it can be checked."""
    written = io.StringIO()
    table = csv.writer(written, quoting=csv.QUOTE_ALL)
    head = ("day", "who", "act", "concerns")
    more = ("number", "case", "link") if _sees_cases() else ()
    table.writerow((*head, *more))
    for entry in entries:
        texts = (entry.day, entry.actor, entry.act, entry.concerns)
        proofs = (entry.number, (entry.case_id or b"").hex(), entry.link.hex())
        cells = (*texts, *(proofs if more else ()))
        table.writerow([_harmless(str(cell or "")) for cell in cells])
    return written.getvalue()


def _harmless(cell: str) -> str:
    """Return a cell that no spreadsheet takes for a formula.

    They begin with = + - or @, after what some programs strip, in more widths than one:
    whatever is no letter and no digit gets a sign in front that makes it a text.
    """
    text = _readable(cell)
    return text if not text or text[0].isalnum() else f"'{text}"
