"""Giving a case away and recusal, on the page; an officer's own declaration."""

from collections.abc import Callable

import pytest
from people import Officer, Page, Person, Reporter

from portal.roles import Role

TEXT = "Ada pungutan di loket tiga."
SORRY = "Petugas ini tidak dapat diberi kasus ini. Pilih yang lain."


def id_of(page: Page, officer: Officer) -> str:
    """Return an officer's id as a menu of the page names it."""
    before, _name, _after = page.html.partition(f">{officer.credentials.name}</option>")
    return before.rpartition('value="')[2][:32]


def send(by: Officer, path: str, act: str, whom: Officer, reason: str = "") -> Page:
    page = by.get(path)
    return by.act(path, act, officer=id_of(page, whom), reason=reason)


def a_case(reporter: Reporter, reader: Officer, **answers: object) -> str:
    reporter.hand_in(TEXT, **answers)
    (path,) = reader.case_paths()
    return path


def test_who_is_given_a_case_finds_it_among_their_own(
    reporter: Reporter, officer: Officer, new_officer: Callable[..., Officer]
) -> None:
    path = a_case(reporter, officer)
    joko = new_officer("Joko Prasetyo")

    page = send(officer, path, "assign", joko)

    assert page.status_code == 303
    assert page.response.headers["Location"] == path
    assert TEXT in joko.get(path).text
    assert path in joko.get("/office/?mine=yes").html
    assert path not in officer.get("/office/?mine=yes").html


def test_the_page_says_who_reads_who_is_in_charge_and_what_was_done(
    reporter: Reporter, officer: Officer, new_officer: Callable[..., Officer]
) -> None:
    path = a_case(reporter, officer)
    joko = new_officer("Joko Prasetyo")

    send(officer, path, "assign", joko, "Cuti panjang.")

    page = officer.get(f"{path}?lang=en")
    assert "Joko Prasetyo in charge" in page.text
    assert "Internal note, Rina Wulandari · given to Joko Prasetyo" in page.text
    assert "Cuti panjang." in page.text


def test_a_given_case_is_new_to_who_got_it_alone(
    reporter: Reporter, officer: Officer, new_officer: Callable[..., Officer]
) -> None:
    path = a_case(reporter, officer)
    joko = new_officer("Joko Prasetyo")
    officer.get(path)

    send(officer, path, "assign", joko)

    assert path not in officer.get("/office/?new=yes").html


def test_who_recuses_oneself_is_back_at_a_list_without_the_case(
    reporter: Reporter, officer: Officer, new_officer: Callable[..., Officer]
) -> None:
    joko = new_officer("Joko Prasetyo")
    path = a_case(reporter, officer)
    page = officer.get(path)
    chosen = page.form(f"{path}/recuse").value("officer")

    officer.act(path, "recuse", reason="Kerabat.")

    assert chosen == id_of(joko.get(path), officer)
    assert officer.case_paths() == []
    assert joko.case_paths() == [path]


def test_who_recuses_a_colleague_stays_with_the_case(
    reporter: Reporter, officer: Officer, new_officer: Callable[..., Officer]
) -> None:
    joko = new_officer("Joko Prasetyo")
    path = a_case(reporter, officer)

    page = send(officer, path, "recuse", joko, "Kerabat.")

    assert page.response.headers["Location"] == path
    assert "Joko Prasetyo" not in readers_on(officer.get(path))


@pytest.mark.parametrize("way", ["named", "unticked", "conflicted"])
def test_one_sentence_for_everybody_who_is_never_given_it(
    reporter: Reporter, officer: Officer, new_officer: Callable[..., Officer], way: str
) -> None:
    joko = new_officer("Joko Prasetyo")
    mine = Person(reporter.app).get("/report").form("/report").values("readers")
    if way == "conflicted":
        page = joko.get("/office/conflicts")
        joko.send(page, "/office/conflicts", units="Dinas Pasar")
    ways: dict[str, dict[str, object]] = {
        "named": {"who_name": "Pak Joko"},
        "unticked": {"readers": mine[-1:]},
        "conflicted": {"who_unit": "dinas pasar"},
    }
    path = a_case(reporter, officer, **ways[way])
    kept = "Ia mengenal kasus ini."

    page = send(officer, path, "assign", joko, kept)

    assert page.status_code == 422
    assert SORRY in page.text
    assert page.form(f"{path}/assign").value("reason") == kept
    assert joko.case_paths() == []


def test_the_menus_offer_everybody_alike(
    reporter: Reporter, officer: Officer, new_officer: Callable[..., Officer]
) -> None:
    joko = new_officer("Joko Prasetyo")
    path = a_case(reporter, officer, who_name="Pak Joko")

    html = officer.get(path).html

    assert html.count(f">{joko.credentials.name}</option>") == 2
    assert html.count(f">{officer.credentials.name}</option>") == 2


@pytest.mark.parametrize(
    ("act", "fields", "sentence"),
    [
        ("assign", {"officer": ""}, "Silakan pilih seorang petugas."),
        ("assign", {"officer": "x" * 32}, "Silakan pilih salah satu petugas"),
        ("assign", {"officer": "ab" * 16}, "Silakan pilih salah satu petugas"),
        ("recuse", {"reason": ""}, "Mohon beri alasan, satu baris cukup."),
        ("recuse", {"reason": "Kerabat."}, "Berikan dahulu kepada petugas lain."),
    ],
)
def test_what_does_not_go_is_said_and_nothing_typed_is_lost(
    reporter: Reporter,
    officer: Officer,
    act: str,
    fields: dict[str, str],
    sentence: str,
) -> None:
    path = a_case(reporter, officer)

    page = officer.act(path, act, **{"reason": "Saya cuti."} | fields)

    assert page.status_code == 422
    assert sentence in page.text
    typed = fields.get("reason", "Saya cuti.")
    assert page.form(f"{path}/{act}").value("reason") == typed
    assert officer.case_paths() == [path]


def test_who_sends_an_old_page_is_told(
    reporter: Reporter, officer: Officer, new_officer: Callable[..., Officer]
) -> None:
    joko = new_officer("Joko Prasetyo")
    path = a_case(reporter, officer)
    old = officer.get(path)
    joko.act(path, "note", text="Sudah saya lihat.")

    page = officer.send(old, f"{path}/recuse", reason="Kerabat.")

    assert page.status_code == 409
    assert page.form(f"{path}/recuse").value("reason") == "Kerabat."


def test_a_declaration_is_kept_and_comes_back(officer: Officer) -> None:
    page = officer.get("/office/conflicts")

    page = officer.send(
        page, "/office/conflicts", units="Dinas Pasar\n\n  UPT  Parkir", persons="Budi"
    )

    assert page.status_code == 303
    form = officer.get("/office/conflicts").form("/office/conflicts")
    assert form.value("units") == "Dinas Pasar\nUPT Parkir"
    assert form.value("persons") == "Budi"


@pytest.mark.parametrize("units", ["\n".join("abcdefghijklmnopqrstu"), "x" * 81])
def test_a_declaration_that_is_too_long_keeps_what_was_typed(
    officer: Officer, units: str
) -> None:
    page = officer.get("/office/conflicts")

    page = officer.send(page, "/office/conflicts", units=units)

    assert page.status_code == 422
    assert page.form("/office/conflicts").value("units") == units


def test_a_declaration_in_long_letters_is_refused_by_its_bytes(
    officer: Officer,
) -> None:
    page = officer.get("/office/conflicts")
    lines = "\n".join(["\N{GRINNING FACE}" * 80] * 20)

    page = officer.send(page, "/office/conflicts", units=lines)

    assert page.status_code == 422
    assert "huruf terlalu panjang" in page.text
    assert page.form("/office/conflicts").value("units") == lines


def test_the_list_asks_for_a_declaration_until_there_is_one(officer: Officer) -> None:
    asked = officer.get("/office/?lang=en").text
    page = officer.get("/office/conflicts")

    officer.send(page, "/office/conflicts")

    assert "is due, once a year" in asked
    assert "is due, once a year" not in officer.get("/office/").text


def test_a_report_that_only_the_conflicted_could_read_is_refused_as_for_the_named(
    reporter: Reporter, officer: Officer
) -> None:
    page = officer.get("/office/conflicts")
    officer.send(page, "/office/conflicts", units="Dinas Pasar")
    preview = reporter.preview(TEXT, who_unit="Dinas Pasar")

    page = reporter.send(preview, "/report", step="hand-in")

    assert page.status_code == 422
    assert page.form("/report").value("what") == TEXT
    assert "Tidak ada yang bisa membaca laporan ini" in page.text
    assert "Paling sedikit satu petugas" in page.text
    assert officer.case_paths() == []


def test_bad_faith_waits_for_a_second_officer_and_the_page_says_so(
    reporter: Reporter, officer: Officer, new_officer: Callable[..., Officer]
) -> None:
    joko = new_officer("Yusuf Hidayat", role=Role.OUTSIDE_OFFICER)
    path = a_case(reporter, officer)
    officer.act(path, "status", to="acknowledged")
    ending = {"to": "closed", "outcome": "bad-faith", "reason": "Rekaan."}

    proposed = officer.act(path, "status", **ending)

    assert proposed.status_code == 303
    assert "Only another officer can confirm it" in officer.get(f"{path}?lang=en").text
    page = joko.get(f"{path}?lang=en")
    assert "Rina Wulandari proposes to close this" in page.text
    joko.act(path, "status", **ending, message="Terima kasih.")
    assert 'data-status="closed"' in joko.get(path).html


def readers_on(page: Page) -> str:
    """Return the list of readers as the page shows it."""
    part = page.html.partition('id="readers"')[2]
    return part.partition("</ul>")[0]
