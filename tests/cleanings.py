"""Files go through the cleaner, and a second reader looks at what comes out."""

import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

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
    """Run exiftool over a file; without it the test is skipped, but never in CI."""
    if shutil.which("exiftool") is None:
        sentence = "exiftool is missing: apt-get install -y libimage-exiftool-perl"
        is_required = os.environ.get("CI") or os.environ.get("LURUS_REQUIRE_ALL")
        (pytest.fail if is_required else pytest.skip)(sentence)
    return subprocess.run(
        ["exiftool", *arguments, "-"], input=content, capture_output=True, check=True
    ).stdout


def read_tags(content: bytes) -> dict[str, str]:
    """Return all that exiftool finds, also in what is embedded, by group and name."""
    found = json.loads(exiftool(content, "-json", "-G1", "-a", "-ee", "-U", "-struct"))
    return {
        name: str(value)
        for name, value in found[0].items()
        if not name.startswith(("ExifTool:", "System:", "SourceFile"))
    }
