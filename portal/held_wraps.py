"""What somebody's rows hold, wrapped anew to the key that follows, whatever it is."""

from crypto import (
    BrokenError,
    Key,
    NotYoursError,
    Recipient,
    dummy_notice,
    put_gate_on,
    rewrap,
    rewrap_inner,
    rewrap_notice,
    take_gate_off,
    wrap_dummy,
)
from portal.cases import (
    PURPOSE_ASKED,
    PURPOSE_CASE,
    PURPOSE_NEXT,
    PURPOSE_NOTICE,
    PURPOSE_OPEN,
    PURPOSE_OUTER,
    PURPOSE_TROUBLE,
    Duty,
)

NEXT_OF = {
    PURPOSE_CASE: PURPOSE_NEXT,
    PURPOSE_OUTER: "n-outer",
    PURPOSE_OPEN: "n-open",
    PURPOSE_ASKED: "n-asked",
    PURPOSE_NOTICE: "n-notice",
    PURPOSE_TROUBLE: "n-trouble",
}
"""Each purpose, and that of the row beside it while a key is changed."""

_NOTICES = frozenset({PURPOSE_NOTICE, PURPOSE_TROUBLE})
_WITHOUT_GATE = frozenset({PURPOSE_OPEN, PURPOSE_ASKED})


def wrap_again(
    purpose: str,
    wrap: bytes,
    case_id: bytes,
    duty: Duty,
    recipient: Recipient,
    gate: Key,
) -> bytes | None:
    """Wrap what *wrap* holds to *recipient*, without looking whether it is a dummy.

    What is damaged opens nothing today, and shall not hold up all the others. None:
    it is better not there, because somebody's next visit, or a round, makes it anew.
    """
    place = {"case_id": case_id, "holder": duty.person.id}
    try:
        if purpose == PURPOSE_CASE:
            return rewrap(wrap, duty.identity, recipient, **place)
        if purpose in _NOTICES:
            return rewrap_notice(wrap, duty.identity, recipient, **place)
        if purpose in _WITHOUT_GATE:
            return rewrap_inner(wrap, duty.identity, recipient, **place)
        inner = take_gate_off(wrap, gate, **place)
        again = rewrap_inner(inner, duty.identity, recipient, **place)
        return put_gate_on(again, gate, **place)
    except (NotYoursError, BrokenError):
        return _instead(purpose, place, recipient)


def _instead(
    purpose: str, place: dict[str, bytes], recipient: Recipient
) -> bytes | None:
    if purpose == PURPOSE_CASE:
        return wrap_dummy(recipient, **place)
    if purpose in _NOTICES:
        return dummy_notice(recipient, **place)
    return None
