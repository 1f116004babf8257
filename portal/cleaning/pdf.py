"""PDF: written whole and anew, with what is on its pages and without the rest.

Lists say what stays, where there is a choice: of the catalogue, of pages, of annotations,
of actions. Everything else goes: information, XMP, identifiers, embedded files, scripts,
forms' XML, signatures, thumbnails, tags, programs' private data, and every object that only
an earlier revision knows. Text, pictures, fonts, links, bookmarks and forms' values stay;
what is written into comments stays too, without its writer, and is named as a finding.

A document that asks for a password to be opened cannot be cleaned. One that only forbids
printing or the like is opened, and comes out free.
"""

import io
from collections.abc import Iterator
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, Object, Stream

from portal.cleaning.pages import draw_page
from portal.cleaning.pdf_images import (
    boxes_without_author,
    profile_without_names,
    without_author,
)
from portal.cleaning.previews import PREVIEW_SIDE, draw_picture, draw_preview
from portal.cleaning.source import Cleaned, Picture, Source
from portal.file_kinds import FileKind, Finding

_DEEPEST = 100


def _names(text: str) -> frozenset[str]:
    return frozenset(f"/{name}" for name in text.split())


_OF_TRAILER = _names("Root Size Encrypt")
_OF_CATALOGUE = _names(
    "Type Pages Version PageLabels PageLayout Outlines ViewerPreferences Lang "
    "OCProperties AcroForm Dests Names"
)
_OF_NAMES = _names("Dests")
_OF_PAGE = _names(
    "Type Parent MediaBox CropBox BleedBox TrimBox ArtBox Rotate Contents Resources "
    "Group UserUnit Annots Tabs"
)
_OF_ANNOTATION = _names(
    "Type Subtype Rect P F AP AS Border BS BE C CA IC A Dest Contents QuadPoints H L LE "
    "LL LLE Vertices InkList DA DS Q RD CL Popup Parent Open Name MK FT Ff V DV Kids Opt "
    "MaxLen TI I OC Path"
)
_OF_WIDGET = _OF_ANNOTATION | _names("T TU")
# Each carries a file, a sound or a film.
_ANNOTATIONS_WITH_FILES = _names(
    "FileAttachment Sound Movie Screen RichMedia 3D Projection"
)
_ACTIONS = {"/GoTo": "/D", "/URI": "/URI", "/Named": "/N"}
_ELSEWHERE = ("http:", "https:", "mailto:", "tel:")

# Wherever they stand.
_NOWHERE = _names(
    "Metadata PieceInfo LastModified Thumb AA AF EF JS XFA OpenAction CreatorInfo OPI Ref "
    "Alternates DPart Lock SV SigFlags"
)


def clean(source: Source) -> Cleaned:
    """Write a document anew, without its author.

    Raises:
        pikepdf.PdfError: it is broken.
        ValueError: a picture in it is.
    """
    try:
        # Without repairs: of a document that was cut nobody could say what is missing.
        pdf = pikepdf.open(source.file, attempt_recovery=False)
    except pikepdf.PasswordError:
        return Cleaned(source.kind, findings=frozenset({Finding.ENCRYPTED}))
    with pdf:
        findings = {Finding.CLEANED, *_strip(pdf)}
        content = io.BytesIO()
        pdf.save(
            content,
            deterministic_id=True,
            fix_metadata_version=False,
            object_stream_mode=pikepdf.ObjectStreamMode.generate,
        )
    first = draw_page(content, 1, PREVIEW_SIDE)
    preview = draw_preview(first.image) if first else b""
    return Cleaned(FileKind.PDF, content, frozenset(findings), preview)


def picture(source: Source, page: int, side: int) -> Picture:
    """Return a page as a picture that fits into *side*.

    Raises:
        EOFError: there is no such page, or it cannot be drawn.
    """
    drawn = draw_page(source.file, page, side)
    if drawn is None:
        raise EOFError
    return Picture(draw_picture(drawn.image, side), drawn.page_count)


def _strip(pdf: pikepdf.Pdf) -> Iterator[Finding]:
    """Take out of *pdf* whatever is not seen; yield what is to be said of the rest."""
    _keep(pdf.trailer, _OF_TRAILER)
    _keep(pdf.Root, _OF_CATALOGUE)
    if isinstance(pdf.Root.get("/Names"), Dictionary):
        _keep(pdf.Root.Names, _OF_NAMES)
    else:
        _keep(pdf.Root, _OF_CATALOGUE - {"/Names"})
    for page in pdf.pages:
        _keep(page.obj, _OF_PAGE)
        annotations = page.obj.get("/Annots")
        if isinstance(annotations, Array):
            kept = list(_annotations(annotations))
            page.obj.Annots = Array(kept)
            yield from _comments(kept)
    pdf.remove_unreferenced_resources()
    for thing in pdf.objects:
        _scrub(pdf, thing)


def _annotations(annotations: Array) -> Iterator[Object]:
    for annotation in annotations.as_list():
        if (
            isinstance(annotation, Dictionary)
            and str(annotation.get("/Subtype")) not in _ANNOTATIONS_WITH_FILES
        ):
            yield annotation


def _comments(annotations: list[Object]) -> Iterator[Finding]:
    for annotation in annotations:
        is_answer = str(annotation.get("/Subtype")) in {"/Link", "/Widget"}
        if not is_answer and str(annotation.get("/Contents", "")):
            yield Finding.COMMENTS


def _scrub(pdf: pikepdf.Pdf, thing: Any, depth: int = 0) -> None:
    """Clean an object and what is written inside of it; others have their own turn."""
    if depth > _DEEPEST:
        raise ValueError
    if isinstance(thing, Stream):
        _scrub_stream(pdf, thing)
        inner = [*thing.stream_dict.values()]
    elif isinstance(thing, Dictionary):
        _scrub_dictionary(thing)
        inner = [*thing.values()]
    elif isinstance(thing, Array):
        inner = [*thing.as_list()]
    else:
        return
    for part in inner:
        if isinstance(part, Object) and not part.is_indirect:
            _scrub(pdf, part, depth + 1)


def _scrub_dictionary(thing: Dictionary) -> None:
    for key in _NOWHERE & set(thing.keys()):
        del thing[key]
    if _is_annotation(thing):
        is_widget = str(thing.get("/Subtype")) == "/Widget" or "/FT" in thing
        _keep(thing, _OF_WIDGET if is_widget else _OF_ANNOTATION)
    if "/ByteRange" in thing:
        # A signature: it names who signed, and holds for the old bytes alone.
        _keep(thing, frozenset())
    if isinstance(thing.get("/A"), Dictionary):
        _limit_action(thing)


def _is_annotation(thing: Dictionary) -> bool:
    return str(thing.get("/Type")) == "/Annot" or (
        "/Rect" in thing and "/Subtype" in thing
    )


def _limit_action(holder: Dictionary) -> None:
    """Let an action lead to a place or an address, and do nothing else.

    An address of the writer's own machine, or one that says not where, names a folder.
    """
    action = holder["/A"]
    kind = str(action.get("/S"))
    target = _ACTIONS.get(kind)
    address = str(action.get("/URI", "")) if kind == "/URI" else _ELSEWHERE[0]
    leads_elsewhere = address.strip().casefold().startswith(_ELSEWHERE)
    if target and target in action and leads_elsewhere:
        holder["/A"] = Dictionary({"/S": Name(kind), target: action[target]})
    else:
        del holder["/A"]


def _scrub_stream(pdf: pikepdf.Pdf, stream: Stream) -> None:
    for key in _NOWHERE & set(stream.keys()):
        del stream[key]
    filters = _filters(stream)
    if "/N" in stream and not stream.get("/Type") and "/Subtype" not in stream:
        stream.write(profile_without_names(stream.read_bytes()))
    elif filters and filters[-1] in {"/DCTDecode", "/DCT"}:
        _replace(pdf, stream, filters, without_author)
    elif filters and filters[-1] == "/JPXDecode":
        _replace(pdf, stream, filters, boxes_without_author)


def _filters(stream: Stream) -> list[str]:
    named = stream.get("/Filter")
    if isinstance(named, Array):
        return [str(name) for name in named.as_list()]
    return [str(named)] if named is not None else []


def _replace(pdf: pikepdf.Pdf, stream: Stream, filters: list[str], change: Any) -> None:
    """Write a picture's own file anew; filters around it are taken off for good."""
    coded = stream.read_raw_bytes()
    parameters = stream.get("/DecodeParms")
    own = parameters
    if isinstance(parameters, Array):
        own = parameters[len(filters) - 1]
    if outer := filters[:-1]:
        wrapped = Stream(pdf, coded)
        wrapped.Filter = Array([Name(name) for name in outer])
        if isinstance(parameters, Array):
            wrapped.DecodeParms = Array(parameters.as_list()[:-1])
        coded = wrapped.read_bytes()
    stream.write(
        change(coded),
        filter=Name(filters[-1]),
        decode_parms=own if isinstance(own, Dictionary) else None,
    )


def _keep(thing: Any, kept: frozenset[str]) -> None:
    for key in set(thing.keys()) - kept:
        del thing[key]
