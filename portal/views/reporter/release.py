"""An entry becomes a report: its writer ticks who reads it, and hands it in."""

from functools import partial

from flask import request
from werkzeug.wrappers import Response

from crypto import TooLongError, holds_code
from portal import releases
from portal.entries import EntryKind
from portal.errors import CodeInTextError, NoReaderError, ReportTooLargeError
from portal.forms import ReleaseForm, StoryForm, too_large, too_long
from portal.renewals import OwnEntry, read_report
from portal.reports import MayCustodian
from portal.roster import list_custodians, list_officers
from portal.runtime import runtime
from portal.views.languages import gettext as _
from portal.views.public import bodies_on_page
from portal.views.reporter.blueprint import bp
from portal.views.reporter.entry_lines import subject_name
from portal.views.reporter.own_entry import back, office, only_sealed, own_entry
from portal.views.reporter.ticks import readers_on_page
from portal.views.request import admit, db, foresee, visit
from portal.views.response import private_page
from portal.views.words import word


@bp.route("/case/report", methods=["GET", "POST"])
@only_sealed
def release() -> Response:
    """Show who would read it; make a report of it."""
    own = own_entry()
    if request.method == "GET":
        return _page(own, _first_form(own))
    form = _form_of(own)()
    if _is_valid(form):
        _release(own, form)
    return _page(own, form, http=422) if form.has_errors else back()


def _form_of(own: OwnEntry) -> type[ReleaseForm]:
    """Return the form for it: of a reminder the story is still to be told."""
    return StoryForm if own.sheet.kind is EntryKind.REMINDER else ReleaseForm


def _first_form(own: OwnEntry) -> ReleaseForm:
    """Return the form as its writer chose before."""
    sheet, ids = own.sheet, [one.id.hex() for one in list_officers(db())]
    known = {"readers": [one for one in ids if sheet.chose(one)]}
    if sheet.kind is EntryKind.REMINDER:
        report = read_report(db(), own)
        name = subject_name(own.entry.subject, report)
        return StoryForm(formdata=None, **known, who_name=name)
    return ReleaseForm(formdata=None, **known)


def _is_valid(form: ReleaseForm) -> bool:
    """Judge the form, and whether a case code stands in it."""
    form.validate()
    if isinstance(form, StoryForm):
        for field in (form.what, form.who_name):
            if not field.errors and holds_code(field.data or ""):
                form.refuse(
                    field.name,
                    _("A case code stands here. It is your key: please take it out."),
                )
    return not form.has_errors


def _release(own: OwnEntry, form: ReleaseForm) -> None:
    """Make a report of it, or say in the form why not."""
    foresee("message")
    try:
        releases.release_now(
            db(),
            own,
            form.choice(),
            office=office(),
            rules=runtime().rules,
            today=runtime().today(),
            at_once=runtime().hand_over.are_immediate,
            story=form.story(visit().windows),
            admit=partial(admit, "message"),
        )
    except NoReaderError:
        # One sentence for every cause: it shall not tell who declared a conflict.
        form.refuse("readers", _("At least one officer must be able to read it."))
    except CodeInTextError:
        sentence = _("Part of your case code stands here. Please take it out.")
        form.refuse("what", sentence)
    except TooLongError as error:
        form.refuse("what", too_long(error.excess))
    except ReportTooLargeError as error:
        form.refuse("who_name", too_large(error.excess))


def _page(own: OwnEntry, form: ReleaseForm, *, http: int = 200) -> Response:
    officers, report = list_officers(db()), read_report(db(), own)
    readers = readers_on_page(form, officers, report, all_ticked=False)
    keepers = list_custodians(db())
    return private_page(
        "reporter/release.html",
        http=http,
        form=form,
        kind=word(own.sheet.kind),
        asks_story=isinstance(form, StoryForm),
        readers=readers,
        has_outside=any(reader.is_outside for reader in readers),
        only_outside=bool(form.only_outside.data),
        custodians=", ".join(one.name for one in keepers),
        never_custodian=form.custodian.data == MayCustodian.NO,
        no_reader=not readers,
        bodies=[] if readers else bodies_on_page(),
    )
