"""The five questions before a rung is chosen: judged, never stored."""

from flask_babel import gettext as _

from portal.categories import Taxonomy
from portal.errors import NoSuchCategoryError
from portal.forms.fields import OneOf, PortalForm, text_of
from portal.ladder import Answers, Said
from portal.reports import OthersKnow

_SHORT = 20


class QuestionsForm(PortalForm):
    """What decides which rungs are open; every question may be left open.

    `category` and `others_know` are called as in a report: forms that ask these
    questions first and are written in afterwards carry the answers along.
    """

    money = text_of(_SHORT, OneOf(Said))
    harm = text_of(_SHORT, OneOf(Said))
    superior = text_of(_SHORT, OneOf(Said))
    others_know = text_of(_SHORT, OneOf(OthersKnow))
    only_witness = text_of(_SHORT, OneOf(Said))
    category = text_of(_SHORT)
    condition = text_of(_SHORT, OneOf(Said))
    asked = text_of(_SHORT)
    """The questions were shown: an answer left open was left open on purpose."""

    @property
    def was_asked(self) -> bool:
        """Whether the form comes from a page that asked the questions."""
        return bool(self.asked.data)

    def answers(self, taxonomy: Taxonomy) -> Answers | None:
        """Return what was answered; None where the form says what is wrong with it."""
        is_valid = self.validate()
        code = self.category.data
        try:
            category = taxonomy.find(code) if code else None
        except NoSuchCategoryError:
            self.refuse("category", _("Please choose one of the kinds shown."))
            return None
        if not is_valid:
            return None
        return Answers(
            money=_said(self.money.data),
            harm=_said(self.harm.data),
            superior=_said(self.superior.data),
            known=OthersKnow(self.others_know.data or OthersKnow.UNKNOWN),
            only_witness=_said(self.only_witness.data),
            category=category,
            condition_holds=_said(self.condition.data),
        )


QUESTIONS = ("money", "harm", "superior", "others_know", "only_witness")
"""The five, in the order of the page."""


def _said(answer: str | None) -> Said:
    return Said(answer or Said.UNKNOWN)
