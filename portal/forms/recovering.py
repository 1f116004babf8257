"""A key that was kept on paper, typed back."""

import re

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import Field, ValidationError

from crypto import (
    Identity,
    MistypedError,
    NotYoursError,
    RecoveryShare,
    TooFewSharesError,
    UnknownWordError,
    combine,
)
from crypto.recovery import SHARE_WORDS
from portal.forms.entering import InvitationForm
from portal.forms.fields import Filled, text_of

_MOST_CHARACTERS = 4000
_WORD = re.compile(r"[^\W\d_]+")


class PaperKeyForm(InvitationForm):
    """A key on one paper, or in shares, and the passphrase that is to guard it."""

    paper = text_of(_MOST_CHARACTERS, Filled(_l("Please type the words.")))

    def validate_paper(self, field: Field) -> None:
        """Refuse what cannot be a key, by the words alone."""
        if not field.errors:
            self._identity = _read(field.data)

    def identity(self) -> Identity:
        """Return whose key it is."""
        return self._identity


def _read(typed: str) -> Identity:
    words = _WORD.findall(typed)
    if len(words) % SHARE_WORDS or not words:
        raise ValidationError(
            _(
                "Each paper has %(needed)d words; here are %(given)d in all.",
                needed=SHARE_WORDS,
                given=len(words),
            )
        )
    starts = range(0, len(words), SHARE_WORDS)
    papers = [" ".join(words[at : at + SHARE_WORDS]) for at in starts]
    shares = [_parse(paper, number) for number, paper in enumerate(papers, 1)]
    try:
        return combine(shares)
    except TooFewSharesError as error:
        raise ValidationError(
            _(
                "%(needed)d papers are needed; here is %(given)d.",
                needed=error.needed,
                given=error.given,
            )
        ) from None
    except NotYoursError:
        raise ValidationError(_("These papers do not belong together.")) from None


def _parse(paper: str, number: int) -> RecoveryShare:
    try:
        return RecoveryShare.parse(paper)
    except UnknownWordError as error:
        raise ValidationError(
            _(
                "Paper %(paper)d: word %(word)d is in no list of such words.",
                paper=number,
                word=error.place,
            )
        ) from None
    except (MistypedError, NotYoursError):
        raise ValidationError(
            _(
                "Paper %(paper)d: a word is wrong, or two have changed places.",
                paper=number,
            )
        ) from None
