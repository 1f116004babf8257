"""Backup keys on paper, and sizes that a sealed file can have."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import INSTANCE

from crypto import (
    BrokenError,
    FileKey,
    FileSealer,
    GateSecret,
    Identity,
    MistypedError,
    backup_proof,
    parse_backup_key,
    unsealed_size,
    write_backup_key,
)
from crypto.base32 import SYMBOLS

ON_PAPER = write_backup_key(Identity(bytes(range(32))))


@given(st.binary(min_size=32, max_size=32))
def test_what_paper_holds_is_read_back(seed: bytes) -> None:
    assert parse_backup_key(write_backup_key(Identity(seed))).reveal() == seed


@pytest.mark.parametrize("at", [at for at in range(69) if ON_PAPER[at] != "-"])
def test_every_wrong_symbol_shows(at: int) -> None:
    wrong = [
        ON_PAPER[:at] + symbol + ON_PAPER[at + 1 :]
        for symbol in SYMBOLS
        if symbol != ON_PAPER[at]
    ]

    assert not [paper for paper in wrong if is_read(paper)]


@given(st.binary(min_size=32, max_size=32))
def test_the_papers_of_gate_and_backup_key_are_told_apart(secret: bytes) -> None:
    with pytest.raises(MistypedError):
        parse_backup_key(GateSecret(secret).reveal())
    with pytest.raises(MistypedError):
        GateSecret.parse(write_backup_key(Identity(secret)))


@pytest.mark.parametrize("length", [0, 1, 131_072, 131_073, 200_000, 1_000_000])
def test_a_sealed_size_tells_what_is_sealed_with_its_filling(length: int) -> None:
    sealer = FileSealer(FileKey.generate())
    sealed = sealer.update(bytes(length)) + sealer.finish()

    filled = unsealed_size(len(sealed))

    assert filled >= max(length, 131_072)
    assert len(sealed) == 8 + filled + 16 * -(-filled // 65_536)


@pytest.mark.parametrize("size", [-1169, 0, 8, 24, 8 + 65_552 + 16])
def test_a_size_that_nothing_sealed_has_is_broken(size: int) -> None:
    with pytest.raises(BrokenError):
        unsealed_size(size)


def test_a_proof_is_of_one_gate_one_installation_and_one_digest() -> None:
    gate, other = GateSecret(bytes(32)), GateSecret(bytes(31) + b"\x01")
    proofs = {
        backup_proof(gate, INSTANCE, bytes(32)),
        backup_proof(other, INSTANCE, bytes(32)),
        backup_proof(gate, INSTANCE, bytes(31) + b"\x01"),
    }

    assert len(proofs) == 3


def is_read(typed: str) -> bool:
    try:
        parse_backup_key(typed)
    except MistypedError:
        return False
    return True
