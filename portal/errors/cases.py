"""What is refused about a case, or about something on its way to be one."""

import datetime as dt

from portal.errors.installation import LurusError


class CaseError(LurusError):
    """Something about a case does not hold."""


class NoSuchCaseError(CaseError):
    """There is no such case for this person."""


class NoReaderError(CaseError):
    """No officer would be able to read this report."""


class ReaderLeftError(CaseError):
    """An officer that the report was sealed to has retired meanwhile."""


class ReportTooLargeError(CaseError):
    """The report as a whole is too large."""

    def __init__(self, excess: int) -> None:
        super().__init__()
        self.excess = excess


class ReasonTooLongError(CaseError):
    """The internal reason does not fit its envelope."""

    def __init__(self, excess: int) -> None:
        super().__init__()
        self.excess = excess


class FormUsedError(CaseError):
    """This form was handed in before."""


class CodeInTextError(CaseError):
    """The text holds a case code, or a large part of one."""


class ToldTodayError(CaseError):
    """Trouble of this kind was told today; more of it fits a message."""


class NotFromHereError(CaseError):
    """The status cannot be reached from the present one."""


class DayOutOfReachError(CaseError):
    """An entry may not open or end on that day: it is past, or too late."""


class TooEarlyError(CaseError):
    """Who filed a held entry is written to only while it asks how things are."""

    def __init__(self, day: dt.date) -> None:
        """Take the first day on which it is possible."""
        super().__init__()
        self.day = day


class IncompleteMoveError(CaseError):
    """A change of status lacks something that it needs."""

    def __init__(self, *fields: str) -> None:
        super().__init__()
        self.fields = fields


class ShutOutError(CaseError):
    """This officer cannot be given the case."""


class LastReaderError(CaseError):
    """Nobody would be left who can read the case."""


class ChangedMeanwhileError(CaseError):
    """Somebody else acted on the case after this page was made."""
