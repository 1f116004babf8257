from pathlib import Path

import pytest

from portal.categories import Because, Category, Hold, Remind, read_taxonomy
from portal.errors import DataFileError, NoSuchCategoryError

TAXONOMY = read_taxonomy()
CATEGORIES = [TAXONOMY.find(code) for code in TAXONOMY.codes]
LONGEST_LINE = 12  # words

SMALL_FILE = """
[unsure]
code = "UNSURE"
severity = 2
title = { id = "Belum yakin", en = "Not sure" }
line = { id = "Petugas yang menentukan.", en = "The officer decides." }
remind = "never"
because = "unsorted"
hold = "yes"

[[groups]]
name = "money"
title = { id = "Keuangan", en = "Money" }

[[groups.categories]]
code = "SUAP"
severity = 4
outside = true
title = { id = "Suap", en = "Bribery" }
line = { id = "Uang agar diam.", en = "Money for silence." }
remind = "never"
because = "crime"
hold = "30 days"

[[groups.categories]]
code = "GRAT"
severity = 2
title = { id = "Gratifikasi", en = "Gift" }
line = { id = "Hadiah karena jabatan.", en = "A gift for the job." }
remind = "if"
condition = { id = "Baru diterima.", en = "Just received." }
once = true
hold = "yes"
"""


def write(folder: Path, text: str) -> Path:
    """Write a data file into *folder*."""
    path = folder / "categories.toml"
    path.write_text(text)
    return path


def test_not_sure_stands_before_all_24_categories() -> None:
    assert TAXONOMY.codes[0] == "UNSURE"
    assert len(TAXONOMY.codes) == 25


def test_the_categories_stand_in_four_groups() -> None:
    names = [group.name for group in TAXONOMY.groups]

    assert names == ["money", "staff", "service", "other"]


def test_four_categories_prefer_outside_officers() -> None:
    preferring = {one.code for one in CATEGORIES if one.prefers_outside}

    assert preferring == {"SUAP", "CALO", "JABATAN", "BALAS"}


@pytest.mark.parametrize(
    ("code", "severity"),
    [("UNSURE", 2), ("SUAP", 4), ("PUNGLI", 3), ("DATA", 2), ("DISIP", 1)],
)
def test_triage_starts_at_the_severity_of_the_category(
    code: str, severity: int
) -> None:
    assert TAXONOMY.find(code).severity == severity


@pytest.mark.parametrize("category", CATEGORIES, ids=lambda one: one.code)
def test_a_line_is_short_and_in_both_languages(category: Category) -> None:
    words = {language: len(line.split()) for language, line in category.line.items()}

    assert words.keys() == {"id", "en"}
    assert max(words.values()) <= LONGEST_LINE


def test_who_may_be_reminded_first_stands_with_the_kind() -> None:
    by_answer = {
        remind: {one.code for one in CATEGORIES if one.remind is remind}
        for remind in (Remind.YES, Remind.IF)
    }

    assert by_answer == {
        Remind.YES: {"ASET", "DISIP", "LAYAN", "ETIK"},
        Remind.IF: {"GRAT", "COI", "PRESENSI", "KINERJA", "DATA", "NETRAL", "RUNDUNG"},
    }


def test_a_kind_that_is_never_reminded_says_why() -> None:
    never = {one.code: one.because for one in CATEGORIES if one.because}

    assert len(never) == 14
    assert {code for code, why in never.items() if why is Because.VICTIM} == {
        *("LECEH", "BALAS")
    }
    assert never["UNSURE"] is never["LAIN"] is Because.UNSORTED


def test_what_is_grave_is_held_for_thirty_days_at_most() -> None:
    short = {one.code for one in CATEGORIES if one.hold is Hold.THIRTY_DAYS}

    assert short == {
        *("SUAP", "PUNGLI", "CALO", "JABATAN", "GELAP", "ADAAN", "LECEH", "BALAS")
    }


def test_a_gift_is_a_matter_of_one_time_that_can_be_put_right() -> None:
    assert {one.code for one in CATEGORIES if one.is_once} == {"GRAT", "COI"}
    assert {one.code for one in CATEGORIES if one.is_gift} == {"GRAT"}


@pytest.mark.parametrize("code", ["", "suap", "SUAP ", "NONE"])
def test_a_code_that_is_not_exactly_one_finds_nothing(code: str) -> None:
    with pytest.raises(NoSuchCategoryError):
        TAXONOMY.find(code)


def test_a_category_knows_its_group(tmp_path: Path) -> None:
    path = write(tmp_path, SMALL_FILE)

    taxonomy = read_taxonomy(path)

    assert taxonomy.find("SUAP").group == "money"
    assert taxonomy.find("UNSURE").group == "unsure"


@pytest.mark.parametrize(
    ("right", "wrong", "place"),
    [
        ("outside = true", "outsider = true", "SUAP: outsider"),
        ("outside = true", 'outside = "yes"', "SUAP: outside"),
        ("severity = 4", "", "SUAP: severity"),
        ("severity = 4", "severity = 5", "SUAP: severity"),
        ("severity = 4", "severity = true", "SUAP: severity"),
        ('id = "Suap", ', "", "SUAP, title: id"),
        ('en = "Bribery"', 'en = " "', "SUAP, title: en"),
        ('en = "Bribery"', 'en = "Bribery", fr = "x"', "SUAP, title: fr"),
        ('title = { id = "Suap", en = "Bribery" }', 'title = "Suap"', "SUAP: title"),
        ('because = "crime"', "", "SUAP: because is missing"),
        (
            'because = "crime"',
            'because = "sad"',
            'SUAP: because must be one of "crime"',
        ),
        ('because = "crime"', "once = true", "SUAP: because is missing"),
        ('hold = "30 days"', 'hold = "31 days"', "SUAP: hold must be one of"),
        ('hold = "30 days"', 'hold = "yes"\nonce = true', "SUAP: once says nothing"),
        ('hold = "30 days"', 'hold = "yes"\ngift = true', "SUAP: gift says nothing"),
        ('hold = "30 days"', "", "SUAP: hold is missing"),
        ('remind = "if"', 'remind = "yes"', "GRAT: condition stands only where"),
        ('remind = "if"', 'remind = "if"\nbecause = "power"', "GRAT: because stands"),
        ('remind = "if"', 'remind = "perhaps"', "GRAT: remind must be one of"),
        ('remind = "if"', "", "GRAT: remind is missing"),
        ('id = "Baru diterima.", ', "", "GRAT, condition: id is missing"),
        ("once = true", "once = 1", "GRAT: once must be true or false"),
        ('code = "GRAT"', 'code = "SUAP"', "money: categories has SUAP twice"),
        ('code = "GRAT"', 'code = "UNSURE"', "categories.toml: UNSURE"),
        ('name = "money"', "", "groups 1: name"),
        ("[unsure]", "[not-sure]", "categories.toml: not-sure"),
        ("[unsure]", "[unsure", "categories.toml: cannot be read"),
    ],
)
def test_a_wrong_file_is_refused_naming_the_place(
    tmp_path: Path, right: str, wrong: str, place: str
) -> None:
    path = write(tmp_path, SMALL_FILE.replace(right, wrong, 1))

    with pytest.raises(DataFileError, match=place):
        read_taxonomy(path)


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataFileError, match=r"missing\.toml"):
        read_taxonomy(tmp_path / "missing.toml")
