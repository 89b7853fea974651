"""How long the road engine takes to build and to answer: `python -m tests.bench.travel EXTRACT.osm.pbf ...`."""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np

from gis.model import Mode, Point
from gis.travel import built, calibration, graphs
from gis.travel.beeline import PACES, Beeline
from gis.travel.osrm import Osrm

SIZES = ((200, 200), (50, 5000), (1000, 1000))


def main() -> None:
    for path in map(Path, sys.argv[1:]):
        with tempfile.TemporaryDirectory() as folder:
            graphs.build(path, Path(folder), lambda *_: None)
            build = built.read(Path(folder))
            _say(f"{path.name}: built in {build.seconds} s; {dict(build.algorithms)}")
            for mode in Mode:
                _mode(Osrm(Path(folder)), build, mode, calibration.sample(path, most=6000))


def _mode(engine: Osrm, build: built.Built, mode: Mode, points: list[Point]) -> None:
    figures = []
    for rows, columns in SIZES:
        sources, targets = _some(points, rows, 1), _some(points, columns, 2)
        seconds = _median(partial(engine.matrix, mode, sources, targets))
        figures.append(f"{rows} x {columns} {1000 * seconds:.0f} ms")
    route = _median(lambda: engine.route(mode, _some(points, 2, 3)))
    _say(
        f"  {mode.value:<6}",
        *figures,
        f"route {1000 * route:.1f} ms",
        f"pace {build.paces[mode]}",
        _error(engine, build, mode, points),
    )


def _error(engine: Osrm, build: built.Built, mode: Mode, points: list[Point]) -> str:
    """How far the straight line is from the road, as measured on points that the paces were not measured on."""
    some = _some(points, 150, 4)
    roads = engine.matrix(mode, some, some).seconds
    use = np.isfinite(roads) & (roads > 60)
    off = [
        float(np.median(np.abs(Beeline(paces=paces).matrix(mode, some, some).seconds[use] / roads[use] - 1)))
        for paces in (PACES, build.paces)
    ]
    return f"straight line off by {100 * off[0]:.0f} % by default, {100 * off[1]:.0f} % with the place's pace"


def _median(question: Callable[[], object], times: int = 5) -> float:
    question()
    taken = []
    for _ in range(times):
        started = time.perf_counter()
        question()
        taken.append(time.perf_counter() - started)
    return statistics.median(taken)


def _some(points: list[Point], count: int, seed: int) -> list[Point]:
    chance = np.random.default_rng(seed)
    return [points[at] for at in chance.choice(len(points), count, replace=count > len(points))]


def _say(*words: object) -> None:
    sys.stdout.write(" ".join(map(str, words)) + "\n")


if __name__ == "__main__":
    main()
