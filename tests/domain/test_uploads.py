"""Files that were received and not handed in, and the store they stand in."""

import datetime as dt
import os
import time
from dataclasses import replace
from pathlib import Path

import pytest
from builders import TODAY, receive_file, store_of
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from crypto import UploadToken
from portal import uploads
from portal.database import find_instance_id, transaction
from portal.errors import MissingObjectError, UploadGoneError
from portal.files import FileWriter, read_file, read_preview
from portal.models import Upload
from portal.uploads import ReceivedFile, find_received, replace_file

PICTURE = b"\xff\xd8 small"
WORDS = b"a planted sentence of a file " * 9000


def folder_of(session: Session) -> Path:
    return Path(session.get_bind().url.database).parent / "objects"


def test_a_received_file_comes_back_whole_with_its_small_picture(
    session: Session,
) -> None:
    store = store_of(session)
    received = receive_file(session, WORDS, name="foto.jpg", preview=PICTURE)

    (found,) = find_received(session, [received.token], find_instance_id(session))
    assert b"".join(read_file(store, found.file)) == WORDS
    assert read_preview(store, found.file) == PICTURE
    assert found.file.name == "foto.jpg"


def test_another_token_finds_nothing(session: Session) -> None:
    receive_file(session)

    assert (
        find_received(session, [UploadToken.generate()], find_instance_id(session))
        == ()
    )


def test_an_object_carries_its_days_midnight(session: Session) -> None:
    receive_file(session)

    midnight = dt.datetime(2026, 12, 7, tzinfo=dt.UTC).timestamp()
    folder = folder_of(session)
    times = {path.stat().st_mtime for path in (folder, *folder.iterdir())}
    assert times == {midnight}


def test_what_nobody_claims_goes_with_the_second_sweep(session: Session) -> None:
    store = store_of(session)
    received = receive_file(session)

    for left in (1, 0):
        with transaction(session):
            uploads.sweep(session)
        assert session.scalar(select(func.count()).select_from(Upload)) == left

    store.sweep(uploads.named_objects(session), time.time() + 1)
    with pytest.raises(MissingObjectError):
        read_file(store, received.file)


def test_what_changed_within_the_hour_is_not_swept(session: Session) -> None:
    store = store_of(session)
    writer = FileWriter(store)
    writer.finish(TODAY)

    store.sweep(uploads.named_objects(session), time.time() - 3600)

    assert store.names() == {writer.object_id}


def test_what_was_left_unfinished_is_swept(session: Session) -> None:
    store = store_of(session)
    left = folder_of(session) / f"{os.urandom(16).hex()}#1"
    left.write_bytes(b"sealed")

    store.sweep((), time.time() + 1)

    assert not left.exists()


def test_what_was_handed_in_is_not_taken_out_by_a_form_that_came_too_late(
    session: Session,
) -> None:
    store = store_of(session)
    received = receive_file(session, WORDS)
    with transaction(session):
        uploads.take(session, [received])

    uploads.drop(session, store, [received])

    assert b"".join(read_file(store, received.file)) == WORDS


def test_what_was_cleaned_meanwhile_is_not_handed_in_as_it_was(
    session: Session,
) -> None:
    received = receive_file(session, WORDS)
    clean_one(session, received)

    with pytest.raises(UploadGoneError), transaction(session):
        uploads.take(session, [received])


def test_what_was_cleaned_twice_at_once_is_there_once(session: Session) -> None:
    store = store_of(session)
    received = receive_file(session, WORDS)
    first = clean_one(session, received)

    with pytest.raises(UploadGoneError):
        clean_one(session, received)

    assert uploads.named_objects(session) == {first.file.object_id}
    assert b"".join(read_file(store, first.file)) == PICTURE


def clean_one(session: Session, received: ReceivedFile) -> ReceivedFile:
    store = store_of(session)
    writer = FileWriter(store)
    writer.write(PICTURE)
    writer.finish(TODAY)
    file = replace(
        received.file,
        object_id=writer.object_id,
        key=writer.key,
        length=writer.length,
    )
    instance = find_instance_id(session)
    return replace_file(session, store, received, file, writer.size, instance)


@pytest.mark.parametrize("end", ["give up", "delete"])
def test_the_folder_does_not_tell_when_a_file_was_given_up(
    session: Session, end: str
) -> None:
    store, folder = store_of(session), folder_of(session)
    receive_file(session)
    unfinished, finished = FileWriter(store), receive_file(session)
    os.utime(folder)  # another one begins

    if end == "delete":
        store.delete([finished.file.object_id])
    else:
        unfinished.abort()

    assert folder.stat().st_mtime % 86400 == 0
