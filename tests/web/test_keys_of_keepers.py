"""A custodian changes the key: what the page shows and what it leaves."""

from builders import duty_of
from conftest import Clock
from people import Officer, Reporter
from sqlalchemy import select
from sqlalchemy.orm import Session

from crypto import signing_key
from portal.models import Wrap

KEY = "/office/account/key"
NEW = "perahu-kecil-biru-di-teluk"
SRI = "Sri Lestari"


def test_a_keeper_changes_the_key_and_logs_in_with_it(
    session: Session, reporter: Reporter, keeper: Officer, clock: Clock
) -> None:
    reporter.hand_in("Ada pungutan di loket tiga.")
    account = keeper.get("/office/account")
    before = duty_of(session, SRI)

    code = keeper.fresh_code(clock)
    typed = {"passphrase": NEW, "passphrase_again": NEW}
    answer = keeper.send(keeper.get(KEY), KEY, **typed, one_time_code=code)

    assert f'href="{KEY}"' in account.html
    assert "/office/account/leave" not in account.html
    assert answer.status_code == 303
    keeper.credentials.passphrase = NEW
    clock.pass_by(minutes=2)
    assert keeper.log_in(clock.timestamp).status_code == 303
    assert keeper.get("/custody/").status_code == 200
    session.rollback()
    person = session.get_one(type(before.person), before.person.id)
    assert person.recipient != bytes(before.identity.recipient)
    assert person.signing_key != signing_key(before.identity, before.instance)
    mine = select(Wrap.purpose).where(Wrap.holder_id == person.id)
    assert session.scalars(mine).all() == ["outer"]


def test_a_keeper_is_told_what_the_old_papers_are_worth(keeper: Officer) -> None:
    page = keeper.get(KEY)

    assert "Bagian kunci Anda di kertas" in page.text
