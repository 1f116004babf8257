"""Two complete languages, chosen by the reader and kept in a cookie of its own."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po
from flask import Flask
from people import Officer, Person, Reporter

from portal.views.languages import LANGUAGES
from portal.views.words import FIELD_WORDS, WORDS, number

HOME = Path(__file__).parents[2]
TRANSLATIONS = HOME / "portal" / "translations"
PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]")


def catalogue() -> Catalog:
    with (TRANSLATIONS / "id/LC_MESSAGES/messages.po").open("rb") as file:
        return read_po(file, locale="id")


def texts_in_code(folder: Path) -> Catalog:
    """Gather every text that pages say, as `make messages` does."""
    target = folder / "messages.pot"
    extract = [sys.executable, "-m", "babel.messages.frontend", "--quiet", "extract"]
    options = ["-F", str(TRANSLATIONS / "babel.cfg"), "-k", "_l", "-o", str(target)]
    subprocess.run([*extract, *options, "portal", "templates"], cwd=HOME, check=True)
    with target.open("rb") as file:
        return read_po(file)


def ids(catalog: Catalog) -> set[str]:
    return {singular(message) for message in catalog if message.id}


def singular(message: Message) -> str:
    return message.id if isinstance(message.id, str) else message.id[0]


def translations(message: Message) -> list[str]:
    text = message.string
    return [text] if isinstance(text, str) else list(text)


def test_every_text_of_the_pages_is_in_the_catalogue_and_no_other(
    tmp_path: Path,
) -> None:
    found = texts_in_code(tmp_path)

    assert len(ids(found)) > 200
    assert ids(found) == ids(catalogue())


def test_every_text_is_translated_and_none_is_a_guess() -> None:
    messages = [message for message in catalogue() if message.id]

    assert [one.id for one in messages if not all(translations(one))] == []
    assert [one.id for one in messages if one.fuzzy] == []
    assert list(catalogue().obsolete) == []


def test_a_translation_fills_in_the_same_places() -> None:
    differing = [
        message.id
        for message in catalogue()
        for text in translations(message)
        if message.id
        and {*PLACEHOLDER.findall(text)} != {*PLACEHOLDER.findall(singular(message))}
    ]

    assert differing == []


def test_no_sentence_shouts() -> None:
    messages = [message for message in catalogue() if message.id]
    spoken = [text for one in messages for text in (singular(one), *translations(one))]

    assert [text for text in spoken if "!" in text] == []


def test_who_runs_the_portal_is_called_one_thing() -> None:
    texts = [text for message in catalogue() for text in translations(message)]
    other = re.compile(r"(?<!--)\badministrator", re.IGNORECASE)

    assert [text for text in texts if other.search(text)] == []


def test_the_catalogue_is_in_order() -> None:
    in_file = [singular(message) for message in catalogue() if message.id]

    assert in_file == sorted(in_file)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_word_of_every_vocabulary_is_said(app: Flask, lang: str) -> None:
    with app.test_request_context(f"/?lang={lang}", base_url="http://localhost"):
        app.preprocess_request()
        said = [str(text) for _, text in WORDS] + list(map(str, FIELD_WORDS.values()))

    assert all(said)


@pytest.mark.parametrize(("lang", "written"), [("id", "11.392"), ("en", "11,392")])
def test_a_long_number_is_grouped_as_its_readers_do(
    app: Flask, lang: str, written: str
) -> None:
    with app.test_request_context(f"/?lang={lang}", base_url="http://localhost"):
        app.preprocess_request()

        assert number(11_392) == written


def test_the_first_visit_is_in_indonesian(app: Flask) -> None:
    page = Person(app).get("/", headers={"Accept-Language": "en"})

    assert '<html lang="id">' in page.html


def test_a_choice_is_kept_in_a_cookie_of_its_own(app: Flask) -> None:
    person = Person(app)
    chosen = person.get("/?lang=en")

    later = person.get("/guidance")

    cookies = chosen.response.headers.getlist("Set-Cookie")
    assert '<html lang="en">' in later.html
    assert "lang=en; HttpOnly; Path=/; SameSite=Strict" in cookies


@pytest.mark.parametrize("wanted", ["xx", "", "ID", "en-US", "\x00", "id'--"])
def test_an_unknown_language_is_passed_over(app: Flask, wanted: str) -> None:
    person = Person(app)

    page = person.get("/", query_string={"lang": wanted})

    cookies = page.response.headers.getlist("Set-Cookie")
    assert '<html lang="id">' in page.html
    assert [cookie for cookie in cookies if cookie.startswith("lang=")] == []


def test_the_language_does_not_touch_the_session(reporter: Reporter) -> None:
    reporter.open_case(reporter.hand_in("Ada pungutan."))
    before = reporter.cookie()

    page = reporter.get("/case?lang=en")

    assert page.status_code == 200
    assert "Your case" in page.text
    assert reporter.cookie() == before


@pytest.mark.parametrize(
    "path", ["/", "/report", "/case", "/guidance", "/limits", "/keys", "/mend"]
)
def test_every_page_leads_to_itself_in_the_other_language(
    app: Flask, path: str
) -> None:
    person = Person(app)

    english = person.get(f"{path}?lang=en")

    assert 'href="?lang=en"' in Person(app).get(path).html
    assert 'href="?lang=id"' in english.html


def test_a_page_made_from_what_was_typed_has_no_link_that_would_lose_it(
    reporter: Reporter,
) -> None:
    page = reporter.preview("Ada pungutan.")

    assert "?lang=" not in re.sub(r'formaction="[^"]*"', "", page.html)


def test_officers_read_the_same_case_in_both_languages(
    reporter: Reporter, officer: Officer
) -> None:
    reporter.hand_in("Ada pungutan.")
    (path,) = officer.case_paths()

    indonesian, english = officer.get(f"{path}?lang=id"), officer.get(f"{path}?lang=en")

    assert "Pungutan liar" in indonesian.text
    assert "Illegal fees" in english.text
    assert "7 Desember 2026" in indonesian.text
    assert "7 December 2026" in english.text
