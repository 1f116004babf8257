"""Finding a case: by its code, by a genuine wrap, and by nothing else."""

import secrets
from dataclasses import replace

import pytest
from builders import (
    TODAY,
    add_officer,
    case_in,
    for_officer,
    for_reporter,
    hand_in,
    move,
    the_case,
)
from sqlalchemy.orm import Session

from crypto import CaseCode, Identity
from portal import cases
from portal.cases import find_by_locator, find_for_officer, find_for_reporter
from portal.database import find_instance_id, transaction
from portal.errors import NoSuchCaseError
from portal.models import Case, Wrap
from portal.statuses import CaseStatus


def test_a_code_opens_its_own_case(session: Session) -> None:
    rina = add_officer(session)
    one, other = hand_in(session, rina), hand_in(session, rina)

    assert for_reporter(session, one).case.id != for_reporter(session, other).case.id


def test_an_unknown_code_finds_nothing(session: Session) -> None:
    hand_in(session, add_officer(session))
    locator = CaseCode.generate().locator(find_instance_id(session))

    with pytest.raises(NoSuchCaseError):
        find_by_locator(session, locator)


def test_the_key_of_another_code_opens_nothing(session: Session) -> None:
    code = hand_in(session, add_officer(session))
    instance = find_instance_id(session)
    other = CaseCode.generate().key(instance)

    with pytest.raises(NoSuchCaseError):
        find_for_reporter(session, the_case(session, code).id, other, instance)


def test_a_case_that_is_gone_is_gone_for_its_reporter(session: Session) -> None:
    instance = find_instance_id(session)

    with pytest.raises(NoSuchCaseError):
        find_for_reporter(
            session,
            secrets.token_bytes(16),
            CaseCode.generate().key(instance),
            instance,
        )


def test_unknown_and_not_mine_are_the_same_for_an_officer(session: Session) -> None:
    rina, joko = add_officer(session), add_officer(session, "Joko Prasetyo")
    hidden = the_case(session, hand_in(session, rina, others=(joko,))).id

    with pytest.raises(NoSuchCaseError) as not_mine:
        find_for_officer(session, hidden, joko)
    with pytest.raises(NoSuchCaseError) as unknown:
        find_for_officer(session, secrets.token_bytes(16), joko)

    assert str(not_mine.value) == str(unknown.value)


def test_an_officer_who_came_later_finds_nothing(session: Session) -> None:
    code = hand_in(session, add_officer(session))
    late = add_officer(session, "Joko Prasetyo")

    with pytest.raises(NoSuchCaseError):
        for_officer(session, code, late)


def test_a_name_without_its_identity_finds_nothing(session: Session) -> None:
    rina = add_officer(session)
    code = hand_in(session, rina)
    impostor = replace(rina, identity=Identity.generate())

    with pytest.raises(NoSuchCaseError):
        for_officer(session, code, impostor)


def test_a_wrap_moved_from_another_case_opens_nothing(session: Session) -> None:
    rina = add_officer(session)
    mine, other = hand_in(session, rina), hand_in(session, rina)
    keys = [
        (the_case(session, code).id, rina.person.id, "case") for code in (mine, other)
    ]
    with transaction(session):
        session.get_one(Wrap, keys[0]).wrap = session.get_one(Wrap, keys[1]).wrap

    with pytest.raises(NoSuchCaseError):
        for_officer(session, mine, rina)


def test_a_damaged_summary_hides_no_case(session: Session) -> None:
    rina = add_officer(session)
    code = hand_in(session, rina)
    with transaction(session):
        session.get_one(Case, the_case(session, code).id).summary = bytes(1105)

    summary = for_officer(session, code, rina).summary

    assert summary.title == ""
    assert summary.is_easily_guessed
    assert summary.triage.severity == 4


def test_the_timeline_begins_on_the_day_of_handing_in(session: Session) -> None:
    rina = add_officer(session)
    code = case_in(session, rina, CaseStatus.VERIFIED)
    case_id = the_case(session, code).id

    steps = cases.read_steps(session, case_id)

    assert steps[0].kind == "received"
    assert [step.number for step in steps] == list(range(len(steps)))
    assert cases.find_received_on(session, case_id) == TODAY


def test_the_mark_of_a_case_changes_with_every_act(session: Session) -> None:
    rina = add_officer(session)
    code = hand_in(session, rina)
    before = cases.read_state(session, the_case(session, code))

    same = cases.read_state(session, the_case(session, code))
    move(session, code, rina, "acknowledged")

    assert same == before
    assert cases.read_state(session, the_case(session, code)) != before
