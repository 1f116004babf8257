"""The writer's page of a sealed entry: what it is, when it opens or ends.

Nothing here depends on what a round found: not a word, not a length.
"""

from werkzeug.wrappers import Response

from portal import cases, threads
from portal.cases import ReporterCase
from portal.forms import OwnMessageForm
from portal.note_sheets import NoteSheet
from portal.threads import Chain
from portal.views.evidence import NO_EVIDENCE, Evidence, files_part
from portal.views.languages import gettext as _
from portal.views.reporter.case_page import message_on_page, own_files
from portal.views.request import db, visit
from portal.views.response import private_page, with_script
from portal.views.words import day, word


def entry_page(
    opened: ReporterCase,
    form: OwnMessageForm,
    evidence: Evidence = NO_EVIDENCE,
    *,
    http: int = 200,
) -> Response:
    """Render the entry as its writer sees it."""
    shown = private_page(
        "reporter/entry.html",
        http=http,
        form=form,
        **_context(opened),
        **files_part(evidence, has_script=True),
    )
    return with_script(shown)


def _context(opened: ReporterCase) -> dict[str, object]:
    case = opened.case
    sheet = NoteSheet.unseal(case.note_sheet or b"", opened.key, case.id)
    entries = threads.read(db(), case.id, Chain.THREAD, opened.key)
    steps = cases.read_steps(db(), case.id)
    files = own_files(opened)
    return {
        "kind": word(sheet.kind),
        "sealed_on": steps[0].taken_on,
        "ends": _ends(sheet),
        "messages": [message_on_page(entry, files) for entry in entries],
        "shows_own": visit().shows_own,
    }


def _ends(sheet: NoteSheet) -> str:
    """Say what happens on the last day."""
    if sheet.opens_on_day:
        return _("Opens to the officers you chose after %(day)s.", day=day(sheet.day))
    return _("Is destroyed after %(day)s.", day=day(sheet.day))
