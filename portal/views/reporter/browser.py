"""The browser that a code is shown to, and the minute of showing it."""

from dataclasses import replace

from crypto import FormToken
from portal import sessions
from portal.hand_ins import HandedIn
from portal.runtime import runtime
from portal.views.request import cookie, db, visit

_SECONDS = 60


def browser() -> sessions.Browser:
    """Return who is shown a code; a session that is open ends when it would have."""
    known = visit()
    ends_at = known.ends_at or (
        runtime().timestamp() + runtime().settings.reporter_session_minutes * _SECONDS
    )
    return sessions.Browser(cookie(), replace(known, ends_at=ends_at))


def expect_again(handed_in: HandedIn, token: FormToken) -> None:
    """Expect a group of a code that is shown once more."""
    pending = handed_in.pending(token)
    sessions.expect_group(db(), browser(), pending, runtime().instance)


def minute() -> int:
    """Return the unix time in whole minutes."""
    return runtime().timestamp() // _SECONDS
