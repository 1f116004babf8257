"""Three programs that check receipts, and what all of them say of one."""

import json
import sys
from importlib.machinery import SourceFileLoader
from importlib.util import module_from_spec, spec_from_loader
from pathlib import Path

import receipt_reader

from crypto.errors import FlawedReceiptError
from crypto.receipt import RECEIPT_STEP, Receipt
from crypto.receipt_check import check_leaves, check_receipt

HOLDS = receipt_reader.HOLDS
HOME = Path(__file__).parents[1]
DOWNLOAD = HOME / "portal" / "static" / "verify_receipt.py.txt"


def downloaded():
    """Return the one file that people download, as a module."""
    loader = SourceFileLoader("verify_receipt", str(DOWNLOAD))
    spec = spec_from_loader(loader.name, loader)
    assert spec
    module = module_from_spec(spec)
    sys.dont_write_bytecode, before = True, sys.dont_write_bytecode
    loader.exec_module(module)
    sys.dont_write_bytecode = before
    return module


ONE_FILE = downloaded()


def own(content: bytes, leaves=None) -> str:
    """Return what the portal's own program says."""
    try:
        receipt = Receipt.parse(content)
        check_receipt(receipt)
        if leaves is not None:
            check_leaves(receipt, leaves)
    except FlawedReceiptError as error:
        return error.flaw
    return HOLDS


def one_file(content: bytes, leaves=None) -> str:
    """Return what the one file says."""
    try:
        list(ONE_FILE.check(content, leaves=leaves))
    except ONE_FILE.Refused as refused:
        return refused.args[0]
    return HOLDS


def judged(content: bytes, leaves=None) -> str:
    """Return what all three say of it."""
    second = receipt_reader.judge(content, leaves=leaves)
    words = {own(content, leaves), one_file(content, leaves), second}
    assert len(words) == 1, words
    return words.pop()


def written(fields) -> bytes:
    """Write fields as a receipt is written."""
    text = json.dumps(fields, indent=1, sort_keys=True).encode()
    return text + b" " * (-(len(text) + 1) % RECEIPT_STEP) + b"\n"
