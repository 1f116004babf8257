"""What officers see of what a reporter asked for: marks, and what is owed at once."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from portal import troubles
from portal.askings import find_objection
from portal.courses import find_told_on
from portal.models import Case, Step
from portal.runtime import runtime
from portal.threads import Entry, Text
from portal.views.languages import gettext as _
from portal.views.words import day, word


@dataclass(frozen=True)
class UrgentOnPage:
    """Trouble that waits for a word of an officer."""

    kinds: list[str]
    due_on: dt.date
    is_late: bool


def asking_part(
    case: Case, steps: Sequence[Step], thread: Sequence[Entry]
) -> dict[str, object]:
    """Return what a page of a case shows of an objection, and of trouble."""
    return {
        "objection": objection_mark(case, steps),
        "urgent": _urgent(steps, thread),
    }


def objection_mark(case: Case, steps: Sequence[Step]) -> str:
    """Say that an objection waits for a keeper, and since when; empty: none does."""
    state = find_objection(case, steps, runtime().today())
    if state.made_on is None or not state.is_pending:
        return ""
    return _("Objection, with the keeper since %(day)s", day=day(state.made_on))


def said_of_asking(text: Text) -> str:
    """Say what a reporter asked for with a text; empty: nothing."""
    if text.is_objection:
        return _("objection")
    return word(text.trouble) if text.trouble else ""


def _urgent(steps: Sequence[Step], thread: Sequence[Entry]) -> UrgentOnPage | None:
    told_on = find_told_on(steps)
    if told_on is None:
        return None
    due_on = runtime().rules.protect_day(told_on)
    told = [entry.text.trouble for entry in troubles.find_open(thread)]
    kinds = list(dict.fromkeys(word(kind) for kind in told if kind))
    return UrgentOnPage(kinds, due_on, due_on < runtime().today())
