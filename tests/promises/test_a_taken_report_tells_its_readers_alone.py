"""A report that an officer takes by phone, letter or visit is sealed like every other.

How it came and who took it stand in the sealed report; the record names the act and no
case, so that nobody who may not read it learns which case came that way, or that it did.
"""

from typing import Any

import pytest
from attackers import Loot
from people import Officer, Page, Reporter, code_on
from sqlalchemy.orm import Session

from portal.audit import AuditAction, verify
from portal.reports import CameBy
from portal.settings import Settings
from portal.tending import Tender

WHAT = "Ada pungutan di loket tiga."


def preview(officer: Officer, **answers: Any) -> Page:
    answers = {"category": "PUNGLI", "what": WHAT, "came_by": "phone"} | answers
    page = officer.get("/office/new")
    return officer.send(page, "/office/new", step="preview", **answers)


def take(officer: Officer, **answers: Any) -> Page:
    page = preview(officer, **answers)
    return officer.send(page, "/office/new", step="hand-in")


def id_of(page: Page, name: str) -> str:
    """Return an officer's id as the form has it."""
    before = page.html.partition(f"<b>{name}")[0]
    return before.rpartition('name="readers" value="')[2][:32]


def audit_rows(settings: Settings) -> list[dict[str, Any]]:
    rows = Loot.of(settings.instance).tables["audit"]
    return [row for row in rows if row["act"] == AuditAction.REPORT_TAKEN]


def test_the_caller_comes_back_with_the_code(app: Any, officer: Officer) -> None:
    code = code_on(take(officer))
    caller = Reporter(app)
    caller.get("/?lang=en")

    case = caller.open_case(code)
    own = caller.send(case, "/case/mine")

    assert "taken by an officer for you" in case.text
    assert own.status_code == 303
    assert "By phone" in caller.get("/case").text


@pytest.mark.parametrize("came_by", list(CameBy))
def test_readers_see_how_it_came_and_who_took_it(
    officer: Officer, outside_officer: Officer, came_by: str
) -> None:
    take(officer, came_by=came_by)
    (path,) = outside_officer.case_paths()
    outside_officer.get("/?lang=en")

    text = outside_officer.get(path).text

    said = {"phone": "By phone", "letter": "By letter", "visit": "On a visit"}
    assert said[came_by] in text
    assert text.count("taken by Rina Wulandari for somebody") == 2


def test_a_report_of_the_reporters_own_says_nothing_of_it(
    reporter: Reporter, officer: Officer
) -> None:
    code = reporter.hand_in(WHAT, came_by="phone")
    reporter.get("/?lang=en")
    officer.get("/?lang=en")

    (path,) = officer.case_paths()

    assert "taken by" not in reporter.open_case(code).text
    assert "taken by" not in officer.get(path).text
    assert "How it came" not in officer.get(path).text


def test_all_officers_are_ticked_and_the_taker_may_be_unticked(
    officer: Officer, outside_officer: Officer
) -> None:
    page = officer.get("/office/new")
    yusuf = id_of(page, "Yusuf Hidayat")

    code_on(take(officer, readers=[yusuf]))

    assert len(page.form("/office/new").values("readers")) == 2
    assert officer.case_paths() == []
    assert len(outside_officer.case_paths()) == 1


def test_a_taken_report_waits_for_the_hand_over(
    app: Any, officer: Officer, monkeypatch: pytest.MonkeyPatch, settings: Settings
) -> None:
    hours = type(settings.hand_over).parse(["23:00"])
    kept = app.extensions["lurus"]
    values = {**vars(kept), "hand_over": hours, "tender": Tender(hours)}
    monkeypatch.setitem(app.extensions, "lurus", type(kept)(**values))

    code_on(take(officer))

    assert officer.case_paths() == []


def test_the_record_names_the_act_and_no_case(
    officer: Officer, settings: Settings, session: Session
) -> None:
    take(officer)

    (row,) = audit_rows(settings)

    assert (row["actor"], row["case_id"]) == ("Rina Wulandari", None)
    assert verify(session).broken is None


def test_a_repeated_post_makes_one_case_one_entry_and_shows_one_code(
    officer: Officer, settings: Settings
) -> None:
    page = preview(officer)

    codes = {
        code_on(officer.send(page, "/office/new", step="hand-in")) for _ in range(3)
    }

    assert len(codes) == len(audit_rows(settings)) == 1
    assert len(Loot.of(settings.instance).tables["cases"]) == 1


def test_the_officer_stays_at_work_and_keeps_no_code(
    officer: Officer, settings: Settings
) -> None:
    before = officer.cookie()
    code = code_on(take(officer))

    owners = [row["owner_id"] for row in Loot.of(settings.instance).tables["sessions"]]

    assert officer.cookie() == before
    assert owners.count(None) == 0
    assert officer.get("/office/").status_code == 200
    assert code not in officer.get("/office/new").html


def test_a_right_group_ends_that_the_code_is_shown_again(officer: Officer) -> None:
    officer.get("/?lang=en")
    page = preview(officer)
    shown = officer.send(page, "/office/new", step="hand-in")
    number = int(shown.text.partition("of line ")[2][0])
    group = code_on(shown).split("-")[number - 1]

    checked = officer.send(shown, "/office/new/code", group=group)
    again = officer.send(page, "/office/new", step="hand-in")

    assert "The caller’s note is right" in checked.text
    assert "The report was received" in again.text
    assert 'id="case-code"' not in again.html


def test_a_wrong_group_leads_back_to_the_code(officer: Officer) -> None:
    shown = take(officer)

    checked = officer.send(shown, "/office/new/code", group="????")
    again = officer.send(checked, "/office/new/code/again")

    assert checked.status_code == 422
    assert code_on(again) == code_on(shown)


def test_how_it_came_must_be_said_and_nothing_typed_is_lost(officer: Officer) -> None:
    officer.get("/?lang=en")

    page = preview(officer, came_by="")

    assert page.status_code == 422
    assert "Please choose how the report came." in page.text
    assert WHAT in page.html


def test_what_was_typed_survives_the_end_of_the_session(
    officer: Officer, clock: Any
) -> None:
    page = preview(officer, who_name="Budi Santoso")
    clock.pass_by(hours=5)
    refused = officer.send(page, "/office/new", step="hand-in")
    officer.log_in(clock.timestamp)

    back = officer.send(refused, "/office/new")
    done = officer.send(back, "/office/new", step="hand-in")

    assert refused.status_code == 403
    assert {"came_by", "what"} <= {
        name for name, _ in refused.form("/office/new").fields
    }
    assert len(code_on(done)) == 34


def test_a_language_can_be_changed_with_everything_kept(officer: Officer) -> None:
    page = officer.get("/office/new?lang=en")

    page = officer.send(
        page, "/office/new", what=WHAT, came_by="visit", step="language"
    )

    assert page.form("/office/new").value("what") == WHAT
    assert page.form("/office/new").value("came_by") == "visit"
