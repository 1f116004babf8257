"""Pages -> values: what was typed, judged, cleaned and given a type.

Nothing typed is lost: a refused form comes back with everything in it. Limits
are counted in characters; control characters are made visible, not dropped.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    Field,
    HiddenField,
    PasswordField,
    SelectMultipleField,
    StringField,
    ValidationError,
)

from crypto import Kind
from portal import passphrases
from portal.acts import Move
from portal.reports import CameBy, Hope, Ongoing, OthersKnow, Reminded, Report
from portal.statuses import CaseStatus, Outcome
from portal.summaries import MOST_LIKELY, MOST_SEVERE, TITLE_CHARACTERS, Triage

MESSAGE_CHARACTERS = 4000
REASON_CHARACTERS = 2000

# C0 controls but for tab and line feed, and DEL: they mean nothing in a text.
_CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f]")
_SYMBOL_FOR_DELETE = "\u2421"
_SYMBOLS_FOR_CONTROLS = 0x2400


@dataclass(frozen=True)
class Problem:
    """What is wrong with a field, and where it is."""

    field: str
    text: str


class Length:
    """At most so many characters; the sentence names the limit and the count."""

    def __init__(self, most: int) -> None:
        self.most = most

    def __call__(self, _form: FlaskForm, field: Field) -> None:
        """Refuse a longer text."""
        count = len(field.data or "")
        if count > self.most:
            raise ValidationError(
                _(
                    "At most %(most)d characters; yours has %(count)d. Nothing was cut.",
                    most=self.most,
                    count=count,
                )
            )


class Filled:
    """Something must stand here; the sentence says what."""

    def __init__(self, sentence: object) -> None:
        self.sentence = sentence

    def __call__(self, _form: FlaskForm, field: Field) -> None:
        """Refuse an empty text."""
        if not field.data:
            raise ValidationError(str(self.sentence))


class OneOf:
    """One of these values, or nothing."""

    def __init__(self, values: Iterable[str]) -> None:
        self.values = frozenset(values)

    def __call__(self, _form: FlaskForm, field: Field) -> None:
        """Refuse anything else."""
        if field.data and field.data not in self.values:
            raise ValidationError(_("Please choose one of the answers shown."))


def clean(text: str | None) -> str:
    """Return *text* with one kind of line break, controls shown, ends trimmed."""
    lines = (text or "").replace("\r\n", "\n").replace("\r", "\n")
    return _CONTROLS.sub(_symbol, lines).strip()


def _symbol(control: re.Match[str]) -> str:
    number = ord(control[0])
    return _SYMBOL_FOR_DELETE if number == 0x7F else chr(_SYMBOLS_FOR_CONTROLS + number)


def _text(most: int, *validators: object) -> StringField:
    return StringField(filters=[clean], validators=[Length(most), *validators])


class PortalForm(FlaskForm):
    """A form whose key was checked before its view was called."""

    class Meta:
        """The form key is `views.request`'s: one check for every POST."""

        csrf = False

        def get_translations(self, _form: FlaskForm) -> None:
            """Every sentence of a refusal is ours: WTForms need not look for its own."""
            return

    @property
    def has_errors(self) -> bool:
        """Something is wrong."""
        return bool(self.errors)

    @property
    def error_list(self) -> list[Problem]:
        """Everything that is wrong, in the order of the form."""
        return [
            Problem(field.name, str(text)) for field in self for text in field.errors
        ]

    def refuse(self, name: str, sentence: str) -> None:
        """Add a sentence to a field after a verb refused it."""
        self[name].errors = [*self[name].errors, sentence]


class ReportForm(PortalForm):
    """A report as it is typed."""

    category = _text(20, Filled(_l("Please choose what kind it is.")))
    what = _text(4000, Filled(_l("Please write what happened, in a few words.")))
    who_name = _text(200)
    who_position = _text(200)
    who_unit = _text(200)
    where = _text(200)
    when = _text(200)
    ongoing = _text(20, OneOf(Ongoing))
    how = _text(4000)
    shows = _text(2000)
    others_know = _text(20, OneOf(OthersKnow))
    reminded = _text(20, OneOf(Reminded))
    avoid = _text(500)
    hope = _text(20, OneOf(Hope))
    readers = SelectMultipleField(validate_choice=False)
    only_outside = BooleanField(false_values=("", "no"))
    form_token = HiddenField()
    presets = HiddenField()
    website = StringField()
    step = StringField()

    def report(self, shut_out: tuple[str, ...] = ()) -> Report:
        """Return the value; *shut_out*: ids of officers whom it is kept from."""
        return Report(
            category=self.category.data,
            what=self.what.data,
            who_name=self.who_name.data,
            who_position=self.who_position.data,
            who_unit=self.who_unit.data,
            where=self.where.data,
            when=self.when.data,
            ongoing=self.ongoing.data,
            how=self.how.data,
            shows=self.shows.data,
            others_know=self.others_know.data,
            reminded=self.reminded.data,
            avoid=self.avoid.data,
            hope=self.hope.data,
            shut_out=shut_out,
        )

    @property
    def all_texts(self) -> tuple[Field, ...]:
        """Every field that a person types into."""
        named = (self.who_name, self.who_position, self.who_unit)
        return (*self.free_texts, *named)

    @property
    def free_texts(self) -> tuple[Field, ...]:
        """The fields that tell a story and may give their writer away."""
        return (self.what, self.how, self.shows, self.where, self.when, self.avoid)


class TakenReportForm(ReportForm):
    """A report as an officer types it for somebody."""

    came_by = _text(20, Filled(_l("Please choose how the report came.")), OneOf(CameBy))

    def report(self, shut_out: tuple[str, ...] = ()) -> Report:
        """Return the value, with how it came."""
        return replace(super().report(shut_out), came_by=self.came_by.data)


class CodeForm(PortalForm):
    """A case code, and a message that was not sent yet."""

    code = StringField()
    text = StringField(filters=[clean])


class GroupForm(PortalForm):
    """One group of the code, typed back; the form that the code was shown to."""

    group = StringField()
    form_token = HiddenField()


class MessageForm(PortalForm):
    """A message or a note."""

    text = _text(MESSAGE_CHARACTERS, Filled(_l("There is no text yet.")))
    seen = StringField()


class TriageForm(PortalForm):
    """An officer's judgement."""

    severity = _text(1, OneOf(str(number) for number in range(1, MOST_SEVERE + 1)))
    likelihood = _text(1, OneOf(str(number) for number in range(1, MOST_LIKELY + 1)))
    ongoing = BooleanField(false_values=("", "no"))
    evidence_at_risk = BooleanField(false_values=("", "no"))
    victim_at_risk = BooleanField(false_values=("", "no"))
    title = _text(TITLE_CHARACTERS)
    reason = _text(REASON_CHARACTERS)
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

    to = _text(20, Filled(_l("Please choose the next step.")), OneOf(CaseStatus))
    outcome = _text(30, OneOf(Outcome))
    message = _text(MESSAGE_CHARACTERS)
    reason = _text(REASON_CHARACTERS)
    seen = StringField()
    back = StringField()
    """Only from a row of the list: which page of it, as its address says."""

    def move(self) -> Move:
        """Return the step."""
        return Move(
            to=CaseStatus(self.to.data),
            reason=self.reason.data,
            message=self.message.data,
            outcome=Outcome(self.outcome.data) if self.outcome.data else None,
        )


class FindForm(PortalForm):
    """What an officer looks for."""

    q = _text(200)
    category = _text(20)
    severity = _text(1, OneOf(str(number) for number in range(1, MOST_SEVERE + 1)))


class LoginForm(PortalForm):
    """Name and passphrase; neither is ever given back."""

    name = StringField()
    passphrase = PasswordField()


class OneTimeCodeForm(PortalForm):
    """Six digits from a phone, however they are spaced."""

    one_time_code = StringField(filters=[lambda typed: "".join((typed or "").split())])


class PlaceForm(PortalForm):
    """Which page a screen was closed on."""

    place = StringField()


class InvitationForm(PortalForm):
    """Who an invited person is, and the passphrase."""

    name = _text(80)
    position = _text(80)
    unit = _text(80)
    passphrase = PasswordField()
    passphrase_again = PasswordField()

    def validate_passphrase(self, field: Field) -> None:
        """Refuse what is short or tried first."""
        passphrase = field.data or ""
        if passphrases.is_too_short(passphrase):
            raise ValidationError(
                _(
                    "At least %(least)d characters, please.",
                    least=passphrases.LEAST_CHARACTERS,
                )
            )
        known = (self.name.data, self.position.data, self.unit.data)
        if passphrases.is_guessable(passphrase, *known):
            raise ValidationError(
                _(
                    "This is easily guessed. Take several words that do not belong together."
                )
            )

    def validate_passphrase_again(self, field: Field) -> None:
        """Refuse a slip of the hand."""
        if field.data != self.passphrase.data:
            raise ValidationError(_("The two passphrases differ."))


def too_long(excess: int) -> str:
    """Return the sentence for a text whose bytes do not fit its envelope."""
    return _(
        "This text is %(excess)d bytes too long (at most %(most)d). Nothing was cut.",
        excess=excess,
        most=Kind.MESSAGE.longest,
    )
