"""A whole day, event by event, under five policies: `python -m tests.bench.day`.

The same reports, people, roads and true times of work for every policy (`daily`). Travel comes from one matrix a mode,
asked of OSRM once for all places of the day, since roads do not change in it. The engine has `--cpu` seconds an event.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from functools import partial
from typing import Any

from tests.bench.cells import Cells, Missing, engine, sources
from tests.bench.daily.figures import figures, middle
from tests.bench.daily.known import Policy
from tests.bench.daily.policies import insertion, nearest_free, nearest_queued, reoptimising
from tests.bench.daily.setting import SETTINGS, Setting, day
from tests.bench.daily.simulation import simulate
from tests.bench.dispatch import say
from tests.bench.town import town

SEEDS = tuple(range(3))
CPU = 0.1  #: seconds for each event
SIMPLE: dict[str, Policy] = {
    "nearest free person": nearest_free,
    "nearest person, queued": nearest_queued,
    "insertion only": insertion,
}
OURS = "re-optimising"
HALF = "re-optimising, half the time planned with"

type Found = dict[tuple[str, str], list[dict[str, Any]]]  #: (town, policy) -> figures by seed


def collect(
    settings: Iterable[Setting] = SETTINGS,
    seeds: Iterable[int] = SEEDS,
    cpu: float = CPU,
    *,
    cells: Cells,
    tell: Callable[[str], None] = say,
) -> Found:
    """Every day under every policy, one after the other in this process."""
    policies = SIMPLE | {OURS: reoptimising(cpu), HALF: reoptimising(cpu, 0.5)}
    seeds = tuple(seeds)
    found: Found = {}
    mark = sources("tests/bench/daily", "tests/bench/town.py", "gis/travel")
    for setting in settings:
        for name, policy in policies.items():
            stamp = f"{mark} {engine()}" if name in (OURS, HALF) else mark
            for seed in seeds:
                key = f"day | {setting.town} | {seed} | {name}" + (f" | {cpu:g} s" if name in (OURS, HALF) else "")
                with suppress(Missing):
                    got = cells.measured(key, stamp, partial(_measure, setting, seed, policy), tell=tell)
                    found.setdefault((setting.town, name), []).append(got)
    return found


def _measure(setting: Setting, seed: int, policy: Policy) -> dict[str, Any]:
    this = day(setting, town(setting.town), seed)
    began = time.process_time()
    outcome = simulate(this, policy)
    return figures(outcome) | {"cpu": round(time.process_time() - began, 2)}


HEAD = (
    "| policy | days | late P50 / P90, min | wait P50 / P90, min | in time | weighted minutes late | unserved "
    "| road, h | promises moved a case |\n|---|---|---|---|---|---|---|---|---|"
)


def report(found: Found) -> str:
    """Markdown: medians over the days, one table a place."""
    parts = []
    for place in dict.fromkeys(place for place, _ in found):
        rows = [_line(name, len(days), middle(days)) for (there, name), days in found.items() if there == place]
        parts += [f"### {_words(place)}", "\n".join([HEAD, *rows])]
    return "\n\n".join(parts)


def _words(place: str) -> str:
    setting = next(s for s in SETTINGS if s.town == place)
    crew = " + ".join(map(str, setting.crew[1:]))
    return f"{place}: {setting.reports} cases a day, {crew} people (morning, evening, night)"


def _line(name: str, count: int, d: dict[str, float]) -> str:
    words = [
        f"**{name}**" if name in (OURS, HALF) else name,
        str(count),
        f"{d['late_p50']:.0f} / {d['late_p90']:.0f}",
        f"{d['wait_p50']:.0f} / {d['wait_p90']:.0f}",
        f"{100 * d['in_time']:.0f} %",
        f"{d['weighted_late']:,.0f}",
        f"{d['unserved']:g}",
        f"{d['road_hours']:.1f}",
        f"{d['moves']:.2f}",
    ]
    return "| " + " | ".join(words) + " |"


def main() -> None:
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--seeds", type=int, nargs="+", default=list(SEEDS))
    p.add_argument("--cpu", type=float, default=CPU)
    p.add_argument("--towns", nargs="+", default=[s.town for s in SETTINGS])
    a = p.parse_args()
    wanted = [s for s in SETTINGS if s.town in a.towns]
    say(report(collect(wanted, a.seeds, a.cpu, cells=Cells())))


if __name__ == "__main__":
    main()
