"""Everything that is sealed in Lurus, by purpose; FORMAT.md has every byte.

A tour:

>>> from crypto import CaseCode, CaseKey, Identity, InstanceId, Kind, Place
>>> from crypto import seal, unseal, unwrap_case_key, wrap_case_key
>>> instance = InstanceId(bytes(16))
>>> rina, joko = Identity.generate(), Identity.generate()

A report opens a case with a key of its own, wrapped to who may read and, as a
dummy, to who may not:

>>> case_id, key = b"one case, 16 b. ", CaseKey.generate(instance)
>>> kept = wrap_case_key(
...     key,
...     case_id=case_id,
...     readers={b"rina": rina.recipient},
...     others={b"joko": joko.recipient},
... )
>>> place = Place(case_id, "thread", 0, "reporter", Kind.REPORT)
>>> envelope = seal(b"They dump at night.", key.thread, place)

>>> hers = unwrap_case_key(kept.wraps[b"rina"], kept.mask, rina,
...     case_id=case_id, holder=b"rina", instance=instance)
>>> unseal(envelope, hers.thread, place)
b'They dump at night.'

>>> his = unwrap_case_key(kept.wraps[b"joko"], kept.mask, joko,
...     case_id=case_id, holder=b"joko", instance=instance)
>>> unseal(envelope, his.thread, place)
Traceback (most recent call last):
    ...
crypto.errors.BrokenError: the sealed thing is not as it was made

A photo that came with it is sealed as it arrives, behind a chunk for a preview; its
key and length are written down in the manifest beside the report:

>>> from crypto import CHUNK_SIZE, FileKey, FileSealer, unseal_file
>>> file_key = FileKey.generate()
>>> sealer = FileSealer(file_key)
>>> photo = sealer.update(bytes(CHUNK_SIZE)) + sealer.update(b"a drum, a river")
>>> photo += sealer.finish()
>>> b"".join(unseal_file([photo], file_key, 15, skip=CHUNK_SIZE))
b'a drum, a river'
>>> manifest = seal(file_key.reveal(), key.thread, place.manifest(envelope))
>>> unseal(manifest, hers.thread, place.manifest(envelope)) == file_key.reveal()
True

The reporter comes back with a code, typed as people type:

>>> code = CaseCode.generate()
>>> typed = code.reveal().lower().replace("-", " ")
>>> CaseCode.parse(typed).locator(instance) == code.locator(instance)
True
"""

from crypto.backup import (
    BACKUP_PROOF_SIZE,
    BACKUP_WRAP_SIZE,
    backup_proof,
    parse_backup_key,
    unsealed_size,
    unwrap_backup,
    wrap_backup,
    write_backup_key,
)
from crypto.case_code import CaseCode, Locator, holds_code, holds_window
from crypto.case_key import (
    CaseKey,
    WrappedCaseKey,
    lock_for_reporter,
    random_mask,
    rewrap,
    unlock_for_reporter,
    unwrap_case_key,
    wrap_case_key,
    wrap_dummy,
)
from crypto.conflicts import (
    LOCKED_CONFLICTS_SIZE,
    lock_conflicts,
    unlock_conflicts,
)
from crypto.cookie import Cookie
from crypto.custodian_notice import (
    NOTICE_WRAP_SIZE,
    CustodianNotice,
    NoticeKind,
    dummy_notice,
    open_notices,
    rewrap_notice,
    seal_notices,
)
from crypto.envelope import FIRST, Kind, Place, seal, unseal
from crypto.errors import (
    BrokenError,
    CryptoError,
    MistypedError,
    NotYoursError,
    OtherSetError,
    ShareLengthError,
    TooFewSharesError,
    UnknownWordError,
    WrongWordError,
)
from crypto.form_token import FormToken
from crypto.gate_secret import GateSecret
from crypto.hash_chain import ORIGIN, first_mismatch, link
from crypto.keys import Identity, Recipient
from crypto.ledger import (
    EMPTY_DIGEST,
    LEAF_SIZE,
    LOCKED_DIGEST_SIZE,
    Opening,
    StepKind,
    body_of,
    ledger_key,
    lock_digest,
    open_all,
    open_step,
    text_digest,
    unlock_digest,
    written_key,
)
from crypto.lock import InstanceId, Key
from crypto.locked_identity import RFC_9106_LOW_MEMORY, Cost, LockedIdentity
from crypto.one_time_code import OneTimeSecret
from crypto.opened_keys import NOTHING, OpenedKeys
from crypto.padding import TooLongError, pad, padded_file_size, unpad
from crypto.recovery import RecoveryShare, combine, split, unwrap_seed, wrap_seed
from crypto.recovery_codes import RecoveryCodes
from crypto.reply_code import LOCKED_REPLY_SIZE, ReplyCode
from crypto.rotation import lock_next, unlock_next
from crypto.round_answer import FoundAway, RoundAnswer
from crypto.round_export import (
    ExportedEntry,
    RoundExport,
    export_digest,
    lock_export,
    unlock_export,
)
from crypto.round_state import (
    LOCKED_ENDED_SIZE,
    NO_SUBJECT,
    Found,
    RoundCounts,
    RoundKeys,
    RoundStage,
    counts_salt,
    lock_counts_away,
    outer_digest,
    put_counts_behind_gate,
)
from crypto.seen_counts import SeenCounts
from crypto.signing import SIGNATURE_SIZE, Signed, sign, signing_key, verify
from crypto.slip import Slip
from crypto.stream import (
    CHUNK_SIZE,
    FIRST_SEALED_SIZE,
    FileKey,
    FileSealer,
    unseal_file,
    unseal_first_chunk,
)
from crypto.subject import LOCKED_SUBJECT_SIZE, lock_subject, unlock_subject
from crypto.tally import (
    SEALED_TALLY_SIZE,
    is_tally_behind,
    open_tally,
    rewrap_tally,
    seal_tally,
    tally_id,
)
from crypto.two_key_envelope import (
    OPENED_OUTER_SIZE,
    OUTER_SIZE,
    ReleaseRule,
    Share,
    dummy_outer,
    dummy_without_gate,
    gate_key,
    open_outer,
    put_gate_on,
    rewrap_inner,
    seal_outer,
    seal_without_gate,
    take_gate_off,
)
from crypto.upload_token import UploadToken

__all__ = [
    "BACKUP_PROOF_SIZE",
    "BACKUP_WRAP_SIZE",
    "CHUNK_SIZE",
    "EMPTY_DIGEST",
    "FIRST",
    "FIRST_SEALED_SIZE",
    "LEAF_SIZE",
    "LOCKED_CONFLICTS_SIZE",
    "LOCKED_DIGEST_SIZE",
    "LOCKED_ENDED_SIZE",
    "LOCKED_REPLY_SIZE",
    "LOCKED_SUBJECT_SIZE",
    "NOTHING",
    "NOTICE_WRAP_SIZE",
    "NO_SUBJECT",
    "OPENED_OUTER_SIZE",
    "ORIGIN",
    "OUTER_SIZE",
    "RFC_9106_LOW_MEMORY",
    "SEALED_TALLY_SIZE",
    "SIGNATURE_SIZE",
    "BrokenError",
    "CaseCode",
    "CaseKey",
    "Cookie",
    "Cost",
    "CryptoError",
    "CustodianNotice",
    "ExportedEntry",
    "FileKey",
    "FileSealer",
    "FormToken",
    "Found",
    "FoundAway",
    "GateSecret",
    "Identity",
    "InstanceId",
    "Key",
    "Kind",
    "Locator",
    "LockedIdentity",
    "MistypedError",
    "NotYoursError",
    "NoticeKind",
    "OneTimeSecret",
    "OpenedKeys",
    "Opening",
    "OtherSetError",
    "Place",
    "Recipient",
    "RecoveryCodes",
    "RecoveryShare",
    "ReleaseRule",
    "ReplyCode",
    "RoundAnswer",
    "RoundCounts",
    "RoundExport",
    "RoundKeys",
    "RoundStage",
    "SeenCounts",
    "Share",
    "ShareLengthError",
    "Signed",
    "Slip",
    "StepKind",
    "TooFewSharesError",
    "TooLongError",
    "UnknownWordError",
    "UploadToken",
    "WrappedCaseKey",
    "WrongWordError",
    "backup_proof",
    "body_of",
    "combine",
    "counts_salt",
    "dummy_notice",
    "dummy_outer",
    "dummy_without_gate",
    "export_digest",
    "first_mismatch",
    "gate_key",
    "holds_code",
    "holds_window",
    "is_tally_behind",
    "ledger_key",
    "link",
    "lock_conflicts",
    "lock_counts_away",
    "lock_digest",
    "lock_export",
    "lock_for_reporter",
    "lock_next",
    "lock_subject",
    "open_all",
    "open_notices",
    "open_outer",
    "open_step",
    "open_tally",
    "outer_digest",
    "pad",
    "padded_file_size",
    "parse_backup_key",
    "put_counts_behind_gate",
    "put_gate_on",
    "random_mask",
    "rewrap",
    "rewrap_inner",
    "rewrap_notice",
    "rewrap_tally",
    "seal",
    "seal_notices",
    "seal_outer",
    "seal_tally",
    "seal_without_gate",
    "sign",
    "signing_key",
    "split",
    "take_gate_off",
    "tally_id",
    "text_digest",
    "unlock_conflicts",
    "unlock_digest",
    "unlock_export",
    "unlock_for_reporter",
    "unlock_next",
    "unlock_subject",
    "unpad",
    "unseal",
    "unseal_file",
    "unseal_first_chunk",
    "unsealed_size",
    "unwrap_backup",
    "unwrap_case_key",
    "unwrap_seed",
    "verify",
    "wrap_backup",
    "wrap_case_key",
    "wrap_dummy",
    "wrap_seed",
    "write_backup_key",
    "written_key",
]
