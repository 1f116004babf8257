"""Rungs of the ladder that keep something which is no report, each with a form."""

from dataclasses import dataclass

from flask import url_for

from portal.forms import (
    EntryForm,
    NoteForm,
    PraiseForm,
    QuestionForm,
    RemindForm,
)


@dataclass(frozen=True)
class Rung:
    """Where something is kept: its page, and the form on it."""

    view: str
    form: type[EntryForm]

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
