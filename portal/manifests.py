"""What is known of the files that came with a text; sealed beside it.

Of a file the rows name its object and its case, and nothing else. Name, type,
length, findings and key stand here, under the key of the text.
"""

import json
from base64 import b64decode, b64encode
from dataclasses import dataclass, field

from crypto import CHUNK_SIZE, FileKey, Key, Place, seal, unseal
from portal.file_kinds import FileKind, Finding

MOST_FILES = 20
NAME_BYTES = 120

PREVIEW_SIZE = CHUNK_SIZE
"""Bytes before every file: its length, a small picture or none, zeros."""


@dataclass(frozen=True)
class AttachedFile:
    """One file, and the key that opens it."""

    object_id: bytes
    key: FileKey = field(repr=False)
    length: int
    """Bytes of the file itself, behind its preview."""
    name: str = field(repr=False)
    kind: FileKind
    findings: frozenset[Finding] = frozenset()
    has_preview: bool = False

    @property
    def is_cleaned(self) -> bool:
        """Tell whether author, device and place were taken out."""
        return Finding.CLEANED in self.findings

    def encode(self) -> dict[str, object]:
        """Write it as values of JSON."""
        return {
            "object": self.object_id.hex(),
            "key": b64encode(self.key.reveal()).decode(),
            "length": self.length,
            "name": self.name,
            "kind": self.kind,
            "findings": sorted(self.findings),
            "preview": int(self.has_preview),
        }

    @classmethod
    def decode(cls, values: dict[str, object]) -> "AttachedFile":
        """Read what `encode` wrote."""
        return cls(
            object_id=bytes.fromhex(str(values["object"])),
            key=FileKey(b64decode(str(values["key"]))),
            length=int(str(values["length"])),
            name=str(values["name"]),
            kind=FileKind(str(values["kind"])),
            findings=frozenset(map(Finding, values["findings"])),  # type: ignore[call-overload]  # a list of words
            has_preview=bool(values["preview"]),
        )


@dataclass(frozen=True)
class Manifest:
    """The files of one text, in the order in which they were chosen."""

    files: tuple[AttachedFile, ...]

    def seal(self, key: Key, place: Place) -> bytes:
        """Seal it beside its text; *place* is `Place.manifest`'s."""
        files = [file.encode() for file in self.files]
        text = json.dumps({"v": 1, "files": files}, ensure_ascii=False)
        return seal(text.encode(), key, place)

    @classmethod
    def unseal(cls, sealed: bytes, key: Key, place: Place) -> "Manifest":
        """Read what `seal` wrote.

        Raises:
            BrokenError: changed, or moved from another text.
        """
        values = json.loads(unseal(sealed, key, place))
        return cls(tuple(AttachedFile.decode(file) for file in values["files"]))


NO_FILES = Manifest(())
