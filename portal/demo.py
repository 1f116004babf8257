"""A demo: a throw-away installation with people and cases in every status.

The past days are played in order through the same verbs that pages call, so that
nothing stands in a demo that could not have come about. Passphrases and second
factors are drawn anew each time; who is given the file or the screen has them.
"""

import datetime as dt
import secrets
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from crypto import (
    RFC_9106_LOW_MEMORY,
    CaseCode,
    Cookie,
    Cost,
    FormToken,
    ReleaseRule,
)
from portal import (
    acts,
    enrolments,
    hand_ins,
    invitations,
    own_cases,
    readers,
    seen,
    sessions,
    withdrawals,
)
from portal.acts import Move
from portal.cases import Duty, find_by_locator, find_for_officer, find_for_reporter
from portal.conflicts import find_conflicted
from portal.database import DATABASE_FILE, open_database
from portal.demo_files import receive_drawn
from portal.entries import Entry, EntryKind
from portal.errors import LurusError
from portal.file_kinds import FileKind
from portal.installation import make_installation
from portal.models import Case, Person
from portal.reports import Report, choose_readers
from portal.roles import Role
from portal.roster import list_custodians, list_officers
from portal.runtime import Runtime, build_runtime
from portal.schema import check_schema
from portal.sessions import Browser, Visit
from portal.settings import Settings
from portal.settings_file import SETTINGS_FILE, read_settings
from portal.statuses import CaseStatus, Outcome
from portal.texts import DATA
from portal.uploads import ReceivedFile, under_numbers

DEMO_PLAY: Final = DATA / "demo.toml"
FOUNDED_DAYS_AGO: Final = 120

_WORD_COUNT: Final = 5
_REPORTER: Final = "reporter"
_SATURDAY: Final = 5
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


def make_demo(settings: Settings, cost: Cost = RFC_9106_LOW_MEMORY) -> Demo:
    """Make the installation of *settings* with people and cases.

    Raises:
        LurusError: the folder is an installation in earnest, or in use.
    """
    with DEMO_PLAY.open("rb") as file:
        play = tomllib.load(file)
    runtime = build_runtime(_make_empty(settings), None, cost)
    with runtime.database.sessions() as session:
        stage = _Stage(runtime, session)
        # Custodians first: there is no officer yet who would compare their keys.
        in_turn = sorted(play["people"], key=lambda one: one["role"] != Role.CUSTODIAN)
        made = {one["key"]: stage.enrol(play["words"], **one) for one in in_turn}
        people = tuple(made[one["key"]] for one in play["people"])
        cases = stage.play(tuple(_Plot.parse(plot) for plot in play["cases"]))
        notes = stage.keep(tuple(_Plot.parse(plot) for plot in play["entries"]))
    runtime.database.engine.dispose()
    return Demo(runtime.settings, people, cases, notes)


@dataclass(frozen=True)
class _Act:
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
        outcome = Outcome(self.outcome) if self.outcome else None
        return Move(CaseStatus(self.to), self.text, self.message, outcome)


@dataclass(frozen=True)
class _Plot:
    """A case from its handing in to where it stands today."""

    days_ago: int
    report: Report
    kept_from: tuple[str, ...] = ()
    only_outside: bool = False
    acts: tuple[_Act, ...] = ()
    files: tuple[str, ...] = ()
    rule: str = ""
    """Of what is no report: when it opens; *report* says which kind it is."""
    in_days: int = 0
    """From today until it opens or ends."""

    @classmethod
    def parse(cls, values: dict[str, Any]) -> "_Plot":
        acts = tuple(_Act(**act) for act in values.get("acts", ()))
        return cls(**values | {"report": Report(**values["report"]), "acts": acts})


class _Stage:
    """The installation on which the past days are played."""

    def __init__(self, runtime: Runtime, session: Session) -> None:
        self._runtime = runtime
        self._session = session
        self._duties: dict[str, Duty] = {}

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
        now = self._workday(FOUNDED_DAYS_AGO)
        passphrase = "-".join(secrets.SystemRandom().sample(words, _WORD_COUNT))
        token = invitations.invite(
            session,
            name,
            position=position,
            unit=unit,
            roles=frozenset({Role(role)}),
            today=now.date(),
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

    def play(self, plots: tuple[_Plot, ...]) -> tuple[DemoCase, ...]:
        """Let everything happen in the order of its days; return the cases."""
        codes: dict[int, CaseCode] = {}
        events: list[tuple[int, _Plot | _Act]] = []
        for number, plot in enumerate(plots):
            events.append((number, plot))
            events.extend((number, act) for act in plot.acts)
        # The sort is stable: of one day, a case's events stay in their order.
        for number, act in sorted(events, key=lambda event: -event[1].days_ago):
            when = self._workday(act.days_ago)
            if isinstance(act, _Plot):
                codes[number] = self._hand_in(act, when)
            elif act.by == _REPORTER:
                self._act_as_reporter(codes[number], act, when.date())
            else:
                self._act_as_officer(codes[number], act, when.date())
        ordered = (codes[number] for number in range(len(plots)))
        return tuple(DemoCase(one.reveal(), self._find(one).status) for one in ordered)

    def keep(self, plots: tuple[_Plot, ...]) -> tuple[DemoNote, ...]:
        """Let people keep what is no report; return what came of it."""
        return tuple(
            DemoNote(
                self._hand_in(plot, self._workday(plot.days_ago)).reveal(), plot.rule
            )
            for plot in plots
        )

    def _entry(self, plot: _Plot) -> Entry:
        if not plot.rule:
            return Entry.report()
        day = self._runtime.today() + dt.timedelta(days=plot.in_days)
        return Entry(EntryKind(plot.report.entry), ReleaseRule(plot.rule), day)

    def _hand_in(self, plot: _Plot, when: dt.datetime) -> CaseCode:
        session, runtime = self._session, self._runtime
        everybody = list_officers(session)
        shut_out = {self._duties[key].person.id for key in plot.kept_from}
        readers = choose_readers(
            everybody,
            plot.report,
            ticked=frozenset(o.id.hex() for o in everybody if o.id not in shut_out),
            only_outside=plot.only_outside,
            conflicted=find_conflicted(session, plot.report, runtime.secret),
        )
        readers = replace(readers, custodians=list_custodians(session))
        timestamp = int(when.timestamp())
        form = FormToken.issue(runtime.secret, timestamp)
        browser = Browser(Cookie.generate(), Visit(ends_at=timestamp))
        handed_in = hand_ins.hand_in(
            session,
            replace(plot.report, shut_out=readers.kept_from),
            readers,
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
            entry=self._entry(plot),
        )
        # The reporter has written the code down and closed the browser.
        hand_ins.forget_code(session, form.burn_id())
        sessions.end(session, browser.cookie)
        return handed_in.code

    def _receive(
        self, kinds: Sequence[str], today: dt.date
    ) -> tuple[ReceivedFile, ...]:
        session, runtime = self._session, self._runtime
        place = (session, runtime.objects, runtime.instance)
        received = tuple(receive_drawn(*place, FileKind(kind), today) for kind in kinds)
        return under_numbers(received)

    def _act_as_reporter(self, code: CaseCode, act: _Act, today: dt.date) -> None:
        session, runtime = self._session, self._runtime
        case_id, key = self._find(code).id, code.key(runtime.instance)
        opened = find_for_reporter(session, case_id, key, runtime.instance)
        if act.deed == "withdraw":
            withdrawals.withdraw(
                *(session, opened, runtime.rules, runtime.retention, today),
                gate=runtime.gate_secret,
                was_demanded=False,
            )
        else:
            own_cases.write(
                session,
                opened,
                act.text,
                windows=code.windows(),
                today=today,
                at_once=True,
                received=self._receive(act.files, today),
            )

    def _act_as_officer(self, code: CaseCode, act: _Act, today: dt.date) -> None:
        session, rules, duty = self._session, self._runtime.rules, self._duties[act.by]
        opened = find_for_officer(session, self._find(code).id, duty)
        # Nobody else acts meanwhile: there is no page whose state could be old.
        when: dict[str, Any] = {"seen": "", "today": today}
        match act.deed:
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

    def _workday(self, days_ago: int) -> dt.datetime:
        """Return that day, or the Friday before: offices rest at weekends."""
        now = self._runtime.now().replace(second=0, microsecond=0)
        when = now - dt.timedelta(days=days_ago)
        past_friday = max(0, when.weekday() - _SATURDAY + 1)
        return when - dt.timedelta(days=past_friday)


def _make_empty(settings: Settings) -> Settings:
    """Make what is missing in the folder; return the settings that hold there."""
    instance = settings.instance
    if (instance / SETTINGS_FILE).exists() and not read_settings(instance).demo:
        raise LurusError(f"{instance} is no demo instance; a demo needs its own.")
    if (instance / DATABASE_FILE).exists() and _is_in_use(instance):
        raise LurusError("This instance is in use; a demo never overwrites.")
    make_installation(settings, dt.datetime.now(settings.zone).date())
    return read_settings(instance)


def _is_in_use(instance: Path) -> bool:
    database = open_database(instance)
    check_schema(database.engine)
    with database.sessions() as session:
        officer = session.scalar(select(Person.id).limit(1))
        case = session.scalar(select(Case.id).limit(1))
    database.engine.dispose()
    return officer is not None or case is not None
