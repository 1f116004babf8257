"""What the agency declared and signed enters the public trail as it was recorded."""

import datetime as dt

from builders import TODAY, add_officer
from sqlalchemy.orm import Session

from crypto.public_leaf import PublicKind
from portal.ledger_papers import list_papers
from portal.zone import (
    Declaration,
    OwnText,
    Statement,
    find_statement,
    keep_declaration,
    keep_statement,
)
from portal.zone_texts import Promise

SENTENCE = "id Saya tidak mencari.\nen I do not search.\n"
LONG_AGO = dt.date(2024, 1, 2)
DECLARED = Declaration(OwnText("Kami siap.\nSungguh."), "Aula", LONG_AGO)
SIGNED = Statement(
    *("Sutrisno Hadi", "Kepala Badan", LONG_AGO),
    {Promise.NO_SEARCH: OwnText("Saya tidak mencari.", "I do not search.")},
)


def published(session: Session) -> list[str]:
    papers = list_papers(session, PublicKind.DECLARATION)
    return sorted(paper.text.decode() for paper in papers)


def test_both_are_published_with_the_day_of_the_record_and_without_a_name(
    session: Session,
) -> None:
    rina = add_officer(session).person

    keep_declaration(session, DECLARED, TODAY, by=rina)
    keep_statement(session, SIGNED, TODAY, by=rina)

    day = TODAY.isoformat()
    assert published(session) == [
        f"declaration\nday {day}\ndeclared 2024-01-02\nplace Aula\nid Kami siap.\nSungguh.\n",
        f"statement\nday {day}\nsigned 2024-01-02\nposition Kepala Badan\n{SENTENCE}",
    ]


def test_where_nothing_was_signed_nothing_is_kept(session: Session) -> None:
    rina = add_officer(session).person
    nothing = Statement(SIGNED.name, SIGNED.position, SIGNED.signed_on, {})

    keep_statement(session, nothing, TODAY, by=rina)

    assert (find_statement(session), published(session)) == (None, [])


def test_what_was_taken_off_stays_in_the_trail(session: Session) -> None:
    rina = add_officer(session).person
    keep_statement(session, SIGNED, TODAY, by=rina)
    none = Statement(SIGNED.name, SIGNED.position, SIGNED.signed_on, {})

    keep_statement(session, none, TODAY + dt.timedelta(days=1), by=rina)

    before, after = sorted(published(session), key=len, reverse=True)
    assert "id Saya tidak mencari." in before
    assert after.endswith("position Kepala Badan\n")
