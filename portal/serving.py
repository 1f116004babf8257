"""The server: granian, whose workers share what is the same in all of them.

It forks its workers from a process that knows the program already. What nobody writes
to, they have in common; and a worker that ended is back without reading it all again.
Nothing is opened here: each worker makes an app of its own, with its own connections.
"""

import gc

# With the first day that is counted each worker would load all its calendars.
import holidays.countries  # noqa: F401
from granian.cli import entrypoint

import portal  # noqa: F401

if __name__ == "__main__":
    # To look for cycles writes to every page: what stands here has none to look for.
    gc.collect()
    gc.freeze()
    entrypoint()  # type: ignore[no-untyped-call]  # granian's
