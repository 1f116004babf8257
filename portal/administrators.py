"""Administrators: who keeps accounts, settings and the record; none opens a case.

Once there is one, one stays: who would let the others in again?
"""

import datetime as dt

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal import audit, sessions
from portal.audit import AuditAction
from portal.database import transaction
from portal.errors import (
    ChangedBeforeError,
    EvaluatorAloneError,
    LastAdministratorError,
    NoOtherRoleError,
    NoSuchPersonError,
    NotAdministratorError,
)
from portal.models import Person
from portal.roles import Role


def give_administration(
    session: Session, person_id: bytes, by: Person, today: dt.date
) -> None:
    """Make somebody who works here an administrator too; all their sessions end.

    Raises:
        NotAdministratorError: *by* is none any more.
        NoSuchPersonError: nobody at work has that id.
        ChangedBeforeError: the role was given before.
        EvaluatorAloneError: who evaluates is nothing else.
    """
    with transaction(session):
        check_administrator(session, by)
        person = _at_work(session, person_id)
        if person.is_evaluator:
            raise EvaluatorAloneError
        if person.is_administrator:
            raise ChangedBeforeError
        person.is_administrator = True
        sessions.end_all(session, person.id)
        audit.record(session, by.name, AuditAction.GIVEN, today, concerns=person.name)


def take_administration(
    session: Session, person_id: bytes, by: Person, today: dt.date
) -> None:
    """Take the role from an administrator who has another one; all sessions end.

    Raises:
        NotAdministratorError: *by* is none any more.
        NoSuchPersonError: nobody at work has that id.
        ChangedBeforeError: the role was taken before.
        NoOtherRoleError: nothing would be left of the account; let the person retire.
        LastAdministratorError: nobody would be left to keep accounts.
    """
    with transaction(session):
        check_administrator(session, by)
        person = _at_work(session, person_id)
        if not person.is_administrator:
            raise ChangedBeforeError
        check_another_stays(session, person)
        if person.roles == {Role.ADMINISTRATOR}:
            raise NoOtherRoleError
        person.is_administrator = False
        sessions.end_all(session, person.id)
        audit.record(session, by.name, AuditAction.TAKEN, today, concerns=person.name)


def check_administrator(session: Session, by: Person | None) -> None:
    """Look again, inside the transaction of an act, whether *by* may do it.

    Two administrators may have met: the one who is second was let in as what he is
    no more. None: an operator at the machine.

    Raises:
        NotAdministratorError: retired, or without the role by now.
    """
    if by is None:
        return
    session.refresh(by)
    if by.is_retired or not by.is_administrator:
        raise NotAdministratorError


def check_another_stays(session: Session, leaving: Person) -> None:
    """Refuse to lose the last administrator at work; where there is none, none is lost.

    Raises:
        LastAdministratorError: *leaving* is the last.
    """
    if administrator_ids(session) == {leaving.id}:
        raise LastAdministratorError


def administrator_ids(session: Session) -> frozenset[bytes]:
    """Return who is an administrator at work at this moment, by id alone."""
    at_work = Person.recipient.is_not(None) & Person.retired_on.is_(None)
    found = select(Person.id).where(Person.is_administrator, at_work)
    return frozenset(session.scalars(found))


def _at_work(session: Session, person_id: bytes) -> Person:
    # Another request may have changed what this one has read.
    person = session.get(Person, person_id, populate_existing=True)
    if person is None or person.is_retired or person.recipient is None:
        raise NoSuchPersonError
    return person
