"""Files go through the cleaner, and a second reader looks at what comes out."""

import json
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass

from programs import need

from portal.cleaning.cleaner import Cleaner
from portal.cleaning.protocol import Outcome
from portal.file_kinds import FileKind, Finding

PIECE_SIZE = 64 * 1024


@dataclass(frozen=True)
class Result:
    """What became of a file, its content read to the end."""

    kind: FileKind
    outcome: Outcome
    findings: frozenset[Finding]
    preview: bytes
    content: bytes


def clean(
    content: bytes, name: str = "berkas", cleaner: Cleaner | None = None
) -> Result:
    """Hand a file in to be cleaned, as the portal does."""
    cleaner = cleaner or Cleaner()
    with cleaner.clean(pieces(content), len(content), name) as examined:
        return Result(
            *(examined.kind, examined.outcome, examined.findings, examined.preview),
            content=b"".join(examined.content),
        )


def pieces(content: bytes) -> Iterator[bytes]:
    return (
        content[start : start + PIECE_SIZE]
        for start in range(0, len(content), PIECE_SIZE)
    )


def exiftool(content: bytes, *arguments: str) -> bytes:
    """Return what exiftool makes or tells of a file."""
    program = need("exiftool", "libimage-exiftool-perl")
    return subprocess.run(
        [program, *arguments, "-"], input=content, capture_output=True, check=True
    ).stdout


def read_tags(content: bytes) -> dict[str, str]:
    """Return all that exiftool finds, also in what is embedded, by group and name."""
    found = json.loads(exiftool(content, "-json", "-G1", "-a", "-ee", "-U", "-struct"))
    return {
        name: str(value)
        for name, value in found[0].items()
        if not name.startswith(("ExifTool:", "System:", "SourceFile"))
    }
