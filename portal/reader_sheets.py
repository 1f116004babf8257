"""The reader sheet: who reads a case and who is shut out, sealed under the office key.

The portal and the administrator never know it.
"""

import json
from dataclasses import dataclass

from crypto import CaseKey, Kind, Place, seal, unseal


@dataclass(frozen=True)
class ReaderSheet:
    """Officers' ids in hex."""

    readers: tuple[str, ...]
    shut_out: tuple[str, ...]

    def seal(self, key: CaseKey, case_id: bytes) -> bytes:
        """Seal the sheet under the office key."""
        text = json.dumps({"v": 1, "readers": self.readers, "shut_out": self.shut_out})
        return seal(text.encode(), key.office, _place(case_id))

    @classmethod
    def unseal(cls, envelope: bytes, key: CaseKey, case_id: bytes) -> "ReaderSheet":
        """Open a sheet.

        Raises:
            BrokenError: not under this key, or damaged.
        """
        values = json.loads(unseal(envelope, key.office, _place(case_id)))
        return cls(tuple(values["readers"]), tuple(values["shut_out"]))


def _place(case_id: bytes) -> Place:
    return Place(case_id, "sheet", 0, "officer", Kind.SHEET)
