"""Pages of the integrity officers: entering, the list, a case."""

from portal.views.officer import case, desk, entrance, returning, screen
from portal.views.officer.blueprint import bp

__all__ = ["bp", "case", "desk", "entrance", "returning", "screen"]
