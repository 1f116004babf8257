"""A custodian's round: a page that says what it does, one button, and how it ended."""

import datetime as dt
from dataclasses import dataclass

from flask import Response as FlaskResponse
from flask import redirect, request, url_for
from werkzeug.wrappers import Response

from portal import rounds
from portal.cosigning import last_refusal
from portal.errors import NoRoundError
from portal.forms import PortalForm
from portal.ledger import list_cosigned
from portal.round_exports import find_carried
from portal.rounds import RoundReport
from portal.runtime import runtime
from portal.views.custodian.blueprint import bp
from portal.views.languages import gettext as _
from portal.views.officer.lots import percent, work
from portal.views.places import clock_jump
from portal.views.request import db, duty
from portal.views.response import private_page
from portal.views.words import day

_TITLE = "round.pdf"


@dataclass(frozen=True)
class CountOnPage:
    """A number with what it counts."""

    label: str
    number: int


@dataclass(frozen=True)
class ResultOnPage:
    """How the custodian's own last round ended."""

    number: int
    day: dt.date
    counts: list[CountOnPage]
    unanswered: bool
    unreadable: bool
    line: str
    signature: str


@bp.route("/round", methods=["GET", "POST"], endpoint="round")
def hold() -> Response:
    """Say what a round does and how the last one ended; hold one, or go on with it."""
    if request.method == "GET":
        return _round_page()
    PortalForm()
    if clock_jump() is not None:
        # Entries would open, and end, before their days.
        return _round_page(http=409)
    here = runtime()
    secrets = here.gate_secret, here.shredder
    try:
        work(rounds.hold_lots(db(), duty(), *secrets, here.today()))
    except NoRoundError:
        return _round_page(http=409)
    return redirect(url_for("custodian.round"), 303)


@bp.post("/round/paper")
def round_paper() -> Response:
    """Give the own last round as a page for the files."""
    report = rounds.find_report(db(), duty(), runtime().gate_secret)
    if report is None:
        return _round_page(http=409)
    return FlaskResponse(
        _draw(report),
        content_type="application/pdf",
        headers={"Content-Disposition": f"attachment; filename={_TITLE}"},
    )


def _round_page(*, http: int = 200) -> Response:
    here, today = runtime(), runtime().today()
    every_days = here.settings.round_every_days
    db().expire_all()
    progress = rounds.find_progress(db(), duty(), here.gate_secret, today)
    report = rounds.find_report(db(), duty(), here.gate_secret)
    news = rounds.round_news(db(), today, every_days)
    return private_page(
        "custodian/round.html",
        http=http,
        is_backdated=news.last_day is not None and news.last_day > today,
        is_jumped=clock_jump() is not None,
        is_unheard=not rounds.may_hold(db(), duty()),
        is_alone=rounds.count_custodians(db()) < rounds.FEWEST_CUSTODIANS,
        every_days=every_days,
        news=news,
        sealed=rounds.count_sealed(db()),
        percent=percent(progress.done, progress.total) if progress else None,
        is_begun=progress is not None,
        carried_on=find_carried(db(), duty().person.id, here.gate_secret),
        result=_result(report) if report else None,
        refused_on=last_refusal(db()),
        cosigned=list_cosigned(db(), 1),
    )


def _result(report: RoundReport) -> ResultOnPage:
    return ResultOnPage(
        report.line.number,
        report.line.day,
        _counts(report),
        unanswered=report.counts.unanswered > 0,
        unreadable=report.counts.unreadable > 0,
        line=report.text,
        signature=report.signature.hex(),
    )


def _counts(report: RoundReport) -> list[CountOnPage]:
    counts = report.counts
    return [
        CountOnPage(_("stay locked"), counts.waiting),
        CountOnPage(_("opened: their day has come"), counts.by_date),
        CountOnPage(_("opened: others named the same person"), counts.matched),
        CountOnPage(_("ended: their last day has passed"), counts.ended),
        CountOnPage(_("opened before, not yet taken up"), counts.unanswered),
        CountOnPage(_("did not open with your key"), counts.unreadable),
    ]


def _draw(report: RoundReport) -> bytes:
    # Here alone: a library that draws takes 25 MiB of every process that knows it.
    from portal.round_papers import draw_round  # noqa: PLC0415

    line, settings = report.line, runtime().settings
    facts = [
        (_("Agency"), settings.agency),
        (_("Round"), str(line.number)),
        (_("Day"), day(line.day)),
        (_("Keeper"), line.custodian),
        (_("Entries that were kept locked"), str(line.entries)),
        *((one.label, str(one.number)) for one in _counts(report)),
    ]
    proofs = [
        (_("The line that was signed"), report.text),
        (_("Signature"), report.signature.hex()),
        (_("Salt of the counts"), report.salt.hex()),
    ]
    notes = [
        _(
            "The counts stand on this page alone. Keep it where nobody in the agency reads."
        ),
        _("Who has the salt can show that these are the counts that were signed for."),
    ]
    title = _("Keepers' round %(number)s", number=line.number)
    return draw_round(title, facts, proofs, notes, line.day)
