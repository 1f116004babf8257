"""The public trail: a page for people, text and JSON for programs that check it.

Everything here is public and the same for everybody. An address that cannot be answered
says in one English sentence why: it is read by who writes such a program.
"""

import re

from flask import Blueprint, Response, request
from flask.json import dumps

from portal import ledger
from portal.cosigning import last_refusal
from portal.errors import LedgerError
from portal.ledger import SignedTree
from portal.ledger_papers import find_paper, list_papers
from portal.receipts import list_signing_keys
from portal.runtime import runtime
from portal.views.ledger_page import (
    PAPER_KINDS,
    SHOWN_DAYS,
    days_on_page,
    growth_on_page,
    growth_since,
    keys_on_page,
    papers_on_page,
)
from portal.views.request import db
from portal.views.response import page

bp = Blueprint("ledger", __name__, url_prefix="/ledger")

_NUMBER = re.compile(r"0|[1-9][0-9]{0,11}")
_HASH = re.compile(r"[0-9a-f]{64}")


class UnclearQuestionError(LedgerError):
    """A parameter is missing, or is no number or hash."""


@bp.get("")
def trail() -> Response:
    """Explain the trail; show its last days, who cosigned, and how it grew."""
    today = runtime().today()
    sizes = ledger.list_sizes(db(), growth_since(today))
    return page(
        "ledger/trail.html",
        days=days_on_page(ledger.list_trees(db(), SHOWN_DAYS)),
        growth=growth_on_page(sizes),
        cosigned=ledger.list_cosigned(db(), SHOWN_DAYS),
        refused_on=last_refusal(db()),
        papers=papers_on_page(list_papers(db(), *PAPER_KINDS)),
        keys=keys_on_page(list_signing_keys(db())),
    )


@bp.get("/checkpoint")
def checkpoint() -> Response:
    """Return a checkpoint with all lines below it: the newest, or that of a size."""
    note = ledger.cosigned_note(db(), _asked_tree())
    return _text(str(note))


@bp.get("/leaves")
def leaves() -> Response:
    """Return leaves from a number on, so many at most."""
    start, end = _number("from"), _number("to")
    found = ledger.list_leaves(db(), start, min(end, ledger.newest_tree(db()).size))
    return _json(
        {
            "from": start,
            "to": start + len(found),
            "leaves": [leaf.hex() for leaf in found],
        }
    )


@bp.get("/proof")
def proof() -> Response:
    """Return what shows that a leaf, or an older tree, is in a signed tree."""
    tree = _asked_tree()
    shown = {"size": tree.size, "root": tree.root.hex(), "day": tree.day.isoformat()}
    if "from" in request.args:
        old = ledger.find_tree(db(), _number("from"))
        path = ledger.prove_growth(db(), old.size, tree.size)
        shown |= {"from": old.size, "from_root": old.root.hex()}
    else:
        inclusion = ledger.prove(db(), _hash("leaf"), tree.size)
        path, place = inclusion.path, inclusion.place
        shown |= {"leaf": inclusion.leaf.hex(), "index": place.index}
        shown |= {"since": place.day.isoformat()}
    return _json(shown | {"path": [one.hex() for one in path]})


@bp.get("/paper")
def paper() -> Response:
    """Return a public text as it was published."""
    return _text(find_paper(db(), _hash("leaf")).text.decode())


@bp.errorhandler(LedgerError)
def refuse(error: LedgerError) -> Response:
    """Say in one sentence what is wrong with the question, or that there is no such thing."""
    is_unclear = isinstance(error, UnclearQuestionError)
    return _json({"error": str(error)}, 400 if is_unclear else 404)


def _asked_tree() -> SignedTree:
    if request.args.get("cosigned") == "yes":
        return ledger.newest_cosigned_tree(db())
    if "size" in request.args:
        return ledger.find_tree(db(), _number("size"))
    return ledger.newest_tree(db())


def _number(name: str) -> int:
    typed = request.args.get(name, "")
    if not _NUMBER.fullmatch(typed):
        raise UnclearQuestionError(f"{name} is to be a number without leading zeros.")
    return int(typed)


def _hash(name: str) -> bytes:
    typed = request.args.get(name, "")
    if not _HASH.fullmatch(typed):
        raise UnclearQuestionError(f"{name} is to be 64 hex digits, in small letters.")
    return bytes.fromhex(typed)


def _text(text: str) -> Response:
    return Response(text, mimetype="text/plain")


def _json(value: object, http: int = 200) -> Response:
    return Response(f"{dumps(value)}\n", http, mimetype="application/json")
