"""Administrators invite people, let them go, and hand on their role; nobody is lost."""

from collections.abc import Callable

import pytest
from builders import acts_on_record, dump
from conftest import Clock
from flask import Flask
from people import Administrator, Officer, Page, Person, link_on
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from portal.database import transaction
from portal.models import AuditEntry
from portal.models import Person as PersonRow
from portal.roles import Role
from portal.views.administrator import people as people_views

NewPerson = Callable[..., Administrator]


def budi(new_officer: NewPerson) -> Administrator:
    """Enrol an administrator who is nothing else."""
    return new_officer("Budi Santoso", role=Role.ADMINISTRATOR)


def last_entry(session: Session) -> tuple[str, str, str | None]:
    session.rollback()
    newest = select(AuditEntry).order_by(AuditEntry.number.desc()).limit(1)
    entry = session.scalars(newest).one()
    return entry.actor, entry.act, entry.concerns


def in_english(person: Person) -> None:
    person.get("/?lang=en")


def rows_of(session: Session, name: str) -> PersonRow:
    session.rollback()
    session.expire_all()
    return session.scalars(select(PersonRow).where(PersonRow.name == name)).one()


def test_an_administrator_begins_at_the_list_of_people(
    new_officer: NewPerson, clock: Clock
) -> None:
    person = budi(new_officer)

    page = person.get("/office/")

    assert page.response.headers["Location"] == "/admin/"
    assert "Budi Santoso" in person.get("/admin/").text


def test_an_invitation_leads_to_a_person_with_those_roles(
    app: Flask, new_officer: NewPerson, clock: Clock, session: Session
) -> None:
    administrator = budi(new_officer)

    page = administrator.invite(
        "Siti Aminah", clock.timestamp, "custodian", "administrator"
    )
    siti = Officer(app)
    siti.enrol(link_on(page), clock.timestamp)

    roles = rows_of(session, "Siti Aminah").roles
    assert roles == {Role.CUSTODIAN, Role.ADMINISTRATOR}
    assert acts_on_record(session)[-2:] == ["invited", "enrolled"]


def test_a_link_is_shown_once_and_says_how_to_hand_it_over(
    new_officer: NewPerson, clock: Clock, session: Session
) -> None:
    administrator = budi(new_officer)
    in_english(administrator)

    page = administrator.invite("Siti Aminah", clock.timestamp, "officer")

    token = link_on(page).rpartition("/")[2]
    assert "works once, within 3 days: until the end of 10 December 2026" in page.text
    assert "on the invited person's own device" in page.text.replace("’", "'")
    assert token not in administrator.get("/admin/").html
    assert token not in administrator.get(administrator.path_of("Siti Aminah")).html
    assert token not in str(dump(session))
    assert last_entry(session) == ("Budi Santoso", "invited", "Siti Aminah")


@pytest.mark.parametrize(
    ("roles", "sentence"),
    [
        (["officer", "custodian"], "Nobody is officer and keeper"),
        (["outside-officer", "custodian"], "Nobody is officer and keeper"),
        (["officer", "outside-officer"], "of this agency or from outside, not both"),
        ([], "Please choose a role at least."),
        (["king"], "Please choose one of the answers shown."),
    ],
)
def test_roles_that_nobody_has_are_refused_and_nothing_typed_is_lost(
    new_officer: NewPerson,
    clock: Clock,
    session: Session,
    roles: list[str],
    sentence: str,
) -> None:
    administrator = budi(new_officer)
    in_english(administrator)
    before = dump(session)

    page = administrator.invite(
        "Siti Aminah", clock.timestamp, *roles, person_unit="Umum"
    )

    form = page.form("/admin/invite")
    assert page.status_code == 422
    assert sentence in page.text
    assert (form.value("person_name"), form.value("person_unit")) == (
        "Siti Aminah",
        "Umum",
    )
    assert set(form.values("roles")) == set(roles) - {"king"}
    assert form.value("one_time_code") == ""
    assert dump(session) == before


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("rina  WULANDARI", "An officer of this name exists"),
        ("Joko Prasetyo", "This name was invited before"),
        ("", "Please write the name."),
        ("x" * 81, "At most 80 characters; yours has 81."),
    ],
)
def test_names_that_are_taken_are_refused_and_nothing_typed_is_lost(
    officer: Officer, new_officer: NewPerson, clock: Clock, name: str, sentence: str
) -> None:
    administrator = budi(new_officer)
    in_english(administrator)
    first = link_on(administrator.invite("Joko Prasetyo", clock.timestamp, "officer"))

    page = administrator.invite(name, clock.timestamp, "officer", person_unit="Umum")

    assert page.status_code == 422
    assert sentence in page.text
    assert page.form("/admin/invite").value("person_name") == name
    assert page.form("/admin/invite").values("roles") == ["officer"]
    assert Person(officer.app).get(first).status_code == 200


@pytest.mark.parametrize("typed", ["", "000000", "abc"])
def test_nobody_is_invited_without_a_fresh_second_factor(
    new_officer: NewPerson, session: Session, typed: str
) -> None:
    administrator = budi(new_officer)
    before = dump(session, "sessions")

    page = administrator.send(
        administrator.get("/admin/invite"),
        "/admin/invite",
        person_name="Siti Aminah",
        roles="officer",
        one_time_code=typed,
    )

    assert page.status_code == 422
    assert page.form("/admin/invite").value("person_name") == "Siti Aminah"
    assert dump(session, "sessions") == before


def test_a_form_that_was_open_too_long_keeps_what_was_typed(
    new_officer: NewPerson, clock: Clock, session: Session
) -> None:
    administrator = budi(new_officer)
    page = administrator.get("/admin/invite")
    administrator.log_in(clock.timestamp)
    before = dump(session, "sessions")

    stale = administrator.send(
        page,
        "/admin/invite",
        person_name="Siti Aminah",
        roles=["officer", "administrator"],
        one_time_code=administrator.code(clock.timestamp),
    )
    unchanged = dump(session, "sessions") == before
    code = administrator.code(clock.timestamp)
    sent = administrator.send(stale, "/admin/invite", one_time_code=code)

    assert stale.status_code == 422
    assert unchanged
    assert link_on(sent)


def test_an_ended_session_gives_back_what_was_typed(
    new_officer: NewPerson, clock: Clock
) -> None:
    administrator = budi(new_officer)
    page = administrator.get("/admin/invite")
    clock.pass_by(hours=5)

    ended = administrator.send(
        page,
        "/admin/invite",
        person_name="Siti Aminah",
        roles=["officer", "administrator"],
    )

    form = ended.form("/admin/invite")
    assert ended.status_code == 403
    assert form.value("person_name") == "Siti Aminah"
    assert form.values("roles") == ["officer", "administrator"]
    assert 'href="/office/login"' in ended.html


def test_a_renewed_invitation_closes_the_link_from_before(
    app: Flask, new_officer: NewPerson, clock: Clock, session: Session
) -> None:
    administrator = budi(new_officer)
    first = link_on(administrator.invite("Siti Aminah", clock.timestamp, "officer"))
    path = administrator.path_of("Siti Aminah") + "/invitation"
    clock.pass_by(days=5)
    administrator.log_in(clock.timestamp)

    page = administrator.confirm(path, clock.timestamp, act="renew")

    assert Person(app).get(first).status_code == 404
    assert Person(app).get(link_on(page)).status_code == 200
    assert last_entry(session) == ("Budi Santoso", "invitation renewed", "Siti Aminah")


def test_a_withdrawn_invitation_opens_nothing(
    app: Flask, new_officer: NewPerson, clock: Clock, session: Session
) -> None:
    administrator = budi(new_officer)
    link = link_on(administrator.invite("Siti Aminah", clock.timestamp, "officer"))
    path = administrator.path_of("Siti Aminah") + "/invitation"

    page = administrator.confirm(path, clock.timestamp, act="withdraw")

    assert page.status_code == 303
    assert Person(app).get(link).status_code == 404
    assert last_entry(session)[1:] == ("invitation withdrawn", "Siti Aminah")


def test_who_enrolled_meanwhile_is_not_withdrawn(
    app: Flask, new_officer: NewPerson, clock: Clock, session: Session
) -> None:
    administrator = budi(new_officer)
    link = link_on(administrator.invite("Siti Aminah", clock.timestamp, "officer"))
    path = administrator.path_of("Siti Aminah") + "/invitation"
    form = administrator.get(path)
    Officer(app).enrol(link, clock.timestamp)

    code = administrator.code(clock.timestamp)
    page = administrator.send(form, path, act="withdraw", one_time_code=code)

    assert page.status_code == 422
    assert rows_of(session, "Siti Aminah").retired_on is None


def test_who_retires_is_shut_out_at_the_next_request(
    officer: Officer,
    outside_officer: Officer,
    new_officer: NewPerson,
    clock: Clock,
    session: Session,
) -> None:
    administrator = budi(new_officer)
    in_english(administrator)
    path = administrator.path_of("Yusuf Hidayat") + "/retire"

    asked = administrator.get(path)
    done = administrator.confirm(path, clock.timestamp)

    assert "cannot know which cases only this officer reads" in asked.text
    assert done.status_code == 303
    assert outside_officer.get("/office/").response.headers["Location"] == (
        "/office/login"
    )
    assert last_entry(session) == ("Budi Santoso", "retired", "Yusuf Hidayat")


def test_the_last_officer_and_the_last_administrator_stay(
    officer: Officer, new_officer: NewPerson, clock: Clock, session: Session
) -> None:
    administrator = budi(new_officer)
    in_english(administrator)

    for name, sentence in {
        "Rina Wulandari": "This is the last officer",
        "Budi Santoso": "lurus people invite NAME --administrator",
    }.items():
        path = administrator.path_of(name) + "/retire"
        page = administrator.confirm(path, clock.timestamp)

        assert page.status_code == 422
        assert sentence in page.text
        assert rows_of(session, name).retired_on is None


def test_the_role_is_given_and_taken_and_sessions_end(
    officer: Officer,
    outside_officer: Officer,
    new_officer: NewPerson,
    clock: Clock,
    session: Session,
) -> None:
    administrator = budi(new_officer)
    path = administrator.path_of("Yusuf Hidayat") + "/administration"

    administrator.confirm(path, clock.timestamp, act="give")
    given = rows_of(session, "Yusuf Hidayat").roles
    ended = outside_officer.get("/office/").response.headers["Location"]
    administrator.confirm(path, clock.timestamp, act="take")
    taken = rows_of(session, "Yusuf Hidayat").roles

    assert given == {Role.OUTSIDE_OFFICER, Role.ADMINISTRATOR}
    assert ended == "/office/login"
    assert taken == {Role.OUTSIDE_OFFICER}
    assert acts_on_record(session)[-2:] == [
        "administration given",
        "administration taken",
    ]


def test_the_role_is_not_taken_where_nothing_else_would_be_left(
    new_officer: NewPerson, clock: Clock
) -> None:
    administrator = budi(new_officer)
    new_officer("Ratna Sari", role=Role.ADMINISTRATOR)
    in_english(administrator)
    path = administrator.path_of("Ratna Sari") + "/administration"

    page = administrator.confirm(path, clock.timestamp, act="take")

    assert page.status_code == 422
    assert "Let the person retire instead." in page.text


def test_who_is_second_is_told(
    officer: Officer,
    outside_officer: Officer,
    new_officer: NewPerson,
    clock: Clock,
) -> None:
    administrator, other = (
        budi(new_officer),
        new_officer("Ratna Sari", role=Role.ADMINISTRATOR),
    )
    in_english(other)
    path = administrator.path_of("Yusuf Hidayat") + "/retire"
    of_other = other.get(path)
    administrator.confirm(path, clock.timestamp)

    code = other.code(clock.timestamp)
    page = other.send(of_other, path, one_time_code=code)

    assert page.status_code == 422
    assert "Somebody was faster: this was done already." in page.text


@pytest.mark.parametrize("act", ["", "/retire", "/invitation", "/administration"])
@pytest.mark.parametrize(
    "person_id",
    ["0" * 32, "0" * 31, "g" * 32, "%00" * 4, "..", "0" * 400, "٠" * 32],
)
def test_an_address_of_nobody_is_no_page(
    new_officer: NewPerson, act: str, person_id: str
) -> None:
    administrator = budi(new_officer)

    assert administrator.get(f"/admin/people/{person_id}{act}").status_code == 404


@pytest.mark.parametrize("act", ["", "king", "retire"])
def test_an_act_that_is_not_offered_costs_no_code(
    outside_officer: Officer,
    new_officer: NewPerson,
    clock: Clock,
    session: Session,
    act: str,
) -> None:
    administrator = budi(new_officer)
    path = administrator.path_of("Yusuf Hidayat") + "/administration"
    before = dump(session)

    page = administrator.confirm(path, clock.timestamp, act=act)

    assert page.status_code == 422
    assert dump(session) == before


def pages_of(person: Person, paths: list[str]) -> list[Page]:
    return [person.get(path) for path in paths]


@pytest.mark.parametrize("lang", ["id", "en"])
def test_every_page_has_one_heading_and_forms_with_keys(
    officer: Officer, new_officer: NewPerson, clock: Clock, lang: str
) -> None:
    administrator = budi(new_officer)
    administrator.get(f"/?lang={lang}")
    administrator.invite("Joko Prasetyo", clock.timestamp, "officer")
    rina = administrator.path_of("Rina Wulandari")
    joko = administrator.path_of("Joko Prasetyo")

    pages = pages_of(
        administrator,
        [
            *("/admin/", "/admin/invite", "/admin/settings", "/admin/audit"),
            *("/admin/first-day", "/admin/audit?person=Siapa", rina, joko),
            *(f"{rina}/{act}" for act in ("retire", "administration", "invitation")),
            *(f"{joko}/{act}" for act in ("retire", "administration", "invitation")),
        ],
    )

    assert {page.status_code for page in pages} == {200}
    assert {page.html.count("<h1") for page in pages} == {1}
    assert {page.html.count(f'<html lang="{lang}">') for page in pages} == {1}
    assert all(form.value("csrf_token") for page in pages for form in page.forms)


def test_the_first_day_seats_everybody_and_lets_each_be_compared(
    officer: Officer, outside_officer: Officer, new_officer: NewPerson, clock: Clock
) -> None:
    administrator = budi(new_officer)
    in_english(administrator)

    text = administrator.get("/admin/first-day").text

    assert "Rina Wulandari (Officer) sits at place" in text
    assert "compared by Yusuf Hidayat" in text
    assert "compared by Rina Wulandari" in text
    assert "Budi Santoso (Administrator)" in text


def test_who_lost_the_role_in_that_instant_is_told_and_nothing_changes(
    outside_officer: Officer,
    new_officer: NewPerson,
    clock: Clock,
    session: Session,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    administrator = budi(new_officer)
    in_english(administrator)
    path = administrator.path_of("Yusuf Hidayat") + "/administration"
    page = administrator.get(path)

    def lose_it_first(*_: object) -> bool:
        with transaction(session):
            mine = update(PersonRow).where(PersonRow.name == "Budi Santoso")
            session.execute(mine.values(is_administrator=False, is_custodian=True))
        return True

    monkeypatch.setattr(people_views, "is_confirmed", lose_it_first)
    told = administrator.send(page, path, act="give")

    assert told.status_code == 403
    assert "You are no administrator any more." in told.text
    assert "Nothing was changed by you." in told.text
    assert rows_of(session, "Yusuf Hidayat").roles == {Role.OUTSIDE_OFFICER}


def test_a_new_key_is_offered_by_a_link_shown_once_and_can_be_taken_back(
    officer: Officer, new_officer: NewPerson, clock: Clock, session: Session, app: Flask
) -> None:
    administrator = budi(new_officer)
    path = administrator.path_of("Rina Wulandari") + "/new-key"

    offered = administrator.confirm(path, clock.timestamp, act="offer")
    link = link_on(offered)
    opens = Person(app).get(link).status_code
    taken_back = administrator.confirm(path, clock.timestamp, act="withdraw")

    assert link not in administrator.get(path).html
    assert (opens, Person(app).get(link).status_code) == (200, 404)
    assert taken_back.status_code == 303
    assert officer.get("/office/").status_code == 200
