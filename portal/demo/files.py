"""The files of the demo: a photo and a scan, drawn here, so that nobody's are shown."""

import datetime as dt
import io

from PIL import Image, ImageDraw
from sqlalchemy.orm import Session

from crypto import InstanceId
from portal import uploads
from portal.file_kinds import FileKind, Finding
from portal.files import FileWriter
from portal.manifests import AttachedFile
from portal.objects import ObjectStore
from portal.uploads import ReceivedFile

_PAPER = (246, 244, 236)
_INK = (52, 58, 64)
_DESK = (120, 92, 66)
_SIZE = (900, 680)
_PREVIEW_SIZE = (480, 480)
_LINES = (
    "DAFTAR TERIMA HONOR",
    "1. Narasumber A    Rp 900.000    Rp 600.000",
    "2. Narasumber B    Rp 900.000    Rp 600.000",
    "3. Moderator       Rp 700.000    Rp 450.000",
)
_FORMATS = {FileKind.JPEG: "JPEG", FileKind.PDF: "PDF"}


def receive_drawn(
    session: Session,
    store: ObjectStore,
    instance: InstanceId,
    kind: FileKind,
    today: dt.date,
) -> ReceivedFile:
    """Receive a drawn list as a photo or as a PDF; there is nothing to clean in it."""
    image = _draw(_DESK if kind is FileKind.JPEG else _PAPER)
    writer = FileWriter(store, _preview(image))
    writer.write(_written(image, _FORMATS[kind]))
    writer.finish(today)
    file = AttachedFile(
        writer.object_id,
        writer.key,
        writer.length,
        f"1.{kind.suffix}",
        kind,
        frozenset({Finding.CLEANED}),
        has_preview=True,
    )
    return uploads.keep(session, file, writer.size, instance)


def _draw(background: tuple[int, int, int]) -> Image.Image:
    image = Image.new("RGB", _SIZE, background)
    pen = ImageDraw.Draw(image)
    pen.rectangle((60, 40, _SIZE[0] - 60, _SIZE[1] - 40), fill=_PAPER)
    for number, line in enumerate(_LINES):
        height = 90 + 90 * number
        pen.text((110, height), line, fill=_INK, font_size=28)
        pen.line((110, height + 52, _SIZE[0] - 110, height + 52), fill=_INK, width=2)
    return image


def _preview(image: Image.Image) -> bytes:
    small = image.copy()
    small.thumbnail(_PREVIEW_SIZE)
    return _written(small, "JPEG")


def _written(image: Image.Image, file_format: str) -> bytes:
    written = io.BytesIO()
    image.save(written, file_format)
    return written.getvalue()
