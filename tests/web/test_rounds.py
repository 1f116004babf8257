"""A custodian holds a round: one button, then numbers that stand nowhere else."""

import datetime as dt
from collections.abc import Callable

import pytest
from builders import duty_of
from conftest import Clock
from flask import Flask
from holds import WAYAN, hold, opens
from people import Officer, Page, Reporter
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from crypto import CaseCode, Cookie, ReleaseRule
from portal import round_reading
from portal.database import transaction
from portal.models import Case, KeyHandOver, Round
from portal.roles import Role
from portal.round_exports import export_round
from portal.runtime import Runtime
from portal.views.officer import lots

PATH = "/custody/round"


def test_a_round_is_held_with_one_button(
    app: Flask, session: Session, keeper: Officer
) -> None:
    codes = keep_two_who_name_the_same(app, session)
    rina = duty_of(session, "Rina Wulandari")
    page = keeper.get(PATH)
    assert "Belum ada putaran." in page.text
    assert "Isian yang tersimpan terkunci: 2." in page.text
    assert not any(opens(session, code, rina) for code in codes)

    answer = keeper.send(page, PATH)

    assert answer.status_code == 303
    page = keeper.get(PATH)
    assert numbers(page) == [0, 0, 2, 0, 0, 0]
    assert "Putaran terakhir: 7 Desember 2026" in page.text
    assert all(opens(session, code, rina) for code in codes)


def test_a_keeper_is_told_of_a_round_that_is_on_its_way(
    app: Flask, session: Session, keeper: Officer
) -> None:
    runtime: Runtime = app.extensions["lurus"]
    sri, gate = duty_of(session, "Sri Lestari"), runtime.gate_secret
    name, today = sri.person.name, runtime.today()
    before = keeper.get(PATH)
    export_round(session, name, gate, sri.instance, today)

    page = keeper.get(PATH)
    keeper.send(page, PATH)

    told = "ditulis ke berkas pada 7 Desember 2026"
    assert told not in before.text
    assert told in page.text
    assert told not in keeper.get(PATH).text


def test_long_work_goes_on_when_asked_to(
    app: Flask,
    session: Session,
    keeper: Officer,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    keep_two_who_name_the_same(app, session)
    monkeypatch.setattr(round_reading, "LOT", 1)
    monkeypatch.setattr(lots, "WORK_SECONDS", -1.0)

    pages = [keeper.get(PATH)]
    while not numbers(pages[-1]):
        assert keeper.send(pages[-1], PATH).status_code == 303
        pages.append(keeper.get(PATH))

    assert len(pages) > 3
    assert all("Lanjutkan" in page.text for page in pages[1:-1])
    assert numbers(pages[-1]) == [0, 0, 2, 0, 0, 0]


def test_the_page_for_the_files_names_round_day_and_keeper(
    app: Flask, session: Session, keeper: Officer
) -> None:
    assert keeper.get(PATH).status_code == 200
    keeper.send(keeper.get(PATH), PATH)

    answer = keeper.send(keeper.get(PATH), f"{PATH}/paper").response

    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.headers["Content-Disposition"] == "attachment; filename=round.pdf"
    assert answer.headers["Cache-Control"] == "no-store, no-transform"
    text = words_of(answer.data)
    line = session.scalars(select(Round.line)).one()
    assert line is not None
    for word in ("Putaran penjaga 1", "7 Desember 2026", "Sri Lestari"):
        assert word in text
    assert line.replace(" ", "") in "".join(text.split())


def test_there_is_no_page_for_the_files_before_a_round(
    app: Flask, keeper: Officer
) -> None:
    path = f"{PATH}/paper"
    key = Cookie.parse(keeper.cookie()).form_key(path, app.extensions["lurus"].instance)

    assert keeper.post(path, {"csrf_token": key}).status_code == 409


def test_who_has_not_been_heard_sees_why_there_is_no_button(
    app: Flask, session: Session, officer: Officer, keeper: Officer
) -> None:
    before = keeper.get(PATH)
    rina, sri = (duty_of(session, name) for name in ("Rina Wulandari", "Sri Lestari"))
    with transaction(session):
        session.merge(
            KeyHandOver(
                giver_id=rina.person.id,
                receiver_id=sri.person.id,
                reached=bytes(16),
                is_done=False,
            )
        )

    page, refused = keeper.get(PATH), keeper.send(before, PATH)

    assert "Anda belum dapat menjalankan putaran." in page.text
    assert "Jalankan putaran sekarang" not in page.text
    assert refused.status_code == 409
    assert "Anda belum dapat menjalankan putaran." in refused.text


def test_a_clock_that_was_set_back_is_named(
    session: Session, keeper: Officer, clock: Clock
) -> None:
    keeper.send(keeper.get(PATH), PATH)
    with transaction(session):
        session.execute(update(Round).values(day=clock().date() + dt.timedelta(days=9)))

    page = keeper.get(PATH)

    assert "Putaran terakhir bertanggal sesudah hari ini." in page.text
    assert "Jalankan putaran sekarang" not in page.text


def test_missed_rounds_are_said_to_keepers_and_to_everybody(
    reporter: Reporter, keeper: Officer, clock: Clock
) -> None:
    assert "tidak terlaksana" not in reporter.get("/keys").text
    clock.pass_by(days=15)
    keeper.log_in(clock.timestamp)

    sentence = "2 putaran tidak terlaksana."
    assert sentence in keeper.get(PATH).text
    assert sentence in reporter.get("/keys").text

    keeper.send(keeper.get(PATH), PATH)

    assert sentence not in keeper.get(PATH).text
    public = reporter.get("/keys").text
    assert sentence not in public
    assert "Putaran terakhir untuk isian yang terkunci: 22 Desember 2026" in public


def test_a_keeper_who_is_alone_is_warned(
    keeper: Officer, new_officer: Callable[..., Officer]
) -> None:
    sentence = "Belum ada penjaga kedua."
    assert sentence in keeper.get(PATH).text

    new_officer("Budi Santoso", role=Role.CUSTODIAN)

    assert sentence not in keeper.get(PATH).text


def test_the_record_names_the_round_and_nothing_of_it(
    app: Flask, session: Session, keeper: Officer
) -> None:
    keep_two_who_name_the_same(app, session)
    keeper.send(keeper.get(PATH), PATH)

    page = keeper.get("/admin/audit")

    assert "menjalankan putaran" in page.text
    assert "memulai putaran" in page.text


def test_a_writer_sees_the_same_before_and_after_a_match(
    app: Flask, session: Session, keeper: Officer
) -> None:
    # The day of the last round stands on the page: one was held before.
    keeper.send(keeper.get(PATH), PATH)
    code, _other = keep_two_who_name_the_same(app, session)
    before = seen_by(Reporter(app), code)

    keeper.send(keeper.get(PATH), PATH)

    assert seen_by(Reporter(app), code) == before


def test_an_open_page_ends_with_its_way_in(
    app: Flask, session: Session, keeper: Officer
) -> None:
    code, _other = keep_two_who_name_the_same(app, session, ReleaseRule.MATCH_2_ONLY)
    writer = Reporter(app)
    writer.open_case(code.reveal())
    with transaction(session):
        session.execute(update(Case).values(reporter_lock=b"\x01" + bytes(112)))

    page = writer.get("/case")

    assert page.status_code < 500
    assert 'data-status="sealed"' not in page.html


def keep_two_who_name_the_same(
    app: Flask, session: Session, rule: ReleaseRule = ReleaseRule.MATCH_2
) -> tuple[CaseCode, CaseCode]:
    rina = duty_of(session, "Rina Wulandari")
    here: Runtime = app.extensions["lurus"]
    first, second = (
        hold(session, rina, rule=rule, subject=WAYAN, gate=here.gate_secret)
        for _ in range(2)
    )
    return first, second


def numbers(page: Page) -> list[int]:
    """Return the counts of the last round; none: there was no round."""
    result = page.html.partition('id="result"')[2]
    return [int(part.partition("<")[0]) for part in result.split("<dd>")[1:]]


def seen_by(writer: Reporter, code: CaseCode) -> str:
    page = writer.open_case(code.reveal())
    main = page.html.partition("<main")[2].partition("</main>")[0]
    return "".join(part.partition('">')[2] for part in main.split('name="csrf_token"'))


def words_of(content: bytes) -> str:
    """Return what a page says."""
    import pypdfium2

    document = pypdfium2.PdfDocument(content)
    assert len(document) == 1
    text = document[0].get_textpage().get_text_range()
    document.close()
    return " ".join(str(text).split())
