"""What a terminal shows and asks: secrets on paper, findings, progress."""

import datetime as dt
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

import click

from crypto import MistypedError
from portal.doctor import examine
from portal.errors import LurusError

WIPE = "\x1b[2J\x1b[3J\x1b[H"
"""Clears the screen and what has scrolled off it."""

_GROUPS_A_LINE = 5
_A_SLIP = "A sign is wrong or missing: compare group by group, and type it again."

_Secret = TypeVar("_Secret")


def plain(text: str) -> str:
    """Return a text that people chose without what would steer the terminal."""
    return "".join(sign if sign.isprintable() else "?" for sign in text)


def print_findings(instance: Path) -> bool:
    """Print what is wrong; return whether a fault is among it."""
    findings = examine(instance, dt.datetime.now(dt.UTC))
    for finding in findings:
        click.echo(f"{finding.gravity}: {finding.what}\n    {finding.remedy}")
    has_fault = any(finding.is_fault for finding in findings)
    if not has_fault:
        click.echo("No fault was found.")
    return has_fault


def print_paper(paper: str) -> None:
    """Show groups of signs as they are copied on paper."""
    groups = paper.split("-")
    for at in range(0, len(groups), _GROUPS_A_LINE):
        click.echo("    " + "  ".join(groups[at : at + _GROUPS_A_LINE]))


def ask_for_paper(title: str, parse: Callable[[str], _Secret]) -> _Secret:
    """Ask until what is typed is a paper of its kind; it does not show on a terminal.

    Raises:
        LurusError: nothing more is typed.
    """
    while True:
        try:
            return parse(_read(title))
        except MistypedError:
            click.echo(_A_SLIP, err=True)


def ask_for_passphrase(title: str) -> str:
    """Ask once, for a passphrase as it was chosen; it does not show on a terminal.

    Raises:
        LurusError: nothing is typed.
    """
    return _read(title).rstrip("\r\n")


def _read(title: str) -> str:
    if sys.stdin.isatty():
        typed: str = click.prompt(title, hide_input=True, err=True)
        return typed
    # For scripts: one paper a line.
    click.echo(f"{title}:", err=True)
    line = sys.stdin.readline()
    if not line:
        raise LurusError(f"{title}: nothing was typed.")
    return line


@contextmanager
def progress_bar(length: int) -> Iterator[Callable[[int], None]]:
    """Show on a terminal how much of *length* is done; nothing elsewhere.

    Bytes of a file, sheets of a document: whatever its caller counts.
    """
    if not sys.stderr.isatty():
        yield lambda _done: None
        return
    with click.progressbar(length=length, file=sys.stderr) as bar:
        yield bar.update
