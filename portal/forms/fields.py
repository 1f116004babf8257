"""What forms are made of: texts, their cleaning, and why they are refused."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from flask_babel import gettext as _
from flask_wtf import FlaskForm
from wtforms import Field, StringField, ValidationError

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


def text_of(most: int, *validators: object) -> StringField:
    """Return a field for a text of at most so many characters."""
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
