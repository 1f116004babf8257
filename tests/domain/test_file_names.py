"""Names of files: nothing of a sender's machine, and nothing that does something."""

import pytest

from portal.file_names import neutral_name
from portal.manifests import NAME_BYTES


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("foto.jpg", "foto.jpg"),
        (r"C:\Users\Budi\Desktop\bukti.pdf", "bukti.pdf"),
        ("map/budi/bukti.pdf", "bukti.pdf"),
        ("../../etc/passwd", "passwd"),
        ("..", "file"),
        ("", "file"),
        (" \t ", "file"),
        ("\u202egpj.exe", "gpj.exe"),
        ("a\u200b\u2066b\x00\x1f.txt", "ab.txt"),
        ('a"b\r\nX: y.txt', "a'bX: y.txt"),
        ("e\u0301.txt", "\u00e9.txt"),
        ("a \u00a0 b.txt", "a b.txt"),
        ("\ud800.txt", "txt"),
        ("laporan akhir.PDF", "laporan akhir.PDF"),
    ],
)
def test_a_name_says_no_more_than_it_must(sent: str, kept: str) -> None:
    assert neutral_name(sent) == kept


@pytest.mark.parametrize("letter", ["a", "\u00e9", "\U0001f4f7", "\u4e2d"])
def test_a_long_name_is_cut_at_a_letter_and_keeps_its_suffix(letter: str) -> None:
    name = neutral_name(letter * 300 + ".jpg")

    assert len(name.encode()) <= NAME_BYTES
    assert name.strip(letter) == ".jpg"


def test_a_suffix_that_is_none_is_cut_as_well() -> None:
    assert len(neutral_name("a." + "b" * 300).encode()) <= NAME_BYTES
