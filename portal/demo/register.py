"""The register of evaluations of a demo: what was held, what was missed, what was found."""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from portal import evaluations
from portal.demo.plots import RegisterAct
from portal.evaluation_days import FixedDays
from portal.models import Person


@dataclass(frozen=True)
class RegisterWords:
    """What the made-up agency wrote, as the play has it; days before today."""

    note: str
    """How evaluations of fixed days were held."""
    planned: Mapping[str, int]
    """One more that was planned, and that nobody held: `days_ago`, `due_days_ago`."""
    findings: Sequence[Mapping[str, Any]]


class DemoRegister:
    """The register in the hands of an administrator."""

    def __init__(self, session: Session, words: RegisterWords, by: Person) -> None:
        self._session = session
        self._words = words
        self._by = by

    def acts(
        self, fixed: FixedDays, founded_on: dt.date, today: dt.date
    ) -> Iterator[RegisterAct]:
        """Yield what happens: every fixed day that has passed saw its evaluation."""
        for day in fixed.until_next(founded_on, today):
            if day < today:
                yield RegisterAct((today - day).days, "hold", {})
        planned = self._words.planned
        yield RegisterAct(planned["days_ago"], "plan", planned)
        for number, one in enumerate(self._words.findings, start=1):
            yield RegisterAct(one["days_ago"], "find", one)
            if "closed_days_ago" in one:
                yield RegisterAct(
                    one["closed_days_ago"], "close", {**one, "at": number}
                )

    def act(self, act: RegisterAct, today: dt.date) -> None:
        """Do one of them *today*."""
        session, values = self._session, act.values
        more: dict[str, Any] = {"by": self._by, "today": today}
        match act.deed:
            case "plan":
                due_on = today + self._until(act, "due_days_ago")
                evaluations.plan(session, due_on, **more)
            case "hold":
                more |= {"done_on": today, "note": self._words.note}
                for number in self._due(today):
                    evaluations.record_held(session, number, **more)
            case "find":
                due_on = today + self._until(act, "due_days_ago")
                more |= {"text": values["text"], "owner": values["owner"]}
                evaluations.add_finding(session, due_on=due_on, **more)
            case "close":
                more |= {"closed_on": today, "proof": values["proof"]}
                evaluations.close_finding(session, values["at"], **more)

    def _due(self, today: dt.date) -> list[int]:
        """Return the number of the evaluation that is due about *today*, if one is."""
        near = dt.timedelta(days=evaluations.RECORDED_WITHIN_DAYS)
        return [
            one.number
            for one in evaluations.list_evaluations(self._session)
            if one.is_fixed and one.done_on is None and abs(one.due_on - today) <= near
        ][:1]

    @staticmethod
    def _until(act: RegisterAct, name: str) -> dt.timedelta:
        return dt.timedelta(days=act.days_ago - act.values[name])
