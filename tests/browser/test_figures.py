"""Figures on a small phone without script, and on a wide screen under axe's eyes."""

from dataclasses import replace

import pytest
from counting import A_TALLY, count_since, keep_made_up
from screens import ClerkAtScreen, Look
from servers import Server
from town import Town

from crypto import Key
from portal.database import find_instance_id, open_database
from portal.demo.figures import newest_due
from portal.roles import Role
from portal.runtime import read_gate_secret

pytestmark = pytest.mark.browser

NARROW = Look(360, 640, "id", has_script=False)
WIDE = Look(1280, 800, "en", is_examined=True)
MOST_BYTES = 30 * 1024
MOST_REQUESTS = 3


def count_in_the_last_half_year(server: Server) -> None:
    """Let cases have ended in the half-year whose turn it is."""
    period = newest_due(server.today())
    database = open_database(server.instance)
    with database.sessions() as session:
        gate = Key(bytes(read_gate_secret(server.instance)), find_instance_id(session))
        count_since(session, period.first)
        keep_made_up(session, period, *[A_TALLY] * 30, gate=gate)
        quicker = [replace(A_TALLY, end=0)] * 14
        keep_made_up(session, period, *quicker, gate=gate)
    database.engine.dispose()


def look_at(clerk: ClerkAtScreen) -> str:
    """Open the figures, in the language of one's own; return what stands there."""
    clerk.go("/figures")
    clerk.read_in_own_language()
    return clerk.text


@pytest.mark.timeout(180)
def test_a_keeper_publishes_and_everybody_reads(town: Town) -> None:
    town.look = NARROW
    town.officer("Rina Wulandari")
    sri = town.officer("Sri Lestari", role=Role.CUSTODIAN)
    budi = town.officer("Budi Santoso", role=Role.ADMINISTRATOR)
    count_in_the_last_half_year(town.server)
    clerk = town.clerk()
    before = look_at(clerk)

    sri.log_in()
    sri.go("/custody/figures")
    sri.confirm("main form")
    period = sri.path.removeprefix("/figures/")
    budi.log_in()
    budi.go_to("/admin/figures", f"/admin/figures/{period}")
    budi.fill("#text_id", "Antrean loket kini bernomor.")
    budi.press("main form button")

    assert "Belum ada yang diterbitkan" in before
    assert "Antrean loket kini bernomor." in look_at(clerk)
    assert "sekitar 30" in clerk.text
    weight = clerk.weigh()
    assert len(weight) <= MOST_REQUESTS
    assert sum(weight.values()) <= MOST_BYTES
    town.look = WIDE
    assert "about 30" in look_at(town.clerk())
    assert town.faults == []
