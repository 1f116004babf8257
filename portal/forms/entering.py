"""How somebody at work comes in, and confirms what is weighty."""

from flask_babel import gettext as _
from wtforms import Field, PasswordField, StringField, ValidationError

from portal import passphrases
from portal.forms.fields import PortalForm, text_of


class LoginForm(PortalForm):
    """Name and passphrase; neither is ever given back."""

    name = StringField()
    passphrase = PasswordField()


class ConfirmedForm(PortalForm):
    """A form of something weighty, with a fresh second factor in it.

    After all else was judged, `views.confirmation.is_confirmed` judges the code: a slip
    elsewhere must not cost one.
    """

    one_time_code = StringField(filters=[lambda typed: "".join((typed or "").split())])


class OneTimeCodeForm(ConfirmedForm):
    """Six digits from a phone, or a recovery code, however they are spaced."""


class PlaceForm(PortalForm):
    """Which page a screen was closed on."""

    place = StringField()


class _NewPassphraseForm(PortalForm):
    """A passphrase that is chosen, twice."""

    passphrase = PasswordField()
    passphrase_again = PasswordField()

    @property
    def known_words(self) -> tuple[str, ...]:
        """What others know of the person: no passphrase is made of it."""
        return ()

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
        if passphrases.is_guessable(passphrase, *self.known_words):
            raise ValidationError(
                _(
                    "This is easily guessed. Take several words that do not belong together."
                )
            )

    def validate_passphrase_again(self, field: Field) -> None:
        """Refuse a slip of the hand."""
        if field.data != self.passphrase.data:
            raise ValidationError(_("The two passphrases differ."))


class InvitationForm(_NewPassphraseForm):
    """Who an invited person is, and the passphrase."""

    name = text_of(80)
    position = text_of(80)
    unit = text_of(80)

    @property
    def known_words(self) -> tuple[str, ...]:
        """What was typed beside the passphrase."""
        return (self.name.data, self.position.data, self.unit.data)


class ConfirmedPassphraseForm(_NewPassphraseForm, ConfirmedForm):
    """A passphrase that somebody at work chooses."""

    def __init__(self, *known_words: str) -> None:
        super().__init__()
        self._known_words = known_words

    @property
    def known_words(self) -> tuple[str, ...]:
        """Name, position and unit."""
        return self._known_words


class PassphraseForm(ConfirmedPassphraseForm):
    """The passphrase of somebody at work, and another one."""

    present_passphrase = PasswordField()
