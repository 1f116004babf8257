"""What came with the reporter's own texts, as the case's page says it."""

from collections.abc import Mapping

from portal.errors import MissingObjectError
from portal.manifests import AttachedFile
from portal.reports import Report
from portal.runtime import runtime
from portal.statuses import Author
from portal.threads import Entry
from portal.views.evidence import describe
from portal.views.languages import gettext as _
from portal.views.request import visit

FilesOfText = tuple[AttachedFile, ...]


def files_beside(entry: Entry, files: Mapping[int, FilesOfText]) -> tuple[str, ...]:
    """Return how many files came with a text; where texts are shown, each of them.

    *files*: what could be opened, by the number of the text.
    """
    count = _count(entry)
    if not count:
        return ()
    said = _("Files with it: %(count)d", count=count)
    if not visit().shows_own:
        return (said,)
    if entry.number not in files:
        return (said, _("Which files they are can no longer be read."))
    return (said, *map(_line, files[entry.number]))


def _count(entry: Entry) -> int:
    if entry.author is not Author.REPORTER:
        return 0
    is_report = entry.number == 0
    return Report.decode(entry.plain).files if is_report else entry.text.files


def _line(file: AttachedFile) -> str:
    said = f"{file.name} · {describe(file)}"
    return said if _is_there(file) else " · ".join((said, _("no longer here")))


def _is_there(file: AttachedFile) -> bool:
    try:
        runtime().objects.read_first(file.object_id, 1)
    except MissingObjectError:
        return False
    return True
