"""The staff list: how many people it has, and how another is imported."""

from flask import Response

from portal.runtime import runtime
from portal.staff import count_staff
from portal.views.administrator.blueprint import bp
from portal.views.request import db
from portal.views.response import page


@bp.get("/staff")
def staff() -> Response:
    """Show what the list is good for, and nobody on it."""
    settings, count = runtime().settings, count_staff(db())
    return page(
        "administrator/staff.html",
        count=count,
        least=settings.match_minimum_staff,
        digits=settings.staff_number_digits,
        is_searched=settings.staff_search,
        is_enough=count >= settings.match_minimum_staff,
    )
