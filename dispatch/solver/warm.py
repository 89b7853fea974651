"""Compile the search once, so that the first plan is not slow: `python -m dispatch.solver.warm`."""

from __future__ import annotations

import sys
import time
from functools import cache

import numpy as np

from dispatch.solver.compiled import entries
from dispatch.solver.compiled.search import CHOICES, Search
from dispatch.solver.ground import Ground
from dispatch.solver.problem import Person, Problem, Task


@cache
def warm() -> float:
    """Run every entry, once a process; what is not kept on disk yet is compiled, and kept. Seconds that it took."""
    started = time.monotonic()
    search = Search(Ground(_smallest()), seed=0)
    search.start(((), ()))
    entries.price(search.x, search.y, 0, 0)
    entries.insert(search.x, search.y, 0)
    entries.greedy(search.x, search.y, 0)
    search.start(((), ()))
    search.fill(CHOICES[0])
    search.run_steps(1)
    return time.monotonic() - started


def _smallest() -> Problem:
    travel = np.array([[0, 60], [60, 0]], dtype=np.int64)
    person = Person(node=0, mode=0, windows=((0, 3600),))
    task = Task(node=1, service=60, weight=1, target=0, unserved=10**6)
    return Problem(people=(person, person), tasks=(task, task), travel=(travel,))


if __name__ == "__main__":
    sys.stdout.write(f"{warm():.1f} s\n")
