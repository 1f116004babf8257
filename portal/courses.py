"""The course of a case: what its steps tell beside its status, and what is owed then.

Marks beside the status, *escalated* for one, stand in no column: steps say it.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from portal.deadlines import Deadline, DeadlineKind, DeadlineRules
from portal.models import NO_DAY, Case, Step
from portal.statuses import RECEIVED, CaseStatus, is_reopening, owed
from portal.steps import ESCALATED

ANSWERED: Final = "answered"
"""The step of an officer's message to the reporter."""

CUSTODIAN_WROTE: Final = "custodian-wrote"
"""The step of a custodian's; no answer that officers owe."""

GATE_OFF: Final = "gate-off"
"""A case comes to the custodians: no officer can read it any more. As often as that is."""

EXTENDED: Final = "extended"
"""Officers took their one extension of the last deadline."""

TAKEN_OVER: Final = "taken-over"
"""A custodian owes from now on; officers owe nothing, and move nothing."""

RETURNED: Final = "returned"
"""A custodian gave it back to the officers, with a new day."""

TROUBLE: Final = "trouble"
"""Its reporter says that somebody is after whoever reported."""

OPENING: Final = frozenset({GATE_OFF, ESCALATED})
"""Steps since which no gate stands before the custodians."""

_STATUSES = {status.value for status in CaseStatus}
_LED = _STATUSES | {GATE_OFF, TAKEN_OVER, RETURNED, ANSWERED}
"""Steps that tell whose a case is."""


@dataclass(frozen=True)
class Course:
    """What the steps of a case that is a report tell."""

    received_on: dt.date
    counted_from: dt.date
    """Where it was taken up again: that day, if deadlines began anew with it."""
    may_count_anew: bool
    """Officers who take it up again would count from then: once, see `_begun`."""
    is_answered: bool
    """An officer has written to the reporter, however long ago, of the report."""
    was_extended: bool
    is_extended: bool
    """Likewise, since days are counted."""
    is_returned: bool
    """A custodian set a day since days are counted."""
    returned_for: DeadlineKind | None
    """What was owed as that day was set; None: none was."""
    is_taken_over: bool
    is_left: bool
    """No officer could read it, and none has acted since: custodians are to see to it."""
    escalated_on: dt.date | None
    """Last."""
    open_since: dt.date | None
    """The gate was taken off, for whatever reason."""
    told_on: dt.date | None
    """Since when trouble waits for a word to the reporter; None: it does not."""

    @classmethod
    def of(cls, steps: Sequence[Step]) -> "Course":
        """Read the steps, in their order."""
        kinds = [step.kind for step in steps]
        start = kinds.index(RECEIVED)
        reopened = _reopened(kinds, start)
        begun = _begun(kinds, start, reopened)
        life = kinds[begun:]
        opened = [step.taken_on for step in steps if step.kind in OPENING]
        escalated = [step.taken_on for step in steps if step.kind == ESCALATED]
        return cls(
            received_on=steps[start].taken_on,
            counted_from=steps[begun].taken_on,
            may_count_anew=not reopened and RETURNED not in kinds,
            is_answered=ANSWERED in kinds[start:],
            was_extended=EXTENDED in kinds,
            is_extended=EXTENDED in life,
            is_returned=RETURNED in life,
            returned_for=_returned_for(kinds[start:], begun - start),
            is_taken_over=_is_taken_over(kinds[max(reopened, default=start) :]),
            is_left=_is_left(kinds),
            escalated_on=escalated[-1] if escalated else None,
            open_since=opened[0] if opened else None,
            told_on=find_told_on(steps),
        )

    def owed(self, status: CaseStatus) -> DeadlineKind | None:
        """Return what is owed next; by the custodian where one took the case over."""
        kind = owed(status, is_answered=self.is_answered)
        if self.is_taken_over:
            return DeadlineKind.KEEPER if kind else None
        return DeadlineKind.PROTECT if self.told_on else kind

    def due_on(self, case: Case, rules: DeadlineRules) -> dt.date:
        """Return by when officers owe something; `NO_DAY`: they owe nothing.

        A day that a custodian set holds for what was owed then, and for all that would
        fall due before it.
        """
        if self.is_taken_over:
            return NO_DAY
        kind = owed(CaseStatus(case.status), is_answered=self.is_answered)
        day = NO_DAY if kind is None else self._day_of(kind, case, rules)
        if self.told_on is None:
            return day
        return min(day, rules.protect_day(self.told_on))

    def ahead(self, case: Case, rules: DeadlineRules) -> tuple[Deadline, ...]:
        """Return what is owed next and what follows, each with its day."""
        kind = self.owed(CaseStatus(case.status))
        if kind is DeadlineKind.KEEPER:
            day = case.custodian_due_on
            return () if day is None else (Deadline(kind, day),)
        if kind is None or case.due_on == NO_DAY:
            return ()
        later = self._later(kind, CaseStatus(case.status))
        following = (
            Deadline(one.kind, max(self._day_of(one.kind, case, rules), case.due_on))
            for one in rules.all_for(self.counted_from)
            if one.kind in later and not self._is_met(one.kind)
        )
        return (Deadline(kind, case.due_on), *following)

    def opening_day(
        self, case: Case, rules: DeadlineRules, today: dt.date
    ) -> dt.date | None:
        """Return when the case opens to the custodians if nothing is done; None: never.

        Where it should have been before *today*, the clock does it tomorrow.
        """
        kind = self.owed(CaseStatus(case.status))
        if kind is None or case.due_on == NO_DAY or case.closed_on is not None:
            return None
        day = rules.opening_day(kind, self.received_on, case.due_on)
        return day if day >= today else today + dt.timedelta(days=1)

    def is_escalated(self, case: Case) -> bool:
        """Tell whether the day that is owed now was missed, and the grace after it."""
        return self.escalated_on is not None and self.escalated_on > case.due_on

    def may_extend(self, case: Case, rules: DeadlineRules, today: dt.date) -> bool:
        """Tell whether officers may take the one extension.

        Not once it is too late, nor of a day that a custodian set.
        """
        return (
            self.owed(CaseStatus(case.status)) is DeadlineKind.FEEDBACK
            and not self.was_extended
            and not self.is_returned
            and today <= case.due_on < rules.extended_day(self.received_on)
        )

    def _later(self, kind: DeadlineKind, status: CaseStatus) -> list[DeadlineKind]:
        """Return what follows; protecting somebody ends nothing else that is owed."""
        every = list(DeadlineKind)
        if kind is not DeadlineKind.PROTECT:
            return every[every.index(kind) + 1 :]
        first = owed(status, is_answered=self.is_answered)
        return [] if first is None else every[every.index(first) :]

    def _is_met(self, kind: DeadlineKind) -> bool:
        return kind is DeadlineKind.FIRST_ANSWER and self.is_answered

    def _day_of(self, kind: DeadlineKind, case: Case, rules: DeadlineRules) -> dt.date:
        is_extended = kind is DeadlineKind.FEEDBACK and self.is_extended
        day = rules.day_of(kind, self.counted_from)
        day = rules.extended_day(self.received_on) if is_extended else day
        if not self.is_returned or case.set_due_on is None:
            return day
        is_set = kind is self.returned_for
        return case.set_due_on if is_set else max(day, case.set_due_on)


def find_day_if_reopened(
    case: Case, steps: Sequence[Step], rules: DeadlineRules, today: dt.date
) -> dt.date:
    """Return by when officers would owe something, took they the case up again today."""
    again = Step(kind=CaseStatus.ADDRESSED.value, taken_on=today)
    as_it_were = Case(status=again.kind, set_due_on=case.set_due_on)
    return Course.of([*steps, again]).due_on(as_it_were, rules)


def _reopened(kinds: Sequence[str], start: int) -> list[int]:
    """Return the places of the steps that took an ended case up again."""
    places, here = [], CaseStatus.SUBMITTED
    for place, kind in enumerate(kinds):
        if place > start and kind in _STATUSES:
            there = CaseStatus(kind)
            places += [place] if is_reopening(here, there) else []
            here = there
    return places


def _begun(kinds: Sequence[str], start: int, reopened: Sequence[int]) -> int:
    """Return the place of the step from which days are counted.

    Officers who take a case up again count anew once, and not what a custodian ever
    gave back; closing and reopening buys no more time. A custodian who does so gives
    the case back in the step before, and days count anew each time.
    """
    begun = start
    for place in reopened:
        is_first = place == reopened[0] and RETURNED not in kinds[:place]
        if is_first or kinds[place - 1] == RETURNED:
            begun = place
    return begun


def _returned_for(kinds: Sequence[str], begun: int) -> DeadlineKind | None:
    """Return what was owed as a custodian last gave the case back, since *begun*."""
    if RETURNED not in kinds[begun:]:
        return None
    last = len(kinds) - 1 - list(reversed(kinds)).index(RETURNED)
    statuses = [CaseStatus(kind) for kind in kinds[:last] if kind in _STATUSES]
    here = statuses[-1] if statuses else CaseStatus.SUBMITTED
    return owed(here, is_answered=ANSWERED in kinds[:last])


def _is_taken_over(kinds: Sequence[str]) -> bool:
    last = [kind for kind in kinds if kind in {TAKEN_OVER, RETURNED}]
    return bool(last) and last[-1] == TAKEN_OVER


def _is_left(kinds: Sequence[str]) -> bool:
    led = [kind for kind in kinds if kind in _LED]
    return bool(led) and led[-1] == GATE_OFF


def find_told_on(steps: Sequence[Step]) -> dt.date | None:
    """Return since when trouble waits for a word to the reporter; None: it does not.

    A word of officers; of the custodian, where one took the case over, or none can read.
    """
    kinds = [step.kind for step in steps]
    is_custodians = _is_taken_over(kinds) or _is_left(kinds)
    is_word = {ANSWERED, CUSTODIAN_WROTE} if is_custodians else {ANSWERED}
    words = [at for at, kind in enumerate(kinds) if kind in is_word]
    since = steps[words[-1] :] if words else steps
    return next((step.taken_on for step in since if step.kind == TROUBLE), None)
