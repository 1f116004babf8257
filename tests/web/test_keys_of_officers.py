"""Keys change, and nobody loses a case: what officers see and press."""

import re
from collections.abc import Callable

import pytest
from attackers import bare
from conftest import Clock
from flask import Flask
from people import PASSPHRASE, Officer, Page, Reporter
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from crypto import Cookie, Identity, Recipient
from portal.database import transaction
from portal.invitations import invite, invite_again
from portal.models import Device, KeyHandOver, Person
from portal.roles import Role
from portal.settings import Settings
from portal.views.officer import lots

KEY = "/office/account/key"
TAKE_UP = "/office/account/take-up"
LEAVE = "/office/account/leave"
NEW = "perahu-kecil-biru-di-teluk"


def code_of(officer: Officer, clock: Clock) -> str:
    """Return the next code of the phone that was not used yet."""
    known = officer.credentials
    known.step = max(known.step + 1, clock.timestamp // 30)
    clock.pass_by(seconds=max(0, known.step * 30 - clock.timestamp))
    return known.secret.code(known.step)


def begin(officer: Officer, clock: Clock, **changes: str) -> Page:
    fields = {
        "passphrase": NEW,
        "passphrase_again": NEW,
        "one_time_code": code_of(officer, clock),
    } | changes
    return officer.send(officer.get(KEY), KEY, **fields)


def english(officer: Officer) -> Officer:
    officer.get("/office/?lang=en")
    return officer


def fingerprint_on(page: Page) -> str:
    found = re.search(r'class="fingerprint[^"]*">(.*?)</p>', page.html, re.DOTALL)
    assert found is not None
    return "-".join(re.findall(r"<span>(\w{4})</span>", found[1]))


def at_a_new_code(clock: Clock) -> None:
    """Wait until a phone shows its next code: there is time to type it."""
    clock.pass_by(seconds=30 - clock.timestamp % 30)


def new_key(
    officer: Officer, session: Session, settings: Settings, clock: Clock
) -> Officer:
    """Get a link for an officer who lost the passphrase, and use it."""
    name = officer.credentials.name
    token = invite_again(session, name, today=clock().date())
    again = Officer(officer.app)
    at_a_new_code(clock)
    again.enrol(f"{settings.address}/office/invite/{token}", clock.timestamp)
    again.log_in(clock.timestamp)
    return english(again)


def hand_over(giver: Officer, receiver: Officer, clock: Clock) -> Page:
    """Hear how the new fingerprint ends, and hand over."""
    heard = fingerprint_on(receiver.get(TAKE_UP))[-9:]
    path = hand_over_path(giver)
    code = code_of(giver, clock)
    page = giver.send(giver.get(path), path, fingerprint_end=heard, one_time_code=code)
    assert page.status_code == 303, page.text
    return giver.get(path)


def hand_over_path(giver: Officer) -> str:
    found = re.search(r'"(/office/hand-over/[0-9a-f]{32})"', giver.get("/office/").html)
    assert found is not None
    return found[1]


def test_an_officer_changes_the_key_and_reads_on(
    reporter: Reporter, officer: Officer, clock: Clock
) -> None:
    reporter.hand_in("Ada pungutan di loket tiga.")
    english(officer)
    before = fingerprint_on(officer.get(KEY))

    answer = begin(officer, clock)

    page = officer.get(KEY)
    assert answer.status_code == 303
    assert fingerprint_on(page) != before
    (path,) = officer.case_paths()
    assert "loket tiga" in officer.get(path).text


def test_afterwards_the_new_passphrase_logs_in_and_the_old_one_does_not(
    reporter: Reporter, officer: Officer, clock: Clock
) -> None:
    begin(officer, clock)
    clock.pass_by(minutes=2)

    old = officer.log_in(clock.timestamp)
    officer.credentials.passphrase = NEW
    clock.pass_by(minutes=2)
    new = officer.log_in(clock.timestamp)

    assert (old.status_code, new.status_code) == (403, 200)
    assert reporter.get("/keys").status_code == 200


def test_every_other_session_ends_and_this_one_goes_on(
    officer: Officer, clock: Clock
) -> None:
    other = Officer(officer.app)
    other.credentials = officer.credentials
    clock.pass_by(minutes=2)
    other.log_in(clock.timestamp)

    begin(officer, clock)

    assert other.get("/office/").response.headers["Location"] == "/office/login"
    assert officer.get("/office/").status_code == 200


@pytest.mark.parametrize(
    ("field", "typed", "sentence"),
    [
        ("passphrase", "pendek", "At least 14 characters"),
        ("passphrase_again", "lain-lain-lain-lain", "The two passphrases differ."),
        ("one_time_code", "000000", "still unused"),
    ],
)
def test_a_slip_begins_nothing_and_says_what_it_is(
    officer: Officer,
    clock: Clock,
    session: Session,
    field: str,
    typed: str,
    sentence: str,
) -> None:
    page = begin(english(officer), clock, **{field: typed})

    assert page.status_code == 422
    assert sentence in page.text
    assert session.scalars(select(Person.next_recipient)).all() == [None]


def test_the_present_passphrase_may_be_typed_again(
    reporter: Reporter, officer: Officer, clock: Clock
) -> None:
    begin(officer, clock, passphrase=PASSPHRASE, passphrase_again=PASSPHRASE)
    clock.pass_by(minutes=2)

    assert officer.log_in(clock.timestamp).status_code == 200
    assert reporter.get("/keys").status_code == 200


def test_long_work_goes_on_at_a_press_and_can_be_broken_off(
    reporter: Reporter,
    officer: Officer,
    clock: Clock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(lots, "WORK_SECONDS", -1.0)
    reporter.hand_in("Ada pungutan di loket tiga.")
    english(officer)
    before = fingerprint_on(officer.get(KEY))

    begin(officer, clock)
    half = officer.get(KEY)
    officer.send(half, f"{KEY}/drop")
    dropped = officer.get(KEY)
    begin(officer, clock)
    monkeypatch.undo()
    officer.send(officer.get(KEY), f"{KEY}/continue")

    assert "100 percent of the cases are ready" in half.text
    assert fingerprint_on(dropped) == before
    assert fingerprint_on(officer.get(KEY)) != before


@pytest.mark.parametrize(
    ("done", "total", "shown"),
    [
        (0, 0, 100),
        (0, 7, 0),
        (100, 250, 40),
        (100, 251, 30),
        (249, 250, 90),
        (9, 9, 100),
    ],
)
def test_how_far_it_is_does_not_tell_how_many_cases_there_are(
    done: int, total: int, shown: int
) -> None:
    assert lots.percent(done, total) == shown


def test_a_case_that_an_officer_cannot_see_changes_nothing_on_the_page(
    reporter: Reporter,
    officer: Officer,
    outside_officer: Officer,
    clock: Clock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Who is named in it would read in a count that there is one more."""
    monkeypatch.setattr(lots, "WORK_SECONDS", -1.0)
    reporter.hand_in("Ada pungutan di loket tiga.")
    begin(english(officer), clock)
    before = bare(officer.get(KEY))

    reporter.hand_in("Ibu Rina menerima uang.", who_name="Rina Wulandari")
    officer.send(officer.get(KEY), f"{KEY}/drop")
    begin(officer, clock)

    assert bare(officer.get(KEY)) == before
    assert len(outside_officer.case_paths()) == 2


def test_two_tabs_change_one_key(
    reporter: Reporter, officer: Officer, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lots, "WORK_SECONDS", -1.0)
    reporter.hand_in("Ada pungutan di loket tiga.")
    first, second = english(officer).get(KEY), officer.get(KEY)
    typed = {"passphrase": NEW, "passphrase_again": NEW}

    officer.send(first, KEY, **typed, one_time_code=code_of(officer, clock))
    page = officer.send(second, KEY, **typed, one_time_code=code_of(officer, clock))
    officer.send(officer.get(KEY), f"{KEY}/drop")
    late = officer.send(page, f"{KEY}/continue")
    again = officer.send(page, f"{KEY}/drop")

    assert page.status_code == 422
    assert "begun before" in page.text
    assert (late.status_code, again.status_code) == (303, 303)
    assert officer.get("/office/").status_code == 200


def test_who_lost_the_passphrase_reads_again_what_colleagues_hand_over(
    reporter: Reporter,
    officer: Officer,
    outside_officer: Officer,
    session: Session,
    settings: Settings,
    clock: Clock,
) -> None:
    reporter.hand_in("Ada pungutan di loket tiga.")
    yusuf = new_key(outside_officer, session, settings, clock)
    lost = yusuf.case_paths()
    told = english(officer).get("/office/").text

    done = hand_over(officer, yusuf, clock)
    counted = yusuf.get("/office/").text
    yusuf.send(yusuf.get(TAKE_UP), TAKE_UP)

    assert lost == []
    assert "Yusuf Hidayat has a new key since" in told
    assert "Done." in done.text
    assert "has a new key" not in officer.get("/office/").text
    assert "1 of 1 colleagues have handed cases over" in counted
    (path,) = yusuf.case_paths()
    assert "loket tiga" in yusuf.get(path).text


def test_until_the_link_is_used_the_old_login_goes_on(
    reporter: Reporter,
    officer: Officer,
    outside_officer: Officer,
    session: Session,
    clock: Clock,
) -> None:
    reporter.hand_in("Ada pungutan di loket tiga.")

    invite_again(session, "Yusuf Hidayat", today=clock().date())

    assert len(outside_officer.case_paths()) == 1
    assert "/office/hand-over/" not in officer.get("/office/").html


def test_the_link_makes_a_key_for_the_same_person_under_the_same_name(
    officer: Officer,
    outside_officer: Officer,
    session: Session,
    settings: Settings,
    clock: Clock,
) -> None:
    token = invite_again(session, "Yusuf Hidayat", today=clock().date())
    path = f"/office/invite/{token}"
    somebody = Officer(officer.app)
    at_a_new_code(clock)
    somebody.get("/office/login?lang=en")

    page = somebody.get(path)
    somebody.enrol(f"{settings.address}{path}", clock.timestamp, name="Orang Lain")

    assert page.form(path).value("name") == "Yusuf Hidayat"
    names = session.scalars(select(Person.name).order_by(Person.name)).all()
    assert names == ["Rina Wulandari", "Yusuf Hidayat"]
    gone = outside_officer.get("/office/")
    assert gone.response.headers["Location"] == "/office/login"
    assert somebody.get(path).status_code in {403, 404, 410}


def test_another_end_of_the_fingerprint_hands_nothing_over(
    reporter: Reporter,
    officer: Officer,
    outside_officer: Officer,
    session: Session,
    settings: Settings,
    clock: Clock,
) -> None:
    reporter.hand_in("Ada pungutan di loket tiga.")
    yusuf = new_key(outside_officer, session, settings, clock)
    path, code = hand_over_path(english(officer)), code_of(officer, clock)

    page = officer.send(
        officer.get(path), path, fingerprint_end="0000 0000", one_time_code=code
    )
    again = officer.send(
        officer.get(path),
        path,
        fingerprint_end=fingerprint_on(yusuf.get(TAKE_UP))[-9:],
        one_time_code=code,
    )

    assert page.status_code == 422
    assert "face to face" in page.text
    assert again.status_code == 303, "a slip there costs no code"


@pytest.mark.parametrize("code", ["", "000000", "used"])
def test_without_a_fresh_code_nothing_is_handed_over(
    reporter: Reporter,
    officer: Officer,
    outside_officer: Officer,
    session: Session,
    settings: Settings,
    clock: Clock,
    code: str,
) -> None:
    reporter.hand_in("Ada pungutan di loket tiga.")
    yusuf = new_key(outside_officer, session, settings, clock)
    path, known = hand_over_path(english(officer)), officer.credentials
    heard = fingerprint_on(yusuf.get(TAKE_UP))[-9:]
    typed = {"used": known.secret.code(known.step)}.get(code, code)

    page = officer.send(
        officer.get(path), path, fingerprint_end=heard, one_time_code=typed
    )

    assert page.status_code == 422
    assert "still unused" in page.text
    assert yusuf.case_paths() == []
    assert session.scalars(select(KeyHandOver.reached)).all() == [bytes(16)]


def test_the_page_does_not_show_what_is_to_be_heard(
    officer: Officer,
    outside_officer: Officer,
    session: Session,
    settings: Settings,
    clock: Clock,
) -> None:
    yusuf = new_key(outside_officer, session, settings, clock)

    page = officer.get(hand_over_path(officer))

    assert fingerprint_on(yusuf.get(TAKE_UP))[-4:] not in page.text


def test_nobody_hands_over_to_who_did_not_ask(
    officer: Officer, outside_officer: Officer, session: Session
) -> None:
    ids = session.scalars(select(Person.id)).all()

    pages = [officer.get(f"/office/hand-over/{one.hex()}") for one in ids]
    pages.append(officer.get("/office/hand-over/nobody"))

    assert {page.status_code for page in pages} == {404}
    assert outside_officer.get("/office/").status_code == 200


def test_a_second_link_in_the_middle_stops_the_hand_over(
    reporter: Reporter,
    officer: Officer,
    outside_officer: Officer,
    session: Session,
    settings: Settings,
    clock: Clock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    reporter.hand_in("Ada pungutan di loket tiga.")
    yusuf = new_key(outside_officer, session, settings, clock)
    path = hand_over_path(officer)
    with transaction(session):
        # As if it had been broken off after the comparing.
        session.execute(update(KeyHandOver).values(reached=bytes(15) + b"\x01"))
    half = officer.get(path)

    new_key(yusuf, session, settings, clock)
    page = officer.send(half, f"{path}/continue")

    assert page.status_code == 404
    monkeypatch.undo()


def test_at_login_an_officer_hears_of_cases_that_nobody_else_reads(
    reporter: Reporter,
    officer: Officer,
    new_officer: Callable[..., Officer],
    clock: Clock,
) -> None:
    reporter.hand_in("Ada pungutan di loket tiga.")
    new_officer("Joko Prasetyo")
    clock.pass_by(minutes=2)

    told = english(officer).log_in(clock.timestamp)
    page = officer.get(LEAVE)

    assert "nobody else at work can read: 1." in told.text
    assert "loket tiga" in page.text


def test_such_cases_are_handed_on_and_the_notice_goes(
    reporter: Reporter,
    officer: Officer,
    new_officer: Callable[..., Officer],
    clock: Clock,
) -> None:
    reporter.hand_in("Ada pungutan di loket tiga.")
    joko = new_officer("Joko Prasetyo")
    clock.pass_by(minutes=2)
    english(officer).log_in(clock.timestamp)

    page = officer.get(LEAVE)
    answer = officer.send(page, LEAVE, officer=colleague_on(page))

    assert answer.status_code == 303
    assert len(joko.case_paths()) == 1
    assert "There are none" in officer.get(LEAVE).text
    assert "nobody else at work" not in officer.get("/office/").text


def test_never_against_an_untick_with_one_neutral_sentence(
    reporter: Reporter,
    officer: Officer,
    outside_officer: Officer,
    clock: Clock,
    session: Session,
) -> None:
    rina = session.scalar(select(Person.id).where(Person.name == "Rina Wulandari"))
    reporter.hand_in("Ada pungutan di loket tiga.", readers=[(rina or b"").hex()])
    english(officer)

    page = officer.get(LEAVE)
    answer = officer.send(page, LEAVE, officer=colleague_on(page))
    after = officer.get(answer.response.headers["Location"])

    assert "cannot be given to this colleague" in after.text
    assert "loket tiga" in after.text
    assert outside_officer.case_paths() == []


def test_without_a_colleague_nothing_is_handed_on(
    reporter: Reporter, officer: Officer
) -> None:
    reporter.hand_in("Ada pungutan di loket tiga.")

    page = officer.send(english(officer).get(LEAVE), LEAVE)

    assert page.status_code == 422
    assert "Please choose a colleague." in page.text


def colleague_on(page: Page) -> str:
    found = re.search(r'<option value="([0-9a-f]{32})"', page.html)
    assert found is not None
    return found[1]


def test_the_fingerprint_on_the_own_page_is_that_of_keys(
    officer: Officer, session: Session
) -> None:
    recipient = session.scalars(select(Person.recipient)).one() or b""

    assert fingerprint_on(officer.get(KEY)) == Recipient(recipient).fingerprint()


@pytest.mark.parametrize("path", [KEY, TAKE_UP, "/office/account"])
def test_a_key_that_somebody_put_into_the_row_is_never_read_out_as_ones_own(
    officer: Officer, session: Session, path: str
) -> None:
    own = fingerprint_on(officer.get(path))
    put_there = bytes(Identity.generate().recipient)
    with transaction(session):
        session.execute(update(Person).values(recipient=put_there))

    assert fingerprint_on(officer.get(path)) == own
    assert Role.OFFICER


def test_an_officer_compares_the_key_of_a_keeper_who_joins(
    app: Flask, officer: Officer, session: Session, settings: Settings, clock: Clock
) -> None:
    token = invite(
        session,
        "Sri Lestari",
        position="Inspektur",
        unit="Inspektorat",
        roles=frozenset({Role.CUSTODIAN}),
        today=clock().date(),
    )
    sri = Officer(app)
    at_a_new_code(clock)
    sri.enrol(f"{settings.address}/office/invite/{token}", clock.timestamp)
    sri.log_in(clock.timestamp)
    heard = fingerprint_on(sri.get("/office/account"))[-9:]
    english(officer)
    path = hand_over_path(officer)

    wrong = officer.send(
        officer.get(path),
        path,
        fingerprint_end="0000 0000",
        one_time_code=code_of(officer, clock),
    )
    right = officer.send(
        officer.get(path),
        path,
        fingerprint_end=heard,
        one_time_code=code_of(officer, clock),
    )

    assert wrong.status_code == 422
    assert "The new key does not end so." in wrong.text
    assert right.status_code == 303
    assert "Compared." in officer.get(path).text
    assert "/office/hand-over/" not in officer.get("/office/").html


def test_the_browser_that_changed_the_key_stays_known(
    officer: Officer, session: Session, clock: Clock
) -> None:
    begin(officer, clock)

    session.rollback()
    known = session.scalars(select(Device.id)).all()
    assert len(known) == 1
    cookie = officer.client.get_cookie("device", path="/office")
    assert cookie is not None
    assert Cookie.parse(cookie.value).session_id() in known
