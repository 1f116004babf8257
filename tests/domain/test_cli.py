"""The command line: one clear sentence, and an exit code that scripts rely on."""

import json
import re
import stat
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from people import Officer
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from portal.cli import main
from portal.database import DATABASE_FILE, open_database, transaction
from portal.models import Officer as OfficerRow
from portal.runtime import SECRET_FILE
from portal.settings import SETTINGS_FILE, Settings

COMMANDS = [
    (),
    ("init",),
    ("serve",),
    ("demo",),
    ("tend",),
    ("doctor",),
    ("upgrade",),
    ("people",),
    ("people", "invite"),
]
ALL_FILES = {SETTINGS_FILE, SECRET_FILE, DATABASE_FILE}
NEEDS_AN_INSTALLATION = [
    ("serve",),
    ("tend",),
    ("upgrade",),
    ("people", "invite", "Rina Wulandari"),
]


def lurus(instance: Path, *arguments: str, **environment: str) -> Result:
    variables = {"LURUS_INSTANCE": str(instance), **environment}
    return CliRunner(env=variables).invoke(main, list(arguments))


def age_schema(instance: Path) -> None:
    """Make the database look as if its last migration had not come yet."""
    database = open_database(instance)
    with database.sessions() as session, transaction(session):
        session.execute(text("UPDATE alembic_version SET version_num = '0000'"))
    database.engine.dispose()


def change_settings(instance: Path, name: str, line: str) -> None:
    """Replace the line of one key."""
    path = instance / SETTINGS_FILE
    settings = path.read_text("utf-8")
    path.write_text(re.sub(f"(?m)^{name} = .*$", line, settings), "utf-8")


def contents(instance: Path) -> dict[str, bytes]:
    return {name: (instance / name).read_bytes() for name in ALL_FILES}


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself(
    tmp_path: Path, command: tuple[str, ...]
) -> None:
    result = lurus(tmp_path, *command, "--help")

    assert result.exit_code == 0
    assert result.output.startswith("Usage:")
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    "command",
    [
        ("bury",),
        ("init", "again"),
        ("doctor", "--fast"),
        ("people", "invite"),
        ("people", "promote", "Rina"),
        ("demo", "--json"),
        ("demo", "--json", "/"),
    ],
)
def test_wrong_usage_exits_with_two(tmp_path: Path, command: tuple[str, ...]) -> None:
    result = lurus(tmp_path, *command)

    assert result.exit_code == 2
    assert not list(tmp_path.iterdir())


def test_a_port_that_is_no_number_is_wrong_usage(tmp_path: Path) -> None:
    result = lurus(tmp_path / "instance", "init", LURUS_PORT="http")

    assert result.exit_code == 2
    assert "LURUS_PORT is no number" in result.output


def test_init_makes_a_folder_that_others_cannot_read(tmp_path: Path) -> None:
    instance = tmp_path / "instance"

    result = lurus(instance, "init")

    assert result.exit_code == 0
    assert "made settings, secret, database" in result.output
    modes = {stat.S_IMODE((instance / name).stat().st_mode) for name in ALL_FILES}
    assert modes == {0o600}
    assert stat.S_IMODE(instance.stat().st_mode) == 0o700


def test_a_second_init_changes_nothing(tmp_path: Path) -> None:
    lurus(tmp_path, "init")
    before = contents(tmp_path)

    result = lurus(tmp_path, "init")

    assert result.exit_code == 0
    assert "nothing, all there" in result.output
    assert contents(tmp_path) == before


def test_init_says_what_stands_in_its_way(tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    result = lurus(tmp_path / "file" / "instance", "init")

    assert result.exit_code == 1
    assert re.fullmatch(r"Error: .+/file/instance: .+\.\n", result.output)


def test_settings_name_the_address_that_is_served(tmp_path: Path) -> None:
    lurus(tmp_path, "init", LURUS_PORT="8123")

    settings = (tmp_path / SETTINGS_FILE).read_text("utf-8")

    assert 'address = "http://127.0.0.1:8123"' in settings


def test_an_invitation_is_a_link_that_stands_nowhere(tmp_path: Path) -> None:
    lurus(tmp_path, "init")

    result = lurus(tmp_path, "people", "invite", "Rina Wulandari")

    assert result.exit_code == 0
    link = result.output.strip()
    assert re.fullmatch(r"http://127\.0\.0\.1:8000/office/invite/[\w-]{43}", link)
    token = link.rpartition("/")[2].encode()
    assert not [one for one in tmp_path.iterdir() if token in one.read_bytes()]


def test_an_invitation_keeps_position_unit_and_side(tmp_path: Path) -> None:
    lurus(tmp_path, "init")

    lurus(
        *(tmp_path, "people", "invite", "Yusuf  Hidayat", "--outside"),
        *("--position", "Auditor", "--unit", "Inspektorat"),
    )

    database = open_database(tmp_path)
    with database.sessions() as session:
        invited = session.scalars(select(OfficerRow)).one()
    database.engine.dispose()
    assert (invited.name, invited.position) == ("Yusuf Hidayat", "Auditor")
    assert (invited.unit, invited.is_outside) == ("Inspektorat", True)


def test_somebody_who_has_not_enrolled_gets_a_fresh_link(tmp_path: Path) -> None:
    lurus(tmp_path, "init")
    first = lurus(tmp_path, "people", "invite", "Rina Wulandari")

    second = lurus(tmp_path, "people", "invite", "rina wulandari")

    assert second.exit_code == 0
    assert second.output != first.output


def test_the_name_of_an_enrolled_officer_is_taken(
    settings: Settings, officer: Officer
) -> None:
    name = officer.credentials.name.upper()

    result = lurus(settings.instance, "people", "invite", name)

    assert result.exit_code == 1
    assert result.output == "Error: An officer of that name exists.\n"


def test_work_that_is_due_is_done_once_an_hour(tmp_path: Path) -> None:
    lurus(tmp_path, "init")

    results = [lurus(tmp_path, "tend") for _ in range(2)]

    outputs = [result.output for result in results]
    assert outputs == ["Done: sweep, hand-over.\n", "Done: nothing was due.\n"]
    assert [result.exit_code for result in results] == [0, 0]


def test_the_doctor_finds_that_nobody_can_be_reported_to(tmp_path: Path) -> None:
    lurus(tmp_path, "init")

    result = lurus(tmp_path, "doctor")

    assert result.exit_code == 1
    assert "fault: 0 officers can be reported to." in result.output
    assert "advice: No officer is outside the agency." in result.output
    assert result.output.index("fault:") < result.output.index("advice:")
    assert "No fault was found" not in result.output


def test_the_doctor_is_content_with_two_officers_one_of_them_outside(
    settings: Settings, officer: Officer, outside_officer: Officer
) -> None:
    result = lurus(settings.instance, "doctor")

    assert result.exit_code == 0
    assert result.output == "No fault was found.\n"


def test_advice_alone_is_no_fault(
    settings: Settings, new_officer: Callable[..., Officer]
) -> None:
    new_officer("Rina Wulandari")
    new_officer("Joko Prasetyo")

    result = lurus(settings.instance, "doctor")

    assert result.exit_code == 0
    assert "advice: No officer is outside" in result.output


@pytest.mark.parametrize("name", sorted(ALL_FILES))
def test_the_doctor_finds_a_file_that_others_can_read(
    tmp_path: Path, name: str
) -> None:
    lurus(tmp_path, "init")
    (tmp_path / name).chmod(0o640)

    result = lurus(tmp_path, "doctor")

    assert result.exit_code == 1
    assert f"{name} can be read by others" in result.output


@pytest.mark.parametrize(
    ("name", "finding"),
    [
        (SETTINGS_FILE, "does not exist; run `lurus init`"),
        (SECRET_FILE, "The instance's secret is missing"),
        (DATABASE_FILE, "There is no database"),
    ],
)
def test_the_doctor_finds_a_file_that_is_missing(
    tmp_path: Path, name: str, finding: str
) -> None:
    lurus(tmp_path, "init")
    (tmp_path / name).unlink()

    result = lurus(tmp_path, "doctor")

    assert result.exit_code == 1
    assert finding in result.output
    assert not (tmp_path / name).exists()


@pytest.mark.parametrize(
    ("name", "line", "finding"),
    [
        ("address", 'address = "http://lapor.go.id"', "The public address is plain"),
        ("demo", "demo = true", "This is a demo instance"),
    ],
)
def test_the_doctor_finds_settings_that_break_a_promise(
    tmp_path: Path, name: str, line: str, finding: str
) -> None:
    lurus(tmp_path, "init")
    change_settings(tmp_path, name, line)

    result = lurus(tmp_path, "doctor")

    assert result.exit_code == 1
    assert f"fault: {finding}" in result.output


def test_the_doctor_finds_an_audit_record_that_was_changed(
    settings: Settings, session: Session, officer: Officer
) -> None:
    with transaction(session):
        session.execute(text("UPDATE audit SET actor = 'Nobody' WHERE number = 2"))

    result = lurus(settings.instance, "doctor")

    assert result.exit_code == 1
    assert "Entry 2 of the audit record does not hold." in result.output


def test_the_doctor_finds_an_older_schema(tmp_path: Path) -> None:
    lurus(tmp_path, "init")
    age_schema(tmp_path)

    result = lurus(tmp_path, "doctor")

    assert result.exit_code == 1
    assert "The database has an older schema." in result.output


def test_an_upgrade_keeps_a_copy_for_the_owner_alone(tmp_path: Path) -> None:
    lurus(tmp_path, "init")

    result = lurus(tmp_path, "upgrade")

    (copy,) = tmp_path.glob(f"{DATABASE_FILE}.2*")
    assert result.exit_code == 0
    assert str(copy) in result.output
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600


def test_the_copy_of_an_upgrade_opens_in_place_of_the_database(tmp_path: Path) -> None:
    lurus(tmp_path, "init")
    lurus(tmp_path, "people", "invite", "Rina Wulandari")
    lurus(tmp_path, "upgrade")
    (copy,) = tmp_path.glob(f"{DATABASE_FILE}.2*")

    copy.replace(tmp_path / DATABASE_FILE)

    database = open_database(tmp_path)
    with database.sessions() as session:
        names = session.scalars(select(OfficerRow.name)).all()
    database.engine.dispose()
    assert names == ["Rina Wulandari"]


def test_an_upgrade_ends_with_what_the_doctor_finds(tmp_path: Path) -> None:
    lurus(tmp_path, "init")

    result = lurus(tmp_path, "upgrade")

    assert result.exit_code == 0
    assert "0 officers can be reported to." in result.output


@pytest.mark.parametrize("command", NEEDS_AN_INSTALLATION)
def test_without_an_installation_one_sentence_says_how_to_make_it(
    tmp_path: Path, command: tuple[str, ...]
) -> None:
    result = lurus(tmp_path / "instance", *command)

    assert result.exit_code == 1
    assert re.fullmatch(
        r"Error: .+/settings\.toml does not exist; run `lurus init`\.\n", result.output
    )
    assert not (tmp_path / "instance").exists()


@pytest.mark.parametrize("command", NEEDS_AN_INSTALLATION)
def test_a_missing_database_is_told_and_not_silently_made(
    tmp_path: Path, command: tuple[str, ...]
) -> None:
    lurus(tmp_path, "init")
    (tmp_path / DATABASE_FILE).unlink()

    result = lurus(tmp_path, *command)

    assert result.exit_code == 1
    assert result.output == "Error: There is no database yet; run `lurus init`.\n"
    assert not list(tmp_path.glob(f"{DATABASE_FILE}*"))


@pytest.mark.parametrize(
    "command", [("serve",), ("tend",), ("people", "invite", "Rina Wulandari")]
)
def test_an_older_schema_is_refused_in_one_sentence(
    tmp_path: Path, command: tuple[str, ...]
) -> None:
    lurus(tmp_path, "init")
    age_schema(tmp_path)

    result = lurus(tmp_path, *command)

    assert result.exit_code == 1
    sentence = "Error: The database has an older schema; run `lurus upgrade`.\n"
    assert result.output == sentence


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("demo = perhaps", "settings.toml is not TOML"),
        ("demo = 1", "'demo' has a value of the wrong type"),
        ("", "key 'demo' is missing"),
        ("demo = false\ncolour = 1", "unknown key 'colour'"),
    ],
)
def test_settings_with_a_slip_stop_the_start(
    tmp_path: Path, line: str, sentence: str
) -> None:
    lurus(tmp_path, "init")
    change_settings(tmp_path, "demo", line)

    result = lurus(tmp_path, "serve")

    assert result.exit_code == 1
    assert sentence in result.output
    assert result.output.count("\n") == 1


@pytest.mark.slow
def test_a_demo_is_written_to_a_file_and_a_second_is_refused(tmp_path: Path) -> None:
    instance, path = tmp_path / "instance", tmp_path / "demo.json"

    first = lurus(instance, "demo", "--json", str(path))
    second = lurus(instance, "demo", "--json", str(tmp_path / "other.json"))

    assert first.exit_code == 0
    assert len(json.loads(path.read_text("utf-8"))["people"]) == 3
    assert second.exit_code == 1
    assert "a demo never overwrites" in second.output
    assert not (tmp_path / "other.json").exists()


def test_a_demo_leaves_an_installation_in_earnest_alone(tmp_path: Path) -> None:
    lurus(tmp_path, "init")
    before = contents(tmp_path)

    result = lurus(tmp_path, "demo", "--json", str(tmp_path / "demo.json"))

    assert result.exit_code == 1
    assert "is no demo instance; a demo needs its own." in result.output
    assert contents(tmp_path) == before
