"""Files that were received and not handed in, and the store they stand in."""

import datetime as dt
import os
import time
from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from strategies import INSTANCE

from crypto import UploadToken
from portal import uploads
from portal.database import transaction
from portal.errors import MissingObjectError
from portal.file_kinds import FileKind
from portal.files import FileWriter, read_file, read_preview
from portal.manifests import AttachedFile
from portal.models import Upload
from portal.objects import ObjectStore
from portal.uploads import ReceivedFile, find_received

TODAY = dt.date(2026, 12, 7)
PICTURE = b"\xff\xd8 small"
WORDS = b"a planted sentence of a file " * 9000


def open_store(tmp_path: Path) -> ObjectStore:
    return ObjectStore(tmp_path / "objects")


def receive(session: Session, store: ObjectStore, words: bytes = WORDS) -> ReceivedFile:
    writer = FileWriter(store, PICTURE)
    writer.write(words)
    writer.finish(TODAY)
    file = AttachedFile(
        *(writer.object_id, writer.key, writer.length, "foto.jpg", FileKind.JPEG),
        has_preview=True,
    )
    return uploads.keep(session, file, writer.size, INSTANCE)


def test_a_received_file_comes_back_whole_with_its_small_picture(session, tmp_path):
    store = open_store(tmp_path)
    received = receive(session, store)

    (found,) = find_received(session, [received.token], INSTANCE)
    assert b"".join(read_file(store, found.file)) == WORDS
    assert read_preview(store, found.file) == PICTURE
    assert found.file.name == "foto.jpg"


def test_another_token_finds_nothing(session, tmp_path):
    store = open_store(tmp_path)
    receive(session, store)

    assert find_received(session, [UploadToken.generate()], INSTANCE) == ()


def test_an_object_carries_its_days_midnight(session, tmp_path):
    store = open_store(tmp_path)
    receive(session, store)

    midnight = dt.datetime(2026, 12, 7, tzinfo=dt.UTC).timestamp()
    folder = tmp_path / "objects"
    times = {path.stat().st_mtime for path in (folder, *folder.iterdir())}
    assert times == {midnight}


def test_what_nobody_claims_goes_with_the_second_sweep(session, tmp_path):
    store = open_store(tmp_path)
    received = receive(session, store)

    for left in (1, 0):
        with transaction(session):
            uploads.sweep(session)
        assert session.scalar(select(func.count()).select_from(Upload)) == left

    store.sweep(uploads.named_objects(session), time.time() + 1)
    with pytest.raises(MissingObjectError):
        read_file(store, received.file)


def test_what_changed_within_the_hour_is_not_swept(session, tmp_path):
    store = open_store(tmp_path)
    writer = FileWriter(store)
    writer.finish(TODAY)

    store.sweep(uploads.named_objects(session), time.time() - 3600)

    assert store.names() == {writer.object_id}


def test_what_was_left_unfinished_is_swept(tmp_path):
    store = open_store(tmp_path)
    left = tmp_path / "objects" / f"{os.urandom(16).hex()}#1"
    left.write_bytes(b"sealed")

    store.sweep((), time.time() + 1)

    assert not left.exists()
