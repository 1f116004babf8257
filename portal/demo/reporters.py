"""What reporters of a demo do with their codes."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from sqlalchemy.orm import Session

from crypto import CaseCode, NoticeKind
from portal import objections, own_cases, troubles, withdrawals
from portal.cases import ReporterCase, find_by_locator, find_for_reporter
from portal.demo.plots import Act
from portal.runtime import Runtime
from portal.troubles import Telling
from portal.uploads import ReceivedFile


def act_as_reporter(
    session: Session,
    runtime: Runtime,
    code: CaseCode,
    act: Act,
    received: Sequence[ReceivedFile],
    today: dt.date,
) -> None:
    """Do what the play says: write, withdraw, object, or tell of trouble."""
    case_id = find_by_locator(session, code.locator(runtime.instance)).id
    key = code.key(runtime.instance)
    opened = find_for_reporter(session, case_id, key, runtime.instance)
    rules, gate = runtime.rules, runtime.gate_secret
    said: dict[str, Any] = {"windows": code.windows(), "today": today}
    owed = said | {"rules": rules, "gate": gate}
    match act.deed:
        case "withdraw":
            withdrawals.withdraw(
                *(session, opened, rules, runtime.retention, today),
                gate=gate,
                was_demanded=False,
            )
        case "object":
            ticked = _ticked(session, opened)
            objections.ask_custodians(session, opened, act.text, ticked, **owed)
        case "trouble":
            telling = Telling(NoticeKind(act.to), act.text)
            troubles.tell(session, opened, telling, **owed)
        case _:
            own_cases.write(
                *(session, opened, act.text),
                **said,
                at_once=True,
                received=received,
            )


def _ticked(session: Session, opened: ReporterCase) -> set[bytes]:
    """Return whom the form of an objection would ask."""
    choices = objections.list_choices(session, opened)
    return {one.custodian.id for one in choices if one.is_ticked}
