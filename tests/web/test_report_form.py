"""The report's form: who may read, hints, and what is asked again."""

import re
from collections.abc import Callable

import pytest
from builders import TODAY
from flask import Flask
from people import Officer, Page, Reporter
from sqlalchemy import update
from sqlalchemy.orm import Session

from portal.database import transaction
from portal.models import Person as PersonRow

HEAD = "Sutrisno Hadi"


def ticked(page: Page) -> int:
    """Count the officers whose box is ticked."""
    return len(page.form("/report").values("readers"))


def is_outside_only(page: Page) -> bool:
    return page.form("/report").value("only_outside") == "yes"


@pytest.mark.parametrize("category", ["SUAP", "CALO", "JABATAN", "BALAS"])
def test_some_kinds_tick_only_outside_officers(
    reporter: Reporter, outside_officer: Officer, category: str
) -> None:
    page = reporter.preview("Ada janji kelulusan.", category=category, lang="en")

    assert is_outside_only(page)


@pytest.mark.parametrize(
    "answers",
    [
        {"who_name": HEAD},
        {"who_name": "Pak Sutrisno Hadi, M.Si."},
        {"who_position": "Kepala Badan"},
        {"who_position": "kepala badan kepegawaian"},
        {"who_name": "Bu Rina"},
    ],
)
def test_naming_the_head_or_an_officer_ticks_only_outside_officers(
    reporter: Reporter, outside_officer: Officer, answers: dict[str, str]
) -> None:
    assert is_outside_only(reporter.preview("Ada pungutan.", **answers))


@pytest.mark.parametrize(
    "answers", [{}, {"who_name": "Budi Santoso"}, {"who_position": "Kepala Seksi"}]
)
def test_otherwise_every_officer_is_ticked(
    reporter: Reporter, outside_officer: Officer, answers: dict[str, str]
) -> None:
    page = reporter.preview("Ada pungutan.", **answers)

    assert not is_outside_only(page)
    assert ticked(page) == 2


def test_a_preset_is_made_once_and_the_reporter_may_untick_it(
    reporter: Reporter, officer: Officer, outside_officer: Officer
) -> None:
    page = reporter.preview("Ada suap.", category="SUAP")

    again = reporter.send(page, "/report", step="preview", only_outside=[])
    done = reporter.send(again, "/report", step="hand-in")

    assert not is_outside_only(again)
    assert done.status_code == 200
    assert len(officer.case_paths()) == 1


def test_without_outside_officers_nothing_is_preset(reporter: Reporter) -> None:
    page = reporter.preview("Ada suap.", category="SUAP")

    assert not is_outside_only(page)
    assert 'name="only_outside"' not in page.html


def test_only_outside_officers_read_what_is_kept_from_the_others(
    reporter: Reporter, officer: Officer, outside_officer: Officer
) -> None:
    reporter.hand_in("Ada suap.", category="SUAP")

    assert officer.case_paths() == []
    assert len(outside_officer.case_paths()) == 1


def test_a_named_officer_is_unticked_and_the_preview_says_so(
    reporter: Reporter, outside_officer: Officer
) -> None:
    reporter.get("/?lang=en")

    page = reporter.preview("Ada pungutan.", who_name="Rina Wulandari")

    assert "Rina Wulandari is named in your report" in page.text
    assert ticked(page) == 1


def test_a_named_officer_does_not_read_even_when_ticked_by_hand(
    reporter: Reporter, officer: Officer, outside_officer: Officer
) -> None:
    everybody = reporter.get("/report").form("/report").values("readers")
    page = reporter.preview("Ada pungutan.", who_name="Rina Wulandari")

    reporter.send(page, "/report", step="hand-in", readers=everybody, only_outside=[])

    assert officer.case_paths() == []
    assert len(outside_officer.case_paths()) == 1


def test_an_unticked_officer_sees_nothing(
    reporter: Reporter, officer: Officer, new_officer: Callable[..., Officer]
) -> None:
    joko = new_officer("Joko Prasetyo")
    first, second = reporter.get("/report").form("/report").values("readers")
    ids = {"joko": first, "rina": second}

    reporter.hand_in("Ada pungutan.", readers=[ids["rina"]])

    assert len(officer.case_paths()) == 1
    assert joko.case_paths() == []


def test_where_every_officer_is_named_outside_bodies_are_shown(
    reporter: Reporter, officer: Officer
) -> None:
    page = reporter.preview("Ada pungutan di loket tiga.", who_name="Rina Wulandari")
    done = reporter.send(page, "/report", step="hand-in")

    assert "KPK" in page.text
    assert done.status_code == 422
    assert "Ada pungutan di loket tiga." in done.form("/report").value("what")
    assert officer.case_paths() == []


def test_without_any_officer_the_form_is_not_offered(
    reporter: Reporter, session: Session
) -> None:
    with transaction(session):
        session.execute(update(PersonRow).values(retired_on=TODAY))

    page = reporter.get("/report")

    assert [form.action for form in page.forms] == []
    assert "KPK" in page.text


@pytest.mark.parametrize(
    ("field", "trace"),
    [
        ("what", "NIP 198503122010011001"),
        ("how", "telepon 081234567890"),
        ("shows", "budi@example.go.id"),
        ("where", "meja sebelah saya"),
        ("when", "hanya saya yang piket"),
        ("avoid", "mobil AG 1234 XX"),
    ],
)
def test_the_preview_points_at_what_gives_the_writer_away(
    reporter: Reporter, field: str, trace: str
) -> None:
    answers = {"what": "Ada pungutan."} | {field: trace}

    page = reporter.preview(answers.pop("what"), **answers)

    assert re.search(r'<section[^>]*id="hints">.*<mark', page.html, re.DOTALL)


@pytest.mark.parametrize(
    ("field", "trace", "label"),
    [
        ("what", "NIP 198503122010011001", "Yang terjadi"),
        ("shows", "budi@example.go.id", "Apa yang bisa menunjukkannya"),
        ("others_know", "1-2", "Berapa orang lain yang tahu"),
    ],
)
def test_a_hint_leads_to_the_field_that_it_speaks_of(
    reporter: Reporter, field: str, trace: str, label: str
) -> None:
    answers = {"what": "Ada pungutan."} | {field: trace}

    page = reporter.preview(answers.pop("what"), **answers)

    assert f'<a href="#{field}">{label}</a>' in page.html
    assert f' id="{field}"' in page.html


@pytest.mark.parametrize(
    ("answer", "is_said"),
    [("1-2", True), ("3-4", True), ("5-9", False), ("unknown", False), ("", False)],
)
def test_where_few_know_the_preview_says_so(
    reporter: Reporter, answer: str, is_said: bool
) -> None:
    page = reporter.preview("Ada pungutan.", others_know=answer)

    said = (
        "Sedikit orang yang tahu: Anda lebih mudah ditebak. Tulis lebih umum bila bisa."
    )
    assert (said in page.text) is is_said


def test_that_nothing_was_found_does_not_look_like_a_thing_done(
    reporter: Reporter,
) -> None:
    page = reporter.preview("Ada pungutan.")

    assert '<p id="hints">' in page.html
    assert "Kami tidak menemukan" in page.text


@pytest.mark.parametrize(
    ("what", "reason"),
    [
        ("Suami saya tahu.", "menunjukkan keluarga atau hubungan Anda."),
        ("Kami cuma berdua.", "menunjukkan siapa saja yang ada di situ."),
        ("Saya duduk dekat pintu.", "menunjukkan tempat Anda."),
        ("Ia meminta saya diam.", "bercerita tentang diri Anda."),
    ],
)
def test_a_hint_says_what_the_words_show(
    reporter: Reporter, what: str, reason: str
) -> None:
    assert reason in reporter.preview(what).text


def test_hints_never_keep_a_report_from_being_handed_in(
    reporter: Reporter, officer: Officer
) -> None:
    reporter.hand_in("NIP 198503122010011001, hanya saya yang tahu.")

    assert "198503122010011001" in officer.get(officer.case_paths()[0]).text


def test_a_preview_stores_nothing(reporter: Reporter, officer: Officer) -> None:
    reporter.preview("Ada pungutan.")

    assert officer.case_paths() == []


def test_the_form_in_another_language_keeps_all_that_was_typed(
    reporter: Reporter,
) -> None:
    page = reporter.preview("Ada pungutan di loket.", hope="stop", category="ASET")

    fields = [*page.form("/report").fields, ("step", "preview")]
    english = reporter.post("/report?lang=en", fields)

    form = english.form("/report")
    assert '<html lang="en">' in english.html
    assert form.value("what") == "Ada pungutan di loket."
    assert (form.value("category"), form.value("hope")) == ("ASET", "stop")


def test_an_unfinished_form_in_another_language_is_not_judged(
    reporter: Reporter,
) -> None:
    form = reporter.get("/report").form("/report")
    typed = [pair for pair in form.fields if pair[0] != "how"]

    fields = [*typed, ("how", "Dengan lisan."), ("step", "language")]
    english = reporter.post("/report?lang=en", fields)

    assert english.status_code == 200
    assert '<html lang="en">' in english.html
    assert english.form("/report").value("how") == "Dengan lisan."
    assert 'role="alert"' not in english.html


def test_every_category_is_offered_and_not_sure_comes_first(
    reporter: Reporter,
) -> None:
    page = reporter.get("/report")

    codes = re.findall(r'name="category" value="([A-Z]+)"', page.html)
    assert codes[0] == "UNSURE"
    assert len(codes) == len(set(codes)) == 25


def test_every_category_can_be_handed_in(reporter: Reporter, officer: Officer) -> None:
    html = reporter.get("/report").html
    codes = re.findall(r'name="category" value="([A-Z]+)"', html)

    _ = [reporter.hand_in("Ada sesuatu.", category=code) for code in codes]

    assert len(officer.case_paths()) == 25


def test_only_kind_and_story_are_required(reporter: Reporter, officer: Officer) -> None:
    reporter.hand_in("Ada pungutan.")

    page = officer.get(officer.case_paths()[0])

    assert "Ada pungutan." in page.text


def test_all_answers_reach_the_officer(reporter: Reporter, officer: Officer) -> None:
    people = {"who_name": "Budi Santoso", "who_position": "Bendahara"}
    place = {"who_unit": "Umum", "where": "Loket tiga", "when": "Setiap Senin"}
    story = {"how": "Tanpa kuitansi", "shows": "Buku catatan", "avoid": "Unit itu"}
    answers = people | place | story
    choices = {"ongoing": "yes", "others_know": "3-4", "reminded": "no", "hope": "stop"}
    officer.get("/?lang=en")

    reporter.hand_in("Ada pungutan.", **answers, **choices)

    text = officer.get(officer.case_paths()[0]).text
    assert [answer for answer in answers.values() if answer not in text] == []
    assert "3 to 4 people" in text
    assert "That it stops" in text


def test_the_code_is_asked_back_and_a_slip_is_told(reporter: Reporter) -> None:
    code = reporter.hand_in("Ada pungutan.")
    groups = code.split("-")
    page = reporter.send(reporter.preview("Lagi."), "/report", step="hand-in")

    wrong = reporter.send(page, "/report/code", group="0000")
    asked = next(group for group in groups_of(page) if is_asked(page, group))
    right = reporter.send(wrong, "/report/code", group=asked.lower())

    assert (wrong.status_code, right.status_code) == (422, 200)
    assert len(groups) == 7


def groups_of(page: Page) -> list[str]:
    return re.findall(r"<span>([0-9A-Z]{4})</span>", page.html)


def is_asked(page: Page, group: str) -> bool:
    number = re.search(r'<label for="group">\D*(\d)\D*</label>', page.html)
    assert number is not None
    return groups_of(page).index(group) + 1 == int(number[1])


def test_without_any_officer_the_form_says_so_and_where_else_to_turn(
    app: Flask,
) -> None:
    visitor = Reporter(app)

    page = visitor.get("/report?lang=en")

    assert "This portal has no officers yet" in page.text
    assert "Every officer is either named" not in page.text
    assert "KPK" in page.text


@pytest.mark.parametrize(("readers", "count"), [([], 1), (None, 0)])
def test_a_preview_says_that_nobody_is_ticked(
    reporter: Reporter, officer: Officer, readers: list[str] | None, count: int
) -> None:
    page = reporter.get("/report")
    ticked = page.form("/report").values("readers") if readers is None else readers

    preview = reporter.send(
        page, "/report", category="ASET", what="Ada pungutan.", readers=ticked
    )

    assert preview.status_code == 200
    assert preview.text.count("Belum ada petugas yang dicentang") == count


def test_an_officers_name_is_no_place_for_a_key(
    new_officer: Callable[..., Officer], reporter: Reporter
) -> None:
    new_officer("Rina <token> <key>")

    page = reporter.get("/report")

    token = page.form("/report").value("form_token")
    assert page.html.count(token) == 1
    assert "Rina &lt;token&gt; &lt;key&gt;" in page.html
