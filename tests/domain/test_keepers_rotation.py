"""A custodian's key is changed: whatever was sealed to it opens to the new one alone."""

import datetime as dt

import pytest
from at_custody import AtCustody, escalate
from builders import (
    RULES,
    TODAY,
    a_report,
    add_custodian,
    add_officer,
    dump,
    for_officer,
    for_reporter,
    gate_of,
    hand_in,
    hear_keys,
    move,
    recuse_alone,
    the_case,
    withdraw,
)
from counting import counted, end
from sqlalchemy import select
from sqlalchemy.orm import Session
from strategies import CHEAPEST

from crypto import (
    BrokenError,
    CaseCode,
    Key,
    NoticeKind,
    NotYoursError,
    ReleaseRule,
    Share,
    open_outer,
    signing_key,
    take_gate_off,
)
from portal import custody, key_hand_overs, outers, rotation, troubles
from portal.cases import PURPOSE_OUTER, Duty, find_for_custodian
from portal.database import transaction
from portal.entries import Entry, EntryKind
from portal.logins import PassphraseGate
from portal.models import Person, Wrap
from portal.roster import find_uncompared
from portal.troubles import Telling

GATE = PassphraseGate(CHEAPEST)
NEW = "perahu-kecil-biru-di-teluk"
SUBJECT = "198001012005011001"
HELD = Entry(
    EntryKind.HOLD, ReleaseRule.MATCH_2, TODAY + dt.timedelta(days=90), subject=SUBJECT
)


def begin(session: Session, duty: Duty) -> None:
    rotation.begin(session, duty, NEW, GATE, TODAY)


def wrap_all(session: Session, duty: Duty) -> None:
    for _lot in rotation.wrap_lots(session, duty, gate_of(session)):
        pass


def finished(session: Session, duty: Duty) -> Duty:
    gate = gate_of(session)
    identity = rotation.finish(session, duty, TODAY, gate=gate)
    session.rollback()
    person = session.get_one(Person, duty.person.id, populate_existing=True)
    return Duty(person, identity, duty.instance)


def rotate(session: Session, duty: Duty) -> Duty:
    """Change a custodian's key from beginning to end."""
    begin(session, duty)
    wrap_all(session, duty)
    return finished(session, duty)


def share_of(session: Session, code: CaseCode, keeper: Duty, name: str = "") -> Share:
    """Take the gate off a row of a custodian's and open what is behind."""
    case_id = the_case(session, code).id
    where = (case_id, keeper.person.id, name or PURPOSE_OUTER)
    row = session.get_one(Wrap, where, populate_existing=True)
    place = {"case_id": row.case_id, "holder": row.holder_id}
    # What stands beside begins with the name of what it follows.
    outer = row.wrap[32:] if name else row.wrap
    inner = take_gate_off(outer, gate_of(session), **place)
    return open_outer(inner, keeper.identity, **place)


def purposes(session: Session, keeper: Duty) -> list[str]:
    session.rollback()
    mine = select(Wrap.purpose).where(Wrap.holder_id == keeper.person.id)
    return sorted(session.scalars(mine))


def test_a_held_entry_keeps_its_share_its_rule_and_its_subject(
    session: Session,
) -> None:
    rina, sri = add_officer(session), add_custodian(session)
    code = hand_in(session, rina, entry=HELD)
    before = share_of(session, code, sri)

    new = rotate(session, sri)

    after = share_of(session, code, new)
    assert after.encode() == before.encode()
    assert (after.rule, after.subject) == ("match-2", SUBJECT)
    with pytest.raises(NotYoursError):
        share_of(session, code, sri)


def test_a_dummy_stays_a_dummy(session: Session) -> None:
    rina, sri = add_officer(session), add_custodian(session)
    code = hand_in(session, rina, report=a_report(custodian="no"))

    new = rotate(session, sri)

    with pytest.raises(BrokenError):
        share_of(session, code, new)


def test_the_other_custodian_notices_nothing(session: Session) -> None:
    rina, sri = add_officer(session), add_custodian(session)
    joko = add_custodian(session, "Joko Santoso")
    code = hand_in(session, rina, entry=HELD)
    before = share_of(session, code, joko).encode()

    rotate(session, sri)

    assert share_of(session, code, joko).encode() == before


def test_a_case_that_was_put_before_a_custodian_stays_there(session: Session) -> None:
    rina, sri = add_officer(session), add_custodian(session)
    code = hand_in(session, rina)
    recuse_alone(session, code, rina, gate_of(session))
    case_id = the_case(session, code).id
    custody.inform(session, find_for_custodian(session, case_id, sri), sri, TODAY)

    new = rotate(session, sri)

    assert custody.find_known(session, case_id, new).case.id == case_id
    assert custody.list_cases(session, sri) == ()


def test_notices_are_read_on(session: Session) -> None:
    rina, sri = add_officer(session), add_custodian(session)
    demanded, own_will = hand_in(session, rina), hand_in(session, rina)
    withdraw(session, demanded, was_demanded=True)
    withdraw(session, own_will)
    before = custody.list_notices(session, sri)

    new = rotate(session, sri)

    assert len(before) == 1
    assert custody.list_notices(session, new) == before
    assert custody.list_notices(session, sri) == ()


def test_the_signing_key_follows(session: Session) -> None:
    sri = add_custodian(session)

    new = rotate(session, sri)

    assert new.person.signing_key == signing_key(new.identity, new.instance)
    assert new.person.signing_key != signing_key(sri.identity, sri.instance)


def test_nothing_stands_beside_afterwards(session: Session) -> None:
    rina, sri = add_officer(session), add_custodian(session)
    withdraw(session, hand_in(session, rina))
    recuse_alone(session, hand_in(session, rina), rina, gate_of(session))

    begin(session, sri)
    wrap_all(session, sri)
    during = purposes(session, sri)
    new = finished(session, sri)

    assert during == ["n-notice", "n-open", "n-outer", "notice", "open", "outer"]
    assert purposes(session, new) == ["notice", "open", "outer"]


def test_what_the_clock_opens_meanwhile_opens_with_the_key_that_follows(
    session: Session,
) -> None:
    rina, sri = add_officer(session), add_custodian(session)
    code = hand_in(session, rina)
    begin(session, sri)
    wrap_all(session, sri)

    escalate(session, TODAY + dt.timedelta(days=7))
    during = purposes(session, sri)
    new = finished(session, sri)

    assert during == ["open"]
    assert purposes(session, new) == ["open"]
    assert AtCustody(session, code, new).opened.summary.title


def test_half_way_the_present_key_opens_everything(session: Session) -> None:
    rina, sri = add_officer(session), add_custodian(session)
    codes = [hand_in(session, rina, entry=HELD) for _ in range(2)]
    begin(session, sri)
    rotation.wrap_lot(session, sri, gate_of(session), purpose=PURPOSE_OUTER)

    assert [share_of(session, code, sri).subject for code in codes] == [SUBJECT] * 2
    progress = rotation.find_progress(session, sri)
    assert progress == rotation.Progress(2, 2)


def test_what_came_in_meanwhile_is_wrapped_as_well(session: Session) -> None:
    rina, sri = add_officer(session), add_custodian(session)
    begin(session, sri)
    wrap_all(session, sri)
    code = hand_in(session, rina, entry=HELD)

    new = finished(session, sri)

    assert share_of(session, code, new).subject == SUBJECT


@pytest.mark.parametrize("end", ["closed", "withdrawn"])
def test_a_case_that_ends_meanwhile_leaves_nothing_beside(
    session: Session, end: str
) -> None:
    """What stands beside was made while the case was open, and would open it."""
    rina, sri = add_officer(session), add_custodian(session)
    code = hand_in(session, rina)
    move(session, code, rina, "acknowledged")
    begin(session, sri)
    wrap_all(session, sri)
    assert "n-outer" in purposes(session, sri)

    if end == "closed":
        move(session, code, rina, "closed")
    else:
        withdraw(session, code)

    assert "n-outer" not in purposes(session, sri)
    new = finished(session, sri)
    with pytest.raises(BrokenError):
        share_of(session, code, new)


def test_what_stands_beside_is_behind_the_gate_too(session: Session) -> None:
    rina, sri = add_officer(session), add_custodian(session)
    code = hand_in(session, rina, entry=HELD)
    begin(session, sri)
    wrap_all(session, sri)

    with pytest.raises(NotYoursError):
        share_of(session, code, sri, "n-outer")
    following = finished_identity(session, sri)
    assert share_of(session, code, following, "n-outer").subject == SUBJECT
    row = session.get_one(
        Wrap, (the_case(session, code).id, sri.person.id, "n-outer")
    ).wrap[32:]
    place = {"case_id": the_case(session, code).id, "holder": sri.person.id}
    with pytest.raises((NotYoursError, BrokenError)):
        open_outer(row, following.identity, **place)


def finished_identity(session: Session, duty: Duty) -> Duty:
    """Return who the custodian will be; nothing is finished."""
    person = rotation.find_present(session, duty)
    return Duty(person, rotation._next_identity(person, duty), duty.instance)


def test_an_outer_of_a_lost_gate_is_dropped_and_made_at_the_next_visit(
    session: Session,
) -> None:
    rina, sri = add_officer(session), add_custodian(session)
    code = hand_in(session, rina)
    case_id = the_case(session, code).id
    lost = Key(bytes(31) + b"\x07", sri.instance)
    outers.complete(session, rina, case_id, gate=lost)

    new = rotate(session, sri)

    assert purposes(session, new) == []
    outers.complete(session, rina, case_id, gate=gate_of(session))
    key = for_officer(session, code, rina).key.reveal()
    assert share_of(session, code, new).share == key


def test_a_damaged_row_holds_nothing_up(session: Session) -> None:
    rina, sri = add_officer(session), add_custodian(session)
    codes = [hand_in(session, rina, entry=HELD) for _ in range(2)]
    damaged = the_case(session, codes[0]).id
    with transaction(session):
        row = session.get_one(Wrap, (damaged, sri.person.id, PURPOSE_OUTER))
        row.wrap = row.wrap[:-1] + bytes([row.wrap[-1] ^ 1])

    new = rotate(session, sri)

    assert share_of(session, codes[1], new).subject == SUBJECT


def test_a_key_that_was_heard_stays_heard_and_one_that_was_not_does_not(
    session: Session,
) -> None:
    add_officer(session)
    heard, unheard = add_custodian(session), add_custodian(session, "Joko Santoso")
    with transaction(session):
        key_hand_overs.ask_colleagues(session, heard.person)
    hear_keys(session)
    with transaction(session):
        key_hand_overs.ask_colleagues(session, unheard.person)

    rotate(session, heard)
    rotate(session, unheard)

    assert find_uncompared(session) == {unheard.person.id}


def test_breaking_it_off_leaves_everything_as_it_was(session: Session) -> None:
    rina, sri = add_officer(session), add_custodian(session)
    hand_in(session, rina, entry=HELD)
    before = dump(session, "audit")

    begin(session, sri)
    wrap_all(session, sri)
    rotation.abandon(session, sri, TODAY)

    assert dump(session, "audit") == before


def test_what_a_reporter_gave_and_told_comes_along(session: Session):
    sri, rina = add_custodian(session), add_officer(session)
    hear_keys(session)
    code = hand_in(session, rina)
    move(session, code, rina, "acknowledged")
    telling = Telling(NoticeKind.HUNT, opens=True)
    mine = for_reporter(session, code)
    when = {"rules": RULES, "gate": gate_of(session), "today": TODAY}
    troubles.tell(session, mine, telling, windows=code.windows(), **when)

    sri = rotate(session, sri)

    assert find_for_custodian(session, the_case(session, code).id, sri).is_asked
    (notice,) = custody.list_notices(session, sri)
    assert notice.kind is NoticeKind.HUNT


def test_what_was_counted_comes_along(session: Session):
    sri, rina = add_custodian(session), add_officer(session)
    hear_keys(session)
    end(session, rina)

    sri = rotate(session, sri)

    assert len(counted(session, sri)) == 1
