"""Promise 18: originals leave only as downloads; what is looked at, the portal made.

A download has one safe type whatever the file is, a neutral name, ``nosniff`` and a
policy that lets it do nothing. What is looked at is a JPEG that was drawn here. No
other address of the portal sends a byte of what was handed in.
"""

import logging
import re
from io import BytesIO

import pytest
from builders import duty_of, receive_file, recuse_alone
from flask import Flask
from people import Officer, Person, Reporter
from photographs import (
    AS_SENT,
    SECRET_NAME,
    fetch,
    files_on,
    letter,
    object_path,
    photo,
    receive_photo,
    send_files,
    spoil,
)
from PIL import Image
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from crypto import CaseCode
from portal.file_kinds import FileKind
from portal.files import read_file
from portal.settings import Settings
from portal.uploads import ReceivedFile
from portal.views import case_files

PLANTED = b"tanda-air-asli-dari-pelapor"
POLYGLOT = (
    b"GIF89a/*<html><body><svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'>"
    b"<script>alert(document.cookie)</script>*/=1;//" + PLANTED + b"%PDF-1.7 %%EOF"
)
KINDS = tuple(FileKind)
DOWNLOAD = {
    "Content-Type": "application/octet-stream",
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "sandbox; default-src 'none'",
    "Cache-Control": "no-store, no-transform",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=()",
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex, nofollow",
    "X-Frame-Options": "DENY",
}
LOOKED_AT_AS_PICTURE = ("/preview", "/picture")
PICTURE = DOWNLOAD | {"Content-Type": "image/jpeg"}
SUFFIXES = {
    *("bin", "docx", "gif", "heic", "jpg", "m4a", "mov", "mp3", "mp4", "odt", "ogg"),
    *("pdf", "png", "pptx", "tiff", "txt", "wav", "webm", "webp", "xlsx"),
}


def hand_in_with(
    session: Session, reporter: Reporter, officer: Officer, *received: ReceivedFile
) -> list[str]:
    """Hand in a report with files, at most 20 a message; return where they are."""
    code = reporter.hand_in("Ada pungutan di loket tiga.")
    send_files(session, code, *received[:20])
    send_files(session, code, *received[20:])
    (path,) = officer.case_paths()
    return files_on(officer.get(path))


def chosen(answer: TestResponse, wanted: dict[str, str]) -> dict[str, list[str]]:
    """Return all values of those headers: none may come twice."""
    return {name: answer.headers.getlist(name) for name in wanted}


def once(wanted: dict[str, str]) -> dict[str, list[str]]:
    return {name: [value] for name, value in wanted.items()}


def with_words(jpeg: bytes) -> bytes:
    """Return a picture that is a page too, and tells where it was taken."""
    comment = b"\xff\xfe" + (len(POLYGLOT) + 2).to_bytes(2, "big") + POLYGLOT
    return jpeg[:2] + comment + jpeg[2:] + POLYGLOT


def test_every_kind_leaves_as_a_download_of_no_type_and_a_neutral_name(
    session: Session, reporter: Reporter, officer: Officer
) -> None:
    received = [
        receive_file(session, POLYGLOT, name=SECRET_NAME, kind=kind, findings=AS_SENT)
        for kind in KINDS
    ]
    paths = hand_in_with(session, reporter, officer, *received)

    answers = [fetch(officer, f"{path}/download") for path in paths]

    assert len(answers) == len(KINDS)
    assert [chosen(one, DOWNLOAD) for one in answers] == [once(DOWNLOAD)] * len(KINDS)
    assert {answer.data for answer in answers} == {POLYGLOT}
    names = [answer.headers["Content-Disposition"] for answer in answers]
    pattern = r'attachment; filename="attachment-\d+\.([a-z0-9]+)"'
    found = [re.fullmatch(pattern, name) for name in names]
    assert {one[1] for one in found if one} == SUFFIXES
    assert None not in found


def test_what_is_looked_at_is_a_jpeg_that_the_portal_made(
    session: Session, reporter: Reporter, officer: Officer
) -> None:
    originals = with_words(photo()), letter() + POLYGLOT
    kinds = FileKind.JPEG, FileKind.PDF
    received = [
        receive_file(session, one, kind=kind, findings=AS_SENT, preview=photo())
        for one, kind in zip(originals, kinds, strict=True)
    ]
    paths = hand_in_with(session, reporter, officer, *received)

    answers = [
        fetch(officer, path + part) for path in paths for part in LOOKED_AT_AS_PICTURE
    ]

    assert [chosen(one, PICTURE) for one in answers] == [once(PICTURE)] * 4
    assert [Image.open(BytesIO(one.data)).format for one in answers] == ["JPEG"] * 4
    assert [one.status_code for one in answers if PLANTED in one.data] == []


def test_what_only_says_that_it_is_a_picture_is_not_shown(
    session: Session, reporter: Reporter, officer: Officer
) -> None:
    drawn = [kind for kind in KINDS if kind.is_picture or kind is FileKind.PDF]
    received = [
        receive_file(session, POLYGLOT, kind=kind, findings=AS_SENT) for kind in drawn
    ]
    paths = hand_in_with(session, reporter, officer, *received)

    answers = [
        fetch(officer, path + part) for path in paths for part in LOOKED_AT_AS_PICTURE
    ]

    # A browser takes the polyglot for a GIF, and so may a library: drawn anew, then.
    shown = [answer.data for answer in answers if answer.status_code == 200]
    assert {one[:3] for one in shown} <= {b"\xff\xd8\xff"}
    assert [answer for answer in answers if PLANTED in answer.data] == []


def test_no_other_address_sends_a_byte_of_a_file(
    app: Flask, session: Session, reporter: Reporter, officer: Officer, keeper: Officer
) -> None:
    sent = receive_file(session, with_words(photo()), kind=FileKind.JPEG)
    code = reporter.hand_in("Ada pungutan di loket empat.")
    send_files(session, code, sent)
    theirs = everything(app, officer, *officer.case_paths(), sent)
    recuse_alone(session, CaseCode.parse(code), *who_recuses(app, session))
    (hers,) = re.findall(r"/custody/cases/[0-9a-f]{32}", keeper.get("/custody/").html)
    keeper.send(keeper.get(hers), f"{hers}/duties")
    reporter.open_case(code)

    found = theirs | everything(app, keeper, hers, sent)
    found |= everything(app, reporter, hers, sent)

    assert found == {"officer.file_download", "custodian.file_download"}


def test_a_file_that_breaks_in_the_middle_is_never_whole_and_names_nobody(
    session: Session,
    reporter: Reporter,
    officer: Officer,
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """As if it was changed after it had been found to be whole."""
    caplog.set_level(logging.DEBUG)
    content = POLYGLOT * 2000
    sent = receive_file(session, content, name=SECRET_NAME)
    (path,) = hand_in_with(session, reporter, officer, sent)
    spoil(object_path(settings.instance, sent), 300_000)
    monkeypatch.setattr(case_files, "read_sound_file", read_file)

    answer = fetch(officer, f"{path}/download")

    assert answer.content_length == len(content)
    assert 0 < len(answer.data) < len(content)
    assert content.startswith(answer.data)
    assert "BrokenError in a download" in caplog.text
    assert [word for word in telling(path) if word in caplog.text] == []


def test_a_name_stands_on_the_page_as_text_and_nowhere_else(
    session: Session, reporter: Reporter, officer: Officer
) -> None:
    name = '../"><script>x\u202egpj.exe\r\nSet-Cookie: a=b.jpg'
    sent = receive_file(session, photo(), name=name, kind=FileKind.JPEG)
    (path,) = hand_in_with(session, reporter, officer, sent)

    pages = [officer.get(path.partition("/files/")[0]), officer.get(path)]
    answer = fetch(officer, f"{path}/download")

    assert ["&lt;script&gt;x" in page.html for page in pages] == [True, True]
    assert ["U+202E" in page.html for page in pages] == [True, True]
    assert ["<script" in page.html for page in pages] == [False, False]
    headers = [str(one.headers) for one in (*[p.response for p in pages], answer)]
    assert [one for one in headers if "exe" in one or "a=b" in one] == []


def test_nobody_else_gets_a_file(
    app: Flask, session: Session, reporter: Reporter, officer: Officer
) -> None:
    (path,) = hand_in_with(session, reporter, officer, receive_photo(session))
    parts = ("", "/preview", "/picture", "/download")

    answers = [fetch(Person(app), path + part) for part in parts]

    assert [answer.status_code for answer in answers] == [303] * 4


def everything(app: Flask, person: Person, case: str, sent: ReceivedFile) -> set[str]:
    """Ask for all there is; return the pages that have a byte of what was sent."""
    case_id, file_id = case.rpartition("/")[2], sent.file.object_id.hex()
    found = set()
    for rule in app.url_map.iter_rules():
        if "GET" in rule.methods and rule.endpoint != "public.leave_quickly":
            path = rule.rule.replace("<case_id>", case_id)
            path = path.replace("<file_id>", file_id)
            if PLANTED in fetch(person, path).data:
                found.add(rule.endpoint)
    return found


def who_recuses(app: Flask, session: Session) -> tuple[object, object]:
    return duty_of(session, "Rina Wulandari"), app.extensions["lurus"].gate_secret


def telling(path: str) -> list[str]:
    """Return what a log must not say of a download."""
    return [SECRET_NAME, "Hartanto", *path.split("/")[3::2], "objects/"]
