"""The command line: one clear sentence, and an exit code that scripts rely on."""

import datetime as dt
import json
import re
import socket
import sqlite3
import stat
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from builders import add_officer, hand_in, make_shares, wrap_for_recovery
from click.testing import CliRunner, Result
from people import Officer
from sqlalchemy import func, select, text

from crypto import GateSecret
from portal.cli import main
from portal.database import DATABASE_FILE, open_database, transaction
from portal.handover import LOT_SIZE
from portal.models import Case
from portal.models import Person as PersonRow
from portal.roles import Role
from portal.runtime import GATE_FILE, SECRET_FILE
from portal.settings import Settings
from portal.settings_file import SETTINGS_FILE, read_settings

JAKARTA = ZoneInfo("Asia/Jakarta")
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
    ("people", "list"),
    ("people", "retire"),
    ("recover",),
    ("recover", "officer"),
    ("recover", "shares"),
    ("verify-audit",),
    ("backup",),
    ("backup-key",),
    ("restore",),
]
ALL_FILES = {SETTINGS_FILE, SECRET_FILE, GATE_FILE, DATABASE_FILE}
NEEDS_AN_INSTALLATION = [
    ("serve",),
    ("tend",),
    ("upgrade",),
    ("people", "invite", "Rina Wulandari"),
    ("people", "list"),
    ("people", "retire", "Rina Wulandari", "--yes"),
    ("recover", "shares"),
    ("verify-audit",),
    ("backup", "a.backup"),
    ("backup-key",),
]


def lurus(instance: Path, *arguments: str, **environment: str) -> Result:
    variables = {"LURUS_INSTANCE": str(instance), **environment}
    return CliRunner(env=variables).invoke(main, list(arguments))


def age_schema(instance: Path) -> None:
    """Make the database look as if no migration had come yet."""
    change(instance, "DELETE FROM alembic_version")


def change(instance: Path, statement: str) -> None:
    """Change rows as nothing in the program would."""
    database = open_database(instance)
    with database.sessions() as session, transaction(session):
        session.execute(text(statement))
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
    assert "made settings, secret, gate, ledger key, database" in result.output
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


@pytest.mark.parametrize(
    ("host", "address"),
    [
        ("127.0.0.1", "http://127.0.0.1:8123"),
        ("0.0.0.0", "http://127.0.0.1:8123"),
        ("::1", "http://[::1]:8123"),
    ],
)
def test_settings_name_an_address_that_can_be_opened(
    tmp_path: Path, host: str, address: str
) -> None:
    lurus(tmp_path, "init", LURUS_HOST=host, LURUS_PORT="8123")

    assert read_settings(tmp_path).address == address


def test_init_closes_the_folder_of_a_clone_and_no_other(tmp_path: Path) -> None:
    of_a_clone, shared = tmp_path / "instance", tmp_path / "shared"
    of_a_clone.mkdir(mode=0o755)
    (of_a_clone / "README.md").touch()
    shared.mkdir(mode=0o755)
    (shared / "minutes.odt").touch()

    lurus(of_a_clone, "init")
    lurus(shared, "init")

    modes = [stat.S_IMODE(one.stat().st_mode) for one in (of_a_clone, shared)]
    assert modes == [0o700, 0o755]


def test_tending_writes_the_journal_back(tmp_path: Path) -> None:
    lurus(tmp_path, "init")
    journal = tmp_path / f"{DATABASE_FILE}-wal"
    # As long as somebody has the database open, the journal stays.
    with closing(sqlite3.connect(tmp_path / DATABASE_FILE)) as server:
        server.execute("SELECT * FROM people").fetchall()
        lurus(tmp_path, "people", "invite", "Rina Wulandari")
        before = journal.stat().st_size

        lurus(tmp_path, "tend")

        assert before > journal.stat().st_size == 0


def test_tending_hands_over_all_that_a_flood_left(tmp_path: Path) -> None:
    lurus(tmp_path, "init")
    database = open_database(tmp_path)
    with database.sessions() as session:
        rina = add_officer(session)
        _ = [hand_in(session, rina, at_once=False) for _ in range(LOT_SIZE + 1)]

        result = lurus(tmp_path, "tend")

        session.rollback()
        waiting = select(func.count()).where(~Case.is_handed_over)
        assert session.scalar(waiting) == 0
    database.engine.dispose()
    assert (
        result.output
        == "Done: sweep, leaflets, ledger, escalate, purge, evaluations, hand-over.\n"
    )


def test_an_invitation_is_a_link_that_stands_nowhere(tmp_path: Path) -> None:
    lurus(tmp_path, "init")

    result = lurus(tmp_path, "people", "invite", "Rina Wulandari")

    assert result.exit_code == 0
    link = result.stdout.strip()
    assert re.fullmatch(r"http://127\.0\.0\.1:8000/office/invite/[\w-]{43}", link)
    token = link.rpartition("/")[2].encode()
    assert not [one for one in tmp_path.iterdir() if token in one.read_bytes()]


@pytest.mark.parametrize(
    ("options", "side"),
    [
        ((), "an officer of the agency"),
        (("--outside",), "an officer of another agency"),
    ],
)
def test_an_invitation_says_whom_it_is_for_and_how_to_hand_it_over(
    tmp_path: Path, options: tuple[str, ...], side: str
) -> None:
    lurus(tmp_path, "init")

    result = lurus(tmp_path, "people", "invite", "Rina Wulandari", *options)

    last_day = dt.datetime.now(JAKARTA).date() + dt.timedelta(days=3)
    assert result.stderr == (
        f"An invitation for Rina Wulandari, {side}. It works once, until {last_day} "
        "at the latest. Hand it over in person: whoever opens it first becomes this "
        "person.\n"
    )


def test_an_invitation_keeps_position_unit_and_side(tmp_path: Path) -> None:
    lurus(tmp_path, "init")

    lurus(
        *(tmp_path, "people", "invite", "Yusuf  Hidayat", "--outside"),
        *("--position", "Auditor", "--unit", "Inspektorat"),
    )

    database = open_database(tmp_path)
    with database.sessions() as session:
        invited = session.scalars(select(PersonRow)).one()
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
    assert result.output == (
        "Error: There is or was an officer of that name; add something to it.\n"
    )


def test_people_are_listed_with_the_fingerprints_of_the_page(
    settings: Settings, officer: Officer, outside_officer: Officer
) -> None:
    lurus(settings.instance, "people", "invite", "Joko Prasetyo")

    said = lurus(settings.instance, "people", "list").output

    page = officer.get("/keys").html
    shown = re.findall(r'<p class="fingerprint">(.*?)</p>', page)
    found = re.findall(r"^    ((?:\w{4}-){7}\w{4})$", said, re.MULTILINE)
    assert found == ["-".join(re.findall(r"\w{4}(?=</)", one)) for one in shown]
    assert (
        "Auditor · Inspektorat\n    an officer of another agency\n    enrolled" in said
    )
    assert "no unit\n    an officer of the agency\n    invited on 20" in said


def test_a_name_cannot_steer_the_terminal(tmp_path: Path) -> None:
    lurus(tmp_path, "init")
    lurus(tmp_path, "people", "invite", "Rina\x1b[2J", "--unit", "Umum\u202e")

    said = lurus(tmp_path, "people", "list").output

    assert said.startswith("Rina?[2J\n    Umum?\n")


def test_an_empty_list_says_what_to_do(tmp_path: Path) -> None:
    lurus(tmp_path, "init")

    assert "people invite NAME" in lurus(tmp_path, "people", "list").output


def test_retiring_asks_first_and_says_what_nobody_can_know(
    settings: Settings, officer: Officer, outside_officer: Officer
) -> None:
    variables = {"LURUS_INSTANCE": str(settings.instance)}
    typed = ["people", "retire", "yusuf hidayat"]

    refused = CliRunner(env=variables).invoke(main, typed, input="n\n")
    done = CliRunner(env=variables).invoke(main, typed, input="y\n")

    assert (refused.exit_code, done.exit_code) == (1, 0)
    assert "cannot know which cases only this officer can read" in refused.stderr
    assert "has retired" not in refused.output
    assert done.stdout.startswith("Yusuf Hidayat has retired")


def test_retiring_with_yes_asks_nothing(
    settings: Settings, officer: Officer, outside_officer: Officer
) -> None:
    done = lurus(settings.instance, "people", "retire", "Yusuf Hidayat", "--yes")

    said = lurus(settings.instance, "people", "list").output
    assert (done.exit_code, done.stderr) == (0, "")
    assert "\n    retired on 20" in said


def test_an_invitation_is_withdrawn_by_retiring(
    settings: Settings, officer: Officer
) -> None:
    link = lurus(settings.instance, "people", "invite", "Joko Prasetyo").stdout

    done = lurus(settings.instance, "people", "retire", "Joko Prasetyo", "--yes")

    path = link.strip().removeprefix(settings.address)
    assert done.stdout == "Joko Prasetyo is invited no more: the link opens nothing.\n"
    assert officer.get(path).status_code == 404


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("Rina Wulandari", "The last officer stays: `lurus people invite NAME` first"),
        ("Siapa Saja", "Nobody of that name was ever invited; `lurus people list`"),
    ],
)
def test_a_refusal_to_retire_is_one_sentence_with_the_way_out(
    settings: Settings, officer: Officer, name: str, sentence: str
) -> None:
    result = lurus(settings.instance, "people", "retire", name, "--yes")

    assert result.exit_code == 1
    assert result.output.startswith(f"Error: {sentence}")
    assert result.output.count("\n") == 1


def test_work_that_is_due_is_done_once_an_hour(tmp_path: Path) -> None:
    lurus(tmp_path, "init")

    results = [lurus(tmp_path, "tend") for _ in range(2)]

    outputs = [result.output for result in results]
    assert outputs == [
        "Done: sweep, hand-over, leaflets, ledger, escalate, purge, evaluations.\n",
        "Done: nothing was due.\n",
    ]
    assert [result.exit_code for result in results] == [0, 0]


def test_the_doctor_finds_that_nobody_can_be_reported_to(tmp_path: Path) -> None:
    lurus(tmp_path, "init")

    result = lurus(tmp_path, "doctor")

    assert result.exit_code == 1
    assert "fault: 0 officers can be reported to." in result.output
    assert "advice: No officer is outside the agency." in result.output
    assert result.output.index("fault:") < result.output.index("advice:")
    assert "No fault was found" not in result.output


def test_the_doctor_is_content_with_two_officers_one_outside_and_with_shares(
    tmp_path: Path,
) -> None:
    lurus(tmp_path, "init")
    # Of these years the decrees were read, whenever this test runs.
    read = [f"{dt.datetime.now(dt.UTC).year + ahead}-12-24" for ahead in range(3)]
    change_settings(
        tmp_path, "collective_leave", f"collective_leave = {json.dumps(read)}"
    )
    add_officers(tmp_path, "Rina Wulandari", "Yusuf Hidayat", with_shares=True)
    change(tmp_path, "UPDATE people SET is_outside = (name LIKE 'Yusuf%')")

    result = lurus(tmp_path, "doctor")

    assert result.exit_code == 0
    assert result.output == (
        "advice: 0 custodians can hold rounds.\n"
        "    Have two at least, outside the agency: `lurus people invite NAME "
        "--custodian`. With the key of the last one all that is held is lost.\n"
        "advice: There is no backup key: nothing can be backed up.\n"
        "    Make it, on one paper for the safe: `lurus backup-key`.\n"
        "No fault was found.\n"
    )


def test_advice_alone_is_no_fault(tmp_path: Path) -> None:
    lurus(tmp_path, "init")
    add_officers(tmp_path, "Rina Wulandari", "Joko Prasetyo")

    result = lurus(tmp_path, "doctor")

    assert result.exit_code == 0
    assert "advice: No officer is outside" in result.output


def test_one_fault_is_enough_to_exit_with_one(tmp_path: Path) -> None:
    lurus(tmp_path, "init")
    add_officers(tmp_path, "Rina Wulandari", "Joko Prasetyo")
    (tmp_path / SECRET_FILE).chmod(0o640)

    result = lurus(tmp_path, "doctor")

    assert result.exit_code == 1
    assert result.output.startswith(f"fault: {tmp_path / SECRET_FILE} can be read")


def add_officers(instance: Path, *names: str, with_shares: bool = False) -> None:
    database = open_database(instance)
    with database.sessions() as session:
        officers = [add_officer(session, name) for name in names]
        if with_shares:
            make_shares(session, today=dt.datetime.now(JAKARTA).date())
            _ = [wrap_for_recovery(session, officer) for officer in officers]
    database.engine.dispose()


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
    "command",
    [("serve",), ("tend",), ("upgrade",), ("people", "invite", "Rina Wulandari")],
)
def test_a_newer_schema_is_refused_in_one_sentence(
    tmp_path: Path, command: tuple[str, ...]
) -> None:
    lurus(tmp_path, "init")
    change(tmp_path, "UPDATE alembic_version SET version_num = '9999'")

    result = lurus(tmp_path, *command)

    assert result.exit_code == 1
    assert result.output == (
        "Error: The database has a newer schema; install the newer version again, "
        "or go back.\n"
    )


@pytest.mark.parametrize("command", ["serve", "demo"])
def test_a_port_where_another_portal_listens_is_refused(
    tmp_path: Path, command: str
) -> None:
    if command == "serve":
        lurus(tmp_path, "init")
    with socket.socket() as other:
        # Servers share a port in this way: both would be given reports.
        other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = str(other.getsockname()[1])

        result = lurus(tmp_path, command, LURUS_PORT=port)

    assert result.exit_code == 1
    assert result.output == (
        f"Error: Port {port} is in use already. Stop what runs there, or set "
        "LURUS_PORT to another.\n"
    )


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
    assert len(json.loads(path.read_text("utf-8"))["people"]) == 7
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


def test_the_last_administrator_stays_with_the_way_out(
    settings: Settings, officer: Officer, new_officer: Callable[..., Officer]
) -> None:
    new_officer("Budi Santoso", role=Role.ADMINISTRATOR)

    kept = lurus(settings.instance, "people", "retire", "Budi Santoso", "--yes")
    new_officer("Ratna Sari", Role.ADMINISTRATOR)
    gone = lurus(settings.instance, "people", "retire", "Budi Santoso", "--yes")
    listed = lurus(settings.instance, "people", "list").output

    assert kept.exit_code == 1
    assert "lurus people invite NAME --administrator" in kept.output
    assert gone.exit_code == 0
    assert "an officer of the agency and an administrator" in listed


def test_the_gates_secret_is_printed_once_for_paper(tmp_path: Path) -> None:
    first = lurus(tmp_path, "init").output
    second = lurus(tmp_path, "init").output

    on_paper = GateSecret((tmp_path / GATE_FILE).read_bytes()).reveal()
    assert "Copy this on paper now" in first
    assert GateSecret.parse(on_paper_of(first)).reveal() == on_paper
    assert "paper" not in second


def test_the_gates_secret_comes_back_from_paper(tmp_path: Path) -> None:
    typed = on_paper_of(lurus(tmp_path, "init").output).lower()
    secret = (tmp_path / GATE_FILE).read_bytes()
    (tmp_path / GATE_FILE).unlink()

    result = from_paper(tmp_path, typed)

    assert "The secret of the gate is there again." in result.output
    assert result.exit_code == 0
    assert (tmp_path / GATE_FILE).read_bytes() == secret
    assert stat.S_IMODE((tmp_path / GATE_FILE).stat().st_mode) == 0o600


@pytest.mark.parametrize("slip", ["", "7K2M", "one sign wrong"])
def test_a_slip_on_the_way_from_paper_is_told_and_makes_nothing(
    tmp_path: Path, slip: str
) -> None:
    typed = on_paper_of(lurus(tmp_path, "init").output)
    wrong = typed[:-1] + ("0" if typed[-1] != "0" else "1")
    (tmp_path / GATE_FILE).unlink()

    result = from_paper(tmp_path, {"one sign wrong": wrong}.get(slip, slip))

    assert result.exit_code == 1
    assert not (tmp_path / GATE_FILE).exists()


def test_a_secret_that_is_there_is_never_overwritten_from_paper(tmp_path: Path) -> None:
    typed = on_paper_of(lurus(tmp_path, "init").output)
    (tmp_path / GATE_FILE).write_bytes(bytes(32))

    result = from_paper(tmp_path, typed)

    assert result.exit_code == 1
    assert "is there already" in result.output
    assert (tmp_path / GATE_FILE).read_bytes() == bytes(32)


def test_an_upgrade_makes_the_gates_secret_and_prints_it(tmp_path: Path) -> None:
    lurus(tmp_path, "init")
    (tmp_path / GATE_FILE).unlink()

    result = lurus(tmp_path, "upgrade")

    assert on_paper_of(result.output)
    assert (tmp_path / GATE_FILE).exists()


def on_paper_of(output: str) -> str:
    """Return the fourteen groups that a command printed."""
    groups = re.findall(r"\b[0-9A-HJKMNP-TV-Z]{4}\b", output.split("others.")[1])
    return "-".join(groups[:14])


def from_paper(instance: Path, typed: str) -> Result:
    environment = {"LURUS_INSTANCE": str(instance)}
    command = ["init", "--gate-from-paper"]
    return CliRunner().invoke(main, command, env=environment, input=f"{typed}\n")
