"""The demo: a whole small agency, made through the verbs of the portal."""

import datetime as dt
import json
import stat
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from people import Credentials, Officer, Reporter
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from strategies import CHEAPEST

from crypto import OneTimeSecret
from portal import create_app
from portal.audit import first_broken_entry
from portal.database import open_database
from portal.demo import Demo, make_demo, print_logins, write_json
from portal.errors import LurusError
from portal.installation import make_installation
from portal.models import AuditEntry, BurntForm, Case, Step
from portal.models import Session as SessionRow
from portal.passphrases import is_guessable, is_too_short
from portal.settings import Settings
from portal.statuses import CaseStatus


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Demo:
    return make_demo(demo_settings(tmp_path_factory.mktemp("demo")), CHEAPEST)


@pytest.fixture
def portal(made: Demo) -> Flask:
    return create_app(made.settings, cost=CHEAPEST)


@pytest.fixture
def rows(made: Demo) -> Iterator[Session]:
    database = open_database(made.settings.instance)
    with database.sessions() as session:
        yield session
    database.engine.dispose()


def demo_settings(folder: Path, *, demo: bool = True) -> Settings:
    return Settings(
        instance=folder / "instance",
        address="http://localhost",
        head_name="Sutrisno Hadi",
        demo=demo,
    )


def log_in(portal: Flask, made: Demo, name: str) -> Officer:
    login = next(person for person in made.people if person.name == name)
    person = Officer(portal)
    secret = OneTimeSecret.parse(login.totp_secret)
    person.credentials = Credentials(login.name, login.passphrase, secret)
    page = person.log_in(int(dt.datetime.now(dt.UTC).timestamp()))
    assert page.status_code == 200, page.text
    return person


@pytest.mark.parametrize("status", CaseStatus)
def test_every_status_has_a_case(made: Demo, status: CaseStatus) -> None:
    found = [case for case in made.cases if case.status == status]

    assert found


def test_every_code_opens_its_case_in_the_status_told(
    made: Demo, portal: Flask
) -> None:
    pages = [Reporter(portal).open_case(case.code) for case in made.cases]

    marks = [f'data-status="{case.status}"' for case in made.cases]
    assert all(mark in page.html for mark, page in zip(marks, pages, strict=True))


def test_officers_of_three_kinds_of_reach_are_there(made: Demo) -> None:
    roles = [person.role for person in made.people]

    assert roles == ["officer", "officer", "outside-officer"]


@pytest.mark.parametrize(
    ("name", "hidden"),
    [("Rina Wulandari", 1), ("Joko Prasetyo", 2), ("Yusuf Hidayat", 0)],
)
def test_each_officer_logs_in_and_sees_the_own_cases_alone(
    made: Demo, portal: Flask, name: str, hidden: int
) -> None:
    officer = log_in(portal, made, name)

    assert len(officer.case_paths()) == len(made.cases) - hidden


def test_every_case_page_opens_for_the_outside_officer(
    made: Demo, portal: Flask
) -> None:
    officer = log_in(portal, made, "Yusuf Hidayat")

    pages = [officer.get(path) for path in officer.case_paths()]

    assert {page.status_code for page in pages} == {200}


def test_passphrases_are_such_as_the_portal_accepts(made: Demo) -> None:
    passphrases = [person.passphrase for person in made.people]

    assert not any(map(is_too_short, passphrases))
    assert not any(map(is_guessable, passphrases))


def test_some_cases_are_overdue_and_some_wait(rows: Session) -> None:
    is_late = (Case.due_on < dt.date.today()) & Case.closed_on.is_(None)  # noqa: DTZ011

    late = rows.scalar(select(func.count()).where(is_late))
    waiting = rows.scalar(select(func.count()).where(Case.is_answered.is_(False)))

    assert late is not None
    assert late >= 3
    assert waiting is not None
    assert 3 <= waiting < rows.scalar(select(func.count()).select_from(Case))


def test_the_days_run_forward_and_end_today_at_the_latest(rows: Session) -> None:
    entries = select(AuditEntry.day).order_by(AuditEntry.number)

    days = list(rows.scalars(entries))

    assert days == sorted(days)
    assert (days[-1] - days[0]).days > 100
    newest = rows.scalars(select(func.max(Step.taken_on))).one()
    assert newest <= dt.date.today()  # noqa: DTZ011


def test_the_audit_record_of_a_demo_holds(rows: Session) -> None:
    assert first_broken_entry(rows) is None


def test_no_form_and_no_browser_of_a_made_up_reporter_keeps_a_code(
    rows: Session,
) -> None:
    kept = BurntForm.locked.is_not(None)

    assert rows.scalar(select(func.count()).where(kept)) == 0
    reporters = SessionRow.owner_id.is_(None)
    assert rows.scalar(select(func.count()).where(reporters)) == 0


def test_a_demo_never_overwrites_a_demo(made: Demo) -> None:
    with pytest.raises(LurusError, match="in use; a demo never overwrites"):
        make_demo(made.settings, CHEAPEST)


def test_a_demo_refuses_an_installation_in_earnest(tmp_path: Path) -> None:
    settings = demo_settings(tmp_path, demo=False)
    make_installation(settings, dt.date(2026, 12, 7))

    with pytest.raises(LurusError, match="no demo instance"):
        make_demo(replace(settings, demo=True), CHEAPEST)


def test_a_demo_fills_an_empty_demo_instance_with_the_settings_there(
    tmp_path: Path,
) -> None:
    settings = demo_settings(tmp_path)
    make_installation(replace(settings, agency="Dinas Contoh"), dt.date(2026, 12, 7))

    made = make_demo(settings, CHEAPEST)

    assert made.settings.agency == "Dinas Contoh"


def test_two_demos_share_no_secret(made: Demo, tmp_path: Path) -> None:
    other = make_demo(demo_settings(tmp_path), CHEAPEST)

    secrets = {person.totp_secret for person in (*made.people, *other.people)}
    codes = {case.code for case in (*made.cases, *other.cases)}
    assert len(secrets) == len(made.people) + len(other.people)
    assert len(codes) == len(made.cases) + len(other.cases)


def test_the_json_file_has_the_shape_of_the_contract(
    made: Demo, tmp_path: Path
) -> None:
    path = tmp_path / "new" / "demo.json"

    write_json(made, path)

    content = json.loads(path.read_text("utf-8"))
    assert list(content) == ["people", "cases", "notes"]
    assert set(content["people"][0]) == {"role", "name", "passphrase", "totp_secret"}
    assert set(content["cases"][0]) == {"code", "status"}
    assert content["notes"] == []
    assert len(content["cases"]) == len(made.cases)


def test_the_json_file_is_for_its_owner_alone_even_where_it_was_not(
    made: Demo, tmp_path: Path
) -> None:
    path = tmp_path / "demo.json"
    path.touch(mode=0o644)

    write_json(made, path)

    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_what_is_printed_lets_everybody_in_and_says_what_differs(
    made: Demo, capsys: pytest.CaptureFixture[str]
) -> None:
    print_logins(made)

    printed = capsys.readouterr().out
    assert all(person.passphrase in printed for person in made.people)
    assert all(person.totp_secret in printed for person in made.people)
    assert any(case.code in printed for case in made.cases)
    assert "demo = True" in printed
    assert "timezone" not in printed


def test_a_demo_does_not_show_its_secrets(made: Demo) -> None:
    shown = repr(made)

    assert not any(person.passphrase in shown for person in made.people)
    assert not any(case.code in shown for case in made.cases)
