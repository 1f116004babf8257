"""Facts of the process: what the portal says to each question of the sheet."""

from dataclasses import dataclass

from werkzeug.wrappers import Response

from portal import sheet_facts
from portal.evaluation_sheet import PaperWord, Question
from portal.runtime import runtime
from portal.sheet_facts import SheetFacts
from portal.sheet_statements import Statement
from portal.views.administrator.evaluations import evaluations_on_page, findings_on_page
from portal.views.evaluator.blueprint import bp
from portal.views.languages import language
from portal.views.request import db
from portal.views.response import page


@dataclass(frozen=True)
class MissingOnPage:
    """What is missing, and what to do about it."""

    sentence: str
    todo: str


@dataclass(frozen=True)
class QuestionOnPage:
    """A question of the sheet with all that is stated to it."""

    key: str
    text: str
    verdict: str
    sentences: tuple[str, ...]
    documents: tuple[str, ...]
    unconfirmed: str
    """That nobody has compared its words yet; empty: somebody has."""


@bp.get("/process")
def process() -> Response:
    """Show what is stated of the present year, and the register."""
    today = runtime().today()
    facts = sheet_facts.read_facts(
        db(), today.year, runtime().settings.terms, today, checks_record=False
    )
    said = {word.name.lower(): _word(word) for word in _SAID}
    return page(
        "evaluator/process.html",
        year=facts.year,
        said=said,
        missing=_missing(facts),
        questions=[_question(one, facts) for one in runtime().sheet.questions],
        evaluations=evaluations_on_page(facts.evaluations),
        findings=findings_on_page(facts.findings),
    )


_SAID = (
    *(PaperWord.NO_REPORT, PaperWord.ONLY_KNOWN, PaperWord.MISSING),
    *(PaperWord.NOTHING_MISSING, PaperWord.RECORDS, PaperWord.DOCUMENTS),
    *(PaperWord.BLANK, PaperWord.BLANK_BECAUSE, PaperWord.REGISTER, PaperWord.NONE),
)


def _word(word: PaperWord) -> str:
    return runtime().sheet.word(word, language())


def _sentence(one: Statement) -> str:
    return runtime().sheet.sentence(one.key, one.values, language())


def _missing(facts: SheetFacts) -> list[MissingOnPage]:
    todos = [
        (one, runtime().sheet.todo(one.key, language())) for one in facts.statements
    ]
    return [MissingOnPage(_sentence(one), todo) for one, todo in todos if todo]


def _question(question: Question, facts: SheetFacts) -> QuestionOnPage:
    sheet, here = runtime().sheet, language()
    support = facts.supports.get(question.key)
    verdict = sheet.word(PaperWord.UNKNOWN, here)
    if support:
        verdict = sheet.word(support.word, here, letter=support.letter)
    unconfirmed = sheet.word(PaperWord.UNCONFIRMED, here)
    return QuestionOnPage(
        key=question.key,
        text=question.text[here],
        verdict=verdict,
        sentences=tuple(map(_sentence, facts.of(question.statements))),
        documents=tuple(one.label[here] for one in question.documents),
        unconfirmed="" if question.is_confirmed else unconfirmed,
    )
