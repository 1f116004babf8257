"""An officer who is administrator too learns nothing of cases from the record.

Not from an entry, not from a number, a gap between two, a count, a length, a menu or
the table that is taken out: all of it is compared, to the byte, with a portal where
nobody did anything on any case. Custodians and mere administrators see the record.
"""

import csv
import io
import re
from collections.abc import Callable

import pytest
from conftest import Clock
from flask import Flask
from people import Administrator, Officer, Page, Reporter
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from portal.audit import AuditAction
from portal.database import shrink_journal, transaction
from portal.models import AuditEntry
from portal.roles import Role
from portal.views.words import act_word

NewPerson = Callable[..., Administrator]
SAID_ALIKE = {"enrolled", "logged in", "logged out", "answered"}
ADDRESSES = (
    "/admin/audit",
    *(f"/admin/audit?after={rank}" for rank in (1, 3, 7, 40, 9_999, "x")),
    *(f"/admin/audit?act={act.value}" for act in AuditAction),
    "/admin/audit?person=Joko Prasetyo",
    "/admin/audit?since=2026-12-07&until=2026-12-07",
    *("/admin/", "/admin/settings", "/admin/first-day"),
    *("/admin/staff", "/admin/slips"),
)


def clear(page: Page) -> str:
    """Return a page without its filler, and without what is new each time."""
    html = re.sub(r"<!--[0-9a-f]*-->", "", page.html)
    return re.sub(r'name="csrf_token" value="[^"]*"', "", html)


def work_on_cases(reporter: Reporter, joko: Officer) -> None:
    for _ in "123":
        reporter.hand_in("Ada pungutan di loket tiga.")
    for path in joko.case_paths():
        joko.act(path, "status", to="acknowledged")
        joko.act(path, "note", text="Periksa buku kas.")
        joko.act(path, "message", text="Di loket yang mana?")


def export(person: Administrator, clock: Clock, **fields: str) -> list[list[str]]:
    page = person.confirm_export(clock.timestamp, **fields)
    assert page.status_code == 200, page.text
    return list(csv.reader(io.StringIO(page.html.removeprefix("\ufeff"))))


def case_ids(session: Session) -> set[str]:
    session.rollback()
    found = session.scalars(select(AuditEntry.case_id)).all()
    return {one.hex() for one in found if one}


def test_no_page_of_hers_differs_when_others_work_on_cases(
    reporter: Reporter, new_officer: NewPerson, session: Session
) -> None:
    joko = new_officer("Joko Prasetyo")
    rina = new_officer("Ratna Sari", Role.ADMINISTRATOR)
    # Settings say how long the journal was not written back, by the file's own clock.
    assert shrink_journal(session)
    before = [rina.get(address) for address in ADDRESSES]

    work_on_cases(reporter, joko)
    assert shrink_journal(session)
    after = [rina.get(address) for address in ADDRESSES]

    assert len(case_ids(session)) == 3
    assert {page.status_code for page in after} == {200}
    assert [clear(page) for page in after] == [clear(page) for page in before]
    assert [len(page.html) for page in after] == [len(page.html) for page in before]


def test_her_table_has_no_case_no_number_and_no_link(
    reporter: Reporter, new_officer: NewPerson, clock: Clock
) -> None:
    joko = new_officer("Joko Prasetyo")
    ratna = new_officer("Ratna Sari", Role.ADMINISTRATOR)
    before = export(ratna, clock)

    work_on_cases(reporter, joko)
    after = export(ratna, clock)

    day, name = "2026-12-07", "Ratna Sari"
    assert after == [*before, [day, name, "record exported", ""]]
    assert after[0] == ["day", "who", "act", "concerns"]


@pytest.mark.parametrize("role", [Role.CUSTODIAN, Role.ADMINISTRATOR])
def test_who_is_no_officer_sees_acts_on_cases_and_every_number(
    reporter: Reporter,
    new_officer: NewPerson,
    clock: Clock,
    session: Session,
    role: Role,
) -> None:
    work_on_cases(reporter, new_officer("Joko Prasetyo"))
    sri = new_officer("Sri Lestari", role=role)

    page, table = sri.get("/admin/audit"), export_by(sri, clock)

    assert all(case_id in page.html for case_id in case_ids(session))
    assert {row[5] for row in table[1:]} - {""} == case_ids(session)
    assert [int(row[4]) for row in table[1:]] == [*range(1, len(table))]
    assert all(re.fullmatch("[0-9a-f]{64}", row[6]) for row in table[1:])


def export_by(person: Officer, clock: Clock) -> list[list[str]]:
    keeper = Administrator(person.app)
    keeper.client, keeper.credentials = person.client, person.credentials
    return export(keeper, clock)


def test_a_mere_officer_and_a_visitor_see_no_record(
    app: Flask, officer: Officer
) -> None:
    seen = [person.get("/admin/audit") for person in (officer, Reporter(app))]

    assert [page.response.headers["Location"] for page in seen] == [
        "/office/",
        "/office/login",
    ]


def test_the_record_is_turned_page_by_page_and_loses_nothing(
    new_officer: NewPerson, clock: Clock, session: Session
) -> None:
    budi = new_officer("Budi Santoso", role=Role.ADMINISTRATOR)
    for _ in range(60):
        budi.log_in(clock.timestamp)
        clock.pass_by(seconds=30)
    whole = [row[4] for row in export(budi, clock)[1:]]

    numbers, address = [], "/admin/audit"
    while address:
        page = budi.get(address)
        numbers += re.findall(r'<td data-label="Nomor">(\d+)</td>', page.html)
        found = re.search(r'href="([^"]+)" rel="next"', page.html)
        address = found[1].replace("&amp;", "&") if found else ""

    assert numbers[1:] == whole[::-1]
    assert len(numbers) > 100


def test_a_filter_narrows_down_and_a_wrong_one_is_told_with_what_was_typed(
    officer: Officer, new_officer: NewPerson
) -> None:
    budi = new_officer("Budi Santoso", role=Role.ADMINISTRATOR)
    budi.get("/?lang=en")
    page = budi.get("/admin/audit")

    led = budi.send(page, "/admin/audit", person="Rina Wulandari", act="enrolled")
    narrow = budi.get(led.response.headers["Location"])
    none = budi.get("/admin/audit?person=Rina Wulandari&until=2026-12-06")
    wrong = budi.send(page, "/admin/audit", since="2026-12-09", until="2026-12-08")
    odd = budi.send(page, "/admin/audit", since="kemarin")

    assert narrow.html.count("<tr>") == 2
    assert "No entry fits" in none.text
    assert (wrong.status_code, odd.status_code) == (422, 422)
    assert "The last day lies before the first one." in wrong.text
    assert wrong.form("/admin/audit").value("since") == "2026-12-09"
    assert "Please write the day like this" in odd.text
    assert odd.form("/admin/audit").value("since") == "kemarin"


@pytest.mark.parametrize(
    "query",
    [
        *("?after=0", "?after=-1", "?after=%00", "?after=" + "9" * 40, "?act=king"),
        *("?since=x&until=y", "?person=%00", "?since=2026-02-31", "?after=٣"),
    ],
)
def test_what_an_address_says_wrongly_is_passed_over(
    new_officer: NewPerson, query: str
) -> None:
    budi = new_officer("Budi Santoso", role=Role.ADMINISTRATOR)

    assert budi.get(f"/admin/audit{query}").status_code == 200


def test_the_table_is_kept_nowhere_and_has_a_neutral_name(
    new_officer: NewPerson, clock: Clock, session: Session
) -> None:
    budi = new_officer("Budi Santoso", role=Role.ADMINISTRATOR)

    page = budi.confirm_export(clock.timestamp)

    headers = page.response.headers
    assert headers["Content-Disposition"] == "attachment; filename=export.csv"
    assert headers["Cache-Control"] == "no-store, no-transform"
    assert headers["X-Content-Type-Options"] == "nosniff"


def test_the_table_is_not_had_without_a_fresh_second_factor(
    new_officer: NewPerson, session: Session
) -> None:
    budi = new_officer("Budi Santoso", role=Role.ADMINISTRATOR)
    page = budi.get("/admin/audit?act=enrolled")

    refused = budi.send(page, "/admin/audit/export", one_time_code="000000")

    session.rollback()
    acts = session.scalars(select(AuditEntry.act)).all()
    assert refused.status_code == 422
    assert refused.form("/admin/audit/export").value("act") == "enrolled"
    assert "record exported" not in acts


@pytest.mark.parametrize(
    "name", ["=1+1", "+1", "-1", "@A1", " =1", "\u200b=1", "＝1", "|calc", '"=1"']
)
def test_a_name_is_no_formula(
    new_officer: NewPerson, clock: Clock, session: Session, name: str
) -> None:
    budi = new_officer("Budi Santoso", role=Role.ADMINISTRATOR)
    with transaction(session):
        session.execute(update(AuditEntry).values(actor=name))

    cells = [cell for row in export(budi, clock) for cell in row]

    begins = [cell for cell in cells if re.match(r"\W*[=+\-@|＝]", cell)]
    assert len(begins) >= 3
    assert {cell[0] for cell in begins} == {"'"}


@pytest.mark.parametrize("lang", ["id", "en"])
def test_every_act_has_words(new_officer: NewPerson, lang: str) -> None:
    budi = new_officer("Budi Santoso", role=Role.ADMINISTRATOR)
    budi.get(f"/?lang={lang}")

    with budi.app.test_request_context(f"/?lang={lang}"):
        budi.app.preprocess_request()
        unsaid = [act for act in AuditAction if act_word(act) == act.value]

    # English says some in the words of the record.
    assert set(unsaid) <= (SAID_ALIKE if lang == "en" else set())


def test_a_damaged_record_is_still_shown(
    new_officer: NewPerson, session: Session
) -> None:
    budi = new_officer("Budi Santoso", role=Role.ADMINISTRATOR)
    with transaction(session):
        session.connection().exec_driver_sql(
            "UPDATE audit SET day = 'kapan', actor = x'ff', act = '<b>' WHERE number = 1"
        )

    page = budi.get("/admin/audit")

    assert page.status_code == 200
    assert "kapan" in page.text
    assert "&lt;b&gt;" in page.html
