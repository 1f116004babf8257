"""The public trail as outsiders see it: a page, and answers for programs."""

import re

from builders import TODAY, duty_of
from conftest import Clock
from flask import Flask
from known_answers import rfc_9162, signed_notes
from people import Officer, Person, Reporter
from sqlalchemy.orm import Session
from trails import DAY

from crypto.checkpoint import cosigner_name, ledger_origin
from crypto.merkle import verify_consistency, verify_inclusion
from portal.cosigning import cosign_newest
from portal.database import find_instance_id, transaction

HEX = "00" * 32


def days_pass(clock: Clock, visitor: Person, count: int) -> None:
    for _ in range(count):
        clock.pass_by(days=1)
        assert visitor.get("/").status_code == 200


def asked(visitor: Person, address: str) -> dict[str, object]:
    page = visitor.get(f"/ledger/{address}")
    assert page.status_code == 200
    return page.response.json


def as_bytes(digits: object) -> list[bytes]:
    return [bytes.fromhex(one) for one in digits]


def test_everything_can_be_checked_from_outside(
    app: Flask, reporter: Reporter, clock: Clock
):
    """With the answers of the portal, the standard, and nothing else."""
    reporter.hand_in("Ada pungutan di loket.")
    visitor = Person(app)
    days_pass(clock, visitor, 3)
    first = asked(visitor, "leaves?from=0&to=99999999")
    leaves = as_bytes(first["leaves"])
    _origin, size, root = signed_notes.head(
        visitor.get("/ledger/checkpoint").html.encode()
    )

    shown = asked(visitor, f"proof?leaf={leaves[5].hex()}&size={size}")
    grown = asked(visitor, f"proof?from={old_size(visitor)}&size={size}")

    assert (first["to"], len(leaves)) == (size, size)
    assert root == rfc_9162.mth(leaves) == bytes.fromhex(shown["root"])
    assert (shown["index"], shown["since"]) == (5, TODAY.isoformat())
    verify_inclusion(leaves[5], 5, size, as_bytes(shown["path"]), root)
    old = bytes.fromhex(grown["from_root"])
    assert old == rfc_9162.mth(leaves[: grown["from"]])
    verify_consistency(grown["from"], old, size, root, as_bytes(grown["path"]))
    paper = re.search(
        r"/ledger/paper\?leaf=([0-9a-f]{64})", visitor.get("/ledger").html
    )
    assert paper
    assert "acknowledge_working_days = 3" in visitor.get(paper[0]).html
    assert bytes.fromhex(paper[1]) in leaves


def old_size(visitor: Person) -> str:
    """Return the smallest size that the page shows."""
    return re.findall(r"checkpoint\?size=(\d+)", visitor.get("/ledger").html)[-1]


UNANSWERED = {
    "leaves": 400,
    "leaves?from=0": 400,
    "leaves?from=-1&to=5": 400,
    "leaves?from=00&to=5": 400,
    "leaves?from=0&to=9999999999999": 400,
    "leaves?from=a&to=5": 400,
    "proof": 400,
    f"proof?leaf={HEX}": 404,
    f"proof?leaf={HEX[:-1]}F": 400,
    f"proof?leaf={HEX}&size=31": 404,
    f"proof?leaf={HEX}&size=": 400,
    "proof?from=0": 404,
    "proof?from=x": 400,
    "paper?leaf=zz": 400,
    "paper": 400,
    f"paper?leaf={HEX}": 404,
    "checkpoint?size=1": 404,
    "checkpoint?size=%00": 400,
    "checkpoint?cosigned=yes": 404,
}


def test_a_question_that_cannot_be_answered_is_told_why(app: Flask, clock: Clock):
    visitor = Person(app)
    days_pass(clock, visitor, 1)

    answers = {one: visitor.get(f"/ledger/{one}").response for one in UNANSWERED}

    assert {one: answers[one].status_code for one in answers} == UNANSWERED
    assert {tuple(answers[one].json) for one in answers} == {("error",)}


def test_before_the_first_day_is_over_there_is_nothing_to_check(app: Flask):
    visitor = Person(app)

    assert visitor.get("/ledger/checkpoint").status_code == 404
    page = visitor.get("/ledger?lang=en")
    assert "No day is over yet" in page.text
    assert 'href="/ledger/checkpoint"' not in page.html
    assert "Compare the keys" not in page.text


def test_a_keepers_line_is_public(
    app: Flask, keeper: Officer, session: Session, clock: Clock
):
    visitor = Person(app)
    days_pass(clock, visitor, 2)
    duty = duty_of(session, "Sri Lestari")
    with transaction(session):
        assert cosign_newest(session, duty, TODAY + 2 * DAY)
    days_pass(clock, visitor, 1)

    note = visitor.get("/ledger/checkpoint?cosigned=yes").html.encode()

    origin = ledger_origin(find_instance_id(session))
    name = cosigner_name(origin, duty.person.signing_key)
    assert signed_notes.cosigned_at(note, name, duty.person.signing_key)
    page = visitor.get("/ledger?lang=en").text
    assert "Sri Lestari · on 9 December 2026, as of 8 December 2026" in page


def test_the_page_has_one_size_and_is_light(app: Flask, clock: Clock):
    visitor = Person(app)
    sizes = []
    for _ in range(3):
        days_pass(clock, visitor, 3)
        sizes.append(len(visitor.get("/ledger?lang=id").response.data))

    assert set(sizes) == {8 * 1024}


def test_the_page_says_what_the_trail_cannot_show(app: Flask, clock: Clock):
    visitor = Person(app)
    days_pass(clock, visitor, 2)

    page = visitor.get("/ledger?lang=id")

    assert "Ia tidak menunjukkan jumlah atau isi laporan." in page.text
    assert page.html.count("<svg") == 1
    assert 'role="img" aria-label="Dari ' in page.html
