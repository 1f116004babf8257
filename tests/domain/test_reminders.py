"""What a request for a reminder says, and what it never says."""

import datetime as dt
from dataclasses import replace

import pytest

from crypto import MistypedError, ReplyCode
from portal.reminders import Addressee, DeliveryDays, ReminderRequest, ReminderWay
from portal.reports import Report

TODAY = dt.date(2027, 3, 1)
SIX = tuple(
    Addressee(f"{name} Wulandari, S.H., M.Si." + "x" * 80, "y" * 120, "z" * 120)
    for name in ("Rina", "Joko", "Sri", "Budi", "Tono", "Ani")
)
REQUEST = ReminderRequest(
    template="GRAT",
    way=ReminderWay.CIRCLE,
    people=SIX,
    days=DeliveryDays(dt.date(2027, 3, 8), dt.date(2027, 3, 10)),
    reply_code=ReplyCode(12345),
    kept_until=dt.date(2028, 2, 29),
    mend_by=dt.date(2027, 2, 20),
)


def report(request: ReminderRequest) -> Report:
    return Report(category="GRAT", what="", entry="reminder", reminder=request)


def test_a_request_reads_back_from_the_sealed_text() -> None:
    read = Report.decode(report(REQUEST).encode()).reminder

    assert read is not None
    assert read.reply_code.reveal() == REQUEST.reply_code.reveal()
    assert replace(read, reply_code=REQUEST.reply_code) == REQUEST


def test_the_longest_names_of_a_staff_list_fit() -> None:
    long = tuple(Addressee("é" * 120, "é" * 120, "é" * 120) for _ in range(6))

    assert len(report(replace(REQUEST, people=long)).encode()) < 16_380


def test_the_reply_code_does_not_show() -> None:
    assert REQUEST.reply_code.reveal() not in repr(report(REQUEST))


def test_whoever_gets_a_leaflet_is_named_by_the_request() -> None:
    assert report(REQUEST).names("Joko Wulandari, S.Kom.")
    assert not report(REQUEST).names("Dewi Wulandari")


@pytest.mark.parametrize(
    ("today", "is_due", "is_late"),
    [
        ("2027-03-07", False, False),
        ("2027-03-08", True, False),
        ("2027-03-10", True, False),
        ("2027-03-11", True, True),
    ],
)
def test_a_request_is_due_between_its_two_days(
    today: str, is_due: bool, is_late: bool
) -> None:
    day = dt.date.fromisoformat(today)

    assert (REQUEST.is_due(day), REQUEST.is_late(day)) == (is_due, is_late)


def test_people_are_the_same_by_name_and_unit() -> None:
    elsewhere = replace(SIX[0], unit="another")
    other = replace(REQUEST, people=(elsewhere, replace(SIX[1], position="promoted")))

    assert REQUEST.shares(other) == (SIX[1],)


def test_a_damaged_reply_code_is_found() -> None:
    values = REQUEST.values() | {"reply": "0000"}

    with pytest.raises(MistypedError):
        ReminderRequest.of(values)
