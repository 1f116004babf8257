"""The page of keys: who the officers are, and what to compare with the poster."""

import datetime as dt
import re
from collections.abc import Callable

import pytest
from builders import TODAY
from conftest import Clock
from flask import Flask
from people import Officer, Page, Person, Reporter
from sqlalchemy import update
from sqlalchemy.orm import Session

from crypto import Identity
from portal.database import transaction
from portal.invitations import invite
from portal.models import Installation
from portal.models import Person as PersonRow
from portal.people import list_people
from portal.roles import Role


def fingerprints(page: Page) -> list[str]:
    """Return the fingerprints as they stand on a page, group by group."""
    found = re.findall(r'<p class="fingerprint">(.*?)</p>', page.html)
    return ["-".join(re.findall(r"<span>(\w{4})</span>", one)) for one in found]


def retire_rina(session: Session, day: dt.date = TODAY) -> None:
    rina = update(PersonRow).where(PersonRow.name == "Rina Wulandari")
    with transaction(session):
        session.execute(rina.values(retired_on=day))


def test_every_officer_is_there_with_the_fingerprint(
    app: Flask, officer: Officer, outside_officer: Officer, session: Session
) -> None:
    page = Person(app).get("/keys?lang=en")

    assert fingerprints(page) == [one.fingerprint for one in list_people(session)]
    assert re.search(
        "Rina Wulandari Auditor · Sekretariat · since 7 December", page.text
    )
    assert re.search("Auditor · Inspektorat · outside this agency · since", page.text)


def test_a_fingerprint_has_eight_groups_of_four(app: Flask, officer: Officer) -> None:
    (fingerprint,) = fingerprints(Person(app).get("/keys"))

    assert re.fullmatch(r"(?:[0-9A-HJKMNP-TV-Z]{4}-?){8}", fingerprint)
    assert fingerprint.count("-") == 7


def test_who_is_only_invited_is_not_there(app: Flask, session: Session) -> None:
    invite(
        session,
        "Joko",
        position="",
        unit="",
        roles=frozenset({Role.OFFICER}),
        today=TODAY,
    )

    page = Person(app).get("/keys?lang=en")

    assert "Joko" not in page.text
    assert "This portal has no officers yet" in page.text


def test_who_was_added_is_told_for_ninety_days(
    app: Flask, officer: Officer, clock: Clock
) -> None:
    first = Person(app).get("/keys?lang=en")
    clock.pass_by(days=90)
    later = Person(app).get("/keys?lang=en")

    assert "Rina Wulandari was added · 7 December 2026" in first.text
    assert "Rina Wulandari was added" not in later.text
    assert "Nobody was added, nobody has left, and no key was changed." in later.text


def test_who_has_left_is_told_and_has_no_fingerprint(
    app: Flask, officer: Officer, outside_officer: Officer, session: Session
) -> None:
    retire_rina(session)

    page = Person(app).get("/keys?lang=en")

    assert len(fingerprints(page)) == 1
    assert "Rina Wulandari has left · 7 December 2026" in page.text


def test_a_name_cannot_pretend(app: Flask, officer: Officer, session: Session) -> None:
    with transaction(session):
        session.execute(update(PersonRow).values(name="<b>Rina</b> \u202eaniR"))

    page = Person(app).get("/keys")

    assert "&lt;b&gt;Rina&lt;/b&gt;" in page.html
    assert "U+202E" in page.text


@pytest.mark.parametrize("path", ["/", "/guidance", "/case", "/keys"])
def test_every_page_leads_there(app: Flask, officer: Officer, path: str) -> None:
    footer = Person(app).get(path).html.partition("<footer>")[2]

    assert '<a href="/keys">Siapa petugasnya</a>' in footer


def test_the_list_of_readers_leads_there_without_losing_the_form(
    reporter: Reporter,
) -> None:
    empty, filled = reporter.get("/report"), reporter.preview("Ada pungutan.")

    link = '<a href="/keys" target="_blank" rel="noopener">'
    assert [page.html.count(link) for page in (empty, filled)] == [1, 1]


def test_the_page_says_what_to_do_where_a_fingerprint_differs(
    app: Flask, officer: Officer
) -> None:
    page = Person(app).get("/keys?lang=en")

    assert "Compare with the poster on the wall" in page.text
    assert "do not report. Tell an officer from outside in person" in page.text
    assert 'href="/guidance#outside"' in page.html


def test_the_poster_names_the_address_to_open(app: Flask, officer: Officer) -> None:
    page = Person(app).get("/keys?lang=en")

    assert "Open http://localhost/keys on your own phone." in page.text


def test_custodians_and_the_key_of_recovery_stand_apart_and_administrators_not_at_all(
    app: Flask, officer: Officer, new_officer: Callable[..., Officer], session: Session
) -> None:
    new_officer("Sri Lestari", role=Role.CUSTODIAN)
    new_officer("Budi Santoso", role=Role.ADMINISTRATOR)
    recovery = Identity.generate().recipient
    with transaction(session):
        session.execute(
            update(Installation).values(
                recovery_recipient=bytes(recovery), recovery_made_on=TODAY
            )
        )

    page = Person(app).get("/keys?lang=en")

    officers, _, others = page.text.partition("Keepers")
    assert "Rina Wulandari" in officers
    assert "Sri Lestari" in others
    assert fingerprints(page)[2] == recovery.fingerprint()
    assert "The key of recovery" in others
    assert "Budi Santoso" not in page.text


def test_a_key_that_was_changed_is_told_for_ninety_days_with_its_day(
    app: Flask, officer: Officer, session: Session, clock: Clock
) -> None:
    changed_on = TODAY + dt.timedelta(days=100)
    with transaction(session):
        session.execute(update(PersonRow).values(key_since=changed_on))
    clock.pass_by(days=101)

    page = Person(app).get("/keys?lang=en")

    assert "Rina Wulandari has a new key · 17 March 2027" in page.text
    assert "new key since 17 March 2027" in page.text
    assert "was added" not in page.text
