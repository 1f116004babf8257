"""The token of a form that is handed in once: issued with it, and judged with it."""

from typing import Protocol

from wtforms import Field

from crypto import FormToken, MistypedError
from portal.hand_ins import STALE_AFTER_SECONDS
from portal.runtime import runtime
from portal.views.languages import gettext as _
from portal.views.request import form_is_stale


class TokenForm(Protocol):
    """A form that is handed in once."""

    form_token: Field
    website: Field
    """A trap for programs: people leave it empty."""
    step: Field


def issue_token() -> FormToken:
    """Return the token of a new form."""
    return FormToken.issue(runtime().secret, runtime().timestamp())


def judge_token(form: TokenForm) -> tuple[FormToken, list[str]]:
    """Return the form's token, or a new one and why the form is asked again."""
    try:
        token = FormToken.parse(form.form_token.data or "", runtime().secret)
    except MistypedError:
        token = None
    asks_hand_in = form.step.data == "hand-in"
    age = token.age(runtime().timestamp()) if token else 0
    if token is None or age > STALE_AFTER_SECONDS:
        is_told = asks_hand_in or form_is_stale()
        return issue_token(), [_stale()] if is_told else []
    if form_is_stale():
        # The token stays: a form that was handed in before must not be so again.
        return token, [_stale()]
    if form.website.data:
        form.website.data = ""
        return token, [
            _("One field should stay empty. Everything is still here: press again.")
        ]
    if asks_hand_in and age < runtime().settings.form_minimum_age_seconds:
        return token, [
            _(
                "That was very quick. Everything is still here: look once more, press again."
            )
        ]
    return token, []


def _stale() -> str:
    return _("This form was open too long. Everything is still here: press again.")
