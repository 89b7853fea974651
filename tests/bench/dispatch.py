"""Our plans beside other engines' on snapshots of a busy district: `python -m tests.bench.dispatch`.

Needs the shared bench folder beside the repository (its instances, its scorer, its baselines) and `make bench`'s
libraries. Every engine has the same matrix, the same seconds of processor time (process_time, one thread, the time to
read the compiled code or to build a rival's model left out) and the same scorer. Figures are kept: stop it and go on.

    --sizes 50x300 20x60 --seeds 0 1 --engines ours ortools     some of it
    --json FILE                                                 every figure, for machines
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import time
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from tests.bench import ours
from tests.bench.cells import Cells, Missing, engine, package, sources
from tests.bench.rivals.windows import PYVRP, VROOM, Model
from tests.bench.snapshot import bench, problem_of, references, rules

SIZES = {"50x300": tuple(range(10)), "20x60": tuple(range(3)), "200x1000": tuple(range(2))}
FIRST = "50x300"  #: the size with references

__all__ = ["SIZES", "bench", "problem_of", "runs", "table"]


@dataclass(frozen=True, kw_only=True)
class Run:
    """One engine with one model and budget on one instance."""

    engine: str
    size: str
    seed: int
    cpu: float = 0.0
    model: Model | None = None

    @property
    def key(self) -> str:
        words = [
            "dispatch",
            self.size,
            self.seed,
            self.engine,
            f"{self.cpu:g} s",
            self.model.name if self.model else "",
        ]
        return " | ".join(str(word) for word in words if word != "")


def runs(sizes: Iterable[str], seeds: Iterable[int] | None = None, engines: Iterable[str] | None = None) -> list[Run]:
    """All that the table needs, what decides the claims first."""
    places = [(size, seed) for size in sizes for seed in (SIZES[size] if seeds is None else seeds)]
    ways: list[tuple[str, float, Model | None]] = [
        ("nearest", 0.0, None),
        *(("ours", cpu, None) for cpu in (1.0, 10.0)),
        *(("ortools", cpu, None) for cpu in (10.0, 30.0)),
        *(("vroom", 10.0, model) for model in VROOM),
        *(("pyvrp", 10.0, model) for model in PYVRP),
    ]
    return [
        Run(engine=name, size=size, seed=seed, cpu=cpu, model=model)
        for name, cpu, model in ways
        if engines is None or name in engines
        for size, seed in places
    ]


def fed(run: Run, figures: Mapping[str, Any]) -> bool:
    """Whether the engine had its seconds, and no busy machine kept it from them until a wall clock ended it."""
    return run.engine not in ("ortools", "pyvrp") or figures["cpu"] >= 0.95 * run.cpu


def stamp(run: Run) -> str:
    """What the figures of this run depend on."""
    rivals = sources("tests/bench/rivals", without=("tests/bench/rivals/trigram",))  # a rival of another engine
    made = {
        "nearest": lambda: "",
        "ours": engine,
        "ortools": lambda: package("ortools"),
        "vroom": lambda: f"{package('pyvroom')} {rivals}",
        "pyvrp": lambda: f"{package('pyvrp')} {rivals}",
    }
    return f"{rules()} {made[run.engine]()}".strip()


def _measure(run: Run) -> dict[str, Any]:
    x = instance(run)
    if run.engine == "ours":
        return ours.figures(x, problem_of(x, bench().UNSERVED), run.cpu)
    began = time.process_time()
    routes = _routes(run, x)
    spent = round(time.process_time() - began, 2)
    return {**judged(x, routes), "cpu": spent}


def judged(x: Any, routes: list[list[int]]) -> dict[str, Any]:
    """The benchmark's score; what breaks a hard rule has a reason and no cost."""
    try:
        return dict(bench().score(x, routes))
    except ValueError as error:
        return {"cost": None, "broken": str(error)}


def _routes(run: Run, x: Any) -> list[list[int]]:
    from tests.bench.rivals import by_pyvrp, by_vroom

    solve: Mapping[str, Callable[[], list[list[int]]]] = {
        "nearest": lambda: bench().nearest(x),
        "ortools": lambda: bench().ortools_cold(x, run.cpu),
        "vroom": lambda: by_vroom.solved(x, _model(run)),
        "pyvrp": lambda: by_pyvrp.solved(x, _model(run), run.cpu),
    }
    return solve[run.engine]()


def _model(run: Run) -> Model:
    assert run.model is not None
    return run.model


def instance(run: Run) -> Any:
    people, cases = map(int, run.size.split("x"))
    return bench().instance(run.seed, people, cases)


@dataclass(frozen=True, kw_only=True)
class Row:
    """One instance, every engine's best cost; None where it was not measured or broke a rule."""

    size: str
    seed: int
    nearest: float | None
    ortools: Mapping[float, float | None]
    vroom: float | None
    pyvrp: float | None
    ours: Mapping[float, float | None]
    reference: Mapping[str, float]


def rows(found: Mapping[Run, Mapping[str, Any]]) -> list[Row]:
    """One row an instance. Of a rival's models the one that turned out best on this very instance counts."""
    names = references()
    return [_row(size, seed, found, names) for size, seed in dict.fromkeys((run.size, run.seed) for run in found)]


def _row(size: str, seed: int, found: Mapping[Run, Mapping[str, Any]], names: Mapping[str, Mapping[str, float]]) -> Row:
    here = {run: figures for run, figures in found.items() if (run.size, run.seed) == (size, seed)}

    def best(engine: str, cpu: float) -> float | None:
        costs = [f["cost"] for run, f in here.items() if (run.engine, run.cpu) == (engine, cpu)]
        return min((cost for cost in costs if cost is not None), default=None)

    return Row(
        size=size,
        seed=seed,
        nearest=best("nearest", 0.0),
        ortools={cpu: best("ortools", cpu) for cpu in (10.0, 30.0)},
        vroom=best("vroom", 10.0),
        pyvrp=best("pyvrp", 10.0),
        ours={cpu: best("ours", cpu) for cpu in (1.0, 10.0)},
        reference=names.get(str(seed), {}) if size == FIRST else {},
    )


HEAD = (
    "| seed | nearest | VROOM | PyVRP 10 s | OR-Tools cold 10 s | 30 s | reference 1 s / 10 s "
    "| **Gridward 1 s** | **10 s** |\n|---|---|---|---|---|---|---|---|---|"
)


def table(lines: list[Row]) -> str:
    """Markdown: costs, one line an instance."""
    return "\n".join([HEAD, *map(_line, lines)])


def _line(row: Row) -> str:
    reference = " / ".join(_number(row.reference.get(cpu)) for cpu in ("1", "10")) if row.reference else "–"
    costs = [row.nearest, row.vroom, row.pyvrp, row.ortools[10.0], row.ortools[30.0]]
    ours = [f"**{_number(row.ours[cpu])}**" for cpu in (1.0, 10.0)]
    return "| " + " | ".join([str(row.seed), *map(_number, costs), reference, *ours]) + " |"


def _number(cost: float | None) -> str:
    return "–" if cost is None else f"{cost:,.0f}"


#: what is claimed: words, (our cost, the other's) of a row, least median and least worst of other / ours
CLAIMS: tuple[tuple[str, Callable[[Row], tuple[float | None, float | None]], float, float], ...] = (
    ("nearest person / ours at 10 s", lambda r: (r.ours[10.0], r.nearest), 15.0, 0.0),
    ("cold OR-Tools at 10 s / ours at 10 s", lambda r: (r.ours[10.0], r.ortools[10.0]), 2.0, 1.6),
    ("cold OR-Tools at 30 s / ours at 1 s", lambda r: (r.ours[1.0], r.ortools[30.0]), 1.0, 1.0),
    ("VROOM's best / ours at 10 s", lambda r: (r.ours[10.0], r.vroom), 1.0, 1.0),
    ("PyVRP's best / ours at 10 s", lambda r: (r.ours[10.0], r.pyvrp), 1.0, 1.0),
    ("reference at 1 s / ours at 1 s", lambda r: (r.ours[1.0], r.reference.get("1")), 1.0, 1.0),
    ("reference at 10 s / ours at 10 s", lambda r: (r.ours[10.0], r.reference.get("10")), 1.0, 1.0),
    ("cold OR-Tools at 10 s / reference at 60 s", lambda r: (r.reference.get("60"), r.ortools[10.0]), 0.0, 0.0),
)


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """How many times the other's cost is ours, over the instances where both are known."""

    words: str
    median: float
    worst: float
    best: float
    held: bool
    aim: str  #: empty: nothing is claimed, it is there for scale

    @property
    def result(self) -> str:
        return "" if not self.aim else "held" if self.held else "missed"


def verdicts(lines: list[Row]) -> list[Verdict]:
    found = []
    for words, pick, median, worst in CLAIMS:
        pairs = [pick(row) for row in lines]
        ratios = [other / mine for mine, other in pairs if mine and other is not None]
        if ratios:
            middle, least = statistics.median(ratios), min(ratios)
            aim = (f"≥ {median:g}" if median else "") + (f", worst ≥ {worst:g}" if worst else "")
            held = middle >= median and least >= worst
            found.append(Verdict(words=words, median=middle, worst=least, best=max(ratios), held=held, aim=aim))
    return found


def verdict_table(lines: list[Row]) -> str:
    """Markdown: the claims and what came out."""
    head = "| ratio of costs | median | worst | best | aim | |\n|---|---|---|---|---|---|"
    body = [
        f"| {v.words} | {v.median:.2f} | {v.worst:.2f} | {v.best:.2f} | {v.aim} | {v.result} |" for v in verdicts(lines)
    ]
    return "\n".join([head, *body])


def report(found: Mapping[Run, Mapping[str, Any]]) -> str:
    """Markdown: a table and its verdicts for every size."""
    lines = rows(found)
    parts = []
    for size in dict.fromkeys(row.size for row in lines):
        some = [row for row in lines if row.size == size]
        parts += [f"### {_title(size)}", table(some), verdict_table(some)]
    return "\n\n".join(parts)


def _title(size: str) -> str:
    return size.replace("x", " people, ") + " cases" if size in SIZES else f"{size}: 50 people, 300 cases"


def say(line: str) -> None:
    """One line, at once."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def collect(wanted: list[Run], cells: Cells, tell: Callable[[str], None] = say) -> dict[Run, dict[str, Any]]:
    """Every figure, one after the other in this process; without those that are missing where nothing is measured."""
    found = {}
    for run in wanted:
        with suppress(Missing):
            found[run] = cells.measured(run.key, stamp(run), partial(_measure, run), partial(fed, run), tell)
    return found


def as_json(found: Mapping[Run, Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The figures for machines."""
    return [
        {
            "engine": r.engine,
            "size": r.size,
            "seed": r.seed,
            "cpu_budget": r.cpu,
            "model": r.model and r.model.name,
            **f,
        }
        for r, f in found.items()
    ]


def main() -> None:
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--sizes", nargs="+", default=list(SIZES), choices=list(SIZES))
    p.add_argument("--seeds", type=int, nargs="+")
    p.add_argument("--engines", nargs="+", choices=("nearest", "ours", "ortools", "vroom", "pyvrp"))
    p.add_argument("--json", type=Path)
    a = p.parse_args()
    found = collect(runs(a.sizes, a.seeds, a.engines), Cells())
    say(report(found))
    if a.json:
        a.json.write_text(json.dumps(as_json(found), indent=1) + "\n")


if __name__ == "__main__":
    main()
