"""Vectors of FORMAT 13: wrapped seeds, shares on paper, sets of them."""

from collections.abc import Iterator

from known_answers import slip39
from known_answers.files import Vector, read
from known_answers.making import (
    BROKEN,
    JOKO,
    MISTYPED,
    NOT_YOURS,
    PUBLISHED,
    RINA,
    fault,
    good,
    last_flipped,
    some_bytes,
    wrap,
)

_SEED, _LABEL = some_bytes("recovery"), b"lurus/v1/recovery-wrap"


def wrapped_seeds() -> Iterator[Vector]:
    """FORMAT 13.1."""
    seed = some_bytes("rina")
    vector = good(
        "recovery_wrap",
        "13.1 recovery-wrap",
        wrap(seed, _LABEL, RINA),
        seed,
        "An officer's seed, wrapped to the recovery identity.",
        seed=read(PUBLISHED).body,
        holder=RINA,
    )
    yield vector
    for name, inputs, comment in (
        ("other_holder", {"holder": JOKO}, "A wrap from another's row."),
        ("foreign", {"seed": some_bytes("joko")}, "Another recovery identity."),
    ):
        yield fault(vector, f"recovery_wrap_{name}", NOT_YOURS, comment, **inputs)
    for name, expect, body, comment in (
        ("cut", NOT_YOURS, vector.body[:-1], "The last byte is missing."),
        ("damaged", NOT_YOURS, last_flipped(vector.body), "One bit of the tag."),
        ("no_context", NOT_YOURS, wrap(seed, _LABEL), "Wrapped for nobody."),
        ("short", BROKEN, wrap(seed[:-1], _LABEL, RINA), "31 bytes are wrapped."),
    ):
        yield fault(vector, f"recovery_wrap_{name}", expect, comment, body)


def _set(seed: bytes, need: int = 2, of: int = 3, identifier: int = 20260) -> list[str]:
    noise = some_bytes("shares", 512)
    made = slip39.split(seed, noise, identifier=identifier, need=need, of=of)
    return [slip39.written(numbers) for numbers in made]


def shares() -> Iterator[Vector]:
    """FORMAT 13.2 and 13.3."""
    text = _set(_SEED)[1]
    words = text.split()
    output = bytes([2, 2]) + text.encode()
    about = "13.2 recovery-share"
    whole = good("recovery_share", about, text.encode(), output, "The second of three.")
    yield whole
    numbered = "\n".join(f"{at}. {word[:4]}" for at, word in enumerate(words, 1))
    for name, typed, comment in (
        ("starts", numbered.upper(), "Four letters of each word, numbered."),
        ("loose", f"  {text.title()},\t", "As people type it."),
    ):
        title = f"recovery_share_{name}"
        yield good(title, "13.3 recovery-share", typed.encode(), output, comment)
    other = "zero" if words[9] != "zero" else "yoga"
    for name, typed, comment in (
        ("unknown_word", [*words[:9], "korupsi", *words[10:]], "The tenth is no word."),
        ("three_letters", [words[0][:3], *words[1:]], "The first has three letters."),
        ("other_ending", [words[0][:4] + "qq", *words[1:]], "Another ending."),
        ("wrong_word", [*words[:9], other, *words[10:]], "The tenth is another."),
        ("swapped", [*words[:7], words[8], words[7], *words[9:]], "Two are swapped."),
        ("short", words[:-1], "A word is missing."),
        ("long", [*words, "academic"], "A word too many."),
        ("nothing", [], "Nothing is typed."),
    ):
        body = " ".join(typed).encode()
        yield fault(whole, f"recovery_share_{name}", MISTYPED, comment, body)
    yield from _foreign_shares(whole)


def _foreign_shares(whole: Vector) -> Iterator[Vector]:
    for name, inputs, comment in (
        ("not_extendable", {"extendable": 0}, "The identifier is in the salt."),
        ("exponent", {"exponent": 15}, "It asks for 2^15 times the work."),
        ("second_group", {"group": 0x101}, "Of the second of two groups."),
        ("two_groups", {"group": 0x001}, "Of the first of two groups."),
        ("no_such_group", {"group": 0x100}, "Of the second of one group."),
        ("alone_and_second", {"need": 1}, "One is needed, and this is the second."),
    ):
        about = {"identifier": 20260, "index": 1, "need": 2} | inputs
        body = slip39.written(slip39.numbers(some_bytes("value"), **about)).encode()
        yield fault(whole, f"recovery_share_{name}", NOT_YOURS, comment, body)


def sets() -> Iterator[Vector]:
    """FORMAT 13.2 and 13.3."""
    first, second, third = _set(_SEED)
    four = _set(_SEED, need=4, of=6)
    paper = _set(_SEED, need=1, of=1)
    about = "13.2 recovery-shares"
    vector = good(
        "recovery_shares", about, _lines(first, third), _SEED, "Two of three."
    )
    yield vector
    for name, papers, comment in (
        ("others", (third, second), "The other two, in another order."),
        ("all", (first, second, third), "One more than is needed."),
        ("twice", (first, first, second), "One of them twice."),
        ("four_of_six", (four[5], four[1], four[0], four[3]), "Four of six."),
        ("paper_key", paper, "One of one."),
    ):
        title = f"recovery_shares_{name}"
        yield good(title, about, _lines(*papers), _SEED, comment)
    other = _set(some_bytes("another"))
    chance = _set(some_bytes("another"), identifier=99)
    same = _set(some_bytes("another"), identifier=20260)
    for name, papers, comment in (
        ("too_few", (second,), "One of two."),
        ("twice_too_few", (second, second), "One of two, twice."),
        ("three_of_four", four[:3], "Three of four."),
        ("none", (), "None."),
        ("other_set", (first, chance[1]), "The second is of another set."),
        ("same_identifier", (first, same[1]), "Another set of the same identifier."),
        ("same_number", (first, other[0], second), "Two that say they are the first."),
        ("third_disagrees", (first, second, same[2]), "The third gives another seed."),
        ("other_threshold", (first, four[1]), "Two of three, and four of six."),
    ):
        title = f"recovery_shares_{name}"
        yield fault(vector, title, NOT_YOURS, comment, _lines(*papers))


def _lines(*papers: str) -> bytes:
    return "\n".join(papers).encode()
