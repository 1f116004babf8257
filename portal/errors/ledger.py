"""The public trail: what is not in it, and what does not hold."""

from portal.errors.installation import LurusError


class LedgerError(LurusError):
    """The public trail cannot show that."""


class NoSuchLeafError(LedgerError):
    """No leaf like that is in the trail."""


class NoSuchTreeError(LedgerError):
    """No tree of that size was ever signed."""


class NoTrailYetError(LedgerError):
    """No day is closed yet: the trail begins tomorrow."""


class UnreadableTrailError(LedgerError):
    """Rows of the public trail hold what no program wrote there; compare with a backup."""


class KeyOverlapError(LedgerError):
    """One signing key is following another already; wait until the overlap has ended."""


class RewrittenHistoryError(LedgerError):
    """The trail is not the one that was cosigned before: its history was rewritten."""
