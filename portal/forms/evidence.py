"""What is said in a form of the files that it brought."""

from wtforms import SelectMultipleField, StringField

from portal.forms.fields import PortalForm


class EvidenceForm(PortalForm):
    """A form that may bring files; each is known by the token that it got."""

    kept = SelectMultipleField(validate_choice=False)
    """Files that were received before."""
    drop = SelectMultipleField(validate_choice=False)
    """Those that shall not be sent."""
    as_sent = SelectMultipleField(validate_choice=False)
    """Those that could not be cleaned, and may be sent as they are."""
    evidence = StringField()
    """Where files are chosen; what came in is `received`'s."""
