"""Pages -> values: what was typed, judged, cleaned and given a type.

Nothing typed is lost: a refused form comes back with everything in it. Limits
are counted in characters; control characters are made visible, not dropped.
"""

from portal.forms.administration import (
    COMMAND_LINE,
    ChangeForm,
    ExportForm,
    InviteForm,
    TrailFields,
    evaluator_alone,
    officer_and_custodian,
)
from portal.forms.cases import (
    MESSAGE_CHARACTERS,
    REASON_CHARACTERS,
    EndForm,
    ExtendForm,
    FindForm,
    KeepForm,
    MessageForm,
    OwnMessageForm,
    ReaderForm,
    SeenForm,
    StatusForm,
    TriageForm,
    too_large,
    too_long,
)
from portal.forms.conflicts import ConflictsForm
from portal.forms.custody import CustodianStepForm, GiveBackForm, TakeOverForm
from portal.forms.delivering import DeclineForm, ReplyForm
from portal.forms.entering import (
    ConfirmedForm,
    InvitationForm,
    LoginForm,
    OneTimeCodeForm,
    PassphraseForm,
    PlaceForm,
)
from portal.forms.entries import (
    NOTE_DAYS,
    EntryForm,
    NoteForm,
    PraiseForm,
    QuestionForm,
    ReadForm,
)
from portal.forms.evaluations import ClosedForm, FindingForm, HeldForm, PlanForm
from portal.forms.evidence import EvidenceForm
from portal.forms.fields import (
    Filled,
    Length,
    OneOf,
    PortalForm,
    Problem,
    clean,
    text_of,
)
from portal.forms.figures import ImprovementForm, PublishForm
from portal.forms.holds import HoldForm, MatchForm
from portal.forms.keys import HandOnForm, HandOverForm, NextKeyForm
from portal.forms.ladder import QUESTIONS, QuestionsForm
from portal.forms.mending import GiftForm
from portal.forms.notices import NoticeForm
from portal.forms.objections import ObjectionForm, TroubleForm
from portal.forms.own_entries import (
    CheckInForm,
    DayForm,
    ReleaseForm,
    SlipForm,
    StoryForm,
    slip_of,
)
from portal.forms.picker import PickerForm
from portal.forms.receipts import ReceiptForm
from portal.forms.recovering import PaperKeyForm
from portal.forms.reminding import RemindForm
from portal.forms.reports import CodeForm, GroupForm, ReportForm, TakenReportForm
from portal.forms.zone import (
    COUNTS_CHARACTERS,
    AreaForm,
    AwardForm,
    DeclarationForm,
    PactForm,
    StatementForm,
    write_day,
)

__all__ = [
    "COMMAND_LINE",
    "COUNTS_CHARACTERS",
    "MESSAGE_CHARACTERS",
    "NOTE_DAYS",
    "QUESTIONS",
    "REASON_CHARACTERS",
    "AreaForm",
    "AwardForm",
    "ChangeForm",
    "CheckInForm",
    "ClosedForm",
    "CodeForm",
    "ConfirmedForm",
    "ConflictsForm",
    "CustodianStepForm",
    "DayForm",
    "DeclarationForm",
    "DeclineForm",
    "EndForm",
    "EntryForm",
    "EvidenceForm",
    "ExportForm",
    "ExtendForm",
    "Filled",
    "FindForm",
    "FindingForm",
    "GiftForm",
    "GiveBackForm",
    "GroupForm",
    "HandOnForm",
    "HandOverForm",
    "HeldForm",
    "HoldForm",
    "ImprovementForm",
    "InvitationForm",
    "InviteForm",
    "KeepForm",
    "Length",
    "LoginForm",
    "MatchForm",
    "MessageForm",
    "NextKeyForm",
    "NoteForm",
    "NoticeForm",
    "ObjectionForm",
    "OneOf",
    "OneTimeCodeForm",
    "OwnMessageForm",
    "PactForm",
    "PaperKeyForm",
    "PassphraseForm",
    "PickerForm",
    "PlaceForm",
    "PlanForm",
    "PortalForm",
    "PraiseForm",
    "Problem",
    "PublishForm",
    "QuestionForm",
    "QuestionsForm",
    "ReadForm",
    "ReaderForm",
    "ReceiptForm",
    "ReleaseForm",
    "RemindForm",
    "ReplyForm",
    "ReportForm",
    "SeenForm",
    "SlipForm",
    "StatementForm",
    "StatusForm",
    "StoryForm",
    "TakeOverForm",
    "TakenReportForm",
    "TrailFields",
    "TriageForm",
    "TroubleForm",
    "clean",
    "evaluator_alone",
    "officer_and_custodian",
    "slip_of",
    "text_of",
    "too_large",
    "too_long",
    "write_day",
]
