"""Bad input: what is typed wrongly is told in plain words, and never lost."""

import re
from collections.abc import Callable

import pytest
from builders import dump
from people import Officer, Page, Reporter, code_on
from sqlalchemy.orm import Session

from crypto import CaseCode

LIMITS = {"what": 4000, "how": 4000, "shows": 2000, "avoid": 500}
LIMITS |= dict.fromkeys(("who_name", "who_position", "who_unit"), 200)
LIMITS |= dict.fromkeys(("where", "when"), 200)
OFFICERS_LIMITS = [
    ("message", "text", 4000, {}),
    ("note", "text", 4000, {}),
    ("triage", "title", 80, {}),
    ("triage", "reason", 2000, {}),
    ("status", "reason", 2000, {"to": "acknowledged"}),
    ("status", "message", 4000, {"to": "acknowledged"}),
]
RIGHT_TO_LEFT = "\N{RIGHT-TO-LEFT OVERRIDE}"
GRIN = "\N{GRINNING FACE}"


def visible_errors(page: Page) -> str:
    """Return what the page says is wrong."""
    return " ".join(re.findall(r'class="error"[^>]*>(.*?)</p>', page.html, re.DOTALL))


def typed(page: Page, action: str, name: str) -> str:
    return page.form(action).value(name).replace("\r\n", "\n")


def in_english(person: Reporter | Officer) -> None:
    person.get("/?lang=en")


# Codes


@pytest.mark.parametrize(
    "typed_code",
    [
        *("", "Z", "7K2M-", "7K2M" * 6, "<script>alert(1)</script>"),
        *("7K2M" * 500, GRIN * 28, "7K2M\x00" * 7, RIGHT_TO_LEFT + "7K2M" * 7),
    ],
)
def test_a_mistyped_code_is_told_so_and_stays_in_the_field(
    reporter: Reporter, typed_code: str
) -> None:
    in_english(reporter)

    page = reporter.open_case(typed_code)

    assert page.status_code == 422
    assert "Something is mistyped" in page.text
    assert typed(page, "/case/open", "code") == typed_code


@pytest.mark.parametrize(
    "slip",
    [
        lambda code: code[:-1],
        lambda code: code + "0",
        lambda code: code[:3] + ("0" if code[3] != "0" else "1") + code[4:],
        lambda code: code[::-1],
    ],
)
def test_a_slip_in_a_code_is_told_so(
    reporter: Reporter, slip: Callable[[str], str]
) -> None:
    mistyped = slip(reporter.hand_in("Ada pungutan."))
    in_english(reporter)

    page = reporter.open_case(mistyped)

    assert "Something is mistyped" in page.text
    assert typed(page, "/case/open", "code") == mistyped


def test_an_unknown_code_opens_nothing_and_says_only_that(reporter: Reporter) -> None:
    in_english(reporter)

    page = reporter.open_case(CaseCode.generate().reveal())

    assert page.status_code == 422
    assert "This code opens nothing" in page.text


@pytest.mark.parametrize(
    "spelling",
    [
        str.lower,
        lambda code: code.replace("-", ""),
        lambda code: f"  {code.replace('-', ' . ')}\n",
        lambda code: code.replace("0", "O").replace("1", "l"),
        lambda code: "".join(chr(ord(c) + 0xFEE0) if c != "-" else c for c in code),
    ],
)
def test_a_code_opens_however_it_is_spelled(
    reporter: Reporter, spelling: Callable[[str], str]
) -> None:
    code = reporter.hand_in("Ada pungutan.")

    assert reporter.open_case(spelling(code)).status_code == 200


def test_the_code_of_a_closed_case_opens_it(
    reporter: Reporter, officer: Officer
) -> None:
    code = reporter.hand_in("Ada pungutan.")
    (path,) = officer.case_paths()
    officer.act(path, "status", to="acknowledged")
    closing = {"to": "closed", "outcome": "not-proven", "message": "Tidak terbukti."}
    officer.act(path, "status", **closing)

    page = reporter.open_case(code)

    assert 'data-status="closed"' in page.html
    assert "Tidak terbukti." in page.text


# Reports


@pytest.mark.parametrize("step", ["preview", "hand-in", "nonsense", ""])
@pytest.mark.parametrize(
    "answers", [{"what": ""}, {"what": " \n\t "}, {"category": ""}]
)
def test_an_empty_report_is_asked_for_what_is_missing(
    reporter: Reporter, session: Session, step: str, answers: dict[str, str]
) -> None:
    before = dump(session)
    filled = {"what": "Ada pungutan.", "category": "PUNGLI", "where": "Loket tiga"}

    page = reporter.send(
        reporter.get("/report"), "/report", step=step, **filled | answers
    )

    assert page.status_code == 422
    assert typed(page, "/report", "where") == "Loket tiga"
    assert visible_errors(page)
    assert dump(session) == before


@pytest.mark.parametrize(("field", "limit"), LIMITS.items())
def test_an_over_long_answer_names_its_limit_and_is_kept(
    reporter: Reporter, field: str, limit: int
) -> None:
    in_english(reporter)
    text = "é" * (limit + 1)

    page = reporter.preview(**{"what": "Ada pungutan."} | {field: text})

    assert page.status_code == 422
    assert f"At most {limit} characters; yours has {limit + 1}." in visible_errors(page)
    assert typed(page, "/report", field) == text


@pytest.mark.parametrize(("field", "limit"), LIMITS.items())
def test_an_answer_of_just_the_limit_is_taken(
    reporter: Reporter, field: str, limit: int
) -> None:
    page = reporter.preview(**{"what": "Ada pungutan."} | {field: "é" * limit})

    assert page.status_code == 200


def test_a_report_too_large_as_a_whole_says_how_much_too_much(
    reporter: Reporter, officer: Officer
) -> None:
    in_english(reporter)
    page = reporter.preview(GRIN * 4000, how=GRIN * 4000)

    refused = reporter.send(page, "/report", step="hand-in")

    assert refused.status_code == 422
    assert re.search(r"as a whole is \d{5} bytes too large", refused.text)
    assert typed(refused, "/report", "how") == GRIN * 4000
    assert officer.case_paths() == []


@pytest.mark.parametrize(
    "answers",
    [
        {"category": "NONSENSE"},
        {"category": "pungli"},
        {"ongoing": "maybe"},
        {"others_know": "5"},
        {"reminded": "unknown"},
        {"hope": "revenge"},
    ],
)
def test_an_answer_that_is_not_on_the_form_is_refused(
    reporter: Reporter, officer: Officer, answers: dict[str, str]
) -> None:
    page = reporter.preview(**{"what": "Ada pungutan.", "step": "hand-in"} | answers)

    assert page.status_code == 422
    assert typed(page, "/report", "what") == "Ada pungutan."
    assert officer.case_paths() == []


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("satu\x00dua", "satu\N{SYMBOL FOR NULL}dua"),
        ("bel\x07", "bel\N{SYMBOL FOR BELL}"),
        ("hapus\x7f", "hapus\N{SYMBOL FOR DELETE}"),
        (f"laporan{RIGHT_TO_LEFT}fdp.exe", "laporanU+202Efdp.exe"),
        ("nol\N{ZERO WIDTH SPACE}lebar", "nolU+200Blebar"),
        ("baris\r\nbaru\ttab", "baris baru tab"),
        ("<b>tebal</b> & 'kutip'", "<b>tebal</b> & 'kutip'"),
        ("{{ 7 * 7 }} %(name)s", "{{ 7 * 7 }} %(name)s"),
    ],
)
def test_an_officer_sees_controls_instead_of_obeying_them(
    reporter: Reporter, officer: Officer, text: str, shown: str
) -> None:
    reporter.hand_in(text)

    page = officer.get(officer.case_paths()[0])

    assert shown in "".join(re.sub(r"\s+", " ", word) for word in page.words)
    assert RIGHT_TO_LEFT not in "".join(page.words)


@pytest.mark.parametrize(
    "body",
    [
        b"what=%FF%FE%00&category=PUNGLI&step=hand-in",
        b"what=%ED%A0%80&category=PUNGLI&step=hand-in",
        b"\x00\xff\x00\xff",
        b"=&=&&==",
        b"",
    ],
)
def test_bytes_that_are_no_text_are_answered_with_the_form(
    reporter: Reporter, session: Session, body: bytes
) -> None:
    before = dump(session)

    answer = reporter.client.post(
        "/report", data=body, content_type="application/x-www-form-urlencoded"
    )

    assert answer.status_code == 422
    assert dump(session) == before


def test_a_report_of_broken_bytes_is_kept_as_far_as_it_reads(
    reporter: Reporter, officer: Officer
) -> None:
    form = reporter.preview("SATU").form("/report")
    pairs = [f"{name}={value}" for name, value in form.fields if name != "what"]
    body = "&".join([*pairs, "what=satu%FFdua", "step=hand-in"]).replace("+", "%2B")

    answer = reporter.client.post(
        "/report", data=body, content_type="application/x-www-form-urlencoded"
    )

    assert answer.status_code == 200
    page = officer.get(officer.case_paths()[0])
    assert "satu%FFdua" in page.text


@pytest.mark.parametrize(
    "readers", [["00" * 16], ["nonsense"], ["\x00"], ["zz" * 16], [""]]
)
def test_officers_who_do_not_exist_are_told_and_nobody_is_chosen_instead(
    reporter: Reporter, officer: Officer, readers: list[str]
) -> None:
    page = reporter.preview("Ada pungutan.")

    refused = reporter.send(page, "/report", step="hand-in", readers=readers)

    assert refused.status_code == 422
    assert visible_errors(refused)
    assert typed(refused, "/report", "what") == "Ada pungutan."
    assert officer.case_paths() == []


def test_an_unknown_officer_beside_a_known_one_is_told_too(
    reporter: Reporter, officer: Officer
) -> None:
    page = reporter.preview("Ada pungutan.")
    known = page.form("/report").value("readers")

    refused = reporter.send(page, "/report", step="hand-in", readers=[known, "00" * 16])

    assert refused.status_code == 422
    assert officer.case_paths() == []


def test_all_unticked_is_refused_with_everything_kept(
    reporter: Reporter, officer: Officer
) -> None:
    in_english(reporter)
    page = reporter.preview("Ada pungutan.")

    refused = reporter.send(page, "/report", step="hand-in", readers=[])

    assert refused.status_code == 422
    assert "At least one officer must be able to read it." in refused.text
    assert typed(refused, "/report", "what") == "Ada pungutan."
    assert officer.case_paths() == []


@pytest.mark.parametrize(
    "field", ["what", "how", "shows", "where", "who_name", "avoid"]
)
def test_a_case_code_in_a_report_is_taken_out_first(
    reporter: Reporter, officer: Officer, field: str
) -> None:
    code = CaseCode.generate().reveal()
    answers = {"what": "Ada pungutan."} | {field: f"Kode saya {code.lower()}."}

    page = reporter.preview(**answers, step="hand-in")

    assert page.status_code == 422
    assert visible_errors(page)
    assert officer.case_paths() == []


# Messages


@pytest.mark.parametrize("text", ["", "   ", "\r\n\t"])
def test_an_empty_message_is_not_sent(reporter: Reporter, text: str) -> None:
    reporter.open_case(reporter.hand_in("Ada pungutan."))

    page = reporter.write(text)

    assert page.status_code == 422
    assert visible_errors(page)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("a" * 4001, "At most 4000 characters; yours has 4001."),
        (GRIN * 1200, r"This text is \d+ bytes too long \(at most 4092\)"),
        ("CODE", "Part of your case code stands here"),
    ],
)
def test_a_message_that_cannot_be_taken_comes_back(
    reporter: Reporter, text: str, sentence: str
) -> None:
    code = reporter.hand_in("Ada pungutan.")
    text = text.replace("CODE", f"Kode: {code[5:24]}")
    reporter.open_case(code)
    in_english(reporter)

    page = reporter.write(text)

    assert page.status_code == 422
    assert re.search(sentence, visible_errors(page))
    assert typed(page, "/case/message", "text") == text


@pytest.mark.parametrize(("act", "field", "limit", "more"), OFFICERS_LIMITS)
def test_an_officers_over_long_text_names_its_limit_and_is_kept(
    reporter: Reporter,
    officer: Officer,
    act: str,
    field: str,
    limit: int,
    more: dict[str, str],
) -> None:
    reporter.hand_in("Ada pungutan.")
    (path,) = officer.case_paths()
    in_english(officer)

    page = officer.act(path, act, **more | {field: "é" * (limit + 1)})

    assert page.status_code == 422
    assert f"At most {limit} characters; yours has {limit + 1}." in page.text
    assert typed(page, f"{path}/{act}", field) == "é" * (limit + 1)


@pytest.mark.parametrize("field", ["reason", "message"])
def test_a_text_that_does_not_fit_is_told_where_it_stands(
    reporter: Reporter, officer: Officer, field: str
) -> None:
    reporter.hand_in("Ada pungutan.")
    (path,) = officer.case_paths()
    in_english(officer)
    texts = {"reason": "Sudah dibaca.", "message": "Terima kasih."}

    page = officer.act(
        path, "status", to="acknowledged", **texts | {field: GRIN * 1500}
    )

    assert page.status_code == 422
    assert re.search(rf'id="status-{field}-error">This text is \d+ bytes', page.html)
    assert typed(page, f"{path}/status", field) == GRIN * 1500


@pytest.mark.parametrize(
    ("act", "fields"),
    [
        ("status", {"to": "closed", "outcome": "not-proven", "message": "Selesai."}),
        ("status", {"to": "submitted", "reason": "Kembali."}),
        ("status", {"to": "withdrawn", "reason": "Ditarik."}),
        ("status", {"to": "nonsense", "reason": "Apa saja."}),
        ("status", {"to": "", "reason": "Tidak memilih."}),
        ("status", {"to": "acknowledged", "outcome": "unheard-of", "reason": "x"}),
        ("triage", {"severity": "5", "reason": "Terlalu berat."}),
        ("triage", {"severity": "1", "reason": ""}),
        ("triage", {"likelihood": "0", "reason": "Tidak mungkin."}),
        ("message", {"text": ""}),
        ("note", {"text": " "}),
    ],
)
def test_an_act_that_is_not_possible_changes_nothing_and_is_given_back(
    reporter: Reporter,
    officer: Officer,
    session: Session,
    act: str,
    fields: dict[str, str],
) -> None:
    reporter.hand_in("Ada pungutan.")
    (path,) = officer.case_paths()
    # The officer's own row keeps what was looked at.
    officer.get(path)
    before = dump(session)

    page = officer.act(path, act, **fields)

    assert page.status_code == 422
    assert visible_errors(page)
    assert typed(page, f"{path}/{act}", "reason") == fields.get("reason", "")
    assert dump(session) == before


def test_a_field_sent_twice_counts_once(reporter: Reporter, officer: Officer) -> None:
    page = reporter.preview("SATU")

    done = reporter.send(page, "/report", what=["satu", "dua"], step="hand-in")

    assert code_on(done)
    assert "satu" in officer.get(officer.case_paths()[0]).text
