"""The ONE table, pair by pair, and what a status and an outcome mean."""

from itertools import product

import pytest

from portal.deadlines import DeadlineKind
from portal.statuses import (
    MOVES,
    Author,
    CaseStatus,
    Outcome,
    is_reopening,
    moves_from,
    owed,
)

BY_OFFICERS = {
    "sealed": "acknowledged",
    "submitted": "acknowledged",
    "acknowledged": "verified more-information closed not-actionable",
    "verified": "more-information assessed closed not-actionable",
    "more-information": (
        "acknowledged verified assessed addressed closed not-actionable"
    ),
    "assessed": "more-information addressed referred closed not-actionable",
    "addressed": "more-information closed not-actionable",
    "referred": "addressed closed not-actionable",
    "closed": "addressed",
    "not-actionable": "addressed",
    "withdrawn": "",
}
"""The contract's text, spread out by hand."""

OPEN = [
    *("submitted", "acknowledged", "verified", "more-information"),
    *("assessed", "addressed", "referred"),
]


ORDER = [status.value for status in CaseStatus]


def who_may(here: str, there: str) -> Author | None:
    if there in BY_OFFICERS[here].split():
        return Author.OFFICER
    if there == "withdrawn" and here in OPEN:
        return Author.REPORTER
    if (here, there) == ("sealed", "submitted"):
        return Author.REPORTER
    return None


@pytest.mark.parametrize(("here", "there"), [*product(CaseStatus, repeat=2)])
def test_the_one_table_is_the_contracts(here: CaseStatus, there: CaseStatus) -> None:
    assert MOVES.get((here, there)) is who_may(here.value, there.value)


@pytest.mark.parametrize("here", CaseStatus)
def test_moves_are_listed_in_the_order_of_life(here: CaseStatus) -> None:
    moves = [status.value for status in moves_from(here, Author.OFFICER)]

    assert moves == sorted(BY_OFFICERS[here].split(), key=ORDER.index)


@pytest.mark.parametrize("status", CaseStatus)
def test_a_case_is_over_or_open(status: CaseStatus) -> None:
    assert status.is_over is (status.value not in [*OPEN, "sealed"])


def test_a_closed_case_is_reopened_by_addressing_it_again() -> None:
    reopenings = [move for move in MOVES if is_reopening(*move)]

    assert sorted(reopenings) == [
        (CaseStatus.CLOSED, CaseStatus.ADDRESSED),
        (CaseStatus.NOT_ACTIONABLE, CaseStatus.ADDRESSED),
    ]


def test_closing_and_referring_owe_the_reporter_plain_words() -> None:
    owing = [status.value for status in CaseStatus if status.needs_message]

    assert owing == ["referred", "closed"]


@pytest.mark.parametrize(
    ("outcome", "seen_by_reporter"),
    [
        ("proven-discipline", "proven"),
        ("proven-coaching", "proven"),
        ("partly-proven", "partly"),
        ("system-fixed", "improved"),
        ("settled-by-reminder", "improved"),
        ("not-proven", "not-proven"),
        ("insufficient-evidence", "not-proven"),
        ("outside-remit", "outside"),
        ("duplicate", "duplicate"),
    ],
)
def test_a_reporter_sees_a_class_and_no_sanction(
    outcome: str, seen_by_reporter: str
) -> None:
    assert Outcome(outcome).shown_as.value == seen_by_reporter


@pytest.mark.parametrize(
    ("status", "is_answered", "kind"),
    [
        ("submitted", False, DeadlineKind.ACKNOWLEDGE),
        ("submitted", True, DeadlineKind.ACKNOWLEDGE),
        ("acknowledged", True, DeadlineKind.VERIFY),
        ("verified", False, DeadlineKind.FIRST_ANSWER),
        ("verified", True, DeadlineKind.FEEDBACK),
        ("more-information", False, DeadlineKind.FIRST_ANSWER),
        ("referred", True, DeadlineKind.FEEDBACK),
        ("closed", True, None),
        ("withdrawn", False, None),
    ],
)
def test_each_status_owes_the_next_thing(
    status: str, is_answered: bool, kind: DeadlineKind | None
) -> None:
    assert owed(CaseStatus(status), is_answered=is_answered) is kind
