"""What no portal makes: three programs that check receipts say the same of it, and soon.

Receipts are altered at random, from a seed; others are signed by somebody who has keys
of their own and wants one of the programs to say another word, or to say none for long.
"""

import base64
import copy
import json
import tracemalloc
from collections.abc import Iterator
from random import Random

import pytest
from known_answers import of_receipts as sample
from known_answers import rfc_9162
from receipt_judges import HOLDS, ONE_FILE, judged, written

from crypto.checkpoint import (
    NOTE_COSIGNATURE,
    NOTE_ED25519,
    LedgerKey,
    cosigner_name,
)
from crypto.ledger import StepKind, open_step
from crypto.merkle import EMPTY_ROOT
from crypto.receipt import RECEIPT_STEP, Growth, Receipt, ShownStep, Signers
from crypto.receipt_check import MOST_NUMBERS
from crypto.signed_note import NoteSignature, note_key_id
from crypto.signing import sign_cosignature

LEAVES = list(sample.grow().leaves)
GOOD = {"chosen": bytes(sample.chosen()), "silence": bytes(sample.silence())}
SIGNS = [*"\0\t \n\r\x7f\x85\xa0\u2028\u200b\ufeff+=/-Af09\u0660é\ud800", ""]
NUMBERS = [-1, 0, 1.0, float("nan"), 10**15, 10**16, 2**32 - 1, 2**32, 10**400]
VALUES = [None, True, *NUMBERS, "", "0" * 64, "a" * 64, [], {}, [[]], {"a": 1}]
PRIME = 2**255 - 19
ALIKE = 37_748, 116_223
"""Of the keys made of these numbers four bytes of the name are the same."""


def places(value, path=()) -> Iterator[tuple]:
    if path:
        yield path
    inner = value.items() if isinstance(value, dict) else ()
    for name, one in enumerate(value) if isinstance(value, list) else inner:
        yield from places(one, (*path, name))


def holder_of(fields, path):
    for name in path[:-1]:
        fields = fields[name]
    return fields


def mutated(fields, chance: Random):
    """Return *fields* with one thing in it made another."""
    fields = copy.deepcopy(fields)
    path = chance.choice(list(places(fields)))
    if chance.random() < 0.4:
        path = ("checkpoints", chance.randrange(4), "note")
    holder, name = holder_of(fields, path), path[-1]
    value, luck = holder[name], chance.random()
    if luck < 0.1:
        del holder[name]
    elif luck < 0.3:
        holder[name] = chance.choice(VALUES)
    elif isinstance(holder, list) and luck < 0.6:
        at = chance.randrange(len(holder))
        holder[name], holder[at] = holder[at], holder[name]
    elif isinstance(value, str):
        holder[name] = mutated_text(value, chance)
    else:
        holder[name] = [value, value]
    return fields


def mutated_text(text: str, chance: Random) -> str:
    lines, at = text.split("\n"), chance.randrange(len(text))
    if len(lines) > 1 and chance.random() < 0.3:
        lines.insert(chance.randrange(len(lines)), chance.choice(lines))
        return "\n".join(lines)
    return text[:at] + chance.choice(SIGNS) + text[at + chance.randrange(2) :]


def test_whatever_is_mutated_the_three_say_one_word():
    chance, seen = Random(7), set[str]()
    for _ in range(300):
        name = chance.choice(list(GOOD))
        other = written(mutated(json.loads(GOOD[name]), chance))
        word = judged(other, LEAVES if name == "silence" else None)
        # One that holds shows less, or the same: nothing in it is new.
        assert word != HOLDS or values(other) <= values(GOOD[name])
        seen.add(word)

    assert {"form", "path", "growth", "signature"} <= seen


def values(content: bytes) -> set[object]:
    fields = json.loads(content)
    found = (holder_of(fields, path)[path[-1]] for path in places(fields))
    return {one for one in found if isinstance(one, str | int)}


@pytest.mark.parametrize("seed", range(3))
def test_whatever_byte_is_mutated_the_file_is_none(seed: int):
    """A mark of UTF-8 in front, a field twice, another encoding, something behind."""
    chance, good = Random(seed), GOOD["chosen"]
    at = chance.randrange(len(good.rstrip()))
    for bad in (
        b"\xef\xbb\xbf" + good[:-3],
        good.decode().encode("utf-16"),
        good[:at] + bytes([chance.randrange(128, 256)]) + good[at + 1 :],
        good[:at] + b" " + good[at:-1],
        good[:-2] + b"0\n",
        good[:-2] + b"\t\n",
        good.replace(b'"thread"', b'"thread": 0,\n "thread"')[: RECEIPT_STEP - 1]
        + b"\n",
        good.replace(b" dua kali", b" d\\u0075a kali")[: RECEIPT_STEP - 1] + b"\n",
    ):
        assert judged(bad) == "form"


def one_step(number: int, kind: StepKind, *, is_silence: bool = False) -> bytes:
    """Return a receipt of one step, whatever its number."""
    opening = open_step(sample.LEDGER_KEY, number, kind)
    trail = sample.grow({150: opening.leaf})
    path = tuple(rfc_9162.path(150, list(trail.leaves)))
    return bytes(
        Receipt(
            (Growth(trail.notes[-1]),),
            Signers((sample.PORTAL.public,), ()),
            (ShownStep(opening, 150, 0, path),),
            *((sample.LEDGER_KEY, sample.INSTANCE) if is_silence else ()),
        )
    )


@pytest.mark.parametrize(
    ("number", "is_silence", "word"),
    [
        (2**32 - 1, False, HOLDS),
        (MOST_NUMBERS - 1, True, HOLDS),
        (MOST_NUMBERS, True, "silence"),
        (2**32 - 1, True, "silence"),
    ],
)
def test_a_high_number_keeps_nobody_busy(number, is_silence, word):
    """Four billion numbers would be searched, or listed as missing."""
    content = one_step(number, StepKind.ANSWERED, is_silence=is_silence)

    assert judged(content) == word
    if word != HOLDS:
        assert judged(content, LEAVES) == word


def test_what_is_nested_deep_is_not_written_out():
    """Each element of it would get a line of its own, indented as deep as it lies."""
    nested = "[" * 500 + ",".join(["0"] * 50_000) + "]" * 500
    good = json.loads(GOOD["chosen"])
    bomb = json.dumps({**good, "x": 7}).replace("7}", f"{nested}}}").encode()

    tracemalloc.start()
    word = judged(bomb)
    _now, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert word == "form"
    assert most < 4_000_000


def test_a_number_of_a_million_digits_is_not_read():
    """Some Pythons take minutes for it."""
    good = GOOD["chosen"]

    assert judged(good.replace(b'"index": 17', b'"index": ' + b"9" * 16)) == "form"
    assert (
        judged(good.replace(b'"index": 17', b'"index": ' + b"9" * 1_000_000)) == "form"
    )
    with pytest.raises(ValueError, match=r"^$"):
        ONE_FILE.short("9" * 17)


def headed(*lines: str, size: int = 96, root: str = "", **keys: tuple[LedgerKey, ...]):
    """Return a receipt whose one checkpoint is signed anew, by *keys*."""
    fields = json.loads(bytes(sample.receipt(sample.grow(), (0,), (1,))))
    head = sample.grow().notes[1].text.splitlines()
    text = "\n".join((head[0], str(size), root or head[2], *head[3:], ""))
    signers = keys.get("keys", (sample.PORTAL,))
    below = [str(key.sign(text, sample.ORIGIN)) for key in signers]
    fields["checkpoints"][0]["note"] = "\n".join((text, *below, *lines, ""))
    fields["keys"]["portal"] = sorted(key.public.hex() for key in signers)
    return fields


@pytest.mark.parametrize(
    ("size", "word"), [(96, HOLDS), (10**16 - 1, "path"), (10**16, "form")]
)
def test_a_tree_has_at_most_sixteen_digits_of_leaves(size: int, word: str):
    assert judged(written(headed(size=size))) == word


@pytest.mark.parametrize(
    ("root", "growth", "word"),
    [
        (EMPTY_ROOT, [], HOLDS),
        (bytes(32), [], "growth"),
        (EMPTY_ROOT, ["0" * 64], "growth"),
    ],
)
def test_an_empty_tree_is_the_beginning_of_every_other(root, growth, word):
    fields, encoded = headed(), base64.b64encode(root).decode()
    empty = headed(size=0, root=encoded)["checkpoints"][0]["note"]
    lines = empty.replace("2027-01-05", "2027-01-04").split("\n")
    text = "\n".join((*lines[:6], ""))
    note = f"{text}\n{sample.PORTAL.sign(text, sample.ORIGIN)}\n"
    fields["checkpoints"].insert(0, {"growth": [], "note": note})
    fields["checkpoints"][1]["growth"] = growth
    fields["steps"][0]["checkpoint"] = 1

    assert judged(written(fields)) == word


@pytest.mark.parametrize(
    ("day", "word"),
    [(2_932_896, HOLDS), (2_932_897, "signature"), (2**40, "signature")],
)
def test_nobody_cosigns_behind_the_last_day_of_the_calendar(day: int, word: str):
    text = sample.grow().notes[1].text
    name = cosigner_name(sample.ORIGIN, sample.KEEPERS)
    place = note_key_id(name, NOTE_COSIGNATURE, sample.KEEPERS)
    second = day * 86_400
    stamp = sign_cosignature(
        sample.KEEPER, text.encode(), second, instance=sample.INSTANCE
    )
    line = NoteSignature(name, place, second.to_bytes(8, "big") + stamp)
    fields = headed(str(line))
    fields["keys"]["custodians"] = [sample.KEEPERS.hex()]

    assert judged(written(fields)) == word


@pytest.mark.parametrize(
    ("y", "sign", "word"),
    [
        (1, 0, HOLDS),
        (1, 1, "signature"),
        (PRIME + 1, 0, "signature"),
        (PRIME + 1, 1, "signature"),
    ],
)
def test_a_key_has_one_encoding(y: int, sign: int, word: str):
    """Of a point that everybody can sign for: OpenSSL takes it in four encodings."""
    public = (y | sign << 255).to_bytes(32, "little")
    fields, signature = headed(), (1).to_bytes(32, "little") + bytes(32)
    place = note_key_id(sample.ORIGIN, NOTE_ED25519, public)
    line = NoteSignature(sample.ORIGIN, place, signature)
    fields["checkpoints"][0]["note"] += f"{line}\n"
    fields["keys"]["portal"] = sorted([*fields["keys"]["portal"], public.hex()])

    assert judged(written(fields)) == word


def test_a_line_that_could_be_by_two_keys_is_by_none():
    """Four bytes name a key: of a hundred thousand, two are named alike."""
    first, second = (
        LedgerKey(b"collides" + number.to_bytes(24, "big")) for number in ALIKE
    )
    assert judged(written(headed(keys=(first,)))) == HOLDS

    assert judged(written(headed(keys=(first, second)))) == "signature"
    alone = headed(keys=(first,))
    alone["keys"]["portal"] = sorted(key.public.hex() for key in (first, second))
    assert judged(written(alone)) == "signature"


def test_a_checkpoint_has_at_most_64_lines():
    line = sample.grow().notes[1].signatures[0]

    assert judged(written(headed(*[str(line)] * 64))) == "form"
    assert judged(written(headed(*[str(line)] * 63))) == "signature"


@pytest.mark.parametrize(
    "name",
    [
        f"{sample.ORIGIN}/keeper/{'0' * 16}",
        f"{sample.ORIGIN}+",
        f"{sample.ORIGIN}\u2028",
        "lurus/\u0660" + "0" * 31,
        f"{sample.ORIGIN}/custodian/{'0' * 16}",
    ],
)
def test_a_line_that_nobody_here_signs_is_none(name: str):
    """That of a custodian has another length than the portal's."""
    line = sample.grow().notes[1].signatures[0]

    other = f"\N{EM DASH} {name} {str(line).split()[2]}"

    assert judged(written(headed(other))) == "form"
