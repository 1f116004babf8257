"""Files that a clerk has on the phone: photos with traces, a scan, a recording."""

import io

import pikepdf
from PIL import Image, ImageDraw

PHONE = "Nokia 3310 milik Sari"
AUTHOR = "Sari Wulandari, Subbag Umum"

_ORIENTATION, _MAKE, _MODEL, _ARTIST = 0x0112, 0x010F, 0x0110, 0x013B
_GPS, _LATITUDE, _NORTH = 0x8825, 2, 1


def photo(number: int = 1, *, size: tuple[int, int] = (640, 480)) -> bytes:
    """Draw a photo as a phone writes it: with its maker, owner and place."""
    image = Image.new("RGB", size, (226, 223, 210))
    pen = ImageDraw.Draw(image)
    for row in range(6):
        pen.line((40, 90 + 50 * row, size[0] - 40, 90 + 50 * row), fill=(90, 90, 90))
    pen.text((40, 40), f"Daftar honor {number}", fill=(20, 20, 20))
    exif = Image.Exif()
    exif[_MAKE], exif[_MODEL] = "Nokia", PHONE
    exif[_ARTIST], exif[_ORIENTATION] = AUTHOR, 1
    exif.get_ifd(_GPS).update({_NORTH: "S", _LATITUDE: (7.0, 15.0, 30.0)})
    written = io.BytesIO()
    image.save(written, "JPEG", exif=exif)
    return written.getvalue()


def scan() -> bytes:
    """Return a PDF of two pages, with its author."""
    document = pikepdf.new()
    for _ in range(2):
        document.add_blank_page(page_size=(300, 400))
    document.docinfo["/Author"] = AUTHOR
    written = io.BytesIO()
    document.save(written)
    return written.getvalue()


def three_photos_and_a_scan() -> list[tuple[str, bytes]]:
    """Return what the story is about; every name says whose phone it was."""
    photos = [(f"IMG Sari {number}.jpg", photo(number)) for number in (1, 2, 3)]
    return [*photos, ("scan laptop Sari.pdf", scan())]
