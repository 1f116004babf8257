"""One size per kind, or a bucket of sizes: a length says little (FORMAT 6.1, 14.4)."""

from crypto.errors import BrokenError

LENGTH_SIZE = 4
SMALLEST_FILE = 2 * 64 * 1024
"""What stands in front of every file, and the first 64 KiB of it."""


class TooLongError(ValueError):
    """The text is longer than its kind allows; it is refused, never cut."""

    def __init__(self, excess: int) -> None:
        super().__init__(f"{excess} bytes too long")
        self.excess = excess


def pad(text: bytes, size: int) -> bytes:
    """Return *text* behind its length (4 bytes, big-endian), zeros up to *size*.

    Raises:
        TooLongError: more than ``size - 4`` bytes.
    """
    if len(text) > size - LENGTH_SIZE:
        raise TooLongError(len(text) - (size - LENGTH_SIZE))
    return (len(text).to_bytes(LENGTH_SIZE, "big") + text).ljust(size, b"\x00")


def unpad(padded: bytes, size: int) -> bytes:
    """Return the text; strict: one padding per text.

    Raises:
        BrokenError: another size, a length that does not fit, or no zeros.
    """
    if len(padded) != size:
        raise BrokenError
    end = LENGTH_SIZE + int.from_bytes(padded[:LENGTH_SIZE], "big")
    if end > size or padded[end:].strip(b"\x00"):
        raise BrokenError
    return padded[LENGTH_SIZE:end]


def padded_file_size(length: int) -> int:
    """Return the bucket of *length* bytes: one size up to 128 KiB, then Padmé.

    At most 12 % more, here 3.2 %, and a size tells log log *length* bits only (Nikitin
    et al., "Reducing Metadata Leakage from Encrypted Files and Communication with
    PURBs", 2019). *length* counts what stands in front: the first 64 KiB are no file's.
    """
    if length <= SMALLEST_FILE:
        return SMALLEST_FILE
    exponent = length.bit_length() - 1
    mantissa = exponent.bit_length()
    step = 1 << (exponent - mantissa)
    return -(-length // step) * step
