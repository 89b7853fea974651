"""Kill parts of a whole product while people work with it: `python -m tests.bench.faults --seconds 60`.

Prints what was acknowledged, lost and doubled, how often what was killed and how long it took to come back. Ends with
1 where anything is wrong. Needs PostgreSQL with PostGIS; takes a cluster and a port of its own and leaves nothing.
"""

from __future__ import annotations

import argparse
import statistics
import sys
from collections.abc import Iterator

from tests.faults.house import house
from tests.faults.storm import Result, storm


def main() -> int:
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--seconds", type=float, default=60)
    p.add_argument("--workers", type=int, default=2, help="processes that answer HTTP")
    a = p.parse_args()
    with house(workers=a.workers) as found:
        result = storm(found, seconds=a.seconds)
    for name, value in table(result):
        sys.stdout.write(f"{name:<42} {value}\n")
    wrong = [f"{what}: {one}" for what, faults in result.faults.items() for one in faults]
    sys.stdout.writelines(f"  {one}\n" for one in wrong[:40])
    return 1 if wrong else 0


def table(result: Result) -> Iterator[tuple[str, str]]:
    """Names and figures."""
    said = result.ledger
    yield "seconds", f"{result.seconds:.1f}"
    yield "reports acknowledged", f"{len(said.reports)}"
    yield "deeds of the field acknowledged", f"{len(said.deeds)}"
    yield "requests repeated with the same key", f"{said.repeated}"
    yield "refused in words", ", ".join(f"{code} {n}" for code, n in said.refused.most_common()) or "none"
    yield "events heard by the open screen", f"{result.events} in {result.connections} connections"
    yield "answers without PostgreSQL", f"{len(result.outages)}, all 503: {not result.faults['outage']}"
    for name, n in result.kills.items():
        yield f"kill -9 {name}", f"{n}"
    for name, seconds in result.restarts.items():
        yield f"back after {name}, median and worst, s", f"{statistics.median(seconds):.1f}  {max(seconds):.1f}"
    yield "until no case was forgotten, s", f"{result.calm:.1f}"
    yield "until a late report was planned, s", f"{result.latecomer:.1f}"
    for what, faults in result.faults.items():
        yield f"faults: {what}", f"{len(faults)}"


if __name__ == "__main__":
    sys.exit(main())
