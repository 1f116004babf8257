"""What is written into a case, and how a case is moved and found."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, StringField, ValidationError

from crypto import Kind
from portal.acts import Move
from portal.forms.evidence import EvidenceForm
from portal.forms.fields import Filled, OneOf, PortalForm, text_of
from portal.models import Person
from portal.statuses import CaseStatus, Outcome
from portal.summaries import MOST_LIKELY, MOST_SEVERE, TITLE_CHARACTERS, Triage

MESSAGE_CHARACTERS = 4000
REASON_CHARACTERS = 2000


class MessageForm(PortalForm):
    """A message or a note."""

    text = text_of(MESSAGE_CHARACTERS, Filled(_l("There is no text yet.")))
    seen = StringField()


class OwnMessageForm(EvidenceForm):
    """A reporter's message; where files come with it, it may be without words."""

    text = text_of(MESSAGE_CHARACTERS)


class TriageForm(PortalForm):
    """An officer's judgement."""

    severity = text_of(1, OneOf(str(number) for number in range(1, MOST_SEVERE + 1)))
    likelihood = text_of(1, OneOf(str(number) for number in range(1, MOST_LIKELY + 1)))
    ongoing = BooleanField(false_values=("", "no"))
    evidence_at_risk = BooleanField(false_values=("", "no"))
    victim_at_risk = BooleanField(false_values=("", "no"))
    title = text_of(TITLE_CHARACTERS)
    reason = text_of(REASON_CHARACTERS)
    seen = StringField()

    def triage(self, before: Triage) -> Triage:
        """Return the judgement; what was left out stays as it was."""
        return Triage(
            severity=int(self.severity.data or before.severity),
            likelihood=int(self.likelihood.data or before.likelihood),
            ongoing=self.ongoing.data,
            evidence_at_risk=self.evidence_at_risk.data,
            victim_at_risk=self.victim_at_risk.data,
        )


class StatusForm(PortalForm):
    """A step along the ONE table."""

    to = text_of(20, Filled(_l("Please choose the next step.")), OneOf(CaseStatus))
    outcome = text_of(30, OneOf(Outcome))
    message = text_of(MESSAGE_CHARACTERS)
    reason = text_of(REASON_CHARACTERS)
    seen = StringField()
    back = StringField()
    """Only from a row of the list: which page of it, as its address says."""

    def move(self) -> Move:
        """Return the step."""
        return Move.typed(
            self.to.data, self.reason.data, self.message.data, self.outcome.data
        )


class ExtendForm(PortalForm):
    """Why officers need more time: a note, and a message to the reporter."""

    reason = text_of(REASON_CHARACTERS)
    message = text_of(MESSAGE_CHARACTERS)
    seen = StringField()


class ReaderForm(PortalForm):
    """An officer to be given a case, or recused from it, and why."""

    officer = text_of(32, Filled(_l("Please choose an officer.")))
    reason = text_of(REASON_CHARACTERS)
    seen = StringField()

    def officer_id(self) -> bytes:
        """Return who was chosen; what is no id is nobody's."""
        try:
            return bytes.fromhex(self.officer.data or "")
        except ValueError:
            return b""

    def is_about(self, person: Person) -> bool:
        """Tell whether *person* was chosen."""
        return self.officer_id() == person.id


class SeenForm(PortalForm):
    """An act without words, on a page as it was seen."""

    seen = StringField()


class EndForm(PortalForm):
    """A report that its reporter withdraws or destroys, for sure."""

    sure = BooleanField(false_values=("", "no"))
    demanded = text_of(3, OneOf(("yes", "no")))

    def validate_sure(self, field: BooleanField) -> None:
        """Refuse what was not ticked: neither can be taken back."""
        if not field.data:
            raise ValidationError(_("Please tick the box if you are sure."))


class KeepForm(PortalForm):
    """A case that is over: held back with a reason, or let go."""

    act = text_of(6, OneOf(("hold", "let-go")))
    reason = text_of(REASON_CHARACTERS)
    seen = StringField()


class FindForm(PortalForm):
    """What an officer looks for."""

    q = text_of(200)
    category = text_of(20)
    severity = text_of(1, OneOf(str(number) for number in range(1, MOST_SEVERE + 1)))


def too_large(excess: int) -> str:
    """Say by how many bytes a report is too large as a whole."""
    return _(
        "The report as a whole is %(excess)d bytes too large. Please shorten it; "
        "details can follow with the code.",
        excess=excess,
    )


def too_long(excess: int) -> str:
    """Return the sentence for a text whose bytes do not fit its envelope."""
    return _(
        "This text is %(excess)d bytes too long (at most %(most)d). Nothing was cut.",
        excess=excess,
        most=Kind.MESSAGE.longest,
    )
