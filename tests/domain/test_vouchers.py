"""Slips: each good once, whoever holds it; a batch is voided together."""

import secrets
import threading
from collections.abc import Callable, Iterator

import pytest
from attackers import Loot
from builders import TODAY, acts_on_record, dump
from sqlalchemy import select
from sqlalchemy.orm import Session

from crypto import Slip
from portal.audit import OPERATOR
from portal.database import find_instance_id, open_database
from portal.errors import NoSuchBatchError, NoSuchSlipError
from portal.models import AuditEntry, Voucher
from portal.settings import Settings
from portal.vouchers import (
    SLIPS_A_SHEET,
    Batch,
    BurntSlip,
    burn,
    find_batch,
    list_batches,
    print_slips,
    put_back,
    void_batch,
)


def left(session: Session) -> int:
    session.rollback()
    return len(session.scalars(select(Voucher.id)).all())


def is_good(session: Session, slip: Slip) -> bool:
    try:
        burn(session, slip)
    except NoSuchSlipError:
        return False
    return True


def test_a_slip_is_good_once(session: Session) -> None:
    printed = print_slips(session, 3, TODAY)

    first = is_good(session, printed.slips[1])
    again = is_good(session, printed.slips[1])

    assert (first, again, left(session)) == (True, False, 2)


def test_unknown_used_and_voided_are_refused_alike(session: Session) -> None:
    used, voided = print_slips(session, 2, TODAY), print_slips(session, 2, TODAY)
    burn(session, used.slips[0])
    void_batch(session, voided.batch, TODAY)
    refused = [Slip.generate(), used.slips[0], voided.slips[0]]

    sentences = set()
    for slip in refused:  # one verdict for all
        with pytest.raises(NoSuchSlipError) as caught:
            burn(session, slip)
        sentences.add(str(caught.value))

    assert len(sentences) == 1


def test_two_who_use_one_slip_at_the_same_instant_get_one(
    session: Session, settings: Settings
) -> None:
    slips = print_slips(session, 25, TODAY).slips
    together = threading.Barrier(8)

    wins = [race(settings, together, slip) for slip in slips]

    assert wins == [1] * 25
    assert left(session) == 0


def race(settings: Settings, together: threading.Barrier, slip: Slip) -> int:
    """Let eight, of two workers, use *slip* at once; return how many could."""
    workers = [open_database(settings.instance) for _ in range(2)]
    won: list[bool] = []

    def use(number: int) -> None:
        with workers[number % 2].sessions() as own:
            together.wait()
            won.append(is_good(own, slip))

    threads = [threading.Thread(target=use, args=(number,)) for number in range(8)]
    _ = [thread.start() for thread in threads]
    _ = [thread.join() for thread in threads]
    for worker in workers:
        worker.engine.dispose()
    assert len(won) == 8
    return sum(won)


def test_what_failed_behind_it_gives_the_slip_back(session: Session) -> None:
    slip = print_slips(session, 2, TODAY).slips[0]
    before = dump(session)

    put_back(session, burn(session, slip))

    assert dump(session) == before
    assert is_good(session, slip)


def test_a_slip_of_a_batch_that_was_voided_meanwhile_is_not_put_back(
    session: Session,
) -> None:
    printed = print_slips(session, 5, TODAY)
    burnt = burn(session, printed.slips[0])
    void_batch(session, printed.batch, TODAY)

    put_back(session, burnt)

    assert left(session) == 0


def test_a_burnt_slip_says_which_one_and_of_which_batch(session: Session) -> None:
    printed = print_slips(session, 1, TODAY)
    instance = find_instance_id(session)

    burnt = burn(session, printed.slips[0])

    assert burnt == BurntSlip(printed.slips[0].id(instance), printed.batch)


def test_a_lost_batch_is_voided_and_no_other(session: Session) -> None:
    lost, kept = print_slips(session, 30, TODAY), print_slips(session, 30, TODAY)

    void_batch(session, f" {lost.batch[:3].lower()}-{lost.batch[3:]} ", TODAY)

    assert list_batches(session) == (Batch(kept.batch, 48),)
    assert not is_good(session, lost.slips[3])
    assert is_good(session, kept.slips[3])


@pytest.mark.parametrize("typed", ["", "7K2M4Q", "%", "______", "é\ud800"])
def test_a_batch_that_is_not_there_cannot_be_voided(
    session: Session, typed: str
) -> None:
    print_slips(session, 3, TODAY)
    before = dump(session)

    with pytest.raises(NoSuchBatchError):
        void_batch(session, typed, TODAY)

    assert dump(session) == before


def test_nobody_sees_a_single_slip_go(session: Session) -> None:
    printed = print_slips(session, 2 * SLIPS_A_SHEET, TODAY)
    seen = list_batches(session)

    told = [told_after(session, slip) for slip in printed.slips[:SLIPS_A_SHEET]]

    assert told[:-1] == [seen] * (SLIPS_A_SHEET - 1)
    assert told[-1] == (Batch(printed.batch, SLIPS_A_SHEET),)


def told_after(session: Session, slip: Slip) -> tuple[Batch, ...]:
    burn(session, slip)
    return list_batches(session)


def test_a_batch_that_is_used_up_is_listed_no_more(session: Session) -> None:
    printed = print_slips(session, 1, TODAY)
    assert find_batch(session, printed.batch).at_most == SLIPS_A_SHEET

    burn(session, printed.slips[0])

    with pytest.raises(NoSuchBatchError):
        find_batch(session, printed.batch)
    assert list_batches(session) == ()


def test_the_record_knows_batch_and_count_and_no_slip(session: Session) -> None:
    printed = print_slips(session, 7, TODAY)
    burn(session, printed.slips[0])
    void_batch(session, printed.batch, TODAY)

    entries = session.scalars(select(AuditEntry).order_by(AuditEntry.number)).all()

    about = [(one.actor, one.act, one.concerns) for one in entries[-2:]]
    assert about == [
        (OPERATOR, "slips printed", f"{printed.batch}: 7"),
        (OPERATOR, "slips voided", printed.batch),
    ]


def test_using_a_slip_leaves_no_entry(session: Session) -> None:
    slip = print_slips(session, 2, TODAY).slips[0]
    before = acts_on_record(session)

    burn(session, slip)

    assert acts_on_record(session) == before


def test_who_takes_the_database_can_print_no_slip(
    session: Session, settings: Settings
) -> None:
    slips = print_slips(session, 3, TODAY).slips

    rows = repr(Loot.of(settings.instance).tables)

    assert not any(part in rows for slip in slips for part in slip.reveal().split("-"))


def test_a_name_that_is_taken_is_drawn_again(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = print_slips(session, 1, TODAY)
    again = drawing(int(base32_value(first.batch)), 5)
    monkeypatch.setattr("portal.vouchers.secrets.randbits", again)

    second = print_slips(session, 1, TODAY)

    assert second.batch == "000005"


def base32_value(name: str) -> int:
    from crypto import base32

    return base32.decode(name)


def drawing(*numbers: int) -> Callable[[int], int]:
    """Draw these numbers for names, and what comes for slips."""
    drawn: Iterator[int] = iter(numbers)
    random = secrets.SystemRandom()
    return lambda bits: next(drawn) if bits == 30 else random.getrandbits(bits)
