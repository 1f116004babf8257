"""`lurus custody …`: from the portal to a laptop and back, with real files."""

import datetime as dt
import stat
from contextlib import chdir
from dataclasses import replace
from pathlib import Path

import pytest
from away import add_traveller
from builders import acts_on_record, add_officer, dump
from click.testing import CliRunner, Result
from holds import WAYAN, hold, opens
from people import PASSPHRASE
from sqlalchemy import update
from sqlalchemy.orm import Session

from crypto import RFC_9106_LOW_MEMORY, GateSecret, ReleaseRule
from portal import round_lines
from portal.cases import Duty
from portal.cli import main
from portal.clock_guard import note_day
from portal.database import transaction
from portal.installation import keep_gate_secret
from portal.models import Person
from portal.settings import Settings
from portal.settings_file import write_settings


class Portal:
    """The portal's machine, and one that has no installation at all."""

    def __init__(self, session: Session, settings: Settings, folder: Path) -> None:
        write_settings(settings)
        desk = folder / "desk"
        desk.mkdir()
        # The gate of the tests, so that what builders seal stands behind it.
        keep_gate_secret(settings.instance, GateSecret(bytes(range(32))))
        self.session, self.settings, self.desk = session, settings, desk
        self.today = dt.datetime.now(settings.zone).date()
        self.rina = add_officer(session)

    def lurus(self, *arguments: str, typed: str = "") -> Result:
        self.session.rollback()
        runner = CliRunner(env={"LURUS_INSTANCE": str(self.settings.instance)})
        with chdir(self.desk):
            return runner.invoke(main, ["custody", *arguments], input=typed)

    def elsewhere(self, *arguments: str, typed: str = f"{PASSPHRASE}\ny\n") -> Result:
        runner = CliRunner(env={"LURUS_INSTANCE": str(self.desk / "nothing")})
        with chdir(self.desk):
            return runner.invoke(main, ["custody", *arguments], input=typed)

    def traveller(self, name: str = "Sri Lestari") -> Duty:
        return add_traveller(self.session, name, RFC_9106_LOW_MEMORY)


def test_no_round_is_begun_by_a_clock_that_has_jumped(
    session: Session, settings: Settings, tmp_path: Path
) -> None:
    portal = Portal(session, replace(settings, clock_jump_days=60), tmp_path)
    portal.traveller()
    with transaction(session):
        note_day(session, portal.today - dt.timedelta(days=400))

    out = portal.lurus("export", "round")

    assert out.exit_code == 1
    assert "The clock has jumped" in out.output
    assert not (portal.desk / "round").exists()


@pytest.mark.slow
def test_a_round_goes_to_a_laptop_and_comes_back(
    session: Session, settings: Settings, tmp_path: Path
) -> None:
    portal = Portal(session, settings, tmp_path)
    sri = portal.traveller()
    due = hold(session, portal.rina, day=portal.today)
    later = hold(session, portal.rina, day=portal.today + dt.timedelta(days=30))

    out = portal.lurus("export", "round")
    held = portal.elsewhere("open", "round")
    back = portal.lurus("import", "round.answer")

    assert [one.exit_code for one in (out, held, back)] == [0, 0, 0], held.output
    assert sri.person.name in out.output
    assert "1 wait, 1 have come to their day" in held.stdout
    assert "Round 1 of Sri Lestari is held" in back.stdout
    assert opens(session, due, portal.rina)
    assert not opens(session, later, portal.rina)
    assert acts_on_record(session)[-2:] == ["round exported", "round held"]
    assert round_lines.find_broken(session) == ()
    modes = {stat.S_IMODE(one.stat().st_mode) for one in portal.desk.iterdir()}
    assert modes == {0o600}


@pytest.mark.slow
def test_two_custodians_carry_one_each(
    session: Session, settings: Settings, tmp_path: Path
) -> None:
    portal = Portal(session, settings, tmp_path)
    portal.traveller()
    portal.traveller("Joko Santoso")
    codes = [
        hold(
            session,
            portal.rina,
            rule=ReleaseRule.MATCH_2,
            subject=WAYAN,
            day=portal.today + dt.timedelta(days=30),
        )
        for _ in range(2)
    ]

    whose = portal.lurus("export", "nobodys")
    portal.lurus("export", "hers", "--custodian", "sri lestari")
    portal.lurus("export", "his", "--custodian", "Joko Santoso")
    portal.elsewhere("open", "hers")
    portal.elsewhere("open", "his", "--answer", "from-him")
    back = [portal.lurus("import", one) for one in ("from-him", "hers.answer")]

    assert whose.exit_code == 2
    assert "Joko Santoso, Sri Lestari" in whose.stderr
    assert [one.exit_code for one in back] == [0, 0]
    assert all(opens(session, code, portal.rina) for code in codes)


@pytest.mark.slow
def test_an_answer_is_taken_once(
    session: Session, settings: Settings, tmp_path: Path
) -> None:
    portal = Portal(session, settings, tmp_path)
    portal.traveller()
    portal.lurus("export", "round")
    portal.elsewhere("open", "round")
    portal.lurus("import", "round.answer")
    before = dump(session)

    again = portal.lurus("import", "round.answer")

    assert again.exit_code == 1
    assert "That round is over" in again.stderr
    assert dump(session) == before


@pytest.mark.slow
def test_a_wrong_passphrase_writes_nothing(
    session: Session, settings: Settings, tmp_path: Path
) -> None:
    portal = Portal(session, settings, tmp_path)
    portal.traveller()
    portal.lurus("export", "round")

    wrong = portal.elsewhere("open", "round", typed="not this one at all\ny\n")
    none = portal.elsewhere("open", "round", typed="")
    unsigned = portal.elsewhere("open", "round", typed=f"{PASSPHRASE}\nn\n")

    assert [one.exit_code for one in (wrong, none, unsigned)] == [1, 1, 1]
    assert "not the passphrase" in wrong.stderr
    assert [one.name for one in portal.desk.iterdir()] == ["round"]


@pytest.mark.slow
def test_an_altered_answer_is_refused_in_one_sentence(
    session: Session, settings: Settings, tmp_path: Path
) -> None:
    portal = Portal(session, settings, tmp_path)
    portal.traveller()
    code = hold(session, portal.rina, day=portal.today)
    portal.lurus("export", "round")
    portal.elsewhere("open", "round")
    answer = portal.desk / "round.answer"
    content = bytearray(answer.read_bytes())
    content[5_000] ^= 1
    answer.write_bytes(content)

    refused = portal.lurus("import", "round.answer")

    assert refused.exit_code == 1
    assert refused.stderr.startswith("Error: The answer was changed, or is not signed")
    assert not opens(session, code, portal.rina)


def test_nothing_is_written_over_and_no_round_is_begun_for_it(
    session: Session, settings: Settings, tmp_path: Path
) -> None:
    portal = Portal(session, settings, tmp_path)
    portal.traveller()
    (portal.desk / "round").write_text("a letter")
    (portal.desk / "link").symlink_to(portal.desk / "elsewhere")
    before = dump(session)

    refused = [portal.lurus("export", name) for name in ("round", "link")]

    assert [one.exit_code for one in refused] == [1, 1]
    assert (portal.desk / "round").read_text() == "a letter"
    assert not (portal.desk / "elsewhere").exists()
    assert dump(session) == before


@pytest.mark.parametrize("name", ["Rina Wulandari", "Nobody", ""])
def test_nobody_but_a_custodian_carries_a_round(
    session: Session, settings: Settings, tmp_path: Path, name: str
) -> None:
    portal = Portal(session, settings, tmp_path)
    portal.traveller()

    refused = portal.lurus("export", "round", "--custodian", name)

    assert refused.exit_code == (0 if not name else 1)


def test_without_a_custodian_there_is_no_round(
    session: Session, settings: Settings, tmp_path: Path
) -> None:
    portal = Portal(session, settings, tmp_path)
    refused = portal.lurus("export", "round")

    assert refused.exit_code == 1
    assert "No custodian can hold a round" in refused.stderr


def test_who_has_not_logged_in_since_is_told_to(
    session: Session, settings: Settings, tmp_path: Path
) -> None:
    portal = Portal(session, settings, tmp_path)
    portal.traveller()
    with transaction(session):
        session.execute(update(Person).values(signing_key=None))

    refused = portal.lurus("export", "round")

    assert refused.exit_code == 1
    assert "logs in to the portal once" in refused.stderr
    assert list(portal.desk.iterdir()) == []


@pytest.mark.parametrize("content", [b"", b"a letter", bytes(4_000)])
def test_what_is_something_else_is_refused(
    session: Session, settings: Settings, tmp_path: Path, content: bytes
) -> None:
    portal = Portal(session, settings, tmp_path)
    portal.traveller()
    (portal.desk / "letter").write_bytes(content)

    opened = portal.elsewhere("open", "letter")
    taken = portal.lurus("import", "letter")

    assert [opened.exit_code, taken.exit_code] == [1, 1]
    assert "no exported round" in opened.stderr
    assert "no answer" in taken.stderr
