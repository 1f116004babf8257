"""What the domain's tests begin with: officers, reports, cases in any status."""

import datetime as dt
import secrets
from collections.abc import Sequence
from pathlib import Path

from people import PASSPHRASE
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session
from strategies import CHEAPEST

from crypto import (
    CaseCode,
    Cookie,
    Cost,
    FormToken,
    Identity,
    Key,
    LockedIdentity,
    RecoveryShare,
    SeenCounts,
    split,
)
from portal import (
    acts,
    cases,
    hand_ins,
    readers,
    recovery,
    uploads,
    withdrawals,
)
from portal.acts import Move
from portal.cases import Duty, OfficerCase, ReporterCase
from portal.database import find_instance_id, transaction
from portal.deadlines import DeadlineRules
from portal.entries import Entry
from portal.file_kinds import FileKind, Finding
from portal.files import FileWriter
from portal.handover import HandOverHours
from portal.manifests import AttachedFile
from portal.models import AuditEntry, Base, Case, KeyHandOver, Person
from portal.objects import OBJECTS_FOLDER, ObjectStore
from portal.people import fold_name
from portal.reader_sheets import ShutOut
from portal.reports import Readers, Report
from portal.retention import RetentionRules
from portal.roster import list_custodians
from portal.sessions import Browser, Visit
from portal.shredding import Shredder
from portal.statuses import CaseStatus, Outcome
from portal.uploads import ReceivedFile
from portal.working_days import WorkingDays

TODAY = dt.date(2026, 12, 7)
RULES = DeadlineRules(3, 10, 30, 90, WorkingDays("ID"))
RETENTION = RetentionRules(60, 730, 14)
AT_ONCE = HandOverHours(())
TEN_O_CLOCK = 1_796_612_400
"""Unix time of a Monday morning, in seconds."""

A_REPORT = Entry.report()

WAY_TO = {
    CaseStatus.SUBMITTED: (),
    CaseStatus.ACKNOWLEDGED: ("acknowledged",),
    CaseStatus.VERIFIED: ("acknowledged", "verified"),
    CaseStatus.MORE_INFORMATION: ("acknowledged", "more-information"),
    CaseStatus.ASSESSED: ("acknowledged", "verified", "assessed"),
    CaseStatus.ADDRESSED: ("acknowledged", "verified", "assessed", "addressed"),
    CaseStatus.REFERRED: ("acknowledged", "verified", "assessed", "referred"),
    CaseStatus.CLOSED: ("acknowledged", "closed"),
    CaseStatus.NOT_ACTIONABLE: ("acknowledged", "not-actionable"),
}
"""How officers bring a case into each status."""


def add_officer(
    session: Session, name: str = "Rina Wulandari", *, is_outside: bool = False
) -> Duty:
    """Add an enrolled officer who is at work."""
    identity, instance = Identity.generate(), find_instance_id(session)
    person_id = secrets.token_bytes(16)
    nothing = SeenCounts().lock(identity, holder=person_id, instance=instance)
    officer = Person(
        id=person_id,
        name=name,
        login_name=fold_name(name),
        position="Auditor",
        unit="Inspektorat" if is_outside else "Sekretariat",
        is_outside=is_outside,
        added_on=TODAY,
        recipient=bytes(identity.recipient),
        seen_counts=nothing,
    )
    with transaction(session):
        session.add(officer)
    return Duty(officer, identity, instance)


def make_shares(
    session: Session, need: int = 2, of: int = 3, today: dt.date = TODAY
) -> list[RecoveryShare]:
    """Hold a ceremony; return the papers."""
    made = Identity.generate()
    recovery.keep_recipient(session, made.recipient, today)
    return [RecoveryShare.parse(one) for one in split(made, need=need, of=of)]


def wrap_for_recovery(session: Session, duty: Duty) -> None:
    """Do for the shares what every login does."""
    with transaction(session):
        recovery.keep_wrap(session, duty.person, duty.identity)


def add_custodian(session: Session, name: str = "Sri Lestari, S.H.") -> Duty:
    """Add an enrolled custodian who is at work."""
    duty = add_officer(session, name)
    with transaction(session):
        duty.person.is_officer, duty.person.is_custodian = False, True
        duty.person.unit = "Inspektorat Daerah"
    return duty


def duty_of(session: Session, name: str, cost: Cost = CHEAPEST) -> Duty:
    """Return somebody of the web tests at work: the passphrase opens the identity."""
    session.rollback()
    person = session.scalars(select(Person).where(Person.name == name)).one()
    instance = find_instance_id(session)
    identity = LockedIdentity(person.locked_identity or b"").unlock(
        PASSPHRASE, holder=person.id, instance=instance, cost=cost
    )
    return Duty(person, identity, instance)


def recuse_alone(session: Session, code: CaseCode, duty: Duty, gate: Key) -> None:
    """Let the only reader of a case leave it: it comes to the custodians."""
    readers.recuse(
        session,
        for_officer(session, code, duty),
        duty,
        duty.person.id,
        reason="Saya terkait dengan unit itu.",
        seen="",
        gate=gate,
        today=TODAY,
    )


def hear_keys(session: Session) -> None:
    """Let an officer have heard how every new key ends."""
    heard = bytes(15) + b"\x01"
    with transaction(session):
        session.execute(update(KeyHandOver).values(reached=heard, is_done=True))


def gate_of(session: Session) -> Key:
    """Return the gate secret of the tests."""
    return Key(bytes(range(32)), find_instance_id(session))


def a_report(what: str = "Ada pungutan di loket tiga.", **answers: str) -> Report:
    return Report(category=answers.pop("category", "PUNGLI"), what=what, **answers)


def form_token(session: Session, now: int = TEN_O_CLOCK) -> FormToken:
    return FormToken.issue(Key(bytes(32), find_instance_id(session)), now)


def hand_in(
    session: Session,
    *readers: Duty,
    others: tuple[Duty, ...] = (),
    reasons: tuple[ShutOut, ...] = (),
    report: Report | None = None,
    form: FormToken | None = None,
    severity: int = 3,
    today: dt.date = TODAY,
    at_once: bool = True,
    taken_by: Duty | None = None,
    received: Sequence[ReceivedFile] = (),
    entry: Entry = A_REPORT,
) -> CaseCode:
    """Hand in a report that *readers* may read and *others* may not."""
    handed_in = hand_ins.hand_in(
        session,
        report or a_report(),
        Readers(
            tuple(duty.person for duty in readers),
            tuple(duty.person for duty in others),
            list_custodians(session),
            reasons,
        ),
        severity=severity,
        form=form or form_token(session),
        browser=Browser(Cookie.generate(), Visit(ends_at=TEN_O_CLOCK)),
        instance=find_instance_id(session),
        gate=gate_of(session),
        rules=RULES,
        today=today,
        minute=TEN_O_CLOCK // 60,
        at_once=at_once,
        taken_by=taken_by,
        received=received,
        entry=entry,
    )
    return handed_in.code


def for_reporter(session: Session, code: CaseCode) -> ReporterCase:
    """Open a case with its code."""
    instance = find_instance_id(session)
    found = cases.find_by_locator(session, code.locator(instance))
    return cases.find_for_reporter(session, found.id, code.key(instance), instance)


def for_officer(session: Session, code: CaseCode, duty: Duty) -> OfficerCase:
    """Open the same case as an officer."""
    found = cases.find_by_locator(session, code.locator(duty.instance))
    return cases.find_for_officer(session, found.id, duty)


def a_move(to: str) -> Move:
    """Return a step with everything that any step may need."""
    outcome = Outcome.PROVEN_COACHING if to == "closed" else None
    return Move(CaseStatus(to), "Sumber dilindungi.", "Terima kasih.", outcome)


def move(
    session: Session,
    code: CaseCode,
    duty: Duty,
    step: Move | str,
    *,
    seen: str = "",
    today: dt.date = TODAY,
) -> None:
    """Lead a case one step on."""
    acts.move(
        session,
        for_officer(session, code, duty),
        duty,
        a_move(step) if isinstance(step, str) else step,
        seen=seen,
        rules=RULES,
        retention=RETENTION,
        gate=gate_of(session),
        today=today,
    )


def case_in(session: Session, duty: Duty, status: CaseStatus) -> CaseCode:
    """Hand in a report and bring its case into *status*."""
    code = hand_in(session, duty)
    if status is CaseStatus.WITHDRAWN:
        withdraw(session, code)
    for step in WAY_TO.get(status, ()):
        move(session, code, duty, step)
    return code


def shredder_of(session: Session) -> Shredder:
    """Return what destroys cases of the tests' installation."""
    bind = session.get_bind()
    instance = Path(bind.engine.url.database).parent
    return Shredder(ObjectStore(instance / OBJECTS_FOLDER), instance)


def withdraw(
    session: Session,
    code: CaseCode,
    *,
    was_demanded: bool = False,
    today: dt.date = TODAY,
) -> None:
    """Let the reporter withdraw a report."""
    withdrawals.withdraw(
        *(session, for_reporter(session, code), RULES, RETENTION, today),
        gate=gate_of(session),
        was_demanded=was_demanded,
    )


def the_case(session: Session, code: CaseCode) -> Case:
    """Return the row as it is now."""
    session.rollback()
    session.expire_all()
    return cases.find_by_locator(session, code.locator(find_instance_id(session)))


def acts_on_record(session: Session) -> list[str]:
    """Return what the audit record holds, oldest first."""
    session.rollback()
    query = select(AuditEntry.act).order_by(AuditEntry.number)
    return list(session.scalars(query))


def dump(session: Session, *left_out: str) -> dict[str, list[str]]:
    """Return every row of every table, as text, but for the tables *left_out*."""
    session.rollback()
    return {
        table.name: sorted(map(repr, session.execute(select(table)).all()))
        for table in Base.metadata.sorted_tables
        if table.name not in left_out
    }


def empty(session: Session, table: str) -> None:
    """Delete every row of a table."""
    with transaction(session):
        session.execute(delete(Base.metadata.tables[table]))


def store_of(session: Session) -> ObjectStore:
    """Return the store beside a test's database."""
    database = session.get_bind().url.database  # type: ignore[union-attr]  # an Engine
    return ObjectStore(Path(database).parent / "objects")


def receive_file(
    session: Session,
    content: bytes = b"%PDF-1.7 planted words",
    *,
    name: str = "bukti.pdf",
    kind: FileKind = FileKind.PDF,
    findings: frozenset[Finding] = frozenset({Finding.CLEANED}),
    preview: bytes = b"",
) -> ReceivedFile:
    """Receive a file as if a form had brought it, cleaned."""
    writer = FileWriter(store_of(session), preview)
    writer.write(content)
    writer.finish(TODAY)
    file = AttachedFile(
        *(writer.object_id, writer.key, writer.length, name, kind, findings),
        has_preview=bool(preview),
    )
    return uploads.keep(session, file, writer.size, find_instance_id(session))
