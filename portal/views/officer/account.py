"""One's own account: passphrase, phone, recovery codes; each confirmed by a code."""

import datetime as dt
from dataclasses import dataclass, replace

from flask import redirect, request, url_for
from werkzeug.wrappers import Response

from crypto import OneTimeSecret
from portal import accounts
from portal.errors import RefusedLoginError, WrongPassphraseError
from portal.forms import ConfirmedForm, OneTimeCodeForm, PassphraseForm
from portal.runtime import runtime
from portal.views.access import ACCESS
from portal.views.confirmation import is_confirmed
from portal.views.languages import gettext as _
from portal.views.officer.blueprint import bp
from portal.views.officer.pairing import qr_code, secret_groups
from portal.views.request import db, duty, keep_visit, renew_visit, visit
from portal.views.response import page, private_page


@dataclass(frozen=True)
class AccountOnPage:
    """Who is at work, and what the portal knows of them."""

    name: str
    position: str
    unit: str
    groups: list[str]
    """The fingerprint of the own key, four signs each."""
    key_since: dt.date | None
    codes_left: int
    has_codes: bool
    is_officer: bool
    has_wraps: bool
    """Whether something is sealed to the own key, so that it can be changed."""


@bp.get("/account")
def account() -> Response:
    """Show the account."""
    return _page()


@bp.post("/account/passphrase")
def change_passphrase() -> Response:
    """Take another passphrase; every other session ends."""
    person = duty().person
    form = PassphraseForm(person.name, person.position, person.unit)
    if not (form.validate() and is_confirmed(form)):
        return _page(passphrase=form)
    try:
        accounts.change_passphrase(
            db(),
            duty(),
            form.present_passphrase.data or "",
            form.passphrase.data,
            runtime().gate,
            runtime().today(),
        )
    except WrongPassphraseError:
        form.refuse("present_passphrase", _("That is not your present passphrase."))
        return _page(passphrase=form)
    return _go_on("passphrase")


@bp.post("/account/phone/new")
def new_phone() -> Response:
    """Begin to connect another phone; the one there is stays until then."""
    form = ConfirmedForm()
    if not is_confirmed(form):
        return _page(phone=form)
    keep_visit(replace(visit(), new_phone=OneTimeSecret.generate().reveal()))
    return redirect(url_for("officer.phone"), 303)


@bp.route("/account/phone", methods=["GET", "POST"])
def phone() -> Response:
    """Show the new phone's secret and take its first code."""
    form = OneTimeCodeForm()
    if not visit().new_phone:
        return redirect(url_for("officer.account"), 303)
    secret = OneTimeSecret.parse(visit().new_phone)
    if request.method == "GET":
        return _phone_page(form, secret)
    typed = form.one_time_code.data or ""
    try:
        accounts.connect_phone(db(), duty(), secret, typed, runtime().now())
    except RefusedLoginError:
        sentence = _("That was not the code of now. Check your phone's clock.")
        form.refuse("one_time_code", sentence)
        return _phone_page(form, secret)
    return _go_on("phone")


@bp.post("/account/recovery-codes")
def recovery_codes() -> Response:
    """Make ten new recovery codes; show them, this once."""
    form = ConfirmedForm()
    if not is_confirmed(form):
        return _page(codes=form)
    codes = accounts.renew_recovery_codes(db(), duty(), runtime().today())
    renew_visit(visit())
    return page("officer/recovery_codes.html", recovery_codes=codes)


def _go_on(done: str) -> Response:
    """Begin a new session for this browser; all of the person's have ended."""
    renew_visit(replace(visit(), new_phone=""))
    return redirect(url_for("officer.account", done=done), 303)


def _page(
    passphrase: PassphraseForm | None = None,
    phone: ConfirmedForm | None = None,
    codes: ConfirmedForm | None = None,
) -> Response:
    """Show the account; a form that was refused says why."""
    is_refused = any(form is not None for form in (passphrase, phone, codes))
    done = request.args.get("done", "") if request.method == "GET" else ""
    sentences = {
        "passphrase": _("The passphrase is changed. All other sessions have ended."),
        "phone": _("The new phone is connected. All other sessions have ended."),
    }
    return private_page(
        "officer/account.html",
        http=422 if is_refused else 200,
        account=_account(),
        has_notice=not ACCESS["officer.notice"].isdisjoint(duty().person.roles),
        done=sentences.get(done),
        passphrase=passphrase or PassphraseForm(),
        phone=phone or ConfirmedForm(),
        codes=codes or ConfirmedForm(),
    )


def _account() -> AccountOnPage:
    person = duty().person
    return AccountOnPage(
        name=person.name,
        position=person.position,
        unit=person.unit,
        groups=duty().identity.recipient.fingerprint().split("-"),
        key_since=person.key_since,
        codes_left=accounts.count_recovery_codes(duty()),
        has_codes=person.locked_recovery_codes is not None,
        is_officer=person.is_officer,
        has_wraps=person.is_officer or person.is_custodian,
    )


def _phone_page(form: OneTimeCodeForm, secret: OneTimeSecret) -> Response:
    return private_page(
        "officer/phone.html",
        http=422 if form.has_errors else 200,
        form=form,
        qr=qr_code(secret, duty().person.name),
        secret_groups=secret_groups(secret),
    )
