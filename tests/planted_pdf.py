"""A PDF with everything planted that a document of pages can carry.

pikepdf writes it, exiftool writes into it, and an earlier revision lies under the last one.
"""

import io
import zlib
from functools import cache

import pikepdf
from cleanings import exiftool
from pikepdf import Array, Dictionary, Name, Stream, String
from planted import Format
from planted_pictures import AUTHOR, CAMERA, TITLE, draw, encode
from planted_pictures import COMMENT as PICTURE_COMMENT
from planted_pictures import planted as planted_picture

EARLIER = "isi-revisi-kemarin"
EMBEDDED = "lampiran-tersembunyi"
EMBEDDED_NAME = "nama-lampiran-itu"
SCRIPT = "skrip-pembuka-berkas"
PAGE_SCRIPT = "skrip-tiap-halaman"
THUMBNAIL = "cuplikan-halaman-1"
PRIVATE = "milik-program-gambar"
WRITER = "Siti-si-pemberi-catatan"
IDENTIFIER = "nomor-dokumen-77"
FORM = "formulir-xfa-lama"
SIGNER = "Penanda-Tangan-Joko"
LAUNCH = "program-yang-dibuka"
HIDDEN = "gambar-tak-terpakai"
ALTERNATIVE = "jalur-berkas-di-tanda"
OF_PAGE = "milik-halaman-itu-saja"
OF_NOTE = "nomor-pengenal-catatan"
_ZLIB = b"x"
WORDS = (
    *(AUTHOR, CAMERA, TITLE, PICTURE_COMMENT, EARLIER, EMBEDDED, EMBEDDED_NAME, SCRIPT),
    *(PAGE_SCRIPT, THUMBNAIL, PRIVATE, WRITER, IDENTIFIER, FORM, SIGNER, LAUNCH),
    *(HIDDEN, ALTERNATIVE, OF_PAGE, OF_NOTE),
)

VISIBLE = "Laporan kas desa"
REMARK = "tolong lihat angka ini"

_PAGE = (
    f"q 200 0 0 150 50 500 cm /Photo Do Q q 200 0 0 150 300 500 cm /Packed Do Q "
    f"BT /Sans 24 Tf 50 300 Td ({VISIBLE}) Tj ET"
).encode()
_OLD_PAGE = f"BT /Sans 24 Tf 50 300 Td ({EARLIER}) Tj ET".encode()


def plain() -> bytes:
    """Return a document with a page, two pictures, an empty form and nothing else."""
    pdf = _document(encode(draw(), "JPEG"), _PAGE)
    pdf.Root.AcroForm = Dictionary(Fields=Array())
    return _save(pdf)


@cache
def planted() -> bytes:
    """Return a document with everything planted."""
    pdf = _document(planted_picture("jpeg"), _OLD_PAGE)
    _plant_in_catalogue(pdf)
    _plant_in_page(pdf)
    first = _save(pdf)
    second = exiftool(first, f"-PDF:Author={AUTHOR}", f"-PDF:Title={TITLE}", "-o", "-")
    return revised(second)


def unpacked(content: bytes) -> bytes:
    """Return a document, and behind it the same with every stream and object opened."""
    with pikepdf.open(io.BytesIO(content)) as pdf:
        streams = [thing for thing in pdf.objects if isinstance(thing, Stream)]
        opened = [_opened(stream) for stream in streams]
        return b"\n".join((content, *opened, _save(pdf)))


def _opened(stream: Stream) -> bytes:
    raw = stream.read_raw_bytes()
    return zlib.decompress(raw) if raw.startswith(_ZLIB) else raw


def revised(content: bytes) -> bytes:
    """Append a revision whose first page is another: the old one stays in the file."""
    with pikepdf.open(io.BytesIO(content)) as pdf:
        number, _ = pdf.pages[0].Contents.objgen
        root, _ = pdf.Root.objgen
        info, _ = pdf.trailer.Info.objgen
        size = int(pdf.trailer.Size)
    before = content.rsplit(b"startxref", 1)[1].split()[0].decode()
    stream = b"<< /Length %d >>\nstream\n%s\nendstream" % (len(_PAGE), _PAGE)
    body = content + b"\n%d 0 obj\n%s\nendobj\n" % (number, stream)
    place = body.index(b"%d 0 obj\n<< /Length %d" % (number, len(_PAGE)), len(content))
    tail = (
        f"xref\n0 1\n0000000000 65535 f \n{number} 1\n{place:010d} 00000 n \n"
        f"trailer\n<< /Size {size} /Root {root} 0 R /Info {info} 0 R /Prev {before} "
        f"/ID [({IDENTIFIER}) ({IDENTIFIER})] >>\nstartxref\n{len(body)}\n%%EOF\n"
    )
    return body + tail.encode()


def _document(photo: bytes, page: bytes) -> pikepdf.Pdf:
    pdf = pikepdf.new()
    pdf.add_blank_page(page_size=(595, 842))
    font = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)
    packed = _image(pdf, zlib.compress(photo), Name.FlateDecode, Name.DCTDecode)
    pdf.pages[0].Contents = pdf.make_stream(page)
    pdf.pages[0].Resources = Dictionary(
        Font=Dictionary(Sans=pdf.make_indirect(font)),
        XObject=Dictionary(Photo=_image(pdf, photo, Name.DCTDecode), Packed=packed),
    )
    return pdf


def _image(pdf: pikepdf.Pdf, content: bytes, *filters: Name) -> Stream:
    image = Stream(pdf, content)
    image.Type, image.Subtype = Name.XObject, Name.Image
    image.Width, image.Height = draw().size
    image.ColorSpace, image.BitsPerComponent = Name.DeviceRGB, 8
    image.Filter = Array(filters)
    return image


def _plant_in_catalogue(pdf: pikepdf.Pdf) -> None:
    with pdf.open_metadata() as metadata:
        metadata["dc:creator"] = [AUTHOR]
        metadata["dc:title"] = TITLE
    pdf.attachments[EMBEDDED_NAME] = pikepdf.AttachedFileSpec(
        pdf, EMBEDDED.encode(), filename=EMBEDDED_NAME
    )
    pdf.Root.OpenAction = _script(SCRIPT)
    pdf.Root.PieceInfo = Dictionary(Draw=Dictionary(Private=String(PRIVATE)))
    figure = Dictionary(S=Name.Figure, Alt=String(ALTERNATIVE))
    pdf.Root.StructTreeRoot = Dictionary(Type=Name.StructTreeRoot, K=figure)
    signature = Dictionary(
        Type=Name.Sig, ByteRange=[0, 1, 2, 3], Name=String(SIGNER), Contents=b"0" * 20
    )
    pdf.Root.AcroForm = Dictionary(
        Fields=Array([_field(pdf, V=pdf.make_indirect(signature))]),
        XFA=pdf.make_stream(FORM.encode()),
    )


def _plant_in_page(pdf: pikepdf.Pdf) -> None:
    page = pdf.pages[0]
    page.Thumb = Stream(pdf, THUMBNAIL.encode() * 20)
    page.SomeProgram = String(OF_PAGE)
    page.AA = Dictionary(O=_script(PAGE_SCRIPT))
    page.Resources.XObject.Hidden = Stream(pdf, HIDDEN.encode())
    photo = page.Resources.XObject.Photo
    photo.Metadata = pdf.make_stream(f"<x>{CAMERA}</x>".encode())
    note = Dictionary(Subtype=Name.Text, T=String(WRITER), Contents=String(REMARK))
    note.NM = String(OF_NOTE)
    launch = Dictionary(S=Name.Launch, F=String(LAUNCH))
    attached = Dictionary(
        Subtype=Name.FileAttachment, FS=pdf.attachments[EMBEDDED_NAME].obj
    )
    marks = (note, Dictionary(Subtype=Name.Link, A=launch), attached)
    page.Annots = Array([_mark(pdf, mark) for mark in marks])
    page.Annots.append(pdf.Root.AcroForm.Fields[0])


def _mark(pdf: pikepdf.Pdf, mark: Dictionary) -> pikepdf.Object:
    mark.Type, mark.Rect = Name.Annot, [10, 10, 30, 30]
    return pdf.make_indirect(mark)


def _field(pdf: pikepdf.Pdf, **more: pikepdf.Object) -> pikepdf.Object:
    field = Dictionary(FT=Name.Sig, T=String("f"), Subtype=Name.Widget, **more)
    return _mark(pdf, field)


def _script(text: str) -> Dictionary:
    return Dictionary(S=Name.JavaScript, JS=String(f"app.alert('{text}')"))


def _save(pdf: pikepdf.Pdf) -> bytes:
    file = io.BytesIO()
    whole = pikepdf.ObjectStreamMode.disable
    pdf.save(file, object_stream_mode=whole, compress_streams=False)
    return file.getvalue()


FORMATS = (Format("pdf", WORDS, planted, plain, unpacked),)
