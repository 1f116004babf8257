"""The reader sheet: who reads, who is shut out and why; one size, forty officers."""

import json
from base64 import b64encode

from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import INSTANCE

from crypto import CaseKey, Kind, Place, seal
from portal.reader_sheets import MOST_OFFICERS, Excluded, ReaderSheet, ShutOut

CASE_ID = b"case 16 bytes id"
KEY = CaseKey.generate(INSTANCE)
RINA, JOKO, YUSUF = ("11" * 16, "22" * 16, "33" * 16)
ids = st.binary(min_size=16, max_size=16).map(bytes.hex)


@st.composite
def sheets(draw: st.DrawFn) -> ReaderSheet:
    officers = draw(st.lists(ids, unique=True, max_size=MOST_OFFICERS))
    cut = draw(st.integers(0, len(officers)))
    readers = tuple(officers[:cut])
    return ReaderSheet(
        readers,
        tuple(
            Excluded(one, draw(st.sampled_from(list(ShutOut))))
            for one in officers[cut:]
        ),
        draw(st.sampled_from(["", *readers])),
    )


def reopened(sheet: ReaderSheet) -> ReaderSheet:
    return ReaderSheet.unseal(sheet.seal(KEY, CASE_ID), KEY, CASE_ID)


@settings(deadline=None)
@given(sheets())
def test_what_is_sealed_opens_and_all_sheets_are_of_one_size(
    sheet: ReaderSheet,
) -> None:
    assert reopened(sheet) == sheet
    assert len(sheet.seal(KEY, CASE_ID)) == Kind.SHEET.envelope_size


def test_forty_officers_fit_however_they_are_divided() -> None:
    officers = tuple(
        bytes([255 - number] * 16).hex() for number in range(MOST_OFFICERS)
    )
    everybody = ReaderSheet(officers, (), officers[-1])
    nobody = ReaderSheet((), tuple(Excluded(one, ShutOut.LATER) for one in officers))

    assert reopened(everybody) == everybody
    assert reopened(nobody) == nobody


def test_a_sheet_of_before_opens_and_its_shut_out_stay_so() -> None:
    values = {
        "v": 1,
        "readers": b64encode(bytes.fromhex(RINA)).decode(),
        "shut_out": b64encode(bytes.fromhex(JOKO)).decode(),
    }
    place = Place(CASE_ID, "sheet", 0, "officer", Kind.SHEET)
    envelope = seal(json.dumps(values).encode(), KEY.office, place)

    sheet = ReaderSheet.unseal(envelope, KEY, CASE_ID)

    assert sheet == ReaderSheet((RINA,), (Excluded(JOKO, ShutOut.UNTICKED),))


def test_who_joined_later_is_said_to_have() -> None:
    sheet = ReaderSheet((RINA,), ()).of([RINA, JOKO])

    assert sheet.why_not(JOKO) is ShutOut.LATER


def test_who_left_is_no_reader_and_has_nothing_in_hand() -> None:
    sheet = ReaderSheet((RINA, JOKO), (), JOKO).of([RINA])

    assert sheet == ReaderSheet((RINA,), ())


def test_who_was_recused_stays_so_while_away_without_a_key() -> None:
    sheet = ReaderSheet((RINA, JOKO), ()).recusing(JOKO)

    away = sheet.of([RINA])

    assert away.of([RINA, JOKO]).why_not(JOKO) is ShutOut.RECUSED


def test_recusal_forgives_no_untick() -> None:
    sheet = ReaderSheet((RINA,), (Excluded(JOKO, ShutOut.UNTICKED),))

    assert sheet.recusing(JOKO).why_not(JOKO) is ShutOut.UNTICKED


def test_who_is_given_it_has_it_in_hand_and_stands_once() -> None:
    sheet = ReaderSheet((RINA, JOKO), (Excluded(YUSUF, ShutOut.RECUSED),), RINA)

    assert sheet.giving(YUSUF) == ReaderSheet((RINA, JOKO, YUSUF), (), YUSUF)
    assert sheet.giving(RINA).readers == (JOKO, RINA)
