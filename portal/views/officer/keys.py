"""The own key: changing it, and taking up what colleagues hand over to an officer's."""

from dataclasses import replace

from flask import redirect, request, url_for
from werkzeug.wrappers import Response

from portal import key_hand_overs, rotation, taking_up
from portal.errors import NoRotationError, RotationBegunError
from portal.forms import NextKeyForm
from portal.runtime import runtime
from portal.views.confirmation import is_confirmed
from portal.views.device import remember_device
from portal.views.languages import gettext as _
from portal.views.officer.blueprint import bp
from portal.views.officer.lots import percent, work
from portal.views.request import db, duty, renew_visit, visit
from portal.views.response import page


@bp.route("/account/key", methods=["GET", "POST"])
def change_key() -> Response:
    """Begin to change the own key, or show how far that is."""
    form = _next_key_form()
    if request.method == "GET" or not form.validate() or not is_confirmed(form):
        return _key_page(form)
    passphrase, today = form.passphrase.data or "", runtime().today()
    try:
        rotation.begin(db(), duty(), passphrase, runtime().gate, today)
    except RotationBegunError:
        begun = _("It was begun before, with the passphrase that was typed then.")
        form.refuse("passphrase", begun)
        return _key_page(form)
    return _work_on_key()


@bp.post("/account/key/continue")
def continue_key() -> Response:
    """Wrap some more cases; the last time, put the new key in place."""
    return _work_on_key()


@bp.post("/account/key/drop")
def drop_key() -> Response:
    """Break the change off: the present key stays."""
    try:
        rotation.abandon(db(), duty(), runtime().today())
    except NoRotationError:
        # Another tab has done it: that is how it should be.
        return _back()
    return _back()


@bp.route("/account/take-up", methods=["GET", "POST"])
def take_up() -> Response:
    """Say how many colleagues have handed over, and take up what they have."""
    if request.method == "POST":
        work(taking_up.take_up_lots(db(), duty(), runtime().today()))
        return redirect(url_for("officer.take_up"), 303)
    received = key_hand_overs.count_received(db(), duty())
    return page(
        "officer/take_up.html", received=received, fingerprint=_fingerprint_groups()
    )


def _work_on_key() -> Response:
    try:
        gate, today = runtime().gate_secret, runtime().today()
        if work(rotation.wrap_lots(db(), duty(), gate)):
            identity = rotation.finish(db(), duty(), today, gate=gate)
            renew_visit(replace(visit(), seed=identity.reveal()))
            # All devices were forgotten; this one has just shown who it is.
            remember_device(duty().person)
    except NoRotationError:
        # Another tab has broken it off, or finished it.
        return _back()
    return _back()


def _back() -> Response:
    return redirect(url_for("officer.change_key"), 303)


def _next_key_form() -> NextKeyForm:
    person = duty().person
    return NextKeyForm(person.name, person.position, person.unit)


def _key_page(form: NextKeyForm) -> Response:
    received = key_hand_overs.count_received(db(), duty())
    person, progress = duty().person, rotation.find_progress(db(), duty())
    return page(
        "officer/change_key.html",
        http=422 if form.has_errors else 200,
        form=form,
        is_begun=progress is not None,
        percent=percent(progress.done, progress.total) if progress else None,
        fingerprint=_fingerprint_groups(),
        since=person.key_since or person.added_on,
        is_keeper=person.is_custodian,
        must_take_up=received is not None and received.is_waiting,
    )


def _fingerprint_groups() -> list[str]:
    # Of the key that is really one's own: whoever can write rows could put another
    # there, and have it read out to colleagues.
    return duty().identity.recipient.fingerprint().split("-")
