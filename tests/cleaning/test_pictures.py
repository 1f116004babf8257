"""What can be seen in a picture stays; how it was stored does not matter."""

import io

import pytest
from cleanings import clean, pieces
from PIL import Image, ImageCms
from planted_pictures import draw, encode, frames

from portal.cleaning.cleaner import Cleaner
from portal.cleaning.protocol import LARGEST_PREVIEW
from portal.errors import NoPictureError
from portal.file_kinds import FileKind

RED, GREEN, BLUE = (220, 30, 30), (30, 220, 30), (20, 60, 160)
ORIENTATION = 0x112
KINDS = ("JPEG", "PNG", "WEBP", "TIFF")
PATTERN = Image.effect_noise((512, 512), 60)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    ("orientation", "size", "corner"),
    [(1, (640, 480), "left"), (6, (480, 640), "right"), (2, (640, 480), "right")],
)
def test_a_picture_comes_out_as_it_was_seen(
    kind: str, orientation: int, size: tuple[int, int], corner: str
) -> None:
    exif = Image.Exif()
    exif[ORIENTATION] = orientation

    seen = opened(clean(encode(draw(), kind, exif=exif)).content)

    assert (seen.size, red_corner(seen)) == (size, corner)
    assert seen.getexif().get(ORIENTATION, 1) == 1


@pytest.mark.parametrize("kind", ["PNG", "TIFF"])
@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16"])
def test_pictures_without_loss_keep_every_pixel(kind: str, mode: str) -> None:
    image = draw((60, 40), "L" if mode == "I;16" else mode).convert(mode)

    seen = opened(clean(encode(image, kind)).content)

    assert seen.mode == mode
    assert seen.convert("RGBA").tobytes() == image.convert("RGBA").tobytes()


def test_webp_without_loss_stays_without_loss() -> None:
    image = PATTERN.convert("RGB")

    seen = opened(clean(encode(image, "WEBP", lossless=True)).content)

    assert seen.convert("RGB").tobytes() == image.tobytes()


def test_jpeg_loses_little() -> None:
    image = draw()

    seen = opened(clean(encode(image, "JPEG", quality=95)).content)

    assert near(seen.getpixel((20, 20)), RED)
    assert near(seen.getpixel((600, 400)), BLUE)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "TIFF"])
def test_colours_of_a_profile_are_carried_over(kind: str) -> None:
    profile = with_red_and_green_swapped()

    seen = opened(clean(encode(draw(), kind, icc_profile=profile)).content)

    assert near(seen.convert("RGB").getpixel((20, 20)), GREEN)
    assert "icc_profile" not in seen.info


def test_a_broken_profile_spoils_no_picture() -> None:
    seen = opened(clean(encode(draw(), "PNG", icc_profile=b"no profile")).content)

    assert seen.getpixel((20, 20)) == RED


@pytest.mark.parametrize("kind", ["GIF", "PNG", "WEBP"])
def test_moving_pictures_keep_their_frames(kind: str) -> None:
    first, *more = frames(4)
    sent = encode(
        *(first, kind), save_all=True, append_images=more, duration=[80, 120, 80, 200]
    )

    seen = opened(clean(sent).content)

    assert seen.n_frames == 4
    assert [near(pixel(seen, number), (0, 255, 0)) for number in range(4)] == [
        *(True, True, True, False)
    ]


def test_gifs_that_let_through_do_so_still() -> None:
    drawn = [Image.new("RGBA", (60, 60)) for _ in range(2)]
    drawn[0].paste(RED, (0, 0, 20, 20))
    drawn[1].paste(RED, (30, 30, 50, 50))
    sent = encode(drawn[0], "GIF", save_all=True, append_images=drawn[1:], disposal=2)

    seen = opened(clean(sent).content)
    seen.seek(1)

    assert [seen.convert("RGBA").getpixel(at)[3] for at in ((5, 5), (40, 40))] == [
        0,
        255,
    ]


def test_a_scan_keeps_its_pages() -> None:
    first, *more = frames(3)

    seen = opened(
        clean(encode(first, "TIFF", save_all=True, append_images=more)).content
    )

    assert seen.n_frames == 3


def test_a_print_in_four_inks_can_be_seen_on_a_screen() -> None:
    seen = opened(clean(encode(draw().convert("CMYK"), "JPEG")).content)

    assert seen.mode == "RGB"
    assert near(seen.getpixel((20, 20)), RED)


@pytest.mark.parametrize("mode", ["1", "L", "P", "RGBA", "I;16"])
def test_every_preview_is_a_small_jpeg(mode: str) -> None:
    image = draw((800, 600), "L" if mode == "I;16" else mode).convert(mode)

    preview = clean(encode(image, "PNG")).preview

    seen = Image.open(io.BytesIO(preview))
    assert (seen.format, seen.size) == ("JPEG", (320, 240))
    assert len(preview) <= LARGEST_PREVIEW


def test_the_preview_of_sixteen_bits_is_as_dark_as_they_are() -> None:
    preview = clean(encode(Image.new("I;16", (40, 40), 0x8000), "PNG")).preview

    assert abs(opened(preview).getpixel((20, 20)) - 0x80) < 8


def test_the_preview_of_a_picture_full_of_detail_fits() -> None:
    noise = Image.merge("RGB", [Image.effect_noise((320, 320), 200) for _ in range(3)])

    preview = clean(encode(noise, "PNG")).preview

    assert 0 < len(preview) <= LARGEST_PREVIEW


@pytest.mark.parametrize("size", [(1, 1), (1, 5000), (5000, 1)])
def test_strips_and_points_have_previews(size: tuple[int, int]) -> None:
    assert clean(encode(draw(size), "PNG")).preview


def test_a_larger_look_is_as_large_as_asked_for() -> None:
    exif = Image.Exif()
    exif[ORIENTATION] = 6
    sent = encode(draw((3000, 2000)), "JPEG", exif=exif)

    picture = Cleaner().picture(pieces(sent), len(sent), FileKind.JPEG, side=1200)

    seen = opened(picture.jpeg)
    assert (seen.size, red_corner(seen)) == ((800, 1200), "right")
    assert picture.page_count == 1


def test_the_pages_of_a_scan_are_looked_at_one_by_one() -> None:
    first, *more = frames(3)
    sent = encode(first, "TIFF", save_all=True, append_images=more)

    picture = Cleaner().picture(pieces(sent), len(sent), FileKind.TIFF, page=3)

    assert picture.page_count == 3
    assert near(opened(picture.jpeg).getpixel((120, 80)), (0, 255, 0))


@pytest.mark.parametrize("page", [-1, 0, 2, 10**9])
def test_there_is_no_picture_of_a_page_that_is_not_there(page: int) -> None:
    sent = encode(draw(), "TIFF")

    with pytest.raises(NoPictureError):
        Cleaner().picture(pieces(sent), len(sent), FileKind.TIFF, page=page)


@pytest.mark.parametrize("kind", [FileKind.MP4, FileKind.OTHER, FileKind.DOCX])
def test_of_other_kinds_there_is_no_picture(kind: FileKind) -> None:
    with pytest.raises(NoPictureError):
        Cleaner().picture(pieces(b"x"), 1, kind)


def opened(content: bytes) -> Image.Image:
    return Image.open(io.BytesIO(content))


def red_corner(image: Image.Image) -> str:
    """Tell on which side above the red field is seen."""
    left = image.convert("RGB").getpixel((20, 20))
    return "left" if near(left, RED) else "right"


def pixel(image: Image.Image, number: int) -> tuple[int, ...]:
    """Return what frame *number* shows where only that one has its field."""
    image.seek(number)
    colours: tuple[int, ...] = image.convert("RGB").getpixel(
        (50 * min(number, 2) + 20, 80)
    )
    return colours


def near(seen: tuple[int, ...], meant: tuple[int, ...]) -> bool:
    return all(abs(a - b) < 24 for a, b in zip(seen, meant, strict=True))


def with_red_and_green_swapped() -> bytes:
    """Return a profile of a screen whose red is green."""
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    return (
        profile.replace(b"rXYZ", b"tXYZ", 1)
        .replace(b"gXYZ", b"rXYZ", 1)
        .replace(b"tXYZ", b"gXYZ", 1)
    )


@pytest.mark.parametrize(
    ("kind", "mode"), [("PNG", "RGBA"), ("PNG", "LA"), ("TIFF", "RGBA")]
)
def test_what_an_eraser_left_below_is_gone(kind: str, mode: str) -> None:
    picture = PATTERN.convert(mode)
    picture.putalpha(Image.linear_gradient("L").resize(PATTERN.size))
    file = io.BytesIO()
    picture.save(file, kind)

    cleaned = Image.open(io.BytesIO(clean(file.getvalue()).content))

    nothing, alpha = Image.new("L", PATTERN.size), cleaned.getchannel("A")
    erased = alpha.point([255, *[0] * 255])
    for colour in cleaned.split()[:-1]:
        assert Image.composite(colour, nothing, erased).getbbox() is None
    assert seen_on_white(cleaned) == seen_on_white(Image.open(file))


def seen_on_white(picture: Image.Image) -> Image.Image:
    ground = Image.new("RGBA", picture.size, "white")
    return Image.alpha_composite(ground, picture.convert("RGBA"))
