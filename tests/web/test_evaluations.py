"""The register of evaluations on its pages: who writes, who reads, what is refused."""

from collections.abc import Callable

import pytest
from conftest import Clock
from people import Administrator, Officer, Page

from portal.roles import Role

REGISTER = "/admin/evaluations"
NewPerson = Callable[..., Administrator]
FINDING = {"text": "Poster belum ada.", "owner": "Sekretariat", "due_on": "31/1/2027"}


def an_administrator(new_officer: NewPerson) -> Administrator:
    """Adi, who reads English, in an agency with an officer."""
    new_officer("Rina Wulandari")
    person = new_officer("Adi Nugroho", role=Role.ADMINISTRATOR)
    person.get("/?lang=en")
    return person


def send(person: Officer, form: str = "", act: str = "", **fields: str) -> Page:
    page = person.get(REGISTER + form)
    return person.send(page, REGISTER + (act or form), **fields)


def test_what_is_due_and_was_not_held_is_said_until_it_is_recorded(
    new_officer: NewPerson, clock: Clock
) -> None:
    adi = an_administrator(new_officer)
    assert "31 December 2026" in adi.get(REGISTER).text
    clock.pass_by(days=26)
    adi.log_in(clock.timestamp)
    missed = "The evaluation of 31 December 2026 was not held."
    assert missed in adi.get(REGISTER).text

    send(adi, "/1", done_on="30 December 2026", note="Rapat tim; notula 7/2026.")

    page = adi.get(REGISTER)
    assert missed not in page.text
    assert "Rapat tim; notula 7/2026." in page.text
    assert "31 March 2027" in page.text


def test_a_finding_is_written_down_and_closed_with_its_proof(
    new_officer: NewPerson,
) -> None:
    adi = an_administrator(new_officer)

    send(adi, "", "/findings", **FINDING)
    send(adi, "/findings/1", closed_on="7/12/2026", proof="Nota dinas 12")

    page = adi.get(REGISTER)
    assert "1. Poster belum ada." in page.text
    assert "Nota dinas 12" in page.text
    assert f"{REGISTER}/findings/1" not in page.html


@pytest.mark.parametrize("role", [Role.OFFICER, Role.OUTSIDE_OFFICER, Role.CUSTODIAN])
def test_everybody_at_work_reads_the_register_and_cannot_write(
    new_officer: NewPerson, role: Role
) -> None:
    adi = an_administrator(new_officer)
    send(adi, "", "/findings", **FINDING)
    person = new_officer("Yusuf Hidayat", role=role)

    page = person.get(REGISTER)

    assert "Poster belum ada." in page.text
    assert [form.action for form in page.forms if "/admin/" in form.action] == []
    assert person.get(f"{REGISTER}/1").status_code == 303


REFUSED = [
    ("/plan", {"due_on": ""}, "Please type a day."),
    ("/plan", {"due_on": "31/2/2027"}, "This day cannot be read."),
    ("/plan", {"due_on": "6/12/2026"}, "This day has passed."),
    ("/plan", {"due_on": "7/12/2036"}, "This day is too far ahead."),
    ("/plan", {"due_on": "31/12/2026"}, "due on that day already"),
    ("/findings", FINDING | {"text": ""}, "Please write what was found."),
    ("/findings", FINDING | {"owner": "x" * 121}, "At most 120 characters"),
    ("/findings", FINDING | {"due_on": "besok"}, "This day cannot be read."),
    ("/1", {"done_on": "8/12/2026", "note": "Rapat."}, "one of the 31 days before"),
    ("/1", {"done_on": "5/11/2026", "note": "Rapat."}, "one of the 31 days before"),
    ("/1", {"done_on": "7/12/2026", "note": ""}, "Please write how it was held."),
    ("/findings/1", {"closed_on": "7/12/2026", "proof": ""}, "where the proof is"),
]


@pytest.mark.parametrize(("act", "typed", "said"), REFUSED)
def test_what_is_refused_says_why_and_comes_back_as_it_was_typed(
    new_officer: NewPerson, act: str, typed: dict[str, str], said: str
) -> None:
    adi = an_administrator(new_officer)
    send(adi, "", "/findings", **FINDING)

    page = send(adi, "" if act in {"/plan", "/findings"} else act, act, **typed)

    assert page.status_code == 422
    assert said in page.text
    assert page.html.count('<li><a href="#') == 1
    form = page.form(REGISTER + act)
    assert {name: form.value(name) for name in typed} == typed


def test_two_who_record_the_same_are_told_apart(new_officer: NewPerson) -> None:
    adi = an_administrator(new_officer)
    page = adi.get(f"{REGISTER}/1")
    typed = {"done_on": "7/12/2026", "note": "Rapat tim."}
    adi.send(page, f"{REGISTER}/1", **typed)

    second = adi.send(page, f"{REGISTER}/1", **typed | {"note": "Lain."})

    assert second.status_code == 409
    assert "this was recorded already" in second.text
    assert "Rapat tim." in adi.get(REGISTER).text


@pytest.mark.parametrize("path", ["/7", "/findings/7", "/99999999999999999999"])
def test_what_is_not_in_the_register_is_said(new_officer: NewPerson, path: str) -> None:
    adi = an_administrator(new_officer)

    page = adi.get(REGISTER + path)

    assert page.status_code == 404
    assert "Nothing of that number stands in the register." in page.text


def test_a_form_that_was_open_too_long_gives_back_what_was_typed(
    new_officer: NewPerson,
) -> None:
    adi = an_administrator(new_officer)

    page = adi.post(f"{REGISTER}/findings", FINDING | {"csrf_token": "x"})

    assert page.status_code == 422
    form = page.form(f"{REGISTER}/findings")
    assert {name: form.value(name) for name in FINDING} == FINDING
