"""Sealed entries that an officer can open: the list, one of them, what is done with it."""

from collections.abc import Callable

from flask import redirect, request, url_for
from werkzeug.wrappers import Response

from crypto import TooLongError
from portal import entry_desk, openings, readers, seen
from portal.entries import EntryKind
from portal.errors import (
    ChangedMeanwhileError,
    LastReaderError,
    NoSuchPersonError,
    NotFromHereError,
    ShutOutError,
)
from portal.forms import MessageForm, PortalForm, ReaderForm, SeenForm, too_long
from portal.openings import Opening
from portal.runtime import runtime
from portal.views.languages import gettext as _
from portal.views.officer.blueprint import bp
from portal.views.officer.entry_page import (
    EntryForms,
    entry_page,
    list_page,
    passed_on_words,
)
from portal.views.request import admit, db, duty, parse_id

_ID_DIGITS = 32


@bp.get("/entries", endpoint="entries")
def list_() -> Response:
    """Show a page of the entries that this officer can open."""
    kind = _kind_from(request.args.get("kind", ""))
    after = _id_from(request.args.get("after", ""))
    found = entry_desk.list_entries(db(), duty(), kind, after=after)
    return list_page(found, kind, is_first=not after)


@bp.get("/entries/<case_id>")
def entry(case_id: str) -> Response:
    """Show an entry."""
    opening = _open(case_id)
    seen.look(db(), duty(), opening.opened.case.id)
    return entry_page(opening, EntryForms())


@bp.post("/entries/<case_id>/message")
def answer_entry(case_id: str) -> Response:
    """Write to who filed it."""
    opening, form = _open(case_id), MessageForm()

    def act() -> None:
        text, seen_so = form.text.data, form.seen.data or ""
        today = runtime().today()
        openings.answer(db(), opening, duty(), text, seen=seen_so, today=today)

    return _act_on(opening, form, act, EntryForms(message=form))


@bp.post("/entries/<case_id>/passed-on")
def pass_on(case_id: str) -> Response:
    """Tell who filed a good word that it was passed on."""
    opening, form = _open(case_id), SeenForm()

    def act() -> None:
        text, seen_so = passed_on_words(), form.seen.data or ""
        today = runtime().today()
        openings.pass_on(db(), opening, duty(), text, seen=seen_so, today=today)

    return _act_on(opening, form, act, EntryForms())


@bp.post("/entries/<case_id>/take-up")
def take_up_entry(case_id: str) -> Response:
    """Make a case of a held entry that was opened."""
    opening, form = _open(case_id), SeenForm()

    def act() -> None:
        openings.take_up(
            db(),
            opening,
            duty(),
            seen=form.seen.data or "",
            rules=runtime().rules,
            gate=runtime().gate_secret,
            today=runtime().today(),
        )

    case = url_for("officer.case", case_id=case_id)
    return _act_on(opening, form, act, EntryForms(), case)


@bp.post("/entries/<case_id>/assign")
def assign_entry(case_id: str) -> Response:
    """Give the entry to an officer."""
    opening, form = _open(case_id), ReaderForm()

    def act() -> None:
        readers.assign(
            db(),
            opening.opened,
            duty(),
            form.officer_id(),
            reason="",
            seen=form.seen.data or "",
            secret=runtime().secret,
            gate=runtime().gate_secret,
            today=runtime().today(),
        )

    return _act_on(opening, form, act, EntryForms(assign=form))


@bp.post("/entries/<case_id>/recuse")
def recuse_entry(case_id: str) -> Response:
    """Shut an officer out of the entry; who recused oneself is back at the list."""
    opening, form = _open(case_id), ReaderForm()

    def act() -> None:
        readers.recuse(
            db(),
            opening.opened,
            duty(),
            form.officer_id(),
            reason="",
            seen=form.seen.data or "",
            gate=runtime().gate_secret,
            today=runtime().today(),
        )

    back = url_for("officer.entries") if form.is_about(duty().person) else None
    return _act_on(opening, form, act, EntryForms(recuse=form), back)


def _act_on(
    opening: Opening,
    form: PortalForm,
    act: Callable[[], None],
    forms: EntryForms,
    back: str | None = None,
) -> Response:
    """Judge the form and act; refused, the entry comes back with all that was typed.

    *back*: where a done act leads; None: to the entry.
    """
    case_id = opening.opened.case.id
    if form.validate():
        admit("message", owner=duty().person.id.hex())
        try:
            with seen.own_act(db(), duty(), case_id):
                act()
        except (ChangedMeanwhileError, NotFromHereError):
            # Also where a check-in has ended since: the page says when the next begins.
            return entry_page(_open(case_id.hex()), forms, http=409, is_conflict=True)
        except TooLongError as error:
            form.refuse("text", too_long(error.excess))
        except (ShutOutError, NoSuchPersonError, LastReaderError) as error:
            form.refuse("officer", _REFUSED[type(error)]())
    if form.has_errors:
        return entry_page(_open(case_id.hex()), forms, http=422)
    address = back or url_for("officer.entry", case_id=case_id.hex())
    return redirect(address, 303)


def _open(case_id: str) -> Opening:
    """Return the entry as it is now.

    Raises:
        NoSuchCaseError: there is none for this officer, or it is a case by now.
    """
    db().expire_all()
    return openings.find_opening(db(), parse_id(case_id), duty())


# One sentence for every cause of a refusal: it shall not tell whom a writer unticked.
_REFUSED: dict[type[Exception], Callable[[], str]] = {
    ShutOutError: lambda: _("This officer cannot be given the case. Choose another."),
    NoSuchPersonError: lambda: _("Please choose one of the officers shown."),
    LastReaderError: lambda: _(
        "Nobody would be left to read it. Give it to somebody first."
    ),
}


def _kind_from(text: str) -> EntryKind | None:
    known = {member.value for member in EntryKind}
    return EntryKind(text) if text in known else None


def _id_from(text: str) -> bytes:
    """Return the id that a page begins behind; nothing, the beginning, for what is none."""
    try:
        return bytes.fromhex(text) if len(text) == _ID_DIGITS else b""
    except ValueError:
        return b""
