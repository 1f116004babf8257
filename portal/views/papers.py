"""A custodian's key as words on papers: the page that shows them, this once."""

from dataclasses import dataclass

from flask import Response

from crypto import Identity
from portal.recovery import own_shares
from portal.views.languages import gettext as _
from portal.views.response import private_page


@dataclass(frozen=True)
class PaperOnPage:
    """One paper to be written down or printed."""

    title: str
    words: list[str]


def papers_page(identity: Identity) -> Response:
    """Render shares of a custodian's key; nothing of them is kept."""
    shares = own_shares(identity)
    return private_page(
        "custodian/papers.html",
        papers=[
            PaperOnPage(
                _("Paper %(number)d of %(count)d", number=number, count=len(shares)),
                share.split(),
            )
            for number, share in enumerate(shares, 1)
        ],
    )
