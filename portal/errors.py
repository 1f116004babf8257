"""What the portal refuses, and why.

    LurusError
    ├── SettingsError            settings.toml is not usable
    ├── DataFileError            a file of portal/data is not usable
    │   └── NoSuchCategoryError
    ├── StoreUnavailableError    the database is locked, read-only, full or away
    ├── OlderSchemaError         the database waits for `lurus upgrade`
    ├── NewerSchemaError         the database was upgraded by a newer version
    ├── UpgradeError             nothing was upgraded
    ├── BackupError              no backup was made
    │   └── NoBackupKeyError
    ├── RestoreError             nothing was restored
    │   ├── NotABackupError      the file is something else
    │   ├── OtherVersionError    of another version of this program
    │   ├── BrokenBackupError    changed, cut short, or added to
    │   ├── OtherBackupKeyError  the paper of another key
    │   ├── OtherGateError       the paper of another gate
    │   ├── NotEmptyError        there is an installation already
    │   └── NoListError          nothing says what was destroyed meanwhile
    ├── PortTakenError           another server listens there already
    ├── NotAdmittedError         a bucket is empty: later, for everybody alike
    ├── TooSlowError             a body that hardly comes
    ├── CaseError
    │   ├── NoSuchCaseError      unknown, or not this person's: the same
    │   ├── NoReaderError        a report that no officer could read
    │   ├── ReaderLeftError      somebody it was sealed to has just retired
    │   ├── ReportTooLargeError  with the bytes that are too many
    │   ├── ReasonTooLongError   likewise, of an officer's reason
    │   ├── FormUsedError        the same form was handed in before
    │   ├── CodeInTextError      a text holds (part of) a case code
    │   ├── NotFromHereError     the ONE table does not lead there
    │   ├── DayOutOfReachError   no entry may open or end on that day
    │   ├── TooEarlyError        with the day from which the writer may be told
    │   ├── IncompleteMoveError  with the fields that are missing
    │   ├── ShutOutError         an officer who is never given this case
    │   ├── LastReaderError      nobody would be left to read it
    │   └── ChangedMeanwhileError  somebody else acted on the case
    ├── FileError
    │   ├── CutShortError        a cleaned file broke off: nothing of it counts
    │   ├── NoPictureError       nothing in it that could be looked at
    │   ├── NoSuchFileError      unknown, another case's, or not handed over: the same
    │   ├── MissingObjectError   a row names what the store lacks
    │   └── UploadGoneError      a received file was swept, or went with another form
    ├── StaffListError           a list of staff that is not taken, line by line
    ├── StaffNumberError         no staff number can look like this
    ├── NoSuchMemberError        nobody on the staff list
    ├── ReminderError
    │   ├── GiftTooLateError     with the working days that are left
    │   ├── SubjectAtWorkError   an officer or custodian is of that name
    │   ├── TooFewPeopleError    nobody to mix the name among
    │   ├── NoSuchLeafletError   unknown, or its day has passed: the same
    │   └── TooManyRepliesError  the leaflet was answered too often
    ├── NoSuchSlipError          unknown, used or voided: the same
    ├── NoSuchBatchError         no slip of that batch is left
    └── OfficerError
        ├── NoSuchInvitationError
        ├── NameTakenError
        ├── NoSuchPersonError
        ├── RetiredBeforeError
        ├── InvitedBeforeError   an invitation of that name is still open
        ├── OfficerAndCustodianError
        ├── NotAdministratorError  the role was taken meanwhile
        ├── ChangedBeforeError   the role is as it was asked for already
        ├── NoOtherRoleError     the account would have no role left
        ├── LastAdministratorError  nobody would be left to keep accounts
        ├── NotEnrolledError     there is no key that another could follow
        ├── LastOfficerError     nobody would be left to report to
        ├── TooManyOfficersError
        ├── KeyChangedError      the session has a key that was replaced meanwhile
        ├── RotationBegunError
        ├── NoRotationError
        ├── NoHandOverError      no colleague of that id asked for cases
        ├── OtherFingerprintError  what was typed is not how the key's ends
        ├── WrongPassphraseError  of who is logged in already
        ├── AccountChangedError  passphrase or key was changed at the same time
        ├── RefusedLoginError    one verdict for every cause
        ├── NoRoundError         nobody has heard the key's end, or the clock is behind
        └── RecoveryError
            ├── OtherKeyError        words on paper, but another key's
            ├── NoRecoveryWrapError  no shares would give this key back
            ├── AbandonedError       begun, and no more shares were typed
            ├── ForeignSharesError   a whole set, but another one
            └── NotRecoverableError  right shares, and a row that was changed

Texts for reporters and officers stand in templates; these sentences are for
operators and logs, and hold nothing that a person typed.
"""

import datetime as dt


class LurusError(Exception):
    """The portal refused to do something."""

    def __init__(self, sentence: str | None = None) -> None:
        super().__init__(sentence or (type(self).__doc__ or "").split("\n")[0])


class SettingsError(LurusError):
    """The settings file cannot be used."""

    def __init__(self, *slips: str) -> None:
        """Take everything that is wrong, a sentence each."""
        super().__init__(" ".join(slips))
        self.slips = slips


class DataFileError(LurusError):
    """A data file cannot be used."""


class NoSuchCategoryError(DataFileError):
    """There is no such category."""


class StoreUnavailableError(LurusError):
    """The database is locked, read-only, full or out of reach; nothing was stored."""


class OlderSchemaError(LurusError):
    """The database has an older schema; run `lurus upgrade`."""


class NewerSchemaError(LurusError):
    """The database has a newer schema; install the newer version again, or go back."""


class UpgradeError(LurusError):
    """The database was not upgraded."""


class BackupError(LurusError):
    """No backup was made."""


class NoBackupKeyError(BackupError):
    """There is no backup key yet, and nothing to seal a backup to: `lurus backup-key` makes it, on one paper."""


class RestoreError(LurusError):
    """Nothing was restored."""


class NotABackupError(RestoreError):
    """This file is no backup of a Lurus portal; nothing was restored."""


class OtherVersionError(RestoreError):
    """This backup was made by another version of the program: install that one, or a newer; nothing was restored."""


class BrokenBackupError(RestoreError):
    """This backup is not as it was made: changed, cut short, or added to. Nothing was restored; take another."""


class OtherBackupKeyError(RestoreError):
    """This backup is sealed to another backup key than the one on this paper."""


class OtherGateError(RestoreError):
    """This backup was made behind another gate: the paper of its secret is another installation's or an older one, or this backup was not made by your portal. Nothing was restored."""


class NotEmptyError(RestoreError):
    """There is an installation in this folder already: a backup is restored into an empty one alone."""


class NoListError(RestoreError):
    """Nothing says what was destroyed since."""


class PortTakenError(LurusError):
    """The port is in use already."""


class NotAdmittedError(LurusError):
    """Too much at once; the same request is welcome later."""


class TooSlowError(LurusError):
    """What was sent came too slowly."""


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


class FileError(LurusError):
    """A file cannot be had, or not be sent."""


class CutShortError(FileError):
    """The cleaned file broke off; nothing of it counts."""


class NoPictureError(FileError):
    """No picture can be made of this file, or not of this page."""


class NoSuchFileError(FileError):
    """There is no such file, or not for this person."""


class MissingObjectError(FileError):
    """A row names an object that the store lacks."""


class UploadGoneError(FileError):
    """A received file is not there any more, or went with another form."""


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


class OfficerError(LurusError):
    """Something about an officer does not hold."""


class NoSuchInvitationError(OfficerError):
    """The invitation is unknown, used or too old."""


class NameTakenError(OfficerError):
    """There is or was an officer of that name; add something to it."""


class NoSuchPersonError(OfficerError):
    """Nobody of that name was ever invited; `lurus people list` shows all names."""


class RetiredBeforeError(OfficerError):
    """This officer has retired already."""


class InvitedBeforeError(OfficerError):
    """Somebody of that name is invited already; renew that invitation instead."""


class OfficerAndCustodianError(OfficerError):
    """Nobody is officer and custodian: who answers does not watch over the answering."""


class NotAdministratorError(OfficerError):
    """Only an administrator may do this."""


class ChangedBeforeError(OfficerError):
    """This was changed already."""


class NoOtherRoleError(OfficerError):
    """This person is nothing but an administrator; retire the account instead."""


class LastAdministratorError(OfficerError):
    """The last administrator stays: `lurus people invite NAME --administrator` first, and once NAME enrolled, retire."""


class NotEnrolledError(OfficerError):
    """This person has not enrolled yet; invite once more with `lurus people invite`."""


class LastOfficerError(OfficerError):
    """The last officer stays: `lurus people invite NAME` first, and once NAME enrolled, retire."""


class TooManyOfficersError(OfficerError):
    """There are as many officers as a reader sheet can name; retire one first."""


class KeyChangedError(OfficerError):
    """The key was changed meanwhile; log in again."""


class RotationBegunError(OfficerError):
    """A change of this key was begun already."""


class NoRotationError(OfficerError):
    """No change of this key is under way."""


class NoHandOverError(OfficerError):
    """Nothing is to be handed over to this person."""


class OtherFingerprintError(OfficerError):
    """This is not how the fingerprint of the new key ends."""


class WrongPassphraseError(OfficerError):
    """That is not the present passphrase."""


class AccountChangedError(OfficerError):
    """Passphrase or key was changed meanwhile; all sessions have ended."""


class RefusedLoginError(OfficerError):
    """Name, passphrase and one-time code do not belong together."""


class NoRoundError(OfficerError):
    """Nobody has heard how this custodian's key ends, or the last round is of later."""


class RecoveryError(OfficerError):
    """A key was not recovered."""


class NoRecoveryWrapError(RecoveryError):
    """Nothing of this person is kept for the shares: an officer's key is, from the first login after they were made."""


class AbandonedError(RecoveryError):
    """No share was given; nothing was opened and nothing is changed."""

    def __init__(self, needed: int | None, given: int) -> None:
        too_few = f"{needed} shares are needed, {given} given: nothing was opened."
        super().__init__(None if needed is None else too_few)


class ForeignSharesError(RecoveryError):
    """These shares belong to each other, but to another recovery key than this person's."""


class NotRecoverableError(RecoveryError):
    """The shares are right; what is kept of this person is not as it was made. Take an earlier copy of the database."""


class OtherKeyError(RecoveryError):
    """The words on paper are a key, and not this person's."""
