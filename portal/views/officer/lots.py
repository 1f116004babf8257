"""Long work, a few seconds for each request: who asked presses *continue*.

No script is needed, and a worker that ends in the middle loses one lot at most.
"""

import time
from collections.abc import Iterator

WORK_SECONDS = 2.0
STEP_PERCENT = 10
"""Finer, a share would tell how many cases there are that the officer cannot see."""

GAP_SECONDS = 0.02
"""Between two lots, for whoever waits to write."""


def work(lots: Iterator[None]) -> bool:
    """Do lot after lot until there is none left; False: time was up before."""
    end = time.monotonic() + WORK_SECONDS
    for _lot in lots:
        if time.monotonic() > end:
            return False
        time.sleep(GAP_SECONDS)
    return True


def percent(done: int, total: int) -> int:
    """Return how far work is, in full tens of a hundred."""
    share = done * 100 // total if total else 100
    return share - share % STEP_PERCENT
