"""A receipt that cannot be made."""

from portal.errors.installation import LurusError


class ReceiptError(LurusError):
    """There is no receipt of that."""


class NothingInTrailError(ReceiptError):
    """Of the steps that were chosen none is in the public trail."""


class UnsoundTrailError(ReceiptError):
    """The public trail does not hold together: no receipt can be made of it."""
