"""Pages of the reporter: handing in a report, coming back with its code."""

from portal.views.reporter import case, choose, ending, note, report
from portal.views.reporter.blueprint import bp

__all__ = ["bp", "case", "choose", "ending", "note", "report"]
