"""What a file that was received and not handed in is known by (FORMAT 10.4).

Security: only the form holds the token. The portal stores its SHA-256 and, locked under
a key that follows from it, the file's name, length and key: until the form
is handed in, nobody but its writer opens what was received.
"""

import binascii
import hashlib
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import Self

from crypto.errors import MistypedError
from crypto.lock import InstanceId, Key
from crypto.padding import pad, unpad

LABEL_UPLOAD_KEY = b"lurus/v1/upload-key"
LABEL_UPLOAD = b"lurus/v1/upload"

UPLOAD_TOKEN_SIZE = 33
UPLOAD_TOKEN_LENGTH = 44  # symbols of base64url; 33 bytes need no padding
UPLOAD_ENTRY_SIZE = 1024


class UploadToken:
    """A token of one received file; reading it out is `reveal`."""

    __slots__ = ("_token",)

    def __init__(self, token: bytes) -> None:
        self._token = token

    @classmethod
    def generate(cls) -> Self:
        """Draw a token from the operating system."""
        return cls(secrets.token_bytes(UPLOAD_TOKEN_SIZE))

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read a token as a form carries it.

        Raises:
            MistypedError: it cannot be one.
        """
        if len(text) != UPLOAD_TOKEN_LENGTH or not text.isascii():
            raise MistypedError
        try:
            token = urlsafe_b64decode(text)
        except binascii.Error:
            raise MistypedError from None
        is_whole = len(token) == UPLOAD_TOKEN_SIZE
        if not is_whole or urlsafe_b64encode(token).decode() != text:
            raise MistypedError
        return cls(token)

    def reveal(self) -> str:
        """Write the token as the form carries it: 44 symbols."""
        return urlsafe_b64encode(self._token).decode()

    def upload_id(self) -> bytes:
        """Return what the row is stored by: SHA-256 of the token."""
        return hashlib.sha256(self._token).digest()

    def lock(self, entry: bytes, instance: InstanceId) -> bytes:
        """Lock what is known of the file, filled up to 1 KiB.

        Raises:
            TooLongError: more than 1,020 bytes.
        """
        return self._key(instance).lock(
            pad(entry, UPLOAD_ENTRY_SIZE),
            label=LABEL_UPLOAD,
            context=(self.upload_id(),),
        )

    def unlock(self, locked: bytes, instance: InstanceId) -> bytes:
        """Return what was locked.

        Raises:
            NotYoursError: another file's, or damaged.
            BrokenError: what is locked is not of 1 KiB.
        """
        padded = self._key(instance).unlock(
            locked, label=LABEL_UPLOAD, context=(self.upload_id(),)
        )
        return unpad(padded, UPLOAD_ENTRY_SIZE)

    def _key(self, instance: InstanceId) -> Key:
        return Key(self._token, instance).derive(LABEL_UPLOAD_KEY)
