"""What in a text may give its writer away, found before the report is handed in.

A hint warns and never blocks. The text is looked at in memory, kept nowhere and
written to no log: a `Hint` holds a piece of it and has no place in a log either.

Numbers must have the structure of what they are taken for (a date that exists, a
province, a sex digit), so that amounts and letter numbers raise no false alarm. No
pattern repeats without a bound: however hostile a text is, each of its characters
costs a bounded number of steps.
"""

import datetime as dt
import re
import string
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import Final

MOST_HINTS: Final = 12
LONGEST_EXCERPT: Final = 60  # characters
_YOUNGEST: Final = 15  # years at the start of service
_OLDEST: Final = 65
_WOMAN: Final = 40  # added to the day of birth in a woman's national id


class HintKind(StrEnum):
    """What was found, from the most to the least certain."""

    STAFF_NUMBER = "staff-number"
    NATIONAL_ID = "national-id"
    PHONE = "phone"
    EMAIL = "email"
    PLATE = "plate"
    FIRST_PERSON = "first-person"
    NEIGHBOUR = "neighbour"
    FAMILY = "family"
    COMPANY = "company"


@dataclass(frozen=True)
class Hint:
    """One place that may point at the writer, with the words found there.

    The excerpt has at most LONGEST_EXCERPT characters and stays out of the repr.
    """

    kind: HintKind
    excerpt: str = field(repr=False)


# In the number patterns "~" stands for one space, dot or dash between two digits.
_YEAR: Final = "(?:1~9~[4-9]|2~0~[0-4])~[0-9]"
_MONTH: Final = "(?:0~[1-9]|1~[0-2])"
_DAY: Final = "(?:0~[1-9]|[12]~[0-9]|3~[01])"
_DAY_OR_WOMANS_DAY: Final = "(?:[04]~[1-9]|[1256]~[0-9]|[37]~[01])"
_PROVINCE: Final = "(?:1~[1-9]|2~1|3~[1-6]|5~[1-3]|6~[1-5]|7~[1-6]|8~[12]|9~[1-7])"
_CONTRACT: Final = "2~[0-9]"  # a PPPK's number has it in place of the month

# Born, in service since (month, or contract of a PPPK), sex, serial: 18 digits.
_STAFF_NUMBER: Final = (
    f"(?<![0-9]){_YEAR}~{_MONTH}~{_DAY}~{_YEAR}~(?:{_MONTH}|{_CONTRACT})"
    "~[12](?:~[0-9]){3}(?![0-9])"
)
# Province, regency, district, born (a woman's day has 40 added), serial: 16 digits.
_NATIONAL_ID: Final = (
    f"(?<![0-9]){_PROVINCE}(?:~[0-9]){{4}}~{_DAY_OR_WOMANS_DAY}~{_MONTH}"
    "(?:~[0-9]){6}(?![0-9])"
)
# 9 to 13 digits from 08, 628 or +62; "08-12-2024 10.30" is a day and an hour, and
# an amount of rupiah may begin with 628.
_NO_AMOUNT: Final = r"(?<!rp)(?<!rp[ .])(?<!rp\. )"
_NO_DAY: Final = r"(?!08[ .\-][0-9]{1,2}[ .\-](?:19|20)[0-9]{2}(?![0-9]))"
_PHONE: Final = (
    f"(?<![0-9+]){_NO_AMOUNT}{_NO_DAY}"
    r"(?:\+~6~2[ .\-()]{0,2}[1-9]|6~2~8|0~8)"
    r"(?:[ .\-()]{0,2}[0-9]){7,11}(?![0-9])"
)
# The look-behind lets a run of letters be tried at its beginning alone.
_EMAIL: Final = (
    r"(?<![a-z0-9._%+\-])[a-z0-9._%+\-]{1,64}@(?:[a-z0-9\-]{1,63}\.){1,4}[a-z]{2,24}"
    "(?![a-z0-9])"
)
_REGION: Final = (
    "(?:A[ABDEG]?|B[ABDEGHKLMNP]?|D[A-EGHKLMNPRTW]?|E[ABD]?|F|G|H|K[BHTU]?|L|M|N"
    "|P[AB]?|R|S|T|W|Z)"
)
# In a text all in capitals these follow a number without being a plate's last letters.
_NO_PLATE: Final = "(?!(?:RT|RW|DAN|DI|KE|KM|JAM|WIB|ASN|PNS|THN|TH|HR|M|CM)(?![A-Z]))"
_PLATE: Final = (
    f"(?<![A-Za-z0-9]){_REGION}[ -]?[1-9][0-9]{{1,3}}[ -]?{_NO_PLATE}"
    "[A-Z]{1,3}(?![A-Za-z0-9])"
)
_NAMED_PLATE: Final = (
    r"\b(?:plat|plat nomor|nopol|nomor polisi|license plate|plate)[ .:]{1,3}"
    f"{_REGION.lower()}[ -]?[1-9][0-9]{{0,3}}[ -]?[a-z]{{1,3}}(?![a-z0-9])"
)

# In the phrases a space stands for any short white space between two words.
_I: Final = "(?:saya|aku|kami)"
_WORD: Final = r"[^\W\d_]{1,30}"
_MOVED: Final = (
    "(?:(?:di)?pindah(?:kan)?|(?:di)?mutasi(?:kan)?|(?:di)?rotasi|diangkat|dilantik"
    "|ditempatkan)"
)
_SINCE: Final = "(?:sejak|semenjak|sebelum|setelah|sesudah|saat|ketika)"
# No verbs, though they begin like one: red, truly, they, according to, luxurious.
_NO_VERB: Final = r"(?!(?:merah|memang|mereka|menurut|mewah|merupakan)\b)"
_FIRST_PERSON: Final = (
    "(?:hanya|cuma|cuman|kecuali) (?:saya|aku)",
    "selain (?:saya|aku)",
    r"(?:(?:saya|aku) )?satu[\s\-]{1,3}satunya",
    "saya (?:sendirian|seorang diri)",
    f"{_I} (?:ini |yang )?(?:adalah|selaku|(?:bertugas |bekerja )?sebagai) {_WORD}",
    f"{_I} menjabat(?: sebagai)? {_WORD}",
    f"(?:selaku|sebagai) (?!berikut|contoh){_WORD}(?: {_WORD})?,? (?:saya|aku)",
    f"(?:sejak|semenjak) {_I} (?:baru |mulai )?(?:masuk|bekerja|bertugas|menjabat)",
    f"(?:{_SINCE} )?{_I} (?:baru )?{_MOVED}",
    f"{_I} (?:pernah |sudah |telah )?(?:menegur|mengingatkan|memprotes|protes)",
    (
        f"{_I} (?:yang )?(?:memegang|pegang|punya|mempunyai|menyimpan) "
        "(?:kunci|kata sandi|password|akun|akses|stempel)"
    ),
    (
        f"(?:saya|aku) yang {_NO_VERB}(?:me[lmnrwy][a-z]{{2,20}}|pegang|simpan|urus"
        "|bawa|buat|catat|ketik|input|jaga)"
    ),
    "(?:meminta|minta|menyuruh|suruh|mengajak|ajak|memaksa) (?:saya|aku)",
    "(?:meminta|menyuruh|mengajak|memaksa)ku",
    "(?:saya|aku) (?:pernah |sering |selalu |juga )?di(?:minta|suruh|ajak|paksa)",
    "(?:nama|nip|nik|jabatan|posisi|pangkat|akun|tanda tangan) saya",
    "jabatanku",
    "only (?:i|me)",
    "(?:no one|nobody|no-one)(?: else)? (?:but|except|besides) me",
    "(?:i alone|i(?: am| was|'m|’m) the only)",
    f"i(?: am| was|'m|’m| work as| worked as| serve as) (?:the|an?) {_WORD}",
    f"as (?:the|an?) (?!result|rule|consequence){_WORD}(?: {_WORD})?,? i",
    "since i (?:was|moved|joined|started|became|got)",
    "i (?:have|hold|keep) the (?:only )?(?:key|keys|password|stamp)",
    "i (?:told|warned|reminded|confronted) (?:him|her|them)",
    "(?:asked|told|ordered|invited|forced) me",
    "my (?:name|job|position|role|title|account|password|rank|signature|staff number)",
)
_NEIGHBOUR: Final = (
    "(?:meja|ruang|ruangan) sebelah",
    "sebelah (?:meja|ruang|ruangan)(?: saya)?",
    "(?:di )?(?:sebelah|samping|depan|belakang|seberang) (?:meja )?(?:saya|aku|kami)",
    "(?:meja|ruang|ruangan|loket|bilik|komputer)(?: kerja)? (?:saya|aku|kami)",
    "(?:bagian|bidang|seksi|unit|tim|subbag) (?:saya|kami)",
    (
        "(?:atasan|bos|kepala|kabid|kasi|kasubbag|pimpinan|bawahan|staf|anak buah)"
        "(?: langsung)? (?:saya|aku|kami)"
    ),
    "(?:rekan|teman|kolega) (?:kerja|dekat|kantor) saya",
    (
        "(?:rekan|teman|kawan) (?:sebangku|semeja|seruang|seruangan|sebidang"
        "|satu (?:ruang|ruangan|meja|bidang|bagian|seksi|tim))"
    ),
    "(?:meja|ruang|ruangan|atasan|bos)ku",
    f"{_I} (?:yang )?duduk",
    f"{_I} (?:satu |se)(?:ruang|ruangan|meja|bidang)",
    "(?:next|close) to (?:me|my desk|my office|my room)",
    "(?:next desk|desk next to)",
    "i (?:sit|sat)",
    "(?:beside|opposite|behind|across from|in front of) (?:me|my desk)",
    (
        "my (?:own )?(?:desk|office|room|counter|boss|supervisor|manager|superior|head"
        "|chief|team|unit|section|division|colleague|coworker|co-worker|roommate"
        "|subordinate)"
    ),
    "(?:share|shared|sharing) (?:an office|a room|a desk)",
)
_FAMILY: Final = (
    "(?:suami|istri|isteri|anak|kakak|adik|ipar|mertua|sepupu|paman|tetangga) saya",
    "my (?:own )?(?:wife|husband|brother|sister|cousin|neighbour|neighbor)",
)
_COMPANY: Final = (
    "(?:hanya |cuma )?(?:kami|kita) (?:hanya |cuma )?(?:berdua|bertiga|berempat)",
    "(?:hanya|cuma|cuman) (?:berdua|bertiga|berempat)",
    "saya (?:berdua|dan dia|dan beliau)",
    "(?:we two|just us|(?:both|two|three) of us)",
)


def _spaced(pattern: str, flags: int = 0) -> re.Pattern[str]:
    return re.compile(pattern.replace("~", r"[ .\-]?"), flags)


def _any_of(phrases: tuple[str, ...]) -> re.Pattern[str]:
    # Every phrase begins with a letter: no letter before it is the cheaper boundary.
    return re.compile(rf"(?<!\w)(?:{'|'.join(phrases)})\b".replace(" ", r"\s{1,3}"))


# Plates are looked for in the text as written, all else in small letters.
PATTERNS: Final[Mapping[HintKind, tuple[re.Pattern[str], ...]]] = MappingProxyType(
    {
        HintKind.STAFF_NUMBER: (_spaced(_STAFF_NUMBER),),
        HintKind.NATIONAL_ID: (_spaced(_NATIONAL_ID),),
        HintKind.PHONE: (_spaced(_PHONE),),
        HintKind.EMAIL: (_spaced(_EMAIL),),
        HintKind.PLATE: (_spaced(_PLATE), _spaced(_NAMED_PLATE, re.IGNORECASE)),
        HintKind.FIRST_PERSON: (_any_of(_FIRST_PERSON),),
        HintKind.NEIGHBOUR: (_any_of(_NEIGHBOUR),),
        HintKind.FAMILY: (_any_of(_FAMILY),),
        HintKind.COMPANY: (_any_of(_COMPANY),),
    }
)
# What a kind cannot do without: most texts have neither, and are spared the search.
_DIGIT: Final = re.compile("[0-9]")
_NEEDS: Final[Mapping[HintKind, re.Pattern[str]]] = MappingProxyType(
    {
        HintKind.STAFF_NUMBER: _DIGIT,
        HintKind.NATIONAL_ID: _DIGIT,
        HintKind.PHONE: _DIGIT,
        HintKind.EMAIL: re.compile("@"),
        HintKind.PLATE: _DIGIT,
    }
)
# Only A to Z, so that every letter keeps its place in the text.
_SMALL_LETTERS: Final = MappingProxyType(
    {ord(letter): letter.lower() for letter in string.ascii_uppercase}
)


def find_hints(text: str) -> tuple[Hint, ...]:
    """Find what may point at the writer of *text*, in order, none twice.

    At most MOST_HINTS; where two overlap, the one that begins first is told.
    """
    hints: dict[tuple[HintKind, str], Hint] = {}
    end_of_last = 0
    for start, end, kind in sorted(_found(text), key=_longest_first):
        if start < end_of_last:
            continue
        end_of_last = end
        hint = Hint(kind, _excerpt(text[start:end]))
        hints.setdefault((kind, hint.excerpt.casefold()), hint)
        if len(hints) == MOST_HINTS:
            break
    return tuple(hints.values())


def _found(text: str) -> Iterator[tuple[int, int, HintKind]]:
    small = text.translate(_SMALL_LETTERS)
    for kind, patterns in PATTERNS.items():
        if kind in _NEEDS and not _NEEDS[kind].search(text):
            continue
        searched = text if kind is HintKind.PLATE else small
        for pattern in patterns:
            for match in pattern.finditer(searched):
                if _is_plausible(kind, match[0]):
                    yield *match.span(), kind


def _longest_first(found: tuple[int, int, HintKind]) -> tuple[int, int]:
    start, end, _kind = found
    return start, -end


def _excerpt(words: str) -> str:
    line = " ".join(words.split())
    if len(line) <= LONGEST_EXCERPT:
        return line
    return line[: LONGEST_EXCERPT - 1] + "…"


def _is_plausible(kind: HintKind, words: str) -> bool:
    """Tell whether the dates in a number exist; all else is plausible."""
    if kind is HintKind.STAFF_NUMBER:
        return _is_staff_number(_digits(words))
    if kind is HintKind.NATIONAL_ID:
        return _is_national_id(_digits(words))
    return True


def _digits(words: str) -> str:
    return "".join(filter(str.isdigit, words))


def _is_staff_number(digits: str) -> bool:
    born, began = int(digits[:4]), int(digits[8:12])
    is_working_age = _YOUNGEST <= began - born <= _OLDEST
    return is_working_age and _is_date(born, int(digits[4:6]), int(digits[6:8]))


def _is_national_id(digits: str) -> bool:
    day = int(digits[6:8]) % _WOMAN
    month, year = int(digits[8:10]), int(digits[10:12])
    # Two digits of the year leave the century open: 2000 had a 29 February.
    is_born = _is_date(1900 + year, month, day) or _is_date(2000 + year, month, day)
    return is_born and digits[12:] != "0000"


def _is_date(year: int, month: int, day: int) -> bool:
    try:
        dt.date(year, month, day)
    except ValueError:
        return False
    return True
