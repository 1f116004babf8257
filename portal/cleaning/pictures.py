"""Pictures, decoded and drawn anew: only what can be seen comes out.

No EXIF, XMP, IPTC, comment, text, thumbnail, profile or tail of the source is copied,
because nothing but pixels is. The orientation that a viewer would have obeyed is carried
out; colours of a profile become sRGB, and the profile, which may name a device, goes.

One quality for all: JPEG and lossy WebP at 90. The source's own tables would have lost less,
but they tell the make of a camera. PNG, GIF, TIFF and lossless WebP stay without loss. HEIC comes
out as JPEG: its encoder is slow, and few officers' programs open it.
"""

import io
from collections.abc import Iterator
from typing import Any

from PIL import Image, ImageCms, ImageOps, ImageSequence

from portal.cleaning.previews import draw_picture, draw_preview, opaque
from portal.cleaning.source import Cleaned, Picture, Source, TooLargeError
from portal.file_kinds import FileKind, Finding

MOST_BYTES = 200_000_000
"""Of all frames together, decoded: 50 million pixels in colour. A second copy must fit
into the child's memory beside them."""
MOST_FRAMES = 1000

_QUALITY = 90
_STRIPE = 256
_BYTES_A_PIXEL = {"1": 1, "L": 1, "P": 1, "I;16": 2, "I;16B": 2, "I;16L": 2}
_FULL_BYTES_A_PIXEL = 4

# By name, so that no other parser of the library is ever tried.
_FORMATS = {
    FileKind.JPEG: ("JPEG", "MPO"),
    FileKind.PNG: ("PNG",),
    FileKind.GIF: ("GIF",),
    FileKind.WEBP: ("WEBP",),
    FileKind.TIFF: ("TIFF",),
    FileKind.HEIC: ("HEIF",),
}
_ANIMATED = frozenset({FileKind.GIF, FileKind.PNG, FileKind.WEBP})
_KEPT_MODES = {
    FileKind.PNG: {"1", "L", "LA", "P", "RGB", "RGBA", "I;16"},
    FileKind.GIF: {"1", "L", "P", "RGB", "RGBA"},
    FileKind.WEBP: {"RGB", "RGBA"},
    FileKind.TIFF: {"1", "L", "LA", "P", "RGB", "RGBA", "I;16"},
}
_BACK_TO_GROUND = 2
_LOSSLESS_WEBP = b"VP8L"
_HEAD_SIZE = 1024**2


def clean(source: Source) -> Cleaned:
    """Draw a picture anew; of an animation or a scan all frames.

    Raises:
        TooLargeError: it has too many pixels or frames.
        OSError: it is cut or broken.
    """
    kind = FileKind.JPEG if source.kind is FileKind.HEIC else source.kind
    options = _options(source)
    frames, more = _redraw(source, kind)
    content = io.BytesIO()
    frames[0].save(content, _FORMATS[kind][0], **options, **more)
    preview = draw_preview(frames[0])
    return Cleaned(kind, content, frozenset({Finding.CLEANED}), preview)


def picture(source: Source, page: int, side: int) -> Picture:
    """Return a picture that fits into *side*; of a scan, one page.

    Raises:
        TooLargeError: it has too many pixels.
        EOFError: there is no such page.
        OSError: it is cut or broken.
    """
    image = _open(source)
    page_count = _page_count(image) if source.kind is FileKind.TIFF else 1
    if page > page_count:
        raise EOFError
    # A JPEG can be decoded at a half, a quarter or an eighth.
    image.draft("RGB", (side, side))
    image.seek(page - 1)
    _weigh(image)
    return Picture(draw_picture(_drawn(image, FileKind.JPEG), side), page_count)


def _open(source: Source) -> Image.Image:
    if source.kind is FileKind.HEIC:
        _register_heif()
    # Sizes are looked at here, against a limit of our own.
    Image.MAX_IMAGE_PIXELS = None
    return Image.open(source.file, formats=_FORMATS[source.kind])


def _register_heif() -> None:
    import pillow_heif  # noqa: PLC0415  # most files are none: it takes 20 MiB

    pillow_heif.register_heif_opener(thumbnails=False)


def _redraw(source: Source, kind: FileKind) -> tuple[list[Image.Image], dict[str, Any]]:
    """Return all frames, and how they belong together; the source's own are let go."""
    image = _open(source)
    frames, times = [], []
    for frame in _frames(image, source.kind):
        times.append(frame.info.get("duration", 0))
        frames.append(_drawn(frame, kind))
    if len(frames) == 1:
        return frames, {}
    more = {"save_all": True, "append_images": frames[1:]}
    if kind in _ANIMATED:
        frames = [frame.convert("RGBA") for frame in frames]
        more |= {"append_images": frames[1:], "duration": times}
        more |= {"loop": image.info["loop"]} if "loop" in image.info else {}
        more |= {"disposal": _BACK_TO_GROUND} if kind is FileKind.GIF else {}
    return frames, more


def _frames(image: Image.Image, kind: FileKind) -> Iterator[Image.Image]:
    """Yield what can be seen one after the other, as long as all together fit."""
    if kind not in _ANIMATED | {FileKind.TIFF}:
        _weigh(image)
        yield image
        return
    # The decoder of WebP holds the canvas twice, and its encoder as much again.
    weight = 3 * _weigh(image) if kind is FileKind.WEBP else 0
    for number, frame in enumerate(ImageSequence.Iterator(image)):
        weight = _weigh(frame, weight)
        if number >= MOST_FRAMES:
            raise TooLargeError
        yield frame


def _weigh(image: Image.Image, others: int = 0) -> int:
    """Return the bytes of *image* and *others* together.

    Raises:
        TooLargeError: they are more than fit.
    """
    each = _BYTES_A_PIXEL.get(image.mode, _FULL_BYTES_A_PIXEL)
    weight = others + image.width * image.height * each
    if weight > MOST_BYTES:
        raise TooLargeError
    return weight


def _page_count(image: Image.Image) -> int:
    return min(int(getattr(image, "n_frames", 1)), MOST_FRAMES)


def _drawn(image: Image.Image, kind: FileKind) -> Image.Image:
    """Return a copy of what can be seen: upright, in sRGB, and with nothing beside it."""
    profile = image.info.get("icc_profile")
    upright = ImageOps.exif_transpose(image)
    transparent = upright.info.get("transparency")
    if profile and upright.mode not in {"1", "L", "I;16"}:
        upright = _to_srgb(upright, profile)
    # Last: whoever converts may leave a profile of its own, with the time of day.
    upright.info.clear()
    if transparent is not None and upright.mode in {"1", "L", "P", "RGB"}:
        upright.info["transparency"] = transparent
    if kind is FileKind.JPEG:
        return opaque(upright)
    if upright.mode not in _KEPT_MODES[kind]:
        upright = upright.convert("RGBA" if upright.has_transparency_data else "RGB")
    if upright.mode in {"LA", "RGBA"}:
        _empty_unseen(upright)
    return upright


def _empty_unseen(image: Image.Image) -> None:
    """Empty what lets through wholly: an eraser may leave what stood there before.

    A stripe at a time: there is no room for another copy.
    """
    nothing = (0,) * len(image.getbands())
    for top in range(0, image.height, _STRIPE):
        box = (0, top, image.width, min(top + _STRIPE, image.height))
        alpha = image.crop(box).getchannel("A")
        image.paste(nothing, box, alpha.point([255, *[0] * 255]))


def _to_srgb(image: Image.Image, profile: bytes) -> Image.Image:
    """Return *image* in the colours that every screen expects without a profile."""
    if image.mode in {"P", "PA", "LA"}:
        image = image.convert("RGBA" if image.has_transparency_data else "RGB")
    mode = image.mode if image.mode in {"RGB", "RGBA"} else "RGB"
    try:
        converted = ImageCms.profileToProfile(
            image,
            ImageCms.ImageCmsProfile(io.BytesIO(profile)),
            ImageCms.createProfile("sRGB"),
            outputMode=mode,
            inPlace=mode == image.mode,
        )
    except (ImageCms.PyCMSError, OSError):
        # A broken profile, or one of another kind of picture: viewers leave it aside too.
        return image
    return converted or image


def _options(source: Source) -> dict[str, Any]:
    """Return how a kind is written; what is not said here is not written."""
    if source.kind in {FileKind.JPEG, FileKind.HEIC}:
        return {"quality": _QUALITY, "optimize": True}
    if source.kind is FileKind.WEBP:
        head = source.file.read(_HEAD_SIZE)
        source.file.seek(0)
        lossless = _LOSSLESS_WEBP in head
        return {"lossless": lossless, "quality": 60 if lossless else _QUALITY}
    if source.kind is FileKind.TIFF:
        return {"compression": "tiff_lzw"}
    return {}
