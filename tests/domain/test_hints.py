import re
import time
from itertools import chain

import pytest

from portal.hints import (
    LONGEST_EXCERPT,
    MOST_HINTS,
    PATTERNS,
    HintKind,
    find_hints,
)

LONGEST_TEXT = 16 * 1024
MOST_REPEATS = 64  # the longest local part of an address
SLOWEST = 0.2  # seconds; about 12 ms were measured
HOSTILE_UNITS = [
    "1",
    "1 ",
    "0 8 ",
    "08()1()2()3()4",
    "19850102201001100",
    "1 9 8 5 0 1 0 2 2 0 1 0 0 1 1 0 0 ",
    "3 5 0 3 0 1 4 1 0 1 8 5 ",
    "+62 ",
    "a",
    "a ",
    "i ",
    "@",
    "a@",
    "a@a.",
    ".",
    " ",
    "A",
    "B 12 ",
    "AG 1234 ",
    "plat ",
    "saya   ",
    "hanya saya ",
    "satu---",
    "sejak saya ",
    "saya yang ",
    "saya yang me" + "n" * 20 + "_",
    "saya sering ",
    "hanya kami cuma ",
    "meminta ",
    "sebagai " + "a" * 30 + " ",
    "I am the ",
    "é ",
    "\n",
]
ALL_PATTERNS = list(chain.from_iterable(PATTERNS.values()))


def kinds(text: str) -> list[HintKind]:
    return [hint.kind for hint in find_hints(text)]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("NIP 198501022010011001", HintKind.STAFF_NUMBER),
        ("19850102 201001 1 001", HintKind.STAFF_NUMBER),
        ("19850102.201001.2.001", HintKind.STAFF_NUMBER),
        ("NI PPPK 199003152022211005", HintKind.STAFF_NUMBER),
        ("NIK: 3503014101850001", HintKind.NATIONAL_ID),
        ("3503-0101-0185-0001", HintKind.NATIONAL_ID),
        ("350301 290200 0003", HintKind.NATIONAL_ID),
        ("081234567890", HintKind.PHONE),
        ("(0812) 3456-7890", HintKind.PHONE),
        ("+62 812 3456 7890", HintKind.PHONE),
        ("62812345678", HintKind.PHONE),
        ("surel Budi.S@contoh.go.id", HintKind.EMAIL),
        ("mobil AG 1234 XX", HintKind.PLATE),
        ("B1234XYZ", HintKind.PLATE),
        ("nopol ag 4321 zz", HintKind.PLATE),
    ],
)
def test_a_number_or_address_is_recognised(text: str, kind: HintKind) -> None:
    assert kinds(text) == [kind]


@pytest.mark.parametrize(
    ("text", "excerpt"),
    [
        ("Saya selaku bendahara tahu.", "Saya selaku bendahara"),
        ("Selaku bendahara, saya tahu.", "Selaku bendahara, saya"),
        ("Hanya   saya\nyang tahu.", "Hanya saya"),
        ("Saya satu-satunya saksi.", "Saya satu-satunya"),
        ("Sejak saya dipindah ke sini.", "Sejak saya dipindah"),
        ("Saya pernah menegur dia.", "Saya pernah menegur"),
        ("I am the treasurer.", "I am the treasurer"),
        ("Kepala bidang meminta saya diam.", "meminta saya"),
        ("Ia menyuruh saya mengubah daftar.", "menyuruh saya"),
        ("Bendahara mengajak saya ikut.", "mengajak saya"),
        ("Ia memaksaku ikut.", "memaksaku"),
        ("Saya sering diminta tutup mulut.", "Saya sering diminta"),
        ("Karena saya yang memegang buku kas.", "saya yang memegang"),
        ("Saya yang menyimpan notanya.", "Saya yang menyimpan"),
        ("Kuitansinya saya yang ketik.", "saya yang ketik"),
        ("He asked me to be silent.", "asked me"),
        ("Only I knew.", "Only I"),
        ("It began since I was moved.", "since I was"),
    ],
)
def test_words_about_the_writer_are_shown(text: str, excerpt: str) -> None:
    (hint,) = find_hints(text)

    assert (hint.kind, hint.excerpt) == (HintKind.FIRST_PERSON, excerpt)


@pytest.mark.parametrize(
    ("text", "excerpt"),
    [
        ("Dia duduk di meja sebelah.", "meja sebelah"),
        ("Atasan saya tahu.", "Atasan saya"),
        ("Terjadi di ruangan saya.", "ruangan saya"),
        ("Waktu itu saya duduk di belakang.", "saya duduk"),
        ("Rekan satu ruangan.", "Rekan satu ruangan"),
        ("He sits next to my desk.", "next to my desk"),
        ("It lay on my desk.", "my desk"),
        ("I sat by the door.", "I sat"),
    ],
)
def test_words_about_who_is_near_are_shown(text: str, excerpt: str) -> None:
    (hint,) = find_hints(text)

    assert (hint.kind, hint.excerpt) == (HintKind.NEIGHBOUR, excerpt)


@pytest.mark.parametrize(
    ("text", "kind", "excerpt"),
    [
        ("Suami saya melihatnya juga.", HintKind.FAMILY, "Suami saya"),
        ("Ia atasan kakak saya.", HintKind.FAMILY, "kakak saya"),
        ("My own sister works there.", HintKind.FAMILY, "My own sister"),
        ("Kami berdua melihatnya.", HintKind.COMPANY, "Kami berdua"),
        ("Kami cuma berdua di gudang.", HintKind.COMPANY, "Kami cuma berdua"),
        ("Waktu itu hanya bertiga.", HintKind.COMPANY, "hanya bertiga"),
        ("There were three of us.", HintKind.COMPANY, "three of us"),
    ],
)
def test_family_and_company_are_told_apart_from_places(
    text: str, kind: HintKind, excerpt: str
) -> None:
    (hint,) = find_hints(text)

    assert (hint.kind, hint.excerpt) == (kind, excerpt)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Kepala bidang meminta Rp 5.000.000 kepada tiga pegawai pada Januari 2025.",
        "Rp 62.812.345.678 dan Rp. 628.123.456.789",
        "Pada 08-12-2024 10.30 dan 08.12.2024 14.00",
        "RT 12 RW 05",
        "RUANG B 12 DAN LANTAI 3",
        "SK Nomor 800/123/2024",
        "198502312010011001",
        "198501022010013001",
        "198501021990011001",
        "3503013202850001",
        "9903014101850001",
        "nomor rekening 1234567890123456",
        "123198501022010011001",
        "Sebagai contoh, saya lihat kuitansinya.",
        "Kuitansi saya yang merah dan barang saya yang mereka ambil.",
        "Kepala meminta uang, dan saya melihatnya.",
        "Mereka berdua menerima uang; pegawai duduk saja.",
        "As a result, I saw it only in the file.",
    ],
)
def test_an_ordinary_text_raises_no_alarm(text: str) -> None:
    assert find_hints(text) == ()


def test_hints_come_in_the_order_of_the_text() -> None:
    text = "Atasan saya memberi 081234567890. Hanya saya yang tahu."

    assert kinds(text) == [
        HintKind.NEIGHBOUR,
        HintKind.PHONE,
        HintKind.FIRST_PERSON,
    ]


def test_the_same_words_are_pointed_at_once() -> None:
    hints = find_hints("Hanya saya. HANYA saya. hanya  saya.")

    assert [hint.excerpt for hint in hints] == ["Hanya saya"]


def test_a_text_full_of_signs_gets_a_bounded_number_of_hints() -> None:
    text = " ".join(f"0812345678{number}" for number in range(10, 60))

    assert len(find_hints(text)) == MOST_HINTS


def test_a_long_excerpt_is_cut() -> None:
    (hint,) = find_hints("a" * 64 + "@" + "b" * 60 + ".example")

    assert len(hint.excerpt) == LONGEST_EXCERPT
    assert hint.excerpt.endswith("…")


def test_letters_that_grow_in_small_print_move_no_excerpt() -> None:
    (hint,) = find_hints("İİİİ hanya saya")

    assert hint.excerpt == "hanya saya"


def test_a_hint_in_a_log_shows_no_word_of_the_text() -> None:
    assert "saya" not in repr(find_hints("hanya saya"))


@pytest.mark.parametrize("pattern", ALL_PATTERNS)
def test_no_pattern_repeats_without_a_bound(pattern: re.Pattern[str]) -> None:
    bare = re.sub(r"\\.|\[[^\]]*\]", "x", pattern.pattern)

    assert not re.search(r"[*+]|,\}", bare)


@pytest.mark.parametrize("pattern", ALL_PATTERNS)
def test_no_pattern_repeats_more_often_than_a_name_is_long(
    pattern: re.Pattern[str],
) -> None:
    counts = re.findall(r"\{(?:\d+,)?(\d+)\}", pattern.pattern)

    assert max(map(int, counts), default=0) <= MOST_REPEATS


@pytest.mark.slow
@pytest.mark.parametrize("unit", HOSTILE_UNITS)
def test_a_hostile_text_costs_little(unit: str) -> None:
    text = (unit * LONGEST_TEXT)[:LONGEST_TEXT]

    started = time.perf_counter()
    find_hints(text)

    assert time.perf_counter() - started < SLOWEST
