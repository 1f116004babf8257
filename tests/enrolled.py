"""People of the tests enrol once: what that left is put back for later tests.

To enrol is six pages with a passphrase, a phone and keys; most tests only need that
it took place. The same beginning has the same end: where the database holds byte for
byte what it held before, at that time and under those settings, the end is put back.
Else the person enrols.
"""

import datetime as dt
from collections.abc import Callable, Hashable
from copy import copy
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Protocol

from installations import copy_database, fingerprint, is_first
from people import Credentials, Officer

from portal.settings import Settings


class Clock(Protocol):
    """A clock that a test can set."""

    time: dt.datetime


def enrol_once(
    person: Officer,
    who: Hashable,
    clock: Clock,
    settings: Settings,
    enrol: Callable[[], object],
) -> None:
    """Let *person* enrol, or have enrolled; *who* tells one person from others."""
    content = fingerprint(settings.instance)
    beginning = (who, content, clock.time, replace(settings, instance=Path()))
    today, ends = clock.time.date(), _ends()
    if beginning in ends.known:
        ends.known[beginning].put_back(person, clock, settings.instance)
    else:
        enrol()
    # What a test did besides never comes again: its keys are random.
    if is_first(content, today) or content in ends.contents:
        ends.contents.add(fingerprint(settings.instance))
        if beginning not in ends.known:
            ends.known[beginning] = ends.keep(person, clock, settings.instance)


@dataclass(frozen=True)
class _End:
    """What enrolling left: in the database, in a browser, with a person, on the clock."""

    folder: Path
    cookies: dict[Any, Any]
    credentials: Credentials
    time: dt.datetime

    def put_back(self, person: Officer, clock: Clock, instance: Path) -> None:
        copy_database(self.folder, instance)
        person.client._cookies.update(self.cookies)
        person.credentials = copy(self.credentials)
        clock.time = self.time


class _Ends:
    """Every end that is remembered, by its beginning; gone with the process."""

    def __init__(self) -> None:
        self.known: dict[Hashable, _End] = {}
        self.contents: set[bytes] = set()
        self._folder = TemporaryDirectory()

    def keep(self, person: Officer, clock: Clock, instance: Path) -> _End:
        folder = Path(self._folder.name) / str(len(self.known))
        folder.mkdir()
        copy_database(instance, folder)
        cookies = dict(person.client._cookies)
        return _End(folder, cookies, copy(person.credentials), clock.time)


@cache
def _ends() -> _Ends:
    return _Ends()
