"""How fast an event is answered: `python -m tests.bench.latency`.

Placing a new incident in a standing plan of 300 x 50 (p50, p99), what 200 ms of improving make of it beside 60 s from
nothing (--long), the first plan of a process with and without what was compiled before, memory of large problems.
Needs the shared bench folder beside the repository.
"""

from __future__ import annotations

import argparse
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace

import numpy as np

from dispatch.solver import Problem, solve
from dispatch.solver.live import Live
from dispatch.solver.problem import Seconds
from tests.bench.dispatch import bench, problem_of

SIZES = ((50, 300), (200, 1000), (500, 5000))
FIRST = (
    "import time; t = time.monotonic(); from tests.bench import latency; p = latency.given(0, 20, 60); "
    "from dispatch.solver import solve; t = time.monotonic(); q = solve(p, seed=0, seconds=0.2); "
    "print(round(time.monotonic() - t, 2), q.found_by)"
)


def given(seed: int, people: int, tasks: int) -> Problem:
    """One instance of the shared bench."""
    module = bench()
    return problem_of(module.instance(seed, people, tasks), module.UNSERVED)


def without(problem: Problem, last: int) -> Problem:
    """The problem before its last tasks have come; their nodes are gone too."""
    nodes = len(problem.travel[0]) - last
    return replace(problem, tasks=problem.tasks[:-last], travel=tuple(m[:nodes, :nodes].copy() for m in problem.travel))


def insertions(seed: int, seconds: float, count: int = 300) -> tuple[list[tuple[float, float]], Live]:
    """Milliseconds of wall and of the processor for each of the last tasks of an instance, placed one by one in the
    plan for the others."""
    whole = given(seed, 50, 300 + count)
    first = without(whole, count)
    live = Live(first, solve(first, seed=0, seconds=0, cpu=seconds).tasks())
    took, travel = [], whole.travel[0]
    for i in range(count):
        n = len(first.travel[0]) + i
        there, back = travel[:n, n][None], travel[n, :n][None]
        wall, cpu = time.perf_counter(), time.process_time()
        live.insert(whole.tasks[300 + i], there, back)
        took.append((1000 * (time.perf_counter() - wall), 1000 * (time.process_time() - cpu)))
    return took, live


def events(live: Live, count: int = 20) -> dict[str, list[float]]:
    """Milliseconds of the processor for other events of a day, after the insertions."""
    tasks = [i for route in live.routes for i in route]
    free = [p.windows[0][0] for p in live.problem.people]

    def near() -> Seconds:
        return np.full((1, len(live.problem.travel[0])), 300, dtype=np.int64)

    def slower() -> tuple[Seconds, ...]:
        return tuple((m * 1.01).astype(np.int64) for m in live.problem.travel)

    return {
        "a task cancelled": _each(count, lambda k: live.cancel(tasks[5 * k])),
        "a person delayed by 10 min": _each(count, lambda k: live.delay(k, free[k] + 600)),
        "roads slower by 1 %": _each(6, lambda _: live.roads(slower())),
        "a person who moves": _each(count, lambda k: live.move(k + 20, near())),
        "a person who falls out": _each(5, lambda k: live.drop(k + 40)),
    }


def _each(count: int, event: Callable[[int], None]) -> list[float]:
    took = []
    for k in range(count):
        began = time.process_time()
        event(k)
        took.append(1000 * (time.process_time() - began))
    return took


def say(line: str) -> None:
    """One line, at once."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def after_one(seed: int, long: float) -> None:
    """One incident comes into a good plan; 200 ms; beside as long a search from nothing as the plan had."""
    whole = given(seed, 50, 301)
    first = without(whole, 1)
    live = Live(first, solve(first, seed=0, seconds=0, cpu=long).tasks())
    n, travel = len(first.travel[0]), whole.travel[0]
    live.insert(whole.tasks[300], travel[:n, n][None], travel[n, :n][None])
    placed = live.cost
    live.improve(0.2, cpu=True)
    best = solve(whole, seed=0, seconds=0, cpu=long).cost
    say(f"after one incident, seed {seed}: placed {placed / best:.3f}, after 200 ms {live.cost / best:.3f} of {long} s")


def first_plan() -> None:
    """A new process, its first plan: with nothing compiled, and again."""
    with tempfile.TemporaryDirectory() as folder:
        for name in ("nothing kept", "compiled before"):
            env = os.environ | {"NUMBA_CACHE_DIR": folder}
            done = subprocess.run([sys.executable, "-c", FIRST], env=env, capture_output=True, text=True, check=True)
            say(f"first plan of a process, {name}: {done.stdout.strip()} (s of wall for 0.2 s of search)")


def memory() -> None:
    """Megabytes at most, in a process of its own for each size."""
    for people, tasks in SIZES:
        code = (
            "from tests.bench import latency as l; from dispatch.solver import solve; import time; "
            f"p = l.given(0, {people}, {tasks}); "
            "b = l.peak(); t = time.monotonic(); q = solve(p, seed=0, seconds=2); "
            "print(b, l.peak(), round(time.monotonic() - t, 1), q.found_by)"
        )
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
        before, most, took, by = done.stdout.split()
        say(f"memory {people} x {tasks}: {before} MB with the problem, {most} MB at most, plan by {by} in {took} s")


def peak() -> int:
    """Megabytes that this process has had at most."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def main() -> None:
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--seeds", type=int, nargs="+", default=[0])
    p.add_argument("--long", type=float, default=10.0, help="CPU seconds of the long solve; the aim is stated for 60")
    p.add_argument("--cold", action="store_true", help="also the first plan of a process, compiling included")
    p.add_argument("--memory", action="store_true", help="also memory of large problems")
    a = p.parse_args()
    for seed in a.seeds:
        took, live = insertions(seed, 2.0)
        for name, each in zip(("wall", "processor"), zip(*took, strict=True), strict=True):
            p50, p99 = np.percentile(each, [50, 99])
            say(f"{len(took)} insertions into 300 x 50, seed {seed}, {name}: p50 {p50:.2f} ms, p99 {p99:.2f} ms")
        say(f"promises changed by {len(took)} insertions: {live.changed}")
        for name, each in events(live).items():
            say(f"{name}, processor: p50 {np.median(each):.2f} ms, most {max(each):.2f} ms of {len(each)}")
        after_one(seed, a.long)
    if a.cold:
        first_plan()
    if a.memory:
        memory()


if __name__ == "__main__":
    main()
