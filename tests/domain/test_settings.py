"""Settings: every key required, every other refused, each slip named."""

import dataclasses
import stat
from pathlib import Path

import pytest

from portal.clock_guard import ClockGuard
from portal.errors import SettingsError
from portal.settings import Settings
from portal.settings_file import SETTINGS_FILE, read_settings, write_settings


def written(folder: Path, **values: object) -> Path:
    """Write a settings file into *folder*; return its path."""
    write_settings(Settings(instance=folder, **values))  # type: ignore[arg-type]
    return folder / SETTINGS_FILE


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")


def test_settings_are_read_as_they_were_written(tmp_path: Path) -> None:
    settings = Settings(
        instance=tmp_path,
        portal_name='Portal "BKD" \\ Blitar',
        other_addresses=("http://abcdefgh.onion", "http://localhost:8000"),
        demo=True,
        reports_per_hour=7,
    )

    write_settings(settings)

    assert read_settings(tmp_path) == settings


def test_the_file_explains_every_key_and_is_its_owners_alone(tmp_path: Path) -> None:
    path = written(tmp_path)
    lines = path.read_text("utf-8").splitlines()
    keys = [line for line in lines if " = " in line and not line.startswith("#")]

    assert len(keys) == len(dataclasses.fields(Settings)) - 1
    assert all(lines[lines.index(key) - 1].startswith("# ") for key in keys)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_no_file_says_what_to_run(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="lurus init"):
        read_settings(tmp_path)


@pytest.mark.parametrize(
    ("old", "new", "named"),
    [
        ("demo = false", "demo = false\nport = 8000", "unknown key 'port'"),
        ("demo = false\n", "", "'demo' is missing"),
        ("first_answer_days = 30", "first_answer_days = 9999", "too large"),
        ("feedback_days = 90", "feedback_days = 367", "too large"),
        ("clock_jump_days = 60", "clock_jump_days = 91", "more than 90 days has"),
        (
            "acknowledge_working_days = 3",
            "acknowledge_weekdays = 5",
            "write `acknowledge_working_days = 5` in its place",
        ),
        ("demo = false", "demo = 0", "'demo' has a value of the wrong type"),
        ("reports_per_hour = 120", 'reports_per_hour = "120"', "wrong type"),
        ('["08:00", "13:00"]', '["8 pagi"]', "'hand_over_hours' holds no hours"),
        ('["08:00", "13:00"]', "[]", "'hand_over_hours' holds no hours"),
        ('["08:00", "13:00"]', '"immediate"', "wrong type"),
        ('["08:00", "13:00"]', "[8, 13]", "wrong type"),
        ("reports_per_hour = 120", "reports_per_hour = true", "wrong type"),
        ("reports_per_hour = 120", "reports_per_hour = 0", "too small"),
        (
            "purge_unproven_after_days = 60",
            "purge_unproven_after_days = 30",
            "for 30 days after",
        ),
        ("reports_per_hour = 120", "reports_per_hour = -1", "too small"),
        ("Asia/Jakarta", "Asia/Blitar", "'timezone' is no time zone"),
        ("Asia/Jakarta", "../etc", "'timezone' is no time zone"),
        ("http://127.0.0.1:8000", "127.0.0.1", "is no address"),
        ("http://127.0.0.1:8000", "ftp://127.0.0.1", "is no address"),
        ("http://127.0.0.1:8000", "http://127.0.0.1/portal", "is no address"),
        ("http://localhost:8000", "localhost", "is no address"),
        ("demo = false", "demo = ", "is not TOML"),
        (
            'holiday_country = "ID"',
            'holiday_country = "IDN"',
            "'holiday_country' is no",
        ),
        ("collective_leave = []", 'collective_leave = ["9 Maret"]', "holds no days"),
        ("collective_leave = []", "collective_leave = [2027-03-09]", "wrong type"),
        (
            "gift_report_working_days = 30",
            "gift_report_working_days = 9999",
            "too large",
        ),
        (
            "upg_limit_working_days = 10",
            "upg_limit_working_days = 31",
            "is longer than",
        ),
        ('mail_from = ""', 'mail_from = "a@b.id"', "'smtp_host' is empty"),
        ('smtp_host = ""', 'smtp_host = "mail.b.id"', "'mail_from' is no mail address"),
    ],
)
def test_a_slip_of_the_hand_stops_the_start(
    tmp_path: Path, old: str, new: str, named: str
) -> None:
    edit(written(tmp_path), old, new)

    with pytest.raises(SettingsError, match=named):
        read_settings(tmp_path)


def test_a_form_may_be_handed_in_at_once_when_so_configured(tmp_path: Path) -> None:
    written(tmp_path, form_minimum_age_seconds=0)

    assert read_settings(tmp_path).form_minimum_age_seconds == 0


def test_hosts_and_https_follow_from_the_addresses(tmp_path: Path) -> None:
    settings = Settings(
        instance=tmp_path,
        address="https://lapor.example.go.id",
        other_addresses=("http://abcdefgh.onion", "http://localhost:8000"),
    )

    assert settings.hosts == ["lapor.example.go.id", "abcdefgh.onion", "localhost"]
    assert settings.secure_hosts == {"lapor.example.go.id"}


def test_a_clock_is_believed_for_a_quarter_of_a_year_at_most(tmp_path: Path) -> None:
    edit(written(tmp_path), "clock_jump_days = 60", "clock_jump_days = 90")

    assert read_settings(tmp_path).clock_guard == ClockGuard(90)


MAIL = {"smtp_host": "mail.agency.example", "mail_from": "kotak@agency.example"}


@pytest.mark.parametrize(
    ("values", "named"),
    [
        ({"smtp_security": "ssl"}, "'smtp_security' is starttls, tls or none"),
        ({"smtp_security": "none"}, "may be none on this machine alone"),
        ({"smtp_port": 70_000}, "'smtp_port' is too large"),
        ({"smtp_port": 0}, "'smtp_port' is too small"),
        ({"smtp_user": "kotak"}, "belong together"),
        ({"smtp_password_file": "mail-password"}, "belong together"),
        ({"mail_from": "Portal <kotak@agency.example>"}, "is no mail address"),
    ],
)
def test_a_slip_of_the_mail_server_stops_the_start(
    tmp_path: Path, values: dict[str, object], named: str
) -> None:
    written(tmp_path, **MAIL | values)

    with pytest.raises(SettingsError, match=named):
        read_settings(tmp_path)


def test_the_password_is_in_a_file_beside_the_settings(tmp_path: Path) -> None:
    known = {"smtp_user": "kotak", "smtp_password_file": "mail-password"}
    written(tmp_path, **MAIL | known)

    courier = read_settings(tmp_path).courier

    assert courier is not None
    assert courier.server.password_file == tmp_path / "mail-password"


def test_no_mail_server_means_no_mail(tmp_path: Path) -> None:
    written(tmp_path)

    assert read_settings(tmp_path).courier is None


def test_without_encryption_this_machine_alone_is_spoken_to(tmp_path: Path) -> None:
    written(tmp_path, **MAIL | {"smtp_host": "localhost", "smtp_security": "none"})

    assert read_settings(tmp_path).courier is not None
