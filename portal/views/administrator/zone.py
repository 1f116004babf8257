"""The Integrity Zone as administrators write it: each part on a page of its own."""

from flask import abort, redirect, request, url_for
from werkzeug.wrappers import Response

from portal import zone as zones
from portal.errors import ListFileError
from portal.forms import AreaForm, DeclarationForm, PactForm
from portal.pact import keep_counts, list_counts
from portal.pact_files import read_counts
from portal.runtime import runtime
from portal.views.administrator.blueprint import bp
from portal.views.administrator.zone_forms import (
    area_title,
    areas_on_page,
    award_form,
    pact_on_page,
    predicates_on_page,
    promises_on_page,
    say_faults,
    statement_form,
)
from portal.views.confirmation import is_confirmed
from portal.views.request import db, duty, form_is_stale, refuses_itself
from portal.views.response import private_page
from portal.views.zone import award_words
from portal.zone_texts import Area


@bp.get("/zone")
def zone() -> Response:
    """Show what is kept, and where each part is written."""
    kept = zones.read_zone(db())
    return private_page(
        "administrator/zone.html",
        zone=kept,
        signed_count=len(kept.statement.promises) if kept.statement else 0,
        promise_count=len(runtime().zone.promises),
        areas=areas_on_page(kept),
        award=award_words(kept.award),
        pact=pact_on_page(list_counts(db())),
    )


@bp.route("/zone/declaration", methods=["GET", "POST"])
@refuses_itself
def declaration() -> Response:
    """Show what was declared; take it anew."""
    if request.method == "GET":
        kept = zones.read_zone(db()).declaration
        return _page("declaration", DeclarationForm.of(kept))
    form = DeclarationForm()
    declared = None if form_is_stale() else form.declaration(runtime().today())
    if declared is None:
        return _page("declaration", form)
    zones.keep_declaration(db(), declared, runtime().today(), by=duty().person)
    return _done()


@bp.route("/zone/statement", methods=["GET", "POST"])
@refuses_itself
def statement() -> Response:
    """Show which sentences were signed; take others, confirmed."""
    kept, texts = zones.find_statement(db()), runtime().zone.promises
    form = statement_form(kept)
    if request.method == "POST" and not form_is_stale():
        signed = form.statement(texts, runtime().today(), is_first=kept is None)
        if signed and is_confirmed(form):
            zones.keep_statement(db(), signed, runtime().today(), by=duty().person)
            return _done()
    return _page("statement", form, promises=promises_on_page(form, kept))


@bp.route("/zone/areas/<name>", methods=["GET", "POST"])
@refuses_itself
def area(name: str) -> Response:
    """Show what the agency says of an area; take it anew."""
    if name not in set(Area):
        abort(404)
    found, title = Area(name), area_title(Area(name))
    if request.method == "GET":
        form = AreaForm.of(zones.read_zone(db()).reports.get(found))
        return _page("area", form, title=title)
    form = AreaForm()
    if form_is_stale() or not form.validate():
        return _page("area", form, title=title)
    zones.keep_report(db(), found, form.text(), runtime().today(), by=duty().person)
    return _done()


@bp.route("/zone/predicate", methods=["GET", "POST"])
@refuses_itself
def predicate() -> Response:
    """Show which predicate the unit holds; take another."""
    form = award_form(zones.read_zone(db()).award)
    if request.method == "POST" and not form_is_stale():
        award = form.award(runtime().today())
        if award:
            zones.keep_award(db(), award, runtime().today(), by=duty().person)
            return _done()
    return _page("predicate", form, predicates=predicates_on_page(form))


@bp.route("/zone/pact", methods=["GET", "POST"])
@refuses_itself
def pact() -> Response:
    """Show the counts of the pact; take another list, whole."""
    shown = pact_on_page(list_counts(db()))
    if request.method == "GET":
        return _page("pact", PactForm(formdata=None, counts=shown.typed), pact=shown)
    form = PactForm()
    if form_is_stale() or not form.validate():
        return _page("pact", form, pact=shown)
    try:
        units = read_counts(form.counts.data.encode())
    except ListFileError as error:
        say_faults(form, error)
        return _page("pact", form, pact=shown)
    keep_counts(db(), units, runtime().today(), by=duty().person.name)
    return _done()


def _page(name: str, form: object, **more: object) -> Response:
    """Show a form: as it was kept, or as it was typed and why it was not taken."""
    return private_page(
        f"administrator/{name}.html",
        http=422 if request.method == "POST" else 200,
        form=form,
        action=request.path,
        is_stale=form_is_stale(),
        **more,
    )


def _done() -> Response:
    return redirect(url_for("administrator.zone"), 303)
