"""The device cookie: which browser somebody at work has logged in with.

It is sent to pages of the office alone. It opens nothing: see portal/devices.py.
"""

from functools import partial

from flask import Response, after_this_request, g, request

from crypto import Cookie, MistypedError
from portal import devices, throttle
from portal.devices import DEVICE_DAYS
from portal.errors import NotAdmittedError
from portal.models import Person
from portal.runtime import runtime
from portal.views.request import db

_PATH = "/office"
_DAY_SECONDS = 24 * 60 * 60


def is_known_device(login_name: str) -> bool:
    """Tell whether that person's own browser asks, and has tries of its own left.

    When they are used up it is a stranger like all others.
    """
    if not devices.is_known(db(), _cookie(), login_name, runtime().today()):
        return False
    attempts = runtime().settings.attempts_per_hour
    now = runtime().timestamp()
    try:
        throttle.admit_device(db(), _cookie(), runtime().secret, attempts, now)
    except NotAdmittedError:
        return False
    return True


def remember_device(person: Person) -> None:
    """Know this browser from now on; its cookie comes with this response."""
    cookie = devices.remember(db(), person, _cookie(), runtime().today())
    after_this_request(partial(_set, cookie))


def _set(cookie: Cookie, response: Response) -> Response:
    response.set_cookie(
        _name(),
        cookie.reveal(),
        max_age=DEVICE_DAYS * _DAY_SECONDS,
        path=_PATH,
        secure=g.cookie_is_secure,
        httponly=True,
        samesite="Strict",
    )
    return response


def _cookie() -> Cookie:
    """Return the browser's; one that nobody has, where it brought none."""
    try:
        return Cookie.parse(request.cookies.get(_name(), ""))
    except MistypedError:
        return Cookie.generate()


def _name() -> str:
    # "__Host-" would demand the path "/", and reporters' pages see no third cookie.
    return "__Secure-device" if g.cookie_is_secure else "device"
