"""What parent and child say to each other: short JSON, then bytes of a told length.

    parent -> child   frame(Request), then the file, to the end
    child -> parent   frame(kind), frame(Answer), preview, then the cleaned file

A frame is 4 bytes length (big-endian) and that much JSON. The child answers when it has
read everything, so neither waits for the other. Whatever it answers may have been written
by the file: the parent takes known words and bounded numbers, and nothing else.
"""

import json
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, TypeVar

from portal.file_kinds import FileKind, Finding

LENGTH_SIZE = 4
LARGEST_FRAME = 4096
LARGEST_INPUT = 100 * 1024**2
LARGEST_OUTPUT = 128 * 1024**2
LARGEST_PREVIEW = 64 * 1024 - 4
"""A preview stands in the first chunk of a sealed file, behind its length."""
LARGEST_PICTURE = 4 * 1024**2
LARGEST_SIDE = 2400
MOST_PAGES = 100_000

_LONGEST_NAME = 120

Word = TypeVar("Word", bound=StrEnum)


class BrokenFrameError(ValueError):
    """What was received is not what was agreed."""


class Task(StrEnum):
    """What a child is started for."""

    CLEAN = "clean"
    PICTURE = "picture"
    PROBE = "probe"


class Outcome(StrEnum):
    """How cleaning ended."""

    CLEANED = "cleaned"
    """There is a file anew, without what names author, device and place."""
    NOT_CLEANABLE = "not-cleanable"
    """The portal does not clean this kind, or not this file: its sender decides."""
    FAILED = "failed"
    """It should have been cleaned, and could not be: broken, too large, or hostile."""


@dataclass(frozen=True)
class Request:
    """What the child is to do with the file that follows."""

    task: Task
    length: int
    name: str = ""
    """As the sender calls it; believed in nothing but a warning."""
    page: int = 1
    side: int = 0
    """The longest side of the picture asked for, in pixels."""

    def encode(self) -> bytes:
        """Return the frame."""
        name = self.name[-_LONGEST_NAME:]
        return _frame({**vars(self), "name": name})

    @classmethod
    def parse(cls, frame: bytes) -> "Request":
        """Return what a frame's JSON says; the parent is believed."""
        said = json.loads(frame)
        return cls(**{**said, "task": Task(said["task"])})


# What the parent alone knows, or who sends the file.
_NOT_A_CHILDS = frozenset({Finding.AS_SENT, Finding.BUSY})


@dataclass(frozen=True)
class Answer:
    """How it went, and how many bytes of what follow."""

    outcome: Outcome
    kind: FileKind
    """Of what comes out; of what came in where nothing does."""
    findings: frozenset[Finding] = frozenset()
    preview_length: int = 0
    content_length: int = 0
    page_count: int = 0
    guards: tuple[str, ...] = field(default=())
    """What holds the child back; answered to a probe alone."""

    def encode(self) -> bytes:
        """Return the frame."""
        return _frame({**vars(self), "findings": sorted(self.findings)})

    @classmethod
    def parse(cls, frame: bytes) -> "Answer":
        """Return what a child's frame says.

        Raises:
            BrokenFrameError: a word is unknown, or a number out of bounds.
        """
        said = _said(frame)
        answer = cls(
            outcome=_word(Outcome, said.get("outcome")),
            kind=_word(FileKind, said.get("kind")),
            findings=frozenset(
                _word(Finding, word) for word in _list(said, "findings")
            ),
            preview_length=_number(said, "preview_length", LARGEST_PICTURE),
            content_length=_number(said, "content_length", LARGEST_OUTPUT),
            page_count=_number(said, "page_count", MOST_PAGES),
            guards=tuple(str(word)[:20] for word in _list(said, "guards")),
        )
        if answer.content_length and answer.outcome is not Outcome.CLEANED:
            raise BrokenFrameError
        if answer.findings & _NOT_A_CHILDS:
            raise BrokenFrameError
        return answer


def kind_frame(kind: FileKind) -> bytes:
    """Return the first frame of a child: what the bytes are."""
    return _frame({"kind": kind})


def parse_kind(frame: bytes) -> FileKind:
    """Return what a child takes the bytes for.

    Raises:
        BrokenFrameError: it is no such word.
    """
    return _word(FileKind, _said(frame).get("kind"))


def _frame(value: dict[str, Any]) -> bytes:
    text = json.dumps(value).encode()
    return len(text).to_bytes(LENGTH_SIZE, "big") + text


def _said(frame: bytes) -> dict[str, Any]:
    try:
        said = json.loads(frame)
    except (ValueError, RecursionError):
        raise BrokenFrameError from None
    if not isinstance(said, dict):
        raise BrokenFrameError
    return said


def _list(said: dict[str, Any], key: str) -> list[Any]:
    value = said.get(key, [])
    if not isinstance(value, list):
        raise BrokenFrameError
    return value


def _word(words: type[Word], value: Any) -> Word:
    try:
        return words(value)
    except ValueError:
        raise BrokenFrameError from None


def _number(said: dict[str, Any], key: str, most: int) -> int:
    value = said.get(key, 0)
    if type(value) is not int or not 0 <= value <= most:
        raise BrokenFrameError
    return value
