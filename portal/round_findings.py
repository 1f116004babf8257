"""What is wrong with the keepers' rounds: too few keepers, none held, a false line."""

import datetime as dt
from collections.abc import Iterator

from sqlalchemy.orm import Session

from portal.findings import Finding, advice, fault
from portal.round_lines import find_broken
from portal.rounds import FEWEST_CUSTODIANS, count_custodians, round_news


def find_in_rounds(
    session: Session, today: dt.date, every_days: int
) -> Iterator[Finding]:
    """Return what is found; *every_days*: how often a round is to take place."""
    count = count_custodians(session)
    if count < FEWEST_CUSTODIANS:
        noun = "custodian" if count == 1 else "custodians"
        yield advice(
            f"{count} {noun} can hold rounds.",
            "Have two at least, outside the agency: `lurus people invite NAME "
            "--custodian`. With the key of the last one all that is held is lost.",
        )
    news = round_news(session, today, every_days)
    if news.is_late:
        since = f"since {news.last_day}" if news.last_day else "so far"
        yield fault(
            f"{news.missed} rounds of the custodians were missed, none {since}.",
            "Ask a custodian to hold one at /custody/round: what people kept until a "
            "day waits for it.",
        )
    if find_broken(session):
        yield fault(
            "The line of a round does not hold.",
            "Somebody changed it: `lurus verify-audit` names the round. Compare with a "
            "backup, and tell the custodians.",
        )
