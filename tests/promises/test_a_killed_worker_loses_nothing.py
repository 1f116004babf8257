"""Promise 13: a killed worker never loses what a page confirmed, nor leaves half a case.

People hand in, with a photo and without, reply, answer, note and close, all at once,
while workers are ended with SIGKILL at sixty random moments. Who gets no answer presses
again. Nothing of the photo's owner can be read afterwards.
"""

import http.client
import io
import random
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from attackers import Loot, Row, files_holding
from builders import for_reporter, store_of
from people import File, Officer, Page, Reporter, code_on
from photos import AUTHOR, PHONE, photo
from PIL import Image
from servers import Server
from sqlalchemy.orm import Session

from crypto import (
    CaseCode,
    InstanceId,
    Key,
    Kind,
    Place,
    unlock_for_reporter,
    unseal,
)
from portal import threads
from portal.database import open_database
from portal.files import read_file
from portal.roles import Role
from portal.threads import Chain, Text

KILLS = 60
OFFICERS = 2
#: Seconds: longer than all the kills take. Who is cut off by each of them, because a photo
#: needs longer than the next kill leaves, is unlucky and gets through after the last one.
PATIENCE = 600


@pytest.mark.slow
def test_sixty_kills_lose_nothing_confirmed_and_leave_no_half_case(
    tmp_path: Path,
) -> None:
    with Server(tmp_path) as server:
        rina = server.enrol("Rina Wulandari")
        server.enrol("Yusuf Hidayat", role=Role.OUTSIDE_OFFICER)
        story = Story(server)

        with many_people(story, rina):
            losses = [loss for _ in range(KILLS) for loss in kill_once(story)]
            grown = story.confirmed_count()

    assert losses == []
    assert losses_of(story) == []
    assert photos_lost(story) == []
    assert files_holding([PHONE, AUTHOR], server.instance) == []
    assert grown > KILLS
    assert story.with_photo
    assert len(Loot.of(server.instance).tables["cases"]) == len(story.forms)


@dataclass
class Story:
    """What pages have confirmed so far, and which forms were begun."""

    server: Server
    codes: list[str] = field(default_factory=list)
    with_photo: list[str] = field(default_factory=list)
    forms: list[str] = field(default_factory=list)
    texts: dict[str, list[str]] = field(default_factory=dict)
    answers: list[tuple[str, str]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    closed: list[str] = field(default_factory=list)
    is_over: threading.Event = field(default_factory=threading.Event)

    def confirmed_count(self) -> int:
        texts = sum(len(texts) for texts in self.texts.values())
        rest = len(self.answers) + len(self.notes) + len(self.closed)
        return len(self.codes) + texts + rest

    def snapshot(self) -> "Story":
        """Return what was confirmed by now: the people go on while it is checked."""
        return Story(
            self.server,
            [*self.codes],
            [*self.with_photo],
            [*self.forms],
            {code: [*texts] for code, texts in [*self.texts.items()]},
            [*self.answers],
            [*self.notes],
            [*self.closed],
        )


@contextmanager
def many_people(story: Story, rina: Officer) -> Iterator[None]:
    """Let two reporters and an officer work until the block is left."""
    server = story.server
    people = [
        threading.Thread(target=report_on_and_on, args=(story,)),
        threading.Thread(target=report_on_and_on, args=(story, [("IMG.jpg", photo())])),
        threading.Thread(target=work_on_and_on, args=(story, rina)),
    ]
    for person in people:
        person.start()
    try:
        yield
    finally:
        story.is_over.set()
        for person in people:
            person.join()
        assert server.workers()


def kill_once(story: Story) -> list[str]:
    """Kill a worker at a random moment; return what was lost of what was confirmed."""
    confirmed = story.confirmed_count()
    # Mostly at once; at times late enough for a photo to get through on a busy machine.
    time.sleep(random.uniform(0.0, random.choice((0.1, 0.1, 1.0))))
    story.server.kill_worker()
    known = story.snapshot()
    losses = losses_of(known)
    story.server.wait()
    patience = time.monotonic() + 20
    while story.confirmed_count() == confirmed and time.monotonic() < patience:
        time.sleep(0.01)
    return losses


def report_on_and_on(story: Story, files: Sequence[File] = ()) -> None:
    """Hand in and write, again and again."""
    while not story.is_over.is_set():
        reporter = Reporter(story.server, story.server.host)
        what = f"Laporan nomor {random.getrandbits(64)}"
        preview = keep_trying(lambda who=reporter, text=what: who.preview(text, files))
        story.forms.append(what)
        page = keep_trying(
            lambda who=reporter, form=preview: who.send(form, "/report", step="hand-in")
        )
        code = code_on(page)
        story.codes.append(code)
        if files:
            story.with_photo.append(code)
        keep_trying(lambda who=reporter, key=code: open_somehow(who, key))
        for _ in range(2):
            text = f"Pesan nomor {random.getrandbits(64)}"
            try_once(lambda who=reporter, words=text: who.write(words)) and (
                story.texts.setdefault(code, []).append(text)
            )


def open_somehow(reporter: Reporter, code: str) -> None:
    """Open the case, unless that was done and only the answer was cut."""
    if 'id="status"' not in reporter.get("/case").html:
        reporter.open_case(code)


def work_on_and_on(story: Story, officer: Officer) -> None:
    """Take the first case of the list: note, answer, acknowledge, close."""
    while not story.is_over.is_set():
        paths = keep_trying(officer.case_paths)
        if not paths:
            time.sleep(0.05)
            continue
        path = random.choice(paths)
        note, answer = (f"Nomor {random.getrandbits(64)}" for _ in range(2))
        if acted(officer, path, "note", text=note):
            story.notes.append(note)
        if acted(officer, path, "message", text=answer):
            story.answers.append((path, answer))
        acted(officer, path, "status", to="acknowledged")
        ending = {"to": "closed", "outcome": "not-proven", "message": "Terima kasih."}
        if acted(officer, path, "status", **ending):
            story.closed.append(path)


def acted(officer: Officer, path: str, act: str, **fields: str) -> bool:
    return try_once(lambda: officer.act(path, act, **fields))


def try_once(act: Callable[[], Page]) -> bool:
    """Tell whether a page confirmed *act*; a cut connection confirms nothing."""
    try:
        return act().status_code == 303
    except (OSError, http.client.HTTPException, AssertionError):
        return False


def keep_trying(act: Callable[[], object]) -> object:
    """Press again until there is an answer."""
    end = time.monotonic() + PATIENCE
    while True:
        try:
            return act()
        except (OSError, http.client.HTTPException):
            assert time.monotonic() < end
            time.sleep(0.02)


def losses_of(story: Story) -> list[str]:
    """Return what is missing or half, in words; opened with the codes that were shown."""
    loot = Loot.of(story.server.instance)
    (instance,) = loot.column("installation", "instance_id")
    halves = [half for case in loot.tables["cases"] for half in halves_of(loot, case)]
    by_code = {
        code: thread_of(loot, code, InstanceId(instance)) for code in story.codes
    }
    lost = [f"{code} opens nothing" for code, texts in by_code.items() if not texts]
    lost += [
        f"{text} of {code}"
        for code, texts in story.texts.items()
        for text in texts
        if text not in by_code[code]
    ]
    return [*halves, *lost, *losses_of_officers(story, loot, by_code)]


def photos_lost(story: Story) -> list[str]:
    """Return the codes whose photo is not there, whole, and without its owner."""
    database = open_database(story.server.instance)
    with database.sessions() as session:
        lost = [code for code in story.with_photo if not has_photo(session, code)]
    database.engine.dispose()
    return lost


def has_photo(session: Session, code: str) -> bool:
    opened = for_reporter(session, CaseCode.parse(code))
    files = threads.read_files(session, opened.case.id, Chain.THREAD, opened.key)
    (file,) = files[0]
    content = b"".join(read_file(store_of(session), file))
    Image.open(io.BytesIO(content)).load()
    return PHONE.encode() not in content


def losses_of_officers(
    story: Story, loot: Loot, by_code: dict[str, list[str]]
) -> Iterator[str]:
    said = {text for texts in by_code.values() for text in texts}
    statuses = {row["id"].hex(): row["status"] for row in loot.tables["cases"]}
    answered = {
        row["case_id"].hex()
        for row in loot.tables["steps"]
        if row["kind"] == "answered"
    }
    for path, text in story.answers:
        case_id = path.rpartition("/")[2]
        # The reporter of this case may not have seen the code yet.
        if case_id not in answered or (
            len(by_code) == len(statuses) and text not in said
        ):
            yield f"answer {text}"
    notes = [row for row in loot.tables["messages"] if row["chain"] == "notes"]
    if len(notes) < len(story.notes):
        yield f"{len(story.notes) - len(notes)} notes"
    for path in story.closed:
        if statuses[path.rpartition("/")[2]] != "closed":
            yield f"closing of {path}"


def halves_of(loot: Loot, case: Row) -> Iterator[str]:
    own = {
        table: [row for row in loot.tables[table] if row["case_id"] == case["id"]]
        for table in ("steps", "wraps", "messages")
    }
    if len(own["wraps"]) != OFFICERS:
        yield f"{case['id'].hex()} has {len(own['wraps'])} wraps"
    for chain in ("thread", "notes"):
        numbers = sorted(r["number"] for r in own["messages"] if r["chain"] == chain)
        if numbers != list(range(len(numbers))) or (chain == "thread" and not numbers):
            yield f"{case['id'].hex()} has the {chain} {numbers}"
    steps = sorted(own["steps"], key=lambda row: row["number"])
    moves = [row["kind"] for row in steps if row["kind"] != "answered"]
    if [row["number"] for row in steps] != list(range(len(steps))) or not steps:
        yield f"{case['id'].hex()} has steps {steps}"
    elif case["status"] != moves[-1].replace("received", "submitted"):
        yield f"{case['id'].hex()} is {case['status']} after {moves}"


def thread_of(loot: Loot, code: str, instance: InstanceId) -> list[str]:
    """Open a case with its code alone; return its texts, none if it does not open."""
    parsed = CaseCode.parse(code)
    locator = parsed.locator(instance)
    for row in loot.tables["cases"]:
        if row["locator"] == locator:
            key = unlock_for_reporter(
                row["reporter_lock"],
                parsed.key(instance),
                case_id=row["id"],
                instance=instance,
            )
            return [*texts_of(loot, row["id"], key)]
    return []


def texts_of(loot: Loot, case_id: bytes, key: Key) -> Iterator[str]:
    rows = [
        row
        for row in loot.tables["messages"]
        if row["case_id"] == case_id and row["chain"] == "thread"
    ]
    rows.sort(key=lambda row: row["number"])
    place = Place(case_id, "thread", 0, "reporter", Kind.REPORT)
    for row, following in zip(rows, [*rows[1:], None], strict=True):
        plain = unseal(row["envelope"], key, place)
        yield Text.decode(plain).text if row["number"] else plain.decode()
        if following:
            place = place.after(row["envelope"], following["author"], Kind.MESSAGE)
