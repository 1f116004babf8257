"""Promise 24: of what is sealed no row tells its kind, its rule, or whom it is about.

A thief has every row and every secret of the server. An officer has them too, and the
own key; a custodian likewise, but for the gate's secret. None of them opens a held
entry, or tells it from a note or from a question that shuts the officer out.
"""

import datetime as dt
from collections.abc import Iterator

import pytest
from builders import (
    TODAY,
    add_custodian,
    add_officer,
    gate_of,
    the_case,
)
from keeping import A_YEAR, KEPT, SUBJECT, an_entry, keep
from sqlalchemy import select
from sqlalchemy.orm import Session

from crypto import (
    BrokenError,
    CaseCode,
    CaseKey,
    NotYoursError,
    ReleaseRule,
    open_outer,
    take_gate_off,
    unwrap_case_key,
)
from portal import cases, openings
from portal.cases import Duty
from portal.entries import Entry, EntryKind
from portal.errors import NoSuchCaseError
from portal.models import NO_DAY, Base, Case, Wrap
from portal.reader_sheets import ReaderSheet
from portal.reports import Report

HOLD, QUESTION = EntryKind.HOLD, EntryKind.QUESTION
EVERY_RULE = tuple(rule for rule in ReleaseRule if rule is not ReleaseRule.DEADLINE)
DAYS = (TODAY + dt.timedelta(days=10), A_YEAR)
WORDS = ("Kuitansi kosong.", "Kuitansi kosong diisi lagi setiap Jumat sore. " * 80)

Shape = dict[str, list[tuple[object, ...]]]


def every_entry() -> Iterator[tuple[Entry, Report]]:
    """Return what people keep: each kind, by each rule, about somebody or nobody."""
    for kind in KEPT:
        rules = EVERY_RULE if kind is HOLD else (ReleaseRule.NEVER,)
        for number, rule in enumerate(rules):
            entry = an_entry(kind, rule, DAYS[number % 2])
            name = "Joko Prasetyo" if number % 2 else ""
            yield entry, Report("UNSURE", WORDS[number % 2], who_name=name)


def shape_of(session: Session, case_id: bytes) -> Shape:
    """Return all that rows of a case show but what is random: sizes, and words."""
    session.rollback()
    return {
        table.name: sorted(
            (tuple(map(_shown, row)) for row in session.execute(_mine(table, case_id))),
            key=repr,
        )
        for table in Base.metadata.sorted_tables
        if table.name == "cases" or "case_id" in table.columns
    }


def _mine(table, case_id: bytes):  # type: ignore[no-untyped-def]
    column = table.c.id if table.name == "cases" else table.c.case_id
    return select(table).where(column == case_id)


def _shown(value: object) -> object:
    return len(value) if isinstance(value, bytes) else value


def keep_each(session: Session, *readers: Duty) -> dict[Entry, CaseCode]:
    return {
        entry: keep(session, entry.kind, *readers, entry=entry, report=report)
        for entry, report in every_entry()
    }


def test_no_row_tells_a_kind_a_rule_or_a_day(session: Session) -> None:
    rina, joko = add_officer(session), add_officer(session, "Joko Prasetyo")
    add_custodian(session)
    add_custodian(session, "Agus Salim")
    codes = keep_each(session, rina, joko)
    alone = keep(session, QUESTION, rina, others=(joko,))

    shapes = {
        repr(shape_of(session, the_case(session, code).id))
        for code in (*codes.values(), alone)
    }

    assert len(codes) == len(KEPT) - 1 + len(EVERY_RULE)
    assert len(shapes) == 1
    case = the_case(session, alone)
    assert (case.status, case.due_on, case.purge_on) == ("sealed", NO_DAY, None)
    assert (case.is_answered, case.closed_on) == (False, None)


def test_before_a_hand_over_they_look_alike_too(session: Session) -> None:
    rina, _sri = add_officer(session), add_custodian(session)
    codes = [keep(session, kind, rina, at_once=False) for kind in KEPT]

    shapes = {repr(shape_of(session, the_case(session, one).id)) for one in codes}

    assert len(shapes) == 1


def test_no_row_holds_the_subject_or_anything_made_of_it(session: Session) -> None:
    rina, _sri = add_officer(session), add_custodian(session)
    first, second = (keep(session, HOLD, rina) for _ in range(2))

    blobs = [blobs_of(session, code) for code in (first, second)]

    assert SUBJECT.encode() not in b"".join(blobs[0] + blobs[1])
    # What two that name the same person share are texts in clear, and no secret.
    pieces = [
        {blob[at : at + 16] for blob in mine for at in range(len(blob) - 15)}
        for mine in blobs
    ]
    holders = {duty.person.id for duty in (rina, _sri)}
    assert pieces[0] & pieces[1] - holders == set()


def blobs_of(session: Session, code: CaseCode) -> list[bytes]:
    case_id = the_case(session, code).id
    tables = [one for one in Base.metadata.sorted_tables if "case_id" in one.columns]
    return [
        value
        for table in (Base.metadata.tables["cases"], *tables)
        for row in session.execute(_mine(table, case_id))
        for value in row
        if isinstance(value, bytes)
    ]


@pytest.mark.parametrize(
    "kind", [EntryKind.NOTE, EntryKind.OWN_REMINDER, HOLD, QUESTION]
)
def test_an_officer_with_every_secret_cannot_open_what_is_held_or_kept_from_them(
    session: Session, kind: EntryKind
) -> None:
    """What the own wrap yields is random in a hold, a note, and where one is shut out."""
    rina, joko = add_officer(session), add_officer(session, "Joko Prasetyo")
    add_custodian(session)
    is_shut_out = kind is QUESTION
    mine = {"others": (joko,)} if is_shut_out else {}
    code = keep(session, kind, *((rina,) if is_shut_out else (rina, joko)), **mine)

    outcome = attempt(session, code, joko)

    assert outcome == "a pair of keys that open nothing"
    with pytest.raises(NoSuchCaseError):
        openings.find_opening(session, the_case(session, code).id, joko)


def attempt(session: Session, code: CaseCode, duty: Duty) -> str:
    """Do what an officer can with the own wrap and the mask; say how it ends."""
    case = the_case(session, code)
    who = {"case_id": case.id, "holder": duty.person.id}
    wrap = session.get_one(Wrap, (case.id, duty.person.id, cases.PURPOSE_CASE)).wrap
    try:
        key = unwrap_case_key(
            wrap, case.mask, duty.identity, instance=duty.instance, **who
        )
    except NotYoursError:
        return "no wrap of this officer's"
    try:
        ReaderSheet.unseal(case.reader_sheet, key, case.id)
    except BrokenError:
        return "a pair of keys that open nothing"
    return "open"


def test_without_the_gate_a_custodian_opens_no_outer(session: Session) -> None:
    rina, sri = add_officer(session), add_custodian(session)
    codes = keep_each(session, rina)

    for code in codes.values():
        outer = outer_of(session, code, sri)
        place = {"case_id": the_case(session, code).id, "holder": sri.person.id}
        with pytest.raises((NotYoursError, BrokenError)):
            open_outer(outer, sri.identity, **place)


def test_with_the_gate_alone_a_thief_opens_none_either(session: Session) -> None:
    rina, sri = add_officer(session), add_custodian(session)
    codes = keep_each(session, rina)

    for code in codes.values():
        place = {"case_id": the_case(session, code).id, "holder": sri.person.id}
        inner = take_gate_off(outer_of(session, code, sri), gate_of(session), **place)
        # The gate is all that the server has: behind it is the custodian's key.
        with pytest.raises((NotYoursError, BrokenError)):
            open_outer(inner, rina.identity, **place)


def outer_of(session: Session, code: CaseCode, custodian: Duty) -> bytes:
    case_id = the_case(session, code).id
    return session.get_one(
        Wrap, (case_id, custodian.person.id, cases.PURPOSE_OUTER)
    ).wrap


def test_a_custodian_with_the_gate_learns_the_name_and_opens_no_text(
    session: Session,
) -> None:
    """The known residual: whom it is about, and how often; never what it says."""
    rina, sri = add_officer(session), add_custodian(session)
    code = keep(session, HOLD, rina)
    case = the_case(session, code)
    place = {"case_id": case.id, "holder": sri.person.id}
    inner = take_gate_off(outer_of(session, code, sri), gate_of(session), **place)

    share = open_outer(inner, sri.identity, **place)

    assert share.subject == SUBJECT
    pair = bytes(one ^ other for one, other in zip(share.share, case.mask, strict=True))
    for plain in (share.share, case.mask, pair):
        opened = CaseKey.parse(plain, rina.instance)
        with pytest.raises(BrokenError):
            ReaderSheet.unseal(case.reader_sheet, opened, case.id)


def test_every_sealed_row_has_as_many_of_everything(session: Session) -> None:
    rina = add_officer(session)
    add_custodian(session)
    keep_each(session, rina)

    counts = {
        table: {
            len(rows)
            for case_id in session.scalars(select(Case.id)).all()
            for name, rows in shape_of(session, case_id).items()
            if name == table
        }
        for table in ("messages", "steps", "wraps", "attachments")
    }

    assert counts == {"messages": {1}, "steps": {1}, "wraps": {2}, "attachments": {0}}
