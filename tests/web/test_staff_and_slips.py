"""What an administrator sees of the staff list and of slips, and can do."""

import re
from collections.abc import Callable

import pytest
from builders import TODAY, acts_on_record, dump
from conftest import Clock
from flask import Flask
from people import Administrator, Officer
from sqlalchemy.orm import Session

from portal.roles import Role
from portal.staff import Member, compare, import_list
from portal.vouchers import burn, list_batches, print_slips, void_batch

STAFF, SLIPS = "/admin/staff", "/admin/slips"


NewPerson = Callable[..., Administrator]


def an_administrator(new_officer: NewPerson) -> Administrator:
    """Adi, who reads English, in an agency with an officer."""
    new_officer("Rina Wulandari")
    person = new_officer("Adi Nugroho", role=Role.ADMINISTRATOR)
    person.get("/?lang=en")
    return person


def fill(session: Session, count: int) -> None:
    listed = [Member(f"{n:018}", f"Budi {n}", "Staf", "Umum") for n in range(count)]
    import_list(session, listed, compare(session, listed), TODAY)


def test_the_page_of_the_list_says_how_many_and_names_nobody(
    new_officer: NewPerson, session: Session
) -> None:
    adi = an_administrator(new_officer)
    fill(session, 3)

    page = adi.get(STAFF)

    assert re.search(r'id="staff-count">(\d+)<', page.html)[1] == "3"  # type: ignore[index]
    assert "Budi" not in page.text
    assert "0000000" not in page.text
    assert "lurus staff import FILE.csv" in page.text


@pytest.mark.parametrize(
    ("count", "said"),
    [(499, "Not offered: fewer than 500"), (500, "Offered: at least 500")],
)
def test_the_page_says_whether_a_match_is_offered(
    new_officer: NewPerson, session: Session, count: int, said: str
) -> None:
    adi = an_administrator(new_officer)
    fill(session, count)

    assert said in adi.get(STAFF).text


def test_the_page_says_whether_names_are_searched(
    app: Flask, new_officer: NewPerson
) -> None:
    adi = an_administrator(new_officer)
    on = adi.get(STAFF).text
    object.__setattr__(app.extensions["lurus"].settings, "staff_search", False)
    off = adi.get(STAFF).text

    assert "They search by name, from three letters" in on
    assert "They type the staff number of 18 digits" in off


def test_the_page_of_slips_tells_whole_sheets(
    new_officer: NewPerson, session: Session
) -> None:
    adi = an_administrator(new_officer)
    printed = print_slips(session, 25, TODAY)
    before = adi.get(SLIPS).text

    burn(session, printed.slips[0])

    assert f"{printed.batch} 48" in before
    assert f"{printed.batch} 24" in adi.get(SLIPS).text


def test_without_slips_the_page_says_how_to_print_some(new_officer: NewPerson) -> None:
    adi = an_administrator(new_officer)
    text = adi.get(SLIPS).text

    assert "No slips" in text
    assert "lurus vouchers print N" in text


def test_a_lost_batch_is_voided_and_no_other(
    new_officer: NewPerson, session: Session, clock: Clock
) -> None:
    adi = an_administrator(new_officer)
    lost, kept = print_slips(session, 3, TODAY), print_slips(session, 3, TODAY)

    done = adi.confirm(f"{SLIPS}/{lost.batch}/void", clock.timestamp)

    assert (done.status_code, done.response.headers["Location"]) == (303, SLIPS)
    session.rollback()
    assert [batch.name for batch in list_batches(session)] == [kept.batch]
    assert acts_on_record(session)[-1] == "slips voided"


def test_two_who_void_a_batch_at_once_void_it_once(
    new_officer: NewPerson, session: Session, clock: Clock
) -> None:
    adi = an_administrator(new_officer)
    printed = print_slips(session, 3, TODAY)
    path = f"{SLIPS}/{printed.batch}/void"
    open_form = adi.get(path)
    void_batch(session, printed.batch, TODAY)

    late = adi.send(open_form, path, one_time_code=adi.fresh_code(clock))

    assert late.status_code == 404
    assert "No slip of this batch is good any more." in late.text
    assert acts_on_record(session).count("slips voided") == 1


@pytest.mark.parametrize("name", ["7K2M4Q", "%25", "a" * 300, "%ED%A0%80", "..%2F"])
def test_a_batch_that_is_not_there_has_no_page(
    new_officer: NewPerson, session: Session, name: str
) -> None:
    adi = an_administrator(new_officer)
    print_slips(session, 3, TODAY)
    before = dump(session)

    page = adi.get(f"{SLIPS}/{name}/void")

    assert page.status_code == 404
    assert dump(session) == before


@pytest.mark.parametrize("path", [STAFF, SLIPS])
def test_officers_and_custodians_do_not_see_it(
    officer: Officer, keeper: Officer, path: str
) -> None:
    pages = [person.get(path) for person in (officer, keeper)]

    assert [page.status_code for page in pages] == [303, 303]


@pytest.mark.parametrize("path", [STAFF, SLIPS])
@pytest.mark.parametrize("lang", ["id", "en"])
def test_the_pages_speak_both_languages(
    new_officer: NewPerson, session: Session, path: str, lang: str
) -> None:
    adi = an_administrator(new_officer)
    print_slips(session, 3, TODAY)
    adi.get(f"/?lang={lang}")

    page = adi.get(path)

    words = {"id": "Daftar pegawai", "en": "Staff list"}
    assert page.status_code == 200
    assert words[lang] in page.text
