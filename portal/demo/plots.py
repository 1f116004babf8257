"""What happens in a demo, as its data file tells it, counted in days before today."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from crypto import ReleaseRule
from portal.acts import Move
from portal.entries import EntryKind
from portal.reports import Report


@dataclass(frozen=True)
class Act:
    """What somebody does to a case on one day."""

    days_ago: int
    by: str
    deed: str
    text: str = ""
    """What is said; of a move or a judgement, the internal reason."""
    message: str = ""
    to: str = ""
    outcome: str = ""
    title: str = ""
    judgement: Mapping[str, Any] = field(default_factory=dict)
    files: tuple[str, ...] = ()
    """Kinds of what a reporter sends along."""

    @property
    def move(self) -> Move:
        """Return the change of status."""
        return Move.typed(self.to, self.text, self.message, self.outcome)


@dataclass(frozen=True)
class Plot:
    """A case from its handing in to where it stands today; or what is kept."""

    days_ago: int
    report: Report
    kept_from: tuple[str, ...] = ()
    only_outside: bool = False
    acts: tuple[Act, ...] = ()
    files: tuple[str, ...] = ()
    rule: str = ""
    """Of what is no report: when it opens; *report* says which kind it is."""
    in_days: int = 0
    """From today until it opens or ends; of a reminder, until it may be passed on."""
    about: str = ""
    """Who is meant, by a name on the staff list."""
    passed_on_by: str = ""
    """Who passes a reminder on, on the first day drawn for it; empty: nobody yet."""

    @classmethod
    def parse(cls, values: Mapping[str, Any]) -> "Plot":
        """Read a case or an entry of the play."""
        acts = tuple(Act(**act) for act in values.get("acts", ()))
        return cls(**{**values, "report": Report(**values["report"]), "acts": acts})

    @property
    def asks_for_reminder(self) -> bool:
        """Tell whether a leaflet is to go to somebody."""
        return self.report.entry == EntryKind.REMINDER

    @property
    def needs_slip(self) -> bool:
        """Tell whether it waits for others who name the same person."""
        return bool(self.rule) and ReleaseRule(self.rule).is_match


@dataclass(frozen=True)
class RoundHeld:
    """A round of the custodians."""

    days_ago: int
    by: str


@dataclass(frozen=True)
class RegisterAct:
    """What an administrator writes into the register of evaluations on one day."""

    days_ago: int
    deed: str
    """plan, hold, find, close."""
    values: Mapping[str, Any]
