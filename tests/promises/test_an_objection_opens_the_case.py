"""Promise 22: an objection opens the case to the custodian, and no officer can undo it.

Through pages, with the clock moved: an early closing, the objection, what officers try,
the answer.
"""

import re

from conftest import Clock
from people import Officer, Page, Reporter
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.models import Case

TEXT = "Ada pungutan di loket tiga."
WHY = "Kuitansi itu tidak pernah diperiksa."
HERS = re.compile(r'href="(/custody/cases/[0-9a-f]{32})"')
OBJECT = "/case/object"


class Story:
    """A case that officers closed early, its reporter, and the custodian."""

    def __init__(self, reporter: Reporter, officer: Officer, keeper: Officer) -> None:
        self.reporter, self.officer, self.keeper = reporter, officer, keeper
        self.code = reporter.hand_in(TEXT)
        (self.theirs,) = officer.case_paths()
        self.move(to="acknowledged")

    def move(self, **step: str) -> Page:
        return self.officer.act(self.theirs, "status", **step)

    def keep(self, **step: str) -> Page:
        page = self.officer.get(self.theirs)
        return self.officer.send(page, f"{self.theirs}/keep", **step)

    def close(self) -> Page:
        words = {"outcome": "not-proven", "message": "Tidak terbukti."}
        return self.move(to="closed", **words)

    def mine(self) -> Page:
        """Return the reporter's page, in a browser that has just opened it."""
        self.reporter = Reporter(self.reporter.app)
        return self.reporter.open_case(self.code)

    def object(self, text: str = WHY, **fields: object) -> Page:
        self.mine()
        page = self.reporter.get(OBJECT)
        return self.reporter.send(page, OBJECT, text=text, **fields)

    def hers(self) -> str:
        """Let the custodian take up the duties; return where the case stands."""
        (path,) = HERS.findall(self.keeper.get("/custody/").html)
        self.keeper.send(self.keeper.get(path), f"{path}/duties")
        return path


def test_from_an_early_closing_to_the_custodians_answer(
    reporter: Reporter, officer: Officer, keeper: Officer, clock: Clock
) -> None:
    story = Story(reporter, officer, keeper)
    before = story.mine()
    story.close()
    clock.pass_by(days=20)
    offered = story.mine()

    asked = story.object()

    assert (OBJECT in before.html, OBJECT in offered.html) == (False, True)
    assert asked.status_code == 303
    waiting = story.mine()
    assert "26 Januari 2027" in waiting.text
    assert 'id="objection"' in waiting.html
    assert OBJECT not in waiting.html
    story.keeper.log_in(clock.timestamp)
    path = story.hers()
    page = story.keeper.get(path)
    assert TEXT in page.text
    assert WHY in page.text
    assert ('name="to"' in page.html, 'name="outcome"' in page.html) == (True, False)
    answered = story.keeper.act(path, "confirm", text="Buktinya memang tidak ada.")
    assert answered.status_code == 303
    assert "Buktinya memang tidak ada." in story.mine().text
    assert "/confirm" not in story.keeper.get(path).html


def test_what_a_custodian_decides_officers_lists_follow_at_their_next_visit(
    reporter: Reporter, officer: Officer, keeper: Officer, session: Session
) -> None:
    story = Story(reporter, officer, keeper)
    story.close()
    story.object()
    before = summary(session)
    story.keeper.act(story.hers(), "status", to="addressed")
    unvisited = summary(session)

    officer.get(story.theirs)

    assert unvisited == before
    assert summary(session) != before


def summary(session: Session) -> bytes:
    session.rollback()
    return session.scalars(select(Case.summary)).one()


def test_no_officer_can_undo_it(
    reporter: Reporter, officer: Officer, keeper: Officer, clock: Clock
) -> None:
    """Reopening, closing anew, another reader, holding back, letting go."""
    story = Story(reporter, officer, keeper)
    story.close()
    story.object()
    path = story.hers()
    story.move(to="addressed", reason="Kami periksa lagi.")
    story.close()
    story.keep(act="hold", reason="Tunggu dulu.")
    story.keep(act="let-go")
    story.officer.act(story.theirs, "recuse", reason="Saya terkait.")
    clock.pass_by(days=200)

    story.keeper.log_in(clock.timestamp)
    page = story.keeper.get(path)

    assert TEXT in page.text
    assert "/confirm" in page.html
    assert 'id="objection"' in story.mine().html
