"""Promise 11, of files: nothing is received for a form that is not its sender's own.

No object is begun, no row is written, and nothing else changes: counted.
"""

import pytest
from builders import dump
from forms_with_files import file_part, send_parts, text_part
from people import Officer, Page, Person, Reporter
from sqlalchemy.orm import Session

from crypto import FormToken
from portal import hand_ins
from portal.objects import ObjectStore
from portal.views.receiving import Brought
from portal.views.request import SAME_SITE

WORD = b"lumbung-gandum-merah " * 9000
PATHS = ("/report", "/case/message", "/office/new")
FORGED = ("none", "another form's", "another session's", "noise")


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("key", FORGED)
def test_without_its_form_key_nothing_is_received(
    reporter: Reporter,
    officer: Officer,
    session: Session,
    monkeypatch: pytest.MonkeyPatch,
    path: str,
    key: str,
) -> None:
    person = whose(path, reporter, officer)
    stranger = Reporter(reporter.app)
    stranger.get("/report")
    keys = {
        "none": "",
        "another form's": person.form_key("/case/leave"),
        "another session's": stranger.form_key(path),
        "noise": "x" * 43,
    }
    before, begun = dump(session), count_objects(monkeypatch)

    _, brought = send(person, path, keys[key], token_of(reporter))

    assert brought.files == ()
    assert (begun, dump(session)) == ([], before)


@pytest.mark.parametrize("fault", ["none", "forged", "old", "burnt"])
@pytest.mark.parametrize("path", ["/report", "/office/new"])
def test_without_a_token_that_can_be_handed_in_nothing_is_received(
    reporter: Reporter,
    officer: Officer,
    session: Session,
    monkeypatch: pytest.MonkeyPatch,
    path: str,
    fault: str,
) -> None:
    person = whose(path, reporter, officer)
    made = reporter.app.extensions["lurus"]
    then = made.timestamp() - hand_ins.STALE_AFTER_SECONDS - 60
    tokens = {
        "none": "",
        "forged": "A" * len(token_of(reporter)),
        "old": FormToken.issue(made.secret, then).reveal(),
        "burnt": burnt_token(Reporter(reporter.app)),
    }
    before, begun = dump(session), count_objects(monkeypatch)

    _, brought = send(person, path, person.form_key(path), tokens[fault])

    assert brought.files == ()
    assert (begun, dump(session)) == ([], before)


@pytest.mark.parametrize("path", ["/case/message", "/office/new"])
def test_who_may_not_be_there_sends_no_files(
    reporter: Reporter,
    session: Session,
    monkeypatch: pytest.MonkeyPatch,
    path: str,
) -> None:
    """A reporter without an open case; somebody who is not at work."""
    key = reporter.get("/report") and reporter.form_key(path)
    before, begun = dump(session), count_objects(monkeypatch)

    page, brought = send(reporter, path, key, token_of(reporter))

    assert page.status_code == 403
    assert brought.files == ()
    assert (begun, dump(session)) == ([], before)


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_a_form_of_another_site_brings_nothing(
    reporter: Reporter, monkeypatch: pytest.MonkeyPatch, site: str
) -> None:
    assert site not in SAME_SITE
    token, key = token_of(reporter), reporter.form_key("/report")
    begun = count_objects(monkeypatch)

    page, _ = send(reporter, "/report", key, token, site)

    assert (page.status_code, begun) == (403, [])


@pytest.mark.parametrize("path", PATHS)
def test_with_everything_right_it_is_received(
    reporter: Reporter,
    officer: Officer,
    monkeypatch: pytest.MonkeyPatch,
    path: str,
) -> None:
    person = whose(path, reporter, officer)
    begun = count_objects(monkeypatch)

    _, brought = send(person, path, person.form_key(path), token_of(reporter))

    assert len(brought.files) == 1
    assert begun


def whose(path: str, reporter: Reporter, officer: Officer) -> Person:
    """Return who may send that form, there where it stands."""
    reporter.get("/report")
    if path == "/case/message":
        reporter.open_case(reporter.hand_in("Ada pungutan."))
    return officer if path == "/office/new" else reporter


def token_of(reporter: Reporter) -> str:
    return reporter.get("/report").form("/report").value("form_token")


def burnt_token(somebody: Reporter) -> str:
    preview = somebody.preview("Ada pungutan.")
    somebody.send(preview, "/report", step="hand-in")
    return preview.form("/report").value("form_token")


def count_objects(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """Write down every object that is begun from now on."""
    begun: list[object] = []
    begin = ObjectStore.begin

    def count(store: ObjectStore) -> object:
        begun.append(store)
        return begin(store)

    monkeypatch.setattr(ObjectStore, "begin", count)
    return begun


def send(
    person: Person, path: str, key: str, token: str, site: str = "same-origin"
) -> tuple[Page, Brought]:
    parts = [text_part("csrf_token", key), text_part("form_token", token)]
    return send_parts(person, path, [*parts, file_part(WORD)], site=site)
