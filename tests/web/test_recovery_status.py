"""What an administrator sees of recovery: whose key, since when, and what to do."""

from collections.abc import Callable

from builders import make_shares
from conftest import Clock
from people import Officer
from sqlalchemy.orm import Session

from portal.database import transaction
from portal.recovery import note_use, read_status
from portal.roles import Role


def status_page(administrator: Officer) -> str:
    administrator.get("/?lang=en")
    page = administrator.get("/admin/recovery")
    assert page.status_code == 200
    return page.text


def test_without_shares_the_page_says_what_can_be_lost_and_how_to_make_them(
    officer: Officer, new_officer: Callable[..., Officer]
) -> None:
    adi = new_officer("Adi Nugroho", role=Role.ADMINISTRATOR)

    text = status_page(adi)

    assert "There are no shares." in text
    assert "lurus recover shares" in text


def test_who_must_log_in_first_is_named_until_then(
    officer: Officer,
    new_officer: Callable[..., Officer],
    session: Session,
    clock: Clock,
) -> None:
    adi = new_officer("Adi Nugroho", role=Role.ADMINISTRATOR)
    make_shares(session, today=clock().date())
    clock.pass_by(seconds=60)

    before = status_page(adi)
    officer.log_in(clock.timestamp)
    after = status_page(adi)

    assert "Not yet: they must log in once Rina Wulandari" in before
    assert "Officers whose key they give back Rina Wulandari" in after
    assert "Not yet" not in after
    fingerprint = read_status(session).fingerprint
    assert fingerprint.replace("-", " ") in after


def test_used_shares_stand_there_until_there_are_new_ones(
    officer: Officer,
    new_officer: Callable[..., Officer],
    session: Session,
    clock: Clock,
) -> None:
    adi = new_officer("Adi Nugroho", role=Role.ADMINISTRATOR)
    make_shares(session, today=clock().date())
    with transaction(session):
        note_use(session, clock().date())

    used = status_page(adi)
    make_shares(session, today=clock().date())
    renewed = status_page(adi)

    assert "a machine knows them now" in used
    assert "a machine knows them now" not in renewed


def test_an_officer_and_a_custodian_do_not_see_it(
    officer: Officer, keeper: Officer
) -> None:
    pages = [person.get("/admin/recovery") for person in (officer, keeper)]

    assert [page.status_code for page in pages] == [303, 303]
