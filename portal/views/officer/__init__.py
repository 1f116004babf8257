"""Pages of the integrity officers: entering, the list, a case, keys, the account."""

from portal.views.officer import (
    account,
    asked,
    case,
    conflicts,
    desk,
    entrance,
    entries,
    going,
    hand_over,
    keys,
    new,
    notice,
    readers,
    reminders,
    returning,
    screen,
)
from portal.views.officer.blueprint import bp

__all__ = [
    "account",
    "asked",
    "bp",
    "case",
    "conflicts",
    "desk",
    "entrance",
    "entries",
    "going",
    "hand_over",
    "keys",
    "new",
    "notice",
    "readers",
    "reminders",
    "returning",
    "screen",
]
