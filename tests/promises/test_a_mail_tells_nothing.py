"""The daily notice says nothing: one text, the same for all, new or not.

It holds up no request, however the mail server behaves, and it leaves no address in
logs, in the note of a failure, or in another person's message.
"""

import datetime as dt
import logging
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import pytest
from apps import make_app
from attackers import Loot
from builders import AT_ONCE, add_officer
from flask import Flask
from mail_boxes import Letter, MailBox
from people import Officer, Person, Reporter
from sqlalchemy.orm import Session

from portal.database import open_database, transaction
from portal.doctor import examine
from portal.handover import HandOverHours
from portal.mail_server import MailFailure, MailServer, Patience, Security
from portal.notices import (
    FAILURE_FILE,
    Courier,
    find_failure,
    keep_mail_address,
)
from portal.people import retire
from portal.settings import Settings
from portal.settings_file import write_settings
from portal.tending import Tender

HOURS = HandOverHours.parse(["08:00", "13:00"])
MONDAY = dt.datetime(2026, 12, 7, 8, 0, tzinfo=dt.UTC)


def a_courier(box: MailBox, settings: Settings, patience: Patience) -> Courier:
    sender = "kotak@agency.example"
    server = MailServer("localhost", box.port, Security.NONE, sender, patience=patience)
    return Courier(server, HOURS, settings.instance)


def wanting_mail(session: Session, *names: str) -> None:
    for name in names:
        address = f"{name.split()[0].lower()}@agency.example"
        duty = add_officer(session, name)
        keep_mail_address(session, duty, address, MONDAY.date())


def sent(
    session: Session, settings: Settings, *moments: dt.datetime, manner: str = "kind"
) -> list[Letter]:
    """Look at the due work at each of these moments, by a worker of its own."""
    with MailBox(manner) as box:
        for moment in moments:
            courier = a_courier(box, settings, Patience(2, 4))
            Tender(HOURS, courier).tend(session, moment)
            courier.wait()
    return box.letters


def with_mail(settings: Settings, box: MailBox) -> Settings:
    return replace(
        settings,
        smtp_host="localhost",
        smtp_port=box.port,
        smtp_security="none",
        mail_from="kotak@agency.example",
    )


def test_every_message_is_the_same_but_for_its_receiver(
    session: Session, settings: Settings
) -> None:
    wanting_mail(session, "Rina Wulandari", "Yusuf Hidayat")

    first, second = sent(session, settings, MONDAY)

    assert len(first.recipients) == len(second.recipients) == 1
    assert plain(first) == plain(second)
    assert "yusuf" not in (first.text if "rina" in first.text else second.text)


def plain(letter: Letter) -> list[str]:
    return [
        line for line in letter.lines if not line.startswith(("To:", "Message-ID:"))
    ]


def test_it_is_the_same_whether_or_not_anything_is_new(
    reporter: Reporter, session: Session, settings: Settings
) -> None:
    wanting_mail(session, "Yusuf Hidayat")
    (quiet,) = sent(session, settings, MONDAY)
    reporter.hand_in("Ada pungutan di loket tiga.")

    (busy,) = sent(session, settings, MONDAY + dt.timedelta(days=1))

    assert dateless(busy) == dateless(quiet)


def dateless(letter: Letter) -> list[str]:
    return [line for line in plain(letter) if not line.startswith("Date:")]


def test_it_names_neither_this_machine_nor_this_portal(
    session: Session, settings: Settings
) -> None:
    wanting_mail(session, "Rina Wulandari")

    (letter,) = sent(session, settings, MONDAY + dt.timedelta(minutes=17, seconds=9))

    headers = [line.split(":")[0] for line in letter.lines if ": " in line][:6]
    assert headers == [
        *("From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted")
    ]
    assert letter.greeting == "ehlo agency.example"
    assert "Mon, 07 Dec 2026 08:00:00" in letter.text
    assert "http" not in letter.text
    assert "localhost" not in letter.text
    assert settings.portal_name not in letter.text


@pytest.mark.parametrize(
    ("moment", "count"),
    [
        (MONDAY.replace(hour=7, minute=59), 0),
        (MONDAY, 1),
        (MONDAY.replace(hour=23), 1),
        (MONDAY + dt.timedelta(days=4), 1),
        (MONDAY + dt.timedelta(days=5), 0),
        (MONDAY + dt.timedelta(days=6), 0),
    ],
)
def test_it_goes_on_weekdays_from_the_first_hour_on(
    session: Session, settings: Settings, moment: dt.datetime, count: int
) -> None:
    wanting_mail(session, "Rina Wulandari")

    assert len(sent(session, settings, moment)) == count


def test_it_goes_once_a_day_however_often_one_looks(
    session: Session, settings: Settings
) -> None:
    wanting_mail(session, "Rina Wulandari")
    later = [MONDAY + dt.timedelta(hours=hour) for hour in (0, 1, 6, 15)]

    assert len(sent(session, settings, *later)) == 1


def test_many_workers_send_it_once(session: Session, settings: Settings) -> None:
    wanting_mail(session, "Rina Wulandari")
    database = open_database(settings.instance)
    ready = threading.Barrier(6)

    def look(box: MailBox) -> None:
        courier = a_courier(box, settings, Patience(2, 4))
        with database.sessions() as own:
            ready.wait()
            Tender(HOURS, courier).tend(own, MONDAY)
        courier.wait()

    with MailBox() as box, ThreadPoolExecutor(6) as workers:
        list(workers.map(look, [box] * 6))
    database.engine.dispose()

    assert len(box.letters) == 1


def test_who_has_left_or_only_administers_gets_none(
    session: Session, settings: Settings
) -> None:
    wanting_mail(session, "Rina Wulandari", "Joko Prasetyo", "Dewi Lestari")
    retire(session, "Joko Prasetyo", MONDAY.date())
    duty = add_officer(session, "Sari Utami")
    keep_mail_address(session, duty, "sari@agency.example", MONDAY.date())
    with transaction(session):
        duty.person.is_officer, duty.person.is_administrator = False, True

    letters = sent(session, settings, MONDAY)

    receivers = {letter.recipients[0] for letter in letters}
    assert receivers == {
        "rcpt TO:<rina@agency.example>",
        "rcpt TO:<dewi@agency.example>",
    }


def test_a_custodian_gets_it_as_officers_do(
    session: Session, settings: Settings
) -> None:
    duty = add_officer(session, "Sari Utami")
    keep_mail_address(session, duty, "sari@agency.example", MONDAY.date())
    with transaction(session):
        duty.person.is_officer, duty.person.is_custodian = False, True

    assert len(sent(session, settings, MONDAY)) == 1


def test_no_request_waits_for_a_server_that_hangs(
    app: Flask, officer: Officer, session: Session, settings: Settings, clock: Any
) -> None:
    wanting_mail(session, "Yusuf Hidayat")
    with MailBox("hanging") as box:
        other = Person(make_app(with_mail(settings, box), clock))

        pages = [other.get("/"), other.get("/report"), other.get("/keys")]

        assert box.is_held.wait(10)
        assert not box.release.is_set()
        assert [page.status_code for page in pages] == [200, 200, 200]
        assert find_failure(settings.instance) is None


@pytest.mark.parametrize(
    ("manner", "failure"),
    [
        ("refusing", MailFailure.REFUSED),
        ("closing", MailFailure.BROKEN_OFF),
        ("yusuf@", MailFailure.REFUSED),
    ],
)
def test_a_failure_is_told_by_the_doctor_by_its_day_and_name_alone(
    session: Session, settings: Settings, manner: str, failure: MailFailure
) -> None:
    wanting_mail(session, "Yusuf Hidayat")

    sent(session, settings, MONDAY, manner=manner)

    note = (settings.instance / FAILURE_FILE).read_text("utf-8")
    assert note == f"2026-12-07 {failure.name}\n"
    assert (settings.instance / FAILURE_FILE).stat().st_mode & 0o777 == 0o600


def test_the_next_that_arrives_ends_the_finding(
    session: Session, settings: Settings
) -> None:
    wanting_mail(session, "Yusuf Hidayat")
    sent(session, settings, MONDAY, manner="refusing")
    failed = find_failure(settings.instance)

    sent(session, settings, MONDAY + dt.timedelta(days=1))

    assert failed is not None
    assert find_failure(settings.instance) is None


@pytest.mark.parametrize("manner", ["kind", "refusing", "closing", "yusuf@"])
def test_nothing_logs_an_address(
    session: Session,
    settings: Settings,
    manner: str,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    caplog.set_level(logging.DEBUG)
    wanting_mail(session, "Yusuf Hidayat")

    sent(session, settings, MONDAY, manner=manner)

    printed = capfd.readouterr()
    assert "agency.example" not in caplog.text + printed.out + printed.err


def test_the_record_says_that_an_address_was_kept_and_not_which(
    session: Session, settings: Settings
) -> None:
    wanting_mail(session, "Yusuf Hidayat")

    rows = Loot.of(settings.instance).tables["audit"]

    (kept,) = [row for row in rows if row["act"] == "mail address kept"]
    assert kept["actor"] == "Yusuf Hidayat"
    assert b"agency.example" not in b"".join(
        str(value).encode() for value in kept.values()
    )


def test_nothing_is_due_where_no_server_is_set(
    session: Session, settings: Settings
) -> None:
    wanting_mail(session, "Yusuf Hidayat")

    assert settings.courier is None
    assert "notice" not in Tender(AT_ONCE).tend(session, MONDAY)


def test_the_doctor_says_what_is_wrong_with_mail(
    session: Session, settings: Settings
) -> None:
    with MailBox() as box:
        known = replace(
            with_mail(settings, box),
            smtp_user="kotak",
            smtp_password_file="mail-password",
        )
    write_settings(known)
    password = settings.instance / "mail-password"
    wanting_mail(session, "Yusuf Hidayat")
    sent(session, settings, MONDAY, manner="refusing")

    missing = [one.what for one in examine(settings.instance, MONDAY)]
    password.write_text("kata sandi", "utf-8")
    password.chmod(0o644)
    open_to_all = [one.what for one in examine(settings.instance, MONDAY)]

    assert f"{password}, the mail server's password, does not exist." in missing
    assert f"{password} can be read by others." in open_to_all
    assert any("notice of 2026-12-07" in what for what in missing)
