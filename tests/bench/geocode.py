"""Recall and latency of the geocoder on query sets with known answers.

    python -m tests.bench.geocode QUERIES.jsonl EXTRACT.osm.pbf [--misses KIND]

One JSON line per query: kind, query, lon, lat, tolerance_m, alts. A hit is a place within the tolerance of the position
or of an alternative. A query of kind `absent_street` is answered right by silence.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import time
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from gis.geocode.register import Register
from gis.model import Place, Point
from gis.travel.beeline import degrees, great_circle
from tests.bench.place import database, imported


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("queries", type=Path)
    asked.add_argument("extract", type=Path)
    asked.add_argument("--database", default="dev_travel")
    asked.add_argument("--misses", default="")
    how = asked.parse_args()
    engine = database(how.database)
    district = imported(engine, how.extract).district
    geocoder = Register(engine)
    hits: dict[str, list[tuple[bool, bool]]] = defaultdict(list)
    took: dict[str, list[float]] = defaultdict(list)
    for line in how.queries.read_text(encoding="utf-8").splitlines():
        query = json.loads(line)
        started = time.perf_counter()
        places = geocoder.search(query["query"], district=district, limit=5)
        took[query["kind"]].append(1000 * (time.perf_counter() - started))
        hit = _hit(query, places[:1]), _hit(query, places)
        hits[query["kind"]].append(hit)
        if query["kind"] == how.misses and not hit[0]:
            _say(query["query"], "->", [(p.label, p.found.value, p.kind, p.score) for p in places[:3]])
    _report(hits, took)


def _hit(query: dict[str, Any], places: Sequence[Place]) -> bool:
    if query["kind"] == "absent_street":
        return not places
    right = [Point(query["lon"], query["lat"]), *(_point(other) for other in query["alts"])]
    found = [place.point for place in places if place.point]
    if not found:
        return False
    return bool((great_circle(degrees(right)[:, None, :], degrees(found)[None, :, :]) <= query["tolerance_m"]).any())


def _point(other: Any) -> Point:
    return Point(other["lon"], other["lat"]) if isinstance(other, dict) else Point(*other)


def _say(*words: object) -> None:
    sys.stdout.write(" ".join(map(str, words)) + "\n")


def _report(hits: dict[str, list[tuple[bool, bool]]], took: dict[str, list[float]]) -> None:
    _say(f"{'kind':<18}{'n':>5}{'@1 %':>8}{'@5 %':>8}{'p50 ms':>9}{'p95 ms':>9}")
    for kind, pairs in [*hits.items(), ("all", [pair for some in hits.values() for pair in some])]:
        times = sorted(took.get(kind) or [each for some in took.values() for each in some])
        first, five = (100 * sum(pair[at] for pair in pairs) / len(pairs) for at in (0, 1))
        p95 = times[min(len(times) - 1, int(0.95 * len(times)))]
        _say(f"{kind:<18}{len(pairs):>5}{first:>8.1f}{five:>8.1f}{statistics.median(times):>9.1f}{p95:>9.1f}")


if __name__ == "__main__":
    main()
