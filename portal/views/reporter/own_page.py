"""What who has a code sees: the page of a report, or of an entry that is none."""

from werkzeug.wrappers import Response

from portal.cases import ReporterCase
from portal.forms import OwnMessageForm
from portal.statuses import CaseStatus
from portal.views.evidence import NO_EVIDENCE, Evidence
from portal.views.reporter.case_page import case_page
from portal.views.reporter.entry_page import entry_page


def own_page(
    opened: ReporterCase,
    form: OwnMessageForm,
    evidence: Evidence = NO_EVIDENCE,
    *,
    http: int = 200,
) -> Response:
    """Render what the code opened."""
    is_sealed = opened.case.status == CaseStatus.SEALED
    shown = entry_page if is_sealed else case_page
    return shown(opened, form, evidence, http=http)
