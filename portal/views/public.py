"""Pages for everybody: start, guidance, limits, keys, mending, the quick way out."""

import datetime as dt
from collections.abc import Callable, Iterable, Set
from dataclasses import dataclass

from flask import Blueprint, redirect, url_for
from werkzeug.wrappers import Response

from portal.forms import GiftForm
from portal.outside import OutsideBody
from portal.pact import list_counts
from portal.people import (
    CHANGES_SHOWN_DAYS,
    PersonState,
    PublicPerson,
    find_recovery_key,
    list_people,
    recent_changes,
)
from portal.roles import OFFICERS, Role
from portal.rounds import round_news
from portal.runtime import runtime
from portal.texts import Section
from portal.views.ladder import (
    doors_on_page,
    has_custodians,
    outside_href,
    rungs_on_page,
)
from portal.views.languages import gettext as _
from portal.views.languages import language
from portal.views.mending import CountOnPage, count_days, how_to_type, ways_on_page
from portal.views.request import db, end_visit, form_is_stale, refuses_itself
from portal.views.response import leaving, page, private_page
from portal.views.zone import zone_on_page
from portal.zone import find_statement, read_zone

bp = Blueprint("public", __name__)


@dataclass(frozen=True)
class SectionOnPage:
    """A section in the page's language."""

    key: str
    title: str
    paragraphs: tuple[str, ...]


@dataclass(frozen=True)
class BodyOnPage:
    """An outside body in the page's language; its contacts are never links."""

    name: str
    purpose: str
    contacts: tuple[str, ...]


@dataclass(frozen=True)
class KeyOnPage:
    """Somebody with the fingerprint of the key, in groups of four signs."""

    name: str
    facts: tuple[str, ...]
    """Position and unit, where they are known."""
    is_outside: bool
    added_on: dt.date
    key_since: dt.date | None
    """The day of the key, where it is another than the first."""
    groups: tuple[str, ...]


@dataclass(frozen=True)
class RecoveryOnPage:
    """The key of recovery, in groups of four signs."""

    made_on: dt.date
    groups: tuple[str, ...]


@bp.route("/")
def start() -> Response:
    """Show the ladder."""
    return page(
        "public/start.html",
        rungs=rungs_on_page(),
        doors=doors_on_page(),
        help_href=outside_href(),
        has_custodians=has_custodians(),
    )


@bp.route("/guidance")
def guidance() -> Response:
    """Show how to stay safe, and who else can help."""
    signed = signed_promises()
    return page(
        "public/guidance.html",
        sections=sections_on_page(runtime().guidance, signed),
        is_signed=bool(signed),
        bodies=bodies_on_page(),
    )


@bp.route("/limits")
def limits() -> Response:
    """Show what the portal cannot promise."""
    return page("public/limits.html", sections=sections_on_page(runtime().limits))


@bp.get("/mend")
def mend() -> Response:
    """Show how somebody who slipped puts it right."""
    return _mend_page(GiftForm(formdata=None), page)


@bp.post("/mend")
@refuses_itself
def count() -> Response:
    """Count the days that are left to report a gift; nothing is stored."""
    form = GiftForm()
    counted = None if form_is_stale() else count_days(form)
    if form_is_stale():
        sentence = _("This page was open too long. Please press the button once more.")
        form.refuse("received_on", sentence)
    return _mend_page(form, private_page, counted)


@bp.route("/keys")
def keys() -> Response:
    """Show who the officers are, and the fingerprints of their keys."""
    people, today = list_people(db()), runtime().today()
    return page(
        "public/keys.html",
        officers=_keys_of(people, OFFICERS),
        custodians=_keys_of(people, {Role.CUSTODIAN}),
        rounds=round_news(db(), today, runtime().settings.round_every_days),
        recovery=_recovery_on_page(),
        both=[person.name for person in people if person.keeps_and_reads],
        changes=recent_changes(people, today),
        days=CHANGES_SHOWN_DAYS,
        today=today,
        address=runtime().settings.address + url_for("public.keys"),
        help_href=outside_href(),
    )


@bp.route("/zone")
def zone() -> Response:
    """Show what was declared and signed, and how far it has come."""
    return page(
        "public/zone.html",
        zone=zone_on_page(read_zone(db()), list_counts(db())),
        bodies=bodies_on_page(),
    )


@bp.route("/exit")
def leave_quickly() -> Response:
    """End the session and lead to a neutral address.

    A link, not a form: the policy for forms would block the way out. The only
    page but for due work where a GET changes something.
    """
    end_visit()
    return leaving(redirect(runtime().settings.neutral_address, 303))  # type: ignore[arg-type]


def _mend_page(
    form: GiftForm,
    fill: Callable[..., Response],
    counted: CountOnPage | None = None,
) -> Response:
    return fill(
        "public/mend.html",
        http=422 if form.has_errors else 200,
        form=form,
        count=counted,
        ways=ways_on_page(),
        action=url_for("public.count"),
        hint=how_to_type(),
        help_href=outside_href(),
    )


def sections_on_page(
    sections: tuple[Section, ...], signed: Set[str] = frozenset()
) -> list[SectionOnPage]:
    """Return *sections* in the page's language, with what rests on *signed* promises."""
    return [
        SectionOnPage(
            section.key,
            section.title[language()],
            section.resting_on(signed, language()),
        )
        for section in sections
    ]


def signed_promises() -> frozenset[str]:
    """Return the promises that the head has signed."""
    statement = find_statement(db())
    return frozenset(statement.promises) if statement else frozenset()


def bodies_on_page() -> list[BodyOnPage]:
    """Return the outside bodies in the page's language."""
    return [_body_on_page(body) for body in runtime().outside_bodies]


def _keys_of(people: Iterable[PublicPerson], roles: Set[Role]) -> list[KeyOnPage]:
    """Return the keys of everybody at work in one of *roles*, outside officers last."""
    return [
        _key_on_page(person)
        for person in people
        if person.state is PersonState.ENROLLED and person.roles & roles
    ]


def _key_on_page(person: PublicPerson) -> KeyOnPage:
    is_first = person.key_since == person.added_on
    return KeyOnPage(
        name=person.name,
        facts=tuple(filter(None, (person.position, person.unit))),
        is_outside=person.is_outside,
        added_on=person.added_on,
        key_since=None if is_first else person.key_since,
        groups=tuple(person.fingerprint.split("-")),
    )


def _recovery_on_page() -> RecoveryOnPage | None:
    key = find_recovery_key(db())
    if key is None:
        return None
    return RecoveryOnPage(key.made_on, tuple(key.fingerprint.split("-")))


def _body_on_page(body: OutsideBody) -> BodyOnPage:
    contacts = tuple(contact for contact in (body.phone, body.web) if contact)
    return BodyOnPage(body.name[language()], body.purpose[language()], contacts)
