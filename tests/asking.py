"""What tests of reminders begin with: a staff list, and somebody who asks for one."""

import datetime as dt
import secrets
from dataclasses import dataclass, replace

from builders import RULES, TEN_O_CLOCK, TODAY, for_officer, form_token, gate_of
from sqlalchemy import select
from sqlalchemy.orm import Session

from crypto import CaseCode, Cookie, InstanceId, ReleaseRule
from portal import deliveries, hand_ins, leaflets
from portal.cases import Duty
from portal.database import find_instance_id, transaction
from portal.entries import Entry, EntryKind
from portal.models import StaffMember
from portal.reminder_days import DelayRules, ReminderDays, find_days
from portal.reminders import ReminderRequest, ReminderWay
from portal.reminding import KEPT_DAYS, Composed, Wish, compose
from portal.roster import list_custodians, list_officers
from portal.sessions import Browser, Visit
from portal.staff import Member
from portal.working_days import WorkingDays

DAYS = WorkingDays.parse("ID", [])
DELAY = DelayRules(3, 14)
MEANT = "Bagus Setiawan"
NAMES = (
    *(MEANT, "Citra Dewanti", "Eko Nugroho", "Fitri Handayani", "Gunawan Saputra"),
    *("Hesti Purnama", "Indra Kusuma", "Kartika Maharani", "Lukman Hakim"),
    *("Maya Anggraini", "Nanda Pratama", "Oki Firmansyah"),
)


def add_staff(session: Session, *names: str, unit: str = "Mutasi") -> None:
    """List people; the first number is the first one's."""
    with transaction(session):
        for number, name in enumerate(names or NAMES):
            session.add(
                StaffMember(
                    id=secrets.token_bytes(16),
                    number=f"1980010120050{number:05}",
                    name=name,
                    position="Analis",
                    unit=unit,
                )
            )


def member(session: Session, name: str = MEANT) -> Member:
    found = session.scalars(select(StaffMember).where(StaffMember.name == name)).one()
    return Member(found.number, found.name, found.position, found.unit)


def days_from(today: dt.date = TODAY) -> ReminderDays:
    return find_days(DAYS, DELAY, today)


def compose_for(
    session: Session,
    name: str = MEANT,
    *,
    way: ReminderWay = ReminderWay.CIRCLE,
    category: str = "DISIP",
    mend_by: dt.date | None = None,
    without: tuple[Duty, ...] = (),
    today: dt.date = TODAY,
) -> Composed:
    """Compose a request about somebody; *without*: officers who are not ticked."""
    officers = list_officers(session)
    left_out = {duty.person.id for duty in without}
    ticked = frozenset(one.id.hex() for one in officers if one.id not in left_out)
    wish = Wish(
        category,
        way,
        member(session, name),
        ticked,
        mend_by=mend_by,
    )
    return compose(
        *(session, wish, days_from(today), officers),
        secret=gate_of(session),
        today=today,
    )


@dataclass(frozen=True)
class Asked:
    """A request that was handed in."""

    code: CaseCode
    request: ReminderRequest


def ask(
    session: Session, name: str = MEANT, *, today: dt.date = TODAY, **more
) -> Asked:
    """Ask for a reminder; officers have it at once."""
    composed = compose_for(session, name, today=today, **more)
    handed_in = hand_ins.hand_in(
        session,
        composed.report,
        replace(composed.readers, custodians=list_custodians(session)),
        severity=1,
        form=form_token(session),
        browser=Browser(Cookie.generate(), Visit(ends_at=TEN_O_CLOCK)),
        instance=find_instance_id(session),
        gate=gate_of(session),
        rules=RULES,
        today=today,
        minute=TEN_O_CLOCK // 60,
        at_once=True,
        entry=Entry(
            EntryKind.REMINDER,
            ReleaseRule.NEVER,
            today + dt.timedelta(days=KEPT_DAYS),
            subject=member(session, name).number,
        ),
    )
    assert composed.report.reminder
    return Asked(handed_in.code, composed.report.reminder)


def deliver(
    session: Session, asked: Asked, duty: Duty, today: dt.date | None = None
) -> None:
    """Pass the leaflet on, on its first day or on *today*."""
    opened = for_officer(session, asked.code, duty)
    day, gate = today or asked.request.days.first, gate_of(session)
    deliveries.deliver(session, opened, duty, seen="", gate=gate, today=day)


def decline(
    session: Session, asked: Asked, duty: Duty, reason: str = "Kami belum bisa."
) -> None:
    """Decline to pass it on."""
    opened = for_officer(session, asked.code, duty)
    deliveries.decline(session, opened, duty, reason, seen="", today=TODAY)


def reply_to(
    session: Session, asked: Asked, instance: InstanceId, text: str = "Saya cuti."
) -> None:
    """Answer the leaflet."""
    day = asked.request.days.first
    code = asked.request.reply_code
    leaflets.reply(session, code, text, instance=instance, today=day)
