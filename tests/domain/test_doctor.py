"""The doctor: for each finding the world is made so, with real files and rows."""

import ast
import datetime as dt
import os
import re
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from builders import add_custodian, add_officer, hand_in, make_shares, wrap_for_recovery
from conftest import HOME, MONDAY
from hostile_children import LANDLOCK, on_a_kernel_without
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from crypto import Identity
from portal import (
    backup_findings,
    backups,
    custody_findings,
    doctor,
    forwarding,
    round_findings,
    schema,
)
from portal.backups import BACKUP_FOLDERS_FILE, COPY_FILE
from portal.database import DATABASE_FILE, open_database, transaction
from portal.doctor import examine
from portal.findings import Finding, Gravity
from portal.installation import make_installation
from portal.models import Person
from portal.restores import RESTORING_FOLDER
from portal.runtime import GATE_FILE, SECRET_FILE, read_gate_secret
from portal.settings import Settings
from portal.settings_file import SETTINGS_FILE

NOW = dt.datetime.now(MONDAY.tzinfo)
ONE_DAY = dt.timedelta(days=1)
FAULT, ADVICE = Gravity.FAULT, Gravity.ADVICE
OPERATING = " ".join((HOME / "docs" / "operating.md").read_text("utf-8").split())


@dataclass(frozen=True)
class Place:
    """A sound installation: two officers, one of another agency, two custodians, …"""

    folder: Path

    @property
    def database(self) -> Path:
        return self.folder / DATABASE_FILE

    @property
    def journal(self) -> Path:
        return self.folder / f"{DATABASE_FILE}-wal"

    @contextmanager
    def session(self) -> Iterator[Session]:
        opened = open_database(self.folder)
        with opened.sessions() as session:
            yield session
        opened.engine.dispose()

    def change(self, statement: str) -> None:
        with self.session() as session, transaction(session):
            session.execute(text(statement))

    def set(self, old: str, new: str) -> None:
        path = self.folder / SETTINGS_FILE
        settings = path.read_text("utf-8")
        assert old in settings
        path.write_text(settings.replace(old, new), "utf-8")

    def found(self, now: dt.datetime = NOW) -> list[tuple[Gravity, str]]:
        # Which programs a machine has is not the installation's matter.
        return [
            (finding.gravity, finding.what)
            for finding in examine(self.folder, now)
            if not finding.what.startswith("ffmpeg")
        ]

    def remedies(self) -> str:
        return "\n".join(finding.remedy for finding in examine(self.folder, NOW))


def sound(tmp_path: Path) -> Place:
    place = Place(tmp_path / "instance")
    # Of these years the decrees were read, whenever this test runs.
    read = tuple(f"{NOW.year + ahead}-12-24" for ahead in range(3))
    settings = Settings(instance=place.folder, collective_leave=read)
    make_installation(settings, NOW.date())
    with place.session() as session:
        make_shares(session, today=NOW.date())
        wrap_for_recovery(session, add_officer(session))
        yusuf = add_officer(session, "Yusuf Hidayat", is_outside=True)
        wrap_for_recovery(session, yusuf)
        add_custodian(session, "Sri Lestari")
        add_custodian(session, "Budi Santoso")
        recipient = Identity.generate().recipient
        backups.keep_backup_recipient(session, recipient, NOW.date())
        backups.note_backup(session, NOW.date())
        backups.note_rehearsal(session, NOW.date())
    place.change(f"UPDATE people SET added_on = '{NOW.date()}'")
    return place


def age(path: Path, **time: float) -> None:
    """Let a file look as if it was written that long ago."""
    then = (NOW - dt.timedelta(**time)).timestamp()
    os.utime(path, (then, then))


def test_a_sound_installation_has_nothing_to_be_found(tmp_path: Path) -> None:
    place = sound(tmp_path)
    assert place.found() == []


def test_a_machine_without_ffmpeg_is_advised(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = sound(tmp_path)
    monkeypatch.setattr("portal.cleaning.media.PROGRAMS", (tmp_path / "ffmpeg",))

    (finding,) = examine(place.folder, NOW)

    assert finding.gravity is ADVICE
    assert finding.what == "ffmpeg is missing: audio and video cannot be cleaned."
    assert "apt install ffmpeg" in finding.remedy


def test_faults_stand_first(tmp_path: Path) -> None:
    place = sound(tmp_path)
    place.change("DELETE FROM people")

    assert [gravity for gravity, _ in place.found()] == [FAULT, ADVICE, ADVICE]


def test_the_folder_itself_is_closed_to_others(tmp_path: Path) -> None:
    place = sound(tmp_path)
    place.folder.chmod(0o750)

    assert place.found() == [(FAULT, f"{place.folder} can be read by others.")]
    assert f"chmod 700 {place.folder}" in place.remedies()


@pytest.mark.parametrize(
    "name",
    [
        *(
            SETTINGS_FILE,
            SECRET_FILE,
            GATE_FILE,
            DATABASE_FILE,
            forwarding.FORWARDED_FILE,
        ),
        *(f"{DATABASE_FILE}-wal", f"{DATABASE_FILE}-shm"),
        f"{DATABASE_FILE}.2026-12-07-093000",
    ],
)
@pytest.mark.parametrize("mode", [0o640, 0o604, 0o622])
def test_a_file_that_others_can_reach_is_found(
    tmp_path: Path, name: str, mode: int
) -> None:
    place = sound(tmp_path)
    path = place.folder / name
    path.touch()
    path.chmod(mode)

    findings = examine(place.folder, NOW)

    wanted = Finding(
        FAULT, f"{path} can be read by others.", f"Run `chmod 600 {path}`."
    )
    assert wanted in findings


@pytest.mark.skipif(os.geteuid() != 0, reason="only root gives files away")
def test_a_file_of_somebody_else_is_found(tmp_path: Path) -> None:
    place = sound(tmp_path)
    os.chown(place.database, 12345, 12345)

    sentence = f"{place.database} does not belong to the owner of its folder."
    assert place.found() == [(FAULT, sentence)]


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        (SECRET_FILE, "The instance's secret is missing."),
        (
            GATE_FILE,
            "The secret of the gate is missing: no case can come to a custodian.",
        ),
        (DATABASE_FILE, "There is no database."),
    ],
)
def test_a_missing_file_is_found_and_not_made(
    tmp_path: Path, name: str, sentence: str
) -> None:
    place = sound(tmp_path)
    (place.folder / name).unlink()

    assert place.found() == [(FAULT, sentence)]
    assert not (place.folder / name).exists()


def test_a_folder_that_is_not_there_is_found_and_not_made(tmp_path: Path) -> None:
    (finding,) = examine(tmp_path / "nowhere", NOW)

    assert "does not exist; run `lurus init`" in finding.what
    assert not (tmp_path / "nowhere").exists()


def test_a_damaged_secret_is_found(tmp_path: Path) -> None:
    place = sound(tmp_path)
    (place.folder / SECRET_FILE).write_bytes(b"short")

    assert place.found() == [(FAULT, "The instance's secret is damaged.")]


def test_a_damaged_secret_of_the_gate_is_found(tmp_path: Path) -> None:
    place = sound(tmp_path)
    (place.folder / GATE_FILE).write_bytes(b"short")

    assert place.found() == [(FAULT, "The secret of the gate is damaged.")]


def test_a_disk_that_is_nearly_full_is_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = sound(tmp_path)
    # The disk of a test cannot be filled: the least room is made more than it has.
    monkeypatch.setattr(doctor, "LEAST_FREE_BYTES", 2**70)

    ((gravity, sentence),) = place.found()

    assert gravity is FAULT
    assert "MiB are free on the disk" in sentence


def test_every_slip_in_the_settings_is_named_at_once(tmp_path: Path) -> None:
    place = sound(tmp_path)
    place.set("portal_name =", "portal_nam =")
    place.set("demo = false", "demo = 0\ncolour = 1")

    default = 'portal_name = "Portal BKD"'
    assert place.found() == [
        (FAULT, "settings.toml: unknown key 'colour'."),
        (FAULT, "settings.toml: unknown key 'portal_nam'; 'portal_name' is one."),
        (
            FAULT,
            f"settings.toml: key 'portal_name' is missing; its default: `{default}`.",
        ),
        (FAULT, "settings.toml: 'demo' has a value of the wrong type."),
    ]
    assert f"Correct {place.folder / SETTINGS_FILE}." in place.remedies()


def test_what_else_is_wrong_is_found_beside_a_slip_in_the_settings(
    tmp_path: Path,
) -> None:
    place = sound(tmp_path)
    place.set("demo = false", "demo = 0")
    place.database.chmod(0o644)

    assert len(place.found()) == 2


@pytest.mark.parametrize(
    "address", ["http://lapor.example.go.id", "http://10.0.0.7:8000"]
)
@pytest.mark.parametrize("key", ["http://127.0.0.1:8000", "http://localhost:8000"])
def test_an_address_of_plain_http_is_found(
    tmp_path: Path, key: str, address: str
) -> None:
    place = sound(tmp_path)
    place.set(key, address)

    sentence = f"{address} is plain http: what is typed can be read on the way."
    assert place.found() == [(FAULT, sentence)]


@pytest.mark.parametrize(
    "address", ["https://lapor.example.go.id", "http://abcdefgh.onion", "http://[::1]"]
)
def test_https_onion_and_this_machine_are_no_finding(
    tmp_path: Path, address: str
) -> None:
    place = sound(tmp_path)
    place.set("http://127.0.0.1:8000", address)

    assert place.found() == []


def test_hours_that_give_the_hour_away_are_found(tmp_path: Path) -> None:
    place = sound(tmp_path)
    place.set('hand_over_hours = ["08:00", "13:00"]', 'hand_over_hours = ["immediate"]')

    found = "Officers see at once what comes in, and so at what hour."
    assert place.found() == [(ADVICE, found)]


def test_a_demo_is_found(tmp_path: Path) -> None:
    place = sound(tmp_path)
    place.set("demo = false", "demo = true")

    assert place.found() == [(FAULT, "This is a demo instance.")]


@pytest.mark.parametrize(
    ("leave", "today", "found"),
    [
        ("[]", "2026-06-01", []),
        ("[]", "2026-11-26", ["The holidays of 2027 are estimated"]),
        ('["2027-03-09"]', "2026-11-26", []),
        ("[]", "2027-06-01", ["The holidays of 2027 are estimated"]),
        ('["2027-03-09"]', "2027-12-01", ["The holidays of 2028 are estimated"]),
        ('["2199-03-09"]', "2199-12-01", ["The holidays of 2200 are not known"]),
    ],
)
def test_holidays_that_may_yet_move_are_named_in_time(
    tmp_path: Path, leave: str, today: str, found: list[str]
) -> None:
    place = sound(tmp_path)
    text = (place.folder / SETTINGS_FILE).read_text("utf-8")
    place.set(re.search("^collective_leave = (.*)$", text, re.MULTILINE)[1], leave)

    findings = place.found(dt.datetime.fromisoformat(f"{today}T09:30+07:00"))

    named = [what for gravity, what in findings if "holidays" in what]
    assert named == [f"{one}: days that are counted may be wrong." for one in found]
    assert all(gravity is ADVICE for gravity, what in findings if "holidays" in what)


def test_the_days_to_look_up_are_printed(tmp_path: Path) -> None:
    settings = Settings(instance=tmp_path / "instance")
    make_installation(settings, dt.date(2027, 1, 4))
    now = dt.datetime.fromisoformat("2027-01-04T09:30+07:00")

    remedies = [finding.remedy for finding in examine(settings.instance, now)]

    (remedy,) = [text for text in remedies if "collective_leave" in text]
    assert "the true days of these: 2027-03-10, 2027-03-11, 2027-05-17." in remedy


@pytest.mark.parametrize("name", forwarding.WITH_ADDRESS)
def test_a_proxy_that_tells_addresses_is_found(tmp_path: Path, name: str) -> None:
    place = sound(tmp_path)
    meet(place, name)

    sentence = f"A proxy in front sends {name}: it tells who came, and may keep it."
    assert place.found() == [(FAULT, sentence)]
    assert f'proxy_set_header {name} "";' in place.remedies()


@pytest.mark.parametrize("name", forwarding.OF_PROXIES)
def test_a_proxy_that_names_itself_is_found(tmp_path: Path, name: str) -> None:
    place = sound(tmp_path)
    meet(place, name)

    sentence = f"A proxy in front sends {name}: is it one you know?"
    assert place.found() == [(ADVICE, sentence)]


def meet(place: Place, name: str) -> None:
    """Let a worker answer a request with this header."""
    key = f"HTTP_{name.upper().replace('-', '_')}"
    forwarding.Lookout(place.folder).note({key: "203.0.113.9"}, NOW.date())


@pytest.mark.parametrize(
    ("kept", "count"), [("Rina Wulandari", "1 officer"), ("nobody", "0 officers")]
)
def test_fewer_than_two_officers_are_found(
    tmp_path: Path, kept: str, count: int
) -> None:
    place = sound(tmp_path)
    place.change(f"DELETE FROM people WHERE name != '{kept}'")

    assert (FAULT, f"{count} can be reported to.") in place.found()


def test_an_invited_person_is_no_officer_yet(tmp_path: Path) -> None:
    place = sound(tmp_path)
    place.change("UPDATE people SET recipient = NULL WHERE name LIKE 'Rina%'")

    assert place.found() == [(FAULT, "1 officer can be reported to.")]


def test_an_agency_without_an_outside_officer_is_advised(tmp_path: Path) -> None:
    place = sound(tmp_path)
    place.change("UPDATE people SET is_outside = 0")

    assert place.found() == [(ADVICE, "No officer is outside the agency.")]


def test_a_changed_audit_record_is_found(tmp_path: Path) -> None:
    place = sound(tmp_path)
    place.change(
        "INSERT INTO audit (number, day, actor, act, link) "
        "VALUES (9, '2026-01-01', 'Nobody', 'enrolled', x'00')"
    )

    assert place.found() == [(FAULT, "The audit record does not hold.")]


def test_an_agency_without_recovery_shares_is_advised(tmp_path: Path) -> None:
    place = sound(tmp_path)
    place.change("UPDATE installation SET recovery_recipient = NULL")

    sentence = "There are no recovery shares: an officer who is the only reader of a"
    assert place.found() == [(ADVICE, f"{sentence} case can lose it.")]
    assert "`lurus recover shares`" in place.remedies()


def test_shares_that_were_used_and_not_renewed_are_a_fault(tmp_path: Path) -> None:
    place = sound(tmp_path)
    place.change("UPDATE installation SET recovery_used_on = '2026-12-01'")

    sentence = "The recovery shares were used on 2026-12-01: a machine knows them."
    assert place.found() == [(FAULT, sentence)]


def test_officers_whose_key_no_shares_give_back_are_counted_and_not_named(
    tmp_path: Path,
) -> None:
    place = sound(tmp_path)
    place.change("UPDATE people SET recovery_fingerprint = NULL WHERE is_outside")

    sentence = "The keys of 1 officers are not wrapped to the recovery shares yet."
    assert place.found() == [(ADVICE, sentence)]


def test_a_clock_behind_the_days_of_the_database_is_found(tmp_path: Path) -> None:
    place = sound(tmp_path)
    yesterday = NOW - dt.timedelta(days=1)
    age(place.database, days=2)

    sentence = f"The clock is behind: the database knows {NOW.date()}."
    assert place.found(yesterday) == [(FAULT, sentence)]


@pytest.mark.parametrize(
    ("table", "column"), [("steps", "taken_on"), ("messages", "written_on")]
)
def test_a_day_to_come_in_any_case_betrays_the_clock(
    tmp_path: Path, table: str, column: str
) -> None:
    place = sound(tmp_path)
    with place.session() as session:
        hand_in(session, add_officer(session, "Joko Prasetyo"), today=NOW.date())
    tomorrow = NOW.date() + dt.timedelta(days=1)
    place.change(f"UPDATE {table} SET {column} = '{tomorrow}'")

    sentence = f"The clock is behind: the database knows {tomorrow}."
    assert (FAULT, sentence) in place.found()


def test_a_clock_behind_the_file_of_the_database_is_found(tmp_path: Path) -> None:
    place = sound(tmp_path)
    age(place.database, hours=-2)

    sentence = "The clock is behind the time of the database's file."
    assert place.found() == [(FAULT, sentence)]


def test_the_time_zone_of_the_settings_says_which_day_it_is(tmp_path: Path) -> None:
    place = sound(tmp_path)
    place.set("Asia/Jakarta", "Pacific/Kiritimati")
    late = dt.datetime.combine(NOW.date(), dt.time(12), dt.UTC)
    place.change(f"UPDATE installation SET made_on = '{late.date() + ONE_DAY}'")

    assert not [what for _, what in place.found(late) if "knows" in what]


def test_a_large_journal_is_advised(tmp_path: Path) -> None:
    place = sound(tmp_path)
    with place.journal.open("wb") as file:
        file.truncate(doctor.LARGEST_JOURNAL_BYTES + 1)
    place.journal.chmod(0o600)

    assert (ADVICE, "The journal of the database has 64 MiB.") in place.found()


@pytest.mark.parametrize(("days", "count"), [(6, 0), (8, 1)])
def test_a_journal_that_is_not_written_back_for_a_week_is_advised(
    tmp_path: Path, days: int, count: int
) -> None:
    place = sound(tmp_path)
    with open_journal(place):
        age(place.database, days=days)

        found = [one for one in place.found() if "last written back" in one[1]]

    assert len(found) == count
    assert all(gravity is ADVICE for gravity, _ in found)


@contextmanager
def open_journal(place: Place) -> Iterator[None]:
    """Keep a change in the journal, as a server that runs does."""
    with closing(sqlite3.connect(place.database)) as connection:
        with connection:
            connection.execute("UPDATE people SET position = 'Auditor Muda'")
        yield


@pytest.mark.parametrize(("days", "count"), [(29, 0), (31, 1)])
def test_an_old_copy_of_an_upgrade_is_advised(
    tmp_path: Path, days: int, count: int
) -> None:
    place = sound(tmp_path)
    copy = place.folder / f"{DATABASE_FILE}.2026-12-07-093000"
    copy.touch(mode=0o600)
    age(copy, days=days)

    assert len(place.found()) == count
    assert count == 0 or f"rm {copy}" in place.remedies()


def test_an_older_schema_is_found(tmp_path: Path) -> None:
    place = sound(tmp_path)
    with place.session() as session:
        schema.take_back(session.get_bind())  # type: ignore[arg-type]

    assert place.found() == [(FAULT, "The database has an older schema.")]


def test_a_newer_schema_is_found(tmp_path: Path) -> None:
    place = sound(tmp_path)
    place.change("UPDATE alembic_version SET version_num = '9999'")

    sentence = "The database has a newer schema than this program."
    assert place.found() == [(FAULT, sentence)]


def test_a_database_that_cannot_be_read_is_found(tmp_path: Path) -> None:
    place = sound(tmp_path)
    place.database.write_bytes(b"no database at all" * 100)

    assert place.found() == [(FAULT, "The database cannot be read.")]


def test_a_machine_that_cleans_no_file_is_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = sound(tmp_path)
    monkeypatch.setattr(sys, "executable", "/nowhere/python")

    sentence = "No file can be cleaned: what cleans them does not start."
    assert place.found() == [(FAULT, sentence)]


def test_a_kernel_that_does_not_hold_a_cleaning_is_found(tmp_path: Path) -> None:
    place = sound(tmp_path)
    program = on_a_kernel_without(*LANDLOCK) + (
        "import sys; import datetime as dt; from pathlib import Path\n"
        "from portal import doctor\n"
        "print(doctor.examine(Path(sys.argv[1]), dt.datetime.now(dt.UTC)))\n"
    )

    found = subprocess.run(
        [sys.executable, "-c", program, str(place.folder)],
        capture_output=True,
        check=True,
        cwd=HOME,
        text=True,
    ).stdout

    assert "Who takes over the cleaning of a file is not held" in found


@pytest.mark.parametrize("name", [SETTINGS_FILE, SECRET_FILE, GATE_FILE, DATABASE_FILE])
def test_the_doctor_changes_nothing(tmp_path: Path, name: str) -> None:
    place = sound(tmp_path)
    before = (place.folder / name).read_bytes()

    place.found()

    assert (place.folder / name).read_bytes() == before
    assert not place.journal.exists()


def sentences() -> list[str]:
    """The longest fixed piece of each finding in the program."""
    trees = [
        ast.parse(Path(module.__file__).read_text("utf-8"))
        for module in (doctor, backup_findings, custody_findings, round_findings)
    ]
    nodes = [node for tree in trees for node in ast.walk(tree)]
    calls = [node for node in nodes if isinstance(node, ast.Call)]
    heads = [
        call.args[0]
        for call in calls
        if isinstance(call.func, ast.Name) and call.func.id in {"fault", "advice"}
    ]
    return [max(pieces(head), key=len) for head in heads if pieces(head)]


def pieces(node: ast.expr) -> list[str]:
    parts = node.values if isinstance(node, ast.JoinedStr) else [node]
    constants = [part.value for part in parts if isinstance(part, ast.Constant)]
    return [" ".join(str(constant).split()).strip(" .") for constant in constants]


@pytest.mark.parametrize("sentence", sentences())
def test_the_operators_page_explains_every_finding(sentence: str) -> None:
    assert sentence in OPERATING


def test_an_installation_without_a_backup_key_is_told_of_it(tmp_path: Path) -> None:
    place = sound(tmp_path)
    place.change("UPDATE installation SET backup_recipient = NULL")

    assert place.found() == [
        (ADVICE, "There is no backup key: nothing can be backed up.")
    ]
    assert "lurus backup-key" in place.remedies()


def test_a_key_that_was_never_used_is_a_fault(tmp_path: Path) -> None:
    place = sound(tmp_path)
    place.change("DELETE FROM jobs")

    assert place.found() == [(FAULT, "No backup was made yet.")]


@pytest.mark.parametrize(("days", "is_found"), [(7, False), (8, True)])
def test_no_backup_for_more_than_a_week_is_a_fault(
    tmp_path: Path, days: int, is_found: bool
) -> None:
    place, day = sound(tmp_path), NOW.date() - days * ONE_DAY
    place.change(f"UPDATE jobs SET slot = '{day}' WHERE name = 'backup'")

    wanted = [(FAULT, f"The last backup was made on {day}.")]
    assert place.found() == (wanted if is_found else [])


@pytest.mark.parametrize(("days", "is_found"), [(90, False), (91, True)])
def test_a_rehearsal_long_ago_is_named(
    tmp_path: Path, days: int, is_found: bool
) -> None:
    place, day = sound(tmp_path), NOW.date() - days * ONE_DAY
    place.change(f"UPDATE jobs SET slot = '{day}' WHERE name = 'rehearsal'")

    wanted = [(ADVICE, f"A restore was last rehearsed on {day}.")]
    assert place.found() == (wanted if is_found else [])


def test_that_nobody_rehearsed_is_named(tmp_path: Path) -> None:
    place = sound(tmp_path)
    place.change("DELETE FROM jobs WHERE name = 'rehearsal'")

    assert place.found() == [(ADVICE, "No restore was rehearsed yet.")]


@pytest.mark.parametrize(("days", "is_found"), [(30, False), (31, True)])
def test_a_backup_beyond_its_days_is_found_where_it_lies(
    tmp_path: Path, days: int, is_found: bool
) -> None:
    place, day = sound(tmp_path), NOW.date() - days * ONE_DAY
    file = tmp_path / "a backup"
    with place.session() as session:
        gate = read_gate_secret(place.folder)
        backups.back_up(session, place.folder, file, gate, keep_days=30, today=day)
        backups.note_backup(session, NOW.date())

    wanted = (
        f"{file} is a backup older than 30 days: it keeps what was promised to be gone."
    )
    assert place.found() == ([(FAULT, wanted)] if is_found else [])
    assert not is_found or f"rm '{file}'" in place.remedies()


def test_what_a_killed_restore_left_is_found(tmp_path: Path) -> None:
    place = sound(tmp_path)
    left = place.folder / RESTORING_FOLDER
    left.mkdir(mode=0o700)

    assert place.found() == [
        (FAULT, f"{left} is left of a restore that was broken off.")
    ]


def test_what_a_killed_backup_left_is_found(tmp_path: Path) -> None:
    place = sound(tmp_path)
    left = place.folder / COPY_FILE
    left.touch(mode=0o600)

    assert place.found() == [
        (FAULT, f"{left} is left of a backup that was broken off.")
    ]


def test_a_medium_that_was_taken_out_is_no_finding(tmp_path: Path) -> None:
    place = sound(tmp_path)
    noted = place.folder / BACKUP_FOLDERS_FILE
    noted.write_text(f"{tmp_path / 'taken out'}\n")
    noted.chmod(0o600)

    assert place.found() == []


@pytest.mark.parametrize(
    ("left", "count"), [("Sri Lestari", "1 custodian"), ("nobody", "0 custodians")]
)
def test_fewer_than_two_custodians_are_advised(
    tmp_path: Path, left: str, count: str
) -> None:
    place = sound(tmp_path)
    place.change(f"DELETE FROM people WHERE is_custodian AND name != '{left}'")

    assert (ADVICE, f"{count} can hold rounds.") in place.found()


def test_a_case_that_the_clock_opened_to_nobody_is_found(tmp_path: Path) -> None:
    place = sound(tmp_path)
    with place.session() as session:
        hand_in(session, add_officer(session, "Joko Prasetyo"), today=NOW.date())
    place.change(
        "INSERT INTO steps SELECT id, 1, 'escalated', CURRENT_DATE, NULL FROM cases"
    )
    place.change("UPDATE wraps SET purpose = 'open' WHERE purpose = 'outer'")
    before = place.found()

    place.change("DELETE FROM wraps WHERE purpose = 'open'")

    what = "A case that should be open to a custodian is open to none."
    assert (FAULT, what) in place.found()
    assert (FAULT, what) not in before


def test_missed_rounds_are_found_from_the_second_on(tmp_path: Path) -> None:
    place = sound(tmp_path)
    found = {
        days: [what for _, what in place.found(NOW + dt.timedelta(days=days))]
        for days in (14, 15, 22)
    }

    assert not [what for what in found[14] if "rounds of the custodians" in what]
    assert "2 rounds of the custodians were missed, none so far." in found[15]
    assert "3 rounds of the custodians were missed, none so far." in found[22]


def test_how_often_is_a_setting(tmp_path: Path) -> None:
    place = sound(tmp_path)
    place.set("round_every_days = 7", "round_every_days = 30")

    found = [what for _, what in place.found(NOW + dt.timedelta(days=40))]

    assert not [what for what in found if "rounds of the custodians" in what]


def test_a_round_that_was_edited_is_found(tmp_path: Path) -> None:
    place = sound(tmp_path)
    with place.session() as session:
        sri = session.scalars(select(Person).where(Person.name == "Sri Lestari")).one()
    place.change(
        "INSERT INTO rounds (number, custodian_id, day, is_done, reached, line) "
        f"VALUES (1, x'{sri.id.hex()}', '{NOW.date()}', 1, x'00', 'round 1')"
    )

    assert place.found() == [(FAULT, "The line of a round does not hold.")]
