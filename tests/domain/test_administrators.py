"""Two administrators at once: one wins, the other is told, and nobody is lost."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field

import pytest
from builders import TODAY, acts_on_record, add_officer, dump
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from portal.administrators import (
    administrator_ids,
    give_administration,
    take_administration,
)
from portal.database import open_database, transaction
from portal.errors import (
    ChangedBeforeError,
    InvitedBeforeError,
    LastAdministratorError,
    LurusError,
    NoOtherRoleError,
    NoSuchPersonError,
    NotAdministratorError,
    OfficerAndCustodianError,
    RetiredBeforeError,
)
from portal.invitations import find_invited, invite, renew, withdraw
from portal.models import Person
from portal.people import find_person, retire
from portal.roles import Role
from portal.settings import Settings

OFFICER_TOO = frozenset({Role.OFFICER, Role.ADMINISTRATOR})
ROUNDS = 5


def add_administrator(
    session: Session, name: str = "Budi Santoso", roles: frozenset[Role] = OFFICER_TOO
) -> Person:
    person = add_officer(session, name).person
    with transaction(session):
        person.is_officer = bool(roles & {Role.OFFICER})
        person.is_custodian = Role.CUSTODIAN in roles
        person.is_administrator = Role.ADMINISTRATOR in roles
    return person


def invite_by(session: Session, by: Person | None, name: str, *roles: Role) -> str:
    return invite(
        session,
        name,
        position="",
        unit="",
        roles=frozenset(roles),
        today=TODAY,
        by=by,
    )


@dataclass
class Meeting:
    """Acts that begin in one instant, each with a connection of its own."""

    settings: Settings
    refused: list[type[LurusError]] = field(default_factory=list)
    done: int = 0

    def hold(self, *acts: Callable[[Session], object]) -> None:
        start = threading.Barrier(len(acts))
        # A worker each, as two processes have: their lines of writers are apart.
        databases = [open_database(self.settings.instance) for _ in acts]
        threads = [
            threading.Thread(target=self._act, args=(act, database.sessions, start))
            for act, database in zip(acts, databases, strict=True)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        for database in databases:
            database.engine.dispose()

    def _act(
        self,
        act: Callable[[Session], object],
        sessions: Callable[[], Session],
        start: threading.Barrier,
    ) -> None:
        with sessions() as session:
            # Both have read everybody before either acts, as their pages did.
            everybody = session.scalars(select(Person)).all()
            start.wait()
            try:
                act(session)
            except LurusError as error:
                self.refused.append(type(error))
            else:
                self.done += 1
            assert everybody


def by(name: str) -> Callable[[Session], Person]:
    return lambda session: session.scalars(
        select(Person).where(Person.name == name)
    ).one()


@pytest.mark.parametrize("round_", range(ROUNDS))
def test_both_retire_the_same_person(
    session: Session, settings: Settings, round_: int
) -> None:
    for name in ("Budi Santoso", "Ratna Sari"):
        add_administrator(session, name)
    add_officer(session, "Joko Prasetyo")
    meeting = Meeting(settings)

    meeting.hold(
        lambda s: retire(s, "Joko Prasetyo", TODAY, by=by("Budi Santoso")(s)),
        lambda s: retire(s, "Joko Prasetyo", TODAY, by=by("Ratna Sari")(s)),
    )

    assert (meeting.done, meeting.refused) == (1, [RetiredBeforeError])
    assert acts_on_record(session).count("retired") == 1


@pytest.mark.parametrize("round_", range(ROUNDS))
def test_both_invite_the_same_name(
    session: Session, settings: Settings, round_: int
) -> None:
    for name in ("Budi Santoso", "Ratna Sari"):
        add_administrator(session, name)
    tokens: list[str] = []
    meeting = Meeting(settings)

    meeting.hold(
        *(
            lambda s, name=name: tokens.append(
                invite_by(s, by(name)(s), "Siti Aminah", Role.OFFICER)
            )
            for name in ("Budi Santoso", "Ratna Sari")
        )
    )

    assert (meeting.done, meeting.refused) == (1, [InvitedBeforeError])
    assert find_invited(session, tokens[0], TODAY).name == "Siti Aminah"
    assert acts_on_record(session) == ["invited"]


@pytest.mark.parametrize("round_", range(ROUNDS))
def test_each_takes_the_others_role_and_one_keeps_it(
    session: Session, settings: Settings, round_: int
) -> None:
    budi = add_administrator(session).id
    ratna = add_administrator(session, "Ratna Sari").id
    meeting = Meeting(settings)

    meeting.hold(
        lambda s: take_administration(s, ratna, by("Budi Santoso")(s), TODAY),
        lambda s: take_administration(s, budi, by("Ratna Sari")(s), TODAY),
    )

    session.rollback()
    assert (meeting.done, meeting.refused) == (1, [NotAdministratorError])
    assert len(administrator_ids(session)) == 1


@pytest.mark.parametrize("round_", range(ROUNDS))
def test_both_leave_and_one_stays(
    session: Session, settings: Settings, round_: int
) -> None:
    only = frozenset({Role.ADMINISTRATOR})
    for name in ("Budi Santoso", "Ratna Sari"):
        add_administrator(session, name, only)
    meeting = Meeting(settings)

    meeting.hold(
        *(
            lambda s, name=name: retire(s, name, TODAY, by=by(name)(s))
            for name in ("Budi Santoso", "Ratna Sari")
        )
    )

    session.rollback()
    assert (meeting.done, meeting.refused) == (1, [LastAdministratorError])
    assert len(administrator_ids(session)) == 1


@pytest.mark.parametrize("round_", range(ROUNDS))
def test_one_gives_the_role_while_the_other_lets_the_person_retire(
    session: Session, settings: Settings, round_: int
) -> None:
    for name in ("Budi Santoso", "Ratna Sari"):
        add_administrator(session, name)
    joko = add_officer(session, "Joko Prasetyo").person.id
    meeting = Meeting(settings)

    meeting.hold(
        lambda s: give_administration(s, joko, by("Budi Santoso")(s), TODAY),
        lambda s: retire(s, "Joko Prasetyo", TODAY, by=by("Ratna Sari")(s)),
    )

    session.rollback()
    assert find_person(session, "Joko Prasetyo").retired_on == TODAY
    assert joko not in administrator_ids(session)
    assert meeting.refused in ([], [NoSuchPersonError])


def test_who_is_no_administrator_any_more_does_nothing(session: Session) -> None:
    budi = add_administrator(session)
    add_administrator(session, "Ratna Sari")
    joko = add_officer(session, "Joko Prasetyo").person.id
    token = invite_by(session, None, "Siti Aminah", Role.OFFICER)
    siti = find_invited(session, token, TODAY).id
    with transaction(session):
        session.execute(
            text("UPDATE people SET is_administrator = 0 WHERE id = :id"),
            {"id": budi.id},
        )
    before = dump(session)

    for act in (
        lambda: invite_by(session, budi, "Dewi", Role.OFFICER),
        lambda: renew(session, siti, TODAY, by=budi),
        lambda: withdraw(session, siti, TODAY, by=budi),
        lambda: retire(session, "Joko Prasetyo", TODAY, by=budi),
        lambda: give_administration(session, joko, budi, TODAY),
        lambda: take_administration(session, budi.id, budi, TODAY),
    ):
        with pytest.raises(NotAdministratorError):
            act()

    assert dump(session) == before


def test_an_operator_may_let_the_only_officer_role_go_while_there_is_no_administrator(
    session: Session,
) -> None:
    add_officer(session, "Joko Prasetyo"), add_officer(session, "Rina Wulandari")

    retire(session, "Joko Prasetyo", TODAY)

    assert acts_on_record(session) == ["retired"]


def test_the_last_administrator_stays_for_an_operator_too(session: Session) -> None:
    add_officer(session, "Joko Prasetyo")
    add_administrator(session)

    with pytest.raises(LastAdministratorError):
        retire(session, "Budi Santoso", TODAY)


def test_an_invited_administrator_is_none_yet(session: Session) -> None:
    budi = add_administrator(session)
    add_officer(session, "Joko Prasetyo")
    invite_by(session, budi, "Ratna Sari", Role.ADMINISTRATOR)

    with pytest.raises(LastAdministratorError):
        retire(session, "Budi Santoso", TODAY, by=budi)


def test_the_role_of_who_is_nothing_else_is_not_taken(session: Session) -> None:
    budi = add_administrator(session)
    only = add_administrator(session, "Ratna Sari", frozenset({Role.ADMINISTRATOR}))

    with pytest.raises(NoOtherRoleError):
        take_administration(session, only.id, budi, TODAY)
    with pytest.raises(ChangedBeforeError):
        give_administration(session, only.id, budi, TODAY)


@pytest.mark.parametrize("role", [Role.OFFICER, Role.OUTSIDE_OFFICER])
def test_nobody_is_officer_and_custodian_whoever_asks(
    session: Session, role: Role
) -> None:
    budi = add_administrator(session)
    before = dump(session)

    for who in (None, budi):
        with pytest.raises(OfficerAndCustodianError):
            invite_by(session, who, "Sri Lestari", role, Role.CUSTODIAN)
    with pytest.raises(IntegrityError), transaction(session):
        session.execute(text("UPDATE people SET is_custodian = 1"))

    assert dump(session) == before


def test_an_operator_may_replace_an_open_invitation_and_an_old_one_anybody(
    session: Session,
) -> None:
    budi = add_administrator(session)
    first = invite_by(session, None, "Siti Aminah", Role.OFFICER)
    with pytest.raises(InvitedBeforeError):
        invite_by(session, budi, "Siti Aminah", Role.CUSTODIAN)

    again = invite_by(session, None, "Siti Aminah", Role.CUSTODIAN)

    assert first != again
    assert find_invited(session, again, TODAY).roles == {Role.CUSTODIAN}
