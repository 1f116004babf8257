"""How somebody at work comes in: an invitation once, then two factors each time."""

from flask import redirect, request, url_for
from werkzeug.wrappers import Response

from crypto import Identity
from portal import enrolments, invitations, logins, sessions, throttle
from portal.cases import Duty
from portal.enrolments import Enrolment
from portal.errors import (
    NameTakenError,
    NotAdmittedError,
    RefusedLoginError,
    TooManyOfficersError,
)
from portal.forms import InvitationForm, LoginForm, OneTimeCodeForm
from portal.leaving import count_lonely
from portal.logins import Verdict
from portal.models import Person
from portal.people import fold_name
from portal.roles import OFFICERS
from portal.runtime import runtime
from portal.sessions import Standing, Visit
from portal.views.access import entrance
from portal.views.device import is_known_device, remember_device
from portal.views.languages import chosen
from portal.views.languages import gettext as _
from portal.views.officer.blueprint import bp
from portal.views.officer.pairing import qr_code, secret_groups
from portal.views.papers import papers_page
from portal.views.request import admit, begin_visit, db, end_visit, spend_visit, visit
from portal.views.response import leaving, page, private_page

HALFWAY_SECONDS = 300


@bp.route("/invite/<token>", methods=["GET", "POST"])
def invite(token: str) -> Response:
    """Choose a passphrase, then connect a phone."""
    person = invitations.find_invited(db(), token, runtime().today())
    enrolment = _enrolment_of(person)
    if enrolment and (request.method == "GET" or "one_time_code" in request.form):
        return _confirm(token, enrolment, person)
    return _choose(token, person)


@bp.route("/login", methods=["GET", "POST"])
def login() -> Response:
    """Take name and passphrase; the verdict is given at the second step."""
    if request.method == "GET":
        return page("officer/login.html", action=url_for("officer.login"))
    form = LoginForm()
    try:
        verdict = _verdict(form)
    except NotAdmittedError:
        return page("officer/busy.html", http=503)
    begin_visit(
        Visit(
            standing=Standing.AT_SECOND_FACTOR,
            ends_at=runtime().timestamp() + HALFWAY_SECONDS,
            person_id=verdict.person_id,
            seed=verdict.seed,
            lock_id=verdict.lock_id,
        )
    )
    return redirect(url_for("officer.second_factor"), 303)


@bp.route("/second-factor", methods=["GET", "POST"])
def second_factor() -> Response:
    """Take the one-time code; one page for every failure."""
    if request.method == "GET":
        return page("officer/second_factor.html")
    form = OneTimeCodeForm()
    halfway = spend_visit()
    verdict = Verdict(halfway.person_id, halfway.seed, halfway.lock_id)
    code = form.one_time_code.data or ""
    try:
        person = logins.log_in(db(), verdict, code, runtime().instance, runtime().now())
    except RefusedLoginError:
        end_visit()
        return page("officer/refused.html", http=403)
    begin_visit(_visit_of(person, verdict))
    remember_device(person)
    return redirect(entrance(), 303)


@bp.post("/logout", endpoint="log_out")
def leave() -> Response:
    """End the person's sessions, in every browser; the devices stay known."""
    person_id = visit().person_id
    end_visit()
    sessions.end_everywhere(db(), person_id)
    answer = redirect(url_for("officer.login", lang=chosen()), 303)
    return leaving(answer, keeps_cookies=True)  # type: ignore[arg-type]


def _visit_of(person: Person, verdict: Verdict) -> Visit:
    ends = runtime().now() + runtime().settings.officer_session
    return Visit(
        standing=Standing.AT_WORK,
        ends_at=int(ends.timestamp()),
        person_id=person.id,
        seed=verdict.seed,
        few_readers=_count_lonely(person, verdict),
    )


def _count_lonely(person: Person, verdict: Verdict) -> int:
    """Count once, at the door: the list shows it without looking at every case."""
    if not person.is_officer:
        return 0
    coming = Duty(person, Identity(verdict.seed), runtime().instance)
    return count_lonely(db(), coming)


def _verdict(form: LoginForm) -> Verdict:
    name = form.name.data or ""
    is_known = is_known_device(fold_name(name))
    if not is_known:
        admit("login")
        throttle.admit_login(
            db(),
            fold_name(name),
            runtime().secret,
            runtime().settings.attempts_per_hour,
            runtime().timestamp(),
        )
    return logins.check_passphrase(
        db(),
        name,
        form.passphrase.data or "",
        runtime().gate,
        runtime().instance,
        is_known=is_known,
    )


def _choose(token: str, person: Person) -> Response:
    """Ask who the person is and for a passphrase; then begin the enrolment."""
    form = InvitationForm(obj=person)
    if request.method == "GET" or not form.validate():
        return _choosing_page(form, token, person)
    try:
        enrolment = enrolments.begin_enrolment(
            db(),
            person,
            form.passphrase.data,
            runtime().gate,
            runtime().instance,
            name=_name_of(form, person),
            position=form.position.data or person.position,
            unit=form.unit.data or person.unit,
        )
    except NameTakenError:
        form.refuse("name", _("An officer of this name exists. Add something to it."))
        return _choosing_page(form, token, person)
    ends_at = runtime().timestamp() + 3 * HALFWAY_SECONDS
    begin_visit(
        Visit(standing=Standing.INVITED, ends_at=ends_at, enrolment=enrolment.encode())
    )
    return redirect(url_for("officer.invite", token=token), 303)


def _choosing_page(form: InvitationForm, token: str, person: Person) -> Response:
    is_chosen = bool(person.roles & OFFICERS)
    seen = _("Reporters see name, position and unit when they choose who may read.")
    return private_page(
        "officer/invite.html",
        http=422 if form.has_errors else 200,
        form=form,
        step2=False,
        action=url_for("officer.invite", token=token),
        paper_href=_paper_href(token, person),
        is_new_key=person.recipient is not None,
        unit_hint=seen if is_chosen else None,
    )


def _name_of(form: InvitationForm, person: Person) -> str:
    """Return the name to log in with; who gets a new key keeps the one there is."""
    typed: str = form.name.data or ""
    return person.name if person.recipient else typed or person.name


def _confirm(token: str, enrolment: Enrolment, person: Person) -> Response:
    """Show the second factor's secret and take its first code."""
    form = OneTimeCodeForm()
    if request.method == "POST":
        try:
            enrolments.enrol(
                db(),
                token,
                enrolment,
                form.one_time_code.data or "",
                runtime().instance,
                runtime().now(),
            )
        except RefusedLoginError:
            sentence = _("That was not the code of now. Check your phone's clock.")
            form.refuse("one_time_code", sentence)
        except NameTakenError:
            taken = _("Somebody took this name meanwhile. Open the link once more.")
            form.refuse("one_time_code", taken)
        except TooManyOfficersError:
            full = _("There are as many officers as can be. Ask the administrator.")
            form.refuse("one_time_code", full)
        else:
            end_visit()
            if person.is_custodian and not enrolment.is_return:
                return papers_page(enrolment.identity)
            return redirect(url_for("officer.login"), 303)
    return private_page(
        "officer/invite.html",
        http=422 if form.has_errors else 200,
        form=form,
        step2=True,
        action=url_for("officer.invite", token=token),
        qr=qr_code(enrolment.secret, enrolment.name),
        secret_groups=secret_groups(enrolment.secret),
        recovery_codes=enrolment.recovery_codes,
    )


def _enrolment_of(person: Person) -> Enrolment | None:
    """Return what this browser has begun for *person*."""
    if visit().standing is not Standing.INVITED:
        return None
    enrolment = Enrolment.decode(visit().enrolment)
    return enrolment if enrolment.person_id == person.id else None


def _paper_href(token: str, person: Person) -> str | None:
    """Return where a key on paper is typed; None where there is no key yet."""
    if person.recipient is None:
        return None
    return url_for("officer.paper", token=token)
