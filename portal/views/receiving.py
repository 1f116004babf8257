"""A form that brings files: its body is read here, and sealed while it is read.

The fields that stand before the first file are judged when that file begins. If they do
not hold, nothing is received: what follows is read and dropped, so that the browser
gets a page.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import IO, TypeVar

from flask import current_app, g, request
from werkzeug.datastructures import FileStorage, MultiDict
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.formparser import FormDataParser
from werkzeug.sansio.multipart import (
    Data,
    Epilogue,
    Event,
    Field,
    File,
    MultipartDecoder,
    NeedData,
)

from crypto import FormToken, MistypedError, UploadToken
from portal import hand_ins, uploads
from portal.receptions import MIB, FileRefusal, Limits, Reception, WhyNot
from portal.runtime import runtime
from portal.uploads import ReceivedFile
from portal.views import access
from portal.views.request import SparingRequest, cookie, db

FILES_FIELD = "evidence"

_MULTIPART = "multipart/form-data"
_PIECE_SIZE = 64 * 1024

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
        if self.mimetype == _MULTIPART:
            limits = _limits()
            most = limits.files * limits.file_bytes
            self.max_content_length = (self.max_content_length or 0) + most
        return _FilesParser(
            max_form_memory_size=self.max_form_memory_size,
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
        """Read the whole body."""
        boundary = (options or {}).get("boundary", "").encode("ascii", "replace")
        if mimetype != _MULTIPART or not boundary:
            _, fields, files = super().parse(stream, mimetype, content_length, options)
            g.brought = _settle(_Desk(fields))
            return stream, fields, files
        body = _Body(boundary, self.max_form_memory_size or 0, self.max_form_parts)
        fields: MultiDict[str, str] = MultiDict()
        desk = _Desk(fields)
        try:
            body.read(stream, fields, desk)
        except BaseException:
            desk.forget()
            raise
        g.brought = _settle(desk)
        return stream, self.cls(fields), self.cls()


@dataclass
class _Desk:
    """Where files are taken, once the fields before them are judged."""

    fields: MultiDict[str, str]
    reception: Reception | None = None
    kept: tuple[ReceivedFile, ...] = ()
    lost_count: int = 0
    _why_not: WhyNot | None = None

    def begin(self, name: str) -> None:
        """Begin a file; the first one is what opens the desk, or keeps it shut."""
        self.opened().begin(name, self._why_not)

    def opened(self) -> Reception:
        """Judge the fields, once, and look for the files that the form has already."""
        if self.reception is not None:
            return self.reception
        if not _holds(self.fields):
            self._why_not = WhyNot.STALE
        tokens = _tokens(self.fields, "kept")
        self.kept = uploads.find_received(db(), tokens, runtime().instance)
        self.lost_count = len(tokens) - len(self.kept)
        if self._why_not is None:
            self._drop()
        self.reception = Reception(
            *(db(), runtime().objects, runtime().instance, _limits()),
            runtime().today(),
            kept=self.kept,
        )
        return self.reception

    def forget(self) -> None:
        """Delete what came in: the request ends without an answer to it."""
        if self.reception is not None:
            self.reception.forget()

    def _drop(self) -> None:
        """Delete what its writer does not want to send."""
        unwanted = {token.upload_id() for token in _tokens(self.fields, "drop")}
        dropped = [one for one in self.kept if one.token.upload_id() in unwanted]
        if dropped:
            uploads.drop(db(), runtime().objects, dropped)
            self.kept = tuple(one for one in self.kept if one not in dropped)


@dataclass
class _Body:
    """The loop over a body; the decoder is werkzeug's, without its temporary files."""

    boundary: bytes
    longest_fields: int
    most_parts: int | None
    _name: str | None = None
    _value: list[bytes] = field(default_factory=list)
    _waiting: str | None = None
    """The name of a file of which no byte has come yet."""
    _is_file: bool = False
    _sum: int = 0

    def read(self, stream: IO[bytes], fields: MultiDict[str, str], desk: _Desk) -> None:
        """Read to the end.

        Raises:
            RequestEntityTooLarge: more fields, or longer ones, than any form has.
        """
        decoder = MultipartDecoder(
            self.boundary, self.longest_fields, max_parts=self.most_parts
        )
        is_whole = False
        try:
            for event in _events(decoder, stream):
                self._take(event, fields, desk)
                is_whole = isinstance(event, Epilogue)
        except ValueError:
            is_whole = False
        if desk.reception is not None:
            if not is_whole:
                desk.reception.refuse(WhyNot.CUT)
            desk.reception.end()

    def _take(self, event: Event, fields: MultiDict[str, str], desk: _Desk) -> None:
        if isinstance(event, Field):
            self._name, self._is_file, self._value = event.name, False, []
        elif isinstance(event, File):
            self._is_file = True
            self._waiting = event.filename if event.name == FILES_FIELD else None
            if self._waiting:
                desk.begin(self._waiting)
                self._waiting = None
        elif isinstance(event, Data) and self._is_file:
            if event.data and self._waiting is not None:
                desk.begin(self._waiting)
                self._waiting = None
            if desk.reception is not None:
                desk.reception.write(event.data)
                if not event.more_data:
                    desk.reception.end()
        elif isinstance(event, Data):
            self._take_text(event, fields)

    def _take_text(self, event: Data, fields: MultiDict[str, str]) -> None:
        self._sum += len(event.data)
        if self._sum > self.longest_fields:
            raise RequestEntityTooLarge
        self._value.append(event.data)
        if not event.more_data and self._name is not None:
            fields.add(self._name, b"".join(self._value).decode(errors="replace"))


def _events(decoder: MultipartDecoder, stream: IO[bytes]) -> Iterator[Event]:
    is_over = False
    while not is_over:
        piece = stream.read(_PIECE_SIZE)
        is_over = not piece
        decoder.receive_data(piece or None)
        while not isinstance(event := decoder.next_event(), NeedData):
            yield event
            if isinstance(event, Epilogue):
                return


def _settle(desk: _Desk) -> Brought:
    """Clean what came in, and say what the form has now."""
    reception = desk.opened()
    new = tuple(judge_file(one) for one in reception.received)
    return Brought(desk.kept + new, tuple(reception.refusals), desk.lost_count)


def judge_file(received: ReceivedFile) -> ReceivedFile:
    """Clean a file that has come in, and put what it is then in its place."""
    return received


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
