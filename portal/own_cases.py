"""What a reporter writes into the own case; the ways out are in `withdrawals.py`."""

import datetime as dt
from collections.abc import Callable, Sequence

from sqlalchemy.orm import Session

from crypto import holds_window
from portal import threads, uploads
from portal.cases import ReporterCase, changing
from portal.errors import CodeInTextError, NotAdmittedError, NotFromHereError
from portal.statuses import Author, CaseStatus
from portal.threads import Chain, Stopped, Text
from portal.uploads import ReceivedFile

MOST_MESSAGES_A_DAY = 50
"""Of one reporter in one case."""


def write(
    session: Session,
    opened: ReporterCase,
    text: str,
    *,
    windows: frozenset[bytes],
    today: dt.date,
    at_once: bool,
    admit: Callable[[], None] = lambda: None,
    received: Sequence[ReceivedFile] = (),
    check_in: int = 0,
    stopped: Stopped | None = None,
) -> None:
    """Add a reporter's message to the thread, with the files that its form brought.

    *at_once*: officers see it now. *admit* is asked last, when nothing else refuses.
    *check_in*, *stopped*: what it answers, see `check_ins.py`.

    Raises:
        UploadGoneError: one of the files is not there any more.
        CodeInTextError: it holds three groups in a row of this case's code.
        TooLongError: with the bytes that are too many.
        NotFromHereError: the report was withdrawn.
        NotAdmittedError: enough for one day, or by *admit*.
        StoreUnavailableError: nothing was stored.
    """
    if holds_window(text, windows):
        raise CodeInTextError
    with changing(session, opened) as case:
        if case.status == CaseStatus.WITHDRAWN:
            raise NotFromHereError
        if threads.count_on(session, case.id, today) >= MOST_MESSAGES_A_DAY:
            raise NotAdmittedError
        place = (case.id, Chain.THREAD, Author.REPORTER)
        manifest = uploads.claim(session, received, case.id)
        said = Text(text, check_in=check_in, stopped=stopped)
        threads.append(
            *(session, *place, said, opened.key, today),
            at_once=at_once,
            manifest=manifest,
        )
        case.is_answered = case.is_answered and not at_once
        admit()
