"""Small pictures that the portal draws itself: all that a page ever shows of a file."""

import io

from PIL import Image

from portal.cleaning.protocol import LARGEST_PICTURE, LARGEST_PREVIEW

PREVIEW_SIDE = 320

_QUALITIES = (85, 70, 55, 40, 25, 10)
_WHITE = (255, 255, 255)


def draw_preview(image: Image.Image) -> bytes:
    """Return a JPEG that fits into the first chunk of a sealed file."""
    return _draw(image, PREVIEW_SIDE, LARGEST_PREVIEW)


def draw_picture(image: Image.Image, side: int) -> bytes:
    """Return a JPEG whose longest side is *side* pixels at most."""
    return _draw(image, side, LARGEST_PICTURE)


def opaque(image: Image.Image) -> Image.Image:
    """Return *image* in colours or greys of one byte, on white where it lets through."""
    if image.mode.startswith("I;16"):
        # Of 16 bits the upper 8: a plain conversion would cut at 255.
        return image.convert("I").point(lambda level: level / 256).convert("L")
    if image.has_transparency_data:
        pixels = image.convert("RGBA")
        ground = Image.new("RGB", pixels.size, _WHITE)
        ground.paste(pixels, mask=pixels.getchannel("A"))
        return ground
    return image if image.mode in {"RGB", "L"} else image.convert("RGB")


def _draw(image: Image.Image, side: int, most: int) -> bytes:
    """Return a JPEG of at most *most* bytes, as good as fits."""
    small = image.copy() if max(image.size) <= side else _reduced(image, side)
    small = opaque(small)
    small.info.clear()
    for quality in _QUALITIES:
        jpeg = io.BytesIO()
        small.save(jpeg, "JPEG", quality=quality, optimize=True)
        if jpeg.tell() <= most:
            break
    return jpeg.getvalue()


def _reduced(image: Image.Image, side: int) -> Image.Image:
    width, height = image.size
    scale = side / max(width, height)
    size = max(1, round(width * scale)), max(1, round(height * scale))
    step = max(1, int(1 / scale / 2))
    if image.mode in {"1", "P", "PA"}:
        image = image.convert("RGBA" if image.has_transparency_data else "RGB")
    if step > 1 and not image.mode.startswith("I;16"):
        image = image.reduce(step)
    return image.resize(size)
