"""Objecting, and telling of pressure: nothing typed is lost, and help stands beside it."""

from conftest import Clock
from people import Officer, Reporter

TEXT = "Ada pungutan di loket tiga."
WHY = "Kuitansi itu tidak pernah diperiksa."
OBJECT, TROUBLE = "/case/object", "/case/trouble"


def close(officer: Officer) -> None:
    (path,) = officer.case_paths()
    officer.act(path, "status", to="acknowledged")
    words = {"outcome": "not-proven", "message": "Tidak terbukti."}
    officer.act(path, "status", to="closed", **words)


def test_a_second_tab_and_a_late_one_get_their_words_back(
    reporter: Reporter, officer: Officer, keeper: Officer, clock: Clock
) -> None:
    code = reporter.hand_in(TEXT)
    close(officer)
    reporter.open_case(code)
    tabs = [reporter.get(OBJECT) for _tab in range(3)]

    pages = [reporter.send(tab, OBJECT, text=WHY) for tab in tabs[:2]]
    clock.pass_by(hours=2)
    ended = reporter.send(tabs[2], OBJECT, text=WHY)

    assert [page.status_code for page in [*pages, ended]] == [303, 409, 403]
    assert WHY in pages[1].text
    again = ended.form(OBJECT)
    assert (again.value("text"), again.values("custodians")) == (
        WHY,
        tabs[2].form(OBJECT).values("custodians"),
    )


def test_the_same_is_told_once_a_day_and_what_is_missing_is_asked_for(
    reporter: Reporter, keeper: Officer
) -> None:
    reporter.open_case(reporter.hand_in(TEXT))
    page = reporter.get(f"{TROUBLE}?kind=hunt")

    nothing = reporter.send(reporter.get(TROUBLE), TROUBLE, text=WHY)
    told = reporter.send(page, TROUBLE)
    again = reporter.send(page, TROUBLE, text=WHY)

    assert [nothing.status_code, told.status_code] == [422, 303]
    assert WHY in nothing.form(TROUBLE).value("text")
    assert again.status_code == 422
    assert WHY in again.form(TROUBLE).value("text")
    assert "tidak perlu menjawabnya" in reporter.get("/case").text
    assert "Ada yang mencari pelapor" in keeper.get("/custody/").text


def test_what_is_owed_to_who_is_hunted_stands_once_with_what_follows_from_silence(
    reporter: Reporter, officer: Officer, keeper: Officer
) -> None:
    reporter.open_case(reporter.hand_in(TEXT))
    reporter.send(reporter.get(f"{TROUBLE}?kind=hunt"), TROUBLE)

    text = reporter.get("/case").text

    assert text.count("Petugas harus") == 1
    assert "Petugas harus menulis kepada Anda paling lambat" in text
    assert "Bila petugas tetap diam" in text
    assert "beri tahu kami dengan kode Anda" not in text


def test_a_word_that_is_late_is_called_by_the_name_it_had_before(
    reporter: Reporter, officer: Officer, keeper: Officer, clock: Clock
) -> None:
    code = reporter.hand_in(TEXT)
    reporter.open_case(code)
    reporter.send(reporter.get(f"{TROUBLE}?kind=hunt"), TROUBLE)
    clock.pass_by(days=3)

    assert "Pesan kepada pelapor, lewat tenggat" in reporter.open_case(code).text


def test_where_nobody_outside_can_be_asked_the_page_says_who_else_can(
    reporter: Reporter, officer: Officer
) -> None:
    code = reporter.hand_in(TEXT)
    close(officer)
    reporter.open_case(code)

    page = reporter.get(OBJECT)
    refused = reporter.post(
        OBJECT, {"text": WHY, "csrf_token": reporter.form_key(OBJECT)}
    )

    assert [form for form in page.forms if form.action == OBJECT] == []
    assert "Lembaga Perlindungan Saksi" in page.text
    assert refused.status_code == 422
    assert WHY in refused.text


def test_who_keeps_a_note_is_told_what_to_do_and_tells_only_outside(
    reporter: Reporter, officer: Officer
) -> None:
    reporter.open_case(reporter.keep("/note", what="Catatan saya."))

    page = reporter.get(TROUBLE)
    tried = reporter.post(
        TROUBLE, {"kind": "hunt", "csrf_token": reporter.form_key(TROUBLE)}
    )

    assert [form for form in page.forms if form.action == TROUBLE] == []
    assert "tidak perlu menjawabnya" in page.text
    assert tried.status_code == 422
