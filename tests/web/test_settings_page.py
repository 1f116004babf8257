"""Settings as they stand and the doctor's findings: everything but what is secret."""

from collections.abc import Callable

import pytest
from flask import Flask
from people import Administrator

from portal.roles import Role
from portal.runtime import SECRET_FILE
from portal.settings import Settings
from portal.views.administrator.settings import shown

NewPerson = Callable[..., Administrator]


def test_every_setting_stands_there_as_it_is(
    new_officer: NewPerson, settings: Settings
) -> None:
    budi = new_officer("Budi Santoso", role=Role.ADMINISTRATOR)

    page = budi.get("/admin/settings?lang=en")

    assert "portal_name" in page.text
    assert '"Portal BKD"' in page.text
    assert '["immediate"]' in page.text
    assert "head_name" in page.text


def test_no_secret_of_the_machine_stands_there(
    new_officer: NewPerson, settings: Settings
) -> None:
    secret = (settings.instance / SECRET_FILE).read_bytes()
    budi = new_officer("Budi Santoso", role=Role.ADMINISTRATOR)

    html = budi.get("/admin/settings").html

    assert secret.hex() not in html
    assert secret.decode("latin-1") not in html


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("mail_password", "kapal-layar", "diatur, tidak ditampilkan"),
        ("some_token", "kapal-layar", "diatur, tidak ditampilkan"),
        ("mail_password", "", "tidak diatur"),
        ("mail_server", "smtp://rina:kapal@mail.example", '"smtp://…@mail.example"'),
        ("agency", "Badan <b>", '"Badan <b>"'),
    ],
)
def test_what_is_secret_by_its_name_or_stands_before_a_host_is_not_shown(
    app: Flask, name: str, value: str, expected: str
) -> None:
    with app.test_request_context("/"):
        assert shown(name, value) == expected


def test_what_the_doctor_finds_stands_there_and_is_marked_as_english(
    new_officer: NewPerson, settings: Settings
) -> None:
    budi = new_officer("Budi Santoso", role=Role.ADMINISTRATOR)

    page = budi.get("/admin/settings")

    assert '<span lang="en">0 officers can be reported to.</span>' in page.html
    assert '<html lang="id"' in page.html


def test_a_file_that_was_spoilt_since_the_start_is_told_and_the_page_stands(
    new_officer: NewPerson, settings: Settings
) -> None:
    budi = new_officer("Budi Santoso", role=Role.ADMINISTRATOR)
    (settings.instance / "settings.toml").write_text("portal_name = 1", "utf-8")

    page = budi.get("/admin/settings?lang=en")

    assert page.status_code == 200
    assert "settings.toml: &#39;portal_name&#39; has a value of the wrong type." in (
        page.html
    )
    assert '"Portal BKD"' in page.text
