"""What is refused about figures that are made public."""

from portal.errors.installation import LurusError


class FiguresError(LurusError):
    """These figures cannot be had, or not be made public."""


class NoSuchPeriodError(FiguresError):
    """There is no such half-year or year, or nothing was made public of it."""


class NotItsTurnError(FiguresError):
    """This half-year is public already, not over for 90 days, or another one is first."""


class UncountedError(FiguresError):
    """Some of what was counted does not open with this custodian's key."""
