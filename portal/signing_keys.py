"""Custodians' signing keys: registered whenever the seed is at hand.

The database keeps the public half. Whoever can write rows can put another there until
that custodian next logs in or changes the key; then it is the right one again, and
what was signed with the other is no signature any more.
"""

from crypto import Identity, InstanceId, signing_key
from portal.models import Person


def keep_signing_key(person: Person, identity: Identity, instance: InstanceId) -> None:
    """Register what *person*, being a custodian, signs with; nobody else signs.

    Call it inside a transaction, at every login and change of key.
    """
    if not person.is_custodian:
        person.signing_key = None
        return
    if bytes(identity.recipient) != person.recipient:
        return  # the key was changed meanwhile: this is the one before
    own = signing_key(identity, instance)
    if person.signing_key != own:
        person.signing_key = own
