"""The gate before the rungs: every line of its table, each by itself."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from portal.categories import Because, Hold, Remind, read_taxonomy
from portal.errors import DataFileError
from portal.ladder import (
    DEFAULT_PATH,
    RULES,
    Agency,
    Answers,
    Effect,
    Rule,
    Rung,
    Said,
    judge,
    judge_agency,
    read_rule_texts,
)
from portal.reports import OthersKnow

TAXONOMY = read_taxonomy()
LIGHT = TAXONOMY.find("ETIK")
GIFT = TAXONOMY.find("GRAT")
GRAVE = replace(LIGHT, hold=Hold.THIRTY_DAYS)
TOWN = Agency(staff_count=800, match_minimum_staff=500, custodian_count=2)
CALM = Answers(
    money=Said.NO,
    harm=Said.NO,
    superior=Said.NO,
    known=OthersKnow.MANY,
    only_witness=Said.NO,
    category=LIGHT,
)
"""Nothing speaks against any rung."""

CLOSED, SHORT, SIX = Effect.CLOSED, Effect.THIRTY_DAYS, Effect.SIX_PEOPLE
NO_REMINDER = {Rung.REMIND: CLOSED}
SHORT_HOLDS = {Rung.HOLD_MATCH: SHORT, Rung.HOLD_DATE: SHORT}


def never(why: Because) -> Answers:
    return replace(CALM, category=replace(LIGHT, remind=Remind.NEVER, because=why))


SITUATIONS: dict[str, tuple[Answers, Agency, Mapping[Rung, Effect]]] = {
    "crime": (never(Because.CRIME), TOWN, NO_REMINDER),
    "victim": (never(Because.VICTIM), TOWN, NO_REMINDER),
    "power": (never(Because.POWER), TOWN, NO_REMINDER),
    "unsorted": (never(Because.UNSORTED), TOWN, NO_REMINDER),
    "condition": (replace(CALM, category=GIFT), TOWN, NO_REMINDER),
    "money": (replace(CALM, money=Said.YES), TOWN, NO_REMINDER | SHORT_HOLDS),
    "gift": (
        replace(CALM, money=Said.YES, category=GIFT, condition_holds=Said.YES),
        TOWN,
        SHORT_HOLDS,
    ),
    "harm": (replace(CALM, harm=Said.YES), TOWN, NO_REMINDER | SHORT_HOLDS),
    "harm-grave": (
        replace(CALM, harm=Said.YES, category=GRAVE),
        TOWN,
        {Rung.REMIND: CLOSED, Rung.HOLD_MATCH: CLOSED, Rung.HOLD_DATE: SHORT},
    ),
    "grave": (replace(CALM, category=GRAVE), TOWN, SHORT_HOLDS),
    "superior": (replace(CALM, superior=Said.YES), TOWN, NO_REMINDER),
    "reminded": (replace(CALM, was_reminded=Said.YES), TOWN, NO_REMINDER),
    "gift-late": (
        replace(CALM, category=GIFT, condition_holds=Said.YES, working_days_left=2),
        TOWN,
        NO_REMINDER,
    ),
    "no-officer": (CALM, replace(TOWN, has_free_officer=False), NO_REMINDER),
    "few-know": (replace(CALM, known=OthersKnow.SOME), TOWN, {Rung.REMIND: SIX}),
    "only-witness": (replace(CALM, only_witness=Said.YES), TOWN, {Rung.REMIND: SIX}),
    "too-few-people": (
        replace(CALM, known=OthersKnow.FEW),
        replace(TOWN, staff_count=5, match_minimum_staff=0),
        NO_REMINDER,
    ),
    "small-agency": (CALM, replace(TOWN, staff_count=499), {Rung.HOLD_MATCH: CLOSED}),
    "no-keeper": (
        CALM,
        replace(TOWN, custodian_count=0),
        {Rung.HOLD_MATCH: CLOSED, Rung.HOLD_DATE: CLOSED},
    ),
}
"""Rule -> answers and an agency that it alone speaks of, and what it does there."""

every_rule = pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)


def found(answers: Answers, agency: Agency, rules: tuple[Rule, ...] = RULES) -> object:
    """Return what is not wide open: for each rung the effects, and who says so."""
    return {
        judged.rung: (judged.effects, [rule.name for rule in judged.rules])
        for judged in judge(answers, agency, rules)
        if judged.rules
    }


def test_every_rule_has_its_situation_and_every_name_is_used_once() -> None:
    assert [rule.name for rule in RULES] == list(SITUATIONS)


def test_where_nothing_speaks_against_it_every_rung_is_open() -> None:
    assert found(CALM, TOWN) == {}


@every_rule
def test_each_rule_alone_does_what_the_table_says(rule: Rule) -> None:
    answers, agency, effects = SITUATIONS[rule.name]

    assert found(answers, agency) == {
        rung: (frozenset({effect}), [rule.name]) for rung, effect in effects.items()
    }


@every_rule
def test_without_its_rule_the_same_rungs_are_open(rule: Rule) -> None:
    answers, agency, _ = SITUATIONS[rule.name]
    rest = tuple(other for other in RULES if other is not rule)

    assert found(answers, agency, rest) == {}


@every_rule
def test_no_rule_closes_a_note_a_report_or_the_way_outside(rule: Rule) -> None:
    assert rule.effects
    assert not rule.effects.keys() & {Rung.NOTE, Rung.REPORT, Rung.OUTSIDE}


@every_rule
def test_a_closed_rung_leads_to_one_that_is_open(rule: Rule) -> None:
    answers, agency, _ = SITUATIONS[rule.name]
    ladder = judge(answers, agency)

    closed = [judged for judged in ladder if judged.is_closed]

    assert all(judged.instead for judged in closed)
    assert not any(ladder[one].is_closed for judged in closed for one in judged.instead)


def test_every_rule_that_closes_a_rung_is_named() -> None:
    answers = replace(CALM, money=Said.YES, superior=Said.YES, known=OthersKnow.FEW)

    reminder = judge(answers, TOWN)[Rung.REMIND]

    # That it would go to six people is not said of what is closed.
    assert [rule.name for rule in reminder.rules] == ["money", "superior"]


def test_a_small_agency_is_led_from_the_match_to_the_date() -> None:
    match = judge(CALM, replace(TOWN, staff_count=60))[Rung.HOLD_MATCH]

    assert match.instead == (Rung.HOLD_DATE, Rung.REPORT)


def test_who_leads_nowhere_open_is_led_to_a_report() -> None:
    answers, agency = (
        replace(CALM, category=None),
        Agency(staff_count=0, match_minimum_staff=500, custodian_count=0),
    )

    ladder = judge(answers, agency)

    assert ladder[Rung.HOLD_MATCH].instead == (Rung.REPORT, Rung.NOTE)
    assert ladder[Rung.HOLD_DATE].instead == (Rung.NOTE, Rung.REPORT)


def test_a_fresh_gift_may_be_reminded_though_something_changed_hands() -> None:
    answers = replace(CALM, money=Said.YES, category=GIFT, condition_holds=Said.YES)

    assert not judge(answers, TOWN)[Rung.REMIND].is_closed


@pytest.mark.parametrize("said", [Said.NO, Said.UNKNOWN])
def test_a_condition_holds_only_where_somebody_says_so(said: Said) -> None:
    answers = replace(CALM, category=GIFT, condition_holds=said)

    assert judge(answers, TOWN)[Rung.REMIND].is_closed


@pytest.mark.parametrize(
    ("days", "is_closed"), [(None, False), (-4, True), (2, True), (3, False)]
)
def test_under_three_working_days_a_reminder_is_refused(
    days: int | None, is_closed: bool
) -> None:
    answers = replace(
        CALM, category=GIFT, condition_holds=Said.YES, working_days_left=days
    )

    assert judge(answers, TOWN)[Rung.REMIND].is_closed is is_closed


@pytest.mark.parametrize(
    ("known", "is_for_six"),
    [
        (OthersKnow.FEW, True),
        (OthersKnow.SOME, True),
        (OthersKnow.UNKNOWN, True),
        (OthersKnow.SEVERAL, False),
        (OthersKnow.MANY, False),
    ],
)
def test_one_person_alone_is_reminded_only_where_five_or_more_know(
    known: OthersKnow, is_for_six: bool
) -> None:
    reminder = judge(replace(CALM, known=known), TOWN)[Rung.REMIND]

    assert (reminder.is_closed, reminder.is_for_six) == (False, is_for_six)


@pytest.mark.parametrize(
    ("staff", "minimum", "is_closed"), [(499, 500, True), (500, 500, False)]
)
def test_a_match_waits_for_people_enough(
    staff: int, minimum: int, is_closed: bool
) -> None:
    agency = Agency(staff_count=staff, match_minimum_staff=minimum, custodian_count=1)

    assert judge(CALM, agency)[Rung.HOLD_MATCH].is_closed is is_closed


@pytest.mark.parametrize(
    "agency", [TOWN, replace(TOWN, staff_count=3), replace(TOWN, custodian_count=0)]
)
def test_what_the_agency_lacks_closes_a_rung_whatever_is_answered(
    agency: Agency,
) -> None:
    closed = {judged.rung for judged in judge_agency(agency) if judged.is_closed}

    assert closed == {one.rung for one in judge(CALM, agency) if one.is_closed}


def test_questions_left_open_leave_rungs_open_but_for_one_persons_reminder() -> None:
    assert found(Answers(), TOWN) == {Rung.REMIND: ({SIX}, ["few-know"])}


@pytest.mark.parametrize("code", TAXONOMY.codes)
def test_no_kind_that_is_never_reminded_can_be_answered_open(code: str) -> None:
    category = TAXONOMY.find(code)

    ladder = judge(replace(CALM, category=category, condition_holds=Said.YES), TOWN)

    assert ladder[Rung.REMIND].is_closed is (category.remind is Remind.NEVER)
    is_short = category.hold is Hold.THIRTY_DAYS
    assert ladder[Rung.HOLD_DATE].most_days == (30 if is_short else None)
    assert ladder[Rung.HOLD_MATCH].most_days == (30 if is_short else None)


def test_a_law_that_nobody_confirmed_is_not_printed() -> None:
    texts = read_rule_texts()

    assert not any(text.law for text in texts.values())
    assert all(text.reason.keys() == {"id", "en"} for text in texts.values())


def test_a_law_without_a_mark_counts_as_not_confirmed(tmp_path: Path) -> None:
    path = tmp_path / "ladder.toml"
    path.write_text(DEFAULT_PATH.read_text().replace("law.confirmed = false\n", ""))

    assert not any(text.law for text in read_rule_texts(path).values())


def test_a_law_that_the_agency_confirmed_is_printed(tmp_path: Path) -> None:
    path = tmp_path / "ladder.toml"
    path.write_text(
        DEFAULT_PATH.read_text().replace("confirmed = false", "confirmed = true")
    )

    texts = read_rule_texts(path)

    assert texts["crime"].law["id"].startswith("PP 94/2021")
    assert not texts["superior"].law


@pytest.mark.parametrize(
    ("right", "wrong", "place"),
    [
        ('name = "crime"', 'name = "crimes"', "crime has no text"),
        ('name = "crime"', 'name = "grave"', "rules has grave twice"),
        ("reason.en", "reason.fr", "crime, reason: fr"),
        ("law.en", "law.fr", "crime, law: fr"),
        ("law.confirmed = false", 'law.confirmed = "no"', "crime, law: confirmed"),
        ("[[rules]]", "[[rule]]", "ladder.toml: rule "),
        (
            "[[rules]]",
            '[[rules]]\nname = "more"\nreason = { id = "a", en = "b" }\n\n[[rules]]',
            "more is no rule",
        ),
    ],
)
def test_a_wrong_file_is_refused_naming_the_place(
    tmp_path: Path, right: str, wrong: str, place: str
) -> None:
    path = tmp_path / "ladder.toml"
    path.write_text(DEFAULT_PATH.read_text().replace(right, wrong, 1))

    with pytest.raises(DataFileError, match=place):
        read_rule_texts(path)
