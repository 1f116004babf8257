"""Rules for every verb that changes something: whole or nothing, and on record."""

import ast
import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import away
import kept
import pytest
import registering
from asking import Asked, add_staff, ask, decline, deliver, reply_to
from at_custody import AtCustody
from builders import (
    AT_ONCE,
    RETENTION,
    RULES,
    TEN_O_CLOCK,
    TODAY,
    a_move,
    acts_on_record,
    add_custodian,
    add_officer,
    dump,
    for_officer,
    for_reporter,
    form_token,
    gate_of,
    hand_in,
    make_shares,
    move,
    receive_file,
    shredder_of,
    store_of,
    withdraw,
)
from counting import A_TALLY, keep_made_up
from holds import hold, lots
from keeping import an_entry, keep, open_by_round, opening_of, round_was_held
from sqlalchemy import delete, text
from sqlalchemy.orm import Session
from strategies import CHEAPEST
from trails import DAY
from trails import tend as tend_trail

import portal
from crypto import (
    CaseCode,
    Cookie,
    FormToken,
    InstanceId,
    Key,
    NoticeKind,
    OneTimeSecret,
    ReleaseRule,
)
from portal import (
    accounts,
    acts,
    administrators,
    backups,
    cases,
    clock_guard,
    conflicts,
    custody,
    desk,
    devices,
    endings,
    enrolments,
    figures,
    hand_ins,
    improvements,
    invitations,
    key_hand_overs,
    logins,
    notices,
    objections,
    openings,
    outers,
    own_cases,
    pact,
    passed_tallies,
    people,
    readers,
    releases,
    renewals,
    restores,
    retention,
    reviews,
    rotation,
    rounds,
    seen,
    sessions,
    staff,
    taking_up,
    throttle,
    trail,
    troubles,
    uploads,
    vouchers,
    withdrawals,
    zone,
)
from portal.cases import Duty
from portal.conflicts import Declaration
from portal.database import find_instance_id, transaction
from portal.desk import Filters
from portal.enrolments import Enrolment
from portal.entries import EntryKind
from portal.errors import StoreUnavailableError
from portal.escalation import Escalation
from portal.handover import IMMEDIATE, HandOverHours
from portal.logins import PassphraseGate, Verdict
from portal.models import Job, Wrap
from portal.models import Person as PersonRow
from portal.openings import Opening
from portal.pact import UnitCount
from portal.periods import Period
from portal.roles import Role
from portal.roster import list_custodians
from portal.sessions import Browser, Pending, Standing, Visit
from portal.shredding import Purge
from portal.staff import Member
from portal.statuses import Outcome
from portal.summaries import Triage
from portal.tending import Tender
from portal.troubles import Telling
from portal.uploads import ReceivedFile
from portal.vouchers import BurntSlip, Printed
from portal.zone import Award, OwnText, Predicate, Statement
from portal.zone_texts import Area, Promise

NOW = dt.datetime(2026, 12, 7, 10, 0, tzinfo=dt.UTC)
STEP = int(NOW.timestamp()) // 30
# Of the same hour: a sweep is done already when the hand-over is due.
LATER = NOW.replace(minute=45)
NINE_TOMORROW = NOW.replace(day=8, hour=9)
A_YEAR_LATER = NOW.replace(year=2027)
AFTERWARDS = A_YEAR_LATER + dt.timedelta(days=1)
HALF_PAST = HandOverHours.parse(["10:30"])
KNOWN = Visit(Standing.REPORTER, TEN_O_CLOCK)
DECLARED = zone.Declaration(OwnText("Kami siap."), "Trenggalek", TODAY)
SIGNED = Statement("Siti", "Kepala", TODAY, {Promise.NO_SEARCH: OwnText("Tidak.")})
MARKS = ("transaction(", "changing(")
NO_DOMAIN = {"installation", "doctor", "cli", "database"}


@dataclass(frozen=True)
class World:
    """A case that was answered, a person at the door, and browsers."""

    session: Session
    rina: Duty
    sari: Duty
    sri: Duty
    """A custodian."""
    code: CaseCode
    form: FormToken
    token: str
    enrolment: Enrolment
    cookie: Cookie
    received: tuple[ReceivedFile, ...] = ()
    asked: Asked | None = None
    """A request for a reminder."""
    printed: Printed | None = None
    answer: bytes = b""
    """To a round that was carried away."""

    @property
    def instance(self) -> InstanceId:
        return self.rina.instance


def a_world(session: Session) -> World:
    rina, form = add_officer(session), form_token(session)
    sri = add_custodian(session)
    code = hand_in(session, rina, form=form)
    move(session, code, rina, "acknowledged")
    token = invite(session, "Joko Prasetyo")
    instance = find_instance_id(session)
    return World(
        session=session,
        rina=rina,
        sari=add_officer(session, "Sari Utami"),
        sri=sri,
        code=code,
        form=form,
        token=token,
        enrolment=enrolments.begin_enrolment(
            session,
            invitations.find_invited(session, token, TODAY),
            "kapal-layar-ungu-menari",
            PassphraseGate(CHEAPEST),
            instance,
            name="Joko Prasetyo",
            position="Auditor",
            unit="Sekretariat",
        ),
        cookie=sessions.begin(session, KNOWN, Cookie.generate(), instance),
    )


def invite(session: Session, name: str) -> str:
    return invitations.invite(
        session,
        name,
        position="",
        unit="",
        roles=frozenset({Role.OFFICER}),
        today=TODAY,
    )


def case_id(w: World) -> bytes:
    return for_officer(w.session, w.code, w.rina).case.id


def write(w: World) -> None:
    mine = for_reporter(w.session, w.code)
    windows = w.code.windows()
    own_cases.write(w.session, mine, "Ya.", windows=windows, today=TODAY, at_once=True)


def replace_file(w: World) -> None:
    (received,) = w.received
    uploads.replace_file(
        *(w.session, store_of(w.session), received),
        *(replace(received.file, name="c.pdf"), 1, w.instance),
    )


def drop_file(w: World) -> None:
    uploads.drop(w.session, store_of(w.session), w.received)


def destroy(w: World) -> None:
    mine = for_reporter(w.session, w.code)
    withdrawals.destroy(w.session, mine, shredder_of(w.session))


def ask_custodians(w: World) -> None:
    mine, sri = for_reporter(w.session, w.code), {w.sri.person.id}
    objections.ask_custodians(
        *(w.session, mine, "Keliru.", sri),
        windows=w.code.windows(),
        rules=RULES,
        gate=gate_of(w.session),
        today=TODAY,
    )


def confirm_result(w: World) -> None:
    opened = cases.find_for_custodian(w.session, case_id(w), w.sri)
    when = {"seen": "", "retention": RETENTION, "today": TODAY}
    reviews.confirm(w.session, opened, w.sri, "Tetap.", **when)


def tell(w: World) -> None:
    mine, telling = for_reporter(w.session, w.code), Telling(NoticeKind.HUNT)
    when = {"rules": RULES, "gate": gate_of(w.session), "today": TODAY}
    troubles.tell(w.session, mine, telling, windows=w.code.windows(), **when)


def extend(w: World) -> None:
    mine, office = kept.own(w.session, w.code), kept.office_of(w.session)
    day = kept.OPENS + dt.timedelta(days=1)
    renewals.extend(w.session, mine, day, office=office, today=TODAY)


def release_now(w: World) -> None:
    mine, office = kept.own(w.session, w.code), kept.office_of(w.session)
    choice = releases.Choice(frozenset({w.rina.person.id.hex()}))
    when = {"rules": RULES, "today": TODAY, "at_once": True}
    releases.release_now(w.session, mine, choice, office=office, **when)


def hold_back(w: World) -> None:
    opened = for_officer(w.session, w.code, w.rina)
    why = {"reason": "Sidang.", "seen": "", "today": TODAY}
    retention.hold_back(w.session, opened, w.rina, **why)


def let_go(w: World) -> None:
    opened = for_officer(w.session, w.code, w.rina)
    why = {"reason": "", "seen": "", "today": TODAY}
    retention.let_go(w.session, opened, w.rina, RETENTION, **why)


def purge(w: World) -> None:
    work = Purge(shredder_of(w.session), RETENTION)
    Tender(AT_ONCE, purge=work).tend(w.session, A_YEAR_LATER)


def escalate(w: World) -> None:
    work = Escalation(RULES, gate_of(w.session))
    Tender(AT_ONCE, escalation=work).tend(w.session, A_YEAR_LATER)


def ask_for_time(w: World) -> None:
    opened = for_officer(w.session, w.code, w.rina)
    why = {"reason": "Ahli ditunggu.", "message": "Kami menunggu ahli."}
    acts.extend(w.session, opened, w.rina, **why, seen="", rules=RULES, today=TODAY)


def as_custodian(w: World) -> AtCustody:
    return AtCustody(w.session, w.code, w.sri)


def answer(w: World) -> None:
    opened = for_officer(w.session, w.code, w.rina)
    acts.answer(w.session, opened, w.rina, "?", seen="", rules=RULES, today=TODAY)


def note(w: World) -> None:
    opened = for_officer(w.session, w.code, w.rina)
    acts.note(w.session, opened, w.rina, "Catatan.", seen="", today=TODAY)


def triage(w: World) -> None:
    acts.triage(
        w.session,
        for_officer(w.session, w.code, w.rina),
        w.rina,
        Triage(4),
        title="Pungutan",
        reason="Banyak yang dirugikan.",
        seen="",
        today=TODAY,
    )


def assign(w: World) -> None:
    readers.assign(
        w.session,
        for_officer(w.session, w.code, w.rina),
        w.rina,
        w.sari.person.id,
        reason="Catatan.",
        seen="",
        secret=gate_of(w.session),
        gate=gate_of(w.session),
        today=TODAY,
    )


def recuse(w: World) -> None:
    readers.recuse(
        w.session,
        for_officer(w.session, w.code, w.rina),
        w.rina,
        w.sari.person.id,
        reason="Catatan.",
        seen="",
        gate=gate_of(w.session),
        today=TODAY,
    )


def declare(w: World) -> None:
    declared = Declaration(("loket",), ("Banyak",))
    conflicts.declare(w.session, w.rina, declared, gate_of(w.session), TODAY)


def close(w: World) -> None:
    move(w.session, w.code, w.rina, a_move("closed"))


def enrol(w: World) -> None:
    code = w.enrolment.secret.code(STEP)
    enrolments.enrol(w.session, w.token, w.enrolment, code, w.instance, NOW)


def log_in(w: World) -> None:
    verdict = Verdict(w.enrolment.person_id, w.enrolment.identity.reveal())
    code = w.enrolment.secret.code(STEP + 9)
    later = NOW + dt.timedelta(seconds=270)
    logins.log_in(w.session, verdict, code, w.instance, later)


def at_work(w: World) -> Duty:
    """Return the person who enrolled, at work."""
    person = w.session.get_one(PersonRow, w.enrolment.person_id)
    return Duty(person, w.enrolment.identity, w.instance)


def opening(w: World) -> Opening:
    return opening_of(w.session, w.code, w.rina)


def answer_entry(w: World) -> None:
    openings.answer(w.session, opening(w), w.rina, "Ya.", seen="", today=TODAY)


def pass_on(w: World) -> None:
    openings.pass_on(w.session, opening(w), w.rina, "Sudah.", seen="", today=TODAY)


def take_up(w: World) -> None:
    gate, rest = gate_of(w.session), {"seen": "", "rules": RULES, "today": TODAY}
    openings.take_up(w.session, opening(w), w.rina, gate=gate, **rest)


def complete(w: World) -> None:
    outers.complete(w.session, w.rina, case_id(w), gate=gate_of(w.session))


def pass_tallies(w: World) -> None:
    others = [one for one in list_custodians(w.session) if one.id != w.sri.person.id]
    list(passed_tallies.pass_on(w.session, w.sri, others, gate_of(w.session)))


def follow(w: World) -> None:
    endings.follow(w.session, w.rina, for_officer(w.session, w.code, w.rina))


def inform(w: World) -> None:
    opened = cases.find_for_custodian(w.session, case_id(w), w.sri)
    custody.inform(w.session, opened, w.sri, TODAY)


def confirm(w: World) -> None:
    code = w.enrolment.secret.code(STEP + 9)
    logins.confirm(w.session, at_work(w), code, NOW + dt.timedelta(seconds=270))


def admit_login(w: World) -> None:
    throttle.admit_login(w.session, "rina", Key(bytes(32), w.instance), 9, TEN_O_CLOCK)


def change_passphrase(w: World) -> None:
    duty, gate = at_work(w), PassphraseGate(CHEAPEST)
    present, chosen = "kapal-layar-ungu-menari", "sepeda-tua-hijau-menyanyi"
    accounts.change_passphrase(w.session, duty, present, chosen, gate, TODAY)


def connect_phone(w: World) -> None:
    secret = OneTimeSecret.generate()
    accounts.connect_phone(w.session, at_work(w), secret, secret.code(STEP), NOW)


def remember(w: World) -> None:
    devices.remember(w.session, w.rina.person, w.cookie, TODAY)


def expect_group(w: World) -> None:
    pending = Pending(w.form.burn_id(), 1, "7K2M")
    browser = Browser(w.cookie, KNOWN)
    sessions.expect_group(w.session, browser, pending, w.instance)


def retire(w: World) -> None:
    people.retire(w.session, "Joko Prasetyo", TODAY)


def joko(w: World) -> Duty:
    person = w.session.get_one(PersonRow, w.enrolment.person_id)
    return Duty(person, w.enrolment.identity, w.instance)


def begin_rotation(w: World) -> None:
    rotation.begin(
        w.session, w.rina, "kapal-layar-ungu", PassphraseGate(CHEAPEST), TODAY
    )


def compare(w: World) -> None:
    heard = w.enrolment.identity.recipient.fingerprint()[-9:]
    key_hand_overs.begin(w.session, w.rina, w.enrolment.person_id, heard, TODAY)


def give(w: World) -> None:
    key_hand_overs.give_lot(w.session, w.rina, w.enrolment.person_id)


def offer_key(w: World) -> None:
    invitations.invite_again(w.session, w.rina.person.name, today=TODAY)


def keep_mail_address(w: World) -> None:
    notices.keep_mail_address(w.session, w.rina, "rina@agency.example", TODAY)


def keep_accounts(w: World) -> None:
    """Let two officers be administrators too."""
    with transaction(w.session):
        for duty in (w.rina, w.sari):
            duty.person.is_administrator = True


def give_administration(w: World) -> None:
    administrators.give_administration(w.session, w.sri.person.id, w.rina.person, TODAY)


def take_administration(w: World) -> None:
    administrators.take_administration(
        w.session, w.sari.person.id, w.rina.person, TODAY
    )


def renew(w: World) -> None:
    invited, keeper = w.enrolment.person_id, w.rina.person
    invitations.renew(w.session, invited, TODAY, by=keeper)


def withdraw_invitation(w: World) -> None:
    invited, keeper = w.enrolment.person_id, w.rina.person
    invitations.withdraw(w.session, invited, TODAY, by=keeper)


def export(w: World) -> None:
    filters = trail.TrailFilters()
    trail.export_trail(w.session, filters, w.rina.person, TODAY, sees_cases=False)


def take_report(w: World) -> None:
    hand_in(w.session, w.rina, taken_by=w.rina)


def import_staff(w: World) -> None:
    """Import a list on which somebody is new, somebody other, and somebody gone."""
    listed = [Member(f"{number:018}", "Siti", "Staf", "Loket") for number in (2, 3)]
    shown = staff.compare(w.session, listed)
    staff.import_list(w.session, listed, shown, TODAY)


def list_staff(session: Session) -> None:
    listed = [Member(f"{number:018}", "Budi", "Staf", "Umum") for number in (1, 2)]
    shown = staff.compare(session, listed)
    staff.import_list(session, listed, shown, TODAY)


def printed(w: World) -> Printed:
    """Return the slips that there are."""
    assert w.printed
    return w.printed


def put_back(w: World) -> None:
    vouchers.put_back(w.session, BurntSlip(bytes(32), printed(w).batch))


VERBS: dict[str, Callable[[World], object]] = {
    "hand_ins.hand_in": lambda w: hand_in(w.session, w.rina),
    "hand_ins.hand_in for somebody": take_report,
    "hand_ins.forget_code": lambda w: hand_ins.forget_code(w.session, w.form.burn_id()),
    "own_cases.write": write,
    "renewals.changing_own for a day": extend,
    "renewals.changing_own for a report": release_now,
    "withdrawals.withdraw": lambda w: withdraw(w.session, w.code),
    "objections.ask_custodians": ask_custodians,
    "reviews.confirm": confirm_result,
    "troubles.tell": tell,
    "withdrawals.destroy": destroy,
    "retention.hold_back": hold_back,
    "retention.let_go": let_go,
    "acts.answer": answer,
    "acts.note": note,
    "acts.triage": triage,
    "acts.move": close,
    "openings.answer": answer_entry,
    "openings.pass_on": pass_on,
    "openings.take_up": take_up,
    "readers.assign": assign,
    "readers.recuse": recuse,
    "outers.complete": complete,
    "endings.follow": follow,
    "custody.inform": inform,
    "conflicts.declare": declare,
    "desk.keep": lambda w: desk.list_cases(w.session, w.rina, Filters()),
    "seen.lock_again": lambda w: seen.News(w.session, w.rina).lock_again(),
    "seen._keep": lambda w: seen.look(w.session, w.rina, case_id(w)),
    "uploads.keep": lambda w: receive_file(w.session),
    "uploads.replace_file": replace_file,
    "uploads.drop": drop_file,
    "invitations.invite": lambda w: invite(w.session, "Yusuf Hidayat"),
    "enrolments.enrol": enrol,
    "logins.log_in": log_in,
    "logins.confirm": confirm,
    "logins.log_out": lambda w: logins.log_out(w.session, w.rina.person, TODAY),
    "notices.keep_mail_address": keep_mail_address,
    "people.retire": retire,
    "sessions.begin": lambda w: sessions.begin(w.session, KNOWN, w.cookie, w.instance),
    "sessions.keep": lambda w: sessions.keep(
        w.session, Visit(shows_own=True), w.cookie, w.instance
    ),
    "sessions.end": lambda w: sessions.end(w.session, w.cookie),
    "sessions.end_everywhere": lambda w: sessions.end_everywhere(
        w.session, w.rina.person.id
    ),
    "sessions.take": lambda w: sessions.take(w.session, w.cookie),
    "sessions.take_try": lambda w: sessions.take_try(w.session, w.cookie, w.instance),
    "sessions.expect_group": expect_group,
    "throttle._take": admit_login,
    "accounts.change_passphrase": change_passphrase,
    "accounts.connect_phone": connect_phone,
    "accounts.renew_recovery_codes": lambda w: accounts.renew_recovery_codes(
        w.session, at_work(w), TODAY
    ),
    "devices.remember": remember,
    "recovery.keep_recipient": lambda w: make_shares(w.session),
    "backups.keep_backup_recipient": lambda w: backups.keep_backup_recipient(
        w.session, w.rina.identity.recipient, TODAY
    ),
    "backups.note_backup": lambda w: backups.note_backup(w.session, TODAY),
    "backups.note_rehearsal": lambda w: backups.note_rehearsal(w.session, TODAY),
    "restores._begin_anew": lambda w: restores._begin_anew(w.session, TODAY, TODAY),
    "staff.import_list": import_staff,
    "zone.keep_declaration": lambda w: zone.keep_declaration(
        w.session, DECLARED, TODAY, by=w.rina.person
    ),
    "zone.keep_statement": lambda w: zone.keep_statement(
        w.session, SIGNED, TODAY, by=w.rina.person
    ),
    "zone.keep_report": lambda w: zone.keep_report(
        w.session, Area.CHANGE, OwnText("Sudah."), TODAY, by=w.rina.person
    ),
    "zone.keep_award": lambda w: zone.keep_award(
        w.session, Award(Predicate.WBK, 2025), TODAY, by=w.rina.person
    ),
    "pact.keep_counts": lambda w: pact.keep_counts(
        w.session, [UnitCount("Umum", 9, 8)], TODAY, by=w.rina.person.name
    ),
    "vouchers.print_slips": lambda w: vouchers.print_slips(w.session, 3, TODAY),
    "vouchers.burn": lambda w: vouchers.burn(w.session, printed(w).slips[0]),
    "vouchers.put_back": put_back,
    "vouchers.void_batch": lambda w: vouchers.void_batch(
        w.session, printed(w).batch, TODAY
    ),
    "invitations.invite_again": offer_key,
    "invitations.renew": renew,
    "invitations.withdraw_key": lambda w: invitations.withdraw_key(
        w.session, w.rina.person.name, today=TODAY
    ),
    "invitations.withdraw": withdraw_invitation,
    "administrators.give_administration": give_administration,
    "administrators.take_administration": take_administration,
    "trail.export_trail": export,
    "evaluations.plan": lambda w: registering.plan(w.session, w.rina.person),
    "evaluations.record_held": lambda w: registering.hold(w.session, w.rina.person),
    "evaluations.add_finding": lambda w: registering.find(w.session, w.rina.person),
    "evaluations.close_finding": lambda w: registering.close(w.session, w.rina.person),
    "sheet_facts.record_export": lambda w: registering.export(w.session),
    "tending._do evaluations": lambda w: registering.plan_fixed(w.session, NOW),
    "round_exports.export_round": lambda w: away.export(w.session, w.sri),
    "round_answers._act": lambda w: away.carry_out(w.session, w.answer),
    "round_answers._finish": lambda w: away.end(w.session, w.answer),
    "rotation.begin": begin_rotation,
    "rotation.wrap_lot": lambda w: rotation.wrap_lot(
        w.session, w.rina, gate_of(w.session)
    ),
    "rotation.finish": lambda w: rotation.finish(
        w.session, w.rina, TODAY, gate=gate_of(w.session)
    ),
    "rotation.abandon": lambda w: rotation.abandon(w.session, w.rina, TODAY),
    "key_hand_overs.begin": compare,
    "key_hand_overs.give_lot": give,
    "taking_up.take_up_lot": lambda w: taking_up.take_up_lot(w.session, joko(w), TODAY),
    "deliveries.deliver": lambda w: deliver(w.session, w.asked, w.rina),
    "deliveries.decline": lambda w: decline(w.session, w.asked, w.rina),
    "rounds._begin": lambda w: rounds._begin(
        w.session, w.sri, gate_of(w.session), TODAY
    ),
    "rounds._read": lambda w: next(lots(w.session, w.sri)),
    "rounds._act": lambda w: next(lots(w.session, w.sri)),
    "rounds._finish": lambda w: list(lots(w.session, w.sri)),
    "passed_tallies._write": pass_tallies,
    "figures.publish": lambda w: figures.publish(
        *(w.session, w.sri, Period(2026, 2)),
        gate=gate_of(w.session),
        every_days=7,
        today=dt.date(2027, 4, 1),
    ),
    "improvements.write": lambda w: improvements.write(
        *(w.session, Period(2026, 2), {"id": "Loket baru.", "en": ""}, TODAY),
        by=w.rina.person,
    ),
    "leaflets.reply": lambda w: reply_to(w.session, w.asked, w.instance),
    "tending._do leaflets": lambda w: Tender(AT_ONCE).tend(w.session, AFTERWARDS),
    "tending._do sweep": lambda w: Tender(AT_ONCE).tend(w.session, NOW),
    "tending._do hand-over": lambda w: Tender(HALF_PAST).tend(w.session, LATER),
    "tending._do purge": purge,
    "clock_guard.confirm_clock": lambda w: clock_guard.confirm_clock(
        w.session, w.rina, TODAY
    ),
    "tending._do ledger": lambda w: tend_trail(w.session, TODAY + DAY),
    "tending._do escalate": escalate,
    "acts.extend": ask_for_time,
    "custodian_acts.take_over": lambda w: as_custodian(w).take_over("Kami periksa."),
    "custodian_acts.give_back": lambda w: as_custodian(w).give_back("Silakan."),
    "custodian_acts.move": lambda w: as_custodian(w).move("closed"),
}
"""Where a transaction is begun, and for what -> one way to get there."""

WRITES = {
    "hand_ins.hand_in": "burnt_forms cases messages sessions steps waiting_leaves wraps",
    "hand_ins.hand_in for somebody": "audit burnt_forms cases messages sessions steps waiting_leaves wraps",
    "hand_ins.forget_code": "burnt_forms",
    "own_cases.write": "cases messages",
    "renewals.changing_own for a day": "cases messages wraps",
    "renewals.changing_own for a report": "cases messages steps waiting_leaves wraps",
    "withdrawals.withdraw": "cases steps tallies waiting_leaves wraps",
    "objections.ask_custodians": "cases messages steps waiting_leaves wraps",
    "reviews.confirm": "audit cases messages steps waiting_leaves",
    "troubles.tell": "cases messages steps waiting_leaves wraps",
    "withdrawals.destroy": "cases messages steps waiting_leaves wraps",
    "retention.hold_back": "audit cases messages",
    "retention.let_go": "audit cases messages",
    "acts.answer": "audit cases messages steps waiting_leaves",
    "acts.note": "audit messages",
    "acts.triage": "audit cases messages",
    "acts.move": "audit cases messages steps tallies waiting_leaves wraps",
    "openings.answer": "audit cases messages steps waiting_leaves",
    "openings.pass_on": "audit cases messages steps waiting_leaves",
    "openings.take_up": "audit cases steps waiting_leaves wraps",
    "readers.assign": "audit cases messages wraps",
    "readers.recuse": "audit cases messages wraps",
    "outers.complete": "wraps",
    "endings.follow": "cases",
    "custody.inform": "audit people",
    "conflicts.declare": "audit people",
    "desk.keep": "people",
    "seen.lock_again": "people",
    "seen._keep": "people",
    "invitations.invite": "audit invitations people",
    "enrolments.enrol": "audit invitations people wraps",
    "logins.log_in": "audit people",
    "logins.confirm": "people",
    "logins.log_out": "audit",
    "notices.keep_mail_address": "audit people",
    "people.retire": "audit invitations people sessions",
    "uploads.keep": "uploads",
    "uploads.replace_file": "uploads",
    "uploads.drop": "uploads",
    "sessions.begin": "sessions",
    "sessions.keep": "sessions",
    "sessions.end": "sessions",
    "sessions.end_everywhere": "sessions",
    "sessions.take": "sessions",
    "sessions.take_try": "sessions",
    "sessions.expect_group": "sessions",
    "throttle._take": "login_buckets",
    "accounts.change_passphrase": "audit people sessions",
    "accounts.connect_phone": "audit people sessions",
    "accounts.renew_recovery_codes": "audit people sessions",
    "devices.remember": "devices",
    "recovery.keep_recipient": "audit installation",
    "backups.keep_backup_recipient": "audit installation",
    "backups.note_backup": "jobs",
    "backups.note_rehearsal": "jobs",
    "restores._begin_anew": "audit invitations jobs people public_papers vouchers waiting_leaves",
    "staff.import_list": "audit staff",
    "zone.keep_declaration": "audit public_papers waiting_leaves zone_declarations",
    "zone.keep_statement": "audit public_papers waiting_leaves zone_promises zone_statements",
    "zone.keep_report": "audit zone_reports",
    "zone.keep_award": "audit zone_predicates",
    "pact.keep_counts": "audit pact_units",
    "vouchers.print_slips": "audit vouchers",
    "vouchers.burn": "vouchers",
    "vouchers.put_back": "vouchers",
    "vouchers.void_batch": "audit vouchers",
    "invitations.invite_again": "audit invitations",
    "invitations.renew": "audit invitations",
    "invitations.withdraw_key": "audit invitations",
    "invitations.withdraw": "audit invitations people",
    "administrators.give_administration": "audit people",
    "administrators.take_administration": "audit people",
    "trail.export_trail": "audit",
    "evaluations.plan": "audit evaluations",
    "evaluations.record_held": "audit evaluations",
    "evaluations.add_finding": "audit evaluation_findings",
    "evaluations.close_finding": "audit evaluation_findings",
    "sheet_facts.record_export": "audit",
    "tending._do evaluations": "evaluations jobs",
    "round_exports.export_round": "audit rounds",
    "round_answers._act": "cases rounds",
    "round_answers._finish": "audit rounds",
    "rotation.begin": "audit people",
    "rotation.wrap_lot": "wraps",
    "rotation.finish": "audit people wraps",
    "rotation.abandon": "audit people wraps",
    "key_hand_overs.begin": "audit key_hand_overs",
    "key_hand_overs.give_lot": "key_hand_overs wraps",
    "taking_up.take_up_lot": "audit wraps",
    "deliveries.deliver": "audit cases leaflets messages steps tallies waiting_leaves",
    "deliveries.decline": "audit cases messages steps waiting_leaves",
    "rounds._begin": "audit rounds",
    "rounds._read": "rounds",
    "rounds._act": "cases rounds",
    "rounds._finish": "audit rounds",
    "passed_tallies._write": "tallies",
    "figures.publish": "audit figures public_papers tallies waiting_leaves",
    "improvements.write": "audit improvements",
    "leaflets.reply": "replies",
    "tending._do leaflets": "jobs leaflets replies",
    "tending._do sweep": "burnt_forms jobs sessions",
    "tending._do hand-over": "cases jobs messages",
    "clock_guard.confirm_clock": "audit jobs",
    "tending._do ledger": "jobs ledger_days ledger_leaves ledger_nodes public_papers waiting_leaves",
    "tending._do purge": "audit cases jobs messages steps waiting_leaves wraps",
    "tending._do escalate": "audit jobs steps waiting_leaves wraps",
    "acts.extend": "audit cases messages steps waiting_leaves",
    "custodian_acts.take_over": "audit cases messages steps waiting_leaves",
    "custodian_acts.give_back": "audit cases messages steps waiting_leaves",
    "custodian_acts.move": "audit cases messages steps tallies waiting_leaves",
}

ON_RECORD = {
    "hand_ins.hand_in for somebody": ["report taken"],
    "notices.keep_mail_address": ["mail address kept"],
    "acts.answer": ["answered"],
    "deliveries.deliver": ["answered"],
    "deliveries.decline": ["answered"],
    "acts.note": ["noted"],
    "acts.triage": ["triaged"],
    "acts.move": ["status changed"],
    "reviews.confirm": ["result confirmed"],
    "retention.hold_back": ["held back"],
    "retention.let_go": ["let go"],
    "clock_guard.confirm_clock": ["clock confirmed"],
    "tending._do purge": ["purged"],
    "tending._do escalate": ["opened to keepers"],
    "acts.extend": ["deadline extended"],
    "custodian_acts.take_over": ["taken over"],
    "custodian_acts.give_back": ["given back"],
    "custodian_acts.move": ["status changed"],
    "rounds._begin": ["round begun"],
    "rounds._finish": ["round held"],
    "openings.answer": ["answered"],
    "openings.pass_on": ["good word passed on"],
    "openings.take_up": ["status changed"],
    "readers.assign": ["readers changed"],
    "readers.recuse": ["readers changed"],
    "custody.inform": ["informed"],
    "figures.publish": ["figures published"],
    "improvements.write": ["improvements changed"],
    "conflicts.declare": ["conflicts declared"],
    "invitations.invite": ["invited"],
    "enrolments.enrol": ["enrolled"],
    "logins.log_in": ["logged in"],
    "logins.log_out": ["logged out"],
    "people.retire": ["invitation withdrawn"],
    "accounts.change_passphrase": ["passphrase changed"],
    "accounts.connect_phone": ["phone connected"],
    "accounts.renew_recovery_codes": ["recovery codes renewed"],
    "recovery.keep_recipient": ["recovery shares made"],
    "backups.keep_backup_recipient": ["backup key made"],
    "restores._begin_anew": ["restored from a backup"],
    "staff.import_list": ["staff list imported"],
    "zone.keep_declaration": ["declaration kept"],
    "zone.keep_statement": ["statement kept"],
    "zone.keep_report": ["area reported"],
    "zone.keep_award": ["predicate kept"],
    "pact.keep_counts": ["pact counted"],
    "vouchers.print_slips": ["slips printed"],
    "vouchers.void_batch": ["slips voided"],
    "invitations.invite_again": ["new key offered"],
    "invitations.renew": ["invitation renewed"],
    "invitations.withdraw_key": ["new key withdrawn"],
    "invitations.withdraw": ["invitation withdrawn"],
    "administrators.give_administration": ["administration given"],
    "administrators.take_administration": ["administration taken"],
    "trail.export_trail": ["record exported"],
    "evaluations.plan": ["evaluation planned"],
    "evaluations.record_held": ["evaluation held"],
    "evaluations.add_finding": ["finding added"],
    "evaluations.close_finding": ["finding closed"],
    "sheet_facts.record_export": ["evidence exported"],
    "round_exports.export_round": ["round exported"],
    "round_answers._finish": ["round held"],
    "rotation.begin": ["key change begun"],
    "rotation.finish": ["key changed"],
    "rotation.abandon": ["key change broken off"],
    "key_hand_overs.begin": ["cases handed over"],
    "taking_up.take_up_lot": ["cases taken up"],
}

ACCOUNT = [verb for verb in VERBS if verb.startswith("accounts.")]

# List and case are shown even where an officer's own row cannot be written
# (see test_desk.py and test_seen.py).
QUIET = {
    *("desk.keep", "seen._keep", "seen.lock_again"),
    *("outers.complete", "endings.follow"),
}
STRICT = [verb for verb in VERBS if verb not in QUIET]

every_verb = pytest.mark.parametrize("verb", VERBS)
every_strict_verb = pytest.mark.parametrize("verb", STRICT)
every_write = pytest.mark.parametrize(
    ("verb", "table"),
    [(verb, table) for verb in STRICT for table in WRITES[verb].split()],
)


def prepared(session: Session, verb: str) -> World:
    """Return a world in which the verb has something to do."""
    world = a_world(session)
    if verb in {"logins.log_in", "logins.confirm", *ACCOUNT}:
        enrol(world)
    if verb == "sessions.end_everywhere":
        known = Visit(Standing.AT_WORK, TEN_O_CLOCK, person_id=world.rina.person.id)
        sessions.begin(session, known, Cookie.generate(), world.instance)
    if verb in {"people.retire", *ACCOUNT}:
        known = Visit(
            Standing.AT_WORK, TEN_O_CLOCK, person_id=world.enrolment.person_id
        )
        sessions.begin(session, known, Cookie.generate(), world.instance)
    of_administrators = (
        *("administrators.", "improvements.", "invitations."),
        *("trail.", "evaluations."),
    )
    if verb.startswith(of_administrators):
        keep_accounts(world)
    registering.lay_out(session, verb, world.rina.person, NOW)
    if verb == "invitations.withdraw_key":
        offer_key(world)
    if verb == "restores._begin_anew":
        declare(world)
    prepare_visit(world, verb)
    if verb == "custody.inform" or verb.startswith("custodian_acts."):
        put_before(session, world)
    if verb == "figures.publish":
        keep_made_up(session, Period(2026, 2), A_TALLY)
    if verb == "acts.answer":
        write(world)
    prepare_answer(world, verb)
    world = prepare_reminder(prepare_end(world, verb), verb)
    world = prepare_entry(prepare_lists(world, verb), verb)
    if verb in {"uploads.replace_file", "uploads.drop"}:
        world = replace(world, received=(receive_file(session),))
    world = prepare_away(world, verb)
    prepare_round(world, verb)
    prepare_keys(world, verb)
    if verb == "tending._do hand-over":
        Tender(HALF_PAST).tend(session, NOW)
        hand_in(session, world.rina, at_once=False)
    return world


def prepare_answer(world: World, verb: str) -> None:
    """Bring the case to where officers take longer, or a keeper confirms its end."""
    if verb == "acts.extend":
        move(world.session, world.code, world.rina, "verified")
    if verb == "reviews.confirm":
        ask_custodians(world)
        move(world.session, world.code, world.rina, "closed")


def prepare_round(world: World, verb: str) -> None:
    """Bring a round, in which one entry opens, to where *verb* goes on."""
    if not verb.startswith("rounds."):
        return
    session, sri = world.session, world.sri
    hold(session, world.rina, day=TODAY)
    if verb != "rounds._begin":
        rounds._begin(session, sri, gate_of(session), TODAY)
    for _step in range({"rounds._act": 1, "rounds._finish": 2}.get(verb, 0)):
        next(lots(session, sri))


def prepare_away(world: World, verb: str) -> World:
    """Let a custodian be about to carry a round away, or to bring one back."""
    if not verb.startswith(("round_exports.", "round_answers.")):
        return world
    away.equip(world.session, world.sri)
    hold(world.session, world.rina, day=TODAY)
    if verb == "round_exports.export_round":
        return world
    answer = away.open_away(away.export(world.session, world.sri)).answer
    return replace(world, answer=answer)


def prepare_lists(world: World, verb: str) -> World:
    """Let there be slips, and people on the staff list."""
    if verb == "staff.import_list":
        list_staff(world.session)
    if verb.startswith(("vouchers.", "restores.")):
        return replace(world, printed=vouchers.print_slips(world.session, 2, TODAY))
    return world


def prepare_entry(world: World, verb: str) -> World:
    """Let there be what an officer answers, passes on, or takes up."""
    if not verb.startswith("openings."):
        return world
    if verb != "openings.take_up":
        return replace(world, code=keep(world.session, EntryKind.PRAISE, world.rina))
    its_day = an_entry(EntryKind.HOLD, ReleaseRule.DATE, TODAY)
    code = keep(world.session, EntryKind.HOLD, world.rina, entry=its_day)
    open_by_round(world.session, code, world.sri)
    round_was_held(world.session, TODAY)
    return replace(world, code=code)


def prepare_visit(world: World, verb: str) -> None:
    """Let a case lack what a visit or a round writes."""
    if verb == "outers.complete":
        empty_outers(world.session)
    if verb == "endings.follow":
        say_it_ended(world.session, world)
    if verb == "passed_tallies._write":
        keep_made_up(world.session, Period(2026, 2), A_TALLY)
        add_custodian(world.session, "Wulan Sari")


def empty_outers(session: Session) -> None:
    with transaction(session):
        session.execute(delete(Wrap).where(Wrap.purpose == "outer"))


def say_it_ended(session: Session, world: World) -> None:
    """Let a summary say what the case is not."""
    opened = for_officer(session, world.code, world.rina)
    with transaction(session):
        ended = opened.summary.ended(Outcome.DUPLICATE)
        opened.case.summary = ended.seal(opened.key, opened.case.id)


def put_before(session: Session, world: World) -> None:
    opened = for_officer(session, world.code, world.rina)
    first = outers.first_envelope(session, opened.case.id)
    with transaction(session):
        outers.open_to_custodians(
            session, opened.key, opened.case.id, first, today=TODAY
        )


def prepare_end(world: World, verb: str) -> World:
    """Bring a case to where *verb* ends it, or keeps it."""
    if verb.startswith("retention.") or verb == "tending._do purge":
        withdraw(world.session, world.code)
    if verb == "retention.let_go":
        hold_back(world)
    if verb in {"tending._do purge", "tending._do escalate"}:
        Tender(AT_ONCE).tend(world.session, A_YEAR_LATER)
    if verb == "tending._do ledger":
        Tender(AT_ONCE).tend(world.session, NINE_TOMORROW)
    if verb.startswith("renewals."):
        return replace(world, code=kept.keep(world.session, kept.a_hold(), world.rina))
    if verb == "withdrawals.destroy":
        return replace(world, code=hand_in(world.session, world.rina))
    return world


def prepare_reminder(world: World, verb: str) -> World:
    """Ask for a reminder where *verb* does something about one."""
    if not verb.startswith(("deliveries.", "leaflets.", "tending._do leaflets")):
        return world
    add_staff(world.session)
    asked = ask(world.session)
    if not verb.startswith("deliveries."):
        deliver(world.session, asked, world.rina)
    if verb == "tending._do leaflets":
        reply_to(world.session, asked, world.instance)
        # The sweep of that hour is done: what it takes away is another verb's.
        hour = AFTERWARDS.astimezone(dt.UTC).strftime("%Y-%m-%dT%H")
        with transaction(world.session):
            world.session.merge(Job(name="sweep", slot=hour))
            world.session.merge(Job(name="hand-over", slot=IMMEDIATE))
    return replace(world, asked=asked)


def prepare_keys(world: World, verb: str) -> None:
    """Bring a change of key, or a hand-over, to where *verb* goes on."""
    if verb in {"rotation.wrap_lot", "rotation.finish", "rotation.abandon"}:
        begin_rotation(world)
    if verb in {"rotation.finish", "rotation.abandon"}:
        rotation.wrap_lot(world.session, world.rina, gate_of(world.session))
    if verb.startswith(("key_hand_overs.", "taking_up.")):
        enrol(world)
        with transaction(world.session):
            key_hand_overs.ask_colleagues(world.session, joko(world).person)
    if verb in {"key_hand_overs.give_lot", "taking_up.take_up_lot"}:
        compare(world)
    if verb == "taking_up.take_up_lot":
        give(world)


def break_table(session: Session, table: str) -> None:
    """Let the database fail at the first change of a row of *table*."""
    with transaction(session):
        for event in ("INSERT", "UPDATE", "DELETE"):
            session.execute(
                text(
                    f"CREATE TRIGGER fail_{event} BEFORE {event} ON {table} "
                    "BEGIN SELECT no_such_function(); END"
                )
            )


def begins_transactions(path: Path) -> set[str]:
    """Return the functions of a file that begin a transaction."""
    return {
        f"{path.stem}.{function.name}"
        for function in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(function, ast.FunctionDef) and function.name != "changing"
        if any(mark in ast.unparse(function) for mark in MARKS)
    }


def test_every_verb_stands_here() -> None:
    files = Path(portal.__file__).parent.glob("*.py")
    found = [begins_transactions(path) for path in files if path.stem not in NO_DOMAIN]

    assert set().union(*found) == {verb.split()[0] for verb in VERBS}
    assert set(WRITES) == set(VERBS)


@every_verb
def test_a_verb_writes_to_its_tables_and_has_committed(
    session: Session, verb: str
) -> None:
    world = prepared(session, verb)
    before = dump(session)

    VERBS[verb](world)

    after = dump(session)
    changed = {table for table in before if before[table] != after[table]}
    assert changed == set(WRITES[verb].split())


@every_write
def test_a_verb_that_fails_half_way_leaves_nothing(
    session: Session, verb: str, table: str
) -> None:
    world = prepared(session, verb)
    before = dump(session)
    break_table(session, table)

    with pytest.raises(StoreUnavailableError):
        VERBS[verb](world)

    assert dump(session) == before


@every_strict_verb
def test_a_verb_can_be_repeated_after_it_failed(session: Session, verb: str) -> None:
    world = prepared(session, verb)
    table = WRITES[verb].split()[-1]
    break_table(session, table)
    with pytest.raises(StoreUnavailableError):
        VERBS[verb](world)

    mend(session)

    VERBS[verb](world)


def mend(session: Session) -> None:
    with transaction(session):
        for event in ("INSERT", "UPDATE", "DELETE"):
            session.execute(text(f"DROP TRIGGER fail_{event}"))


@every_verb
def test_officers_acts_are_on_record_and_reporters_are_not(
    session: Session, verb: str
) -> None:
    world = prepared(session, verb)
    before = acts_on_record(session)

    VERBS[verb](world)

    assert acts_on_record(session) == before + ON_RECORD.get(verb, [])


@every_verb
def test_the_record_holds_nothing_that_was_typed(session: Session, verb: str) -> None:
    VERBS[verb](prepared(session, verb))

    record = " ".join(dump(session)["audit"])
    assert "Catatan" not in record
    assert "Banyak" not in record
    assert "loket" not in record
