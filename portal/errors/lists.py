"""A list that comes as a file, or as typed lines."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from portal.errors.installation import LurusError

MOST_FAULTS = 50
"""So many are told; a thousand wrong lines are not a thousand sentences."""


@dataclass(frozen=True)
class Fault:
    """What is wrong with one line; 0: with the file as a whole."""

    line: int
    sentence: str
    """In English, as catalogues have it, with gaps like ``%(column)s``."""
    values: Mapping[str, object] = field(default_factory=dict)

    def __str__(self) -> str:
        """Write it in English."""
        said = self.sentence % self.values
        return f"Line {self.line}: {said}" if self.line else said


class ListFileError(LurusError):
    """This list cannot be taken; nothing was imported."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults = tuple(faults)
        told = [str(fault) for fault in faults[:MOST_FAULTS]]
        if len(faults) > MOST_FAULTS:
            told.append(f"And {len(faults) - MOST_FAULTS} more.")
        super().__init__("\n".join(told))
