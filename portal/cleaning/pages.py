"""Pages of a PDF as pictures: pdfium, without its scripts and forms."""

from dataclasses import dataclass
from typing import BinaryIO

import pypdfium2
from PIL import Image


@dataclass(frozen=True)
class DrawnPage:
    """A page as it would be printed."""

    image: Image.Image
    page_count: int


def draw_page(document: BinaryIO, page: int, side: int) -> DrawnPage | None:
    """Return page *page*, from 1, with *side* pixels on its longest side; None if none."""
    try:
        with pypdfium2.PdfDocument(document) as pdf:
            count = len(pdf)
            if not 1 <= page <= count:
                return None
            sheet = pdf[page - 1]
            scale = side / max(1.0, *sheet.get_size())
            image = sheet.render(scale=scale, may_draw_forms=False).to_pil()
    except pypdfium2.PdfiumError:
        return None
    return DrawnPage(image.convert("RGB"), count)
