"""Papers give back a key when there are enough of them, and say what is wrong."""

import itertools
import random

import pytest
import shamir_mnemonic
import strategies as some
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from known_answers import slip39
from shamir_mnemonic.wordlist import WORDLIST

from crypto import (
    BrokenError,
    Identity,
    MistypedError,
    NotYoursError,
    OtherSetError,
    RecoveryShare,
    ShareLengthError,
    TooFewSharesError,
    UnknownWordError,
    WrongWordError,
    combine,
    split,
    unwrap_seed,
    wrap_seed,
)
from crypto.recovery import LABEL_RECOVERY_WRAP, RECOVERY_WRAP_SIZE

RINA, JOKO, RECOVERY, LATER = (
    Identity(letter * 32) for letter in (b"r", b"j", b"R", b"L")
)
PAPERS = split(RECOVERY)

# SLIP-0039, its vectors of 256 bits; the passphrase is TREZOR.
PUBLISHED_ALONE = (
    "theory painting academic academic armed sweater year military elder discuss acne "
    "wildlife boring employer fused large satoshi bundle carbon diagnose anatomy "
    "hamster leaves tracks paces beyond phantom capital marvel lips brave detect luck"
)
PUBLISHED_PAIR = (
    (
        "humidity disease academic always aluminum jewelry energy woman receiver strategy "
        "amuse duckling lying evidence network walnut tactics forget hairy rebound impulse "
        "brother survive clothes stadium mailman rival ocean reward venture always armed "
        "unwrap"
    ),
    (
        "humidity disease academic agency actress jacket gross physics cylinder solution "
        "fake mortgage benefit public busy prepare sharp friar change work slow purchase "
        "ruler again tricycle involve viral wireless mixture anatomy desert cargo upgrade"
    ),
)
PUBLISHED = [
    (
        (PUBLISHED_ALONE,),
        "989baf9dcaad5b10ca33dfd8cc75e42477025dce88ae83e75a230086a0e00e92",
    ),
    (
        PUBLISHED_PAIR,
        "c938b319067687e990e05e0da0ecce1278f75ff58d9853f19dcaeed5de104aae",
    ),
]


def made(seed, number, *, identifier=77, need=2):
    shares = slip39.split(
        seed, bytes(range(256)) * 2, identifier=identifier, need=need, of=3
    )
    return slip39.written(shares[number - 1])


WORDS = made(RECOVERY.reveal(), 1).split()


def read(*papers):
    return [RecoveryShare.parse(paper) for paper in papers]


def parts(paper):
    """Return identifier, index, need - 1, numbers, as the page of SLIP-39 has them."""
    numbers = [WORDLIST.index(word) for word in paper.split()]
    return (
        numbers[0] << 5 | numbers[1] >> 5,
        numbers[3] >> 4 & 15,
        numbers[3] & 15,
        numbers,
    )


def changed(at, word):
    return " ".join([*WORDS[:at], word, *WORDS[at + 1 :]])


# The library, and the second implementation that vectors are made with.


@pytest.mark.parametrize(("papers", "secret"), PUBLISHED, ids=["alone", "pair"])
def test_the_published_secrets_come_out_of_the_library(papers, secret):
    assert shamir_mnemonic.combine_mnemonics(papers, b"TREZOR").hex() == secret


@pytest.mark.parametrize(("papers", "secret"), PUBLISHED, ids=["alone", "pair"])
def test_the_published_secrets_come_out_by_other_means(papers, secret):
    read_parts = [parts(paper) for paper in papers]
    values = {index: slip39.value_of(numbers) for _, index, _, numbers in read_parts}
    identifier, _, _, numbers = read_parts[0]
    salt = b"shamir" + identifier.to_bytes(2, "big")

    encrypted = slip39.combine(values) if len(values) > 1 else values[0]

    exponent = numbers[1] & 15
    assert slip39.decrypt(encrypted, b"TREZOR", salt, exponent).hex() == secret


@pytest.mark.parametrize("need", [2, 3, 5])
def test_what_is_split_here_is_read_by_other_means(need):
    papers = split(RECOVERY, need=need, of=5)[-need:]
    read_parts = [parts(paper) for paper in papers]

    values = {index: slip39.value_of(numbers) for _, index, _, numbers in read_parts}

    seed = slip39.decrypt(slip39.combine(values), b"")
    assert seed == RECOVERY.reveal()
    assert {needed + 1 for _, _, needed, _ in read_parts} == {need}


def test_a_paper_key_is_read_by_other_means():
    (paper,) = split(RECOVERY, need=1, of=1)
    identifier, index, _, numbers = parts(paper)

    value = slip39.value_of(numbers)

    assert slip39.decrypt(value, b"") == RECOVERY.reveal()
    made = slip39.numbers(value, identifier=identifier, index=index, need=1)
    assert made == numbers


# Enough papers.


@given(some.keys)
@settings(max_examples=20)
def test_any_two_of_three_give_the_key_back(seed):
    papers = read(*split(Identity(seed)))

    given_back = [combine(pair).reveal() for pair in itertools.permutations(papers, 2)]

    assert given_back == [seed] * 6


@pytest.mark.parametrize(("need", "of"), [(1, 1), (2, 2), (3, 5), (16, 16)])
def test_as_many_as_are_needed_give_the_key_back(need, of):
    papers = list(split(RECOVERY, need=need, of=of))
    random.Random(7).shuffle(papers)

    shares = read(*papers[:need])

    assert combine(shares).reveal() == RECOVERY.reveal()
    assert {share.need for share in shares} == {need}
    assert len(papers) == of


def test_more_than_are_needed_give_the_key_back_too():
    assert combine(read(*PAPERS)).reveal() == RECOVERY.reveal()


def test_the_same_paper_twice_counts_once():
    first, second, _ = PAPERS

    assert combine(read(first, first, second)).reveal() == RECOVERY.reveal()
    with pytest.raises(TooFewSharesError) as caught:
        combine(read(first, first))
    assert (caught.value.needed, caught.value.given) == (2, 1)


def test_papers_are_numbered():
    assert [share.number for share in read(*PAPERS)] == [1, 2, 3]


def test_two_splits_of_one_key_are_two_sets():
    first, again = split(RECOVERY), split(RECOVERY)

    assert not set(first) & set(again)
    with pytest.raises(OtherSetError):
        combine(read(first[0], again[1]))


@pytest.mark.parametrize(
    ("need", "of"), [(0, 0), (0, 1), (1, 2), (1, 3), (3, 2), (2, 17), (17, 17), (-1, 3)]
)
def test_what_is_no_set_is_not_made(need, of):
    with pytest.raises(ValueError, match="16"):
        split(RECOVERY, need=need, of=of)


# Too few papers, and papers of another set.


@pytest.mark.parametrize(("need", "of"), [(2, 3), (3, 5), (5, 5)])
def test_with_too_few_the_error_says_how_many(need, of):
    shares = read(*split(RECOVERY, need=need, of=of)[: need - 1])

    with pytest.raises(TooFewSharesError, match=f"{need} .* needed") as caught:
        combine(shares)

    assert (caught.value.needed, caught.value.given) == (need, need - 1)
    assert isinstance(caught.value, NotYoursError)


def test_no_paper_is_too_few():
    with pytest.raises(TooFewSharesError) as caught:
        combine([])

    assert (caught.value.needed, caught.value.given) == (1, 0)


@pytest.mark.parametrize("place", [2, 3])
def test_a_paper_of_another_set_is_named(place):
    papers = [made(bytes(32), number, need=3) for number in (1, 2, 3)]
    papers[place - 1] = made(bytes(32), place, need=3, identifier=78)

    with pytest.raises(OtherSetError) as caught:
        combine(read(*papers))

    assert isinstance(caught.value, NotYoursError)
    assert caught.value.place == place


def test_a_paper_that_needs_another_number_is_of_another_set():
    with pytest.raises(OtherSetError) as caught:
        combine(read(made(bytes(32), 1), made(bytes(32), 2, need=3)))

    assert caught.value.place == 2


def test_another_set_that_has_the_same_identifier_is_found_by_its_digest():
    mixed = read(made(bytes(32), 1), made(b"x" * 32, 2))

    with pytest.raises(OtherSetError) as caught:
        combine(mixed)

    assert caught.value.place is None


def test_a_paper_more_than_needed_is_not_believed_unread():
    mixed = read(made(bytes(32), 1), made(bytes(32), 2), made(b"x" * 32, 3))

    with pytest.raises(OtherSetError):
        combine(mixed)


def test_two_papers_of_one_number_that_differ_are_of_two_sets():
    with pytest.raises(OtherSetError) as caught:
        combine(read(made(bytes(32), 1), made(b"x" * 32, 1), made(bytes(32), 2)))

    assert caught.value.place == 2


@pytest.mark.parametrize("paper", [PUBLISHED_ALONE, *PUBLISHED_PAIR])
def test_a_paper_of_a_wallet_is_none_of_ours(paper):
    with pytest.raises(OtherSetError):
        RecoveryShare.parse(paper)


def test_a_paper_that_asks_for_work_is_refused_before_any_is_done():
    numbers = slip39.numbers(bytes(32), identifier=7, index=0, need=1, exponent=15)

    with pytest.raises(OtherSetError):
        RecoveryShare.parse(slip39.written(numbers))


# As people type.


@pytest.mark.parametrize(
    "spell",
    [
        str.upper,
        str.title,
        lambda text: f"\n\t {text}  ",
        lambda text: text.replace(" ", "\n"),
        lambda text: text.replace(" ", ", "),
        lambda text: text.replace(" ", "-"),
        lambda text: text.replace(" ", "\u00a0\u200b"),
        lambda text: " ".join(word[:4] for word in text.split()),
        lambda text: " ".join(word[:5] for word in text.split()).upper(),
        lambda text: "\n".join(f"{n}. {w}" for n, w in enumerate(text.split(), 1)),
        lambda text: "".join(chr(ord(s) + 0xFEE0) if s != " " else s for s in text),
    ],
)
@pytest.mark.parametrize("paper", PAPERS, ids=["first", "second", "third"])
def test_a_paper_is_typed_as_people_type(spell, paper):
    assert RecoveryShare.parse(spell(paper)).reveal() == paper


def test_four_letters_tell_any_two_words_apart():
    assert len({word[:4] for word in WORDLIST}) == len(WORDLIST) == 1024
    assert min(map(len, WORDLIST)) == 4


@pytest.mark.parametrize(
    "word", ["korupsi", "zzzz", "aca", "a", "academicx", "acadxmic", "ácademic", "ß"]
)
@pytest.mark.parametrize("at", [0, 9, 32])
def test_an_unknown_word_is_named_by_its_number(word, at):
    with pytest.raises(UnknownWordError) as caught:
        RecoveryShare.parse(changed(at, word))

    assert caught.value.place == at + 1
    assert isinstance(caught.value, MistypedError)
    assert word not in str(caught.value)


@given(st.integers(0, 32), st.sampled_from(WORDLIST))
@settings(max_examples=300)
def test_one_wrong_word_is_always_found(at, word):
    assume(word != WORDS[at])

    with pytest.raises(WrongWordError) as caught:
        RecoveryShare.parse(changed(at, word))

    assert isinstance(caught.value, MistypedError)


@pytest.mark.parametrize("at", range(32))
def test_two_words_that_changed_places_are_found(at):
    swapped = [*WORDS[:at], WORDS[at + 1], WORDS[at], *WORDS[at + 2 :]]

    with pytest.raises(WrongWordError):
        RecoveryShare.parse(" ".join(swapped))


@pytest.mark.parametrize("count", [0, 1, 20, 32, 34, 66])
def test_another_number_of_words_is_said(count):
    with pytest.raises(ShareLengthError, match=f"33 words, not {count}") as caught:
        RecoveryShare.parse(" ".join((WORDS * 2)[:count]))

    assert (caught.value.needed, caught.value.given) == (33, count)
    assert isinstance(caught.value, MistypedError)


@given(st.text(max_size=300))
def test_whatever_is_typed_is_refused_with_a_reason(text):
    with pytest.raises((UnknownWordError, ShareLengthError)):
        RecoveryShare.parse(text)


def test_no_error_holds_a_word():
    typed = [
        changed(9, "korupsi"),
        changed(9, "zero" if WORDS[9] != "zero" else "yoga"),
    ]

    messages = []
    for text in typed:
        with pytest.raises(MistypedError) as caught:
            RecoveryShare.parse(text)
        messages.append(str(caught.value))

    assert messages == ["word 10 is in no list", "a word is wrong"]


# Seeds, wrapped.


def unwrap(wrapped, identity=RECOVERY, holder=b"rina"):
    return unwrap_seed(wrapped, identity, holder=holder)


@given(some.keys, some.keys, some.fields)
def test_a_wrapped_seed_is_given_back(seed, recovery, holder):
    wrapped = wrap_seed(Identity(seed), Identity(recovery).recipient, holder=holder)

    opened = unwrap(wrapped, Identity(recovery), holder)

    assert opened.reveal() == seed
    assert len(wrapped) == RECOVERY_WRAP_SIZE


@pytest.mark.parametrize(
    ("identity", "holder"),
    [(RINA, b"rina"), (JOKO, b"rina"), (LATER, b"rina"), (RECOVERY, b"joko")],
    ids=["herself", "a colleague", "another recovery", "another holder"],
)
def test_nobody_else_unwraps_a_seed(identity, holder):
    wrapped = wrap_seed(RINA, RECOVERY.recipient, holder=b"rina")

    with pytest.raises(NotYoursError):
        unwrap(wrapped, identity, holder)


def test_swapped_seeds_do_not_open():
    people = {b"rina": RINA, b"joko": JOKO}
    wraps = {
        holder: wrap_seed(person, RECOVERY.recipient, holder=holder)
        for holder, person in people.items()
    }

    with pytest.raises(NotYoursError):
        unwrap(wraps[b"joko"])
    with pytest.raises(NotYoursError):
        unwrap(wraps[b"rina"], holder=b"joko")


@pytest.mark.parametrize("size", [0, 31, 33, 64])
def test_what_is_no_seed_is_broken(size):
    wrapped = RECOVERY.recipient.wrap(
        bytes(size), label=LABEL_RECOVERY_WRAP, context=(b"rina",)
    )

    with pytest.raises(BrokenError):
        unwrap(wrapped)


def test_papers_and_wraps_together_give_every_officer_back():
    people = {b"rina": RINA, b"joko": JOKO}
    wraps = {
        holder: wrap_seed(person, RECOVERY.recipient, holder=holder)
        for holder, person in people.items()
    }

    recovered = combine(read(*PAPERS[1:]))

    opened = {holder: unwrap(wraps[holder], recovered, holder) for holder in people}
    assert {holder: bytes(one.recipient) for holder, one in opened.items()} == {
        holder: bytes(person.recipient) for holder, person in people.items()
    }
