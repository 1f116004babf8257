"""What is kept and is no report, as tests need it: of any kind, open or held."""

import datetime as dt
from dataclasses import replace

from builders import (
    RULES,
    TEN_O_CLOCK,
    TODAY,
    a_report,
    form_token,
    gate_of,
)
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from crypto import CaseCode, Cookie, ReleaseRule, Share, open_outer, take_gate_off
from portal import cases, hand_ins, openings
from portal.cases import Duty
from portal.database import find_instance_id, transaction
from portal.entries import Entry, EntryKind
from portal.models import Case, Person, Round, Wrap
from portal.openings import Opening
from portal.reports import Readers, Report
from portal.roster import list_custodians
from portal.sessions import Browser, Visit

A_YEAR = TODAY + dt.timedelta(days=365)
SUBJECT = "197001012000011001"
KEPT = tuple(kind for kind in EntryKind if kind is not EntryKind.REPORT)


def an_entry(
    kind: EntryKind, rule: ReleaseRule | None = None, day: dt.date = A_YEAR
) -> Entry:
    """Return how something of that kind is kept."""
    is_hold = kind is EntryKind.HOLD
    rule = rule or (ReleaseRule.MATCH_2 if is_hold else ReleaseRule.NEVER)
    return Entry(kind, rule, day, subject=SUBJECT if rule.is_match else "")


def keep(
    session: Session,
    kind: EntryKind,
    *readers: Duty,
    others: tuple[Duty, ...] = (),
    entry: Entry | None = None,
    report: Report | None = None,
    today: dt.date = TODAY,
    at_once: bool = True,
) -> CaseCode:
    """Keep something that *readers* may read, once anybody may."""
    handed_in = hand_ins.hand_in(
        session,
        replace(report or a_report(), entry=kind),
        Readers(
            tuple(duty.person for duty in readers),
            tuple(duty.person for duty in others),
            list_custodians(session),
        ),
        severity=1,
        form=form_token(session),
        browser=Browser(Cookie.generate(), Visit(ends_at=TEN_O_CLOCK)),
        instance=find_instance_id(session),
        gate=gate_of(session),
        rules=RULES,
        today=today,
        minute=TEN_O_CLOCK // 60,
        at_once=at_once,
        entry=entry or an_entry(kind),
    )
    return handed_in.code


def open_by_round(session: Session, code: CaseCode, custodian: Duty) -> None:
    """Do to one held entry what a custodian's round does to those whose rule is met."""
    share = share_of(session, code, custodian)
    found = cases.find_by_locator(session, code.locator(custodian.instance))
    with transaction(session):
        mine = update(Case).where(Case.id == found.id)
        session.execute(mine.values(mask=share.share))
        session.execute(update(Person).values(opened_keys=None))
    session.expire_all()


def round_was_held(session: Session, day: dt.date) -> None:
    """Write down what every round leaves, whatever it found: its day."""
    keeper = session.scalars(select(Person.id).where(Person.is_custodian)).first()
    number = len(session.scalars(select(Round.number)).all()) + 1
    with transaction(session):
        session.add(
            Round(
                number=number,
                custodian_id=keeper,
                day=day,
                is_done=True,
                reached=bytes(16),
            )
        )


def share_of(session: Session, code: CaseCode, custodian: Duty) -> Share:
    """Return what a custodian's outer holds, with the gate's secret at hand."""
    found = cases.find_by_locator(session, code.locator(custodian.instance))
    place = {"case_id": found.id, "holder": custodian.person.id}
    outer = session.scalars(
        select(Wrap.wrap).where(
            Wrap.case_id == found.id, Wrap.holder_id == custodian.person.id
        )
    ).one()
    inner = take_gate_off(outer, gate_of(session), **place)
    return open_outer(inner, custodian.identity, **place)


def opening_of(session: Session, code: CaseCode, duty: Duty) -> Opening:
    """Open an entry as an officer."""
    session.expire_all()
    found = cases.find_by_locator(session, code.locator(duty.instance))
    return openings.find_opening(session, found.id, duty)
