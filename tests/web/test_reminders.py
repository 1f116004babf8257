"""Remind first: five questions, whom, and a leaflet that an officer passes on."""

import re

import pytest
from asking import MEANT, NAMES, add_staff
from builders import TODAY, duty_of
from people import Officer, Page, Reporter, code_on
from sqlalchemy.orm import Session

from portal import conflicts
from portal.conflicts import Declaration
from portal.models import Case, Leaflet, Reply

ANSWERS = {"category": "DISIP", "others_know": "5-9", "only_witness": "no"}


def answered(reporter: Reporter, **answers: str) -> Page:
    """Return the page behind the five questions."""
    said = ANSWERS | answers
    reporter.get("/?lang=en")
    return reporter.send(reporter.get("/remind"), "/remind", asked="yes", **said)


def searched(reporter: Reporter, page: Page, name: str = MEANT) -> Page:
    return reporter.send(page, "/remind", step="search", who_search=name)


def chosen_id(page: Page, name: str = MEANT) -> str:
    found = re.findall(r'name="who" value="(\w+)"[^>]*><span><b>([^<]+)', page.html)
    return next(value for value, shown in found if shown == name)


def previewed(reporter: Reporter, name: str = MEANT, **answers: str) -> Page:
    """Return the preview of a request about somebody."""
    more = {key: answers.pop(key) for key in ("way", "received_on") if key in answers}
    page = searched(reporter, answered(reporter, **answers), name)
    fields = {"who": chosen_id(page, name), "step": "preview"} | more
    return reporter.send(page, "/remind", **fields)


def asked_for(reporter: Reporter, name: str = MEANT, **answers: str) -> str:
    """Ask for a reminder; return the code."""
    page = previewed(reporter, name, **answers)
    assert page.status_code == 200, page.text
    return code_on(reporter.send(page, "/remind", step="hand-in"))


def test_somebody_asks_for_a_reminder(reporter: Reporter, session: Session) -> None:
    add_staff(session)

    code = asked_for(reporter)

    page = reporter.open_case(code)
    assert 'data-status="sealed"' in page.html
    assert MEANT not in page.html
    assert "on a day that is drawn" in page.text
    assert session.query(Case).one().status == "sealed"


def test_five_questions_come_first(reporter: Reporter, session: Session) -> None:
    add_staff(session)
    reporter.get("/?lang=en")
    page = reporter.get("/remind")

    assert "This is not a report yet." in page.text
    assert 'name="who_search"' not in page.html
    assert 'name="who_search"' in answered(reporter).html


def test_a_kind_that_is_never_reminded_says_why(
    reporter: Reporter, session: Session
) -> None:
    add_staff(session)
    page = answered(reporter, category="SUAP")

    assert "Not open for this." in page.text
    assert 'name="who_search"' not in page.html


def test_without_a_kind_it_asks_for_one(reporter: Reporter, session: Session) -> None:
    add_staff(session)
    page = answered(reporter, category="")

    assert page.status_code == 422
    assert "Please choose what kind it is" in page.text


def test_without_a_staff_list_nobody_can_be_reminded(reporter: Reporter) -> None:
    page = answered(reporter)

    assert page.status_code == 422
    assert "no staff list" in page.text


def test_few_know_so_it_goes_to_six(reporter: Reporter, session: Session) -> None:
    add_staff(session)
    page = answered(reporter, others_know="1-2")

    assert 'value="putaran"' in page.html
    assert 'value="personal"' not in page.html


def test_few_know_and_a_forged_form_asks_for_one_alone(
    reporter: Reporter, session: Session
) -> None:
    add_staff(session)
    page = previewed(reporter, others_know="1-2", way="personal")

    assert page.status_code == 422


def test_the_form_shows_what_the_colleague_reads_and_when(
    reporter: Reporter, session: Session
) -> None:
    add_staff(session)
    page = answered(reporter)

    assert "This is a courtesy reminder, no summons and no inquiry." in page.text
    assert "it is delivered between" in page.text
    assert "Your colleague may still guess who asked." in page.text


def test_nobody_is_chosen_so_nothing_is_lost(
    reporter: Reporter, session: Session
) -> None:
    add_staff(session)
    page = searched(reporter, answered(reporter), "Bag")
    page = reporter.send(page, "/remind", step="preview")

    assert page.status_code == 422
    assert 'value="Bag"' in page.html
    assert page.form("/remind").value("category") == "DISIP"


def test_an_officer_is_not_reminded_through_officers(
    reporter: Reporter, session: Session
) -> None:
    add_staff(session, "Rina Wulandari", *NAMES)
    page = previewed(reporter, "Rina Wulandari")

    assert page.status_code == 422
    assert "works with the portal" in page.text
    assert session.query(Case).count() == 0


def test_only_officers_with_a_conflict_are_left(
    reporter: Reporter, session: Session
) -> None:
    add_staff(session)
    rina = duty_of(session, "Rina Wulandari")
    secret = reporter_secret(reporter)
    conflicts.declare(session, rina, Declaration(persons=(MEANT,)), secret, TODAY)
    page = previewed(reporter)

    assert page.status_code == 422
    assert "At least one officer must be able to read it." in page.text


def reporter_secret(reporter: Reporter):
    return reporter.app.extensions["lurus"].secret


def replied(reporter: Reporter, code: str, text: str) -> Page:
    reporter.get("/?lang=en")
    return reporter.send(reporter.get("/reply"), "/reply", code=code, text=text)


def entry_path(officer: Officer) -> str:
    found = re.findall(
        r'href="(/office/entries/\w{32})"', officer.get("/office/reminders").html
    )
    return found[0]


def test_a_reminder_is_delivered_and_answered(
    reporter: Reporter, officer: Officer, session: Session, clock, app
) -> None:
    add_staff(session)
    code = asked_for(reporter)
    officer.log_in(clock.timestamp)
    officer.get("/office/?lang=en")
    path = entry_path(officer)

    early = officer.get(path)
    assert f"{path}/deliver" not in early.html
    clock.pass_by(days=14)
    officer.log_in(clock.timestamp)
    page = officer.get(path)
    assert MEANT in page.text
    # The days were drawn: by now they have come, and may be over.
    assert f"{path}/deliver" in page.html
    letter = officer.get(f"{path}/letter")
    assert MEANT not in letter.text
    assert officer.send(page, f"{path}/deliver").status_code == 303

    colleague = Reporter(app)
    reply_code = re.findall(r"code ((?:\w{4}-){4}\w{4})", letter.text)[0]
    answer = replied(colleague, reply_code.lower().replace("-", " "), "I was on leave.")
    assert answer.response.location == "/reply/received"

    assert "I was on leave." in officer.get(path).text
    shown = reporter.open_case(code).text
    assert "The reminder was delivered on 21 December 2026." in shown
    assert "I was on leave." not in shown
    assert "To be passed on" not in officer.get("/office/reminders").text


def test_a_reminder_is_declined_with_a_reason(
    reporter: Reporter, officer: Officer, session: Session, clock
) -> None:
    add_staff(session)
    code = asked_for(reporter)
    officer.log_in(clock.timestamp)
    officer.get("/office/?lang=en")
    path = entry_path(officer)

    refused = officer.send(officer.get(path), f"{path}/decline", reason=" ")
    assert refused.status_code == 422
    officer.send(refused, f"{path}/decline", reason="Please report it instead.")

    shown = reporter.open_case(code).text
    assert "No reminder is delivered. The reason: Please report it instead." in shown
    assert f"{path}/deliver" not in officer.get(path).html
    assert "I was" not in officer.get("/office/reminders").text


@pytest.mark.parametrize(
    ("code", "sentence"),
    [
        ("9SXY-JB03-FR5A-6TXN-JF0C", "This code opens nothing."),
        ("9SXY-JB03-FR5A-6TXN-JFOD", "Something is mistyped"),
        ("", "Please type the code on the sheet."),
    ],
)
def test_a_wrong_reply_code_says_so_and_keeps_the_text(
    reporter: Reporter, session: Session, code: str, sentence: str
) -> None:
    page = replied(reporter, code, "I was on leave.")

    assert page.status_code == 422
    assert sentence in page.text
    assert "I was on leave." in page.html
    assert session.query(Reply).count() == session.query(Leaflet).count() == 0


def test_a_late_reminder_for_a_gift_is_refused_with_what_to_do(
    reporter: Reporter, session: Session
) -> None:
    add_staff(session)
    gift = {"category": "GRAT", "condition": "yes", "received_on": "20/10/2026"}
    page = previewed(reporter, **gift)

    assert page.status_code == 422
    assert "There is no time left for a reminder." in page.text
    assert "Open instead:" in page.text
    assert 'href="/mend#gift"' in page.html


def test_a_gift_shows_both_last_days(reporter: Reporter, session: Session) -> None:
    add_staff(session)
    gift = {"category": "GRAT", "condition": "yes", "received_on": "4/12/2026"}
    page = previewed(reporter, **gift)

    assert page.status_code == 200
    assert "Last day to report to the UPG: 18 December 2026" in page.text
    assert "Last day to report to the KPK:" in page.text


def test_a_day_that_cannot_be_read_is_kept(
    reporter: Reporter, session: Session
) -> None:
    add_staff(session)
    gift = {"category": "GRAT", "condition": "yes", "received_on": "32/13/2026"}
    page = previewed(reporter, **gift)

    assert page.status_code == 422
    assert 'value="32/13/2026"' in page.html
