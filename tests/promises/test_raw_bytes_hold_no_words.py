"""Promise 7: raw bytes of what is stored hold no planted word.

Database, WAL, journal, TMPDIR, /dev/shm and logs; also when the worker is killed in
the middle of a request. ``secure_delete`` is on for every pooled connection.
"""

import http.client
import io
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from attackers import files_holding
from flask import Flask
from people import Officer, Reporter
from servers import Server

from portal import create_app
from portal.database import CONNECTIONS, DATABASE_FILE
from portal.settings import Settings

SHARED_MEMORY = Path("/dev/shm")
MIB = 1024 * 1024
WORDS = {
    "what": "lumbung-gandum-merah",
    "who_name": "Hartanto Wicaksana",
    "how": "kwitansi-palsu-berstempel",
    "avoid": "jangan-ke-bendahara",
    "message": "kemarin-terjadi-lagi",
    "answer": "mohon-sebut-tanggalnya",
    "note": "periksa-brankas-kantor",
    "title": "pungutan-lumbung-utara",
    "reason": "bukti-cukup-terkumpul",
    "search": "mencari-lumbung-gandum",
}


@pytest.mark.slow
def test_no_file_holds_a_word_of_what_was_written(tmp_path: Path) -> None:
    with Server(tmp_path) as server:
        tell_everything(server)
        while_running = files_holding(hidden(), tmp_path, SHARED_MEMORY)

    assert while_running == []
    assert files_holding(hidden(), tmp_path, SHARED_MEMORY) == []


@pytest.mark.slow
def test_no_file_holds_a_word_of_a_file_that_was_cut_by_a_kill(tmp_path: Path) -> None:
    """Of one file 60 MiB have come, one is being cleaned, and one waits in the store."""
    with Server(tmp_path) as server:
        server.enrol("Rina Wulandari")
        reporter = Reporter(server, server.host)
        names = [f"kwitansi-gudang-utara-{at}.txt" for at in range(3)]
        planted = [*hidden(), *names]
        send_file(reporter, WORDS["what"].encode() * 50_000, names[0])
        with (
            half_a_file(reporter, 60, names[1]),
            half_a_file(reporter, 4, names[2], is_whole=True),
        ):
            server.kill_workers()
        server.wait()

        found = files_holding(planted, tmp_path, SHARED_MEMORY)

    assert found == []
    assert sum(file.stat().st_size for file in objects_of(server)) > 60 * MIB


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["form", "file"])
def test_no_file_holds_a_word_of_a_request_that_was_cut_by_a_kill(
    tmp_path: Path, kind: str
) -> None:
    with Server(tmp_path) as server:
        tell_everything(server)
        with half_sent(server, kind):
            server.kill_workers()
        server.wait()

        found = files_holding(hidden(), tmp_path, SHARED_MEMORY)

    assert found == []


@pytest.mark.parametrize("path", ["/report", "/case/open"])
def test_a_file_sent_to_a_form_is_not_spooled(
    reporter: Reporter,
    settings: Settings,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    path: str,
) -> None:
    """Also not by the child that cleans it; a form that takes none refuses it."""
    (tmp_path / "spool").mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "spool"))
    form = reporter.get(path.removesuffix("/open")).form(path)
    content = io.BytesIO(WORDS["what"].encode() * 12_000)

    response = reporter.client.post(
        path,
        data=dict(form.fields) | {"evidence": (content, "rahasia-bendahara.txt")},
        content_type="multipart/form-data",
    )

    assert response.status_code == (422 if path == "/report" else 413)
    assert len(list((settings.instance / "objects").iterdir())) == (path == "/report")
    assert files_holding([*hidden(), "rahasia-bendahara"], tmp_path) == []


def test_deleted_rows_are_overwritten_on_every_pooled_connection(app: Flask) -> None:
    engine = app.extensions["lurus"].database.engine
    connections = [engine.connect() for _ in range(CONNECTIONS)]

    settings = {
        connection.exec_driver_sql("PRAGMA secure_delete").scalar()
        for connection in connections
    }

    [connection.close() for connection in connections]
    assert settings == {1}


def test_the_journal_is_a_wal_that_waits_for_the_disk(
    app: Flask, settings: Settings
) -> None:
    # Other tests do not wait: theirs is an app whose commits hurry.
    portal = create_app(settings).extensions["lurus"]
    with portal.database.engine.connect() as connection:
        mode = connection.exec_driver_sql("PRAGMA journal_mode").scalar()
        waits = connection.exec_driver_sql("PRAGMA synchronous").scalar()
        memory = connection.exec_driver_sql("PRAGMA temp_store").scalar()

    assert (mode, waits, memory) == ("wal", 2, 2)


def test_nobody_else_on_the_machine_can_read_the_folder(
    reporter: Reporter, settings: Settings
) -> None:
    reporter.hand_in(WORDS["what"])

    open_to_others = [
        path
        for path in (settings.instance, *settings.instance.rglob("*"))
        if path.stat().st_mode & 0o077
    ]

    assert open_to_others == []


def test_the_search_for_words_finds_one_that_is_stored(
    reporter: Reporter, settings: Settings
) -> None:
    with closing(sqlite3.connect(settings.instance / DATABASE_FILE)) as database:
        database.execute("UPDATE people SET unit = ?", (WORDS["note"],))
        database.commit()

    assert len(files_holding(hidden(), settings.instance)) >= 1


def hidden() -> list[str]:
    return [*WORDS.values(), WORDS["what"].upper()]


def tell_everything(server: Server) -> None:
    """Live a case through, with a planted word in everything that can be typed."""
    officer = server.enrol("Rina Wulandari")
    reporter = Reporter(server, server.host)
    report = {name: WORDS[name] for name in ("who_name", "how", "avoid")}
    reporter.open_case(reporter.hand_in(WORDS["what"], **report))
    reporter.write(WORDS["message"])
    (path,) = officer.case_paths()
    write_everything(officer, path)


def write_everything(officer: Officer, path: str) -> None:
    officer.act(path, "message", text=WORDS["answer"])
    officer.act(path, "note", text=WORDS["note"])
    officer.act(
        path, "triage", severity="4", title=WORDS["title"], reason=WORDS["reason"]
    )
    page = officer.send(officer.get("/office/"), "/office/find", q=WORDS["search"])
    assert page.status_code == 200
    page = officer.act(path, "status", to="acknowledged", reason=WORDS["reason"])
    assert page.status_code == 303


@contextmanager
def half_sent(server: Server, kind: str) -> Iterator[None]:
    """Send most of a request with planted words, and hold the rest back."""
    reporter = Reporter(server, server.host)
    key = reporter.get("/report").form("/report").value("csrf_token")
    text = (WORDS["what"] + " ") * 4000
    form = f"csrf_token={key}&what={text}"
    part = '--x\r\nContent-Disposition: form-data; name="evidence"; filename="a.txt"'
    body = form if kind == "form" else f"{part}\r\n\r\n{text}"
    types = {
        "form": "application/x-www-form-urlencoded",
        "file": "multipart/form-data; boundary=x",
    }
    connection = http.client.HTTPConnection(server.host)
    connection.putrequest("POST", "/report")
    headers = {**reporter.client.cookie_header, "Content-Type": types[kind]}
    for name, value in (headers | {"Content-Length": str(len(body) + 9000)}).items():
        connection.putheader(name, value)
    connection.endheaders()
    connection.send(body.encode())
    time.sleep(0.3)
    yield
    connection.close()


def objects_of(server: Server) -> list[Path]:
    return list((server.instance / "objects").iterdir())


def parts_of(reporter: Reporter, name: str) -> bytes:
    """Return a form up to where its file begins."""
    form = reporter.get("/report").form("/report")
    fields = [(key, form.value(key)) for key in ("csrf_token", "form_token")]
    texts = [
        f'--x\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n{value}\r\n'
        for key, value in fields
    ]
    head = '--x\r\nContent-Disposition: form-data; name="evidence"; filename='
    return ("".join(texts) + f'{head}"{name}"\r\n\r\n').encode()


def begin_form(reporter: Reporter, length: int) -> http.client.HTTPConnection:
    connection = http.client.HTTPConnection(reporter.host, timeout=20)
    connection.putrequest("POST", "/report")
    headers = {
        **reporter.client.cookie_header,
        "Content-Type": "multipart/form-data; boundary=x",
        "Content-Length": str(length),
    }
    for name, value in headers.items():
        connection.putheader(name, value)
    connection.endheaders()
    return connection


def send_file(reporter: Reporter, content: bytes, name: str) -> None:
    body = parts_of(reporter, name) + content + b"\r\n--x--\r\n"
    connection = begin_form(reporter, len(body))
    connection.send(body)
    assert connection.getresponse().status < 500
    connection.close()


@contextmanager
def half_a_file(
    reporter: Reporter, mib: int, name: str, *, is_whole: bool = False
) -> Iterator[None]:
    """Send so much of a file, full of planted words; the end of it only where whole."""
    block = (WORDS["what"].encode() * 60_000)[:MIB]
    head = parts_of(reporter, name)
    end = b"\r\n--x--\r\n"
    missing = 0 if is_whole else MIB
    connection = begin_form(reporter, len(head) + mib * MIB + len(end) + missing)
    connection.send(head)
    for _ in range(mib):
        connection.send(block)
    if is_whole:
        connection.send(end)
    time.sleep(0.3)
    yield
    connection.close()
