"""How a demo begins: an empty installation, which stands since a day of the past."""

import datetime as dt
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal import evaluations
from portal.database import DATABASE_FILE, open_database, transaction
from portal.demo.figures import founded_on
from portal.errors import LurusError
from portal.evaluation_days import FixedDays
from portal.installation import make_installation
from portal.models import Case, Installation, Person
from portal.runtime import system_clock
from portal.schema import check_schema
from portal.settings import Settings
from portal.settings_file import SETTINGS_FILE, read_settings

_WEEKEND_DAYS = 2


def make_empty(settings: Settings) -> Settings:
    """Make what is missing in the folder; return the settings that hold there.

    Raises:
        LurusError: the folder is an installation in earnest, or in use.
    """
    instance = settings.instance
    if (instance / SETTINGS_FILE).exists() and not read_settings(instance).demo:
        raise LurusError(f"{instance} is no demo instance; a demo needs its own.")
    if (instance / DATABASE_FILE).exists() and _is_in_use(instance):
        raise LurusError("This instance is in use; a demo never overwrites.")
    today = system_clock(settings)().date()
    day = founded_on(today) - dt.timedelta(days=_WEEKEND_DAYS)
    make_installation(settings, day)
    _move_back(instance, day)
    return read_settings(instance)


def plan_evaluations(session: Session, fixed: FixedDays, today: dt.date) -> None:
    """Do what due work does, on a day of the past."""
    with transaction(session):
        evaluations.plan_fixed(session, fixed, today)


def _move_back(instance: Path, day: dt.date) -> None:
    """Let an empty installation that was there already stand since *day*."""
    database = open_database(instance)
    with database.sessions() as session, transaction(session):
        session.scalars(select(Installation)).one().made_on = day
    database.engine.dispose()


def _is_in_use(instance: Path) -> bool:
    database = open_database(instance)
    check_schema(database.engine)
    with database.sessions() as session:
        officer = session.scalar(select(Person.id).limit(1))
        case = session.scalar(select(Case.id).limit(1))
    database.engine.dispose()
    return officer is not None or case is not None
