"""Officers and custodians look at the files of the cases that they can open."""

import re
from io import BytesIO

import pytest
from builders import duty_of, hand_in, receive_file, recuse_alone
from flask import Flask
from people import Officer, Page, Reporter
from photographs import (
    AS_SENT,
    COLOURS,
    fetch,
    files_on,
    object_path,
    receive_letter,
    receive_photo,
    send_files,
    spoil,
)
from PIL import Image
from sqlalchemy import update
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from crypto import CaseCode
from portal.database import transaction
from portal.file_kinds import FileKind, Finding
from portal.models import Message
from portal.settings import Settings
from portal.uploads import ReceivedFile

NO_PAGES = ("0", "-1", "1e9", "\u0662", "9" * 40)
NO_MANIFESTS = (None, bytes(8192), b"\x00")
WARY = (
    (FileKind.DOCX, {Finding.CLEANED, Finding.COMMENTS}, ["Berisi komentar"]),
    (FileKind.DOCX, {Finding.AS_SENT, Finding.MACROS}, ["makro", "Tidak dibersihkan"]),
    (FileKind.XLSX, {Finding.TRACKED_CHANGES}, ["perubahan terlacak"]),
    (FileKind.ARCHIVE, {Finding.ENCRYPTED}, ["kata sandi", "tidak memeriksa isi"]),
    (FileKind.EXECUTABLE, {Finding.AS_SENT}, ["Jangan jalankan"]),
    (FileKind.MP3, {Finding.CLEANED}, ["Suara bisa terdengar"]),
    (FileKind.ODT, {Finding.EMBEDDED}, ["berkas lain yang tidak diperiksa"]),
    (FileKind.ODT, {Finding.EXTERNAL_LINKS}, ["alamat di luar"]),
    (FileKind.OTHER, {Finding.AS_SENT}, ["terpisah dari jaringan"]),
)


def hand_in_with(session: Session, reporter: Reporter, *received: ReceivedFile) -> str:
    """Hand in a report, and send files after it."""
    code = reporter.hand_in("Ada pungutan di loket tiga.")
    send_files(session, code, *received)
    return code


def case_of(officer: Officer) -> Page:
    (path,) = officer.case_paths()
    return officer.get(path)


def colours_of(answers: list[TestResponse]) -> list[int]:
    """Return the colours in the middle of pictures, part after part."""
    images = [Image.open(BytesIO(answer.data)) for answer in answers]
    middles = [one.getpixel((one.width // 2, one.height // 2)) for one in images]
    return [part for middle in middles for part in middle]


def parts_of(colours: tuple[str, ...]) -> list[int]:
    return [int(colour[at : at + 2], 16) for colour in colours for at in (1, 3, 5)]


def test_an_officer_sees_the_files_under_their_message(
    session: Session, reporter: Reporter, officer: Officer
) -> None:
    received = receive_photo(session), receive_letter(session)
    hand_in_with(session, reporter, *received)

    page = case_of(officer)

    assert "Berkas 1 dari 2" in page.text
    assert "Berkas 2 dari 2" in page.text
    assert "IMG_0.jpg" in page.text
    assert "Dokumen PDF" in page.text
    assert page.html.count('loading="lazy"') == 2
    assert len(files_on(page)) == 2


def test_the_files_of_the_report_itself_stand_under_it(
    session: Session, officer: Officer
) -> None:
    hand_in(
        session, duty_of(session, "Rina Wulandari"), received=(receive_photo(session),)
    )

    page = case_of(officer)

    assert page.html.index("IMG_0.jpg") < page.html.index("</article>")
    assert officer.get(files_on(page)[0]).status_code == 200


def test_a_file_is_looked_at_page_by_page(
    session: Session, reporter: Reporter, officer: Officer
) -> None:
    hand_in_with(session, reporter, receive_letter(session))
    (path,) = files_on(case_of(officer))

    first, second, last = (officer.get(f"{path}?page={page}") for page in (1, 2, 3))
    pictures = [fetch(officer, f"{path}/picture?page={page}") for page in (1, 2, 3)]

    assert "Halaman 2 dari 3" in second.text
    assert ('rel="prev"' in first.html, 'rel="next"' in first.html) == (False, True)
    assert ('rel="prev"' in last.html, 'rel="next"' in last.html) == (True, False)
    assert f'href="{path}?page=3" rel="next"' in second.html
    assert colours_of(pictures) == pytest.approx(parts_of(COLOURS), abs=8)


def test_a_page_that_is_no_number_is_the_first(
    session: Session, reporter: Reporter, officer: Officer
) -> None:
    hand_in_with(session, reporter, receive_letter(session))
    (path,) = files_on(case_of(officer))

    pages = [officer.get(f"{path}?page={typed}") for typed in NO_PAGES]

    assert ["Halaman 1 dari 3" in page.text for page in pages] == [True] * len(NO_PAGES)


def test_a_page_that_a_file_does_not_have_is_told(
    session: Session, reporter: Reporter, officer: Officer
) -> None:
    hand_in_with(session, reporter, receive_letter(session))
    (path,) = files_on(case_of(officer))

    page = officer.get(f"{path}?page=4")

    assert "Tidak ada gambar yang bisa dilihat" in page.text
    assert "<img" not in page.html
    assert officer.get(f"{path}/picture?page=4").status_code == 404


def test_a_download_is_the_file(
    session: Session, reporter: Reporter, officer: Officer
) -> None:
    content = bytes(range(256)) * 1000
    hand_in_with(session, reporter, receive_file(session, content))
    (path,) = files_on(case_of(officer))

    answer = fetch(officer, f"{path}/download")

    assert answer.data == content
    assert answer.content_length == len(content)


def test_a_file_comes_whole_or_not_at_all(
    session: Session, reporter: Reporter, officer: Officer
) -> None:
    digits = receive_file(session, b"0123456789")
    empty = receive_file(session, b"", kind=FileKind.OTHER, findings=AS_SENT)
    hand_in_with(session, reporter, digits, empty)
    paths = files_on(case_of(officer))

    answers = [
        fetch(officer, f"{path}/download", headers={"Range": "bytes=2-4"})
        for path in paths
    ]

    found = [(answer.status_code, answer.data) for answer in answers]
    assert found == [(200, b"0123456789"), (200, b"")]


def test_what_to_be_wary_of_is_said_with_what_to_do(
    session: Session, reporter: Reporter, officer: Officer
) -> None:
    received = [
        receive_file(session, b"", kind=kind, findings=frozenset(findings))
        for kind, findings, _words in WARY
    ]
    hand_in_with(session, reporter, *received)
    page = case_of(officer)

    pages = [officer.get(path) for path in files_on(page)]

    said = list(zip(pages, (words for *_file, words in WARY), strict=True))
    assert [w for one, words in said for w in words if w not in one.text] == []
    assert [w for _one, words in said for w in words if w not in page.text] == []


def test_of_what_has_no_picture_none_is_sent(
    session: Session, reporter: Reporter, officer: Officer
) -> None:
    hand_in_with(session, reporter, receive_file(session, kind=FileKind.DOCX))
    page = case_of(officer)
    (path,) = files_on(page)

    pages = [officer.get(path + part) for part in ("/preview", "/picture")]

    assert [one.status_code for one in pages] == [404, 404]
    assert [one.html for one in (page, officer.get(path)) if "<img" in one.html] == []


def test_of_a_cleaned_picture_nothing_is_to_be_wary_of(
    session: Session, reporter: Reporter, officer: Officer
) -> None:
    hand_in_with(session, reporter, receive_photo(session))

    page = case_of(officer)

    assert 'class="wary"' not in page.html


def test_a_file_that_the_store_lacks_is_told(
    session: Session, reporter: Reporter, officer: Officer, settings: Settings
) -> None:
    received = receive_photo(session)
    hand_in_with(session, reporter, received)
    object_path(settings.instance, received).unlink()
    page = case_of(officer)
    (path,) = files_on(page)

    pages = [page, officer.get(path), officer.get(f"{path}/download")]
    gone = [officer.get(f"{path}/{what}") for what in ("preview", "picture")]

    assert ["tidak ada di penyimpanan" in one.text for one in pages] == [True] * 3
    assert [one.status_code for one in pages] == [200, 200, 404]
    assert [one.status_code for one in gone] == [404, 404]
    assert [one.html for one in [page, *pages] if "<img" in one.html] == []
    assert [one.html for one in pages if f'href="{path}/download"' in one.html] == []


def test_nothing_of_a_broken_file_is_handed_out(
    session: Session, reporter: Reporter, officer: Officer, settings: Settings
) -> None:
    spoilt = [0, 40, 70_000, -1]
    received = [receive_photo(session) for _ in spoilt]
    hand_in_with(session, reporter, *received)
    for file, at in zip(received, spoilt, strict=True):
        spoil(object_path(settings.instance, file), at)
    page = case_of(officer)

    looks = [officer.get(path) for path in files_on(page)]
    downloads = [officer.get(f"{path}/download") for path in files_on(page)]
    pictures = [officer.get(f"{path}/picture") for path in files_on(page)]

    assert [one.status_code for one in looks] == [200] * 4
    assert [one.status_code for one in [*downloads, *pictures]] == [404] * 8
    told = ["tidak seperti saat disegel" in one.text for one in [*looks, *downloads]]
    assert told == [True] * 8
    assert [one for one in looks if 'class="button second"' in one.html] == []


def test_files_of_which_nothing_is_known_any_more_are_counted(
    session: Session, reporter: Reporter, officer: Officer
) -> None:
    code = hand_in_with(session, reporter, receive_photo(session))
    for _manifest in NO_MANIFESTS:
        send_files(session, code, receive_letter(session))
    with transaction(session):
        for number, manifest in enumerate(NO_MANIFESTS, 2):
            session.execute(
                update(Message)
                .where(Message.number == number)
                .values(manifest=manifest)
            )

    page = case_of(officer)

    assert page.status_code == 200
    assert page.text.count("tidak bisa dibuka: 1") == len(NO_MANIFESTS)
    assert len(files_on(page)) == 1


def test_a_keeper_sees_the_files_too_but_not_before_the_duties(
    app: Flask, session: Session, reporter: Reporter, officer: Officer, keeper: Officer
) -> None:
    code = hand_in_with(session, reporter, receive_photo(session))
    (theirs,) = files_on(case_of(officer))
    rina = duty_of(session, "Rina Wulandari")
    gate = app.extensions["lurus"].gate_secret
    recuse_alone(session, CaseCode.parse(code), rina, gate)
    hers = theirs.replace("/office/", "/custody/")
    parts = ("", "/preview", "/picture", "/download")

    early = [keeper.get(hers + part).status_code for part in parts]
    (case,) = re.findall(r"/custody/cases/[0-9a-f]{32}", keeper.get("/custody/").html)
    keeper.send(keeper.get(case), f"{case}/duties")

    assert early == [404] * 4
    assert files_on(keeper.get(case)) == [hers]
    assert [fetch(keeper, hers + part).status_code for part in parts] == [200] * 4
    assert [officer.get(theirs + part).status_code for part in parts] == [404] * 4


def test_what_officers_saw_is_the_same_with_files(
    session: Session, reporter: Reporter, officer: Officer
) -> None:
    code = hand_in_with(session, reporter, receive_photo(session))
    before = case_of(officer).form(f"{officer.case_paths()[0]}/note").value("seen")

    send_files(session, code, receive_photo(session, 1), at_once=False)

    page = case_of(officer)
    assert page.form(f"{officer.case_paths()[0]}/note").value("seen") == before
    assert len(files_on(page)) == 1
