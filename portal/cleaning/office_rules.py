"""What is cut out of Office documents, and what stands in its place.

Parts are judged by the last word of the relationship that leads to them, elements and
attributes by their names without prefixes: so both editions of the standard, whose
namespaces differ, are read alike.
"""

from dataclasses import dataclass, field

from portal.cleaning.markup import Attributes, Rules, local
from portal.cleaning.names import NO_TIME, Names, is_path
from portal.file_kinds import Finding

_CUT = frozenset(
    {
        # Who wrote it, where, with what; what it looked like; what others added.
        *("core-properties", "extended-properties", "custom-properties"),
        *("thumbnail", "customXml", "customXmlProps", "classificationlabels"),
        *("people", "documenttasks", "tasks", "changesInfo", "revisionInfo"),
        # Where it was printed, and from what it was made.
        *("printerSettings", "attachedTemplate", "customProperty"),
        *("mailMergeSource", "mailMergeHeaderSource", "recipientData"),
        # Who signed: rewriting breaks a signature anyway.
        *("origin", "signature", "certificate"),
        # Programs beside the document, which its text does not need.
        *("webextensiontaskpanes", "extensibility", "userCustomization"),
        *("attachedToolbars", "keyMapCustomizations"),
    }
)
MACROS = frozenset({"vbaProject", "xlMacrosheet", "xlIntlMacrosheet", "wordVbaData"})
_EMBEDDED = frozenset({Finding.EMBEDDED})
TOLD = {
    "comments": frozenset({Finding.COMMENTS}),
    "threadedComment": frozenset({Finding.COMMENTS}),
    "revisionHeaders": frozenset({Finding.TRACKED_CHANGES}),
    "externalLink": frozenset({Finding.EXTERNAL_LINKS}),
    "connections": frozenset({Finding.EXTERNAL_LINKS}),
    "aFChunk": _EMBEDDED,
    "control": _EMBEDDED,
    "oleObject": _EMBEDDED,
}

_LEFT_OUT = frozenset(
    {
        *("rsids", "rsid", "rsidRoot", "docId", "docVars", "attachedTemplate"),
        *("mailMerge", "printerSettings", "absPath", "fileSharing", "fileVersion"),
        *("revisionPtr", "customProperties", "creationId", "modId"),
    }
)
# Extensions that hold nothing but a number of their own: creationId, modId.
_EXTENSIONS_LEFT_OUT = frozenset(
    {
        "{BB962C8B-B14F-4D97-AF65-F5344CB8AC3E}",
        "{FF2B5EF4-FFF2-40B4-BE49-F238E27FC236}",
        "{D42A27DB-BD31-4B8C-83A1-F6EECF244321}",
    }
)
_ATTRIBUTES_LEFT_OUT = frozenset(
    {"dateUtc", "textId", "refreshedBy", "refreshedDate", "refreshedDateIso"}
)
_NAMES = frozenset(
    {
        *(("cmAuthor", "name"), ("author", "name"), ("person", "displayName")),
        *(("header", "userName"), ("userInfo", "name")),
        # Each who shares a workbook has a view of it, called by their name.
        ("customWorkbookView", "name"),
    }
)
_FIXED = {
    ("author", "userId"): "",
    ("author", "providerId"): "None",
    ("author", "initials"): "",
    ("cmAuthor", "initials"): "",
    ("person", "userId"): "",
    ("person", "providerId"): "None",
    ("header", "dateTime"): NO_TIME,
    ("userInfo", "dateTime"): NO_TIME,
}
# Comments of presentations and sheets: the time they were written.
_TIMES = {("cm", "dt"), ("cm", "created"), ("reply", "created")}
_TIMES |= {("threadedComment", "dT")}
_MOST_SHAPES = 10_000
_DRAWN = frozenset({"cNvPr", "docPr"})
# Where it depends on a value whether something is changed.
_JUDGED = _DRAWN | {"ext", "tag"}
_JUDGED_ATTRIBUTES = {key for _, key in (*_NAMES, *_TIMES, *_FIXED)}
_JUDGED_ATTRIBUTES |= {"author", "initials"}
# A comment's author that is the number of a thread.
_THREAD = "tc={"
_TRACKED = frozenset({"ins", "del", "moveFrom", "moveTo", "cellIns", "cellDel"})


def is_cut(kind: str) -> bool:
    """Tell whether a relationship leads to what names somebody."""
    return kind in _CUT


def told_of(kind: str) -> frozenset[Finding]:
    """Return what is to be said of a part that comes along as it is."""
    is_heard = kind.startswith(("audio/", "video/"))
    return _EMBEDDED | (frozenset({Finding.VOICE}) if is_heard else frozenset())


@dataclass
class Types(Rules):
    """The list of types: of the parts that come along."""

    _kept: frozenset[str]

    def element(self, name: str, attributes: Attributes) -> Attributes | None:
        """Leave out what is said of other parts."""
        part = dict(attributes).get("PartName", "").lstrip("/").casefold()
        return None if name == "Override" and part not in self._kept else attributes


@dataclass
class Ways(Rules):
    """Relationships: those that were not cut."""

    _cut: frozenset[str]

    def element(self, name: str, attributes: Attributes) -> Attributes | None:
        """Leave out the cut ones."""
        is_left_out = name == "Relationship" and dict(attributes).get("Id") in self._cut
        return None if is_left_out else attributes


@dataclass
class Parts(Rules):
    """A part with text, cells, slides, styles or settings."""

    _names: Names
    _findings: set[Finding]
    _cut: frozenset[str]
    _plain: set[tuple[str, ...]] = field(default_factory=set, init=False)
    """Elements with their attributes' names of which nothing is ever changed."""
    is_text: bool = field(default=False, init=False)
    """Whether it is a part of a text document: there changes are tracked."""
    is_comments: bool = field(default=False, init=False)
    """Whether it holds comments on a sheet, which begin with who wrote them."""

    def element(self, name: str, attributes: Attributes) -> Attributes | None:
        """Leave out what names somebody, and what leads to a part that was cut."""
        shape = (name, *(key for key, _ in attributes))
        if shape in self._plain:
            return attributes
        changed = self._judge(name, attributes)
        is_plain = changed == attributes and not self._is_judged_by_values(shape)
        if is_plain and len(self._plain) < _MOST_SHAPES:
            self._plain.add(shape)
        return changed

    def _judge(self, name: str, attributes: Attributes) -> Attributes | None:
        if name in _LEFT_OUT or self._is_left_out(name, attributes):
            return None
        if self.is_text and (name in _TRACKED or name.endswith("Change")):
            self._findings.add(Finding.TRACKED_CHANGES)
        has_author = any(local(key) == "author" for key, _ in attributes)
        changed = (
            (key, self._value(name, local(key), value))
            for key, value in attributes
            if not self._is_attribute_left_out(key, value, has_author)
        )
        return list(changed)

    def is_changed(self, name: str, parent: str, /) -> bool:
        """Tell whether it is who commented on a sheet, or may begin with the name."""
        return (name == "author" and parent == "authors") or (
            self.is_comments and name == "t"
        )

    def changed(self, name: str, text: str, /) -> str:
        """Return it with a number for the name."""
        if name == "t":
            return self._names.number_first(text)
        return text if text.startswith(_THREAD) else self._names.number(text)

    def _is_judged_by_values(self, shape: tuple[str, ...]) -> bool:
        """Tell whether another such element may be changed although this one is not."""
        name, *keys = shape
        is_change = self.is_text and (name in _TRACKED or name.endswith("Change"))
        return (
            is_change
            or name in _JUDGED
            or any(":" in key or key in _JUDGED_ATTRIBUTES for key in keys)
        )

    def _is_left_out(self, name: str, attributes: Attributes) -> bool:
        if name == "ext":
            return any(value in _EXTENSIONS_LEFT_OUT for _, value in attributes)
        # How a page is set up stays, without the printer.
        return name != "pageSetup" and any(
            self._leads_to_cut(key, value) for key, value in attributes
        )

    def _leads_to_cut(self, key: str, value: str) -> bool:
        return ":" in key and local(key) == "id" and value in self._cut

    def _is_attribute_left_out(self, key: str, value: str, has_author: bool) -> bool:
        plain = local(key)
        return (
            plain.startswith("rsid")
            or plain in _ATTRIBUTES_LEFT_OUT
            or (plain == "uid" and key.startswith("xr"))
            or (plain == "date" and has_author)
            or self._leads_to_cut(key, value)
        )

    def _value(self, name: str, key: str, value: str) -> str:
        if key == "author" or (name, key) in _NAMES:
            return self._names.number(value)
        if (name, key) in _TIMES:
            return NO_TIME
        if key == "initials":
            return ""
        if name == "tag" and key == "val" and not self.is_text:
            return ""
        if name in _DRAWN and key in {"name", "descr", "title"} and is_path(value):
            return ""
        return _FIXED.get((name, key), value)
