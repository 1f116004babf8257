"""When a superior asks: what officers and custodians say, and no more."""

from flask import Response

from portal.views.asked import answer_when_asked
from portal.views.officer.blueprint import bp
from portal.views.response import page


@bp.get("/asked")
def asked() -> Response:
    """Show the card."""
    return page("officer/asked.html", answer=answer_when_asked())
