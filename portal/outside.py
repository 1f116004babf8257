"""Bodies outside the agency: where to turn in danger, or past its power."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from portal.texts import DATA, Entry, read_data_file

DEFAULT_PATH: Final = DATA / "outside.toml"


@dataclass(frozen=True)
class OutsideBody:
    """A body, what it is there for (both by language), and how to reach it.

    *web* is a host name to print as text, never as a link: following one would tell
    that site where its visitor came from. *web* and *phone* are empty where the body
    has none, or where the agency has not checked them yet.
    """

    key: str
    name: Mapping[str, str]
    purpose: Mapping[str, str]
    web: str
    phone: str


def read_outside_bodies(path: Path = DEFAULT_PATH) -> tuple[OutsideBody, ...]:
    """Read the bodies, the most urgent first.

    Raises:
        DataFileError: a key or language is missing or unknown, a body stands twice.
    """
    file = read_data_file(path)
    file.allow("bodies")
    return tuple(_body(entry) for entry in file.entries("bodies", "key"))


def _body(entry: Entry) -> OutsideBody:
    entry.allow("key", "name", "purpose", "web", "phone", "check_before_printing")
    is_checked = not entry.flag("check_before_printing", absent=False)
    return OutsideBody(
        key=entry.words("key"),
        name=entry.both("name"),
        purpose=entry.both("purpose"),
        web=entry.words("web") if is_checked and "web" in entry.values else "",
        phone=entry.words("phone") if is_checked and "phone" in entry.values else "",
    )
