"""Promises 5 and 6: the columns are those of the list in docs/architecture.md.

What stands in clear is exactly what the section "In clear, and nothing else" says.
"""

import re

from attackers import Loot
from conftest import HOME
from flask import Flask
from sqlalchemy import inspect

from portal.models import Base
from portal.settings import Settings

PAGE = HOME / "docs" / "architecture.md"
HEADING = "## In clear, and nothing else"
ENTRY = re.compile(r"^- `(\w+)`: (.+)$", re.MULTILINE)
# What alembic keeps beside the portal's own tables: the number of the schema.
ALEMBIC = {"alembic_version": ["version_num"]}


def test_the_models_have_the_columns_of_the_list_and_no_other() -> None:
    models = {
        name: [column.name for column in table.columns]
        for name, table in Base.metadata.tables.items()
    }

    assert models == listed_columns()


def test_the_database_has_the_columns_of_the_list_and_no_other(
    app: Flask, settings: Settings
) -> None:
    inspector = inspect(app.extensions["lurus"].database.engine)

    stored = {
        name: sorted(column["name"] for column in inspector.get_columns(name))
        for name in Loot.of(settings.instance).tables
    }

    # What a later version added stands behind what was there.
    listed = listed_columns() | ALEMBIC
    assert stored == {table: sorted(columns) for table, columns in listed.items()}


def listed_columns() -> dict[str, list[str]]:
    """Read the list; what stands in brackets says how a column is protected."""
    section = PAGE.read_text().partition(HEADING)[2].partition("\n## ")[0]
    return {
        table: [column.split()[0] for column in columns.split(", ")]
        for table, columns in ENTRY.findall(section)
    }
