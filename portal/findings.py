"""What is not as it should be, and what to do about it: a sentence each."""

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from shlex import quote


class Gravity(StrEnum):
    """How bad it is: a fault breaks a promise, advice would make one stronger."""

    FAULT = "fault"
    ADVICE = "advice"


@dataclass(frozen=True)
class Finding:
    """One thing that is not as it should be."""

    gravity: Gravity
    what: str
    remedy: str

    @property
    def is_fault(self) -> bool:
        """A promise is broken, or the portal cannot start."""
        return self.gravity is Gravity.FAULT


def shell(path: Path) -> str:
    """Write *path* as a shell reads it."""
    return quote(str(path))


def fault(what: str, remedy: str) -> Finding:
    """Return what breaks a promise, or keeps the portal from starting."""
    return Finding(Gravity.FAULT, what, remedy)


def advice(what: str, remedy: str) -> Finding:
    """Return what would make a promise stronger."""
    return Finding(Gravity.ADVICE, what, remedy)
