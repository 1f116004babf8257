"""Beginnings of messages to a reporter, which an officer edits before sending."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from portal.texts import DATA, Entry, read_data_file

DEFAULT_PATH: Final = DATA / "answers.toml"
LONGEST_ANSWER: Final = 900  # characters, in each language


@dataclass(frozen=True)
class Answer:
    """A title for the list and a text to begin with, by language."""

    key: str
    title: Mapping[str, str]
    text: Mapping[str, str]


def read_answers(path: Path = DEFAULT_PATH) -> tuple[Answer, ...]:
    """Read the answers, in the order in which a case needs them.

    Raises:
        DataFileError: a key or language is missing or unknown, an answer stands
            twice or is longer than LONGEST_ANSWER.
    """
    file = read_data_file(path)
    file.allow("answers")
    return tuple(_answer(entry) for entry in file.entries("answers", "key"))


def _answer(entry: Entry) -> Answer:
    entry.allow("key", "title", "text")
    text = entry.both("text")
    if max(map(len, text.values())) > LONGEST_ANSWER:
        raise entry.error("text", f"is longer than {LONGEST_ANSWER} characters")
    return Answer(key=entry.words("key"), title=entry.both("title"), text=text)
