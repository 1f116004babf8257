"""A custodian at work, as a story: what no officer can read comes to the custodian."""

import re
from collections.abc import Callable

import pytest
from attackers import bare
from builders import duty_of, recuse_alone
from conftest import Clock
from flask import Flask
from people import Officer, Page, Person, Reporter
from sqlalchemy import select
from sqlalchemy.orm import Session

from crypto import CaseCode
from portal.errors import LastReaderError
from portal.models import AuditEntry
from portal.roles import Role

TEXT = "Ada pungutan di loket tiga."
HERS = re.compile(r'href="(/custody/cases/[0-9a-f]{32})"')


def test_the_last_reader_leaves_and_the_keeper_hands_the_case_on(
    reporter: Reporter,
    officer: Officer,
    keeper: Officer,
    new_officer: Callable[..., Officer],
) -> None:
    code = reporter.hand_in(TEXT)
    (theirs,) = officer.case_paths()
    assert "Belum ada kasus bagi Anda" in keeper.get("/custody/").text

    left = officer.act(theirs, "recuse", reason="Saya terkait dengan unit itu.")
    path = take_up(keeper)
    answered = keeper.act(path, "message", text="Kami carikan petugas lain.")
    joko = new_officer("Joko Prasetyo")
    handed_on = keeper.act(path, "assign", officer=choices(keeper.get(path))[0])

    assert [page.status_code for page in (left, answered, handed_on)] == [303] * 3
    assert officer.get(theirs).status_code == 404
    assert 'id="give-back"' in keeper.get(path).html
    (again,) = joko.case_paths()
    page = joko.get(again)
    assert TEXT in page.text
    assert "Sri Lestari, penjaga" in page.text
    mine = reporter.open_case(code)
    assert "penjaga di luar instansi ini" in mine.text
    assert 'data-author="custodian"' in mine.html
    assert "Kami carikan petugas lain." in mine.text
    assert reporter.write("Terima kasih.").status_code == 303
    assert "Terima kasih." in joko.get(again).text
    assert "Terima kasih." in keeper.get(path).text


def test_duties_come_before_the_first_opening_and_only_then(
    session: Session, reporter: Reporter, keeper: Officer
) -> None:
    code = reporter.hand_in(TEXT)
    leave(session, reporter.app, code)

    (path,) = HERS.findall(keeper.get("/custody/").html)
    before = keeper.get(path)
    too_soon = [post(keeper, f"{path}/{act}") for act in ("message", "assign")]
    keeper.send(before, f"{path}/duties")

    assert TEXT not in before.text
    assert [page.status_code for page in too_soon] == [404, 404]
    assert TEXT in keeper.get(path).text
    assert TEXT in keeper.get("/custody/").text
    assert record(session)[-1] == ("Sri Lestari", "informed")


def test_what_no_officer_reads_the_pages_say_the_keeper_must_see_to(
    session: Session, reporter: Reporter, keeper: Officer
) -> None:
    code = reporter.hand_in(TEXT)
    leave(session, reporter.app, code)
    list_ = keeper.get("/custody/").text
    path = take_up(keeper)

    seen = keeper.get(path)
    page, mine = seen.text, reporter.open_case(code).text

    assert 'id="take-over"' in seen.html
    assert 'id="give-back"' not in seen.html
    assert "kabar dari penjaga" in list_
    assert "Tidak ada petugas yang bisa membacanya lagi" in page
    assert "Penjaga harus bertindak paling lambat 10 Desember 2026" in mine
    assert "Petugas harus" not in mine


def test_a_title_stands_in_the_list_only_once_the_case_was_opened(
    session: Session, reporter: Reporter, keeper: Officer
) -> None:
    leave(session, reporter.app, reporter.hand_in(TEXT))

    page = keeper.get("/custody/")

    assert TEXT not in page.text
    assert "Kasus yang belum Anda buka" in page.text


def test_every_act_of_a_keeper_is_in_the_record(
    session: Session,
    reporter: Reporter,
    keeper: Officer,
    new_officer: Callable[..., Officer],
) -> None:
    leave(session, reporter.app, reporter.hand_in(TEXT))
    new_officer("Joko Prasetyo")
    path = take_up(keeper)

    keeper.act(path, "message", text="Sebentar.")
    keeper.act(path, "assign", officer=choices(keeper.get(path))[0])

    acts = [act for actor, act in record(session) if actor == "Sri Lestari"]
    assert acts[-3:] == ["informed", "answered", "readers changed"]


def test_a_keeper_cannot_give_a_case_to_who_was_unticked_or_named(
    session: Session,
    reporter: Reporter,
    keeper: Officer,
    new_officer: Callable[..., Officer],
) -> None:
    joko = new_officer("Joko Prasetyo")
    everybody = reporter.get("/report").form("/report").values("readers")
    rina = next(one for one in everybody if bytes.fromhex(one) == id_of(session))
    leave(session, reporter.app, reporter.hand_in(TEXT, readers=[rina]))
    path = take_up(keeper)
    (unticked,) = {*everybody} - {rina}

    page = keeper.act(path, "assign", officer=unticked, reason="Tidak ada yang lain.")

    assert page.status_code == 422
    assert "Pilih yang lain." in page.text
    assert "Tidak ada yang lain." in page.html
    assert joko.case_paths() == []


@pytest.mark.parametrize("officer_id", ["", "zz", "0" * 32, "ÿ" * 32])
def test_bad_choices_are_told_and_lose_nothing(
    session: Session, reporter: Reporter, keeper: Officer, officer_id: str
) -> None:
    leave(session, reporter.app, reporter.hand_in(TEXT))
    path = take_up(keeper)

    page = keeper.act(path, "assign", officer=officer_id, reason="Mohon ditangani.")

    assert page.status_code == 422
    assert "Mohon ditangani." in page.html


def test_who_was_recused_is_given_it_again_only_with_a_reason(
    session: Session, reporter: Reporter, officer: Officer, keeper: Officer
) -> None:
    leave(session, reporter.app, reporter.hand_in(TEXT))
    path = take_up(keeper)
    rina = id_of(session).hex()

    bare = keeper.act(path, "assign", officer=rina)
    with_reason = keeper.act(path, "assign", officer=rina, reason="Keliru.")

    assert [bare.status_code, with_reason.status_code] == [422, 303]
    assert len(officer.case_paths()) == 1


def test_a_case_kept_from_the_keeper_stays_with_its_officer(
    session: Session, reporter: Reporter, officer: Officer, keeper: Officer
) -> None:
    code = reporter.hand_in(TEXT, custodian="no")

    with pytest.raises(LastReaderError):
        leave(session, reporter.app, code)

    assert len(officer.case_paths()) == 1
    assert HERS.findall(keeper.get("/custody/").html) == []


def test_another_keepers_case_gets_the_bytes_of_none(
    session: Session,
    reporter: Reporter,
    keeper: Officer,
    new_officer: Callable[..., Officer],
) -> None:
    code = reporter.hand_in(TEXT, who_name="Budi Hartono")
    other = new_officer("Budi Hartono", role=Role.CUSTODIAN)
    leave(session, reporter.app, code)
    (path,) = HERS.findall(keeper.get("/custody/").html)
    nowhere = "/custody/cases/" + "0" * 32

    hidden, missing = other.get(path), other.get(nowhere)

    assert hidden.status_code == missing.status_code == 404
    assert bare(hidden, path) == bare(missing, nowhere)


def test_officers_and_visitors_do_not_come_into_custody(
    session: Session, reporter: Reporter, officer: Officer, keeper: Officer
) -> None:
    leave(session, reporter.app, reporter.hand_in(TEXT))
    (path,) = HERS.findall(keeper.get("/custody/").html)

    places = {
        person.get(address).response.location
        for person in (officer, Person(reporter.app))
        for address in ("/custody/", path)
    }

    assert places == {"/office/", "/office/login"}


def test_a_keepers_screen_closes_and_leads_back_to_the_case(
    session: Session, reporter: Reporter, keeper: Officer, clock: Clock
) -> None:
    leave(session, reporter.app, reporter.hand_in(TEXT))
    path = take_up(keeper)

    keeper.send(keeper.get(path), "/office/close-screen")
    clock.pass_by(minutes=2)
    code = keeper.credentials.secret.code(clock.timestamp // 30)
    back = keeper.send(
        keeper.get("/office/closed"), "/office/closed", one_time_code=code
    )

    assert back.response.location == path


def test_what_was_written_before_somebody_acted_is_kept(
    session: Session, reporter: Reporter, keeper: Officer
) -> None:
    code = reporter.hand_in(TEXT)
    leave(session, reporter.app, code)
    path = take_up(keeper)
    old = keeper.get(path)
    reporter.open_case(code)
    reporter.write("Masih berlangsung.")

    page = keeper.send(old, f"{path}/message", text="Kami carikan petugas.")

    assert page.status_code == 409
    assert "Kami carikan petugas." in page.html
    assert "Masih berlangsung." in page.text


def test_a_word_on_trouble_is_owed_by_the_keeper_who_took_the_case_over(
    session: Session, reporter: Reporter, keeper: Officer
) -> None:
    code = reporter.hand_in(TEXT)
    leave(session, reporter.app, code)
    keeper.act(take_up(keeper), "take-over")
    reporter.open_case(code)

    form = reporter.get("/case/trouble?kind=hunt")
    reporter.send(form, "/case/trouble")

    page = reporter.get("/case")
    assert "Petugas dan penjaga langsung melihatnya." in form.text
    assert "Petugas harus menulis" not in page.text
    assert "Penjaga harus menulis paling lambat 8 Desember 2026" in page.text


def leave(session: Session, app: Flask, code: str) -> None:
    gate = app.extensions["lurus"].gate_secret
    rina = duty_of(session, "Rina Wulandari")
    recuse_alone(session, CaseCode.parse(code), rina, gate)


def take_up(keeper: Officer) -> str:
    """Open the one case that was put before the keeper."""
    (path,) = HERS.findall(keeper.get("/custody/").html)
    keeper.send(keeper.get(path), f"{path}/duties")
    return path


def choices(page: Page) -> list[str]:
    return re.findall(r'<option value="([0-9a-f]{32})"', page.html)


def post(person: Officer, path: str) -> Page:
    return person.post(path, {"csrf_token": person.form_key(path), "text": "Ya."})


def record(session: Session) -> list[tuple[str, str]]:
    session.rollback()
    entries = session.scalars(select(AuditEntry).order_by(AuditEntry.number))
    return [(entry.actor, entry.act) for entry in entries]


def id_of(session: Session) -> bytes:
    return duty_of(session, "Rina Wulandari").person.id
