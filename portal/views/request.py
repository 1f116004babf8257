"""What every request brings: a cookie, a visit, a form key, the time.

A form is believed only with the key of its path, which follows from the cookie
(FORMAT 9): no row, no header that a privacy browser withholds. Every POST is
checked here, so that no view can forget it.
"""

from collections.abc import Callable
from typing import Any, TypeVar, cast
from urllib.parse import urlsplit

from flask import Flask, Request, Response, abort, current_app, g, request
from markupsafe import Markup, escape
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import RequestEntityTooLarge

from crypto import Cookie, MistypedError
from portal import logins, sessions
from portal.cases import Duty
from portal.database import reading
from portal.errors import LurusError, StoreUnavailableError
from portal.models import Person
from portal.runtime import runtime
from portal.sessions import Standing, Visit
from portal.settings import may_be_plain

SAME_SITE = frozenset({"same-origin", "none"})

_ID_DIGITS = 32

_View = TypeVar("_View", bound=Callable[..., object])


class StaleFormError(LurusError):
    """A form came without its key, or with another session's."""


class SessionEndedError(LurusError):
    """A session ended while a form was open."""


class MissedTooOftenError(LurusError):
    """Too many codes in a row were wrong; the session was ended."""


class SparingRequest(Request):
    """A request that never writes what it receives to a disk.

    A HEAD is a GET whose page the server keeps to itself: no view shall take it
    for a form.
    """

    def __init__(self, environ: Any, *rest: Any, **named: Any) -> None:
        super().__init__(environ, *rest, **named)
        if self.method == "HEAD":
            self.method = "GET"

    def _get_file_stream(self, *_: object, **__: object) -> None:  # type: ignore[override]
        # Werkzeug would spool a file's bytes in clear; forms that take files are read
        # by `receiving`.
        raise RequestEntityTooLarge


class SparingFlask(Flask):
    """A Flask of plain functions: none of them needs to be looked at before each call."""

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        """Return *func*: this portal has no coroutines."""
        return func


def install(app: Flask) -> None:
    """Read cookie and form key first of all."""
    app.before_request(_step_inside)
    app.before_request(_begin)
    app.before_request(_check_form)
    app.before_request(_take_turn)
    app.before_request(_tend)
    app.teardown_appcontext(_close)
    app.jinja_env.globals["csrf"] = form_key_field


def refuses_itself(view: _View) -> _View:
    """Mark a view that answers a stale form itself, with all that was typed."""
    view.refuses_itself = True  # type: ignore[attr-defined]
    return view


def form_is_stale() -> bool:
    """Tell whether the form came without its key; for views that refuse themselves."""
    stale: bool = g.form_is_stale
    return stale


def read_form() -> MultiDict[str, str]:
    """Return what was typed; the body is received now, if it was not before.

    Raises:
        NotAdmittedError: too many bodies are being received.
    """
    if "form" in request.__dict__:
        return request.form
    with runtime().bodies.admitted() as g.body_place:
        return request.form


def db() -> Session:
    """Return this request's database session."""
    if "db" not in g:
        g.db = runtime().database.sessions()
    return cast(Session, g.db)


def cookie() -> Cookie:
    """Return the browser's cookie; a new one where it brought none."""
    return cast(Cookie, g.cookie)


def set_cookie(changed: Cookie) -> None:
    """Give the browser another cookie with this response."""
    g.cookie, g.cookie_is_new = changed, True


def visit() -> Visit:
    """Return what the browser is known for."""
    if "visit" not in g:
        with reading(db()):
            g.visit = _find_visit()
    return cast(Visit, g.visit)


def forget_visit() -> None:
    """Look anew, at the next question, what the browser is known for."""
    g.pop("visit", None)
    g.pop("duty", None)


def begin_visit(changed: Visit) -> None:
    """Begin a session: the standing changes, and the cookie with it."""
    _record_leaving()
    set_cookie(sessions.begin(db(), changed, cookie(), runtime().instance))
    g.visit = _on_duty(changed)


def renew_visit(changed: Visit) -> None:
    """Go on at work under a new cookie, after all sessions of the person have ended."""
    set_cookie(sessions.begin(db(), changed, cookie(), runtime().instance))
    g.visit = _on_duty(changed)


def keep_visit(changed: Visit) -> None:
    """Keep a changed visit under the same cookie."""
    sessions.keep(db(), changed, cookie(), runtime().instance)
    g.visit = changed


def spend_visit() -> Visit:
    """End the session and return what it held; a second request finds nothing.

    Whatever is judged by it is judged once, at any number of requests at once.
    """
    spent = visit()
    if not sessions.take(db(), cookie()):
        raise SessionEndedError
    return spent


def end_visit() -> None:
    """End the session and give the browser a fresh cookie."""
    _record_leaving()
    sessions.end(db(), cookie())
    set_cookie(Cookie.generate())
    g.visit = Visit()


def _record_leaving() -> None:
    if visit().standing is Standing.AT_WORK:
        logins.log_out(db(), duty().person, runtime().today())


def duty() -> Duty:
    """Return who is at work; only for pages of people at work."""
    return cast(Duty, g.duty)


def side() -> str:
    """Return which side a request came by: buckets of onion and clear web are apart."""
    return "onion" if request.host.split(":")[0].endswith(".onion") else "web"


def admit(bucket: str, *, owner: str = "") -> None:
    """Take a token of a bucket; *owner* has one of the own.

    Raises:
        NotAdmittedError: it is empty.
    """
    now = runtime().now().timestamp()
    runtime().throttle.admit(bucket, now, side=owner or side())


def foresee(bucket: str) -> None:
    """Refuse early what `admit` would refuse later; take no token.

    A token is for what is stored: who could empty a bucket with what is refused
    would see in it what others store (docs/threat-model.md).

    Raises:
        NotAdmittedError: the bucket is empty.
    """
    runtime().throttle.foresee(bucket, runtime().now().timestamp(), side=side())


def cookie_name() -> str:
    """Return the session cookie's name; browsers demand more of one so prefixed."""
    return "__Host-session" if g.cookie_is_secure else "session"


def _step_inside() -> Response | None:
    """Answer who comes from another site by one step on this one.

    The browser withholds a strict cookie on the way in; a page with a new one
    would end the session that is open in another tab.
    """
    site = request.headers.get("Sec-Fetch-Site", "none")
    if site != "cross-site" or request.method != "GET" or request.endpoint == "static":
        return None
    if request.endpoint is None or request.cookies:
        return None
    here = escape(request.full_path.rstrip("?"))
    answer = Response(f'<!doctype html><title></title><a href="{here}">&rarr;</a>')
    answer.headers["Refresh"] = "0"
    return answer


def _begin() -> None:
    host = urlsplit(f"//{request.host}").hostname or ""
    # Cookies over plain http are for onion and loopback alone.
    is_plain = may_be_plain(host)
    g.cookie_is_secure = not is_plain or host in runtime().settings.secure_hosts
    g.cookie_is_new = False
    try:
        g.cookie = Cookie.parse(request.cookies.get(cookie_name(), ""))
    except MistypedError:
        set_cookie(Cookie.generate())
    # From Tor, and on this machine, nobody stands between.
    if not is_plain and runtime().lookout.is_news(request.environ):
        runtime().lookout.note(request.environ, runtime().today())
    if request.endpoint != "static":
        admit("request")


def _check_form() -> None:
    g.form_is_stale = False
    if request.routing_exception is not None:
        raise request.routing_exception
    if request.method in {"GET", "HEAD", "OPTIONS"}:
        return
    site = request.headers.get("Sec-Fetch-Site", "none")
    if site not in SAME_SITE:
        abort(403)
    g.may_receive = True
    token = read_form().get("csrf_token", "")
    if cookie().opens_form(token, request.path, runtime().instance):
        return
    view = current_app.view_functions.get(request.endpoint or "")
    if not hasattr(view, "refuses_itself"):
        raise StaleFormError
    g.form_is_stale = True


def _take_turn() -> None:
    """Wait until nobody else computes: what was sent is here, nothing is locked yet."""
    g.has_turn = runtime().turnstile.enter()


def _tend() -> None:
    """Do what is due; a request is not refused because that is not possible now."""
    try:
        runtime().tender.tend(db(), runtime().now())
    except StoreUnavailableError:
        current_app.logger.warning("due work waits: the database is not available")


def _find_visit() -> Visit:
    if g.cookie_is_new:
        return Visit()
    found = sessions.find_visit(
        db(), cookie(), runtime().instance, runtime().timestamp()
    )
    return _on_duty(found)


def _on_duty(found: Visit) -> Visit:
    """Put who is at work where `duty` finds it.

    Who has left, or was let in until a day that has passed, is a mere visitor.
    """
    if found.standing is Standing.AT_WORK:
        person = db().get(Person, found.person_id)
        if person is None or not person.is_admitted(runtime().today()):
            return Visit()
        g.duty = Duty(person, sessions.identity_of(found), runtime().instance)
    return found


def form_key_field(path: str) -> Markup:
    """Return the hidden field that a form sent to *path* must carry."""
    key = cookie().form_key(path, runtime().instance)
    return Markup('<input type="hidden" name="csrf_token" value="{}">').format(key)


def parse_id(typed: str) -> bytes:
    """Return the id that an address names; nothing where it names none."""
    try:
        return bytes.fromhex(typed) if len(typed) == _ID_DIGITS else b""
    except ValueError:
        return b""


def give_way() -> None:
    """Let others compute and read while this request waits for a child or a disk."""
    _close(None)


def _close(_error: BaseException | None) -> None:
    try:
        session = g.pop("db", None)
        if session is not None:
            session.close()
    finally:
        if g.pop("has_turn", False):
            runtime().turnstile.leave()
