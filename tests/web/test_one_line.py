"""A reporter's case is one line: steps and messages as they came about."""

import re

import pytest
from people import Officer, Page, Reporter

QUESTION = "Apakah masih terjadi?"
ANSWER = "Ya, Senin kemarin juga."
THANKS = "Terima kasih, kami periksa."


def stations(page: Page) -> list[str]:
    """Return what stands on the line, a text each; days and marks left out."""
    line = page.html.partition('<ol class="line thread">')[2].partition("</ol>")[0]
    items = re.findall(r"<li.*?</li>", line, re.DOTALL)
    without_days = [re.sub(r"<time.*?</time>", "", item) for item in items]
    return [" ".join(re.sub(r"<[^>]+>", " ", item).split()) for item in without_days]


def test_steps_and_messages_stand_in_the_order_of_their_days(
    reporter: Reporter, officer: Officer, clock
):
    code = reporter.hand_in("Ada pungutan di loket tiga.")
    (path,) = officer.case_paths()
    officer.act(path, "status", to="acknowledged")
    officer.act(path, "message", text=QUESTION)
    clock.pass_by(days=1)
    reporter.open_case(code)
    reporter.write(ANSWER)
    clock.pass_by(days=1)
    officer.log_in(clock.timestamp)
    officer.act(path, "status", to="verified", message=THANKS)

    line = stations(reporter.open_case(code))

    assert line[:7] == [
        "Laporan masuk",
        "Laporan Anda Tersimpan dan terkunci.",
        "Diterima",
        f"Petugas {QUESTION}",
        "Anda Tersimpan dan terkunci.",
        "Diverifikasi",
        f"Petugas {THANKS}",
    ]
    assert line[7:] == ["Hasil, paling lambat"]


@pytest.mark.parametrize("days", [0, 2])
def test_the_report_stands_right_behind_its_step(
    reporter: Reporter, officer: Officer, clock, days: int
):
    code = reporter.hand_in("Ada pungutan di loket tiga.")
    (path,) = officer.case_paths()
    clock.pass_by(days=days)
    officer.log_in(clock.timestamp)
    officer.act(path, "status", to="acknowledged")

    line = stations(reporter.open_case(code))

    assert line[1].startswith("Laporan Anda")
    assert line[2] == "Diterima"


def test_own_words_come_back_as_questions_and_answers(reporter: Reporter):
    code = reporter.hand_in("Ada pungutan di loket tiga.", where="Loket tiga")
    page = reporter.open_case(code)

    reporter.send(page, "/case/mine")
    shown = reporter.get("/case")

    assert 'Di mana</dt><dd class="text">Loket tiga</dd>' in shown.html
    assert "Tersimpan dan terkunci." not in stations(shown)[1]


def test_a_case_without_an_answer_says_where_it_will_stand(
    reporter: Reporter, officer: Officer
):
    code = reporter.hand_in("Ada pungutan di loket tiga.")
    sentence = "Jawaban dan pertanyaan petugas akan tampil di sini."

    before = reporter.open_case(code)
    (path,) = officer.case_paths()
    officer.act(path, "message", text=QUESTION)
    after = reporter.get("/case")

    assert sentence in before.text
    assert sentence not in after.text


ASKED = (
    "Petugas bertanya kepada Anda. "
    "Pertanyaannya ada di bawah; Anda boleh tidak menjawab."
)


@pytest.mark.parametrize(
    ("messages", "is_said"),
    [
        ([QUESTION], True),
        (["", QUESTION], True),
        ([QUESTION, QUESTION], True),
        ([""], False),
        ([QUESTION, ""], False),
    ],
)
def test_a_question_is_announced_where_it_came_with_words(
    reporter: Reporter, officer: Officer, messages: list[str], is_said: bool
):
    code = reporter.hand_in("Ada pungutan di loket tiga.")
    (path,) = officer.case_paths()
    for message in messages:
        officer.act(path, "status", to="acknowledged")
        officer.act(path, "status", to="more-information", message=message)

    page = reporter.open_case(code)

    assert 'data-status="more-information"' in page.html
    assert (ASKED in page.text) is is_said


@pytest.mark.parametrize(
    ("question", "act", "fields"),
    [
        ("", "message", {"text": THANKS}),
        (QUESTION, "status", {"to": "acknowledged", "message": THANKS}),
    ],
)
def test_a_message_that_is_no_question_announces_none(
    reporter: Reporter,
    officer: Officer,
    question: str,
    act: str,
    fields: dict[str, str],
):
    code = reporter.hand_in("Ada pungutan di loket tiga.")
    (path,) = officer.case_paths()
    officer.act(path, "status", to="acknowledged")
    officer.act(path, "status", to="more-information", message=question)
    officer.act(path, act, **fields)

    page = reporter.open_case(code)

    assert THANKS in page.text
    assert ASKED not in page.text
