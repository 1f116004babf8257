"""What can go wrong, told apart no further than it is safe to tell.

    CryptoError
    ├── NotYoursError    a wrap or lock does not open (foreign or damaged)
    │   ├── OtherSetError       a recovery share belongs to another set
    │   └── TooFewSharesError   fewer recovery shares than the set needs
    ├── BrokenError      a text or chain fails under a key that is right
    │   └── FlawedReceiptError  a receipt does not show what it says
    └── MistypedError    a case code or token is not one (check symbols, shape)
        ├── ShareLengthError    a recovery share has another number of words
        ├── UnknownWordError    a word is in no list
        └── WrongWordError      the words do not fit together

Inside each of the three the message is always the same: nothing tells one cause from
another. Recovery shares alone say more. They are typed from paper, by who holds the
paper, and what is said follows from the words and from nothing that is kept. So does a
receipt, which holds no secret of the portal's and is checked by whoever has it.
"""

from enum import StrEnum


class CryptoError(Exception):
    """A sealed thing could not be used."""


class NotYoursError(CryptoError):
    """This key does not open it: sealed to somebody else, moved, or damaged."""

    def __init__(self) -> None:
        super().__init__("this key does not open it")


class BrokenError(CryptoError):
    """The sealed thing is not as it was made: changed, cut, swapped or moved."""

    def __init__(self) -> None:
        super().__init__("the sealed thing is not as it was made")


class MistypedError(CryptoError):
    """The text cannot be a code: a slip of the hand, or not a code at all."""

    def __init__(self) -> None:
        super().__init__("this cannot be a code")


class Flaw(StrEnum):
    """What of a receipt does not hold; the first that fails, in this order."""

    FORM = "form"
    """It is not written as a receipt is."""
    LEAF = "leaf"
    """A leaf does not follow from what is shown of its step."""
    ORIGIN = "origin"
    """It is of another trail, or of several."""
    TEXT = "text"
    """A text is not the one that its leaf holds."""
    SILENCE = "silence"
    """A step does not follow from the key that was released, or none was."""
    PATH = "path"
    """A proof does not lead from a leaf to its checkpoint."""
    GROWTH = "growth"
    """A checkpoint did not grow from the one before."""
    SIGNATURE = "signature"
    """A checkpoint is not signed by the keys that are named."""
    KEY = "key"
    """Keys are named that signed nothing, or that the reader does not trust."""
    LEAVES = "leaves"
    """The list of leaves is not the one that was signed."""
    HIDDEN = "hidden"
    """A step is in the trail and is not shown."""


class FlawedReceiptError(BrokenError):
    """The receipt does not show what it says."""

    def __init__(self, flaw: Flaw, at: str = "") -> None:
        super().__init__()
        self.args = (f"{flaw} {at}".rstrip(),)
        self.flaw = flaw
        self.at = at
        """The number of a step (*hidden*: and its kind), or the day of a checkpoint."""


class OtherSetError(NotYoursError):
    """This share belongs to another set, or to something that is not Lurus."""

    def __init__(self, place: int | None = None) -> None:
        super().__init__()
        self.args = ("this share belongs to another set",)
        self.place = place
        """Which share, from 1; None where that cannot be known."""


class TooFewSharesError(NotYoursError):
    """The set needs more shares than were given."""

    def __init__(self, needed: int, given: int) -> None:
        super().__init__()
        self.args = (f"{needed} different shares are needed, {given} given",)
        self.needed = needed
        self.given = given


class ShareLengthError(MistypedError):
    """A share has another number of words than this text."""

    def __init__(self, needed: int, given: int) -> None:
        super().__init__()
        self.args = (f"a share has {needed} words, not {given}",)
        self.needed = needed
        self.given = given


class UnknownWordError(MistypedError):
    """A word of the share is in no list; its number, from 1, is `place`."""

    def __init__(self, place: int) -> None:
        super().__init__()
        self.args = (f"word {place} is in no list",)
        self.place = place


class WrongWordError(MistypedError):
    """Every word is known and one at least is wrong, or two have changed places."""

    def __init__(self) -> None:
        super().__init__()
        self.args = ("a word is wrong",)
