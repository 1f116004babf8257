"""A key is changed while the server is killed again and again: nobody loses a case.

At every moment one key opens all there is: the old one until the last step, the new
one from then on. Reports come in meanwhile.
"""

import http.client
import random
import re
import sqlite3
import threading
import time
from contextlib import closing, suppress
from pathlib import Path

import pytest
from attackers import Loot, Row
from people import PASSPHRASE, Officer, Reporter
from servers import Server

from bench.instance import add_cases
from crypto import (
    RFC_9106_LOW_MEMORY,
    CaseKey,
    Identity,
    InstanceId,
    LockedIdentity,
    NotYoursError,
    unwrap_case_key,
)
from portal.database import DATABASE_FILE
from portal.reader_sheets import ReaderSheet
from portal.roles import Role

# More than are done in the time until the last kill.
CASES = 4_000
KILLS = 5
KEY = "/office/account/key"
NEW = "perahu-kecil-biru-di-teluk"


@pytest.mark.slow
def test_a_change_of_key_that_is_killed_goes_on_and_every_case_reads(
    tmp_path: Path,
) -> None:
    with Server(tmp_path, demo=True) as server:
        rina = server.enrol("Rina Wulandari")
        server.enrol("Yusuf Hidayat", role=Role.OUTSIDE_OFFICER)
        add_cases(server.instance, 0, CASES)
        old = identity_of(server, PASSPHRASE)
        cut_at_the_beginning(server, rina)

        counts = [killed_in_the_middle(server, rina) for _ in range(KILLS)]
        new = finished(server, rina)

        loot = Loot.of(server.instance)
    assert counts == sorted(counts)
    assert 0 < counts[-1] < CASES
    assert opened(loot, new) == len(loot.tables["cases"]) == CASES + KILLS
    assert yielding(loot, old) == 0
    assert {row["purpose"] for row in loot.tables["wraps"]} <= {"case", "outer"}


def begin(rina: Officer) -> None:
    """Wait for a code that was not used yet, and begin."""
    known = rina.credentials
    known.step += 1
    time.sleep(max(0.0, (known.step - 1) * 30 - time.time()))
    typed = {"passphrase": NEW, "passphrase_again": NEW}
    with suppress(OSError, http.client.HTTPException):
        rina.send(
            rina.get(KEY), KEY, **typed, one_time_code=known.secret.code(known.step)
        )


def cut_at_the_beginning(server: Server, rina: Officer) -> None:
    """Cut the power as soon as the first cases are ready: much is left to do."""
    beginning = threading.Thread(target=begin, args=(rina,))
    beginning.start()
    while beginning.is_alive() and not are_ready(server):
        time.sleep(0.02)
    server.kill()
    beginning.join()
    server.start()


def are_ready(server: Server) -> int:
    """Count the cases that are prepared for the new key."""
    database = f"file:{server.instance / DATABASE_FILE}?mode=ro"
    with closing(sqlite3.connect(database, uri=True)) as connection:
        query = "SELECT count(*) FROM wraps WHERE purpose = 'next'"
        count: int = connection.execute(query).fetchone()[0]
    return count


def killed_in_the_middle(server: Server, rina: Officer) -> int:
    """Press on, and cut the power; return how many cases are ready afterwards."""
    pressing = threading.Thread(target=press, args=(rina,))
    pressing.start()
    time.sleep(random.uniform(0.04, 0.09))
    server.kill()
    pressing.join()
    server.start()
    Reporter(server, server.host).hand_in("Ada pungutan di loket tiga.")
    loot = Loot.of(server.instance)
    assert opened(loot, identity_of(server, PASSPHRASE)) == len(loot.tables["cases"])
    return are_ready(server)


def press(rina: Officer) -> None:
    with suppress(OSError, http.client.HTTPException, AssertionError):
        rina.send(rina.get(KEY), f"{KEY}/continue")


def finished(server: Server, rina: Officer) -> Identity:
    """Press until the key is another; return it, as the new passphrase opens it."""
    while f'action="{KEY}/continue"' in rina.get(KEY).html:
        press(rina)
    assert re.search(r"/office/cases/[0-9a-f]{32}", rina.get("/office/").html)
    return identity_of(server, NEW)


def identity_of(server: Server, passphrase: str) -> Identity:
    """Open Rina's identity as it is stored."""
    loot = Loot.of(server.instance)
    (row,) = (row for row in loot.tables["people"] if row["name"].startswith("Rina"))
    return LockedIdentity(row["locked_identity"]).unlock(
        passphrase,
        holder=row["id"],
        instance=InstanceId(loot.tables["installation"][0]["instance_id"]),
        cost=RFC_9106_LOW_MEMORY,
    )


def opened(loot: Loot, identity: Identity) -> int:
    """Count the cases that an identity of Rina's opens."""
    cases = {row["id"]: row for row in loot.tables["cases"]}
    wraps = [row for row in wraps_of_rina(loot) if row["purpose"] == "case"]
    keys = [
        (cases[row["case_id"]], key_of(loot, cases, row, identity)) for row in wraps
    ]
    for case, key in keys:
        assert key is not None
        ReaderSheet.unseal(case["reader_sheet"], key, case["id"])
    return len(keys)


def yielding(loot: Loot, identity: Identity) -> int:
    """Count the wraps of Rina's that are this identity's at all."""
    cases = {row["id"]: row for row in loot.tables["cases"]}
    keys = (key_of(loot, cases, row, identity) for row in wraps_of_rina(loot))
    return sum(key is not None for key in keys)


def key_of(
    loot: Loot, cases: dict[bytes, Row], row: Row, identity: Identity
) -> CaseKey | None:
    try:
        return unwrap_case_key(
            row["wrap"],
            cases[row["case_id"]]["mask"],
            identity,
            case_id=row["case_id"],
            holder=row["holder_id"],
            instance=InstanceId(loot.tables["installation"][0]["instance_id"]),
        )
    except NotYoursError:
        return None


def wraps_of_rina(loot: Loot) -> list[Row]:
    (rina,) = (row for row in loot.tables["people"] if row["name"].startswith("Rina"))
    return [row for row in loot.tables["wraps"] if row["holder_id"] == rina["id"]]
