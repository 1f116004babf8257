"""A request is passed on or declined; its writer reads which, and the leaflet answers."""

import datetime as dt

import pytest
from asking import MEANT, NAMES, Asked, add_staff, ask, decline, deliver, reply_to
from builders import (
    TODAY,
    acts_on_record,
    add_officer,
    for_officer,
    for_reporter,
    gate_of,
    hand_in,
    the_case,
)
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal import deliveries, leaflets, threads
from portal.cases import Duty
from portal.errors import (
    IncompleteMoveError,
    NoSuchCaseError,
    NoSuchLeafletError,
    NotFromHereError,
    TooManyRepliesError,
)
from portal.models import Leaflet, Reply, Step
from portal.reminders import ReminderAct, ReminderWay
from portal.threads import Chain

A_YEAR = dt.timedelta(days=365)


def standing(session: Session, asked: Asked) -> deliveries.Standing | None:
    mine = for_reporter(session, asked.code)
    thread = threads.read(session, mine.case.id, Chain.THREAD, mine.key)
    return deliveries.find_standing(thread)


def test_the_writer_reads_on_which_day_it_was_passed_on(session: Session) -> None:
    rina = add_officer(session)
    add_staff(session)
    asked = ask(session)
    assert standing(session, asked) is None

    deliver(session, asked, rina, asked.request.days.last)

    assert standing(session, asked) == deliveries.Standing(
        ReminderAct.DELIVERED, asked.request.days.last, ""
    )


def test_the_writer_reads_why_it_was_declined(session: Session) -> None:
    rina = add_officer(session)
    add_staff(session)
    asked = ask(session)

    decline(session, asked, rina, "Kami belum bisa.")

    found = standing(session, asked)
    assert found == deliveries.Standing(ReminderAct.DECLINED, TODAY, "Kami belum bisa.")
    with pytest.raises(NoSuchLeafletError):
        reply_to(session, asked, rina.instance)


def test_nothing_in_the_row_tells_that_it_was_a_request(session: Session) -> None:
    rina = add_officer(session)
    add_staff(session)
    asked = ask(session)

    deliver(session, asked, rina)

    case = the_case(session, asked.code)
    assert case.status == "sealed"
    steps = session.scalars(select(Step.kind).order_by(Step.number)).all()
    assert steps == ["sealed", "answered"]
    assert acts_on_record(session) == ["answered"]


def test_it_waits_for_its_day(session: Session) -> None:
    rina = add_officer(session)
    add_staff(session)
    asked = ask(session)

    with pytest.raises(NotFromHereError):
        deliver(session, asked, rina, asked.request.days.first - dt.timedelta(days=1))


def test_a_gift_that_can_no_longer_be_mended_is_not_reminded_of(
    session: Session,
) -> None:
    rina = add_officer(session)
    add_staff(session)
    last = TODAY + dt.timedelta(days=30)
    asked = ask(session, category="GRAT", mend_by=last)

    with pytest.raises(NotFromHereError):
        deliver(session, asked, rina, last + dt.timedelta(days=1))
    deliver(session, asked, rina, last)


@pytest.mark.parametrize("first", ["deliver", "decline"])
def test_it_is_decided_on_once(session: Session, first: str) -> None:
    rina = add_officer(session)
    add_staff(session)
    asked = ask(session)
    acts = {
        "deliver": lambda: deliver(session, asked, rina),
        "decline": lambda: decline(session, asked, rina, "Tidak."),
    }
    acts[first]()

    for act in acts.values():
        with pytest.raises(NotFromHereError):
            act()


def test_declining_takes_a_reason(session: Session) -> None:
    rina = add_officer(session)
    add_staff(session)
    asked = ask(session)

    with pytest.raises(IncompleteMoveError):
        decline(session, asked, rina, "")


def test_a_report_is_not_passed_on(session: Session) -> None:
    rina = add_officer(session)
    opened = for_officer(session, hand_in(session, rina), rina)
    when = {"gate": gate_of(session), "today": TODAY}

    with pytest.raises(NotFromHereError):
        deliveries.deliver(session, opened, rina, seen="", **when)


def test_an_officer_who_is_not_ticked_cannot_pass_it_on(session: Session) -> None:
    add_officer(session)
    joko = add_officer(session, "Joko Prasetyo")
    add_staff(session)
    asked = ask(session, without=(joko,))

    with pytest.raises(NoSuchCaseError):
        for_officer(session, asked.code, joko)


def test_officers_read_what_was_answered_and_nobody_else_can(session: Session) -> None:
    rina = add_officer(session)
    add_staff(session)
    asked, other = ask(session), ask(session)
    deliver(session, asked, rina)
    deliver(session, other, rina)

    reply_to(session, asked, rina.instance, "Saya sedang cuti bersalin.")

    def answers(to: Asked) -> list[str | None]:
        code = to.request.reply_code
        found = leaflets.read_replies(session, code, rina.instance)
        return [one.text for one in found]

    assert answers(asked) == ["Saya sedang cuti bersalin."]
    assert answers(other) == []
    assert b"cuti" not in session.scalars(select(Reply.envelope)).one()


def test_a_leaflet_that_was_not_passed_on_has_no_door(session: Session) -> None:
    rina = add_officer(session)
    add_staff(session)
    asked = ask(session)

    with pytest.raises(NoSuchLeafletError):
        reply_to(session, asked, rina.instance)


def test_a_leaflet_is_answered_twenty_times_at_most(session: Session) -> None:
    rina = add_officer(session)
    add_staff(session)
    asked = ask(session)
    deliver(session, asked, rina)
    for _ in range(leaflets.MOST_REPLIES):
        reply_to(session, asked, rina.instance)

    with pytest.raises(TooManyRepliesError):
        reply_to(session, asked, rina.instance)


def test_leaflets_and_answers_go_on_their_last_day(session: Session) -> None:
    rina = add_officer(session)
    add_staff(session)
    asked = ask(session)
    deliver(session, asked, rina)
    reply_to(session, asked, rina.instance)

    def rows(on: dt.date) -> list[int]:
        leaflets.purge(session, dt.datetime.combine(on, dt.time(9), dt.UTC))
        counted = (select(func.count()).select_from(kind) for kind in (Leaflet, Reply))
        return [session.scalars(count).one() for count in counted]

    assert rows(asked.request.kept_until) == [1, 1]
    assert rows(asked.request.kept_until + dt.timedelta(days=1)) == [0, 0]


def test_a_leaflet_past_its_day_is_answered_no_more(session: Session) -> None:
    rina = add_officer(session)
    add_staff(session)
    asked = ask(session)
    deliver(session, asked, rina)

    with pytest.raises(NoSuchLeafletError):
        leaflets.reply(
            *(session, asked.request.reply_code, "Ya."),
            instance=rina.instance,
            today=TODAY + A_YEAR + dt.timedelta(days=1),
        )


def repeats(session: Session, asked: Asked, duty: Duty, today: dt.date = TODAY):
    opened = for_officer(session, asked.code, duty)
    found = deliveries.find_repeats(session, opened, duty, today)
    return {one.person.name: one.count for one in found}


def test_officers_see_who_stands_in_another_request(session: Session) -> None:
    rina = add_officer(session)
    add_staff(session)
    personal = {"way": ReminderWay.PERSONAL}
    asked = ask(session, **personal)
    assert repeats(session, asked, rina) == {}

    ask(session, NAMES[1], **personal)
    ask(session, **personal)
    ask(session, **personal)

    assert repeats(session, asked, rina) == {MEANT: 2}


def test_who_cannot_open_the_other_request_sees_no_repeat(session: Session) -> None:
    rina, joko = add_officer(session), add_officer(session, "Joko Prasetyo")
    add_staff(session)
    personal = {"way": ReminderWay.PERSONAL}
    asked = ask(session, **personal)
    ask(session, without=(joko,), **personal)

    assert repeats(session, asked, rina) == {MEANT: 1}
    assert repeats(session, asked, joko) == {}


def test_what_is_older_than_twelve_months_is_no_repeat(session: Session) -> None:
    rina = add_officer(session)
    add_staff(session)
    personal = {"way": ReminderWay.PERSONAL}
    ask(session, today=TODAY - A_YEAR, **personal)
    asked = ask(session, **personal)

    assert repeats(session, asked, rina, TODAY - dt.timedelta(days=1)) == {MEANT: 1}
    assert repeats(session, asked, rina) == {}


def test_what_waits_is_listed_the_first_due_first(session: Session) -> None:
    rina = add_officer(session)
    add_staff(session)
    asked = [ask(session, today=TODAY + n * dt.timedelta(days=20)) for n in (2, 0, 1)]
    decline(session, ask(session), rina, "Tidak.")

    listed = deliveries.list_waiting(session, rina)

    expected = [asked[n].request.days for n in (1, 2, 0)]
    assert [one.request.days for one in listed] == expected
