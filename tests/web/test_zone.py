"""The Integrity Zone: what the agency writes, and what everybody sees of it."""

import re
from collections.abc import Callable

from builders import acts_on_record
from conftest import HOME, Clock
from people import Administrator, Officer, Page, Person
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.models import AuditEntry
from portal.roles import Role

ZONE, ADMIN = "/zone", "/admin/zone"
NO_ASKING = "I will not ask officers for the content or number of reports."
NO_SEARCH = "I will not find out who reported and forbid anyone to."
WORDS = "Officers may not show your words"
DECLARED = {
    "text_id": "Kami siap membangun zona integritas.",
    "declared_at": "Pendopo Trenggalek",
    "declared_on": "20 November 2026",
}
SIGNED = {"head_name": "Sutrisno Hadi", "signed_on": "20/11/2026"}
COUNTS = "unit,staff,signed\nUmum,40,21\nLoket,6,5\nMutasi,9,8\nArsip,12,11"

NewPerson = Callable[..., Administrator]


class Keeping:
    """Adi, an administrator who reads English, and what he writes."""

    def __init__(self, new_officer: NewPerson, clock: Clock) -> None:
        self.clock = clock
        self.adi = new_officer("Adi Nugroho", role=Role.ADMINISTRATOR)
        self.adi.get("/?lang=en")

    def write(self, part: str, **fields: object) -> Page:
        path = f"{ADMIN}/{part}"
        return self.adi.send(self.adi.get(path), path, **fields)

    def sign(self, *promises: str, **fields: str) -> Page:
        code = self.adi.fresh_code(self.clock)
        typed = SIGNED | fields | {"one_time_code": code}
        return self.write("statement", promises=list(promises), **typed)

    def public(self, path: str = ZONE) -> str:
        return self.adi.get(path).text


def test_before_anything_is_kept_the_page_says_so(officer: Officer) -> None:
    officer.get("/?lang=en")
    text = officer.get(ZONE).text

    assert "Nothing was declared here yet." in text
    assert "has not signed the statement yet" in text
    assert NO_ASKING not in text
    assert "Nothing was counted yet." in text
    assert "neither predicate yet" in text
    assert "LPSK" in text


def test_what_an_administrator_writes_everybody_sees(
    new_officer: NewPerson, clock: Clock, session: Session
) -> None:
    keeping = Keeping(new_officer, clock)

    pages = [
        keeping.write("declaration", **DECLARED),
        keeping.sign("no-search"),
        keeping.write("areas/change", text_id="Sudah.", text_en="Twelve talks held."),
        keeping.write("predicate", predicate="WBK", year="2025"),
        keeping.write("pact", counts=COUNTS),
    ]

    assert [page.response.headers.get("Location") for page in pages] == [ADMIN] * 5
    text = Person(keeping.adi.app).get(f"{ZONE}?lang=en").text
    assert "Kami siap membangun zona integritas. Pendopo Trenggalek" in text
    assert f"{NO_SEARCH} Sutrisno Hadi , Kepala Badan · 20 November 2026" in text
    assert text.count("Recorded here on 7 December 2026") == 4
    assert "Twelve talks held." in text
    assert "WBK since 2025" in text
    assert "WBK since 2025" in keeping.public(ADMIN)
    assert "Umum 21 of 40" in text
    assert acts_on_record(session)[-5:] == [
        *("declaration kept", "statement kept", "area reported"),
        *("predicate kept", "pact counted"),
    ]


def test_a_sentence_that_nobody_signed_is_shown_nowhere(
    new_officer: NewPerson, clock: Clock
) -> None:
    keeping = Keeping(new_officer, clock)

    keeping.sign("no-search")

    text = keeping.public()
    assert NO_SEARCH in text
    assert NO_ASKING not in text
    assert WORDS not in keeping.public("/guidance")


def test_guidance_rests_on_what_was_signed(
    new_officer: NewPerson, clock: Clock
) -> None:
    keeping = Keeping(new_officer, clock)
    keeping.sign("own-words")
    signed = keeping.public("/guidance")

    keeping.sign()

    assert WORDS in signed
    assert "What the head has signed" in signed
    assert WORDS not in keeping.public("/guidance")


def test_what_was_taken_off_leaves_its_day(
    new_officer: NewPerson, clock: Clock
) -> None:
    keeping = Keeping(new_officer, clock)
    keeping.sign("no-search", "no-asking")
    clock.pass_by(days=1)
    keeping.adi.log_in(clock.timestamp)

    keeping.sign("no-search")

    text = keeping.public()
    assert "was taken off, in whole or in part: 8 December 2026" in text
    keeping.sign()
    assert "No sentence of the statement stands here any more." in keeping.public()
    assert "has not signed the statement yet" not in keeping.public()


def test_a_day_that_was_typed_stands_beside_the_day_of_the_record(
    new_officer: NewPerson, clock: Clock, session: Session
) -> None:
    keeping = Keeping(new_officer, clock)

    keeping.sign("no-search", signed_on="2/1/2024")

    assert "2 January 2024" in keeping.public()
    assert "Recorded here on 7 December 2026" in keeping.public()
    entry = session.scalars(
        select(AuditEntry).where(AuditEntry.act == "statement kept")
    ).one()
    assert (entry.day.isoformat(), entry.concerns) == ("2026-12-07", "2024-01-02, 1/6")


def test_the_same_again_is_no_change_and_moves_no_day(
    new_officer: NewPerson, clock: Clock, session: Session
) -> None:
    keeping = Keeping(new_officer, clock)
    keeping.write("declaration", **DECLARED)
    clock.pass_by(days=1)
    keeping.adi.log_in(clock.timestamp)

    keeping.write("declaration", **DECLARED)

    assert "Recorded here on 7 December 2026" in keeping.public()
    assert acts_on_record(session).count("declaration kept") == 1


def test_nobody_learns_how_many_are_missing_in_a_unit(
    new_officer: NewPerson, clock: Clock
) -> None:
    keeping = Keeping(new_officer, clock)

    keeping.write("pact", counts=COUNTS)

    text = keeping.public()
    assert "Signed: at least 40 of 67" in text
    assert "Arsip at least 8 of 12" in text
    assert "Other units at least 11 of 15" in text
    assert "Loket" not in text
    assert "Nobody need be asked why, or be looked for." in text


def test_counts_with_a_slip_come_back_whole_and_count_for_nothing(
    new_officer: NewPerson, clock: Clock
) -> None:
    keeping = Keeping(new_officer, clock)
    hostile = COUNTS + "\n=HYPERLINK(1),1,1\n<script>,3,9\nLoket,1,1"

    page = keeping.write("pact", counts=hostile)

    assert page.status_code == 422
    assert page.form(f"{ADMIN}/pact").value("counts") == hostile
    assert "<script>" not in page.html
    assert "Line 6: the unit begins like a formula" in page.text
    assert "Line 7: 9 have signed, and the unit has 3 people." in page.text
    assert "Line 8: the unit stands in line 3 too." in page.text
    assert "Nothing was counted yet." in keeping.public()


SLIPS: dict[str, tuple[str, dict[str, str], str]] = {
    "tomorrow": (
        "declaration",
        DECLARED | {"declared_on": "8/12/2026"},
        "This day has not come yet.",
    ),
    "no day": (
        "declaration",
        DECLARED | {"declared_on": "kemarin"},
        "This day cannot be read.",
    ),
    "no text": ("declaration", DECLARED | {"text_id": ""}, "in Indonesian"),
    "too long": ("declaration", DECLARED | {"text_id": "a" * 1001}, "Nothing was cut."),
    "an unknown promise": ("statement", SIGNED | {"promises": "x"}, "answers shown"),
    "nothing signed": ("statement", SIGNED, "Please tick what was signed."),
    "nobody signed": ("statement", SIGNED | {"head_name": ""}, "write the name"),
    "english alone": ("areas/change", {"text_en": "Yes."}, "in Indonesian too"),
    "no such predicate": ("predicate", {"predicate": "WBX"}, "answers shown"),
    "no year": ("predicate", {"predicate": "WBK"}, "from 2012 to 2026"),
    "a year to come": (
        "predicate",
        {"predicate": "WBK", "year": "2027"},
        "from 2012 to 2026",
    ),
    "no columns": ("pact", {"counts": "Umum,3,3"}, "no columns are named here"),
    "no column": ("pact", {"counts": "unit,pegawai\nUmum,3"}, "signed is missing"),
    "no lines": ("pact", {"counts": ""}, "a line for each unit"),
}


def test_a_slip_is_told_and_loses_nothing(
    new_officer: NewPerson, clock: Clock, session: Session
) -> None:
    keeping = Keeping(new_officer, clock)
    before = acts_on_record(session)

    pages = {slip: keeping.write(of, **typed) for slip, (of, typed, _) in SLIPS.items()}

    assert {slip: page.status_code for slip, page in pages.items()} == dict.fromkeys(
        SLIPS, 422
    )
    unsaid = [one for one, (_, _, said) in SLIPS.items() if said not in pages[one].text]
    assert unsaid == []
    lost = [
        (slip, name)
        for slip, (of, typed, _) in SLIPS.items()
        for name, text in typed.items()
        if name not in {"promises", "predicate"}
        and pages[slip].form(f"{ADMIN}/{of}").value(name) != text
    ]
    assert lost == []
    assert acts_on_record(session) == before


def test_a_page_that_was_open_too_long_keeps_what_was_typed(
    new_officer: NewPerson, clock: Clock
) -> None:
    keeping = Keeping(new_officer, clock)

    page = keeping.write("pact", counts=COUNTS, csrf_token="old")

    assert page.status_code == 422
    assert page.form(f"{ADMIN}/pact").value("counts") == COUNTS


def test_hostile_words_are_shown_as_words(new_officer: NewPerson, clock: Clock) -> None:
    keeping = Keeping(new_officer, clock)
    hostile = "<b>\u202e{{ 7 }}"

    keeping.write(
        "declaration", **DECLARED | {"text_id": hostile, "declared_at": hostile}
    )
    keeping.sign("no-search", head_name=hostile)

    pages = [keeping.adi.get(path).html for path in (ZONE, ADMIN)]
    assert [html.count("<b>") for html in pages] == [0, 0]
    assert all("U+202E" in html and "&lt;b&gt;" in html for html in pages)


def test_officers_say_by_whose_statement_they_are_silent(
    new_officer: NewPerson, clock: Clock
) -> None:
    keeping, rina = Keeping(new_officer, clock), new_officer("Rina Wulandari")
    sri = new_officer("Sri Lestari", role=Role.CUSTODIAN)
    rina.get("/?lang=en")
    sri.get("/?lang=en")
    unsigned = rina.get("/office/asked").text
    keeping.sign("no-search")
    unpromised = rina.get("/office/asked").text

    keeping.sign("no-asking")

    signed = [rina.get("/office/asked").text, sri.get("/custody/").text]
    assert "With respect: I may not say whether there are reports" in unsigned
    assert "statement" not in unsigned + unpromised
    clause = "by the head's statement of 20 November 2026 I may not say"
    assert [clause in text for text in signed] == [True, True]


def test_reworded_sentences_are_not_taken_for_signed(
    new_officer: NewPerson, clock: Clock
) -> None:
    keeping = Keeping(new_officer, clock)
    keeping.sign("no-search")
    texts = keeping.adi.app.extensions["lurus"].zone.promises

    texts["no-search"] = {"id": "Saya boleh mencari.", "en": "I may find out."}

    page = keeping.adi.get(f"{ADMIN}/statement")
    assert page.form(f"{ADMIN}/statement").values("promises") == []
    assert f"Signed in other words: {NO_SEARCH}" in page.text
    assert NO_SEARCH in keeping.public()
    assert "I may find out." not in keeping.public()


def test_the_page_is_light_though_everything_is_full(
    new_officer: NewPerson, clock: Clock
) -> None:
    keeping = Keeping(new_officer, clock)
    keeping.write("declaration", **DECLARED | {"text_id": "a" * 1000})
    keeping.sign(
        *(str(one) for one in keeping.adi.app.extensions["lurus"].zone.promises)
    )
    areas = re.findall(r"/admin/zone/areas/(\w+)", keeping.adi.get(ADMIN).html)
    reports = [keeping.write(f"areas/{one}", text_id="a" * 500) for one in areas]
    units = "".join(f"\nBidang Pembinaan dan Mutasi {n},30,9" for n in range(40))
    keeping.write("pact", counts=f"unit,staff,signed{units}")

    page = keeping.adi.get(ZONE)

    links = re.findall(r'<link rel="\w+" href="/static/([\w.]+)', page.html)
    sizes = [(HOME / "portal" / "static" / link).stat().st_size for link in links]
    assert (len(reports), len(links)) == (6, 2)
    assert len(page.response.data) + sum(sizes) <= 30 * 1024
