"""The reader sheet: who reads a case and who is shut out, sealed under the office key.

The portal and the administrator never know it.
"""

import json
from base64 import b64decode, b64encode
from dataclasses import dataclass

from crypto import CaseKey, Kind, Place, seal, unseal

MOST_OFFICERS = 40
"""More do not fit the sheet, whose one size says nothing of how many there are."""

_ID_SIZE = 16


@dataclass(frozen=True)
class ReaderSheet:
    """Officers' ids in hex."""

    readers: tuple[str, ...]
    shut_out: tuple[str, ...]

    def seal(self, key: CaseKey, case_id: bytes) -> bytes:
        """Seal the sheet under the office key."""
        ids = {"readers": _join(self.readers), "shut_out": _join(self.shut_out)}
        return seal(json.dumps({"v": 1, **ids}).encode(), key.office, _place(case_id))

    @classmethod
    def unseal(cls, envelope: bytes, key: CaseKey, case_id: bytes) -> "ReaderSheet":
        """Open a sheet.

        Raises:
            BrokenError: not under this key, or damaged.
        """
        values = json.loads(unseal(envelope, key.office, _place(case_id)))
        return cls(_split(values["readers"]), _split(values["shut_out"]))


def _join(ids: tuple[str, ...]) -> str:
    # 16 bytes each, in one base64: forty officers fit the sheet's one size.
    return b64encode(b"".join(map(bytes.fromhex, ids))).decode()


def _split(joined: str) -> tuple[str, ...]:
    plain = b64decode(joined)
    return tuple(
        plain[at : at + _ID_SIZE].hex() for at in range(0, len(plain), _ID_SIZE)
    )


def _place(case_id: bytes) -> Place:
    return Place(case_id, "sheet", 0, "officer", Kind.SHEET)
