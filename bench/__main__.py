"""``python -m bench``: measure, print a table, write ``bench/results.json``.

LURUS_BENCH_SECONDS shortens or lengthens each load.
"""

import os
import sys

from bench.instance import differences
from bench.purge import measure_purge
from bench.reading import measure_reading
from bench.report import (
    RESULTS,
    Results,
    describe_machine,
    find_commit,
    print_table,
    write_results,
)
from bench.rounds import measure_round
from bench.scenarios import DISK, measure_officers, measure_reporters
from bench.trail import measure_trail
from bench.uploads import measure_uploads

DEFAULT_SECONDS = 6.0


def main() -> None:
    """Run every scenario; exit with 1 if anything failed or was lost."""
    seconds = float(os.environ.get("LURUS_BENCH_SECONDS", DEFAULT_SECONDS))
    print("A throw-away instance with production settings, but for:")
    for name, value in differences().items():
        print(f"    {name} = {value}")
    results = Results(
        machine=describe_machine(),
        commit=find_commit(),
        busy=os.getloadavg()[0],
        seconds=seconds,
        reporters=measure_reporters(seconds, _tell),
        officers=measure_officers(_tell),
        purge_1000_ms=measure_purge(_tell),
        round_10000=measure_round(_tell),
        trail_250000=measure_trail(_tell),
        uploads=measure_uploads(DISK, _tell),
        reading=measure_reading(_tell),
    )
    write_results(results)
    print_table(results)
    print(f"\nwritten to {RESULTS}")
    sys.exit(not results.is_sound)


def _tell(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
