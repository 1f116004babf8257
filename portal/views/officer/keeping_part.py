"""Until when a case that is over stays, on its officers' page."""

from dataclasses import dataclass

from portal.models import NO_DAY, Case
from portal.runtime import runtime
from portal.views.languages import gettext as _
from portal.views.words import day


@dataclass(frozen=True)
class KeepingOnPage:
    """Until when a case that is over stays."""

    sentence: str
    is_held: bool


def keeping_of(case: Case) -> KeepingOnPage | None:
    """Say until when the case stays; None: it goes on, or its day comes tonight."""
    if case.purge_on is None:
        return None
    if case.custodian_due_on or case.is_urgent:
        sentence = _("It stays until the reporter has an answer.")
        return KeepingOnPage(sentence, case.purge_on == NO_DAY)
    if case.purge_on == NO_DAY:
        return KeepingOnPage(_("Held back: it stays until somebody lets it go."), True)
    sentence = _(
        "Destroyed on %(day)s, with everything in it. Copies in backups live at most "
        "%(count)d days more.",
        day=day(case.purge_on),
        count=runtime().settings.backup_keep_days,
    )
    return KeepingOnPage(sentence, False)
