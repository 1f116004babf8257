"""`lurus people …`: who works with the portal, as an operator invites and retires them."""

import datetime as dt
from collections.abc import Iterator

import click

from portal import instance_folder
from portal.commands.instance import opened_database
from portal.commands.terminal import plain
from portal.invitations import INVITATION_DAYS, invite, invite_again
from portal.people import PersonState, PublicPerson, find_person, list_people, retire
from portal.roles import OFFICERS, Role
from portal.runtime import system_clock
from portal.settings import Settings
from portal.settings_file import read_settings

_BEFORE_RETIRING = """\
The portal cannot know which cases only this officer can read: that is sealed.
Let the officer hand them on first: *My account*, *Cases that only you can read*.
Retiring cannot be taken back."""

_BEFORE_RETIRING_OTHERS = "Retiring cannot be taken back."

_HAS_LEFT = """\
has retired: not let in, and nothing more is sealed to this person."""
_ON_THE_POSTER = "/keys shows it for 90 days; print the poster anew."
_WITHDRAWN = "is invited no more: the link opens nothing."


_BEFORE_HANDING_OVER = """\
Hand it over in person. Who
has the key on paper types its words on the page of the link, and keeps all cases. No
case comes with a new key: colleagues hand over what both may read, once the person
has read the end of the new fingerprint to them."""

_AS_WHAT = {
    Role.OFFICER: "an officer of the agency",
    Role.OUTSIDE_OFFICER: "an officer of another agency",
    Role.CUSTODIAN: "a custodian",
    Role.ADMINISTRATOR: "an administrator",
    Role.EVALUATOR: "an evaluator",
}


@click.group()
def people() -> None:
    """Invite, list and retire the people who work with the portal."""


@people.command("invite")
@click.argument("name")
@click.option("--position", default="", help="Shown to reporters.")
@click.option("--unit", default="", help="Shown to reporters.")
@click.option(
    "--officer", is_flag=True, help="Reads and answers; without a role, this."
)
@click.option("--outside", is_flag=True, help="An officer of another agency.")
@click.option("--custodian", is_flag=True, help="Outside the agency; never an officer.")
@click.option("--administrator", is_flag=True, help="Keeps accounts; opens no case.")
def people_invite(name: str, position: str, unit: str, **chosen: bool) -> None:
    """Print a one-time link with which NAME chooses a passphrase."""
    if not name.strip():
        raise click.UsageError("NAME is empty.")
    settings = read_settings(instance_folder())
    roles = _roles(**chosen)
    link = link_of_invitation(settings, name, position, unit, roles)
    click.echo(
        f"An invitation for {name}, {as_what(roles)}. It works once, {time_to_use(settings)}. "
        "Hand it over in person: whoever opens it first becomes this person.",
        err=True,
    )
    click.echo(f"{settings.address}{link}")


@people.command("list")
def people_list() -> None:
    """List everybody there is and was, with the fingerprints that /keys shows."""
    settings = read_settings(instance_folder())
    with opened_database(settings) as session:
        everybody = list_people(session)
    for person in everybody:
        click.echo("\n    ".join(_lines_about(person)))
    if not everybody:
        click.echo("Nobody yet: `lurus people invite NAME`.")


@people.command("retire")
@click.argument("name")
@click.option("--yes", is_flag=True, help="Do not ask.")
def people_retire(name: str, yes: bool) -> None:
    """Let NAME leave: sessions end at once, and nothing more is sealed to NAME."""
    settings = read_settings(instance_folder())
    with opened_database(settings) as session:
        person = find_person(session, name)
        has_key = bool(person.fingerprint)
        is_officer = bool(person.roles & OFFICERS)
        if has_key and not yes:
            said = _BEFORE_RETIRING if is_officer else _BEFORE_RETIRING_OTHERS
            click.echo(said, err=True)
        if not yes:
            click.confirm(f"Retire {plain(person.name)}?", abort=True, err=True)
        retire(session, name, _today(settings))
    click.echo(f"{plain(person.name)} {_HAS_LEFT if has_key else _WITHDRAWN}")
    if has_key and person.is_recipient:
        click.echo(_ON_THE_POSTER)


@people.command("new-key")
@click.argument("name")
def people_new_key(name: str) -> None:
    """Print a one-time link with which NAME, who lost the passphrase, gets a new key."""
    settings = read_settings(instance_folder())
    with opened_database(settings) as session:
        token = invite_again(session, name, today=_today(settings))
    click.echo(
        f"A new key for {plain(name)}. The link works once, {time_to_use(settings)}; "
        f"until then the old log-in goes on. {_BEFORE_HANDING_OVER}",
        err=True,
    )
    click.echo(f"{settings.address}/office/invite/{token}")


def as_what(roles: frozenset[Role]) -> str:
    """Say in words what somebody is to the portal."""
    return " and ".join(_AS_WHAT[role] for role in Role if role in roles)


def _lines_about(person: PublicPerson) -> Iterator[str]:
    yield plain(person.name)
    facts = [person.position, person.unit]
    yield plain(" · ".join(filter(None, facts))) or "no position, no unit"
    yield as_what(person.roles)
    match person.state:
        case PersonState.INVITED:
            yield f"invited on {person.added_on}, until {person.invited_until}"
        case PersonState.WITHDRAWN:
            yield f"invited once, withdrawn on {person.retired_on}"
        case PersonState.ENROLLED:
            yield f"enrolled since {person.added_on}"
            if person.key_since != person.added_on:
                yield f"key changed on {person.key_since}"
        case PersonState.RETIRED:
            yield f"retired on {person.retired_on}, added on {person.added_on}"
    if person.admitted_until:
        yield f"let in until {person.admitted_until}"
    if person.fingerprint:
        yield person.fingerprint


def _roles(
    *, officer: bool, outside: bool, custodian: bool, administrator: bool
) -> frozenset[Role]:
    if custodian and (officer or outside):
        raise click.UsageError("Nobody is officer and custodian.")
    is_here = officer or not (outside or custodian or administrator)
    chosen = {
        Role.OFFICER: is_here and not outside,
        Role.OUTSIDE_OFFICER: outside,
        Role.CUSTODIAN: custodian,
        Role.ADMINISTRATOR: administrator,
    }
    return frozenset(role for role, is_chosen in chosen.items() if is_chosen)


def link_of_invitation(
    settings: Settings,
    name: str,
    position: str,
    unit: str,
    roles: frozenset[Role] = frozenset({Role.OFFICER}),
) -> str:
    """Make an invitation; return the path of its page."""
    with opened_database(settings) as session:
        token = invite(
            session,
            name,
            position=position,
            unit=unit,
            roles=roles,
            today=_today(settings),
        )
    return f"/office/invite/{token}"


def time_to_use(settings: Settings) -> str:
    """Say until when an invitation that is made today can be used."""
    last_day = _today(settings) + dt.timedelta(days=INVITATION_DAYS)
    return f"until {last_day} at the latest"


def _today(settings: Settings) -> dt.date:
    return system_clock(settings)().date()
