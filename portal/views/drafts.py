"""What was typed into a form that was not taken: error pages give it back."""

from dataclasses import dataclass

from flask import request
from werkzeug.exceptions import HTTPException

from portal.errors import NotAdmittedError
from portal.views.languages import gettext as _
from portal.views.receiving import received
from portal.views.request import SAME_SITE, read_form
from portal.views.words import LABELLED, field_word

GIVEN_BACK = frozenset(
    {"text", "text_id", "text_en", "message", "reason", "title", "q"}
    | {"admitted_until", *LABELLED}
    | {"form_token", "presets", "readers", "only_outside", "step", "seen"}
    | {"to", "outcome", "severity", "likelihood", "kind", "open", "chosen"}
    | {"person_name", "person_position", "person_unit", "roles"}
    | {"evidence_at_risk", "victim_at_risk", "mail_address", "as_sent"}
    | {"declared_at", "declared_on", "counts", "predicate", "year"}
    | {"head_name", "head_position", "signed_on", "promises", "custodians"}
)
"""Fields that an error page gives back; never a passphrase, a code or a form key."""

MOST_DRAFTS = 80
"""Fields given back at most; the largest form has fewer."""


@dataclass(frozen=True)
class Draft:
    """What was typed into a form that was not taken."""

    name: str
    text: str
    label: str = ""
    """How the text is called; empty: a choice, carried along unseen."""


def has_texts() -> bool:
    """Tell whether the page gives back something that was typed."""
    return any(draft.label for draft in read_drafts())


def read_drafts() -> list[Draft]:
    """Return what was typed into the form that could not be taken."""
    site = request.headers.get("Sec-Fetch-Site", "none")
    is_read = "form" in request.__dict__
    is_cut = "stream" in request.__dict__ and not is_read
    if request.method != "POST" or site not in SAME_SITE or is_cut:
        return []
    if request.routing_exception is not None:
        return []
    try:
        # What was refused before it was read is read now, if there is a place.
        fields = list(read_form().items(multi=True))
    except (HTTPException, NotAdmittedError):
        return []
    labels = _labels()
    files = [("kept", one.token.reveal()) for one in received()]
    typed = [(name, text) for name, text in fields if name in GIVEN_BACK and text]
    return [
        Draft(name, text, labels.get(name, ""))
        for name, text in [*files, *typed][:MOST_DRAFTS]
    ]


def _labels() -> dict[str, str]:
    texts = {
        "text": _("Your message"),
        "text_id": _("In Indonesian"),
        "text_en": _("In English"),
        "message": _("Message to the reporter"),
        "reason": _("Reason, internal"),
        "title": _("Title"),
        "q": _("Search in all cases"),
        "person_name": _("Name"),
        "person_position": _("Position"),
        "person_unit": _("Work unit"),
        "mail_address": _("Address for the daily notice"),
        "counts": _("A line for each unit"),
    }
    return texts | {name: field_word(name) for name in LABELLED}
