"""The first title of a case: the beginning of its report, in whole words."""

import pytest
from builders import a_report

from portal.summaries import TITLE_CHARACTERS, Summary

WORDS = "Petugas loket meminta uang kepada pemohon. " * 4


def title(what: str) -> str:
    return Summary.of(a_report(what), severity=3).title


@pytest.mark.parametrize("what", ["Pungutan.", "x" * TITLE_CHARACTERS])
def test_what_fits_stands_whole(what: str) -> None:
    assert title(what) == what


@pytest.mark.parametrize("start", range(12))
def test_what_is_longer_ends_with_a_whole_word_and_says_so(start: int) -> None:
    what = WORDS[start:].strip()
    shown = title(what)
    kept = shown.removesuffix(" …")

    assert kept != shown
    assert TITLE_CHARACTERS // 2 < len(shown) <= TITLE_CHARACTERS
    assert what.startswith(kept)
    assert what[len(kept)] in " ."


def test_one_endless_word_is_cut_all_the_same() -> None:
    assert title("x" * 200) == "x" * (TITLE_CHARACTERS - 2) + " …"
