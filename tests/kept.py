"""What the tests of sealed entries begin with: kept, held, released by a round."""

import datetime as dt

from builders import RULES, TEN_O_CLOCK, TODAY, a_report, form_token, gate_of
from sqlalchemy.orm import Session

from crypto import CaseCode, Cookie, Key, ReleaseRule, Share, open_outer, take_gate_off
from portal import cases, hand_ins
from portal.cases import PURPOSE_OUTER, Duty
from portal.categories import read_taxonomy
from portal.database import find_instance_id, transaction
from portal.entries import Entry, EntryKind
from portal.models import Case, Wrap
from portal.renewals import Office, OwnEntry
from portal.reports import Readers, Report
from portal.roster import list_custodians
from portal.sessions import Browser, Visit
from portal.statuses import CaseStatus

NUMBER = "198001012005011001"
OPENS = TODAY + dt.timedelta(days=91)


def a_hold(
    rule: ReleaseRule = ReleaseRule.DATE,
    day: dt.date = OPENS,
    wanted: ReleaseRule | None = None,
    subject: str = "",
) -> Entry:
    return Entry(EntryKind.HOLD, rule, day, wanted, subject)


def a_note(day: dt.date = OPENS) -> Entry:
    return Entry(EntryKind.NOTE, ReleaseRule.NEVER, day)


def keep(
    session: Session,
    entry: Entry,
    *readers: Duty,
    others: tuple[Duty, ...] = (),
    report: Report | None = None,
    today: dt.date = TODAY,
    gate: Key | None = None,
) -> CaseCode:
    """Keep an entry for *readers*; the rest is as a form would have it."""
    chosen = Readers(
        tuple(duty.person for duty in readers),
        tuple(duty.person for duty in others),
        list_custodians(session),
    )
    report = report or a_report(category="ASET")
    handed_in = hand_ins.hand_in(
        session,
        Report(**vars(report) | {"shut_out": chosen.kept_from, "entry": entry.kind}),
        chosen,
        severity=3,
        form=form_token(session),
        browser=Browser(Cookie.generate(), Visit(ends_at=TEN_O_CLOCK)),
        instance=find_instance_id(session),
        gate=gate or gate_of(session),
        rules=RULES,
        today=today,
        minute=TEN_O_CLOCK // 60,
        at_once=True,
        entry=entry,
    )
    return handed_in.code


def own(session: Session, code: CaseCode) -> OwnEntry:
    """Open an entry with its code."""
    instance = find_instance_id(session)
    found = cases.find_by_locator(session, code.locator(instance))
    code_key = code.key(instance)
    opened = cases.find_for_reporter(session, found.id, code_key, instance)
    return OwnEntry(opened, code_key)


def office_of(session: Session) -> Office:
    """Return what the portal of the tests holds."""
    secret = Key(bytes(32), find_instance_id(session))
    return Office(gate_of(session), secret, read_taxonomy())


def take_up(session: Session, code: CaseCode) -> None:
    """Let an officer have taken the entry up."""
    with transaction(session):
        own(session, code).case.status = CaseStatus.ACKNOWLEDGED.value


def share_in(
    session: Session, case: Case, custodian: Duty, gate: Key | None = None
) -> Share:
    """Open what a custodian's outer of the entry holds."""
    place = {"case_id": case.id, "holder": custodian.person.id}
    row = session.get_one(Wrap, (case.id, custodian.person.id, PURPOSE_OUTER))
    inner = take_gate_off(row.wrap, gate or gate_of(session), **place)
    return open_outer(inner, custodian.identity, **place)


def release(
    session: Session, code: CaseCode, custodian: Duty, gate: Key | None = None
) -> None:
    """Do to one entry what a round does to an entry whose rule is met."""
    with transaction(session):
        case = own(session, code).case
        case.mask = share_in(session, case, custodian, gate).share
