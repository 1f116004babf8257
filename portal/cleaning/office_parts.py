"""The web of parts that an Office document is, and which document it is.

Open Packaging Conventions (ISO/IEC 29500-2): types by name or ending, relationships in
files of their own beside the part that they lead from. Names are compared in small
letters, as the standard asks for.
"""

import posixpath
from dataclasses import dataclass
from urllib.parse import unquote

from portal.cleaning.markup import elements
from portal.cleaning.packages import Package
from portal.file_kinds import FileKind

CONTENT_TYPES = "[Content_Types].xml"

_KINDS = {
    "wordprocessingml.document": FileKind.DOCX,
    "spreadsheetml.sheet": FileKind.XLSX,
    "presentationml.presentation": FileKind.PPTX,
}
_MAIN = ".main+xml"
_WAYS = ".rels"


@dataclass(frozen=True)
class Relationship:
    """A way from one part (empty: the root) to another, or out of the package."""

    id: str
    kind: str
    """The last word of its type."""
    target: str
    """The name of a part, or an address."""
    is_outside: bool


def find_kind(package: Package) -> FileKind:
    """Return which document it is by its main part; OTHER: none that is cleaned."""
    if CONTENT_TYPES not in package.members:
        return FileKind.OTHER
    types = read_types(package)
    main = [
        types.get(way.target.casefold(), "")
        for way in read_ways(package, "")
        if way.kind == "officeDocument"
    ]
    if len(main) != 1 or not main[0].endswith(_MAIN):
        return FileKind.OTHER
    end = main[0].removesuffix(_MAIN)
    return next((_KINDS[kind] for kind in _KINDS if end.endswith(kind)), FileKind.OTHER)


def is_document(content_type: str) -> bool:
    """Tell whether a part is a whole document of its own."""
    return content_type.endswith(tuple(_KINDS))


def has_macros(package: Package) -> bool:
    """Tell whether a program is in it."""
    return any(
        "macroenabled" in kind.casefold() or "vbaproject" in kind.casefold()
        for kind in read_types(package).values()
    )


def read_types(package: Package) -> dict[str, str]:
    """Return the type of every part, by its name in small letters."""
    by_end: dict[str, str] = {}
    by_name: dict[str, str] = {}
    for name, values in elements(package.read_small(CONTENT_TYPES)):
        kind = values.get("ContentType", "")
        if name == "Default":
            by_end[values.get("Extension", "").casefold()] = kind
        elif name == "Override":
            by_name[values.get("PartName", "").lstrip("/").casefold()] = kind
    names = [name.casefold() for name in package.members]
    ends = {name: name.rpartition(".")[2] for name in names}
    return {name: by_name.get(name, by_end.get(end, "")) for name, end in ends.items()}


def read_ways(package: Package, part: str) -> list[Relationship]:
    """Return the relationships that lead from *part*."""
    folder, _, name = part.rpartition("/")
    letters = posixpath.join(folder, "_rels", f"{name}.rels").casefold()
    place = package.by_letters.get(letters)
    if place is None:
        return []
    return [
        Relationship(
            id=values.get("Id", ""),
            kind=values.get("Type", "").rpartition("/")[2],
            target=_target(folder, values),
            is_outside=_is_outside(values),
        )
        for name, values in elements(package.read_small(place))
        if name == "Relationship"
    ]


def part_of(name: str) -> str | None:
    """Return the part whose relationships *name* holds; None: it holds none."""
    folder, _, file = name.rpartition("/")
    above, _, last = folder.rpartition("/")
    if last.casefold() != "_rels" or not file.casefold().endswith(_WAYS):
        return None
    return posixpath.join(above, file[: -len(_WAYS)])


def _is_outside(values: dict[str, str]) -> bool:
    return values.get("TargetMode", "").casefold() == "external"


def _target(folder: str, values: dict[str, str]) -> str:
    target = values.get("Target", "")
    if _is_outside(values):
        return target
    plain = unquote(target.partition("#")[0])
    return posixpath.normpath(posixpath.join("/", folder, plain)).lstrip("/")
