"""Seeds wrapped to a recovery identity, whose own seed stands on papers (FORMAT 13).

Security: each officer's seed is wrapped to the recovery identity, which nobody
keeps: its seed is split with SLIP-39 and shown once. Fewer shares than are needed tell
nothing of it. There is no passphrase beside the shares: who remembers one, and
for how long, is what recovery cannot count on. Base mode authenticates nobody: the
caller compares the recipient of what was recovered with the one that is known.
"""

import hmac
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Self

from shamir_mnemonic import (
    MnemonicError,
    Share,
    combine_mnemonics,
    generate_mnemonics,
)
from shamir_mnemonic.wordlist import WORDLIST

from crypto import base32
from crypto.errors import (
    BrokenError,
    OtherSetError,
    ShareLengthError,
    TooFewSharesError,
    UnknownWordError,
    WrongWordError,
)
from crypto.keys import SEED_SIZE, WRAP_OVERHEAD, Identity, Recipient

LABEL_RECOVERY_WRAP = b"lurus/v1/recovery-wrap"

RECOVERY_WRAP_SIZE = SEED_SIZE + WRAP_OVERHEAD  # 1169
SHARE_WORDS = 33
WORD_START = 4  # letters: enough to tell any two words apart
MOST_SHARES = 16

# PBKDF2 stretches a passphrase, and there is none: the fewest rounds that exist. A
# share that asks for more (up to 2^15 times) is not ours and costs nothing.
_ITERATION_EXPONENT = 0
_BY_START = {word[:WORD_START]: word for word in WORDLIST}
_WORD = re.compile(r"[^\W\d_]+")


def wrap_seed(identity: Identity, recovery: Recipient, *, holder: bytes) -> bytes:
    """Wrap *holder*'s seed to the recovery identity: `RECOVERY_WRAP_SIZE` bytes."""
    return recovery.wrap(
        identity.reveal(), label=LABEL_RECOVERY_WRAP, context=(holder,)
    )


def unwrap_seed(wrapped: bytes, recovery: Identity, *, holder: bytes) -> Identity:
    """Return *holder*'s identity.

    Raises:
        NotYoursError: wrapped to another recovery identity or for another holder,
            or damaged.
        BrokenError: what is wrapped is no seed.
    """
    seed = recovery.unwrap(wrapped, label=LABEL_RECOVERY_WRAP, context=(holder,))
    if len(seed) != SEED_SIZE:
        raise BrokenError
    return Identity(seed)


@dataclass(frozen=True, eq=False, slots=True)
class RecoveryShare:
    """One paper's words, which fit together; reading them out is `reveal`."""

    _share: Share = field(repr=False)

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read 33 words, whole or from four letters on, in any case and spacing.

        Raises:
            UnknownWordError: a word is in no list.
            ShareLengthError: more or fewer than 33 words.
            WrongWordError: a word is wrong, or two have changed places.
            OtherSetError: a share of something that is not Lurus.
        """
        typed = _WORD.findall(base32.fold_width(text).lower())
        words = [_word(start, place) for place, start in enumerate(typed, 1)]
        if len(words) != SHARE_WORDS:
            raise ShareLengthError(SHARE_WORDS, len(words))
        try:
            share = Share.from_mnemonic(" ".join(words))
        except MnemonicError:
            raise WrongWordError from None
        if not _is_ours(share):
            raise OtherSetError
        return cls(share)

    @property
    def need(self) -> int:
        """How many shares of this set are needed."""
        return int(self._share.member_threshold)

    @property
    def number(self) -> int:
        """Which share of its set it is, from 1."""
        return int(self._share.index) + 1

    def reveal(self) -> str:
        """Write the words out."""
        return str(self._share.mnemonic())

    def is_of_set(self, other: "RecoveryShare") -> bool:
        """Tell whether both may stand in one set: one in 32,768 does by chance."""
        return bool(
            self._share.group_parameters() == other._share.group_parameters()  # noqa: SLF001
        )


def split(identity: Identity, *, need: int = 2, of: int = 3) -> tuple[str, ...]:
    """Write the seed as *of* shares, any *need* of which give it back.

    One of one is a paper key. ValueError: more than 16, or several of which one
    is enough (copies of one paper are the same and say so).
    """
    if not 1 <= need <= of <= MOST_SHARES or (need == 1 and of > 1):
        raise ValueError("1 of 1, or 2 to 16 of at most 16")
    (shares,) = generate_mnemonics(
        1,
        [(need, of)],
        identity.reveal(),
        extendable=True,
        iteration_exponent=_ITERATION_EXPONENT,
    )
    return tuple(shares)


def combine(shares: Sequence[RecoveryShare]) -> Identity:
    """Return the identity whose seed was split; the same share twice counts once.

    Raises:
        OtherSetError: a share is of another set than the first.
        TooFewSharesError: more are needed.
    """
    different: dict[int, RecoveryShare] = {}
    for place, share in enumerate(shares, 1):
        kept = different.setdefault(share.number, share)
        if not share.is_of_set(shares[0]) or kept.reveal() != share.reveal():
            raise OtherSetError(place)
    need = shares[0].need if shares else 1
    if len(different) < need:
        raise TooFewSharesError(need, len(different))
    first, *others = _choices(list(different.values()), need)
    seed = _recover(first)
    # More than are needed must agree: none is believed unread.
    if not all(hmac.compare_digest(_recover(other), seed) for other in others):
        raise OtherSetError
    return Identity(seed)


def _choices(shares: list[RecoveryShare], need: int) -> list[list[RecoveryShare]]:
    extra = [[*shares[: need - 1], share] for share in shares[need:]]
    return [shares[:need], *extra]


def _recover(shares: list[RecoveryShare]) -> bytes:
    try:
        return bytes(combine_mnemonics([share.reveal() for share in shares]))
    except MnemonicError:
        raise OtherSetError from None


def _word(typed: str, place: int) -> str:
    word = _BY_START.get(typed[:WORD_START], "")
    if not word.startswith(typed):
        raise UnknownWordError(place)
    return word


def _is_ours(share: Share) -> bool:
    is_alone = share.group_index == 0 and share.group_count == 1
    is_plain = share.extendable and share.iteration_exponent == _ITERATION_EXPONENT
    is_needed = share.member_threshold > 1 or share.index == 0
    return bool(is_alone and is_plain and is_needed)
