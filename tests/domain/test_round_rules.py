"""What a round decides: each rule alone, and all together against counting by hand."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crypto import NO_SUBJECT, Found, ReleaseRule, Share
from portal.round_rules import Standing, count, decide, judge

DAY = dt.date(2027, 1, 31)
BEFORE, AFTER = DAY - dt.timedelta(days=1), DAY + dt.timedelta(days=1)
HELD, SHARE, FIRST = b"m" * 64, b"s" * 64, b"f" * 32
OPENED = SHARE
OPENING = (ReleaseRule.DATE, ReleaseRule.MATCH_2, ReleaseRule.MATCH_3)
ENDING = (ReleaseRule.NEVER, ReleaseRule.MATCH_2_ONLY, ReleaseRule.MATCH_3_ONLY)
SEALED_RULES = OPENING + ENDING
tags = st.sampled_from([bytes([n]) * 16 for n in range(1, 4)])


def share(rule, day=DAY, subject="198003152005011002"):
    named = subject if rule.is_match else ""
    return Share(rule, day.isoformat(), named, SHARE, FIRST)


@pytest.mark.parametrize("rule", SEALED_RULES)
@pytest.mark.parametrize(
    ("today", "opening", "ending"),
    [
        (BEFORE, Standing.WAITING, Standing.WAITING),
        (DAY, Standing.DUE, Standing.WAITING),
        (AFTER, Standing.DUE, Standing.ENDED),
    ],
)
def test_a_day_opens_or_ends(rule, today, opening, ending):
    expected = opening if rule in OPENING else ending

    assert judge(share(rule), HELD, today) is expected


@pytest.mark.parametrize("rule", SEALED_RULES)
@pytest.mark.parametrize("today", [BEFORE, DAY, AFTER])
def test_what_is_open_is_unanswered_until_its_end(rule, today):
    is_over = rule in ENDING and today == AFTER
    expected = Standing.LEFT_OPEN if is_over else Standing.OPEN

    assert judge(share(rule), OPENED, today) is expected


def test_without_a_day_nothing_ends():
    endless = Share(ReleaseRule.NEVER, "", "", SHARE, FIRST)

    assert judge(endless, HELD, dt.date(9999, 12, 31)) is Standing.WAITING


@pytest.mark.parametrize("mask", [HELD, SHARE])
def test_a_report_is_no_business_of_a_round(mask):
    deadline = Share(ReleaseRule.DEADLINE, "", "", SHARE, FIRST)

    assert judge(deadline, mask, AFTER) is Standing.UNREADABLE


def entry(number, wanted, subject, standing=Standing.WAITING):
    return Found(number.to_bytes(16, "big"), bytes(16), subject, wanted, standing)


def opened_by_others(*entries):
    return [one.case_id[-1] for one in decide(entries) if one.standing == 2]


ONE, OTHER = b"1" * 16, b"2" * 16


def test_two_who_name_the_same_open_each_other():
    assert opened_by_others(entry(1, 2, ONE), entry(2, 2, ONE)) == [1, 2]


def test_two_who_name_others_do_not():
    assert opened_by_others(entry(1, 2, ONE), entry(2, 2, OTHER)) == []


def test_each_opens_by_the_number_it_asked_for():
    assert opened_by_others(entry(1, 2, ONE), entry(2, 3, ONE)) == [1]
    three = (entry(1, 3, ONE), entry(2, 2, ONE), entry(3, 3, ONE))
    assert opened_by_others(*three) == [1, 2, 3]


@pytest.mark.parametrize("standing", [Standing.OPEN, Standing.DUE])
def test_who_is_open_already_still_names(standing):
    assert opened_by_others(entry(1, 2, ONE), entry(2, 2, ONE, standing)) == [1]


@pytest.mark.parametrize(
    "standing",
    [Standing.ENDED, Standing.LEFT_OPEN, Standing.UNREADABLE, Standing.GONE],
)
def test_what_is_over_names_nobody(standing):
    assert opened_by_others(entry(1, 2, ONE), entry(2, 2, ONE, standing)) == []


def test_entries_that_name_nobody_do_not_match_each_other():
    assert opened_by_others(entry(1, 0, NO_SUBJECT), entry(2, 0, NO_SUBJECT)) == []


@given(
    st.lists(
        st.tuples(
            st.sampled_from(SEALED_RULES),
            st.integers(-2, 2),
            tags,
            st.booleans(),
        ),
        max_size=12,
    )
)
def test_every_round_decides_as_counting_by_hand_does(kept):
    found = []
    for number, (rule, days, subject, is_open) in enumerate(kept):
        held = share(rule, DAY + dt.timedelta(days=days))
        standing = judge(held, OPENED if is_open else HELD, DAY)
        tag = subject if rule.is_match else NO_SUBJECT
        found.append(entry(number, rule.wanted, tag, standing))

    came_to = {one.case_id[-1]: Standing(one.standing) for one in decide(found)}

    for number, (rule, days, subject, is_open) in enumerate(kept):
        naming = sum(
            other.is_match and name == subject and (after >= 0 or other.opens_on_date)
            for other, after, name, _is_open in kept
        )
        is_over = days < 0 and not rule.opens_on_date
        if is_over:
            expected = Standing.LEFT_OPEN if is_open else Standing.ENDED
        elif is_open:
            expected = Standing.OPEN
        elif days <= 0 and rule.opens_on_date:
            expected = Standing.DUE
        elif rule.is_match and naming >= rule.wanted:
            expected = Standing.MATCHED
        else:
            expected = Standing.WAITING
        assert came_to[number] is expected


@given(st.lists(st.sampled_from(list(Standing)), max_size=40))
def test_every_entry_that_is_there_is_counted_once(standings):
    counts = count(
        entry(n % 256, 0, NO_SUBJECT, one) for n, one in enumerate(standings)
    )

    gone = standings.count(Standing.GONE)
    counted = vars(counts) if hasattr(counts, "__dict__") else {}
    assert sum(counted.values()) == len(standings) - gone
