"""Pages of the integrity officers: entering, the list, a case, the account."""

from portal.views.officer import account, case, desk, entrance, screen
from portal.views.officer.blueprint import bp

__all__ = ["account", "bp", "case", "desk", "entrance", "screen"]
