"""The shared benchmark (instances, scorer, baselines) as a module, and its instances in our words."""

from __future__ import annotations

import hashlib
import importlib.util
import json
import sys
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np

from dispatch.solver import Held, Person, Problem, Task

FOLDER = Path(__file__).resolve().parents[3] / "shared" / "bench" / "dispatch"


@cache
def bench() -> ModuleType:
    """The shared benchmark. Stops the program where the folder is not there."""
    spec = importlib.util.spec_from_file_location("dispatch_bench", FOLDER / "bench.py")
    if spec is None or spec.loader is None or not (FOLDER / "bench.py").is_file():
        raise SystemExit(f"needs {FOLDER}, which is not part of the project")
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def rules() -> str:
    """A short name of the benchmark's own source: other instances or another scorer are other figures."""
    return "bench " + hashlib.sha256((FOLDER / "bench.py").read_bytes()).hexdigest()[:8]


def references() -> dict[str, dict[str, float]]:
    """Seed -> CPU-seconds -> cost that a plain ruin and recreate reached."""
    costs: dict[str, dict[str, float]] = json.loads((FOLDER / "reference.json").read_text())["cost_at_cpu_seconds"]
    return costs


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
