"""A report as a value: what is sealed, whom it names, who may read it."""

import dataclasses

import pytest
from builders import a_report
from hypothesis import given
from hypothesis import strategies as st

from portal.errors import ReportTooLargeError
from portal.models import Person
from portal.people import fold_name
from portal.reports import Report, choose_readers

RINA = Person(id=b"r" * 16, name="Rina Wulandari, S.H.", is_outside=False)
JOKO = Person(id=b"j" * 16, name="Joko Prasetyo", is_outside=False)
YUSUF = Person(id=b"y" * 16, name="Yusuf Hidayat", is_outside=True)
EVERYBODY = (RINA, JOKO, YUSUF)
ALL_TICKED = frozenset(officer.id.hex() for officer in EVERYBODY)
NOBODY: frozenset[bytes] = frozenset()

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=60)
REQUIRED = {"category": texts.filter(bool), "what": texts.filter(bool)}
OTHERS = {*REQUIRED, "shut_out", "files", "reminder"}
OPTIONAL = {key.name for key in dataclasses.fields(Report)} - OTHERS
reports = st.builds(
    Report,
    shut_out=st.lists(texts, max_size=3).map(tuple),
    files=st.integers(0, 20),
    **REQUIRED | dict.fromkeys(OPTIONAL, texts),
)


@given(reports)
def test_a_report_reads_as_it_was_written(report: Report) -> None:
    assert Report.decode(report.encode()) == report


def test_open_questions_are_not_written() -> None:
    text = a_report("Ada pungutan.").encode().decode()

    assert (
        text == '{"v": 1, "category": "PUNGLI", "what": "Ada pungutan.", "files": "00"}'
    )


def test_a_report_of_the_longest_texts_in_plain_letters_fits() -> None:
    longest = a_report("a" * 4000, how="b" * 4000, shows="c" * 2000, avoid="d" * 500)

    assert len(longest.encode()) < 16_380


def test_a_report_that_is_too_large_says_by_how_much() -> None:
    fits = a_report("a" * (16_380 - len(a_report("").encode()) - len(', "what": ""')))

    with pytest.raises(ReportTooLargeError) as refused:
        dataclasses.replace(fits, what=fits.what + "é").encode()

    assert len(fits.encode()) == 16_380
    assert refused.value.excess == 2


@pytest.mark.parametrize(
    ("answers", "is_guessed"),
    [
        ({}, False),
        ({"others_know": "1-2"}, True),
        ({"others_know": "3-4"}, True),
        ({"others_know": "5-9"}, False),
        ({"others_know": "unknown"}, False),
        ({"avoid": "Jangan telepon unit itu."}, True),
    ],
)
def test_few_who_know_or_a_wish_to_avoid_make_a_reporter_easily_guessed(
    answers: dict[str, str], is_guessed: bool
) -> None:
    assert a_report(**answers).is_easily_guessed is is_guessed


@pytest.mark.parametrize(
    "who_name",
    [
        "Rina Wulandari",
        "rina wulandari",
        "Bu Rina",
        "RINA",
        "Wulandari, S.H.",
        "Joko dan Bu Rina",
        "Pak Joko; Rina",
        "Ibu Rina Wulandari, S.H., M.Si.",
    ],
)
def test_an_officer_is_named_in_many_ways(who_name: str) -> None:
    assert a_report(who_name=who_name).names(RINA.name)


@pytest.mark.parametrize(
    ("who_name", "officer"),
    [
        *[("Su Li", "Su Li, S.E."), ("Bu Li", "Su Li"), ("Li Su", "Dr. Su Li")],
        *[("Pak Maruf", "Ma'ruf Amin"), ("Ma\u2019ruf Amin", "Maruf Amin, S.H.")],
    ],
)
def test_short_words_and_apostrophes_hide_no_name(who_name: str, officer: str) -> None:
    assert a_report(who_name=who_name).names(officer)


@pytest.mark.parametrize("sign", ["\u200b", "\u00ad", "\u2060", "\u3164", "\u202e"])
def test_what_nobody_sees_hides_no_name(sign: str) -> None:
    hidden = f"Ri{sign}na Wulan{sign}dari"

    assert a_report(who_name=hidden).names(RINA.name)
    assert a_report(who_name="Bu Rina").names(hidden)
    assert fold_name(hidden) == fold_name("Rina Wulandari")


@pytest.mark.parametrize(
    ("who_name", "officer"), [("Bu Ani", "Su Li"), ("S.H.", "Su Li"), ("Bu", "Su Li")]
)
def test_short_words_name_nobody_else(who_name: str, officer: str) -> None:
    assert not a_report(who_name=who_name).names(officer)


@pytest.mark.parametrize(
    "who_name", ["", "Rina Puspita", "Bu", "Ibu Kepala", "Sari", "S.H.", "12345"]
)
def test_others_are_not_taken_for_an_officer(who_name: str) -> None:
    assert not a_report(who_name=who_name).names(RINA.name)


def test_ticked_officers_read_and_nobody_else() -> None:
    chosen = choose_readers(
        EVERYBODY,
        a_report(),
        ticked=frozenset({JOKO.id.hex()}),
        only_outside=False,
        conflicted=NOBODY,
    )

    assert chosen.readers == (JOKO,)
    assert chosen.others == (RINA, YUSUF)


def test_only_outside_officers_drops_every_other_tick() -> None:
    chosen = choose_readers(
        EVERYBODY, a_report(), ticked=ALL_TICKED, only_outside=True, conflicted=NOBODY
    )

    assert chosen.readers == (YUSUF,)


def test_a_named_officer_never_reads_even_when_ticked() -> None:
    report = a_report(who_name="Bu Rina")

    chosen = choose_readers(
        EVERYBODY, report, ticked=ALL_TICKED, only_outside=False, conflicted=NOBODY
    )

    assert chosen.readers == (JOKO, YUSUF)
    assert chosen.others == (RINA,)


def test_nobody_may_be_left() -> None:
    chosen = choose_readers(
        (RINA, JOKO),
        a_report(),
        ticked=ALL_TICKED,
        only_outside=True,
        conflicted=NOBODY,
    )

    assert chosen.readers == ()
