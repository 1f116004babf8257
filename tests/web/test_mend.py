"""Put it right yourself: days are counted, nothing is stored, nothing typed is lost."""

import datetime as dt
import logging
import re
from dataclasses import replace

import pytest
from apps import make_app
from attackers import Loot
from builders import dump
from conftest import Clock
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from people import Page, Person
from sqlalchemy.orm import Session

from portal.forms.days import read_day
from portal.mending import read_ways
from portal.settings import Settings

TYPED = "20/11/2026"
"""Ten working days end on 4 December, thirty on 6 January."""


def count(person: Person, typed: str, lang: str = "id") -> Page:
    """Type a day into the form, and press the button."""
    page = person.get(f"/mend?lang={lang}")
    return person.send(page, "/mend", received_on=typed)


def days_on(page: Page) -> list[str]:
    """The days of the counting, as machines read them."""
    return re.findall(r'<time datetime="([-\d]+)"', page.html)


def test_who_slipped_finds_steps_and_words_without_typing_anything(app: Flask) -> None:
    page = Person(app).get("/mend")

    for way in read_ways():
        assert way.title["id"] in page.text
        assert all(step["id"] in page.text for step in way.steps)
        assert all(words.text["id"] in page.text for words in way.words)
    assert "10 hari kerja ke UPG dan 30 hari kerja ke KPK" in page.text


@pytest.mark.parametrize(
    ("lang", "sentence"),
    [
        ("id", "Sisa hari kerja, hari ini ikut dihitung: 20"),
        ("en", "Working days left, today counted: 20"),
    ],
)
def test_both_last_days_are_said(app: Flask, lang: str, sentence: str) -> None:
    page = count(Person(app), TYPED, lang)

    assert page.status_code == 200
    assert days_on(page) == ["2026-11-20", "2026-12-04", "2027-01-06"]
    assert sentence in page.text


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("4/12/2026", "Masih ada waktu."),
        # Today's is the UPG's last day.
        ("23/11/2026", "Masih ada waktu."),
        ("20/11/2026", "Batas UPG sudah lewat, batas KPK belum."),
        ("26/10/2026", "Batas UPG sudah lewat, batas KPK belum."),
        ("25/10/2026", "Kedua batas sudah lewat."),
        ("23/10/2026", "Kedua batas sudah lewat."),
        ("1/1/2000", "Kedua batas sudah lewat."),
    ],
)
def test_what_can_still_be_done_follows_from_the_day(
    app: Flask, typed: str, said: str
) -> None:
    """Today is Monday, 7 December 2026."""
    page = count(Person(app), typed)

    late = read_ways()[0].late[0]["id"]
    assert said in page.text
    assert (late in page.text) == said.startswith("Kedua")


def test_holidays_that_may_move_are_said(app: Flask) -> None:
    person = Person(app)

    assert "Hari libur 2027 belum pasti." in count(person, TYPED).text
    assert "belum pasti" not in count(person, "2/3/2026").text


@pytest.mark.parametrize(
    "typed",
    [
        *("20/11/2026", "20-11-2026", "20.11.2026", " 20 11 2026 ", "20/11/26"),
        *("20 November 2026", "20 nov 2026", "20 NOPEMBER 2026", "2026-11-20"),
    ],
)
def test_a_day_is_read_however_it_is_written(app: Flask, typed: str) -> None:
    assert days_on(count(Person(app), typed))[0] == "2026-11-20"


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("", "Ketik dulu tanggal pemberian itu datang."),
        ("   ", "Ketik dulu tanggal pemberian itu datang."),
        ("kemarin", "Tanggal ini tidak terbaca."),
        ("31/11/2026", "Tanggal ini tidak terbaca."),
        ("0/0/2026", "Tanggal ini tidak terbaca."),
        ("20/11", "Tanggal ini tidak terbaca."),
        ("20/11/206", "Tanggal ini tidak terbaca."),
        ("20 xyz 2026", "Tanggal ini tidak terbaca."),
        ("<script>alert(1)</script>", "Tanggal ini tidak terbaca."),
        ("8/12/2026", "Tanggal ini belum tiba."),
        ("31/12/9999", "Tanggal ini belum tiba."),
        ("31/12/1999", "Tanggal ini terlalu lama berlalu."),
        ("0001-01-01", "Tanggal ini terlalu lama berlalu."),
        ("9" * 41, "paling banyak 40"),
    ],
)
def test_what_is_no_day_comes_back_with_a_sentence(
    app: Flask, typed: str, said: str
) -> None:
    page = count(Person(app), typed)

    assert page.status_code == 422
    assert said.lower() in page.text.lower()
    assert page.form("/mend").value("received_on") == typed.strip()
    assert days_on(page) == []
    assert "<script" not in page.html


def test_a_form_that_was_open_too_long_keeps_the_day(app: Flask) -> None:
    person = Person(app)
    person.get("/mend")

    page = person.post("/mend", {"received_on": TYPED, "csrf_token": "old"})
    again = person.send(page, "/mend")

    assert page.status_code == 422
    assert "Tekan tombolnya sekali lagi." in page.text
    assert days_on(page) == []
    assert days_on(again)[0] == "2026-11-20"


@pytest.mark.parametrize("typed", [TYPED, "8/12/2099", "kemarin", ""])
def test_nothing_is_stored(
    app: Flask, session: Session, settings: Settings, typed: str
) -> None:
    person = Person(app)
    person.get("/mend")
    before, files = dump(session), Loot.of(settings.instance)

    page = count(person, typed)

    assert page.status_code in {200, 422}
    assert dump(session) == before
    assert Loot.of(settings.instance) == files


def test_nothing_is_logged_and_the_day_is_in_no_address_or_cookie(
    app: Flask, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)

    page = count(Person(app), TYPED)

    headers = str(page.response.headers)
    assert [record.getMessage() for record in caplog.records] == []
    assert "2026-11-20" not in headers
    assert TYPED not in headers
    assert page.response.headers["Cache-Control"] == "no-store, no-transform"


def test_a_day_in_an_address_is_not_counted(app: Flask) -> None:
    page = Person(app).get(f"/mend?received_on={TYPED}")

    assert days_on(page) == []
    assert TYPED not in page.html


def test_every_counting_has_one_length(app: Flask) -> None:
    person = Person(app)
    typed = (TYPED, "1/1/2000", "kemarin", "", "<" * 40)

    sizes = {len(count(person, one).response.get_data()) for one in typed}

    assert sizes == {32 * 1024}


def test_the_limits_and_leave_of_the_settings_are_counted(
    app: Flask, settings: Settings, clock: Clock
) -> None:
    leave = ("2026-11-23",)
    changed = replace(settings, upg_limit_working_days=5, collective_leave=leave)

    page = count(Person(make_app(changed, clock)), TYPED)

    assert "Batasnya 5 hari kerja ke UPG" in page.text
    assert days_on(page)[1] == "2026-11-30"


@given(st.text(max_size=60))
def test_no_text_breaks_the_reading_of_a_day(typed: str) -> None:
    found = read_day(typed)

    assert found is None or isinstance(found, dt.date)


@given(st.dates(dt.date(2000, 1, 1), dt.date(2099, 12, 31)))
def test_every_day_is_read_as_it_was_written(day: dt.date) -> None:
    written = (day.isoformat(), f"{day:%d/%m/%Y}", f"{day.day}.{day.month}.{day:%y}")

    assert {read_day(text) for text in written} == {day}
