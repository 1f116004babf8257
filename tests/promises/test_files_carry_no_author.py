"""Promise 17: files come out without what names their author, device and place.

Author, camera, position, title, thumbnail and earlier revisions are planted with real
libraries, and looked for with another one (exiftool) and byte by byte.
"""

from functools import cache

import planted_documents
import planted_pdf
import planted_pictures
import planted_recordings
import pytest
from cleanings import Result, clean, read_tags
from planted import Format

from portal.cleaning.protocol import Outcome
from portal.file_kinds import Finding

FORMATS = (*planted_pictures.FORMATS, *planted_pdf.FORMATS)
FORMATS += (*planted_documents.FORMATS, *planted_recordings.FORMATS)

by_format = pytest.mark.parametrize("kind", FORMATS, ids=str)


@by_format
def test_nothing_that_was_planted_comes_out(kind: Format) -> None:
    assert words_in(sent(kind), kind) == list(kind.words)

    result = cleaned(kind)

    assert (result.outcome, words_in(result.content, kind)) == (Outcome.CLEANED, [])
    assert Finding.CLEANED in result.findings


@by_format
def test_a_second_reader_finds_what_every_file_of_the_kind_has_and_no_more(
    kind: Format,
) -> None:
    plain = clean(kind.plain())

    found = read_tags(cleaned(kind).content).keys()

    assert found - read_tags(plain.content).keys() == set()


def words_in(content: bytes, kind: Format) -> list[str]:
    """Which planted words stand in a file, as bytes or as exiftool reads it."""
    raw, tags = kind.unpacked(content), str(read_tags(content))
    return [word for word in kind.words if word.encode() in raw or word in tags]


@cache
def sent(kind: Format) -> bytes:
    return kind.planted()


@cache
def cleaned(kind: Format) -> Result:
    return clean(sent(kind))
