"""Handing in: once, to who may read, with a code that is shown for a short while."""

import datetime as dt
import json

import pytest
from builders import (
    TEN_O_CLOCK,
    TODAY,
    a_report,
    add_officer,
    dump,
    for_officer,
    for_reporter,
    form_token,
    hand_in,
    the_case,
)
from sqlalchemy import select
from sqlalchemy.orm import Session

from crypto import CaseCode, FormToken
from portal import hand_ins, threads
from portal.database import find_instance_id
from portal.errors import (
    FormUsedError,
    NoReaderError,
    NoSuchCaseError,
    ReportTooLargeError,
)
from portal.hand_ins import find_handed_in, was_handed_in
from portal.models import Wrap
from portal.reader_sheets import Excluded, ReaderSheet, ShutOut
from portal.reports import Report
from portal.statuses import Author, CaseStatus
from portal.threads import Chain


def shown_again(session: Session, form: FormToken, minutes: int = 0) -> CaseCode:
    minute = TEN_O_CLOCK // 60 + minutes
    return find_handed_in(session, form, find_instance_id(session), minute).code


def test_a_report_opens_a_case_for_reporter_and_officer(session: Session) -> None:
    rina = add_officer(session)
    report = a_report("Mereka membuang limbah malam hari.", who_unit="Bidang Umum")

    code = hand_in(session, rina, report=report)

    opened, mine = for_officer(session, code, rina), for_reporter(session, code)
    (entry,) = threads.read(session, mine.case.id, Chain.THREAD, mine.key)
    (same,) = threads.read(session, mine.case.id, Chain.THREAD, opened.key.thread)
    assert entry == same
    assert Report.decode(entry.plain) == report
    assert entry.author is Author.REPORTER


def test_a_new_case_waits_and_is_due_in_three_weekdays(session: Session) -> None:
    code = hand_in(session, add_officer(session))

    case = the_case(session, code)

    assert case.status == CaseStatus.SUBMITTED
    assert not case.is_answered
    assert case.due_on == TODAY + dt.timedelta(days=3)
    assert case.closed_on is None


def test_the_summary_holds_what_lists_show(session: Session) -> None:
    rina = add_officer(session)
    report = a_report("Ada  pungutan\ndi loket.", who_unit="B" * 70, ongoing="yes")

    summary = for_officer(session, hand_in(session, rina, report=report), rina).summary

    assert summary.title == "Ada pungutan di loket."
    assert summary.unit == "B" * 60
    assert summary.category == "PUNGLI"
    assert summary.triage.severity == 3
    assert summary.triage.ongoing


def test_every_officer_has_a_wrap_and_only_readers_a_genuine_one(
    session: Session,
) -> None:
    rina, joko = add_officer(session), add_officer(session, "Joko Prasetyo")

    code = hand_in(session, rina, others=(joko,))

    wraps = session.scalars(select(Wrap)).all()
    assert {wrap.holder_id for wrap in wraps} == {rina.person.id, joko.person.id}
    assert len({len(wrap.wrap) for wrap in wraps}) == 1
    with pytest.raises(NoSuchCaseError):
        for_officer(session, code, joko)


def test_the_reader_sheet_names_who_reads_and_who_is_shut_out(
    session: Session,
) -> None:
    rina, joko = add_officer(session), add_officer(session, "Joko Prasetyo")
    opened = for_officer(session, hand_in(session, rina, others=(joko,)), rina)

    sheet = ReaderSheet.unseal(opened.case.reader_sheet, opened.key, opened.case.id)

    assert sheet.readers == (rina.person.id.hex(),)
    shut_out = Excluded(joko.person.id.hex(), ShutOut.UNTICKED)
    assert sheet.shut_out == (shut_out,)


def test_a_report_that_nobody_could_read_is_refused(session: Session) -> None:
    joko = add_officer(session)
    before = dump(session)

    with pytest.raises(NoReaderError):
        hand_in(session, others=(joko,))

    assert dump(session) == before


def test_a_report_that_is_too_large_leaves_nothing(session: Session) -> None:
    rina = add_officer(session)
    before = dump(session)

    with pytest.raises(ReportTooLargeError):
        hand_in(session, rina, report=a_report("\N{GRINNING FACE}" * 4100))

    assert dump(session) == before


def test_one_form_makes_one_case(session: Session) -> None:
    rina, form = add_officer(session), form_token(session)
    hand_in(session, rina, form=form)
    before = dump(session)

    with pytest.raises(FormUsedError):
        hand_in(session, rina, form=form)

    assert dump(session) == before


def test_two_forms_make_two_cases_with_codes_of_their_own(session: Session) -> None:
    rina = add_officer(session)

    codes = {hand_in(session, rina).reveal() for _ in range(2)}

    assert len(codes) == 2
    assert len(dump(session)["cases"]) == 2


def test_a_form_handed_in_is_known_as_such(session: Session) -> None:
    used, fresh = form_token(session), form_token(session)
    hand_in(session, add_officer(session), form=used)

    assert was_handed_in(session, used)
    assert not was_handed_in(session, fresh)


@pytest.mark.parametrize("minutes", [0, 10])
def test_the_same_form_shows_its_code_again_for_ten_minutes(
    session: Session, minutes: int
) -> None:
    form = form_token(session)
    code = hand_in(session, add_officer(session), form=form)

    assert shown_again(session, form, minutes).reveal() == code.reveal()


def test_after_ten_minutes_the_code_is_not_shown_again(session: Session) -> None:
    form = form_token(session)
    hand_in(session, add_officer(session), form=form)

    with pytest.raises(FormUsedError):
        shown_again(session, form, 11)


def test_a_code_that_was_typed_back_is_never_shown_again(session: Session) -> None:
    form = form_token(session)
    hand_in(session, add_officer(session), form=form)

    hand_ins.forget_code(session, form.burn_id())
    session.expire_all()

    with pytest.raises(FormUsedError):
        shown_again(session, form)


def test_a_form_that_was_not_handed_in_shows_nothing(session: Session) -> None:
    with pytest.raises(FormUsedError):
        shown_again(session, form_token(session))


def test_the_report_is_sealed_with_its_version(session: Session) -> None:
    mine = for_reporter(session, hand_in(session, add_officer(session)))

    (entry,) = threads.read(session, mine.case.id, Chain.THREAD, mine.key)

    assert json.loads(entry.plain)["v"] == 1
