"""A throw-away installation: three officers, and as many cases as are asked for."""

import datetime as dt
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field, fields
from multiprocessing import get_context
from pathlib import Path

from sqlalchemy.orm import Session

from crypto import RFC_9106_LOW_MEMORY, CaseCode, Cookie, FormToken, OneTimeSecret
from crypto.one_time_code import STEP_SECONDS
from portal import enrolments, hand_ins, invitations
from portal.handover import IMMEDIATE
from portal.installation import make_installation
from portal.reports import Readers, Report
from portal.roles import Role
from portal.roster import list_officers
from portal.runtime import Runtime, build_runtime
from portal.sessions import Browser, Visit
from portal.settings import Settings
from portal.settings_file import read_settings

PASSPHRASE = "kapal-layar-ungu-menari-pelan"
RARE_WORD = "genset"
RARE_EVERY = 100
"""One case of so many has the rare word in its title."""

_PEOPLE = (
    ("Rina Wulandari", "Auditor", "Inspektorat", Role.OFFICER),
    ("Joko Prasetyo", "Analis", "Sekretariat", Role.OFFICER),
    ("Yusuf Hidayat", "Auditor Madya", "Inspektorat Provinsi", Role.OUTSIDE_OFFICER),
)
# At every hand-in an outer is sealed for each, as in earnest.
_CUSTODIANS = (
    ("Sri Lestari", "Inspektur Pembantu", "Inspektorat Provinsi", Role.CUSTODIAN),
    ("Agus Salim", "Auditor Madya", "Inspektorat Provinsi", Role.CUSTODIAN),
)
_BUILDERS = 2
# Before any day is missed: what is, the clock opens to the custodians, a lot of cases at
# each request, and the next requests would be measured with it.
_MOST_DAYS_AGO = 6
_PLACES = ("Loket tiga", "Gudang barat", "Ruang arsip", "Bengkel dinas", "Aula")
_UNITS = ("Bidang Layanan", "Subbagian Umum", "Bidang Mutasi", "Bidang Diklat")
_CATEGORIES = ("PUNGLI", "UNSURE", "JABATAN", "SUAP")
_STORIES = (
    "pemohon diminta membayar di luar tarif yang tertulis di dinding",
    "barang yang dibeli lebih sedikit daripada yang tertulis di berita acara",
    "daftar hadir ditandatangani untuk hari yang belum terjadi",
    "kendaraan dinas dipakai untuk mengantar barang dagangan pribadi",
)


@dataclass(frozen=True)
class OfficerLogin:
    """What it takes to log in as an officer."""

    name: str
    secret: OneTimeSecret = field(repr=False)


@dataclass(frozen=True)
class BenchInstance:
    """The installation's folder and its officers."""

    folder: Path
    officers: tuple[OfficerLogin, ...]
    recipients: tuple[bytes, ...]


def make_instance(folder: Path) -> BenchInstance:
    """Make an installation, and enrol its officers."""
    settings = settings_in(folder)
    make_installation(settings, dt.datetime.now(settings.zone).date())
    runtime = build_runtime(settings, None, RFC_9106_LOW_MEMORY)
    with runtime.database.sessions() as session:
        # First, so that there is no officer yet who would have to compare their keys.
        for person in _CUSTODIANS:
            _enrol(runtime, session, *person)
        logins = tuple(_enrol(runtime, session, *person) for person in _PEOPLE)
        recipients = tuple(officer.recipient for officer in list_officers(session))
    runtime.database.engine.dispose()
    return BenchInstance(folder, logins, recipients)


def settings_in(folder: Path) -> Settings:
    """Return production's settings, but for large buckets and forms sent at once."""
    return Settings(
        instance=folder,
        demo=True,
        hand_over_hours=(IMMEDIATE,),
        form_minimum_age_seconds=0,
        reports_per_hour=10_000_000,
        messages_per_hour=10_000_000,
        logins_per_minute=10_000,
        attempts_per_hour=10_000,
        requests_per_second=1_000_000,
    )


def differences() -> dict[str, object]:
    """Return the settings that are not production's, by name."""
    settings = settings_in(Path())
    return {
        key.name: getattr(settings, key.name)
        for key in fields(settings)
        if "meaning" in key.metadata and getattr(settings, key.name) != key.default
    }


def add_cases(folder: Path, first: int, count: int) -> tuple[str, ...]:
    """Hand in *count* reports through the portal's own verb; return their codes.

    *first*: the number of the first one, from which its words and day follow.
    """
    numbers = range(first, first + count)
    with ProcessPoolExecutor(_BUILDERS, mp_context=get_context("spawn")) as builders:
        shares = builders.map(
            _add_share,
            [folder] * _BUILDERS,
            [numbers[share::_BUILDERS] for share in range(_BUILDERS)],
        )
        return tuple(code for share in shares for code in share)


def _add_share(folder: Path, numbers: range) -> list[str]:
    runtime = build_runtime(read_settings(folder), None, RFC_9106_LOW_MEMORY)
    with runtime.database.sessions() as session:
        everybody = list_officers(session)
        readers = Readers(everybody, ())
        session.commit()
        codes = [_hand_in(runtime, session, readers, number) for number in numbers]
    runtime.database.engine.dispose()
    return [code.reveal() for code in codes]


def _hand_in(
    runtime: Runtime, session: Session, readers: Readers, number: int
) -> CaseCode:
    when = runtime.now() - dt.timedelta(days=number % _MOST_DAYS_AGO)
    report = _report(number)
    handed_in = hand_ins.hand_in(
        session,
        report,
        readers,
        severity=runtime.taxonomy.find(report.category).severity,
        gate=runtime.gate_secret,
        form=FormToken.issue(runtime.secret, int(when.timestamp())),
        browser=Browser(Cookie.generate(), Visit(ends_at=int(when.timestamp()))),
        instance=runtime.instance,
        rules=runtime.rules,
        today=when.date(),
        minute=int(when.timestamp()) // 60,
        at_once=True,
    )
    return handed_in.code


def _report(number: int) -> Report:
    place = "Ruang genset" if number % RARE_EVERY == 0 else _one_of(_PLACES, number)
    return Report(
        category=_one_of(_CATEGORIES, number),
        what=f"{place} {number}: {_one_of(_STORIES, number // 3)}. " * 6,
        who_unit=_one_of(_UNITS, number // 2),
        where=place,
    )


def _one_of(words: tuple[str, ...], number: int) -> str:
    return words[number % len(words)]


def _enrol(
    runtime: Runtime,
    session: Session,
    name: str,
    position: str,
    unit: str,
    role: Role,
) -> OfficerLogin:
    # An hour ago: a one-time code of now is then still unused at the log-in.
    now = runtime.now() - dt.timedelta(hours=1)
    post = {"position": position, "unit": unit}
    token = invitations.invite(
        session, name, **post, roles=frozenset({role}), today=now.date()
    )
    invited = invitations.find_invited(session, token, now.date())
    enrolment = enrolments.begin_enrolment(
        session,
        invited,
        PASSPHRASE,
        runtime.gate,
        runtime.instance,
        name=name,
        **post,
    )
    code = enrolment.secret.code(int(now.timestamp()) // STEP_SECONDS)
    enrolments.enrol(session, token, enrolment, code, runtime.instance, now)
    return OfficerLogin(name, enrolment.secret)
