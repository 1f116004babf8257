"""The key that signs the public trail, as its file holds it.

`ledger.key`, 32 bytes, in no backup: a trail that was put back from one goes on in
another way than the one that this key has signed (docs/decisions/0105). While a key
follows another, the file holds both, the newer first.
"""

from dataclasses import dataclass
from pathlib import Path

from crypto.checkpoint import LEDGER_KEY_SIZE, LedgerKey
from portal.errors import KeyOverlapError, SettingsError
from portal.secret_files import read_secret, write_secret

LEDGER_KEY_FILE = "ledger.key"
OVERLAP_DAYS = 30
"""Calendar days on which the key of before signs beside the new one."""


@dataclass(frozen=True)
class LedgerKeys:
    """The key of now, and the one before while both sign."""

    newest: LedgerKey
    before: LedgerKey | None


def read_ledger_keys(instance: Path) -> LedgerKeys:
    """Return what the file holds.

    Raises:
        SettingsError: it is missing, damaged, or can be read by others.
    """
    path = instance / LEDGER_KEY_FILE
    kept = read_secret(path)
    newest, before = kept[:LEDGER_KEY_SIZE], kept[LEDGER_KEY_SIZE:]
    if {len(newest), len(before or newest)} != {LEDGER_KEY_SIZE}:
        raise SettingsError(f"{path} is damaged.")
    return LedgerKeys(LedgerKey(newest), LedgerKey(before) if before else None)


def draw_ledger_key(instance: Path) -> None:
    """Draw the first key, or one that follows none: everybody sees that."""
    write_secret(instance / LEDGER_KEY_FILE, bytes(LedgerKey.generate()))


def draw_next_key(instance: Path) -> LedgerKey:
    """Draw the key that follows; from the next batch on both sign, for a time.

    Raises:
        KeyOverlapError: one is following already.
        SettingsError: there is no key, or it cannot be used.
    """
    keys = read_ledger_keys(instance)
    if keys.before is not None:
        raise KeyOverlapError
    following = LedgerKey.generate()
    both = bytes(following) + bytes(keys.newest)
    write_secret(instance / LEDGER_KEY_FILE, both)
    return following


def drop_key_before(instance: Path) -> None:
    """Forget the key of before; the overlap has ended."""
    keys = read_ledger_keys(instance)
    write_secret(instance / LEDGER_KEY_FILE, bytes(keys.newest))
