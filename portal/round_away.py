"""A round is held away from the portal: the same rules, with a file in place of rows.

No database, no gate and no network: an export, a passphrase, and the day on this
machine. What was found is sealed to the portal and signed; the counts are for who
sits here, and travel under the custodian's own key.
"""

import datetime as dt
import hmac
import secrets
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from crypto import (
    NO_SUBJECT,
    RFC_9106_LOW_MEMORY,
    BrokenError,
    Cost,
    ExportedEntry,
    Found,
    FoundAway,
    Identity,
    NotYoursError,
    ReleaseRule,
    RoundAnswer,
    RoundCounts,
    RoundExport,
    Share,
    Signed,
    counts_salt,
    export_digest,
    lock_counts_away,
    open_outer,
    sign,
    signing_key,
)
from portal import round_rules
from portal.cosigning import cosign_away
from portal.models import NO_DAY
from portal.outers import digest_of
from portal.round_errors import (
    ExportToComeError,
    NotAnExportError,
    OtherPassphraseError,
)
from portal.round_lines import RoundLine
from portal.round_rules import Standing, judge

_TAG_SIZE = len(NO_SUBJECT)


@dataclass(frozen=True)
class HeldAway:
    """A round that was held, and the file that brings it back."""

    line: RoundLine
    counts: RoundCounts
    answer: bytes = field(repr=False)


@dataclass(frozen=True)
class _Opened:
    found: Found
    share: Share | None


def read_export(content: bytes, today: dt.date) -> RoundExport:
    """Read what was carried away; *today*: the day on this machine.

    Raises:
        NotAnExportError: something else, or a byte of it is another.
        ExportToComeError: it bears a later day.
    """
    try:
        export = RoundExport.decode(content)
    except BrokenError:
        raise NotAnExportError from None
    if export.day > today:
        raise ExportToComeError
    return export


def unlock(
    export: RoundExport, passphrase: str, cost: Cost = RFC_9106_LOW_MEMORY
) -> Identity:
    """Return the custodian whose round it is.

    Raises:
        OtherPassphraseError: another passphrase, or the file was changed.
    """
    try:
        return export.locked.unlock(
            passphrase, holder=export.holder, instance=export.instance, cost=cost
        )
    except NotYoursError:
        raise OtherPassphraseError from None


def hold_away(export: RoundExport, identity: Identity) -> HeldAway:
    """Open every entry, decide, seal and sign what follows."""
    opened = _open_all(export, identity)
    decided = round_rules.decide(one.found for one in opened)
    counts = round_rules.count(decided)
    counts = replace(counts, unreadable=counts.unreadable + export.lacking)
    shares = {one.found.case_id: one.share for one in opened}
    told = {one.case_id: _told(one, shares[one.case_id]) for one in _acting(decided)}
    entries = len(decided) + export.lacking
    line, signature, locked = _sign(export, identity, counts, entries)
    answer = RoundAnswer.seal(
        FoundAway(
            str(line),
            signature,
            locked,
            cosign_away(export.trail, identity, export.day, export.instance),
            _without_groups(decided),
            told,
        ),
        identity,
        export.answer_to,
        instance=export.instance,
        number=export.number,
        holder=export.holder,
        export=export_digest(export.encode()),
    )
    return HeldAway(line, counts, bytes(answer))


def _sign(
    export: RoundExport, identity: Identity, counts: RoundCounts, entries: int
) -> tuple[RoundLine, bytes, bytes]:
    """Return the line, its signature, and the counts under the custodian's own key."""
    salt, instance = counts_salt(), export.instance
    line = RoundLine(
        export.number,
        export.day,
        entries,
        counts.commit(salt),
        signing_key(identity, instance),
        export.name,
    )
    signature = sign(identity, str(line).encode(), Signed.LINE, instance=instance)
    locked = lock_counts_away(
        counts,
        salt,
        identity,
        number=export.number,
        holder=export.holder,
        instance=instance,
    )
    return line, signature, locked


def _open_all(export: RoundExport, identity: Identity) -> list[_Opened]:
    # In the order in which the portal will act on them.
    entries = sorted(export.entries)
    tags: dict[str, bytes] = {}
    return [_open(one, export, identity, tags) for one in entries]


def _open(
    entry: ExportedEntry,
    export: RoundExport,
    identity: Identity,
    tags: dict[str, bytes],
) -> _Opened:
    standing, share = _look(entry, export, identity)
    if share is None:
        return _Opened(Found(entry.case_id, entry.outer, NO_SUBJECT, 0, standing), None)
    wanted = ReleaseRule(share.rule).wanted
    tag = NO_SUBJECT
    if wanted:
        # Equal for equal subjects in this round, and drawn: it tells nothing of them.
        tag = tags.setdefault(share.subject, secrets.token_bytes(_TAG_SIZE))
    return _Opened(Found(entry.case_id, entry.outer, tag, wanted, standing), share)


def _look(
    entry: ExportedEntry, export: RoundExport, identity: Identity
) -> tuple[Standing, Share | None]:
    try:
        share = open_outer(
            entry.inner, identity, case_id=entry.case_id, holder=export.holder
        )
    except NotYoursError:
        return Standing.UNREADABLE, None
    except BrokenError:
        # It was kept from this custodian, who shall not be told so: it waits for others.
        return Standing.WAITING, None
    if not hmac.compare_digest(share.first, entry.first):
        return Standing.UNREADABLE, None
    is_open = hmac.compare_digest(digest_of(share.share), entry.mask)
    mask = share.share if is_open else bytes(len(share.share))
    return judge(share, mask, export.day), share


def _acting(decided: Iterable[Found]) -> Iterable[Found]:
    return (one for one in decided if Standing(one.standing).is_done)


def _without_groups(decided: Iterable[Found]) -> list[Found]:
    """Return what was found; who names the same stays only where it opens something.

    There the portal counts once more, so that nobody is left alone by who withdrew.
    """
    entries = list(decided)
    matched = {one.subject for one in entries if one.standing == Standing.MATCHED}
    return [
        one if one.subject in matched else one._replace(subject=NO_SUBJECT, wanted=0)
        for one in entries
    ]


def _told(one: Found, share: Share | None) -> Share:
    """Return what the portal needs of a share: no subject, and nothing of what ends."""
    if share is None:
        raise ValueError("nothing is done to what did not open")
    pair = share.share
    if one.standing == Standing.ENDED:
        pair = bytes(len(pair))
    day = share.date or NO_DAY.isoformat()
    return Share(ReleaseRule.DATE, day, "", pair, share.first)
