"""Attachments: the files of a case, in the hands of who may read it.

A text says how many files came with it; its manifest says what they are; the store has
them. What is damaged or missing of the three is told, and not passed over.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy.orm import Session

from portal import threads
from portal.cases import OfficerCase
from portal.errors import NoSuchFileError
from portal.manifests import AttachedFile
from portal.objects import ObjectStore
from portal.reports import Report
from portal.threads import Chain, Entry


@dataclass(frozen=True)
class Attachment:
    """One file of a text."""

    case_id: bytes
    file: AttachedFile
    place: int
    """Among the files of its text, from 1."""
    count: int
    """How many files its manifest knows."""
    is_there: bool
    """Whether the store holds it; not whether it is whole."""


@dataclass(frozen=True)
class Attachments:
    """The files of one text."""

    known: tuple[Attachment, ...] = ()
    unknown_count: int = 0
    """How many more came: their manifest is damaged or gone."""


def read_attachments(
    session: Session, store: ObjectStore, opened: OfficerCase, thread: Iterable[Entry]
) -> dict[int, Attachments]:
    """Return the files of the texts of *thread*, by the number of their text.

    *thread*: what officers have been handed (`threads.read_handed_over`).
    """
    files = _read(session, opened)
    found = {}
    for entry in thread:
        known = _placed(store, opened, files.get(entry.number, ()))
        unknown_count = max(0, _count(entry) - len(known))
        found[entry.number] = Attachments(known, unknown_count)
    return found


def find_attachment(
    session: Session, store: ObjectStore, opened: OfficerCase, object_id: bytes
) -> Attachment:
    """Return the file of that object, if it came with a text that officers have.

    Raises:
        NoSuchFileError: it did not.
    """
    for files in _read(session, opened).values():
        for found in _placed(store, opened, files):
            if found.file.object_id == object_id:
                return found
    raise NoSuchFileError


def _read(session: Session, opened: OfficerCase) -> dict[int, tuple[AttachedFile, ...]]:
    return threads.read_files(
        session, opened.case.id, Chain.THREAD, opened.key.thread, is_for_officers=True
    )


def _count(entry: Entry) -> int:
    """Return how many files a text says that it came with."""
    is_report = entry.number == 0
    return Report.decode(entry.plain).files if is_report else entry.text.files


def _placed(
    store: ObjectStore, opened: OfficerCase, files: tuple[AttachedFile, ...]
) -> tuple[Attachment, ...]:
    case_id, count = opened.case.id, len(files)
    return tuple(
        Attachment(case_id, file, place, count, store.holds(file.object_id))
        for place, file in enumerate(files, 1)
    )
