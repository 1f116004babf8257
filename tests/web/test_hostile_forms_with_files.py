"""Forms with files that somebody made to hold places, or to have work done."""

import pytest
from builders import dump, receive_file
from forms_with_files import send_files
from people import Reporter
from sqlalchemy.orm import Session

from portal.file_kinds import Finding
from portal.uploads import ReceivedFile

WORD = b"lumbung-gandum-merah "


def keep_busy_file(session: Session) -> ReceivedFile:
    return receive_file(session, WORD, findings=frozenset({Finding.BUSY}))


def test_a_stale_form_has_nothing_cleaned(reporter: Reporter, session: Session) -> None:
    token = keep_busy_file(session).token.reveal()
    before = dump(session)

    send_files(reporter, "/report", kept=token, csrf_token="")

    assert dump(session) == before


def test_what_is_cleaned_again_takes_a_place_of_files(
    reporter: Reporter, session: Session
) -> None:
    token = keep_busy_file(session).token.reveal()
    places = reporter.app.extensions["lurus"].uploads
    taken = list(iter(places.take, None))

    _, crowded = send_files(reporter, "/report", kept=token, step="preview")
    taken.pop().leave()
    _, free = send_files(reporter, "/report", kept=token, step="preview")
    is_free_again = places.take()
    for place in taken:
        place.leave()

    assert [one.file.findings for one in crowded.files] == [{Finding.BUSY}]
    assert [Finding.BUSY in one.file.findings for one in free.files] == [False]
    assert is_free_again


@pytest.mark.parametrize("name", ["other", "evidence"])
def test_what_no_form_has_is_not_read_to_its_end(reporter: Reporter, name: str) -> None:
    form = reporter.get("/report").form("/report")
    part = (
        f'--sep\r\nContent-Disposition: form-data; name="{name}"; filename="{{}}"\r\n'
    )
    nothing = f"X-Filling: {'x' * 100_000}\r\n\r\n\r\n" * (name == "evidence")
    filling = "\r\n" + "x" * 600_000 + "\r\n"
    parts = [part.format("") + nothing] * 8 if nothing else [part.format("a") + filling]

    answer = reporter.client.post(
        form.action,
        data="".join((*parts, "--sep--\r\n")),
        content_type="multipart/form-data; boundary=sep",
        base_url=f"http://{reporter.host}",
    )

    assert answer.status_code == 413
