"""What is handed in while somebody changes the key is never sealed to the old one."""

from typing import Any

import pytest
from builders import (
    RULES,
    TEN_O_CLOCK,
    TODAY,
    a_report,
    add_custodian,
    add_officer,
    dump,
    form_token,
    gate_of,
)
from kept import a_hold
from sqlalchemy.orm import Session
from strategies import CHEAPEST

from crypto import Cookie
from portal import hand_ins, rotation
from portal.cases import Duty
from portal.database import find_instance_id
from portal.entries import Entry
from portal.errors import ReaderLeftError
from portal.logins import PassphraseGate
from portal.reports import Readers
from portal.roster import list_custodians, list_officers
from portal.sessions import Browser, Visit

GATE = PassphraseGate(CHEAPEST)


def listed(session: Session) -> Readers:
    """Return whom a form seals to, as the list has them now."""
    return Readers(list_officers(session), (), list_custodians(session))


def change_key(session: Session, duty: Duty) -> None:
    passphrase = "perahu-kecil-biru-di-teluk"
    rotation.begin(session, duty, passphrase, GATE, TODAY)
    rotation.finish(session, duty, TODAY, gate=gate_of(session))


def hand_in(session: Session, readers: Readers, entry: Entry) -> None:
    more: dict[str, Any] = {"rules": RULES, "today": TODAY, "at_once": True}
    hand_ins.hand_in(
        session,
        a_report(),
        readers,
        severity=3,
        form=form_token(session),
        browser=Browser(Cookie.generate(), Visit(ends_at=TEN_O_CLOCK)),
        instance=find_instance_id(session),
        gate=gate_of(session),
        minute=TEN_O_CLOCK // 60,
        entry=entry,
        **more,
    )


@pytest.mark.parametrize("entry", [Entry.report(), a_hold()], ids=["report", "hold"])
@pytest.mark.parametrize("who", ["officer", "custodian"])
def test_a_key_that_changed_since_the_list_was_read_is_asked_again(
    session: Session, who: str, entry: Entry
) -> None:
    people = {"officer": add_officer(session), "custodian": add_custodian(session)}
    before = listed(session)
    change_key(session, people[who])
    rows = dump(session)

    with pytest.raises(ReaderLeftError):
        hand_in(session, before, entry)
    assert dump(session) == rows

    hand_in(session, listed(session), entry)
