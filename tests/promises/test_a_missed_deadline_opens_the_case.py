"""Promise 22, first half: past a deadline and its grace the custodian can open the case,
no officer can undo it, and the reporter's page says so; before, nothing opens.
"""

import re

from attackers import Loot
from builders import duty_of
from conftest import Clock
from people import Officer, Page, Reporter
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from crypto import CryptoError, open_outer
from portal.models import AuditEntry, Wrap
from portal.settings import Settings

TEXT = "Ada pungutan di loket tiga."
HERS = re.compile(r'href="(/custody/cases/[0-9a-f]{32})"')


def test_from_handing_in_past_a_deadline_to_the_keepers_answer(
    session: Session,
    reporter: Reporter,
    officer: Officer,
    keeper: Officer,
    clock: Clock,
) -> None:
    code = reporter.hand_in(TEXT)  # on Monday the 7th, due on Thursday
    first = reporter.open_case(code)
    assert "harus bertindak paling lambat 10 Desember 2026" in first.text
    assert "Inspektorat bisa membuka kasus ini pada 14 Desember 2026" in first.text

    come_back(clock, reporter, code, officer, keeper, days=4)  # Friday
    assert "seharusnya sudah bertindak pada 10" in reporter.get("/case").text
    assert "Diterima, lewat tenggat sejak 10" in reporter.get("/case").text
    assert "lewat tenggat" in officer.get("/office/?overdue").text
    assert HERS.findall(keeper.get("/custody/").html) == []

    come_back(clock, reporter, code, officer, keeper, days=3)  # Monday, a week later
    path = open_as_keeper(keeper)
    answered = keeper.act(path, "message", text="Kami yang memeriksa sekarang.")

    assert answered.status_code == 303
    mine = reporter.get("/case")
    assert (
        "Sejak 14 Desember 2026 penjaga di luar instansi ini bisa membuka" in mine.text
    )
    assert 'data-mark="escalated"' in mine.html
    assert "Sri Lestari" in mine.text
    assert "Kami yang memeriksa sekarang." in mine.text
    assert ("clock", "opened to keepers") in record(session)


def test_before_that_day_a_keeper_with_the_whole_database_opens_nothing(
    session: Session,
    reporter: Reporter,
    keeper: Officer,
    clock: Clock,
    settings: Settings,
) -> None:
    reporter.hand_in(TEXT)

    clock.pass_by(days=6)
    reporter.get("/")

    assert opened_by(session, settings) == []
    clock.pass_by(days=1)
    reporter.get("/")
    assert len(opened_by(session, settings)) == 1
    assert keeper


def test_no_officer_can_undo_it(
    session: Session,
    reporter: Reporter,
    officer: Officer,
    keeper: Officer,
    clock: Clock,
    settings: Settings,
) -> None:
    code = reporter.hand_in(TEXT)
    come_back(clock, reporter, code, officer, keeper, days=7)
    (theirs,) = officer.case_paths()

    officer.act(theirs, "status", to="acknowledged", message="Maaf, terlambat.")
    officer.act(theirs, "recuse", reason="Saya terkait.", officer="0" * 32)
    officer.act(theirs, "status", to="not-actionable", reason="Tidak jelas.")

    assert "Tidak dapat ditindaklanjuti" in officer.get(theirs).text
    assert len(opened_by(session, settings)) == 1
    assert TEXT in keeper.get(open_as_keeper(keeper)).text


def test_a_keeper_takes_it_over_and_closes_it_and_officers_move_nothing_meanwhile(
    reporter: Reporter, officer: Officer, keeper: Officer, clock: Clock
) -> None:
    code = reporter.hand_in(TEXT)
    come_back(clock, reporter, code, officer, keeper, days=7)
    (theirs,) = officer.case_paths()
    before = officer.get(theirs)
    path = open_as_keeper(keeper)

    taken = keeper.act(path, "take-over", message="Kami ambil alih.")
    moved = officer.send(before, f"{theirs}/status", to="acknowledged", seen="")
    page = officer.get(theirs)
    mine = reporter.get("/case")
    closed = keeper.act(
        path, "status", to="closed", outcome="not-proven", message="Tidak terbukti."
    )

    assert [taken.status_code, moved.status_code, closed.status_code] == [303, 422, 303]
    assert "Penjaga mengambil alih kasus ini" in page.text
    assert 'id="status-to"' not in page.html
    assert "Penjaga harus menulis paling lambat 13 Januari 2027" in mine.text
    assert "Tidak terbukti." in reporter.get("/case").text


def test_a_keeper_gives_it_back_and_what_is_no_day_loses_nothing(
    reporter: Reporter, officer: Officer, keeper: Officer, clock: Clock
) -> None:
    code = reporter.hand_in(TEXT)
    come_back(clock, reporter, code, officer, keeper, days=7)
    path = open_as_keeper(keeper)

    unread = keeper.act(path, "give-back", day="besok", message="Pekan depan.")
    too_far = keeper.act(path, "give-back", day="1/3/2027", message="Pekan depan.")
    back = keeper.act(path, "give-back", day="21/12/2026", message="Pekan depan.")

    statuses = [unread.status_code, too_far.status_code, back.status_code]
    assert statuses == [422, 422, 303]
    assert all("Pekan depan." in page.html for page in (unread, too_far))
    mine = reporter.get("/case").text
    assert "Petugas harus bertindak paling lambat 21 Desember 2026" in mine


def test_officers_ask_for_more_time_once_and_the_reporter_reads_why(
    reporter: Reporter, officer: Officer, keeper: Officer
) -> None:
    assert keeper
    code = reporter.hand_in(TEXT)
    (path,) = officer.case_paths()
    for to in ("acknowledged", "verified"):
        officer.act(path, "status", to=to)
    officer.act(path, "message", text="Kami menelaah.")

    without = officer.act(path, "extend", message="Ahli ditunggu.")
    extended = officer.act(path, "extend", message="Ahli ditunggu.", reason="BPKP.")

    assert [without.status_code, extended.status_code] == [422, 303]
    assert "Ahli ditunggu." in without.html
    assert 'id="extend"' not in officer.get(path).html
    mine = reporter.open_case(code).text
    assert "paling lambat 5 Juni 2027" in mine
    assert "Ahli ditunggu." in mine
    assert "BPKP." not in mine


def test_what_its_reporter_keeps_from_the_keeper_opens_to_nobody_and_says_so(
    session: Session,
    reporter: Reporter,
    officer: Officer,
    keeper: Officer,
    clock: Clock,
    settings: Settings,
) -> None:
    code = reporter.hand_in(TEXT, custodian="no")
    assert "tidak ada pihak luar yang dipanggil" in reporter.open_case(code).text

    come_back(clock, reporter, code, officer, keeper, days=7)

    assert opened_by(session, settings) == []
    assert HERS.findall(keeper.get("/custody/").html) == []
    page = reporter.get("/case")
    assert "Sri Lestari" not in page.text
    assert "tidak terbuka bagi pihak luar" in page.text


def test_who_deletes_what_opens_it_is_seen_by_the_reporter_and_the_keeper(
    session: Session,
    reporter: Reporter,
    officer: Officer,
    keeper: Officer,
    clock: Clock,
) -> None:
    """An administrator with SQL, to whom officers who keep away are company."""
    code = reporter.hand_in(TEXT)
    with session.begin():
        session.execute(delete(Wrap).where(Wrap.purpose == "outer"))

    come_back(clock, reporter, code, officer, keeper, days=7)

    mine, list_ = reporter.get("/case"), keeper.get("/custody/")
    assert "kunci yang membukanya hilang di sini" in mine.text
    assert "/case/trouble#outside" in mine.html
    assert "Sri Lestari" in mine.text
    assert "tidak terbuka bagi pihak luar" in mine.text
    assert 'data-mark="escalated"' not in mine.html
    assert 'id="missing"' in list_.html
    officer.get(officer.case_paths()[0])
    assert 'id="missing"' not in keeper.get("/custody/").html
    assert "bisa membuka kasus Anda" in reporter.get("/case").text


def test_the_row_does_not_tell_which_case_was_kept_from_the_keeper(
    reporter: Reporter, keeper: Officer, clock: Clock, settings: Settings
) -> None:
    reporter.hand_in(TEXT)
    reporter.hand_in(TEXT, custodian="no")
    clock.pass_by(days=7)
    reporter.get("/")

    loot = Loot.of(settings.instance)

    shapes = [(row["purpose"], len(row["wrap"])) for row in loot.tables["wraps"]]
    of_keepers = [shape for shape in shapes if shape[0] != "case"]
    assert of_keepers == [("open", 1393), ("open", 1393)]
    kinds = [row["kind"] for row in loot.tables["steps"]]
    assert kinds.count("escalated") == 2
    assert keeper


def come_back(
    clock: Clock,
    reporter: Reporter,
    code: str,
    officer: Officer,
    keeper: Officer,
    *,
    days: int,
) -> None:
    """Let days pass; everybody's session has ended, and begins anew."""
    clock.pass_by(days=days)
    officer.log_in(clock.timestamp)
    keeper.log_in(clock.timestamp)
    reporter.open_case(code)


def open_as_keeper(keeper: Officer) -> str:
    (path,) = HERS.findall(keeper.get("/custody/").html)
    before: Page = keeper.get(path)
    assert "melewatkan tenggat" in before.text
    keeper.send(before, f"{path}/duties")
    return path


def opened_by(session: Session, settings: Settings) -> list[bytes]:
    """Return the cases that the keeper opens with all rows, but without the gate."""
    sri = duty_of(session, "Sri Lestari")
    opened = []
    for row in Loot.of(settings.instance).tables["wraps"]:
        for start in (0, 65):
            place = {"case_id": row["case_id"], "holder": sri.person.id}
            try:
                open_outer(row["wrap"][start:], sri.identity, **place)
            except CryptoError:
                continue
            opened.append(row["case_id"])
    return opened


def record(session: Session) -> list[tuple[str, str]]:
    session.rollback()
    rows = session.execute(
        select(AuditEntry.actor, AuditEntry.act).order_by(AuditEntry.number)
    )
    return [(actor, act) for actor, act in rows]
