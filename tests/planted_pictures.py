"""Pictures with an author, a camera, a place, a title and a thumbnail planted in them.

Pillow draws them, and exiftool writes into them what phones and programs write.
"""

import io
import tempfile
from functools import cache, partial

import pillow_heif
from cleanings import exiftool
from PIL import Image, ImageCms, ImageDraw
from planted import Format

AUTHOR = "Bambang Sutejowinoto"
CAMERA = "Kamera-QX90417-abu"
TITLE = "kas-desa-bocor-lagi"
COMMENT = "catatan-si-pengirim"
THUMBNAIL = "gambar-kecil-lama-1"
PROFILE = "layar-bambang"
EVERYWHERE = (AUTHOR, CAMERA, TITLE)

_TAGS = (
    f"-EXIF:Artist={AUTHOR}",
    f"-EXIF:Model={CAMERA}",
    f"-EXIF:ImageDescription={TITLE}",
    "-EXIF:DateTimeOriginal=2026:11:02 07:41:12",
    "-EXIF:GPSLatitude=7.8",
    "-EXIF:GPSLatitudeRef=S",
    "-EXIF:GPSLongitude=110.36",
    "-EXIF:GPSLongitudeRef=E",
    f"-XMP-dc:Creator={AUTHOR}",
    f"-XMP-dc:Title={TITLE}",
    "-XMP-exif:GPSLatitude=7,48.00S",
    f"-XMP-tiff:Model={CAMERA}",
    f"-IPTC:By-line={AUTHOR}",
    f"-Comment={COMMENT}",
    f"-PNG:Author={AUTHOR}",
)


def draw(size: tuple[int, int] = (640, 480), mode: str = "RGB") -> Image.Image:
    """Draw something that has an upper left corner: a red field on a blue ground."""
    image = Image.new("RGB", size, (20, 60, 160))
    corner = (0, 0, size[0] // 4, size[1] // 4)
    ImageDraw.Draw(image).rectangle(corner, fill=(220, 30, 30))
    return image.convert(mode)


def encode(image: Image.Image, kind: str, **options: object) -> bytes:
    file = io.BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


def frames(count: int = 3) -> list[Image.Image]:
    """Return pictures that differ from one to the next."""
    drawn = [draw((160, 120)) for _ in range(count)]
    for number, image in enumerate(drawn):
        ImageDraw.Draw(image).rectangle(
            (50 * number, 60, 50 * number + 40, 110), "lime"
        )
    return drawn


@cache
def planted(kind: str) -> bytes:
    """Return a picture of that kind in which everything is planted that it can carry."""
    with tempfile.NamedTemporaryFile(suffix=".jpg") as thumbnail:
        thumbnail.write(encode(draw((80, 60)), "JPEG", comment=THUMBNAIL.encode()))
        thumbnail.flush()
        more = [f"-ThumbnailImage<={thumbnail.name}"] if kind in _WITH_THUMBNAIL else []
        return exiftool(_PLAIN[kind](named_profile()), *_TAGS, *more, "-o", "-", "-m")


def named_profile() -> bytes:
    """Return a colour profile that tells whose screen it is of."""
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    start = profile.index("sRGB built-in".encode("utf-16-be"))
    name = PROFILE.encode("utf-16-be")
    return profile[:start] + name + profile[start + len(name) :]


def _jpeg(profile: bytes | None = None) -> bytes:
    return encode(draw(), "JPEG", icc_profile=profile or b"")


def _png(profile: bytes | None = None) -> bytes:
    return encode(draw(), "PNG", icc_profile=profile)


def _apng(profile: bytes | None = None) -> bytes:
    first, *more = frames()
    return encode(first, "PNG", save_all=True, append_images=more, icc_profile=profile)


def _gif(profile: bytes | None = None) -> bytes:
    first, *more = frames()
    comment = COMMENT if profile else ""
    return encode(
        first, "GIF", save_all=True, append_images=more, duration=80, comment=comment
    )


def _webp(profile: bytes | None = None) -> bytes:
    return encode(draw(), "WEBP", icc_profile=profile or b"")


def _tiff(profile: bytes | None = None) -> bytes:
    first, *more = frames()
    return encode(first, "TIFF", save_all=True, append_images=more, icc_profile=profile)


def _heic(profile: bytes | None = None) -> bytes:
    pillow_heif.register_heif_opener()
    return encode(draw((256, 192)), "HEIF", icc_profile=profile)


_PLAIN = {
    "jpeg": _jpeg,
    "png": _png,
    "apng": _apng,
    "gif": _gif,
    "webp": _webp,
    "tiff": _tiff,
    "heic": _heic,
}
_WITH_THUMBNAIL = {"jpeg"}
_MORE_WORDS = {
    "jpeg": (COMMENT, THUMBNAIL, PROFILE),
    "png": (COMMENT, PROFILE),
    "apng": (COMMENT, PROFILE),
    "gif": (COMMENT,),
    "webp": (PROFILE,),
    "tiff": (PROFILE,),
    "heic": (PROFILE,),
}
# It comes out as another kind.
_COMES_OUT = {"heic": _jpeg}

FORMATS = tuple(
    Format(
        name,
        words=EVERYWHERE + _MORE_WORDS[name],
        planted=partial(planted, name),
        plain=_COMES_OUT.get(name, make),
    )
    for name, make in _PLAIN.items()
)
