"""Measures every goal in one run and says which were missed. BENCH_QUICK=1 takes fewer rounds and a shorter past.

Ends with 1 when something went unmeasured, or a goal is missed by more than it is known to be missed.
"""

import sys
import tempfile
import time
from pathlib import Path

from bench import answers, counting, long_past, pages, writing
from bench.measuring import QUICK, Table
from bench.rooms import rooms


def main() -> int:
    start = time.monotonic()
    print(
        f"Ratios within this run, {'quick' if QUICK else 'whole'}; other work on this machine only makes them noisier."
    )
    table = Table()
    with tempfile.TemporaryDirectory(prefix="teduh-bench-") as folder, rooms(Path(folder)) as made:
        for measure in (
            counting.measure,
            pages.measure,
            writing.measure_guard,
            writing.measure_opening,
            answers.measure_sign_in,
            answers.measure_dear_pages,
            long_past.measure,
        ):
            measure(made, table)
    table.show()
    print(f"{time.monotonic() - start:.0f} s")
    return 0 if table.passed else 1


if __name__ == "__main__":
    sys.exit(main())
