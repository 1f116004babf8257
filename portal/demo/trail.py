"""The public trail of a demo: its past days are closed, and one receipt is taken along."""

import datetime as dt
from pathlib import Path
from typing import Final

from sqlalchemy.orm import Session

from crypto import CaseCode
from portal import cases, receipts
from portal.database import transaction
from portal.ledger_batches import DailyLedger
from portal.policies import policies_text
from portal.public_trail import read_case_trail
from portal.runtime import Runtime

RECEIPT_FILE: Final = "receipt.json"


class DemoTrail:
    """What is done for the trail on the days that are played."""

    def __init__(self, runtime: Runtime, session: Session) -> None:
        settings = runtime.settings
        self._runtime, self._session = runtime, session
        self._daily = DailyLedger(settings.instance, policies_text(settings))

    def close_days(self, before: dt.date) -> None:
        """Close the days that are over as *before* begins."""
        now = dt.datetime.combine(before, dt.time(), self._runtime.settings.zone)
        is_done = False
        while not is_done:
            with transaction(self._session):
                is_done = self._daily.run(self._session, now)

    def take_receipt(self, code: CaseCode) -> Path:
        """Write a receipt of all steps of a case, with what its reporter wrote."""
        session, instance = self._session, self._runtime.instance
        found = cases.find_by_locator(session, code.locator(instance))
        key = code.key(instance)
        opened = cases.find_for_reporter(session, found.id, key, instance)
        steps = cases.read_steps(session, found.id)
        today = self._runtime.today()
        trail = read_case_trail(session, found.id, steps, opened.key, today)
        numbers = frozenset(step.number for step in steps)
        choice = receipts.Choice(numbers, with_text=True)
        made = receipts.make_receipt(session, opened, trail, choice, instance)
        path = self._runtime.settings.instance / RECEIPT_FILE
        path.touch(mode=0o600)
        path.write_bytes(made)
        return path
