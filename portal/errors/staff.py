"""The staff list, reminders to somebody on it, and paper slips."""

from portal.errors.installation import LurusError


class StaffListError(LurusError):
    """This list of staff cannot be taken; nothing was imported."""


class StaffNumberError(LurusError):
    """This is no staff number: it has another form."""


class NoSuchMemberError(LurusError):
    """Nobody on the staff list is meant by this."""


class ReminderError(LurusError):
    """A courtesy reminder is not possible, or not answered, like this."""


class GiftTooLateError(ReminderError):
    """A reminder would come too late for the gift to be reported in time."""

    def __init__(self, left: int) -> None:
        super().__init__()
        self.left = left


class SubjectAtWorkError(ReminderError):
    """Somebody of that name works with the portal."""


class TooFewPeopleError(ReminderError):
    """The staff list has too few people to mix a name among."""


class NoSuchLeafletError(ReminderError):
    """No leaflet has this reply code, or none any more."""


class TooManyRepliesError(ReminderError):
    """This leaflet was answered as often as it can be."""


class NoSuchSlipError(LurusError):
    """There is no such slip, or it was used or voided before."""


class NoSuchBatchError(LurusError):
    """No slip of this batch is left: all were used, it was voided, or never printed."""
