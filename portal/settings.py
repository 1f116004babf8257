"""What was configured: one frozen value; its file is `settings_file.py`'s."""

import datetime as dt
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from portal.clock_guard import ClockGuard
from portal.deadlines import DeadlineRules
from portal.evaluation_days import FixedDays
from portal.handover import HandOverHours
from portal.mail_server import MailServer, Security
from portal.notices import Courier
from portal.reminder_days import DelayRules
from portal.retention import RetentionRules
from portal.sheet_facts import Terms
from portal.working_days import WorkingDays

LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


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
    acknowledge_working_days: int = _setting(
        3, "Working days from handing in to acknowledging."
    )
    verify_working_days: int = _setting(
        10, "Working days from handing in to verifying."
    )
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
    reminder_soonest_days: int = _setting(
        3, "Calendar days from asking for a reminder to the first day of delivery."
    )
    reminder_latest_days: int = _setting(
        14, "Likewise at most; the day is drawn between the two."
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
    evaluation_days: tuple[str, ...] = _setting(
        ("03-31", "06-30", "09-30", "12-31"),
        "Days of every year on which an evaluation of the portal is due, as month and "
        "day; none: none is due by itself.",
    )
    clock_jump_days: int = _setting(
        60,
        "Calendar days that the clock may lie ahead of the last daily work, 90 at most; "
        "beyond, an administrator confirms it, or nothing daily is done.",
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
    def fixed_days(self) -> FixedDays:
        """The days of every year on which an evaluation is due, as a value."""
        return FixedDays.parse(self.evaluation_days)

    @property
    def terms(self) -> Terms:
        """What evaluators are told of it, as a value."""
        return Terms(
            address=self.address,
            has_onion=any(host.endswith(".onion") for host in self.hosts),
            acknowledge_days=self.acknowledge_working_days,
            verify_days=self.verify_working_days,
            answer_days=self.first_answer_days,
            feedback_days=self.feedback_days,
            unproven_days=self.purge_unproven_after_days,
            proven_days=self.purge_proven_after_days,
            upg_days=self.upg_limit_working_days,
            kpk_days=self.gift_report_working_days,
            round_every_days=self.round_every_days,
            match_minimum_staff=self.match_minimum_staff,
            has_fixed_days=bool(self.evaluation_days),
        )

    @property
    def hand_over(self) -> HandOverHours:
        """The hours of hand-over as a value."""
        return HandOverHours.parse(self.hand_over_hours)

    @property
    def rules(self) -> DeadlineRules:
        """How many days each deadline leaves, as a value."""
        return DeadlineRules(
            self.acknowledge_working_days,
            self.verify_working_days,
            self.first_answer_days,
            self.feedback_days,
            self.working_days,
        )

    @property
    def reminder_delay(self) -> DelayRules:
        """How long a reminder waits, as a value."""
        return DelayRules(self.reminder_soonest_days, self.reminder_latest_days)

    @property
    def retention(self) -> RetentionRules:
        """How long a case stays once it is over, as a value."""
        return RetentionRules(
            self.purge_unproven_after_days,
            self.purge_proven_after_days,
            self.purge_fuzz_days,
        )

    @property
    def clock_guard(self) -> ClockGuard | None:
        """How far the clock is believed; None: a demo instance moves it at will."""
        return None if self.demo else ClockGuard(self.clock_jump_days)

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


def may_be_plain(host: str) -> bool:
    """Tell whether plain http to *host* stays on this machine or inside Tor."""
    return host in LOOPBACK or host.endswith(".onion")
