"""The case that a browser has open."""

from crypto import BrokenError, Key, NotYoursError
from portal import cases
from portal.cases import ReporterCase
from portal.errors import NoSuchCaseError
from portal.runtime import runtime
from portal.sessions import Standing
from portal.views.request import SessionEndedError, db, visit


def opened_case() -> ReporterCase:
    """Return the case that this browser has open.

    Raises:
        SessionEndedError: none, or it is gone.
    """
    if visit().standing is not Standing.REPORTER:
        raise SessionEndedError
    key = Key(visit().code_key, runtime().instance)
    try:
        return cases.find_for_reporter(db(), visit().case_id, key, runtime().instance)
    except (NoSuchCaseError, NotYoursError, BrokenError):
        raise SessionEndedError from None
