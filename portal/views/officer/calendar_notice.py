"""What officers are told of the calendar that their deadlines are counted by."""

from portal.runtime import runtime
from portal.views.languages import gettext as _
from portal.working_days import HOLIDAYS_AHEAD


def calendar_notice() -> str:
    """Say which year's holidays are not certain; empty: all near ones are."""
    today, calendar = runtime().today(), runtime().working_days
    years = sorted({today.year, (today + HOLIDAYS_AHEAD).year})
    unknown = [str(year) for year in years if not calendar.is_known(year)]
    if not unknown:
        return ""
    return _(
        "The holidays of %(years)s are not certain yet, so due days may move. The "
        "administrator can set them.",
        years=", ".join(unknown),
    )
