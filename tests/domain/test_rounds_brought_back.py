"""A round that comes back is taken once, whole, from its custodian, or not at all."""

import datetime as dt
import random
import secrets
from dataclasses import replace

import pytest
from away import (
    add_traveller,
    answer_again,
    export,
    open_away,
    take,
    with_line,
    with_signed_line,
)
from builders import (
    TODAY,
    add_custodian,
    add_officer,
    dump,
    for_reporter,
    gate_of,
    hand_in,
    the_case,
)
from holds import (
    LATER,
    PUTU,
    WAYAN,
    hold,
    hold_round,
    lots,
    opens,
    outer_of,
)
from people import PASSPHRASE
from sqlalchemy import select
from sqlalchemy.orm import Session
from strategies import CHEAPEST

from crypto import (
    InstanceId,
    NotYoursError,
    ReleaseRule,
    RoundAnswer,
    RoundExport,
    outer_digest,
)
from portal import (
    key_hand_overs,
    rotation,
    round_away,
    round_lines,
)
from portal.database import transaction
from portal.errors import NoSuchPersonError
from portal.logins import PassphraseGate
from portal.models import Person, Round
from portal.people import retire
from portal.round_errors import (
    BackdatedRoundError,
    ExportToComeError,
    ForeignAnswerError,
    NoOpenRoundError,
    NoSigningKeyError,
    NotAnAnswerError,
    NotAnExportError,
    NotHeardError,
    OtherCustodianError,
    OtherExportError,
    OtherPassphraseError,
    RoundFileError,
    RoundOverError,
    UnsignedAnswerError,
)
from portal.statuses import CaseStatus

MATCH, THREE = ReleaseRule.MATCH_2, ReleaseRule.MATCH_3
ONLY, NEVER = ReleaseRule.MATCH_2_ONLY, ReleaseRule.NEVER
YESTERDAY = TODAY - dt.timedelta(days=1)
WEEK = dt.timedelta(days=7)
CHECKSUM = 32


def test_an_answer_counts_once(session):
    rina, sri = add_officer(session), add_traveller(session)
    hold(session, rina, day=TODAY)
    content = export(session, sri)
    first, second = open_away(content), open_away(content)
    take(session, first.answer)
    before = dump(session)

    for answer in (first.answer, second.answer):
        with pytest.raises(RoundOverError):
            take(session, answer)

    assert dump(session) == before


def test_a_later_export_gives_the_earlier_one_up(session):
    rina, sri = add_officer(session), add_traveller(session)
    hold(session, rina, day=TODAY)
    first = open_away(export(session, sri))
    second = open_away(export(session, sri))

    with pytest.raises(NoOpenRoundError):
        take(session, first.answer)

    take(session, second.answer)


def test_a_round_that_is_begun_on_the_portal_gives_the_export_up(session):
    rina, sri = add_officer(session), add_traveller(session)
    hold(session, rina, day=TODAY)
    held = open_away(export(session, sri))
    next(lots(session, sri))

    with pytest.raises(NoOpenRoundError):
        take(session, held.answer)


def test_a_round_on_the_portal_takes_no_answer(session):
    add_officer(session)
    sri = add_traveller(session)
    held = open_away(export(session, sri))
    next(lots(session, sri))
    number = session.scalars(select(Round.number)).one()
    with transaction(session):
        session.scalars(select(Round)).one().number = 1

    assert number != 1
    with pytest.raises(NoOpenRoundError):
        take(session, held.answer)


def test_both_custodians_hold_one_each_at_the_same_time(session):
    rina, sri = add_officer(session), add_traveller(session)
    joko = add_traveller(session, "Joko Santoso")
    code = hold(session, rina, day=TODAY)
    hers, his = (open_away(export(session, one)) for one in (sri, joko))

    take(session, hers.answer)
    take(session, his.answer)

    assert opens(session, code, rina)
    assert round_lines.find_broken(session) == ()


def test_nobody_answers_for_the_other_custodian(session):
    rina, sri = add_officer(session), add_traveller(session)
    joko = add_traveller(session, "Joko Santoso")
    hold(session, rina, day=TODAY)
    hers = open_away(export(session, sri)).answer
    before = dump(session)

    signed_by_him = answer_again(session, joko, hers)
    as_his = answer_again(session, joko, hers, holder=joko.person.id)

    with pytest.raises(UnsignedAnswerError):
        take(session, signed_by_him)
    with pytest.raises(OtherCustodianError):
        take(session, as_his)
    assert dump(session) == before


@pytest.mark.parametrize(
    ("place", "refusal"),
    [
        ({"instance": InstanceId(bytes(16))}, ForeignAnswerError),
        ({"number": 7}, NoOpenRoundError),
        ({"holder": bytes(16)}, OtherCustodianError),
        ({"export": bytes(32)}, OtherExportError),
    ],
    ids=["instance", "number", "holder", "export"],
)
def test_an_answer_to_something_else_is_refused_even_signed(session, place, refusal):
    rina, sri = add_officer(session), add_traveller(session)
    hold(session, rina, day=TODAY)
    held = open_away(export(session, sri))
    answer = answer_again(session, sri, held.answer, **place)
    before = dump(session)

    with pytest.raises(refusal):
        take(session, answer)

    assert dump(session) == before


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("round 1", "round 2"),
        ("1 entries", "2 entries"),
        (TODAY.isoformat(), LATER.isoformat()),
        ("Sri Lestari", "Joko Santoso"),
        ("round", "Round"),
    ],
)
def test_a_line_that_says_something_else_is_refused(session, old, new):
    rina, sri = add_officer(session), add_traveller(session)
    hold(session, rina, day=TODAY)
    held = open_away(export(session, sri))
    answer = answer_again(session, sri, held.answer, with_line(old, new))
    before = dump(session)

    with pytest.raises(NotAnAnswerError):
        take(session, answer)

    assert dump(session) == before


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("round 1", "round 2"),
        (TODAY.isoformat(), LATER.isoformat()),
        ("Sri Lestari", "Joko Santoso"),
    ],
)
def test_a_signed_line_of_another_round_is_refused(session, old, new):
    rina, sri = add_officer(session), add_traveller(session)
    hold(session, rina, day=TODAY)
    held = open_away(export(session, sri))
    change = with_signed_line(old, new, sri)
    answer = answer_again(session, sri, held.answer, change)

    with pytest.raises(NotAnAnswerError):
        take(session, answer)


def test_no_byte_of_an_answer_can_be_another(session):
    rina, sri = add_officer(session), add_traveller(session)
    hold(session, rina, day=TODAY)
    answer = open_away(export(session, sri)).answer
    before = dump(session)

    accepted = [at for at in some_places(answer) if is_taken(session, answer, at)]

    assert accepted == []
    assert dump(session) == before
    take(session, answer)


def some_places(content: bytes) -> list[int]:
    """Every place at both ends, and some of those in between."""
    ends = [*range(100), *range(len(content) - 100, len(content))]
    return [*ends, *random.sample(range(100, len(content) - 100), 200)]


def is_taken(session: Session, answer: bytes, at: int) -> bool:
    turned = bytearray(answer)
    turned[at] ^= 1 << secrets.randbelow(8)
    try:
        take(session, bytes(turned))
    except RoundFileError:
        return False
    return True


@pytest.mark.parametrize("cut", [0, 1, 12, 80, 145, 1000])
def test_an_answer_that_was_cut_is_refused(session, cut):
    add_officer(session)
    sri = add_traveller(session)
    answer = open_away(export(session, sri)).answer

    parts = (answer[:cut], answer[: len(answer) - cut - 1], answer + bytes(cut + 1))

    for part in parts:
        with pytest.raises(RoundFileError):
            take(session, part)


def test_no_byte_of_an_export_can_be_another(session):
    rina, sri = add_officer(session), add_traveller(session)
    hold(session, rina, day=TODAY)
    content = export(session, sri)

    opened = [at for at in range(0, len(content), 7) if is_read(content, at)]

    assert opened == []


def is_read(content: bytes, at: int) -> bool:
    turned = bytearray(content)
    turned[at] ^= 1 << secrets.randbelow(8)
    try:
        round_away.read_export(bytes(turned), TODAY)
    except NotAnExportError:
        return False
    return True


@pytest.mark.parametrize(
    "change",
    [
        {"day": TODAY + WEEK},
        {"day": YESTERDAY},
        {"number": 2},
        {"lacking": 3},
        {"name": "Joko Santoso"},
    ],
    ids="".join,
)
def test_an_export_that_was_changed_with_care_is_found_when_it_comes_back(
    session, change
):
    """Whoever writes on the stick can make the checksum right again."""
    rina, sri = add_officer(session), add_traveller(session)
    code = hold(session, rina, day=TODAY + WEEK)
    changed = replace(RoundExport.decode(export(session, sri)), **change).encode()
    held = open_away(changed, TODAY + WEEK)
    before = dump(session)

    with pytest.raises((OtherExportError, NoOpenRoundError)):
        take(session, held.answer)

    assert dump(session) == before
    assert not opens(session, code, rina)


def test_entries_that_were_taken_out_or_swapped_are_found(session):
    rina, sri = add_officer(session), add_traveller(session)
    for _ in range(3):
        hold(session, rina, rule=MATCH, subject=WAYAN)
    read = RoundExport.decode(export(session, sri))
    one, two, three = read.entries
    swapped = (one._replace(inner=two.inner), two._replace(inner=one.inner), three)

    for entries in ((one, two), swapped):
        held = open_away(replace(read, entries=entries).encode())
        with pytest.raises(OtherExportError):
            take(session, held.answer)


def test_an_entry_that_stands_there_twice_is_not_opened(session):
    """Twice, it would be two that name the same: who exports could open any match."""
    rina, sri = add_officer(session), add_traveller(session)
    hold(session, rina, rule=MATCH, subject=WAYAN)
    read = RoundExport.decode(export(session, sri))

    with pytest.raises(NotAnExportError):
        open_away(replace(read, entries=read.entries * 2).encode())


def test_who_names_the_same_stays_unsaid_unless_it_opens_something(session):
    rina, sri = add_officer(session), add_traveller(session)
    for subject, rule in ((WAYAN, THREE), (WAYAN, THREE), (PUTU, MATCH)):
        hold(session, rina, rule=rule, subject=subject)
    held = open_away(export(session, sri))
    seen = []

    def look(found):
        seen.extend(found.found)
        return found

    answer_again(session, sri, held.answer, look)

    assert {(one.subject, one.wanted) for one in seen} == {(bytes(16), 0)}


def test_a_finder_of_the_answer_opens_nothing_of_it(session):
    """Not even with the custodian's own key: it is sealed to the portal."""
    rina, sri = add_officer(session), add_traveller(session)
    hold(session, rina, day=TODAY)
    answer = RoundAnswer.parse(open_away(export(session, sri)).answer)

    for identity in (sri.identity, rina.identity):
        with pytest.raises(NotYoursError):
            answer.open(identity)


def test_an_export_of_a_day_to_come_is_not_opened(session):
    add_officer(session)
    sri = add_traveller(session)
    content = export(session, sri, LATER)

    with pytest.raises(ExportToComeError):
        open_away(content, LATER - dt.timedelta(days=1))


def test_another_passphrase_opens_nothing(session):
    add_officer(session)
    sri = add_traveller(session)
    read = round_away.read_export(export(session, sri), TODAY)

    with pytest.raises(OtherPassphraseError):
        round_away.unlock(read, PASSPHRASE + " ", CHEAPEST)


def test_an_answer_with_a_key_of_before_is_refused(session):
    rina, sri = add_officer(session), add_traveller(session)
    hold(session, rina, day=TODAY)
    held = open_away(export(session, sri))
    change_key(session, sri)

    with pytest.raises(UnsignedAnswerError):
        take(session, held.answer)


def change_key(session: Session, duty) -> None:
    gate, pace = gate_of(session), PassphraseGate(CHEAPEST)
    rotation.begin(session, duty, "perahu-kecil-biru-di-teluk", pace, TODAY)
    for _lot in rotation.wrap_lots(session, duty, gate):
        pass
    rotation.finish(session, duty, TODAY, gate=gate)


def test_who_has_left_brings_nothing_back(session):
    rina, sri = add_officer(session), add_traveller(session)
    add_traveller(session, "Joko Santoso")
    hold(session, rina, day=TODAY)
    held = open_away(export(session, sri))
    retire(session, sri.person.name, TODAY)

    with pytest.raises(UnsignedAnswerError):
        take(session, held.answer)


def test_nothing_is_carried_away_for_a_key_that_nobody_heard(session):
    add_officer(session)
    sri = add_traveller(session)
    with transaction(session):
        key_hand_overs.ask_colleagues(session, sri.person)

    with pytest.raises(NotHeardError):
        export(session, sri)


def test_who_has_registered_no_signing_key_logs_in_first(session):
    add_officer(session)
    with pytest.raises(NoSigningKeyError):
        export(session, add_custodian(session))


def test_no_officer_carries_a_round_away(session):
    rina = add_officer(session)
    add_traveller(session)
    with pytest.raises(NoSuchPersonError):
        export(session, rina)


def test_a_clock_that_was_set_back_begins_and_ends_nothing(session):
    add_officer(session)
    sri = add_traveller(session)
    hold_round(session, sri, LATER)
    with pytest.raises(BackdatedRoundError):
        export(session, sri, TODAY)
    held = open_away(export(session, sri, LATER), LATER)

    with pytest.raises(BackdatedRoundError):
        take(session, held.answer, TODAY)


def test_an_answer_never_touches_what_is_no_sealed_entry(session):
    """A custodian who signs for the id of a report changes nothing of it."""
    rina, sri = add_officer(session), add_traveller(session)
    report = hand_in(session, rina)
    hold(session, rina, day=TODAY)
    held = open_away(export(session, sri))
    case_id = the_case(session, report).id
    before = the_case(session, report).mask

    def point_elsewhere(found):
        (one,) = found.found
        (share,) = found.shares.values()
        outer = outer_digest_of(session, case_id, sri)
        moved = one._replace(case_id=case_id, outer=outer)
        return replace(found, found=[moved], shares={case_id: share})

    take(session, answer_again(session, sri, held.answer, point_elsewhere))

    assert the_case(session, report).mask == before
    assert the_case(session, report).status == CaseStatus.SUBMITTED
    assert for_reporter(session, report)


def outer_digest_of(session: Session, case_id: bytes, duty) -> bytes:
    return outer_digest(outer_of(session, case_id, duty) or b"")


def test_the_row_of_a_person_is_checked_as_it_is_now(session):
    rina, sri = add_officer(session), add_traveller(session)
    hold(session, rina, day=TODAY)
    held = open_away(export(session, sri))
    with transaction(session):
        session.get_one(Person, sri.person.id).signing_key = None

    with pytest.raises(UnsignedAnswerError):
        take(session, held.answer)
