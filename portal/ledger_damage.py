"""What can have been done to the public trail, each with a name."""

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum


class Harm(StrEnum):
    """What was done; the rest of a sentence that begins with a day."""

    REMOVED = "a leaf was removed"
    EDITED = "a leaf was changed"
    ADDED = "a leaf was added later"
    SKIPPED = "the day was skipped"
    DAY_CHANGED = "the day is not what was signed"
    UNSIGNED = "the checkpoint is not signed by the key of that day"
    OLD_KEY = "the checkpoint is signed by a key whose time was over"
    RESIGNED = "the history was written and signed anew"
    COSIGNATURE = "what a custodian cosigned was another checkpoint"
    UNCOSIGNED = "a custodian's line was taken away"
    PAPER = "a public text was changed, removed or put there"
    NODES = "what proofs are made of does not fit the leaves"
    RECORD = "the audit record is not the one that was committed to"
    KEYS = "the keys that were published are not those that were signed"
    LATE = "a leaf still waits though the day is closed"
    KEY = "a new signing key was not signed by the one before"
    FOREIGN = (
        "the checkpoint is of another portal, or of a key that the trail never named"
    )


@dataclass(frozen=True)
class Damage:
    """One thing that does not hold."""

    harm: Harm
    day: dt.date

    def __str__(self) -> str:
        return f"{self.day}: {self.harm}."
