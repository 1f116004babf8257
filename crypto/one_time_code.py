"""The second factor: a one-time code from a phone (FORMAT 8).

Security: TOTP (RFC 6238), SHA-1, six digits, 30 seconds, as all apps know it.
One step to either side is accepted for clocks that are off; the caller keeps
the step that was accepted and never accepts it, or an earlier one, again. The
secret is locked with its holder's identity.
"""

import base64
import hmac
import secrets
from typing import Self
from urllib.parse import quote

from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.hotp import HOTP

from crypto.errors import BrokenError, NotYoursError
from crypto.keys import Identity
from crypto.lock import LOCK_OVERHEAD, InstanceId

LABEL_ONE_TIME_CODE = b"lurus/v1/one-time-code"
LABEL_ONE_TIME_KEY = b"lurus/v1/one-time-key"

SECRET_SIZE = 20
LOCKED_SECRET_SIZE = SECRET_SIZE + LOCK_OVERHEAD  # 101
DIGITS = 6
STEP_SECONDS = 30
_STEPS_OFF = (-1, 0, 1)  # rising: of two steps with one code the later is used up


class OneTimeSecret:
    """What a person's app and the portal share; reading it out is `reveal`."""

    __slots__ = ("_secret",)

    def __init__(self, secret: bytes) -> None:
        if len(secret) != SECRET_SIZE:
            raise BrokenError
        self._secret = secret

    @classmethod
    def generate(cls) -> Self:
        """Draw a new secret from the operating system."""
        return cls(secrets.token_bytes(SECRET_SIZE))

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read what `reveal` wrote."""
        return cls(base64.b32decode(text))

    def reveal(self) -> str:
        """Write the secret as apps take it: base32 (RFC 4648), 32 symbols."""
        return base64.b32encode(self._secret).decode()

    def address(self, *, name: str, issuer: str) -> str:
        """Write the ``otpauth://`` address for a QR code."""
        label = quote(f"{issuer}:{name}", safe="")
        return (
            f"otpauth://totp/{label}?secret={self.reveal()}&issuer={quote(issuer)}"
            f"&algorithm=SHA1&digits={DIGITS}&period={STEP_SECONDS}"
        )

    def code(self, step: int) -> str:
        """Return the code of a 30-second step (Unix time // 30)."""
        # RFC 6238: what all apps know; as an HMAC, SHA-1 is sound.
        hotp = HOTP(self._secret, DIGITS, SHA1())  # noqa: S303  # nosec B303
        return hotp.generate(step).decode()

    def accept(self, typed: str, *, now: int, last_step: int) -> int:
        """Return the step that *typed* is the code of, later than *last_step*.

        *now* is Unix time in seconds.

        Raises:
            NotYoursError: no such code, or one of a step already used.
        """
        current = now // STEP_SECONDS
        accepted = -1
        for step in (current + off for off in _STEPS_OFF):
            right = hmac.compare_digest(self.code(step).encode(), typed.encode())
            accepted = step if right else accepted
        if accepted <= last_step:
            raise NotYoursError
        return accepted

    def lock(self, identity: Identity, *, holder: bytes, instance: InstanceId) -> bytes:
        """Lock the secret with its holder's identity: 101 bytes."""
        key = identity.key(instance).derive(LABEL_ONE_TIME_KEY)
        return key.lock(self._secret, label=LABEL_ONE_TIME_CODE, context=(holder,))

    @classmethod
    def unlock(
        cls, locked: bytes, identity: Identity, *, holder: bytes, instance: InstanceId
    ) -> Self:
        """Return the secret.

        Raises:
            NotYoursError: another holder's, or damaged.
        """
        key = identity.key(instance).derive(LABEL_ONE_TIME_KEY)
        return cls(key.unlock(locked, label=LABEL_ONE_TIME_CODE, context=(holder,)))
