"""The rules that are in force, as they are published in the trail when they change.

Deadlines, times of keeping and what else binds officers and keepers, as the settings have
them; and what the portal says it cannot promise. No address and no name is in it.
"""

from portal.settings import Settings
from portal.settings_file import as_toml
from portal.texts import LIMITS

_ENDINGS = ("_days", "_weekdays")
_BESIDES = (
    "hand_over_hours",
    "holiday_country",
    "collective_leave",
    "match_minimum_staff",
)


def policies_text(settings: Settings) -> str:
    """Return the rules of this installation, a line each, and its limits."""
    rules = [
        f"{name} = {as_toml(getattr(settings, name))}\n"
        for name in sorted(vars(settings))
        if name.endswith(_ENDINGS) or name in _BESIDES
    ]
    return "".join(rules) + "\n" + LIMITS.read_text("utf-8")
