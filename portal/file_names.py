"""A name for a file that says no more than it must, and does nothing.

What a browser sends may hold a folder of the sender's machine, signs that turn a line
round, or signs that end a header. Of all this nothing is stored.
"""

import re
import unicodedata

from portal.manifests import NAME_BYTES
from portal.reports import as_seen

NAMELESS = "file"
"""Of a file that has no name, or none that is left."""

_QUOTES = str.maketrans({'"': "'", "\\": "_"})
_FOLDERS = re.compile(r"^.*[/\\]", re.DOTALL)
# Controls, formats, surrogates, private and unassigned signs; ends of lines.
_UNFIT = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
_LONGEST_SUFFIX = 12


def neutral_name(name: str) -> str:
    """Return *name* without folders and unseen signs, in at most 120 bytes of UTF-8.

    A name that is too long is cut before its suffix. It is never empty.
    """
    bare = _FOLDERS.sub("", name).translate(_QUOTES)
    seen = "".join(
        " " if unicodedata.category(sign) in {"Zs", "Zl", "Zp"} else sign
        for sign in bare
        if unicodedata.category(sign) not in _UNFIT - {"Zl", "Zp"}
    )
    whole = unicodedata.normalize("NFC", as_seen(seen)).strip(". ")
    if not whole:
        return NAMELESS
    return _shortened(whole)


def _shortened(name: str) -> str:
    if len(name.encode()) <= NAME_BYTES:
        return name
    stem, dot, suffix = name.rpartition(".")
    end = (dot + suffix).encode()
    if not stem or len(end) > _LONGEST_SUFFIX:
        stem, end = name, b""
    kept = stem.encode()[: NAME_BYTES - len(end)]
    return kept.decode(errors="ignore").rstrip() + end.decode()
