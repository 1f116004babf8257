"""Pages of the integrity officers: entering, the list, a case, keys, the account."""

from portal.views.officer import (
    case,
    conflicts,
    desk,
    entrance,
    hand_over,
    keys,
    readers,
    screen,
)
from portal.views.officer.blueprint import bp

__all__ = [
    "bp",
    "case",
    "conflicts",
    "desk",
    "entrance",
    "hand_over",
    "keys",
    "readers",
    "screen",
]
