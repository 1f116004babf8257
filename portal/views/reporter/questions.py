"""Five questions before anything is written: asked, judged, carried along.

A view of a rung calls `page_before` first: it answers with the questions, or with why
the rung is closed; None lets the view go on. What is written in afterwards takes the
answers along in `reporter/_carried.html` (`carried`), so that each step judges them
anew with `judge_form`: a text that was typed is never lost for a rung that closed,
`rung_on_page` gives the reasons to the form's own page (`parts.reasons`).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from flask import request
from markupsafe import Markup
from werkzeug.wrappers import Response

from portal.categories import Category
from portal.errors import NoSuchCategoryError
from portal.forms import QUESTIONS, QuestionsForm
from portal.ladder import (
    CONDITION,
    Agency,
    Answers,
    JudgedRung,
    Ladder,
    Rule,
    Rung,
    Said,
    judge,
    judge_agency,
)
from portal.reports import OthersKnow
from portal.roster import list_custodians, list_officers
from portal.runtime import runtime
from portal.staff import count_staff
from portal.views.ladder import RungOnPage, Way, all_rungs, rungs_on_page, ways_to
from portal.views.languages import LANGUAGES, language
from portal.views.languages import gettext as _
from portal.views.reporter.report_page import answers_row
from portal.views.request import db
from portal.views.response import page, private_page


@dataclass(frozen=True)
class Question:
    """A short question with its answers as they stand on a page."""

    name: str
    legend: str
    about: str
    answers: Markup
    errors: list[str]


@dataclass(frozen=True)
class Kind:
    """A category in the list to choose from."""

    value: str
    label: str
    is_selected: bool


@dataclass(frozen=True)
class Carried:
    """An answer that a form takes along unseen."""

    name: str
    value: str


@dataclass(frozen=True)
class Reason:
    """Why a rule closes or shortens a rung."""

    text: str
    condition: str
    """What must be so, where the rule is a kind's own condition."""
    law: str
    """Empty until the agency has confirmed it."""


@dataclass(frozen=True)
class JudgedOnPage:
    """A rung, and whether it is open to somebody who answered like that."""

    rung: RungOnPage
    is_closed: bool
    limits: list[str]
    reasons: list[Reason]
    instead: list[Way]


def questions_part(form: QuestionsForm) -> dict[str, object]:
    """Return what `reporter/_questions.html` shows."""
    return {
        "form": form,
        "questions": [_question(form, name) for name in QUESTIONS],
        "kinds": _kinds(form.category.data or ""),
        "condition": _condition(form),
    }


def judge_form(form: QuestionsForm) -> Ladder | None:
    """Judge all rungs by what was answered; None: the form says what is wrong."""
    answers = form.answers(runtime().taxonomy)
    return judge(answers, find_agency()) if answers else None


def find_agency() -> Agency:
    """Return what the agency has, as far as rungs depend on it."""
    custodians = list_custodians(db())
    return Agency(
        staff_count=count_staff(db()),
        match_minimum_staff=runtime().settings.match_minimum_staff,
        custodian_count=sum(custodian.is_heard for custodian in custodians),
        has_free_officer=bool(list_officers(db())),
    )


def ladder_on_page(ladder: Ladder) -> list[JudgedOnPage]:
    """Return all rungs, open and closed, with what the rules say of each."""
    return [
        _on_page(ladder[shown.rung], shown, ladder.answers) for shown in rungs_on_page()
    ]


def rung_on_page(ladder: Ladder, rung: Rung) -> JudgedOnPage:
    """Return one rung for `reporter/_judged.html`, on the page of that rung."""
    (shown,) = [one for one in all_rungs() if one.rung is rung]
    return _on_page(ladder[rung], shown, ladder.answers)


def in_other_language(action: str) -> str:
    """Return where a form goes so as to come back in the other language."""
    (other,) = (code for code in LANGUAGES if code != language())
    return f"{action}?lang={other}"


def page_before(
    rung: Rung, form: QuestionsForm, action: str, notices: Sequence[str] = ()
) -> Response | None:
    """Return the page that stands before a rung; None: asked, and the rung is open.

    *action*: where the rung's forms go. *notices*: why the page comes again. Where
    the agency lacks what the rung needs, nobody is asked anything.
    """
    here = judge_agency(find_agency())
    if here[rung].is_closed:
        return _before(rung, form, action, judged=rung_on_page(here, rung), asks=False)
    if not form.was_asked or notices:
        return _before(rung, form, action, notices, http=_http(notices))
    ladder = judge_form(form)
    if ladder is None:
        return _before(rung, form, action, http=422)
    judged = rung_on_page(ladder, rung)
    if not judged.is_closed:
        return None
    return _before(rung, form, action, judged=judged)


def _http(notices: Sequence[str]) -> int:
    """Return what a page says of a form that comes again; who only looks sent none."""
    return 422 if notices and request.method == "POST" else 200


def _before(
    rung: Rung,
    form: QuestionsForm,
    action: str,
    notices: Sequence[str] = (),
    *,
    judged: JudgedOnPage | None = None,
    asks: bool = True,
    http: int = 200,
) -> Response:
    """Render it: of one size per language when it is empty, and of one with answers."""
    (shown,) = [one for one in all_rungs() if one.rung is rung]
    is_typed = request.method == "POST"
    fill = private_page if is_typed else page
    return fill(
        "reporter/before.html",
        http=http,
        **questions_part(form),
        rung=shown,
        judged=judged,
        is_closed=judged is not None,
        asks=asks,
        notices=notices,
        action=action,
        language_action=in_other_language(action) if is_typed else "",
    )


def carried(form: QuestionsForm) -> list[Carried]:
    """Return the answers as hidden fields, without what was left open."""
    names = (*QUESTIONS, "category", "condition", "asked")
    return [Carried(name, form[name].data) for name in names if form[name].data]


def _on_page(judged: JudgedRung, shown: RungOnPage, answers: Answers) -> JudgedOnPage:
    return JudgedOnPage(
        shown,
        judged.is_closed,
        list(_limits(judged)),
        [_reason(rule, answers.category) for rule in judged.rules],
        ways_to(judged.instead),
    )


def _limits(judged: JudgedRung) -> Iterator[str]:
    if judged.is_closed:
        return
    if judged.most_days:
        yield _("For %(days)d days at most.", days=judged.most_days)
    if judged.is_for_six:
        yield _("Only as the same leaflet for six people, never for one.")


def _reason(rule: Rule, category: Category | None) -> Reason:
    text = runtime().rule_texts[rule.name]
    is_condition = rule.name == CONDITION and category is not None
    return Reason(
        text=text.reason[language()],
        condition=category.condition[language()] if category and is_condition else "",
        law=text.law.get(language(), ""),
    )


def _question(form: QuestionsForm, name: str) -> Question:
    legends = {
        "money": (_("Did money, goods or a favour change hands?"), ""),
        "harm": (_("Is someone being harmed, or can evidence vanish?"), ""),
        "superior": (
            _("Is the person your superior, or an officer?"),
            _("Yes also where that person holds the evidence."),
        ),
        "others_know": (_("About how many know?"), ""),
        "only_witness": (_("Are you the only one who saw it?"), ""),
        "condition": (_("Is this so?"), ""),
    }
    legend, about = legends[name]
    field = form[name]
    vocabulary = OthersKnow if name == "others_know" else Said
    return Question(
        name, legend, about, answers_row(name, vocabulary, field.data), field.errors
    )


def _condition(form: QuestionsForm) -> Question | None:
    """Return the condition of the chosen kind as a question, where it has one."""
    try:
        condition = runtime().taxonomy.find(form.category.data or "").condition
    except NoSuchCategoryError:
        return None
    if not condition:
        return None
    return replace(_question(form, "condition"), about=condition[language()])


def _kinds(chosen: str) -> list[Kind]:
    taxonomy = runtime().taxonomy
    categories = map(taxonomy.find, taxonomy.codes)
    return [
        Kind(one.code, one.title[language()], one.code == chosen) for one in categories
    ]
