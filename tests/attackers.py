"""What attackers hold: a thief the installation's folder, an observer the answers."""

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from people import Page

from portal.database import DATABASE_FILE

_TOKEN = re.compile(r'(name="(?:csrf_token|form_token)" value=")[^"]*"')
_FILLER = re.compile(r"<!--[0-9a-f]*-->$")

Row = dict[str, Any]


@dataclass(frozen=True)
class Loot:
    """Every row of the database, by table; equal if nothing was changed."""

    tables: dict[str, list[Row]]

    @classmethod
    def of(cls, instance: Path) -> "Loot":
        """Read all there is in the folder of an installation."""
        with closing(sqlite3.connect(instance / DATABASE_FILE)) as database:
            database.row_factory = sqlite3.Row
            # One moment of all tables, though a server goes on writing.
            database.execute("BEGIN")
            return cls({name: _rows(database, name) for name in _tables(database)})

    def column(self, table: str, name: str) -> list[Any]:
        return [row[name] for row in self.tables[table]]

    def values(self) -> Iterator[Any]:
        for rows in self.tables.values():
            for row in rows:
                yield from row.values()

    def blobs(self) -> list[bytes]:
        return [value for value in self.values() if isinstance(value, bytes)]

    def only(self, *tables: str) -> "Loot":
        return Loot({name: self.tables[name] for name in tables})


def bare(page: Page, *typed: str) -> str:
    """Return a page without its tokens, its filler and what was *typed*."""
    html = _FILLER.sub("", _TOKEN.sub(r'\1"', page.html))
    for text in typed:
        html = html.replace(text, "")
    return html


def shape(page: Page) -> tuple[object, ...]:
    """Return what an observer sees of an answer besides its body."""
    headers = sorted((name, len(text)) for name, text in page.response.headers)
    return page.response.status, tuple(headers)


def body_size(page: Page) -> int:
    return len(page.response.get_data())


def files_holding(words: list[str], *folders: Path) -> list[str]:
    """Return the files below *folders* that hold one of *words*, by name and word."""
    paths = [path for folder in folders for path in sorted(folder.rglob("*"))]
    return [
        f"{path}: {word}"
        for path in paths
        if path.is_file()
        for content in [path.read_bytes()]
        for word in words
        if word.encode() in content
    ]


def _tables(database: sqlite3.Connection) -> list[str]:
    query = "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name"
    return [name for (name,) in database.execute(query)]


def _rows(database: sqlite3.Connection, table: str) -> list[Row]:
    rows = [dict(row) for row in database.execute(f'SELECT * FROM "{table}"')]
    return sorted(rows, key=repr)
