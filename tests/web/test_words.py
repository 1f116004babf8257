"""What a frightened reporter most needs to read stands where it is needed."""

import re
from collections.abc import Callable

import pytest
from conftest import Clock
from people import Officer, Page, Reporter
from sqlalchemy import text
from sqlalchemy.orm import Session

from portal.database import transaction

BEFORE_THE_FORM = [
    (
        "Anda boleh berhenti kapan saja: sebelum Anda menekan Serahkan, tidak ada yang "
        "sampai kepada petugas."
    ),
    (
        "Kami tidak meminta dan tidak menyimpan nama, nomor HP, surel, atau alamat jaringan "
        "Anda."
    ),
    (
        "Pakailah HP dan kuota sendiri, bukan komputer atau Wi-Fi kantor: dari jaringan "
        "kantor bisa terlihat bahwa situs ini dibuka."
    ),
]
AT_THEIR_FIELDS = [
    (
        "Rekan bisa menebak Anda dari ceritanya; sebelum Anda menyerahkan, kami tunjukkan "
        "bagian yang tampak berisiko."
    ),
    (
        "Tulis yang Anda lihat sendiri; Anda tidak perlu bukti lengkap, jangan menyelidiki, "
        "dan keliru bukan bohong."
    ),
    (
        "Petugas yang Anda hapus centangnya tidak bisa membuka laporan ini dan tidak diberi "
        "tahu bahwa laporan ini ada."
    ),
]
AFTER_THE_CODE = [
    (
        "Bila ada yang bertanya “kamu yang lapor?”, Anda tidak perlu menjawabnya; bila ada "
        "yang mencari-cari pelapor, beri tahu kami dengan kode Anda."
    ),
    (
        "Bila kode hilang, laporan tetap diproses; Anda hanya tidak bisa membaca jawabannya, "
        "dan boleh mengirim laporan lanjutan."
    ),
    (
        "Bila tenggat lewat tanpa jawaban, halaman kasus Anda menunjukkannya. Bila hasilnya "
        "menurut Anda keliru, Anda bisa meminta penjaga di Inspektorat melihatnya."
    ),
]
ON_GUIDANCE = [
    *(*BEFORE_THE_FORM, *AT_THEIR_FIELDS),
    "Anda tidak perlu menjawabnya.",
    (
        "Bila ada yang mencari-cari pelapor, menekan, atau mengancam, beri tahu kami dengan "
        "kode Anda."
    ),
    "Bila satu kelompok ditekan sampai ada yang mengaku, tidak seorang pun perlu mengaku.",
    AFTER_THE_CODE[1],
    "Bila tenggat lewat tanpa jawaban, halaman kasus Anda menunjukkannya.",
]
TYPED = {"text": "Senin kemarin juga."}
NOT_CONFIRMED = "Petugas tidak boleh memperlihatkan kata-kata Anda"


@pytest.mark.parametrize("sentence", [*BEFORE_THE_FORM, *AT_THEIR_FIELDS])
def test_the_form_says_it_before_and_at_its_fields(
    reporter: Reporter, sentence: str
) -> None:
    page = reporter.get("/report").text

    assert sentence in page
    is_before = page.index(sentence) < page.index("Apa jenis masalahnya?")
    assert is_before == (sentence in BEFORE_THE_FORM)


def test_the_page_with_the_code_says_what_comes_after(reporter: Reporter) -> None:
    page = reporter.send(reporter.preview("Ada pungutan."), "/report", step="hand-in")

    assert [sentence for sentence in AFTER_THE_CODE if sentence not in page.text] == []
    assert "Jangan difoto, jangan dikirim lewat WhatsApp" in page.text


def test_guidance_says_all_of_them(reporter: Reporter) -> None:
    page = reporter.get("/guidance").text

    assert [sentence for sentence in ON_GUIDANCE if sentence not in page] == []
    assert "Untuk pesan tidak ada petunjuk" in page
    assert "Petunjuk itu tidak lengkap" in page


@pytest.mark.parametrize("path", ["/guidance", "/report", "/limits"])
def test_what_the_agency_has_not_confirmed_is_not_said(
    reporter: Reporter, path: str
) -> None:
    assert NOT_CONFIRMED not in reporter.get(path).text


@pytest.mark.parametrize(
    "sentence",
    [
        "bila ia mengubah programnya, ia bisa membaca yang diketik",
        "Yang menguasai mesin bisa menghapus laporan.",
        "Pengelola bisa menambah petugas.",
        "Jaringan kantor bisa melihat bahwa situs ini dibuka",
        "Rekan bisa menebak Anda dari isi laporan",
        "HP yang disita dalam keadaan terbuka",
        "Mencabut laporan tidak selalu menghentikannya",
        "Petugas yang kehilangan frasa sandinya tidak bisa membaca lagi.",
        "(130 bit)",
    ],
)
def test_the_limits_are_said(reporter: Reporter, sentence: str) -> None:
    assert sentence in reporter.get("/limits").text


def test_hints_say_that_they_are_not_complete(reporter: Reporter) -> None:
    page = reporter.preview("Hanya saya yang punya kunci gudang.")

    assert "Bagian ini bisa menunjuk ke Anda" in page.text
    assert "Kami tidak menemukan semuanya." in page.text


def test_the_field_for_messages_says_that_there_are_no_hints(
    reporter: Reporter,
) -> None:
    page = reporter.open_case(reporter.hand_in("Ada pungutan."))

    assert "Untuk pesan tidak ada petunjuk seperti pada laporan" in page.text


# Errors


def break_texts(session: Session) -> None:
    with transaction(session):
        session.execute(text("UPDATE messages SET envelope = zeroblob(16465)"))


def hide(session: Session, table: str) -> None:
    """Take a table away: the database answers, and not this."""
    with transaction(session):
        session.execute(text(f"ALTER TABLE {table} RENAME TO hidden"))


def test_a_reporter_is_not_sent_to_the_administrator(
    reporter: Reporter, session: Session
) -> None:
    code = reporter.hand_in("Ada pungutan.")
    break_texts(session)

    page = reporter.open_case(code)

    assert page.status_code == 500
    assert "Simpan kode Anda." in page.text
    assert "pengelola" not in main(page)


def test_an_officer_is_sent_to_the_administrator(
    reporter: Reporter, officer: Officer, session: Session
) -> None:
    reporter.hand_in("Ada pungutan.")
    (path,) = officer.case_paths()
    break_texts(session)

    page = officer.get(path)

    assert page.status_code == 500
    assert "Mohon beri tahu pengelola; cadangan bisa dibandingkan." in page.text


def test_who_only_looks_is_not_told_that_typed_texts_are_kept(
    reporter: Reporter, session: Session
) -> None:
    reporter.open_case(reporter.hand_in("Ada pungutan."))
    hide(session, "sessions")

    page = reporter.get("/case")

    assert page.status_code == 503
    assert "Saat ini halaman ini belum bisa ditampilkan." in page.text
    assert "Yang Anda ketik" not in page.text


def test_who_sends_is_told_that_typed_texts_are_kept(
    reporter: Reporter, session: Session
) -> None:
    case = reporter.open_case(reporter.hand_in("Ada pungutan."))
    hide(session, "sessions")

    page = reporter.send(case, "/case/message", text="Senin kemarin juga.")

    assert page.status_code == 503
    assert "Belum ada yang disimpan. Yang Anda ketik masih ada di sini." in page.text
    assert "Senin kemarin juga." in page.html


KEPT = re.compile(
    "(Tidak|Belum) ada yang (disimpan|terkirim|diubah|serahkan)|tetap tersimpan"
    "|Tautannya sudah dipakai"
)
NEXT_STEP = re.compile(
    "[Pp]eriksa alamatnya|[Cc]oba lagi|tekan Kirim lagi|Buka lagi|Mintalah tautan baru"
    "|[Kk]embali"
)


def after_an_hour(reporter: Reporter, clock: Clock, **fields: str) -> Page:
    """Send from a case that was open for too long."""
    page = reporter.open_case(reporter.hand_in("Ada pungutan."))
    clock.pass_by(hours=1)
    return reporter.send(page, "/case/message", **fields)


WAYS_TO_AN_ERROR: dict[str, Callable[[Reporter, Clock], Page]] = {
    "no such page": lambda reporter, _: reporter.get("/tidak-ada"),
    "an old link": lambda reporter, _: reporter.get("/office/invite/bekas"),
    "too much": lambda reporter, _: reporter.post("/report", {"what": "x" * 600_000}),
    "no key": lambda reporter, _: reporter.post("/case/leave", {}),
    "no key, a text": lambda reporter, _: reporter.post("/case/message", TYPED),
    "ended": lambda reporter, clock: after_an_hour(reporter, clock, text=""),
    "ended, a text": lambda reporter, clock: after_an_hour(reporter, clock, **TYPED),
}


@pytest.mark.parametrize("way", WAYS_TO_AN_ERROR)
def test_every_error_says_what_was_kept_and_what_to_do(
    reporter: Reporter, clock: Clock, way: str
) -> None:
    page = WAYS_TO_AN_ERROR[way](reporter, clock)

    assert page.status_code >= 400
    assert "<h1>" in main(page)
    assert KEPT.search(page.text), page.text
    assert NEXT_STEP.search(main(page)), page.text


def main(page: Page) -> str:
    """What stands on the page itself, without head and foot."""
    return page.html.partition("<main")[2].partition("</main>")[0]
