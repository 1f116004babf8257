"""Files of a case: looked at as pictures, downloaded as they are; officers, custodians.

What was handed in reaches nobody's browser as what it is. It is shown as a JPEG that
the portal made, or it is a download of no type and a neutral name.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from logging import Logger

from flask import Blueprint, Response, current_app, request, url_for

from crypto import BrokenError
from portal import cases, custody
from portal.attachments import Attachment, find_attachment
from portal.cleaning.cleaner import Picture
from portal.errors import MissingObjectError, NoPictureError, NoSuchFileError
from portal.files import read_file, read_preview, read_sound_file
from portal.runtime import runtime
from portal.views.file_lines import address_of, broken_file, file_on_page
from portal.views.languages import gettext as _
from portal.views.request import db, duty, give_way, parse_id
from portal.views.response import private_page

_SIDE = 1600
"""Pixels of the longest side of a picture: a page of A4 can be read."""
_GLANCE = 32
"""Enough to know whether there will be a picture, and of how many pages."""
_MOST_DIGITS = 6
# A document of its own may do nothing at all, should a browser ever show one.
_POLICY = "sandbox; default-src 'none'"

_FINDERS = {"officer": cases.find_for_officer, "custodian": custody.find_known}
"""Who asks -> how a case of theirs is found."""


@dataclass(frozen=True)
class Sight:
    """What there is to see of a file."""

    page: int = 1
    page_count: int = 0
    """No page: there is no picture."""
    problem: str = ""
    is_broken: bool = False

    @classmethod
    def broken(cls) -> "Sight":
        """Return the sight of a file that is not as it was sealed: none."""
        return cls(problem=broken_file(), is_broken=True)

    @property
    def is_seen(self) -> bool:
        """Tell whether there is a picture."""
        return self.page_count > 0

    @property
    def has_pages(self) -> bool:
        """Tell whether there is more than one to see."""
        return self.page_count > 1


def add_file_pages(bp: Blueprint) -> None:
    """Give a blueprint of people at work the pages of a case's files."""
    address = "/cases/<case_id>/files/<file_id>"
    bp.add_url_rule(address, "file", file)
    bp.add_url_rule(f"{address}/preview", "file_preview", file_preview)
    bp.add_url_rule(f"{address}/picture", "file_picture", file_picture)
    bp.add_url_rule(f"{address}/download", "file_download", file_download)


def file(case_id: str, file_id: str) -> Response:
    """Show what is known of a file, and a page of it as a picture."""
    found = _find(case_id, file_id)
    return _file_page(found, _look(found, _asked_page()))


def file_preview(case_id: str, file_id: str) -> Response:
    """Send the small picture that was made when the file came in."""
    found = _find(case_id, file_id)
    if not found.file.has_preview:
        raise NoSuchFileError
    try:
        jpeg = read_preview(runtime().objects, found.file)
    except (BrokenError, MissingObjectError):
        raise NoSuchFileError from None
    return _as_picture(jpeg)


def file_picture(case_id: str, file_id: str) -> Response:
    """Draw a picture, or one page, and send it."""
    found = _find(case_id, file_id)
    try:
        drawn = _draw(found, _asked_page(), _SIDE)
    except (BrokenError, MissingObjectError, NoPictureError):
        raise NoSuchFileError from None
    return _as_picture(drawn.jpeg)


def file_download(case_id: str, file_id: str) -> Response:
    """Send the file itself, once it was found to be whole."""
    found = _find(case_id, file_id)
    try:
        pieces = read_sound_file(runtime().objects, found.file)
    except MissingObjectError:
        return _file_page(found, Sight(), http=404)
    except BrokenError:
        return _file_page(found, Sight.broken(), http=404)
    return _as_download(found, pieces)


def _find(case_id: str, file_id: str) -> Attachment:
    """Return the file; whoever asked reads nothing more of the database.

    Raises:
        NoSuchCaseError, NoSuchFileError: not for this person; the same page.
    """
    find = _FINDERS[request.blueprint or ""]
    opened = find(db(), parse_id(case_id), duty())
    found = find_attachment(db(), runtime().objects, opened, parse_id(file_id))
    give_way()
    return found


def _asked_page() -> int:
    """Return which page is asked for, from 1; an address may say anything."""
    typed = request.args.get("page", "")
    is_number = typed.isascii() and typed.isdecimal() and len(typed) <= _MOST_DIGITS
    return max(1, int(typed)) if is_number else 1


def _look(found: Attachment, page: int) -> Sight:
    """Tell what there is to see, so that no page ever has a picture that fails."""
    try:
        return Sight(page, _draw(found, page, _GLANCE).page_count)
    except MissingObjectError:
        return Sight()  # the page says so among its warnings
    except BrokenError:
        return Sight.broken()
    except NoPictureError:
        sentence = _("There is no picture of it to look at here. It can be downloaded.")
        return Sight(problem=sentence)


def _draw(found: Attachment, page: int, side: int) -> Picture:
    file = found.file
    pieces = read_file(runtime().objects, file)
    return runtime().cleaner.picture(pieces, file.length, file.kind, page, side)


def _file_page(found: Attachment, sight: Sight, *, http: int = 200) -> Response:
    here, count = sight.page, sight.page_count
    pages = _("Page %(page)d of %(count)d", page=here, count=count)
    shown, is_whole = file_on_page(found), found.is_there and not sight.is_broken
    return private_page(
        f"{request.blueprint}/file.html",
        http=http,
        case_href=url_for(f"{request.blueprint}.case", case_id=found.case_id.hex()),
        file=shown,
        sight=sight,
        pages=pages,
        before=address_of("file", found, here - 1) if here > 1 else "",
        after=address_of("file", found, here + 1) if here < count else "",
        picture=address_of("file_picture", found, here),
        download=address_of("file_download", found) if is_whole else "",
        picture_label=f"{shown.label}, {pages}" if sight.has_pages else shown.label,
    )


def _as_picture(jpeg: bytes) -> Response:
    response = Response(jpeg, mimetype="image/jpeg")
    response.headers["Content-Security-Policy"] = _POLICY
    response.headers["Content-Disposition"] = 'inline; filename="picture.jpg"'
    return response


def _as_download(found: Attachment, pieces: Iterator[bytes]) -> Response:
    name = f"attachment-{found.place}.{found.file.kind.suffix}"
    response = Response(
        _while_whole(pieces, current_app.logger), mimetype="application/octet-stream"
    )
    response.content_length = found.file.length
    response.headers["Content-Security-Policy"] = _POLICY
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _while_whole(pieces: Iterator[bytes], log: Logger) -> Iterator[bytes]:
    """Yield what is whole: a file that was changed meanwhile ends too early.

    The length was said before: the server then breaks the connection off, and the
    browser keeps no half of a file.
    """
    try:
        yield from pieces
    except BrokenError:
        log.warning("BrokenError in a download")
