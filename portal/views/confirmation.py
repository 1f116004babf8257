"""A fresh second factor, in the form itself of everything weighty.

Six digits can be guessed: the session ends after a few misses in a row.
"""

from dataclasses import replace

from portal import logins, sessions
from portal.errors import RefusedLoginError
from portal.forms import ConfirmedForm
from portal.runtime import runtime
from portal.views.languages import gettext as _
from portal.views.request import (
    MissedTooOftenError,
    SessionEndedError,
    cookie,
    db,
    duty,
    end_visit,
    keep_visit,
    visit,
)

MOST_MISSES = 3


def is_confirmed(form: ConfirmedForm) -> bool:
    """Tell whether the code in *form* is right and unused; it is used up then.

    Ask last: a slip elsewhere in the form shall cost no code. Refused, the sentence
    stands at the field.

    Raises:
        MissedTooOftenError: that was the last miss, and the session is over.
        SessionEndedError: it was over before.
    """
    tries = sessions.take_try(db(), cookie(), runtime().instance)
    if not tries:
        raise SessionEndedError
    if tries <= MOST_MISSES and _is_right(form):
        keep_visit(replace(visit(), misses=0))
        return True
    if tries >= MOST_MISSES:
        end_visit()
        raise MissedTooOftenError
    sentence = _("That was not a code of now that is still unused.")
    form.refuse("one_time_code", sentence)
    return False


def _is_right(form: ConfirmedForm) -> bool:
    try:
        logins.confirm(db(), duty(), form.one_time_code.data or "", runtime().now())
    except RefusedLoginError:
        return False
    return True
