"""Holding a report: the questions first, then until a day, or until others come."""

import datetime as dt
import threading

import pytest
from builders import duty_of
from flask import Flask
from kept import share_in
from people import Officer, Page, Reporter, code_on
from sqlalchemy.orm import Session

from crypto import ReleaseRule
from portal import vouchers
from portal.database import transaction
from portal.models import Case, StaffMember

WORDS = "The drums are emptied at night."
JOKO = "198001012005011001"


def _list(session: Session, *names: str, count: int = 500) -> None:
    """Let the staff list have so many people, these among them."""
    filler = [f"Pegawai {number}" for number in range(count - len(names))]
    with transaction(session):
        session.add_all(
            StaffMember(
                id=number.to_bytes(16, "big"),
                number=str(int(JOKO) + number),
                name=name,
                position="Staf",
                unit="Umum",
            )
            for number, name in enumerate((*names, *filler))
        )


def _asked(reporter: Reporter, path: str, **answers: str) -> Page:
    """Answer the questions; return the form, or why there is none."""
    reporter.get("/?lang=en")
    answers = {"category": "ASET", "others_know": "5-9"} | answers
    return reporter.send(reporter.get(path), path, **answers)


def _share(session: Session, app: Flask, keeper: Officer):
    (share,) = _shares(session, app, keeper)
    return share


def _shares(session: Session, app: Flask, keeper: Officer):
    """Return what the keeper's outers hold, once the gate is off."""
    custodian = duty_of(session, keeper.credentials.name)
    gate = app.extensions["lurus"].gate_secret
    return [share_in(session, one, custodian, gate) for one in session.query(Case)]


def _chosen(reporter: Reporter, name: str = "Joko", **answers: str) -> Page:
    """Search for somebody, choose the first, and look it over."""
    form = _asked(reporter, "/hold/match")
    found = reporter.send(form, "/hold/match", who_search=name, step="search")
    who = found.html.split('name="who" value="')[1].split('"')[0]
    fields = {"what": WORDS, "who": who, "step": "preview"} | answers
    return reporter.send(found, "/hold/match", **fields)


def test_a_report_is_held_until_a_day(
    reporter: Reporter, keeper: Officer, session: Session, app: Flask, clock
) -> None:
    form = _asked(reporter, "/hold")
    preview = reporter.send(form, "/hold", what=WORDS, step="preview")
    assert preview.status_code == 200, preview.text
    code = code_on(reporter.send(preview, "/hold", step="hand-in"))

    page = reporter.open_case(code)
    assert "Opens at the first round after" in page.text
    share = _share(session, app, keeper)
    day = clock.time.date() + dt.timedelta(days=91)
    assert (share.rule, share.date) == (ReleaseRule.DATE, day.isoformat())


def test_without_a_keeper_nothing_is_held(reporter: Reporter) -> None:
    page = reporter.get("/hold?lang=en")

    assert "Not available at this agency." in page.text
    assert page.forms == []
    assert 'href="/report"' in page.html
    assert 'href="/note"' in page.html


def test_in_a_small_agency_nobody_waits_for_others(
    reporter: Reporter, keeper: Officer, session: Session
) -> None:
    assert keeper
    _list(session, "Joko Susilo", count=499)

    page = reporter.get("/hold/match?lang=en")

    assert "Not available at this agency." in page.text
    assert 'href="/hold"' in page.html


def test_a_report_waits_for_others_once_a_slip_is_given(
    reporter: Reporter, keeper: Officer, session: Session, app: Flask, clock
) -> None:
    _list(session, "Joko Susilo")
    slip, _other = vouchers.print_slips(session, 2, clock.time.date()).slips
    preview = _chosen(reporter, slip=slip.reveal(), until="match-3")
    assert "Joko Susilo" in preview.text
    assert JOKO not in preview.html
    assert vouchers.list_batches(session)[0].at_most == 24

    code = code_on(reporter.send(preview, "/hold/match", step="hand-in"))

    share = _share(session, app, keeper)
    assert (share.rule, share.subject) == (ReleaseRule.MATCH_3, JOKO)
    page = reporter.open_case(code)
    assert "Opens once 3 people name the same person" in page.text


@pytest.mark.parametrize(
    ("unmatched", "rule"), [("open", ReleaseRule.DATE), ("destroy", ReleaseRule.NEVER)]
)
def test_without_a_slip_it_counts_for_its_day_and_names_nobody(
    reporter: Reporter,
    keeper: Officer,
    session: Session,
    app: Flask,
    unmatched: str,
    rule: ReleaseRule,
) -> None:
    _list(session, "Joko Susilo")
    preview = _chosen(reporter, unmatched=unmatched)

    code_on(reporter.send(preview, "/hold/match", step="hand-in"))

    share = _share(session, app, keeper)
    assert (share.rule, share.subject) == (rule, "")


def test_however_a_name_is_spelt_the_same_person_is_meant(
    keeper: Officer, session: Session, app: Flask, clock
) -> None:
    _list(session, "Drs. Joko Susilo, M.Si.")
    slips = vouchers.print_slips(session, 3, clock.time.date()).slips
    for name, slip in zip(("joko", "SUSILO, Joko"), slips, strict=False):
        person = Reporter(app)
        preview = _chosen(person, name, slip=slip.reveal())
        code_on(person.send(preview, "/hold/match", step="hand-in"))

    assert [one.subject for one in _shares(session, app, keeper)] == [JOKO, JOKO]


def test_a_slip_that_is_not_good_is_one_sentence_and_loses_nothing(
    reporter: Reporter, keeper: Officer, session: Session, clock
) -> None:
    _list(session, "Joko Susilo")
    assert keeper
    slip, other = vouchers.print_slips(session, 2, clock.time.date()).slips
    vouchers.burn(session, slip)
    preview = _chosen(reporter, slip=slip.reveal())

    refused = reporter.send(preview, "/hold/match", step="hand-in")

    assert refused.status_code == 422
    assert "This slip is not good" in refused.text
    assert WORDS in refused.html
    assert session.query(Case).count() == 0
    kept = reporter.send(refused, "/hold/match", slip=other.reveal(), step="hand-in")
    code_on(kept)


def test_pressing_twice_shows_the_same_code(
    reporter: Reporter, keeper: Officer, session: Session, clock
) -> None:
    _list(session, "Joko Susilo")
    assert keeper
    slip, _other = vouchers.print_slips(session, 2, clock.time.date()).slips
    preview = _chosen(reporter, slip=slip.reveal())

    codes = {
        code_on(reporter.send(preview, "/hold/match", step="hand-in")) for _ in range(2)
    }

    assert len(codes) == 1
    assert session.query(Case).count() == 1


def test_what_was_typed_comes_back_with_what_is_wrong(
    reporter: Reporter, keeper: Officer
) -> None:
    assert keeper
    form = _asked(reporter, "/hold")

    page = reporter.send(
        form, "/hold", what="", who_name="Joko", day="31-02-2027", step="preview"
    )

    assert page.status_code == 422
    assert 'value="Joko"' in page.html
    assert 'value="31-02-2027"' in page.html
    assert "Please choose a day" in page.text


def test_a_grave_kind_is_held_for_thirty_days_at_most(
    reporter: Reporter, keeper: Officer, clock
) -> None:
    assert keeper
    form = _asked(reporter, "/hold", category="SUAP")
    last = clock.time.date() + dt.timedelta(days=30)
    assert f'value="{last.isoformat()}"' in form.html

    later = (last + dt.timedelta(days=1)).isoformat()
    page = reporter.send(form, "/hold", what=WORDS, day=later, step="preview")

    assert page.status_code == 422
    assert "From tomorrow until" in page.text


def test_what_an_answer_made_short_is_not_moved_later_with_the_code(
    reporter: Reporter, keeper: Officer, session: Session, app: Flask, clock
) -> None:
    form = _asked(reporter, "/hold", harm="yes")
    last = clock.time.date() + dt.timedelta(days=30)
    preview = reporter.send(form, "/hold", what=WORDS, step="preview")
    code = code_on(reporter.send(preview, "/hold", step="hand-in"))
    reporter.open_case(code)

    later = (last + dt.timedelta(days=1)).isoformat()
    page = reporter.send(reporter.get("/case/keep"), "/case/keep/day", day=later)

    assert page.status_code == 422
    assert _share(session, app, keeper).date == last.isoformat()


def test_the_only_keeper_is_never_the_one_who_is_named(
    reporter: Reporter, keeper: Officer
) -> None:
    assert keeper
    form = _asked(reporter, "/hold")

    page = reporter.send(
        form, "/hold", what=WORDS, who_name="Bu Sri Lestari", step="preview"
    )

    assert page.status_code == 422
    assert "the only keeper" in page.text


def test_an_officer_who_is_meant_never_reads_it(
    reporter: Reporter, keeper: Officer, session: Session, new_officer
) -> None:
    assert keeper
    new_officer("Joko Susilo")
    _list(session, "Joko Susilo")

    preview = _chosen(reporter)

    assert "Named here, therefore not ticked." in preview.text


def test_one_slip_at_the_same_instant_serves_one(
    app: Flask, reporter: Reporter, keeper: Officer, session: Session, clock
) -> None:
    """Two people with the same slip: one holds, the other is told; one row each."""
    _list(session, "Joko Susilo")
    assert keeper
    slip, _other = vouchers.print_slips(session, 2, clock.time.date()).slips
    people = [reporter, Reporter(app)]
    previews = [_chosen(person, slip=slip.reveal()) for person in people]
    answers: list[int] = []

    def hand_in(person: Reporter, page: Page) -> None:
        answers.append(person.send(page, "/hold/match", step="hand-in").status_code)

    threads = [
        threading.Thread(target=hand_in, args=pair)
        for pair in zip(people, previews, strict=True)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(answers) == [200, 422]
    assert session.query(Case).count() == 1
