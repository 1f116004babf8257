"""A report as lines of a page: question and answer, filled ones alone."""

from dataclasses import dataclass, fields

from portal.entries import EntryKind
from portal.errors import NoSuchCategoryError
from portal.reports import CameBy, Hope, Ongoing, OthersKnow, Reminded, Report
from portal.runtime import runtime
from portal.views.languages import gettext as _
from portal.views.languages import language
from portal.views.words import FIELD_WORDS, field_word, word

_VOCABULARIES = {
    "came_by": CameBy,
    "ongoing": Ongoing,
    "others_know": OthersKnow,
    "reminded": Reminded,
    "hope": Hope,
}

_ACCUSING_NOBODY = frozenset({EntryKind.QUESTION, EntryKind.PRAISE})
"""Of no kind of misconduct: none was asked for."""


@dataclass(frozen=True)
class ReportLine:
    """One question and its answer."""

    label: str
    text: str


def report_lines(report: Report) -> list[ReportLine]:
    """Return the answers that were given, in the order of the form."""
    names = [key.name for key in fields(report) if key.name in FIELD_WORDS]
    if report.entry in _ACCUSING_NOBODY:
        names.remove("category")
    return [
        ReportLine(_label(name, report), _answer(name, getattr(report, name)))
        for name in names
        if getattr(report, name)
    ]


def category_title(code: str) -> str:
    """Return a category's title in the page's language."""
    try:
        return runtime().taxonomy.find(code).title[language()]
    except NoSuchCategoryError:
        return code or _("not readable")


def _label(name: str, report: Report) -> str:
    own: dict[tuple[str, str], str] = {
        ("what", EntryKind.QUESTION): word(EntryKind.QUESTION),
        ("what", EntryKind.PRAISE): word(EntryKind.PRAISE),
        ("who_name", EntryKind.PRAISE): _("Whom is it about?"),
        ("who_unit", EntryKind.PRAISE): _("Work unit"),
    }
    return own.get((name, report.entry)) or field_word(name)


def _answer(name: str, value: str) -> str:
    if name == "category":
        return category_title(value)
    vocabulary = _VOCABULARIES.get(name)
    return word(vocabulary(value)) if vocabulary else value
