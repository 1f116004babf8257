"""Mail servers: kind, refusing, hanging, dripping, breaking off, not who they say."""

import datetime as dt
from pathlib import Path

import pytest
from mail_boxes import MailBox, make_certificate

from portal.mail_server import (
    MailFailure,
    MailServer,
    Patience,
    Security,
    is_mail_address,
)
from portal.notices import write_notice

TEN = dt.datetime(2026, 12, 7, 8, 0, tzinfo=dt.UTC)
SHORT = Patience(step=0.3, whole=0.6)
LONG = Patience(step=5, whole=10)


def a_server(
    box: MailBox,
    security: Security = Security.NONE,
    *,
    host: str = "localhost",
    patience: Patience = LONG,
    password: Path | None = None,
) -> MailServer:
    return MailServer(
        host=host,
        port=box.port,
        security=security,
        sender="portal@agency.example",
        user="portal" if password else "",
        password_file=password,
        patience=patience,
    )


def deliver(server: MailServer, *people: str) -> MailFailure | None:
    people = people or ("rina@agency.example",)
    return server.deliver([write_notice(server, each, TEN) for each in people])


def test_everybody_gets_a_message_alone() -> None:
    with MailBox() as box:
        failure = deliver(a_server(box), "rina@agency.example", "yusuf@agency.example")

    assert failure is None
    assert [letter.recipients for letter in box.letters] == [
        ["rcpt TO:<rina@agency.example>"],
        ["rcpt TO:<yusuf@agency.example>"],
    ]


def test_one_who_is_refused_keeps_nobody_back() -> None:
    with MailBox("rina@") as box:
        failure = deliver(a_server(box), "rina@agency.example", "yusuf@agency.example")

    assert failure is MailFailure.REFUSED
    assert len(box.letters) == 1


@pytest.mark.parametrize(
    ("manner", "failure"),
    [
        ("refusing", MailFailure.REFUSED),
        ("hanging", MailFailure.TOO_SLOW),
        ("dripping", MailFailure.TOO_SLOW),
        ("closing", MailFailure.BROKEN_OFF),
    ],
)
def test_a_failure_has_one_of_few_names(manner: str, failure: MailFailure) -> None:
    with MailBox(manner) as box:
        found = deliver(a_server(box, patience=SHORT))

    assert found is failure
    assert not box.was_patient


def test_a_server_that_is_not_there_cannot_be_reached() -> None:
    with MailBox() as box:
        server = a_server(box)

    assert deliver(server) is MailFailure.UNREACHABLE


@pytest.mark.parametrize("security", [Security.TLS, Security.STARTTLS])
def test_a_certificate_that_nobody_vouches_for_gets_nothing(
    tmp_path: Path, security: Security
) -> None:
    with MailBox("kind", make_certificate(tmp_path), security) as box:
        failure = deliver(a_server(box, security))

    assert failure is MailFailure.UNTRUSTED
    assert box.letters == []


@pytest.mark.parametrize("security", [Security.TLS, Security.STARTTLS])
def test_a_certificate_of_another_name_gets_nothing(
    tmp_path: Path, security: Security, monkeypatch: pytest.MonkeyPatch
) -> None:
    certificate = make_certificate(tmp_path, "elsewhere.example")
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))

    with MailBox("kind", certificate, security) as box:
        failure = deliver(a_server(box, security))

    assert failure is MailFailure.UNTRUSTED
    assert box.letters == []


@pytest.mark.parametrize("security", [Security.TLS, Security.STARTTLS])
def test_a_certificate_that_holds_gets_the_mail_and_the_password(
    tmp_path: Path, security: Security, monkeypatch: pytest.MonkeyPatch
) -> None:
    certificate = make_certificate(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    password = tmp_path / "password"
    password.write_text("kata sandi\n", "utf-8")

    with MailBox("kind", certificate, security) as box:
        failure = deliver(a_server(box, security, password=password))

    assert failure is None
    assert (len(box.letters), len(box.logins)) == (1, 1)


@pytest.mark.parametrize(
    ("security", "manner"),
    [
        (Security.TLS, "hanging"),
        (Security.TLS, "dripping TLS"),
        (Security.STARTTLS, "hanging"),
        (Security.STARTTLS, "dripping"),
    ],
)
def test_no_handshake_lasts_longer_than_everything_may(
    security: Security, manner: str
) -> None:
    patience = Patience(step=30, whole=0.3)
    with MailBox(manner) as box:
        failure = deliver(a_server(box, security, patience=patience))

    assert failure is MailFailure.TOO_SLOW
    assert not box.was_patient


def test_a_server_without_encryption_gets_nothing_where_it_was_asked_for() -> None:
    with MailBox() as box:
        failure = deliver(a_server(box, Security.STARTTLS))

    assert failure is MailFailure.UNTRUSTED
    assert box.letters == []


def test_a_password_that_cannot_be_read_or_is_wrong_sends_nothing(
    tmp_path: Path,
) -> None:
    password = tmp_path / "password"
    with MailBox("not letting in") as box:
        unread = deliver(a_server(box, password=password))
        password.write_text("salah", "utf-8")
        wrong = deliver(a_server(box, password=password))

    assert (unread, wrong) == (MailFailure.NO_PASSWORD, MailFailure.REFUSED)
    assert box.letters == []


@pytest.mark.parametrize(
    "text",
    [
        *("", "rina", "rina@", "@agency.example", "rina@agency example", "a@b@c"),
        *("rina@agency.example\r\nBcc: x@y", "r@a, s@a", "Rina <r@a.id>", "r..i@a.id"),
        "r" * 250 + "@a.id",
    ],
)
def test_what_is_no_single_plain_address_is_none(text: str) -> None:
    assert not is_mail_address(text)


@pytest.mark.parametrize("text", ["rina@localhost", "r.w+portal@bkd.trenggalek.go.id"])
def test_plain_addresses_are_addresses(text: str) -> None:
    assert is_mail_address(text)
