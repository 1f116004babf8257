"""Files as a reporter hands them in, and where their readers find them on a page."""

import datetime as dt
import io
import re
import time
from pathlib import Path
from typing import Any

from builders import TODAY, for_reporter, receive_file
from people import Page, Person
from PIL import Image
from servers import Server
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from crypto import CaseCode
from portal import own_cases
from portal.database import open_database
from portal.file_kinds import FileKind, Finding
from portal.uploads import ReceivedFile

CLEANED = frozenset({Finding.CLEANED})
AS_SENT = frozenset({Finding.AS_SENT})
COLOURS = ("#2e6f40", "#6f2e2e", "#2e3d6f")
SECRET_NAME = "kwitansi-Hartanto-Wicaksana.jpg"


def photo(colour: str = COLOURS[0], size: tuple[int, int] = (640, 480)) -> bytes:
    """Return a picture of one colour, as a JPEG."""
    return written(Image.new("RGB", size, colour), "JPEG")


def written(image: Image.Image, form: str, **options: object) -> bytes:
    """Return an image as a file of that form."""
    out = io.BytesIO()
    image.save(out, form, **options)
    return out.getvalue()


def letter(page_count: int = 3) -> bytes:
    """Return a PDF whose pages differ in colour."""
    first, *others = (
        Image.new("RGB", (420, 594), COLOURS[number % len(COLOURS)])
        for number in range(page_count)
    )
    dates = {"creationDate": time.gmtime(0), "modDate": time.gmtime(0)}
    return written(first, "PDF", save_all=True, append_images=others, **dates)


def receive_photo(session: Session, number: int = 0) -> ReceivedFile:
    """Receive a photo that was cleaned, with its small picture."""
    return receive_file(
        session,
        photo(COLOURS[number]),
        name=f"IMG_{number}.jpg",
        kind=FileKind.JPEG,
        preview=photo(COLOURS[number], (320, 240)),
    )


def receive_letter(session: Session, page_count: int = 3) -> ReceivedFile:
    """Receive a PDF that was cleaned, with its small picture."""
    preview = photo(COLOURS[0], (170, 240))
    return receive_file(session, letter(page_count), name="surat.pdf", preview=preview)


def send_files(
    session: Session,
    code: str,
    *received: ReceivedFile,
    at_once: bool = True,
    today: dt.date = TODAY,
) -> None:
    """Write a message with files to a case."""
    session.rollback()
    own_cases.write(
        session,
        for_reporter(session, CaseCode.parse(code)),
        "Ini buktinya.",
        windows=frozenset(),
        today=today,
        at_once=at_once,
        received=received,
    )


def fetch(person: Person, path: str, **options: Any) -> TestResponse:
    """Ask for what is no page."""
    return person.client.get(path, base_url=f"http://{person.host}", **options)


def send_photos_and_letter(server: Server, code: str) -> None:
    """Write a message with three photos and a letter to a case of a server."""
    database = open_database(server.instance)
    with database.sessions() as session:
        photos = [receive_photo(session, number) for number in range(3)]
        files = *photos, receive_letter(session)
        send_files(session, code, *files, today=server.today())
    database.engine.dispose()


def files_on(page: Page) -> list[str]:
    """Return the addresses of the files that a case's page shows."""
    pattern = r'href="(/(?:office|custody)/cases/\w+/files/[0-9a-f]{32})"'
    return re.findall(pattern, page.html)


def object_path(instance: Path, received: ReceivedFile) -> Path:
    """Return where the store keeps a file."""
    return instance / "objects" / received.file.object_id.hex()


def spoil(path: Path, at: int = -1) -> None:
    """Change one bit of a stored file."""
    content = bytearray(path.read_bytes())
    content[at] ^= 1
    path.write_bytes(content)
