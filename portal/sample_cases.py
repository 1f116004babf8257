"""Sample cases for evaluators: the demo's plots, played in memory and nowhere else.

No row is asked for and none is written: what evaluators see of cases is made up, word
for word, and the same in every installation.
"""

import datetime as dt
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path

from portal.askings import OBJECTION
from portal.categories import Taxonomy
from portal.courses import ANSWERED, CUSTODIAN_WROTE, TROUBLE, Course
from portal.deadlines import DeadlineKind, DeadlineRules
from portal.demo.plots import Act, Plot
from portal.models import NO_DAY, Case, Step
from portal.reports import Report
from portal.statuses import RECEIVED, Author, CaseStatus
from portal.steps import ESCALATED
from portal.summaries import Summary, Triage
from portal.texts import DATA

_PLAY = DATA / "demo.toml"
_REPORTER = "reporter"
_FRIDAY = 5
_STEPS = {"answer": ANSWERED, "object": OBJECTION, "trouble": TROUBLE}


@dataclass(frozen=True)
class SampleText:
    """One made-up message or note."""

    day: dt.date
    author: Author
    by: str
    """A made-up name; empty: the reporter."""
    text: str
    is_note: bool = False
    status: CaseStatus | None = None
    """The move that it came with."""


@dataclass(frozen=True)
class SampleCase:
    """A made-up case as it stands today."""

    number: int
    report: Report
    received_on: dt.date
    summary: Summary
    status: CaseStatus = CaseStatus.SUBMITTED
    steps: tuple[Step, ...] = field(default=(), repr=False)
    texts: tuple[SampleText, ...] = ()

    @property
    def is_waiting(self) -> bool:
        """Tell whether an officer is to move."""
        if self.status.is_over:
            return False
        said = [one for one in self.texts if not one.is_note]
        is_reporters = bool(said) and said[-1].author is Author.REPORTER
        return self.status is CaseStatus.SUBMITTED or is_reporters

    @property
    def owed(self) -> DeadlineKind | None:
        """Return what is owed next; None: nothing is."""
        return Course.of(self.steps).owed(self.status)

    def row(self, rules: DeadlineRules) -> Case:
        """Return it as a row would say it, with the day by which something is owed."""
        blank = Case(status=self.status.value, due_on=NO_DAY)
        blank.due_on = Course.of(self.steps).due_on(blank, rules)
        return blank

    def opened(self, rules: DeadlineRules, today: dt.date) -> "SampleCase":
        """Return it open to the custodians, if what was missed has opened it."""
        kind, due_on = self.owed, self.row(rules).due_on
        if kind is None or due_on == NO_DAY:
            return self
        since = Course.of(self.steps).counted_from
        day = rules.opening_day(kind, since, due_on)
        return _in_order(_with_step(self, ESCALATED, day)) if day <= today else self


@dataclass(frozen=True)
class _Play:
    """The demo's play: made-up people by their keys, and what happens to cases."""

    names: Mapping[str, str]
    custodians: frozenset[str]
    """Their keys."""
    plots: tuple[Plot, ...]


def play_samples(
    taxonomy: Taxonomy, rules: DeadlineRules, today: dt.date
) -> tuple[SampleCase, ...]:
    """Return every sample case as it stands *today*, the newest first."""
    play = _read_play(_PLAY)
    played = [
        _played(number, plot, play, taxonomy, today).opened(rules, today)
        for number, plot in enumerate(play.plots, start=1)
    ]
    return tuple(sorted(played, key=lambda one: one.received_on, reverse=True))


@lru_cache(maxsize=2)
def _read_play(path: Path) -> _Play:
    play = tomllib.loads(path.read_text("utf-8"))
    return _Play(
        names={one["key"]: one["name"] for one in play["people"]},
        custodians=frozenset(
            one["key"] for one in play["people"] if one["role"] == "custodian"
        ),
        plots=tuple(map(Plot.parse, play["cases"])),
    )


def _played(
    number: int, plot: Plot, play: _Play, taxonomy: Taxonomy, today: dt.date
) -> SampleCase:
    received_on = _workday(today, plot.days_ago)
    severity = taxonomy.find(plot.report.category).severity
    case = SampleCase(
        number=number,
        report=plot.report,
        received_on=received_on,
        summary=Summary.of(plot.report, severity),
        steps=(_step(0, RECEIVED, received_on),),
    )
    for act in sorted(plot.acts, key=lambda one: -one.days_ago):
        case = _after(case, act, play, _workday(today, act.days_ago))
    return case


def _after(case: SampleCase, act: Act, play: _Play, day: dt.date) -> SampleCase:
    """Return the case as one act leaves it; what a sample need not show changes none."""
    match act.deed:
        case "answer" if act.by in play.custodians:
            case = _with_step(case, CUSTODIAN_WROTE, day)
        case "move":
            case = _moved(case, CaseStatus(act.to), day)
        case "withdraw":
            case = _moved(case, CaseStatus.WITHDRAWN, day)
        case "answer" | "object" | "trouble":
            case = _with_step(case, _STEPS[act.deed], day)
        case "triage":
            judged = Triage(**{**vars(case.summary.triage), **act.judgement})
            case = replace(case, summary=case.summary.judged(judged, act.title))
    if act.message:
        case = _with_step(case, ANSWERED, day)
    return replace(case, texts=(*case.texts, *_texts(act, play, day)))


def _moved(case: SampleCase, status: CaseStatus, day: dt.date) -> SampleCase:
    return replace(_with_step(case, status.value, day), status=status)


def _with_step(case: SampleCase, kind: str, day: dt.date) -> SampleCase:
    return replace(case, steps=(*case.steps, _step(len(case.steps), kind, day)))


def _in_order(case: SampleCase) -> SampleCase:
    """Return it with its steps by their days: the clock's came before what followed."""
    steps = sorted(case.steps, key=lambda step: step.taken_on)
    numbered = (_step(n, one.kind, one.taken_on) for n, one in enumerate(steps))
    return replace(case, steps=tuple(numbered))


def _texts(act: Act, play: _Play, day: dt.date) -> Iterator[SampleText]:
    is_reporters = act.by == _REPORTER
    author = Author.REPORTER if is_reporters else Author.OFFICER
    author = Author.CUSTODIAN if act.by in play.custodians else author
    by = "" if is_reporters else play.names.get(act.by, "")
    status = CaseStatus(act.to) if act.deed == "move" else None
    if act.text:
        is_note = not (is_reporters or act.deed == "answer")
        yield SampleText(day, author, by, act.text, is_note, status)
    if act.message:
        yield SampleText(day, author, by, act.message, status=status)


def _step(number: int, kind: str, day: dt.date) -> Step:
    return Step(case_id=b"", number=number, kind=kind, taken_on=day)


def _workday(today: dt.date, days_ago: int) -> dt.date:
    """Return that day, or the Friday before: offices rest at weekends."""
    day = today - dt.timedelta(days=days_ago)
    return day - dt.timedelta(days=max(0, day.isoweekday() - _FRIDAY))


def find_sample(samples: Sequence[SampleCase], number: int) -> SampleCase | None:
    """Return the sample of that number; None: there is none."""
    return next((one for one in samples if one.number == number), None)
