"""How long it takes from a closed road to new travel times: `python -m tests.bench.closures EXTRACT.osm.pbf ...`.

Two ways to the same end: customising the multi-level graph beside the running one, as the house does, and contracting
again. Each row is one mode of one place: seconds from the geometry to the answer of a new 50 x 50 table, and the table
by itself before and after. What closures add to the building of a place is told last.
"""

from __future__ import annotations

import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import numpy as np
from shapely.geometry import LineString

from gis.model import Mode, Point
from gis.travel import built, calibration, closing, graphs, running, segments
from gis.travel.closing import Closure
from gis.travel.osrm import Osrm

SIZE = 50
TIMES = 5


def main() -> None:
    _say("| place | mode | table 50x50 CH ms | closed: table MLD ms | closed: new table s | contracted again: s |")
    _say("|---|---|---|---|---|---|")
    for path in map(Path, sys.argv[1:]):
        with tempfile.TemporaryDirectory() as folder:
            graphs.build(path, Path(folder), lambda *_: None)
            for mode in Mode:
                _row(path, Path(folder), mode)
            _build(path, Path(folder))


def _row(path: Path, folder: Path, mode: Mode) -> None:
    points = _some(calibration.sample(path, most=2000), SIZE)
    engine = Osrm(folder)
    closure = Closure(id=1, geometry=_street(folder, mode, points), modes=frozenset({mode}))

    def table() -> None:
        engine.matrix(mode, points, points)

    def close_and_ask() -> None:
        closing.enforce(folder, [closure])
        table()

    plain = _median(table)
    spent = []
    for _ in range(TIMES):
        spent.append(_seconds(close_and_ask))
        closed = _median(table)
        closing.enforce(folder, [])
    again = _seconds(lambda: _contract_again(folder, mode, closure))
    name = path.name.split("_")[0]
    figures = f"{1e3 * plain:.1f} | {1e3 * closed:.1f} | {statistics.median(spent):.2f} | {again:.2f}"
    _say(f"| {name} | {mode.value} | {figures} |")


def _street(folder: Path, mode: Mode, points: list[Point]) -> LineString:
    """Some 300 m of the way between two of the points: what somebody draws along a street."""
    engine = Osrm(folder)
    ways = (engine.route(mode, [a, b]) for a, b in pairwise(points))
    line = next(leg.line for leg in ways if leg.metres > 1000)
    middle = len(line) // 2
    return LineString([(p.lon, p.lat) for p in line[middle : middle + 8]])


def _contract_again(folder: Path, mode: Mode, closure: Closure) -> None:
    """What it would take without the multi-level graph: a copy, contracted with the closure."""
    build = built.read(folder)
    roads = segments.load(build.folder)
    pairs = roads.pairs(closing.matching.closed(roads, closure.geometry))
    with tempfile.TemporaryDirectory() as other:
        target = Path(other) / mode.value
        shutil.copytree(build.base(mode).parent, target)
        csv = target / "closed.csv"
        csv.write_text("".join(f"{u},{v},0\n{v},{u},0\n" for u, v in pairs.tolist()))
        running.run(mode, "osrm-contract", [str(target / built.BASE), "--segment-speed-file", str(csv)], seconds=600)


def _build(path: Path, folder: Path) -> None:
    build = built.read(folder)
    size = dict.fromkeys(("all", "for closures"), 0)
    for file in build.folder.rglob("*"):
        if file.is_file():
            kind = file.name.removeprefix(f"{built.BASE}.")
            size["all"] += file.stat().st_size
            if kind in graphs.TO_CUSTOMISE | {"partition", "cells", segments.FILE}:
                size["for closures"] += file.stat().st_size
    with tempfile.TemporaryDirectory() as other:
        parted = sum(_partition(path, Path(other) / mode.value, mode) for mode in Mode)
        gathered = _seconds(lambda: segments.save(segments.gather(path), Path(other) / segments.FILE))
    _say(
        f"\n{path.name}: built in {build.seconds} s, {parted + gathered:.1f} s of it for closures"
        f" (partition {parted:.1f}, segments {gathered:.1f}); {size['all'] / 1e6:.1f} MB,"
        f" {size['for closures'] / 1e6:.1f} MB of it for closures\n"
    )


def _partition(extract: Path, target: Path, mode: Mode) -> float:
    target.mkdir()
    base, profile = target / built.BASE, running.profile(graphs.PROFILES[mode])
    running.run(mode, "osrm-extract", ["-p", str(profile), "-o", str(base), str(extract)], seconds=600)
    return _seconds(lambda: running.run(mode, "osrm-partition", [str(base)], seconds=600))


def _some(points: list[Point], count: int) -> list[Point]:
    chance = np.random.default_rng(1)
    return [points[at] for at in chance.choice(len(points), count, replace=count > len(points))]


def _median(question: Callable[[], object], times: int = 15) -> float:
    question()
    return statistics.median(_seconds(question) for _ in range(times))


def _seconds(deed: Callable[[], object]) -> float:
    began = time.perf_counter()
    deed()
    return time.perf_counter() - began


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
