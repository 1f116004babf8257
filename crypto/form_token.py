"""A form's token: made without a row, used once (FORMAT 10).

Security: the portal knows its own tokens by an HMAC and stores nothing until
one is used. Handing in stores the token's SHA-256 (the burn) and, locked under
a key that only who holds the form can derive, the code: a form that is sent
twice gets the same page, and nobody else does.
"""

import binascii
import hashlib
import hmac
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import Self

from crypto.errors import MistypedError
from crypto.lock import InstanceId, Key

LABEL_FORM_TOKEN = b"lurus/v1/form-token"
LABEL_FORM_KEY = b"lurus/v1/form-key"
LABEL_FORM = b"lurus/v1/form"

RANDOM_SIZE = 32
TIME_SIZE = 8
MAC_SIZE = 32
TOKEN_SIZE = RANDOM_SIZE + TIME_SIZE + MAC_SIZE  # 72
TOKEN_LENGTH = 96  # symbols of base64url; 72 bytes need no padding


class FormToken:
    """A token of this portal; reading it out is `reveal`."""

    __slots__ = ("_token",)

    def __init__(self, token: bytes) -> None:
        self._token = token

    @classmethod
    def issue(cls, secret: Key, now: int) -> Self:
        """Make a token at Unix time *now*, in seconds."""
        body = secrets.token_bytes(RANDOM_SIZE) + now.to_bytes(TIME_SIZE, "big")
        return cls(body + _mac(secret, body))

    @classmethod
    def parse(cls, text: str, secret: Key) -> Self:
        """Read a token that this portal made.

        Raises:
            MistypedError: forged, cut or of another installation.
        """
        if len(text) != TOKEN_LENGTH or not text.isascii():
            raise MistypedError
        try:
            token = urlsafe_b64decode(text)
        except binascii.Error:
            raise MistypedError from None
        if urlsafe_b64encode(token).decode() != text:
            raise MistypedError
        body, mac = token[:-MAC_SIZE], token[-MAC_SIZE:]
        if not hmac.compare_digest(mac, _mac(secret, body)):
            raise MistypedError
        return cls(token)

    def reveal(self) -> str:
        """Write the token as the form carries it: 96 symbols."""
        return urlsafe_b64encode(self._token).decode()

    def age(self, now: int) -> int:
        """Return its age at Unix time *now*, in seconds."""
        made = self._token[RANDOM_SIZE : RANDOM_SIZE + TIME_SIZE]
        return now - int.from_bytes(made, "big")

    def burn_id(self) -> bytes:
        """Return what the burn is stored by: SHA-256 of the token."""
        return hashlib.sha256(self._token).digest()

    def lock(self, answer: bytes, instance: InstanceId) -> bytes:
        """Lock what the same form gets when it is sent again."""
        return self._key(instance).lock(
            answer, label=LABEL_FORM, context=(self.burn_id(),)
        )

    def unlock(self, locked: bytes, instance: InstanceId) -> bytes:
        """Return what was locked for this form.

        Raises:
            NotYoursError: another form's, or damaged.
        """
        return self._key(instance).unlock(
            locked, label=LABEL_FORM, context=(self.burn_id(),)
        )

    def _key(self, instance: InstanceId) -> Key:
        return Key(self._token, instance).derive(LABEL_FORM_KEY)


def _mac(secret: Key, body: bytes) -> bytes:
    return hmac.digest(secret.derive(LABEL_FORM_TOKEN).reveal(), body, "sha256")
