"""What an officer declares: units and persons, one per line."""

from flask_babel import gettext as _
from flask_wtf import FlaskForm
from wtforms import Field, ValidationError

from portal.conflicts import MOST_LINES, Declaration
from portal.forms.fields import PortalForm, text_of

LONGEST_LINE = 80


class Lines:
    """At most so many lines, none too long; the sentence names the limit."""

    def __call__(self, _form: FlaskForm, field: Field) -> None:
        """Refuse more, or a longer one."""
        lines = lines_of(field.data)
        if len(lines) > MOST_LINES:
            raise ValidationError(
                _(
                    "At most %(most)d lines; yours has %(count)d. Nothing was cut.",
                    most=MOST_LINES,
                    count=len(lines),
                )
            )
        if any(len(line) > LONGEST_LINE for line in lines):
            raise ValidationError(
                _("At most %(most)d characters in a line.", most=LONGEST_LINE)
            )


class ConflictsForm(PortalForm):
    """An officer's declaration."""

    units = text_of(MOST_LINES * (LONGEST_LINE + 1), Lines())
    persons = text_of(MOST_LINES * (LONGEST_LINE + 1), Lines())

    @classmethod
    def of(cls, declaration: Declaration) -> "ConflictsForm":
        """Return the form as it was declared before."""
        return cls(
            formdata=None,
            units="\n".join(declaration.units),
            persons="\n".join(declaration.persons),
        )

    def declaration(self) -> Declaration:
        """Return the value."""
        return Declaration(
            tuple(lines_of(self.units.data)), tuple(lines_of(self.persons.data))
        )


def lines_of(text: str | None) -> list[str]:
    """Return the lines that hold something, trimmed."""
    lines = (" ".join(line.split()) for line in (text or "").splitlines())
    return [line for line in lines if line]
