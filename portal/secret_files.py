"""Small secrets in files of the instance's folder, for their owner alone."""

import os
import stat
from pathlib import Path

from portal.errors import SettingsError


def read_secret(path: Path) -> bytes:
    """Return what such a file holds.

    Raises:
        SettingsError: it is missing, or can be read by others.
    """
    try:
        secret = path.read_bytes()
    except FileNotFoundError:
        raise SettingsError(f"{path} does not exist; run `lurus init`.") from None
    if stat.S_IMODE(path.stat().st_mode) & 0o077:
        raise SettingsError(f"{path} can be read by others; run `chmod 600 {path}`.")
    return secret


def write_secret(path: Path, secret: bytes) -> None:
    """Write such a file: whole or not at all, whatever was there before."""
    beside = path.with_name(f"{path.name}.new")
    descriptor = os.open(beside, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600)
    with os.fdopen(descriptor, "wb") as opened:
        opened.write(secret)
        opened.flush()
        os.fsync(descriptor)
    beside.rename(path)
