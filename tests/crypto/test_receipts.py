"""A receipt is checked by three programs, and they agree: the portal's own, the one file
that people download, and a reader written from docs/receipts.md alone.
"""

import base64
import json
import re
import subprocess
import sys
from collections.abc import Iterator

import pytest
import receipt_reader
from known_answers import of_receipts as sample
from receipt_judges import DOWNLOAD, HOLDS, HOME, ONE_FILE, judged, written

from crypto import BrokenError, Key, StepKind
from crypto.checkpoint import LedgerKey
from crypto.errors import Flaw
from crypto.ledger import open_step
from crypto.receipt import LONGEST_RECEIPT, RECEIPT_STEP, Receipt
from crypto.receipt_check import check_receipt

PAGE = (HOME / "docs" / "receipts.md").read_text("utf-8")
LEAVES = list(sample.grow().leaves)
GOOD = {"chosen": bytes(sample.chosen()), "silence": bytes(sample.silence())}


def altered(value) -> Iterator[object]:
    """Yield *value* with one thing in it altered, everything in its turn."""
    match value:
        case dict():
            for name, inner in value.items():
                yield from ({**value, name: other} for other in altered(inner))
            yield {**value, "besides": 0}
        case list():
            for at, inner in enumerate(value):
                for other in altered(inner):
                    yield [*value[:at], other, *value[at + 1 :]]
            yield from ([*value, *value[-1:]],) if value else ()
        case int():
            yield value + 1
            yield str(value)
        case str() if "\n" in value:
            yield from altered_note(value)
        case str():
            yield value + "0"
            yield value[:-1] + ("0" if value[-1] != "0" else "1")


def altered_note(note: str) -> Iterator[str]:
    """Yield it with one sign of each word of it altered, and one line twice."""
    for word in re.finditer(r"[^ \n]+", note):
        at = word.start() + len(word.group()) // 2
        others = "78" if note[at].isdigit() else "ab"
        yield note[:at] + others.replace(note[at], "")[0] + note[at + 1 :]
    yield f"{note}{note.splitlines()[-1]}\n"


def leafs(fields) -> int:
    match fields:
        case dict():
            return sum(map(leafs, fields.values()))
        case list():
            return sum(map(leafs, fields))
    return 1


def test_the_files_of_the_page_are_those_that_are_made():
    for name, content in sample.files().items():
        assert (sample.FOLDER / name).read_bytes() == content
    assert sample.PORTAL.public.hex() in PAGE
    assert sample.KEEPERS.hex() in PAGE
    assert sample.ORIGIN in PAGE


@pytest.mark.parametrize("name", GOOD)
def test_a_receipt_holds_and_is_read_again(name):
    assert judged(GOOD[name]) == HOLDS
    assert bytes(Receipt.parse(GOOD[name])) == GOOD[name]
    assert len(GOOD[name]) == RECEIPT_STEP


def test_it_says_what_came_and_since_when():
    verdict = check_receipt(sample.chosen())

    assert [(one.number, one.kind.word, one.day.day) for one in verdict.steps] == [
        (0, "received", 4),
        (2, "answered", 5),
    ]
    assert verdict.steps[0].text == sample.TEXT
    assert all(one.is_cosigned for one in verdict.steps)
    assert {one.public for one in verdict.cosigned} == {sample.KEEPERS}
    assert verdict.until.day == 7


def test_what_no_keeper_confirmed_yet_is_told_apart():
    verdict = check_receipt(sample.receipt(sample.grow(), (0, 3), (0, 3)))

    assert [one.is_cosigned for one in verdict.steps] == [True, False]


@pytest.mark.parametrize("name", GOOD)
def test_whatever_is_altered_is_refused_by_all_three(name):
    """Every value, one by one; each is refused with the same word."""
    fields = json.loads(GOOD[name])
    seen = {judged(written(other)) for other in altered(fields)}

    assert HOLDS not in seen
    wanted = {"form", "leaf", "origin", "path", "growth", "signature"}
    assert seen == wanted | {"text" if name == "chosen" else "silence"}
    assert leafs(fields) > 40


def test_a_file_that_is_not_written_as_a_receipt_is_none():
    good = GOOD["chosen"]
    compact = json.dumps(json.loads(good)).encode()
    for bad in (
        *(b"", b"{}", b"[]", b"null", b"\xff", compact, good + b" ", good[:-1]),
        *(good.rstrip(), good.replace(b"\n", b"\r\n"), b"[" * 100_000),
        good.replace(b'"format"', b'"format": 0, "format"', 1)[:RECEIPT_STEP],
        written({**json.loads(good), "steps": []}),
        written({**json.loads(good), "checkpoints": []}),
        written({**json.loads(good), "silence": None}),
    ):
        assert judged(bad) == "form"


def test_ten_megabytes_are_refused_unread():
    huge = b'{"a": "' + b"0" * 10_000_000 + b'"}'

    assert len(huge) > LONGEST_RECEIPT
    assert judged(huge) == "form"


def test_a_step_of_another_case_does_not_fit_in():
    fields = json.loads(GOOD["chosen"])
    strange = open_step(Key(b"x" * 32, sample.INSTANCE), 1, StepKind.CLOSED)
    place = {"blind": strange.blind.hex(), "body": strange.body.hex()}
    words = {"leaf": strange.leaf.hex(), "kind": "closed", "number": 1}
    fields["steps"].insert(1, fields["steps"][1] | place | words)

    assert judged(written(fields)) == "leaf"


def test_a_receipt_of_another_trail_is_told_apart():
    other = bytes(sample.receipt(sample.grow(), (0,), (0, 1))).decode()
    others = other.replace(sample.ORIGIN, f"lurus/{'0' * 32}").encode()
    lines = list(ONE_FILE.check(GOOD["chosen"], origin=sample.ORIGIN))

    assert judged(others.ljust(RECEIPT_STEP)) == "signature"
    assert "holds" in lines[0]
    assert receipt_reader.judge(GOOD["chosen"], origin="lurus/0") == "origin"
    with pytest.raises(ONE_FILE.Refused, match="origin"):
        list(ONE_FILE.check(GOOD["chosen"], origin="lurus/0"))


def test_a_trail_of_ones_own_is_signed_by_ones_own_keys():
    """It holds in itself; who named the right keys is not taken in."""
    forger = LedgerKey(b"f" * 32)
    forged = sample.receipt(sample.grow(key=forger), (0,), (0, 1), key=forger)
    trusted = frozenset({sample.PORTAL.public, sample.KEEPERS})

    assert judged(bytes(forged)) == HOLDS
    assert receipt_reader.judge(bytes(forged), keys=trusted) == "key"
    assert receipt_reader.judge(GOOD["chosen"], keys=trusted) == HOLDS
    with pytest.raises(ONE_FILE.Refused, match="key"):
        list(ONE_FILE.check(bytes(forged), keys=trusted))


def test_a_key_that_signed_nothing_is_refused():
    fields = json.loads(GOOD["chosen"])
    fields["keys"]["portal"].append("f" * 64)

    assert judged(written(fields)) == "key"


def test_left_out_is_not_altered_but_shows_less():
    whole = sample.silence()
    fields = json.loads(bytes(whole))
    del fields["silence"], fields["steps"][1]

    assert judged(written(fields)) == HOLDS
    assert judged(written(fields), LEAVES) == "silence"


def test_silence_shows_with_the_list_of_leaves_alone():
    silence = GOOD["silence"]

    assert judged(silence, LEAVES) == HOLDS
    assert judged(silence, [*LEAVES, b"later" * 6 + b"00"]) == HOLDS
    assert judged(silence, LEAVES[:-1]) == "leaves"
    assert judged(silence, [*LEAVES[:50], bytes(32), *LEAVES[51:]]) == "leaves"
    assert judged(GOOD["chosen"], LEAVES) == "silence"


@pytest.mark.parametrize(
    ("number", "kind"),
    [
        (4, StepKind.ANSWERED),
        (4, StepKind.ESCALATED),
        (19, StepKind.CLOSED),
        (1, StepKind.VERIFIED),
    ],
)
def test_a_step_that_is_kept_back_is_found(number, kind):
    """The next ones, or one in the place of a step that is shown."""
    trail = sample.grow({150: open_step(sample.LEDGER_KEY, number, kind).leaf})
    silence = sample.receipt(trail, range(4), (0, 1, 2, 3), is_silence=True)

    assert judged(bytes(silence), list(trail.leaves)) == "hidden"
    assert judged(bytes(silence)) == HOLDS


def test_a_receipt_holds_no_secret_but_of_silence():
    chosen, silence = GOOD["chosen"].decode(), GOOD["silence"].decode()
    released = sample.LEDGER_KEY.reveal().hex()

    assert released not in chosen
    assert sample.INSTANCE.hex() not in chosen
    assert released in silence
    assert sample.CASE_KEY.reveal().hex() not in silence
    assert sample.CASE_ID.hex() not in silence
    assert base64.b64encode(sample.CASE_ID).decode() not in silence
    assert released not in repr(sample.silence())
    assert "Kwitansi" not in repr(sample.chosen())


def test_the_download_is_a_program_of_its_own(tmp_path):
    """Run as people run it, and without a package of the portal's in reach."""
    file, leaves = tmp_path / "data.json", tmp_path / "leaves.txt"
    file.write_bytes(GOOD["silence"])
    leaves.write_bytes(sample.files()["leaves.txt"])
    command = [sys.executable, "-I", "-B", DOWNLOAD, file]
    keys = ("--key", sample.PORTAL.public.hex(), "--key", sample.KEEPERS.hex().upper())

    def run(*more):
        done = subprocess.run(
            [*command, *more], capture_output=True, text=True, check=False
        )
        return done.returncode, done.stdout

    assert run("--leaves", leaves, *keys) == (0, "\n".join(said(*keys)) + "\n")
    assert run(*keys[:2])[0] == 1
    assert run("--key", "no key")[0] == 2
    file.write_bytes(GOOD["silence"].replace(b"2027-01-06", b"2027-01-05"))
    assert run() == (1, "REFUSED: form it is not written as a receipt is\n")
    assert len(DOWNLOAD.read_text().splitlines()) <= 480


def said(*keys):
    hexes = {bytes.fromhex(key) for key in keys if not key.startswith("--")}
    return ONE_FILE.check(GOOD["silence"], hexes, leaves=LEAVES)


def test_the_page_names_every_field_word_and_kind():
    fields = json.loads(GOOD["silence"])
    names = {*fields, *fields["steps"][0], *fields["silence"], *fields["keys"]}

    assert all(name in PAGE for name in {*names, "written", "growth", "note"})
    words = [match for row in PAGE.splitlines() if row[:4] in {"| 0-", "| 8-", "| 16"}
             for match in row.split(" | ")[1:] if match.strip(" |")]  # fmt: skip
    assert [word.strip(" |") for word in words] == [kind.word for kind in StepKind]
    order = re.findall(r"^\d\. \*\*(\w+)\*\*:", PAGE, re.MULTILINE)
    assert [*order, "leaves", "hidden"] == list(Flaw)


def test_a_flaw_is_a_kind_of_broken():
    with pytest.raises(BrokenError):
        Receipt.parse(b"")
