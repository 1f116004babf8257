"""Promise 15: bodies of cases, previews and refused forms are multiples of 32 KiB.

Random filler, ``no-store, no-transform``; status line, header names and lengths are
equal over 300 random states of a case. Every other reporter page has one size per
language.
"""

import random
import re

import pytest
from attackers import body_size, shape
from builders import receive_file
from conftest import Clock
from people import Officer, Page, Reporter, code_on
from sqlalchemy.orm import Session

from crypto import CaseCode

STEP = 32 * 1024
STATES = 300
ACTS_OF_A_CASE = 10
TYPED = "Pungutan di loket tiga. "


@pytest.mark.slow
def test_300_states_of_a_case_look_alike(
    reporter: Reporter, officer: Officer, clock: Clock
) -> None:
    pages: list[Page] = []
    for case in range(1, 1 + STATES // ACTS_OF_A_CASE):
        pages += live_a_case(Reporter(reporter.app), officer)
        if case % 10 == 0:
            # Every look at the clock takes two seconds: the session is nearly over.
            officer.log_in(clock.timestamp)

    assert len(pages) == STATES
    assert {body_size(page) % STEP for page in pages} == {0}
    assert len({shape(page) for page in pages}) == 1
    assert pages[0].status_code == 200


@pytest.mark.parametrize("length", [1, 100, 2000, 4000])
def test_a_preview_is_filled_up(reporter: Reporter, length: int) -> None:
    page = reporter.preview((TYPED * 200)[:length])

    assert body_size(page) % STEP == 0
    assert page.response.headers["Cache-Control"] == "no-store, no-transform"


@pytest.mark.parametrize("length", [1, 2000, 4001, 9000])
@pytest.mark.parametrize("lang", ["id", "en"])
def test_pages_that_give_typed_text_back_are_filled_up(
    reporter: Reporter, length: int, lang: str
) -> None:
    reporter.get(f"/?lang={lang}")
    text = (TYPED * 400)[:length]

    pages = [*refused_forms(reporter, text)]

    assert [body_size(page) % STEP for page in pages] == [0] * len(pages)
    assert all(TYPED[:length].strip() in page.html for page in pages)


def test_files_change_nothing_but_the_number_of_steps(
    reporter: Reporter, session: Session
) -> None:
    """Neither how many came, nor what was found in them, shows in a length."""
    tokens = [receive_file(session, name="x" * n).token.reveal() for n in (5, 60, 90)]
    previews = [reporter.preview(TYPED, kept=tokens[:count]) for count in range(4)]
    codes = [
        code_on(reporter.send(page, "/report", step="hand-in"))
        for page in (previews[0], previews[3])
    ]

    returning = [Reporter(reporter.app) for _code in codes]
    cases = [one.open_case(code) for one, code in zip(returning, codes, strict=True)]
    show_own(returning[1])
    cases.append(returning[1].get("/case"))

    assert {body_size(page) % STEP for page in [*previews, *cases]} == {0}
    assert len({shape(page) for page in cases}) == 1
    assert len({shape(page) for page in previews}) == 1


def test_the_filler_is_random(reporter: Reporter) -> None:
    reporter.open_case(reporter.hand_in(TYPED))

    fillers = {filler_of(reporter.get("/case")) for _ in range(5)}

    assert len(fillers) == 5
    assert min(len(set(filler)) for filler in fillers) == 16


@pytest.mark.parametrize("lang", ["id", "en"])
@pytest.mark.parametrize(
    "path", ["/", "/guidance", "/limits", "/keys", "/mend", "/report", "/case"]
)
def test_every_other_page_has_one_size_per_language(
    reporter: Reporter, path: str, lang: str
) -> None:
    people = [Reporter(reporter.app) for _ in range(4)]
    [person.get(f"/?lang={lang}") for person in people[:3]]

    sizes = {body_size(person.get(f"{path}?lang={lang}")) for person in people}

    assert len(sizes) == 1


@pytest.mark.parametrize("lang", ["id", "en"])
def test_the_page_with_the_code_has_one_size_whatever_was_handed_in(
    reporter: Reporter, lang: str
) -> None:
    reporter.get(f"/?lang={lang}")
    previews = [reporter.preview(TYPED), reporter.preview(TYPED * 150, how=TYPED * 99)]

    pages = [reporter.send(page, "/report", step="hand-in") for page in previews * 2]

    assert {page.status_code for page in pages} == {200}
    assert len({body_size(page) for page in pages}) == 1
    assert len({shape(page) for page in pages}) == 1


@pytest.mark.parametrize("lang", ["id", "en"])
def test_a_right_and_a_wrong_group_get_pages_of_one_size(
    reporter: Reporter, lang: str
) -> None:
    reporter.get(f"/?lang={lang}")
    preview = reporter.preview(TYPED)
    page = reporter.send(preview, "/report", step="hand-in")
    number = int(re.search(r'<label for="group">[^<]*?(\d)', page.html)[1])
    code = "".join(re.findall(r"<span>(\w{4})</span>", page.html))

    wrong = reporter.send(page, "/report/code", group="0000")
    right = reporter.send(page, "/report/code", group=code[4 * number - 4 : 4 * number])

    assert (wrong.status_code, right.status_code) == (422, 200)
    assert body_size(wrong) == body_size(right)


def live_a_case(reporter: Reporter, officer: Officer) -> list[Page]:
    """Let anything happen to a case; return its page after each act."""
    reporter.open_case(reporter.hand_in(words()))
    known = set(officer.case_paths())
    path = random.choice(sorted(known))
    own = newest_path(officer, reporter) or path
    return [one_act(reporter, officer, own) for _ in range(ACTS_OF_A_CASE)]


def newest_path(officer: Officer, reporter: Reporter) -> str:
    """Mark the reporter's case by a message, so that the officer finds it."""
    mark = f"Tanda {random.getrandbits(64)}"
    reporter.write(mark)
    paths = officer.case_paths()
    return next((path for path in paths if mark in officer.get(path).text), "")


def one_act(reporter: Reporter, officer: Officer, path: str) -> Page:
    acts = [
        lambda: reporter.write(words()),
        lambda: show_own(reporter),
        lambda: officer.act(path, "message", text=words()),
        lambda: officer.act(path, "note", text=words()),
        lambda: officer.act(path, "triage", severity="4", reason=words()[:1900]),
        lambda: officer.act(path, "status", to=random.choice(MOVES), reason="Perlu."),
        lambda: officer.act(
            path, "status", to="closed", outcome="not-proven", message=words()
        ),
    ]
    random.choice(acts)()
    return reporter.get("/case")


def show_own(reporter: Reporter) -> None:
    page = reporter.get("/case")
    if "/case/mine" in page.html:
        reporter.send(page, "/case/mine")


MOVES = ("acknowledged", "verified", "more-information", "assessed", "addressed")


def words() -> str:
    return (TYPED * 160)[: random.choice([1, 30, 300, 3800])] or "Ya"


def refused_forms(reporter: Reporter, text: str) -> list[Page]:
    """Send forms that are refused for every reason; each gives *text* back."""
    other = Reporter(reporter.app)
    other.get("/?lang=" + reporter.client.get_cookie("lang").value)
    ended = {"csrf_token": "", "text": text}
    code = f"{text} {CaseCode.generate().reveal()}"
    unknown = {"code": CaseCode.generate().reveal(), "text": text}
    return [
        reporter.preview(text, category=""),
        reporter.preview(code),
        reporter.preview(text, how="x" * 5000),
        reporter.send(reporter.get("/report"), "/report", csrf_token="", what=text),
        reporter.send(reporter.get("/case"), "/case/open", **unknown),
        reporter.send(reporter.get("/case"), "/case/open", code="x", text=text),
        other.post("/case/message", ended),
    ]


def filler_of(page: Page) -> str:
    found = re.search(r"<!--([0-9a-f]*)-->$", page.html)
    assert found is not None
    return found[1]
