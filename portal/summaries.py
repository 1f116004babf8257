"""The summary of a case: what lists, filters and search open; sealed, 1 KiB.

No column holds a category, a severity or a title.
"""

import json
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from crypto import CaseKey, Kind, Place, seal, unseal
from portal.reports import Ongoing, Report
from portal.statuses import Outcome

TITLE_CHARACTERS = 80
UNIT_CHARACTERS = 60
_CUT = " …"
MOST_SEVERE = 4
MOST_LIKELY = 3


class Priority(StrEnum):
    """How soon a case wants an officer: P1 the same day, P2 in days, P3 later."""

    P1 = "P1"
    P2 = "P2"
    P3 = "P3"


@dataclass(frozen=True)
class Triage:
    """An officer's judgement of a case."""

    severity: int
    likelihood: int = 2
    ongoing: bool = False
    evidence_at_risk: bool = False
    victim_at_risk: bool = False

    @property
    def score(self) -> int:
        """Severity times likelihood, and what presses (domain.md 3.2)."""
        pressing = (
            2 * self.ongoing + 2 * self.evidence_at_risk + 3 * self.victim_at_risk
        )
        return self.severity * self.likelihood + pressing

    @property
    def priority(self) -> Priority:
        """P1 from 10 or severity 4, P2 from 5, P3 below."""
        if self.score >= 10 or self.severity == MOST_SEVERE:
            return Priority.P1
        return Priority.P2 if self.score >= 5 else Priority.P3


@dataclass(frozen=True)
class Summary:
    """What officers who may read see of a case in a list."""

    category: str
    title: str
    unit: str
    triage: Triage
    is_easily_guessed: bool
    """Leaving *verified* asks for a source protection plan."""
    outcome: Outcome | None = None
    assigned: str = ""
    """The officer (id in hex) who has it in hand; empty: nobody yet."""
    bad_faith_by: str = ""
    """The officer (id in hex) who proposed that outcome; a second one confirms."""
    entry: str = ""
    """Which kind of sealed entry it began as; empty: it is a report."""

    @classmethod
    def of(cls, report: Report, severity: int) -> "Summary":
        """Make the first summary of a case from its report."""
        triage = Triage(severity, ongoing=report.ongoing == Ongoing.YES)
        return cls(
            category=report.category,
            title=_shorten(" ".join(report.what.split())),
            unit=report.who_unit[:UNIT_CHARACTERS],
            triage=triage,
            is_easily_guessed=report.is_easily_guessed,
            entry=report.entry,
        )

    @classmethod
    def damaged(cls) -> "Summary":
        """Stand in for a summary that no longer opens, so that its case is seen."""
        triage = Triage(MOST_SEVERE, MOST_LIKELY)
        return cls("", title="", unit="", triage=triage, is_easily_guessed=True)

    def judged(self, triage: Triage, title: str) -> "Summary":
        """Return this summary with an officer's judgement."""
        return replace(self, triage=triage, title=title[:TITLE_CHARACTERS])

    def ended(self, outcome: Outcome | None) -> "Summary":
        """Return this summary with how the case ended; None: it is open again."""
        return replace(self, outcome=outcome, bad_faith_by="")

    def given(self, officer: str) -> "Summary":
        """Return this summary with who has the case in hand."""
        return replace(self, assigned=officer)

    def proposed(self, officer: str) -> "Summary":
        """Return this summary with who takes the report for one in bad faith."""
        return replace(self, bad_faith_by=officer)

    def seal(self, key: CaseKey, case_id: bytes) -> bytes:
        """Seal the summary under the office key."""
        values = {"v": 1, **vars(self), "triage": vars(self.triage)}
        text = json.dumps(values, ensure_ascii=False)
        return seal(text.encode(), key.office, _place(case_id))

    @classmethod
    def unseal(cls, envelope: bytes, key: CaseKey, case_id: bytes) -> "Summary":
        """Open a summary.

        Raises:
            BrokenError: not under this key, or damaged.
        """
        values: dict[str, Any] = json.loads(
            unseal(envelope, key.office, _place(case_id))
        )
        del values["v"]
        outcome = values.pop("outcome")
        return cls(
            **values | {"triage": Triage(**values["triage"])},
            outcome=Outcome(outcome) if outcome else None,
        )


def _shorten(text: str) -> str:
    """Return what fits a title, cut between words where that leaves enough."""
    if len(text) <= TITLE_CHARACTERS:
        return text
    room = TITLE_CHARACTERS - len(_CUT)
    whole = text[: room + 1].rpartition(" ")[0]
    is_enough = len(whole) > room // 2
    return (whole if is_enough else text[:room]).rstrip(" ,;:.") + _CUT


def _place(case_id: bytes) -> Place:
    return Place(case_id, "summary", 0, "officer", Kind.SUMMARY)
