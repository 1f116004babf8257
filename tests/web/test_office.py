"""The officers' desk: the list, finding, and everything that is done to a case."""

import datetime as dt
import re
from typing import Any

import pytest
from builders import TODAY, a_report, hand_in
from people import Officer, Page, Reporter
from sqlalchemy import select
from sqlalchemy.orm import Session

from crypto import Identity
from portal.answers import read_answers
from portal.cases import Duty
from portal.database import find_instance_id
from portal.models import Person as PersonRow

ANSWERS = read_answers()


def titles(page: Page) -> list[str]:
    """Return the titles of a list, from top to bottom."""
    return re.findall(r'<a class="text" [^>]*>(.*?)</a>', page.html)


def hand_in_many(session: Session, count: int) -> None:
    """Hand in reports without a browser, called by their number, five a week."""
    row = session.scalars(select(PersonRow)).one()
    reader = Duty(row, Identity.generate(), find_instance_id(session))
    for number in range(count):
        day = TODAY + dt.timedelta(weeks=number // 5)
        hand_in(session, reader, report=a_report(f"nomor {number}"), today=day)


def all_pages(officer: Officer, path: str = "/office/") -> list[Page]:
    """Turn the pages of the list up to the last."""
    pages = [officer.get(path)]
    while "next" in (link := pages[-1].html):
        following = re.search(r'href="([^"]*)" rel="next"', link)
        if following is None:
            break
        pages.append(officer.get(following[1].replace("&amp;", "&")))
    return pages


def english(officer: Officer) -> None:
    officer.get("/?lang=en")


def one_case(reporter: Reporter, officer: Officer, *steps: str, **answers: Any) -> str:
    """Hand in a report and lead it some steps on; return its address."""
    reporter.hand_in("Ada pungutan di loket.", **answers)
    (path,) = officer.case_paths()
    for to in steps:
        officer.act(path, "status", to=to, message="Terima kasih.", reason="Ada.")
    return path


# The list


def test_what_waits_stands_first_then_the_nearest_due_day(
    reporter: Reporter, officer: Officer, clock: Any
) -> None:
    one_case(reporter, officer, "acknowledged")
    reporter.hand_in("baru kemarin")
    clock.pass_by(days=-7)
    reporter.hand_in("minggu lalu")

    page = officer.get("/office/")

    assert titles(page) == ["minggu lalu", "baru kemarin", "Ada pungutan di loket."]


def test_a_case_past_its_due_day_is_marked(
    reporter: Reporter, officer: Officer, clock: Any
) -> None:
    reporter.hand_in("Ada pungutan.")
    before = officer.get("/office/").html
    clock.pass_by(days=4)
    officer.log_in(clock.timestamp)

    after = officer.get("/office/").html

    assert 'class="overdue"' not in before
    assert 'class="overdue"' in after


def test_more_than_a_page_is_turned_without_gap_or_double(
    officer: Officer, session: Session
) -> None:
    hand_in_many(session, 53)

    pages = all_pages(officer)

    assert [len(titles(page)) for page in pages] == [50, 3]
    assert [one for page in pages for one in titles(page)] == sorted(
        (one for page in pages for one in titles(page)), key=day_of
    )
    assert len({one for page in pages for one in titles(page)}) == 53


def day_of(title: str) -> int:
    return int(title.removeprefix("nomor ")) // 5


def test_a_filter_stays_on_the_next_page(officer: Officer, session: Session) -> None:
    hand_in_many(session, 52)
    newest = officer.case_paths()[0]
    officer.act(newest, "status", to="acknowledged")

    pages = all_pages(officer, "/office/?status=submitted")

    assert [len(titles(page)) for page in pages] == [50, 1]


def test_the_first_page_can_be_had_again(officer: Officer, session: Session) -> None:
    hand_in_many(session, 51)

    last = all_pages(officer)[-1]

    assert re.search(r'<a class="button second" href="/office/">', last.html)


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("", 2),
        ("?status=submitted", 1),
        ("?status=acknowledged", 1),
        ("?status=closed", 0),
        ("?waiting=yes", 1),
    ],
)
def test_the_list_is_filtered_by_status_and_by_waiting(
    reporter: Reporter, officer: Officer, query: str, count: int
) -> None:
    one_case(reporter, officer, "acknowledged")
    reporter.hand_in("baru")

    assert len(titles(officer.get(f"/office/{query}"))) == count


def test_how_many_wait_is_said(reporter: Reporter, officer: Officer) -> None:
    english(officer)
    nothing = officer.get("/office/")
    reporter.hand_in("satu")
    one = officer.get("/office/")
    reporter.hand_in("dua")

    assert "Nothing is waiting for an officer." in nothing.text
    assert "1 case is waiting for an officer." in one.text
    assert "2 cases are waiting for an officer." in officer.get("/office/").text


# Finding


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ({"q": "loket"}, ["Pungutan di loket", "loket dua"]),
        ({"q": "LOKET dua"}, ["loket dua"]),
        ({"q": "mutasi"}, ["Pungutan di loket"]),
        ({"category": "SUAP"}, ["loket dua"]),
        ({"severity": "1"}, ["mobil dinas"]),
        ({"q": "loket", "severity": "4"}, ["loket dua"]),
        ({"q": "tidak ada"}, []),
        ({"q": "%"}, []),
        ({"severity": "9"}, ["Pungutan di loket", "loket dua", "mobil dinas"]),
        ({"q": "\x00"}, []),
        ({}, ["Pungutan di loket", "loket dua", "mobil dinas"]),
    ],
)
def test_cases_are_found_by_words_kind_and_severity(
    reporter: Reporter, officer: Officer, wanted: dict[str, str], found: list[str]
) -> None:
    reporter.hand_in("Pungutan di loket", who_unit="Bidang Mutasi")
    reporter.hand_in("loket dua", category="SUAP")
    reporter.hand_in("mobil dinas", category="ASET")

    page = officer.send(officer.get("/office/"), "/office/find", **wanted)

    assert page.status_code == 200
    assert sorted(titles(page)) == sorted(found)


def test_what_is_looked_for_never_stands_in_an_address(
    reporter: Reporter, officer: Officer
) -> None:
    reporter.hand_in("Pungutan di loket")

    page = officer.send(officer.get("/office/"), "/office/find", q="rahasia sekali")

    assert not re.search(r'(?:href|action)="[^"]*rahasia', page.html)
    assert page.form("/office/find").value("q") == "rahasia sekali"


# Judging


def test_a_judgement_is_shown_and_decides_the_priority(
    reporter: Reporter, officer: Officer
) -> None:
    english(officer)
    path = one_case(reporter, officer)

    officer.act(path, "triage", likelihood="3", victim_at_risk="yes", title="Loket")

    page = officer.get(path)
    assert "3 of 3" in page.text
    assert "score 12" in page.text
    assert 'class="badge p1">P1<' in page.html
    assert titles(officer.get("/office/")) == ["Loket"]


def test_ticks_of_a_judgement_can_be_taken_back(
    reporter: Reporter, officer: Officer
) -> None:
    path = one_case(reporter, officer, ongoing="yes")
    before = officer.get(path).form(f"{path}/triage").value("ongoing")

    officer.act(path, "triage", ongoing=[])

    assert before == "yes"
    assert officer.get(path).form(f"{path}/triage").value("ongoing") == ""


def test_another_severity_is_kept_with_its_reason(
    reporter: Reporter, officer: Officer
) -> None:
    path = one_case(reporter, officer)

    refused = officer.act(path, "triage", severity="4")
    officer.act(path, "triage", severity="4", reason="Banyak yang dirugikan.")

    page = officer.get(path)
    assert refused.status_code == 422
    assert page.form(f"{path}/triage").value("severity") == "4"
    assert "Banyak yang dirugikan." in page.text


@pytest.mark.parametrize(
    ("lang", "name", "words"),
    [
        ("id", "severity", "1 ringan, 2 sedang, 3 berat, 4 sangat berat"),
        ("en", "severity", "1 slight, 2 moderate, 3 serious, 4 very serious"),
        ("id", "likelihood", "1 kecil, 2 mungkin, 3 hampir pasti"),
        ("en", "likelihood", "1 unlikely, 2 possible, 3 almost certain"),
    ],
)
def test_the_numbers_of_a_judgement_have_words(
    reporter: Reporter, officer: Officer, lang: str, name: str, words: str
) -> None:
    path = one_case(reporter, officer)

    page = officer.get(f"{path}?lang={lang}").html

    menu = page.partition(f'id="triage-{name}" ')[2].partition("</select>")[0]
    options = re.findall(r'<option value="(\d)"[^>]*>(.*?)</option>', menu)
    assert ", ".join(label for _, label in options) == words
    assert all(label.startswith(value) for value, label in options)


# Moving


def test_closing_without_words_to_the_reporter_is_refused(
    reporter: Reporter, officer: Officer
) -> None:
    english(officer)
    path = one_case(reporter, officer, "acknowledged")

    refused = officer.act(path, "status", to="closed", outcome="not-proven")

    form = refused.form(f"{path}/status")
    assert refused.status_code == 422
    assert "Please write to the reporter, in plain words." in refused.text
    assert (form.value("to"), form.value("outcome")) == ("closed", "not-proven")


@pytest.mark.parametrize(
    ("ways", "is_asked"),
    [
        ((), False),
        (("acknowledged",), True),
        (("acknowledged", "not-actionable"), False),
    ],
)
def test_an_outcome_is_asked_for_where_the_case_can_be_closed(
    reporter: Reporter, officer: Officer, ways: tuple[str, ...], is_asked: bool
) -> None:
    path = one_case(reporter, officer, *ways)

    assert ('name="outcome"' in officer.get(path).html) is is_asked


def test_everything_that_closing_lacks_is_named_at_once(
    reporter: Reporter, officer: Officer
) -> None:
    path = one_case(reporter, officer, "acknowledged", "verified", others_know="1-2")

    refused = officer.act(path, "status", to="closed")

    told = refused.html.partition('role="alert"')[2].partition("</ul>")[0]
    missing = re.findall(r'href="#status-(\w+)"', told)
    at_their_fields = re.findall(r'class="error" id="status-(\w+)-error"', refused.html)
    assert missing == at_their_fields == ["outcome", "message", "reason"]


def test_the_reporter_sees_the_class_of_the_outcome_and_never_the_reason(
    reporter: Reporter, officer: Officer
) -> None:
    code = reporter.hand_in("Ada pungutan.")
    (path,) = officer.case_paths()
    officer.act(path, "status", to="acknowledged")
    closing = {"outcome": "proven-discipline", "message": "Loket kini diawasi."}

    officer.act(path, "status", to="closed", reason="Diberi sanksi sedang.", **closing)

    reporter.get("/?lang=en")
    seen = reporter.open_case(code)
    assert "Result: Proven" in seen.text
    assert "Loket kini diawasi." in seen.text
    assert not re.search("disciplin|sanksi", seen.html, re.IGNORECASE)


def test_a_closed_case_is_reopened_with_a_reason(
    reporter: Reporter, officer: Officer
) -> None:
    path = one_case(reporter, officer, "acknowledged")
    closing = {"to": "closed", "outcome": "not-proven", "message": "Tidak terbukti."}
    officer.act(path, "status", **closing)

    told = officer.get(f"{path}?lang=en").text
    refused = officer.act(path, "status", to="addressed")
    reopened = officer.act(path, "status", to="addressed", reason="Ada bukti baru.")

    assert (refused.status_code, reopened.status_code) == (422, 303)
    assert 'data-status="addressed"' in officer.get(path).html
    assert "its days begin anew, this once: the next deadline is then 7 March" in told
    officer.act(path, "status", **closing)
    assert (
        "the days of before hold: the next deadline is 7 March"
        in officer.get(path).text
    )


@pytest.mark.parametrize(
    "answers", [{"others_know": "1-2"}, {"avoid": "Jangan telepon unit itu."}]
)
def test_where_few_know_the_page_warns_and_asks_how_the_source_is_protected(
    reporter: Reporter, officer: Officer, answers: dict[str, str]
) -> None:
    english(officer)
    path = one_case(reporter, officer, "acknowledged", "verified", **answers)
    warned = officer.get(path)

    refused = officer.act(path, "status", to="assessed")
    moved = officer.act(
        path, "status", to="assessed", reason="Tanya lewat daftar hadir."
    )

    assert "write how the source is protected" in warned.text
    assert (refused.status_code, moved.status_code) == (422, 303)
    assert "Tanya lewat daftar hadir." in officer.get(path).text


@pytest.mark.parametrize("last", ["assessed", "not-actionable"])
def test_no_plan_is_asked_for_once_a_case_has_gone_on_or_is_over(
    reporter: Reporter, officer: Officer, last: str
) -> None:
    english(officer)
    steps = ("acknowledged", "verified", last)

    page = officer.get(one_case(reporter, officer, *steps, others_know="1-2"))

    assert "the reporter is easily guessed" in page.text
    assert "Before you go on from Verified" not in page.text


def test_without_a_need_no_plan_is_asked_for(
    reporter: Reporter, officer: Officer
) -> None:
    english(officer)
    path = one_case(reporter, officer, "acknowledged", "verified", others_know="10+")

    moved = officer.act(path, "status", to="assessed")

    assert moved.status_code == 303
    assert "source is protected" not in officer.get(path).text.split("Answer the")[0]


# Writing


def test_every_link_of_a_case_has_a_name(reporter: Reporter, officer: Officer) -> None:
    reporter.hand_in("Ada pungutan.")
    (path,) = officer.case_paths()

    page = officer.get(path)

    links = re.findall(r"<a [^>]*>(.*?)</a>", page.html, re.DOTALL)
    assert [link for link in links if not re.sub("<[^>]*>", "", link).strip()] == []
    assert page.html.count("?answer=") == len(ANSWERS)


def test_every_sample_answer_can_be_begun_with(
    reporter: Reporter, officer: Officer
) -> None:
    path = one_case(reporter, officer)

    begun = [officer.get(f"{path}?answer={answer.key}") for answer in ANSWERS]

    texts = [page.form(f"{path}/message").value("text") for page in begun]
    assert len(texts) >= 8
    assert texts == [answer.text["id"].strip() for answer in ANSWERS]


@pytest.mark.parametrize("key", ["nonsense", "", "%00"])
def test_an_unknown_sample_answer_begins_nothing(
    reporter: Reporter, officer: Officer, key: str
) -> None:
    path = one_case(reporter, officer)

    page = officer.get(f"{path}?answer={key}")

    assert page.status_code == 200
    assert page.form(f"{path}/message").value("text") == ""


def test_an_internal_note_is_never_the_reporters(
    reporter: Reporter, officer: Officer
) -> None:
    code = reporter.hand_in("Ada pungutan.")
    (path,) = officer.case_paths()

    officer.act(path, "note", text="Hati-hati dengan unit itu.")

    seen = reporter.open_case(code)
    assert "Hati-hati" in officer.get(path).text
    assert "Hati-hati" not in seen.html
    assert 'data-author="note"' not in seen.html


def test_messages_say_who_wrote_them(reporter: Reporter, officer: Officer) -> None:
    code = reporter.hand_in("Ada pungutan.")
    (path,) = officer.case_paths()
    officer.act(path, "message", text="Masih terjadi?")
    reporter.open_case(code)
    reporter.write("Ya, Senin kemarin.")

    html = officer.get(path).html

    authors = re.findall(r'<article class="message" data-author="(\w+)"', html)
    assert authors == ["officer", "reporter"]


def test_a_reporters_own_texts_are_shown_when_asked_for_and_for_one_visit(
    reporter: Reporter,
) -> None:
    code = reporter.hand_in("Ada pungutan di loket.")
    hidden = reporter.open_case(code)

    reporter.send(hidden, "/case/mine")
    shown = reporter.get("/case")
    reporter.send(shown, "/case/leave")

    assert "loket" not in hidden.text
    assert "Ada pungutan di loket." in shown.text
    assert "loket" not in reporter.open_case(code).text


def test_the_calendar_says_nothing_and_the_same_to_everybody(
    reporter: Reporter, officer: Officer
) -> None:
    reporter.hand_in("Ada pungutan.")

    calendars = {
        person.get("/office/calendar.ics").html for person in (reporter, officer)
    }

    (calendar,) = calendars
    assert "SUMMARY:Portal\r\n" in calendar
    assert "BEGIN:VALARM" not in calendar


# Acknowledging from the row


def row_form(page: Page) -> str:
    """Return where the first row's button leads."""
    return next(form.action for form in page.forms if form.action.endswith("/status"))


def test_a_submitted_case_is_acknowledged_from_its_row(
    reporter: Reporter, officer: Officer
) -> None:
    path = one_case(reporter, officer)
    page = officer.get("/office/?status=submitted")

    done = officer.send(page, row_form(page))

    case_id = path.rpartition("/")[2]
    expected = f"/office/?status=submitted#case-{case_id}"
    assert (done.status_code, done.response.headers["Location"]) == (303, expected)
    assert 'data-status="acknowledged"' in officer.get(path).html


def test_the_button_of_a_row_is_called_by_its_case(
    reporter: Reporter, officer: Officer
) -> None:
    one_case(reporter, officer)

    page = officer.get("/office/").html

    button = re.search(r'<button[^>]* aria-labelledby="(\S+) (\S+)"', page)
    assert button is not None
    assert f'id="{button[1]}"' in page
    assert f'id="{button[2]}" href="/office/cases/' in page


def test_an_acknowledged_case_has_no_such_button(
    reporter: Reporter, officer: Officer
) -> None:
    one_case(reporter, officer, "acknowledged")

    page = officer.get("/office/")

    assert [form for form in page.forms if form.action.endswith("/status")] == []


def test_a_row_that_a_colleague_was_faster_in_says_so_and_changes_nothing(
    reporter: Reporter, officer: Officer
) -> None:
    path = one_case(reporter, officer)
    old = officer.get("/office/")
    officer.act(path, "status", to="acknowledged")

    done = officer.send(old, row_form(old))

    assert done.status_code == 422
    assert "Langkah ini tidak bisa diambil dari status sekarang" in done.text


@pytest.mark.parametrize(
    "back", ["https://attacker.example/", "after=!&status=no", "\n"]
)
def test_a_row_leads_back_to_the_list_and_nowhere_else(
    reporter: Reporter, officer: Officer, back: str
) -> None:
    one_case(reporter, officer)
    page = officer.get("/office/")

    done = officer.send(page, row_form(page), back=back)

    assert done.response.headers["Location"].startswith("/office/#case-")


# What officers stumbled over


def test_overdue_is_a_word_and_not_a_colour_alone(
    reporter: Reporter, officer: Officer, clock: Any
) -> None:
    path = one_case(reporter, officer)
    clock.pass_by(days=30)
    officer.log_in(clock.timestamp)

    assert "lewat tenggat" in officer.get("/office/").text
    assert "lewat tenggat sejak" in officer.get(path).text


def test_a_search_says_that_it_shows_the_first_alone(
    officer: Officer, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("portal.desk.MOST_FOUND", 2)
    hand_in_many(session, 3)
    page = officer.get("/office/")

    some = officer.send(page, "/office/find", q="nomor")
    one = officer.send(page, "/office/find", q="2")

    assert "Hanya 2 kasus pertama" in some.text
    assert "kasus pertama" not in one.text


# What is new


def test_a_case_is_called_new_until_it_was_opened(
    reporter: Reporter, officer: Officer
) -> None:
    path = one_case(reporter, officer)
    before = officer.get("/office/").html

    officer.get(path)

    assert NEW in before
    assert NEW not in officer.get("/office/").html


NEW = '<strong class="badge">baru</strong>'


def test_what_the_reporter_wrote_since_is_found_by_the_filter(
    reporter: Reporter, officer: Officer
) -> None:
    code = reporter.hand_in("Ada pungutan di loket.")
    (path,) = officer.case_paths()
    officer.get(path)
    before = officer.get("/office/?new=yes")
    reporter.open_case(code)
    reporter.write("Terjadi lagi.")

    after = officer.get("/office/?new=yes")

    assert titles(before) == []
    assert titles(after) == ["Ada pungutan di loket."]


def test_acknowledging_from_the_row_is_no_news_and_hides_none(
    reporter: Reporter, officer: Officer
) -> None:
    path = one_case(reporter, officer)
    reporter.hand_in("Barang gudang hilang.")
    officer.get(path)
    page = officer.get("/office/")
    for form in {f.action for f in page.forms if f.action.endswith("/status")}:
        officer.send(page, form)

    lines = officer.get("/office/").html.split("<tr id=")[1:]

    assert sorted(NEW in line for line in lines) == [False, True]
    assert all(NEW not in line for line in lines if path in line)
