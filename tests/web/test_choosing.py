"""Choosing a rung: the start page, and five questions that leave no trace."""

import re

import pytest
from attackers import Loot, shape
from flask import Flask
from people import Form, Officer, Page, Person, Reporter

from portal.forms import QUESTIONS, QuestionsForm
from portal.ladder import RULES, Rung
from portal.settings import Settings
from portal.views.ladder import rungs_on_page
from portal.views.reporter.questions import carried, page_before

both_languages = pytest.mark.parametrize("lang", ["id", "en"])

NOT_YET = {"id": "Ini belum laporan.", "en": "This is not a report yet."}


def answer(person: Person, **answers: str) -> Page:
    """Answer some of the questions and leave the others open."""
    return person.send(person.get("/choose"), "/choose", **answers)


def rungs(page: Page) -> list[str]:
    """Return the rungs of the ladder on a page, as they stand there."""
    ladder = re.search(
        r'<ol class="line ladder numbers">(.*?)</ol>', page.html, re.DOTALL
    )
    assert ladder is not None
    return re.findall(
        r'<li(?: class="here")?>(?=<[ap] class="go").*?(?=<li[ >]|$)',
        ladder[1],
        re.DOTALL,
    )


@both_languages
def test_the_start_page_shows_the_rungs_and_what_is_no_report_first(
    reporter: Reporter, lang: str
) -> None:
    with reporter.app.test_request_context(f"/?lang={lang}"):
        reporter.app.preprocess_request()
        expected = rungs_on_page()

    shown = rungs(reporter.get(f"/?lang={lang}"))

    assert len(shown) == len(expected)
    for html, rung in zip(shown, expected, strict=True):
        assert (rung.href in html, rung.title in html) == (True, True)
        first = re.sub(r"<[^>]+>", "", html.partition("</a>")[2]).strip()
        assert first.startswith(NOT_YET[lang]) is rung.is_no_report


def test_the_ladder_has_six_rungs_of_which_four_are_no_report(
    reporter: Reporter,
) -> None:
    with reporter.app.test_request_context("/"):
        reporter.app.preprocess_request()
        marked = {one.rung: one.is_no_report for one in rungs_on_page()}

    assert marked == {
        **dict.fromkeys((Rung.NOTE, Rung.REMIND), True),
        **dict.fromkeys((Rung.HOLD_MATCH, Rung.HOLD_DATE), True),
        **dict.fromkeys((Rung.REPORT, Rung.OUTSIDE), False),
    }


@both_languages
def test_every_step_and_door_of_the_first_page_leads_somewhere(
    reporter: Reporter, lang: str
) -> None:
    page = reporter.get(f"/?lang={lang}")

    steps = re.findall(r'class="go" href="(/[^"]+)"', page.html)
    assert steps == [
        *("/case", "/guidance#outside", "/note", "/remind", "/note", "/hold/match"),
        *("/hold", "/report", "/guidance#outside", "/ask", "/mend", "/praise"),
    ]
    assert {reporter.get(step).status_code for step in steps} == {200}


def test_questions_and_answers_leave_no_trace(
    reporter: Reporter, settings: Settings
) -> None:
    before = Loot.of(settings.instance)

    page = answer(reporter, money="yes", harm="yes", others_know="1-2", category="SUAP")

    assert page.status_code == 200
    assert Loot.of(settings.instance) == before
    assert "Location" not in page.response.headers
    assert not re.search(r'(?:href|action)="[^"]*(?:SUAP|money|1-2)', page.html)
    assert not [c for c in page.response.headers.getlist("Set-Cookie") if "SUAP" in c]


def test_all_answers_look_alike_from_outside(reporter: Reporter) -> None:
    pages = [
        answer(reporter),
        answer(reporter, money="yes", harm="yes", superior="yes", category="GELAP"),
        answer(reporter, others_know="10+", only_witness="no", category="ETIK"),
    ]

    assert len({shape(page) for page in pages}) == 1
    assert len({len(page.response.data) for page in pages}) == 1


def test_what_was_answered_stands_in_the_form_again(reporter: Reporter) -> None:
    answers = {
        **dict.fromkeys(("money", "harm", "superior", "only_witness"), "no"),
        "others_know": "3-4",
        "category": "GRAT",
        "condition": "yes",
    }

    # The condition is asked once the kind is known.
    first = answer(reporter, **{k: v for k, v in answers.items() if k != "condition"})
    form = reporter.send(first, "/choose", condition="yes").form("/choose")

    assert {name: form.value(name) for name in answers} == answers


@both_languages
def test_a_kind_with_a_condition_asks_for_it(reporter: Reporter, lang: str) -> None:
    reporter.get(f"/?lang={lang}")

    page = answer(reporter, category="GRAT")

    condition = reporter.app.extensions["lurus"].taxonomy.find("GRAT").condition[lang]
    assert condition in page.text
    assert 'name="condition"' in page.html
    assert 'name="condition"' not in answer(reporter, category="ETIK").html


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *((name, "perhaps") for name in QUESTIONS),
        ("category", "NONE"),
        ("category", "<script>"),
        ("condition", "perhaps"),
    ],
)
def test_an_answer_that_no_page_offers_is_refused_with_the_rest_kept(
    reporter: Reporter, name: str, value: str
) -> None:
    others = {"money": "yes", "category": "GRAT"} | {name: value}

    page = answer(reporter, **others)

    assert page.status_code == 422
    assert 'role="alert"' in page.html
    assert "<script>" not in page.html
    assert kept(page.form("/choose"), name) == {"money": "yes", "category": "GRAT"}


def kept(form: Form, refused: str) -> dict[str, str]:
    """Return the two answers that were right; *refused* is as good as kept."""
    right = {"money": "yes", "category": "GRAT"}
    return {
        key: value if key == refused else form.value(key)
        for key, value in right.items()
    }


def test_a_form_without_its_key_is_shown_again_with_its_answers(
    reporter: Reporter,
) -> None:
    reporter.get("/")

    page = reporter.post("/choose", {"money": "yes", "others_know": "10+"})

    assert page.status_code == 422
    form = page.form("/choose")
    assert (form.value("money"), form.value("others_know")) == ("yes", "10+")
    assert reporter.send(page, "/choose").status_code == 200


def test_answers_survive_a_change_of_language(reporter: Reporter) -> None:
    page = answer(reporter, money="yes", others_know="10+")
    fields = dict(page.form("/choose").fields)

    other = reporter.post("/choose?lang=en", fields)

    assert '<html lang="en">' in other.html
    assert other.form("/choose").value("others_know") == "10+"


BEFORE = "/choose"


def before(app: Flask, rung: Rung, **answers: str) -> Page | None:
    """Return the page before a rung, as its own view would get it; None: go on."""
    with app.test_request_context(BEFORE, method="POST", data=answers):
        app.preprocess_request()
        shown = page_before(rung, QuestionsForm(), BEFORE)
        return Page(shown) if shown else None


def test_a_rung_that_the_agency_cannot_offer_asks_nothing(
    reporter: Reporter, keeper: Officer
) -> None:
    assert keeper

    page = before(reporter.app, Rung.HOLD_MATCH)

    assert page is not None
    assert "Daftar pegawai instansi ini terlalu pendek" in page.text
    assert page.forms == []


def test_before_a_rung_the_questions_are_asked(reporter: Reporter) -> None:
    page = before(reporter.app, Rung.REMIND)

    assert page is not None
    assert page.status_code == 200
    assert 'role="alert"' not in page.html
    assert page.form(BEFORE).value("asked") == "yes"


def test_a_closed_rung_says_why_before_anything_is_written(
    reporter: Reporter,
) -> None:
    page = before(
        reporter.app, Rung.REMIND, asked="yes", category="ASET", superior="yes"
    )

    assert page is not None
    assert "Ia atasan Anda, petugas, atau menguasai buktinya." in page.text
    assert page.form(BEFORE).value("superior") == "yes"


def test_a_wrong_answer_before_a_rung_is_asked_again(reporter: Reporter) -> None:
    page = before(reporter.app, Rung.REMIND, asked="yes", harm="perhaps", money="no")

    assert page is not None
    assert page.status_code == 422
    assert page.form(BEFORE).value("money") == "no"


def test_an_open_rung_lets_its_writer_go_on(
    reporter: Reporter, keeper: Officer
) -> None:
    assert keeper
    answers = {"asked": "yes", "category": "ASET", "others_know": "10+"}

    assert before(reporter.app, Rung.REMIND, **answers) is None
    assert before(reporter.app, Rung.HOLD_DATE, **answers) is None


def test_answers_are_carried_along_and_judged_again(app: Flask) -> None:
    answers = {"money": "yes", "category": "GRAT", "condition": "yes", "asked": "yes"}

    with app.test_request_context(BEFORE, method="POST", data=answers):
        hidden = {one.name: one.value for one in carried(QuestionsForm())}

    assert hidden == answers


def test_every_rule_is_called_by_what_is_said_of_it(app: Flask) -> None:
    assert app.extensions["lurus"].rule_texts.keys() == {rule.name for rule in RULES}


def test_people_at_work_may_ask_too(officer: Officer) -> None:
    assert answer(officer, money="no").status_code == 200
