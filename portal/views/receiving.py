"""A form that brings files: its body is read here, and sealed while it is read.

The fields that stand before the first file are judged when that file begins. If they do
not hold, nothing is received: what follows is read and dropped, so that the browser
gets a page.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import IO, Self, TypeVar

from flask import current_app, g, request
from werkzeug.datastructures import FileStorage, MultiDict
from werkzeug.formparser import FormDataParser

from crypto import BrokenError, FormToken, MistypedError, UploadToken
from portal import hand_ins, uploads
from portal.database import FAULTS
from portal.errors import (
    MissingObjectError,
    NotAdmittedError,
    StoreUnavailableError,
    UploadGoneError,
)
from portal.file_kinds import Finding
from portal.judging import judge
from portal.paces import PacedBody
from portal.receptions import MIB, FileRefusal, Limits, Reception, WhyNot
from portal.runtime import runtime
from portal.throttle import BodyPlace
from portal.upload_places import UploadPlace
from portal.uploads import ReceivedFile
from portal.views import access
from portal.views.bodies import Bounded, read_body
from portal.views.request import SparingRequest, cookie, db, forget_visit

MULTIPART = "multipart/form-data"

_View = TypeVar("_View", bound=Callable[..., object])
_Parsed = tuple[IO[bytes], MultiDict[str, str], MultiDict[str, FileStorage]]


def receives_files(view: _View) -> _View:
    """Mark a view whose form may bring files; see `received`."""
    view.receives_files = _may_be_sent  # type: ignore[attr-defined]
    return view


def receives_files_of_a_report(view: _View) -> _View:
    """Mark a view whose form is handed in once: its token is judged, too."""
    view.receives_files = _may_be_handed_in  # type: ignore[attr-defined]
    return view


def received() -> tuple[ReceivedFile, ...]:
    """Return the form's files that are there: kept from before, then the new ones."""
    return _brought().files


def refusals() -> tuple[FileRefusal, ...]:
    """Return which files were not taken, and why.

    Where there is one, the form is shown again, and nothing is sent.
    """
    return _brought().refusals


def lost_count() -> int:
    """Return how many files the form named that are not there any more."""
    return _brought().lost_count


@dataclass(frozen=True)
class Brought:
    """What became of the files of a form."""

    files: tuple[ReceivedFile, ...] = ()
    refusals: tuple[FileRefusal, ...] = ()
    lost_count: int = 0


def _brought() -> Brought:
    brought: Brought = g.get("brought", Brought())
    return brought


class ReceivingRequest(SparingRequest):
    """A request that may bring files, where its view says so."""

    def make_form_data_parser(self) -> FormDataParser:
        """Return what reads the body."""
        if not _judge():
            return super().make_form_data_parser()
        if self.mimetype == MULTIPART:
            limits = _limits()
            most = limits.files * limits.file_bytes
            self.max_content_length = (self.max_content_length or 0) + most
        return _FilesParser(
            max_form_memory_size=self.max_form_memory_size,
            max_content_length=self.max_content_length,
            max_form_parts=self.max_form_parts,
            cls=self.parameter_storage_class,
        )


class _FilesParser(FormDataParser):
    """Reads a form's fields, and seals its files."""

    def parse(
        self,
        stream: IO[bytes],
        mimetype: str,
        content_length: int | None,
        options: dict[str, str] | None = None,
    ) -> _Parsed:
        """Read the whole body.

        Raises:
            RequestEntityTooLarge: more fields, or longer ones, than any form has.
        """
        boundary = (options or {}).get("boundary", "").encode("ascii", "replace")
        if mimetype != MULTIPART or not boundary:
            _, fields, files = super().parse(stream, mimetype, content_length, options)
            g.brought = _settle(_Desk(fields))
            return stream, fields, files
        gathered: MultiDict[str, str] = MultiDict()
        limits = (self.max_form_memory_size or 0, self.max_form_parts or 0)
        with _Desk(gathered) as desk:
            body = _open_body(stream, self.max_content_length or 0)
            read_body(body, boundary, gathered, desk, *limits)
            g.brought = _settle(desk)
        return stream, self.cls(gathered), self.cls()


class _Desk:
    """Where files are taken, once the fields before them are judged."""

    def __init__(self, fields: MultiDict[str, str]) -> None:
        self._fields = fields
        self._place: UploadPlace | BodyPlace | None = None
        self._why_not: WhyNot | None = None
        self._reception: Reception | None = None
        self.kept: tuple[ReceivedFile, ...] = ()
        self.lost_count = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        try:
            if kind is not None and self._reception is not None:
                self._reception.forget()
        finally:
            if self._place is not None:
                self._place.leave()

    @property
    def reception(self) -> Reception:
        """Judge the fields, once, and look for the files that the form has already."""
        if self._reception is None:
            try:
                self._look()
            except (StoreUnavailableError, *FAULTS):
                # What was typed goes on to its view, and from there to the error page.
                self._why_not = WhyNot.NOT_STORED
            self._reception = Reception(
                *(db(), runtime().objects, runtime().instance, _limits()),
                runtime().today(),
                kept=self.kept,
            )
        return self._reception

    @property
    def is_empty(self) -> bool:
        """Tell whether the form has nothing to do with files: nothing is looked up."""
        return self._reception is None and not self._fields.getlist("kept")

    def _look(self) -> None:
        if not _holds(self._fields):
            self._why_not = WhyNot.STALE
        tokens = _tokens(self._fields, "kept")
        self.kept = uploads.find_received(db(), tokens, runtime().instance)
        self.lost_count = len(tokens) - len(self.kept)
        if self._why_not is None:
            self._drop()

    def begin(self, name: str) -> bool:
        """Begin a file; the first one opens the desk, or keeps it shut.

        False: there is no place to read the rest of the body, not even to drop it.
        """
        reception = self.reception
        can_go_on = self._place is not None or self._move()
        reception.begin(name, self._why_not)
        return can_go_on

    def write(self, piece: bytes) -> None:
        """Take the next bytes of the file."""
        self.reception.write(piece)

    def end(self, why_not: WhyNot | None = None) -> None:
        """End the file that was begun, if one was."""
        if self._reception is not None:
            if why_not is not None:
                self._reception.refuse(why_not)
            self._reception.end()
            if why_not is WhyNot.CUT:
                # Who sent it has gone: no page can name what came in.
                self._reception.forget()

    def _move(self) -> bool:
        """Go from the places of texts to those of files: neither crowds out the other."""
        if self._why_not is None:
            self._place = runtime().uploads.take()
            if self._place is None:
                self._why_not = WhyNot.NO_PLACE
        if self._place is None:
            try:
                self._place = runtime().refused.take()
            except NotAdmittedError:
                return False
        g.body_place.leave()
        return True

    def _drop(self) -> None:
        """Delete what its writer does not want to send."""
        unwanted = {token.upload_id() for token in _tokens(self._fields, "drop")}
        dropped = [one for one in self.kept if one.token.upload_id() in unwanted]
        if dropped:
            uploads.drop(db(), runtime().objects, dropped)
            self.kept = tuple(one for one in self.kept if one not in dropped)


def _open_body(stream: IO[bytes], longest: int) -> PacedBody:
    # The server ends it where the body ends: one wrapping less, and a copy.
    is_ended = "wsgi.input_terminated" in request.environ
    body = request.environ["wsgi.input"] if is_ended else stream
    window = runtime().settings.slow_after_seconds
    return PacedBody(Bounded(body, longest), window)


def _settle(desk: _Desk) -> Brought:
    """Clean what came in, and say what the form has now."""
    if desk.is_empty:
        return Brought()
    reception = desk.reception
    files, lost = [], desk.lost_count
    for one in (*desk.kept, *reception.received):
        try:
            files.append(_judged(one, is_new=one not in desk.kept))
        except (UploadGoneError, MissingObjectError, BrokenError):
            lost += 1
    if reception.received or reception.refusals:
        # It took a while: who sent it may have left since.
        forget_visit()
    refused = [*reception.refusals, *_too_much(files)]
    return Brought(tuple(files), tuple(refused), lost)


def _too_much(files: Sequence[ReceivedFile]) -> Iterator[FileRefusal]:
    """Refuse what several forms received that is too much for one of them."""
    if sum(one.file.length for one in files) > _limits().all_bytes:
        yield FileRefusal(files[-1].file.name, WhyNot.TOO_MUCH)


def _judged(one: ReceivedFile, *, is_new: bool) -> ReceivedFile:
    """Clean a file that came in now, or that could not be cleaned then."""
    if not is_new and Finding.BUSY not in one.file.findings:
        return one
    made = runtime()
    return judge(*(db(), made.objects, made.cleaner, one, made.instance, made.today()))


def _judge() -> Callable[[MultiDict[str, str]], bool] | None:
    view = current_app.view_functions.get(request.endpoint or "")
    judge: Callable[[MultiDict[str, str]], bool] | None
    judge = getattr(view, "receives_files", None)
    return judge


def _holds(fields: MultiDict[str, str]) -> bool:
    """Tell whether the form may bring files: whose it is, and from where it comes."""
    judge = _judge()
    return bool(g.get("may_receive") and judge and judge(fields))


def _may_be_sent(fields: MultiDict[str, str]) -> bool:
    key = fields.get("csrf_token", "")
    is_ours = cookie().opens_form(key, request.path, runtime().instance)
    return is_ours and access.is_allowed()


def _may_be_handed_in(fields: MultiDict[str, str]) -> bool:
    if not _may_be_sent(fields):
        return False
    try:
        token = FormToken.parse(fields.get("form_token", ""), runtime().secret)
    except MistypedError:
        return False
    is_young = token.age(runtime().timestamp()) <= hand_ins.STALE_AFTER_SECONDS
    return is_young and not hand_ins.was_handed_in(db(), token)


def _tokens(fields: MultiDict[str, str], name: str) -> list[UploadToken]:
    """Return the tokens in fields of that *name*, each once, no more than may be."""
    tokens = {}
    for text in fields.getlist(name)[: _limits().files]:
        try:
            tokens[text] = UploadToken.parse(text)
        except MistypedError:
            continue
    return list(tokens.values())


def _limits() -> Limits:
    settings = runtime().settings
    return Limits(
        settings.files_per_report, settings.file_mib * MIB, settings.report_mib * MIB
    )
