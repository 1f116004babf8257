"""The demo: a whole small agency, made through the verbs of the portal."""

import datetime as dt
import json
import re
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
import receipt_reader
from apps import make_app
from flask import Flask
from people import Credentials, Officer, Reporter
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from strategies import CHEAPEST

from crypto import OneTimeSecret, Slip
from portal.audit import verify
from portal.database import open_database
from portal.demo.demo import Demo, make_demo
from portal.demo.logins import print_logins, write_json
from portal.errors import LurusError
from portal.installation import make_installation
from portal.models import (
    AuditEntry,
    BurntForm,
    Case,
    Leaflet,
    StaffMember,
    Step,
    Voucher,
)
from portal.models import Session as SessionRow
from portal.passphrases import is_guessable, is_too_short
from portal.settings import Settings
from portal.statuses import CaseStatus
from portal.vouchers import burn

SUNDAY = dt.date(2027, 1, 31)


def make(folder: Path) -> Demo:
    return make_demo(demo_settings(folder), CHEAPEST)


def demo_settings(folder: Path, *, demo: bool = True) -> Settings:
    return Settings(
        instance=folder / "instance",
        address="http://localhost",
        head_name="Sutrisno Hadi",
        demo=demo,
    )


def portal_of(made: Demo) -> Flask:
    return make_app(made.settings)


@contextmanager
def rows_of(made: Demo) -> Iterator[Session]:
    database = open_database(made.settings.instance)
    with database.sessions() as session:
        yield session
    database.engine.dispose()


def log_in(made: Demo, name: str) -> Officer:
    login = next(person for person in made.people if person.name == name)
    person = Officer(portal_of(made))
    secret = OneTimeSecret.parse(login.totp_secret)
    person.credentials = Credentials(login.name, login.passphrase, secret)
    page = person.log_in(int(dt.datetime.now(dt.UTC).timestamp()))
    assert page.status_code in {200, 303}, page.text
    return person


def entry_paths(officer: Officer, path: str) -> list[str]:
    return re.findall(r'href="(/office/entries/[0-9a-f]{32})"', officer.get(path).html)


def test_the_evaluator_of_a_demo_sees_what_was_held_and_what_was_missed(
    tmp_path: Path,
) -> None:
    made = make(tmp_path)

    shown = log_in(made, "Tono Wibowo").get("/peraga/process").text

    for words in ("tidak dilakukan", "Rapat di ruang Sekretariat", "lewat tenggat"):
        assert words in shown


def test_every_status_has_a_case(tmp_path: Path) -> None:
    made = make(tmp_path)

    kept = {CaseStatus.SEALED}
    assert {case.status for case in made.cases} == set(CaseStatus) - kept


def test_every_code_opens_its_case_in_the_status_told(tmp_path: Path) -> None:
    made = make(tmp_path)
    portal = portal_of(made)

    pages = [Reporter(portal).open_case(case.code) for case in made.cases]

    marks = [f'data-status="{case.status}"' for case in made.cases]
    assert all(mark in page.html for mark, page in zip(marks, pages, strict=True))


@pytest.mark.parametrize(
    ("name", "hidden"),
    [("Rina Wulandari", 2), ("Joko Prasetyo", 3), ("Yusuf Hidayat", 1)],
)
def test_each_officer_logs_in_and_opens_the_own_cases_alone(
    tmp_path: Path, name: str, hidden: int
) -> None:
    made = make(tmp_path)
    officer = log_in(made, name)

    paths = officer.case_paths()

    assert len(paths) == len(made.cases) - hidden
    assert {officer.get(path).status_code for path in paths} == {200}


@pytest.mark.parametrize("name", ["Sri Lestari", "Agus Salim"])
def test_each_custodian_has_what_was_missed_and_what_no_officer_reads(
    tmp_path: Path, name: str
) -> None:
    made = make(tmp_path)
    keeper = log_in(made, name)

    page = keeper.get("/custody/")

    assert len(re.findall(r'href="/custody/cases/[0-9a-f]{32}"', page.html)) >= 2
    assert "satu tenggat terlewat" in page.text
    assert "tidak ada lagi petugas yang dapat membacanya" in page.text
    assert "pelapornya meminta Anda melihat" in page.text
    assert "Ada tekanan atau ancaman" in page.text


def test_roles_and_passphrases_are_such_as_the_portal_accepts(tmp_path: Path) -> None:
    people = make(tmp_path).people

    assert [one.role for one in people] == [
        *("officer", "officer", "outside-officer"),
        *("custodian", "custodian", "administrator", "evaluator"),
    ]
    assert not any(is_too_short(one.passphrase) for one in people)
    assert not any(is_guessable(one.passphrase, one.name) for one in people)


def test_some_cases_are_overdue_and_some_wait(tmp_path: Path) -> None:
    made = make(tmp_path)
    today = dt.datetime.now(made.settings.zone).date()

    with rows_of(made) as rows:
        late = rows.scalars(select(func.count()).where(Case.due_on < today)).one()
        is_case = Case.status != CaseStatus.SEALED
        waits = select(func.count()).where(Case.is_answered.is_(False), is_case)
        waiting = rows.scalars(waits).one()

    assert late >= 3
    assert 3 <= waiting < len(made.cases)


def test_a_round_has_opened_what_two_wrote_of_one_person_and_nothing_else(
    tmp_path: Path,
) -> None:
    made = make(tmp_path)
    rina, sri = log_in(made, "Rina Wulandari"), log_in(made, "Sri Lestari")

    holds = entry_paths(rina, "/office/entries?kind=hold")
    words = [rina.get(path).html for path in holds]

    assert len(holds) == 2
    assert all("Bagus Setiawan" in text for text in words)
    assert [note.rule for note in made.notes].count("match-2") == 3
    assert 'id="result"' in sri.get("/custody/round").html


def test_one_leaflet_was_passed_on_and_one_waits(tmp_path: Path) -> None:
    made = make(tmp_path)
    rina = log_in(made, "Rina Wulandari")

    waiting = entry_paths(rina, "/office/reminders")
    both = entry_paths(rina, "/office/entries?kind=reminder")

    assert len(waiting) == 1
    assert len(both) == 2
    with rows_of(made) as rows:
        assert rows.scalar(select(func.count()).select_from(Leaflet)) == 1


def test_a_question_was_answered_and_one_was_not(tmp_path: Path) -> None:
    made = make(tmp_path)
    sealed = Case.status == CaseStatus.SEALED
    rina = log_in(made, "Rina Wulandari")

    questions = entry_paths(rina, "/office/entries?kind=question")

    answered = [path for path in questions if "piket" in rina.get(path).html]
    assert (len(questions), len(answered)) == (2, 1)
    assert "kepala bidang tahu" in rina.get(answered[0]).html
    with rows_of(made) as rows:
        count = select(func.count()).where(sealed, Case.is_answered)
        assert rows.scalar(count) == 2  # a question and a reminder


def test_the_staff_list_is_long_enough_for_a_match_and_nobody_on_it_lives(
    tmp_path: Path,
) -> None:
    made = make(tmp_path)

    with rows_of(made) as rows:
        numbers = rows.scalars(select(StaffMember.number)).all()
        names = set(rows.scalars(select(StaffMember.name)))

    assert len(numbers) == len(names) >= made.settings.match_minimum_staff
    assert {len(number) for number in numbers} == {made.settings.staff_number_digits}
    assert {number[:4] for number in numbers} == {"2090"}
    assert not names & {person.name for person in made.people}


def test_the_slips_that_are_left_are_good(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    made = make(tmp_path)

    print_logins(made)

    assert sum(slip in capsys.readouterr().out for slip in made.slips[:1]) == 1
    with rows_of(made) as rows:
        for slip in made.slips:
            burn(rows, Slip.parse(slip))
        assert rows.scalar(select(func.count()).select_from(Voucher)) == 0


@pytest.mark.parametrize("day", ["2027-03-09", "2027-01-03", "2026-12-26"])
def test_a_demo_can_be_made_on_any_day(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, day: str
) -> None:
    monkeypatch.setenv("LURUS_TODAY", day)

    made = make(tmp_path)

    assert len(made.notes) == 11


def test_one_case_was_closed_and_taken_up_again(tmp_path: Path) -> None:
    made = make(tmp_path)
    closed = select(Step.case_id).where(Step.kind == CaseStatus.CLOSED)
    reopened = select(Case).where(Case.id.in_(closed), Case.closed_on.is_(None))

    with rows_of(made) as rows:
        (case,) = rows.scalars(reopened)

    assert case.status == CaseStatus.ADDRESSED


def test_the_record_of_a_demo_holds_and_its_days_run_forward(tmp_path: Path) -> None:
    made = make(tmp_path)

    with rows_of(made) as rows:
        broken = verify(rows).broken
        days = rows.scalars(select(AuditEntry.day).order_by(AuditEntry.number)).all()

    assert broken is None
    assert list(days) == sorted(days)
    assert (days[-1] - days[0]).days > 100


def test_the_days_are_counted_from_the_day_the_demo_lives_in(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LURUS_TODAY", SUNDAY.isoformat())
    made = make(tmp_path)

    with rows_of(made) as rows:
        days = rows.scalars(select(Step.taken_on)).all()

    assert max(days) == SUNDAY - dt.timedelta(days=2)
    assert not [day for day in days if day.weekday() > 4]


def test_no_form_and_no_browser_of_a_made_up_reporter_keeps_a_code(
    tmp_path: Path,
) -> None:
    made = make(tmp_path)

    with rows_of(made) as rows:
        burnt = rows.scalars(select(BurntForm)).all()
        browsers = rows.scalars(select(SessionRow)).all()

    assert len(burnt) == len(made.cases) + len(made.notes)
    assert not any(form.locked for form in burnt)
    assert not browsers


def test_a_demo_never_overwrites_a_demo(tmp_path: Path) -> None:
    make(tmp_path)

    with pytest.raises(LurusError, match="in use; a demo never overwrites"):
        make(tmp_path)


def test_a_demo_refuses_an_installation_in_earnest(tmp_path: Path) -> None:
    settings = demo_settings(tmp_path, demo=False)
    make_installation(settings, SUNDAY)

    with pytest.raises(LurusError, match="no demo instance"):
        make(tmp_path)


def test_an_empty_demo_instance_is_filled_and_keeps_its_settings(
    tmp_path: Path,
) -> None:
    settings = replace(demo_settings(tmp_path), agency="Dinas Contoh", head_name="")
    make_installation(settings, SUNDAY)

    made = make(tmp_path)

    assert made.settings.agency == "Dinas Contoh"
    # Nobody has signed where no head is named.
    assert "Kepala Badan" not in Reporter(portal_of(made)).get("/zone").text


def test_two_demos_share_no_secret(tmp_path: Path) -> None:
    one, other = make(tmp_path / "one"), make(tmp_path / "other")

    assert not {p.totp_secret for p in one.people} & {
        p.totp_secret for p in other.people
    }
    assert not {p.passphrase for p in one.people} & {p.passphrase for p in other.people}
    assert not {c.code for c in one.cases} & {c.code for c in other.cases}


def test_the_json_file_has_the_shape_of_the_contract(tmp_path: Path) -> None:
    made, path = make(tmp_path), tmp_path / "new" / "demo.json"

    write_json(made, path)

    content = json.loads(path.read_text("utf-8"))
    assert list(content) == ["people", "cases", "notes", "receipt"]
    assert receipt_reader.judge(Path(content["receipt"]).read_bytes()) == "holds"
    assert set(content["people"][0]) == {"role", "name", "passphrase", "totp_secret"}
    assert set(content["cases"][0]) == {"code", "status"}
    assert set(content["notes"][0]) == {"code", "rule"}
    assert len(content["notes"]) == len(made.notes) > 0
    assert len(content["cases"]) == len(made.cases)


def test_the_json_file_is_for_its_owner_alone_even_where_it_was_not(
    tmp_path: Path,
) -> None:
    made, path = make(tmp_path), tmp_path / "demo.json"
    path.touch(mode=0o644)

    write_json(made, path)

    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_what_is_printed_lets_everybody_in_and_says_what_differs(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    made = make(tmp_path)

    print_logins(made)

    printed = capsys.readouterr().out
    assert all(person.passphrase in printed for person in made.people)
    assert all(person.totp_secret in printed for person in made.people)
    assert sum(case.code in printed for case in made.cases) == len(CaseStatus) - 1
    assert all(note.code in printed for note in made.notes)
    assert "demo = true" in printed
    assert "timezone" not in printed


def test_what_is_printed_says_how_to_make_a_code_and_what_is_left_behind(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    made = make(tmp_path)

    print_logins(made)

    printed = capsys.readouterr().out
    assert (
        "Add it to an authenticator app (time-based, six digits), "
        "or run `oathtool --totp -b SECRET`; each code works once."
    ) in printed
    last = printed.rstrip().splitlines()[-1]
    assert last == f"Kept in {tmp_path / 'instance'}; delete it when you are done."


def test_a_demo_does_not_show_its_secrets_in_a_log(tmp_path: Path) -> None:
    made = make(tmp_path)

    shown = repr(made)

    assert not any(person.passphrase in shown for person in made.people)
    assert not any(case.code in shown for case in made.cases)


def test_the_zone_is_filled_and_what_the_head_did_not_sign_is_not_shown(
    tmp_path: Path,
) -> None:
    portal = portal_of(make(tmp_path))

    text = Reporter(portal).get("/zone?lang=en").text

    assert "Sutrisno Hadi" in text
    assert "I will not ask officers" in text
    assert "treated more leniently" not in text
    assert "Bidang Pembinaan 82 of 82" in text
    assert "Jabatan Fungsional fewer than 5 of 24" in text
