"""`make bench`: what extraction, the readers and Prefect around a night cost, measured in one run, never as a test.

How to read the tables: docs/measuring.md.
"""

from __future__ import annotations

from tests import bench_extract, bench_night, bench_readers

if __name__ == "__main__":
    bench_extract.main()
    bench_readers.main()
    bench_night.main()
