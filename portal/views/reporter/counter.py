"""Counters: where a report is taken, from its reporter or by an officer."""

from dataclasses import dataclass

from flask import url_for

from portal.forms import ReportForm


@dataclass(frozen=True)
class Counter:
    """Where a report is taken: its endpoints, and the templates of its pages."""

    blueprint: str
    view: str
    form: type[ReportForm]

    @property
    def action(self) -> str:
        """Where the form goes."""
        return url_for(f"{self.blueprint}.{self.view}")

    @property
    def template(self) -> str:
        """The form's page."""
        return self.answer(self.view)

    def answer(self, name: str) -> str:
        """Return the template of a page that answers the form."""
        return f"{self.blueprint}/{name}.html"


OWN = Counter("reporter", "report", ReportForm)
"""A reporter fills it in."""
