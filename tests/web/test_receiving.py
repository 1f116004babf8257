"""Files that come with a form: taken, refused with a reason, kept for its next try."""

import io
import random
import re
from dataclasses import replace

import pytest
from apps import make_app
from builders import store_of
from forms_with_files import (
    brought_by,
    content_of,
    file_part,
    send_files,
    send_parts,
    text_part,
    tokens,
)
from people import Officer, Reporter
from PIL import Image
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from portal import receptions, uploads
from portal.errors import StoreUnavailableError
from portal.files import FileWriter
from portal.models import Upload
from portal.objects import ObjectWriter
from portal.paces import PacedBody
from portal.receptions import WhyNot
from portal.settings import Settings
from portal.views.bodies import read_body
from portal.views.receiving import Brought

WORD = b"lumbung-gandum-merah "


def test_files_of_a_report_are_received(reporter: Reporter, session: Session) -> None:
    _, brought = send_files(
        reporter, "/report", (WORD * 9000, "foto.jpg"), (b"x", "b.txt"), step="preview"
    )

    assert [one.file.name for one in brought.files] == ["foto.jpg", "b.txt"]
    assert content_of(session, brought.files[0]) == WORD * 9000
    assert brought.refusals == ()
    assert len(session.scalars(select(Upload)).all()) == 2


def test_files_of_a_message_are_received(reporter: Reporter, session: Session) -> None:
    reporter.open_case(reporter.hand_in("Ada pungutan."))

    _, brought = send_files(reporter, "/case/message", (WORD, "a.txt"), text="Lihat.")

    assert content_of(session, brought.files[0]) == WORD


def test_files_of_a_report_taken_for_somebody_are_received(
    officer: Officer, session: Session
) -> None:
    _, brought = send_files(officer, "/office/new", (WORD, "a.txt"))

    assert content_of(session, brought.files[0]) == WORD


@pytest.mark.parametrize("token", ["csrf_token", "form_token"])
def test_nothing_is_received_for_a_form_without_its_tokens(
    reporter: Reporter, session: Session, token: str
) -> None:
    _, brought = send_files(reporter, "/report", (WORD, "a.txt"), **{token: ""})

    assert brought.files == ()
    assert [one.why for one in brought.refusals] == [WhyNot.STALE]
    assert session.scalars(select(Upload)).all() == []
    assert store_of(session).names() == frozenset()


def test_a_file_after_its_token_alone_is_not_received(
    reporter: Reporter, session: Session
) -> None:
    """What stands behind a file comes too late to speak for it."""
    key = reporter.get("/report").form("/report").value("csrf_token")
    parts = [file_part(WORD), text_part("csrf_token", key)]

    _, brought = send_parts(reporter, "/report", parts)

    assert [one.why for one in brought.refusals] == [WhyNot.STALE]
    assert store_of(session).names() == frozenset()


def test_a_field_after_the_file_is_still_read(reporter: Reporter) -> None:
    parts = [*tokens(reporter), file_part(WORD), text_part("what", "Sesudah berkas.")]

    page, brought = send_parts(reporter, "/report", parts)

    assert len(brought.files) == 1
    assert "Sesudah berkas." in page.html


def test_kept_files_come_along_and_dropped_ones_go(
    reporter: Reporter, session: Session
) -> None:
    _, first = send_files(reporter, "/report", (WORD, "a.txt"), (b"b", "b.txt"))
    kept = [one.token.reveal() for one in first.files]

    _, then = send_files(
        reporter, "/report", (b"c", "c.txt"), kept=[*kept, "?"], drop=kept[:1]
    )

    assert [one.file.name for one in then.files] == ["b.txt", "c.txt"]
    assert then.lost_count == 0
    assert store_of(session).names() == {one.file.object_id for one in then.files}


def test_a_form_without_files_keeps_and_drops_too(
    reporter: Reporter, session: Session
) -> None:
    page, first = send_files(reporter, "/report", (WORD, "a.txt"), (b"b", "b.txt"))
    kept = [one.token.reveal() for one in first.files]

    with brought_by(reporter.app) as seen:
        reporter.send(page, "/report", kept=kept, drop=kept[1:])

    assert [one.file.name for one in seen[0].files] == ["a.txt"]
    assert len(store_of(session).names()) == 1


def test_a_stale_form_drops_nothing(reporter: Reporter, session: Session) -> None:
    _, first = send_files(reporter, "/report", (WORD, "a.txt"))
    kept = [one.token.reveal() for one in first.files]

    send_files(reporter, "/report", csrf_token="", kept=kept, drop=kept)

    assert len(store_of(session).names()) == 1


def test_what_was_swept_is_counted_as_lost(
    reporter: Reporter, session: Session
) -> None:
    _, first = send_files(reporter, "/report", (WORD, "a.txt"))
    uploads.drop(session, store_of(session), first.files)

    _, then = send_files(reporter, "/report", kept=[first.files[0].token.reveal()])

    assert (then.files, then.lost_count) == ((), 1)


def test_a_row_whose_object_is_missing_is_no_fault_of_the_server(
    reporter: Reporter, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    finish = FileWriter.finish

    def vanish(writer: FileWriter, *day: object) -> None:
        finish(writer, *day)  # type: ignore[arg-type]
        store_of(session).delete([writer.object_id])

    monkeypatch.setattr(FileWriter, "finish", vanish)

    page, brought = send_files(reporter, "/report", (WORD, "a.txt"))

    assert page.status_code < 500
    assert (brought.files, brought.lost_count) == ((), 1)


@pytest.mark.parametrize(
    ("content", "limits", "why"),
    [
        (b"", {}, WhyNot.EMPTY),
        (bytes(1024 * 1024 + 1), {"file_mib": 1}, WhyNot.TOO_LARGE),
        (bytes(1024 * 1024 + 1), {"file_mib": 2, "report_mib": 1}, WhyNot.TOO_MUCH),
    ],
)
def test_a_file_that_is_not_taken_is_told_and_leaves_nothing(
    reporter: Reporter,
    session: Session,
    settings: Settings,
    content: bytes,
    limits: dict[str, int],
    why: WhyNot,
) -> None:
    person = Reporter(make_app(replace(settings, **limits)))

    _, brought = send_files(person, "/report", (content, "a.bin"), (WORD, "b.txt"))

    assert [(one.name, one.why) for one in brought.refusals] == [("a.bin", why)]
    assert [one.file.name for one in brought.files] == ["b.txt"]
    assert len(store_of(session).names()) == 1
    assert len(list((settings.instance / "objects").iterdir())) == 1


def test_the_twenty_first_file_is_not_taken(
    reporter: Reporter, session: Session
) -> None:
    _, first = send_files(reporter, "/report", (WORD, "0.txt"))
    kept = [first.files[0].token.reveal()]
    more = [(WORD, f"{number}.txt") for number in range(1, 22)]

    _, then = send_files(reporter, "/report", *more, kept=kept)

    assert len(then.files) == 20
    assert [one.why for one in then.refusals] == [WhyNot.TOO_MANY] * 2
    assert len(store_of(session).names()) == 20


def test_files_of_several_forms_are_too_much_together(
    reporter: Reporter, settings: Settings
) -> None:
    small = replace(settings, file_mib=1, report_mib=1)
    person = Reporter(make_app(small))
    half = bytes(600 * 1024)
    _, first = send_files(person, "/report", (half, "a.bin"))
    _, second = send_files(person, "/report", (half, "b.bin"))
    kept = [one.token.reveal() for one in (*first.files, *second.files)]

    _, then = send_files(person, "/report", kept=kept)

    assert [(one.name, one.why) for one in then.refusals] == [
        ("b.bin", WhyNot.TOO_MUCH)
    ]


def test_no_file_is_taken_where_the_disk_is_nearly_full_and_texts_are(
    reporter: Reporter, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    free = receptions.LEAST_FREE_BYTES - 1
    monkeypatch.setattr("portal.objects.ObjectStore.free_bytes", lambda _: free)

    _, brought = send_files(reporter, "/report", (WORD, "a.txt"))

    assert [one.why for one in brought.refusals] == [WhyNot.NO_PLACE]
    assert store_of(session).names() == frozenset()
    assert reporter.hand_in("Teks tetap diterima.")


def test_what_waits_unclaimed_has_a_bound(
    reporter: Reporter, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    send_files(reporter, "/report", (WORD, "a.txt"))
    waiting = uploads.unclaimed_bytes(session)
    session.rollback()
    monkeypatch.setattr(receptions, "MOST_UNCLAIMED_BYTES", waiting + 100)

    _, brought = send_files(reporter, "/report", (WORD, "b.txt"))

    assert [one.why for one in brought.refusals] == [WhyNot.NO_PLACE]
    assert uploads.unclaimed_bytes(session) == waiting


@pytest.mark.parametrize("broken", ["write", "finish"])
def test_a_full_disk_leaves_nothing_half_stored(
    reporter: Reporter,
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
    broken: str,
) -> None:
    def fail(*_: object) -> None:
        raise StoreUnavailableError

    monkeypatch.setattr(ObjectWriter, broken, fail)

    page, brought = send_files(reporter, "/report", (WORD * 90_000, "a.txt"))

    assert page.status_code < 500
    assert [one.why for one in brought.refusals] == [WhyNot.NOT_STORED]
    assert list((settings.instance / "objects").iterdir()) == []


def test_a_form_cut_in_the_middle_of_a_file_leaves_nothing_and_sends_nothing(
    reporter: Reporter, session: Session
) -> None:
    parts = [*tokens(reporter), text_part("step", "hand-in"), file_part(WORD * 9000)]

    page, brought = send_parts(reporter, "/report", parts, cut=2000)

    assert [one.why for one in brought.refusals] == [WhyNot.CUT]
    assert page.status_code == 422
    assert store_of(session).names() == frozenset()
    assert session.scalars(select(Upload)).all() == []


def test_a_form_cut_between_its_texts_is_shown_again(reporter: Reporter) -> None:
    parts = [
        *tokens(reporter),
        text_part("what", "Ada pungutan."),
        text_part("category", "PUNGLI"),
        *readers(reporter),
        text_part("presets", "looked-over"),
        text_part("step", "hand-in"),
        text_part("avoid", "Jangan telepon bendahara."),
    ]

    page, _ = send_parts(reporter, "/report", parts, cut=30)

    assert page.status_code == 422
    assert "Ada pungutan." in page.html


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"--other\r\n\r\n",
        b"--b\r\nContent-Disposition: form-data\r\n\r\nx\r\n--b--\r\n",
        b"--b\r\n\r\nno disposition\r\n--b--\r\n",
        b"--b\r\n\xff\xfe: x\r\n\r\n\r\n--b--\r\n",
        b"--b\r\nX: " + b"y" * 300_000,
        b"z" * 300_000,
        b"--b\r\nContent-Disposition: form-data; name=a\r\n\r\n\r\n" * 10_000,
        b"--b\r\nContent-Disposition: form-data; name=a\r\n\r\n" + b"v" * 300_000,
    ],
    ids=range(9),
)
def test_what_is_no_form_is_refused_by_a_page(
    reporter: Reporter, session: Session, body: bytes
) -> None:
    answer = reporter.client.post(
        "/report", data=body, content_type="multipart/form-data; boundary=b"
    )

    assert answer.status_code in {413, 422}
    assert store_of(session).names() == frozenset()


def test_files_received_before_too_many_parts_are_deleted(
    reporter: Reporter, session: Session
) -> None:
    parts = [*tokens(reporter), file_part(WORD), *[text_part("a", "b")] * 1001]

    page, _ = send_parts(reporter, "/report", parts)

    assert page.status_code == 413
    assert store_of(session).names() == frozenset()
    assert session.scalars(select(Upload)).all() == []


def test_a_file_for_another_form_is_too_much(reporter: Reporter) -> None:
    key = reporter.get("/case").form("/case/open").value("csrf_token")
    parts = [text_part("csrf_token", key), file_part(WORD)]

    page, _ = send_parts(reporter, "/case/open", parts)

    assert page.status_code == 413


def test_a_body_beyond_every_limit_is_too_much(
    reporter: Reporter, settings: Settings
) -> None:
    small = replace(settings, file_mib=1, files_per_report=2)
    person = Reporter(make_app(small))
    parts = [*tokens(person), file_part(bytes(3 * 1024 * 1024))]

    page, _ = send_parts(person, "/report", parts)

    assert page.status_code == 413


def test_a_part_without_a_name_of_its_own_is_a_nameless_file(
    reporter: Reporter,
) -> None:
    parts = [*tokens(reporter), file_part(WORD, name="")]

    _, brought = send_parts(reporter, "/report", parts)

    assert [one.file.name for one in brought.files] == ["file"]


def test_where_nothing_was_chosen_nothing_is_refused(reporter: Reporter) -> None:
    parts = [*tokens(reporter), file_part(b"", name="")]

    _, brought = send_parts(reporter, "/report", parts)

    assert brought == Brought()


def test_any_bytes_come_in_as_they_were_sent(
    reporter: Reporter, session: Session
) -> None:
    """Also bytes that look like the boundary, in pieces of any size."""
    some = random.Random(5)
    bits = [b"\r\n", b"--b", b"\r\n--", b"\n--b", b"--b--", b"-", b"x" * 70_000]
    content = b"".join(
        some.choice(bits) + some.randbytes(some.randrange(9000)) for _ in range(300)
    )
    content = b"x" + re.sub(rb"(?<=[\r\n])--b", b"-_b", content)

    _, brought = send_parts(
        reporter, "/report", [*tokens(reporter), file_part(content)]
    )

    assert content_of(session, brought.files[0]) == content


def test_an_error_page_carries_received_files_along(
    reporter: Reporter, monkeypatch: pytest.MonkeyPatch
) -> None:
    reporter.open_case(reporter.hand_in("Ada pungutan."))

    def fail(*_: object, **__: object) -> None:
        raise StoreUnavailableError

    monkeypatch.setattr("portal.own_cases.write", fail)

    picture = io.BytesIO()
    Image.new("RGB", (60, 40), "green").save(picture, "PNG")

    page, brought = send_files(
        reporter, "/case/message", (picture.getvalue(), "a.png"), text="Lihat."
    )

    kept = page.form("/case/message").values("kept")
    assert page.status_code == 503
    assert kept == [one.token.reveal() for one in brought.files]


def test_a_row_that_cannot_be_written_leaves_no_object(
    reporter: Reporter, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise StoreUnavailableError

    monkeypatch.setattr(uploads, "keep", fail)

    _, brought = send_files(reporter, "/report", (WORD, "a.txt"))

    assert [one.why for one in brought.refusals] == [WhyNot.NOT_STORED]
    assert store_of(session).names() == frozenset()


@pytest.mark.parametrize("size", range(1, 40))
def test_a_boundary_is_seen_wherever_a_piece_ends(size: int) -> None:
    """Pieces without a boundary pass the decoder by; half a one must not."""
    content = b"x" * 64 + b"\r\n--" + b"y" * 64
    end = b"\r\n--a-boundary--\r\n"
    head = file_part(b"")[len("--b\r\n") : -2]
    body = io.BytesIO(b"--a-boundary\r\n" + head + content + end)
    taken = Taken()

    read_body(
        PacedBody(Pieces(body, size), 60), b"a-boundary", MultiDict(), taken, 999, 9
    )

    assert (taken.content, taken.why_not) == (content, None)


class Pieces:
    """A body that comes in pieces of one size, whatever is asked for."""

    def __init__(self, body: io.BytesIO, size: int) -> None:
        self._body, self._size = body, size

    def read(self, _size: int, /) -> bytes:
        return self._body.read(self._size)


class Taken:
    """A desk that takes everything."""

    content = b""
    why_not: WhyNot | None = WhyNot.CUT

    def begin(self, _name: str) -> bool:
        return True

    def write(self, piece: bytes) -> None:
        self.content += piece

    def end(self, why_not: WhyNot | None = None) -> None:
        self.why_not = why_not


def readers(person: Reporter) -> list[bytes]:
    form = person.get("/report").form("/report")
    return [text_part("readers", reader) for reader in form.values("readers")]
