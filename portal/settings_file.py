"""``settings.toml``: read once at the start, and written with what each key means.

Every key is required and every other key is refused, so that a slip of the
hand stops the start and not a promise.
"""

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields
from difflib import get_close_matches
from pathlib import Path
from typing import Any, get_type_hints
from urllib.parse import urlsplit
from zoneinfo import ZoneInfoNotFoundError

from portal.askings import OBJECTION_DAYS
from portal.errors import SettingsError
from portal.mail_server import Security, is_mail_address
from portal.settings import LOOPBACK, Settings
from portal.working_days import WorkingDays

SETTINGS_FILE = "settings.toml"

_HIGHEST_PORT = 65_535
_LONGEST_KEEPING_DAYS = 36_500
_LONGEST_DELAY_DAYS = 60
_LONGEST_LIMIT_WORKING_DAYS = 250
"""About a year."""
_LONGEST_DEADLINE_DAYS = 366
_MOST_DIGITS = 30
_LONGEST_CLOCK_JUMP_DAYS = 90
"""Nobody lets the clock be believed a year ahead; who stood still longer confirms it."""

_DEADLINES = (
    *("acknowledge_working_days", "verify_working_days"),
    *("first_answer_days", "feedback_days"),
)
_RENAMED = {
    "acknowledge_weekdays": "acknowledge_working_days",
    "verify_weekdays": "verify_working_days",
}
"""Keys of before, and what they are called now; the meaning is the same or narrower."""


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
    renamed = {old: new for old, new in _RENAMED.items() if old in values}
    unknown = values.keys() - defaults - renamed.keys()
    missing = defaults.keys() - values - set(renamed.values())
    slips = [
        *(_now_called(old, new, values[old]) for old, new in renamed.items()),
        *(_unknown(name, defaults) for name in sorted(unknown)),
        *(_missing(name, defaults) for name in sorted(missing)),
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


def _now_called(old: str, new: str, value: object) -> str:
    line = f"{new} = {as_toml(value)}"
    return f"settings.toml: {old!r} has another name now; write `{line}` in its place."


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
    try:
        settings.fixed_days  # noqa: B018 - reading it is the check
    except ValueError:
        yield (
            "settings.toml: 'evaluation_days' holds no days of every year like "
            '"03-31", or a day twice.'
        )
    yield from _calendar_slips(settings)
    for address in (settings.address, *settings.other_addresses):
        parts = urlsplit(address)
        if parts.scheme not in {"http", "https"} or not parts.hostname or parts.path:
            yield f"settings.toml: {address!r} is no address."
    yield from _mail_slips(settings)
    if settings.clock_jump_days > _LONGEST_CLOCK_JUMP_DAYS:
        yield (
            "settings.toml: 'clock_jump_days' is too large: a portal that stood still "
            f"for more than {_LONGEST_CLOCK_JUMP_DAYS} days has its clock confirmed."
        )
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
    for name in _DEADLINES:
        if getattr(settings, name) > _LONGEST_DEADLINE_DAYS:
            yield f"settings.toml: {name!r} is too large."
    if settings.gift_report_working_days > _LONGEST_LIMIT_WORKING_DAYS:
        yield "settings.toml: 'gift_report_working_days' is too large."
    soonest, latest = settings.reminder_soonest_days, settings.reminder_latest_days
    if not soonest <= latest <= _LONGEST_DELAY_DAYS:
        yield "settings.toml: 'reminder_latest_days' is before the soonest, or too large."
    for name in ("purge_unproven_after_days", "purge_proven_after_days"):
        if getattr(settings, name) <= OBJECTION_DAYS:
            yield (
                f"settings.toml: {name!r} is too small: for {OBJECTION_DAYS} days after "
                "its end a case can be objected to."
            )
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
