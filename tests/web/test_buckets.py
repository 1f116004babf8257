"""A token is for what is stored: nobody empties a bucket, or reads in it, for nothing."""

import pytest
from conftest import Clock
from flask import Flask
from people import Reporter

from portal.runtime import Runtime


def leave_one(app: Flask, bucket: str) -> None:
    """Let a bucket admit one more, and no other for an hour."""
    runtime: Runtime = app.extensions["lurus"]
    rate = runtime.throttle.rates[bucket]
    runtime.throttle.rates[bucket] = type(rate)(1, 3600)


def test_a_report_that_is_too_large_leaves_the_token_to_others(
    app: Flask, reporter: Reporter
) -> None:
    page = reporter.preview("字" * 4000, how="字" * 4000)
    leave_one(app, "report")

    refused = [reporter.send(page, "/report", step="hand-in") for _ in range(3)]

    assert {page.status_code for page in refused} == {422}
    Reporter(app).hand_in("Ada pungutan.")


def test_a_form_that_was_handed_in_leaves_the_token_to_others(
    app: Flask, reporter: Reporter
) -> None:
    page = reporter.preview("Ada pungutan.")
    reporter.send(page, "/report", step="hand-in")
    leave_one(app, "report")

    again = [reporter.send(page, "/report", step="hand-in") for _ in range(3)]

    assert {page.status_code for page in again} == {200}
    Reporter(app).hand_in("Ada pungutan lagi.")


@pytest.mark.parametrize("text", ["é" * 2050, "字" * 4000])
def test_a_message_that_is_too_long_leaves_the_token_to_others(
    app: Flask, reporter: Reporter, text: str
) -> None:
    reporter.open_case(reporter.hand_in("Ada pungutan."))
    leave_one(app, "message")

    refused = [reporter.write(text) for _ in range(3)]

    assert {page.status_code for page in refused} == {422}
    assert reporter.write("Senin juga.").status_code == 303


def test_what_is_stored_takes_a_token_and_an_empty_bucket_refuses(
    app: Flask, reporter: Reporter, clock: Clock
) -> None:
    leave_one(app, "report")
    reporter.hand_in("Ada pungutan.")
    late = Reporter(app)

    refused = late.send(late.preview("Ada lagi."), "/report", step="hand-in")
    clock.pass_by(minutes=61)
    taken = late.send(refused, "/report", step="hand-in")

    assert (refused.status_code, taken.status_code) == (503, 200)
