"""Promise 24, rounds: two copies of the database, before and after a round, show that it
took place and what became readable, and nothing of why.

Between its lots a round rests in the database: what it has found so far opens neither
with the gate's secret alone nor with the custodian's identity alone.
"""

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

import pytest
from builders import TODAY, add_custodian, add_officer, gate_of, the_case
from holds import PUTU, WAYAN, hold, hold_round, lots
from sqlalchemy import Table, select, update
from sqlalchemy.orm import Session

from crypto import (
    LOCKED_ENDED_SIZE,
    CryptoError,
    Identity,
    Key,
    ReleaseRule,
    RoundKeys,
    RoundStage,
)
from crypto.round_state import (
    LABEL_ROUND,
    LABEL_ROUND_GATE,
    LABEL_ROUND_INNER,
    LABEL_ROUND_KEY,
)
from portal import round_acts, round_reading
from portal.cases import Duty
from portal.database import find_instance_id, transaction
from portal.entries import EntryKind
from portal.models import Base, Person, Round

MATCH, ONLY, NEVER = ReleaseRule.MATCH_2, ReleaseRule.MATCH_2_ONLY, ReleaseRule.NEVER
OVER = TODAY - dt.timedelta(days=1)
OF_THE_ROUND = {"rounds", "audit", "jobs"}

Snapshot = dict[str, dict[tuple[Any, ...], dict[str, Any]]]


@dataclass
class Town:
    """Entries of every kind, on the day on which a round is due."""

    session: Session
    rina: Duty
    sri: Duty
    budi: Duty
    dated: list[bytes] = field(default_factory=list)
    matched: list[bytes] = field(default_factory=list)
    ended: list[bytes] = field(default_factory=list)

    @property
    def opening(self) -> set[bytes]:
        return {*self.dated, *self.matched}


def a_town(session: Session) -> Town:
    town = Town(
        session,
        add_officer(session),
        add_custodian(session),
        add_custodian(session, "Budi Santoso"),
    )

    def keep(**how: Any) -> bytes:
        return the_case(session, hold(session, town.rina, **how)).id

    town.dated = [keep(day=TODAY), keep(rule=MATCH, subject=PUTU, day=TODAY)]
    town.matched = [keep(rule=MATCH, subject=WAYAN), keep(rule=ONLY, subject=WAYAN)]
    town.ended = [keep(rule=ONLY, subject=PUTU, day=OVER), keep(rule=NEVER, day=OVER)]
    keep()
    keep(rule=ReleaseRule.MATCH_3, subject=PUTU)
    for kind in (EntryKind.NOTE, EntryKind.QUESTION, EntryKind.PRAISE):
        keep(rule=NEVER, kind=kind)
    with transaction(session):
        session.execute(update(Person).values(opened_keys=b"kept by an officer"))
    return town


def test_two_copies_differ_in_what_became_readable_and_in_nothing_else(
    session: Session,
) -> None:
    town = a_town(session)
    before = snapshot(session)

    hold_round(session, town.sri)

    after = snapshot(session)
    changed = {name for name in before if before[name] != after[name]}
    gone = {*town.ended}
    of_cases = {"cases", "people", "wraps", "messages", "steps"}
    # What ended left its leaf; what opened left none.
    leaves = after["waiting_leaves"].keys() - before["waiting_leaves"].keys()
    assert len(leaves) == len(gone)
    assert changed <= {*OF_THE_ROUND, *of_cases, "waiting_leaves"}
    for name in changed & of_cases:
        assert not after[name].keys() - before[name].keys()
        lost = before[name].keys() - after[name].keys()
        assert {key[0] for key in lost} <= gone
    assert {key[0] for key in before["cases"]} - {k[0] for k in after["cases"]} == gone
    assert {key[0]: what for key, what in differences(before, after, "cases")} == {
        case_id: {"mask"} for case_id in town.opening
    }
    assert all(
        what == {"opened_keys"} for _, what in differences(before, after, "people")
    )
    for name in ("wraps", "messages", "steps"):
        assert differences(before, after, name) == []


def test_what_its_day_opened_looks_as_what_others_opened(session: Session) -> None:
    """In one row each nothing is left of the reason; nor in the order of writing."""
    town = a_town(session)
    before = snapshot(session)
    begun = lots(session, town.sri)
    next(begun)
    read = snapshot(session)
    list(begun)
    after = snapshot(session)

    assert before["cases"] == read["cases"]
    shapes = {
        reason: {
            (name, len(value) if isinstance(value, bytes) else value)
            for key, row in after["cases"].items()
            if key[0] in ids
            for name, value in row.items()
            if name not in {"id", "locator"}
        }
        for reason, ids in (("day", town.dated), ("others", town.matched))
    }
    assert shapes["day"] == shapes["others"]


def test_nothing_is_opened_before_everything_was_read(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else what opens early would be what waited for its day."""
    monkeypatch.setattr(round_reading, "LOT", 3)
    monkeypatch.setattr(round_acts, "ACTS", 1)
    town = a_town(session)
    opened: list[bytes] = []
    masks = masks_of(session)

    for _lot in lots(session, town.sri):
        now = masks_of(session)
        opened += [one for one in now if now[one] != masks[one] and one not in opened]

    assert set(opened) == town.opening
    assert opened == sorted(opened)


def test_a_round_that_opened_nothing_leaves_a_row_of_the_same_size(
    session: Session,
) -> None:
    town = a_town(session)
    hold_round(session, town.sri)
    hold_round(session, town.sri)

    rows = session.execute(
        select(Round.locked, Round.line, Round.signature, Round.reached)
    ).all()

    assert len({tuple(map(len, row)) for row in [r[:1] for r in rows]}) == 1
    assert {len(row.locked or b"") for row in rows} == {LOCKED_ENDED_SIZE}
    assert {row.reached for row in rows} == {bytes(16)}
    for row in rows:
        digits = (row.line or "").partition(", counts")[0]
        assert digits.endswith("entries")


def test_what_a_round_has_found_takes_the_same_space_for_every_entry(
    session: Session,
) -> None:
    rina, sri = add_officer(session), add_custodian(session)
    sizes = []
    for how in (
        {"rule": MATCH, "subject": WAYAN},
        {"rule": NEVER, "kind": EntryKind.NOTE},
        {"day": TODAY},
    ):
        hold(session, rina, **how)
        begun = lots(session, sri)
        next(begun)
        sizes.append(len(session.scalars(select(Round.locked)).all()[-1] or b""))
        begun.close()
        with transaction(session):
            session.execute(Base.metadata.tables["rounds"].delete())

    assert sizes[1] - sizes[0] == sizes[2] - sizes[1] == 50


def test_what_was_found_opens_with_neither_key_alone(session: Session) -> None:
    town = a_town(session)
    next(lots(session, town.sri))
    row = session.scalars(select(Round)).one()
    locked, instance = row.locked or b"", find_instance_id(session)
    gate, number = gate_of(session), row.number.to_bytes(8, "big")
    others = (town.rina, town.budi)
    alone = [
        gate,
        gate.derive(LABEL_ROUND_GATE, number),
        *(
            key
            for duty in (town.sri, *others)
            for own in [duty.identity.key(instance)]
            for key in (own, own.derive(LABEL_ROUND_KEY, number))
        ),
    ]

    for stage in RoundStage:
        for holder in (town.sri, *others):
            context = (holder.person.id, stage.value.encode())
            for key in alone:
                for label in (LABEL_ROUND, LABEL_ROUND_INNER):
                    inner = opened(key, locked, label, context)
                    # The gate's key takes off the first lock, and finds the second.
                    assert inner is None or not opens_plainly(inner, town)
    for duty in others:
        assert found_by(duty.identity, gate, duty, row) is None
        assert found_by(duty.identity, gate, town.sri, row) is None
    assert found_by(town.sri.identity, gate.fresh(), town.sri, row) is None
    both = found_by(town.sri.identity, gate, town.sri, row)
    assert both is not None
    assert len(both) == 11


def test_whom_entries_name_stands_nowhere(session: Session) -> None:
    town = a_town(session)
    for _lot in lots(session, town.sri):
        assert not holds(session, WAYAN, PUTU)

    assert not holds(session, WAYAN, PUTU)


def snapshot(session: Session) -> Snapshot:
    session.rollback()
    return {
        table.name: {_key(table, row): row for row in _rows(session, table)}
        for table in Base.metadata.sorted_tables
    }


def differences(
    before: Snapshot, after: Snapshot, table: str
) -> list[tuple[tuple[Any, ...], set[str]]]:
    """Return which columns of which rows differ, of rows that are in both."""
    both = before[table].keys() & after[table].keys()
    found = []
    for key in sorted(both):
        old, new = before[table][key], after[table][key]
        if changed := {name for name in old if old[name] != new[name]}:
            found.append((key, changed))
    return found


def masks_of(session: Session) -> dict[bytes, bytes]:
    cases = snapshot(session)["cases"]
    return {key[0]: row["mask"] for key, row in cases.items()}


def holds(session: Session, *words: str) -> bool:
    rows = [row for table in snapshot(session).values() for row in table.values()]
    text = repr([value for row in rows for value in row.values()])
    return any(word in text for word in words)


def opened(
    key: Key, locked: bytes, label: bytes, context: tuple[bytes, ...]
) -> bytes | None:
    try:
        return key.unlock(locked, label=label, context=context)
    except CryptoError:
        return None


def opens_plainly(inner: bytes, town: Town) -> bool:
    """Tell whether an id of an entry stands in it."""
    return any(case_id in inner for case_id in town.opening)


def found_by(identity: Identity, gate: Key, duty: Duty, row: Round) -> list[Any] | None:
    keys = RoundKeys(
        gate,
        identity,
        number=row.number,
        holder=duty.person.id,
        instance=duty.instance,
    )
    for stage in (RoundStage.FOUND, RoundStage.DECIDED):
        try:
            return list(keys.unlock_found(row.locked or b"", stage))
        except CryptoError:
            continue
    return None


def _rows(session: Session, table: Table) -> list[dict[str, Any]]:
    return [dict(row._mapping) for row in session.execute(select(table))]


def _key(table: Table, row: dict[str, Any]) -> tuple[Any, ...]:
    return tuple(row[column.name] for column in table.primary_key)
