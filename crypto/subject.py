"""Whom a sealed entry is about, for its writer alone (FORMAT 12.8).

Security: officers who read an entry hold its case key, and shall not learn from it
which of the people on a leaflet's list was meant. So the staff number is locked under
the code key, which only the writer has.
"""

from crypto.lock import LOCK_OVERHEAD, Key
from crypto.padding import pad, unpad

LABEL_SUBJECT = b"lurus/v1/subject"

SUBJECT_SIZE = 64  # padded: nobody, or whoever, looks the same
LOCKED_SUBJECT_SIZE = SUBJECT_SIZE + LOCK_OVERHEAD  # 145


def lock_subject(number: str, code_key: Key, *, case_id: bytes) -> bytes:
    """Lock a canonical staff number, or none, under the code key: 145 bytes.

    Raises:
        TooLongError: it has more than 60 bytes.
    """
    padded = pad(number.encode(), SUBJECT_SIZE)
    return code_key.lock(padded, label=LABEL_SUBJECT, context=(case_id,))


def unlock_subject(locked: bytes, code_key: Key, *, case_id: bytes) -> str:
    """Return the staff number to who has the code; empty: nobody was named so.

    Raises:
        NotYoursError: another case's, another code's, or damaged.
        BrokenError: not padded to the one size.
    """
    padded = code_key.unlock(locked, label=LABEL_SUBJECT, context=(case_id,))
    return unpad(padded, SUBJECT_SIZE).decode()
