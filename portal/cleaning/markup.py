"""XML, rewritten as it is read: elements and attributes left out or changed.

Nothing of a document is held but the names of the elements that are open, so that a
large sheet needs no memory. A document type is refused, and with it every entity there
could be; comments and processing instructions are left out. Names keep their prefixes,
which other parts of a document refer to.
"""

from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import IO
from xml.parsers import expat

from portal.cleaning.refusals import NotCleanError

Attributes = list[tuple[str, str]]
"""Names with their prefixes, and values, in the order of the document."""

DEEPEST_ELEMENT = 1_000

_PIECE_SIZE = 64 * 1024
_HEAD = b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_IN_TEXT = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", "\r": "&#13;"})
_IN_VALUES = _IN_TEXT | str.maketrans({'"': "&quot;", "\n": "&#10;", "\t": "&#9;"})


class Rules(ABC):
    """What is left out, and what is changed. Names come without prefixes."""

    @abstractmethod
    def element(self, name: str, attributes: Attributes) -> Attributes | None:
        """Return its attributes as they are to be; None: leave out all of it."""

    def is_changed(self, _name: str, _parent: str, /) -> bool:
        """Tell whether the text of such an element is to be changed."""
        return False

    def changed(self, _name: str, text: str, /) -> str:
        """Return a text that is changed as it is to be."""
        return text


def local(name: str) -> str:
    """Return a name without its prefix."""
    return name.rpartition(":")[2] if ":" in name else name


def rewrite(source: IO[bytes], target: IO[bytes], rules: Rules) -> None:
    """Write *source* to *target* by *rules*, as UTF-8.

    Raises:
        NotCleanError: it has a document type, is not well formed, or is too deep.
    """
    writer = _Writer(target, rules)
    parser = expat.ParserCreate()
    parser.ordered_attributes = True
    parser.buffer_text = True
    parser.buffer_size = _PIECE_SIZE
    parser.StartDoctypeDeclHandler = _refuse
    parser.StartElementHandler = writer.start
    parser.EndElementHandler = writer.end
    parser.CharacterDataHandler = writer.text
    target.write(_HEAD)
    try:
        while piece := source.read(_PIECE_SIZE):
            parser.Parse(piece, False)
        parser.Parse(b"", True)
    except (expat.ExpatError, ValueError, LookupError):
        raise NotCleanError from None
    writer.finish()


def elements(document: bytes) -> Iterator[tuple[str, dict[str, str]]]:
    """Return every element of a small document: names without prefixes, attributes.

    Raises NotCleanError as `rewrite` does.
    """
    found: list[tuple[str, dict[str, str]]] = []
    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = _refuse
    parser.StartElementHandler = lambda name, attributes: found.append(
        (local(name), {local(key): value for key, value in attributes.items()})
    )
    try:
        parser.Parse(document, True)
    except (expat.ExpatError, ValueError, LookupError):
        raise NotCleanError from None
    return iter(found)


def _refuse(*_: object) -> None:
    raise NotCleanError


@dataclass
class _Writer:
    """Writes what the parser reads, but for what the rules leave out."""

    _target: IO[bytes]
    _rules: Rules
    _open: list[str] = field(default_factory=list)
    _left_out: int = 0
    """How deep in what is left out; 0: not in it."""
    _start: str = ""
    """A start that is not closed yet: it may turn out to be empty."""
    _held: list[str] | None = None
    """The text of an element that is to be changed."""
    _pieces: list[str] = field(default_factory=list)

    def start(self, name: str, flat: list[str]) -> None:
        if self._left_out:
            self._left_out += 1
            return
        parent = self._open[-1] if self._open else ""
        plain = local(name)
        pairs = list(zip(flat[::2], flat[1::2], strict=True))
        attributes = self._rules.element(plain, pairs)
        if attributes is None:
            self._left_out = 1
            return
        if len(self._open) >= DEEPEST_ELEMENT:
            raise NotCleanError
        self._close_start()
        # Most values are a number or a word: nothing to escape, and much to write.
        values = [
            f' {key}="{value if value.isalnum() else value.translate(_IN_VALUES)}"'
            for key, value in attributes
        ]
        self._start = f"<{name}{''.join(values)}"
        self._open.append(plain)
        self._held = [] if self._rules.is_changed(plain, parent) else None

    def end(self, name: str) -> None:
        if self._left_out:
            self._left_out -= 1
            return
        plain = self._open.pop()
        if self._held is not None:
            text = self._rules.changed(plain, "".join(self._held))
            self._held = None
            self.text(text)
        if self._start:
            self._pieces.append(f"{self._start}/>")
            self._start = ""
        else:
            self._pieces.append(f"</{name}>")
        if len(self._pieces) > 1_000:
            self.finish()

    def text(self, text: str) -> None:
        if self._left_out or not text:
            return
        if self._held is not None:
            self._held.append(text)
            return
        self._close_start()
        self._pieces.append(text if text.isalnum() else text.translate(_IN_TEXT))

    def finish(self) -> None:
        self._target.write("".join(self._pieces).encode())
        self._pieces.clear()

    def _close_start(self) -> None:
        if self._start:
            self._pieces.append(f"{self._start}>")
            self._start = ""
