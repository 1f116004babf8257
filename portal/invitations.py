"""Invitations: a one-time link with which somebody joins; only its hash is kept."""

import datetime as dt
import hashlib
import secrets

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from portal import audit
from portal.administrators import check_administrator
from portal.audit import OPERATOR, AuditAction
from portal.database import transaction
from portal.errors import (
    EvaluatorAloneError,
    InvitedBeforeError,
    NameTakenError,
    NoSuchInvitationError,
    NoSuchPersonError,
    NotEnrolledError,
    OfficerAndCustodianError,
    RetiredBeforeError,
    TooManyOfficersError,
)
from portal.models import Invitation, Person
from portal.people import fold_name
from portal.reader_sheets import MOST_OFFICERS
from portal.reports import as_seen
from portal.roles import OFFICERS, Role
from portal.roster import list_officers

INVITATION_DAYS = 3
LONGEST_EVALUATION_DAYS = 366
"""An evaluator is let in for so long at most."""

_ID_SIZE = 16


def invite(
    session: Session,
    name: str,
    *,
    position: str,
    unit: str,
    roles: frozenset[Role],
    today: dt.date,
    by: Person | None = None,
    until: dt.date | None = None,
) -> str:
    """Invite a person; return the one-time token, of which only the hash is kept.

    Who has not enrolled yet gets a fresh token, also after it was withdrawn. *by*: the
    administrator who does it, whose colleague may be doing the same: an invitation
    that is open is not replaced unseen. None: an operator at the machine. *until*: the
    last day on which an evaluator is let in; None for anybody else.

    Raises:
        NotAdministratorError: *by* is none any more.
        OfficerAndCustodianError: nobody is both.
        EvaluatorAloneError: an evaluator is nothing else, until a day within a year.
        NameTakenError: somebody enrolled has that name.
        InvitedBeforeError: *by* would replace an invitation that is still open.
        TooManyOfficersError: no more officers fit a reader sheet.
    """
    token = secrets.token_urlsafe(32)
    with transaction(session):
        check_administrator(session, by)
        _check_roles(session, roles, until, today)
        person = _find_to_invite(session, name)
        if by and _is_open(session, person, today):
            raise InvitedBeforeError
        person.name, person.position, person.unit = as_seen(name), position, unit
        _give_roles(person, roles)
        person.added_on, person.retired_on, person.admitted_until = today, None, until
        session.flush()
        _replace_invitation(session, person, token, today)
        _record(session, by, AuditAction.INVITED, person, today)
    return token


def renew(session: Session, person_id: bytes, today: dt.date, *, by: Person) -> str:
    """Give who is invited a fresh token; the link from before opens nothing.

    Raises:
        NotAdministratorError: *by* is none any more.
        NoSuchPersonError: nobody with that id waits for an invitation.
    """
    token = secrets.token_urlsafe(32)
    with transaction(session):
        check_administrator(session, by)
        person = _waiting(session, person_id)
        _replace_invitation(session, person, token, today)
        _record(session, by, AuditAction.RENEWED, person, today)
    return token


def withdraw(session: Session, person_id: bytes, today: dt.date, *, by: Person) -> None:
    """Take an invitation back: its link opens nothing.

    Who has enrolled meanwhile stays: that is a retirement, and asked for as one.

    Raises:
        NotAdministratorError: *by* is none any more.
        NoSuchPersonError: nobody with that id waits for an invitation.
    """
    with transaction(session):
        check_administrator(session, by)
        person = _waiting(session, person_id)
        person.retired_on = today
        session.execute(delete(Invitation).where(Invitation.person_id == person.id))
        _record(session, by, AuditAction.WITHDRAWN, person, today)


def invite_again(
    session: Session, name: str, *, today: dt.date, by: Person | None = None
) -> str:
    """Offer who is enrolled a new key; return the one-time token.

    Nothing changes before it is used. *by*: the administrator who does it; None: an
    operator at the machine.

    Raises:
        NotAdministratorError: *by* is none any more.
        NoSuchPersonError: nobody of that name was ever invited.
        RetiredBeforeError: who has left is invited under another name.
        NotEnrolledError: there is no key yet; invite once more.
    """
    token = secrets.token_urlsafe(32)
    with transaction(session):
        check_administrator(session, by)
        person = _enrolled(session, name)
        _replace_invitation(session, person, token, today)
        _record(session, by, AuditAction.NEW_KEY_OFFERED, person, today)
    return token


def withdraw_key(
    session: Session, name: str, *, today: dt.date, by: Person | None = None
) -> None:
    """Take back the link to a new key: it opens nothing, and the key there is stays.

    Raises:
        NotAdministratorError: *by* is none any more.
        NoSuchPersonError, RetiredBeforeError, NotEnrolledError: as `invite_again`.
    """
    with transaction(session):
        check_administrator(session, by)
        person = _enrolled(session, name)
        session.execute(delete(Invitation).where(Invitation.person_id == person.id))
        _record(session, by, AuditAction.NEW_KEY_WITHDRAWN, person, today)


def find_invited(session: Session, token: str, today: dt.date) -> Person:
    """Return who was invited with *token*.

    Raises:
        NoSuchInvitationError: unknown, used or too old.
    """
    invitation = session.get(Invitation, _token_id(token))
    if invitation is None or invitation.expires_on < today:
        raise NoSuchInvitationError
    return session.get_one(Person, invitation.person_id)


def _check_roles(
    session: Session, roles: frozenset[Role], until: dt.date | None, today: dt.date
) -> None:
    _check_until(roles, until, today)
    if Role.CUSTODIAN in roles and roles & OFFICERS:
        raise OfficerAndCustodianError
    if roles & OFFICERS and len(list_officers(session)) >= MOST_OFFICERS:
        raise TooManyOfficersError


def _check_until(roles: frozenset[Role], until: dt.date | None, today: dt.date) -> None:
    if Role.EVALUATOR not in roles:
        if until is not None:
            raise EvaluatorAloneError
        return
    longest = dt.timedelta(days=LONGEST_EVALUATION_DAYS)
    is_within = until is not None and today <= until <= today + longest
    if roles != {Role.EVALUATOR} or not is_within:
        raise EvaluatorAloneError


def _find_to_invite(session: Session, name: str) -> Person:
    # Another request may have changed what this one has read.
    known = select(Person).where(Person.login_name == fold_name(name))
    person = session.scalar(known.execution_options(populate_existing=True))
    if person and person.recipient:
        raise NameTakenError
    if person is None:
        person = Person(id=secrets.token_bytes(_ID_SIZE), login_name=fold_name(name))
        session.add(person)
    return person


def _waiting(session: Session, person_id: bytes) -> Person:
    person = session.get(Person, person_id, populate_existing=True)
    if person is None or person.recipient or person.is_retired:
        raise NoSuchPersonError
    return person


def _is_open(session: Session, person: Person, today: dt.date) -> bool:
    invited = select(Invitation.expires_on).where(Invitation.person_id == person.id)
    with session.no_autoflush:
        until = session.scalar(invited)
    return until is not None and until >= today


def _enrolled(session: Session, name: str) -> Person:
    named = select(Person).where(Person.login_name == fold_name(name))
    person = session.scalar(named.execution_options(populate_existing=True))
    if person is None:
        raise NoSuchPersonError
    if person.is_retired:
        raise RetiredBeforeError
    if person.recipient is None:
        raise NotEnrolledError
    return person


def _record(
    session: Session,
    by: Person | None,
    act: AuditAction,
    person: Person,
    today: dt.date,
) -> None:
    actor = by.name if by else OPERATOR
    audit.record(session, actor, act, today, concerns=person.name)


def _replace_invitation(
    session: Session, person: Person, token: str, today: dt.date
) -> None:
    session.execute(delete(Invitation).where(Invitation.person_id == person.id))
    session.add(_invitation(token, person.id, today))


def _give_roles(person: Person, roles: frozenset[Role]) -> None:
    person.is_officer = bool(roles & OFFICERS)
    person.is_outside = Role.OUTSIDE_OFFICER in roles
    person.is_custodian = Role.CUSTODIAN in roles
    person.is_administrator = Role.ADMINISTRATOR in roles
    person.is_evaluator = Role.EVALUATOR in roles


def _invitation(token: str, person_id: bytes, today: dt.date) -> Invitation:
    expires_on = today + dt.timedelta(days=INVITATION_DAYS)
    return Invitation(id=_token_id(token), person_id=person_id, expires_on=expires_on)


def _token_id(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()
