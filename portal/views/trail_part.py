"""What a page of a case says of the public trail: short, and longer where it is wrong."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from crypto import Key, StepKind
from portal import cases
from portal.models import Case
from portal.public_trail import CaseTrail, LeafState, StepInTrail, read_case_trail
from portal.runtime import runtime
from portal.statuses import CaseStatus
from portal.views.languages import gettext as _
from portal.views.request import db
from portal.views.words import day, word


@dataclass(frozen=True)
class StepOnTrail:
    """One step, and what became of its entry."""

    number: int
    label: str
    taken_on: dt.date
    said: str
    can_be_shown: bool
    """Whether a receipt of it can be made."""


@dataclass(frozen=True)
class TrailOnPage:
    """The part of a page."""

    said: str
    steps: list[StepOnTrail]
    problems: list[str]
    """What is wrong with it; none, as a rule."""


def find_trail(case: Case, thread_key: Key) -> CaseTrail:
    """Compare the case with the public trail."""
    steps = cases.read_steps(db(), case.id)
    return read_case_trail(db(), case.id, steps, thread_key, runtime().today())


def trail_part(trail: CaseTrail) -> TrailOnPage:
    """Say what became of the steps of a case."""
    return TrailOnPage(
        said=_said(trail),
        steps=[_step(one) for one in trail.steps],
        problems=list(_problems(trail)),
    )


def _said(trail: CaseTrail) -> str:
    states = {one.state for one in trail.steps}
    is_less = bool(trail.hidden or trail.lost)
    if is_less and states <= {LeafState.IN_TRAIL, LeafState.BEFORE}:
        return _("Every step that is shown here is in the public trail.")
    if states <= {LeafState.IN_TRAIL}:
        return _("Every step of this case is in the public trail.")
    if states <= {LeafState.IN_TRAIL, LeafState.BEFORE}:
        return _("Every step since the trail began is in it.")
    if LeafState.WAITS in states:
        return _("What is new goes into the public trail tonight.")
    return _("Not every step of this case is in the public trail.")


def _step(one: StepInTrail) -> StepOnTrail:
    taken_on, since = one.step.taken_on, one.in_trail_since
    said = {
        LeafState.BEFORE: _("from before the trail began"),
        LeafState.WAITS: _("goes in tonight"),
        LeafState.LATE: _("still waits to go in"),
        LeafState.MISSING: _(
            "should be in it since %(day)s, and is not", day=day(taken_on)
        ),
    }
    return StepOnTrail(
        one.step.number,
        step_label(one.opening.kind),
        taken_on,
        said[one.state]
        if since is None
        else _("in the trail since %(day)s", day=day(since)),
        can_be_shown=since is not None,
    )


def _problems(trail: CaseTrail) -> Iterator[str]:
    states = [one.state for one in trail.steps]
    if LeafState.MISSING in states:
        yield _(
            "A step is not in the public trail, though its day is over. Somebody took it "
            "out, or an old copy of the portal was put back."
        )
    if LeafState.LATE in states:
        yield _("The public trail should grow every night, and it does not.")
    if any(one.is_of_another_day for one in trail.steps):
        yield _(
            "The public trail has another day for a step than this page. A clock was "
            "wrong, or somebody changed the day."
        )
    for opening in trail.hidden:
        yield _(
            "The public trail holds a step of this case that is not shown here: "
            "%(step)s. Somebody may be hiding it.",
            step=step_label(opening.kind),
        )
    if trail.lost:
        yield _(
            "A step of this case seems to have been taken out, together with what was "
            "written. Somebody may be hiding it."
        )


def step_label(kind: StepKind) -> str:
    """Say what kind of step it is."""
    if kind.word in set(CaseStatus):
        return word(CaseStatus(kind.word))
    return {
        StepKind.RECEIVED: _("Received"),
        StepKind.ANSWERED: _("An officer wrote"),
        StepKind.CUSTODIAN_WROTE: _("A keeper wrote"),
        StepKind.GATE_OFF: _("Put before the keeper"),
        StepKind.ESCALATED: _("Deadline missed"),
        StepKind.OBJECTION: _("The keeper was asked to look"),
        StepKind.REVIEWED: _("The keeper answered the objection"),
        StepKind.EXTENDED: _("Deadline extended, once"),
        StepKind.TAKEN_OVER: _("Taken over by the keeper"),
        StepKind.RETURNED: _("Given back to the officers"),
        StepKind.TROUBLE: _("Protection asked for"),
        StepKind.EXPIRED: _("Its time was over"),
        StepKind.DESTROYED: _("Destroyed"),
    }[kind]
