"""Kinds of files in which everything is planted that could name their author."""

from collections.abc import Callable
from dataclasses import dataclass


def as_it_is(content: bytes) -> bytes:
    return content


@dataclass(frozen=True)
class Format:
    """A kind of file: with words planted wherever it can carry them, and without."""

    name: str
    words: tuple[str, ...]
    planted: Callable[[], bytes]
    plain: Callable[[], bytes]
    """As it comes out where nothing was planted: which tags it must have."""
    unpacked: Callable[[bytes], bytes] = as_it_is
    """Opens what is compressed inside, for a search through raw bytes."""

    def __str__(self) -> str:
        return self.name
