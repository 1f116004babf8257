"""What can go wrong, told apart no further than it is safe to tell.

    CryptoError
    ├── NotYoursError    a wrap or lock does not open (foreign or damaged)
    │   ├── OtherSetError       a recovery share belongs to another set
    │   └── TooFewSharesError   fewer recovery shares than the set needs
    ├── BrokenError      a text or chain fails under a key that is right
    └── MistypedError    a case code or token is not one (check symbols, shape)
        ├── ShareLengthError    a recovery share has another number of words
        ├── UnknownWordError    a word is in no list
        └── WrongWordError      the words do not fit together

Inside each of the three the message is always the same: nothing tells one cause from
another. Recovery shares alone say more. They are typed from paper, by who holds the
paper, and what is said follows from the words and from nothing that is kept.
"""


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
