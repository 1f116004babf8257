"""Promise 10: whom a report is kept from opens nothing of the case, and sees no trace.

Unticked or named: the wrap opens and yields keys that open nothing. Lists, counts,
search and audit are silent; a request for the case gets the bytes of one that does
not exist. No act of another officer gives the case away.
"""

import re
import secrets
from collections.abc import Callable

import pytest
from attackers import Loot, bare, body_size, shape
from flask import Flask
from people import PASSPHRASE, Officer, Page, Person, Reporter, code_on
from strategies import CHEAPEST

from crypto import (
    BrokenError,
    Identity,
    InstanceId,
    Kind,
    LockedIdentity,
    Place,
    unseal,
    unwrap_case_key,
)
from portal.settings import Settings

TEXT = "Bu Rina meminta uang di loket tiga."
ACTS = {
    "message": {"text": "Terima kasih."},
    "note": {"text": "Periksa buku kas."},
    "triage": {"severity": "4", "reason": "Mendesak."},
    "status": {"to": "acknowledged"},
}


def hand_in_against_the_page(reporter: Reporter, _reader: Officer) -> str:
    """Tick the named officer all the same, as a forged form would."""
    preview = reporter.preview(TEXT, who_name="Rina Wulandari")
    everybody = Person(reporter.app).get("/report").form("/report")
    ticked = everybody.values("readers")
    page = reporter.send(
        preview, "/report", step="hand-in", readers=ticked, only_outside=[]
    )
    assert len(ticked) == 2
    return code_on(page)


WAYS: dict[str, Callable[[Reporter, Officer], str]] = {
    "unticked": lambda reporter, reader: reporter.hand_in(
        TEXT, readers=[id_of(reader)]
    ),
    "named": lambda reporter, _reader: reporter.hand_in(
        TEXT, who_name="Rina Wulandari"
    ),
    "only outside": lambda reporter, _reader: reporter.hand_in(
        TEXT, only_outside="yes"
    ),
    "named, and ticked all the same": hand_in_against_the_page,
}


@pytest.mark.parametrize("way", WAYS)
def test_the_wrap_opens_and_yields_keys_that_open_nothing(
    reporter: Reporter,
    officer: Officer,
    outside_officer: Officer,
    settings: Settings,
    way: str,
) -> None:
    WAYS[way](reporter, outside_officer)
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
    WAYS[way](reporter, outside_officer)
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
    empty = [bare(page) for page in look_around(officer)]
    WAYS[way](reporter, outside_officer)
    (path,) = outside_officer.case_paths()
    outside_officer.act(path, "status", to="acknowledged")

    assert [bare(page) for page in look_around(officer)] == empty


@pytest.mark.parametrize("method", ["get", *ACTS])
def test_a_request_for_it_gets_the_bytes_of_a_case_that_does_not_exist(
    reporter: Reporter, officer: Officer, outside_officer: Officer, method: str
) -> None:
    reporter.hand_in(TEXT, readers=[id_of(outside_officer)])
    (path,) = outside_officer.case_paths()
    nowhere = f"/office/cases/{secrets.token_hex(16)}"

    hidden, missing = ask(officer, path, method), ask(officer, nowhere, method)

    assert hidden.status_code == 404
    assert bare(hidden, path) == bare(missing, nowhere)
    assert shape(hidden) == shape(missing)
    assert body_size(hidden) == body_size(missing)


def test_acts_on_a_hidden_case_change_nothing(
    reporter: Reporter,
    officer: Officer,
    outside_officer: Officer,
    settings: Settings,
) -> None:
    reporter.hand_in(TEXT, readers=[id_of(outside_officer)])
    (path,) = outside_officer.case_paths()
    before = Loot.of(settings.instance)

    answers = [ask(officer, path, act).status_code for act in ACTS]

    assert answers == [404] * 4
    assert Loot.of(settings.instance) == before


def test_no_act_of_a_reader_gives_the_case_to_who_is_shut_out(
    reporter: Reporter,
    officer: Officer,
    outside_officer: Officer,
    settings: Settings,
) -> None:
    reporter.hand_in(TEXT, readers=[id_of(outside_officer)])
    (path,) = outside_officer.case_paths()

    done = [outside_officer.act(path, act, **fields) for act, fields in ACTS.items()]

    assert [page.status_code for page in done] == [303] * 4
    assert opened_texts(Loot.of(settings.instance), officer) == 0
    assert officer.case_paths() == []


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
    found = [{"q": "loket"}, {"category": "PUNGLI"}, {"severity": "3"}]
    return pages + [officer.send(pages[0], "/office/find", **what) for what in found]


def ask(officer: Officer, path: str, method: str) -> Page:
    """Ask for a case, or send one of its forms with its own key."""
    if method == "get":
        return officer.get(path)
    address = f"{path}/{method}"
    key = officer.form_key(address)
    return officer.post(address, ACTS[method] | {"csrf_token": key})


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


def opened_texts(loot: Loot, officer: Officer) -> int:
    """Unwrap with the officer's own identity; count what the keys open.

    Report, summary and reader sheet of the one case: 3, or none.
    """
    holder, identity, instance = identity_of(loot, officer)
    (case,) = loot.tables["cases"]
    (wrap,) = [row for row in loot.tables["wraps"] if row["holder_id"] == holder]
    key = unwrap_case_key(
        wrap["wrap"],
        case["mask"],
        identity,
        case_id=case["id"],
        holder=holder,
        instance=instance,
    )
    (report,) = [
        row
        for row in loot.tables["messages"]
        if (row["chain"], row["number"]) == ("thread", 0)
    ]
    places = [
        (report["envelope"], key.thread, "thread", "reporter", Kind.REPORT),
        (case["summary"], key.office, "summary", "officer", Kind.SUMMARY),
        (case["reader_sheet"], key.office, "sheet", "officer", Kind.SHEET),
    ]
    return sum(
        is_open(envelope, each, Place(case["id"], chain, 0, author, kind))
        for envelope, each, chain, author, kind in places
    )


def is_open(envelope: bytes, key: object, place: Place) -> bool:
    try:
        unseal(envelope, key, place)
    except BrokenError:
        return False
    return True
