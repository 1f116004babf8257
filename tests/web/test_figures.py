"""The figures' pages: what stands there, what a custodian and an administrator do."""

import csv
import datetime as dt
import io
from collections.abc import Callable
from dataclasses import replace

from builders import acts_on_record, duty_of, hear_keys
from conftest import Clock
from counting import A_TALLY, count_since, keep_made_up
from flask import Flask
from people import Administrator, Officer, Person
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal import figure_sheets, figures, improvements
from portal.clock_guard import note_day
from portal.database import transaction
from portal.models import KeptTally, PublicFigures
from portal.periods import Period
from portal.roles import Role

H2 = Period(2026, 2)
PATH = "/custody/figures"
NewPerson = Callable[..., Administrator]


def in_april(app: Flask, session: Session, clock: Clock, *people: Officer) -> None:
    """Let it be April, in an agency that has counted thirty-three cases since July."""
    count_since(session, H2.first)
    gate = app.extensions["lurus"].gate_secret
    keep_made_up(session, H2, *[A_TALLY] * 33, gate=gate)
    clock.pass_by(days=120)
    for person in people:
        person.log_in(clock.timestamp)


def published(app: Flask, session: Session, clock: Clock, *people: Officer) -> None:
    """Let it be April, and the figures of the half-year be public."""
    in_april(app, session, clock, *people)
    figures.publish(
        *(session, duty_of(session, "Sri Lestari"), H2),
        gate=app.extensions["lurus"].gate_secret,
        every_days=7,
        today=clock.time.date(),
    )


def test_until_something_is_published_the_page_says_from_when_on(
    app: Flask, session: Session, keeper: Officer
) -> None:
    assert keeper
    count_since(session, H2.first)
    page = Person(app).get("/figures?lang=en")

    assert "1 April 2027" in page.text
    assert "No reports does not mean no problems" in page.text
    assert Person(app).get("/figures/2026-H2").status_code == 404


def test_a_day_from_which_figures_can_come_does_not_move_on(
    app: Flask, session: Session, keeper: Officer, clock: Clock
) -> None:
    assert keeper
    count_since(session, H2.first)
    clock.pass_by(days=200)

    assert "1 April 2027" in Person(app).get("/figures?lang=en").text


def test_a_keeper_publishes_with_one_button_and_a_code_and_everybody_reads_it(
    app: Flask, session: Session, keeper: Officer, clock: Clock
) -> None:
    in_april(app, session, clock, keeper)
    page = keeper.get(PATH)
    assert "Terbitkan: Semester kedua 2026" in page.text

    refused = keeper.send(page, PATH, period="2026-H2")
    code = keeper.fresh_code(clock)
    answer = keeper.send(refused, PATH, period="2026-H2", one_time_code=code)

    assert refused.status_code == 422
    assert answer.response.headers["Location"] == "/figures/2026-H2"
    shown = Person(app).get("/figures").text
    assert "sekitar 35" in shown
    assert "kurang dari 5" in shown
    assert "33" not in shown
    assert session.scalars(select(KeptTally)).all() == []
    for again in ("2026-H2", "", "2026", "2027-H1", "abc"):
        refused = keeper.send(page, PATH, period=again)
        assert refused.status_code == 409
        assert "sudah terbit" in refused.text


def test_nothing_is_published_by_a_clock_that_nobody_confirmed(
    app: Flask, session: Session, keeper: Officer, clock: Clock
) -> None:
    in_april(app, session, clock, keeper)
    page, runtime = keeper.get(PATH), app.extensions["lurus"]
    settings = replace(runtime.settings, clock_jump_days=60)
    app.extensions["lurus"] = replace(runtime, settings=settings)
    with transaction(session):
        note_day(session, clock.time.date() - dt.timedelta(days=100))

    answer = keeper.send(page, PATH, period="2026-H2")

    assert answer.status_code == 409
    assert "Jam melompat" in answer.text
    assert PATH not in [form.action for form in answer.forms]
    assert Person(app).get("/figures/2026-H2").status_code == 404


def test_who_came_later_is_asked_before_anything_is_left_out(
    app: Flask,
    session: Session,
    keeper: Officer,
    clock: Clock,
    new_officer: NewPerson,
) -> None:
    assert keeper
    in_april(app, session, clock)
    later = new_officer("Wulan Sari", role=Role.CUSTODIAN)
    hear_keys(session)
    page = later.get(PATH)

    refused = later.send(page, PATH, period="2026-H2")

    assert refused.status_code == 409
    assert "tidak terbuka dengan kunci Anda" in refused.text
    ticked = {"period": "2026-H2", "leaves_out": "yes"}
    asked = later.send(refused, PATH, **ticked)
    assert asked.form(PATH).value("leaves_out") == "yes"
    code = later.fresh_code(clock)
    later.send(asked, PATH, **ticked, one_time_code=code)
    assert (
        "Tidak semua yang berakhir bisa dihitung." in Person(app).get("/figures").text
    )


def test_what_changed_stands_above_the_counts(
    app: Flask, session: Session, keeper: Officer, new_officer: NewPerson, clock: Clock
) -> None:
    assert keeper
    budi = new_officer("Budi Santoso", role=Role.ADMINISTRATOR)
    published(app, session, clock, budi)
    path = "/admin/figures/2026-H2"
    page = budi.get(path)
    words = "Antrean bernomor.\n=1+1\n<b>tebal</b>"

    answer = budi.send(page, path, text_id=words, text_en="")

    assert answer.status_code == 303
    assert acts_on_record(session)[-1] == "improvements changed"
    for language in ("id", "en"):
        shown = Person(app).get(f"/figures?lang={language}").html
        assert shown.index("Antrean bernomor.") < shown.rindex("<h2>")
        assert "&lt;b&gt;tebal" in shown
    assert "Antrean bernomor." in budi.get(path).text


def test_too_long_a_text_comes_back_with_everything_in_it(
    session: Session, new_officer: NewPerson
) -> None:
    budi = new_officer("Budi Santoso", role=Role.ADMINISTRATOR)
    path = "/admin/figures/2026-H2"

    page = budi.send(budi.get(path), path, text_id="Panjang " * 200, text_en="Short.")

    assert page.status_code == 422
    assert "Panjang Panjang" in page.text
    assert "Short." in page.text
    assert improvements.find(session, H2) is None
    assert budi.get("/admin/figures/1999-H1").status_code == 404


def test_nothing_is_written_beside_figures_that_can_never_come(
    session: Session, new_officer: NewPerson
) -> None:
    budi = new_officer("Budi Santoso", role=Role.ADMINISTRATOR)
    count_since(session, H2.first + dt.timedelta(days=9))

    listed = improvements.list_writable(session, H2.next.last)

    assert [str(one) for one in listed] == ["2027", "2027-H1", "2026-H2"]
    assert budi.get("/admin/figures/2026").status_code == 404


BANDS = ("under-30", "30-to-59", "60-to-89", "90-or-more")


def test_the_sheet_has_fixed_columns_and_no_formula_and_nothing_that_was_edited(
    app: Flask, session: Session, keeper: Officer, new_officer: NewPerson, clock: Clock
) -> None:
    assert keeper
    budi = new_officer("Budi Santoso", role=Role.ADMINISTRATOR)
    published(app, session, clock, budi)
    path = "/admin/figures/2026-H2"
    budi.send(
        budi.get(path), path, text_id='=HYPERLINK("x")\n+1\n-1\n@x', text_en="a,b"
    )

    answer = Person(app).client.get("/figures/2026-H2.csv")

    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert answer.data.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"))))
    assert rows[0] == list(figure_sheets.COLUMNS)
    assert {len(row) for row in rows} == {4}
    assert not [row for row in rows if row[3].startswith(("=", "+", "-", "@"))]
    assert ["2026-H2", "totals", "ended", "35"] in rows
    assert ["2026-H2", "totals", "reminders", "<5"] in rows
    assert ["2026-H2", "group", "staff", "hidden"] in rows
    assert {row[2] for row in rows if row[1] == "end"} == set(BANDS)

    with transaction(session):
        row = session.scalars(select(PublicFigures)).one()
        row.body = row.body.replace("35", "95")
    page = Person(app).get("/figures?lang=en")

    assert page.status_code == 500
    assert "not as they were signed" in page.text
    assert Person(app).get("/figures/2026-H2.csv").status_code == 500
