"""A file, cleaned as the portal cleans it: in a child of its own."""

from dataclasses import dataclass

from portal.cleaning.cleaner import Cleaner
from portal.cleaning.protocol import Outcome
from portal.file_kinds import FileKind, Finding


@dataclass(frozen=True)
class CleanFile:
    """What became of a file, with all of its content."""

    kind: FileKind
    outcome: Outcome
    findings: frozenset[Finding]
    content: bytes


def clean(file: bytes, name: str = "IMG_1234.bin") -> CleanFile:
    """Let the portal clean *file*, which its sender calls *name*."""
    with Cleaner().clean([file], len(file), name) as examined:
        content = b"".join(examined.content)
        return CleanFile(examined.kind, examined.outcome, examined.findings, content)
