"""Documents: who wrote them goes, what they say stays, and traps do not open."""

import io
import struct
import zipfile
from functools import cache

import docx
import openpyxl
import pytest
from cleanings import Result, clean, read_tags
from planted_documents import (
    CHANGE,
    COMMENT,
    FORMATS,
    KEPT,
    all_members,
    lead,
    open_document,
    packed,
    sheet,
    text_document,
    unpacked,
)

from portal.cleaning.packages import LARGEST_UNPACKED, Bounds
from portal.cleaning.protocol import Outcome
from portal.cleaning.source import TooLargeError
from portal.file_kinds import Finding

SENT = {kind.name: kind.planted for kind in FORMATS}
KINDS = sorted(SENT)
OFFICE_KINDS = sorted(SENT.keys() - {"odt"})
TOLD = {
    "docx": {Finding.COMMENTS, Finding.TRACKED_CHANGES},
    "xlsx": {Finding.COMMENTS},
    "pptx": {Finding.COMMENTS},
    "odt": {Finding.COMMENTS, Finding.TRACKED_CHANGES},
}


@cache
def cleaned(kind: str) -> Result:
    return clean(SENT[kind]())


def all_text(document: bytes) -> str:
    members = unpacked(document)
    return "".join(members[name].decode("utf-8", "replace") for name in members)


@pytest.mark.parametrize("kind", KINDS)
def test_what_they_say_stays_comments_and_changes_too(kind: str) -> None:
    text = all_text(cleaned(kind).content)

    assert KEPT in text
    assert COMMENT in text
    assert (CHANGE in text) == (Finding.TRACKED_CHANGES in TOLD[kind])


@pytest.mark.parametrize("kind", KINDS)
def test_comments_and_tracked_changes_are_named(kind: str) -> None:
    assert cleaned(kind).findings == TOLD[kind] | {Finding.CLEANED}


@pytest.mark.parametrize("kind", KINDS)
def test_members_say_nothing_of_where_and_when_they_were_packed(kind: str) -> None:
    with zipfile.ZipFile(io.BytesIO(cleaned(kind).content)) as archive:
        members = archive.infolist()
        damaged = archive.testzip()

    assert damaged is None
    assert {member.date_time for member in members} == {(1980, 1, 1, 0, 0, 0)}
    assert {(one.extra, one.comment, one.external_attr) for one in members} == {
        (b"", b"", 0o600 << 16)
    }
    assert archive.comment == b""


def test_a_text_opens_again_with_its_comment_and_its_photo() -> None:
    document = docx.Document(io.BytesIO(cleaned("docx").content))

    comments = [(comment.author, comment.text) for comment in document.comments]
    assert document.paragraphs[0].text == KEPT
    assert len(document.inline_shapes) == 1
    assert comments == [("Author 2", COMMENT)]


def test_a_sheet_opens_again_with_its_numbers_and_its_comment() -> None:
    book = openpyxl.load_workbook(io.BytesIO(cleaned("xlsx").content))
    page = book.worksheets[0]

    assert (page["A1"].value, page["A2"].value) == (KEPT, 12_500_000)
    assert page["A1"].comment.text == f"Author 1:\n{COMMENT}"
    assert page["A1"].comment.author == "Author 1"
    assert page.page_setup.orientation == "landscape"


def test_an_open_document_begins_with_what_it_is() -> None:
    content = cleaned("odt").content

    assert content[30:38] == b"mimetype"
    assert content[38:].startswith(b"application/vnd.oasis.opendocument.text")


@pytest.mark.parametrize("kind", OFFICE_KINDS)
def test_every_relationship_and_type_of_the_result_leads_somewhere(kind: str) -> None:
    members = unpacked(cleaned(kind).content)
    names = {name.casefold() for name in members}
    types = members["[Content_Types].xml"].decode()

    overridden = [part.split('"')[0] for part in types.split('PartName="/')[1:]]
    assert [name for name in overridden if name.casefold() not in names] == []
    assert b"docProps" not in members["_rels/.rels"]


def test_a_photo_inside_a_document_is_cleaned_and_can_be_seen() -> None:
    members = unpacked(cleaned("docx").content)
    (photo,) = (content for name, content in members.items() if "media/" in name)

    found = read_tags(photo)
    assert found["File:ImageWidth"] == "64"
    assert "Gambar-Planted" not in str(found)


@pytest.mark.parametrize("kind", ["docx", "pptx", "odt"])
def test_a_photo_that_is_broken_does_not_come_along_as_it_is(kind: str) -> None:
    parts = unpacked(SENT[kind]())
    broken = {
        name: b"\xff\xb1" + content[2:]
        for name, content in parts.items()
        if content.startswith(b"\xff\xd8") and "docProps" not in name
    }

    after = clean(packed({**parts, **broken}))

    assert len(broken) == 1
    assert (after.outcome, after.content) == (Outcome.FAILED, b"")


def test_a_sheet_inside_a_text_is_cleaned_too() -> None:
    place = "word/embeddings/book.xlsx"
    document = _with_type(
        text_document(**{place: sheet()}),
        "xlsx",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    )
    document = lead(document, "word/document.xml", "package", place[5:], out=False)

    after = clean(document)

    inner = unpacked(after.content)[place]
    assert b"Planted" not in all_members(inner)
    assert KEPT in all_text(inner)


def test_a_printer_goes_and_the_page_stays_as_it_was_set_up() -> None:
    parts = unpacked(sheet(**{"xl/printer1.bin": b"Pencetak-Planted"}))
    page = parts["xl/worksheets/sheet1.xml"]
    assert b"<pageSetup " in page
    parts["xl/worksheets/sheet1.xml"] = page.replace(
        b"<pageSetup ",
        b'<pageSetup xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/'
        b'relationships" r:id="r9" ',
    )
    document = _with_type(packed(parts), "bin", "application/octet-stream")
    printer = ("printerSettings", "../printer1.bin")

    after = clean(lead(document, "xl/worksheets/sheet1.xml", *printer, out=False))

    assert after.findings == TOLD["xlsx"] | {Finding.CLEANED}
    assert "r9" not in all_text(after.content)
    book = openpyxl.load_workbook(io.BytesIO(after.content))
    assert book.worksheets[0].page_setup.orientation == "landscape"


@pytest.mark.parametrize(
    ("kind", "target", "is_told"),
    [
        ("hyperlink", "https://example.org/", False),
        ("hyperlink", "file:///C:/Bambang/a.txt", True),
        ("image", "http://example.org/seen.png", True),
        ("oleObject", "file:///C:/a.xlsx", True),
    ],
)
def test_what_fetches_from_outside_is_named(
    kind: str, target: str, is_told: bool
) -> None:
    document = lead(text_document(), "word/document.xml", kind, target, out=True)

    assert (Finding.EXTERNAL_LINKS in clean(document).findings) == is_told


def test_a_template_from_elsewhere_is_cut() -> None:
    away = ("attachedTemplate", "http://example.org/evil.dotm")

    after = clean(lead(text_document(), "word/settings.xml", *away, out=True))

    assert "evil" not in all_text(after.content)
    assert after.findings == TOLD["docx"] | {Finding.CLEANED}


def test_capital_letters_hide_no_relationship() -> None:
    away = ("attachedTemplate", "file:///Templat-Planted.dotm")
    document = lead(text_document(), "word/settings.xml", *away, out=True)
    parts = unpacked(document)
    hidden = parts.pop("word/_rels/settings.xml.rels")

    after = clean(packed({**parts, "word/_RELS/Settings.XML.rels": hidden}))

    assert after.outcome is Outcome.CLEANED
    assert "Templat-Planted" not in all_text(after.content)


def test_an_embedded_object_is_named_and_stays() -> None:
    place = "word/embeddings/ole1.bin"
    document = _with_type(
        text_document(**{place: b"OLE"}), "bin", "application/octet-stream"
    )

    after = clean(
        lead(document, "word/document.xml", "oleObject", place[5:], out=False)
    )

    assert Finding.EMBEDDED in after.findings
    assert unpacked(after.content)[place] == b"OLE"


@pytest.mark.parametrize("kind", OFFICE_KINDS)
def test_macros_are_named_and_the_document_is_left_to_its_sender(kind: str) -> None:
    document = _with_type(SENT[kind](), "bin", "application/vnd.ms-office.vbaProject")
    document = packed({**unpacked(document), "word/vbaProject.bin": b"VBA"})

    after = clean(document, "laporan.docx")

    assert (after.outcome, after.findings) == (
        Outcome.NOT_CLEANABLE,
        {Finding.MACROS},
    )


def test_a_document_that_says_it_has_macros_is_none_that_is_cleaned() -> None:
    parts = unpacked(text_document(**{"word/vbaProject.bin": b"VBA"}))
    types = parts["[Content_Types].xml"].decode()
    main = (
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main"
    )
    assert main in types
    changed = types.replace(main, "application/vnd.ms-word.document.macroEnabled.main")

    after = clean(packed({**parts, "[Content_Types].xml": changed}), "laporan.docx")

    assert after.outcome is Outcome.NOT_CLEANABLE
    assert Finding.MACROS in after.findings


@pytest.mark.parametrize("place", ["Basic/Standard/Module1.xml", "Scripts/python/a.py"])
def test_macros_of_an_open_document_are_named(place: str) -> None:
    after = clean(open_document(**{place: b"<a/>"}))

    assert after.outcome is Outcome.NOT_CLEANABLE
    assert after.findings == {Finding.MACROS}


def test_an_encrypted_open_document_is_named() -> None:
    parts = unpacked(open_document())
    listed = parts["META-INF/manifest.xml"]
    parts["META-INF/manifest.xml"] = listed.replace(
        b"</m:manifest>",
        b"<m:file-entry m:full-path='x'><m:encryption-data/></m:file-entry></m:manifest>",
    )

    after = clean(packed(parts))

    assert (after.outcome, after.findings) == (
        Outcome.NOT_CLEANABLE,
        {Finding.ENCRYPTED},
    )


def test_who_comes_later_is_no_more_named_than_who_came_first() -> None:
    """Elements of one shape are remembered as harmless; these must not be."""
    people = "<p:cmAuthor id='0' name='' initials=''/><p:cmAuthor id='1' {}/>"
    named = people.format("name='Kedua-Planted' initials='KePl'")
    parts = unpacked(SENT["pptx"]())
    listed = parts["ppt/commentAuthors.xml"]
    parts["ppt/commentAuthors.xml"] = listed.replace(
        b"</p:cmAuthorLst>", f"{named}</p:cmAuthorLst>".encode()
    )

    text = all_text(clean(packed(parts)).content)

    assert "Kedua" not in text
    assert "KePl" not in text


def test_a_document_unpacks_to_so_much_and_no_more() -> None:
    bounds = Bounds()
    bounds.take(1, LARGEST_UNPACKED)

    with pytest.raises(TooLargeError):
        bounds.take(0, 1)


def _laughs() -> bytes:
    entities = "".join(
        f"<!ENTITY a{number + 1} '{f'&a{number};' * 10}'>" for number in range(9)
    )
    return f"<!DOCTYPE a [<!ENTITY a0 'ha'>{entities}]><a>&a9;</a>".encode()


DOCTYPES = {
    "laughs": _laughs(),
    "outside": b"<!DOCTYPE a [<!ENTITY b SYSTEM 'file:///etc/passwd'>]><a>&b;</a>",
    "remote": b"<!DOCTYPE a SYSTEM 'http://127.0.0.1:1/a.dtd'><a/>",
    "harmless": b"<!DOCTYPE a><a/>",
    "broken": b"<a><b></a>",
    "unknown": b"<a>&nbsp;</a>",
    "nothing": b"",
    "deep": b"<a>" * 5_000 + b"</a>" * 5_000,
}


@pytest.mark.parametrize("trap", sorted(DOCTYPES))
@pytest.mark.parametrize("kind", ["docx", "odt"])
def test_xml_that_is_a_trap_fails(trap: str, kind: str) -> None:
    place = {"docx": "word/document.xml", "odt": "content.xml"}[kind]
    parts = {**unpacked(SENT[kind]()), place: DOCTYPES[trap]}

    after = clean(packed(parts))

    assert (after.outcome, after.content) == (Outcome.FAILED, b"")


def _many() -> bytes:
    return text_document(**{f"word/{number}.xml": b"" for number in range(10_001)})


def _large() -> bytes:
    return text_document(**{"word/large.xml": bytes(260 * 1024**2)})


def _growing() -> bytes:
    return text_document(**{"word/growing.xml": bytes(64 * 1024**2)})


def _twice() -> bytes:
    return text_document(**{"WORD/DOCUMENT.xml": b"<a/>"})


def _overlapping() -> bytes:
    """Two members of the directory that are one and the same of the file."""
    document = bytearray(
        text_document(**{"word/a.xml": b"<a/>", "word/b.xml": b"<a/>"})
    )
    first = document.rindex(b"word/a.xml") - 46
    second = document.rindex(b"word/b.xml") - 46
    document[second + 42 : second + 46] = document[first + 42 : first + 46]
    return bytes(document)


def _lying_about_size() -> bytes:
    document = bytearray(text_document())
    entry = document.rindex(b"word/document.xml") - 46
    struct.pack_into("<I", document, entry + 24, 10)
    return bytes(document)


def _nested() -> bytes:
    document, kind = text_document(), "spreadsheetml.sheet"
    for _ in range(5):
        document = _with_type(
            text_document(**{"word/e.xlsx": document}),
            "xlsx",
            f"application/vnd.openxmlformats-officedocument.{kind}",
        )
        document = lead(document, "word/document.xml", "package", "e.xlsx", out=False)
    return document


TRAPS = {
    "many": _many,
    "large": _large,
    "growing": _growing,
    "twice": _twice,
    "overlapping": _overlapping,
    "lying": _lying_about_size,
    "nested": _nested,
    "upwards": lambda: text_document(**{"../../etc/cron.d/a": b"a"}),
    "absolute": lambda: text_document(**{"/etc/cron.d/a": b"a"}),
    "windows": lambda: text_document(**{"..\\a.xml": b"a"}),
    "drive": lambda: text_document(**{"C:/a.xml": b"a"}),
    "truncated": lambda: text_document()[:-200],
    "cut": lambda: text_document()[:2_000],
}


@pytest.mark.parametrize("trap", sorted(TRAPS))
def test_a_package_that_is_a_trap_gives_nothing_away(trap: str) -> None:
    after = clean(TRAPS[trap]())

    assert after.outcome in {Outcome.FAILED, Outcome.NOT_CLEANABLE}
    assert after.content == b""


@pytest.mark.parametrize("trap", ["many", "large", "growing", "nested"])
def test_a_bomb_fails_as_too_large(trap: str) -> None:
    after = clean(TRAPS[trap]())

    assert after.outcome is Outcome.FAILED
    assert after.findings == {Finding.TOO_LARGE}


def _with_type(document: bytes, ending: str, kind: str) -> bytes:
    parts = unpacked(document)
    entry = f'<Default Extension="{ending}" ContentType="{kind}"/></Types>'
    types = parts["[Content_Types].xml"]
    parts["[Content_Types].xml"] = types.replace(b"</Types>", entry.encode())
    return packed(parts)
