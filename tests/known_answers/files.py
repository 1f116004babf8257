"""Vector files: one situation each, what it should come to, and the bytes.

A file is a header of ``name: value`` lines, a blank line, and the bytes that
are to be opened, as hex. `open_vector` opens them the way the portal does.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from known_answers import reference

from crypto import (
    BrokenError,
    CaseCode,
    Cookie,
    Cost,
    CryptoError,
    FileKey,
    FormToken,
    GateSecret,
    Identity,
    InstanceId,
    Key,
    Kind,
    LockedIdentity,
    MistypedError,
    NotYoursError,
    OneTimeSecret,
    OpenedKeys,
    Place,
    Recipient,
    RecoveryCodes,
    RecoveryShare,
    ReplyCode,
    RoundCounts,
    RoundKeys,
    RoundStage,
    SeenCounts,
    Share,
    Signed,
    Slip,
    StepKind,
    UploadToken,
    backup_proof,
    combine,
    first_mismatch,
    gate_key,
    ledger_key,
    link,
    open_notices,
    open_outer,
    open_step,
    open_tally,
    parse_backup_key,
    rewrap,
    rewrap_inner,
    signing_key,
    take_gate_off,
    tally_id,
    unlock_conflicts,
    unlock_digest,
    unlock_for_reporter,
    unlock_next,
    unseal,
    unseal_file,
    unwrap_backup,
    unwrap_case_key,
    unwrap_seed,
    verify,
)
from crypto.custodian_notice import encode_notices
from crypto.padding import unpad
from crypto.two_key_envelope import LABEL_OUTER_WRAP

FOLDER = Path(__file__).parents[1] / "crypto" / "vectors"
OPENS = "opens"
FAILURES: dict[str, type[CryptoError]] = {
    "not yours": NotYoursError,
    "broken": BrokenError,
    "mistyped": MistypedError,
}
_LINE = 72


@dataclass(frozen=True)
class Vector:
    """One situation; *inputs* are header lines as they stand in the file."""

    name: str
    expect: str
    section: str
    construction: str
    comment: str
    inputs: dict[str, str]
    body: bytes

    @classmethod
    def parse(cls, name: str, text: str) -> "Vector":
        header, _, body = text.partition("\n\n")
        lines = (line.partition(":") for line in header.splitlines())
        values = {key: value.strip() for key, _, value in lines}
        fixed = [values.pop(key) for key in _FIXED]
        return cls(name, *fixed, values, bytes.fromhex(body))

    def text(self) -> str:
        fixed = {key: getattr(self, key) for key in _FIXED}
        lines = [f"{k}: {v}".rstrip() for k, v in (fixed | self.inputs).items()]
        symbols = self.body.hex()
        body = [symbols[at : at + _LINE] for at in range(0, len(symbols), _LINE)]
        return "\n".join([*lines, "", *body, ""])

    def raw(self, name: str) -> bytes:
        return bytes.fromhex(self.inputs[name])

    def fields(self, name: str) -> tuple[bytes, ...]:
        """Return fields written as hex, one behind the other, ``-`` when empty."""
        words = self.inputs[name].split()
        return tuple(b"" if word == "-" else bytes.fromhex(word) for word in words)

    def label(self) -> bytes:
        return self.inputs["label"].encode()

    def instance(self) -> InstanceId:
        return InstanceId(self.raw("instance"))

    def key(self, name: str = "key") -> Key:
        return Key(self.raw(name), self.instance())

    def identity(self) -> Identity:
        return Identity(self.raw("seed"))


_FIXED = ("expect", "section", "construction", "comment")


def read(name: str) -> Vector:
    """Read one vector by its name."""
    return Vector.parse(name, (FOLDER / f"{name}.vector").read_text("utf-8"))


def names() -> list[str]:
    """Return the names of all vectors."""
    return sorted(path.stem for path in FOLDER.glob("*.vector"))


def open_vector(vector: Vector) -> bytes:
    """Open *vector* as the portal would; the outcome stands in ``output``."""
    return _OPENERS[vector.construction](vector)


def _derive(v: Vector) -> bytes:
    return Key(v.body, v.instance()).derive(v.label(), *v.fields("context")).reveal()


def _lock(v: Vector) -> bytes:
    return v.key().unlock(v.body, label=v.label(), context=v.fields("context"))


def _case_code(v: Vector) -> bytes:
    return CaseCode.parse(v.body.decode()).reveal().encode()


def _locator(v: Vector) -> bytes:
    return CaseCode.parse(v.body.decode()).locator(v.instance())


def _code_key(v: Vector) -> bytes:
    return CaseCode.parse(v.body.decode()).key(v.instance()).reveal()


def _code_windows(v: Vector) -> bytes:
    return b"".join(sorted(CaseCode.parse(v.body.decode()).windows()))


def _slip(v: Vector) -> bytes:
    return Slip.parse(v.body.decode()).id(v.instance())


def _reply_locator(v: Vector) -> bytes:
    return ReplyCode.parse(v.body.decode()).locator(v.instance())


def _reply(v: Vector) -> bytes:
    code = ReplyCode.parse(v.raw("code").decode())
    return code.unlock(v.body, v.instance(), reply_id=v.raw("reply"))


def _identity(v: Vector) -> bytes:
    return bytes(Identity(v.body).recipient)


def _fingerprint(v: Vector) -> bytes:
    return Recipient(v.body).fingerprint().encode()


def _wrap(v: Vector) -> bytes:
    return v.identity().unwrap(v.body, label=v.label(), context=v.fields("context"))


def _case_key(v: Vector) -> bytes:
    return unwrap_case_key(
        v.body,
        v.raw("mask"),
        v.identity(),
        case_id=v.raw("case-id"),
        holder=v.raw("holder"),
        instance=v.instance(),
    ).reveal()


def _rewrap(v: Vector) -> bytes:
    following = Identity(v.raw("to-seed"))
    wrapped = rewrap(
        v.body,
        v.identity(),
        following.recipient,
        case_id=v.raw("case-id"),
        holder=v.raw("holder"),
        to_holder=v.raw("to-holder"),
    )
    return unwrap_case_key(
        wrapped,
        v.raw("mask"),
        following,
        case_id=v.raw("case-id"),
        holder=v.raw("to-holder"),
        instance=v.instance(),
    ).reveal()


def _reporter_lock(v: Vector) -> bytes:
    return unlock_for_reporter(
        v.body, v.key(), case_id=v.raw("case-id"), instance=v.instance()
    ).reveal()


def _opened_keys(v: Vector) -> bytes:
    keys = OpenedKeys.unlock(
        _locked_again(v), v.identity(), holder=v.raw("holder"), instance=v.instance()
    )
    return keys.find(v.raw("case-id")) or b""


def _seen_counts(v: Vector) -> bytes:
    seen = SeenCounts.unlock(
        _locked_again(v), v.identity(), holder=v.raw("holder"), instance=v.instance()
    )
    return seen.find(v.raw("case-id")).to_bytes(4, "big")


def _conflicts(v: Vector) -> bytes:
    secret = Key(v.raw("seed"), v.instance())
    return unlock_conflicts(_locked_again(v), secret, holder=v.raw("holder"))


def _locked_again(v: Vector) -> bytes:
    # So much hex would say no more than its SHA-256: the bytes are made again.
    secret = reference.derive(
        v.raw("seed"), v.raw("instance"), v.inputs["key-label"].encode()
    )
    locked = reference.lock(
        reference.pad(v.raw("entries"), int(v.inputs["size"])),
        secret,
        v.raw("instance"),
        v.label(),
        (v.raw("locked-for"),),
        v.raw("salt"),
    )
    assert reference.digest(locked) == v.body
    return locked


def _text(v: Vector) -> bytes:
    place = Place(
        v.raw("case-id"),
        v.inputs["chain"],
        int(v.inputs["number"]),
        v.inputs["author"],
        Kind(v.inputs["kind"]),
        v.raw("previous"),
    )
    return unseal(v.body, v.key(), place)


def _manifest(v: Vector) -> bytes:
    case_id, chain, author = v.raw("case-id"), v.inputs["chain"], v.inputs["author"]
    text = Place(case_id, chain, int(v.inputs["number"]), author, Kind.SUMMARY)
    return unseal(v.body, v.key(), text.manifest(read(v.inputs["beside"]).body))


def _padding(v: Vector) -> bytes:
    return unpad(v.body, int(v.inputs["size"]))


def _locked_identity(v: Vector) -> bytes:
    cost = Cost(*(int(v.inputs[name]) for name in ("memory", "passes", "lanes")))
    identity = LockedIdentity(v.body).unlock(
        v.inputs["passphrase"],
        holder=v.raw("holder"),
        instance=v.instance(),
        cost=cost,
    )
    return identity.reveal()


def _one_time_secret(v: Vector) -> bytes:
    secret = OneTimeSecret.unlock(
        v.body, v.identity(), holder=v.raw("holder"), instance=v.instance()
    )
    return secret.reveal().encode()


def _one_time_code(v: Vector) -> bytes:
    return OneTimeSecret(v.body).code(int(v.inputs["step"])).encode()


def _next_seed(v: Vector) -> bytes:
    following = unlock_next(
        v.body, v.identity(), holder=v.raw("holder"), instance=v.instance()
    )
    return following.reveal()


def _recovery_codes(v: Vector) -> bytes:
    codes = RecoveryCodes.unlock(
        v.body, v.identity(), holder=v.raw("holder"), instance=v.instance()
    )
    return bytes([codes.spend(v.inputs["typed"]).left])


def _cookie(v: Vector) -> bytes:
    return Cookie.parse(v.body.decode()).session_id()


def _session(v: Vector) -> bytes:
    return Cookie(v.raw("cookie")).unlock_session(v.body, v.instance())


def _form_key(v: Vector) -> bytes:
    return Cookie(v.body).form_key(v.inputs["path"], v.instance()).encode()


def _form_token(v: Vector) -> bytes:
    token = FormToken.parse(v.body.decode(), v.key())
    return token.burn_id() + token.age(int(v.inputs["now"])).to_bytes(4, "big")


def _form_answer(v: Vector) -> bytes:
    return FormToken(v.raw("token")).unlock(v.body, v.instance())


def _upload_token(v: Vector) -> bytes:
    return UploadToken.parse(v.body.decode()).upload_id()


def _upload_entry(v: Vector) -> bytes:
    return UploadToken(v.raw("token")).unlock(v.body, v.instance())


def file_content(name: str, preview: bytes, length: int) -> bytes:
    """What is sealed of a file (FORMAT 14.5): SHAKE256 of *name* behind a preview."""
    drawn = hashlib.shake_256(b"lurus vectors " + name.encode()).digest(length)
    return reference.pad(preview, 65_536) + drawn


def sealed_again(v: Vector) -> bytes:
    """A sealed file as it stands: made by `reference`, then laid as *chunks* says."""
    sealed = int(v.inputs["sealed-length"])
    content = file_content(v.inputs["content"], v.raw("preview"), sealed)
    filled = content.ljust(int(v.inputs["filled"]), v.raw("filling"))
    header = v.raw("header")
    made = reference.stream(filled, v.raw("sealed-key"), header)
    laid = header + b"".join(made[int(n)] for n in v.inputs["chunks"].split())
    size, flip = int(v.inputs["size"]), int(v.inputs["flip"])
    stands = bytearray(laid[:size].ljust(size, b"\x00"))
    if flip >= 0:
        stands[flip] ^= 1
    return bytes(stands)


def _stream(v: Vector) -> bytes:
    sealed = sealed_again(v)
    assert reference.digest(sealed) == v.body
    key, length = FileKey(v.raw("key")), int(v.inputs["length"])
    return reference.digest(b"".join(unseal_file([sealed], key, length, skip=65_536)))


def _link(v: Vector) -> bytes:
    return link(v.body, v.fields("context"))


def _chain(v: Vector) -> bytes:
    links = [v.body[at : at + 32] for at in range(0, len(v.body), 32)]
    entries = [(field,) for field in v.fields("entries")]
    if first_mismatch(zip(entries, links, strict=True)) is not None:
        raise BrokenError
    return links[-1]


def _share(v: Vector) -> bytes:
    share = Share.decode(v.body)
    words = (share.rule, share.date, share.subject)
    return b"\n".join((*map(str.encode, words), share.share + share.first))


def _gate_key(v: Vector) -> bytes:
    return gate_key(Key(v.body, v.instance()), v.raw("case-id")).reveal()


def _outer(v: Vector) -> bytes:
    gate, case_id, holder = v.key(), v.raw("case-id"), v.raw("holder")
    return take_gate_off(v.body, gate, case_id=case_id, holder=holder)


def _inner(v: Vector) -> bytes:
    case_id, holder = v.raw("case-id"), v.raw("holder")
    return open_outer(v.body, v.identity(), case_id=case_id, holder=holder).encode()


def _rewrap_inner(v: Vector) -> bytes:
    following, where = Identity(v.raw("to-seed")), (v.raw("case-id"), v.raw("holder"))
    wrapped = rewrap_inner(
        v.body,
        v.identity(),
        following.recipient,
        case_id=where[0],
        holder=where[1],
    )
    return following.unwrap(wrapped, label=LABEL_OUTER_WRAP, context=where)


def _recovery_wrap(v: Vector) -> bytes:
    return unwrap_seed(v.body, v.identity(), holder=v.raw("holder")).reveal()


def _recovery_share(v: Vector) -> bytes:
    share = RecoveryShare.parse(v.body.decode())
    return bytes([share.need, share.number]) + share.reveal().encode()


def _recovery_shares(v: Vector) -> bytes:
    lines = v.body.decode().splitlines()
    return combine([RecoveryShare.parse(line) for line in lines]).reveal()


def _notice(v: Vector) -> bytes:
    case_id, holder = v.raw("case-id"), v.raw("holder")
    told = open_notices(v.body, v.identity(), case_id=case_id, holder=holder)
    return encode_notices(told)


def _tally_id(v: Vector) -> bytes:
    return tally_id(Key(v.body, v.instance()), v.raw("case-id"), v.inputs["kind"])


def _tally(v: Vector) -> bytes:
    words = open_tally(
        v.body,
        v.identity(),
        v.key(),
        tally_id=v.raw("tally-id"),
        period=v.inputs["period"],
        holder=v.raw("holder"),
    )
    return words.encode()


def _backup_key(v: Vector) -> bytes:
    return parse_backup_key(v.body.decode()).reveal()


def _backup_wrap(v: Vector) -> bytes:
    header = v.raw("header")
    return unwrap_backup(v.body, v.identity(), v.instance(), header).reveal()


def _backup_proof(v: Vector) -> bytes:
    return backup_proof(GateSecret(v.body), v.instance(), v.raw("digest"))


def _round_keys(v: Vector) -> RoundKeys:
    return RoundKeys(
        Key(v.raw("gate"), v.instance()),
        v.identity(),
        number=int(v.inputs["number"]),
        holder=v.raw("holder"),
        instance=v.instance(),
    )


def _round_found(v: Vector) -> bytes:
    opened = _round_keys(v).unlock_found(v.body, RoundStage(v.inputs["stage"]))
    return b"".join(
        b"".join(one[:3]) + bytes((one.wanted, one.standing)) for one in opened
    )


def _round_counts(v: Vector) -> bytes:
    counts, salt = _round_keys(v).unlock_counts(v.body)
    return salt + counts.encode()


def _round_commitment(v: Vector) -> bytes:
    return RoundCounts.decode(v.body[32:]).commit(v.body[:32])


def _ledger_leaf(v: Vector) -> bytes:
    key = ledger_key(Key(v.body, v.instance()), v.raw("case-id"))
    number, kind = int(v.inputs["number"]), StepKind(int(v.inputs["kind"]))
    return open_step(key, number, kind, v.raw("digest")).leaf


def _ledger_digest(v: Vector) -> bytes:
    return unlock_digest(v.key(), int(v.inputs["number"]), v.body)


def _signing_key(v: Vector) -> bytes:
    return signing_key(Identity(v.body), v.instance())


def _signature(v: Vector) -> bytes:
    message = v.inputs["message"].encode()
    verify(v.raw("public"), message, v.body, Signed(v.label()))
    return message


_OPENERS: dict[str, Callable[[Vector], bytes]] = {
    "derive": _derive,
    "lock": _lock,
    "case-code": _case_code,
    "locator": _locator,
    "code-key": _code_key,
    "code-windows": _code_windows,
    "slip": _slip,
    "reply-locator": _reply_locator,
    "reply": _reply,
    "identity": _identity,
    "fingerprint": _fingerprint,
    "wrap": _wrap,
    "case-key": _case_key,
    "rewrap": _rewrap,
    "reporter-lock": _reporter_lock,
    "opened-keys": _opened_keys,
    "seen-counts": _seen_counts,
    "conflicts": _conflicts,
    "text": _text,
    "manifest": _manifest,
    "padding": _padding,
    "locked-identity": _locked_identity,
    "one-time-secret": _one_time_secret,
    "one-time-code": _one_time_code,
    "next-seed": _next_seed,
    "recovery-codes": _recovery_codes,
    "cookie": _cookie,
    "session": _session,
    "form-key": _form_key,
    "form-token": _form_token,
    "form-answer": _form_answer,
    "upload-token": _upload_token,
    "upload-entry": _upload_entry,
    "stream": _stream,
    "link": _link,
    "chain": _chain,
    "share": _share,
    "gate-key": _gate_key,
    "outer": _outer,
    "inner": _inner,
    "rewrap-inner": _rewrap_inner,
    "notice": _notice,
    "tally-id": _tally_id,
    "tally": _tally,
    "backup-key": _backup_key,
    "backup-wrap": _backup_wrap,
    "backup-proof": _backup_proof,
    "round-found": _round_found,
    "round-counts": _round_counts,
    "round-commitment": _round_commitment,
    "signing-key": _signing_key,
    "ledger-leaf": _ledger_leaf,
    "ledger-digest": _ledger_digest,
    "signature": _signature,
    "recovery-wrap": _recovery_wrap,
    "recovery-share": _recovery_share,
    "recovery-shares": _recovery_shares,
}
