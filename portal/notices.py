"""The daily notice: one mail of constant text, to everybody at work who wants it.

It goes at the first hand-over hour of every weekday, whether or not anything is new:
anything else would tell a recused officer of a case (docs/decisions/0046). Holidays
are not known yet.
"""

import datetime as dt
import os
import secrets
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from pathlib import Path
from threading import Thread

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal import audit
from portal.audit import AuditAction
from portal.cases import Duty
from portal.database import reading, transaction
from portal.handover import HandOverHours
from portal.mail_server import MailFailure, MailServer
from portal.models import Person

FAILURE_FILE = "notice.txt"

SUBJECT = "Pengingat harian / Daily reminder"
TEXT = """\
Pengingat harian: silakan buka portal seperti biasa.
Pesan ini sama untuk semua dan dikirim setiap hari kerja,
ada atau tidak ada hal baru. Tidak perlu dibalas.

Daily reminder: please open the portal as usual.
This message is the same for everybody and is sent every weekday,
whether or not anything is new. No reply is needed.
"""

# Where officers see everything at once there is no hour of hand-over.
_WITHOUT_HOURS = dt.time(8)
_SATURDAY = 5


def keep_mail_address(
    session: Session, duty: Duty, address: str, today: dt.date
) -> None:
    """Keep where somebody wants the notice sent; empty: nowhere."""
    with transaction(session):
        person = session.get(Person, duty.person.id, populate_existing=True)
        if person is None or (person.mail_address or "") == address:
            return
        person.mail_address = address or None
        audit.record(session, person.name, AuditAction.MAIL_ADDRESS_KEPT, today)


def find_mail_addresses(session: Session) -> tuple[str, ...]:
    """Return the addresses of officers and custodians at work, in a random order."""
    at_work = Person.retired_on.is_(None) & Person.recipient.is_not(None)
    wanted = select(Person.mail_address).where(
        at_work
        & (Person.is_officer | Person.is_custodian)
        & Person.mail_address.is_not(None)
    )
    with reading(session):
        return tuple(session.scalars(wanted.order_by(Person.id)))


def write_notice(server: MailServer, address: str, moment: dt.datetime) -> EmailMessage:
    """Write the notice to one person; *moment* is the hour it is due at, for all."""
    notice = EmailMessage(policy=SMTP)
    notice["From"] = server.sender
    notice["To"] = address
    notice["Subject"] = SUBJECT
    notice["Date"] = format_datetime(moment)
    notice["Message-ID"] = f"<{secrets.token_hex(16)}@{server.domain}>"
    notice["Auto-Submitted"] = "auto-generated"
    notice.set_content(TEXT)
    return notice


@dataclass(frozen=True)
class Courier:
    """Sends the notice, in a thread of its own: no request waits for a mail server."""

    server: MailServer
    hours: HandOverHours
    instance: Path
    """The folder that a failure is noted in."""
    _under_way: list[Thread] = field(default_factory=list)

    def slot(self, now: dt.datetime) -> str:
        """Return the last weekday whose first hand-over has passed at *now*."""
        day = now.date()
        if now.time() < self._hour:
            day -= dt.timedelta(days=1)
        while day.weekday() >= _SATURDAY:
            day -= dt.timedelta(days=1)
        return day.isoformat()

    def send(self, session: Session, now: dt.datetime) -> None:
        """Begin to send what is due; what is of another day is left.

        Call it when the slot is written down: it is never sent twice.
        """
        if self.slot(now) != now.date().isoformat():
            return
        addresses = find_mail_addresses(session)
        if not addresses:
            return
        moment = dt.datetime.combine(now.date(), self._hour, now.tzinfo)
        notices = [write_notice(self.server, each, moment) for each in addresses]
        thread = Thread(target=self._deliver, args=(notices, now.date()), daemon=True)
        self._under_way[:] = [one for one in self._under_way if one.is_alive()]
        self._under_way.append(thread)
        thread.start()

    def wait(self) -> None:
        """Wait for what is under way; for a command, which would end it otherwise."""
        for thread in self._under_way:
            thread.join()

    @property
    def _hour(self) -> dt.time:
        return self.hours.hours[0] if self.hours.hours else _WITHOUT_HOURS

    def _deliver(self, notices: list[EmailMessage], today: dt.date) -> None:
        failure = self.server.deliver(notices)
        if failure:
            _note(self.instance / FAILURE_FILE, failure, today)
        else:
            (self.instance / FAILURE_FILE).unlink(missing_ok=True)


@dataclass(frozen=True)
class FailedNotice:
    """The last notice that did not reach everybody, and no success since."""

    day: str
    failure: MailFailure


def find_failure(instance: Path) -> FailedNotice | None:
    """Return how the last notice failed; None: it did not."""
    try:
        day, name = (instance / FAILURE_FILE).read_text("utf-8").split()
        return FailedNotice(day, MailFailure[name])
    except (OSError, ValueError, KeyError):
        return None


def _note(path: Path, failure: MailFailure, today: dt.date) -> None:
    midnight = dt.datetime.combine(today, dt.time()).timestamp()
    flags = os.O_CREAT | os.O_TRUNC | os.O_WRONLY
    try:
        descriptor = os.open(path, flags, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(f"{today.isoformat()} {failure.name}\n")
            file.flush()
            # The file system shall not tell the minute of a request.
            os.utime(descriptor, (midnight, midnight))
    except OSError:
        # A full disk is told by the doctor itself.
        return
