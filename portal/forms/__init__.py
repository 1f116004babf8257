"""Pages -> values: what was typed, judged, cleaned and given a type.

Nothing typed is lost: a refused form comes back with everything in it. Limits
are counted in characters; control characters are made visible, not dropped.
"""

from portal.forms.cases import (
    MESSAGE_CHARACTERS,
    REASON_CHARACTERS,
    FindForm,
    MessageForm,
    StatusForm,
    TriageForm,
    too_long,
)
from portal.forms.entering import (
    ConfirmedForm,
    InvitationForm,
    LoginForm,
    OneTimeCodeForm,
    PassphraseForm,
    PlaceForm,
)
from portal.forms.fields import (
    Filled,
    Length,
    OneOf,
    PortalForm,
    Problem,
    clean,
    text_of,
)
from portal.forms.notices import NoticeForm
from portal.forms.reports import CodeForm, GroupForm, ReportForm, TakenReportForm

__all__ = [
    "MESSAGE_CHARACTERS",
    "REASON_CHARACTERS",
    "CodeForm",
    "ConfirmedForm",
    "Filled",
    "FindForm",
    "GroupForm",
    "InvitationForm",
    "Length",
    "LoginForm",
    "MessageForm",
    "NoticeForm",
    "OneOf",
    "OneTimeCodeForm",
    "PassphraseForm",
    "PlaceForm",
    "PortalForm",
    "Problem",
    "ReportForm",
    "StatusForm",
    "TakenReportForm",
    "TriageForm",
    "clean",
    "text_of",
    "too_long",
]
