"""How it stands with recovery: whose key shares on paper give back, and what to do."""

from flask import Response

from portal.recovery import read_status
from portal.views.administrator.blueprint import bp
from portal.views.request import db
from portal.views.response import page


@bp.get("/recovery")
def recovery() -> Response:
    """Show the recovery key, whose keys are wrapped to it, and the commands."""
    status = read_status(db())
    return page(
        "administrator/recovery.html",
        recovery=status,
        groups=status.fingerprint.split("-"),
    )
