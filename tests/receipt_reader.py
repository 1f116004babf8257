"""A second reader of receipts, written from `docs/receipts.md` alone.

Nothing of `crypto` is used, nor of the verifier that people download: the tree is
followed by the definitions of RFC 9162, not by its algorithms; primitives are those of
`cryptography`. It says one word: what fails, or that the receipt holds.
"""

import base64
import datetime as dt
import hashlib
import json
import re
import struct
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

HOLDS = "holds"

_WORDS = (
    "sealed received submitted acknowledged verified more-information assessed addressed "
    "referred closed not-actionable withdrawn answered custodian-wrote gate-off escalated "
    "objection extended taken-over returned trouble expired destroyed reviewed"
)
_KINDS = {word: number for number, word in enumerate(_WORDS.split())}
_ROOM = {"sealed": 16384, "received": 16384, "objection": 4096, "trouble": 4096}
_HEX = {size: re.compile(f"[0-9a-f]{{{2 * size}}}") for size in (16, 32)}
_HEAD = re.compile(
    r"(?P<origin>lurus/[0-9a-f]{32})\n(?P<size>0|[1-9][0-9]{,15})\n(?P<root>[^\n]{44})\n"
    r"day (?P<day>[0-9]{4}-[0-9]{2}-[0-9]{2})\nkeys [0-9a-f]{64}\naudit [0-9a-f]{64}\n"
)
_DIGITS = "0123456789abcdef"
_P = (1 << 255) - 19
_SHAPE: dict[str, Any] = {
    "format": "lurus-receipt-v1",
    "origin": re.compile("lurus/[0-9a-f]{32}"),
    "keys": {"portal": [32], "custodians": [32]},
    "checkpoints": [{"note": str, "growth": [32]}],
    "thread": 32,
    "steps": [
        {
            "number": int,
            "kind": str,
            "blind": 32,
            "body": 32,
            "leaf": 32,
            "index": int,
            "checkpoint": int,
            "path": [32],
            "text?": {"text": str, "written": 32},
        }
    ],
    "silence?": {"ledger_key": 32, "instance": 16},
}


class UnsoundError(Exception):
    """What fails; its one argument is the word for it."""


def judge(
    written: bytes,
    keys: frozenset[bytes] = frozenset(),
    origin: str = "",
    leaves: list[bytes] | None = None,
) -> str:
    """Return `HOLDS`, or the word for what fails first."""
    try:
        for check in _checks(written, keys, origin, leaves):
            check()
    except UnsoundError as fault:
        return str(fault)
    return HOLDS


def _checks(written, keys, origin, leaves) -> Iterator[Any]:  # type: ignore[no-untyped-def]
    receipt = _read(written)
    heads = [_head(one) for one in receipt["checkpoints"]]
    yield lambda: _order(receipt, heads)
    yield lambda: _leaves(receipt)
    yield lambda: _origin(receipt, heads, origin)
    yield lambda: [_text(one) for one in receipt["steps"]]
    yield lambda: [_released(receipt, one) for one in receipt["steps"]]
    yield lambda: [_included(one, heads) for one in receipt["steps"]]
    yield lambda: [_grown(*two) for two in pairwise(heads)]
    yield lambda: _signed(receipt, heads, keys)
    if leaves is not None:
        yield lambda: _silent(receipt, heads[-1], leaves)


def _read(written: bytes) -> dict[str, Any]:
    if len(written) > 2_097_152:
        raise UnsoundError("form")
    try:
        fields = json.loads(written, parse_int=_counted)
        shaped: dict[str, Any] = _shaped(fields, _SHAPE)
        again = json.dumps(fields, indent=1, sort_keys=True).encode()
    except (ValueError, RecursionError):
        raise UnsoundError("form") from None
    filled = again.ljust(-(-(len(again) + 1) // 32768) * 32768 - 1) + b"\n"
    if filled != written:
        raise UnsoundError("form")
    return shaped


def _counted(digits: str) -> int:
    if len(digits) > 16:
        raise UnsoundError("form")
    return int(digits)


def _shaped(value: Any, shape: Any) -> Any:
    match shape:
        case dict():
            needed = {name for name in shape if not name.endswith("?")}
            known = {name.rstrip("?") for name in shape}
            if type(value) is not dict or not needed <= set(value) <= known:
                raise UnsoundError("form")
            both = {name.rstrip("?"): inner for name, inner in shape.items()}
            return {name: _shaped(one, both[name]) for name, one in value.items()}
        case [inner]:
            if type(value) is not list:
                raise UnsoundError("form")
            return [_shaped(one, inner) for one in value]
        case int():
            if type(value) is not str or not _HEX[shape].fullmatch(value):
                raise UnsoundError("form")
            return bytes.fromhex(value)
        case str():
            if value != shape:
                raise UnsoundError("form")
            return value
        case re.Pattern():
            if type(value) is not str or not shape.fullmatch(value):
                raise UnsoundError("form")
            return value
    if type(value) is not shape or (shape is int and value < 0):
        raise UnsoundError("form")
    if shape is str:
        value.encode()
    return value


def _head(checkpoint: dict[str, Any]) -> dict[str, Any]:
    text, _, below = checkpoint["note"].rpartition("\n\n")
    found = _HEAD.fullmatch(f"{text}\n")
    if found is None or not below.endswith("\n"):
        raise UnsoundError("form")
    try:
        return {
            "text": f"{text}\n".encode(),
            "origin": found["origin"],
            "size": int(found["size"]),
            "root": _decoded(found["root"]),
            "day": dt.date.fromisoformat(found["day"]),
            "growth": checkpoint["growth"],
            "lines": [_line(line) for line in _lines(below)],
        }
    except ValueError:
        raise UnsoundError("form") from None


def _lines(below: str) -> list[str]:
    lines = below.split("\n")[:-1]
    if not 1 <= len(lines) <= 64:
        raise UnsoundError("form")
    return lines


def _line(line: str) -> tuple[str, bytes, bytes]:
    dash, name, kept = line.split(" ")
    decoded, parts = _decoded(kept), name.split("/")
    shape = [len(part) for part in parts]
    is_portal = shape == [5, 32] and len(decoded) == 4 + 64
    is_keeper = shape == [5, 32, 9, 16] and len(decoded) == 4 + 8 + 64
    words, digits = parts[::2], "".join(parts[1::2])
    if words != ["lurus", "custodian"][: len(words)] or digits.strip(_DIGITS):
        raise UnsoundError("form")
    if dash != "—" or not (is_portal or is_keeper):
        raise UnsoundError("form")
    return name, decoded[:4], decoded[4:]


def _decoded(text: str) -> bytes:
    decoded = base64.b64decode(text, validate=True)
    if base64.b64encode(decoded).decode() != text:
        raise UnsoundError("form")
    return decoded


def _order(receipt: dict[str, Any], heads: list[dict[str, Any]]) -> None:
    steps = receipt["steps"]
    if not heads or not steps or heads[0]["growth"]:
        raise UnsoundError("form")
    for row in (
        [head["size"] for head in heads],
        [head["day"] for head in heads],
        [step["number"] for step in steps],
        *receipt["keys"].values(),
    ):
        if row != sorted(set(row)):
            raise UnsoundError("form")
    for step in steps:
        is_known = step["kind"] in _KINDS and step["checkpoint"] < len(heads)
        if not is_known or step["number"] >= 1 << 32:
            raise UnsoundError("form")


def _leaf(thread: bytes, blind: bytes, number: int, kind: int, body: bytes) -> bytes:
    packed = blind + thread + struct.pack(">IB", number, kind) + body
    return hashlib.sha256(b"lurus/v1/ledger-leaf\x00" + packed).digest()


def _body(written: bytes, padded: bytes) -> bytes:
    digest = hashlib.sha256(padded).digest()
    return hashlib.sha256(b"lurus/v1/ledger-body\x00" + written + digest).digest()


def _leaves(receipt: dict[str, Any]) -> None:
    for step in receipt["steps"]:
        place = step["number"], _KINDS[step["kind"]]
        made = _leaf(receipt["thread"], step["blind"], *place, step["body"])
        if made != step["leaf"]:
            raise UnsoundError("leaf")


def _origin(receipt: dict[str, Any], heads: list[dict[str, Any]], named: str) -> None:
    wanted = {receipt["origin"], *(head["origin"] for head in heads)}
    if named:
        wanted.add(named)
    if silence := receipt.get("silence"):
        message = b"lurus/v1/ledger-origin\x00" + silence["instance"]
        wanted.add("lurus/" + hashlib.sha256(message).hexdigest()[:32])
    if len(wanted) != 1:
        raise UnsoundError("origin")


def _text(step: dict[str, Any]) -> None:
    if "text" not in step:
        return
    text, size = step["text"]["text"].encode(), _ROOM.get(step["kind"], 0)
    if len(text) + 4 > size:
        raise UnsoundError("text")
    padded = (struct.pack(">I", len(text)) + text).ljust(size, b"\x00")
    if _body(step["text"]["written"], padded) != step["body"]:
        raise UnsoundError("text")


def _follow(silence: dict[str, Any], label: str, number: int | None = None) -> bytes:
    field = b"" if number is None else struct.pack(">HI", 4, number)
    info = b"lurus/v1/" + label.encode() + b"\x00" + field
    hkdf = HKDF(SHA256(), 32, salt=silence["instance"], info=info)
    return hkdf.derive(silence["ledger_key"])


def _released(receipt: dict[str, Any], step: dict[str, Any]) -> None:
    if "silence" not in receipt:
        return
    silence, number = receipt["silence"], step["number"]
    if receipt["steps"][-1]["number"] >= 8192:
        raise UnsoundError("silence")
    written = _follow(silence, "ledger-written", number)
    fits = [
        receipt["thread"] == _follow(silence, "ledger-thread"),
        step["blind"] == _follow(silence, "ledger-opening", number),
        step["kind"] in _ROOM or step["body"] == _body(written, b""),
        "text" not in step or step["text"]["written"] == written,
    ]
    if not all(fits):
        raise UnsoundError("silence")


def _node(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


def _half(size: int) -> int:
    half = 1
    while 2 * half < size:
        half *= 2
    return half


def _root_over(leaf: bytes, index: int, size: int, path: list[bytes]) -> bytes:
    """Turn PATH(m, D_n) of RFC 9162, 2.1.3.1 round: its last hash is the uppermost."""
    if size == 1:
        if path:
            raise UnsoundError("path")
        return leaf
    if not path:
        raise UnsoundError("path")
    half = _half(size)
    if index < half:
        return _node(_root_over(leaf, index, half, path[:-1]), path[-1])
    return _node(path[-1], _root_over(leaf, index - half, size - half, path[:-1]))


def _included(step: dict[str, Any], heads: list[dict[str, Any]]) -> None:
    index, head = step["index"], heads[step["checkpoint"]]
    smaller = [other["size"] for other in heads[: step["checkpoint"]]]
    if index >= head["size"] or any(index < size for size in smaller):
        raise UnsoundError("path")
    leaf = hashlib.sha256(b"\x00" + step["leaf"]).digest()
    if _root_over(leaf, index, head["size"], step["path"]) != head["root"]:
        raise UnsoundError("path")


def _roots(
    old: int, new: int, path: list[bytes], known: bytes | None
) -> tuple[bytes, bytes]:
    """Turn SUBPROOF(m, D_n, b) round; *known*: the old root, as long as b is true."""
    if old == new:
        if (known is None) != (len(path) == 1):
            raise UnsoundError("growth")
        root = path[0] if known is None else known
        return root, root
    if not path:
        raise UnsoundError("growth")
    half, other = _half(new), path[-1]
    if old <= half:
        left, right = _roots(old, half, path[:-1], known)
        return left, _node(right, other)
    left, right = _roots(old - half, new - half, path[:-1], None)
    return _node(other, left), _node(other, right)


def _grown(before: dict[str, Any], after: dict[str, Any]) -> None:
    if before["size"] == 0:
        if after["growth"] or before["root"] != hashlib.sha256().digest():
            raise UnsoundError("growth")
        return
    roots = _roots(before["size"], after["size"], after["growth"], before["root"])
    if roots != (before["root"], after["root"]):
        raise UnsoundError("growth")


def _signed(
    receipt: dict[str, Any], heads: list[dict[str, Any]], trusted: frozenset[bytes]
) -> None:
    origin, named = receipt["origin"], receipt["keys"]
    could_be = [(origin, _id(origin, 1, key), key) for key in named["portal"]]
    for key in named["custodians"]:
        name = f"{origin}/custodian/{hashlib.sha256(key).hexdigest()[:16]}"
        could_be.append((name, _id(name, 4, key), key))
    places = Counter(one[:2] for one in could_be)
    who = {one[:2]: one[2] for one in could_be if places[one[:2]] == 1}
    used = set()
    for head in heads:
        signed_by: set[bytes] = set()
        for name, its_id, kept in head["lines"]:
            key = who.get((name, its_id))
            if key is None or key in signed_by:
                raise UnsoundError("signature")
            if not _holds(key, name == origin, kept, head["text"]):
                raise UnsoundError("signature")
            signed_by.add(key)
        if not signed_by & set(named["portal"]):
            raise UnsoundError("signature")
        used |= signed_by
    if used != {*named["portal"], *named["custodians"]}:
        raise UnsoundError("key")
    if trusted and not used <= trusted:
        raise UnsoundError("key")


def _id(name: str, kind: int, key: bytes) -> bytes:
    return hashlib.sha256(f"{name}\n".encode() + bytes([kind]) + key).digest()[:4]


def _holds(key: bytes, is_portal: bool, kept: bytes, text: bytes) -> bool:
    signed = text
    if not is_portal:
        time = int.from_bytes(kept[:8], "big")
        if time % 86_400 or time >= 253_402_300_800:  # the year 10000
            return False
        signed, kept = f"cosignature/v1\ntime {time}\n".encode() + text, kept[8:]
    if not _is_point(key):
        return False
    try:
        Ed25519PublicKey.from_public_bytes(key).verify(kept, signed)
    except (InvalidSignature, ValueError):
        return False
    return True


def _is_point(key: bytes) -> bool:
    """Tell whether the one encoding of RFC 8032, 5.1.3, is used: y below p, no odd 0."""
    sign, y = divmod(int.from_bytes(key, "little"), 1 << 255)
    return y < _P and not (sign and y in (1, _P - 1))


def _silent(receipt: dict[str, Any], head: dict[str, Any], leaves: list[bytes]) -> None:
    if "silence" not in receipt:
        raise UnsoundError("silence")
    signed = leaves[: head["size"]]
    if len(signed) != head["size"] or _whole(signed) != head["root"]:
        raise UnsoundError("leaves")
    silence, thread = receipt["silence"], receipt["thread"]
    shown = {step["leaf"] for step in receipt["steps"]}
    for number in range(receipt["steps"][-1]["number"] + 17):
        blind = _follow(silence, "ledger-opening", number)
        body = _body(_follow(silence, "ledger-written", number), b"")
        made = {_leaf(thread, blind, number, kind, body) for kind in _KINDS.values()}
        if (made - shown) & set(signed):
            raise UnsoundError("hidden")


def _whole(leaves: list[bytes]) -> bytes:
    if len(leaves) == 1:
        return hashlib.sha256(b"\x00" + leaves[0]).digest()
    half = _half(len(leaves))
    return _node(_whole(leaves[:half]), _whole(leaves[half:]))
