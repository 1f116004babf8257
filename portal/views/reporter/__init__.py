"""Pages of the reporter: handing in a report, coming back with its code."""

from portal.views.reporter import (
    ask,
    case,
    check_in,
    choose,
    ending,
    hold,
    keep,
    note,
    objection,
    praise,
    receipt,
    release,
    remind,
    report,
    trouble,
)
from portal.views.reporter.blueprint import bp

__all__ = [
    "ask",
    "bp",
    "case",
    "check_in",
    "choose",
    "ending",
    "hold",
    "keep",
    "note",
    "objection",
    "praise",
    "receipt",
    "release",
    "remind",
    "report",
    "trouble",
]
