"""What an officer is to be wary of, as the pages of cases and entries say it."""

from portal.cases import OfficerCase
from portal.entries import EntryKind
from portal.note_sheets import NoteSheet
from portal.reports import OthersKnow, Report
from portal.statuses import CaseStatus
from portal.views.languages import gettext as _

_BEFORE_THE_PLAN = frozenset(
    {
        CaseStatus.SUBMITTED,
        CaseStatus.ACKNOWLEDGED,
        CaseStatus.VERIFIED,
        CaseStatus.MORE_INFORMATION,
    }
)
"""Where going on still asks how the source is protected."""


def cautions_of(report: Report, opened: OfficerCase) -> list[str]:
    """Return what follows from the report itself, and from why it opened."""
    is_ahead = CaseStatus(opened.case.status) in _BEFORE_THE_PLAN
    return [*_of_report(report, needs_plan=is_ahead), *_of_match(opened)]


def _of_report(report: Report, *, needs_plan: bool) -> list[str]:
    cautions = []
    if report.others_know and OthersKnow(report.others_know).is_fewer_than_five:
        cautions.append(
            _("Fewer than five people know of this: the reporter is easily guessed.")
        )
    if report.avoid:
        cautions.append(_("The reporter asks to avoid: %(what)s", what=report.avoid))
    if cautions and needs_plan:
        cautions.append(
            _("Before you go on from Verified, write how the source is protected.")
        )
    return cautions


def _of_match(opened: OfficerCase) -> list[str]:
    case = opened.case
    if opened.summary.entry != EntryKind.HOLD or case.note_sheet is None:
        return []
    sheet = NoteSheet.unseal(case.note_sheet, opened.key.thread, case.id)
    if not sheet.rule.is_match:
        return []
    said = _("It was held until others named the same person. A match is not proof.")
    return [said, *each_alone()]


def each_alone() -> list[str]:
    """Return how to go about people who may have named the same person."""
    return [
        _(
            "Each of them is a case of its own. Ask each what they saw themselves and how "
            "they know it, and tell neither anything of the other."
        ),
        _("The person named has the right to answer before anything is decided."),
    ]
