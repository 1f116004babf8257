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
    │   ├── ToldTodayError       the same trouble was told today
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
    ├── ListFileError            a list in a file, with all that is wrong
    ├── StaffListError           a list of staff that is not taken, line by line
    ├── StaffNumberError         no staff number can look like this
    ├── NoSuchMemberError        nobody on the staff list
    ├── ReminderError
    │   ├── GiftTooLateError     with the working days that are left
    │   ├── SubjectAtWorkError   an officer or custodian is of that name
    │   ├── TooFewPeopleError    nobody to mix the name among
    │   ├── NoSuchLeafletError   unknown, or its day has passed: the same
    │   └── TooManyRepliesError  the leaflet was answered too often
    ├── FiguresError
    │   ├── NoSuchPeriodError    no half-year or year, or nothing of it is public
    │   ├── NotItsTurnError      public already, too early, or another is first
    │   └── UncountedError       some of it does not open with this key
    ├── EvaluationError
    │   ├── NoSuchEvaluationError
    │   ├── NoSuchFindingError
    │   ├── NoSuchYearError      not begun, or before there was a portal
    │   ├── PlannedBeforeError   one is due on that day already
    │   └── RecordedBeforeError  held, or closed: once each
    ├── NoSuchSlipError          unknown, used or voided: the same
    ├── NoSuchBatchError         no slip of that batch is left
    ├── LedgerError
    │   ├── NoSuchLeafError      not in the public trail
    │   ├── NoSuchTreeError      no tree of that size was signed
    │   ├── NoTrailYetError      no day is closed yet
    │   ├── UnreadableTrailError  rows that no program wrote
    │   ├── KeyOverlapError      one key follows another already
    │   └── RewrittenHistoryError  not the trail that was cosigned
    ├── ReceiptError
    │   ├── NothingInTrailError  of what was chosen nothing is in the public trail
    │   └── UnsoundTrailError    no receipt that holds can be made of it
    └── OfficerError
        ├── NoSuchInvitationError
        ├── NameTakenError
        ├── NoSuchPersonError
        ├── RetiredBeforeError
        ├── InvitedBeforeError   an invitation of that name is still open
        ├── OfficerAndCustodianError
        ├── EvaluatorAloneError  who evaluates is nothing else, and until a day
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

from portal.errors.cases import (
    CaseError,
    ChangedMeanwhileError,
    CodeInTextError,
    DayOutOfReachError,
    FormUsedError,
    IncompleteMoveError,
    LastReaderError,
    NoReaderError,
    NoSuchCaseError,
    NotFromHereError,
    ReaderLeftError,
    ReasonTooLongError,
    ReportTooLargeError,
    ShutOutError,
    ToldTodayError,
    TooEarlyError,
)
from portal.errors.evaluations import (
    EvaluationError,
    NoSuchEvaluationError,
    NoSuchFindingError,
    NoSuchYearError,
    PlannedBeforeError,
    RecordedBeforeError,
)
from portal.errors.figures import (
    FiguresError,
    NoSuchPeriodError,
    NotItsTurnError,
    UncountedError,
)
from portal.errors.files import (
    CutShortError,
    FileError,
    MissingObjectError,
    NoPictureError,
    NoSuchFileError,
    UploadGoneError,
)
from portal.errors.installation import (
    BackupError,
    BrokenBackupError,
    DataFileError,
    LurusError,
    NewerSchemaError,
    NoBackupKeyError,
    NoListError,
    NoSuchCategoryError,
    NotABackupError,
    NotAdmittedError,
    NotEmptyError,
    OlderSchemaError,
    OtherBackupKeyError,
    OtherGateError,
    OtherVersionError,
    PortTakenError,
    RestoreError,
    SettingsError,
    StoreUnavailableError,
    TooSlowError,
    UpgradeError,
)
from portal.errors.ledger import (
    KeyOverlapError,
    LedgerError,
    NoSuchLeafError,
    NoSuchTreeError,
    NoTrailYetError,
    RewrittenHistoryError,
    UnreadableTrailError,
)
from portal.errors.lists import Fault, ListFileError
from portal.errors.people import (
    AbandonedError,
    AccountChangedError,
    ChangedBeforeError,
    EvaluatorAloneError,
    ForeignSharesError,
    InvitedBeforeError,
    KeyChangedError,
    LastAdministratorError,
    LastOfficerError,
    NameTakenError,
    NoHandOverError,
    NoOtherRoleError,
    NoRecoveryWrapError,
    NoRotationError,
    NoRoundError,
    NoSuchInvitationError,
    NoSuchPersonError,
    NotAdministratorError,
    NotEnrolledError,
    NotRecoverableError,
    OfficerAndCustodianError,
    OfficerError,
    OtherFingerprintError,
    OtherKeyError,
    RecoveryError,
    RefusedLoginError,
    RetiredBeforeError,
    RotationBegunError,
    TooManyOfficersError,
    WrongPassphraseError,
)
from portal.errors.receipts import (
    NothingInTrailError,
    ReceiptError,
    UnsoundTrailError,
)
from portal.errors.staff import (
    GiftTooLateError,
    NoSuchBatchError,
    NoSuchLeafletError,
    NoSuchMemberError,
    NoSuchSlipError,
    ReminderError,
    StaffListError,
    StaffNumberError,
    SubjectAtWorkError,
    TooFewPeopleError,
    TooManyRepliesError,
)

__all__ = [
    "AbandonedError",
    "AccountChangedError",
    "BackupError",
    "BrokenBackupError",
    "CaseError",
    "ChangedBeforeError",
    "ChangedMeanwhileError",
    "CodeInTextError",
    "CutShortError",
    "DataFileError",
    "DayOutOfReachError",
    "EvaluationError",
    "EvaluatorAloneError",
    "Fault",
    "FiguresError",
    "FileError",
    "ForeignSharesError",
    "FormUsedError",
    "GiftTooLateError",
    "IncompleteMoveError",
    "InvitedBeforeError",
    "KeyChangedError",
    "KeyOverlapError",
    "LastAdministratorError",
    "LastOfficerError",
    "LastReaderError",
    "LedgerError",
    "ListFileError",
    "LurusError",
    "MissingObjectError",
    "NameTakenError",
    "NewerSchemaError",
    "NoBackupKeyError",
    "NoHandOverError",
    "NoListError",
    "NoOtherRoleError",
    "NoPictureError",
    "NoReaderError",
    "NoRecoveryWrapError",
    "NoRotationError",
    "NoRoundError",
    "NoSuchBatchError",
    "NoSuchCaseError",
    "NoSuchCategoryError",
    "NoSuchEvaluationError",
    "NoSuchFileError",
    "NoSuchFindingError",
    "NoSuchInvitationError",
    "NoSuchLeafError",
    "NoSuchLeafletError",
    "NoSuchMemberError",
    "NoSuchPeriodError",
    "NoSuchPersonError",
    "NoSuchSlipError",
    "NoSuchTreeError",
    "NoSuchYearError",
    "NoTrailYetError",
    "NotABackupError",
    "NotAdministratorError",
    "NotAdmittedError",
    "NotEmptyError",
    "NotEnrolledError",
    "NotFromHereError",
    "NotItsTurnError",
    "NotRecoverableError",
    "NothingInTrailError",
    "OfficerAndCustodianError",
    "OfficerError",
    "OlderSchemaError",
    "OtherBackupKeyError",
    "OtherFingerprintError",
    "OtherGateError",
    "OtherKeyError",
    "OtherVersionError",
    "PlannedBeforeError",
    "PortTakenError",
    "ReaderLeftError",
    "ReasonTooLongError",
    "ReceiptError",
    "RecordedBeforeError",
    "RecoveryError",
    "RefusedLoginError",
    "ReminderError",
    "ReportTooLargeError",
    "RestoreError",
    "RetiredBeforeError",
    "RewrittenHistoryError",
    "RotationBegunError",
    "SettingsError",
    "ShutOutError",
    "StaffListError",
    "StaffNumberError",
    "StoreUnavailableError",
    "SubjectAtWorkError",
    "ToldTodayError",
    "TooEarlyError",
    "TooFewPeopleError",
    "TooManyOfficersError",
    "TooManyRepliesError",
    "TooSlowError",
    "UncountedError",
    "UnreadableTrailError",
    "UnsoundTrailError",
    "UpgradeError",
    "UploadGoneError",
    "WrongPassphraseError",
]
