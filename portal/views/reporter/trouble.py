"""Somebody is after the reporter: telling it, and what to do meanwhile."""

from dataclasses import dataclass
from functools import partial

from flask import redirect, request, url_for
from werkzeug.wrappers import Response

from crypto import NoticeKind, TooLongError
from portal import calling, cases, troubles
from portal.cases import ReporterCase
from portal.courses import Course
from portal.errors import CodeInTextError, NoReaderError, ToldTodayError
from portal.forms import TroubleForm, too_long
from portal.runtime import runtime
from portal.statuses import CaseStatus
from portal.views.languages import gettext as _
from portal.views.languages import language
from portal.views.public import bodies_on_page
from portal.views.reporter.blueprint import bp
from portal.views.reporter.opened import opened_case
from portal.views.request import admit, db, foresee, visit
from portal.views.response import private_page
from portal.views.words import word

_GUIDANCE = "asked"
"""The section of the guidance that is for this."""


@dataclass(frozen=True)
class TroubleOnPage:
    """What can be told."""

    value: str
    title: str
    about: str
    is_checked: bool


@bp.route("/case/trouble", methods=["GET", "POST"])
def trouble() -> Response:
    """Say what to do now, and take what is told."""
    opened = opened_case()
    if request.method == "GET":
        form = TroubleForm(formdata=None, kind=request.args.get("kind", ""))
        return _page(opened, form)
    form = TroubleForm()
    if form.validate():
        _tell(opened, form)
    if form.has_errors:
        return _page(opened, form, http=422)
    return redirect(url_for("reporter.case"), 303)


def guidance() -> list[str]:
    """Return what the guidance says to who is asked or looked for."""
    return [
        paragraph
        for section in runtime().guidance
        if section.key == _GUIDANCE
        for paragraph in section.paragraphs[language()]
    ]


def _tell(opened: ReporterCase, form: TroubleForm) -> None:
    """Tell it, or say in the form why not."""
    foresee("message")
    try:
        troubles.tell(
            db(),
            opened,
            form.telling(),
            windows=visit().windows,
            rules=runtime().rules,
            gate=runtime().gate_secret,
            today=runtime().today(),
            admit=partial(admit, "message"),
        )
    except NoReaderError:
        form.refuse("kind", _("Nobody can be told here."))
    except ToldTodayError:
        sentence = _("You told us this today. What is new fits a message.")
        form.refuse("kind", sentence)
    except CodeInTextError:
        sentence = _("Part of your case code stands here. Please take it out.")
        form.refuse("text", sentence)
    except TooLongError as error:
        form.refuse("text", too_long(error.excess))


def _page(opened: ReporterCase, form: TroubleForm, *, http: int = 200) -> Response:
    told = calling.find_callable(db(), opened)
    is_sealed = opened.case.status == CaseStatus.SEALED
    return private_page(
        "reporter/trouble.html",
        http=http,
        form=form,
        troubles=[_on_page(kind, form.kind.data) for kind in troubles.TROUBLES],
        keepers=", ".join(one.name for one in told),
        is_sealed=is_sealed,
        can_tell=bool(told) or not is_sealed,
        gives_case=bool(told) and not is_sealed,
        opens=form.opens.data,
        is_keepers=not is_sealed and _is_taken_over(opened),
        due_on=runtime().rules.protect_day(runtime().today()),
        guidance=guidance(),
        bodies=bodies_on_page(),
    )


def _is_taken_over(opened: ReporterCase) -> bool:
    return Course.of(cases.read_steps(db(), opened.case.id)).is_taken_over


def _on_page(kind: NoticeKind, chosen: str | None) -> TroubleOnPage:
    return TroubleOnPage(kind.value, word(kind), _about(kind), kind.value == chosen)


def _about(kind: NoticeKind) -> str:
    return {
        NoticeKind.HUNT: _("People are asked who it was, or phones are looked at."),
        NoticeKind.PRESSURE: _("On you, or on a group until somebody confesses."),
        NoticeKind.RETALIATION: _("A transfer, a bad rating, work taken away."),
    }[kind]
