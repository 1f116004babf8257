"""Files that are cut, broken, lying, or made to fill a memory."""

import io
import zipfile
import zlib

import pikepdf
import planted_pdf
import planted_pictures
import pytest
from cleanings import clean
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pikepdf import Array, Dictionary, Name, Stream
from PIL import Image
from planted import Format
from planted_pictures import draw, encode

from portal.cleaning.protocol import Outcome
from portal.file_kinds import FileKind, Finding

FORMATS = (*planted_pictures.FORMATS, *planted_pdf.FORMATS)
MIB = 1024**2

by_format = pytest.mark.parametrize("kind", FORMATS, ids=str)


def test_a_file_of_no_bytes_is_nothing_that_could_be_cleaned() -> None:
    result = clean(b"")

    assert (result.outcome, result.kind) == (Outcome.NOT_CLEANABLE, FileKind.OTHER)


@pytest.mark.parametrize(
    "name",
    ["laporan.pdf", "foto.exe", "../../etc/passwd", "a" * 300, "\u202egnp.exe", ""],
)
def test_a_name_is_not_believed(name: str) -> None:
    result = clean(encode(draw(), "PNG"), name)

    assert (result.outcome, result.kind) == (Outcome.CLEANED, FileKind.PNG)


@by_format
@pytest.mark.parametrize("part", [0.3, 0.9])
def test_of_a_file_that_was_cut_nothing_planted_comes_out(
    kind: Format, part: float
) -> None:
    sent = kind.planted()

    result = clean(sent[: int(len(sent) * part)])

    assert [word for word in kind.words if word.encode() in result.content] == []


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "GIF", "WEBP", "TIFF"])
def test_a_picture_that_was_cut_in_the_middle_is_failed(kind: str) -> None:
    sent = encode(Image.effect_noise((300, 300), 80).convert("RGB"), kind)

    result = clean(sent[: len(sent) // 2])

    assert (result.outcome, result.content) == (Outcome.FAILED, b"")


@pytest.mark.parametrize("part", [0.3, 0.9])
def test_a_document_that_was_cut_is_failed_and_not_repaired(part: float) -> None:
    sent = planted_pdf.plain()

    assert clean(sent[: int(len(sent) * part)]).outcome is Outcome.FAILED


@settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    kind=st.sampled_from(FORMATS),
    changes=st.lists(
        st.tuples(st.floats(0, 1, exclude_max=True), st.integers(0, 255)),
        min_size=1,
        max_size=20,
    ),
)
def test_a_file_with_wrong_bytes_breaks_nothing(
    kind: Format, changes: list[tuple[float, int]]
) -> None:
    broken = bytearray(kind.plain())
    for place, value in changes:
        broken[int(place * len(broken))] = value

    assert clean(bytes(broken)).outcome in Outcome


@pytest.mark.parametrize(
    "head",
    [b"\xff\xd8\xff\xe0", b"\x89PNG\r\n\x1a\n", b"GIF89a", b"%PDF-1.7\n", b"II*\x00"],
)
def test_a_beginning_without_a_file_is_failed(head: bytes) -> None:
    assert clean(head + b"x" * 5000).outcome is not Outcome.CLEANED


@pytest.mark.parametrize(
    ("side", "mode"), [(30_000, "1"), (30_000, "L"), (30_000, "RGB"), (7_200, "RGB")]
)
def test_a_picture_with_too_many_pixels_is_too_large(side: int, mode: str) -> None:
    result = clean(hollow_png(side, side, mode))

    assert (result.outcome, result.kind) == (Outcome.FAILED, FileKind.PNG)
    assert result.findings == {Finding.TOO_LARGE}


@pytest.mark.parametrize("kind", ["GIF", "TIFF"])
def test_pictures_with_too_many_frames_are_too_large(kind: str) -> None:
    first, *more = [Image.new("L", (1, 1), number % 256) for number in range(1005)]
    sent = encode(first, kind, save_all=True, append_images=more)

    assert clean(sent).findings == {Finding.TOO_LARGE}


def test_many_frames_are_together_too_large() -> None:
    # Few enough to fit into the child's memory: it is the sum that is refused.
    page = Image.new("1", (3000, 3000))
    more = {"save_all": True, "append_images": [page] * 22, "compression": "group4"}
    sent = encode(page, "TIFF", **more)

    assert len(sent) < MIB
    assert clean(sent).findings == {Finding.TOO_LARGE}


def test_a_text_in_a_picture_that_swells_fills_no_memory() -> None:
    word = zlib.compress(bytes(64 * MIB))
    swollen = with_chunk(encode(draw(), "PNG"), b"zTXt", b"Author\x00\x00" + word)

    assert clean(swollen).outcome in {Outcome.FAILED, Outcome.CLEANED}


@pytest.mark.parametrize("place", ["page", "objects", "picture"])
def test_a_document_that_swells_fills_no_memory(place: str) -> None:
    result = clean(swelling_pdf(place))

    assert result.outcome in {Outcome.FAILED, Outcome.CLEANED}
    assert len(result.content) < 8 * MIB


def test_a_document_of_brackets_breaks_nothing() -> None:
    sent = b"%PDF-1.7\n1 0 obj\n" + b"[" * MIB + b"\nendobj\ntrailer << /Root 1 0 R >>"

    assert clean(sent).outcome is Outcome.FAILED


def test_a_picture_that_is_an_archive_too_comes_out_a_picture_alone() -> None:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as file:
        file.writestr("isi-arsip-rahasia", "x" * 50)

    result = clean(encode(draw(), "JPEG") + archive.getvalue())

    assert (result.outcome, result.kind) == (Outcome.CLEANED, FileKind.JPEG)
    assert not zipfile.is_zipfile(io.BytesIO(result.content))
    assert b"isi-arsip-rahasia" not in result.content


def test_a_document_that_is_a_page_of_the_web_too_comes_out_a_document_alone() -> None:
    page = b"<html><script>alert('halaman-web')</script></html>\n"

    result = clean(page + planted_pdf.plain() + page)

    assert b"<script>" not in result.content
    assert result.outcome is not Outcome.CLEANED or result.content.startswith(b"%PDF-")


def test_a_picture_with_a_page_of_the_web_in_it_comes_out_a_picture_alone() -> None:
    sent = encode(draw(), "GIF", comment=b"*/=1;alert('skrip-di-gambar')//")

    assert b"skrip-di-gambar" not in clean(sent).content


def test_of_what_is_not_cleaned_nothing_comes_back() -> None:
    result = clean(b"PK\x05\x06" + bytes(18), "arsip.zip")

    assert (result.outcome, result.content) == (Outcome.NOT_CLEANABLE, b"")


def hollow_png(width: int, height: int, mode: str) -> bytes:
    """Return a picture whose rows are all zeros, in little space and no memory."""
    depth, colour, per_pixel = {"1": (1, 0, 1), "L": (8, 0, 8), "RGB": (8, 2, 24)}[mode]
    head = width.to_bytes(4, "big") + height.to_bytes(4, "big") + bytes((depth, colour))
    row = bytes(1 + width * per_pixel // 8)
    packer = zlib.compressobj(1)
    rows = b"".join(packer.compress(row) for _ in range(50)) + packer.flush()
    start = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head + bytes(3))
    return start + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def with_chunk(png: bytes, name: bytes, content: bytes) -> bytes:
    place = png.index(b"IDAT") - 4
    return png[:place] + chunk(name, content) + png[place:]


def chunk(name: bytes, content: bytes) -> bytes:
    check = zlib.crc32(name + content).to_bytes(4, "big")
    return len(content).to_bytes(4, "big") + name + content + check


def swelling_pdf(place: str) -> bytes:
    """Return a small document of which one stream opens to a gibibyte."""
    pdf = pikepdf.open(io.BytesIO(planted_pdf.plain()))
    stream = Stream(pdf, gibibyte())
    stream.Filter = Name.FlateDecode
    page = pdf.pages[0]
    if place == "page":
        page.Contents = pdf.make_indirect(stream)
    elif place == "picture":
        stream.update(Dictionary(Type=Name.XObject, Subtype=Name.Image))
        stream.Width, stream.Height, stream.BitsPerComponent = 12_000, 12_000, 8
        stream.ColorSpace = Name.DeviceGray
        stream.Filter = Array([Name.FlateDecode])
        page.Resources.XObject.Photo = pdf.make_indirect(stream)
    else:
        stream.update(Dictionary(Type=Name.ObjStm, N=1, First=10))
        pdf.Root.Names = pdf.make_indirect(stream)
    file = io.BytesIO()
    pdf.save(file)
    return file.getvalue()


def gibibyte() -> bytes:
    """Return a gibibyte of spaces, packed into one megabyte."""
    packer = zlib.compressobj(9, wbits=-15)
    block = packer.compress(b" " * 8 * MIB) + packer.flush(zlib.Z_FULL_FLUSH)
    return b"\x78\x9c" + block * 128 + packer.flush()
