"""A checkpoint is read by others as it is by us, and by nobody once a byte is another."""

import base64
import datetime as dt
import hashlib

import pytest
import strategies as some
from hypothesis import given
from hypothesis import strategies as st
from known_answers import signed_notes

from crypto import BrokenError, Identity, InstanceId, Signed, signing_key, verify
from crypto.checkpoint import (
    Checkpoint,
    LedgerKey,
    audit_commitment,
    check_cosigned,
    check_signed,
    cosign,
    cosigner_name,
    ledger_origin,
    recipients_digest,
)
from crypto.public_leaf import PublicKind, public_leaf
from crypto.signed_note import LONGEST_NOTE, Note, NoteSignature, is_key_name
from crypto.signing import sign_cosignature

DAY = dt.date(2026, 12, 7)
ORIGIN = ledger_origin(some.INSTANCE)
KEY, OTHER_KEY = LedgerKey(b"k" * 32), LedgerKey(b"o" * 32)
SARI, JOKO = Identity(b"s" * 32), Identity(b"j" * 32)
SARIS, JOKOS = (signing_key(one, some.INSTANCE) for one in (SARI, JOKO))
CHECKPOINT = Checkpoint(ORIGIN, 64, b"r" * 32, DAY, b"k" * 32, b"a" * 32)
TEXT = str(CHECKPOINT)
NOTE = Note(
    TEXT,
    (KEY.sign(TEXT, ORIGIN), cosign(SARI, CHECKPOINT, DAY, instance=some.INSTANCE)),
)
WRITTEN = str(NOTE).encode()

# The example of the Go package golang.org/x/mod/sumdb/note, where the format is from.
NEUMANN = b"""\
If you think cryptography is the answer to your problem,
then you don't know what your problem is.

\xe2\x80\x94 PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=
"""
NEUMANNS = base64.b64decode("ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW")[1:]


def test_a_published_note_holds():
    note = Note.parse(NEUMANN)

    check_signed(note, "PeterNeumann", NEUMANNS)
    assert str(note).encode() == NEUMANN
    assert note.signatures[0].key_id.hex() == "c74f20a3"


@given(
    st.integers(0, 10**16 - 1),
    st.binary(min_size=32, max_size=32),
    st.dates(),
)
def test_a_checkpoint_is_read_again(size, root, day):
    checkpoint = Checkpoint(ORIGIN, size, root, day, bytes(32), bytes(32))

    assert Checkpoint.parse(str(checkpoint)) == checkpoint
    assert Note.parse(WRITTEN) == NOTE


def test_a_reader_from_the_pages_alone_comes_to_the_same():
    name = cosigner_name(ORIGIN, SARIS)
    midnight = dt.datetime(2026, 12, 7, tzinfo=dt.UTC).timestamp()

    assert signed_notes.head(WRITTEN) == (ORIGIN, 64, b"r" * 32)
    assert signed_notes.is_signed(WRITTEN, ORIGIN, KEY.public)
    assert signed_notes.cosigned_at(WRITTEN, name, SARIS) == midnight
    assert not signed_notes.is_signed(WRITTEN, ORIGIN, OTHER_KEY.public)
    assert signed_notes.cosigned_at(WRITTEN, name, JOKOS) is None


def test_a_note_holds_for_the_keys_that_signed_it():
    check_signed(NOTE, ORIGIN, KEY.public)
    assert check_cosigned(NOTE, ORIGIN, SARIS) == DAY
    assert NOTE.with_line(NOTE.signatures[1]) == NOTE


@pytest.mark.parametrize("public", [OTHER_KEY.public, SARIS, b"", bytes(31)])
def test_another_key_has_not_signed(public):
    with pytest.raises(BrokenError):
        check_signed(NOTE, ORIGIN, public)


@pytest.mark.parametrize("public", [JOKOS, KEY.public, b""])
def test_another_custodian_has_not_cosigned(public):
    with pytest.raises(BrokenError):
        check_cosigned(NOTE, ORIGIN, public)


@given(st.integers(0, len(TEXT) - 2), st.integers(1, 31))
def test_no_letter_of_a_signed_text_can_be_another(place, turn):
    letters = bytearray(TEXT.encode())
    letters[place] ^= turn
    changed = Note(letters.decode("latin-1"), NOTE.signatures)

    with pytest.raises(BrokenError):
        check_signed(changed, ORIGIN, KEY.public)
    with pytest.raises(BrokenError):
        check_cosigned(changed, ORIGIN, SARIS)


@given(st.integers(0, 71), st.integers(0, 7))
def test_no_bit_of_a_cosignature_can_be_turned(place, bit):
    line = NOTE.signatures[1]
    turned = bytearray(line.signature)
    turned[place] ^= 1 << bit
    changed = Note(TEXT, (NoteSignature(line.name, line.key_id, bytes(turned)),))

    with pytest.raises(BrokenError):
        check_cosigned(changed, ORIGIN, SARIS)


def test_a_damaged_line_of_a_known_key_spoils_the_whole_note():
    line = NOTE.signatures[0]
    bad = NoteSignature(line.name, line.key_id, bytes(64))

    with pytest.raises(BrokenError):
        check_signed(Note(TEXT, (line, bad)), ORIGIN, KEY.public)


def test_a_time_that_is_no_midnight_is_no_day():
    line, later = NOTE.signatures[1], 1_796_601_601
    signed = sign_cosignature(SARI, TEXT.encode(), later, instance=some.INSTANCE)
    stamped = NoteSignature(line.name, line.key_id, later.to_bytes(8, "big") + signed)
    note = Note(TEXT, (stamped,))

    with pytest.raises(BrokenError):
        check_cosigned(note, ORIGIN, SARIS)


def test_a_cosignature_is_no_line_of_a_round():
    signed = NOTE.signatures[1].signature[8:]

    with pytest.raises(BrokenError):
        verify(SARIS, TEXT.encode(), signed, Signed.LINE)


@pytest.mark.parametrize(
    "changed",
    [
        b"",
        b"\n\n",
        TEXT.encode(),
        WRITTEN + b"\n",
        WRITTEN[:-1],
        WRITTEN.replace(b"day", b"d\x00y"),
        WRITTEN.replace(b"day", b"d\xffy"),
        WRITTEN.replace(b"\n\xe2\x80\x94 ", b"\n- "),
        WRITTEN.replace(b"=\n\xe2", b"\n\xe2"),
        WRITTEN + b"x" * LONGEST_NOTE,
        WRITTEN + str(NOTE.signatures[0]).encode() * 3,
        TEXT.encode() + b"\n" + f"{NOTE.signatures[0]}\n".encode() * 65,
    ],
)
def test_what_is_no_note_is_broken(changed):
    with pytest.raises(BrokenError):
        Note.parse(changed)


@pytest.mark.parametrize(
    "changed",
    [
        TEXT.replace("\n64\n", "\n064\n"),
        TEXT.replace("\n64\n", "\n-64\n"),
        TEXT.replace("2026-12-07", "2026-13-07"),
        TEXT.replace("day ", "day  "),
        TEXT + "more\n",
        TEXT.replace("keys", "key"),
        TEXT.replace(ORIGIN, "two words"),
        TEXT.replace("cnI=\n", "cnJ=\n"),
        TEXT.replace("\n", "\r\n"),
        TEXT.upper(),
    ],
)
def test_what_is_no_checkpoint_is_broken(changed):
    with pytest.raises(BrokenError):
        Checkpoint.parse(changed)


def test_every_installation_has_a_trail_of_its_own():
    other = InstanceId(b"another instance")

    assert is_key_name(ORIGIN)
    assert ledger_origin(other) != ORIGIN
    assert signing_key(SARI, other) != SARIS


def test_a_public_leaf_follows_from_kind_and_text():
    digest = hashlib.sha256(b"a text").digest()
    known = hashlib.sha256(b"lurus/v1/ledger-public\x00\x03" + digest).digest()

    assert public_leaf(PublicKind.POLICIES, b"a text") == known
    assert public_leaf(PublicKind.KEYS, b"a text") != known
    assert [(kind.value, kind.word) for kind in PublicKind] == [
        (1, "figures"),
        (2, "declaration"),
        (3, "policies"),
        (4, "keys"),
        (5, "signing-key"),
        (6, "restored"),
    ]


def test_the_commitments_are_what_the_format_says():
    known = hashlib.sha256(b"lurus/v1/ledger-audit\x00" + b"s" * 32 + b"l" * 32)
    origin = hashlib.sha256(b"lurus/v1/ledger-origin\x00" + bytes(range(16)))

    assert audit_commitment(b"s" * 32, b"l" * 32) == known.digest()
    assert f"lurus/{origin.hexdigest()[:32]}" == ORIGIN
    assert recipients_digest([b"b", b"a"]) == hashlib.sha256(b"ab").digest()
    with pytest.raises(ValueError, match="32 bytes"):
        audit_commitment(b"s", b"l" * 32)


def test_a_key_does_not_show():
    assert repr(KEY) == "LedgerKey()"
    assert bytes(KEY) == b"k" * 32
    assert LedgerKey.generate().public != LedgerKey.generate().public
    with pytest.raises(BrokenError):
        LedgerKey(bytes(31))


@pytest.mark.parametrize("name", ["", "two words", "a+b", "a\tb", "a\u00a0b"])
def test_what_may_name_no_key(name):
    assert not is_key_name(name)
