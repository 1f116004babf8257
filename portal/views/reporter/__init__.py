"""Pages of the reporter: handing in a report, coming back with its code."""

from portal.views.reporter import (
    ask,
    case,
    choose,
    ending,
    note,
    praise,
    remind,
    report,
)
from portal.views.reporter.blueprint import bp

__all__ = [
    "ask",
    "bp",
    "case",
    "choose",
    "ending",
    "note",
    "praise",
    "remind",
    "report",
]
