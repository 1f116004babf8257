"""Whatever a child answers, a file is failed at worst, and no page breaks."""

import os
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from cleanings import Result, clean, pieces
from hostile_children import write_program

from portal.cleaning.cleaner import Cleaner
from portal.cleaning.protocol import Outcome
from portal.errors import CutShortError, NoPictureError
from portal.file_kinds import FileKind, Finding

MIB = 1024**2
FILE = b"x" * 3 * MIB
READ = "sys.stdin.buffer.read()\n"
KIND = 'say({"kind": "jpeg"})\n'
SAY = """
def say(value, more=b""):
    text = value if isinstance(value, bytes) else json.dumps(value).encode()
    sys.stdout.buffer.write(len(text).to_bytes(4, "big") + text + more)
    sys.stdout.buffer.flush()
ok = {"outcome": "cleaned", "kind": "jpeg", "findings": ["cleaned"]}
"""
LIES = {
    "it says nothing": "",
    "it crashes": "os.abort()",
    "it reads nothing and ends": "os._exit(0)",
    "it says no kind": 'say({"kind": "no-such-kind"})',
    "its kind is no word": 'say({"kind": ["jpeg"]})',
    "it says no JSON": KIND + 'say(b"{")',
    "it says a list": KIND + "say([1])",
    "it says a number as deep as it can": KIND + 'say(b"[" * 4000)',
    "it says no outcome": KIND + 'say({"kind": "jpeg"})',
    "its outcome is unknown": KIND + 'say(ok | {"outcome": "perfect"})',
    "its outcome is no word": KIND + 'say(ok | {"outcome": {}})',
    "its findings are unknown": KIND + 'say(ok | {"findings": ["<script>"]})',
    "its findings are no list": KIND + 'say(ok | {"findings": 7})',
    "its findings are the parent's": KIND + 'say(ok | {"findings": ["busy"]})',
    "its findings are the sender's": KIND + 'say(ok | {"findings": ["as-sent"]})',
    "a length is negative": KIND + 'say(ok | {"content_length": -1})',
    "a length is a boolean": KIND + 'say(ok | {"content_length": True})',
    "a length is endless": KIND + 'say(ok | {"content_length": 2**40})',
    "a length is no number": KIND + 'say(ok | {"preview_length": "9"})',
    "a frame is too large": "say(json.dumps({'kind': 'jpeg'}).encode().ljust(5000)); say(ok)",
    "it sends a file that it calls not cleaned": (
        KIND + 'say(ok | {"outcome": "not-cleanable", "content_length": 5}, b"12345")'
    ),
    "its preview is no JPEG": KIND + 'say(ok | {"preview_length": 5}, b"<svg>")',
    "its preview is too large": (
        KIND + 'say(ok | {"preview_length": 65533}, b"\\xff\\xd8\\xff" + bytes(65530))'
    ),
    "its preview is cut": KIND + 'say(ok | {"preview_length": 50}, b"\\xff\\xd8\\xff")',
}
ENDLESS = "while True: sys.stdout.buffer.write(bytes(65536))"
SLEEP = "time.sleep(60)"
DRIBBLE = """
text = json.dumps(ok).encode()
for byte in len(text).to_bytes(4, "big") + text:
    time.sleep(0.2)
    sys.stdout.buffer.write(bytes((byte,)))
    sys.stdout.buffer.flush()
"""


@pytest.mark.parametrize("lie", LIES)
def test_a_child_that_lies_makes_a_file_failed(tmp_path: Path, lie: str) -> None:
    result = clean_by(tmp_path, READ + LIES[lie])

    assert (result.outcome, result.content) == (Outcome.FAILED, b"")


def test_a_child_that_ends_before_it_read_makes_a_file_failed(tmp_path: Path) -> None:
    assert clean_by(tmp_path, "").outcome is Outcome.FAILED


@pytest.mark.parametrize(
    "body", [READ + SLEEP, SLEEP, READ + KIND + SLEEP, READ + KIND + DRIBBLE]
)
def test_a_child_that_dawdles_is_ended(tmp_path: Path, body: str) -> None:
    begun = time.monotonic()

    assert clean_by(tmp_path, body, patience=0.4).outcome is Outcome.FAILED
    assert time.monotonic() - begun < 5


def test_a_child_that_writes_without_end_is_ended(tmp_path: Path) -> None:
    assert clean_by(tmp_path, ENDLESS, patience=0.4).outcome is Outcome.FAILED


def test_of_a_child_that_breaks_off_nothing_counts(tmp_path: Path) -> None:
    with pytest.raises(CutShortError):
        clean_by(tmp_path, READ + KIND + 'say(ok | {"content_length": 9}, b"12345")')


def test_what_a_child_says_after_its_file_is_not_heard(tmp_path: Path) -> None:
    body = READ + KIND + 'say(ok | {"content_length": 5}, b"12345and more")'

    assert clean_by(tmp_path, body).content == b"12345"


def test_a_kind_that_was_told_before_a_crash_is_known(tmp_path: Path) -> None:
    assert clean_by(tmp_path, READ + KIND + "os.abort()").kind is FileKind.JPEG


def test_no_picture_is_made_of_a_lie(tmp_path: Path) -> None:
    cleaner = Cleaner(program=write_program(tmp_path, SAY + READ + KIND + "say(ok)"))

    with pytest.raises(NoPictureError):
        cleaner.picture(pieces(FILE), len(FILE), FileKind.PDF)


def test_an_error_of_who_reads_the_file_stays_that_error(tmp_path: Path) -> None:
    cleaner = Cleaner(program=write_program(tmp_path, READ + SLEEP))

    with pytest.raises(LookupError), cleaner.clean(missing(), 100, "berkas"):
        pass


def test_too_many_at_once_wait_and_are_told(tmp_path: Path) -> None:
    cleaner = Cleaner(workers=2, queue_seconds=0.05)

    with cleaner.clean(pieces(b"one"), 3, "a"):
        refused = clean(b"two", cleaner=cleaner)
    admitted = clean(b"two", cleaner=cleaner)

    assert refused.outcome is Outcome.FAILED
    assert refused.findings == {Finding.BUSY}
    assert admitted.outcome is not Outcome.FAILED


def test_a_machine_that_starts_no_child_is_busy(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sys, "executable", "/nowhere/python")

    assert clean(FILE).findings == {Finding.BUSY}
    with pytest.raises(NoPictureError):
        Cleaner().picture(pieces(FILE), len(FILE), FileKind.PDF)


def test_a_page_that_breaks_while_a_file_is_cleaned_gives_the_place_back() -> None:
    cleaner = Cleaner(workers=2, queue_seconds=0.05)

    with pytest.raises(LookupError), cleaner.clean(pieces(b"one"), 3, "a"):
        raise LookupError

    assert clean(b"two", cleaner=cleaner).outcome is not Outcome.FAILED


def test_a_file_that_no_child_may_hold_is_not_even_sent() -> None:
    with Cleaner().clean(missing(), 100 * MIB + 1, "film") as examined:
        assert examined.findings == {Finding.TOO_LARGE}


def test_the_parent_holds_no_file(tmp_path: Path) -> None:
    body = READ + KIND + 'say(ok | {"content_length": 2**26}, bytes(2**26))'
    cleaner = Cleaner(program=write_program(tmp_path, SAY + body))
    before, seen = resident(), []

    with cleaner.clean(watched(seen), 2**26, "film") as examined:
        seen += [resident() for _ in examined.content]

    assert max(seen) - before < 16 * MIB


def watched(seen: list[int]) -> Iterator[bytes]:
    """Yield 64 MiB, and note how much memory is filled meanwhile."""
    for _ in range(1024):
        seen.append(resident())
        yield bytes(65536)


def clean_by(folder: Path, body: str, patience: float = 20) -> Result:
    """Clean a file by a child that does *body*."""
    program = write_program(folder, SAY + body)
    return clean(FILE, cleaner=Cleaner(program=program, patience_seconds=patience))


def missing() -> Iterator[bytes]:
    yield b"x" * 10
    raise LookupError


def resident() -> int:
    """Return the bytes of memory that this process fills."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")
