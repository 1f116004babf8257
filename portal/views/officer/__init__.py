"""Pages of the integrity officers: entering, account, notice, the list, a case, a new one."""

from portal.views.officer import account, case, desk, entrance, new, notice, screen
from portal.views.officer.blueprint import bp

__all__ = ["account", "bp", "case", "desk", "entrance", "new", "notice", "screen"]
