"""A round that is carried away opens what one on the portal opens, and nothing else."""

import datetime as dt
import hashlib
from dataclasses import replace

import pytest
from away import (
    add_traveller,
    answer_again,
    export,
    hold_elsewhere,
    open_away,
    take,
)
from builders import (
    TODAY,
    acts_on_record,
    add_officer,
    gate_of,
    shredder_of,
    the_case,
)
from holds import (
    LATER,
    PUTU,
    WAYAN,
    hold,
    hold_round,
    is_there,
    opens,
    share_of,
)
from sqlalchemy.orm import Session

from crypto import (
    NotYoursError,
    ReleaseRule,
    RoundExport,
    Share,
    seal_outer,
)
from portal import (
    round_acts,
    round_lines,
    rounds,
)
from portal.database import transaction
from portal.entries import EntryKind
from portal.models import Wrap

MATCH, THREE = ReleaseRule.MATCH_2, ReleaseRule.MATCH_3
ONLY, NEVER = ReleaseRule.MATCH_2_ONLY, ReleaseRule.NEVER
YESTERDAY = TODAY - dt.timedelta(days=1)
WEEK = dt.timedelta(days=7)
CHECKSUM = 32


def test_what_is_due_or_matched_opens_and_nothing_else(session):
    rina, sri = add_officer(session), add_traveller(session)
    due = hold(session, rina, day=TODAY)
    two = [hold(session, rina, rule=MATCH, subject=WAYAN) for _ in range(2)]
    alone = hold(session, rina, rule=MATCH, subject=PUTU)
    three = hold(session, rina, rule=THREE, subject=WAYAN)
    note = hold(session, rina, rule=NEVER, kind=EntryKind.NOTE)

    held = hold_elsewhere(session, sri)

    opened = [opens(session, code, rina) for code in (due, *two, three)]
    assert opened == [True, True, True, True]
    assert [opens(session, code, rina) for code in (alone, note)] == [False, False]
    assert (held.counts.by_date, held.counts.matched) == (1, 3)
    assert held.counts.waiting == 2


def test_what_is_over_is_destroyed_or_its_writers_way_in_ends(session):
    rina, sri = add_officer(session), add_traveller(session)
    gone = hold(session, rina, rule=NEVER, day=YESTERDAY, kind=EntryKind.NOTE)
    pair = [hold(session, rina, rule=ONLY, subject=WAYAN, day=TODAY) for _ in range(2)]
    hold_elsewhere(session, sri)
    assert all(opens(session, code, rina) for code in pair)

    held = hold_elsewhere(session, sri, TODAY + WEEK)

    assert not is_there(session, gone)
    assert not any(is_there(session, code) for code in pair)
    assert held.counts.ended == 2


def test_the_counts_are_those_of_a_round_on_the_portal(session):
    rina, sri = add_officer(session), add_traveller(session)
    hold(session, rina, day=TODAY)
    hold(session, rina, rule=NEVER, day=YESTERDAY, kind=EntryKind.NOTE)
    for subject in (WAYAN, WAYAN, PUTU):
        hold(session, rina, rule=MATCH, subject=subject)
    hold(session, rina, kind=EntryKind.QUESTION)

    away = open_away(export(session, sri))
    here = hold_round(session, sri)

    assert away.counts == here.counts
    assert away.line.entries == here.line.entries


def test_the_line_holds_and_its_custodian_reads_the_counts_on_the_portal(session):
    rina, sri = add_officer(session), add_traveller(session)
    hold(session, rina, day=TODAY)

    held = hold_elsewhere(session, sri)

    report = rounds.find_report(session, sri, gate_of(session))
    assert report is not None
    assert (report.text, report.counts) == (str(held.line), held.counts)
    assert report.counts.commit(report.salt) == held.line.commitment
    assert round_lines.find_broken(session) == ()
    assert acts_on_record(session)[-2:] == ["round exported", "round held"]


def test_the_answer_may_come_back_days_later(session):
    rina, sri = add_officer(session), add_traveller(session)
    hold(session, rina, day=TODAY)
    held = open_away(export(session, sri))

    take(session, held.answer, TODAY + WEEK)

    assert rounds.last_day(session) == TODAY
    assert round_lines.find_broken(session) == ()


def test_the_file_names_nobody_and_its_order_tells_nothing(session):
    rina, sri = add_officer(session), add_traveller(session)
    codes = [hold(session, rina, rule=MATCH, subject=WAYAN) for _ in range(12)]

    content = export(session, sri)
    held = open_away(content)

    ids = [entry.case_id for entry in RoundExport.decode(content).entries]
    assert ids != sorted(ids)
    assert sorted(ids) == sorted(the_case(session, code).id for code in codes)
    assert WAYAN.encode() not in content + held.answer
    shares = [share_of(session, one, sri).share for one in ids]
    assert not any(share in held.answer for share in shares)


def test_how_many_were_opened_shows_in_no_length(session):
    rina, sri = add_officer(session), add_traveller(session)
    for day in (TODAY, TODAY, LATER, LATER, LATER):
        hold(session, rina, day=day)
    before = len(open_away(export(session, sri)).answer)

    after = len(open_away(export(session, sri, LATER), LATER).answer)

    assert before == after


def test_once_it_is_over_nothing_opens_the_answer_again(session):
    rina, sri = add_officer(session), add_traveller(session)
    hold(session, rina, day=TODAY)

    held = hold_elsewhere(session, sri)

    with pytest.raises(NotYoursError):
        answer_again(session, sri, held.answer)


def test_nobody_is_left_alone_by_who_withdraws_before_it_comes_back(session):
    rina, sri = add_officer(session), add_traveller(session)
    staying = hold(session, rina, rule=MATCH, subject=WAYAN)
    leaving = hold(session, rina, rule=MATCH, subject=WAYAN)

    def withdraw():
        case_id = the_case(session, leaving).id
        with transaction(session):
            shredder_of(session).shred(session, [case_id])

    held = hold_elsewhere(session, sri, between=withdraw)

    assert held.counts.matched == 2
    assert not opens(session, staying, rina)


def test_what_was_made_anew_since_is_left_as_it_is(session):
    rina, sri = add_officer(session), add_traveller(session)
    code = hold(session, rina, day=TODAY)
    held = open_away(export(session, sri))
    put_another_outer(session, code, sri)

    taken = take(session, held.answer)

    assert taken.has_left
    assert not opens(session, code, rina)


def put_another_outer(session: Session, code, keeper) -> None:
    """Give an entry another outer, as any act of its writer does."""
    case_id = the_case(session, code).id
    place = {"case_id": case_id, "holder": keeper.person.id}
    share = share_of(session, case_id, keeper)
    outer = seal_outer(share, keeper.identity.recipient, gate_of(session), **place)
    with transaction(session):
        session.get_one(Wrap, (case_id, keeper.person.id, "outer")).wrap = outer


def test_taking_it_goes_on_where_it_was_interrupted(session, monkeypatch):
    rina, sri = add_officer(session), add_traveller(session)
    monkeypatch.setattr(round_acts, "ACTS", 1)
    codes = [hold(session, rina, day=TODAY) for _ in range(3)]
    held = open_away(export(session, sri))
    act, tries = round_acts.act, iter([False, True])

    def cut(*arguments):
        if next(tries, True):
            raise KeyboardInterrupt
        return act(*arguments)

    monkeypatch.setattr(round_acts, "act", cut)
    with pytest.raises(KeyboardInterrupt):
        take(session, held.answer)
    monkeypatch.setattr(round_acts, "act", act)
    session.rollback()
    assert [opens(session, code, rina) for code in codes].count(True) == 1

    take(session, held.answer)

    assert all(opens(session, code, rina) for code in codes)
    assert round_lines.find_broken(session) == ()


def test_a_row_whose_text_is_another_opens_to_nobody(session):
    """A share names the first text it was made for: rows cannot be laid elsewhere."""
    rina, sri = add_officer(session), add_traveller(session)
    hold(session, rina, day=TODAY)
    read = RoundExport.decode(export(session, sri))
    (entry,) = read.entries
    other = entry._replace(first=hashlib.sha256(b"another").digest())

    held = open_away(replace(read, entries=(other,)).encode())

    assert (held.counts.by_date, held.counts.unreadable) == (0, 1)


def test_what_was_kept_from_a_custodian_waits(session):
    """Nobody tells a custodian that an entry is about them."""
    rina, sri = add_officer(session), add_traveller(session)
    hold(session, rina, day=TODAY, who_name=sri.person.name)

    held = open_away(export(session, sri))

    assert held.counts.unreadable == 0
    assert held.counts.waiting + held.counts.by_date == 1


def test_an_old_share_is_not_in_what_ends(session):
    """What is destroyed unread stays unread on its way."""
    rina, sri = add_officer(session), add_traveller(session)
    code = hold(session, rina, rule=NEVER, day=YESTERDAY, kind=EntryKind.NOTE)
    held = open_away(export(session, sri))
    seen: list[Share] = []

    def look(found):
        seen.extend(found.shares.values())
        return found

    answer_again(session, sri, held.answer, look)

    assert the_case(session, code)
    assert [share.share for share in seen] == [bytes(64)]
