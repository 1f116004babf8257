"""Who the people of a demo are and which codes open what: printed, or for scripts."""

import json
from dataclasses import fields
from pathlib import Path
from typing import Final

import click

from portal.demo.demo import Demo
from portal.settings_file import as_toml
from portal.statuses import CaseStatus

_SLIPS_PRINTED: Final = 3


def write_json(made: Demo, path: Path) -> None:
    """Write people and codes as scripts read them; for the owner's eyes alone."""
    content = {
        "people": [vars(person) for person in made.people],
        "cases": [vars(case) for case in made.cases],
        "notes": [vars(note) for note in made.notes],
        "receipt": str(made.receipt),
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch(mode=0o600)
    path.chmod(0o600)
    path.write_text(json.dumps(content, ensure_ascii=False, indent=2) + "\n", "utf-8")


def print_logins(made: Demo) -> None:
    """Print how to log in, a code of each status, what differs and what is left."""
    click.echo("A demo with made-up people and cases. Never report here in earnest.")
    click.echo("Production settings, but for:")
    for key in fields(made.settings):
        value = getattr(made.settings, key.name)
        if "meaning" in key.metadata and value != key.default:
            click.echo(f"    {key.name} = {as_toml(value)}")
    click.echo(f"\nPeople at work log in at {made.settings.address}/office/login:")
    for person in made.people:
        click.echo(f"    {person.name} ({person.role})")
        click.echo(f"        passphrase       {person.passphrase}")
        click.echo(f"        TOTP secret      {person.totp_secret}")
    click.echo(
        "    The TOTP secret: Add it to an authenticator app (time-based, six digits), "
        "or run `oathtool --totp -b SECRET`; each code works once."
    )
    click.echo(f"\nReporters come back at {made.settings.address}/case with a code:")
    for status in CaseStatus:
        for case in [case for case in made.cases if case.status == status][:1]:
            click.echo(f"    {case.code}  {case.status}")
    for note in made.notes:
        click.echo(f"    {note.code}  sealed, {note.rule}")
    click.echo("\nA hold that waits for others needs a paper slip; each is good once:")
    for slip in made.slips[:_SLIPS_PRINTED]:
        click.echo(f"    {slip}")
    click.echo("\nA receipt that a reporter took along; check it with this command:")
    click.echo(f"    lurus verify-receipt {made.receipt}")
    # Said before the server takes over: after Ctrl-C nobody is left to say it.
    click.echo(f"\nKept in {made.settings.instance}; delete it when you are done.\n")
