"""A request for a courtesy reminder: a value, sealed as the first text of its entry.

Officers read to whom they pass which leaflet on, and when. Nobody reads in it which of
the people was meant where there are several: the value does not say it.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from crypto import ReplyCode


class ReminderWay(StrEnum):
    """To how many people the same leaflet goes."""

    CIRCLE = "putaran"
    """To six, so that a visit says nothing."""
    PERSONAL = "personal"
    """To one, where so many know of it that this tells nobody who asked."""


class ReminderAct(StrEnum):
    """What an officer did about a request."""

    DELIVERED = "delivered"
    DECLINED = "declined"


@dataclass(frozen=True)
class Addressee:
    """Somebody who gets the leaflet, as the agency's staff list has them."""

    name: str
    position: str
    unit: str


@dataclass(frozen=True)
class DeliveryDays:
    """When officers pass the leaflet on: on any working day between the two."""

    first: dt.date
    last: dt.date


@dataclass(frozen=True)
class ReminderRequest:
    """What officers need in order to pass a reminder on."""

    template: str
    """Code of the leaflet: the kind that it is about."""
    way: ReminderWay
    people: tuple[Addressee, ...]
    """In an order that says nothing."""
    days: DeliveryDays
    reply_code: ReplyCode = field(repr=False)
    kept_until: dt.date
    """When the request is destroyed; the leaflet says so."""
    mend_by: dt.date | None = None
    """The last day on which a gift is reported in time, where it is about one."""

    def is_due(self, today: dt.date) -> bool:
        """Tell whether the first day of delivery has come."""
        return today >= self.days.first

    def is_late(self, today: dt.date) -> bool:
        """Tell whether the last day of delivery has passed."""
        return today > self.days.last

    def shares(self, other: "ReminderRequest") -> tuple[Addressee, ...]:
        """Return whom both are for, by name and unit, in this one's order."""
        others = {(one.name, one.unit) for one in other.people}
        return tuple(one for one in self.people if (one.name, one.unit) in others)

    def values(self) -> dict[str, Any]:
        """Write it as the values that stand in the sealed text."""
        return {
            "template": self.template,
            "way": self.way.value,
            "people": [[one.name, one.position, one.unit] for one in self.people],
            "from": self.days.first.isoformat(),
            "by": self.days.last.isoformat(),
            "reply": self.reply_code.reveal(),
            "until": self.kept_until.isoformat(),
            "mend_by": self.mend_by.isoformat() if self.mend_by else "",
        }

    @classmethod
    def of(cls, values: Mapping[str, Any]) -> "ReminderRequest":
        """Read what `values` wrote."""
        day = dt.date.fromisoformat
        return cls(
            template=values["template"],
            way=ReminderWay(values["way"]),
            people=tuple(Addressee(*person) for person in values["people"]),
            days=DeliveryDays(day(values["from"]), day(values["by"])),
            reply_code=ReplyCode.parse(values["reply"]),
            kept_until=day(values["until"]),
            mend_by=day(values["mend_by"]) if values["mend_by"] else None,
        )
