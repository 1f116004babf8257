"""Promise 13, of files: a report is in with all its files, or not at all.

A process that receives files and hands them in is killed at sixty random moments.
"""

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from attackers import Loot, files_holding
from builders import for_reporter, store_of
from handing_in import FILES, WORDS
from people import Officer
from sqlalchemy.orm import Session

from crypto import CaseCode
from portal import threads
from portal.files import read_file
from portal.settings import Settings
from portal.statuses import Author
from portal.threads import Chain

HOME = Path(__file__).parent.parent.parent
KILLS = 60


@pytest.mark.slow
def test_sixty_kills_leave_every_report_whole(
    officer: Officer, session: Session, settings: Settings
) -> None:
    assert officer.case_paths() == []
    codes = codes_of_kills(settings.instance)

    words = WORDS.decode().split()
    assert len(codes) > KILLS
    assert [code for code in codes if contents_of(session, code) != FILES] == []
    assert halves_of(settings.instance, session) == []
    assert files_holding(words, settings.instance) == []


def codes_of_kills(instance: Path) -> list[str]:
    """Kill again and again; return every code that was said."""
    command = [sys.executable, HOME / "tests" / "handing_in.py", instance]
    path = os.pathsep.join(map(str, (HOME, HOME / "tests")))
    codes: list[str] = []
    with subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": path},
    ) as program:
        assert program.stdin
        assert program.stdout
        for _ in range(KILLS):
            program.stdin.write("\n")
            program.stdin.flush()
            codes += codes_until_killed(program.stdout)
        program.stdin.close()
    return codes


def codes_until_killed(said: object) -> list[str]:
    lines = iter(said)  # type: ignore[call-overload]
    pid = int(next(lines).split()[1])
    # Once it has handed in, so that the moments fall into its work, not before it.
    codes = [next(lines).split()[1]]
    time.sleep(random.uniform(0.0, 0.08))
    os.kill(pid, signal.SIGKILL)
    for line in lines:
        if line.startswith("over"):
            break
        codes.append(line.split()[1])
    return codes


def contents_of(session: Session, code: str) -> tuple[bytes, ...]:
    """Open a case with its code; return its first text's files."""
    session.rollback()
    opened = for_reporter(session, CaseCode.parse(code))
    files = threads.read_files(session, opened.case.id, Chain.THREAD, opened.key)
    store = store_of(session)
    return tuple(b"".join(read_file(store, file)) for file in files[0])


def halves_of(instance: Path, session: Session) -> list[str]:
    """Return cases without both files, and rows that name what is not there."""
    loot, there = Loot.of(instance), store_of(session).names()
    of_cases = loot.column("attachments", "case_id")
    halves = [
        case["id"].hex()
        for case in loot.tables["cases"]
        if of_cases.count(case["id"]) != len(FILES)
    ]
    named = [row["object_id"] for row in loot.tables["attachments"]]
    named += [row["object_id"] for row in loot.tables["uploads"]]
    authors = [row["author"] for row in loot.tables["messages"]]
    assert set(authors) == {Author.REPORTER}
    return halves + [name.hex() for name in named if name not in there]
