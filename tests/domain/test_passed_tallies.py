"""What was counted is passed on to custodians who joined later, in a round."""

import pytest
from builders import TODAY, add_custodian, add_officer, gate_of, hear_keys, move
from counting import (
    A_TALLY,
    DUE,
    H2,
    IN_H1,
    count_since,
    counted,
    end,
    keep_made_up,
    kept,
    opened,
    publish,
)
from holds import hold_round, lots
from sqlalchemy import select
from sqlalchemy.orm import Session

from crypto import Identity, Key, NotYoursError, open_tally
from portal import new_keys, passed_tallies, round_reading
from portal.cases import Duty
from portal.database import transaction
from portal.errors import KeyChangedError, UncountedError
from portal.models import KeptTally, KeyHandOver, Person
from portal.people import retire
from portal.periods import Period

LATER = "Wulan Sari"


def comes_later(session: Session) -> tuple[Duty, Duty, Duty]:
    """Let a case end before Wulan comes; return Sri, Rina and Wulan."""
    sri, rina = add_custodian(session), add_officer(session)
    end(session, rina)
    return sri, rina, add_custodian(session, LATER)


def a_new_key(session: Session, duty: Duty) -> Duty:
    """Give a custodian another key, as a one-time link does."""
    identity = Identity.generate()
    with transaction(session):
        person = session.get_one(Person, duty.person.id, populate_existing=True)
        new_keys.forget_old_key(session, person)
        person.recipient = bytes(identity.recipient)
    return Duty(person, identity, duty.instance)


def sealed_to(session: Session, duty: Duty) -> dict[bytes, bytes]:
    return {
        row.id: row.sealed for row in kept(session) if row.holder_id == duty.person.id
    }


def test_the_figures_outlive_the_first_custodian(session: Session) -> None:
    sri, _rina, wulan = comes_later(session)
    count_since(session, TODAY.replace(month=7, day=1))
    with pytest.raises(UncountedError):
        publish(session, wulan)

    hold_round(session, sri)
    retire(session, sri.person.name, TODAY)

    assert counted(session, wulan) == counted(session, sri) != []
    figures = publish(session, wulan)
    assert figures.is_whole
    assert kept(session) == []


def test_who_lost_a_key_gets_again_what_was_counted(session: Session) -> None:
    sri, joko = add_custodian(session), add_custodian(session, "Joko Prasetyo")
    end(session, add_officer(session))
    joko = a_new_key(session, joko)
    hear_keys(session)
    assert opened(session, joko).unread == 1

    hold_round(session, sri)

    assert counted(session, joko) == counted(session, sri) != []


def test_a_lone_custodian_with_another_key_counts_no_less_than_there_is(
    session: Session,
) -> None:
    sri = add_custodian(session)
    end(session, add_officer(session))

    sri = a_new_key(session, sri)

    assert opened(session, sri).unread == 1


def test_nothing_is_passed_on_to_a_key_that_nobody_compared(session: Session) -> None:
    sri, rina, wulan = comes_later(session)
    asks = KeyHandOver(
        giver_id=rina.person.id,
        receiver_id=wulan.person.id,
        reached=bytes(16),
        is_done=False,
    )
    with transaction(session):
        session.add(asks)

    hold_round(session, sri)

    assert sealed_to(session, wulan) == {}


def test_what_does_not_open_is_not_passed_on(session: Session) -> None:
    sri, _rina, wulan = comes_later(session)
    with transaction(session):
        session.scalars(select(KeptTally)).one().period = "2027-H1"
    keep_made_up(session, H2, A_TALLY, gate=Key(bytes(32), sri.instance))
    before = sealed_to(session, wulan)

    hold_round(session, sri)

    assert sealed_to(session, wulan) == before
    assert opened(session, wulan).unread == 2


def test_it_is_passed_on_behind_the_gate_to_one_custodian_and_place(
    session: Session,
) -> None:
    sri, _rina, wulan = comes_later(session)
    hold_round(session, sri)
    ((place, sealed),) = sealed_to(session, wulan).items()
    here = {"tally_id": place, "period": str(H2)}
    gate, hers, other = gate_of(session), wulan.person.id, Key(bytes(32), sri.instance)

    tries = [(sri.identity, gate, hers), (wulan.identity, other, hers)]
    tries.append((wulan.identity, gate, sri.person.id))

    assert len(sealed) == len(sealed_to(session, sri)[place])
    for identity, key, holder in tries:
        with pytest.raises(NotYoursError):
            open_tally(sealed, identity, key, holder=holder, **here)


def test_what_each_has_stays_as_it_is(session: Session) -> None:
    sri, _rina, wulan = comes_later(session)
    hold_round(session, sri)
    before = {(row.id, row.holder_id): row.sealed for row in kept(session)}

    hold_round(session, wulan, TODAY.replace(day=14))

    assert {(row.id, row.holder_id): row.sealed for row in kept(session)} == before


def test_stopped_in_between_it_goes_on_and_comes_to_its_end(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    sri, rina, wulan = comes_later(session)
    end(session, rina)
    keep_made_up(session, H2, A_TALLY)
    monkeypatch.setattr(passed_tallies, "LOT", 1)
    monkeypatch.setattr(round_reading, "LOT", 2)
    gate = gate_of(session)
    with transaction(session):
        for place in list(sealed_to(session, wulan)):
            session.delete(session.get_one(KeptTally, (place, wulan.person.id)))
    others = passed_tallies.list_custodians(session)
    mine = [one for one in others if one.id == wulan.person.id]

    next(passed_tallies.pass_on(session, sri, mine, gate))

    assert len(sealed_to(session, wulan)) == 1
    for _lot in lots(session, sri):
        pass
    assert counted(session, wulan) == counted(session, sri)


def test_a_case_that_ended_anew_meanwhile_is_counted_as_it_ended_last(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    sri, rina = add_custodian(session), add_officer(session)
    code = end(session, rina)
    wulan = add_custodian(session, LATER)
    read = passed_tallies.rest

    def ends_anew(here: Session) -> None:
        read(here)
        for step in ("addressed", "not-actionable"):
            move(session, code, rina, step, today=IN_H1)

    monkeypatch.setattr(passed_tallies, "rest", ends_anew)

    hold_round(session, sri)

    assert {row.period for row in kept(session)} == {str(Period(2027, 1))}
    assert opened(session, wulan).unread == 0


def test_who_gets_another_key_meanwhile_gets_it_in_the_next_round(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    sri, _rina, wulan = comes_later(session)
    read = passed_tallies.rest

    def gets_another_key(here: Session) -> None:
        read(here)
        session.get_one(Person, wulan.person.id).recipient = bytes(
            Identity.generate().recipient
        )
        session.commit()

    monkeypatch.setattr(passed_tallies, "rest", gets_another_key)

    hold_round(session, sri)

    assert sealed_to(session, wulan) == {}


def test_a_session_with_the_key_of_before_passes_nothing_on(session: Session) -> None:
    sri, _rina, wulan = comes_later(session)
    others = passed_tallies.list_custodians(session)
    with transaction(session):
        session.get_one(Person, sri.person.id).retired_on = DUE

    with pytest.raises(KeyChangedError):
        list(passed_tallies.pass_on(session, sri, others, gate_of(session)))

    assert sealed_to(session, wulan) == {}
