"""Handing cases over to a colleague's new key, and on to a colleague."""

from dataclasses import dataclass, replace

from flask import redirect, request, url_for
from werkzeug.wrappers import Response

from portal import key_hand_overs, leaving
from portal.errors import NoHandOverError, NoSuchPersonError
from portal.forms import HandOnForm, HandOverForm
from portal.key_hand_overs import Asked
from portal.leaving import LonelyCase
from portal.roster import find_uncompared, list_officers
from portal.runtime import runtime
from portal.views.confirmation import is_confirmed
from portal.views.languages import gettext as _
from portal.views.officer.blueprint import bp
from portal.views.officer.desk import Selectable
from portal.views.officer.lots import percent, work
from portal.views.request import db, duty, keep_visit, visit
from portal.views.response import page, private_page

_ID_DIGITS = 32


@dataclass(frozen=True)
class LonelyOnPage:
    """One case with too few readers."""

    case_id: str
    href: str
    title: str


@bp.route("/hand-over/<person_id>", methods=["GET", "POST"])
def hand_over(person_id: str) -> Response:
    """Compare what the colleague reads out; then hand over what both may read."""
    asked = _find(person_id)
    form = HandOverForm()
    if request.method == "GET" or not _is_sound(form, asked):
        return _hand_over_page(asked, form)
    key_hand_overs.begin(
        db(),
        duty(),
        asked.person.id,
        form.fingerprint_end.data or "",
        runtime().today(),
    )
    return _work_for(asked)


@bp.post("/hand-over/<person_id>/continue")
def continue_hand_over(person_id: str) -> Response:
    """Hand over some more cases."""
    return _work_for(_find(person_id))


@bp.route("/account/leave", methods=["GET", "POST"])
def leave() -> Response:
    """List the cases with too few readers, and hand them on."""
    form = HandOnForm()
    if request.method == "GET" or not form.validate():
        return _leave_page(form)
    try:
        refused = _hand_on(form)
    except NoSuchPersonError:
        form.refuse("officer", _("This colleague is not at work any more."))
        return _leave_page(form)
    return redirect(url_for("officer.leave", kept=refused or None), 303)


def _hand_on(form: HandOnForm) -> int:
    """Hand the ticked cases on; return how many could not be."""
    refused = leaving.hand_on(
        db(),
        duty(),
        form.officer_id(),
        form.case_ids(),
        secret=runtime().secret,
        gate=runtime().gate_secret,
        today=runtime().today(),
    )
    left = leaving.count_lonely(db(), duty())
    keep_visit(replace(visit(), few_readers=left))
    return refused


def _is_sound(form: HandOverForm, asked: Asked) -> bool:
    if not form.validate():
        return False
    if not asked.is_read_out(form.fingerprint_end.data or ""):
        form.refuse(
            "fingerprint_end",
            _(
                "The new key does not end so. Ask once more, face to face. If it differs "
                "again, hand nothing over: somebody else may have made this key."
            ),
        )
        return False
    return is_confirmed(form)


def _find(person_id: str) -> Asked:
    try:
        key = bytes.fromhex(person_id) if len(person_id) == _ID_DIGITS else b""
    except ValueError:
        raise NoHandOverError from None
    return key_hand_overs.find_asked(db(), duty(), key)


def _work_for(asked: Asked) -> Response:
    # To a keeper nothing is handed: officers' visits seal for the key from now on.
    if asked.person.is_officer:
        work(key_hand_overs.give_lots(db(), duty(), asked.person.id))
    address = url_for("officer.hand_over", person_id=asked.person.id.hex())
    return redirect(address, 303)


def _hand_over_page(asked: Asked, form: HandOverForm) -> Response:
    return page(
        "officer/hand_over.html",
        http=422 if form.has_errors else 200,
        form=form,
        name=asked.person.name,
        since=asked.person.key_since,
        person_id=asked.person.id.hex(),
        is_keeper=asked.person.is_custodian,
        is_compared=asked.person.is_custodian and asked.is_done,
        is_begun=asked.is_begun,
        is_done=asked.is_done,
        percent=percent(asked.done, asked.total),
    )


def _leave_page(form: HandOnForm) -> Response:
    found = leaving.list_lonely(db(), duty())
    shown = found[: leaving.MOST_LISTED]
    return private_page(
        "officer/leave.html",
        http=422 if form.has_errors else 200,
        form=form,
        cases=[_line(case) for case in shown],
        has_more=len(found) > len(shown),
        colleagues=_colleagues(form.officer.data or ""),
        has_kept=bool(request.args.get("kept")),
    )


def _line(case: LonelyCase) -> LonelyOnPage:
    case_id = case.case_id.hex()
    title = case.title or _("This summary no longer opens; look into it")
    return LonelyOnPage(case_id, url_for("officer.case", case_id=case_id), title)


def _colleagues(chosen: str) -> list[Selectable]:
    others = find_uncompared(db()) | {duty().person.id}
    return [
        Selectable(officer.id.hex(), officer.name, officer.id.hex() == chosen)
        for officer in list_officers(db())
        if officer.id not in others
    ]
