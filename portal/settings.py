"""What was configured: one frozen value, read once from ``settings.toml``.

Every key is required and every other key is refused, so that a slip of the
hand stops the start and not a promise.
"""

import datetime as dt
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, fields
from difflib import get_close_matches
from functools import cached_property
from pathlib import Path
from typing import Any, get_type_hints
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from portal.deadlines import DeadlineRules
from portal.errors import SettingsError
from portal.handover import HandOverHours
from portal.mail_server import MailServer, Security, is_mail_address
from portal.notices import Courier
from portal.retention import RetentionRules
from portal.working_days import WorkingDays

SETTINGS_FILE = "settings.toml"


def _setting(default: Any, meaning: str) -> Any:
    return field(default=default, metadata={"meaning": meaning})


@dataclass(frozen=True)
class Settings:
    """The settings of one installation; the unit stands in the name."""

    instance: Path
    """The folder that everything else is found in; not a key of the file."""

    portal_name: str = _setting(
        "Portal BKD", "Name at the top of every page and in browser histories: neutral."
    )
    agency: str = _setting(
        "Badan Kepegawaian Daerah", "The agency whose staff report here."
    )
    address: str = _setting(
        "http://127.0.0.1:8000",
        "Public address, without a path; links are built from it.",
    )
    other_addresses: tuple[str, ...] = _setting(
        ("http://localhost:8000",),
        "Further addresses that are answered, an onion address for example.",
    )
    timezone: str = _setting("Asia/Jakarta", "Time zone in which days begin.")
    neutral_address: str = _setting(
        "https://www.bmkg.go.id/", "Where the quick exit leads."
    )
    source_address: str = _setting(
        "",
        "Where this installation's source code can be had (AGPL 13); empty: no link.",
    )
    head_name: str = _setting(
        "", "Name of the agency's head; naming that person presets outside officers."
    )
    head_position: str = _setting("Kepala Badan", "Position of the agency's head.")
    hand_over_hours: tuple[str, ...] = _setting(
        ("08:00", "13:00"),
        'When officers first see what came in, every day; ["immediate"]: at once.',
    )
    acknowledge_weekdays: int = _setting(
        3, "Weekdays from handing in to acknowledging."
    )
    verify_weekdays: int = _setting(10, "Weekdays from handing in to verifying.")
    first_answer_days: int = _setting(
        30, "Calendar days from handing in to the first answer."
    )
    feedback_days: int = _setting(90, "Calendar days from handing in to the outcome.")
    holiday_country: str = _setting(
        "ID", "Country whose holidays are no working days: two letters of ISO 3166."
    )
    collective_leave: tuple[str, ...] = _setting(
        (),
        'Further days off by decree, like "2027-03-09". Of a year with one here, list '
        "the holidays that `lurus doctor` calls estimated, too, on their true days.",
    )
    gift_report_working_days: int = _setting(
        30, "Working days from receiving a gift to reporting it to the KPK."
    )
    upg_limit_working_days: int = _setting(
        10, "Working days from receiving a gift to reporting it to the agency's UPG."
    )
    purge_unproven_after_days: int = _setting(
        60,
        "Days from its end until a case is destroyed that was not proven, was withdrawn, "
        "or could not be acted on.",
    )
    purge_proven_after_days: int = _setting(
        730, "Days from its end until a case is destroyed in which something was found."
    )
    purge_fuzz_days: int = _setting(
        14, "So many days later at most, drawn for each case."
    )
    reporter_session_minutes: int = _setting(
        45, "How long a reporter's session lasts at most."
    )
    officer_session_minutes: int = _setting(
        240, "How long an officer's session lasts at most."
    )
    form_minimum_age_seconds: int = _setting(
        3, "A report handed in faster than this after its form is asked again."
    )
    reports_per_hour: int = _setting(
        120, "Reports taken per hour, of clear web and onion each; a burst of as many."
    )
    messages_per_hour: int = _setting(
        600, "Messages taken per hour, of clear web and onion each."
    )
    files_per_report: int = _setting(
        20, "Files that one report or message may bring; 20 at most."
    )
    file_mib: int = _setting(100, "The largest file that is taken, in MiB.")
    report_mib: int = _setting(
        500, "What all files of one report or message may take together, in MiB."
    )
    uploads_at_once: int = _setting(
        8, "Forms with files that are received at once, by all workers together."
    )
    slow_after_seconds: int = _setting(
        60, "What was sent is given up where it brings less than 1 KiB/s over so long."
    )
    logins_per_minute: int = _setting(
        30, "Attempts to log in admitted per minute, for all accounts together."
    )
    attempts_per_hour: int = _setting(
        10, "Attempts to log in admitted per hour for one name, known or not."
    )
    requests_per_second: int = _setting(
        400, "Requests answered per second; the rest is told to come later."
    )
    round_every_days: int = _setting(
        7, "Calendar days from one round of the keepers to the next."
    )
    backup_keep_days: int = _setting(
        30, "Calendar days after which a backup is named for deletion."
    )
    staff_search: bool = _setting(
        True,
        "Reporters find a colleague by name in the staff list; false: they type the number.",
    )
    staff_number_digits: int = _setting(
        18, "Digits of a staff number; 18 of a NIP, 30 at most."
    )
    match_minimum_staff: int = _setting(
        500, "So many people on the staff list at least, before a match is offered."
    )
    smtp_host: str = _setting(
        "", "Mail server for the daily notice to people at work; empty: no mail."
    )
    smtp_port: int = _setting(587, "Port of the mail server.")
    smtp_security: str = _setting(
        "starttls",
        'How it is spoken to: "starttls", "tls", or "none" on this machine alone.',
    )
    smtp_user: str = _setting("", "Name to log in with there; empty: none.")
    smtp_password_file: str = _setting(
        "", "File with the password, in the instance's folder or by its whole path."
    )
    mail_from: str = _setting(
        "", "Address that the notice comes from; all that it tells of this portal."
    )
    demo: bool = _setting(
        False, "A throw-away instance: LURUS_TODAY is obeyed. Never in earnest."
    )

    @property
    def zone(self) -> ZoneInfo:
        """The time zone as a value."""
        return ZoneInfo(self.timezone)

    @cached_property
    def working_days(self) -> WorkingDays:
        """The days on which people are at work, as a value."""
        return WorkingDays.parse(self.holiday_country, self.collective_leave)

    @property
    def hand_over(self) -> HandOverHours:
        """The hours of hand-over as a value."""
        return HandOverHours.parse(self.hand_over_hours)

    @property
    def rules(self) -> DeadlineRules:
        """How many days each deadline leaves, as a value."""
        return DeadlineRules(
            self.acknowledge_weekdays,
            self.verify_weekdays,
            self.first_answer_days,
            self.feedback_days,
        )

    @property
    def retention(self) -> RetentionRules:
        """How long a case stays once it is over, as a value."""
        return RetentionRules(
            self.purge_unproven_after_days,
            self.purge_proven_after_days,
            self.purge_fuzz_days,
        )

    @property
    def courier(self) -> Courier | None:
        """Who carries the daily notice; None: no mail is sent."""
        if not self.smtp_host:
            return None
        file = self.smtp_password_file
        server = MailServer(
            self.smtp_host,
            self.smtp_port,
            Security(self.smtp_security),
            self.mail_from,
            self.smtp_user,
            self.instance / file if file else None,
        )
        return Courier(server, self.hand_over, self.instance)

    @property
    def hosts(self) -> list[str]:
        """Host names that are answered."""
        addresses = (self.address, *self.other_addresses)
        return [urlsplit(address).hostname or "" for address in addresses]

    @cached_property
    def secure_hosts(self) -> frozenset[str]:
        """Host names that are reached by https."""
        parts = map(urlsplit, (self.address, *self.other_addresses))
        return frozenset(
            part.hostname or "" for part in parts if part.scheme == "https"
        )

    @property
    def reporter_session(self) -> dt.timedelta:
        """How long a reporter's session lasts at most."""
        return dt.timedelta(minutes=self.reporter_session_minutes)

    @property
    def officer_session(self) -> dt.timedelta:
        """How long an officer's session lasts at most."""
        return dt.timedelta(minutes=self.officer_session_minutes)


_HIGHEST_PORT = 65_535
_LONGEST_KEEPING_DAYS = 36_500
_LONGEST_LIMIT_WORKING_DAYS = 250
"""About a year."""
_MOST_DIGITS = 30
LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


def may_be_plain(host: str) -> bool:
    """Tell whether plain http to *host* stays on this machine or inside Tor."""
    return host in LOOPBACK or host.endswith(".onion")


def read_settings(instance: Path) -> Settings:
    """Read the settings of the installation in *instance*.

    Raises:
        SettingsError: no file, no TOML, or every key that is too many, missing or wrong.
    """
    path = instance / SETTINGS_FILE
    try:
        keys = tomllib.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        raise SettingsError(f"{path} does not exist; run `lurus init`.") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(f"{path} is not TOML: {error}.") from None
    return _parse(keys, instance)


def write_settings(settings: Settings) -> None:
    """Write a settings file that explains every key."""
    lines = ["# The settings of this installation. Every key is required.\n"]
    for key in fields(settings):
        if "meaning" in key.metadata:
            value = as_toml(getattr(settings, key.name))
            lines.append(f"# {key.metadata['meaning']}\n{key.name} = {value}\n")
    path = settings.instance / SETTINGS_FILE
    path.write_text("\n".join(lines), "utf-8")
    path.chmod(0o600)


def _parse(keys: dict[str, Any], instance: Path) -> Settings:
    defaults = {key.name: key.default for key in fields(Settings) if key.metadata}
    kinds = get_type_hints(Settings)
    values: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list) else value
        for name, value in keys.items()
    }
    slips = [
        *(_unknown(name, defaults) for name in sorted(values.keys() - defaults)),
        *(_missing(name, defaults) for name in sorted(defaults.keys() - values)),
        *(
            f"settings.toml: {name!r} has a value of the wrong type."
            for name in sorted(defaults.keys() & values)
            if not _is_of_kind(values[name], kinds[name])
        ),
    ]
    if not slips:
        settings = Settings(instance=instance, **values)
        slips = list(_slips(settings))
    if slips:
        raise SettingsError(*slips)
    return settings


def _unknown(name: str, known: Iterable[str]) -> str:
    near = get_close_matches(name, known, 1)
    return f"settings.toml: unknown key {name!r}" + (
        f"; {near[0]!r} is one." if near else "."
    )


def _missing(name: str, defaults: Mapping[str, Any]) -> str:
    line = f"{name} = {as_toml(defaults[name])}"
    return f"settings.toml: key {name!r} is missing; its default: `{line}`."


def _is_of_kind(value: object, kind: type) -> bool:
    if kind == tuple[str, ...]:
        return isinstance(value, tuple) and all(isinstance(one, str) for one in value)
    return type(value) is kind


def _slips(settings: Settings) -> Iterator[str]:
    try:
        settings.zone  # noqa: B018 - reading it is the check
    except (ZoneInfoNotFoundError, ValueError):
        yield "settings.toml: 'timezone' is no time zone."
    try:
        settings.hand_over  # noqa: B018 - reading it is the check
    except ValueError:
        yield (
            "settings.toml: 'hand_over_hours' holds no hours like \"08:00\", "
            'or an hour twice; for at once write ["immediate"].'
        )
    yield from _calendar_slips(settings)
    for address in (settings.address, *settings.other_addresses):
        parts = urlsplit(address)
        if parts.scheme not in {"http", "https"} or not parts.hostname or parts.path:
            yield f"settings.toml: {address!r} is no address."
    yield from _mail_slips(settings)
    if settings.staff_number_digits > _MOST_DIGITS:
        yield "settings.toml: 'staff_number_digits' is too large."
    for key in fields(settings):
        value = getattr(settings, key.name)
        is_amount = isinstance(value, int) and not isinstance(value, bool)
        least = 0 if key.name == "form_minimum_age_seconds" else 1
        if is_amount and value < least:
            yield f"settings.toml: {key.name!r} is too small."
        if key.name.startswith("purge_") and value > _LONGEST_KEEPING_DAYS:
            yield f"settings.toml: {key.name!r} is too large."


def _calendar_slips(settings: Settings) -> Iterator[str]:
    """Return what is wrong with the working days."""
    try:
        WorkingDays.parse(settings.holiday_country, ())
    except ValueError:
        yield "settings.toml: 'holiday_country' is no country like \"ID\"."
        return
    try:
        settings.working_days  # noqa: B018 - reading it is the check
    except ValueError:
        yield (
            "settings.toml: 'collective_leave' holds no days like \"2027-03-09\", "
            "or a day twice."
        )
    if settings.gift_report_working_days > _LONGEST_LIMIT_WORKING_DAYS:
        yield "settings.toml: 'gift_report_working_days' is too large."
    if settings.upg_limit_working_days > settings.gift_report_working_days:
        yield "settings.toml: 'upg_limit_working_days' is longer than the KPK's limit."


def _mail_slips(settings: Settings) -> Iterator[str]:
    """Return what is wrong with the mail server's settings."""
    others = (settings.smtp_user, settings.smtp_password_file, settings.mail_from)
    if not settings.smtp_host:
        if any(others):
            yield "settings.toml: 'smtp_host' is empty, but more of it is set."
        return
    if not is_mail_address(settings.mail_from):
        yield "settings.toml: 'mail_from' is no mail address."
    if settings.smtp_port > _HIGHEST_PORT:
        yield "settings.toml: 'smtp_port' is too large."
    if settings.smtp_security not in set(Security):
        yield "settings.toml: 'smtp_security' is starttls, tls or none."
    elif settings.smtp_security == Security.NONE and settings.smtp_host not in LOOPBACK:
        yield "settings.toml: 'smtp_security' may be none on this machine alone."
    if bool(settings.smtp_user) != bool(settings.smtp_password_file):
        yield "settings.toml: 'smtp_user' and 'smtp_password_file' belong together."


def as_toml(value: object) -> str:
    """Write a value as it stands in the file."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, tuple):
        return "[" + ", ".join(as_toml(part) for part in value) + "]"
    if isinstance(value, str):
        return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
    return str(value)
