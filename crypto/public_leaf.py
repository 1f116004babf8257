"""What is public enters the trail openly: a text, and a leaf that stands for it (FORMAT 21.2).

Security: nothing is hidden here. Whoever has the text computes the leaf, and its place in
the tree shows that the text is that old and was not replaced.
"""

import hashlib
from enum import IntEnum

LABEL_LEDGER_PUBLIC = b"lurus/v1/ledger-public"


class PublicKind(IntEnum):
    """What was published; its byte enters the leaf and never changes."""

    FIGURES = 1
    """A frozen snapshot of the figures."""
    DECLARATION = 2
    """A declaration, or the head's statement."""
    POLICIES = 3
    """Limits, deadlines and times of keeping that are in force."""
    KEYS = 4
    """To whom the portal seals."""
    SIGNING_KEY = 5
    """The key that signs the trail from some day on."""
    RESTORED = 6
    """The portal was put back from a backup: what followed on it is lost."""

    @property
    def word(self) -> str:
        """What it is called in files and addresses."""
        return self.name.lower().replace("_", "-")


def public_leaf(kind: PublicKind, text: bytes) -> bytes:
    """Return the leaf of a public text, 32 bytes."""
    digest = hashlib.sha256(text).digest()
    parts = LABEL_LEDGER_PUBLIC, b"\x00", kind.to_bytes(1, "big"), digest
    return hashlib.sha256(b"".join(parts)).digest()
