import re
from collections.abc import Mapping
from itertools import chain
from pathlib import Path

import pytest

from portal.answers import LONGEST_ANSWER, Answer, read_answers
from portal.categories import read_taxonomy
from portal.errors import DataFileError
from portal.ladder import read_rule_texts
from portal.mending import Way, read_ways
from portal.outside import OutsideBody, read_outside_bodies
from portal.texts import GUIDANCE, LIMITS, Section, read_texts
from portal.zone_texts import Promise

SECTIONS = [*read_texts(GUIDANCE), *read_texts(LIMITS)]
ANSWERS = read_answers()
BODIES = read_outside_bodies()
WAYS = read_ways()
TAXONOMY = read_taxonomy()
RULE_TEXTS = read_rule_texts().values()

SMALL_FILE = """
[[sections]]
key = "before"
title = { id = "Sebelum", en = "Before" }
paragraphs = [
    { id = "Berhenti.", en = "Stop." },
    { id = "Aturan.", en = "A rule.", confirmed = false },
]

[[sections]]
key = "law"
title = { id = "Hukum", en = "Law" }
paragraphs = [{ id = "Pasal.", en = "An article.", confirmed = false }]
"""

BODY = """
[[bodies]]
key = "inspectorate"
name = { id = "Inspektorat", en = "Inspectorate" }
purpose = { id = "Pengawas.", en = "Supervises." }
web = "inspectorate.example"
phone = "123"
check_before_printing = true
"""


def texts(language: str) -> list[str]:
    """Every text of the data files in *language*."""
    by_language: list[Mapping[str, str]] = [section.title for section in SECTIONS]
    by_language += chain.from_iterable((one.title, one.text) for one in ANSWERS)
    by_language += [body.purpose for body in BODIES]
    by_language += chain.from_iterable(map(said, WAYS))
    by_language += [group.title for group in TAXONOMY.groups]
    categories = [TAXONOMY.find(code) for code in TAXONOMY.codes]
    by_language += chain.from_iterable((one.title, one.line) for one in categories)
    by_language += [one.condition for one in categories if one.condition]
    by_language += [rule.reason for rule in RULE_TEXTS]
    paragraphs = chain.from_iterable(one.paragraphs[language] for one in SECTIONS)
    return [*paragraphs, *(text[language] for text in by_language)]


def said(way: Way) -> list[Mapping[str, str]]:
    """Every text of a way to mend."""
    words = chain.from_iterable((one.title, one.text) for one in way.words)
    return [way.title, way.lead, *way.steps, *way.late, *words]


def write(folder: Path, text: str) -> Path:
    """Write a data file into *folder*."""
    path = folder / "texts.toml"
    path.write_text(text)
    return path


@pytest.mark.parametrize("section", SECTIONS, ids=lambda one: one.key)
def test_a_section_says_the_same_in_both_languages(section: Section) -> None:
    assert section.title.keys() == section.paragraphs.keys() == {"id", "en"}
    assert len(section.paragraphs["id"]) == len(section.paragraphs["en"])


@pytest.mark.parametrize("text", [*texts("id"), *texts("en")])
def test_no_text_raises_its_voice(text: str) -> None:
    assert "!" not in text


@pytest.mark.parametrize("text", texts("id"))
def test_an_indonesian_text_addresses_its_reader_politely(text: str) -> None:
    spoken = re.sub('"[^"]*"|“[^”]*”', "", text)

    assert not re.search(r"\b(kamu|anda|lu|elo)\b", spoken)


def test_what_is_not_confirmed_is_not_printed(tmp_path: Path) -> None:
    path = write(tmp_path, SMALL_FILE)

    (section,) = read_texts(path)

    assert section.key == "before"
    assert section.paragraphs == {"id": ("Berhenti.",), "en": ("Stop.",)}


def test_what_the_agency_confirms_is_printed(tmp_path: Path) -> None:
    path = write(tmp_path, SMALL_FILE.replace(", confirmed = false", ""))

    sections = read_texts(path)

    assert [section.key for section in sections] == ["before", "law"]
    assert sections[0].paragraphs["en"] == ("Stop.", "A rule.")


@pytest.mark.parametrize(
    ("right", "wrong", "place"),
    [
        ('en = "Stop."', 'en = ""', "before, paragraphs 1: en"),
        ('en = "A rule."', 'fr = "x"', "before, paragraphs 2: fr"),
        (', en = "An article."', "", "law, paragraphs 1: en is missing"),
        ("confirmed = false", "confirmed = 0", "before, paragraphs 2: confirmed"),
        ('key = "law"', 'key = "before"', "sections has before twice"),
        ('title = { id = "Hukum", en = "Law" }', "", "law: title is missing"),
        ("[[sections]]", "[sections]", "texts.toml"),
    ],
)
def test_a_wrong_file_is_refused_naming_the_place(
    tmp_path: Path, right: str, wrong: str, place: str
) -> None:
    path = write(tmp_path, SMALL_FILE.replace(right, wrong, 1))

    with pytest.raises(DataFileError, match=place):
        read_texts(path)


def test_the_rule_on_officers_silence_waits_for_the_head_to_sign_it() -> None:
    (readers,) = [one for one in SECTIONS if one.key == "readers"]

    unsigned = readers.resting_on(frozenset(Promise) - {Promise.OWN_WORDS}, "id")
    signed = readers.resting_on({Promise.OWN_WORDS}, "id")
    assert len(signed) == len(unsigned) + 1
    assert not any("pimpinan" in text for text in unsigned)


def test_paragraphs_rest_on_promises_that_there_are() -> None:
    named = {promise for one in SECTIONS for promise in one.promises}

    assert named <= {"", *Promise}


@pytest.mark.parametrize("answer", ANSWERS, ids=lambda one: one.key)
def test_an_answer_is_short_and_in_both_languages(answer: Answer) -> None:
    assert answer.title.keys() == answer.text.keys() == {"id", "en"}
    assert max(map(len, answer.text.values())) <= LONGEST_ANSWER


@pytest.mark.parametrize("answer", ANSWERS, ids=lambda one: one.key)
def test_an_answer_leaves_no_blank_to_fill_in(answer: Answer) -> None:
    assert not re.search(r"[\[\]{}<>…]", "".join(answer.text.values()))


def test_an_answer_that_is_too_long_is_refused(tmp_path: Path) -> None:
    text = "x" * (LONGEST_ANSWER + 1)
    path = write(
        tmp_path,
        '[[answers]]\nkey = "received"\ntitle = { id = "a", en = "b" }\n'
        f'text = {{ id = "a", en = "{text}" }}\n',
    )

    with pytest.raises(DataFileError, match="received: text is longer than 900"):
        read_answers(path)


@pytest.mark.parametrize("body", BODIES, ids=lambda one: one.key)
def test_an_outside_body_is_shown_as_text_alone(body: OutsideBody) -> None:
    assert re.fullmatch(r"[a-z.]*", body.web)
    assert re.fullmatch(r"[0-9]*", body.phone)


def test_contacts_that_nobody_checked_are_not_printed(tmp_path: Path) -> None:
    path = write(tmp_path, BODY)

    (body,) = read_outside_bodies(path)

    assert (body.web, body.phone) == ("", "")


def test_contacts_that_the_agency_checked_are_printed(tmp_path: Path) -> None:
    path = write(tmp_path, BODY.replace("check_before_printing = true", ""))

    (body,) = read_outside_bodies(path)

    assert (body.web, body.phone) == ("inspectorate.example", "123")
