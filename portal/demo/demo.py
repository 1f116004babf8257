"""A demo: a throw-away installation with people and cases in every status.

The past days are played in order through the same verbs that pages call, so that
nothing stands in a demo that could not have come about. Passphrases and second
factors are drawn anew each time; who is given the file or the screen has them.
"""

import datetime as dt
import secrets
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final

from sqlalchemy.orm import Session

from crypto import (
    RFC_9106_LOW_MEMORY,
    CaseCode,
    Cookie,
    Cost,
    FormToken,
    Slip,
)
from portal import (
    acts,
    enrolments,
    hand_ins,
    improvements,
    invitations,
    readers,
    seen,
    sessions,
)
from portal.cases import Duty, find_by_locator, find_for_officer
from portal.conflicts import find_conflicted
from portal.demo.entries import WEEKEND, DemoShelf, StaffWords
from portal.demo.figures import founded_on, publish_made_up, round_days
from portal.demo.files import receive_drawn
from portal.demo.founding import make_empty, plan_evaluations
from portal.demo.keepers import DemoClock, act_as_keeper
from portal.demo.plots import Act, Plot, RegisterAct, RoundHeld
from portal.demo.register import DemoRegister, RegisterWords
from portal.demo.reporters import act_as_reporter
from portal.demo.trail import DemoTrail
from portal.demo.zone import DemoZone, ZoneWords
from portal.file_kinds import FileKind
from portal.models import Case, Person
from portal.reports import Readers, Report, choose_readers
from portal.roles import Role
from portal.roster import list_custodians, list_officers
from portal.runtime import Runtime, build_runtime
from portal.sessions import Browser, Visit
from portal.settings import Settings
from portal.statuses import CaseStatus
from portal.texts import DATA
from portal.uploads import ReceivedFile, under_numbers

DEMO_PLAY: Final = DATA / "demo.toml"

_WORD_COUNT: Final = 5
_REPORTER: Final = "reporter"
_STEP_SECONDS: Final = 30


@dataclass(frozen=True)
class Login:
    """A person of the demo, and what it takes to be that person."""

    role: str
    """A word of `portal.roles.Role`."""
    name: str
    passphrase: str = field(repr=False)
    totp_secret: str = field(repr=False)


@dataclass(frozen=True)
class DemoCase:
    """A case of the demo, by its reporter's code."""

    code: str = field(repr=False)
    status: str


@dataclass(frozen=True)
class DemoNote:
    """A sealed entry of the demo, by its writer's code."""

    code: str = field(repr=False)
    rule: str


@dataclass(frozen=True)
class Demo:
    """What was made."""

    settings: Settings
    people: tuple[Login, ...]
    cases: tuple[DemoCase, ...]
    notes: tuple[DemoNote, ...]
    slips: tuple[str, ...] = field(repr=False)
    """Paper slips that are still good, for holds that wait for others."""
    receipt: Path
    """Of a closed case, for `lurus verify-receipt`."""


def make_demo(settings: Settings, cost: Cost = RFC_9106_LOW_MEMORY) -> Demo:
    """Make the installation of *settings* with people and cases.

    Raises:
        LurusError: the folder is an installation in earnest, or in use.
    """
    with DEMO_PLAY.open("rb") as file:
        play = tomllib.load(file)
    runtime = build_runtime(make_empty(settings), None, cost)
    with runtime.database.sessions() as session:
        stage = _Stage(runtime, session)
        # Custodians first: there is no officer yet who would compare their keys.
        in_turn = sorted(play["people"], key=lambda one: one["role"] != Role.CUSTODIAN)
        made = {one["key"]: stage.enrol(play["words"], **one) for one in in_turn}
        people = tuple(made[one["key"]] for one in play["people"])
        stage.open(StaffWords(**play["staff"]))
        zone = stage.zone(ZoneWords(**play["zone"]))
        zone.declare(stage.founded_on)
        plots = [Plot.parse(plot) for plot in [*play["cases"], *play["entries"]]]
        stage.hold_first_rounds()
        rounds = [RoundHeld(**held) for held in play["rounds"]]
        codes = stage.play(plots, rounds, RegisterWords(**play["register"]))
        zone.report(stage.last_day)
        stage.publish(play["changed"])
        made_so_far = list(zip(plots, codes, strict=True))
        cases = tuple(
            DemoCase(code.reveal(), stage.status_of(code))
            for plot, code in made_so_far
            if not plot.rule
        )
        notes = tuple(
            DemoNote(code.reveal(), plot.rule)
            for plot, code in made_so_far
            if plot.rule
        )
        slips = tuple(slip.reveal() for slip in stage.slips_left)
        receipt = stage.take_receipt(codes)
    runtime.database.engine.dispose()
    return Demo(runtime.settings, people, cases, notes, slips, receipt)


class _Stage:
    """The installation on which the past days are played."""

    def __init__(self, runtime: Runtime, session: Session) -> None:
        self._runtime = runtime
        self._session = session
        self._duties: dict[str, Duty] = {}
        self._shelf = DemoShelf(runtime, session)
        self._trail = DemoTrail(runtime, session)

    def enrol(
        self,
        words: list[str],
        *,
        key: str,
        name: str,
        role: str,
        position: str,
        unit: str,
    ) -> Login:
        """Invite and enrol a person, long enough ago for a first log-in today."""
        session, runtime = self._session, self._runtime
        now = self._founded()
        passphrase = "-".join(secrets.SystemRandom().sample(words, _WORD_COUNT))
        token = invitations.invite(
            session,
            name,
            position=position,
            unit=unit,
            roles=frozenset({Role(role)}),
            today=now.date(),
            until=_last_day(Role(role), now.date()),
        )
        invited = invitations.find_invited(session, token, now.date())
        enrolment = enrolments.begin_enrolment(
            session,
            invited,
            passphrase,
            runtime.gate,
            runtime.instance,
            name=name,
            position=position,
            unit=unit,
        )
        code = enrolment.secret.code(int(now.timestamp()) // _STEP_SECONDS)
        enrolments.enrol(session, token, enrolment, code, runtime.instance, now)
        self._duties[key] = Duty(invited, enrolment.identity, runtime.instance)
        return Login(role, name, passphrase, enrolment.secret.reveal())

    def open(self, words: StaffWords) -> None:
        """List the staff, and print slips, on the day on which people were enrolled."""
        self._shelf.open(words, self.founded_on)

    def zone(self, words: ZoneWords) -> DemoZone:
        """Return the Integrity Zone, in the hands of an administrator."""
        return DemoZone(self._runtime, self._session, words, self._keeper)

    @property
    def _keeper(self) -> Person:
        people = (one.person for one in self._duties.values())
        return next(person for person in people if person.is_administrator)

    @property
    def founded_on(self) -> dt.date:
        """Return the day on which people were enrolled."""
        return self._founded().date()

    @property
    def last_day(self) -> dt.date:
        """Return the day up to which everything is played."""
        return self._workday(0).date()

    def hold_first_rounds(self) -> None:
        """Let the custodians take turns before anything was handed in."""
        keepers = self._keepers()
        for number, day in enumerate(round_days(self._runtime.today())):
            self._trail.close_days(day)
            self._shelf.hold_round(keepers[number % len(keepers)], day)

    def publish(self, changed: dict[str, str]) -> None:
        """Publish figures of before, and what changed since, by language."""
        session, today = self._session, self._runtime.today()
        gate = self._runtime.gate_secret
        period = publish_made_up(session, self._keepers(), gate, today)
        by = next(d.person for d in self._duties.values() if d.person.is_administrator)
        improvements.write(session, period, changed, today, by=by)

    def take_receipt(self, codes: Sequence[CaseCode]) -> Path:
        """Close the days that are over, and take a receipt of a closed case along."""
        self._trail.close_days(self._today)
        closed = (one for one in codes if self.status_of(one) == CaseStatus.CLOSED)
        return self._trail.take_receipt(next(closed))

    @property
    def slips_left(self) -> tuple[Slip, ...]:
        """Return the slips that are still good."""
        return self._shelf.slips_left

    def play(
        self, plots: list[Plot], rounds: list[RoundHeld], words: RegisterWords
    ) -> list[CaseCode]:
        """Let everything happen in the order of its days; return a code each."""
        codes: dict[int, CaseCode] = {}
        register = DemoRegister(self._session, words, self._keeper)
        events: list[tuple[int, Plot | Act | RoundHeld | RegisterAct]] = []
        for number, plot in enumerate(plots):
            filed_on = self._workday(plot.days_ago).date()
            acts = (*plot.acts, *self._shelf.deliveries(plot, filed_on))
            events.append((number, plot))
            events.extend((number, act) for act in acts)
        events.extend((len(plots), held) for held in rounds)
        fixed, days = self._runtime.settings.fixed_days, (self.founded_on, self._today)
        events.extend((len(plots), act) for act in register.acts(fixed, *days))
        # Stable: of one day, a case's events stay in their order; rounds come last.
        clock = DemoClock(self._runtime, self._session)
        for number, event in sorted(events, key=lambda one: -one[1].days_ago):
            when = self._workday(event.days_ago)
            clock.come_to(when)
            self._trail.close_days(when.date())
            if isinstance(event, Plot):
                codes[number] = self._hand_in(event, when)
            elif isinstance(event, RoundHeld):
                self._shelf.hold_round(self._duties[event.by], when.date())
            elif isinstance(event, RegisterAct):
                plan_evaluations(self._session, fixed, when.date())
                register.act(event, when.date())
            else:
                self._act(codes[number], event, when.date())
        clock.come_to(self._workday(0))
        return [codes[number] for number in range(len(plots))]

    def _act(self, code: CaseCode, act: Act, today: dt.date) -> None:
        here = (self._session, self._runtime, code)
        if act.by == _REPORTER:
            received = self._receive(act.files, today)
            act_as_reporter(*here, act, received, today)
        elif self._duties[act.by].person.is_custodian:
            act_as_keeper(*here, self._duties[act.by], act, today)
        else:
            self._act_as_officer(code, act, today)

    @property
    def _today(self) -> dt.date:
        return self._runtime.today()

    def status_of(self, code: CaseCode) -> str:
        """Return where a case stands."""
        return self._find(code).status

    def _hand_in(self, plot: Plot, when: dt.datetime) -> CaseCode:
        session, runtime = self._session, self._runtime
        report, readers = self._report(plot, when.date())
        timestamp = int(when.timestamp())
        form = FormToken.issue(runtime.secret, timestamp)
        browser = Browser(Cookie.generate(), Visit(ends_at=timestamp))
        handed_in = hand_ins.hand_in(
            session,
            replace(report, shut_out=readers.kept_from),
            replace(readers, custodians=list_custodians(session)),
            severity=runtime.taxonomy.find(plot.report.category).severity,
            form=form,
            browser=browser,
            instance=runtime.instance,
            gate=runtime.gate_secret,
            rules=runtime.rules,
            today=when.date(),
            minute=timestamp // 60,
            at_once=True,
            received=self._receive(plot.files, when.date()),
            entry=self._shelf.entry(plot, when.date()),
        )
        # The reporter has written the code down and closed the browser.
        hand_ins.forget_code(session, form.burn_id())
        sessions.end(session, browser.cookie)
        return handed_in.code

    def _report(self, plot: Plot, today: dt.date) -> tuple[Report, Readers]:
        """Return what is handed in *today*, and who may read it."""
        if plot.asks_for_reminder:
            composed = self._shelf.compose(plot, today)
            return composed.report, composed.readers
        session = self._session
        everybody = list_officers(session)
        shut_out = {self._duties[key].person.id for key in plot.kept_from}
        readers = choose_readers(
            everybody,
            plot.report,
            ticked=frozenset(o.id.hex() for o in everybody if o.id not in shut_out),
            only_outside=plot.only_outside,
            conflicted=find_conflicted(session, plot.report, self._runtime.secret),
        )
        return plot.report, readers

    def _receive(
        self, kinds: Sequence[str], today: dt.date
    ) -> tuple[ReceivedFile, ...]:
        session, runtime = self._session, self._runtime
        place = (session, runtime.objects, runtime.instance)
        received = tuple(receive_drawn(*place, FileKind(kind), today) for kind in kinds)
        return under_numbers(received)

    def _act_as_officer(self, code: CaseCode, act: Act, today: dt.date) -> None:
        session, rules, duty = self._session, self._runtime.rules, self._duties[act.by]
        opened = find_for_officer(session, self._find(code).id, duty)
        # Nobody else acts meanwhile: there is no page whose state could be old.
        when: dict[str, Any] = {"seen": "", "today": today}
        match act.deed:
            case _ if opened.case.status == CaseStatus.SEALED:
                self._shelf.act(opened, duty, act, today)
            case "answer":
                acts.answer(session, opened, duty, act.text, rules=rules, **when)
            case "note":
                acts.note(session, opened, duty, act.text, **when)
            case "triage":
                judged = replace(opened.summary.triage, **act.judgement)
                when |= {"title": act.title, "reason": act.text}
                acts.triage(session, opened, duty, judged, **when)
            case "recuse":
                when |= {"reason": act.text, "gate": self._runtime.gate_secret}
                readers.recuse(session, opened, duty, duty.person.id, **when)
            case _:
                when |= {"rules": rules, "gate": self._runtime.gate_secret}
                when |= {"retention": self._runtime.retention}
                acts.move(session, opened, duty, act.move, **when)
        seen.look(session, duty, opened.case.id)

    def _find(self, code: CaseCode) -> Case:
        return find_by_locator(self._session, code.locator(self._runtime.instance))

    def _keepers(self) -> list[Duty]:
        return [duty for duty in self._duties.values() if duty.person.is_custodian]

    def _founded(self) -> dt.datetime:
        """Return the day on which people were enrolled, long enough ago for figures."""
        today = self._runtime.today()
        return self._workday((today - founded_on(today)).days)

    def _workday(self, days_ago: int) -> dt.datetime:
        """Return that day, or the Friday before: offices rest at weekends."""
        now = self._runtime.now().replace(second=0, microsecond=0)
        when = now - dt.timedelta(days=days_ago)
        past_friday = max(0, when.isoweekday() - min(WEEKEND) + 1)
        return when - dt.timedelta(days=past_friday)


def _last_day(role: Role, today: dt.date) -> dt.date | None:
    """Return until when somebody is let in; None: who is no evaluator, always."""
    longest = dt.timedelta(days=invitations.LONGEST_EVALUATION_DAYS)
    return today + longest if role is Role.EVALUATOR else None
