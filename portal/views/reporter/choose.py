"""Which rung: five questions, and the ladder as the answers leave it. Stores nothing."""

from flask import request, url_for
from werkzeug.wrappers import Response

from portal.forms import QuestionsForm
from portal.views.languages import gettext as _
from portal.views.reporter.blueprint import bp
from portal.views.reporter.questions import (
    in_other_language,
    judge_form,
    ladder_on_page,
    questions_part,
)
from portal.views.request import form_is_stale, refuses_itself
from portal.views.response import page, private_page


@bp.route("/choose", methods=["GET", "POST"])
@refuses_itself
def choose() -> Response:
    """Ask what decides, and show which rungs are open."""
    if request.method == "GET":
        empty = QuestionsForm(formdata=None)
        context = questions_part(empty) | {"action": _action()}
        return page("reporter/choose.html", http=200, **context)
    form = QuestionsForm()
    if form_is_stale():
        sentence = _("This page was open too long. Your answers are here: press again.")
        return _answer(form, notices=[sentence], http=422)
    ladder = judge_form(form)
    if ladder is None:
        return _answer(form, http=422)
    return _answer(form, rungs=ladder_on_page(ladder))


def _action() -> str:
    return url_for("reporter.choose")


def _answer(form: QuestionsForm, *, http: int = 200, **more: object) -> Response:
    """Render the page with the answers in it: of one size, whatever they are."""
    return private_page(
        "reporter/choose.html",
        http=http,
        **questions_part(form),
        action=_action(),
        language_action=in_other_language(_action()),
        **more,
    )
