"""One request computes at a time, whatever becomes of it; nobody waits for long."""

import pytest
from flask import Flask
from people import Reporter

from portal.runtime import Runtime


def is_free(app: Flask) -> bool:
    """Tell whether nobody has the turn; takes it and gives it back."""
    runtime: Runtime = app.extensions["lurus"]
    has_turn = runtime.turnstile.enter()
    if has_turn:
        runtime.turnstile.leave()
    return has_turn


@pytest.mark.parametrize("path", ["/", "/report", "/case", "/no-such-page", "/office/"])
def test_a_turn_is_given_back(app: Flask, reporter: Reporter, path: str) -> None:
    reporter.get(path)

    assert is_free(app)


def test_a_view_has_the_turn_and_gives_it_back_where_it_fails(
    app: Flask, reporter: Reporter
) -> None:
    seen = []

    def fail() -> None:
        seen.append(is_free(app))
        raise ValueError

    app.view_functions["public.start"] = fail

    page = reporter.get("/")

    assert page.status_code == 500
    assert seen == [False]
    assert is_free(app)


def test_whoever_waits_behind_a_long_request_is_answered(
    app: Flask, reporter: Reporter
) -> None:
    runtime: Runtime = app.extensions["lurus"]
    runtime.turnstile.enter()

    page = reporter.get("/")

    assert page.status_code == 200
    assert not is_free(app)
