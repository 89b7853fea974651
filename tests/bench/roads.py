"""The snapshots of `dispatch` on real roads: `python -m tests.bench.roads`.

People and cases stand at addresses of Liechtenstein drawn at random; skills, shifts, priorities, due times and services
are those of the shared benchmark's instance of the same seed. Ways are by car, asked of OSRM in this process; what the
matrix takes is part of every budget.
"""

from __future__ import annotations

import argparse
import hashlib
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np

from gis.model import Mode
from tests.bench import ours
from tests.bench.cells import Cells, Missing, engine, package
from tests.bench.dispatch import Run, fed, judged, report, say
from tests.bench.snapshot import bench, problem_of, rules
from tests.bench.town import Town, town

PLACE = "Liechtenstein"
SEEDS = tuple(range(3))


def runs(seeds: tuple[int, ...] = SEEDS) -> list[Run]:
    return [
        run
        for seed in seeds
        for run in (
            Run(engine="nearest", size=PLACE, seed=seed),
            *(Run(engine="ours", size=PLACE, seed=seed, cpu=cpu) for cpu in (1.0, 10.0)),
            *(Run(engine="ortools", size=PLACE, seed=seed, cpu=cpu) for cpu in (10.0, 30.0)),
        )
    ]


def collect(wanted: list[Run], cells: Cells, tell: Callable[[str], None] = say) -> dict[Run, dict[str, Any]]:
    """Every figure, one after the other in this process."""
    here = town(PLACE)
    found: dict[Run, dict[str, Any]] = {}
    for seed in dict.fromkeys(run.seed for run in wanted):
        x, asked = instance(here, seed)
        mark = f"{rules()} roads {hashlib.sha256(x.travel.tobytes()).hexdigest()[:8]}"
        for run in (run for run in wanted if run.seed == seed):
            stamp, measure = f"{mark} {_version(run)}".strip(), partial(_measure, run, x, asked)
            with suppress(Missing):
                found[run] = cells.measured(run.key, stamp, measure, partial(fed, run), tell)
    return found


def instance(here: Town, seed: int, people: int = 50, cases: int = 300) -> tuple[Any, float]:
    """An instance of the shared benchmark with the place's own ways, and the CPU-seconds that those took."""
    points = here.drawn(np.random.default_rng(seed), [Mode.DRIVE], people + cases)
    began = time.process_time()
    travel = here.matrix(Mode.DRIVE, points)
    return replace(bench().instance(seed, people, cases), travel=travel), time.process_time() - began


def _version(run: Run) -> str:
    return {"ours": engine, "ortools": lambda: package("ortools"), "nearest": str}[run.engine]()


def _measure(run: Run, x: Any, asked: float) -> dict[str, Any]:
    left = run.cpu - asked
    if run.engine == "ours":
        figures = ours.figures(x, problem_of(x, bench().UNSERVED), left)
        return figures | {"matrix": round(asked, 3)}
    began = time.process_time()
    routes = bench().nearest(x) if run.engine == "nearest" else bench().ortools_cold(x, left)
    return judged(x, routes) | {"cpu": round(time.process_time() - began, 2), "matrix": round(asked, 3)}


def main() -> None:
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--seeds", type=int, nargs="+", default=list(SEEDS))
    a = p.parse_args()
    say(report(collect(runs(tuple(a.seeds)), Cells())))


if __name__ == "__main__":
    main()
