"""What a writer changes of an entry: day and slip; and what officers keep of it."""

import datetime as dt
import threading
from dataclasses import replace

import pytest
from builders import (
    RULES,
    TODAY,
    a_report,
    add_custodian,
    add_officer,
    dump,
    for_officer,
    gate_of,
    shredder_of,
)
from flask import Flask
from kept import (
    NUMBER,
    OPENS,
    a_hold,
    a_note,
    keep,
    office_of,
    own,
    release,
    share_in,
    take_up,
)
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from crypto import Identity, ReleaseRule, Slip, random_mask, rewrap
from portal import (
    acts,
    cases,
    readers,
    releases,
    renewals,
    rounds,
    threads,
    vouchers,
    withdrawals,
)
from portal.cases import PURPOSE_CASE
from portal.conflicts import Declaration, declare
from portal.database import transaction
from portal.errors import (
    DayOutOfReachError,
    NoReaderError,
    NoSuchCaseError,
    NoSuchSlipError,
    NotFromHereError,
    StoreUnavailableError,
)
from portal.models import Case, Message, Person, Voucher, Wrap
from portal.releases import Choice, Story
from portal.statuses import RECEIVED, CaseStatus
from portal.threads import Chain

LATER = OPENS + dt.timedelta(days=60)


def _extend(session: Session, code, day: dt.date = LATER, today: dt.date = TODAY):
    renewals.extend(
        session, own(session, code), day, office=office_of(session), today=today
    )


def _release_now(session: Session, code, *ticked, **more):
    choice = Choice(
        frozenset(duty.person.id.hex() for duty in ticked),
        custodian=more.pop("custodian", ""),
    )
    releases.release_now(
        session,
        own(session, code),
        choice,
        office=office_of(session),
        rules=RULES,
        today=TODAY,
        at_once=True,
        **more,
    )


def test_a_held_report_opens_to_nobody_until_a_round_gives_it(session: Session) -> None:
    rina, sri = add_officer(session), add_custodian(session)
    code = keep(session, a_hold(), rina)

    with pytest.raises(NoSuchCaseError):
        for_officer(session, code, rina)
    release(session, code, sri)
    assert for_officer(session, code, rina).case.status == CaseStatus.SEALED


def test_the_day_is_moved_later_or_earlier(session: Session) -> None:
    rina, sri = add_officer(session), add_custodian(session)
    code = keep(session, a_hold(), rina)

    for day in (LATER, TODAY + dt.timedelta(days=1)):
        _extend(session, code, day)
        mine = own(session, code)
        assert mine.entry.day == day
        assert share_in(session, mine.case, sri).date == day.isoformat()
    release(session, code, sri)
    assert for_officer(session, code, rina)


@pytest.mark.parametrize("days", [0, -1, 366])
def test_no_day_is_today_past_or_too_late(session: Session, days: int) -> None:
    code = keep(session, a_hold(), add_officer(session))

    with pytest.raises(DayOutOfReachError):
        _extend(session, code, TODAY + dt.timedelta(days=days))
    assert own(session, code).entry.day == OPENS


def test_a_grave_kind_is_held_thirty_days_from_its_filing(session: Session) -> None:
    code = keep(
        session,
        a_hold(day=TODAY + dt.timedelta(days=10)),
        add_officer(session),
        report=a_report(category="SUAP"),
    )
    today = TODAY + dt.timedelta(days=5)

    with pytest.raises(DayOutOfReachError):
        _extend(session, code, TODAY + dt.timedelta(days=31), today)
    _extend(session, code, TODAY + dt.timedelta(days=30), today)


def test_a_change_takes_back_what_a_round_gave(session: Session) -> None:
    """The writer is answered the same; what fitted before fits nothing."""
    rina, sri = add_officer(session), add_custodian(session)
    code = keep(session, a_hold(), rina)
    before = share_in(session, own(session, code).case, sri)
    release(session, code, sri)

    _extend(session, code)

    with pytest.raises(NoSuchCaseError):
        for_officer(session, code, rina)
    with transaction(session):
        own(session, code).case.mask = before.share
    with pytest.raises(NoSuchCaseError):
        for_officer(session, code, rina)


def test_notes_beside_an_entry_that_nobody_took_up_go_with_the_change(
    session: Session,
) -> None:
    """What officers read afterwards opens, and they can write beside it again."""
    rina, sri = add_officer(session), add_custodian(session)
    joko = add_officer(session, "Joko Susilo")
    code = keep(session, a_hold(), rina, joko)
    release(session, code, sri)
    readers.recuse(
        session,
        for_officer(session, code, rina),
        rina,
        joko.person.id,
        reason="Satu keluarga.",
        seen="",
        gate=gate_of(session),
        today=TODAY,
    )

    _extend(session, code)
    release(session, code, sri)

    opened = for_officer(session, code, rina)
    notes = threads.read(session, opened.case.id, Chain.NOTES, opened.key.office)
    assert notes == ()
    acts.note(session, opened, rina, "Kami tunggu.", seen="", today=TODAY)
    assert threads.read(session, opened.case.id, Chain.NOTES, opened.key.office)


def test_what_an_officer_took_up_its_writer_changes_no_more(session: Session) -> None:
    rina, sri = add_officer(session), add_custodian(session)
    code = keep(session, a_hold(), rina)
    release(session, code, sri)
    take_up(session, code)
    before = dump(session)

    with pytest.raises(NotFromHereError):
        _extend(session, code)
    with pytest.raises(NotFromHereError):
        _release_now(session, code, rina)
    assert dump(session) == before


def test_a_writer_whose_lock_a_round_destroyed_changes_nothing(
    session: Session,
) -> None:
    """Officers keep the entry; sealed anew it would open to nobody at all."""
    rina, sri = add_officer(session), add_custodian(session)
    code = keep(session, a_hold(ReleaseRule.NEVER), rina)
    release(session, code, sri)
    mine = own(session, code)
    with transaction(session):
        mine.case.reporter_lock = (random_mask() * 2)[:113]

    with pytest.raises(NoSuchCaseError):
        renewals.extend(session, mine, LATER, office=office_of(session), today=TODAY)
    session.expire_all()
    locator = code.locator(rina.instance)
    found = cases.find_by_locator(session, locator)
    assert cases.find_for_officer(session, found.id, rina)


def test_a_note_is_renewed_and_a_clock_set_back_shortens_nothing(
    session: Session,
) -> None:
    code = keep(session, a_note(), add_officer(session))
    office = office_of(session)

    renewals.renew(session, own(session, code), office=office, today=TODAY)
    year = TODAY + dt.timedelta(days=365)
    assert own(session, code).entry.day == year
    back = TODAY - dt.timedelta(days=200)
    renewals.renew(session, own(session, code), office=office, today=back)
    assert own(session, code).entry.day == year


def test_a_slip_lets_an_entry_count_for_a_match(session: Session) -> None:
    rina, sri = add_officer(session), add_custodian(session)
    entry = a_hold(wanted=ReleaseRule.MATCH_2, subject=NUMBER)
    code = keep(session, entry, rina)
    (slip,) = vouchers.print_slips(session, 1, TODAY).slips
    share = share_in(session, own(session, code).case, sri)
    assert (share.rule, share.subject) == (ReleaseRule.DATE, "")

    renewals.give_slip(session, own(session, code), slip, office=office_of(session))

    mine = own(session, code)
    share = share_in(session, mine.case, sri)
    assert (share.rule, share.subject) == (ReleaseRule.MATCH_2, NUMBER)
    assert mine.entry.wanted is None
    assert session.scalars(select(Voucher)).all() == []


def test_one_slip_serves_one_entry(session: Session) -> None:
    rina, _sri = add_officer(session), add_custodian(session)
    entry = a_hold(wanted=ReleaseRule.MATCH_2, subject=NUMBER)
    first, second = (keep(session, entry, rina) for _ in range(2))
    slip, other = vouchers.print_slips(session, 2, TODAY).slips
    office = office_of(session)

    renewals.give_slip(session, own(session, first), slip, office=office)
    with pytest.raises(NoSuchSlipError):
        renewals.give_slip(session, own(session, second), slip, office=office)
    with pytest.raises(NotFromHereError):
        renewals.give_slip(session, own(session, first), other, office=office)
    with pytest.raises(NoSuchSlipError):
        renewals.give_slip(
            session, own(session, second), Slip.generate(), office=office
        )

    assert own(session, second).entry.wanted is ReleaseRule.MATCH_2
    renewals.give_slip(session, own(session, second), other, office=office)


def test_a_slip_that_was_given_in_vain_is_good_again(
    session: Session, monkeypatch
) -> None:
    rina, _sri = add_officer(session), add_custodian(session)
    code = keep(session, a_hold(wanted=ReleaseRule.MATCH_2, subject=NUMBER), rina)
    slip, _other = vouchers.print_slips(session, 2, TODAY).slips
    mine, office = own(session, code), office_of(session)

    def fail(*_args: object, **_more: object) -> None:
        raise StoreUnavailableError

    with monkeypatch.context() as world:
        world.setattr(renewals, "wrap_case_key", fail)
        with pytest.raises(StoreUnavailableError):
            renewals.give_slip(session, mine, slip, office=office)
    renewals.give_slip(session, own(session, code), slip, office=office)


def test_an_entry_becomes_a_report_with_its_text_and_its_day(session: Session) -> None:
    rina, joko = add_officer(session), add_officer(session, "Joko Susilo")
    sri = add_custodian(session)
    code = keep(session, a_note(), rina, joko)

    _release_now(session, code, rina)

    opened = for_officer(session, code, rina)
    assert opened.case.status == CaseStatus.SUBMITTED
    assert opened.case.due_on == RULES.all_for(TODAY)[0].day
    assert [step.kind for step in renewals.read_steps(session, opened.case.id)] == [
        "sealed",
        RECEIVED,
    ]
    first = threads.read(session, opened.case.id, Chain.THREAD, opened.key.thread)[0]
    assert first.written_on == TODAY
    assert b"loket tiga" in first.plain
    assert opened.summary.title.startswith("Ada pungutan")
    with pytest.raises(NoSuchCaseError):
        for_officer(session, code, joko)
    share = share_in(session, opened.case, sri)
    assert share.rule == ReleaseRule.DEADLINE
    assert share.share == opened.key.reveal()


def test_whom_the_writer_unticks_at_release_nobody_gives_it_to(
    session: Session,
) -> None:
    rina, joko = add_officer(session), add_officer(session, "Joko Susilo")
    code = keep(session, a_note(), rina, joko)

    _release_now(session, code, rina, custodian="no")

    report = renewals.read_report(session, own(session, code))
    assert report.shut_out == (joko.person.id.hex(),)
    assert report.custodian == "no"


def test_texts_and_files_behind_the_first_open_as_before(session: Session) -> None:
    rina, joko = add_officer(session), add_officer(session, "Joko Susilo")
    code = keep(session, a_note(), rina, joko)
    mine = own(session, code)
    with transaction(session):
        place = (mine.case.id, Chain.THREAD, threads.Author.REPORTER)
        text = threads.Text("Terjadi lagi.")
        threads.append(session, *place, text, mine.key, TODAY)

    _release_now(session, code, joko, story=Story("Tidak berhenti.", "Dewi Anggraini"))

    opened = for_officer(session, code, joko)
    texts = threads.read(session, opened.case.id, Chain.THREAD, opened.key.thread)
    assert [one.text.text for one in texts[1:]] == ["Terjadi lagi.", "Tidak berhenti."]
    assert opened.summary.title == "Tidak berhenti."
    assert renewals.read_report(session, mine).who_name == "Dewi Anggraini"


def test_an_officer_who_is_named_never_reads_what_is_released(
    session: Session,
) -> None:
    rina, joko = add_officer(session), add_officer(session, "Joko Susilo")
    code = keep(session, a_note(), rina, joko)

    with pytest.raises(NoReaderError):
        _release_now(session, code, joko, story=Story("Ia.", "Pak Joko Susilo"))
    _release_now(session, code, rina, joko, story=Story("Ia.", "Pak Joko Susilo"))
    with pytest.raises(NoSuchCaseError):
        for_officer(session, code, joko)


def test_a_declared_conflict_holds_at_every_change(session: Session) -> None:
    rina, joko = add_officer(session), add_officer(session, "Joko Susilo")
    sri, report = (
        add_custodian(session),
        a_report(category="ASET", who_name="Dewi Anggraini"),
    )
    code = keep(session, a_hold(), rina, joko, report=report)
    declared = Declaration(persons=("Dewi Anggraini",))
    declare(session, joko, declared, office_of(session).secret, TODAY)

    _extend(session, code)
    release(session, code, sri)

    assert for_officer(session, code, rina)
    with pytest.raises(NoSuchCaseError):
        for_officer(session, code, joko)


def test_who_came_later_or_was_not_chosen_gets_a_dummy(session: Session) -> None:
    rina, joko = add_officer(session), add_officer(session, "Joko Susilo")
    sri = add_custodian(session)
    code = keep(session, a_hold(), rina, others=(joko,))
    dewi = add_officer(session, "Dewi Anggraini")
    with transaction(session):
        session.execute(
            update(Person)
            .where(Person.id == dewi.person.id)
            .values(added_on=TODAY + dt.timedelta(days=1))
        )

    _extend(session, code)
    release(session, code, sri)

    wraps = session.scalars(select(Wrap).where(Wrap.purpose == PURPOSE_CASE)).all()
    assert len(wraps) == 3
    opened = for_officer(session, code, rina)
    for other in (joko, dewi):
        with pytest.raises(NoSuchCaseError):
            for_officer(session, code, other)
    readers.assign(
        session,
        opened,
        rina,
        dewi.person.id,
        reason="",
        seen="",
        secret=office_of(session).secret,
        gate=gate_of(session),
        today=TODAY,
    )
    assert for_officer(session, code, dewi)
    with pytest.raises(readers.ShutOutError):
        readers.assign(
            session,
            for_officer(session, code, rina),
            rina,
            joko.person.id,
            reason="x",
            seen="",
            secret=office_of(session).secret,
            gate=gate_of(session),
            today=TODAY,
        )


def test_what_is_destroyed_is_changed_no_more(session: Session) -> None:
    code = keep(session, a_note(), add_officer(session))
    mine = own(session, code)
    withdrawals.destroy(session, mine.opened, shredder_of(session))

    with pytest.raises(NoSuchCaseError):
        renewals.renew(session, mine, office=office_of(session), today=TODAY)


def test_a_round_that_read_the_entry_before_a_change_gives_nothing(
    session: Session,
) -> None:
    """The writer moves the day while a round is between reading and opening."""
    rina, sri = add_officer(session), add_custodian(session)
    code = keep(session, a_hold(day=TODAY + dt.timedelta(days=1)), rina)
    later = TODAY + dt.timedelta(days=2)
    lots = rounds.hold_lots(session, sri, gate_of(session), shredder_of(session), later)
    next(lots)

    _extend(session, code, OPENS)
    list(lots)

    with pytest.raises(NoSuchCaseError):
        for_officer(session, code, rina)
    assert share_in(session, own(session, code).case, sri).date == OPENS.isoformat()


def test_what_its_writer_hands_in_while_a_round_goes_on_stays_a_report(
    session: Session,
) -> None:
    rina, sri = add_officer(session), add_custodian(session)
    code = keep(session, a_hold(day=TODAY + dt.timedelta(days=1)), rina)
    later = TODAY + dt.timedelta(days=2)
    lots = rounds.hold_lots(session, sri, gate_of(session), shredder_of(session), later)
    next(lots)

    _release_now(session, code, rina)
    list(lots)

    assert for_officer(session, code, rina).case.status == CaseStatus.SUBMITTED


def test_what_its_writer_destroys_while_a_round_goes_on_is_gone(
    session: Session,
) -> None:
    rina, sri = add_officer(session), add_custodian(session)
    code = keep(session, a_hold(day=TODAY + dt.timedelta(days=1)), rina)
    mine = own(session, code)
    later = TODAY + dt.timedelta(days=2)
    lots = rounds.hold_lots(session, sri, gate_of(session), shredder_of(session), later)
    next(lots)

    withdrawals.destroy(session, mine.opened, shredder_of(session))
    list(lots)

    assert session.scalars(select(Wrap)).all() == []
    assert session.scalars(select(Message)).all() == []


def test_release_and_withdrawal_at_once_leave_one_of_both(
    session: Session, app: Flask
) -> None:
    """Two tabs: one makes a report of it, the other destroys it."""
    rina, _sri = add_officer(session), add_custodian(session)
    code = keep(session, a_note(), rina)
    session.commit()
    outcomes: list[str] = []
    together = threading.Barrier(2)

    def act(name: str) -> None:
        with app.extensions["lurus"].database.sessions() as mine_alone:
            mine = own(mine_alone, code)
            together.wait()
            try:
                if name == "destroy":
                    shredder = shredder_of(mine_alone)
                    withdrawals.destroy(mine_alone, mine.opened, shredder)
                else:
                    _release_now(mine_alone, code, rina)
                outcomes.append(name)
            except (NoSuchCaseError, NotFromHereError):
                outcomes.append("too late")

    tabs = [threading.Thread(target=act, args=(one,)) for one in ("destroy", "report")]
    for tab in tabs:
        tab.start()
    for tab in tabs:
        tab.join()

    session.expire_all()
    assert len(outcomes) == 2
    # A report that nobody acknowledged can be destroyed still; never half of both.
    left = session.scalars(select(Case)).all()
    wraps = session.scalars(select(Wrap)).all()
    assert bool(left) == bool(wraps)
    if left:
        assert for_officer(session, code, rina)


def test_an_officer_who_changed_the_key_since_reads_what_is_released(
    session: Session,
) -> None:
    rina, sri = add_officer(session), add_custodian(session)
    code = keep(session, a_hold(), rina)
    following = Identity.generate()
    wrap = session.scalars(select(Wrap).where(Wrap.holder_id == rina.person.id)).one()
    with transaction(session):
        place = {"case_id": wrap.case_id, "holder": rina.person.id}
        wrap.wrap = rewrap(wrap.wrap, rina.identity, following.recipient, **place)
        rina.person.recipient = bytes(following.recipient)
    rina = replace(rina, identity=following)

    release(session, code, sri)
    assert for_officer(session, code, rina)
    _extend(session, code)
    release(session, code, sri)
    assert for_officer(session, code, rina)
