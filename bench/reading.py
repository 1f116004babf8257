"""What officers meet who look at files: a case with as many photos as a form takes."""

import io
import os
import statistics
import time
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from PIL import Image
from sqlalchemy.orm import Session

from bench.client import Browser, UnexpectedAnswerError
from bench.instance import OfficerLogin, make_instance, settings_in
from bench.scenarios import DISK, Tell, log_in
from bench.servers import Server, serve_portal
from crypto import RFC_9106_LOW_MEMORY, Cookie, FormToken
from portal import hand_ins, uploads
from portal.file_kinds import FileKind, Finding
from portal.files import FileWriter
from portal.manifests import MOST_FILES, AttachedFile
from portal.reports import Readers, Report
from portal.roster import list_officers
from portal.runtime import Runtime, build_runtime
from portal.sessions import Browser as FormBrowser
from portal.sessions import Visit
from portal.uploads import ReceivedFile

_ROUNDS = 20
_PHOTO_SIZE = 3 * 1024 * 1024
_PREVIEW = (320, 240)
_MARK = b'<img src="'


@dataclass(frozen=True)
class ReadingFigures:
    """What looking at files costs."""

    thumbnails_ms: float
    """A case's page and its small pictures, one after the other; the median."""


def measure_reading(tell: Tell) -> ReadingFigures:
    """Measure the page of a case with 20 photos, and its 20 small pictures."""
    with TemporaryDirectory(prefix="lurus-bench-", dir=DISK) as place:
        tell(f"handing in {MOST_FILES} photos")
        instance = make_instance(Path(place) / "portal")
        _hand_in_photos(instance.folder)
        with serve_portal(instance.folder) as portal:
            tell("looking at them")
            return ReadingFigures(_look(portal, instance.officers[0]))


def _look(portal: Server, who: OfficerLogin) -> float:
    with Browser(portal.port, log_in(portal, who)) as browser:
        case = _between(browser.get("/office/").body, b'href="/office/cases/', b'"')
        taken = [_look_once(browser, f"/office/cases/{case}") for _ in range(_ROUNDS)]
    return round(statistics.median(taken), 1)


def _look_once(browser: Browser, path: str) -> float:
    """Fetch a case and all its small pictures; return how long that took, in ms."""
    begun = time.perf_counter()
    page = browser.get(path).body
    for part in page.split(_MARK)[1:]:
        browser.get(part.partition(b'"')[0].decode())
    taken = time.perf_counter() - begun
    if page.count(_MARK) != MOST_FILES:
        raise UnexpectedAnswerError(f"{page.count(_MARK)} small pictures")
    return taken * 1000


def _between(page: bytes, start: bytes, end: bytes) -> str:
    return page.partition(start)[2].partition(end)[0].decode()


def _hand_in_photos(folder: Path) -> None:
    runtime = build_runtime(settings_in(folder), None, RFC_9106_LOW_MEMORY)
    with runtime.database.sessions() as session:
        received = [_receive(runtime, session) for _ in range(MOST_FILES)]
        hand_ins.hand_in(
            session,
            Report(category="PUNGLI", what="Ada pungutan di loket tiga."),
            Readers(list_officers(session), ()),
            severity=3,
            form=FormToken.issue(runtime.secret, runtime.timestamp()),
            browser=FormBrowser(Cookie.generate(), Visit(ends_at=0)),
            instance=runtime.instance,
            gate=runtime.gate_secret,
            rules=runtime.rules,
            today=runtime.today(),
            minute=runtime.timestamp() // 60,
            at_once=True,
            received=received,
        )
    runtime.database.engine.dispose()


def _receive(runtime: Runtime, session: Session) -> ReceivedFile:
    writer = FileWriter(runtime.objects, _preview())
    writer.write(os.urandom(_PHOTO_SIZE))
    writer.finish(runtime.today())
    file = AttachedFile(
        object_id=writer.object_id,
        key=writer.key,
        length=writer.length,
        name="IMG_2041.jpg",
        kind=FileKind.JPEG,
        findings=frozenset({Finding.CLEANED}),
        has_preview=True,
    )
    return uploads.keep(session, file, writer.size, runtime.instance)


def _preview() -> bytes:
    """Return a small picture that compresses as badly as a photo of leaves."""
    out = io.BytesIO()
    Image.effect_noise(_PREVIEW, 40).convert("RGB").save(out, "JPEG", quality=80)
    return out.getvalue()
