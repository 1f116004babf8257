"""A reporter withdraws or destroys a report, and sees until when a case stays."""

import re

import pytest
from attackers import body_size
from builders import duty_of
from conftest import Clock
from flask import Flask
from people import Officer, Page, Reporter
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal import custody
from portal.models import Case
from portal.views.words import day

WHAT = "Pungutan di loket tiga."


def end(reporter: Reporter, way: str, **fields: str) -> Page:
    return reporter.send(reporter.get("/case/end"), f"/case/{way}", **fields)


def opened(reporter: Reporter, **answers: str) -> str:
    """Hand in a report and open its case."""
    code = reporter.hand_in(WHAT, **answers)
    reporter.open_case(code)
    return code


def only_case(session: Session) -> Case:
    session.rollback()
    return session.scalars(select(Case).execution_options(populate_existing=True)).one()


def close(officer: Officer, outcome: str = "not-proven") -> str:
    (path,) = officer.case_paths()
    officer.act(path, "status", to="acknowledged")
    officer.act(path, "status", to="closed", outcome=outcome, message="Terima kasih.")
    return path


def test_a_report_is_withdrawn_on_a_page_of_its_own(reporter: Reporter) -> None:
    opened(reporter)
    assert 'href="/case/end"' in reporter.get("/case").html

    page = end(reporter, "withdraw", sure="yes")

    assert page.status_code == 303
    assert 'data-status="withdrawn"' in reporter.get("/case").html


def test_withdrawing_says_that_it_may_not_stop_it(reporter: Reporter) -> None:
    opened(reporter)

    page = reporter.get("/case/end")

    assert "Mencabut laporan tidak selalu menghentikannya" in page.text
    assert (
        "Mencabut laporan tidak selalu menghentikannya" in reporter.get("/limits").text
    )


@pytest.mark.parametrize("way", ["withdraw", "destroy"])
def test_neither_happens_before_the_box_is_ticked(
    reporter: Reporter, keeper: Officer, session: Session, way: str
) -> None:
    assert keeper
    opened(reporter)

    page = end(reporter, way, demanded="yes")

    assert page.status_code == 422
    assert "centang kotaknya" in page.text
    assert page.form("/case/withdraw").value("demanded") == (
        "yes" if way == "withdraw" else "no"
    )
    assert only_case(session).status == "submitted"


def test_a_keeper_learns_of_a_demand_and_nobody_else_sees_it(
    reporter: Reporter, keeper: Officer, officer: Officer, session: Session
) -> None:
    opened(reporter)
    case_id = only_case(session).id.hex()

    end(reporter, "withdraw", sure="yes", demanded="yes")

    (path,) = officer.case_paths()
    assert case_id in keeper.get("/custody/").html
    assert "menuntut" not in officer.get(path).text
    assert "menuntut" not in reporter.get("/case").text


def test_a_keeper_is_told_nothing_of_a_free_withdrawal(
    reporter: Reporter, keeper: Officer, session: Session
) -> None:
    opened(reporter)

    end(reporter, "withdraw", sure="yes")

    duty = duty_of(session, "Sri Lestari")
    assert only_case(session).id.hex() not in keeper.get("/custody/").html
    assert custody.list_notices(session, duty) == ()


def test_pages_are_the_same_whether_or_not_it_was_demanded(
    reporter: Reporter, keeper: Officer, officer: Officer
) -> None:
    shown = []
    for demanded in ("yes", "no"):
        person = Reporter(reporter.app)
        opened(person)
        end(person, "withdraw", sure="yes", demanded=demanded)
        shown.append(person.get("/case"))

    paths = officer.case_paths()
    first, second = (officer.get(path) for path in paths)
    assert keeper
    assert len(shown[0].html) == len(shown[1].html)
    assert without_days(shown[0]) == without_days(shown[1])
    assert without_days(first) == without_days(second)


def without_days(page: Page) -> str:
    return re.sub(r"\d+ \w+ 20\d\d", "", page.text)


def test_who_cannot_tell_a_keeper_is_told_who_can_help(reporter: Reporter) -> None:
    opened(reporter)

    page = reporter.get("/case/end")

    assert 'name="demanded"' not in page.html
    assert 'href="/guidance"' in page.html


def test_a_report_that_nobody_acknowledged_is_destroyed(
    reporter: Reporter, officer: Officer, session: Session
) -> None:
    code = opened(reporter)

    page = end(reporter, "destroy", sure="yes")

    assert page.status_code == 303
    assert "Clear-Site-Data" in page.response.headers
    assert session.scalar(select(Case)) is None
    assert officer.case_paths() == []
    assert "tidak membuka apa pun" in Reporter(reporter.app).open_case(code).text


def test_the_browser_that_destroyed_it_is_told_so_for_a_moment(
    reporter: Reporter, clock: Clock
) -> None:
    opened(reporter)
    end(reporter, "destroy", sure="yes")

    now = reporter.get("/case")
    clock.pass_by(minutes=3)
    later = reporter.get("/case")

    assert "sudah dimusnahkan" in now.text
    assert "sudah dimusnahkan" not in later.text
    assert body_size(now) == body_size(later)


def test_a_reader_elsewhere_is_not_told_what_was_there(reporter: Reporter) -> None:
    code = opened(reporter)
    other = Reporter(reporter.app)
    other.open_case(code)
    end(reporter, "destroy", sure="yes")

    page = other.get("/case")

    assert page.status_code == 200
    assert "sudah dimusnahkan" not in page.text
    assert page.form("/case/open")


def test_a_second_click_says_how_to_find_out(reporter: Reporter) -> None:
    opened(reporter)
    page = reporter.get("/case/end")
    cookie = reporter.cookie()
    reporter.send(page, "/case/destroy", sure="yes")
    reporter.client.set_cookie("session", cookie, domain="localhost")

    second = reporter.send(page, "/case/destroy", sure="yes")

    assert second.status_code == 403
    assert "Kode Anda" in second.text


def test_an_officer_who_was_faster_keeps_the_report(
    reporter: Reporter, officer: Officer, session: Session
) -> None:
    opened(reporter)
    page = reporter.get("/case/end")
    (path,) = officer.case_paths()
    officer.act(path, "status", to="acknowledged")

    refused = reporter.send(page, "/case/destroy", sure="yes")

    assert refused.status_code == 409
    assert "tidak bisa dimusnahkan lagi" in refused.text
    assert only_case(session).status == "acknowledged"
    assert 'action="/case/destroy"' not in refused.html


def test_an_officer_whose_page_is_open_finds_no_case(
    reporter: Reporter, officer: Officer
) -> None:
    opened(reporter)
    (path,) = officer.case_paths()
    page = officer.get(path)
    end(reporter, "destroy", sure="yes")

    answered = officer.send(page, f"{path}/message", text="Di loket mana?")
    looked = officer.get(path)

    assert (answered.status_code, looked.status_code) == (404, 404)
    assert "Di loket mana?" in answered.html


def test_a_destroyed_report_is_not_handed_in_again_by_its_form(
    reporter: Reporter, session: Session
) -> None:
    preview = reporter.preview(WHAT)
    first = reporter.send(preview, "/report", step="hand-in")
    code = "-".join(re.findall(r"[0-9A-Z]{4}", re.sub(r"<[^>]+>", " ", output(first))))
    reporter.open_case(code)
    end(reporter, "destroy", sure="yes")

    again = reporter.send(preview, "/report", step="hand-in")

    assert again.status_code < 500
    assert session.scalar(select(Case)) is None
    assert "tidak membuka apa pun" in reporter.open_case(code).text


def output(page: Page) -> str:
    found = re.search(
        r'<output id="case-code"[^>]*>(.*?)</output>', page.html, re.DOTALL
    )
    assert found is not None
    return found[1]


def test_a_case_that_goes_on_shows_no_day(reporter: Reporter) -> None:
    opened(reporter)

    assert 'id="keeping"' not in reporter.get("/case").html


def test_both_sides_see_the_day_of_a_closed_case(
    reporter: Reporter, officer: Officer, session: Session, app: Flask
) -> None:
    opened(reporter)
    path = close(officer)
    with app.test_request_context():
        shown = day(only_case(session).purge_on)

    mine, theirs = reporter.get("/case"), officer.get(path)

    assert f"dimusnahkan pada {shown}" in mine.text
    assert "paling lama 30 hari lagi" in mine.text
    assert shown in theirs.text
    assert 'href="/case/end"' not in mine.html
    assert reporter.get("/case/end").status_code == 303


def test_a_closed_case_opens_until_its_day_and_not_on_it(
    reporter: Reporter, officer: Officer, session: Session, clock: Clock
) -> None:
    code = opened(reporter)
    close(officer)
    days = (only_case(session).purge_on - clock().date()).days

    clock.pass_by(days=days - 1)
    before = reporter.open_case(code)
    clock.pass_by(days=1)
    after = reporter.open_case(code)

    assert 'data-status="closed"' in before.html
    assert "tidak membuka apa pun" in after.text


def test_a_case_held_back_says_so_to_its_reporter_and_not_why(
    reporter: Reporter, officer: Officer, clock: Clock
) -> None:
    code = opened(reporter)
    path = close(officer)
    officer.act(path, "keep", reason="Sidang masih berjalan.")
    clock.pass_by(days=400)

    mine = reporter.open_case(code)

    assert "menyimpan kasus ini lebih lama" in mine.text
    assert "Sidang" not in mine.text


def test_who_holds_a_case_back_gives_a_reason(
    reporter: Reporter, officer: Officer
) -> None:
    opened(reporter)
    path = close(officer)

    page = officer.act(path, "keep")

    assert page.status_code == 422
    assert page.form(f"{path}/keep").value("act") == "hold"


def test_a_case_that_was_let_go_shows_a_day_again(
    reporter: Reporter, officer: Officer
) -> None:
    opened(reporter)
    path = close(officer)
    officer.act(path, "keep", reason="Sidang masih berjalan.")

    officer.act(path, "keep")

    assert "dimusnahkan pada" in reporter.get("/case").text


def test_two_officers_who_hold_it_back_at_once_do_it_once(
    reporter: Reporter, officer: Officer
) -> None:
    opened(reporter)
    path = close(officer)
    page = officer.get(path)
    officer.send(page, f"{path}/keep", reason="Sidang.")

    second = officer.send(page, f"{path}/keep", reason="Sidang juga.")

    assert second.status_code == 409
    assert "Sidang juga." in second.form(f"{path}/keep").value("reason")


def test_a_case_that_goes_on_cannot_be_held_back(
    reporter: Reporter, officer: Officer
) -> None:
    opened(reporter)
    (path,) = officer.case_paths()
    key = officer.form_key(f"{path}/keep")

    page = officer.post(
        f"{path}/keep", {"csrf_token": key, "act": "hold", "reason": "x"}
    )

    assert page.status_code == 409
    assert 'id="keeping"' not in officer.get(path).html


def test_the_list_shows_what_goes_next_month_and_what_is_held_back(
    reporter: Reporter, officer: Officer, clock: Clock
) -> None:
    opened(reporter)
    path = close(officer)
    early = officer.get("/office/going")
    officer.act(path, "keep", reason="Sidang.")
    held = officer.get("/office/going")
    officer.act(path, "keep")

    clock.pass_by(days=45)
    officer.log_in(clock.timestamp)
    late = officer.get("/office/going")

    assert path not in early.html
    assert path in held.html
    assert "ditahan" in held.text
    assert path in late.html


def test_a_colleague_who_may_not_read_sees_nothing_on_the_list(
    reporter: Reporter, officer: Officer, new_officer, session: Session
) -> None:
    joko = new_officer("Joko Prasetyo")
    reporter.open_case(reporter.hand_in(WHAT, readers=[reader_id(session)]))
    path = close(officer)
    officer.act(path, "keep", reason="Sidang.")

    page = joko.get("/office/going")

    assert path in officer.get("/office/going").html
    assert path not in page.html


def reader_id(session: Session) -> str:
    return duty_of(session, "Rina Wulandari").person.id.hex()


@pytest.mark.parametrize("after", ["", "x", "AAAA", "_" * 27, "A" * 27])
def test_a_damaged_place_is_the_beginning(officer: Officer, after: str) -> None:
    assert officer.get(f"/office/going?after={after}").status_code == 200
