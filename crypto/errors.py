"""What can go wrong, told apart no further than it is safe to tell.

    CryptoError
    ├── NotYoursError    a wrap or lock does not open (foreign or damaged)
    ├── BrokenError      a text or chain fails under a key that is right
    └── MistypedError    a case code or token is not one (check symbols, shape)

Inside each the message is always the same: nothing tells one cause from another.
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
