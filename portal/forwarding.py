"""What a proxy in front tells of who came: which headers, never what is in them.

Workers write a header's name down when they first meet it; the server begins with
an empty list. So the list says what reached the portal since its last start, and
nothing of whom, when or how often (docs/decisions/0016).
"""

import datetime as dt
import os
from collections.abc import Container
from pathlib import Path

FORWARDED_FILE = "forwarded.txt"

WITH_ADDRESS = (
    "X-Forwarded-For",
    "X-Real-IP",
    "Forwarded",
    "X-Client-IP",
    "X-Cluster-Client-IP",
    "True-Client-IP",
    "CF-Connecting-IP",
    "Fastly-Client-IP",
)
"""Headers in which a proxy tells the address of who came."""
OF_PROXIES = ("Via",)
"""Headers in which a proxy tells of itself."""

_NAMES = (*WITH_ADDRESS, *OF_PROXIES)


class Lookout:
    """Notes telling headers, each once; one for a worker."""

    def __init__(self, instance: Path) -> None:
        self._path = instance / FORWARDED_FILE
        self._unmet = {
            f"HTTP_{name.upper().replace('-', '_')}": name for name in _NAMES
        }

    def is_news(self, environ: Container[str]) -> bool:
        """Tell whether a request (its WSGI environment) has a header not met yet."""
        return any(key in environ for key in self._unmet)

    def note(self, environ: Container[str], today: dt.date) -> None:
        """Note the headers of a request that were not met yet."""
        met = {key: name for key, name in self._unmet.items() if key in environ}
        # Put in place whole, under the eyes of other threads; a name noted by two
        # of them stands twice and counts once.
        self._unmet = {key: name for key, name in self._unmet.items() if key not in met}
        _append(self._path, [*met.values()], today)


def forget(instance: Path) -> None:
    """Begin anew: the server starts, and the proxy may have been mended."""
    (instance / FORWARDED_FILE).unlink(missing_ok=True)


def noted(instance: Path) -> tuple[str, ...]:
    """Return the headers that were met since the server started."""
    try:
        lines = (instance / FORWARDED_FILE).read_text("utf-8").splitlines()
    except FileNotFoundError:
        return ()
    return tuple(name for name in _NAMES if name in lines)


def _append(path: Path, names: list[str], today: dt.date) -> None:
    midnight = dt.datetime.combine(today, dt.time()).timestamp()
    lines = "".join(f"{name}\n" for name in names)
    try:
        descriptor = os.open(path, os.O_CREAT | os.O_APPEND | os.O_WRONLY, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(lines)
            file.flush()
            # The file system shall not tell the minute of a request.
            os.utime(descriptor, (midnight, midnight))
    except OSError:
        # No request is refused because its headers could not be noted.
        return
