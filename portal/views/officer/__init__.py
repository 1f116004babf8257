"""Pages of the integrity officers: entering, the list, a case, keys."""

from portal.views.officer import case, desk, entrance, hand_over, keys, screen
from portal.views.officer.blueprint import bp

__all__ = ["bp", "case", "desk", "entrance", "hand_over", "keys", "screen"]
