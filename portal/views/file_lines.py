"""A file as people at work see it: what it is called, what it is, what to be wary of."""

from dataclasses import dataclass, field

from flask import request, url_for

from portal.attachments import Attachment, Attachments
from portal.file_kinds import FileKind, Finding
from portal.views.languages import gettext as _
from portal.views.words import size, word


@dataclass(frozen=True)
class FileOnPage:
    """One file; every text of it is ready to be shown."""

    label: str
    """Which of its text's files; the neutral name."""
    name: str = field(repr=False)
    """As its sender called it: text, and never part of an address or a header."""
    kind: str
    size: str
    href: str
    preview: str
    """Where its small picture is; empty: it has none."""
    warnings: tuple[str, ...]


@dataclass(frozen=True)
class FilesOnPage:
    """The files of one text, and what must be said of those that cannot be shown."""

    files: tuple[FileOnPage, ...] = ()
    problem: str = ""


NO_FILES_ON_PAGE = FilesOnPage()


def files_on_page(came: Attachments) -> FilesOnPage:
    """Return the files of a text as its page shows them."""
    files = tuple(file_on_page(one) for one in came.known)
    return FilesOnPage(files, _unknown(came.unknown_count))


def file_on_page(attachment: Attachment) -> FileOnPage:
    """Return one file as pages show it."""
    file = attachment.file
    has_preview = file.has_preview and attachment.is_there
    return FileOnPage(
        label=file_label(attachment),
        name=file.name,
        kind=word(file.kind),
        size=size(file.length),
        href=address_of("file", attachment),
        preview=address_of("file_preview", attachment) if has_preview else "",
        warnings=_warnings(attachment),
    )


def address_of(page: str, attachment: Attachment, number: int | None = None) -> str:
    """Return where a page of a file is, among those of who asks; *number*: from 1."""
    return url_for(
        f"{request.blueprint}.{page}",
        case_id=attachment.case_id.hex(),
        file_id=attachment.file.object_id.hex(),
        page=number,
    )


def file_label(attachment: Attachment) -> str:
    """Return the neutral name of a file."""
    place, count = attachment.place, attachment.count
    return _("File %(place)d of %(count)d", place=place, count=count)


def missing_file() -> str:
    """Say that the store lacks a file."""
    return _(
        "The store of the portal lacks this file. Please tell the administrator; it "
        "may be in a backup."
    )


def broken_file() -> str:
    """Say that a file is not as it was sealed."""
    return _(
        "This file is not as it was sealed, so nothing of it is handed out. Please "
        "tell the administrator; it may be whole in a backup."
    )


def _unknown(count: int) -> str:
    if not count:
        return ""
    return _(
        "Files that came with this text and cannot be opened: %(count)d. What is known "
        "of them is damaged. Please tell the administrator.",
        count=count,
    )


def _warnings(attachment: Attachment) -> tuple[str, ...]:
    file = attachment.file
    found = {*file.findings} | _FOUND_BY_KIND.get(file.kind, set())
    said = [text for finding, text in _sentences() if finding in found]
    if not file.is_cleaned:
        said.insert(0, _not_cleaned())
    if not attachment.is_there:
        said.insert(0, missing_file())
    return tuple(said)


def _not_cleaned() -> str:
    return _(
        "Not cleaned: author, device or place may stand in it. Do not pass it on as "
        "it is."
    )


def _sentences() -> tuple[tuple[Finding, str], ...]:
    """Return what to say of each finding, the gravest first."""
    return *_of_attacks(), *_of_people()


def _of_attacks() -> tuple[tuple[Finding, str], ...]:
    """Return what may harm who opens a file."""
    program = _(
        "It is a program or holds one. Do not start it. Let a specialist look at it, "
        "on a machine apart from the network."
    )
    macros = _(
        "It holds macros, which are small programs. Open it only on a machine apart "
        "from the network, with macros switched off."
    )
    locked = _(
        "It is locked with a password, so nothing in it was checked. Open it only on "
        "a machine apart from the network."
    )
    unknown = _(
        "The portal does not look into files of this kind. Open it only on a machine "
        "apart from the network."
    )
    embedded = _(
        "It holds other files that were not looked into. Open it only on a machine "
        "apart from the network."
    )
    links = _(
        "It names addresses outside, and may tell them that it was opened. Open it "
        "only on a machine apart from the network."
    )
    return (
        (Finding.EXECUTABLE, program),
        (Finding.MACROS, macros),
        (Finding.ENCRYPTED, locked),
        (Finding.NOT_LOOKED_INTO, unknown),
        (Finding.EMBEDDED, embedded),
        (Finding.EXTERNAL_LINKS, links),
    )


def _of_people() -> tuple[tuple[Finding, str], ...]:
    """Return what may betray somebody."""
    comments = _("It holds comments, perhaps with names. Read them before it goes on.")
    changes = _(
        "It holds tracked changes: earlier words and names can be read. Look before "
        "it goes on."
    )
    voice = _(
        "Voices may be heard, and known again. Do not play it where others hear it, "
        "and do not pass it on."
    )
    return (
        (Finding.COMMENTS, comments),
        (Finding.TRACKED_CHANGES, changes),
        (Finding.VOICE, voice),
    )


_FOUND_BY_KIND = {
    FileKind.EXECUTABLE: {Finding.EXECUTABLE},
    FileKind.ARCHIVE: {Finding.NOT_LOOKED_INTO},
    FileKind.OTHER: {Finding.NOT_LOOKED_INTO},
    **{kind: {Finding.VOICE} for kind in FileKind if kind.is_sound},
}
"""What is said of a kind, whatever was found in the file."""
