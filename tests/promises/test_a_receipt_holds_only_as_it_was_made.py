"""Promise: a receipt shows the steps that its reporter chose, to anybody, and only as it
was made; whoever has the database makes none.
"""

import base64
import json
from dataclasses import dataclass

import pytest
import receipt_reader
from builders import TODAY, add_custodian, add_officer, for_reporter, hand_in, move
from receipt_judges import ONE_FILE
from sqlalchemy import update
from sqlalchemy.orm import Session
from trails import DAY, pass_days

from crypto import BrokenError, CaseCode
from crypto.receipt import Receipt
from crypto.receipt_check import check_leaves, check_receipt
from portal.acts import Move
from portal.cases import Duty, read_steps
from portal.cosigning import cosign_newest
from portal.database import find_instance_id, transaction
from portal.errors import NothingInTrailError, UnsoundTrailError
from portal.ledger import list_leaves, newest_tree
from portal.models import LedgerNode, Message
from portal.public_trail import read_case_trail
from portal.receipts import Choice, make_receipt
from portal.statuses import CaseStatus

ACKNOWLEDGED, VERIFIED, ASSESSED = (
    Move(CaseStatus(word)) for word in ("acknowledged", "verified", "assessed")
)


@dataclass(frozen=True)
class Town:
    """A case, and a custodian who has cosigned some of the trail."""

    code: CaseCode
    officer: Duty
    custodian: Duty


def build(session: Session) -> Town:
    """Received on the first day, acknowledged on the second, verified on the fourth."""
    officer, custodian = add_officer(session), add_custodian(session)
    code = hand_in(session, officer)
    pass_days(session, 1)
    move(session, code, officer, ACKNOWLEDGED, today=TODAY + DAY)
    pass_days(session, 2, TODAY + DAY)
    with transaction(session):
        assert cosign_newest(session, custodian, TODAY + 3 * DAY)
    move(session, code, officer, VERIFIED, today=TODAY + 3 * DAY)
    pass_days(session, 2, TODAY + 3 * DAY)
    return Town(code, officer, custodian)


def receipt_of(session: Session, code: CaseCode, choice: Choice) -> bytes:
    session.rollback()
    opened, instance = for_reporter(session, code), find_instance_id(session)
    steps = read_steps(session, opened.case.id)
    place = (session, opened.case.id, steps, opened.key, TODAY + 5 * DAY)
    return make_receipt(session, opened, read_case_trail(*place), choice, instance)


def chosen(*numbers: int, **options: bool) -> Choice:
    return Choice(frozenset(numbers), **options)


def trail_of(session: Session) -> list[bytes]:
    return list_leaves(session, 0, newest_tree(session).size)


def test_anybody_can_check_what_the_reporter_shows(session: Session) -> None:
    town = build(session)

    written = receipt_of(session, town.code, chosen(0, 2, with_text=True))

    verdict = check_receipt(Receipt.parse(written))
    assert [(one.number, one.kind.word, one.day) for one in verdict.steps] == [
        (0, "received", TODAY),
        (2, "verified", TODAY + 3 * DAY),
    ]
    assert [one.is_cosigned for one in verdict.steps] == [True, False]
    assert "pungutan" in (verdict.steps[0].text or "")
    assert receipt_reader.judge(written) == receipt_reader.HOLDS
    assert "holds" in next(ONE_FILE.check(written))


def test_it_names_nobody_and_nothing_that_was_not_chosen(session: Session) -> None:
    town = build(session)

    written = receipt_of(session, town.code, chosen(0)).decode()

    opened = for_reporter(session, town.code)
    others = receipt_of(session, town.code, chosen(1, 2)).decode()
    hidden = [one["leaf"] for one in json.loads(others)["steps"]]
    secrets = [opened.case.id, opened.key.reveal(), find_instance_id(session)]
    secrets += [town.officer.person.id, town.custodian.person.id]
    for secret in secrets:
        assert secret.hex() not in written
        assert base64.b64encode(secret).decode() not in written
    for word in (*hidden, "pungutan", "Rina", "Lestari", town.code.reveal()[:9]):
        assert word not in written


def test_silence_shows_and_a_hidden_step_ends_it(session: Session) -> None:
    town = build(session)

    written = receipt_of(session, town.code, chosen(is_silence=True))

    leaves = trail_of(session)
    assert len(check_receipt(Receipt.parse(written)).steps) == 3
    check_leaves(Receipt.parse(written), leaves)
    assert receipt_reader.judge(written, leaves=leaves) == receipt_reader.HOLDS
    assert "No other step" in list(ONE_FILE.check(written, leaves=leaves))[-1]
    move(session, town.code, town.officer, ASSESSED, today=TODAY + 5 * DAY)
    pass_days(session, 1, TODAY + 5 * DAY)
    later = receipt_of(session, town.code, chosen(is_silence=True))
    fields = json.loads(later)
    del fields["steps"][-1]
    short = json.dumps(fields, indent=1, sort_keys=True).encode()
    short += b" " * (-(len(short) + 1) % 32768) + b"\n"
    words = receipt_reader.judge(short, leaves=trail_of(session))
    assert words == "hidden"
    with pytest.raises(BrokenError, match="hidden 3 assessed"):
        check_leaves(Receipt.parse(short), trail_of(session))


def test_two_cases_cannot_be_told_to_be_one(session: Session) -> None:
    """A step of another case, put in whole, does not fit its thread."""
    town = build(session)
    other = hand_in(session, town.officer, today=TODAY + 4 * DAY)
    pass_days(session, 1, TODAY + 5 * DAY)
    fields = json.loads(receipt_of(session, town.code, chosen(1)))
    strange = json.loads(receipt_of(session, other, chosen(0)))
    fields["steps"].insert(0, {**strange["steps"][0], "checkpoint": 0})

    written = json.dumps(fields, indent=1, sort_keys=True).encode()
    written += b" " * (-(len(written) + 1) % 32768) + b"\n"

    assert receipt_reader.judge(written) == "leaf"
    with pytest.raises(BrokenError, match="leaf 0"):
        Receipt.parse(written)


def test_what_was_replaced_since_is_not_shown_as_written(session: Session) -> None:
    """The thread's first text is another now: its opening would not hold."""
    town = build(session)
    strange = hand_in(session, town.officer)
    texts = [
        session.get_one(Message, (for_reporter(session, code).case.id, "thread", 0))
        for code in (town.code, strange)
    ]
    session.expunge_all()
    with transaction(session):
        place = Message.case_id == texts[0].case_id
        session.execute(update(Message).where(place).values(envelope=texts[1].envelope))

    with pytest.raises(BrokenError):
        receipt_of(session, town.code, chosen(0, with_text=True))
    without = receipt_of(session, town.code, chosen(0))
    assert receipt_reader.judge(without) == receipt_reader.HOLDS


def test_of_steps_that_wait_there_is_no_receipt(session: Session) -> None:
    town = build(session)
    move(session, town.code, town.officer, ASSESSED, today=TODAY + 5 * DAY)

    with pytest.raises(NothingInTrailError):
        receipt_of(session, town.code, chosen(3))
    with pytest.raises(NothingInTrailError):
        receipt_of(session, town.code, chosen(99))
    verdict = receipt_of(session, town.code, chosen(is_silence=True))
    assert len(json.loads(verdict)["steps"]) == 3


def test_nobody_is_given_a_receipt_that_does_not_hold(session: Session) -> None:
    town = build(session)
    with transaction(session):
        session.execute(update(LedgerNode).values(hash=bytes(32)))

    with pytest.raises(UnsoundTrailError):
        receipt_of(session, town.code, chosen(0, 1))
