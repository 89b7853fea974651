"""Published instances as plain distance problems: `python -m tests.bench.vrptw --set solomon --cpu 10`.

Solomon's 56 instances (100 customers) and Gehring and Homberger's 60 (200 customers): vehicles are people who return to
the depot, customers are tasks with one appointment. Distances are ten times the Euclidean ones, truncated, as the best
known solutions to Solomon's are given; those to Homberger's count vehicles first, so a gap there can be negative.
Needs the shared bench folder beside the repository. Prints the gap to the best known distance, instance by instance.
"""

from __future__ import annotations

import argparse
import json
import math
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from statistics import mean

import numpy as np

from dispatch.solver import Person, Plan, Problem, Task, solve
from dispatch.solver.ground import Ground
from dispatch.solver.routing import search

FOLDER = Path(__file__).resolve().parents[3] / "shared" / "bench" / "vrptw"
TENTHS = 10  #: parts of a unit of distance
UNSERVED = 10**7


@dataclass(frozen=True, kw_only=True)
class Instance:
    """One file. customers: (n, 7) number, x, y, demand, ready, due, service; the first is the depot."""

    name: str
    vehicles: int
    capacity: int
    customers: np.ndarray


def read(path: Path) -> Instance:
    """An instance in Solomon's format."""
    lines = [line.split() for line in path.read_text().splitlines()]
    numbers = [[int(word) for word in line] for line in lines if line and all(w.lstrip("-").isdigit() for w in line)]
    return Instance(
        name=path.stem.upper(),
        vehicles=numbers[0][0],
        capacity=numbers[0][1],
        customers=np.array([row for row in numbers[1:] if len(row) == 7], dtype=np.int64),
    )


def problem_of(x: Instance) -> Problem:
    """The instance in our words; costs are tenths of a unit of distance."""
    xy = x.customers[:, 1:3].astype(np.float64)
    travel = np.floor(TENTHS * np.hypot(*(xy[:, None] - xy[None]).transpose(2, 0, 1)) + 1e-9).astype(np.int64)
    close = TENTHS * int(x.customers[0, 5])
    person = Person(node=0, mode=0, windows=((0, close),), end=0, capacity=(x.capacity,))
    return Problem(people=(person,) * x.vehicles, tasks=tuple(map(_task, x.customers[1:])), travel=(travel,))


def _task(row: np.ndarray) -> Task:
    number, _, _, demand, ready, due, service = map(int, row)
    return Task(
        node=number,
        service=TENTHS * service,
        weight=0,
        target=0,
        unserved=UNSERVED,
        windows=((TENTHS * ready, TENTHS * due),),
        demand=(demand,),
    )


def best_known(name: str) -> float:
    """Total distance in units."""
    by_distance = json.loads((FOLDER / "solomon_distance_bks.json").read_text())
    if name in by_distance:
        return float(by_distance[name]["bks"])
    return float(json.loads((FOLDER / "bks.json").read_text())[name.lower()]["best_known_cost"])


def instances(which: str, names: list[str], every: int = 1) -> list[Instance]:
    """All of a set, or those that begin with one of the names; of those every so-manieth, from the first on."""
    paths = sorted((FOLDER / {"solomon": "solomon", "homberger": "homberger_200"}[which]).glob("*.txt"))
    begins = tuple(name.upper() for name in names)
    return [read(path) for path in [p for p in paths if not begins or p.stem.upper().startswith(begins)][::every]]


def gap(distance: float, name: str) -> float:
    """Percent above the best known distance."""
    return 100 * (distance / best_known(name) - 1)


def ours(x: Instance, cpu: float) -> float:
    """Distance of our plan in units; infinite where a customer is left out."""
    return _distance(solve(problem_of(x), seed=0, seconds=0, cpu=cpu))


def _distance(plan: Plan) -> float:
    return math.inf if plan.unassigned else plan.cost / TENTHS


def ortools(x: Instance, cpu: float) -> float:
    """The same problem and the same seconds of one core for our OR-Tools model, started from nothing."""
    ground = Ground(problem_of(x))
    found = search(ground, None, seed=0, seconds=cpu)
    if found is None or sum(map(len, found)) < ground.tasks:
        return math.inf
    travel = ground.problem.travel[0]
    legs = [travel[a, b] for route in found for a, b in _ways([ground.problem.tasks[i].node for i in route])]
    return float(sum(legs)) / TENTHS


def _ways(nodes: list[int]) -> list[tuple[int, int]]:
    return list(zip([0, *nodes], [*nodes, 0], strict=True)) if nodes else []


def say(line: str) -> None:
    """One line, at once."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def main() -> None:
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--set", choices=["solomon", "homberger"], default="solomon")
    p.add_argument("--names", nargs="*", default=[], help="only what begins with one of these")
    p.add_argument("--every", type=int, default=1, help="only every so-manieth of those")
    p.add_argument("--cpu", type=float, default=10.0, help="CPU seconds for each instance")
    p.add_argument("--ortools", action="store_true", help="OR-Tools beside it")
    a = p.parse_args()
    gaps: dict[str, list[float]] = {}
    for x in instances(a.set, a.names, a.every):
        for finder in [ours, ortools] if a.ortools else [ours]:
            started = time.process_time()
            gaps.setdefault(finder.__name__, []).append(gap(finder(x, a.cpu), x.name))
            took = time.process_time() - started
            say(f"{x.name:9s} {finder.__name__:8s} {gaps[finder.__name__][-1]:7.2f} %  {took:.1f} s")
    for name, values in gaps.items():
        say(f"{name}: mean {mean(values):.2f} %, worst {max(values):.2f} % of {len(values)}")


if __name__ == "__main__":
    main()
