"""The sections of the page about the dispatch engine: what is measured for each, in words, tables and charts."""

from __future__ import annotations

import statistics
import subprocess
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial

from tests.bench import day, dispatch, roads, town
from tests.bench.cells import ROOT, Cells, Missing, engine, sources
from tests.bench.charts import Bar, Chart
from tests.bench.daily.setting import SETTINGS
from tests.bench.snapshot import FOLDER as SNAPSHOTS

SNAPSHOT_WORDS = """\
`python -m tests.bench.dispatch`. Cost is weighted minutes late, plus minutes on the road, plus 1,000 times the
weight of what nobody serves. Every engine has the same matrix, one thread, the same seconds of processor time,
and the benchmark's own scorer. VROOM and PyVRP know no lateness: each gets several models with windows that
stand in for it (`tests/bench/rivals`), and the one that turns out best on the very instance counts, which no
user could know beforehand; VROOM takes the time that it takes, about twice the budget at 300 cases. Ratios are
the other's cost divided by ours: above 1, ours is better."""

ROAD_WORDS = """\
`python -m tests.bench.roads`. The same crews and cases at addresses of Liechtenstein, ways by car from OSRM;
what the matrix takes is part of every budget."""

DAY_WORDS = """\
`python -m tests.bench.day`. Reports with the hours, priorities and times on scene of San Francisco's fire
calls, at the addresses of a place. Every policy sees the same day, and only what is known at the moment: of the
work to come its mean, not its truth. Who has set out is not called back. A promise that goes to another person
is counted. The engine has 0.1 s of processor time at every event. Medians over the days.

*Nearest free person* sends nobody who is not free: cases wait, the heaviest first. *Nearest person, queued* is
the benchmark's nearest person: the one whose last place is nearest, behind what they have. *Half the time
planned with* tells the engine half of each target: work takes longer than its mean as often as not, and a plan
that uses up every target to save a way is late whenever it does."""


@dataclass(frozen=True, kw_only=True)
class Part:
    """One section of the page."""

    title: str
    text: str
    charts: Mapping[str, Chart] = field(default_factory=dict)  #: file name -> chart


type Section = Callable[[Cells, bool], Part]  #: whether all of it is wanted


def snapshots(cells: Cells, full: bool) -> Part:
    """The benchmark's instances."""
    if full:
        found = dispatch.collect(dispatch.runs(dispatch.SIZES), cells)
    else:
        short = dispatch.runs([dispatch.FIRST], (0, 1), ("nearest", "ours", "ortools"))
        found = dispatch.collect([run for run in short if run.cpu < 30], cells)
    chart = _costs("50 people, 300 cases, ten districts", dispatch.rows(found), dispatch.FIRST)
    return Part(title="Snapshots of a busy district", text=_text(SNAPSHOT_WORDS, dispatch.report(found)), charts=chart)


def on_roads(cells: Cells, full: bool) -> Part:
    """The same on real ways."""
    found = roads.collect(roads.runs(roads.SEEDS if full else (0,)), cells)
    chart = _costs("50 people, 300 cases on the roads of Liechtenstein", dispatch.rows(found), roads.PLACE)
    return Part(title="On real roads", text=_text(ROAD_WORDS, dispatch.report(found)), charts=chart)


def whole_day(cells: Cells, full: bool) -> Part:
    """Event by event."""
    found = day.collect(cells=cells) if full else day.collect(SETTINGS[:1], (0,), 0.05, cells=cells)
    charts = {f"engine-day-{place.lower()}.svg": _days(place, found) for place in dict.fromkeys(p for p, _ in found)}
    return Part(title="A whole day, event by event", text=_text(DAY_WORDS, day.report(found)), charts=charts)


def _text(words: str, tables: str) -> str:
    """Nothing where nothing was measured."""
    return f"{words}\n\n{tables}" if tables else ""


def told(module: str, title: str, *, short: Sequence[str], full: Sequence[Sequence[str]]) -> Section:
    """A section that another bench tells on standard output, in processes of its own."""

    def section(cells: Cells, whole: bool) -> Part:
        said = []
        for options in full if whole else [short]:
            command = f"python -m {' '.join([module, *options])}"
            stamp = f"{engine()} {sources(module.replace('.', '/') + '.py')}"
            with suppress(Missing):
                found = cells.measured(f"told | {command}", stamp, partial(_said, module, options))
                said.append(f"`{command}`\n\n```\n{found['said']}\n```")
        return Part(title=title, text="\n\n".join(said))

    return section


def _said(module: str, options: Sequence[str]) -> dict[str, str]:
    command = [sys.executable, "-m", module, *options]
    return {"said": subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout.strip()}


VRPTW = told(
    "tests.bench.vrptw",
    "Published instances, plain distance",
    short=("--names", "R101", "RC201", "--cpu", "2"),
    full=[["--set", which, "--cpu", "10", "--ortools"] for which in ("solomon", "homberger")],
)
LATENCY = told(
    "tests.bench.latency",
    "Latency and memory",
    short=("--long", "2"),
    full=[["--long", "60", "--cold", "--memory"]],
)


def parts() -> dict[str, Section]:
    """What can run here, by name."""
    found: dict[str, Section] = {}
    if (SNAPSHOTS / "bench.py").is_file():
        found["dispatch"] = snapshots
        if town.there("Liechtenstein"):
            found["roads"] = on_roads
    if all(town.there(s.town) for s in SETTINGS):
        found["day"] = whole_day
    if (SNAPSHOTS.parent / "vrptw").is_dir():
        found |= {"vrptw": VRPTW, "latency": LATENCY}
    return found


def _costs(title: str, lines: Iterable[dispatch.Row], size: str) -> dict[str, Chart]:
    rows = [row for row in lines if row.size == size]
    ways: dict[str, list[float | None]] = {
        "nearest person": [row.nearest for row in rows],
        "PyVRP, best model, 10 s": [row.pyvrp for row in rows],
        "VROOM, best model": [row.vroom for row in rows],
        "OR-Tools cold, 10 s": [row.ortools[10.0] for row in rows],
        "OR-Tools cold, 30 s": [row.ortools[30.0] for row in rows],
        "Gridward, 1 s": [row.ours[1.0] for row in rows],
        "Gridward, 10 s": [row.ours[10.0] for row in rows],
    }
    known = {label: [cost for cost in costs if cost is not None] for label, costs in ways.items()}
    bars = [
        Bar(label=label, value=statistics.median(costs), low=min(costs), high=max(costs), ours="Gridward" in label)
        for label, costs in known.items()
        if costs
    ]
    note = (
        f"Cost, lower is better (logarithmic). Bar: median of {len(rows)}; line: best to worst. CPU-seconds, one core."
    )
    name = "snapshots" if size == dispatch.FIRST else "roads"
    return {f"engine-{name}.svg": Chart(title=title, note=note, bars=bars, log=True)} if bars else {}


def _days(place: str, found: day.Found) -> Chart:
    shares = {name: [100 * d["in_time"] for d in days] for (there, name), days in found.items() if there == place}
    bars = [
        Bar(label=name, value=statistics.median(s), low=min(s), high=max(s), ours=name in (day.OURS, day.HALF))
        for name, s in shares.items()
    ]
    note = (
        f"Cases reached within their target, higher is better. Bar: median of {len(next(iter(shares.values())))} days."
    )
    return Chart(title=f"A day in {place}", note=note, bars=bars, percent=True)
