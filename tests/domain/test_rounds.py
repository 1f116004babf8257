"""A custodians' round: what opens, what ends, and what it leaves behind."""

import datetime as dt
import secrets

import pytest
from builders import (
    TODAY,
    acts_on_record,
    add_custodian,
    add_officer,
    dump,
    for_officer,
    for_reporter,
    gate_of,
    hand_in,
    the_case,
)
from holds import (
    LATER,
    PUTU,
    WAYAN,
    hold,
    hold_round,
    is_there,
    lots,
    opens,
    outer_of,
    share_of,
)
from sqlalchemy import delete, func, select, update

from crypto import ReleaseRule, random_mask
from portal import outers, round_acts, round_lines, round_reading, rounds
from portal.database import find_instance_id, transaction
from portal.entries import EntryKind
from portal.errors import KeyChangedError, NoRoundError
from portal.models import (
    AuditEntry,
    Case,
    KeyHandOver,
    Message,
    Person,
    Round,
    StaffMember,
    Wrap,
)
from portal.rounds import RoundNews
from portal.statuses import CaseStatus

MATCH, THREE = ReleaseRule.MATCH_2, ReleaseRule.MATCH_3
ONLY = ReleaseRule.MATCH_2_ONLY
DAY_AFTER = LATER + dt.timedelta(days=1)
WEEK = dt.timedelta(days=7)


def read_in_small_lots(monkeypatch):
    """Two entries at a time, so that a round has places to stop at."""
    monkeypatch.setattr(round_reading, "LOT", 2)
    monkeypatch.setattr(round_acts, "ACTS", 1)


def test_what_waits_for_a_day_opens_on_it(session):
    rina = add_officer(session)
    sri = add_custodian(session)
    code = hold(session, rina)
    early = hold_round(session, sri, LATER - dt.timedelta(days=1))
    assert not opens(session, code, rina)

    report = hold_round(session, sri, LATER)

    assert opens(session, code, rina)
    assert the_case(session, code).status == CaseStatus.SEALED
    assert (early.counts.waiting, early.counts.by_date) == (1, 0)
    assert (report.counts.waiting, report.counts.by_date) == (0, 1)


def test_two_who_name_the_same_person_are_opened_and_nobody_else(session):
    rina = add_officer(session)
    sri = add_custodian(session)
    two = [hold(session, rina, rule=MATCH, subject=WAYAN) for _ in range(2)]
    alone = hold(session, rina, rule=MATCH, subject=PUTU)
    dated = hold(session, rina)

    report = hold_round(session, sri)

    assert [opens(session, code, rina) for code in two] == [True, True]
    assert not opens(session, alone, rina)
    assert not opens(session, dated, rina)
    assert (report.counts.matched, report.counts.waiting) == (2, 2)


def test_each_is_opened_by_the_number_it_asked_for(session):
    rina = add_officer(session)
    sri = add_custodian(session)
    two = hold(session, rina, rule=MATCH, subject=WAYAN)
    three = hold(session, rina, rule=THREE, subject=WAYAN)

    hold_round(session, sri)
    assert opens(session, two, rina)
    assert not opens(session, three, rina)

    third = hold(session, rina, rule=ReleaseRule.MATCH_3_ONLY, subject=WAYAN)
    report = hold_round(session, sri, TODAY + WEEK)

    assert opens(session, three, rina)
    assert opens(session, third, rina)
    assert (report.counts.matched, report.counts.unanswered) == (2, 1)


def test_who_is_found_across_lots_is_found(session, monkeypatch):
    read_in_small_lots(monkeypatch)
    rina = add_officer(session)
    sri = add_custodian(session)
    codes = [hold(session, rina, rule=THREE, subject=WAYAN) for _ in range(3)]
    for _ in range(6):
        hold(session, rina)

    hold_round(session, sri)

    assert all(opens(session, code, rina) for code in codes)


def test_an_officer_who_was_not_chosen_reads_nothing_that_opened(session):
    rina = add_officer(session)
    sri = add_custodian(session)
    joko = add_officer(session, "Joko Prasetyo")
    code = hold(session, rina, others=(joko,), day=TODAY)

    hold_round(session, sri)

    assert opens(session, code, rina)
    assert not opens(session, code, joko)


@pytest.mark.parametrize("rule", [ReleaseRule.NEVER, ONLY, ReleaseRule.MATCH_3_ONLY])
def test_what_its_day_does_not_open_is_destroyed_the_day_after(session, rule):
    rina = add_officer(session)
    sri = add_custodian(session)
    code = hold(session, rina, rule=rule, subject=WAYAN)
    on_it = hold_round(session, sri, LATER)
    assert is_there(session, code)

    report = hold_round(session, sri, DAY_AFTER)

    assert not is_there(session, code)
    assert (on_it.counts.ended, report.counts.ended) == (0, 1)
    assert session.scalar(select(func.count()).select_from(Wrap)) == 0


def test_a_note_ends_unread_as_a_question_does(session):
    rina = add_officer(session)
    sri = add_custodian(session)
    kept = [
        hold(session, rina, rule=ReleaseRule.NEVER, kind=kind)
        for kind in (EntryKind.NOTE, EntryKind.QUESTION, EntryKind.OWN_REMINDER)
    ]

    report = hold_round(session, sri, DAY_AFTER)

    assert not any(is_there(session, code) for code in kept)
    assert report.counts.ended == 3


def test_too_late_for_a_match_is_too_late(session):
    """Its page said: destroyed unread after that day."""
    rina = add_officer(session)
    sri = add_custodian(session)
    late = hold(session, rina, rule=ONLY, subject=WAYAN)
    other = hold(session, rina, rule=ONLY, subject=WAYAN, day=DAY_AFTER)

    hold_round(session, sri, DAY_AFTER)

    assert not is_there(session, late)
    assert not opens(session, other, rina)


def test_after_its_day_a_code_opens_nothing_also_where_a_match_had_come(session):
    rina = add_officer(session)
    sri = add_custodian(session)
    matched = [hold(session, rina, rule=ONLY, subject=WAYAN) for _ in range(2)]
    case_id = the_case(session, matched[0]).id
    hold_round(session, sri)
    assert is_there(session, matched[0])

    report = hold_round(session, sri, DAY_AFTER)
    locator = session.get_one(Case, case_id).locator
    again = hold_round(session, sri, DAY_AFTER + WEEK)

    assert not any(is_there(session, code) for code in matched)
    assert desk_of(session, rina) == 2
    assert report.counts.ended == 2
    # Once: nothing tells that round from the next.
    assert again.counts.ended == 0
    assert again.counts.unanswered == 2
    session.expire_all()
    assert session.get_one(Case, case_id).locator == locator


def test_a_round_takes_place_also_when_nothing_is_due(session):
    sri = add_custodian(session)
    report = hold_round(session, sri)

    assert report.line.entries == 0
    assert rounds.last_day(session) == TODAY
    assert acts_on_record(session)[-2:] == ["round begun", "round held"]


def test_reports_are_left_alone(session):
    rina = add_officer(session)
    sri = add_custodian(session)
    code = hand_in(session, rina)
    before = dump(session)["cases"]

    hold_round(session, sri, DAY_AFTER + WEEK * 50)

    assert dump(session)["cases"] == before
    assert opens(session, code, rina)


def test_the_same_round_twice_opens_nothing_more(session):
    rina = add_officer(session)
    sri = add_custodian(session)
    for _ in range(2):
        hold(session, rina, rule=MATCH, subject=WAYAN)
    hold_round(session, sri)
    before = dump(session, "rounds", "audit")

    report = hold_round(session, sri)

    assert dump(session, "rounds", "audit") == before
    assert report.counts.unanswered == 2
    assert report.line.number == 2


def test_what_officers_took_up_is_counted_no_more(session):
    rina = add_officer(session)
    sri = add_custodian(session)
    code = hold(session, rina, day=TODAY)
    hold_round(session, sri)
    with transaction(session):
        the_row = the_case(session, code)
        session.execute(
            update(Case).where(Case.id == the_row.id).values(status="acknowledged")
        )

    report = hold_round(session, sri, TODAY + WEEK)

    assert report.line.entries == 0


@pytest.mark.parametrize("stop_after", [1, 2, 3, 4, 5, 6])
def test_a_round_that_was_cut_off_is_gone_on_with(session, monkeypatch, stop_after):
    read_in_small_lots(monkeypatch)
    rina = add_officer(session)
    sri = add_custodian(session)
    codes = [hold(session, rina, rule=MATCH, subject=WAYAN) for _ in range(2)]
    dated = hold(session, rina, day=TODAY)
    gone = hold(session, rina, rule=ReleaseRule.NEVER, day=TODAY - WEEK)
    begun = lots(session, sri)
    for _ in range(stop_after):
        next(begun)
    begun.close()

    report = hold_round(session, sri)

    assert all(opens(session, code, rina) for code in (*codes, dated))
    assert not is_there(session, gone)
    assert report.line.number == 1
    counts = report.counts
    assert (counts.matched, counts.by_date, counts.ended) == (2, 1, 1)
    assert acts_on_record(session).count("round begun") == 1


def test_what_was_begun_yesterday_is_begun_anew(session, monkeypatch):
    read_in_small_lots(monkeypatch)
    rina = add_officer(session)
    sri = add_custodian(session)
    hold(session, rina, day=TODAY + dt.timedelta(days=1))
    next(lots(session, sri))

    report = hold_round(session, sri, TODAY + dt.timedelta(days=1))

    assert report.counts.by_date == 1
    assert report.line.number == 2
    assert session.scalars(select(Round.number)).all() == [2]


def test_both_custodians_at_once_do_what_one_does(session, monkeypatch):
    read_in_small_lots(monkeypatch)
    rina = add_officer(session)
    sri = add_custodian(session)
    budi = add_custodian(session, "Budi Santoso")
    codes = [hold(session, rina, rule=MATCH, subject=WAYAN) for _ in range(2)]
    gone = hold(session, rina, rule=ReleaseRule.NEVER, day=TODAY - WEEK)
    hers, his = lots(session, sri), lots(session, budi)

    for _hers, _his in zip(hers, his, strict=False):
        pass
    list(hers), list(his)

    assert all(opens(session, code, rina) for code in codes)
    assert not is_there(session, gone)
    assert session.scalars(select(Round.is_done)).all() == [True, True]
    assert round_lines.find_broken(session) == ()


def test_two_tabs_hold_one_round(session, monkeypatch):
    read_in_small_lots(monkeypatch)
    rina = add_officer(session)
    sri = add_custodian(session)
    for _ in range(5):
        hold(session, rina, rule=MATCH, subject=WAYAN)
    one, other = lots(session, sri), lots(session, sri)
    next(one)

    assert len(list(other)) > 1
    list(one)

    assert session.scalars(select(Round.is_done)).all() == [True]
    assert acts_on_record(session).count("round held") == 1


def test_a_key_that_no_officer_heard_holds_no_round(session):
    rina = add_officer(session)
    sri = add_custodian(session)
    with transaction(session):
        session.add(
            KeyHandOver(
                giver_id=rina.person.id,
                receiver_id=sri.person.id,
                reached=bytes(16),
                is_done=False,
            )
        )

    with pytest.raises(NoRoundError):
        hold_round(session, sri)
    assert rounds.last_day(session) is None


def test_nobody_but_a_custodian_holds_one(session):
    rina = add_officer(session)
    add_custodian(session)
    with pytest.raises(NoRoundError):
        hold_round(session, rina)


def test_a_custodian_who_has_left_does_not_go_on(session, monkeypatch):
    read_in_small_lots(monkeypatch)
    rina = add_officer(session)
    sri = add_custodian(session)
    for _ in range(5):
        hold(session, rina, day=TODAY)
    begun = lots(session, sri)
    next(begun)
    with transaction(session):
        session.execute(
            update(Person).where(Person.id == sri.person.id).values(retired_on=TODAY)
        )

    with pytest.raises(KeyChangedError):
        list(begun)


def test_a_clock_that_was_set_back_holds_no_round(session):
    sri = add_custodian(session)
    hold_round(session, sri, TODAY)
    before = dump(session)

    with pytest.raises(NoRoundError):
        hold_round(session, sri, TODAY - dt.timedelta(days=1))

    assert dump(session) == before


@pytest.mark.parametrize("damage", ["another gate", "another key", "no outer", "cut"])
def test_an_outer_that_does_not_open_stops_nothing(session, damage):
    rina = add_officer(session)
    sri = add_custodian(session)
    lost, code = hold(session, rina, day=TODAY), hold(session, rina, day=TODAY)
    case_id = the_case(session, lost).id
    place = {"case_id": case_id, "holder": sri.person.id}
    mine = (Wrap.case_id == case_id) & (Wrap.holder_id == sri.person.id)
    share = share_of(session, case_id, sri)
    stranger = add_officer(session, "Orang Lain")
    with transaction(session):
        if damage == "no outer":
            session.execute(delete(Wrap).where(mine))
        else:
            wrong = {
                "another gate": lambda: outers.seal_outer(
                    share, sri.identity.recipient, gate_of(session).fresh(), **place
                ),
                "another key": lambda: outers.seal_outer(
                    share, stranger.identity.recipient, gate_of(session), **place
                ),
                "cut": lambda: b"\x01" + bytes(20),
            }[damage]()
            session.execute(update(Wrap).where(mine).values(wrap=wrong))

    report = hold_round(session, sri)

    assert not opens(session, lost, rina)
    assert opens(session, code, rina)
    assert (report.counts.unreadable, report.counts.by_date) == (1, 1)


def test_another_text_than_was_kept_is_not_opened(session):
    rina = add_officer(session)
    sri = add_custodian(session)
    code = hold(session, rina, day=TODAY)
    case_id, mask = the_case(session, code).id, the_case(session, code).mask
    with transaction(session):
        session.execute(
            update(Message)
            .where(Message.case_id == case_id)
            .values(envelope=secrets.token_bytes(16_465))
        )

    report = hold_round(session, sri)

    assert the_case(session, code).mask == mask
    assert report.counts.unreadable == 1


def stop_before_acting(session, duty, today=TODAY):
    """Hold a round up to the moment when it knows what to do."""
    begun = lots(session, duty, today)
    next(begun)
    return begun


def test_who_withdraws_meanwhile_is_opened_to_nobody(session):
    rina = add_officer(session)
    sri = add_custodian(session)
    kept, gone = (hold(session, rina, rule=MATCH, subject=WAYAN) for _ in range(2))
    begun = stop_before_acting(session, sri)
    destroy(session, gone)

    list(begun)

    assert not is_there(session, gone)
    # One alone names that person now.
    assert not opens(session, kept, rina)
    report = rounds.find_report(session, sri, gate_of(session))
    assert report is not None
    assert (report.counts.matched, report.counts.waiting) == (0, 1)


def test_who_prolongs_meanwhile_is_not_opened(session):
    rina = add_officer(session)
    sri = add_custodian(session)
    code = hold(session, rina, day=TODAY)
    begun = stop_before_acting(session, sri)
    case = the_case(session, code)
    share = share_of(session, case.id, sri)
    longer = type(share)(share.rule, LATER.isoformat(), "", share.share, share.first)
    anew = outers.seal_outer(
        longer,
        sri.identity.recipient,
        gate_of(session),
        case_id=case.id,
        holder=sri.person.id,
    )
    with transaction(session):
        session.execute(update(Wrap).where(Wrap.purpose == "outer").values(wrap=anew))

    list(begun)

    assert not opens(session, code, rina)


def test_who_makes_a_report_of_it_meanwhile_keeps_its_keys(session):
    rina = add_officer(session)
    sri = add_custodian(session)
    code = hold(session, rina, day=TODAY)
    begun = stop_before_acting(session, sri)
    mask = random_mask()
    with transaction(session):
        session.execute(update(Case).values(status="submitted", mask=mask))

    list(begun)

    assert the_case(session, code).mask == mask


def change_at_the_last_moment(monkeypatch, session, change):
    """Let *change* come between the opening of outers and the transaction."""
    over = rounds.rest

    def rest(ended):
        over(ended)
        change()

    monkeypatch.setattr(rounds, "rest", rest)


def test_who_prolongs_at_the_last_moment_is_not_opened(session, monkeypatch):
    rina = add_officer(session)
    sri = add_custodian(session)
    code = hold(session, rina, day=TODAY)
    case = the_case(session, code)
    share = share_of(session, case.id, sri)
    longer = type(share)(share.rule, LATER.isoformat(), "", share.share, share.first)
    place = {"case_id": case.id, "holder": sri.person.id}
    recipient, gate = sri.identity.recipient, gate_of(session)
    begun = stop_before_acting(session, sri)

    def prolong():
        anew = outers.seal_outer(longer, recipient, gate, **place)
        with transaction(session):
            session.execute(
                update(Wrap).where(Wrap.purpose == "outer").values(wrap=anew)
            )

    change_at_the_last_moment(monkeypatch, session, prolong)
    list(begun)

    assert not opens(session, code, rina)
    report = rounds.find_report(session, sri, gate)
    assert (report.counts.by_date, report.counts.waiting) == (0, 1)


def test_who_makes_a_report_of_it_at_the_last_moment_is_not_counted(
    session, monkeypatch
):
    rina = add_officer(session)
    sri = add_custodian(session)
    code = hold(session, rina, day=TODAY)
    mask = random_mask()
    begun = stop_before_acting(session, sri)

    def take_up():
        with transaction(session):
            session.execute(update(Case).values(status="submitted", mask=mask))

    change_at_the_last_moment(monkeypatch, session, take_up)
    list(begun)

    assert the_case(session, code).mask == mask
    report = rounds.find_report(session, sri, gate_of(session))
    assert (report.counts.by_date, report.counts.waiting) == (0, 0)


def test_a_tab_that_was_overtaken_stops(session, monkeypatch):
    read_in_small_lots(monkeypatch)
    rina = add_officer(session)
    sri = add_custodian(session)
    for _ in range(5):
        hold(session, rina, rule=MATCH, subject=WAYAN)
    one, other = lots(session, sri), lots(session, sri)
    next(one)
    next(other)

    assert list(one) == []

    list(other)
    report = rounds.find_report(session, sri, gate_of(session))
    assert (report.line.entries, report.counts.matched) == (5, 5)


def test_three_of_whom_one_withdraws_between_two_lots(session, monkeypatch):
    read_in_small_lots(monkeypatch)
    rina = add_officer(session)
    sri = add_custodian(session)
    codes = [hold(session, rina, rule=THREE, subject=WAYAN) for _ in range(3)]
    codes.sort(key=lambda code: the_case(session, code).id)
    begun = lots(session, sri)
    while not opens(session, codes[0], rina):
        next(begun)
    destroy(session, codes[2])

    list(begun)

    assert not opens(session, codes[1], rina)


def test_a_custodian_who_joins_gets_what_the_other_one_holds(session):
    rina = add_officer(session)
    sri = add_custodian(session)
    code = hold(session, rina, rule=MATCH, subject=WAYAN)
    case_id = the_case(session, code).id
    budi = add_custodian(session, "Budi Santoso")
    assert hold_round(session, budi).counts.unreadable == 1

    hold_round(session, sri)

    mine, his = (share_of(session, case_id, one) for one in (sri, budi))
    assert his.encode() == mine.encode()
    assert hold_round(session, budi).counts.waiting == 1


def test_a_custodian_whose_key_nobody_heard_gets_nothing(session):
    rina = add_officer(session)
    sri = add_custodian(session)
    code = hold(session, rina)
    budi = add_custodian(session, "Budi Santoso")
    with transaction(session):
        session.add(
            KeyHandOver(
                giver_id=rina.person.id,
                receiver_id=budi.person.id,
                reached=bytes(16),
                is_done=False,
            )
        )

    hold_round(session, sri)

    assert outer_of(session, the_case(session, code).id, budi) is None


def test_a_custodian_behind_another_gate_gets_one_of_this(session):
    rina = add_officer(session)
    sri = add_custodian(session)
    budi = add_custodian(session, "Budi Santoso")
    code = hold(session, rina)
    case_id = the_case(session, code).id
    share = share_of(session, case_id, budi)
    with transaction(session):
        before = outers.seal_outer(
            share,
            budi.identity.recipient,
            gate_of(session).fresh(),
            case_id=case_id,
            holder=budi.person.id,
        )
        his = (Wrap.case_id == case_id) & (Wrap.holder_id == budi.person.id)
        session.execute(update(Wrap).where(his).values(wrap=before))

    hold_round(session, sri)

    assert share_of(session, case_id, budi).encode() == share.encode()


def test_whom_it_is_about_gets_nothing_on_joining(session):
    rina = add_officer(session)
    sri = add_custodian(session)
    code = hold(session, rina, rule=MATCH, subject=WAYAN, day=TODAY)
    with transaction(session):
        session.add(
            StaffMember(
                id=bytes(16),
                number=WAYAN,
                name="Drs. Budi Santoso",
                position="Inspektur",
                unit="Inspektorat",
            )
        )
    budi = add_custodian(session, "Budi Santoso")

    next(lots(session, sri))

    with pytest.raises(Exception, match="not as it was made"):
        share_of(session, the_case(session, code).id, budi)
    # It looks to him as if it waited.
    assert hold_round(session, budi).counts.waiting == 1
    assert not opens(session, code, rina)


def test_a_custodian_who_is_named_learns_nothing_and_opens_nothing(session):
    rina = add_officer(session)
    sri = add_custodian(session)
    budi = add_custodian(session, "Budi Santoso")
    code = hold(session, rina, day=TODAY, who_name="Budi Santoso")

    report = hold_round(session, budi)
    assert not opens(session, code, rina)
    assert (report.counts.waiting, report.counts.unreadable) == (1, 0)

    hold_round(session, sri)
    assert opens(session, code, rina)


def test_nobody_sees_by_caches_whether_something_was_opened(session):
    rina = add_officer(session)
    sri = add_custodian(session)
    hold(session, rina)
    with transaction(session):
        session.execute(update(Person).values(opened_keys=b"kept"))

    hold_round(session, sri)

    assert session.scalars(select(Person.opened_keys)).all() == [None, None]


def test_what_was_opened_is_on_an_officers_desk(session):
    rina = add_officer(session)
    sri = add_custodian(session)
    hold(session, rina, day=TODAY)
    assert desk_of(session, rina) == 0

    hold_round(session, sri)

    assert desk_of(session, rina) == 1


def test_its_writer_reads_the_same_as_before(session):
    rina = add_officer(session)
    sri = add_custodian(session)
    codes = [hold(session, rina, rule=MATCH, subject=WAYAN) for _ in range(2)]
    before = [seen_by_writer(session, code) for code in codes]

    hold_round(session, sri)

    assert all(opens(session, code, rina) for code in codes)
    assert [seen_by_writer(session, code) for code in codes] == before


def test_after_release_readers_change_and_nothing_is_lost(session):
    """An officer's act makes the outers anew: without a subject, and open as before."""
    rina = add_officer(session)
    sri = add_custodian(session)
    code = hold(session, rina, rule=MATCH, subject=WAYAN, day=LATER)
    hold(session, rina, rule=MATCH, subject=WAYAN)
    hold_round(session, sri)
    opened = for_officer(session, code, rina)
    with transaction(session):
        outers.make_outers(
            session,
            opened.key,
            opened.case.id,
            gate=gate_of(session),
            first=outers.first_envelope(session, opened.case.id),
            is_called=True,
        )

    report = hold_round(session, sri, TODAY + WEEK)

    assert opens(session, code, rina)
    assert report.counts.unanswered == 2


def test_a_line_says_who_when_and_how_many_and_nothing_else(session):
    rina = add_officer(session)
    sri = add_custodian(session)
    for _ in range(2):
        hold(session, rina, rule=MATCH, subject=WAYAN)

    report = hold_round(session, sri)

    line = report.line
    assert (line.number, line.day, line.entries) == (1, TODAY, 2)
    assert line.custodian == sri.person.name
    assert line.commitment == report.counts.commit(report.salt)
    assert str(line) == report.text
    assert round_lines.find_broken(session) == ()


@pytest.mark.parametrize(
    "change",
    [
        {"line": "round 1, 2026-12-07, 9 entries"},
        {"signature": bytes(64)},
        {"signature": None},
        {"day": TODAY - WEEK},
        {"line": None},
    ],
    ids=["another line", "no such signature", "no signature", "another day", "no line"],
)
def test_an_edited_round_is_named(session, change):
    sri = add_custodian(session)
    hold_round(session, sri)
    with transaction(session):
        session.execute(update(Round).values(change))

    assert round_lines.find_broken(session) == (1,)


def test_a_round_that_was_taken_away_is_named(session):
    sri = add_custodian(session)
    hold_round(session, sri)
    with transaction(session):
        session.execute(delete(Round))

    assert round_lines.find_broken(session) == (1,)


def test_a_round_that_the_record_does_not_know_is_named(session):
    sri = add_custodian(session)
    hold_round(session, sri)
    with transaction(session):
        session.execute(delete(AuditEntry).where(AuditEntry.act == "round held"))

    assert round_lines.find_broken(session) == (1,)


def test_a_line_signed_with_another_key_is_named(session):
    """Also where whoever forged it wrote the forger's key into the line."""
    sri = add_custodian(session)
    hold_round(session, sri)
    with transaction(session):
        session.execute(
            update(Person)
            .where(Person.id == sri.person.id)
            .values(signing_key=bytes(32), key_since=TODAY - WEEK)
        )

    assert round_lines.find_broken(session) == (1,)


def test_a_line_of_a_key_before_still_holds(session):
    sri = add_custodian(session)
    hold_round(session, sri)
    with transaction(session):
        session.execute(
            update(Person)
            .where(Person.id == sri.person.id)
            .values(signing_key=bytes(32), key_since=TODAY + WEEK)
        )

    assert round_lines.find_broken(session) == ()


def test_news_of_rounds(session):
    assert rounds.round_news(session, TODAY, 7) == RoundNews(None, 0)
    sri = add_custodian(session)
    ages = (0, 7, 8, 14, 15, 22)
    days = [TODAY + dt.timedelta(days=age) for age in ages]

    never = [rounds.round_news(session, day, 7).missed for day in days]
    hold_round(session, sri, TODAY)
    news = [rounds.round_news(session, day, 7) for day in days]

    assert never == [0, 0, 1, 1, 2, 3]
    assert [one.missed for one in news] == never
    assert [one.is_late for one in news] == [False, False, False, False, True, True]
    assert {one.last_day for one in news} == {TODAY}


def test_a_clock_set_back_is_no_missed_round(session):
    sri = add_custodian(session)
    hold_round(session, sri, TODAY)

    assert rounds.round_news(session, TODAY - WEEK * 5, 7).missed == 0


def test_a_killed_session_is_gone_on_with_after_a_log_in(session):
    """Progress is in the row, under the seed: it needs no session of before."""
    rina = add_officer(session)
    sri = add_custodian(session)
    hold(session, rina, day=TODAY)
    begun = lots(session, sri)
    next(begun)
    begun.close()
    gate = gate_of(session)

    progress = rounds.find_progress(session, sri, gate, TODAY)
    other = add_custodian(session, "Budi Santoso")

    assert progress is not None
    assert (progress.done, progress.total) == (1, 2)
    assert rounds.find_progress(session, other, gate, TODAY) is None
    assert rounds.find_progress(session, sri, gate.fresh(), TODAY) is None


def desk_of(session, officer):
    """Return how many cases an officer has."""
    session.expire_all()
    instance = find_instance_id(session)
    assert instance
    return sum(
        opens_id(session, case_id, officer)
        for case_id in session.scalars(select(Case.id)).all()
    )


def opens_id(session, case_id, officer):
    from portal.cases import find_for_officer
    from portal.errors import NoSuchCaseError

    try:
        find_for_officer(session, case_id, officer)
    except NoSuchCaseError:
        return False
    return True


def seen_by_writer(session, code):
    """Return all that a code opens or shows."""
    opened = for_reporter(session, code)
    case = opened.case
    rest = dump(session, "people", "rounds", "audit", "jobs", "cases")
    return (case.status, case.due_on, case.is_answered, case.note_sheet, rest)


def destroy(session, code):
    """Let the writer destroy an entry."""
    from builders import shredder_of

    case_id = the_case(session, code).id
    with transaction(session):
        shredder_of(session).shred(session, [case_id])
