"""Promise 9: backups live 30 days at most, and bring back nothing that was destroyed.

Nothing of what was written can be read in one; it opens with its paper alone; and each that
is made while people report comes back whole.
"""

import datetime as dt
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

import pytest
from builders import TODAY, a_report, add_officer, hand_in, the_case
from flask import Flask
from keepers_of_backups import BackupKeeper, attach, destroy, rows_of, some_bytes
from people import Officer, Reporter
from servers import Server
from sqlalchemy import select
from sqlalchemy.orm import Session

from crypto import CaseCode, Identity
from portal import cases, destroyed
from portal.database import find_instance_id, open_database
from portal.destroyed import DESTROYED_FILE
from portal.doctor import examine
from portal.errors import NoSuchCaseError, OtherBackupKeyError
from portal.models import Attachment, Case, Wrap
from portal.restores import Papers, rehearsed
from portal.settings import Settings

ROUNDS = 20
WORDS = "lumbung-gandum-merah", "mohon-sebut-tanggalnya", "Hartanto Wicaksana"


@pytest.mark.slow
def test_twenty_backups_of_a_portal_in_use_each_come_back_whole(tmp_path: Path) -> None:
    with Server(tmp_path / "served") as server:
        server.enrol("Rina Wulandari")
        server.enrol("Joko Prasetyo")
        opened = open_database(server.instance)
        with opened.sessions() as session, people_reporting(server) as codes:
            keeper = BackupKeeper(session, server.instance, since=server.today())
            kept = [
                whole_again(keeper, tmp_path / f"{number}.backup", codes, server)
                for number in range(ROUNDS)
            ]
        opened.engine.dispose()

    assert kept == sorted(kept)
    assert kept[-1] > kept[0]


def test_a_backup_shows_no_word_of_what_was_written(
    reporter: Reporter,
    officer: Officer,
    session: Session,
    settings: Settings,
    tmp_path: Path,
) -> None:
    reporter.hand_in(WORDS[0], who_name=WORDS[2])
    keeper = BackupKeeper(session, settings.instance)

    keeper.back_up(tmp_path / "a")

    content = (tmp_path / "a").read_bytes()
    assert not [word for word in (*WORDS, "Rina Wulandari") if word.encode() in content]


def test_no_secret_of_the_server_opens_a_backup(
    app: Flask, session: Session, settings: Settings, tmp_path: Path
) -> None:
    keeper = BackupKeeper(session, settings.instance)
    keeper.back_up(tmp_path / "a")
    secrets = [
        (settings.instance / name).read_bytes() for name in ("secret.key", "gate.key")
    ]

    keys = [Identity(secret) for secret in secrets]

    assert [
        opens(tmp_path / "a", Papers(key, keeper.gate), tmp_path) for key in keys
    ] == [
        False,
        False,
    ]
    assert opens(tmp_path / "a", keeper.papers, tmp_path)


def test_what_was_destroyed_since_leaves_nothing_in_what_is_restored(
    session: Session, settings: Settings, tmp_path: Path
) -> None:
    rina, keeper = add_officer(session), BackupKeeper(session, settings.instance)
    code, other = (hand_in(session, rina, report=a_report()) for _ in range(2))
    gone = the_case(session, code).id
    named = attach(session, settings.instance, gone, some_bytes(70_000))
    keeper.back_up(tmp_path / "a")
    destroy(settings.instance, gone)
    keeper.back_up(tmp_path / "newer")

    keeper.restore(
        tmp_path / "a", tmp_path / "again", destroyed.read(tmp_path / DESTROYED_FILE)
    )

    with rows_of(tmp_path / "again") as again:
        assert not is_there(again, code)
        assert is_there(again, other)
        assert gone not in again.scalars(select(Wrap.case_id)).all()
        assert again.scalars(select(Attachment)).all() == []
    files = [file for file in (tmp_path / "again").rglob("*") if file.is_file()]
    assert named.hex() not in [file.name for file in files]
    lists = {DESTROYED_FILE}
    assert not [
        file for file in files if file.name not in lists and gone in file.read_bytes()
    ]


@pytest.mark.parametrize(("days", "is_named"), [(30, False), (31, True)])
def test_a_backup_is_named_for_deletion_after_thirty_days(
    session: Session, settings: Settings, tmp_path: Path, days: int, is_named: bool
) -> None:
    keeper = BackupKeeper(session, settings.instance)
    keeper.back_up(tmp_path / "a")

    made = keeper.back_up(tmp_path / "b", TODAY + dt.timedelta(days=days))

    assert settings.backup_keep_days == 30
    assert made.older == ((tmp_path / "a",) if is_named else ())


@contextmanager
def people_reporting(server: Server) -> Iterator[list[CaseCode]]:
    """Let people hand in reports, files with some, until the block is left."""
    codes: list[CaseCode] = []
    is_over = threading.Event()

    def report() -> None:
        opened = open_database(server.instance)
        with opened.sessions() as session:
            for number in count():
                if is_over.wait(0.05):
                    break
                code = CaseCode.parse(Reporter(server, server.host).hand_in(WORDS[0]))
                if number % 2:
                    case_id = the_case(session, code).id
                    attach(session, server.instance, case_id, some_bytes(130_000))
                codes.append(code)
        opened.engine.dispose()

    thread = threading.Thread(target=report)
    thread.start()
    try:
        while not codes and thread.is_alive():
            thread.join(0.01)
        yield codes
    finally:
        is_over.set()
        thread.join()


def whole_again(
    keeper: BackupKeeper, file: Path, codes: list[CaseCode], server: Server
) -> int:
    """Back up and restore; return how many cases came back, none that was confirmed lost."""
    confirmed = list(codes)
    keeper.back_up(file, server.today())
    where = file.with_suffix("")
    where.mkdir()
    with rehearsed(file, where, keeper.papers, server.now()) as (folder, restored):
        with rows_of(folder) as rows:
            lost = [code for code in confirmed if not is_there(rows, code)]
            number = len(rows.scalars(select(Case.id)).all())
        faults = [one.what for one in examine(folder, server.now()) if one.is_fault]
    assert (lost, restored.gaps, faults) == ([], (), [])
    return number


def is_there(session: Session, code: CaseCode) -> bool:
    try:
        cases.find_by_locator(session, code.locator(find_instance_id(session)))
    except NoSuchCaseError:
        return False
    return True


def opens(file: Path, papers: Papers, where: Path) -> bool:
    try:
        with rehearsed(file, where, papers, dt.datetime.now(dt.UTC)):
            return True
    except OtherBackupKeyError:
        return False
