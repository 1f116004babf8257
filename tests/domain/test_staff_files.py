"""A staff list as a file: every wrong line is named, and then nothing is taken."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.errors import StaffListError
from portal.staff import Member
from portal.staff_files import MOST_BYTES, MOST_PEOPLE, read_list

NUMBER = "198001012005011001"
OTHER = "198001012005011002"
SITI = Member(NUMBER, "Siti Aminah", "Kepala Seksi", "Umum")
ENGLISH = "number,name,position,unit"
LINE = f"{NUMBER},Siti Aminah,Kepala Seksi,Umum"


def read(*lines: str) -> tuple[Member, ...]:
    return read_list("\n".join(lines).encode(), 18)


def refused(*lines: str) -> list[str]:
    with pytest.raises(StaffListError) as caught:
        read(*lines)
    return str(caught.value).splitlines()


@pytest.mark.parametrize(
    "header",
    [
        *(ENGLISH, "nomor,nama,jabatan,unit", "NIP,Nama,Jabatan,Unit"),
        *(" Number , NAME,position,unit ", "\ufeffnip,nama,jabatan,unit"),
    ],
)
def test_columns_are_named_in_either_language(header: str) -> None:
    assert read(header, LINE) == (SITI,)


@pytest.mark.parametrize(
    "lines",
    [
        (ENGLISH.replace(",", ";"), LINE.replace(",", ";")),
        (ENGLISH, f'"{NUMBER}","Siti Aminah","Kepala Seksi","Umum"'),
        (f"{ENGLISH}\r", f"{LINE}\r"),
        (ENGLISH, "", LINE, "", " , , , ", ""),
        ("unit,golongan,name,position,number", f"Umum,IV,{LINE[19:-5]},{NUMBER}"),
        (ENGLISH, LINE.replace(NUMBER, " 19800101 200501 1 001 ")),
        (ENGLISH, LINE.replace("Siti", " Siti")),
    ],
    ids=["semicolons", "quoted", "crlf", "empty", "order", "spaced", "trimmed"],
)
def test_a_list_is_read_as_spreadsheets_write_it(lines: tuple[str, ...]) -> None:
    assert read(*lines) == (SITI,)


def test_a_comma_within_quotation_marks_is_part_of_a_name() -> None:
    (siti,) = read(ENGLISH, f'{NUMBER},"Siti Aminah, S.H.",Kepala Seksi,Umum')

    assert siti.name == "Siti Aminah, S.H."


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        (",Siti,Staf,Umum", "the number is empty."),
        ("1980,Siti,Staf,Umum", "the number is not one of 18 digits."),
        (f"'{NUMBER},Siti,Staf,Umum", "the number is not one of 18 digits."),
        (
            "1.98001E+17,Siti,Staf,Umum",
            "the number was rounded by a spreadsheet: format its column as text.",
        ),
        (f"{NUMBER},,Staf,Umum", "the name is empty."),
        (f"{NUMBER},Siti,  ,Umum", "the position is empty."),
        (f"{NUMBER},Siti,Staf,", "the unit is empty."),
        (f"{NUMBER},Siti,Staf", "the unit is empty."),
        (
            f"{NUMBER},=cmd|' /C calc'!A0,a,b",
            "the name begins like a formula, with '='.",
        ),
        (f"{NUMBER},Siti,+62,Umum", "the position begins like a formula, with '+'."),
        (f"{NUMBER},Siti,Staf,-", "the unit begins like a formula, with '-'."),
        (f"{NUMBER},Siti,Staf,@a", "the unit begins like a formula, with '@'."),
        (
            f"{NUMBER},Si\u200bti,Staf,Umum",
            "the name holds a line break or another sign that nobody sees.",
        ),
        (
            f"{NUMBER},Si\x00ti,Staf,Umum",
            "the name holds a line break or another sign that nobody sees.",
        ),
        (
            f"{NUMBER},{'a' * 121},Staf,Umum",
            "the name has 121 characters; 120 are the most.",
        ),
    ],
)
def test_what_is_wrong_with_a_line_is_said_with_its_number(
    line: str, sentence: str
) -> None:
    good = f"{OTHER},Budi,Staf,Umum"

    assert refused(ENGLISH, good, line) == [f"Line 3: {sentence}"]


def test_everything_that_is_wrong_is_said_at_once() -> None:
    assert refused(ENGLISH, "1,,=a,", LINE, LINE, "") == [
        "Line 2: the number is not one of 18 digits.",
        "Line 2: the name is empty.",
        "Line 2: the position begins like a formula, with '='.",
        "Line 2: the unit is empty.",
        f"Line 4: the number {NUMBER} stands in line 3 too.",
    ]


def test_a_number_written_in_two_ways_is_the_same_number() -> None:
    again = LINE.replace(NUMBER, "19800101-200501-1-001")

    (sentence,) = refused(ENGLISH, LINE, again)

    assert sentence == f"Line 3: the number {NUMBER} stands in line 2 too."


def test_a_line_break_within_quotation_marks_moves_the_lines_after_it() -> None:
    split = f'{NUMBER},"Siti\nAminah",Staf,Umum'

    first, second = refused(ENGLISH, split, "1,Budi,Staf,Umum")

    assert first.startswith("Line 2: the name holds a line break")
    assert second.startswith("Line 4: ")


def test_a_thousand_wrong_lines_are_not_a_thousand_sentences() -> None:
    sentences = refused(ENGLISH, *(["1,Budi,Staf,Umum"] * 1000))

    assert (len(sentences), sentences[-1]) == (51, "And 950 more.")


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ((LINE,), "Line 1: no columns are named here"),
        (("nomor,nama,unit",), "Line 1: the column position is missing."),
        (("nomor,nip,nama,jabatan,unit",), "Line 1: the column number is there twice."),
        (("",), "Nothing stands in this list."),
        ((" , ,",), "Nothing stands in this list."),
        ((" \n\n",), "Nothing stands in this list."),
        ((ENGLISH,), "Nothing stands in this list."),
        (
            (ENGLISH, f'{NUMBER},"Siti,Staf,Umum'),
            "Line 2: a quotation mark is not closed",
        ),
        ((ENGLISH, f'{NUMBER},"Siti"x,Staf,Umum'), "Line 2: a quotation mark"),
    ],
)
def test_a_file_of_another_form_is_refused_in_a_sentence(
    lines: tuple[str, ...], said: str
) -> None:
    assert refused(*lines)[0].startswith(said)


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "latin-1"])
def test_another_encoding_is_named_with_the_first_line_that_shows_it(
    encoding: str,
) -> None:
    content = f"{ENGLISH}\n{LINE}\n{OTHER},Andr\u00e9,Staf,Umum".encode(encoding)

    with pytest.raises(StaffListError) as caught:
        read_list(content, 18)

    said = str(caught.value)
    assert ("UTF-8" in said) or said.startswith("Line 1: no columns are named here")
    assert encoding != "latin-1" or said.startswith("Line 3: this is not UTF-8.")


def test_a_file_that_is_too_large_is_not_read() -> None:
    with pytest.raises(StaffListError, match="more than 16 MiB"):
        read_list(b"a" * (MOST_BYTES + 1), 18)


def test_of_a_file_of_too_many_lines_no_line_is_judged() -> None:
    """Eight million wrong lines fit its bytes, and their faults no memory."""
    content = f"{ENGLISH}\n".encode() + b"x\n" * (MOST_PEOPLE + 2)

    with pytest.raises(StaffListError, match="There are more than 100000 people"):
        read_list(content, 18)


@given(st.binary(max_size=200))
def test_whatever_is_given_is_a_list_or_refused(content: bytes) -> None:
    with pytest.raises(StaffListError):
        read_list(content, 18)


@given(st.text(max_size=60))
def test_whatever_stands_in_a_line_is_taken_whole_or_refused(text: str) -> None:
    assert outcome(f"{ENGLISH}\n{LINE}\n{OTHER},{text},Staf,Umum") in {"both", "Line"}


def outcome(text: str) -> str:
    """Return what a list of two came to, in a word."""
    try:
        members = read_list(text.encode(), 18)
    except StaffListError as refusal:
        return str(refusal).split()[0]
    both = [member.number for member in members] == [NUMBER, OTHER]
    return "both" if both else "something else"
