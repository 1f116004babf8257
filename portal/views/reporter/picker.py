"""The part of a form that asks whom a reporter means, as `reporter/_picker.html` shows it.

A form that has it is a `PickerForm`. Its view calls `picker_on_page` for the page, and
`find_meant` once somebody presses on; a button `step` = `search` looks and does nothing
else. What is found depends on the staff list alone.
"""

from dataclasses import dataclass

from portal.errors import NoSuchMemberError, StaffNumberError
from portal.forms import PickerForm
from portal.models import StaffMember
from portal.runtime import runtime
from portal.staff import (
    MOST_FOUND,
    Found,
    Member,
    Search,
    canonical_number,
    find_member,
    find_staff,
)
from portal.views.languages import gettext as _
from portal.views.request import admit, db


@dataclass(frozen=True)
class ChoiceOnPage:
    """Somebody who may be meant; never with a number."""

    value: str
    name: str
    facts: str
    is_chosen: bool


@dataclass(frozen=True)
class PickerOnPage:
    """What the part shows."""

    is_searched: bool
    """By name; otherwise the number is typed."""
    choices: tuple[ChoiceOnPage, ...]
    note: str
    """What came of the search, where the choices do not say it; empty: they do."""
    digits: int
    """Of a staff number."""


def picker_on_page(form: PickerForm) -> PickerOnPage:
    """Return the part for a page, with what was searched for and who was chosen.

    Raises:
        NotAdmittedError: too many search just now; what was typed comes back.
    """
    settings = runtime().settings
    if not settings.staff_search:
        return PickerOnPage(False, (), "", settings.staff_number_digits)
    words = form.who_search.data or ""
    if words:
        admit("search")
    search = find_staff(db(), words) if words else Search()
    chosen = _chosen(form)
    others = (one for one in search.found if one.id != form.chosen_id)
    shown = (*chosen, *others)[:MOST_FOUND]
    return PickerOnPage(
        is_searched=True,
        choices=tuple(_choice(one, form) for one in shown),
        note=_note(search) if words else "",
        digits=settings.staff_number_digits,
    )


def find_meant(form: PickerForm) -> Member | None:
    """Return who is meant; None: the form says at a field what is wrong.

    With the search it is somebody of the staff list; without it whoever was typed:
    whether the list has that number is not told.
    """
    if not runtime().settings.staff_search:
        return _typed(form)
    try:
        member = find_member(db(), form.chosen_id)
    except NoSuchMemberError:
        sentence = _("Please search for the name, then choose one person.")
        form.refuse("who_search", sentence)
        return None
    return Member(member.number, member.name, member.position, member.unit)


def _typed(form: PickerForm) -> Member | None:
    digits = runtime().settings.staff_number_digits
    name = form.who_name.data or ""
    if not name:
        form.refuse("who_name", _("Please write the name."))
    try:
        number = canonical_number(form.who_number.data or "", digits)
    except StaffNumberError:
        sentence = _(
            "A staff number has %(digits)s digits. Please look again.", digits=digits
        )
        form.refuse("who_number", sentence)
        return None
    return Member(number, name, "", "") if name else None


def _chosen(form: PickerForm) -> tuple[Found, ...]:
    """Return who was chosen before, also where the words find others by now."""
    try:
        member: StaffMember = find_member(db(), form.chosen_id)
    except NoSuchMemberError:
        return ()
    return (Found(member.id, member.name, member.position, member.unit),)


def _note(search: Search) -> str:
    if search.is_too_short:
        return _("Please type three letters of the name at least.")
    if search.has_more:
        return _("There are more. Add another part of the name, or the unit.")
    if not search.found:
        return _("Nobody is found by this. Please try another spelling.")
    return ""


def _choice(found: Found, form: PickerForm) -> ChoiceOnPage:
    facts = f"{found.position} · {found.unit}"
    return ChoiceOnPage(
        found.id.hex(), found.name, facts, is_chosen=found.id == form.chosen_id
    )
