"""Promise 8, recovery: one share, the database and all secrets of the server give
no officer's key back; all shares together give no custodian's.
"""

import hashlib
from collections.abc import Iterator

import pytest
from attackers import Loot, Row
from builders import make_shares
from conftest import Clock
from people import Officer, Reporter
from sqlalchemy.orm import Session

from crypto import (
    CryptoError,
    Identity,
    InstanceId,
    Key,
    RecoveryShare,
    TooFewSharesError,
    combine,
    take_gate_off,
    unwrap_seed,
)
from crypto.case_key import LABEL_CASE_WRAP
from crypto.recovery import LABEL_RECOVERY_WRAP
from crypto.two_key_envelope import LABEL_OUTER_WRAP
from portal.runtime import GATE_FILE, SECRET_FILE
from portal.settings import Settings

LABELS = (LABEL_RECOVERY_WRAP, LABEL_OUTER_WRAP, LABEL_CASE_WRAP)


def test_one_share_with_everything_that_is_stored_gives_no_key_back(
    reporter: Reporter,
    officer: Officer,
    session: Session,
    settings: Settings,
    clock: Clock,
) -> None:
    share = shares_in_use(officer, session, clock)[1]
    reporter.hand_in("Pungutan di loket tiga.")
    loot = Loot.of(settings.instance)
    (row,) = loot.tables["people"]

    tried = {*seeds(loot, settings), *seeds_of(share)}
    opened = [seed for seed in tried if unwraps(row["recovery_wrap"], row["id"], seed)]

    assert len(tried) > 400
    assert opened == []
    with pytest.raises(TooFewSharesError):
        combine([share])


def test_two_shares_give_the_officers_key_back_that_the_thief_did_not_get(
    officer: Officer, session: Session, settings: Settings, clock: Clock
) -> None:
    shares = shares_in_use(officer, session, clock)
    (row,) = Loot.of(settings.instance).tables["people"]

    recovery = combine(shares[1:])

    assert unwraps(row["recovery_wrap"], row["id"], recovery.reveal())


def test_all_shares_together_open_nothing_of_a_custodian(
    reporter: Reporter,
    officer: Officer,
    keeper: Officer,
    session: Session,
    settings: Settings,
    clock: Clock,
) -> None:
    recovery = combine(shares_in_use(officer, session, clock))
    keeper.log_in(clock.timestamp)
    reporter.hand_in("Pungutan di loket tiga.")
    loot = Loot.of(settings.instance)

    (hers,) = [row for row in loot.tables["people"] if row["is_custodian"]]
    of_hers = [row for row in loot.tables["wraps"] if row["holder_id"] == hers["id"]]
    wraps = [without_gate(row, loot, settings) for row in of_hers]
    opened = [
        label
        for row in wraps
        for label in LABELS
        if opens(recovery, row["wrap"], label, (row["case_id"], hers["id"]))
    ]

    assert (hers["recovery_wrap"], hers["recovery_fingerprint"]) == (None, None)
    assert of_hers
    assert opened == []
    # Nobody's seed but the officer's stands wrapped anywhere.
    assert [bool(row["recovery_wrap"]) for row in loot.tables["people"]].count(
        True
    ) == 1


def test_the_recovery_key_itself_is_stored_nowhere(
    officer: Officer, session: Session, settings: Settings, clock: Clock
) -> None:
    shares = shares_in_use(officer, session, clock)

    seed = combine(shares).reveal()
    words = [share.reveal().encode()[:24] for share in shares]
    kept = b"".join(
        path.read_bytes() for path in settings.instance.iterdir() if path.is_file()
    )

    assert not [secret for secret in (seed, *words) if secret in kept]


def shares_in_use(
    officer: Officer, session: Session, clock: Clock
) -> list[RecoveryShare]:
    """Make shares and let the officer log in."""
    shares = make_shares(session, today=clock().date())
    clock.pass_by(seconds=60)
    assert officer.log_in(clock.timestamp).status_code == 200
    return shares


def seeds(loot: Loot, settings: Settings) -> Iterator[bytes]:
    """Every 32 bytes that stand somewhere, and hashes of everything."""
    files = [
        (settings.instance / name).read_bytes() for name in (SECRET_FILE, GATE_FILE)
    ]
    for blob in (*loot.blobs(), *files):
        starts = {*range(0, min(len(blob), 1300), 32), 1, max(0, len(blob) - 32)}
        yield from (blob[at : at + 32] for at in starts if len(blob) >= at + 32)
        yield hashlib.sha256(blob).digest()


def seeds_of(share: RecoveryShare) -> Iterator[bytes]:
    """What one paper alone may be taken for."""
    yield share._share.value
    yield hashlib.sha256(share.reveal().encode()).digest()
    # Somebody who holds one paper twice, or a number that is not theirs.
    for number in range(16):
        yield bytes(byte ^ number for byte in share._share.value)


def without_gate(row: Row, loot: Loot, settings: Settings) -> Row:
    """Take the gate's lock off an outer, as a thief of the whole disk can."""
    (instance,) = loot.column("installation", "instance_id")
    gate = Key((settings.instance / GATE_FILE).read_bytes(), InstanceId(instance))
    place = {"case_id": row["case_id"], "holder": row["holder_id"]}
    return row | {"wrap": take_gate_off(row["wrap"], gate, **place)}


def unwraps(wrapped: bytes, holder: bytes, seed: bytes) -> bool:
    try:
        unwrap_seed(wrapped, Identity(seed), holder=holder)
    except CryptoError:
        return False
    return True


def opens(
    recovery: Identity, wrapped: bytes, label: bytes, context: tuple[bytes, ...]
) -> bool:
    try:
        recovery.unwrap(wrapped, label=label, context=context)
    except CryptoError:
        return False
    return True
