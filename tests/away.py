"""Custodians who hold a round on a machine of their own."""

import datetime as dt
from collections.abc import Callable
from dataclasses import replace

from builders import TODAY, add_custodian, gate_of, shredder_of
from people import PASSPHRASE
from sqlalchemy import select
from sqlalchemy.orm import Session
from strategies import CHEAPEST

from crypto import (
    Cost,
    FoundAway,
    LockedIdentity,
    RoundAnswer,
    Signed,
    sign,
    unlock_export,
)
from portal import round_answers, round_away, round_exports
from portal.cases import Duty
from portal.database import find_instance_id, transaction
from portal.models import Person, Round
from portal.round_answers import Taken
from portal.round_away import HeldAway
from portal.signing_keys import keep_signing_key


def add_traveller(
    session: Session, name: str = "Sri Lestari", cost: Cost = CHEAPEST
) -> Duty:
    """Add a custodian who has a passphrase, and has logged in."""
    return equip(session, add_custodian(session, name), cost)


def equip(session: Session, duty: Duty, cost: Cost = CHEAPEST) -> Duty:
    """Let a custodian have a passphrase, and have logged in."""
    who = {"holder": duty.person.id, "instance": duty.instance}
    locked = LockedIdentity.lock(duty.identity, PASSPHRASE, **who, cost=cost)
    with transaction(session):
        person = session.get_one(Person, duty.person.id, populate_existing=True)
        person.locked_identity = bytes(locked)
        keep_signing_key(person, duty.identity, duty.instance)
    return duty


def export(session: Session, duty: Duty, today: dt.date = TODAY) -> bytes:
    """Carry a round away."""
    session.expire_all()
    return round_exports.export_round(
        session, duty.person.name, gate_of(session), duty.instance, today
    )


def open_away(content: bytes, today: dt.date = TODAY) -> HeldAway:
    """Hold it elsewhere: the file, the passphrase and a clock are all there is."""
    read = round_away.read_export(content, today)
    return round_away.hold_away(read, round_away.unlock(read, PASSPHRASE, CHEAPEST))


def take(session: Session, answer: bytes, today: dt.date = TODAY) -> Taken:
    """Bring it back."""
    session.expire_all()
    return round_answers.take_answer(
        session,
        answer,
        gate=gate_of(session),
        shredder=shredder_of(session),
        instance=find_instance_id(session),
        today=today,
    )


def carry_out(session: Session, answer: bytes) -> bool:
    """Do what an answer says, but for the end of the round."""
    checked = look_at(session, answer)
    return round_answers._act(session, checked, gate_of(session), shredder_of(session))


def end(session: Session, answer: bytes) -> None:
    """End a round whose answer was carried out."""
    checked = look_at(session, answer)
    round_answers._finish(
        session, checked, gate_of(session), find_instance_id(session), TODAY
    )


def look_at(session: Session, answer: bytes) -> round_answers._Checked:
    session.expire_all()
    read, instance = RoundAnswer.parse(answer), find_instance_id(session)
    return round_answers._check(session, read, gate_of(session), instance)


def hold_elsewhere(
    session: Session,
    duty: Duty,
    today: dt.date = TODAY,
    *,
    between: Callable[[], None] = lambda: None,
) -> HeldAway:
    """Hold a whole round elsewhere; *between*: what happens before it comes back."""
    held = open_away(export(session, duty, today), today)
    between()
    take(session, held.answer, today)
    return held


def answer_again(
    session: Session,
    duty: Duty,
    content: bytes,
    change: Callable[[FoundAway], FoundAway] = lambda found: found,
    **place: object,
) -> bytes:
    """Seal and sign an answer once more as *duty*, with something in it changed."""
    answer = RoundAnswer.parse(content)
    row = session.scalars(select(Round).where(Round.number == answer.number)).one()
    answer_to, _digest = unlock_export(
        row.locked or b"",
        gate_of(session),
        number=row.number,
        holder=row.custodian_id,
    )
    found = change(answer.open(answer_to))
    header = {
        "instance": answer.instance,
        "number": answer.number,
        "holder": answer.holder,
        "export": answer.export,
    } | place
    sealed = RoundAnswer.seal(found, duty.identity, answer_to.recipient, **header)
    return bytes(sealed)


def with_line(old: str, new: str) -> Callable[[FoundAway], FoundAway]:
    """Return what puts *new* in place of *old* in a line, signature and all else kept."""
    return lambda found: replace(found, line=found.line.replace(old, new))


def with_signed_line(
    old: str, new: str, duty: Duty
) -> Callable[[FoundAway], FoundAway]:
    """Return what puts *new* in place of *old* in a line, and signs it as *duty*."""

    def change(found: FoundAway) -> FoundAway:
        line = found.line.replace(old, new)
        signed = sign(duty.identity, line.encode(), Signed.LINE, instance=duty.instance)
        return replace(found, line=line, signature=signed)

    return change
