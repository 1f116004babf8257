"""What the list tells of keys: whose is new, what was handed over, who reads alone."""

from dataclasses import dataclass

from flask import url_for

from portal import key_hand_overs
from portal.models import Person
from portal.views.languages import gettext as _
from portal.views.request import db, duty, visit
from portal.views.words import day


@dataclass(frozen=True)
class KeyNotice:
    """A sentence, and the page where something is to be done."""

    text: str
    href: str
    label: str


def key_notices() -> list[KeyNotice]:
    """Return what an officer should know; nothing on most days."""
    asked = key_hand_overs.list_asked(db(), duty())
    return [*map(_new_key, asked), *_received(), *_few_readers()]


def _new_key(colleague: Person) -> KeyNotice:
    since = day(colleague.key_since or colleague.added_on)
    address = url_for("officer.hand_over", person_id=colleague.id.hex())
    if colleague.is_custodian:
        heard = _(
            "Nobody has compared the key of %(name)s, keeper since %(day)s. Until then "
            "no case is sealed to it.",
            name=colleague.name,
            day=since,
        )
        return KeyNotice(heard, address, _("Compare the key"))
    return KeyNotice(
        _(
            "%(name)s has a new key since %(day)s and can read no case of before. Hand "
            "over those that both of you may read.",
            name=colleague.name,
            day=since,
        ),
        address,
        _("Hand cases over"),
    )


def _received() -> list[KeyNotice]:
    received = key_hand_overs.count_received(db(), duty())
    if received is None or not (received.is_waiting or received.done < received.total):
        return []
    text = _(
        "%(done)d of %(total)d colleagues have handed cases over to your new key.",
        done=received.done,
        total=received.total,
    )
    return [KeyNotice(text, url_for("officer.take_up"), _("Your new key"))]


def _few_readers() -> list[KeyNotice]:
    count = visit().few_readers
    if not count:
        return []
    text = _(
        "Open cases of yours that nobody else at work can read: %(count)d.", count=count
    )
    return [KeyNotice(text, url_for("officer.leave"), _("See which, and hand them on"))]
