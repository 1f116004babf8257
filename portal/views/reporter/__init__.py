"""Pages of the reporter: handing in a report, coming back with its code."""

from portal.views.reporter import case, ending, note, report
from portal.views.reporter.blueprint import bp

__all__ = ["bp", "case", "ending", "note", "report"]
