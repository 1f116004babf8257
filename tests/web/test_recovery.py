"""The last key: an officer who has lost everything comes back with two papers."""

import re

import pytest
from builders import acts_on_record, make_shares
from conftest import Clock
from people import Officer, Page, Reporter
from sqlalchemy import select
from sqlalchemy.orm import Session

from crypto import Identity, RecoveryShare, combine, split
from portal.invitations import invite, invite_again
from portal.models import Person, Wrap
from portal.recovery import find_recoverable, paper_key, read_status
from portal.roles import Role
from portal.settings import Settings

NAME = "Rina Wulandari"
NEW_PASSPHRASE = "perahu-hijau-tidur-siang-lama"


def new_link(session: Session, settings: Settings, clock: Clock) -> str:
    """What the administrator hands over to somebody who cannot get in."""
    token = invite_again(session, NAME, today=clock().date())
    return f"{settings.address}/office/invite/{token}"


def rows_of(session: Session, name: str = NAME) -> tuple[Person, dict[bytes, bytes]]:
    session.rollback()
    session.expire_all()
    person = session.scalars(select(Person).where(Person.name == name)).one()
    wraps = session.execute(
        select(Wrap.case_id, Wrap.wrap).where(Wrap.holder_id == person.id)
    )
    # As it is now: the next look shall not change it.
    session.expunge(person)
    return person, {row.case_id: row.wrap for row in wraps}


def recovered(session: Session, shares: list[RecoveryShare]) -> str:
    """What `lurus recover officer` prints."""
    session.rollback()
    session.expire_all()
    return paper_key(find_recoverable(session, NAME).recover(shares))


def test_an_officer_who_lost_everything_reads_the_old_cases_again(
    reporter: Reporter,
    officer: Officer,
    session: Session,
    settings: Settings,
    clock: Clock,
) -> None:
    code = reporter.hand_in("Ada pungutan di loket tiga.")
    shares = make_shares(session)
    clock.pass_by(seconds=60)
    officer.log_in(clock.timestamp)
    (path,) = officer.case_paths()
    before, wraps = rows_of(session)
    lost = officer.credentials

    paper = recovered(session, [shares[2], shares[0]])
    rina = Officer(officer.app)
    rina.credentials = lost
    link = new_link(session, settings, clock)
    page = rina.return_with(paper, link, clock.timestamp, NEW_PASSPHRASE)

    assert page.status_code == 303
    # The session of before has ended; the old passphrase opens nothing.
    assert officer.get(path).status_code == 303
    officer.credentials = lost
    clock.pass_by(seconds=60)
    assert officer.log_in(clock.timestamp).status_code == 403
    clock.pass_by(seconds=60)
    assert rina.log_in(clock.timestamp).status_code == 200
    assert rina.case_paths() == [path]
    assert "Ada pungutan di loket tiga." in rina.get(path).text
    rina.act(path, "message", text="Kami kembali.")
    assert "Kami kembali." in reporter.open_case(code).text
    after, kept = rows_of(session)
    assert after.recipient == before.recipient
    assert after.key_since == before.key_since
    assert kept == wraps
    assert "recovered" in acts_on_record(session)
    assert read_status(session).used_on == clock().date()


def test_new_shares_after_a_recovery_end_the_old_ones(
    officer: Officer, session: Session, settings: Settings, clock: Clock
) -> None:
    old = make_shares(session)
    officer.log_in(clock.timestamp)
    paper = recovered(session, old[:2])
    link = new_link(session, settings, clock)
    officer.return_with(paper, link, clock.timestamp, NEW_PASSPHRASE)

    new = make_shares(session, today=clock().date())
    clock.pass_by(seconds=60)
    officer.log_in(clock.timestamp)

    assert read_status(session).used_on is None
    assert recovered(session, new[:2])


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("", "Please type the words."),
        ("satu dua tiga", "Each paper has 33 words; here are 3 in all."),
        ("zebra " * 33, "Paper 1: word 1 is in no list of such words."),
        ("acid " * 33, "Paper 1: a word is wrong, or two have changed places."),
        (split(Identity.generate())[0], "2 papers are needed; here is 1."),
        (
            "\n".join([split(Identity.generate())[0], split(Identity.generate())[1]]),
            "These papers do not belong together.",
        ),
        (
            split(Identity.generate(), need=1, of=1)[0],
            "These words are not the key of this account.",
        ),
    ],
)
def test_words_that_are_not_the_key_change_nothing_and_come_back(
    officer: Officer,
    session: Session,
    settings: Settings,
    clock: Clock,
    typed: str,
    sentence: str,
) -> None:
    link = new_link(session, settings, clock)
    before = rows_of(session)[0].locked_identity

    page = in_english(officer, typed, link, clock)

    assert page.status_code == 422
    assert sentence in page.text
    path = link.removeprefix(settings.address)
    assert page.form(f"{path}/paper").value("paper").split() == typed.split()
    assert rows_of(session)[0].locked_identity == before
    # The link is not used up, and the session that is open goes on.
    assert officer.get(path).status_code == 200
    assert officer.get("/office/").status_code == 200


def in_english(officer: Officer, typed: str, link: str, clock: Clock) -> Page:
    officer.get("/?lang=en")
    return officer.return_with(typed, link, clock.timestamp, NEW_PASSPHRASE)


def test_the_page_of_a_new_link_leads_to_the_paper_and_that_of_a_first_does_not(
    officer: Officer, session: Session, settings: Settings, clock: Clock
) -> None:
    path = new_link(session, settings, clock).removeprefix(settings.address)
    first = invite(
        session,
        "Joko Prasetyo",
        position="",
        unit="",
        roles=frozenset({Role.OFFICER}),
        today=clock().date(),
    )

    assert f'href="{path}/paper"' in officer.get(path).html
    assert "/paper" not in officer.get(f"/office/invite/{first}").html
    assert officer.get(f"/office/invite/{first}/paper").status_code == 404
    assert officer.get("/office/invite/unknown/paper").status_code == 404


def test_a_custodian_comes_back_with_two_of_the_own_shares(
    officer: Officer, session: Session, settings: Settings, clock: Clock
) -> None:
    token = invite(
        session,
        "Dewi Lestari",
        position="Notaris",
        unit="Luar",
        roles=frozenset({Role.CUSTODIAN}),
        today=clock().date(),
    )
    dewi, link = Officer(officer.app), f"{settings.address}/office/invite/{token}"
    make_shares(session)

    page = dewi.enrol_to_the_end(link, clock.timestamp)
    papers = papers_on(page)
    before, _wraps = rows_of(session, "Dewi Lestari")
    again = invite_again(session, "Dewi Lestari", today=clock().date())
    back = dewi.return_with(
        f"{papers[2]}\n\n{papers[0]}",
        f"{settings.address}/office/invite/{again}",
        clock.timestamp,
        NEW_PASSPHRASE,
    )

    assert (page.status_code, len(papers), back.status_code) == (200, 3, 303)
    after, _wraps = rows_of(session, "Dewi Lestari")
    assert after.recipient == before.recipient
    assert after.locked_identity != before.locked_identity
    # The portal's recovery has no part in it.
    assert after.recovery_fingerprint is None
    assert read_status(session).used_on is None


def test_a_custodians_shares_are_shown_anew_for_a_fresh_code_alone(
    officer: Officer, session: Session, settings: Settings, clock: Clock
) -> None:
    token = invite(
        session,
        "Dewi Lestari",
        position="Notaris",
        unit="Luar",
        roles=frozenset({Role.CUSTODIAN}),
        today=clock().date(),
    )
    dewi, link = Officer(officer.app), f"{settings.address}/office/invite/{token}"
    papers = papers_on(dewi.enrol_to_the_end(link, clock.timestamp))
    dewi.log_in(clock.timestamp)

    refused = dewi.send(
        dewi.get("/custody/shares"), "/custody/shares", one_time_code="000000"
    )
    shown = dewi.send(
        dewi.get("/custody/shares"),
        "/custody/shares",
        one_time_code=dewi.fresh_code(clock),
    )

    assert (refused.status_code, papers_on(refused)) == (422, [])
    new = [RecoveryShare.parse(paper) for paper in papers_on(shown)]
    old = [RecoveryShare.parse(paper) for paper in papers]
    assert combine(new[:2]).reveal() == combine(old[:2]).reveal()
    assert papers_on(shown) != papers
    assert officer.get("/custody/shares").status_code == 303


def papers_on(page: Page) -> list[str]:
    """The words of each paper that a page shows."""
    lists = re.findall(r'<ol class="words">(.*?)</ol>', page.html)
    return [" ".join(re.findall(r"<li>([a-z]+)</li>", one)) for one in lists]
