"""A locked note: kept with a code, opened by its writer alone, destroyed at will."""

from people import Officer, Reporter
from sqlalchemy.orm import Session

from portal.models import NO_DAY, Case, Step

WORDS = "The drums are emptied at night."


def test_a_note_is_kept_and_opened_by_its_writer_alone(
    reporter: Reporter, officer: Officer, session: Session, clock
) -> None:
    code = reporter.keep("/note", what=WORDS)

    case = session.query(Case).one()
    assert (case.status, case.due_on, case.purge_on) == ("sealed", NO_DAY, None)
    assert [step.kind for step in session.query(Step)] == ["sealed"]
    page = reporter.open_case(code)
    assert 'data-status="sealed"' in page.html
    assert WORDS not in page.html
    reporter.send(page, "/case/mine")
    assert WORDS in reporter.get("/case").html
    officer.log_in(clock.timestamp)
    assert officer.case_paths() == []
    assert officer.get(f"/office/cases/{case.id.hex()}").status_code == 404


def test_what_was_typed_comes_back_with_what_is_wrong(reporter: Reporter) -> None:
    page = reporter.send(
        reporter.get("/note"), "/note", what="", who_name="Joko", step="preview"
    )

    assert page.status_code == 422
    assert "Joko" in page.html


def test_a_note_can_be_added_to_and_destroyed(
    reporter: Reporter, session: Session
) -> None:
    code = reporter.keep("/note", what=WORDS, kind="own-reminder")
    reporter.open_case(code)
    assert reporter.write("I spoke to him again.").status_code == 303

    ending = reporter.get("/case/end")
    reporter.send(ending, "/case/destroy", sure="yes")

    assert session.query(Case).count() == 0
    assert reporter.open_case(code).status_code == 422
