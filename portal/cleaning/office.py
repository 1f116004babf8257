"""DOCX, XLSX, PPTX: made anew from the parts that a reader is led to.

A package is a web of parts. From the root one relationship after another is followed;
those that lead to what names somebody (properties, thumbnails, custom data, printers,
templates, lists of people, signatures) are cut, and a part that nothing leads to any
more does not come along. What comes along is rewritten by `office_rules`.

Open Packaging Conventions (ISO/IEC 29500-2), Office Open XML (29500-1).
"""

import io
from dataclasses import dataclass, field
from typing import BinaryIO
from urllib.parse import urlsplit

from portal.cleaning import office_rules as rules
from portal.cleaning.documents import make_anew
from portal.cleaning.embedded_pictures import clean_picture, is_picture
from portal.cleaning.markup import Rules, rewrite
from portal.cleaning.names import Names
from portal.cleaning.office_parts import (
    CONTENT_TYPES,
    Relationship,
    find_kind,
    has_macros,
    is_document,
    part_of,
    read_types,
    read_ways,
)
from portal.cleaning.packages import (
    Bounds,
    Package,
    PackageWriter,
    open_package,
    write_package,
)
from portal.cleaning.refusals import NotCleanableError, NotCleanError
from portal.cleaning.source import Cleaned, Source, TooLargeError
from portal.file_kinds import FileKind, Finding

_MARKUP = ("+xml", "/xml", ".vmldrawing")
_SAFE_SCHEMES = {"http", "https", "mailto"}


@dataclass
class _Document:
    """A package while it is made anew."""

    package: Package
    bounds: Bounds
    names: Names
    findings: set[Finding]
    types: dict[str, str] = field(default_factory=dict)
    cut: dict[str, set[str]] = field(default_factory=dict)
    """The ids of relationships that were cut, by the part they led from."""


def clean(source: Source) -> Cleaned:
    """Make the document anew; see `portal.cleaning.source`."""
    return make_anew(source, clean_office)


def clean_office(source: BinaryIO, target: BinaryIO) -> frozenset[Finding]:
    """Write *source* to *target* without what names who wrote it, where and when.

    Raises:
        NotCleanableError: it holds macros, or is encrypted.
        NotCleanError, TooLargeError, zipfile.BadZipFile: it is broken, or a trap.
    """
    findings: set[Finding] = set()
    _clean_package(source, target, Bounds(), Names(), findings)
    return frozenset(findings)


def _clean_package(
    source: BinaryIO,
    target: BinaryIO,
    bounds: Bounds,
    names: Names,
    findings: set[Finding],
) -> None:
    package = open_package(source, bounds)
    if has_macros(package):
        raise NotCleanableError(frozenset({Finding.MACROS}))
    if find_kind(package) is FileKind.OTHER:
        raise NotCleanError
    document = _Document(package, bounds, names, findings, read_types(package))
    kept = _follow(document)
    with write_package(target) as writer:
        _rewrite(document, writer, CONTENT_TYPES, rules.Types(kept))
        for name in package.members:
            if name.casefold() in kept:
                _write_part(document, writer, name)
            elif (part := part_of(name)) is not None and part.casefold() in kept:
                _write_ways(document, writer, name, part)


def _follow(document: _Document) -> frozenset[str]:
    """Return the parts that are kept, in small letters; the root is the empty one."""
    kept, waiting = {""}, [""]
    while waiting:
        part = waiting.pop()
        ways = read_ways(document.package, part)
        cut = {way.id for way in ways if rules.is_cut(way.kind)}
        document.cut[part.casefold()] = cut
        for way in ways:
            if way.id in cut:
                continue
            document.findings |= _told(way)
            name = document.package.by_letters.get(way.target.casefold())
            if name and not way.is_outside and way.target.casefold() not in kept:
                kept.add(way.target.casefold())
                waiting.append(name)
    return frozenset(kept)


def _told(way: Relationship) -> frozenset[Finding]:
    if way.kind in rules.MACROS:
        raise NotCleanableError(frozenset({Finding.MACROS}))
    scheme = urlsplit(way.target).scheme.casefold() if way.is_outside else ""
    is_plain = way.kind == "hyperlink" and scheme in _SAFE_SCHEMES
    outside = {Finding.EXTERNAL_LINKS} if way.is_outside and not is_plain else set()
    return rules.TOLD.get(way.kind, frozenset()) | outside


def _write_part(document: _Document, writer: PackageWriter, name: str) -> None:
    kind = document.types.get(name.casefold(), "").casefold()
    if kind.endswith(_MARKUP) and not kind.startswith("image/"):
        cut = document.cut.get(name.casefold(), set())
        changes = rules.Parts(document.names, document.findings, frozenset(cut))
        changes.is_text = "wordprocessingml" in kind
        changes.is_comments = "spreadsheetml.comments" in kind
        _rewrite(document, writer, name, changes)
    elif is_picture(document.package.read_start(name), kind):
        writer.store(name, clean_picture(document.package.read(name)))
    elif is_document(kind):
        writer.write(name, _clean_embedded(document, name))
    else:
        document.findings |= rules.told_of(kind)
        with document.package.open(name) as content:
            writer.copy(name, content)


def _clean_embedded(document: _Document, name: str) -> bytes:
    bounds = document.bounds
    if not bounds.depth:
        raise TooLargeError
    bounds.depth -= 1
    target = io.BytesIO()
    inner = io.BytesIO(document.package.read(name))
    _clean_package(inner, target, bounds, document.names, document.findings)
    bounds.depth += 1
    return target.getvalue()


def _write_ways(
    document: _Document, writer: PackageWriter, name: str, part: str
) -> None:
    cut = document.cut.get(part.casefold(), set())
    _rewrite(document, writer, name, rules.Ways(frozenset(cut)))


def _rewrite(
    document: _Document, writer: PackageWriter, name: str, changes: Rules
) -> None:
    with document.package.open(name) as source, writer.open(name) as target:
        rewrite(source, target, changes)
