"""Rungs of the ladder that keep something which is no report, each with a form."""

from collections.abc import Callable
from dataclasses import dataclass

from flask import url_for

from portal.forms import (
    EntryForm,
    HoldForm,
    MatchForm,
    NoteForm,
    PraiseForm,
    QuestionForm,
    RemindForm,
)
from portal.views.reporter.hold_part import hold_part


@dataclass(frozen=True)
class Rung:
    """Where something is kept: its page, and the form on it."""

    view: str
    form: type[EntryForm]
    part: Callable[[EntryForm], dict[str, object]] = lambda _form: {}
    """What its page shows besides what was typed."""

    @property
    def action(self) -> str:
        """Where the form goes."""
        return url_for(f"reporter.{self.view}")

    @property
    def template(self) -> str:
        """The form's page."""
        return f"reporter/{self.view}.html"


NOTE = Rung("note", NoteForm)
"""A locked note, which its writer alone opens."""

REMIND = Rung("remind", RemindForm)
"""A request that officers pass a reminder on."""

ASK = Rung("ask", QuestionForm)
"""A question that officers answer, and do nothing else with."""

PRAISE = Rung("praise", PraiseForm)
"""A good word that officers pass on."""

HOLD = Rung("hold", HoldForm, hold_part)
"""A report that opens on a day."""

HOLD_MATCH = Rung("hold_match", MatchForm, hold_part)
"""A report that opens when others name the same person."""
