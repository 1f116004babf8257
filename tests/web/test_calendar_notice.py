"""Officers are told where the calendar that days are counted by is not certain."""

import dataclasses

from flask import Flask
from people import Officer

from portal.settings import Settings

ESTIMATED = "belum pasti, jadi tanggal tenggat bisa bergeser"


def test_a_year_whose_holidays_are_estimated_is_named_above_the_list(
    officer: Officer,
) -> None:
    assert f"2027 {ESTIMATED}" in officer.get("/office/").text


def test_where_the_agency_lists_its_days_off_nothing_is_said(
    app: Flask, officer: Officer, settings: Settings
) -> None:
    listed = ("2026-12-24", "2027-03-09")
    here = app.extensions["lurus"]
    certain = dataclasses.replace(settings, collective_leave=listed)
    app.extensions["lurus"] = dataclasses.replace(here, settings=certain)

    assert ESTIMATED not in officer.get("/office/").text
