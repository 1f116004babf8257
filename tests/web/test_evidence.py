"""Files on a reporter's pages: shown, decided on, kept, and sent under numbers."""

import re
from dataclasses import replace

import pytest
from builders import for_reporter, receive_file, store_of
from people import Officer, Page, Reporter, code_on, kept_in, undecided
from photos import photo
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from crypto import CaseCode
from portal import threads, uploads
from portal.errors import UploadGoneError
from portal.file_kinds import FileKind, Finding
from portal.manifests import AttachedFile
from portal.models import Case, Upload
from portal.threads import Chain
from portal.uploads import ReceivedFile
from portal.views.evidence import Evidence

WHAT = "Ada pungutan di loket tiga."
NOTHING_FOUND = frozenset({Finding.CLEANED})


def preview_with(reporter: Reporter, *files: ReceivedFile) -> Page:
    """Look a report over that has brought these files."""
    tokens = [one.token.reveal() for one in files]
    return reporter.preview(WHAT, kept=tokens)


def files_of(session: Session, code: str) -> dict[int, tuple[AttachedFile, ...]]:
    session.rollback()
    mine = for_reporter(session, CaseCode.parse(code))
    return threads.read_files(session, mine.case.id, Chain.THREAD, mine.key)


def case_count(session: Session) -> int:
    session.rollback()
    return session.scalar(select(func.count()).select_from(Case)) or 0


def test_a_cleaned_file_is_shown_and_handed_in_under_a_number(
    reporter: Reporter, session: Session
) -> None:
    file = receive_file(session, name="scan laptop Sari.pdf")
    page = preview_with(reporter, file)

    code = code_on(reporter.send(page, "/report", step="hand-in"))

    assert "scan laptop Sari.pdf" in page.text
    assert "sudah dihapus" in page.text
    assert [one.name for one in files_of(session, code)[0]] == ["1.pdf"]


def test_what_could_not_be_cleaned_waits_for_a_decision(
    reporter: Reporter, session: Session
) -> None:
    file = receive_file(
        session, name="data.zip", kind=FileKind.ARCHIVE, findings=frozenset()
    )
    page = preview_with(reporter, file)

    refused = reporter.send(page, "/report", step="hand-in")
    token = file.token.reveal()
    code = code_on(reporter.send(refused, "/report", step="hand-in", as_sent=token))

    assert (page.status_code, refused.status_code) == (200, 422)
    assert WHAT in refused.html
    assert kept_in(refused, "/report") == [token]
    assert files_of(session, code)[0][0].findings == {Finding.AS_SENT}


def test_a_file_that_is_taken_out_is_not_sent(
    reporter: Reporter, session: Session
) -> None:
    kept, dropped = receive_file(session), receive_file(session, name="b.pdf")
    page = preview_with(reporter, kept, dropped)

    drop = dropped.token.reveal()
    code = code_on(reporter.send(page, "/report", step="hand-in", drop=drop))

    assert len(files_of(session, code)[0]) == 1
    assert dropped.file.object_id not in store_of(session).names()


@pytest.mark.parametrize(
    ("kind", "finding", "told"),
    [
        (FileKind.MP3, Finding.VOICE, "Suara bisa dikenali"),
        (FileKind.DOCX, Finding.COMMENTS, "ada komentar"),
        (FileKind.DOCX, Finding.TRACKED_CHANGES, "siapa mengubah apa"),
        (FileKind.XLSX, Finding.MACROS, "makro"),
    ],
)
def test_what_was_found_in_a_file_is_told_before_it_is_sent(
    reporter: Reporter, session: Session, kind: FileKind, finding: Finding, told: str
) -> None:
    file = receive_file(session, kind=kind, findings=NOTHING_FOUND | {finding})

    page = preview_with(reporter, file)

    assert told in page.text


def test_a_file_that_is_gone_is_told_and_the_text_is_kept(
    reporter: Reporter, session: Session
) -> None:
    gone, there = receive_file(session), receive_file(session, name="b.pdf")
    page = preview_with(reporter, gone, there)
    uploads.drop(session, store_of(session), [gone])

    told = reporter.send(page, "/report", step="hand-in")
    code = code_on(reporter.send(told, "/report", step="hand-in"))

    assert told.status_code == 422
    assert "sudah tidak di sini" in told.text
    assert WHAT in told.html
    assert len(files_of(session, code)[0]) == 1


def test_a_file_that_goes_while_the_report_is_handed_in_is_told(
    reporter: Reporter, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone(*_: object) -> None:
        raise UploadGoneError

    page = preview_with(reporter, receive_file(session))
    monkeypatch.setattr(uploads, "take", gone)

    told = reporter.send(page, "/report", step="hand-in")

    assert told.status_code == 422
    assert "sudah tidak di sini" in told.text
    assert WHAT in told.html
    assert case_count(session) == 0


def test_the_same_form_sent_twice_shows_the_same_code(
    reporter: Reporter, session: Session
) -> None:
    page = preview_with(reporter, receive_file(session))

    first = reporter.send(page, "/report", step="hand-in")
    again = reporter.send(page, "/report", step="hand-in")

    assert code_on(first) == code_on(again)
    assert case_count(session) == 1


def test_a_name_with_a_code_is_refused_and_its_file_deleted(
    reporter: Reporter, session: Session
) -> None:
    code = CaseCode.generate().reveal()
    page = reporter.preview(WHAT, [(f"kode {code}.jpg", b"GIF89a")])

    assert page.status_code == 422
    assert "memuat kode kasus" in page.text
    assert kept_in(page, "/report") == []
    assert not session.scalars(select(Upload)).all()
    assert not store_of(session).names()


def test_a_name_with_three_groups_of_the_own_code_is_refused(
    reporter: Reporter, session: Session
) -> None:
    code = reporter.hand_in(WHAT)
    reporter.open_case(code)
    part = "-".join(code.split("-")[2:5])

    page = reporter.write("Ini fotonya.", [(f"{part}.jpg", b"GIF89a")])

    assert page.status_code == 422
    assert "memuat kode kasus" in page.text
    assert "Ini fotonya." in page.html
    assert files_of(session, code) == {}


def test_an_empty_file_is_refused_with_a_sentence_and_the_rest_is_kept(
    reporter: Reporter, session: Session
) -> None:
    files = [("kosong.jpg", b""), ("catatan.bin", b"abc")]

    page = reporter.preview(WHAT, files)

    assert page.status_code == 422
    assert "kosong.jpg kosong, jadi tidak diterima." in page.text
    assert WHAT in page.html
    assert len(kept_in(page, "/report")) == 1


def test_a_message_may_be_files_alone(reporter: Reporter, session: Session) -> None:
    code = reporter.hand_in(WHAT)
    reporter.open_case(code)
    tokens = [receive_file(session).token.reveal()]

    sent = reporter.send(reporter.get("/case"), "/case/message", text="", kept=tokens)
    page = reporter.get("/case")

    assert sent.status_code == 303
    assert "Berkas yang menyertai: 1" in page.text
    assert "1.pdf" not in page.text


def test_a_message_without_words_and_files_is_refused(
    reporter: Reporter,
) -> None:
    reporter.open_case(reporter.hand_in(WHAT))

    assert reporter.write("").status_code == 422


def test_own_files_are_named_when_own_texts_are_shown_and_missed_where_they_lack(
    reporter: Reporter, session: Session
) -> None:
    there, lost = receive_file(session), receive_file(session, name="b.pdf")
    code = code_on(
        reporter.send(preview_with(reporter, there, lost), "/report", step="hand-in")
    )
    store_of(session).delete([lost.file.object_id])
    page = reporter.open_case(code)

    reporter.send(page, "/case/mine")
    shown = reporter.get("/case").text

    assert "Berkas yang menyertai: 2" in shown
    assert re.search(r"1\.pdf · Dokumen PDF · 1 KB(?! · sudah)", shown)
    assert "2.pdf · Dokumen PDF · 1 KB · sudah tidak ada" in shown


def test_an_officer_brings_what_a_caller_gave(
    officer: Officer, session: Session
) -> None:
    tokens = [receive_file(session, name="foto Sari.pdf").token.reveal()]
    answers = {"category": "PUNGLI", "what": WHAT, "came_by": "visit", "kept": tokens}
    page = officer.send(
        officer.get("/office/new"), "/office/new", step="preview", **answers
    )

    code = code_on(officer.send(page, "/office/new", step="hand-in"))

    assert [one.name for one in files_of(session, code)[0]] == ["1.pdf"]


def test_a_name_does_not_turn_the_line(reporter: Reporter, session: Session) -> None:
    file = receive_file(session)
    turned = replace(file.file, name="a\u202efdp.exe")
    uploads.drop(session, store_of(session), [file])
    kept = uploads.keep(session, turned, 1, reporter.app.extensions["lurus"].instance)

    page = preview_with(reporter, kept)

    assert "\u202e" not in page.html
    assert "U+202E" in page.html


def busy_program(session: Session) -> ReceivedFile:
    """Receive a program that nobody had time to look into."""
    busy = frozenset({Finding.BUSY})
    return receive_file(session, b"MZ\x90\0" * 99, kind=FileKind.OTHER, findings=busy)


def test_what_was_ticked_before_it_was_looked_into_is_asked_again(
    reporter: Reporter, session: Session
) -> None:
    page, token = reporter.preview(WHAT), busy_program(session).token.reveal()
    ticked = {"kept": token, "as_sent": token, "step": "hand-in"}

    told = reporter.send(page, "/report", **ticked)
    count = case_count(session)
    code = code_on(reporter.send(told, "/report", as_sent=token, step="hand-in"))

    assert (told.status_code, count) == (422, 0)
    assert "Ini program." in told.text
    assert f'value="{token}" checked' not in told.html
    assert files_of(session, code)[0][0].findings >= {Finding.AS_SENT}


def test_a_new_photo_goes_at_once_where_it_was_cleaned_and_nothing_was_found(
    reporter: Reporter, session: Session
) -> None:
    code = reporter.hand_in(WHAT)
    page = reporter.open_case(code)

    sent = reporter.send(page, "/case/message", [("Sari.jpg", photo())], text="Ini.")

    (file,) = files_of(session, code)[1]
    assert sent.status_code == 303
    assert (file.name, file.findings) == ("1.jpg", NOTHING_FOUND)


def test_a_new_file_that_cannot_be_cleaned_comes_back_for_a_decision(
    reporter: Reporter, session: Session
) -> None:
    code = reporter.hand_in(WHAT)
    page = reporter.open_case(code)

    back = reporter.send(page, "/case/message", [("a.csv", b"No;Nama")], text="Ini.")
    sent = reporter.send(
        back, "/case/message", as_sent=undecided(back, "/case/message")
    )

    assert (back.status_code, sent.status_code) == (422, 303)
    assert "Ini." in back.html
    assert files_of(session, code)[1][0].findings >= {Finding.AS_SENT}


def test_a_new_recording_comes_back_with_its_warning_before_it_is_sent(
    reporter: Reporter, session: Session
) -> None:
    file = receive_file(
        session, kind=FileKind.MP3, findings=NOTHING_FOUND | {Finding.VOICE}
    )
    evidence = Evidence((file,))

    assert evidence.has_untold
    assert not replace(evidence, seen=frozenset({file.token.reveal()})).has_untold
