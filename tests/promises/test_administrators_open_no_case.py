"""An administrator opens no case: not by any page, not by any key, not by any person.

Who is an officer too is one there. A curious administrator can invite a person of his
own; that opens nothing from before, and everybody sees it for ninety days.
"""

from collections.abc import Callable

import pytest
from attackers import Loot
from conftest import Clock
from flask import Flask
from people import Administrator, Officer, Page, Person, Reporter, link_on
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.models import Person as PersonRow
from portal.models import Wrap
from portal.roles import OFFICERS, Role
from portal.settings import Settings
from portal.views import officer as officer_views
from portal.views.access import ACCESS

NewPerson = Callable[..., Administrator]
NOWHERE = "0" * 32


def rules(method: str) -> list[str]:
    """Return the addresses that are for officers alone and take *method*."""
    app = Flask(__name__, static_folder=None)
    app.register_blueprint(officer_views.bp)
    return sorted(
        rule.rule
        for rule in app.url_map.iter_rules()
        if method in (rule.methods or ()) and ACCESS[rule.endpoint] == OFFICERS
    )


every_role = pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.CUSTODIAN])


def signed_post(person: Person, path: str) -> Page:
    fields = {
        "csrf_token": person.form_key(path),
        "text": "Isian dari luar.",
        "to": "acknowledged",
        "severity": "1",
        "q": "loket",
    }
    return person.post(path, fields)


def test_no_page_of_a_case_is_for_an_administrator() -> None:
    of_cases = {name: who for name, who in ACCESS.items() if ".case" in name}

    assert len([path for path in rules("POST") if "<case_id>" in path]) >= 4
    assert [
        name
        for name, who in of_cases.items()
        if not name.startswith("reporter.") and Role.ADMINISTRATOR in who
    ] == []


@pytest.mark.parametrize("path", rules("GET"))
@every_role
def test_a_case_that_is_there_looks_like_one_that_is_not(
    reporter: Reporter,
    officer: Officer,
    new_officer: NewPerson,
    path: str,
    role: Role,
) -> None:
    reporter.hand_in("Ada pungutan di loket tiga.")
    (case,) = officer.case_paths()
    person = new_officer("Budi Santoso", role=role)
    case_id = case.rpartition("/")[2]

    pages = [
        person.get(path.replace("<case_id>", one)).response
        for one in (case_id, NOWHERE)
    ]

    assert {page.status_code for page in pages} == {303}
    assert pages[0].data == pages[1].data
    assert pages[0].headers["Location"] == pages[1].headers["Location"]


@pytest.mark.parametrize("path", rules("POST"))
@every_role
def test_no_form_of_an_officer_is_taken(
    reporter: Reporter,
    officer: Officer,
    new_officer: NewPerson,
    settings: Settings,
    path: str,
    role: Role,
) -> None:
    reporter.hand_in("Ada pungutan di loket tiga.")
    (case,) = officer.case_paths()
    person = new_officer("Budi Santoso", role=role)
    before = Loot.of(settings.instance)

    page = signed_post(person, path.replace("/office/cases/<case_id>", case))

    assert page.status_code == 403
    assert Loot.of(settings.instance) == before


@every_role
def test_nobody_seals_a_case_to_who_is_no_officer(
    reporter: Reporter,
    officer: Officer,
    new_officer: NewPerson,
    session: Session,
    role: Role,
) -> None:
    new_officer("Budi Santoso", role=role)

    offered = reporter.get("/report").form("/report").values("readers")
    reporter.hand_in("Ada pungutan di loket tiga.")

    session.rollback()
    budi = select(PersonRow.id).where(PersonRow.name == "Budi Santoso")
    genuine = Wrap.purpose == "case"
    wraps = select(Wrap.case_id).where(Wrap.holder_id.in_(budi), genuine)
    assert len(offered) == 1
    assert session.scalars(wraps).all() == []


def test_who_is_officer_too_is_one_there(
    reporter: Reporter, officer: Officer, new_officer: NewPerson, clock: Clock
) -> None:
    both = new_officer("Ratna Sari", Role.ADMINISTRATOR)
    reporter.hand_in("Ada pungutan di loket tiga.")

    (case,) = both.case_paths()

    assert "Ada pungutan di loket tiga." in both.get(case).text
    assert both.get("/admin/").status_code == 200


def test_an_officer_of_his_own_reads_nothing_from_before_and_is_seen_by_all(
    app: Flask,
    reporter: Reporter,
    officer: Officer,
    new_officer: NewPerson,
    clock: Clock,
) -> None:
    reporter.hand_in("Ada pungutan di loket tiga.")
    budi = new_officer("Budi Santoso", role=Role.ADMINISTRATOR)

    link = link_on(budi.invite("Siti Palsu", clock.timestamp, "officer"))
    puppet = Officer(app)
    puppet.enrol(link, clock.timestamp)
    puppet.log_in(clock.timestamp)

    assert puppet.case_paths() == []
    keys = Person(app).get("/keys?lang=en").text
    assert "Siti Palsu was added · 7 December 2026" in keys
    record = budi.get("/admin/audit?lang=en").text
    assert "Budi Santoso invited somebody Siti Palsu" in record


def test_the_page_of_keys_names_who_is_both(
    app: Flask, officer: Officer, new_officer: NewPerson
) -> None:
    before = Person(app).get("/keys?lang=en").text

    new_officer("Ratna Sari", Role.ADMINISTRATOR)
    after = Person(app).get("/keys?lang=en").text

    sentence = "Officer and administrator in one person:"
    assert sentence not in before
    assert f"{sentence} Ratna Sari" in after
