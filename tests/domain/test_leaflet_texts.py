"""Leaflets: one for every kind that may be reminded, without a word of the writer."""

from pathlib import Path

import pytest

from portal.categories import Remind, read_taxonomy
from portal.errors import DataFileError
from portal.leaflet_texts import DEFAULT_PATH, LeafletFacts, read_leaflet_texts

FACTS = LeafletFacts("https://portal.example", "7 Desember 2027", "9SXY-JB03")
CODES = [
    code
    for code in read_taxonomy().codes
    if read_taxonomy().find(code).remind is not Remind.NEVER
]


def test_every_kind_that_may_be_reminded_has_a_leaflet() -> None:
    assert sorted(read_leaflet_texts()) == sorted(CODES)


@pytest.mark.parametrize("language", ["id", "en"])
@pytest.mark.parametrize("code", CODES)
def test_a_leaflet_says_what_is_kept_and_how_to_reply(code: str, language: str) -> None:
    said = " ".join(read_leaflet_texts()[code].fill(language, FACTS))

    assert "{" not in said
    assert "7 Desember 2027" in said
    assert "https://portal.example/reply" in said
    assert "9SXY-JB03" in said


def test_the_leaflet_for_gifts_leads_to_the_days_that_are_left() -> None:
    said = " ".join(read_leaflet_texts()["GRAT"].fill("id", FACTS))

    assert "https://portal.example/mend" in said
    assert "UU 20/2001" not in said


def changed(tmp_path: Path, before: str, after: str) -> Path:
    path = tmp_path / "leaflets.toml"
    text = DEFAULT_PATH.read_text("utf-8")
    assert before in text
    path.write_text(text.replace(before, after, 1), "utf-8")
    return path


def test_law_is_printed_once_the_agency_has_confirmed_it(tmp_path: Path) -> None:
    path = changed(tmp_path, "law.confirmed = false\n", "")
    said = read_leaflet_texts(path)["GRAT"].fill("id", FACTS)

    assert "UU 20/2001 Pasal 12C" in said[2]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("sampai {until}", "sampai {utnil}"),
        ('category = "COI"', 'category = "GRAT"'),
        ("closing.en", "closing.de"),
        ("law.confirmed = false", 'law.confirmed = "no"'),
    ],
)
def test_a_slip_in_the_file_stops_the_start(
    tmp_path: Path, before: str, after: str
) -> None:
    with pytest.raises(DataFileError):
        read_leaflet_texts(changed(tmp_path, before, after))
