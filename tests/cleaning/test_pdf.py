"""What is on the pages of a document stays: text, pictures, links, comments, values."""

import io
from collections.abc import Callable
from functools import partial

import pikepdf
import planted_pdf
import pypdfium2
import pytest
from cleanings import clean, pieces
from pikepdf import Array, Dictionary, Name, Stream, String
from PIL import Image
from planted_pdf import REMARK, VISIBLE, WRITER
from planted_pictures import AUTHOR, PROFILE, draw, encode, named_profile

from portal.cleaning.cleaner import Cleaner
from portal.cleaning.protocol import Outcome
from portal.errors import NoPictureError
from portal.file_kinds import FileKind, Finding

WORD = b"kata-yang-ditanam"


def test_a_document_looks_as_before() -> None:
    sent = planted_pdf.planted()

    cleaned = clean(sent).content

    assert VISIBLE in text(cleaned)
    assert drawn(cleaned) == drawn(sent)


def test_comments_stay_are_named_and_have_no_writer() -> None:
    result = clean(planted_pdf.planted())

    assert Finding.COMMENTS in result.findings
    assert REMARK.encode() in planted_pdf.unpacked(result.content)
    assert WRITER.encode() not in planted_pdf.unpacked(result.content)


def test_a_document_without_comments_has_none() -> None:
    assert clean(planted_pdf.plain()).findings == {Finding.CLEANED}


def test_links_bookmarks_and_values_stay() -> None:
    cleaned = opened(clean(made(_plant_what_stays)).content)

    link, field, place = cleaned.pages[0].Annots
    assert (str(link.A.URI), str(field.V)) == ("https://example.org", "Rp 40 juta")
    assert (str(field.T), place.A.D[1]) == ("jumlah", Name.Fit)
    with cleaned.open_outline() as outline:
        assert [item.title for item in outline.root] == ["Bab satu"]


def test_what_follows_an_action_goes() -> None:
    cleaned = clean(made(_plant_what_stays)).content

    assert WORD not in planted_pdf.unpacked(cleaned)


@pytest.mark.parametrize("start", ["file:///C:/Users/", "FILE:", "//server/", ""])
def test_a_link_to_a_folder_of_its_writer_goes(start: str) -> None:
    cleaned = clean(made(partial(_plant_link, f"{start}{WORD.decode()}"))).content

    assert WORD not in planted_pdf.unpacked(cleaned)


@pytest.mark.parametrize(
    ("kind", "mode"),
    [(kind, mode) for kind in ("JPEG", "JPEG2000") for mode in ("L", "RGB")]
    + [("JPEG", "CMYK")],
)
def test_pictures_inside_look_as_before(kind: str, mode: str) -> None:
    sent = made(lambda pdf: _plant_picture(pdf, encode(draw(mode=mode), kind), mode))

    result = clean(sent)

    assert drawn(result.content) == drawn(sent)


def test_how_the_colours_of_a_picture_are_coded_stays() -> None:
    photo = encode(draw(mode="CMYK"), "JPEG")

    cleaned = clean(made(lambda pdf: _plant_picture(pdf, photo, "CMYK"))).content

    assert photo[photo.index(b"Adobe") :][:12] in cleaned


def test_a_jpeg_2000_inside_loses_its_boxes() -> None:
    box = (8 + len(WORD)).to_bytes(4, "big") + b"xml " + WORD
    photo = encode(draw(), "JPEG2000")
    start = photo.index(b"jp2c") - 4
    sent = made(
        lambda pdf: _plant_picture(pdf, photo[:start] + box + photo[start:], "RGB")
    )

    result = clean(sent)

    assert WORD in sent
    assert WORD not in result.content
    assert drawn(result.content) == drawn(sent)


def test_a_profile_inside_keeps_its_colours_and_loses_its_names() -> None:
    sent = made(_plant_profile)

    cleaned = clean(sent).content

    name = PROFILE.encode("utf-16-be")
    assert name in planted_pdf.unpacked(sent)
    assert name not in planted_pdf.unpacked(cleaned)
    assert drawn(cleaned) == drawn(sent)


def test_a_scan_without_a_last_marker_is_kept() -> None:
    photo = encode(draw(), "JPEG").removesuffix(b"\xff\xd9")

    result = clean(made(lambda pdf: _plant_picture(pdf, photo, "RGB")))

    assert result.outcome is Outcome.CLEANED


def test_a_document_under_a_password_is_named_and_not_cleaned() -> None:
    lock = pikepdf.Encryption(user="rahasia", owner="rahasia-lain")

    result = clean(made(lambda _: None, encryption=lock))

    assert (result.outcome, result.kind) == (Outcome.NOT_CLEANABLE, FileKind.PDF)
    assert result.findings == {Finding.ENCRYPTED}


def test_a_document_that_forbids_printing_is_cleaned_and_free() -> None:
    lock = pikepdf.Encryption(user="", owner="rahasia")
    sent = made(lambda pdf: pdf.docinfo.update({"/Author": AUTHOR}), encryption=lock)

    result = clean(sent)

    assert result.outcome is Outcome.CLEANED
    assert not opened(result.content).is_encrypted


def test_the_first_page_is_the_preview() -> None:
    preview = Image.open(io.BytesIO(clean(planted_pdf.plain()).preview))

    assert (preview.format, max(preview.size)) == ("JPEG", 320)


def test_an_officer_looks_at_the_page_that_was_asked_for() -> None:
    sent = made(lambda pdf: pdf.add_blank_page(page_size=(400, 200)))

    picture = Cleaner().picture(pieces(sent), len(sent), FileKind.PDF, page=2, side=800)

    assert picture.page_count == 2
    assert Image.open(io.BytesIO(picture.jpeg)).size == (800, 400)


def test_a_page_as_large_as_a_field_is_drawn_small() -> None:
    sent = made(lambda pdf: pdf.add_blank_page(page_size=(14400, 14400)))

    picture = Cleaner().picture(
        pieces(sent), len(sent), FileKind.PDF, page=2, side=10**6
    )

    assert max(Image.open(io.BytesIO(picture.jpeg)).size) == 2400


@pytest.mark.parametrize("page", [0, 2, 10**12])
def test_there_is_no_picture_of_a_page_that_is_not_there(page: int) -> None:
    sent = planted_pdf.plain()

    with pytest.raises(NoPictureError):
        Cleaner().picture(pieces(sent), len(sent), FileKind.PDF, page=page)


def made(
    plant: Callable[[pikepdf.Pdf], object],
    encryption: pikepdf.Encryption | None = None,
) -> bytes:
    """Return a document with one page, and what *plant* puts into it."""
    pdf = opened(planted_pdf.plain())
    plant(pdf)
    file = io.BytesIO()
    pdf.save(file, encryption=encryption or False)
    return file.getvalue()


def opened(content: bytes) -> pikepdf.Pdf:
    return pikepdf.open(io.BytesIO(content))


def text(content: bytes) -> str:
    with pypdfium2.PdfDocument(content) as pdf:
        return str(pdf[0].get_textpage().get_text_bounded())


def drawn(content: bytes) -> bytes:
    """Return the pixels of the first page."""
    with pypdfium2.PdfDocument(content) as pdf:
        return pdf[0].render(scale=0.5).to_pil().tobytes()


def _plant_link(address: str, pdf: pikepdf.Pdf) -> None:
    link = Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=[10, 10, 90, 30])
    link.A = Dictionary(S=Name.URI, URI=String(address))
    pdf.pages[0].obj.Annots = Array([link])


def _plant_what_stays(pdf: pikepdf.Pdf) -> None:
    page = pdf.pages[0].obj
    script = Dictionary(S=Name.JavaScript, JS=String(WORD.decode()))
    actions = (
        Dictionary(S=Name.URI, URI=String("https://example.org"), Next=script),
        Dictionary(S=Name.GoTo, D=Array([page, Name.Fit]), Next=script),
    )
    field = Dictionary(
        FT=Name.Tx, T=String("jumlah"), V=String("Rp 40 juta"), AA=Dictionary(K=script)
    )
    marks = [Dictionary(Subtype=Name.Link, A=action) for action in actions]
    field.Subtype = Name.Widget
    for mark in (marks[0], field, marks[1]):
        mark.Type, mark.Rect = Name.Annot, [10, 10, 90, 30]
    page.Annots = Array([marks[0], pdf.make_indirect(field), marks[1]])
    pdf.Root.AcroForm = Dictionary(Fields=Array([page.Annots[1]]))
    with pdf.open_outline() as outline:
        outline.root.append(pikepdf.OutlineItem("Bab satu", 0))


def _plant_picture(pdf: pikepdf.Pdf, photo: bytes, mode: str) -> None:
    image = pdf.pages[0].Resources.XObject.Photo
    spaces = {"L": Name.DeviceGray, "RGB": Name.DeviceRGB, "CMYK": Name.DeviceCMYK}
    image.ColorSpace = spaces[mode]
    is_jpeg = photo.startswith(b"\xff\xd8")
    image.write(photo, filter=Name.DCTDecode if is_jpeg else Name.JPXDecode)


def _plant_profile(pdf: pikepdf.Pdf) -> None:
    profile = Stream(pdf, named_profile())
    profile.N, profile.Alternate = 3, Name.DeviceRGB
    space = Array([Name.ICCBased, pdf.make_indirect(profile)])
    pdf.pages[0].Resources.XObject.Photo.ColorSpace = space
