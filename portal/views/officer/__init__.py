"""Pages of the integrity officers: entering, the list, a case."""

from portal.views.officer import case, conflicts, desk, entrance, readers, screen
from portal.views.officer.blueprint import bp

__all__ = ["bp", "case", "conflicts", "desk", "entrance", "readers", "screen"]
