"""What is filled in for figures: which are published, and what changed."""

from wtforms import StringField

from portal.forms.entering import ConfirmedForm
from portal.forms.fields import PortalForm, text_of
from portal.improvements import LONGEST_TEXT
from portal.periods import Period


class PublishForm(ConfirmedForm):
    """Of which half-year or year, and whether what does not open is left out."""

    period = StringField()
    leaves_out = StringField()

    def chosen(self) -> Period:
        """Return which.

        Raises:
            NoSuchPeriodError: none.
        """
        return Period.parse(self.period.data or "")

    @property
    def leaves_out_unread(self) -> bool:
        """Tell whether that was ticked."""
        return self.leaves_out.data == "yes"


class ImprovementForm(PortalForm):
    """What changed because of reports, in both languages."""

    text_id = text_of(LONGEST_TEXT)
    text_en = text_of(LONGEST_TEXT)

    def texts(self) -> dict[str, str]:
        """Return the texts by language."""
        return {"id": self.text_id.data or "", "en": self.text_en.data or ""}
