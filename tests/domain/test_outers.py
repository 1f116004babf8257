"""Outers: what opens a case to a custodian once its gate is off, and to nobody before."""

import pytest
from builders import (
    TODAY,
    a_report,
    add_custodian,
    add_officer,
    for_officer,
    gate_of,
    hand_in,
    move,
    the_case,
    withdraw,
)
from sqlalchemy import select
from sqlalchemy.exc import NoResultFound
from sqlalchemy.orm import Session

from crypto import (
    OPENED_OUTER_SIZE,
    OUTER_SIZE,
    BrokenError,
    CaseCode,
    Key,
    NotYoursError,
    Share,
    open_outer,
    take_gate_off,
)
from portal import key_hand_overs, outers
from portal.cases import PURPOSE_NOTICE, Duty, find_for_custodian
from portal.database import find_instance_id, transaction
from portal.errors import NoReaderError, NoSuchCaseError, OtherFingerprintError
from portal.models import Step, Wrap
from portal.roster import find_uncompared


def outer_of(session: Session, code: CaseCode, custodian: Duty) -> Wrap:
    case_id = the_case(session, code).id
    rows = select(Wrap).where(
        Wrap.case_id == case_id,
        Wrap.holder_id == custodian.person.id,
        Wrap.purpose != PURPOSE_NOTICE,
    )
    return session.scalars(rows).one()


def share_of(session: Session, code: CaseCode, custodian: Duty) -> Share:
    """Take the gate off and open what is behind, as portal and custodian together."""
    row = outer_of(session, code, custodian)
    place = {"case_id": row.case_id, "holder": row.holder_id}
    inner = take_gate_off(row.wrap, gate_of(session), **place)
    return open_outer(inner, custodian.identity, **place)


def lead_to_custodians(session: Session, code: CaseCode, officer: Duty) -> None:
    opened = for_officer(session, code, officer)
    first = outers.first_envelope(session, opened.case.id)
    with transaction(session):
        outers.open_to_custodians(
            session, opened.key, opened.case.id, first, today=TODAY
        )


def test_gate_and_custodian_together_open_the_case(session: Session) -> None:
    rina, sri = add_officer(session), add_custodian(session)
    code = hand_in(session, rina)

    share = share_of(session, code, sri)

    opened = for_officer(session, code, rina)
    assert share.share == opened.key.reveal()
    assert share.rule == "deadline"
    first = outers.first_envelope(session, opened.case.id)
    assert share.first == outers.digest_of(first)


@pytest.mark.parametrize(
    "report",
    [a_report(custodian="no"), a_report(who_name="Ibu Sri Lestari")],
    ids=["unticked", "named"],
)
def test_a_custodian_whom_the_reporter_wants_out_holds_noise(
    session: Session, report: object
) -> None:
    rina, sri = add_officer(session), add_custodian(session)
    code = hand_in(session, rina, report=report)

    assert len(outer_of(session, code, sri).wrap) == OUTER_SIZE
    with pytest.raises(BrokenError):
        share_of(session, code, sri)


@pytest.mark.parametrize("end", ["closed", "not-actionable"])
def test_a_case_that_is_over_leaves_noise_until_it_is_reopened(
    session: Session, end: str
) -> None:
    rina, sri = add_officer(session), add_custodian(session)
    code = hand_in(session, rina)
    move(session, code, rina, "acknowledged")

    move(session, code, rina, end)
    with pytest.raises(BrokenError):
        share_of(session, code, sri)
    move(session, code, rina, "addressed")

    assert share_of(session, code, sri).share == key_of(session, code, rina)


def test_a_withdrawn_report_leaves_noise(session: Session) -> None:
    rina, sri = add_officer(session), add_custodian(session)
    code = hand_in(session, rina)

    withdraw(session, code)

    with pytest.raises(BrokenError):
        share_of(session, code, sri)


def test_a_custodian_of_the_name_of_an_unticked_officer_holds_noise(
    session: Session,
) -> None:
    rina, budi = add_officer(session), add_officer(session, "Budi Hartono")
    second_self = add_custodian(session, "Budi Hartono, S.H.")

    code = hand_in(session, rina, others=(budi,))

    with pytest.raises(BrokenError):
        share_of(session, code, second_self)


def test_reopening_does_not_call_who_was_unticked(session: Session) -> None:
    rina, sri = add_officer(session), add_custodian(session)
    code = hand_in(session, rina, report=a_report(custodian="no"))

    for step in ("acknowledged", "closed", "addressed"):
        move(session, code, rina, step)

    with pytest.raises(BrokenError):
        share_of(session, code, sri)


def test_who_joins_later_gets_outers_as_officers_open_cases(session: Session) -> None:
    rina = add_officer(session)
    code = hand_in(session, rina)
    sri = add_custodian(session)

    complete(session, code, rina)

    assert share_of(session, code, sri).share == key_of(session, code, rina)


def test_who_joins_later_gets_noise_where_the_reporter_wants_no_custodian(
    session: Session,
) -> None:
    rina = add_officer(session)
    code = hand_in(session, rina, report=a_report(custodian="no"))
    sri = add_custodian(session)

    complete(session, code, rina)

    with pytest.raises(BrokenError):
        share_of(session, code, sri)


def test_a_case_that_lacks_none_is_left_as_it_is(session: Session) -> None:
    rina, sri = add_officer(session), add_custodian(session)
    code = hand_in(session, rina)
    before = outer_of(session, code, sri).wrap

    complete(session, code, rina)

    assert outer_of(session, code, sri).wrap == before


def test_an_officer_who_cannot_read_completes_nothing(session: Session) -> None:
    rina, joko = add_officer(session), add_officer(session, "Joko Prasetyo")
    code = hand_in(session, rina, others=(joko,))
    sri = add_custodian(session)

    complete(session, code, joko)

    with pytest.raises(NoResultFound):
        outer_of(session, code, sri)


def test_outers_of_a_gate_that_was_lost_are_made_anew(session: Session) -> None:
    rina, sri = add_officer(session), add_custodian(session)
    code = hand_in(session, rina)
    case_id = the_case(session, code).id
    lost = Key(bytes(31) + b"\x07", find_instance_id(session))

    outers.complete(session, rina, case_id, gate=lost)

    with pytest.raises(NotYoursError):
        share_of(session, code, sri)


def test_with_the_gate_off_the_custodian_alone_opens(session: Session) -> None:
    rina, sri = add_officer(session), add_custodian(session)
    code = hand_in(session, rina)
    case_id = the_case(session, code).id
    with pytest.raises(NoSuchCaseError):
        find_for_custodian(session, case_id, sri)

    lead_to_custodians(session, code, rina)

    opened = find_for_custodian(session, case_id, sri)
    assert opened.key.reveal() == key_of(session, code, rina)
    assert len(outer_of(session, code, sri).wrap) == OPENED_OUTER_SIZE
    kinds = select(Step.kind).where(Step.case_id == case_id).order_by(Step.number)
    assert list(session.scalars(kinds)) == ["received", "gate-off"]


def test_no_officer_shuts_the_custodian_out_again(session: Session) -> None:
    rina, sri = add_officer(session), add_custodian(session)
    code = hand_in(session, rina)
    lead_to_custodians(session, code, rina)

    for step in ("acknowledged", "closed"):
        move(session, code, rina, step)

    case_id = the_case(session, code).id
    assert find_for_custodian(session, case_id, sri).case.status == "closed"


@pytest.mark.parametrize(
    "report",
    [a_report(custodian="no"), a_report(who_name="Ibu Sri Lestari")],
    ids=["unticked", "named"],
)
def test_no_gate_is_taken_off_against_the_reporter(
    session: Session, report: object
) -> None:
    rina, sri = add_officer(session), add_custodian(session)
    code = hand_in(session, rina, report=report)

    with pytest.raises(NoReaderError):
        lead_to_custodians(session, code, rina)

    with pytest.raises(NoSuchCaseError):
        find_for_custodian(session, the_case(session, code).id, sri)


def test_only_the_custodian_who_is_not_named_gets_the_case(session: Session) -> None:
    rina, sri = add_officer(session), add_custodian(session)
    budi = add_custodian(session, "Budi Hartono")
    code = hand_in(session, rina, report=a_report(who_name="Ibu Sri Lestari"))

    lead_to_custodians(session, code, rina)

    case_id = the_case(session, code).id
    assert find_for_custodian(session, case_id, budi)
    with pytest.raises(NoSuchCaseError):
        find_for_custodian(session, case_id, sri)


def test_an_outer_opens_in_no_other_case_and_for_no_other_custodian(
    session: Session,
) -> None:
    rina, sri = add_officer(session), add_custodian(session)
    budi = add_custodian(session, "Budi Hartono")
    code, other = hand_in(session, rina), hand_in(session, rina)
    mine = outer_of(session, code, sri).wrap

    for there, holder in ((other, sri), (code, budi)):
        with transaction(session):
            outer_of(session, there, holder).wrap = mine
        with pytest.raises(NotYoursError):
            share_of(session, there, holder)


def test_a_case_moved_under_anothers_open_row_does_not_open(session: Session) -> None:
    rina, sri = add_officer(session), add_custodian(session)
    code, other = hand_in(session, rina), hand_in(session, rina)
    for one in (code, other):
        lead_to_custodians(session, one, rina)
    with transaction(session):
        outer_of(session, other, sri).wrap = outer_of(session, code, sri).wrap

    with pytest.raises(NoSuchCaseError):
        find_for_custodian(session, the_case(session, other).id, sri)


def test_all_outers_have_one_size(session: Session) -> None:
    rina, sri = add_officer(session), add_custodian(session)
    codes = [
        hand_in(session, rina),
        hand_in(session, rina, report=a_report(custodian="no")),
        hand_in(session, rina, report=a_report(who_name="Sri Lestari")),
    ]

    sizes = {len(outer_of(session, code, sri).wrap) for code in codes}

    assert sizes == {OUTER_SIZE}


def complete(session: Session, code: CaseCode, duty: Duty) -> None:
    case_id = the_case(session, code).id
    outers.complete(session, duty, case_id, gate=gate_of(session))


def key_of(session: Session, code: CaseCode, duty: Duty) -> bytes:
    return for_officer(session, code, duty).key.reveal()


def test_a_key_that_nobody_has_heard_gets_noise_until_an_officer_has(
    session: Session,
) -> None:
    rina, sari = add_officer(session), add_officer(session, "Sari Utami")
    codes = [hand_in(session, rina)]
    sri = add_unheard_custodian(session)
    codes += [hand_in(session, rina)]

    for code in codes:
        complete(session, code, rina)
        with pytest.raises(BrokenError):
            share_of(session, code, sri)

    hear(session, sari, sri)
    for code in codes:
        complete(session, code, rina)
        assert share_of(session, code, sri).share == key_of(session, code, rina)


def test_no_case_is_put_before_a_key_that_nobody_has_heard(session: Session) -> None:
    rina = add_officer(session)
    code = hand_in(session, rina)
    sri = add_unheard_custodian(session)

    with pytest.raises(NoReaderError):
        lead_to_custodians(session, code, rina)
    hear(session, rina, sri)

    lead_to_custodians(session, code, rina)
    assert find_for_custodian(session, the_case(session, code).id, sri)


def test_another_end_than_the_keys_is_not_believed(session: Session) -> None:
    rina, sri = add_officer(session), add_unheard_custodian(session)

    with pytest.raises(OtherFingerprintError):
        key_hand_overs.begin(session, rina, sri.person.id, "0000-0000", TODAY)

    assert find_uncompared(session) == {sri.person.id}


def add_unheard_custodian(session: Session) -> Duty:
    """Add a custodian as enrolling does: the officers there are asked to compare."""
    sri = add_custodian(session)
    with transaction(session):
        key_hand_overs.ask_colleagues(session, sri.person)
    return sri


def hear(session: Session, officer: Duty, custodian: Duty) -> None:
    end = custodian.identity.recipient.fingerprint()[-9:]
    key_hand_overs.begin(session, officer, custodian.person.id, end, TODAY)
