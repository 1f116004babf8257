"""Entries that wait for a day or for others, and custodians who hold rounds."""

import datetime as dt
from collections.abc import Callable

from builders import (
    RULES,
    TEN_O_CLOCK,
    TODAY,
    a_report,
    form_token,
    gate_of,
    shredder_of,
    the_case,
)
from sqlalchemy import select
from sqlalchemy.orm import Session

from crypto import (
    CaseCode,
    Cookie,
    Key,
    ReleaseRule,
    Share,
    open_outer,
    take_gate_off,
)
from portal import cases, hand_ins, rounds
from portal.cases import PURPOSE_OUTER, Duty
from portal.database import find_instance_id
from portal.entries import Entry, EntryKind
from portal.errors import NoSuchCaseError
from portal.models import Wrap
from portal.reports import Readers
from portal.roster import list_custodians
from portal.rounds import RoundReport
from portal.sessions import Browser, Visit

WAYAN = "198003152005011002"
PUTU = "197511022003122001"
LATER = TODAY + dt.timedelta(days=90)


def hold(
    session: Session,
    *readers: Duty,
    rule: ReleaseRule = ReleaseRule.DATE,
    day: dt.date = LATER,
    subject: str = "",
    kind: EntryKind = EntryKind.HOLD,
    what: str = "Ada pungutan di loket tiga.",
    who_name: str = "",
    others: tuple[Duty, ...] = (),
    gate: Key | None = None,
    today: dt.date = TODAY,
) -> CaseCode:
    """Keep something until its day, or until others name the same."""
    session.rollback()
    handed_in = hand_ins.hand_in(
        session,
        a_report(what, who_name=who_name),
        Readers(
            tuple(duty.person for duty in readers),
            tuple(duty.person for duty in others),
            list_custodians(session),
        ),
        severity=3,
        form=form_token(session),
        browser=Browser(Cookie.generate(), Visit(ends_at=TEN_O_CLOCK)),
        instance=find_instance_id(session),
        gate=gate or gate_of(session),
        rules=RULES,
        today=today,
        minute=TEN_O_CLOCK // 60,
        at_once=True,
        entry=Entry(kind, rule, day, None, subject),
    )
    return handed_in.code


def hold_round(
    session: Session,
    duty: Duty,
    today: dt.date = TODAY,
    *,
    between: Callable[[], None] = lambda: None,
) -> RoundReport:
    """Hold a round to its end; *between*: what happens after each lot."""
    for _lot in lots(session, duty, today):
        between()
    report = rounds.find_report(session, duty, gate_of(session))
    assert report is not None
    return report


def lots(session: Session, duty: Duty, today: dt.date = TODAY):
    """Return the lots of a round, to be stopped at any of them."""
    session.expire_all()
    gate, shredder = gate_of(session), shredder_of(session)
    return rounds.hold_lots(session, duty, gate, shredder, today)


def opens(session: Session, code: CaseCode, officer: Duty) -> bool:
    """Tell whether an officer can read what was kept."""
    found = the_case(session, code)
    try:
        cases.find_for_officer(session, found.id, officer)
    except NoSuchCaseError:
        return False
    return True


def is_there(session: Session, code: CaseCode) -> bool:
    """Tell whether a code opens anything."""
    try:
        the_case(session, code)
    except NoSuchCaseError:
        return False
    return True


def share_of(session: Session, case_id: bytes, duty: Duty) -> Share:
    """Return what a custodian's outer of a case holds."""
    place = {"case_id": case_id, "holder": duty.person.id}
    outer = outer_of(session, case_id, duty)
    assert outer is not None
    inner = take_gate_off(outer, gate_of(session), **place)
    return open_outer(inner, duty.identity, **place)


def outer_of(session: Session, case_id: bytes, duty: Duty) -> bytes | None:
    """Return a custodian's outer of a case."""
    session.rollback()
    return session.scalar(
        select(Wrap.wrap).where(
            Wrap.case_id == case_id,
            Wrap.holder_id == duty.person.id,
            Wrap.purpose == PURPOSE_OUTER,
        )
    )
