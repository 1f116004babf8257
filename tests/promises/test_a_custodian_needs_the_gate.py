"""Promise 8, second half: a custodian with the database, but without the gate's secret,
opens nothing; nor does the gate's secret without the custodian.

Only the two together open, and not where the reporter kept the report from them.
"""

from collections.abc import Callable, Iterator

import pytest
from attackers import Loot, Row
from builders import duty_of
from people import Officer, Reporter
from sqlalchemy.orm import Session

from crypto import (
    OUTER_SIZE,
    BrokenError,
    CaseKey,
    CryptoError,
    GateSecret,
    Identity,
    InstanceId,
    Key,
    Kind,
    NotYoursError,
    Place,
    open_outer,
    take_gate_off,
    unseal,
)
from crypto.case_key import LABEL_CASE_WRAP
from crypto.two_key_envelope import LABEL_GATE, LABEL_OUTER, LABEL_OUTER_WRAP
from portal.roles import Role
from portal.runtime import GATE_FILE, SECRET_FILE
from portal.settings import Settings

LABELS = (LABEL_OUTER_WRAP, LABEL_CASE_WRAP, LABEL_OUTER)


def test_a_custodians_identity_with_the_database_opens_nothing(
    session: Session, reporter: Reporter, keeper: Officer, settings: Settings
) -> None:
    reporter.hand_in("Pungutan di loket tiga.")
    loot = Loot.of(settings.instance)

    opened = [
        where
        for where, wrap in wrapped_things(loot)
        for label in LABELS
        if unwraps(identity_of(session, keeper), label, wrap, loot)
    ]

    assert opened == []


def test_keys_of_a_custodian_and_of_all_other_files_take_no_gate_off(
    session: Session, reporter: Reporter, keeper: Officer, settings: Settings
) -> None:
    reporter.hand_in("Pungutan di loket tiga.")
    loot = Loot.of(settings.instance)
    (outer,) = outers(loot)
    instance = InstanceId(loot.column("installation", "instance_id")[0])
    identity = identity_of(session, keeper)
    secret = (settings.instance / SECRET_FILE).read_bytes()
    stolen = [Key(secret, instance), Key(identity.reveal(), instance)]
    stolen += [identity.key(instance), Key(bytes(32), instance)]

    opened = [key for key in stolen if takes_off(outer, key)]

    assert opened == []


def test_the_gates_secret_without_a_custodian_opens_nothing(
    session: Session,
    reporter: Reporter,
    officer: Officer,
    keeper: Officer,
    settings: Settings,
    new_officer: Callable[..., Officer],
) -> None:
    budi = new_officer("Budi Hartono", role=Role.CUSTODIAN)
    reporter.hand_in("Pungutan di loket tiga.")
    loot = Loot.of(settings.instance)
    first, second = outers(loot)

    inner = [take_off(row, gate_of(settings, loot)) for row in (first, second)]
    wrong = [
        open_for(inner[0], first, identity_of(session, person))
        for person in (officer, budi, keeper)
    ]

    assert sum(share is not None for share in wrong) == 1
    seeds = {blob[at : at + 32] for blob in loot.blobs() for at in range(0, 160, 32)}
    seeds = {seed for seed in seeds if len(seed) == 32}
    tried = [open_for(inner[0], first, Identity(seed)) for seed in seeds]
    assert set(tried) == {None}


def test_both_together_open_it(
    session: Session, reporter: Reporter, keeper: Officer, settings: Settings
) -> None:
    reporter.hand_in("Pungutan di loket tiga.")
    loot = Loot.of(settings.instance)
    (row,) = outers(loot)

    share = open_for(
        take_off(row, gate_of(settings, loot)), row, identity_of(session, keeper)
    )

    assert share is not None
    (case,) = loot.tables["cases"]
    instance = InstanceId(loot.column("installation", "instance_id")[0])
    key = CaseKey.parse(share, instance)
    (report,) = loot.tables["messages"]
    place = Place(case["id"], "thread", 0, "reporter", Kind.REPORT)
    assert b"loket tiga" in unseal(report["envelope"], key.thread, place)


@pytest.mark.parametrize("typed", [{"custodian": "no"}, {"who_name": "Sri Lestari"}])
def test_both_together_open_nothing_that_was_kept_from_the_custodian(
    session: Session,
    reporter: Reporter,
    keeper: Officer,
    settings: Settings,
    typed: dict[str, str],
) -> None:
    reporter.hand_in("Pungutan di loket tiga.", **typed)
    loot = Loot.of(settings.instance)
    (row,) = outers(loot)
    inner = take_off(row, gate_of(settings, loot))

    with pytest.raises(BrokenError):
        open_outer(inner, identity_of(session, keeper), **place_of(row))


def test_what_was_kept_from_the_custodian_cannot_be_told_by_its_row(
    reporter: Reporter, keeper: Officer, settings: Settings
) -> None:
    assert keeper
    reporter.hand_in("Pungutan di loket tiga.")
    reporter.hand_in("Pungutan di loket empat.", custodian="no")
    loot = Loot.of(settings.instance)

    shapes = {(len(row["wrap"]), row["wrap"][:1]) for row in outers(loot)}

    assert shapes == {(OUTER_SIZE, b"\x01")}


@pytest.mark.parametrize("field", ["case_id", "holder"])
def test_an_outer_that_was_moved_does_not_open(
    reporter: Reporter, keeper: Officer, settings: Settings, field: str
) -> None:
    assert keeper
    reporter.hand_in("Pungutan di loket tiga.")
    loot = Loot.of(settings.instance)
    (row,) = outers(loot)
    moved = place_of(row) | {field: bytes(16)}

    with pytest.raises(NotYoursError):
        take_gate_off(row["wrap"], gate_of(settings, loot), **moved)


def test_the_gates_secret_stands_in_its_own_file_and_nowhere_else(
    reporter: Reporter, keeper: Officer, settings: Settings
) -> None:
    assert keeper
    reporter.hand_in("Pungutan di loket tiga.")

    secret = (settings.instance / GATE_FILE).read_bytes()
    holding = [
        p.name
        for p in settings.instance.iterdir()
        if p.is_file() and secret in p.read_bytes()
    ]

    assert holding == [GATE_FILE]


def outers(loot: Loot) -> list[Row]:
    return [row for row in loot.tables["wraps"] if row["purpose"] == "outer"]


def place_of(row: Row) -> dict[str, bytes]:
    return {"case_id": row["case_id"], "holder": row["holder_id"]}


def identity_of(session: Session, person: Officer) -> Identity:
    return duty_of(session, person.credentials.name).identity


def gate_of(settings: Settings, loot: Loot) -> Key:
    secret = (settings.instance / GATE_FILE).read_bytes()
    instance = InstanceId(loot.column("installation", "instance_id")[0])
    return GateSecret(secret).key(instance)


def take_off(row: Row, gate: Key) -> bytes:
    return take_gate_off(row["wrap"], gate, **place_of(row))


def takes_off(row: Row, key: Key) -> bool:
    """Try a key as the gate's secret, and as the gate key itself."""
    context = (row["case_id"], row["holder_id"])
    keys = (key, key.derive(LABEL_GATE), key.derive(LABEL_GATE, row["case_id"]))
    for one in keys:
        try:
            one.unlock(row["wrap"], label=LABEL_OUTER, context=context)
        except CryptoError:
            continue
        return True
    return False


def open_for(inner: bytes, row: Row, identity: Identity) -> bytes | None:
    try:
        return open_outer(inner, identity, **place_of(row)).share
    except CryptoError:
        return None


def wrapped_things(loot: Loot) -> Iterator[tuple[str, Row]]:
    """Every row with a blob that may be a wrap, or hold one behind a lock's head."""
    for row in loot.tables["wraps"]:
        for start in (0, 1, 65):
            yield row["purpose"], row | {"wrap": row["wrap"][start:]}


def unwraps(identity: Identity, label: bytes, row: Row, loot: Loot) -> bool:
    holders = loot.column("people", "id")
    for holder in holders:
        context = (row["case_id"], holder)
        try:
            identity.unwrap(row["wrap"], label=label, context=context)
        except CryptoError:
            continue
        return True
    return False
