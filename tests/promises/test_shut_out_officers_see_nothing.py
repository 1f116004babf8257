"""Promise 10: whom a report is kept from opens nothing of the case, and sees no trace.

Unticked, named, conflicted or recused: the wrap opens and yields keys that open
nothing. Lists, counts, search and audit are silent; a request for the case gets the
bytes of one that does not exist. No act of another officer gives the case away.
"""

import datetime as dt
import re
import secrets
from collections.abc import Callable
from itertools import pairwise

import pytest
from attackers import Loot, bare, body_size, shape
from flask import Flask
from people import PASSPHRASE, Officer, Page, Person, Reporter, code_on
from sqlalchemy.orm import Session
from strategies import CHEAPEST

from crypto import (
    BrokenError,
    CaseKey,
    Identity,
    InstanceId,
    Kind,
    LockedIdentity,
    Place,
    unseal,
    unwrap_case_key,
)
from portal import key_hand_overs, taking_up
from portal.cases import Duty
from portal.database import transaction
from portal.models import Person as Row
from portal.settings import Settings

MONDAY = dt.date(2026, 12, 7)
TEXT = "Bu Rina meminta uang di loket tiga."
ACTS = {
    "message": {"text": "Terima kasih."},
    "note": {"text": "Periksa buku kas."},
    "triage": {"severity": "4", "reason": "Mendesak."},
    "status": {"to": "acknowledged"},
    "assign": {"officer": "RINA", "reason": "Ia mengenal kasus ini."},
    "recuse": {"officer": "RINA", "reason": "Kerabat."},
}
UNIT = "Dinas Pasar"


def hand_in_against_the_page(
    reporter: Reporter, _reader: Officer, _rina: Officer
) -> str:
    """Tick the named officer all the same, as a forged form would."""
    preview = reporter.preview(TEXT, who_name="Rina Wulandari")
    everybody = Person(reporter.app).get("/report").form("/report")
    ticked = everybody.values("readers")
    page = reporter.send(
        preview, "/report", step="hand-in", readers=ticked, only_outside=[]
    )
    assert len(ticked) == 2
    return code_on(page)


def hand_in_of_a_declared_unit(
    reporter: Reporter, _reader: Officer, rina: Officer
) -> str:
    declare(rina)
    return reporter.hand_in(TEXT, who_unit=UNIT.upper())


def recuse(reporter: Reporter, by: Officer, rina: Officer) -> str:
    """Let Rina read and write in a case, and be recused then."""
    code = reporter.hand_in(TEXT)
    (path,) = rina.case_paths()
    rina.act(path, "note", text="Sudah saya baca.")
    page = by.act(path, "recuse", officer=id_of(rina), reason="Kerabat.")
    assert page.status_code == 303, page.text
    return code


WAYS: dict[str, Callable[[Reporter, Officer, Officer], str]] = {
    "unticked": lambda reporter, reader, _rina: reporter.hand_in(
        TEXT, readers=[id_of(reader)]
    ),
    "named": lambda reporter, _reader, _rina: reporter.hand_in(
        TEXT, who_name="Rina Wulandari"
    ),
    "only outside": lambda reporter, _reader, _rina: reporter.hand_in(
        TEXT, only_outside="yes"
    ),
    "named, and ticked all the same": hand_in_against_the_page,
    "conflicted": hand_in_of_a_declared_unit,
    "recused by a colleague": recuse,
    "recused oneself": lambda reporter, _reader, rina: recuse(reporter, rina, rina),
}
KEPT_OUT = ("unticked", "conflicted", "recused by a colleague", "recused oneself")
FOR_GOOD = ("unticked", "named", "only outside", "conflicted")


@pytest.mark.parametrize("way", WAYS)
def test_the_wrap_opens_and_yields_keys_that_open_nothing(
    reporter: Reporter,
    officer: Officer,
    outside_officer: Officer,
    settings: Settings,
    way: str,
) -> None:
    WAYS[way](reporter, outside_officer, officer)
    loot = Loot.of(settings.instance)

    assert opened_texts(loot, outside_officer) == 3
    assert opened_texts(loot, officer) == 0
    assert {len(wrap) for wrap in loot.column("wraps", "wrap")} == {1201}
    assert len(loot.tables["wraps"]) == 2


@pytest.mark.parametrize("way", WAYS)
def test_what_changes_in_the_rows_of_officers_does_not_tell_who_could_read(
    reporter: Reporter,
    officer: Officer,
    outside_officer: Officer,
    settings: Settings,
    way: str,
) -> None:
    WAYS[way](reporter, outside_officer, officer)
    before = Loot.of(settings.instance)

    for person in (officer, outside_officer):
        person.get("/office/")
        _ = [person.get(path) for path in person.case_paths()]

    after = Loot.of(settings.instance)
    for column in ("opened_keys", "seen_counts"):
        pairs = zip(
            before.column("people", column),
            after.column("people", column),
            strict=True,
        )
        assert [one != other for one, other in pairs] == [True, True]


@pytest.mark.parametrize("way", WAYS)
def test_list_counts_and_search_are_those_of_an_empty_desk(
    reporter: Reporter, officer: Officer, outside_officer: Officer, way: str
) -> None:
    declare(officer)
    empty = [bare(page) for page in look_around(officer)]
    WAYS[way](reporter, outside_officer, officer)
    (path,) = outside_officer.case_paths()
    outside_officer.act(path, "status", to="acknowledged")

    assert [bare(page) for page in look_around(officer)] == empty


@pytest.mark.parametrize("way", KEPT_OUT)
@pytest.mark.parametrize("method", ["get", *ACTS])
def test_a_request_for_it_gets_the_bytes_of_a_case_that_does_not_exist(
    reporter: Reporter,
    officer: Officer,
    outside_officer: Officer,
    method: str,
    way: str,
) -> None:
    WAYS[way](reporter, outside_officer, officer)
    (path,) = outside_officer.case_paths()
    nowhere = f"/office/cases/{secrets.token_hex(16)}"

    hidden, missing = ask(officer, path, method), ask(officer, nowhere, method)

    assert hidden.status_code == 404
    assert bare(hidden, path) == bare(missing, nowhere)
    assert shape(hidden) == shape(missing)
    assert body_size(hidden) == body_size(missing)


@pytest.mark.parametrize("way", KEPT_OUT)
def test_acts_on_a_hidden_case_change_nothing(
    reporter: Reporter,
    officer: Officer,
    outside_officer: Officer,
    settings: Settings,
    way: str,
) -> None:
    WAYS[way](reporter, outside_officer, officer)
    (path,) = outside_officer.case_paths()
    before = Loot.of(settings.instance)

    answers = [ask(officer, path, act).status_code for act in ACTS]

    assert answers == [404] * len(ACTS)
    assert Loot.of(settings.instance) == before


@pytest.mark.parametrize("way", FOR_GOOD)
def test_no_act_of_a_reader_gives_the_case_to_who_is_shut_out(
    reporter: Reporter,
    officer: Officer,
    outside_officer: Officer,
    settings: Settings,
    way: str,
) -> None:
    WAYS[way](reporter, outside_officer, officer)
    (path,) = outside_officer.case_paths()
    acts = {act: named(fields, officer) for act, fields in ACTS.items()}

    done = {
        act: outside_officer.act(path, act, **fields).status_code
        for act, fields in acts.items()
    }
    # Recused besides, she is no nearer to it.
    again = outside_officer.act(path, "assign", **acts["assign"])

    assert done == dict.fromkeys(ACTS, 303) | {"assign": 422}
    assert again.status_code == 422
    assert opened_texts(Loot.of(settings.instance), officer) == 0
    assert officer.case_paths() == []


def test_who_was_shut_out_by_the_reporter_opens_nothing_with_a_new_key_either(
    reporter: Reporter,
    officer: Officer,
    outside_officer: Officer,
    session: Session,
    settings: Settings,
) -> None:
    WAYS["unticked"](reporter, outside_officer, officer)
    loot = Loot.of(settings.instance)
    rina_id, identity, instance = identity_of(loot, officer)
    giver_id, giver_identity, _instance = identity_of(loot, outside_officer)
    with transaction(session):
        key_hand_overs.ask_colleagues(session, session.get_one(Row, rina_id))
    giver = Duty(session.get_one(Row, giver_id), giver_identity, instance)
    read_out = identity.recipient.fingerprint()[-9:]

    key_hand_overs.begin(session, giver, rina_id, read_out, MONDAY)
    key_hand_overs.give_lot(session, giver, rina_id)
    rina = Duty(session.get_one(Row, rina_id), identity, instance)
    taking_up.take_up_lot(session, rina, MONDAY)

    assert opened_texts(Loot.of(settings.instance), officer) == 0
    assert officer.case_paths() == []


@pytest.mark.parametrize("way", ["recused by a colleague", "recused oneself"])
def test_who_kept_the_keys_of_before_opens_the_thread_and_nothing_else(
    reporter: Reporter,
    officer: Officer,
    outside_officer: Officer,
    settings: Settings,
    way: str,
) -> None:
    """As sealing.md concedes: the case key stays, for the reporter is away."""
    code = reporter.hand_in(TEXT)
    before = Loot.of(settings.instance)
    (path,) = officer.case_paths()
    by = officer if way == "recused oneself" else outside_officer
    by.act(path, "recuse", officer=id_of(officer), reason="Kerabat.")
    outside_officer.act(path, "note", text="Hanya untuk kami.")
    reporter.open_case(code)
    reporter.write("Masih terjadi.")

    key = key_of(before, officer)
    after = Loot.of(settings.instance)

    assert opened_with(key, before) == ["report", "summary", "sheet"]
    assert opened_with(key, after) == ["report"]
    assert opens_chain(key.thread, after, "thread") == 1
    assert opens_chain(key.office, after, "notes") == 0
    assert opens_chain(key.thread, after, "notes") == 0


@pytest.mark.parametrize("act", ["assign", "recuse"])
def test_two_snapshots_do_not_tell_whom_a_change_of_readers_concerned(
    reporter: Reporter,
    officer: Officer,
    outside_officer: Officer,
    settings: Settings,
    act: str,
) -> None:
    reporter.hand_in(TEXT)
    (path,) = officer.case_paths()
    officer.act(path, "note", text="Periksa buku kas.")
    before = Loot.of(settings.instance)

    officer.act(path, act, officer=id_of(outside_officer), reason="Kerabat.")

    after = Loot.of(settings.instance)
    assert set(before.column("wraps", "wrap")).isdisjoint(after.column("wraps", "wrap"))
    assert sizes(before, "wraps") == sizes(after, "wraps")
    assert sizes(before, "cases") == sizes(after, "cases")
    for name in ("mask", "summary", "reader_sheet"):
        assert before.column("cases", name) != after.column("cases", name)
    notes = [note_envelopes(loot) for loot in (before, after)]
    assert notes[0].isdisjoint(notes[1])
    assert set(after.column("people", "opened_keys")) == {None}
    (entry,) = [
        row for row in after.tables["audit"] if row not in before.tables["audit"]
    ]
    assert entry["act"] == "readers changed"
    assert "Yusuf" not in repr(entry)


def test_who_joins_later_gets_a_wrap_that_opens_nothing(
    reporter: Reporter,
    settings: Settings,
    new_officer: Callable[..., Officer],
) -> None:
    reporter.hand_in(TEXT)

    latecomer = new_officer("Joko Prasetyo")

    loot = Loot.of(settings.instance)
    assert len(loot.tables["wraps"]) == 2
    assert opened_texts(loot, latecomer) == 0
    assert latecomer.case_paths() == []


def test_the_audit_record_never_says_whom_a_case_was_kept_from(
    reporter: Reporter, officer: Officer, outside_officer: Officer, settings: Settings
) -> None:
    before = Loot.of(settings.instance).tables["audit"]

    reporter.hand_in(TEXT, readers=[id_of(outside_officer)])

    assert Loot.of(settings.instance).tables["audit"] == before


def test_pages_of_who_is_shut_out_do_not_betray_the_case_by_paging(
    app: Flask, officer: Officer, outside_officer: Officer
) -> None:
    reader = id_of(outside_officer)
    for number in range(52):
        Reporter(app).hand_in(f"Laporan {number}", readers=[reader])
    mine = Reporter(app).hand_in("Laporan untuk Rina")

    page = officer.get("/office/")

    assert mine
    assert len(officer.case_paths()) == 1
    assert "after=" not in page.html


def look_around(officer: Officer) -> list[Page]:
    pages = [officer.get(f"/office/{query}") for query in ("", "?waiting=yes")]
    pages += [
        officer.get(f"/office/?status={word}") for word in ("submitted", "closed")
    ]
    pages += [officer.get(f"/office/?{which}=yes") for which in ("new", "mine")]
    pages += [officer.get("/office/calendar.ics"), officer.get("/office/conflicts")]
    found = [{"q": "loket"}, {"category": "PUNGLI"}, {"severity": "3"}]
    return pages + [officer.send(pages[0], "/office/find", **what) for what in found]


def ask(officer: Officer, path: str, method: str) -> Page:
    """Ask for a case, or send one of its forms with its own key."""
    if method == "get":
        return officer.get(path)
    address = f"{path}/{method}"
    key = officer.form_key(address)
    return officer.post(address, named(ACTS[method], officer) | {"csrf_token": key})


def named(fields: dict[str, str], rina: Officer) -> dict[str, str]:
    return {name: text.replace("RINA", id_of(rina)) for name, text in fields.items()}


def declare(officer: Officer) -> None:
    page = officer.get("/office/conflicts")
    assert officer.send(page, "/office/conflicts", units=UNIT).status_code == 303


def id_of(officer: Officer) -> str:
    """Return an officer's id as the report form names it."""
    page = Person(officer.app).get("/report")
    pattern = r'name="readers" value="([0-9a-f]{32})"(?:(?!name="readers").)*?'
    found = re.search(
        pattern + re.escape(officer.credentials.name), page.html, re.DOTALL
    )
    assert found is not None
    return found[1]


def identity_of(loot: Loot, officer: Officer) -> tuple[bytes, Identity, InstanceId]:
    (row,) = [r for r in loot.tables["people"] if r["name"] == officer.credentials.name]
    (instance,) = loot.column("installation", "instance_id")
    locked = LockedIdentity(row["locked_identity"])
    identity = locked.unlock(
        PASSPHRASE, holder=row["id"], instance=InstanceId(instance), cost=CHEAPEST
    )
    return row["id"], identity, InstanceId(instance)


def key_of(loot: Loot, officer: Officer) -> CaseKey:
    """Unwrap what the one case holds for an officer."""
    holder, identity, instance = identity_of(loot, officer)
    (case,) = loot.tables["cases"]
    (wrap,) = [row for row in loot.tables["wraps"] if row["holder_id"] == holder]
    return unwrap_case_key(
        wrap["wrap"],
        case["mask"],
        identity,
        case_id=case["id"],
        holder=holder,
        instance=instance,
    )


def opened_with(key: CaseKey, loot: Loot) -> list[str]:
    """Return what a key opens of report, summary and reader sheet."""
    (case,) = loot.tables["cases"]
    (report,) = [
        row
        for row in loot.tables["messages"]
        if (row["chain"], row["number"]) == ("thread", 0)
    ]
    sealed = {
        "report": (report["envelope"], key.thread, "thread", "reporter", Kind.REPORT),
        "summary": (case["summary"], key.office, "summary", "officer", Kind.SUMMARY),
        "sheet": (case["reader_sheet"], key.office, "sheet", "officer", Kind.SHEET),
    }
    return [
        name
        for name, (envelope, each, chain, author, kind) in sealed.items()
        if is_open(envelope, each, Place(case["id"], chain, 0, author, kind))
    ]


def opened_texts(loot: Loot, officer: Officer) -> int:
    """Unwrap with the officer's own identity; count what the keys open: 3, or none."""
    return len(opened_with(key_of(loot, officer), loot))


def opens_chain(key: object, loot: Loot, chain: str) -> int:
    """Count the messages or notes behind the report that a key opens."""
    rows = [row for row in loot.tables["messages"] if row["chain"] == chain]
    rows.sort(key=lambda row: row["number"])
    kind = Kind.MESSAGE if chain == "thread" else Kind.NOTE
    first_kind = Kind.REPORT if chain == "thread" else Kind.NOTE
    case_id, author = rows[0]["case_id"], rows[0]["author"]
    places = [Place(case_id, chain, 0, author, first_kind)]
    for before, row in pairwise(rows):
        places.append(places[-1].after(before["envelope"], row["author"], kind))
    begin = 1 if chain == "thread" else 0
    pairs = list(zip(rows, places, strict=True))[begin:]
    return sum(is_open(row["envelope"], key, place) for row, place in pairs)


def note_envelopes(loot: Loot) -> set[bytes]:
    rows = loot.tables["messages"]
    return {row["envelope"] for row in rows if row["chain"] == "notes"}


def sizes(loot: Loot, table: str) -> list[list[int]]:
    """Return how long every value of every row is."""
    rows = [
        [len(repr(v)) if not isinstance(v, bytes) else len(v) for v in row.values()]
        for row in loot.tables[table]
    ]
    return sorted(rows)


def is_open(envelope: bytes, key: object, place: Place) -> bool:
    try:
        unseal(envelope, key, place)
    except BrokenError:
        return False
    return True
