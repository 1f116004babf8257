"""What a reporter writes into the own case; the ways out are in `withdrawals.py`."""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass

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


@dataclass(frozen=True)
class CheckIn:
    """That a message answers what an entry asked, see `check_ins.py`."""

    days: int = 0
    """After its filing; 0: it answers nothing."""
    stopped: Stopped | None = None

    def text(self, written: str) -> Text:
        """Return the text that is sealed."""
        return Text(written, check_in=self.days, stopped=self.stopped)


_NO_CHECK_IN = CheckIn()


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
    answers: CheckIn = _NO_CHECK_IN,
) -> None:
    """Add a reporter's message to the thread, with the files that its form brought.

    *at_once*: officers see it now. *admit* is asked last, when nothing else refuses.

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
        threads.append(
            *(session, *place, answers.text(text), opened.key, today),
            at_once=at_once,
            manifest=manifest,
        )
        case.is_answered = case.is_answered and not at_once
        admit()
