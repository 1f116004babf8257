"""Passphrases: long enough, and not what others would try first."""

from functools import cache
from pathlib import Path

LEAST_CHARACTERS = 14
LEAST_SCORE = 4
"""Of zxcvbn's 0 to 4: "very unguessable"."""

_JUDGED_CHARACTERS = 72
_WORDS_FILE = Path(__file__).parent / "data" / "common_words.txt"


def is_too_short(passphrase: str) -> bool:
    """Tell whether it has fewer characters than are asked for."""
    return len(passphrase) < LEAST_CHARACTERS


def is_guessable(passphrase: str, *known: str) -> bool:
    """Tell whether it is made of words that are tried first.

    zxcvbn knows English; Indonesian words, and *known* ones such as the
    person's name, are given to it.
    """
    # Here alone: its lists of words take 12 MiB of a process, and few choose one.
    from zxcvbn import zxcvbn  # noqa: PLC0415

    words = [*_common_words(), *" ".join(known).split()]
    # Spaces would count as strength: it is judged with and without them.
    spellings = {passphrase, "".join(passphrase.split())}
    return any(
        int(zxcvbn(spelling[:_JUDGED_CHARACTERS], user_inputs=words)["score"])
        < LEAST_SCORE
        for spelling in spellings
    )


@cache
def _common_words() -> tuple[str, ...]:
    return tuple(_WORDS_FILE.read_text("utf-8").split())
