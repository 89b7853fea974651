"""How far the plan is from the references: `python -m tests.bench.dispatch --seeds 0 1 --seconds 1 10`.

Needs the shared bench folder beside the repository (its instances, its scorer, its baselines). Prints one line a
run: cost next to the nearest person, cold OR-Tools at equal time, and the reference of `reference.json`.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import sys
import time
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np

from dispatch.solver import Held, Person, Problem, Task, solve

FOLDER = Path(__file__).resolve().parents[3] / "shared" / "bench" / "dispatch"


def bench() -> ModuleType:
    """The shared benchmark as a module."""
    spec = importlib.util.spec_from_file_location("dispatch_bench", FOLDER / "bench.py")
    if spec is None or spec.loader is None or not (FOLDER / "bench.py").is_file():
        raise SystemExit(f"needs {FOLDER}, which is not part of the project")
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def problem_of(x: Any, unserved: int) -> Problem:
    """The instance in our words; its minutes times sixty are our weighted seconds."""
    return Problem(
        people=tuple(
            Person(
                node=r, mode=0, windows=((int(x.free[r]), int(x.shift_end[r])),), skills={s: Held() for s in x.has[r]}
            )
            for r in range(x.responders)
        ),
        tasks=tuple(
            Task(
                node=x.responders + i,
                service=int(x.service[i]),
                weight=int(x.weight[i]),
                target=int(x.due[i]),
                unserved=60 * unserved * int(x.weight[i]),
                needs={x.needs[i]: 1},
            )
            for i in range(x.incidents)
        ),
        travel=(np.asarray(x.travel, dtype=np.int64),),
    )


def say(line: str) -> None:
    """One line, at once."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def main() -> None:
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--seeds", type=int, nargs="+", default=[0, 1])
    p.add_argument("--seconds", type=float, nargs="+", default=[1.0, 10.0])
    p.add_argument("--cold", action="store_true", help="run cold OR-Tools beside it, at equal time")
    a = p.parse_args()
    module = bench()
    reference = json.loads((FOLDER / "reference.json").read_text())["cost_at_cpu_seconds"]
    for seed in a.seeds:
        x = module.instance(seed)
        say(f"seed {seed}: nearest {module.score(x, module.nearest(x))}")
        for seconds in a.seconds:
            _run(module, x, seconds, reference.get(str(seed), {}), a.cold)


def _run(module: ModuleType, x: Any, seconds: float, reference: dict[str, float], cold: bool) -> None:
    cpu, wall = time.process_time(), time.monotonic()
    plan = solve(problem_of(x, module.UNSERVED), seed=0, seconds=seconds)
    cpu, wall = time.process_time() - cpu, time.monotonic() - wall
    ours = module.score(x, [list(route) for route in plan.tasks()])
    line = f"  {seconds:5.1f} s: ours {ours} by {plan.found_by}, wall {wall:.2f} s, cpu {cpu:.2f} s"
    if cold:
        line += f"; cold OR-Tools {module.score(x, module.ortools_cold(x, seconds))['cost']}"
    say(f"{line}; reference {reference.get(f'{seconds:g}', '-')}; trouble {plan.trouble}")


if __name__ == "__main__":
    main()
