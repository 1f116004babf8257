"""Pages of the reporter: handing in a report, coming back with its code."""

from portal.views.reporter import (
    case,
    check_in,
    choose,
    ending,
    keep,
    note,
    release,
    report,
)
from portal.views.reporter.blueprint import bp

__all__ = [
    "bp",
    "case",
    "check_in",
    "choose",
    "ending",
    "keep",
    "note",
    "release",
    "report",
]
