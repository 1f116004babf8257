"""What every response carries: headers, filler, a cookie; and errors as pages.

Pages that give typed text back, or show a case, are filled up with random
bytes to a multiple of 32 KiB, all others to one of 4 KiB: a length says nothing.
"""

import secrets
from dataclasses import dataclass

from flask import (
    Flask,
    Response,
    current_app,
    g,
    make_response,
    request,
    url_for,
)
from werkzeug.exceptions import HTTPException, SecurityError

from crypto import BrokenError
from portal.database import FAULTS
from portal.errors import (
    AccountChangedError,
    KeyChangedError,
    LurusError,
    NoHandOverError,
    NoSuchCaseError,
    NoSuchFileError,
    NoSuchInvitationError,
    NotAdmittedError,
    NotFromHereError,
    StoreUnavailableError,
)
from portal.sessions import Standing
from portal.views import access
from portal.views.drafts import has_texts, read_drafts
from portal.views.languages import gettext as _
from portal.views.languages import render
from portal.views.request import (
    MissedTooOftenError,
    SessionEndedError,
    StaleFormError,
    cookie,
    cookie_name,
    visit,
)

SMALL_STEP = 4 * 1024
LARGE_STEP = 32 * 1024

_FRAME = len(b"<!---->")
_POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)
_OWN_SCRIPT = f"{_POLICY}; script-src 'self'; connect-src 'self'"
_HEADERS = {
    "Content-Security-Policy": _POLICY,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=()",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "X-Robots-Tag": "noindex, nofollow",
}
_LEAVING = '"cache", "storage"'
_COOKIES = ', "cookies"'


@dataclass(frozen=True)
class Link:
    """Where a page leads on."""

    href: str
    label: str


def install(app: Flask) -> None:
    """Complete every response, and turn every error into a page."""
    # An address is right or unknown: corrections would name scheme and host.
    app.url_map.strict_slashes = app.url_map.merge_slashes = False
    app.after_request(_complete)
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(NoSuchCaseError, _no_such_page)
    app.register_error_handler(NoSuchFileError, _no_such_page)
    app.register_error_handler(NoHandOverError, _no_such_page)
    app.register_error_handler(KeyChangedError, _session_ended)
    app.register_error_handler(NoSuchInvitationError, _invitation_over)
    app.register_error_handler(NotFromHereError, _case_over)
    app.register_error_handler(StaleFormError, _stale_form)
    app.register_error_handler(SessionEndedError, _session_ended)
    app.register_error_handler(AccountChangedError, _session_ended)
    app.register_error_handler(MissedTooOftenError, _missed_too_often)
    app.register_error_handler(NotAdmittedError, _not_admitted)
    app.register_error_handler(StoreUnavailableError, _store_unavailable)
    for fault in FAULTS:
        app.register_error_handler(fault, _store_unavailable)
    app.log_exception = _log_class_alone  # type: ignore[assignment]
    app.register_error_handler(BrokenError, _broken)
    app.register_error_handler(Exception, _fault)


def page(template: str, *, http: int = 200, **context: object) -> Response:
    """Render a page whose length says nothing of what stands in it."""
    return filled(render(template, **context), SMALL_STEP, http)


def private_page(template: str, *, http: int = 200, **context: object) -> Response:
    """Render a page with typed or sealed text, filled up to 32 KiB steps."""
    return filled(render(template, **context), LARGE_STEP, http)


def leaving(response: Response, *, keeps_cookies: bool = False) -> Response:
    """Ask the browser to forget what it kept of this site."""
    cookies = "" if keeps_cookies else _COOKIES
    response.headers["Clear-Site-Data"] = _LEAVING + cookies
    return response


def with_script(response: Response) -> Response:
    """Let a page run the portal's own script; no other page runs any."""
    response.headers["Content-Security-Policy"] = _OWN_SCRIPT
    return response


def filled(html: str, step: int = SMALL_STEP, http: int = 200) -> Response:
    """Return a page filled up with random bytes to a multiple of *step*."""
    body = html.encode()
    missing = -(len(body) + _FRAME) % step
    filler = secrets.token_hex(missing // 2 + 1)[:missing]
    return make_response(body + f"<!--{filler}-->".encode(), http)


def _complete(response: Response) -> Response:
    for name, guard in _HEADERS.items():
        # What is no page may bring a stricter policy of its own.
        response.headers.setdefault(name, guard)
    if g.get("cookie_is_secure"):
        response.headers["Strict-Transport-Security"] = "max-age=63072000"
    if request.endpoint == "static" and response.status_code < 400:
        response.headers["Cache-Control"] = "public, max-age=86400"
        return response
    response.headers["Cache-Control"] = "no-store, no-transform"
    if g.get("cookie_is_new"):
        response.set_cookie(
            cookie_name(),
            cookie().reveal(),
            secure=g.cookie_is_secure,
            httponly=True,
            samesite="Strict",
        )
    return response


def _http_error(error: HTTPException) -> Response:
    if isinstance(error, SecurityError):
        # A host that is not ours: no page, no links, no cookie.
        return Response("This address is not served here.", 400, mimetype="text/plain")
    if error.code == 413:
        return _error_page(
            413,
            _("That was too much at once."),
            _("Nothing was stored."),
            _("Go back and shorten the text; files cannot be sent here."),
        )
    if error.code in {404, 405}:
        return _no_such_page(error)
    return _error_page(
        error.code or 400,
        _("This request cannot be answered."),
        _("Nothing was stored or changed."),
        _("Go back to the start and try again."),
    )


def _no_such_page(_error: Exception) -> Response:
    return _error_page(
        404,
        _("There is no such page."),
        _("Nothing was stored or changed."),
        _("Check the address, or begin at the start."),
    )


def _invitation_over(_error: NoSuchInvitationError) -> Response:
    return _error_page(
        404,
        _("This invitation is over."),
        _("It was used before, or it is older than three days."),
        _("Ask the administrator for a new link."),
    )


def _case_over(_error: NotFromHereError) -> Response:
    return _error_page(
        409,
        _("This case has ended in the meantime."),
        _("Nothing was sent. What you typed is still here."),
        _("If there is something new, send a further report and say so."),
    )


def _stale_form(_error: StaleFormError) -> Response:
    if not access.is_allowed():
        return _session_ended(SessionEndedError())
    title = _("This page was open too long, or in another window.")
    if not has_texts():
        again = _("Nothing was sent. Please go back to the page and try again.")
        return _error_page(422, title, again)
    return _error_page(
        422,
        title,
        _("Nothing was sent. What you typed is still here."),
        _("Please press Send again."),
    )


def _session_ended(_error: LurusError) -> Response:
    is_closed = visit().standing is Standing.SCREEN_CLOSED
    return _over(
        _("The screen is closed.") if is_closed else _("Your session has ended.")
    )


def _missed_too_often(_error: MissedTooOftenError) -> Response:
    return _over(_("Three codes did not fit, so this session has ended."))


def _over(title: str) -> Response:
    reopen = Link(access.entrance(), _("Open again in a new tab"))
    if not has_texts():
        again = _("Nothing was sent. What was confirmed before is kept.")
        return _error_page(403, title, again, reopen=reopen)
    return _error_page(
        403,
        title,
        _("Nothing was sent. What you typed is still here."),
        _("Open it again in a new tab, then come back and press Send again."),
        reopen=reopen,
    )


def _not_admitted(_error: NotAdmittedError) -> Response:
    title = _("Too much is happening at once.")
    if not has_texts():
        again = _("Nothing was stored. Please go back, wait a minute and try again.")
        return _error_page(503, title, again)
    return _error_page(
        503,
        title,
        _("Nothing was stored. What you typed is still here."),
        _("Please wait a minute and try again."),
    )


def _broken(_error: BrokenError) -> Response:
    advice = _("Please tell the administrator; a backup can be compared.")
    if request.blueprint == "reporter":
        # Whoever tells the administrator has said who the reporter is.
        advice = _("Keep your code. You may send a further report and say so there.")
    return _error_page(
        500,
        _("A text of this case cannot be opened: it is not as it was made."),
        _("Nothing was stored or changed just now."),
        advice,
    )


def _store_unavailable(_error: Exception) -> Response:
    later = _("Please wait a few minutes and try again.")
    if request.method != "POST":
        return _error_page(
            503,
            _("This page cannot be shown at the moment."),
            _("Nothing was changed. What was confirmed before is kept."),
            later,
        )
    title = _("This cannot be stored at the moment.")
    if not has_texts():
        return _error_page(503, title, _("Nothing was stored or changed."), later)
    kept = _("Nothing was stored. What you typed is still here.")
    return _error_page(503, title, kept, later)


def _log_class_alone(exception: tuple[type[BaseException] | None, ...]) -> None:
    # Flask would log the path with a traceback: both can hold a secret.
    name = exception[0].__name__ if exception[0] else "fault"
    current_app.logger.error("%s in %s", name, request.endpoint or "no endpoint")


def _fault(error: Exception) -> Response:
    # The class alone: a message or a traceback could speak of what was typed.
    current_app.logger.error(
        "%s in %s", type(error).__name__, request.endpoint or "no endpoint"
    )
    try:
        return _error_page(
            500,
            _("Something went wrong on our side."),
            _("What was confirmed before is kept; this last step was not."),
            _("Please try again in a few minutes."),
        )
    except Exception:  # noqa: BLE001 - the last page there is: nothing may leave it
        return Response("500", 500, mimetype="text/plain")


def _error_page(
    http: int, title: str, *sentences: str, reopen: Link | None = None
) -> Response:
    drafts = read_drafts()
    texts = [draft for draft in drafts if draft.label]
    links = [Link(url_for("public.start"), _("To the start"))]
    if reopen and not texts:
        links.insert(0, Link(reopen.href, _("Open it again")))
    fill = private_page if texts else page
    return fill(
        "public/error.html",
        http=http,
        title=title,
        sentences=sentences,
        links=links,
        draft=texts,
        carried=[draft for draft in drafts if not draft.label],
        action=request.path,
        reopen=reopen,
    )
