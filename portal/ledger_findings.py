"""What is wrong with the public trail, its key, and the clock that its days go by."""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy.orm import Session

from portal.clock_guard import ClockGuard
from portal.cosigning import last_refusal
from portal.errors import SettingsError
from portal.findings import Finding, fault, shell
from portal.ledger import list_trees
from portal.ledger_keys import LEDGER_KEY_FILE, read_ledger_keys


def find_in_key(instance: Path) -> Iterator[Finding]:
    """Return what is wrong with the key's file; who may read it is looked at elsewhere."""
    path = instance / LEDGER_KEY_FILE
    if not path.exists():
        yield fault(
            "The key of the public trail is missing: no day is closed.",
            "Put the file back if you have it; else `lurus init` draws another, and "
            "everybody sees that it follows none.",
        )
        return
    try:
        read_ledger_keys(instance)
    except SettingsError as error:
        if "damaged" in str(error):
            yield fault(
                "The key of the public trail is damaged: no day is closed.",
                f"Put the file back if you have it; else delete {shell(path)} and run "
                "`lurus init`.",
            )


def find_in_trail(
    session: Session, today: dt.date, guard: ClockGuard | None
) -> Iterator[Finding]:
    """Return what is wrong with the trail and the clock; *guard*: None in a demo."""
    jump = guard.find_jump(session, today) if guard else None
    if jump:
        yield fault(
            f"The clock has jumped: the daily work was last done on {jump.last}.",
            "Nothing daily is done until it is right, or an administrator confirms it "
            "at /admin/clock.",
        )
    newest = list_trees(session, 1)
    if newest and not jump and today - newest[0].day > dt.timedelta(days=2):
        yield fault(
            f"No day of the public trail was closed since {newest[0].day}.",
            "Run `lurus tend`, and switch lurus-tend.timer on.",
        )
    refused = last_refusal(session)
    if refused:
        yield fault(
            f"A custodian refused to cosign the public trail on {refused}.",
            "It is not the one that was cosigned before: `lurus verify-ledger` names "
            "what was done. Compare with a backup, and tell the custodians.",
        )
