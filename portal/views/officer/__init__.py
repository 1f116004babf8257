"""Pages of the integrity officers: entering, the list, a case, a new one."""

from portal.views.officer import case, desk, entrance, new, screen
from portal.views.officer.blueprint import bp

__all__ = ["bp", "case", "desk", "entrance", "new", "screen"]
