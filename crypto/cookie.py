"""A browser's cookie: what a session is locked under (FORMAT 9).

Security: 32 random bytes. The database knows its SHA-256 and a blob locked
under a key that follows from it: cookie alone or database alone opens nothing.
The token of a form follows from the cookie and the path it is sent to; nothing
is stored for it.
"""

import binascii
import hashlib
import hmac
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import Self

from crypto.errors import MistypedError
from crypto.lock import InstanceId, Key
from crypto.padding import pad, unpad

LABEL_SESSION = b"lurus/v1/session"
LABEL_SESSION_KEY = b"lurus/v1/session-key"
LABEL_CSRF = b"lurus/v1/csrf"

COOKIE_SIZE = 32
COOKIE_LENGTH = 43  # symbols of base64url without padding
SESSION_SIZE = 2048  # padded: a row does not tell whose session it is


class Cookie:
    """The secret a browser brings along; reading it out is `reveal`."""

    __slots__ = ("_secret",)

    def __init__(self, secret: bytes) -> None:
        if len(secret) != COOKIE_SIZE:
            raise MistypedError
        self._secret = secret

    @classmethod
    def generate(cls) -> Self:
        """Draw a new cookie from the operating system."""
        return cls(secrets.token_bytes(COOKIE_SIZE))

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read what `reveal` wrote; one spelling per cookie.

        Raises:
            MistypedError: not a cookie of ours.
        """
        if len(text) != COOKIE_LENGTH or not text.isascii():
            raise MistypedError
        try:
            cookie = cls(urlsafe_b64decode(text + "="))
        except binascii.Error:
            raise MistypedError from None
        if cookie.reveal() != text:
            raise MistypedError
        return cookie

    def reveal(self) -> str:
        """Write the cookie as the browser keeps it: 43 symbols."""
        return urlsafe_b64encode(self._secret).rstrip(b"=").decode()

    def session_id(self) -> bytes:
        """Return what the row is found by: SHA-256 of the cookie."""
        return hashlib.sha256(self._secret).digest()

    def lock_session(self, session: bytes, instance: InstanceId) -> bytes:
        """Lock what a session holds, at most 2,044 bytes; only this cookie opens it."""
        return self._session_key(instance).lock(
            pad(session, SESSION_SIZE),
            label=LABEL_SESSION,
            context=(self.session_id(),),
        )

    def unlock_session(self, locked: bytes, instance: InstanceId) -> bytes:
        """Return what the session holds.

        Raises:
            NotYoursError: another cookie's, or damaged.
        """
        padded = self._session_key(instance).unlock(
            locked, label=LABEL_SESSION, context=(self.session_id(),)
        )
        return unpad(padded, SESSION_SIZE)

    def form_key(self, path: str, instance: InstanceId) -> str:
        """Return the token that a form sent to *path* must carry: 43 symbols."""
        token = Key(self._secret, instance).derive(LABEL_CSRF, path.encode())
        return urlsafe_b64encode(token.reveal()).rstrip(b"=").decode()

    def opens_form(self, token: str, path: str, instance: InstanceId) -> bool:
        """Tell whether *token* is the form key of *path*, in constant time."""
        expected = self.form_key(path, instance)
        return hmac.compare_digest(expected.encode(), token.encode())

    def _session_key(self, instance: InstanceId) -> Key:
        return Key(self._secret, instance).derive(LABEL_SESSION_KEY)
