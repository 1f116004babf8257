"""Documents as offices write them, with words in every place that names somebody.

Text and tables are made by python-docx and openpyxl; what these libraries do not write
(comments' people, thumbnails, custom properties, printers, signatures) is added to the
package by hand. Slides and OpenDocument are made by hand.
"""

import datetime as dt
import io
import zipfile
from collections.abc import Mapping

import docx
import openpyxl
from openpyxl.comments import Comment
from PIL import Image
from planted import Format

_BY_LIBRARIES = ("Bambang-Planted", "Judul-Planted", "Komentator-Planted")
_BY_PARTS = ("Dinas-Planted", "Manajer-Planted", "Templat-Planted", "Kustom-Planted")
_BY_PARTS += (
    "Gambar-Planted",
    "Penandatangan-Planted",
    "Sisa-Planted",
    "Surel-Planted",
)
WORDS = {
    "docx": (*_BY_LIBRARIES, *_BY_PARTS, "Pengubah-Planted", "00AB12CD", "2021-05-05"),
    "xlsx": (*_BY_LIBRARIES, *_BY_PARTS, "2021-05-05"),
    "pptx": ("Komentator-Planted", *_BY_PARTS, "2021-05-05"),
    "odt": ("Bambang-Planted", "Komentator-Planted", "Pengubah-Planted"),
}
WORDS["odt"] += ("Gambar-Planted", "Penandatangan-Planted", "Pencetak-Planted")
WORDS["odt"] += ("Sisa-Planted", "00AB12CD", "2021-05-05")
"""What each kind carries: what must not come out."""
KEPT = "Uangnya dibagi di ruang rapat."
COMMENT = "Ini tidak benar"
CHANGE = "yang disisipkan"

_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
_WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_TYPES = "application/vnd.openxmlformats-officedocument"
_CUSTOM = (
    "<Properties xmlns='http://schemas.openxmlformats.org/officeDocument/2006/"
    "custom-properties'><property name='Kustom-Planted'/></Properties>"
)
_APP = (
    "<Properties xmlns='http://schemas.openxmlformats.org/officeDocument/2006/"
    "extended-properties'><Company>Dinas-Planted</Company>"
    "<Manager>Manajer-Planted</Manager><Template>Templat-Planted</Template>"
    "</Properties>"
)


def jpeg() -> bytes:
    """A photo that names its camera's owner."""
    exif = Image.Exif()
    exif[0x013B] = "Gambar-Planted"
    file = io.BytesIO()
    Image.new("RGB", (64, 48), "teal").save(file, "JPEG", exif=exif)
    return file.getvalue()


def text_document(**more: bytes) -> bytes:
    """A DOCX with a photo, a comment, a tracked change, and all else; *more* members."""
    document = docx.Document()
    document.core_properties.author = "Bambang-Planted"
    document.core_properties.last_modified_by = "Bambang-Planted"
    document.core_properties.title = "Judul-Planted"
    runs = document.add_paragraph(KEPT).runs
    document.add_comment(runs, COMMENT, author="Komentator-Planted", initials="KP")
    document.add_picture(io.BytesIO(jpeg()))
    file = io.BytesIO()
    document.save(file)
    return _with_all_else(file.getvalue(), "word/document.xml", more, _TO_WORD)


def sheet(**more: bytes) -> bytes:
    """An XLSX with a comment, a printer, and all else."""
    book = openpyxl.Workbook()
    book.properties.creator = book.properties.lastModifiedBy = "Bambang-Planted"
    book.properties.title = "Judul-Planted"
    book.properties.created = dt.datetime(2021, 5, 5, tzinfo=dt.UTC)
    page = book.active
    assert page is not None
    page["A1"] = KEPT
    page["A2"] = 12_500_000
    page["A1"].comment = Comment(
        f"Komentator-Planted:\n{COMMENT}", "Komentator-Planted"
    )
    page.page_setup.orientation = "landscape"
    file = io.BytesIO()
    book.save(file)
    return _with_all_else(file.getvalue(), "xl/workbook.xml", more, _TO_SHEET)


def slides(**more: bytes) -> bytes:
    """A PPTX of one slide, with a comment, a photo, and who wrote them."""
    main = f"{_TYPES}.presentationml"
    parts = {
        "[Content_Types].xml": _types(
            ("/ppt/presentation.xml", f"{main}.presentation.main+xml"),
            ("/ppt/slides/slide1.xml", f"{main}.slide+xml"),
            ("/ppt/commentAuthors.xml", f"{main}.commentAuthors+xml"),
            ("/ppt/comments/comment1.xml", f"{main}.comments+xml"),
        ),
        "_rels/.rels": _ways(
            ("m", f"{_OFFICE}/officeDocument", "ppt/presentation.xml")
        ),
        "ppt/presentation.xml": _xml("p:presentation", "<p:sldIdLst/>"),
        "ppt/_rels/presentation.xml.rels": _ways(
            ("s", f"{_OFFICE}/slide", "slides/slide1.xml"),
            ("a", f"{_OFFICE}/commentAuthors", "commentAuthors.xml"),
            ("c", f"{_OFFICE}/changesInfo", "changesInfo1.xml"),
        ),
        "ppt/changesInfo1.xml": _xml("p:c", "<p:chg userId='Surel-Planted'/>"),
        "ppt/slides/slide1.xml": _xml(
            "p:sld",
            f"<a:t>{KEPT}</a:t><p:cNvPr id='1' name='C:\\Gambar-Planted.jpg'/>"
            "<a:blip r:embed='i'/>",
        ),
        "ppt/slides/_rels/slide1.xml.rels": _ways(
            ("i", f"{_OFFICE}/image", "../media/image1.jpeg"),
            ("c", f"{_OFFICE}/comments", "../comments/comment1.xml"),
        ),
        "ppt/media/image1.jpeg": jpeg(),
        "ppt/commentAuthors.xml": _xml(
            "p:cmAuthorLst",
            "<p:cmAuthor id='0' name='Komentator-Planted' initials='KP'/>",
        ),
        "ppt/comments/comment1.xml": _xml(
            "p:cmLst",
            f"<p:cm authorId='0' dt='2021-05-05T01:02:03'><p:text>{COMMENT}</p:text>"
            "</p:cm>",
        ),
    }
    return _with_all_else(packed(parts), "ppt/presentation.xml", more, {})


def open_document(**more: bytes) -> bytes:
    """An ODT with a comment, a tracked change, a photo, earlier versions."""
    meta = "<meta:initial-creator>Bambang-Planted</meta:initial-creator>"
    parts: dict[str, bytes | str] = {
        "content.xml": _open("document-content", _OPEN_TEXT),
        "styles.xml": _open("document-styles", "<office:styles/>"),
        "settings.xml": _open("document-settings", _OPEN_SETTINGS),
        "meta.xml": _open("document-meta", f"<office:meta>{meta}</office:meta>"),
        "Pictures/a.jpg": jpeg(),
        "Thumbnails/thumbnail.png": b"Sisa-Planted",
        "Versions/Version1": b"Sisa-Planted",
        "META-INF/documentsignatures.xml": "<a>Penandatangan-Planted</a>",
        **more,
    }
    return _opened(parts)


def nameless_text() -> bytes:
    """A DOCX that says what it says, and no more."""
    file, document = io.BytesIO(), docx.Document()
    document.add_paragraph(KEPT)
    document.save(file)
    return file.getvalue()


def nameless_sheet() -> bytes:
    """An XLSX that says what it says, and no more."""
    file, book = io.BytesIO(), openpyxl.Workbook()
    book.save(file)
    return file.getvalue()


def nameless_slides() -> bytes:
    """A PPTX without a slide."""
    main = f"{_TYPES}.presentationml.presentation.main+xml"
    return packed(
        {
            "[Content_Types].xml": _types(("/ppt/presentation.xml", main)),
            "_rels/.rels": _ways(
                ("m", f"{_OFFICE}/officeDocument", "ppt/presentation.xml")
            ),
            "ppt/presentation.xml": _xml("p:presentation", "<p:sldIdLst/>"),
        }
    )


def nameless_open_document() -> bytes:
    """An ODT that says what it says, and no more."""
    return _opened(
        {"content.xml": _open("document-content", f"<text:p>{KEPT}</text:p>")}
    )


def packed(parts: Mapping[str, bytes | str]) -> bytes:
    """A ZIP file of *parts*, as this machine and hour would write it."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
        archive.comment = b"Sisa-Planted"
    return file.getvalue()


def unpacked(document: bytes) -> dict[str, bytes]:
    """The members of a ZIP file."""
    with zipfile.ZipFile(io.BytesIO(document)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def _opened(parts: Mapping[str, bytes | str]) -> bytes:
    """An ODT of *parts*, with the list of them."""
    listed = "".join(
        f"<m:file-entry m:full-path='{name}' m:media-type='text/xml'/>"
        for name in ("/", *parts)
    )
    manifest = (
        "<m:manifest xmlns:m='urn:oasis:names:tc:opendocument:xmlns:manifest:1.0'>"
        f"{listed}</m:manifest>"
    )
    first = {"mimetype": "application/vnd.oasis.opendocument.text"}
    return packed({**first, **parts, "META-INF/manifest.xml": manifest})


def all_members(document: bytes) -> bytes:
    """A ZIP file as it is, and all that is packed in it."""
    members = unpacked(document)
    return b"\n".join((document, *members.values()))


def _with_all_else(
    document: bytes,
    main: str,
    more: Mapping[str, bytes],
    changes: Mapping[str, tuple[str, str]],
) -> bytes:
    parts = unpacked(document)
    for name, (old, new) in changes.items():
        assert old.encode() in parts[name], (name, parts[name][:500])
        parts[name] = parts[name].replace(old.encode(), new.encode(), 1)
    _lead(parts, "", "r1", f"{_OFFICE}/custom-properties", "docProps/custom.xml")
    _lead(parts, "", "r2", f"{_PACKAGE}/metadata/thumbnail", "docProps/thumb.jpeg")
    _lead(parts, "", "r3", f"{_OFFICE}/extended-properties", "docProps/app2.xml")
    _lead(parts, "", "r4", f"{_PACKAGE}/digital-signature/origin", "_xmls/o.sigs")
    _lead(parts, main, "r5", f"{_OFFICE}/customXml", "../customXml/item1.xml")
    parts |= {
        "docProps/custom.xml": _CUSTOM.encode(),
        "docProps/app2.xml": _APP.encode(),
        "docProps/thumb.jpeg": jpeg(),
        "_xmls/o.sigs": b"Penandatangan-Planted",
        "customXml/item1.xml": b"<p>Surel-Planted</p>",
        "[trash]/0000.dat": b"Sisa-Planted",
        **more,
    }
    return packed(parts)


def lead(document: bytes, part: str, kind: str, target: str, *, out: bool) -> bytes:
    """The document with one more relationship of *kind*, its last word."""
    parts = unpacked(document)
    _lead(parts, part, "r9", f"{_OFFICE}/{kind}", target, out=out)
    return packed(parts)


def _lead(
    parts: dict[str, bytes], part: str, id_: str, kind: str, target: str, **where: bool
) -> None:
    folder, _, name = part.rpartition("/")
    place = f"{folder}/_rels/{name}.rels".lstrip("/")
    mode = ' TargetMode="External"' if where.get("out") else ""
    way = f'<Relationship Id="{id_}" Type="{kind}" Target="{target}"{mode}/>'
    ways = parts.get(place, _ways().encode())
    parts[place] = ways.replace(b"</Relationships>", f"{way}</Relationships>".encode())


def _ways(*ways: tuple[str, str, str]) -> str:
    rows = (f"<Relationship Id='{a}' Type='{b}' Target='{c}'/>" for a, b, c in ways)
    return f"<Relationships xmlns='{_PACKAGE}'>{''.join(rows)}</Relationships>"


def _types(*types: tuple[str, str]) -> str:
    rows = (f"<Override PartName='{a}' ContentType='{b}'/>" for a, b in types)
    return (
        "<Types xmlns='http://schemas.openxmlformats.org/package/2006/content-types'>"
        "<Default Extension='rels' ContentType='application/vnd.openxmlformats-package"
        ".relationships+xml'/><Default Extension='jpeg' ContentType='image/jpeg'/>"
        f"<Default Extension='xml' ContentType='application/xml'/>{''.join(rows)}</Types>"
    )


def _xml(name: str, inner: str) -> str:
    return (
        f"<{name} xmlns:p='http://schemas.openxmlformats.org/presentationml/2006/main'"
        " xmlns:a='http://schemas.openxmlformats.org/drawingml/2006/main'"
        f" xmlns:r='{_OFFICE}'>{inner}</{name}>"
    )


def _open(name: str, inner: str) -> str:
    spaces = "".join(
        f" xmlns:{prefix}='urn:oasis:names:tc:opendocument:xmlns:{prefix}:1.0'"
        for prefix in ("office", "text", "style", "config", "meta", "drawing")
    )
    return (
        f"<office:{name}{spaces} xmlns:dc='http://purl.org/dc/elements/1.1/'"
        " xmlns:officeooo='http://openoffice.org/2009/office'"
        f" xmlns:xlink='http://www.w3.org/1999/xlink'>{inner}</office:{name}>"
    )


_CHANGED = (
    "<w:ins w:id='7' w:author='Pengubah-Planted' w:date='2021-05-05T01:02:03Z'>"
    f"<w:r><w:t>{CHANGE}</w:t></w:r></w:ins></w:p>"
)
_TO_WORD = {
    "word/document.xml": ("</w:p>", _CHANGED),
    "word/settings.xml": (
        "</w:settings>",
        "<w:rsids><w:rsidRoot w:val='00AB12CD'/></w:rsids></w:settings>",
    ),
    "word/comments.xml": ("<w:p>", "<w:p w:rsidR='00AB12CD'>"),
}
_TO_SHEET = {
    "xl/workbook.xml": (
        "<sheets>",
        "<fileSharing userName='Bambang-Planted'/><sheets>",
    ),
}
_OPEN_TEXT = (
    "<office:automatic-styles><style:style officeooo:rsid='00AB12CD'/>"
    "</office:automatic-styles><office:body><office:text><text:tracked-changes>"
    "<text:changed-region><text:insertion><office:change-info>"
    "<dc:creator>Pengubah-Planted</dc:creator><dc:date>2021-05-05T01:02:03</dc:date>"
    "</office:change-info></text:insertion></text:changed-region>"
    f"</text:tracked-changes><text:p>{KEPT}<office:annotation>"
    "<dc:creator>Komentator-Planted</dc:creator><dc:date>2021-05-05T01:02:03</dc:date>"
    f"<text:p>{COMMENT}</text:p></office:annotation> {CHANGE}</text:p>"
    "</office:text></office:body>"
)
_OPEN_SETTINGS = (
    "<config:config-item config:name='PrinterName'>Pencetak-Planted"
    "</config:config-item><config:config-item config:name='Rsid'>00AB12CD"
    "</config:config-item>"
)

FORMATS = (
    Format("docx", WORDS["docx"], text_document, nameless_text, all_members),
    Format("xlsx", WORDS["xlsx"], sheet, nameless_sheet, all_members),
    Format("pptx", WORDS["pptx"], slides, nameless_slides, all_members),
    Format("odt", WORDS["odt"], open_document, nameless_open_document, all_members),
)
