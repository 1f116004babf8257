"""One file of each kind with words in every place that names somebody."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import documents
import recordings
from documents import unpacked
from recordings import recording


@dataclass(frozen=True)
class Planted:
    """A file, and what must not come out of it."""

    make: Callable[[], bytes]
    secrets: tuple[str, ...]
    is_packed: bool = False
    """Whether it is a ZIP file, whose members are searched one by one."""

    def found_in(self, file: bytes) -> list[str]:
        """Return the secrets that *file* holds, packed or unpacked."""
        places = [file]
        if self.is_packed:
            members = unpacked(file)
            places += [*members.values(), *(name.encode() for name in members)]
        return [
            secret
            for secret in self.secrets
            if any(secret.encode() in place for place in places)
        ]


RECORDINGS: Mapping[str, Planted] = {
    kind: Planted(lambda kind=kind: recording(kind), recordings.SECRETS)  # type: ignore[misc]
    for kind in recordings.DEMUXERS
}
DOCUMENTS: Mapping[str, Planted] = {
    "docx": Planted(documents.text_document, documents.SECRETS, is_packed=True),
    "xlsx": Planted(documents.sheet, documents.SECRETS, is_packed=True),
    "pptx": Planted(documents.slides, documents.SECRETS, is_packed=True),
    "odt": Planted(documents.open_document, documents.SECRETS, is_packed=True),
}
