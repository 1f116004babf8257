"""ODT: made anew from the members that carry the text.

Content, styles and settings are rewritten; `meta.xml` is written empty; thumbnails,
earlier versions, signatures, window layouts and what the list of members does not name
are left behind. OpenDocument 1.3, parts 2 (packages) and 3 (schema).
"""

from dataclasses import dataclass, field
from typing import BinaryIO
from urllib.parse import urlsplit

from portal.cleaning.documents import (
    MANIFEST,
    MIMETYPE,
    ODT,
    is_open_document,
    make_anew,
)
from portal.cleaning.embedded_pictures import clean_picture, is_picture
from portal.cleaning.markup import Attributes, Rules, elements, local, rewrite
from portal.cleaning.names import NO_TIME, Names, is_path
from portal.cleaning.packages import (
    Bounds,
    Package,
    PackageWriter,
    open_package,
    write_package,
)
from portal.cleaning.refusals import NotCleanableError, NotCleanError
from portal.cleaning.source import Cleaned, Source
from portal.file_kinds import Finding

_META = "meta.xml"
_REWRITTEN = ("content.xml", "styles.xml", "settings.xml")
_TEXTS = (*_REWRITTEN, _META)
_PICTURES = ("Pictures/", "media/")
_REPLACEMENTS = "ObjectReplacements/"
_OBJECT = "Object "
_PROGRAMS = ("Basic/", "Scripts/", "Dialogs/")
_EMPTY_META = (
    b'<?xml version="1.0" encoding="UTF-8"?>\n<office:document-meta '
    b'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    b'office:version="1.3"><office:meta/></office:document-meta>'
)
_SETTINGS_LEFT_OUT = ("Printer", "Rsid", "CurrentDatabase")
_SAFE_SCHEMES = {"", "http", "https", "mailto"}
_SIGNED_BY = {
    *("creator", "creator-initials", "sender-initials"),
    *("initial-creator", "date", "date-string"),
}


def clean(source: Source) -> Cleaned:
    """Make the document anew; see `portal.cleaning.source`."""
    return make_anew(source, clean_open_document)


def clean_open_document(source: BinaryIO, target: BinaryIO) -> frozenset[Finding]:
    """Write *source* to *target* without what names who wrote it, where and when.

    Raises:
        NotCleanableError: it holds macros, or is encrypted.
        NotCleanError, TooLargeError, zipfile.BadZipFile: it is broken, or a trap.
    """
    package = open_package(source, Bounds())
    if not is_open_document(package):
        raise NotCleanError
    listed = _read_list(package)
    changes = _Changes()
    kept = [name for name in package.members if name in listed and _is_kept(name)]
    with write_package(target) as writer:
        writer.store(MIMETYPE, ODT)
        for name in kept:
            _write(package, writer, name, changes)
        with package.open(MANIFEST) as old, writer.open(MANIFEST) as new:
            rewrite(old, new, _Manifest(frozenset({*kept, "/"})))
    return frozenset(changes.findings)


def _read_list(package: Package) -> frozenset[str]:
    said = [*elements(package.read(MANIFEST))]
    if any(name == "encryption-data" for name, _ in said):
        raise NotCleanableError(frozenset({Finding.ENCRYPTED}))
    listed = {
        values.get("full-path", "") for name, values in said if name == "file-entry"
    }
    if any(name.startswith(_PROGRAMS) for name in (*listed, *package.members)):
        raise NotCleanableError(frozenset({Finding.MACROS}))
    return frozenset(listed)


def _is_kept(name: str) -> bool:
    inner = name
    while inner.startswith(_OBJECT):
        _, is_folder, inner = inner.partition("/")
        if not is_folder:
            return True
    return inner in _TEXTS or inner.startswith((*_PICTURES, _REPLACEMENTS))


def _write(
    package: Package, writer: PackageWriter, name: str, changes: "_Changes"
) -> None:
    last = name.rpartition("/")[2]
    if last == _META:
        writer.write(name, _EMPTY_META)
    elif last in _REWRITTEN:
        with package.open(name) as source, writer.open(name) as target:
            rewrite(source, target, changes)
    elif is_picture(package.read_start(name), name):
        writer.store(name, clean_picture(package.read(name)))
    else:
        changes.findings.add(Finding.EMBEDDED)
        with package.open(name) as content:
            writer.copy(name, content)


@dataclass
class _Manifest(Rules):
    """The list of members: of those that come along."""

    _kept: frozenset[str]

    def element(self, name: str, attributes: Attributes) -> Attributes | None:
        said = {local(key): value for key, value in attributes}
        if name != "file-entry":
            return attributes
        path = said.get("full-path", "")
        is_folder = path.endswith("/") and path.startswith(_OBJECT)
        # A size tells nothing of the member as it is now.
        return (
            [pair for pair in attributes if local(pair[0]) != "size"]
            if path in self._kept or is_folder
            else None
        )


@dataclass
class _Changes(Rules):
    """Content, styles and settings."""

    findings: set[Finding] = field(default_factory=set)
    _names: Names = field(default_factory=Names)

    def element(self, name: str, attributes: Attributes) -> Attributes | None:
        if name == "tracked-changes":
            self.findings.add(Finding.TRACKED_CHANGES)
        elif name == "annotation":
            self.findings.add(Finding.COMMENTS)
        elif name == "script":
            raise NotCleanableError(frozenset({Finding.MACROS}))
        if name == "config-item" and _is_setting_left_out(attributes):
            return None
        return [
            (key, _value(name, local(key), value))
            for key, value in attributes
            if not local(key).endswith("rsid") and self._sees(name, key, value)
        ]

    def is_changed(self, name: str, parent: str, /) -> bool:
        return name in _SIGNED_BY and parent in {"annotation", "change-info"}

    def changed(self, name: str, text: str, /) -> str:
        if name in {"date", "date-string"}:
            return NO_TIME.removesuffix("Z")
        return self._names.number(text) if name.endswith("creator") else ""

    def _sees(self, name: str, key: str, value: str) -> bool:
        """Notice what leads out of the document; it stays."""
        if local(key) == "href" and _leads_out(name, value):
            self.findings.add(Finding.EXTERNAL_LINKS)
        return True


def _is_setting_left_out(attributes: Attributes) -> bool:
    names = [value for key, value in attributes if local(key) == "name"]
    return any(name.startswith(_SETTINGS_LEFT_OUT) for name in names)


def _leads_out(name: str, address: str) -> bool:
    scheme = urlsplit(address).scheme.casefold()
    is_relative = address.startswith(("/", "../"))
    return scheme not in _SAFE_SCHEMES or is_relative or (name != "a" and bool(scheme))


def _value(name: str, key: str, value: str) -> str:
    # What a picture is called may be what its file was called.
    return "" if name == "frame" and key == "name" and is_path(value) else value
