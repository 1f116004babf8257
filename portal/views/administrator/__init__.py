"""Pages of administrators: people, settings, the record, the first day."""

from portal.views.administrator import (
    audit,
    clock,
    evaluations,
    figures,
    first_day,
    invitations,
    new_keys,
    people,
    recovery,
    settings,
    slips,
    staff,
    zone,
)
from portal.views.administrator.blueprint import bp

__all__ = [
    "audit",
    "bp",
    "clock",
    "evaluations",
    "figures",
    "first_day",
    "invitations",
    "new_keys",
    "people",
    "recovery",
    "settings",
    "slips",
    "staff",
    "zone",
]
