"""An album of pictures: a page at every width and in every scheme, kept small.

Chromium writes a picture with millions of colours. A page has few; so a picture is
brought down, in the browser, to the sixteen whose lack would be seen most, and is
written with a palette: half a byte a pixel.
"""

import base64
import struct
import zlib
from collections.abc import Collection
from pathlib import Path

from playwright.sync_api import Browser
from screens import Screen

WIDTHS = {360: 740, 1280: 800}
"""Widths in pixels, each with the height of its window."""
SCHEMES = ("light", "dark")

_COLOURS = 16
_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_FOUR_BITS_WITH_PALETTE = (4, 3, 0, 0, 0)
_NO_FILTER = b"\0"
# Every pixel is given the number of its colour, or of the nearest one kept.
_COUNT_COLOURS = """async ({png, most}) => {
  const blob = await (await fetch("data:image/png;base64," + png)).blob();
  const image = await createImageBitmap(blob);
  const sheet = new OffscreenCanvas(image.width, image.height).getContext("2d");
  sheet.drawImage(image, 0, 0);
  const data = sheet.getImageData(0, 0, image.width, image.height).data;
  const pixels = new Uint32Array(data.buffer), count = new Map();
  for (const pixel of pixels) count.set(pixel, (count.get(pixel) || 0) + 1);
  const found = [...count].map(([pixel, often]) => ({
    pixel, often, parts: [pixel & 255, pixel >> 8 & 255, pixel >> 16 & 255],
    away: Infinity, number: 0}));
  const palette = [];
  while (palette.length < Math.min(most, found.length)) {
    const missed = found.reduce((worst, each) =>
      each.often * each.away > worst.often * worst.away ? each : worst);
    palette.push(missed.parts);
    for (const each of found) {
      const away = Math.hypot(...each.parts.map((part, i) => part - missed.parts[i]));
      if (away < each.away) [each.away, each.number] = [away, palette.length - 1];
    }
  }
  const number = new Map(found.map(each => [each.pixel, each.number]));
  const stride = Math.ceil(image.width / 2);
  const rows = new Uint8Array(stride * image.height);
  pixels.forEach((pixel, at) => {
    const x = at % image.width, byte = (at - x) / image.width * stride + (x >> 1);
    rows[byte] |= number.get(pixel) << (x % 2 ? 0 : 4);
  });
  const text = [];
  for (let at = 0; at < rows.length; at += 32768)
    text.push(String.fromCharCode(...rows.subarray(at, at + 32768)));
  return {width: image.width, stride, palette, rows: btoa(text.join(""))};
}"""


class Album:
    """A folder of pictures, named `page-language-width-scheme.png`."""

    def __init__(
        self, folder: Path, browser: Browser, wanted: Collection[str] = ()
    ) -> None:
        """Begin an album; with *wanted*, of pages alone whose names begin so."""
        self.folder = folder
        self.count = 0
        self._wanted = tuple(wanted) or ("",)
        self._darkroom = browser.new_page()
        folder.mkdir(parents=True, exist_ok=True)

    def take(self, screen: Screen, name: str) -> None:
        """Picture the page that *screen* shows."""
        if not name.startswith(self._wanted):
            return
        page, language = screen.page, screen.page.get_attribute("html", "lang")
        for width, height in WIDTHS.items():
            page.set_viewport_size({"width": width, "height": height})
            # What sticks to the top of the window would stand in the middle.
            page.evaluate("scrollTo(0, 0)")
            for scheme in SCHEMES:
                page.emulate_media(color_scheme=scheme)
                picture = page.screenshot(full_page=True, animations="disabled")
                path = self.folder / f"{name}-{language}-{width}-{scheme}.png"
                path.write_bytes(self._with_palette(picture))
                self.count += 1
        page.emulate_media(color_scheme="light")
        page.set_viewport_size(
            {"width": screen.look.width, "height": screen.look.height}
        )

    def _with_palette(self, picture: bytes) -> bytes:
        png = base64.b64encode(picture).decode()
        found = self._darkroom.evaluate(_COUNT_COLOURS, {"png": png, "most": _COLOURS})
        stride, rows = found["stride"], base64.b64decode(found["rows"])
        lines = [rows[at : at + stride] for at in range(0, len(rows), stride)]
        size = struct.pack(
            ">2I5B", found["width"], len(lines), *_FOUR_BITS_WITH_PALETTE
        )
        palette = bytes(part for colour in found["palette"] for part in colour)
        body = zlib.compress(b"".join(_NO_FILTER + line for line in lines), 9)
        chunks = {b"IHDR": size, b"PLTE": palette, b"IDAT": body, b"IEND": b""}
        return _SIGNATURE + b"".join(_chunk(*chunk) for chunk in chunks.items())


def _chunk(kind: bytes, body: bytes) -> bytes:
    check = zlib.crc32(kind + body)
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", check)
