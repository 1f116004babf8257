"""The people of a document as numbers: who differs is kept, who it was is not."""

import re
from dataclasses import dataclass, field

NO_TIME = "1970-01-01T00:00:00Z"
"""Where a time has to stand."""

_PATH = re.compile(
    r"\\|^/|^\w+://|\.(?:jpe?g|png|gif|tiff?|heic|webp|bmp|svg|[ew]mf|pdf|do[ct]x?)$",
    re.IGNORECASE,
)


@dataclass
class Names:
    """Numbers for names, in the order in which they are met; one for a whole document."""

    _numbers: dict[str, int] = field(default_factory=dict)

    def number(self, name: str) -> str:
        """Return what stands for *name*, wherever it is met again."""
        if not name.strip():
            return name
        number = self._numbers.setdefault(name.strip(), len(self._numbers) + 1)
        return f"Author {number}"

    def number_first(self, text: str) -> str:
        """Return *text* with a number for a name that was met, where it begins so."""
        name, colon, rest = text.partition(":")
        is_known = bool(colon) and name.strip() in self._numbers
        return f"{self.number(name)}:{rest}" if is_known else text


def is_path(text: str) -> bool:
    """Tell whether a description is rather the name or the place of a file."""
    return bool(_PATH.search(text.strip()))
