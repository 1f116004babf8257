"""What the app was made with: one value that every view finds the same way."""

import datetime as dt
import os
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from flask import current_app

from crypto import BrokenError, Cost, GateSecret, InstanceId, Key
from portal.answers import Answer, read_answers
from portal.categories import Taxonomy, read_taxonomy
from portal.cleaning.cleaner import Cleaner
from portal.database import Database, find_instance_id, open_database
from portal.deadlines import DeadlineRules
from portal.errors import SettingsError
from portal.escalation import Escalation
from portal.evaluation_sheet import EvaluationSheet, read_evaluation_sheet
from portal.forwarding import Lookout
from portal.handover import HandOverHours
from portal.ladder import RuleTexts, read_rule_texts
from portal.leaflet_texts import LeafletTexts, read_leaflet_texts
from portal.ledger_batches import DailyLedger
from portal.ledger_keys import read_ledger_keys
from portal.logins import PassphraseGate
from portal.mending import Way, read_ways
from portal.objects import OBJECTS_FOLDER, ObjectStore
from portal.outside import OutsideBody, read_outside_bodies
from portal.policies import policies_text
from portal.retention import RetentionRules
from portal.secret_files import read_secret
from portal.settings import Settings
from portal.shredding import Purge, Shredder
from portal.tending import Tender
from portal.texts import GUIDANCE, LIMITS, Section, read_texts
from portal.throttle import BodyPlaces, Rate, Throttle, Turnstile
from portal.upload_places import UploadPlaces
from portal.working_days import WorkingDays
from portal.zone_texts import ZoneTexts, read_zone_texts

# A file's name, no secret.
SECRET_FILE = "secret.key"  # noqa: S105  # nosec B105
SECRET_SIZE = 32
GATE_FILE = "gate.key"

_SEARCHES_PER_SECOND = 20
"""In the staff list: each takes some milliseconds of a processor, whoever searches."""

Clock = Callable[[], dt.datetime]


@dataclass(frozen=True)
class Runtime:
    """Everything that is made once and used by every request of this worker."""

    settings: Settings
    clock: Clock
    database: Database
    objects: ObjectStore
    cleaner: Cleaner
    """Takes files apart in children of its own."""
    instance: InstanceId
    secret: Key
    """For form tokens and login buckets; opens nothing that is sealed."""
    gate_secret: Key
    """Takes off the gates before custodians' outers; opens nothing by itself."""
    rules: DeadlineRules
    shredder: Shredder
    taxonomy: Taxonomy
    rule_texts: RuleTexts
    answers: tuple[Answer, ...]
    outside_bodies: tuple[OutsideBody, ...]
    guidance: tuple[Section, ...]
    limits: tuple[Section, ...]
    ways_to_mend: tuple[Way, ...]
    leaflets: LeafletTexts
    sheet: EvaluationSheet
    """What evaluators are told."""
    zone: ZoneTexts
    throttle: Throttle
    uploads: UploadPlaces
    gate: PassphraseGate
    hand_over: HandOverHours
    """When officers see what came in; parsed once."""
    tender: Tender
    lookout: Lookout
    bodies: BodyPlaces = field(default_factory=BodyPlaces)
    refused: BodyPlaces = field(default_factory=partial(BodyPlaces, 4))
    """Forms with files that are read to their end, and dropped."""
    turnstile: Turnstile = field(default_factory=Turnstile)

    @property
    def retention(self) -> RetentionRules:
        """How long a case stays once it is over."""
        return self.settings.retention

    @property
    def working_days(self) -> WorkingDays:
        """The days on which people are at work."""
        return self.settings.working_days

    def now(self) -> dt.datetime:
        """Return the present: aware, in the settings' time zone."""
        return self.clock()

    def today(self) -> dt.date:
        """Return the present day there."""
        return self.now().date()

    def timestamp(self) -> int:
        """Return Unix time in whole seconds."""
        return int(self.now().timestamp())


def runtime() -> Runtime:
    """Return the runtime of the current app."""
    found: Runtime = current_app.extensions["lurus"]
    return found


def build_runtime(settings: Settings, clock: Clock | None, cost: Cost) -> Runtime:
    """Open the database and read the data files.

    Raises:
        SettingsError: the instance's secret, the gate's or the trail's key is missing.
        OlderSchemaError: there is no database yet.
        DataFileError: a data file is not usable.
    """
    database = open_database(settings.instance)
    instance = _instance_of(database)
    gate = read_gate_secret(settings.instance).key(instance)
    shredder = _build_shredder(settings.instance)
    return Runtime(
        settings=settings,
        clock=clock or system_clock(settings),
        database=database,
        objects=shredder.store,
        cleaner=Cleaner(_workers()),
        instance=instance,
        secret=Key(_read_secret(settings.instance), instance),
        gate_secret=gate,
        rules=settings.rules,
        shredder=shredder,
        taxonomy=read_taxonomy(),
        rule_texts=read_rule_texts(),
        answers=read_answers(),
        outside_bodies=read_outside_bodies(),
        guidance=read_texts(GUIDANCE),
        limits=read_texts(LIMITS),
        ways_to_mend=read_ways(),
        leaflets=read_leaflet_texts(),
        sheet=read_evaluation_sheet(),
        zone=read_zone_texts(),
        throttle=_build_throttle(settings),
        uploads=UploadPlaces(settings.instance, settings.uploads_at_once),
        gate=PassphraseGate(cost),
        hand_over=settings.hand_over,
        tender=_build_tender(settings, shredder, gate),
        lookout=Lookout(settings.instance),
    )


def _instance_of(database: Database) -> InstanceId:
    with database.sessions() as session:
        return find_instance_id(session)


def _build_throttle(settings: Settings) -> Throttle:
    hour, minute = 3600.0, 60.0
    rates = {
        "report": Rate(settings.reports_per_hour, hour),
        "message": Rate(settings.messages_per_hour, hour),
        "reply": Rate(settings.messages_per_hour, hour),
        "login": Rate(settings.logins_per_minute, minute),
        "request": Rate(settings.requests_per_second * 10, 10.0),
        "search": Rate(_SEARCHES_PER_SECOND * 10, 10.0),
    }
    return Throttle({name: rate.share(_workers()) for name, rate in rates.items()})


def _build_shredder(instance: Path) -> Shredder:
    return Shredder(ObjectStore(instance / OBJECTS_FOLDER), instance)


def _build_tender(settings: Settings, shredder: Shredder, gate: Key) -> Tender:
    purge = Purge(shredder, settings.retention)
    # Without its key no day would be closed: the start says so.
    read_ledger_keys(settings.instance)
    ledger = DailyLedger(settings.instance, policies_text(settings))
    escalation = Escalation(settings.rules, gate)
    return Tender(
        settings.hand_over,
        settings.courier,
        shredder.store,
        purge,
        ledger,
        escalation,
        settings.fixed_days,
        settings.clock_guard,
    )


def _workers() -> int:
    return int(os.environ.get("LURUS_WORKERS", "1"))


def read_gate_secret(instance: Path) -> GateSecret:
    """Return what the file of the gate's secret holds.

    Raises:
        SettingsError: it is missing, damaged, or can be read by others.
    """
    path = instance / GATE_FILE
    try:
        return GateSecret(read_secret(path))
    except BrokenError:
        raise SettingsError(f"{path} is damaged.") from None


def _read_secret(instance: Path) -> bytes:
    path = instance / SECRET_FILE
    secret = read_secret(path)
    if len(secret) != SECRET_SIZE:
        raise SettingsError(f"{path} is damaged.")
    return secret


def system_clock(settings: Settings) -> Clock:
    """Return the clock; a demo instance obeys LURUS_TODAY."""
    zone = settings.zone
    fixed = os.environ.get("LURUS_TODAY") if settings.demo else None
    if not fixed:
        return lambda: dt.datetime.now(zone)
    try:
        start = dt.datetime.fromisoformat(fixed).replace(tzinfo=zone)
    except ValueError:
        raise SettingsError("LURUS_TODAY is no day and no time.") from None
    if len(fixed) > len("2027-01-31"):
        return lambda: start
    # A day alone sets the day; the hour goes on as it is.
    offset = start.date() - dt.datetime.now(zone).date()
    return lambda: dt.datetime.now(zone) + offset
