"""Reading level: what an Indonesian reporter reads is said in short sentences.

Every sentence of more than 22 words on a page for reporters, and in the texts that
are data, is listed for a person to judge. It is made shorter, or it is kept with a
reason in `long_sentences.toml` beside this test.
"""

import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from babel.messages.pofile import read_po

HOME = Path(__file__).parent.parent
TRANSLATIONS = HOME / "portal" / "translations"
DATA = HOME / "portal" / "data"
KEPT = tomllib.loads(
    Path(__file__).with_name("long_sentences.toml").read_text("utf-8")
)["kept"]

MOST_WORDS = 22

FOR_REPORTERS = (
    *("templates/base.html", "templates/_parts.html"),
    *("templates/public/", "templates/reporter/"),
    *("portal/views/public.py", "portal/views/response.py", "portal/views/reporter/"),
    *(
        "portal/views/words.py",
        "portal/views/timeline.py",
        "portal/views/report_lines.py",
    ),
    "portal/forms/fields.py",
    "portal/forms/reports.py",
    "portal/forms/cases.py",
    "portal/forms/mending.py",
    "portal/views/mending.py",
)
DATA_FILES = ("categories", "ladder", "guidance", "limits", "outside", "answers")
DATA_FILES = ("categories", "guidance", "limits", "outside", "answers", "mend")
DATA_FILES = (
    "categories",
    "ladder",
    "guidance",
    "limits",
    "outside",
    "answers",
    "mend",
)

END_OF_SENTENCE = re.compile(r"(?<=[.?!])[”\"]?\s+|\n{2,}|(?m:^\d+\.\s)")
JARGON = re.compile(
    r"\b(?:enkripsi|dienkripsi|server|database|metadata|token|sesi|login|log|upload"
    r"|download|klik|user|submit|cookie|error|link|file|byte|administrator)\b",
    re.IGNORECASE,
)
"""Words of people who make portals, not of people who come to them."""


def of_pages(folder: Path) -> Iterator[str]:
    """The translations of what reporters' pages say."""
    target = folder / "messages.pot"
    extract = [sys.executable, "-m", "babel.messages.frontend", "--quiet", "extract"]
    options = ["-F", str(TRANSLATIONS / "babel.cfg"), "-k", "_l", "-o", str(target)]
    subprocess.run([*extract, *options, "portal", "templates"], cwd=HOME, check=True)
    with (TRANSLATIONS / "id/LC_MESSAGES/messages.po").open("rb") as file:
        translated = read_po(file, locale="id")
    with target.open("rb") as file:
        for message in read_po(file):
            if any(place.startswith(FOR_REPORTERS) for place, _ in message.locations):
                yield str(translated[message.id].string)


def in_indonesian(part: Any) -> Iterator[str]:
    """Every text under a key `id` of a data file."""
    match part:
        case list():
            for one in part:
                yield from in_indonesian(one)
        case dict():
            for key, value in part.items():
                is_text = key == "id" and isinstance(value, str)
                yield from [value] if is_text else in_indonesian(value)


def of_data() -> Iterator[str]:
    for name in DATA_FILES:
        text = (DATA / f"{name}.toml").read_text("utf-8")
        yield from in_indonesian(tomllib.loads(text))


def sentences(texts: Iterator[str]) -> Iterator[str]:
    for text in texts:
        parts = END_OF_SENTENCE.split(text.strip())
        yield from (" ".join(part.split()) for part in parts if part.strip())


def long(texts: Iterator[str]) -> set[str]:
    return {one for one in sentences(texts) if len(one.split()) > MOST_WORDS}


def test_what_reporters_read_is_found(tmp_path: Path) -> None:
    said = set(sentences(of_pages(tmp_path))) | set(sentences(of_data()))

    assert len(said) > 350
    assert {
        "Kode hilang?",
        "Portal ini tetap berjalan bila JavaScript dimatikan.",
    } < said


def test_a_long_sentence_would_be_found() -> None:
    words = " ".join(["kata"] * MOST_WORDS)

    assert long(iter([f"{words}. {words}."])) == set()
    assert long(iter([f"Pendek. {words} {words}."])) == {f"{words} {words}."}


def test_no_jargon_stands_on_pages_for_reporters(tmp_path: Path) -> None:
    said = [*sentences(of_pages(tmp_path)), *sentences(of_data())]

    assert [sentence for sentence in said if JARGON.search(sentence)] == []


def test_long_sentences_are_none_or_explained(tmp_path: Path) -> None:
    found = long(of_pages(tmp_path)) | long(of_data())

    assert found == {kept["sentence"] for kept in KEPT}


def test_a_kept_sentence_has_its_reason() -> None:
    assert [kept for kept in KEPT if kept.keys() != {"sentence", "why"}] == []
