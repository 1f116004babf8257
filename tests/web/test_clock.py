"""The clock has jumped: administrators see it on every page, and one confirms."""

import datetime as dt
import re
from collections.abc import Callable
from dataclasses import replace

from conftest import Clock
from flask import Flask
from people import Administrator, Officer, Person
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.clock_guard import note_day
from portal.database import transaction
from portal.ledger import list_sizes
from portal.models import Round
from portal.roles import Role

WAITS = "The clock has jumped"


def believe(app: Flask, days: int) -> None:
    """Let the clock be believed so many days ahead."""
    runtime = app.extensions["lurus"]
    settings = replace(runtime.settings, clock_jump_days=days)
    runtime.tender._guard = settings.clock_guard
    app.extensions["lurus"] = replace(runtime, settings=settings)


def test_an_administrator_confirms_the_clock_with_a_second_factor(
    app: Flask,
    clock: Clock,
    session: Session,
    new_officer: Callable[..., Officer],
):
    believe(app, 60)
    keeper = new_officer("Budi Santoso", role=Role.ADMINISTRATOR)
    assert isinstance(keeper, Administrator)
    assert WAITS not in keeper.get("/admin/?lang=en").text

    clock.pass_by(days=90)
    keeper.log_in(clock.timestamp)

    page = keeper.get("/admin/clock?lang=en")
    assert WAITS in keeper.get("/admin/").text
    assert "last done on 7 December 2026" in page.text
    wrong = keeper.send(page, "/admin/clock", one_time_code="000000")
    session.rollback()
    assert (wrong.status_code, list_sizes(session)) == (422, [])
    # Whoever reports is not kept from it.
    assert Person(app).get("/report").status_code == 200

    clock.pass_by(seconds=30)
    code = keeper.code(clock.timestamp)
    done = keeper.send(wrong, "/admin/clock", one_time_code=code)

    assert done.status_code == 303
    clock.pass_by(minutes=1)
    assert "It is believed" in keeper.get("/admin/clock").text
    session.rollback()
    assert len(list_sizes(session)) == 1
    assert not re.search(WAITS, keeper.get("/admin/").text)


def test_no_keeper_opens_anything_by_a_clock_that_nobody_confirmed(
    app: Flask, clock: Clock, session: Session, keeper: Officer
):
    path = "/custody/round"
    believe(app, 60)
    before = keeper.get(path)
    with transaction(session):
        note_day(session, clock.time.date() - dt.timedelta(days=400))

    answer = keeper.send(before, path)

    assert answer.status_code == 409
    assert "Jam melompat" in answer.text
    assert path not in [form.action for form in answer.forms]
    session.rollback()
    assert session.scalars(select(Round.number)).all() == []
