"""Every label and every size is what FORMAT.md says, and no label is used twice."""

import hashlib
import importlib
import re
from pathlib import Path

import pytest

import crypto
from crypto import Kind

FOLDER = Path(crypto.__file__).parent
FORMAT = (FOLDER / "FORMAT.md").read_text("utf-8")
LABEL = re.compile(r"b\"(lurus/v1/[^\"]*)\"")
CONSTANT = re.compile(r"^(LABEL_\w+) = b\"(lurus/v1/[a-z-]+)\"$", re.MULTILINE)
ROW = re.compile(
    r"^\| `(lurus/v1/[a-z-]+)` \| `(LABEL_\w+)` \| `(\w+\.py)` \|", re.MULTILINE
)
SOURCES = {path.name: path.read_text("utf-8") for path in sorted(FOLDER.glob("*.py"))}
CONSTANTS = {
    (label, constant, name)
    for name, source in SOURCES.items()
    for constant, label in CONSTANT.findall(source)
}

LABELS = [
    ("backup", "LABEL_BACKUP_WRAP", b"lurus/v1/backup-wrap"),
    ("backup", "LABEL_BACKUP_PROOF", b"lurus/v1/backup-proof"),
    ("case_code", "LABEL_LOCATOR", b"lurus/v1/locator"),
    ("case_code", "LABEL_CODE_KEY", b"lurus/v1/code-key"),
    ("case_code", "LABEL_CODE_WINDOW", b"lurus/v1/code-window"),
    ("case_key", "LABEL_CASE_WRAP", b"lurus/v1/case-wrap"),
    ("case_key", "LABEL_REPORTER_LOCK", b"lurus/v1/reporter-lock"),
    ("checkpoint", "LABEL_LEDGER_AUDIT", b"lurus/v1/ledger-audit"),
    ("checkpoint", "LABEL_LEDGER_ORIGIN", b"lurus/v1/ledger-origin"),
    ("conflicts", "LABEL_CONFLICTS", b"lurus/v1/conflicts"),
    ("conflicts", "LABEL_CONFLICTS_KEY", b"lurus/v1/conflicts-key"),
    ("cookie", "LABEL_SESSION", b"lurus/v1/session"),
    ("cookie", "LABEL_SESSION_KEY", b"lurus/v1/session-key"),
    ("cookie", "LABEL_CSRF", b"lurus/v1/csrf"),
    ("custodian_notice", "LABEL_NOTICE", b"lurus/v1/notice"),
    ("envelope", "LABEL_TEXT", b"lurus/v1/text"),
    ("form_token", "LABEL_FORM_TOKEN", b"lurus/v1/form-token"),
    ("form_token", "LABEL_FORM_KEY", b"lurus/v1/form-key"),
    ("form_token", "LABEL_FORM", b"lurus/v1/form"),
    ("hash_chain", "LABEL_LINK", b"lurus/v1/link"),
    ("ledger", "LABEL_LEDGER", b"lurus/v1/ledger"),
    ("ledger", "LABEL_LEDGER_BODY", b"lurus/v1/ledger-body"),
    ("ledger", "LABEL_LEDGER_DIGEST", b"lurus/v1/ledger-digest"),
    ("ledger", "LABEL_LEDGER_LEAF", b"lurus/v1/ledger-leaf"),
    ("ledger", "LABEL_LEDGER_OPENING", b"lurus/v1/ledger-opening"),
    ("ledger", "LABEL_LEDGER_THREAD", b"lurus/v1/ledger-thread"),
    ("ledger", "LABEL_LEDGER_WRITTEN", b"lurus/v1/ledger-written"),
    ("locked_identity", "LABEL_LOGIN", b"lurus/v1/login"),
    ("locked_identity", "LABEL_UNLOCK", b"lurus/v1/unlock"),
    ("locked_identity", "LABEL_SEED", b"lurus/v1/seed"),
    ("one_time_code", "LABEL_ONE_TIME_CODE", b"lurus/v1/one-time-code"),
    ("one_time_code", "LABEL_ONE_TIME_KEY", b"lurus/v1/one-time-key"),
    ("opened_keys", "LABEL_CACHE", b"lurus/v1/cache"),
    ("opened_keys", "LABEL_CACHE_KEY", b"lurus/v1/cache-key"),
    ("public_leaf", "LABEL_LEDGER_PUBLIC", b"lurus/v1/ledger-public"),
    ("recovery", "LABEL_RECOVERY_WRAP", b"lurus/v1/recovery-wrap"),
    ("recovery_codes", "LABEL_RECOVERY_CODE", b"lurus/v1/recovery-code"),
    ("recovery_codes", "LABEL_RECOVERY_CODES", b"lurus/v1/recovery-codes"),
    ("recovery_codes", "LABEL_RECOVERY_CODES_KEY", b"lurus/v1/recovery-codes-key"),
    ("reply_code", "LABEL_REPLY", b"lurus/v1/reply"),
    ("reply_code", "LABEL_REPLY_KEY", b"lurus/v1/reply-key"),
    ("reply_code", "LABEL_REPLY_LOCATOR", b"lurus/v1/reply-locator"),
    ("rotation", "LABEL_NEXT_SEED", b"lurus/v1/next-seed"),
    ("rotation", "LABEL_NEXT_SEED_KEY", b"lurus/v1/next-seed-key"),
    ("round_state", "LABEL_ROUND", b"lurus/v1/round"),
    ("round_state", "LABEL_ROUND_COUNTS", b"lurus/v1/round-counts"),
    ("round_state", "LABEL_ROUND_GATE", b"lurus/v1/round-gate"),
    ("round_state", "LABEL_ROUND_INNER", b"lurus/v1/round-inner"),
    ("round_state", "LABEL_ROUND_KEY", b"lurus/v1/round-key"),
    ("round_state", "LABEL_ROUND_SUBJECT", b"lurus/v1/round-subject"),
    ("round_answer", "LABEL_ANSWER_WRAP", b"lurus/v1/answer-wrap"),
    ("round_export", "LABEL_EXPORT", b"lurus/v1/export"),
    ("round_export", "LABEL_EXPORT_KEY", b"lurus/v1/export-key"),
    ("seen_counts", "LABEL_SEEN", b"lurus/v1/seen"),
    ("seen_counts", "LABEL_SEEN_KEY", b"lurus/v1/seen-key"),
    ("signing", "LABEL_CUSTODIAN_SIGNING", b"lurus/v1/custodian-signing"),
    ("signing", "LABEL_FIGURES", b"lurus/v1/figures"),
    ("signing", "LABEL_ROUND_ANSWER", b"lurus/v1/round-answer"),
    ("signing", "LABEL_ROUND_LINE", b"lurus/v1/round-line"),
    ("slip", "LABEL_SLIP", b"lurus/v1/slip"),
    ("subject", "LABEL_SUBJECT", b"lurus/v1/subject"),
    ("tally", "LABEL_TALLY", b"lurus/v1/tally"),
    ("tally", "LABEL_TALLY_GATE", b"lurus/v1/tally-gate"),
    ("tally", "LABEL_TALLY_ID", b"lurus/v1/tally-id"),
    ("tally", "LABEL_TALLY_WRAP", b"lurus/v1/tally-wrap"),
    ("two_key_envelope", "LABEL_GATE", b"lurus/v1/gate"),
    ("two_key_envelope", "LABEL_OUTER", b"lurus/v1/outer"),
    ("two_key_envelope", "LABEL_OUTER_WRAP", b"lurus/v1/outer-wrap"),
    ("upload_token", "LABEL_UPLOAD_KEY", b"lurus/v1/upload-key"),
    ("upload_token", "LABEL_UPLOAD", b"lurus/v1/upload"),
]

SIZES = [
    ("backup", "BACKUP_PAPER", 1),
    ("backup", "BACKUP_WRAP_SIZE", 1169),
    ("backup", "BACKUP_PROOF_SIZE", 32),
    ("base32", "BITS", 5),
    ("base32", "GROUP_SIZE", 4),
    ("base32", "SYMBOLS", "0123456789ABCDEFGHJKMNPQRSTVWXYZ"),
    ("case_code", "SECRET_BITS", 130),
    ("case_code", "SECRET_SYMBOLS", 26),
    ("case_code", "CHECK_SYMBOLS", 2),
    ("case_code", "CODE_SYMBOLS", 28),
    ("case_code", "GROUPS", 7),
    ("case_code", "SECRET_SIZE", 17),
    ("case_code", "MODULUS", 1021),
    ("case_code", "WINDOW_SYMBOLS", 12),
    ("case_code", "WINDOW_TAG_SIZE", 16),
    ("case_key", "PAIR_SIZE", 64),
    ("case_key", "CASE_WRAP_SIZE", 1201),
    ("case_key", "REPORTER_LOCK_SIZE", 113),
    ("checkpoint", "AUDIT_SALT_SIZE", 32),
    ("checkpoint", "COSIGNATURE_TIME_SIZE", 8),
    ("checkpoint", "LEDGER_KEY_SIZE", 32),
    ("checkpoint", "NOTE_COSIGNATURE", b"\x04"),
    ("checkpoint", "NOTE_ED25519", b"\x01"),
    ("conflicts", "CONFLICTS_SIZE", 4096),
    ("conflicts", "LOCKED_CONFLICTS_SIZE", 4177),
    ("cookie", "COOKIE_SIZE", 32),
    ("cookie", "COOKIE_LENGTH", 43),
    ("cookie", "SESSION_SIZE", 2048),
    ("custodian_notice", "MOST_NOTICES", 3),
    ("custodian_notice", "NOTICE_SIZE", 256),
    ("custodian_notice", "NOTICE_WRAP_SIZE", 1393),
    ("fields", "FIELD_LENGTH_SIZE", 2),
    ("envelope", "FIRST", bytes(32)),
    ("form_token", "RANDOM_SIZE", 32),
    ("form_token", "TIME_SIZE", 8),
    ("form_token", "MAC_SIZE", 32),
    ("form_token", "TOKEN_SIZE", 72),
    ("form_token", "TOKEN_LENGTH", 96),
    ("gate_secret", "GATE_SECRET_SIZE", 32),
    ("gate_secret", "GATE_PAPER", 0),
    ("hash_chain", "LINK_SIZE", 32),
    ("hash_chain", "ORIGIN", bytes(32)),
    ("keys", "SEED_SIZE", 32),
    ("keys", "MLKEM_SEED_SIZE", 64),
    ("keys", "MLKEM_PUBLIC_SIZE", 1184),
    ("keys", "X25519_SIZE", 32),
    ("keys", "RECIPIENT_SIZE", 1216),
    ("keys", "WRAP_OVERHEAD", 1137),
    ("keys", "FINGERPRINT_SIZE", 20),
    ("ledger", "EMPTY_DIGEST", hashlib.sha256(b"").digest()),
    ("ledger", "LEAF_SIZE", 32),
    ("ledger", "LOCKED_DIGEST_SIZE", 113),
    ("lock", "INSTANCE_ID_SIZE", 16),
    ("lock", "KEY_SIZE", 32),
    ("lock", "SALT_SIZE", 32),
    ("lock", "COMMITMENT_SIZE", 32),
    ("lock", "TAG_SIZE", 16),
    ("lock", "LOCK_OVERHEAD", 81),
    ("locked_identity", "ARGON2_SALT_SIZE", 16),
    ("locked_identity", "VERIFIER_SIZE", 32),
    ("locked_identity", "LOCKED_SEED_SIZE", 113),
    ("locked_identity", "LOCKED_IDENTITY_SIZE", 162),
    (
        "merkle",
        "EMPTY_ROOT",
        bytes.fromhex(
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
        ),
    ),
    ("merkle", "HASH_SIZE", 32),
    ("merkle", "LEAF_PREFIX", b"\x00"),
    ("merkle", "NODE_PREFIX", b"\x01"),
    ("one_time_code", "SECRET_SIZE", 20),
    ("one_time_code", "LOCKED_SECRET_SIZE", 101),
    ("one_time_code", "DIGITS", 6),
    ("one_time_code", "STEP_SECONDS", 30),
    ("opened_keys", "CACHE_STEP", 65_536),
    ("case_entries", "CASE_ID_SIZE", 16),
    ("opened_keys", "ENTRY_SIZE", 80),
    ("opened_keys", "NOTHING", bytes(64)),
    ("padding", "LENGTH_SIZE", 4),
    ("padding", "SMALLEST_FILE", 131_072),
    ("paper", "PAPER_SECRET_SIZE", 32),
    ("paper", "PAPER_SYMBOLS", 52),
    ("paper", "PAPER_CHECK_SYMBOLS", 4),
    ("paper", "PAPER_MODULUS", 1_048_573),
    ("receipt", "RECEIPT_FORMAT", "lurus-receipt-v1"),
    ("receipt", "RECEIPT_STEP", 32_768),
    ("receipt", "LONGEST_RECEIPT", 2_097_152),
    ("receipt", "TEXT_SIZES", {0: 16_384, 1: 16_384, 16: 4_096, 20: 4_096}),
    ("receipt_check", "MOST_NUMBERS", 8_192),
    ("receipt_check", "NUMBERS_AHEAD", 16),
    ("recovery", "RECOVERY_WRAP_SIZE", 1169),
    ("recovery", "SHARE_WORDS", 33),
    ("recovery", "WORD_START", 4),
    ("recovery", "MOST_SHARES", 16),
    ("recovery_codes", "RECOVERY_CODE_COUNT", 10),
    ("recovery_codes", "RECOVERY_CODE_SYMBOLS", 12),
    ("recovery_codes", "TAG_SIZE", 16),
    ("recovery_codes", "LOCKED_RECOVERY_CODES_SIZE", 241),
    ("rotation", "LOCKED_NEXT_SIZE", 113),
    ("round_state", "OUTER_DIGEST_SIZE", 16),
    ("round_state", "SUBJECT_TAG_SIZE", 16),
    ("round_state", "FOUND_SIZE", 50),
    ("round_state", "COUNTS_SALT_SIZE", 32),
    ("round_state", "COUNTED", 6),
    ("round_state", "COUNT_OF_ROUND_SIZE", 4),
    ("round_state", "ENDED_SIZE", 56),
    ("round_state", "ROUND_OVERHEAD", 162),
    ("round_state", "LOCKED_ENDED_SIZE", 218),
    ("round_state", "NO_SUBJECT", bytes(16)),
    ("reply_code", "REPLY_CODE_BITS", 90),
    ("reply_code", "REPLY_CODE_SECRET_SYMBOLS", 18),
    ("reply_code", "REPLY_CODE_CHECK_SYMBOLS", 2),
    ("reply_code", "REPLY_CODE_SYMBOLS", 20),
    ("reply_code", "REPLY_CODE_SECRET_SIZE", 12),
    ("reply_code", "REPLY_CODE_MODULUS", 1021),
    ("reply_code", "REPLY_SIZE", 4_096),
    ("reply_code", "LOCKED_REPLY_SIZE", 4_177),
    ("seen_counts", "SEEN_STEP", 16_384),
    ("seen_counts", "COUNT_SIZE", 4),
    ("seen_counts", "SEEN_ENTRY_SIZE", 20),
    ("round_answer", "ANSWER_HEADER_SIZE", 81),
    ("round_answer", "ANSWER_STEP", 65_536),
    ("round_export", "EXPORTED_SIZE", 1489),
    ("round_export", "EXPORT_COUNT_SIZE", 4),
    ("round_export", "EXPORT_DIGEST_SIZE", 32),
    ("round_export", "HOLDER_SIZE", 16),
    ("round_export", "LOCKED_EXPORT_SIZE", 145),
    ("round_export", "ROUND_NUMBER_SIZE", 4),
    ("signed_note", "LONGEST_NOTE", 65_536),
    ("signed_note", "MOST_NOTE_SIGNATURES", 64),
    ("signed_note", "NOTE_KEY_ID_SIZE", 4),
    ("signing", "SIGNATURE_SIZE", 64),
    ("signing", "SIGNING_KEY_SIZE", 32),
    ("slip", "SLIP_BITS", 90),
    ("slip", "SLIP_SECRET_SYMBOLS", 18),
    ("slip", "SLIP_CHECK_SYMBOLS", 2),
    ("slip", "SLIP_SYMBOLS", 20),
    ("slip", "SLIP_SECRET_SIZE", 12),
    ("slip", "SLIP_MODULUS", 1021),
    ("stream", "FILE_KEY_SIZE", 32),
    ("stream", "CHUNK_SIZE", 65_536),
    ("stream", "SEALED_CHUNK_SIZE", 65_552),
    ("stream", "PREFIX_SIZE", 7),
    ("stream", "STREAM_HEADER_SIZE", 8),
    ("stream", "FIRST_SEALED_SIZE", 65_560),
    ("stream", "COUNTER_SIZE", 4),
    ("stream", "MOST_CHUNKS", 2**32),
    ("stream", "LONGEST_FILE", 2**48),
    ("subject", "SUBJECT_SIZE", 64),
    ("subject", "LOCKED_SUBJECT_SIZE", 145),
    ("tally", "SEALED_TALLY_SIZE", 1282),
    ("tally", "TALLY_ID_SIZE", 16),
    ("tally", "TALLY_SIZE", 64),
    ("tally", "TALLY_WRAP_SIZE", 1201),
    ("two_key_envelope", "SHARE_SIZE", 256),
    ("two_key_envelope", "FIRST_DIGEST_SIZE", 32),
    ("two_key_envelope", "OPENED_OUTER_SIZE", 1393),
    ("two_key_envelope", "OUTER_SIZE", 1474),
    ("upload_token", "UPLOAD_TOKEN_SIZE", 33),
    ("upload_token", "UPLOAD_TOKEN_LENGTH", 44),
    ("upload_token", "UPLOAD_ENTRY_SIZE", 1024),
]


def constant_of(module, name):
    return getattr(importlib.import_module(f"crypto.{module}"), name)


@pytest.mark.parametrize(("module", "name", "label"), LABELS)
def test_a_label_is_what_it_was(module, name, label):
    assert constant_of(module, name) == label


@pytest.mark.parametrize(("module", "name", "size"), SIZES)
def test_a_size_is_what_it_was(module, name, size):
    assert constant_of(module, name) == size


@pytest.mark.parametrize(
    ("kind", "word", "size"),
    [
        (Kind.REPORT, "report", 16_384),
        (Kind.MESSAGE, "message", 4_096),
        (Kind.NOTE, "note", 4_096),
        (Kind.MANIFEST, "manifest", 8_192),
        (Kind.SUMMARY, "summary", 1_024),
        (Kind.SHEET, "sheet", 1_024),
    ],
)
def test_a_kind_has_the_size_it_had(kind, word, size):
    assert (kind.value, kind.size) == (word, size)
    assert (kind.longest, kind.envelope_size) == (size - 4, size + 81)


def test_every_kind_is_known_here():
    assert [kind.value for kind in Kind] == [
        "report",
        "message",
        "note",
        "manifest",
        "summary",
        "sheet",
    ]


def test_no_label_is_written_twice():
    written = [label for source in SOURCES.values() for label in LABEL.findall(source)]

    assert len(written) == len(set(written))


def test_every_label_is_a_constant_with_a_known_answer():
    written = {label for source in SOURCES.values() for label in LABEL.findall(source)}
    known = {(label.decode(), name, f"{module}.py") for module, name, label in LABELS}

    assert known == CONSTANTS
    assert written == {label for label, _, _ in CONSTANTS}


def test_the_table_of_labels_in_the_format_is_complete():
    assert set(ROW.findall(FORMAT)) == CONSTANTS
    assert len(ROW.findall(FORMAT)) == len(CONSTANTS)


def test_every_constant_of_a_size_has_a_known_answer():
    shape = re.compile(r"^([A-Z][A-Z0-9_]*) = (?!b\"lurus)", re.MULTILINE)
    found = {
        (name.removesuffix(".py"), constant)
        for name, source in SOURCES.items()
        for constant in shape.findall(source)
    }

    known = {(module, name) for module, name, _ in SIZES}

    assert found - known == {
        ("base32", "SEPARATOR"),  # test_case_code.py types every one
        ("locked_identity", "RFC_9106_LOW_MEMORY"),  # test_locked_identity.py
    }
    assert known <= found
